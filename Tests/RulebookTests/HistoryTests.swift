import Casework
import Foundation
import Kernel
import Rulebook
import TestKit
import Testing

/// The readable tests of every row, and the tools that run them.
@Suite("Histories of rows")
struct HistoryTests {
    static let place = RulePlace(root: Sample.root)
    static let base = RuleBase(Sample.library)

    /// Rows that have a file.
    static let rows: [String] = {
        let names = FileManager.default.enumerator(atPath: place.histories)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted().map {
            String($0.dropLast(5).replacing("/", with: ":", maxReplacements: 1))
        }
    }()

    @Test("what the row says comes of each of its histories, and every change of the row is noticed", arguments: rows)
    func row(row: String) throws {
        let loaded = try HistoryFiles.load(Self.place.histories, library: Sample.library, row: row)
        let result = RowTests(Self.base).run(try #require(loaded.first).histories, mutating: true)
        #expect(result.failures == [])
        if HistoryJudge.isComparison(row) { return }
        #expect(result.isTested)
        #expect(result.survivors == [])
        #expect(result.mutants > 0)
    }

    @Test("every row that is not policy has histories")
    func allRows() {
        let judged = Sample.library.regulations.flatMap(\.regulation.provisions).filter { $0.kind != .policy }.map(\.id)
        #expect(Set(Self.rows.filter { !HistoryJudge.isComparison($0) }) == Set(judged))
    }

    // MARK: the judge notices

    static let rules = "\(Sample.root)/Tests/Fixtures/rules"

    static let small: RuleLibrary = {
        do {
            return try RuleFiles.load(regulations: "\(rules)/Regulations", documents: "\(rules)/Documents")
        } catch {
            fatalError("\(error)")
        }
    }()

    /// A file of one row, written to a directory of its own and read.
    static func load(_ row: String, _ histories: String) throws -> RowHistories {
        let place = try TemporaryDirectory()
        try place.write(Array("row: \"\(row)\"\nhistories:\n\(histories)\n".utf8), to: HistoryFiles.path(of: row))
        return try #require(try HistoryFiles.load(place.path, library: small, row: row).first).histories
    }

    static func problems(_ row: String, _ histories: String) -> [String] {
        do {
            _ = try load(row, histories)
            return []
        } catch let error as RuleFileError {
            return error.problems.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    /// What fails when a visit without a note is expected to be so.
    static func failures(
        _ expectation: String, row: String = "left:2", keeps: Bool = false, more: String = ""
    ) throws -> [String] {
        let histories = try load(
            row,
            """
              - name: 没有记录
                keeps: \(keeps)
                regulations: [left, { regulation: right, from: 2026-01-01 }]
                timeline:
                  - { at: 2026-03-02T09:00, type: case.opened, kind: inspection }
                  - { type: activity.began, activity: a1, kind: siteInspection }
                  - { type: case.ended, ground: nothingFound }
                \(expectation)
                \(more)
            """)
        let history = try #require(histories.histories.first)
        return HistoryJudge(RuleBase(small)).failures(of: history, row: row)
    }

    @Test(
        "an expectation that holds is silent; one that does not says what came",
        arguments: [
            ("expect: [{ row: \"left:2\", state: open, subject: a1, who: officer, gate: pre, missing: 尚未制作 }]", ""),
            ("expect: [{ row: \"left:2\", state: met }]", "left:2（a1）：state 期望 met，实际 open：尚未制作《活动记录》"),
            ("expect: [{ row: \"left:2\", state: none }]", "left:2：期望没有这项义务，实际有 1 项（open）"),
            ("expect: [{ row: \"left:2\", state: open, subject: a2 }]", "left:2 “a2”：期望 open，实际没有这项义务"),
            ("expect: [{ row: \"left:2\", state: open, count: 2 }]", "left:2：期望 2 项，实际 1 项"),
            ("expect: [{ row: \"left:2\", state: open, who: handler }]", "who 期望 handler，实际 officer"),
            ("expect: [{ row: \"left:2\", state: open, gate: hard }]", "gate 期望 hard，实际 pre"),
            ("expect: [{ row: \"left:2\", state: open, breach: true }]", "breach 期望 true，实际 false"),
            ("expect: [{ row: \"left:2\", state: open, missing: 签名 }]", "missing 期望“签名”，实际：尚未制作《活动记录》"),
            (
                "expect: [{ row: \"left:2\", state: open, due: 2026-03-03T09:00 }]",
                "due 期望 2026-03-03T09:00:00+08:00，实际 没有"
            ),
            ("expect: [{ row: \"left:4\", state: open, due: none }]", "due 期望没有，实际 2026-04-01T23:59:59.999+08:00"),
            (
                "expect: [{ row: \"left:4\", state: open, due: 2026-04-01T23:59:59, last-day: 2026-04-01, late-from: 2026-04-02T00:00 }]",
                ""
            ),
            (
                "expect: [{ row: \"left:4\", state: open, last-day: 2026-04-02 }]",
                "last-day 期望 2026-04-02，实际 2026-04-01"
            ),
            ("expect: [{ row: \"left:4\", state: open, late-from: 2026-04-03T00:00 }]", "late-from 期望"),
            (
                "expect: [{ matter: closing, state: open, last-day: 2026-03-16, provisions: [\"left:4\", \"right:2\"] }]",
                ""
            ),
            (
                "expect: [{ matter: closing, state: open, provisions: [\"left:4\"] }]",
                "provisions 期望 left:4，实际 left:4、right:2"
            ),
            ("grants: [{ row: \"left:3\", allowed: true, level: optional }]", ""),
            ("grants: [{ row: \"left:3\", allowed: false }]", "许可 left:3：期望不许可，实际许可“可以音像记录”"),
            ("grants: [{ row: \"left:3\", allowed: true, level: mandatory }]", "许可 left:3：期望 mandatory，实际 optional"),
            ("grants: [{ row: \"left:4\", allowed: true }]", "许可 left:4：期望许可，实际没有"),
            ("media: [{ activity: a1, level: mandatory, rows: [\"right:3\"] }]", ""),
            ("media: [{ activity: a1, level: optional }]", "音像 a1：期望 optional，实际 mandatory"),
            ("media: [{ activity: a2, level: silent }]", ""),
            ("media: [{ activity: a1, level: mandatory, rows: [\"left:3\"] }]", "音像 a1：期望依据 left:3，实际 right:3"),
            ("figures: [{ row: \"left:5\", name: noted, count: 0, out-of: 1 }]", ""),
            ("figures: [{ row: \"left:5\", count: 1 }]", "指标 left:5：期望 1，实际 0"),
            ("figures: [{ row: \"left:5\", count: 0, out-of: 2 }]", "指标 left:5：期望总数 2，实际 1"),
            ("figures: [{ row: \"left:4\", count: 0 }]", "指标 left:4：没有这项指标"),
        ])
    func expectations(text: String, message: String) throws {
        let failures = try Self.failures(text)
        if message.isEmpty {
            #expect(failures == [])
        } else {
            #expect(failures.count == 1)
            #expect(failures.first?.contains(message) == true, "\(failures)")
        }
    }

    @Test(
        "a proposed step is compared too",
        arguments: [
            ("allowed: false, refused-by: [\"left:2\"], missing: 尚未制作", ""),
            ("allowed: true", "下一步：期望准许，实际被 left:2、right:1 拒绝"),
            ("allowed: false, refused-by: [\"left:4\"]", "下一步：期望被 left:4 拒绝，实际被 left:2、right:1 拒绝"),
            ("allowed: false, refused-by: [\"left:2\"], missing: 签名", "下一步：期望缺少“签名”"),
            ("allowed: false, refused-by: [\"left:2\"], overridden: [\"left:2\"]", "下一步：期望批准越过 left:2，实际没有越过"),
        ])
    func steps(text: String, message: String) throws {
        let failures = try Self.failures("next: { timeline: [{ type: finding.recorded }], \(text) }")
        let asExpected = message.isEmpty ? failures.isEmpty : failures.contains { $0.contains(message) }
        #expect(asExpected, "\(failures)")
    }

    @Test("a history that says it keeps its row must keep it, and one that says it breaks it must break it")
    func keeps() throws {
        let open = "expect: [{ row: \"left:4\", state: open }]"
        #expect(try Self.failures(open, row: "left:4", keeps: true) == [])
        #expect(try Self.failures(open, row: "left:1") == ["写着 keeps: false，而 left:1 没有违反"])
        let late = "expect: [{ row: \"left:4\", state: overdue }]"
        #expect(
            try Self.failures(late, row: "left:4", keeps: true, more: "at: 2026-05-01T00:00") == [
                "写着 keeps: true，而 left:4 没有守住"
            ])
        let next = "next: { timeline: [{ type: finding.recorded }], allowed: false, refused-by: [\"left:2\"] }"
        #expect(try Self.failures(next, keeps: true) == ["写着 keeps: true，而 left:2 没有守住"])
    }

    @Test("a version that is not there, or two on one day, are failures, not crashes")
    func versions() throws {
        for (text, message) in [
            ("[{ regulation: left, version: 2 }]", "没有制度“left”第2版。"), ("[left, left]", "制度“left”有两个版本同时"),
        ] {
            let histories = try Self.load(
                "left:2",
                """
                  - name: 版本
                    keeps: true
                    regulations: \(text)
                    timeline: [{ at: 2026-03-02T09:00, type: case.opened }]
                    expect: [{ row: "left:2", state: none }]
                """)
            let failures = HistoryJudge(RuleBase(Self.small)).failures(
                of: try #require(histories.histories.first), row: "left:2")
            #expect(failures.count == 1)
            #expect(failures.first?.hasPrefix(message) == true)
        }
    }

    @Test(
        "a file that is wrong names place and near miss",
        arguments: [
            ("  - { name: x, keeps: true, timeline: [] }", "历史没有写期望"),
            ("  - { name: x, keeps: maybe, timeline: [], expect: [] }", "keeps应写 true 或 false"),
            ("  - { name: x, keeps: true, expects: [], timeline: [] }", "不认识“expects”，是否想写“expect”？"),
            ("  - { name: x, keeps: true, timeline: [], expect: [{ row: \"left:9\", state: met }] }", "条款没有“left:9”"),
            (
                "  - { name: x, keeps: true, timeline: [], expect: [{ row: \"lefty:1\", state: met }] }",
                "制度没有“lefty”，是否想写“left”？"
            ),
            ("  - { name: x, keeps: true, timeline: [], expect: [{ state: met }] }", "期望应写明 row 或 matter"),
            ("  - { name: x, keeps: true, timeline: [], expect: [{ row: \"left:2\" }] }", "期望应写明 state"),
            (
                "  - { name: x, keeps: true, timeline: [], expect: [{ row: \"left:2\", state: mett }] }",
                "state没有“mett”，是否想写“met”？"
            ),
            (
                "  - { name: x, keeps: true, timeline: [], expect: [{ matter: closin, state: met }] }",
                "事项没有“closin”，是否想写“closing”？"
            ),
            ("  - { name: x, keeps: true, timeline: [], regulations: [lefd] }", "制度没有“lefd”，是否想写“left”？"),
            (
                "  - { name: x, keeps: true, timeline: [], next: { timeline: [], allowed: false } }",
                "被拒绝的步骤应写 refused-by"
            ),
            (
                "  - { name: x, keeps: true, timeline: [], next: { timeline: [], allowed: true, refused-by: [a] } }",
                "准许的步骤没有拒绝它的条款"
            ),
            ("  - { name: x, keeps: true, timeline: [], media: [{ level: optional }] }", "音像要求应写明 activity 或 subject"),
            (
                "  - { name: x, keeps: true, timeline: [], settings: { filing-days: 99 } }",
                "设置“filing-days”应在 10 到 60 之间"
            ),
            (
                "  - { name: x, keeps: true, timeline: [{ at: 2026-03-02T09:00, type: document.fixed, document: d, kind: nota }] }",
                "没有文书种类“nota”，是否想写“note”？"
            ),
            (
                "  - { name: x, keeps: true, timeline: [{ at: 2026-03-02T09:00, type: document.fixed, document: d, kind: note, data: { fact: x } }] }",
                "没有《活动记录》的字段“fact”，是否想写“facts”？"
            ),
            (
                "  - { name: x, keeps: true, timeline: [], grants: [{ row: \"left:3\", allowed: true }] }\n  - { name: x, keeps: true, timeline: [], grants: [{ row: \"left:3\", allowed: true }] }",
                "历史“x”写了两次"
            ),
        ])
    func broken(text: String, message: String) {
        let problems = Self.problems("left:2", text)
        #expect(problems.contains { $0.contains(message) }, "\(problems)")
    }

    @Test("a file in the wrong place, and a row without both sorts of histories, are seen")
    func places() throws {
        let place = try TemporaryDirectory()
        let text = """
            row: "left:2"
            histories:
              - { name: x, keeps: true, timeline: [{ at: 2026-03-02T09:00, type: case.opened }], expect: [{ row: "left:2", state: none }] }
            """
        try place.write(Array(text.utf8), to: "left/3.yaml")
        #expect(throws: RuleFileError.self) { try HistoryFiles.load(place.path, library: Self.small) }
        let other = try TemporaryDirectory()
        try other.write(Array(text.utf8), to: "left/2.yaml")
        let loaded = try HistoryFiles.load(other.path, library: Self.small)
        let result = RowTests(RuleBase(Self.small)).run(try #require(loaded.first).histories, mutating: false)
        #expect(result.failures == ["没有一个违反条款的历史（keeps: false）"])
        #expect(!result.isTested)
    }
}
