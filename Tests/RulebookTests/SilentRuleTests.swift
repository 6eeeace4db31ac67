import Casework
import Foundation
import Kernel
import TestKit
import Testing

@testable import Rulebook

/// What can never hold, never be met or never be reached is a mistake of the file, not a rule that is kept.
@Suite("Rules that would be silent for ever are named when the file is read")
struct SilentRuleTests {
    /// Each line: what stands in the sample, what takes its place, and what is said of it.
    static let silent: [(String, String, [String])] = [
        (
            "require: { record: case.filed }",
            "require: { record: statement.reviewed, tie: { refers: statment } }",
            ["sample.yaml:23:63: [unknown-word] statement.reviewed的引用没有“statment”，是否想写“statement”？"]
        ),
        (
            "require: { record: case.filed }",
            "require: { record: case.filed, where: { archivist: { not-among: [ref.draft.drafter] } } }",
            ["sample.yaml:23:74: [unknown-word] case.filed的引用没有“draft”，这里一个也没有"]
        ),
        (
            "require: { record: case.filed }",
            "require: { record: document.fixed, where: { kind: rights-notice, data.factz: { present: true } } }",
            ["sample.yaml:23:74: [unknown-word] “data.factz”：《权利告知书》的字段没有“factz”，是否想写“facts”？"]
        ),
        (
            "require: { record: case.filed }",
            "require: { record: document.served, where: { document.kind: rights-notice, document.data.right: { includes: [hearing] } } }",
            ["sample.yaml:23:84: [unknown-word] “document.data.right”：《权利告知书》的字段没有“right”，是否想写“rights”？"]
        ),
        (
            "require: { record: case.filed }",
            "require: { document: rights-notice, where: { data.ammount: { at-least: 1 } } }",
            ["sample.yaml:23:54: [unknown-word] “data.ammount”：《权利告知书》的字段没有“ammount”，是否想写“amount”？"]
        ),
        (
            "require: { record: case.filed }",
            "require: { record: regulation.adopted, tie: anywhere, where: { regulation: zhaoxian-2018 } }",
            ["sample.yaml:23:84: [unknown-word] 制度没有“zhaoxian-2018”，是否想写“zhaoxian-2017”？"]
        ),
        (
            "require: { record: case.filed }",
            "require: { record: rule.overridden, tie: anywhere, where: { provision: \"sample:9\" } }",
            ["sample.yaml:23:80: [unknown-word] 条款没有“sample:9”，是否想写“sample:1”？"]
        ),
        (
            "ground: [performed, noPenalty]", "ground: { not-after: recorded }",
            ["sample.yaml:12:46: [contradiction] “ground”不是时间，这个条件永远不会成立"]
        ),
        (
            "ground: [performed, noPenalty]", "reason: { at-least: 3 }",
            ["sample.yaml:12:46: [contradiction] “reason”不是数字，这个条件永远不会成立"]
        ),
        (
            "ground: [performed, noPenalty]", "recorded: { not-after: ground }",
            ["sample.yaml:12:48: [contradiction] “ground”不是时间，这个条件永远不会成立"]
        ),
        (
            "ground: [performed, noPenalty]", "ground: { outside: night }",
            ["sample.yaml:12:46: [contradiction] “ground”不是时间，这个条件永远不会成立"]
        ),
        (
            "days: 30, from: happened, roll: true", "until-day: ground",
            ["sample.yaml:24:30: [contradiction] “ground”不是时间，不能从它起算或者以它为届满日"]
        ),
        (
            "days: 30, from: happened, roll: true", "days: 30, from: ground",
            ["sample.yaml:24:35: [contradiction] “ground”不是时间，不能从它起算或者以它为届满日"]
        ),
        (
            "days: 30, from: happened, roll: true", "hours: 0, from: happened",
            ["sample.yaml:24:26: [value] 小时数至少是 1，写成 0 就没有期限"]
        ),
        (
            "gate: close", "every: { days: 0 }\n        gate: close",
            ["sample.yaml:26:24: [value] 日数至少是 1，写成 0 就没有期限"]
        ),
        (
            "gate: close", "level: mandatory\n        gate: close",
            ["sample.yaml:26:16: [contradiction] 事项“case-filing”不是音像记录，不能写 level；可以写的事项：activity-av"]
        ),
        (
            "require: { record: case.filed }",
            "require: { record: case.filed, where: { pages: { at-least: 10, at-most: 5 } } }",
            ["sample.yaml:23:56: [contradiction] “pages”的下限 10 大于上限 5，这个条件永远不会成立"]
        ),
        (
            "pages: { at-least: { setting: spare } }", "pages: { at-least: 6, at-most: { setting: spare } }",
            ["sample.yaml:42:53: [contradiction] “pages”的下限 6 大于上限 5，这个条件永远不会成立"]
        ),
        (
            "ground: [performed, noPenalty]", "ground: { includes: [performed], not: [performed] }",
            ["sample.yaml:12:46: [contradiction] “ground”既要有“performed”又不能有，这个条件永远不会成立"]
        ),
        (
            "ground: [performed, noPenalty]", "ground: { present: false, count: 1 }",
            ["sample.yaml:12:46: [contradiction] “ground”写了 present: false（没有内容），又要求有内容，这个条件永远不会成立"]
        ),
        ("ground: [performed, noPenalty]", "ground: []", ["sample.yaml:12:46: [value] “ground”的条件里一个词也没有写"]),
        (
            "require: { record: case.filed }", "require: { all: [{ record: case.filed }, never] }",
            ["sample.yaml:23:25: [contradiction] all 里有 never，合起来永远不能满足；禁止的行为写 require: never，触发写在 when 里"]
        ),
        (
            "require: { record: case.filed }", "require: { any: [{ record: case.filed }, never] }",
            ["sample.yaml:23:25: [contradiction] any 里的 never 永远不能满足，不起作用，请删去"]
        ),
        ("when: { record: case.ended }", "when: { record: case.filed }", [selfMet]),
        (
            "when: { record: case.ended }\n        require: { record: case.filed }",
            "when: { record: document.fixed, where: { kind: rights-notice } }\n        require: { document: [rights-notice, hearing-notice] }",
            [selfMet]
        ),
        (
            "when: { record: case.ended }\n        require: { record: case.filed }",
            "when: { record: case.ended, where: { ground: performed } }\n        require: { any: [{ record: case.filed }, { record: case.ended, where: { ground: [performed, noPenalty] } }] }",
            [selfMet]
        ),
        (
            "modality: must", "modality: may",
            [
                "sample.yaml:20:9: [contradiction] 约束力为 may 的条款只是许可，不能有期限（within）或者归档关口（gate: close）：许可写在 allows 里；条文确有要求的，modality 写 must"
            ]
        ),
        (
            "default: 3, least: 1, most: 5", "default: 3, least: 6, most: 5",
            ["sample.yaml:9:5: [contradiction] 设置“spare”的下限 6 大于上限 5"]
        ),
        (
            "default: 3, least: 1, most: 5", "default: 7, least: 1, most: 5",
            ["sample.yaml:9:5: [contradiction] 设置“spare”的默认值不在上下限之间"]
        ),
        (
            "who: custodian", "who: { office: keeper, else: custodian }",
            ["sample.yaml:27:24: [unknown-word] 职位没有“keeper”，这里一个也没有"]
        ),
        (
            "at-least: { setting: spare }", "at-least: 3",
            ["sample.yaml:9:5: [contradiction] 设置“spare”没有一项义务用到，改了也不起作用；请在义务中引用，或者删去"]
        ),
        (
            "groups:",
            "offices:\n  - { name: keeper, title: 保管人, default: custodian, choices: [custodian], source: 示例 }\ngroups:",
            ["sample.yaml:11:5: [contradiction] 职位“keeper”没有一项义务用到，改了也不起作用；请在义务中引用，或者删去"]
        ),
    ]

    private static let selfMet =
        "sample.yaml:23:18: [contradiction] 触发的记录本身就满足要求，这项义务一产生就已履行，不起作用：请改 when 或者 require；要的是以后另一条记录的，写 after-cause: true"

    @Test("each is named where it stands, with what was expected and what was perhaps meant", arguments: silent)
    func named(old: String, new: String, expected: [String]) {
        #expect(Sample.problems(replacing: old, with: new).sorted() == expected.sorted())
    }

    @Test("a mistaken office or statute is told once, where it stands, and not again where it is asked for")
    func once() {
        let offices =
            "offices:\n  - { name: keeper, title: 保管人, default: officer, choices: [custodian], source: 示例 }\ngroups:"
        let text = Sample.text.replacing("groups:", with: offices)
            .replacing("who: custodian", with: "who: { office: keeper, else: custodian }")
        func problems(_ text: String) -> [String] {
            do {
                _ = try RuleFiles.regulation(Array(text.utf8), file: "sample.yaml", library: Sample.library)
                return []
            } catch {
                return error.problems.map(\.message)
            }
        }
        #expect(problems(text) == ["职位“keeper”的默认人选不在 choices 中"])
        let statute = Sample.text.replacing("standing: own", with: "standing: parent-law")
            .replacing(
                "groups:", with: "laws:\n  - { id: penalty, title: 处罚法, copy: 文本, in-force-from: 2026-02-30 }\ngroups:"
            )
            .replacing("article: ", with: "law: penalty\n    source: { citation: 示例, confirmed: true }\n    article: ")
        #expect(problems(statute) == ["施行日期“2026-02-30”是日历上没有的日子"])
    }

    @Test("a file that is kept because entries name it is read as it was, whatever is checked since")
    func kept() throws {
        let old = Sample.text.replacing("at-least: { setting: spare }", with: "at-least: 3")
        #expect(throws: RuleFileError.self) {
            try RuleFiles.regulation(Array(old.utf8), file: "sample.yaml", library: Sample.library)
        }
        let read = try RuleFiles.regulation(Array(old.utf8), file: "sample.yaml", library: Sample.library, isKept: true)
        #expect(read.regulation.provisions.count == 3)
    }

    @Test("the same day is a term, and what is right stays right")
    func fine() throws {
        #expect(
            Sample.problems(replacing: "days: 30, from: happened, roll: true", with: "days: 0, from: happened") == [])
        let filed = "require: { record: case.filed }"
        for right in [
            "require: { record: statement.reviewed, tie: { refers: statement } }",
            "require: { record: document.fixed, where: { kind: rights-notice, data.amount: { at-least: 1 } } }",
            "require: { record: decision.approved, where: { ref.draft.outcome: penalty } }",
            "require: { record: rule.overridden, tie: anywhere, where: { provision: \"sample:1\" } }",
            "require: { record: case.filed, where: { happened: { outside: [night, holiday] } } }",
            "require: { record: case.filed, where: { pages: { at-least: 5, at-most: 5 } } }",
            "require: { record: case.ended, after-cause: true }",
            "require: { record: case.ended, where: { ground: performed } }",
            "require: { record: case.ended, fields: [reason] }",
        ] {
            #expect(Sample.problems(replacing: filed, with: right) == [], "\(right)")
        }
    }
}
