import Foundation
import Kernel
import Ledger
import TestKit
import Testing

/// The program as a reader runs it.
@Suite("liuhen-verify", .serialized)
struct VerifyCommandTests {
    /// The program that was built beside the tests.
    static let program: String? = {
        var directory = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        for _ in 0..<4 {
            let path = directory.appendingPathComponent("liuhen-verify").path
            if FileManager.default.isExecutableFile(atPath: path) { return path }
            directory.deleteLastPathComponent()
        }
        let path = Judge.projectRoot.appendingPathComponent(".build/debug/liuhen-verify").path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    private func run(_ arguments: [String]) throws -> Judge.Result {
        let program = try #require(Self.program, "liuhen-verify was not built: run swift build first")
        return try Judge.run(program, arguments, in: TemporaryDirectory(), environment: ["COLUMNS": "80"])
    }

    /// A dossier on disk, as directory and as archive.
    private func written(_ fixture: DossierFixture) throws -> (
        place: TemporaryDirectory, directory: String, archive: String
    ) {
        let place = try TemporaryDirectory()
        _ = try fixture.write(to: DirectorySink(path: place.path + "/案卷"))
        try place.write(try fixture.archive(), to: "案卷.zip")
        return (place, place.path + "/案卷", place.path + "/案卷.zip")
    }

    @Test(
        "exit codes: 0 with key or root, 3 without, 1 with a wrong one or after a change, 2 where nothing can be read")
    func exitCodes() throws {
        let fixture = try DossierFixture(.usual)
        let other = try DossierFixture(.usual, seed: [UInt8](repeating: 9, count: 32))
        let dossier = try written(fixture)
        let root = PaperText.grouped(fixture.printed.root)
        for path in [dossier.directory, dossier.archive] {
            #expect(try run([path, "--vkey", fixture.key.verifier.description]).status == 0)
            #expect(try run([path, "--root", root]).status == 0)
            #expect(try run([path, "--root", root.uppercased(), "--json"]).status == 0)
            #expect(try run([path]).status == 3)
            #expect(try run([path, "--vkey", other.key.verifier.description]).status == 1)
            #expect(try run([path, "--root", PaperText.grouped(Digest.zero)]).status == 1)
            #expect(try run([path, "--vkey", "nonsense"]).status == 2)
            #expect(try run([path, "--root", "12 34"]).status == 2)
        }
        try dossier.place.write([1], to: "案卷/data/stray")
        #expect(try run([dossier.directory, "--vkey", fixture.key.verifier.description]).status == 1)
        #expect(try run([dossier.place.path + "/nowhere"]).status == 2)
        try dossier.place.write(Array("no archive".utf8), to: "x.zip")
        #expect(try run([dossier.place.path + "/x.zip", "--json"]).output.contains("\"outcome\":\"unreadable\""))
    }

    @Test("an exported ledger gets the same exit codes and a verdict in text and JSON")
    func ledger() throws {
        let export = try ExportFixture(sizes: [3, 5])
        let place = try TemporaryDirectory()
        for (path, bytes) in export.bag.files { try place.write(bytes, to: "账本/\(path)") }
        let path = place.path + "/账本"
        let root = PaperText.grouped(export.roots[5])
        #expect(try run([path]).status == 3)
        #expect(try run([path, "--vkey", export.key.verifier.description]).status == 0)
        #expect(try run([path, "--root", root]).status == 0)
        #expect(try run([path, "--root", PaperText.grouped(export.roots[3])]).status == 3)
        #expect(try run([path, "--root", PaperText.grouped(Digest.zero)]).status == 1)
        let other = try #require(SigningKey(generating: export.key.verifier.name))
        #expect(try run([path, "--vkey", other.verifier.description]).status == 1)
        try Golden.compare(try run([path, "--root", root]).output, "ledger-accepted.txt")
        try Golden.compare(try run([path, "--root", root, "--json"]).output, "ledger.json")
        try place.write([1], to: "账本/tile/0/000.p/5")
        try Golden.compare(try run([path]).output, "ledger-refused.txt")
        #expect(try run([path]).status == 1)
        try FileManager.default.removeItem(atPath: path + "/checkpoint")
        #expect(try run([path]).status == 1)
        try FileManager.default.removeItem(atPath: path + "/tile")
        #expect(try run([path]).status == 2)
    }

    @Test("the text of a verdict is the golden one")
    func goldenText() throws {
        let fixture = try DossierFixture(.usual, audience: .party)
        let dossier = try written(fixture)
        let accepted = try run([dossier.directory, "--root", fixture.printed.root.description])
        #expect(accepted.status == 0)
        try Golden.compare(accepted.output, "verdict-accepted.txt")
        let unconfirmed = try run([dossier.archive])
        #expect(unconfirmed.status == 3)
        try Golden.compare(unconfirmed.output, "verdict-unconfirmed.txt")
        try dossier.place.write(Array("%PDF-1.7 假".utf8), to: "案卷/data/文书/处罚决定书-乙.pdf")
        let refused = try run([dossier.directory])
        #expect(refused.status == 1)
        try Golden.compare(refused.output, "verdict-refused.txt")
        try Golden.compare(try run([dossier.archive, "--json"]).output, "verdict.json")
        try Golden.compare(
            String(decoding: try fixture.bag().files[DossierLayout.instructions] ?? [], as: UTF8.self),
            "instructions.txt")
    }

    @Test("what became of each paper is told in text and JSON")
    func papers() throws {
        let fixture = try DossierFixture(.papers)
        let dossier = try written(fixture)
        let key = fixture.key.verifier.description
        let text = try run([dossier.directory, "--vkey", key])
        let json = try run([dossier.archive, "--vkey", key, "--json"])
        #expect(text.status == 0 && json.status == 0)
        try Golden.compare(text.output, "verdict-papers.txt")
        try Golden.compare(json.output, "verdict-papers.json")
    }

    @Test("wrong usage is told in Chinese with an exit code of its own")
    func usage() throws {
        for (arguments, words) in [
            ([], "没有写要校验的案卷"), (["a", "b"], "一次只校验一份"), (["a", "--nonsense"], "没有“--nonsense”这个选项"),
            (["a", "--vkey"], "--vkey 后面没有写内容"), (["a", "--root", "--json"], "--root 后面没有写内容"),
            (["a", "--size", "-1"], "--size 后面没有写内容"), (["a", "--size=-1"], "--size 应为条数"),
            (["a", "--root", "0", "--root", "1"], "--root 只能给一次"),
        ] as [([String], String)] {
            let result = try run(arguments)
            #expect(result.status == 64 && result.output.contains(words), "\(arguments): \(result.output)")
            guard !arguments.contains("--json") else {
                #expect(result.output.hasPrefix("{\"outcome\":\"usage\""))
                continue
            }
            #expect(result.output.contains("用法：liuhen-verify 案卷"))
        }
    }

    @Test("a link to a dossier means the dossier; a link within one is none of its files")
    func links() throws {
        let fixture = try DossierFixture(.usual)
        let dossier = try written(fixture)
        let key = fixture.key.verifier.description
        for (name, target) in [("link.zip", dossier.archive), ("link", dossier.directory)] {
            let link = "\(dossier.place.path)/\(name)"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
            #expect(try run([link, "--vkey", key]).status == 0)
        }
    }

    @Test("what cannot be read is told in Chinese: nothing there, a file for a directory, a place that may not be read")
    func unreadable() throws {
        let place = try TemporaryDirectory()
        try place.write([1], to: "file")
        for (path, words) in [
            ("nope", "没有这个文件或者目录"), ("file/nope", "路径中有一段不是目录"),
            (String(repeating: "长", count: 200), "名称过长"),
        ] {
            for form in [[], ["--json"]] {
                let result = try run(["\(place.path)/\(path)"] + form)
                #expect(result.status == 2 && result.output.contains(words), "\(result.output)")
                #expect(!result.output.contains("No such") && !result.output.contains("irectory"), "\(result.output)")
            }
        }
    }

    @Test("a path that would wipe the screen is told by its characters' numbers")
    func hostilePath() throws {
        for form in [[], ["--json"]] {
            let result = try run(["/nowhere/\u{1B}[2J\u{202E}\n结论：接受。"] + form)
            #expect(result.status == 2)
            #expect(
                !result.output.unicodeScalars.contains { $0.isControl && $0 != "\n" }
                    && result.output.split(separator: "\n").count == 1, "\(result.output.debugDescription)")
        }
    }

    @Test("the help is the golden one")
    func goldenHelp() throws {
        try Golden.compare(try run(["--help"]).output, "help.txt")
    }
}

/// Texts that are compared whole; `LIUHEN_UPDATE_GOLDEN=1` writes them anew, for a person to read before they are committed.
enum Golden {
    static func compare(_ text: String, _ name: String) throws {
        let file = Judge.projectRoot.appendingPathComponent("Tests/LedgerTests/Golden/\(name)")
        if ProcessInfo.processInfo.environment["LIUHEN_UPDATE_GOLDEN"] == "1" {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
            return
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        #expect(text == expected, "\(name) differs; LIUHEN_UPDATE_GOLDEN=1 writes it anew")
    }
}
