import Application
import Foundation
import Kernel
import Press
import Vault

/// A two-page decision, other data each time, from the command to bytes that the vault has made durable; and what the
/// press's worker does to the machine when nobody prints.
enum Printing {
    static let rounds = 5

    static func measure(_ options: Options) async throws {
        let root = try options.text("root")
        let count = try options.number("documents", or: 100)
        let directory = try options.text("directory") + "/vault"
        try await FileVault.create(at: directory)
        let vault = try await FileVault.open(at: directory, keys: VaultKeys(current: .random()))
        let sample = try JSON(
            canonical: Data(contentsOf: URL(fileURLWithPath: root + "/Tests/Fixtures/press/penalty-decision.b.json")))
        var limits = PressLimits()
        limits.idle = .seconds(1)
        var press = PressWorker(installation: PressInstallation(root: root), limits: limits)

        var cold = Samples(figure: "pdf-cold")
        var middle = Samples(figure: "pdf-p50")
        var slow = Samples(figure: "pdf-p99")
        var memory = Samples(figure: "press-memory")
        var before = Samples(figure: "press-before")
        var after = Samples(figure: "press-after")
        var number = 0
        var byteCount = 0
        try requireTwoPages(try await press.pdf(template: template, data: document(sample, 0), at: day))
        await press.stop()
        press = PressWorker(installation: PressInstallation(root: root), limits: limits)
        for _ in 0..<rounds {
            before.values.append(await press.workerProcess() == nil ? 0 : 1)
            var times: [Double] = []
            for _ in 0...count {
                number += 1
                let data = document(sample, number)
                let start = ContinuousClock.now
                let pdf = try await press.pdf(template: template, data: data, at: day)
                let facts = try await vault.store(pdf)
                times.append((ContinuousClock.now - start).seconds)
                byteCount = Int(facts.byteCount)
            }
            cold.values.append(times.removeFirst())
            middle.values.append(times.quantile(0.5) * 1000)
            slow.values.append(times.quantile(0.99) * 1000)
            guard let worker = await press.workerProcess() else { throw Failure("no worker runs") }
            memory.values.append(try highWater(of: worker))
            // A second without documents, and a little for its end.
            try await Task.sleep(for: .seconds(2.5))
            after.values.append(await press.workerProcess() == nil && kill(worker, 0) != 0 ? 0 : 1)
        }
        await press.stop()
        await vault.close()
        cold.say(note: "a new worker each round, stored document of \(byteCount) bytes")
        middle.say(note: "\(count) documents a round")
        slow.say()
        memory.say()
        before.say()
        after.say(note: "with an idle limit of 1 s; a server's is 60 s")
    }

    private static let day = CivilDay(number: 20_780)

    /// The figure is one of two pages, so a document that grew or shrank measures something else.
    private static func requireTwoPages(_ pdf: [UInt8]) throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("liuhen-bench-\(getpid()).pdf")
        try Data(pdf).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/qpdf")
        process.arguments = ["--show-npages", file.path]
        process.standardOutput = pipe
        try process.run()
        let pages = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard pages == "2\n" else { throw Failure("the document has \(pages.isEmpty ? "no" : pages) pages, not two") }
    }

    private static var template: TemplateName {
        get throws {
            guard let name = TemplateName("penalty-decision") else { throw Failure("no template") }
            return name
        }
    }

    /// The sample with other facts, reasons and ids.
    private static func document(_ sample: JSON, _ number: Int) -> JSON {
        let paragraph = "第\(number)次：上报工业总产值与账面记载不符，多报\(number)万元。"
        let fields = sample["fields"]?.setting("facts", .string(paragraph)).setting("reasons", .string(paragraph))
            .setting("subjectName", .string("清禾县第\(number)纸品厂（演示）"))
        return sample.setting("fields", fields ?? .object([]))
            .setting("number", .string("清禾统罚决〔2026〕\(number)号"))
    }

    /// The most memory a process ever had, in MiB.
    private static func highWater(of process: Int32) throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let amount = line.split(separator: " ").dropFirst().first(where: { Double($0) != nil }).flatMap({
                Double($0)
            })
        else { throw Failure("process \(process) tells no VmHWM") }
        return amount / 1024
    }
}

extension JSON {
    /// This object with one member put in its place.
    func setting(_ key: String, _ value: JSON) -> JSON {
        .object((members ?? []).filter { $0.key != key } + [.init(key, value)])
    }
}
