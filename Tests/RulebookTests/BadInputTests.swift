import Foundation
import Rulebook
import TestKit
import Testing

/// What is wrong in a text or in a history is said where it is, by lint, by check, and when the texts are loaded for the
/// bureau; what is only doubtful has a stated default. Nothing crashes and nothing passes in silence.
@Suite("Bad input: texts and histories", .serialized)
struct BadInputTests {
    static let rules = RegulationCommandTests.rules

    private func run(_ arguments: String...) throws -> Judge.Result {
        let program = try #require(RegulationCommandTests.program, "liuhen was not built: run swift build first")
        return try Judge.run(
            program, ["regulation"] + arguments, in: TemporaryDirectory(), environment: ["COLUMNS": "100"])
    }

    private static func left() throws -> String {
        try String(contentsOfFile: "\(rules)/Regulations/left.yaml", encoding: .utf8)
    }

    /// The rule files of the fixture with this text in place of the one of that name, or beside the others.
    private func root(_ text: String, named name: String) throws -> (place: TemporaryDirectory, path: String) {
        let place = try TemporaryDirectory()
        let path = "\(place.path)/rules"
        try FileManager.default.copyItem(atPath: Self.rules, toPath: path)
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/Regulations/\(name)"))
        return (place, path)
    }

    private static func problems(in root: String) -> String {
        do {
            _ = try RuleFiles.load(regulations: "\(root)/Regulations", documents: "\(root)/Documents")
            return ""
        } catch {
            return error.problems.map(\.description).joined(separator: "\n")
        }
    }

    /// What stands in the text, what takes its place, and what is said of it.
    static let broken: [(String, String, String)] = [
        ("version: 1\n", "version: [1\n", "[syntax] YAML 写法有误"),
        ("version: 1\n", "version: 1\nyes: 1\n\"yes\": 2\n", "[duplicate] 同一处重复写了“yes”"),
        ("id: \"left:3\"", "id: \"left:2\"", "[duplicate] 条款“left:2”写了两次"),
        (
            "require: { record: case.filed, after-cause: true, lack: 案卷还没有归档 }", "require: never",
            "[contradiction] 禁止性义务（never）不能有期限"
        ),
        ("default: 30, least: 10", "default: 5, least: 10", "[contradiction] 设置“filing-days”的默认值不在上下限之间"),
        ("who: officer", "who: inspector", "[unknown-word] 责任人没有“inspector”"),
        ("override: [agencyHead]", "override: [boss]", "[unknown-word] 职责没有“boss”"),
        ("document: note", "document: notes", "[unknown-word] 文书种类没有“notes”，是否想写“note”？"),
        ("fields: [facts]", "fields: [fact]", "“fact”，是否想写“facts”？"),
        ("slots: [party]", "slots: [partyy]", "“partyy”，是否想写“party”？"),
        ("matter: closing", "matter: closeing", "[unknown-word] 事项没有“closeing”，是否想写“closing”？"),
        ("record: case.ended", "record: case.end", "[unknown-word] 记录类型没有“case.end”"),
        (
            "kind: siteInspection } }\n        require", "type: activity.end } }\n        require",
            "“type”没有“activity.end”"
        ),
    ]

    @Test("a broken text is refused with its place by lint, by check and when it is loaded", arguments: broken)
    func texts(right: String, wrong: String, message: String) throws {
        let text = try Self.left()
        #expect(text.contains(right))
        let (place, path) = try root(text.replacing(right, with: wrong), named: "left.yaml")
        defer { withExtendedLifetime(place) {} }
        let file = "\(path)/Regulations/left.yaml"
        let lint = try run("lint", "--root", Self.rules, file)
        #expect(lint.status == 1 && lint.output.contains(message), "\(lint.status) \(lint.output)")
        #expect(lint.output.contains("left.yaml:"), "the place is named: \(lint.output)")
        let check = try run(
            "check", "--root", Self.rules, "--regulations", file, "--timeline", RegulationCommandTests.timeline)
        #expect(check.status == 2 && check.output.contains(message), "\(check.status) \(check.output)")
        #expect(Self.problems(in: path).contains(message))
    }

    @Test("a second version that lost a row is refused by lint and when it is loaded")
    func lostRow() throws {
        let text = try Self.left().replacing("version: 1\n", with: "version: 2\n")
            .replacing("id: \"left:5\"", with: "id: \"left:6\"")
        let (place, path) = try root(text, named: "left-2.yaml")
        defer { withExtendedLifetime(place) {} }
        let message = "第2版少了上一版的条款“left:5”"
        let lint = try run("lint", "--root", Self.rules, "\(path)/Regulations/left-2.yaml")
        #expect(lint.status == 1 && lint.output.contains(message), "\(lint.output)")
        #expect(Self.problems(in: path).contains(message))
    }

    @Test("two versions in force on one day are refused by check; one after the other is judged")
    func twoVersions() throws {
        let text = try Self.left().replacing("version: 1\n", with: "version: 2\n")
        let (place, path) = try root(text, named: "left-2.yaml")
        defer { withExtendedLifetime(place) {} }
        let second = "\(path)/Regulations/left-2.yaml"
        func check(_ texts: String) throws -> Judge.Result {
            try run("check", "--root", path, "--regulations", texts, "--timeline", RegulationCommandTests.timeline)
        }
        let both = try check("left@2026-01-01,\(second)@2026-01-01")
        #expect(both.status == 64 && both.output.contains("有两个版本同时"), "\(both.status) \(both.output)")
        let after = try check("left@2025-01-01..2025-12-31,\(second)@2026-01-01")
        #expect(after.status == 0, "\(after.output)")
    }

    /// A history, the exit code of check, and what is said.
    static let histories: [(String, Int32, String)] = [
        ("  - { at: 2026-03-02T09:00, type: case.open }\n", 2, "记录类型没有“case.open”，是否想写“case.opened”？"),
        ("  - { at: 2026-03-02T09:00, type: case.opened, kind: penal }\n", 2, "“kind”没有“penal”，是否想写“penalty”？"),
        (
            "  - { at: 2026-03-02T09:00, type: document.fixed, document: d1, kind: nota }\n", 0,
            "timeline 第1条：没有文书种类“nota”，照写的内容判断，是否想写“note”？"
        ),
        (
            "  - { at: 2026-03-02T09:00, stated: 2030-01-01T09:00, type: finding.recorded, outcome: suspected }\n", 0,
            "timeline 第1条的 stated 晚于登记时间（at），照写的判断"
        ),
        (
            "  - { at: 2026-03-02T09:00, type: activity.ended, activity: zz }\n", 0,
            "活动“zz”没有开始的记录，它的结束不计"
        ),
        ("  - { type: case.opened }\n", 2, "没有一条记录写明时间，至少第一条应写 at"),
        (
            "  - { at: 2026-03-02T09:00, type: case.opened }\n  - { type: case.ended }\n", 0,
            "timeline 第2条没有写 at，按前一条记录的时间计"
        ),
        (
            "  - { at: 2026-03-02T09:00, type: case.opened }\n  - { at: 2026-03-01T09:00, type: case.ended }\n", 0,
            "timeline 第2条的时间早于前一条记录，顺序按文件中的先后"
        ),
        (
            "  - { at: 2026-03-02T09:00, type: activity.began, activity: a1, kind: siteInspection }\n", 0,
            "活动“a1”没有结束的记录"
        ),
        (
            "  - { at: 2026-03-02T09:00, type: case.opened }\n"
                + String(repeating: "  - { type: finding.recorded, outcome: suspected }\n", count: 1000), 0,
            "另有 900 处类似情况"
        ),
    ]

    @Test(
        "a history that is wrong is refused with its place; one that is doubtful is judged, and it is said how",
        arguments: histories)
    func told(history: String, status: Int32, message: String) throws {
        let place = try TemporaryDirectory()
        try place.write(Array("timeline:\n\(history)".utf8), to: "t.yaml")
        let result = try run(
            "check", "--root", Self.rules, "--regulations", "left", "--timeline", place.path + "/t.yaml")
        #expect(result.status == status && result.output.contains(message), "\(result.status) \(result.output)")
        if status == 2 { #expect(result.output.contains("t.yaml:")) }
    }
}
