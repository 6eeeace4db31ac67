import Casework
import Foundation
import Kernel
import Rulebook
import Testing

@Suite("Reading a text: what is right is taken whole, what is wrong is named with line and column")
struct RegulationReaderTests {
    @Test("a text that is right is read as it stands")
    func right() throws {
        let loaded = try Sample.read()
        let regulation = loaded.regulation
        #expect(regulation.id == "sample")
        #expect(regulation.inForceFrom == CivilDay("2026-01-01"))
        #expect(regulation.settings.map(\.standard) == [3])
        #expect(regulation.provisions.map(\.id) == ["sample:1", "sample:2", "sample:3"])
        #expect(regulation.provisions[1].policyReason == "原则，无从检验")
        let duty = try #require(regulation.provisions[0].duties.first)
        #expect(duty.trigger == Pattern([.caseEnded]))
        #expect(duty.timing.term == Term(.days(30), from: [.happened], roll: true))
        #expect(duty.lapses.first?.conditions.first?.test == .isOne(of: ["performed", "noPenalty"]))
        #expect(duty.gate == Gate(.close, refuses: [Pattern([.caseFiled])], overridableBy: [.agencyHead]))
    }

    @Test("the digest is SHA-256 of the bytes, so that one space more is another file")
    func digest() throws {
        let loaded = try Sample.read()
        #expect(try Sample.read().digest == loaded.digest)
        #expect(try Sample.read(replacing: "summary: 示例\n", with: "summary: 示例 \n").digest != loaded.digest)
    }

    /// Each line: what stands in the sample, what takes its place, and what is said of it.
    static let wrong: [(String, String, [String])] = [
        (
            "matter: case-filing", "mater: case-filing",
            [
                "sample.yaml:20:9: [missing-key] 这里缺少“matter”",
                "sample.yaml:20:9: [unknown-key] 不认识“mater”，是否想写“matter”？",
            ]
        ),
        (
            "matter: case-filing", "matter: case-filling",
            [
                "sample.yaml:20:17: [unknown-word] 事项没有“case-filling”，是否想写“case-filing”？"
            ]
        ),
        (
            "record: case.ended }\n        require", "record: case.eneded }\n        require",
            [
                "sample.yaml:22:25: [unknown-word] 记录类型没有“case.eneded”，是否想写“case.ended”？"
            ]
        ),
        (
            "ground: [performed, noPenalty]", "ground: [performed, noPenality]",
            [
                "sample.yaml:12:58: [unknown-word] “ground”没有“noPenality”，是否想写“noPenalty”？"
            ]
        ),
        (
            "where: { ground:", "where: { grounds:",
            [
                "sample.yaml:12:38: [unknown-word] “grounds”所在的记录没有“grounds”，是否想写“ground”？"
            ]
        ),
        (
            "where: { ground:", "where: { recoding.form: video, ground:",
            ["sample.yaml:12:38: [unknown-word] “recoding.form”所在的记录没有“recoding”，是否想写“recording”？"]
        ),
        ("who: custodian", "who: custodain", ["sample.yaml:27:14: [unknown-word] 责任人没有“custodain”，是否想写“custodian”？"]),
        ("gate: close", "gate: clsoe", ["sample.yaml:26:15: [unknown-word] 关口没有“clsoe”，是否想写“close”？"]),
        ("gate: close", "gate: hard", ["sample.yaml:26:15: [missing-key] 关口“hard”应写明 refuses"]),
        (
            "gate: close", "gate: { level: hard, refuses: [ending], override: agencyHead }",
            ["sample.yaml:26:15: [contradiction] 关口“hard”不能批准越过"]
        ),
        (
            "gate: close", "gate: { level: none, refuses: [ending] }",
            ["sample.yaml:26:15: [contradiction] 关口“none”不拦截任何步骤"]
        ),
        ("lapses: [ending]", "lapses: [endings]", ["sample.yaml:25:18: [unknown-word] 记录组没有“endings”，是否想写“ending”？"]),
        ("days: 30", "days: 030", ["sample.yaml:24:25: [value] 日数应是 0 到 100000 的整数，写成“030”无法读取"]),
        ("days: 30", "days: 1:30", ["sample.yaml:24:25: [value] 日数应是 0 到 100000 的整数，写成“1:30”无法读取"]),
        ("days: 30", "days: { setting: spair }", ["sample.yaml:24:36: [unknown-word] 设置没有“spair”，是否想写“spare”？"]),
        (
            "days: 30", "day: 30",
            [
                "sample.yaml:24:17: [missing-key] 期限中应恰好写 hours、days、working-days、months、until-day、date、day-of-year 之一",
                "sample.yaml:24:19: [unknown-key] 不认识“day”，是否想写“days”？",
            ]
        ),
        ("roll: true", "roll: yes", ["sample.yaml:24:51: [value] roll应写 true 或 false，写成“yes”无法读取"]),
        (
            "days: 30, from: happened, roll: true", "hours: 24, from: happened, roll: true",
            [
                "sample.yaml:24:17: [contradiction] 按小时计的期限不顺延"
            ]
        ),
        (
            "days: 30, from: happened, roll: true", "months: 1, from: happened, working: 1",
            [
                "sample.yaml:24:17: [contradiction] 只有按日计的期限可以写 working"
            ]
        ),
        (
            "days: 30, from: happened, roll: true", "days: 30, from: happened, then: { month: 3 }",
            [
                "sample.yaml:24:51: [missing-key] then 中应恰好写 days、working-days、months 之一",
                "sample.yaml:24:53: [unknown-key] 不认识“month”，是否想写“months”？",
            ]
        ),
        (
            "days: 30, from: happened, roll: true", "hours: 24, from: happened, then: { days: 3 }",
            ["sample.yaml:24:17: [contradiction] 按小时计的期限后面不能接 then"]
        ),
        (
            "days: 30, from: happened, roll: true", "date: 2026-05-01, then: { days: 3, role: true }",
            ["sample.yaml:24:54: [unknown-key] 不认识“role”，是否想写“roll”？"]
        ),
        (
            "require: { record: case.filed }",
            "require: { record: case.filed, where: { archivist: { not-among: [all(activity.began kimd=hearing).officers] } } }",
            ["sample.yaml:23:74: [unknown-word] “activity.began”没有“kimd”，是否想写“kind”？"]
        ),
        (
            "require: { record: case.filed }",
            "require: { record: case.filed, where: { archivist: { not-among: [last(activity.began kind!=hearing|servise).officers] } } }",
            ["sample.yaml:23:74: [unknown-word] “activity.began”的“kind”没有“servise”，是否想写“service”？"]
        ),
        (
            "require: { record: case.filed }",
            "require: { record: case.filed, where: { archivist: { not-among: [all(activity.began kind).officers] } } }",
            [
                "sample.yaml:23:74: [value] “all(activity.began kind).officers”不是路径，应形如 kind、data.字段名、case.isMajor、document.kind、ref.draft.outcome"
            ]
        ),
        ("days: 30, from: happened,", "days: 30,", ["sample.yaml:24:17: [missing-key] 期限应写明 from，从何时起算"]),
        ("version: 1", "version: one", ["sample.yaml:2:10: [value] 版本应是 1 到 9999 的整数，写成“one”无法读取"]),
        (
            "in-force-from: 2026-01-01", "in-force-from: 2026-02-30",
            [
                "sample.yaml:7:16: [value] 施行日期“2026-02-30”是日历上没有的日子"
            ]
        ),
        (
            "default: 3", "default: 9", ["sample.yaml:9:5: [contradiction] 设置“spare”的默认值不在上下限之间"]
        ),
        ("id: \"sample:1\"", "id: \"other:1\"", ["sample.yaml:14:9: [value] 条款编号应是“sample:条号”，写成“other:1”不可以"]),
        ("id: \"sample:2\"", "id: \"sample:1\"", ["sample.yaml:28:5: [duplicate] 条款“sample:1”写了两次"]),
        (
            "    policy: 原则，无从检验\n", "",
            [
                "sample.yaml:28:5: [contradiction] 类别为 policy 的条款应写 policy 理由，其他条款不写"
            ]
        ),
        (
            "kind: policy", "kind: record",
            [
                "sample.yaml:28:5: [contradiction] 类别为 policy 的条款应写 policy 理由，其他条款不写",
                "sample.yaml:28:5: [contradiction] 条款没有义务、许可或指标，也不是 policy",
            ]
        ),
        ("article: 第一条", "article: \" \"", ["sample.yaml:15:14: [value] 条文位置不能为空"]),
        (
            "require: { record: case.filed }", "require: sometimes",
            ["sample.yaml:23:18: [unknown-word] 要求没有“sometimes”，可以写：never"]
        ),
        (
            "require: { record: case.filed }", "require: { record: case.filed, document: penalty-decision }",
            [
                "sample.yaml:23:18: [missing-key] 要求中应恰好写 record、document、all、any、elapsed 之一"
            ]
        ),
        (
            "require: { record: case.filed }", "require: { document: penalty-decison }",
            [
                "sample.yaml:23:30: [unknown-word] 文书种类没有“penalty-decison”，是否想写“penalty-decision”？"
            ]
        ),
        (
            "require: { record: case.filed }", "require: { document: penalty-decision, fields: [reason] }",
            [
                "sample.yaml:23:57: [unknown-word] 《行政处罚决定书》的字段没有“reason”，是否想写“reasons”？"
            ]
        ),
        (
            "require: { record: case.filed }", "require: { document: penalty-decision, slots: [unitHead] }",
            [
                "sample.yaml:23:56: [unknown-word] 《行政处罚决定书》的签名栏没有“unitHead”，可以写：agency、agencyHead"
            ]
        ),
        (
            "require: { record: case.filed }", "require: { record: case.filed, tie: itself }",
            [
                "sample.yaml:23:18: [contradiction] tie: itself 要求记录类型与触发记录相同"
            ]
        ),
        (
            "matter: case-filing", "matter: site-record",
            [
                "sample.yaml:22:15: [contradiction] 事项“site-record”按activity计，但记录“case.ended”不指明activity"
            ]
        ),
        (
            "provisions:", "provisions: []\nrows:",
            [
                "sample.yaml:13:13: [missing-key] 制度中没有条款",
                "sample.yaml:14:1: [unknown-key] 不认识“rows”，这里可以写：regulation、version、title、short、issuer、standing、in-force-from、settings、offices、laws、groups、provisions",
            ]
        ),
        ("standing: own", "standing: &a own", ["sample.yaml:6:11: [syntax] 不允许使用 YAML 锚点（&）和别名（*），请把内容写全"]),
        ("title: 示例办法", "title: [示例办法]", ["sample.yaml:3:8: [shape] 标题应是一段文字"]),
    ]

    @Test(
        "a reminder beside a term, a bound without extension, a run with another tie and half a span are refused",
        arguments: [
            (
                "within: { days: 30, from: happened, roll: true }",
                "within: { days: 30, from: happened }\n        remind: { days: 3, from: happened }",
                "within 与 remind 只写一个"
            ),
            (
                "within: { days: 30, from: happened, roll: true }",
                "remind: { days: 30, from: happened, may-be: [extended] }", "提醒（remind）不是期限"
            ),
            (
                "within: { days: 30, from: happened, roll: true }", "within: { days: 30, from: happened, at-most: 5 }",
                "may-be 应写 extended"
            ),
            (
                "within: { days: 30, from: happened, roll: true }",
                "within: { hours: 30, from: happened, may-be: [extended], at-most: 5 }", "按小时计的期限不写 at-most"
            ),
            (
                "require: { record: case.filed }",
                "require: { record: case.filed, tie: anywhere, unbroken: { from: happened, to: recorded, seconds: 2 } }",
                "unbroken 看同一事物的各条记录"
            ),
            (
                "require: { record: case.filed }",
                "require: { record: case.filed, unbroken: { from: happened, to: recorded, seconds: 2, between: [happened] } }",
                "between 应写两个路径"
            ),
            (
                "require: { record: case.filed }",
                "require: { record: case.filed, where: { archivist: { penalties: 警戒 } } }", "处罚的种类没有“警戒”"
            ),
        ])
    func newWords(old: String, new: String, expected: String) {
        #expect(Sample.problems(replacing: old, with: new).contains { $0.contains(expected) })
    }

    @Test("each mistake is named where it stands, with what was perhaps meant", arguments: wrong)
    func mistakes(old: String, new: String, expected: [String]) {
        #expect(Sample.problems(replacing: old, with: new).sorted() == expected.sorted())
    }

    @Test("the same key twice is refused")
    func duplicateKey() {
        let problems = Sample.problems(replacing: "version: 1", with: "version: 1\nversion: 2")
        #expect(problems.count == 1)
        #expect(problems.first?.contains("[duplicate] 同一处重复写了“version”") == true)
    }

    @Test("what is no YAML is refused with its place")
    func noYAML() {
        let problems = Sample.problems(replacing: "version: 1", with: "version: [1")
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("sample.yaml:3:") == true)
        #expect(problems.first?.contains("[syntax]") == true)
    }

    @Test("one mistake is named once: what follows from it is not another")
    func follows() {
        let gate = Sample.problems(
            replacing: "gate: close", with: "gate: { level: hard, refuses: [{ record: case.fled }] }")
        #expect(gate.count == 1 && gate[0].contains("是否想写“case.filed”？"), "\(gate)")
        let none = Sample.problems(replacing: "gate: close", with: "gate: { level: hard, refuses: [] }")
        #expect(none.count == 1 && none[0].contains("关口“hard”应写明 refuses"), "\(none)")
        let key = Sample.problems(replacing: "settings:\n", with: "settingz:\n")
        #expect(key.count == 1 && key[0].contains("是否想写“settings”？"), "\(key)")
    }

    @Test("several mistakes are all named at once")
    func several() {
        let changed = Sample.text.replacing("days: 30", with: "days: x").replacing(
            "who: custodian", with: "who: nobody"
        )
        .replacing("kind: policy", with: "kind: polcy")
        #expect(throws: RuleFileError.self) {
            try RuleFiles.regulation(Array(changed.utf8), file: "sample.yaml", library: Sample.library)
        }
        do {
            _ = try RuleFiles.regulation(Array(changed.utf8), file: "sample.yaml", library: Sample.library)
        } catch {
            #expect(error.problems.count == 3)
        }
    }

    @Test("the file that docs/regulations.md shows is read as it stands there")
    func documented() throws {
        let guide = try String(contentsOfFile: "\(Sample.root)/docs/regulations.md", encoding: .utf8)
        let block = try #require(
            guide.components(separatedBy: "```yaml\n").dropFirst().first?.components(separatedBy: "```").first)
        let loaded = try RuleFiles.regulation(Array(block.utf8), file: "sample-2026.yaml", library: Sample.library)
        #expect(loaded.regulation.provisions.map(\.id) == ["sample-2026:5", "sample-2026:6", "sample-2026:1"])
        #expect(loaded.regulation.settings.map(\.name) == ["reply-days"])
    }

    // MARK: hostile bytes

    @Test("a file that is too large, not UTF-8, empty, two documents, or a bomb of aliases is refused")
    func hostile() {
        let bomb =
            "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + (1...8).map {
                "b\($0): &b\($0) [\(Array(repeating: $0 == 1 ? "*a" : "*b\($0 - 1)", count: 9).joined(separator: ","))]\n"
            }
            .joined()
        let files: [[UInt8]] = [
            Array(repeating: UInt8(ascii: "a"), count: 1 << 20 + 1), [0x61, 0xFF, 0x3A], [],
            Array("---\na: 1\n---\nb: 2\n".utf8),
            Array(bomb.utf8), Array("- a\n- b\n".utf8), Array("\u{0}".utf8), Array("a: b: c\n".utf8),
            Array("? [a]\n: b\n".utf8),
        ]
        for bytes in files {
            #expect(throws: RuleFileError.self) {
                try RuleFiles.regulation(bytes, file: "sample.yaml", library: Sample.library)
            }
        }
    }

    @Test("a nest of a hundred thousand brackets is refused, not followed to the end of the stack")
    func deep() {
        for bytes in [
            Array(repeating: UInt8(ascii: "["), count: 100_000),
            Array(String(repeating: "- ", count: 50_000).utf8), Array(String(repeating: "{a: ", count: 100_000).utf8),
        ] {
            #expect(throws: RuleFileError.self) {
                try RuleFiles.regulation(bytes, file: "sample.yaml", library: Sample.library)
            }
        }
    }

    @Test("every third byte changed to any of a few others is read with id and title, or refused with place and words")
    func everyByte() {
        let bytes = Array(Sample.text.utf8)
        for index in stride(from: 0, to: bytes.count, by: 3) {
            for other in Array(":{}[]&*'\"-\n\t#|>%@`!,0".utf8) + [0, 0x80, 0xFF] {
                var changed = bytes
                changed[index] = other
                do throws(RuleFileError) {
                    let loaded = try RuleFiles.regulation(changed, file: "sample.yaml", library: Sample.library)
                    let read = loaded.regulation
                    #expect(!read.id.isEmpty && !read.title.isEmpty, "byte \(index) as \(other)")
                } catch {
                    // Line and column stand together; 0 and 0 mean the whole file, as for bytes that are no text.
                    let named = error.problems.allSatisfy { problem in
                        (problem.line > 0) == (problem.column > 0) && !problem.message.isEmpty
                            && problem.file == "sample.yaml"
                    }
                    #expect(!error.problems.isEmpty && named, "byte \(index) as \(other): \(error)")
                }
            }
        }
    }
}
