import Casework
import Foundation
import Kernel
import TestKit
import Testing

@testable import Rulebook

/// A pack of parent law holds rows of several statutes, each judged on the days on which that statute says so.
@Suite("The statutes of a pack, each from its own day")
struct LawsTests {
    static let pack = Sample.text.replacing("standing: own", with: "standing: parent-law")
        .replacing(
            "groups:",
            with:
                "laws:\n  - { id: old, title: 旧法, copy: 页, in-force-from: 2026-01-01, revised: [2026-07-01] }\ngroups:"
        )
        .replacing(
            "    summary: 示例\n", with: "    summary: 示例\n    law: old\n    source: { citation: 旧法, confirmed: false }\n"
        )

    private static func problems(_ old: String, _ new: String) -> [String] {
        let text = pack.replacing(old, with: new)
        precondition(text != pack, old)
        do {
            _ = try RuleFiles.regulation(Array(text.utf8), file: "pack.yaml", library: Sample.library)
            return []
        } catch {
            return error.problems.map(\.message)
        }
    }

    @Test("rows take the days of their statute")
    func days() throws {
        let read = try RuleFiles.regulation(Array(Self.pack.utf8), file: "pack.yaml", library: Sample.library)
            .regulation
        #expect(read.laws.map(\.id) == ["old"])
        #expect(read.laws.first?.revised.map(\.description) == ["2026-07-01"])
        #expect(read.provisions.map(\.force?.from) == Array(repeating: CivilDay("2026-01-01"), count: 3))
    }

    static let mistakes: [(String, String, String)] = [
        ("law: old", "law: odl", "法律没有“odl”，是否想写“old”？"),
        ("    law: old\n", "", "这里缺少“law”：条款属于 laws 中的哪一部法律"),
        ("    law: old\n", "    law: old\n    since: 2026-02-01\n", "since 应是这部法律施行或者修订的日期：2026-01-01、2026-07-01"),
        ("    law: old\n", "    law: old\n    until: 2026-06-29\n", "until 应是修订施行的前一日；这部法律的日期：2026-01-01、2026-07-01"),
        ("    law: old\n", "    law: old\n    since: 2026-07-01\n    until: 2026-06-30\n", "until 早于条款施行的日期"),
        ("revised: [2026-07-01]", "revised: [2025-07-01]", "revised 应按先后写，都晚于 in-force-from"),
        ("copy: 页, ", "", "这里缺少“copy”"),
    ]

    @Test("what is mistaken in them is named", arguments: mistakes)
    func mistake(old: String, new: String, message: String) {
        #expect(Self.problems(old, new).contains(message))
    }

    @Test("a text without statutes has no rows of one")
    func stray() {
        #expect(
            Sample.problems(replacing: "    summary: 示例\n", with: "    summary: 示例\n    since: 2026-01-01\n")
                .contains { $0.contains("没有写 law 的条款不写 since、until") })
    }

    private func report(_ timeline: String, texts: [String] = ["parent-law"]) throws -> CheckReport {
        let told = try Timeline.read(Array(timeline.utf8), file: "t.yaml", library: Sample.library)
        return try CheckReport(told, texts: texts.map { .init(regulation: $0) }, base: RuleBase(Sample.library))
    }

    private static func opened(_ day: String) -> String {
        """
        timeline:
          - { at: \(day)T09:00+08:00, type: case.opened, kind: penalty, procedure: general, handlers: [甲, 乙], subjectKind: organisation }
        next:
          - { at: \(day)T10:00+08:00, type: activity.began, activity: a1, kind: questioning, officers: [甲] }
        """
    }

    @Test("one officer is refused in 2020 as today, by what has been law since 1996")
    func since1996() throws {
        for day in ["1996-10-01", "2020-03-02", "2026-03-02"] {
            let refused = try report(Self.opened(day)).verdict?.refusals.flatMap(\.citations).map(\.provision)
            #expect(refused == ["parent-law:penalty-42"], "\(day)")
        }
        #expect(try report(Self.opened("1996-09-30")).verdict?.isAllowed == true)
    }

    @Test("a row is judged from its own day and to its own last day, and the answer says what was not judged")
    func notes() throws {
        let early = try report(Self.opened("2020-03-02"))
        #expect(early.evaluation.parts(of: "parent-law:penalty-44").isEmpty)
        #expect(!early.evaluation.parts(of: "parent-law:penalty-1996-31").isEmpty)
        // Both records; rows that took the place of older ones are not among what was left unjudged.
        let note = try #require(early.notes.first { $0.contains("2021年7月15日") })
        #expect(note.contains("没有据以判断此前的2条记录"))
        let today = try report(Self.opened("2026-03-02"))
        #expect(today.notes.filter { $0.contains("没有据以判断") } == [])
        #expect(today.evaluation.parts(of: "parent-law:penalty-1996-31").isEmpty)
        #expect(!today.evaluation.parts(of: "parent-law:penalty-44").isEmpty)
    }

    @Test("records before a text took force and after it ended are told of, not passed over")
    func spans() throws {
        let told = try Timeline.read(
            Array(
                """
                timeline:
                  - { at: 2026-03-02T09:00+08:00, type: case.opened, kind: penalty, procedure: general, handlers: [甲, 乙] }
                  - { at: 2026-04-02T09:00+08:00, type: case.ended, ground: withdrawn }
                  - { at: 2026-05-02T09:00+08:00, type: case.filed }
                """.utf8), file: "t.yaml", library: Sample.library)
        let report = try CheckReport(
            told,
            texts: [.init(regulation: "zhaoxian-2017", from: CivilDay("2026-04-01"), until: CivilDay("2026-04-30"))],
            base: RuleBase(Sample.library))
        #expect(report.notes.contains { $0.hasSuffix("自2026年4月1日起施行，没有据以判断此前的1条记录") })
        #expect(report.notes.contains { $0.hasSuffix("施行到2026年4月30日为止，没有据以判断此后的1条记录") })
        // Two windows of one text: what the other covers is judged.
        let windows = try CheckReport(
            told,
            texts: [
                .init(regulation: "zhaoxian-2017", from: CivilDay("2025-01-01"), until: CivilDay("2025-12-31")),
                .init(regulation: "zhaoxian-2017", from: CivilDay("2026-01-01")),
            ], base: RuleBase(Sample.library))
        #expect(windows.notes.filter { $0.contains("没有据以判断") } == [])
        #expect(!windows.evaluation.obligations.isEmpty)
    }

    @Test("a fine that stands in the text of a form alone is told of, one that the form tells in fen is not")
    func untold() throws {
        func notes(_ more: String) throws -> [String] {
            try report(
                """
                timeline:
                  - { at: 2026-03-02T09:00+08:00, type: case.opened, kind: penalty, procedure: general, handlers: [甲, 乙] }
                  - { id: 告知书, type: document.fixed, document: d1, kind: rights-notice, data: { content: [罚款100万元]\(more) } }
                """
            ).notes.filter { $0.contains("amount") }
        }
        #expect(try notes("") == ["“告知书”的内容里有罚款，表单没有写 amount：罚款的数额没有与任何标准比较"])
        #expect(try notes(", amount: 100000000") == [])
    }
}
