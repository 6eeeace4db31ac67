import Foundation
import TestKit
import Testing

/// The program as somebody types it, on two small texts of its own.
@Suite("liuhen regulation", .serialized)
struct RegulationCommandTests {
    static let rules = "\(Sample.root)/Tests/Fixtures/rules"
    static let timeline = "\(rules)/timeline.yaml"

    /// The program that was built beside the tests.
    static let program: String? = {
        var directory = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        for _ in 0..<4 {
            let path = directory.appendingPathComponent("liuhen").path
            if FileManager.default.isExecutableFile(atPath: path) { return path }
            directory.deleteLastPathComponent()
        }
        let path = "\(Sample.root)/.build/debug/liuhen"
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    private func run(_ arguments: String...) throws -> Judge.Result {
        let program = try #require(Self.program, "liuhen was not built: run swift build first")
        return try Judge.run(
            program, ["regulation"] + arguments, in: TemporaryDirectory(), environment: ["COLUMNS": "100"])
    }

    private func expectGolden(_ result: Judge.Result, _ name: String, status: Int32 = 0) throws {
        #expect(result.status == status)
        try Golden.compare(result.output.replacing(Self.rules, with: "RULES"), name)
    }

    @Test(
        "list, show and compare say what the texts say",
        arguments: [
            ["list"], ["show", "left"], ["show", "left:4"], ["compare", "left", "right"],
            ["compare", "left", "right", "--differences"],
        ])
    func texts(arguments: [String]) throws {
        let program = try #require(Self.program)
        let result = try Judge.run(
            program, ["regulation"] + arguments + ["--root", Self.rules], in: TemporaryDirectory())
        let name = arguments.joined(separator: "-").replacing(":", with: "-").replacing("---", with: "-")
        try expectGolden(result, "\(name).txt")
    }

    @Test("list and show write the same for programs with --json")
    func json() throws {
        func read(_ arguments: String...) throws -> [String: Any] {
            let program = try #require(Self.program)
            let result = try Judge.run(
                program, ["regulation"] + arguments + ["--root", Self.rules, "--json"], in: TemporaryDirectory())
            #expect(result.status == 0, "\(result.output)")
            return try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        }
        let list = try #require(try read("list")["regulations"] as? [[String: Any]])
        #expect(list.map { $0["id"] as? String } == ["left", "right"])
        #expect(list.allSatisfy { $0["digest"] is String && $0["version"] is Int && $0["rows"] is Int })
        let text = try read("show", "left")
        let rows = try #require(text["provisions"] as? [[String: Any]])
        #expect(rows.count == text["rows"] as? Int && rows.contains { $0["id"] as? String == "left:4" })
        let row = try read("show", "left:4")
        #expect(row["id"] as? String == "left:4")
        let duties = try #require(row["duties"] as? [[String: Any]])
        #expect(duties.allSatisfy { $0["matter"] is String && !(($0["demand"] as? String) ?? "").isEmpty })
    }

    @Test("a term that cannot be counted is wrong usage, and says how it is written")
    func terms() throws {
        let program = try #require(Self.program)
        func add(_ arguments: String...) throws -> Judge.Result {
            try Judge.run(
                program, ["calendar", "add"] + arguments + ["--root", Sample.root], in: TemporaryDirectory())
        }
        let fine = try add("2026-09-30T10:00+08:00", "24h")
        #expect(fine.status == 0 && fine.output == "2026-10-01T10:00:00+08:00\n", "\(fine.output)")
        for (arguments, message) in [
            (["2026-09-30T10:00+08:00", "24h", "--roll"], "按小时计的期限计到秒，不顺延"),
            (["gestern", "24h"], "不是可以起算的时间"), (["2026-09-30T10:00+08:00", "2 weeks"], "期限应写成 24h"),
        ] {
            let result = try Judge.run(
                program, ["calendar", "add"] + arguments + ["--root", Sample.root], in: TemporaryDirectory())
            #expect(result.status == 64 && result.output.contains(message), "\(arguments): \(result.output)")
        }
    }

    @Test("`liuhen check` is short for `liuhen regulation check`, and nothing else is shortened")
    func shorthand() throws {
        let program = try #require(Self.program)
        let arguments = ["check", "--root", Self.rules, "--regulations", "left", "--timeline", Self.timeline]
        func said(_ before: [String]) throws -> Judge.Result {
            try Judge.run(program, before + arguments, in: TemporaryDirectory(), environment: ["COLUMNS": "100"])
        }
        let (short, long) = (try said([]), try said(["regulation"]))
        #expect(short.status == 0 && short.output == long.output && !short.output.isEmpty)
        let other = try Judge.run(program, ["show", "left", "--root", Self.rules], in: TemporaryDirectory())
        #expect(other.status == 64)
    }

    @Test("check judges a history in words and in JSON, alone and joined")
    func check() throws {
        let words = try run("check", "--root", Self.rules, "--regulations", "left", "--timeline", Self.timeline)
        try expectGolden(words, "check-left.txt")
        let joined = try run(
            "check", "--root", Self.rules, "--regulations", "left,right@2025-01-01", "--timeline", Self.timeline,
            "--at", "2026-04-01T09:00+08:00", "--json")
        try expectGolden(joined, "check-both.json")
        let early = try run(
            "check", "--root", Self.rules, "--regulations", "left", "--timeline", Self.timeline, "--known", "0",
            "--json")
        try expectGolden(early, "check-nothing.json")
    }

    @Test("check: a file that cannot be read exits 2, wrong usage 64, each with what is wrong")
    func checkRefusals() throws {
        let place = try TemporaryDirectory()
        try place.write(Array("timeline:\n  - { type: case.open }\n".utf8), to: "bad.yaml")
        let bad = try run(
            "check", "--root", Self.rules, "--regulations", "left", "--timeline", place.path + "/bad.yaml")
        #expect(bad.status == 2)
        #expect(bad.output.contains("bad.yaml:2:13: [unknown-word] 记录类型没有“case.open”，是否想写“case.opened”？"))
        let none = try run(
            "check", "--root", Self.rules, "--regulations", "left", "--timeline", place.path + "/no.yaml")
        #expect(none.status == 2)
        #expect(none.output.contains("读不到文件"))
        for (words, message) in [
            (["--regulations", "middle"], "没有制度“middle”。现有：left、right。"),
            (["--regulations", "left@soon"], "不是形如 2026-01-01 的日期"), (["--regulations", ""], "请写明制度"),
            (["--regulations", "left", "--known", "9"], "时间线只有 4 条记录"),
            (["--regulations", "left,left@2026-01-02"], "有两个版本同时"),
            (["--regulations", "left", "--at", "noon"], "noon"),
        ] {
            let program = try #require(Self.program)
            let result = try Judge.run(
                program, ["regulation", "check", "--root", Self.rules, "--timeline", Self.timeline] + words,
                in: TemporaryDirectory())
            #expect(result.status == 64, "\(words)")
            #expect(result.output.contains(message), "\(words): \(result.output)")
            // The usage that is shown is that of this command, whoever finds the mistake.
            #expect(result.output.contains("用法：liuhen regulation check "), "\(words): \(result.output)")
            #expect(result.output.contains("更多说明见 liuhen regulation check --help"), "\(words): \(result.output)")
            #expect(!result.output.contains("用法：liuhen <子命令>"), "\(words): \(result.output)")
        }
    }

    @Test("show and compare of what is not there show their own usage")
    func usage() throws {
        for words in [["show", "middle"], ["show", "left:9"], ["compare", "left", "middle"]] {
            let program = try #require(Self.program)
            let result = try Judge.run(
                program, ["regulation"] + words + ["--root", Self.rules], in: TemporaryDirectory())
            #expect(
                result.status == 64 && result.output.contains("用法：liuhen regulation \(words[0]) "), "\(result.output)")
        }
    }

    @Test("check takes a bureau's own file by its path, and refuses a broken one with its places")
    func checkOwnFile() throws {
        let place = try TemporaryDirectory()
        let text = try String(contentsOfFile: "\(Self.rules)/Regulations/right.yaml", encoding: .utf8)
        try place.write(Array(text.replacing("right", with: "mine").utf8), to: "mine.yaml")
        let fine = try run(
            "check", "--root", Self.rules, "--regulations", place.path + "/mine.yaml", "--timeline", Self.timeline)
        #expect(fine.status == 0)
        #expect(fine.output.contains("mine:3"))
        try place.write(Array(text.replacing("gate: close", with: "gate: closed").utf8), to: "broken.yaml")
        let broken = try run(
            "check", "--root", Self.rules, "--regulations", place.path + "/broken.yaml", "--timeline", Self.timeline)
        #expect(broken.status == 2)
        #expect(broken.output.contains("broken.yaml:31:15: [unknown-word]"), "\(broken.output)")
    }

    @Test("lint: clean, problems with places and near misses, unreadable")
    func lint() throws {
        let place = try TemporaryDirectory()
        let own = try run("lint", "--root", Self.rules, "\(Self.rules)/Regulations/left.yaml")
        #expect(own.status == 0)
        #expect(own.output.contains("没有问题。甲县全过程记录办法第1版，5 条，其中政策性 1 条。"))
        let text = try String(contentsOfFile: "\(Self.rules)/Regulations/left.yaml", encoding: .utf8)
        let changed = text.replacing("matter: closing", with: "matter: closeing").replacing(
            "who: officer", with: "whom: officer")
        try place.write(Array(changed.utf8), to: "left.yaml")
        let wrong = try run("lint", "--root", Self.rules, place.path + "/left.yaml")
        #expect(wrong.status == 1)
        #expect(wrong.output.contains("事项没有“closeing”，是否想写“closing”？"))
        #expect(wrong.output.contains("不认识“whom”，是否想写“who”？"))
        #expect(wrong.output.contains("left.yaml：3 处问题。"))
        try place.write(Array(text.utf8), to: "copy.yaml")
        let taken = try run("lint", "--root", Self.rules, place.path + "/copy.yaml")
        #expect(taken.status == 1)
        #expect(taken.output.contains("第1版已在 left.yaml 中"))
        #expect(try run("lint", "--root", Self.rules, place.path + "/none.yaml").status == 2)
    }

    @Test("an unknown row, an unknown text and a missing directory are told in Chinese")
    func unknown() throws {
        let row = try run("show", "--root", Self.rules, "left:9")
        #expect(row.status == 64)
        #expect(row.output.contains("制度“left”没有条款“left:9”"))
        #expect(try run("compare", "--root", Self.rules, "left", "middle").status == 64)
        let nowhere = try run("list", "--root", "/nowhere")
        #expect(nowhere.status == 1)
        #expect(nowhere.output.contains("目录不存在或无法读取"))
    }

    @Test("help is the golden one", arguments: ["list", "show", "compare", "check", "lint", "coverage"])
    func help(command: String) throws {
        try expectGolden(try run(command, "--help"), "help-\(command).txt")
        try expectGolden(try run("--help"), "help.txt")
    }

    @Test("coverage without a result, with one older than the program, and with other files is refused")
    func coverage() throws {
        let place = try TemporaryDirectory()
        let path = place.path + "/result.json"
        let none = try run("coverage", "--root", Sample.root, "--result", path)
        #expect(none.status == 2)
        #expect(none.output.contains("没有检验结果"))
        try place.write(Array("{".utf8), to: "result.json")
        #expect(try run("coverage", "--root", Sample.root, "--result", path).output.contains("无法读取"))
        let old = #"{"finished":"2001-01-01T00:00:00+08:00","files":{},"rows":[]}"#
        try place.write(Array(old.utf8), to: "result.json")
        let late = try run("coverage", "--root", Sample.root, "--result", path)
        #expect(late.status == 2)
        #expect(late.output.contains("早于程序的编译时间"))
        let future = old.replacing("2001", with: "2999")
        try place.write(Array(future.utf8), to: "result.json")
        let other = try run("coverage", "--root", Sample.root, "--result", path)
        #expect(other.status == 2)
        #expect(other.output.contains("检验以后有文件变了"))
    }
}

/// Texts that are compared whole; `LIUHEN_UPDATE_GOLDEN=1` writes them anew, for a person to read before they are committed.
enum Golden {
    static func compare(_ text: String, _ name: String) throws {
        let file = URL(fileURLWithPath: "\(Sample.root)/Tests/RulebookTests/Golden/\(name)")
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
