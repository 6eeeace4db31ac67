import Casework
import Kernel
import Rulebook
import TestKit
import Testing

@Suite("Timelines: a history told in a file")
struct TimelineTests {
    static func read(_ text: String) throws(RuleFileError) -> Timeline {
        try Timeline.read(Array(text.utf8), file: "t.yaml", library: Sample.library)
    }

    /// What is wrong with a text, as the command prints it.
    static func problems(_ text: String) -> [String] {
        do {
            _ = try read(text)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    static func one(_ record: String) -> String { "timeline:\n  - { at: 2026-03-02T09:00, \(record) }\n" }

    @Test("the mark that Windows puts before a text changes nothing, in YAML, in JSON and in a file of rules")
    func byteOrderMark() throws {
        let yaml = Self.one("type: case.opened, kind: penalty")
        let json =
            #"{"timeline":[{"at":"2026-03-02T09:00","type":"case.opened","kind":"penalty","actor":"\ud83d\ude00"}]}"#
        #expect(try Self.read("\u{feff}" + yaml).records == Self.read(yaml).records)
        #expect(try Self.read("\u{feff}" + json).records == Self.read(json).records)
        #expect(Self.problems("\u{feff}" + yaml + "nonsense: 1\n") == Self.problems(yaml + "nonsense: 1\n"))
        #expect(Sample.problems(replacing: "regulation: sample\n", with: "\u{feff}regulation: sample\n").isEmpty)
    }

    @Test("a recording that a request lists goes by its name, and is its thread; a paper of that name stays the paper")
    func listed() throws {
        let told = try Self.read(
            """
            timeline:
              - { at: 2026-03-02T09:00, type: recording.imported, thread: 录像, form: video, device: recorder }
              - { type: document.fixed, document: 两可, kind: penalty-decision, data: { facts: 迟报 } }
              - { type: request.made, thread: 申请, kind: copy, applicantKind: party, recordings: [未入库, 两可] }
              - { type: request.checked, thread: 申请, result: treated, cleared: 录像, withheld: [未入库, 两可, 不知] }
            """)
        let checked = try #require(told.records.last)
        #expect(checked.plain["cleared"] == .string(TimelineNames.tag(of: "录像").description))
        #expect(
            checked.plain["withheld"]
                == .array([.string(TimelineNames.tag(of: "未入库").description), "两可", "不知"]))
        #expect(told.notes.contains { $0.contains("“两可”既是文书又是音像资料的名称") })
    }

    @Test("settings and offices of a text that is not asked, and a next step of nothing, are told")
    func unasked() throws {
        let told = try Self.read(
            "settings: { backup-days: 10 }\noffices: { initiation-approver: agencyHead }\n"
                + Self.one("type: case.opened, kind: penalty, procedure: general") + "next: []\n")
        func notes(_ texts: String...) throws -> [String] {
            try CheckReport(told, texts: texts.map { .init(regulation: $0) }, base: HistoryTests.base).notes
        }
        let alone = try notes("recorder-mgmt")
        #expect(alone.contains("设置“backup-days”不在所用的制度里，没有改变什么"))
        #expect(alone.contains("职位“initiation-approver”不在所用的制度里，没有改变什么"))
        #expect(alone.contains("next 里没有记录：没有提出下一步，没有据以判断"))
        #expect(try !notes("luanchuan-2020", "qinghe").contains { $0.contains("不在所用的制度里") })
    }

    @Test("JSON and YAML of the same history are the same records")
    func bothForms() throws {
        let yaml = try Self.read(
            """
            settings: {}
            timeline:
              - { id: begun, at: 2026-03-02T09:00+08:00, stated: 2026-03-02T08:30+08:00, actor: 甲, type: activity.began,
                  activity: a1, kind: siteInspection, officers: [甲, 乙], startAt: 2026-03-02T08:30+08:00, place: 示例路1号 }
              - { type: activity.ended, activity: a1, endAt: 1772418600000, refs: { began: begun } }
            """)
        let json = try Self.read(
            """
            {"settings":{},"offices":null,"timeline":[{"id":"begun","at":"2026-03-02T01:00:00Z","stated":1772411400000,
            "actor":"甲","type":"activity.began","activity":"a1","kind":"siteInspection","officers":["甲","乙"],
            "startAt":"2026-03-02T00:30:00Z","place":"示例路1号"},
            {"type":"activity.ended","activity":"a1","endAt":"2026-03-02T10:30+08:00","refs":{"began":["begun"]},
            "note":null}]}
            """)
        #expect(yaml.records == json.records)
        let first = try #require(yaml.records.first)
        #expect(first.recordedAt == Instant("2026-03-02T09:00+08:00"))
        #expect(first.statedAt == Instant("2026-03-02T08:30+08:00"))
        #expect(first.actor == TimelineNames.tag(of: "甲"))
        #expect(first.threads("officers") == [TimelineNames.tag(of: "甲"), TimelineNames.tag(of: "乙")])
        #expect(first.fields["place"] == "示例路1号")
        #expect(first.thread == TimelineNames.tag(of: "case"))
        #expect(yaml.records[1].seq == 2)
        #expect(yaml.records[1].references == [RecordReference(role: "began", thread: first.thread, seq: 1)])
        #expect(
            yaml.notes == [
                "timeline 第2条没有写 at，按前一条记录的时间计", "timeline 第2条的“结束执法活动”没有角色“began”（refs），没有规则依它判断",
            ])
        #expect(yaml.names.name(of: first.id) == "begun")
        #expect(yaml.next == nil)
    }

    @Test("the tag of a name is what docs/formats-timeline.md says")
    func tags() {
        #expect(TimelineNames.tag(of: "甲").description == "64f4ea9498bff60cb2799dbd9dbbbd4f")
    }

    @Test("a thread is the type's own unless one is named, and each counts its own places")
    func threads() throws {
        let told = try Self.read(
            """
            timeline:
              - { at: 2026-03-02T09:00, type: case.opened }
              - { type: recording.imported, thread: video1, form: video }
              - { type: recording.imported, form: audio }
              - { type: recording.linked, recording: video1 }
              - { type: recorder.registered, kind: bodyRecorder, functions: [video, sound] }
              - { type: regulation.adopted, regulation: sample, inForceFrom: 2026-01-01 }
            """)
        let names = told.records.map { "\(told.names.name(of: $0.thread))#\($0.seq)" }
        #expect(names == ["case#1", "video1#1", "recording#1", "case#2", "recorder#1", "bureau#1"])
        #expect(told.records[3].thread("recording") == told.records[1].thread)
        #expect(told.records[4].plain["functions"] == ["video", "sound"])
        #expect(told.records[5].word("inForceFrom") == "2026-01-01")
    }

    @Test("a form goes to the field data; words without quotation marks are what they look like")
    func forms() throws {
        let told = try Self.read(
            Self.one(
                "type: document.fixed, document: d1, kind: x-memo, data: { a: 1, b: \"1\", c: true, d: [x, 2026-03-02], e: null }, withhold: digest"
            ))
        let record = try #require(told.records.first)
        #expect(record.fields["data"] == ["a": 1, "b": "1", "c": true, "d": ["x", "2026-03-02"]])
        #expect(record.fieldNames == ["data", "digest"])
        #expect(record.fields["digest"] == nil)
    }

    @Test("JSON's pairs of escapes, its escaped slash and tabs are read")
    func jsonText() throws {
        let told = try Self.read(
            "{\n\t\"timeline\":[\n\t\t{\"at\":\"2026-03-02T09:00\",\"type\":\"case.ended\",\"reason\":\"\\ud83d\\ude00 a\\/b \\\\ud83d\"}\n\t]\n}"
        )
        #expect(told.records.first?.text("reason") == "😀 a/b \\ud83d")
        #expect(!Self.problems("{\"timeline\":[{\"type\":\"\\ud83d\"}]}").isEmpty)
    }

    @Test("times may be missing or out of order, and it is said")
    func times() throws {
        let told = try Self.read(
            """
            timeline:
              - { type: case.opened }
              - { at: 2026-03-02T09:00, type: finding.recorded }
              - { at: 2026-03-01T09:00, type: case.ended }
              - { type: activity.began, activity: a1, kind: siteInspection }
            next: [{ type: case.filed }]
            """)
        let times = told.records.map { String($0.recordedAt.description.prefix(16)) }
        #expect(times == ["2026-03-02T09:00", "2026-03-02T09:00", "2026-03-01T09:00", "2026-03-01T09:00"])
        #expect(told.notes.contains("timeline 第1条没有写 at，按前一条记录的时间计"))
        #expect(told.notes.contains("timeline 第3条的时间早于前一条记录，顺序按文件中的先后"))
        #expect(told.notes.contains("活动“a1”没有结束的记录"))
        #expect(told.next?.first?.recordedAt == told.records.last?.recordedAt)
        #expect(
            Self.problems("timeline: [{ type: case.opened }]") == ["t.yaml:1:11: [missing-key] 没有一条记录写明时间，至少第一条应写 at"])
    }

    @Test(
        "a link that is told in its recording's thread means that recording; one that names none is said to link nothing"
    )
    func links() throws {
        let told = try Self.read(Self.one("type: recording.linked, thread: r1, activity: a1"))
        #expect(told.records.first?.thread("recording") == TimelineNames.tag(of: "r1"))
        #expect(told.notes.contains { $0.contains("按所在的线程“r1”计") })
        let none = try Self.read(Self.one("type: recording.linked, activity: a1"))
        #expect(none.records.first?.thread("recording") == nil)
        #expect(none.notes.contains { $0.contains("没有写明是哪一份音像资料") })
        let named = try Self.read(Self.one("type: recording.linked, activity: a1, recording: r2"))
        #expect(!named.notes.contains { $0.contains("按所在的线程") || $0.contains("没有写明是哪一份") })
    }

    @Test("papers of unknown kinds, fields, words and slots are judged as written, and it is said")
    func doubts() throws {
        let told = try Self.read(
            """
            timeline:
              - { at: 2026-03-02T09:00, type: document.fixed, document: d1, kind: right-notice }
              - { type: document.fixed, document: d2, kind: rights-notice, data: { fact: x, method: writen } }
              - { type: document.signed, document: d2, slot: partyy, manner: screen }
              - { type: document.signed, document: d2, slot: officer2, manner: screen }
              - { type: document.fixed, document: d3, kind: x-anything }
            """)
        #expect(told.records.count == 5)
        let doubts = told.notes.filter { $0.contains("照写的内容判断") }
        #expect(doubts.count == 4)
        #expect(doubts.first == "timeline 第1条：没有文书种类“right-notice”，照写的内容判断，是否想写“rights-notice”？")
    }

    @Test(
        "every mistake is named with its place, what was expected and what was perhaps meant",
        arguments: [
            ("timelin: []", "t.yaml:1:1: [missing-key] 这里缺少“timeline”"),
            ("timelin: []", "t.yaml:1:1: [unknown-key] 不认识“timelin”，是否想写“timeline”？"),
            ("timeline: x", "t.yaml:1:11: [shape] timeline应是一个列表，每项以“- ”开头"),
            ("timeline: [x]", "t.yaml:1:12: [shape] 记录应写成“名称: 内容”的形式"),
            ("- a", "t.yaml:1:1: [shape] 时间线文件应写成“名称: 内容”的形式"), ("", "t.yaml: [unreadable] 文件是空的"),
            (one("kind: x"), "t.yaml:2:5: [missing-key] 这里缺少“type”"),
            (one("type: case.open"), "t.yaml:2:35: [unknown-word] 记录类型没有“case.open”，是否想写“case.opened”？"),
            (one("type: case.opened, knd: penalty"), "t.yaml:2:48: [unknown-word] 记录“case.opened”没有“knd”，是否想写“kind”？"),
            (
                one("type: case.opened, kind: penalti"),
                "t.yaml:2:54: [unknown-word] “kind”没有“penalti”，是否想写“penalty”？"
            ),
            (
                one("type: case.opened, isMajor: yes"),
                "t.yaml:2:57: [value] isMajor应写 true 或 false，写成“yes”无法读取"
            ),
            (
                one("type: case.opened, startedAt: noon"),
                "t.yaml:2:59: [value] startedAt应是整数、形如 2026-03-02T09:00+08:00 的时间，或者形如 2026-03-02 的日期，写成“noon”无法读取"
            ),
            (
                one("type: case.opened, stated: 2026-03-02"),
                "t.yaml:2:56: [value] stated应是形如 2026-03-02T09:00+08:00 的时间，写成“2026-03-02”无法读取"
            ),
            (one("type: case.opened, handlers: [{ a: b }]"), "t.yaml:2:59: [shape] handlers应是一段文字"),
            (one("type: case.opened, actor: [a]"), "t.yaml:2:55: [shape] actor应是一段文字"),
            (one("type: document.fixed, data: text"), "t.yaml:2:57: [shape] data应写成“名称: 内容”的形式"),
            (
                one("type: performance.recorded, obligation: 1.5"),
                "t.yaml:2:69: [value] obligation只能用整数，金额以分计；“1.5”若是文字，请加引号"
            ),
            (
                one("type: case.opened, refs: { a: b }"), "t.yaml:2:59: [unknown-word] 前面的记录名没有“b”，这里一个也没有"
            ),
            (
                one("type: case.opened, withhold: titel"),
                "t.yaml:2:58: [unknown-word] 记录“case.opened”的字段没有“titel”，是否想写“title”？"
            ),
            (
                "timeline:\n  - { id: a, at: 2026-03-02T09:00, type: case.opened }\n  - { id: a, type: case.ended }",
                "t.yaml:3:11: [duplicate] 记录名“a”写了两次"
            ),
            (one("type: case.opened, type: case.ended"), "[duplicate] 同一处重复写了“type”"),
            ("timeline: [{ type: &a x }]", "[syntax] 不允许使用 YAML 锚点"),
            ("timeline: [", "[syntax] YAML 写法有误"), ("settings: { spare: 1 }", "[unknown-word] 设置没有“spare”"),
            ("offices: { chief: 1 }", "[unknown-word] 职位没有“chief”"),
        ])
    func mistakes(text: String, message: String) {
        let problems = Self.problems(text)
        #expect(problems.contains { $0.contains(message) }, "\(problems)")
    }

    @Test("all mistakes are named at once, in the order of the file")
    func allAtOnce() {
        let problems = Self.problems(
            """
            timeline:
              - { at: 2026-03-02T09:00, type: case.opened, kind: x, procedure: y }
              - { type: nothing }
              - { type: case.ended, ground: z }
            """)
        let places = problems.map { String($0.prefix(9)) }
        #expect(places == ["t.yaml:2:", "t.yaml:2:", "t.yaml:3:", "t.yaml:4:"])
    }

    @Test("no member of any type has the name of a key that every record may have")
    func reserved() {
        for type in EntryType.allCases {
            let keys = ["type", "at", "stated", "actor", "thread", "id", "refs", "withhold"]
            #expect(Set(type.members.keys).isDisjoint(with: keys), "\(type.rawValue)")
        }
    }

    @Test("a thousand entries are read; more than twenty thousand, and more than 8 MiB, are refused")
    func bounds() throws {
        let line = "  - { type: finding.recorded, outcome: suspected }\n"
        let head = "timeline:\n  - { at: 2026-03-02T09:00, type: case.opened }\n"
        #expect(try Self.read(head + String(repeating: line, count: 1000)).records.count == 1001)
        let many = "timeline:\n" + String(repeating: "  - {}\n", count: 20_001)
        #expect(Self.problems(many).contains { $0.contains("记录超过 20000 条，请拆分") })
        let large = "timeline: []\n#" + String(repeating: "x", count: 8 << 20)
        #expect(Self.problems(large) == ["t.yaml: [unreadable] 文件超过 8 MiB，请拆分"])
    }

    @Test("deep nesting is refused, not followed")
    func nesting() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(!Self.problems(deep).isEmpty)
        let inner = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(Self.problems(Self.one("type: case.ended, reason: \(inner)")).contains { $0.contains("嵌套过深") })
    }

    @Test("a file of nothing but mistakes stops being listed, and notes stop too")
    func floods() throws {
        let wrong = "timeline:\n" + String(repeating: "  - { type: x }\n", count: 3000)
        #expect(Self.problems(wrong).count == 500)
        let untimed =
            "timeline:\n  - { at: 2026-03-02T09:00, type: case.opened }\n"
            + String(repeating: "  - { type: finding.recorded }\n", count: 300)
        #expect(try Self.read(untimed).notes.last == "另有 200 处类似情况")
    }

    @Test("whatever bytes are put in the place of others, the reader answers", arguments: 0..<40)
    func fuzz(seed: Int) {
        let text = """
            {"settings":{},"timeline":[{"id":"a","at":"2026-03-02T09:00","type":"document.fixed","document":"d1",
            "kind":"rights-notice","data":{"rights":["statement"]},"refs":{}},{"type":"activity.began","officers":["甲"]}]}
            """
        var random = SeededRandom(UInt64(seed))
        var bytes = Array(text.utf8)
        for _ in 0..<(1 + seed % 5) {
            let index = Int(random.next() % UInt64(bytes.count))
            bytes[index] = UInt8(truncatingIfNeeded: random.next())
        }
        do {
            let told = try Timeline.read(bytes, file: "t", library: Sample.library)
            #expect(told.records.count <= 2)
        } catch {
            #expect(!error.problems.isEmpty)
        }
    }
}
