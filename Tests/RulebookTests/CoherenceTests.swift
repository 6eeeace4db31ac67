import Casework
import Foundation
import Kernel
import Rulebook
import TestKit
import Testing

/// What a history says against itself is refused where it stands; what it leaves untold is noted. Neither is passed over.
@Suite("Timelines whose records do not fit one another")
struct CoherenceTests {
    private static let opened = "{ at: 2026-03-02T09:00, type: case.opened, kind: penalty, handlers: [甲, 乙] }"
    private static let began = "{ at: 2026-03-02T10:00, type: activity.began, activity: a1, kind: siteInspection"

    private static func text(_ lines: [String]) -> String {
        "timeline:\n" + lines.map { "  - \($0)\n" }.joined()
    }

    private static func notes(_ lines: String...) throws -> [String] {
        try TimelineTests.read(text(lines)).notes
    }

    private static func problems(_ lines: String...) -> [String] { TimelineTests.problems(text(lines)) }

    @Test("a session that ends before it began is refused; where one of the times is not told it is noted")
    func sessions() throws {
        let ended = "{ at: 2026-03-02T11:00, type: activity.ended, activity: a1, endAt: 2026-03-02T09:30 }"
        let start = ", startAt: 2026-03-02T10:00 }"
        #expect(
            Self.problems(Self.opened, Self.began + start, ended) == [
                "t.yaml:4:5: [contradiction] 活动“a1”结束（2026-03-02T09:30:00+08:00）早于开始（2026-03-02T10:00:00+08:00），请核对 startAt、endAt"
            ])
        #expect(Self.problems(Self.opened, Self.began + ", stated: 2026-03-02T10:00 }", ended).count == 1)
        let untold = try Self.notes(Self.opened, Self.began + " }", ended)
        #expect(untold.contains { $0.hasPrefix("timeline 第3条：活动“a1”的结束早于开始") })
        let right = try Self.notes(
            Self.opened, Self.began + start, ended.replacing("09:30", with: "10:00"))
        #expect(right == [])
    }

    @Test("a session whose wrong end was corrected fits; one that a correction turned round does not")
    func correctedSessions() throws {
        let ended = "{ id: e, at: 2026-03-02T11:00, type: activity.ended, activity: a1, endAt: 2026-03-02T09:30 }"
        func corrected(_ time: String) -> String {
            "{ at: 2026-03-03T09:00, type: entry.corrected, member: endAt, instant: \(time), refs: { corrects: e } }"
        }
        let start = ", startAt: 2026-03-02T10:00 }"
        #expect(Self.problems(Self.opened, Self.began + start, ended, corrected("2026-03-02T10:30")) == [])
        let right = ended.replacing("09:30", with: "10:30")
        #expect(Self.problems(Self.opened, Self.began + start, right, corrected("2026-03-02T08:00")).count == 1)
    }

    @Test(
        "what one record tells from and to is refused where it runs backwards",
        arguments: [
            "type: recording.imported, thread: v1, form: video, startAt: 2026-03-02T10:00, endAt: 2026-03-02T09:00",
            "type: talk.held, startAt: 2026-03-02T10:00, endAt: 2026-03-02T09:00",
            "type: recording.interrupted, thread: v1, from: 2026-03-02T10:00, to: 2026-03-02T09:00",
            "type: grant.given, person: 丁, fromDay: 2026-03-05, untilDay: 2026-03-04",
        ])
    func backwards(record: String) {
        let found = Self.problems("{ at: 2026-03-06T09:00, \(record) }")
        #expect(found.count == 1 && found[0].contains("[contradiction]") && found[0].contains("早于"), "\(found)")
    }

    @Test(
        "the later course of a paper that was never made is noted",
        arguments: ["document.signed", "document.issued", "document.served", "document.voided", "document.scanned"])
    func papers(type: String) throws {
        let record = "{ at: 2026-03-03T09:00, type: \(type), document: d1 }"
        let wanted = "timeline 第2条的“\(try #require(EntryType(rawValue: type)).chinese)”：前面没有“制作文书”"
        #expect(try Self.notes(Self.opened, record).contains { $0.hasPrefix(wanted) && $0.contains("“d1”") })
        // Made afterwards is not made before.
        let fixed = "{ at: 2026-03-03T09:00, type: document.fixed, document: d1, kind: x-memo }"
        #expect(try Self.notes(Self.opened, record, fixed).contains { $0.hasPrefix(wanted) })
        #expect(try Self.notes(Self.opened, fixed, record) == [])
    }

    @Test("a case that is opened twice is noted: a file tells of one case")
    func twice() throws {
        let found = try Self.notes(Self.opened, Self.opened)
        #expect(found.count == 1 && found[0].hasPrefix("“开立案件”写了 2 次（timeline 第1条、timeline 第2条）"), "\(found)")
    }

    /// What stands in a correction of the opening, and what is said of it.
    static let corrections: [(String, String)] = [
        ("member: nope, word: inspection", "[unknown-word] member：“case.opened”没有“nope”"),
        ("member: titel, value: 新案由", "“titel”，是否想写“title”？"),
        (
            "member: startedAt, word: inspection",
            "[contradiction] 更正“startedAt”（时间），新的值应写在 instant 里，这里写成了 word"
        ),
        ("member: title, instant: 2026-03-02T09:00", "[contradiction] 更正“title”（文字），新的值应写在 value 里，这里写成了 instant"),
        ("member: kind, word: nope", "[unknown-word] “kind”没有“nope”，可以写：inspection、penalty"),
        ("member: kind", "[missing-key] 更正“kind”（词），新的值应写在 word 里，这里没有写"),
        ("member: title, value: 新案由, word: x", "[contradiction] 更正“title”（文字），新的值应写在 value 里，这里写成了 word、value"),
        ("member: handlers, word: 丙", "[contradiction] “case.opened”的“handlers”不能用更正记录改写，请另记一条“case.opened”"),
        ("member: startedAt, instant: 2026-03-02", "[value] 更正“startedAt”，instant 应是形如 2026-03-02T09:00+08:00 的时间"),
    ]

    @Test(
        "a correction of what the record does not have, or by another sort of value, is refused", arguments: corrections
    )
    func corrected(told: String, message: String) {
        let found = Self.problems(Self.opened, "{ at: 2026-03-03T09:00, type: entry.corrected, target: 1, \(told) }")
        #expect(found.count == 1 && found[0].hasPrefix("t.yaml:3:5: ") && found[0].contains(message), "\(found)")
    }

    @Test("a correction that corrects nothing is noted")
    func nothing() throws {
        func correction(_ told: String) throws -> [String] {
            try Self.notes(Self.opened, "{ at: 2026-03-03T09:00, type: entry.corrected, target: 1, \(told) }")
        }
        #expect(try correction("word: penalty") == ["timeline 第2条没有写明更正哪一项（member），没有更正什么"])
        #expect(
            try correction("member: startedAt, instant: 2026-03-02T08:00") == [
                "timeline 第2条：所更正的记录没有写“startedAt”，没有更正什么"
            ])
        #expect(try correction("member: title, value: 新案由") == [])
        #expect(try correction("member: title, withhold: value") == [])
    }

    @Test("money and counts are never negative; a clock may be slow and a time before 1970")
    func negative() throws {
        for (told, message) in [
            (
                "type: document.fixed, document: d1, kind: rights-notice, data: { amount: -5 }",
                "（amount）是金额，以分计，不能是负数，写成“-5”不可以"
            ),
            ("type: fine.collected, amount: -5", "amount不能是负数，写成“-5”不可以"),
            ("type: recorder.checked, thread: r1, battery: -1", "battery不能是负数"),
        ] {
            let found = Self.problems(Self.opened, "{ at: 2026-03-03T09:00, \(told) }")
            #expect(found.count == 1 && found[0].contains("[value]") && found[0].contains(message), "\(found)")
        }
        #expect(
            try Self.notes(
                Self.opened, "{ at: 2026-03-03T09:00, type: recorder.checked, thread: r1, clockOffset: -60 }")
                == [])
        #expect(
            try Self.notes(
                Self.opened,
                "{ at: 2026-03-03T09:00, type: correction.checked, checkedAt: -86400000 }") == [])
    }

    /// What is told after the opening of the case, and what is said of it.
    static let doubtful: [([String], String)] = [
        (
            ["type: decision.drafted, id: d", "type: decision.approved, refs: { drft: d }"],
            "没有角色“drft”（refs），没有规则依它判断，是否想写“draft”？"
        ),
        (["type: document.fixed, document: p, kind: x-memo, activity: ghost"], "活动“ghost”没有开始的记录"),
        (["type: recording.linked, recording: ghost"], "音像资料“ghost”没有入库的记录"),
        (
            ["type: activity.began, activity: a, kind: hearing", "type: activity.began, activity: a, kind: hearing"],
            "活动“a”已经在timeline 第2条开始，当作同一次活动"
        ),
        (
            [
                "type: activity.began, activity: a, kind: hearing", "type: activity.ended, activity: a",
                "type: activity.ended, activity: a",
            ], "活动“a”的结束写了 2 次（timeline 第3条、timeline 第4条），后写的当作更正"
        ),
        (["type: case.filed", "type: case.filed"], "“案卷归档”写了 2 次"),
        (["type: case.filed", "type: decision.approved, decision: approve"], "在案卷归档（timeline 第2条）以后"),
        (["type: recorder.returned, thread: r1, officer: 甲"], "前面没有领用的记录"),
        (["type: term.resumed, matter: case-filing"], "前面没有中止这个期限的记录"),
        (
            ["type: regulation.adopted, regulation: qinge, inForceFrom: 2026-03-02"],
            "没有制度“qinge”，这次施行什么也没有开始，是否想写“qinghe”？"
        ),
        (
            ["type: regulation.adopted, regulation: qinghe, inForceFrom: 2026-03-02, approver: departmentHead"],
            "”不能选“departmentHead”（可选 "
        ),
        (
            ["type: term.extended, thread: q2, matter: case-filing, untilDay: 2026-05-01, approvedBy: 丙"],
            "的“延长期限”在线程“q2”里，那里没有别的记录，按本案的期限计"
        ),
        (["type: report.submitted, kind: quarterlyData, period: 2025q4"], "period 应是季度，形如 2026Q1，这里写成“2025q4”"),
        (["type: report.submitted, kind: annualReport"], "period 应是年度，形如 2026，这里没有写"),
        (
            ["type: publication.made, thread: p1, kind: annualReport, period: 2025Q4"],
            "period 应是年度，形如 2026，这里写成“2025Q4”"
        ),
    ]

    @Test("what names nothing, comes twice or comes too late is noted once and judged as written", arguments: doubtful)
    func doubts(told: [String], note: String) throws {
        let notes = try TimelineTests.read(
            Self.text([Self.opened] + told.map { "{ at: 2026-03-03T09:00, \($0) }" })
        ).notes
        #expect(notes.count { $0.contains(note) } == 1, "\(notes)")
    }

    @Test("what fits is not spoken of")
    func fitting() throws {
        let notes = try Self.notes(
            Self.opened, Self.began + " }", "{ at: 2026-03-02T11:00, type: activity.ended, activity: a1 }",
            "{ at: 2026-03-02T12:00, type: document.fixed, document: p, kind: x-memo, activity: a1 }",
            "{ at: 2026-03-02T12:00, type: recording.imported, thread: v1, form: video }",
            "{ at: 2026-03-02T12:00, type: recording.linked, recording: v1, activity: a1 }",
            "{ at: 2026-03-02T12:00, type: recorder.issued, thread: r1, officer: 甲 }",
            "{ at: 2026-03-02T12:00, type: recorder.returned, thread: r1, officer: 甲 }",
            "{ at: 2026-03-02T12:00, type: request.made, thread: q1, kind: copy }",
            "{ at: 2026-03-02T12:00, type: term.suspended, thread: q1, matter: case-filing }",
            "{ at: 2026-03-02T12:00, type: term.resumed, thread: q1, matter: case-filing }",
            "{ at: 2026-03-02T12:00, type: report.submitted, kind: quarterlyData, period: 2025Q4 }",
            "{ at: 2026-03-02T12:00, type: report.submitted, kind: annualReport, period: 2025 }",
            "{ id: d, at: 2026-03-02T12:00, type: decision.drafted }",
            "{ at: 2026-03-02T12:00, type: decision.approved, decision: approve, refs: { draft: d } }",
            "{ at: 2026-03-02T12:00, type: regulation.adopted, regulation: qinghe, inForceFrom: 2026-03-02 }",
            "{ at: 2026-03-02T12:00, type: case.filed }")
        #expect(notes == [])
    }

    @Test("one name for two sessions or two papers, and a reference to another sort of record, are refused")
    func twofold() {
        let session = "{ at: 2026-03-03T09:00, type: activity.began, activity: a1, kind: hearing }"
        #expect(
            Self.problems(Self.opened, Self.began + " }", session) == [
                "t.yaml:4:5: [contradiction] 活动“a1”在timeline 第2条是 siteInspection，这里是 hearing：两次活动请用两个名字"
            ])
        func paper(_ kind: String) -> String {
            "{ at: 2026-03-03T09:00, type: document.fixed, document: d1, kind: \(kind) }"
        }
        #expect(
            Self.problems(Self.opened, paper("rights-notice"), paper("interview-transcript")) == [
                "t.yaml:4:5: [contradiction] 文书“d1”前面是 rights-notice，这里是 interview-transcript：两份文书请用两个名字"
            ])
        #expect(Self.problems(Self.opened, paper("rights-notice"), paper("rights-notice")) == [])
        let found = Self.problems(
            Self.opened.replacing("{ at", with: "{ id: a, at"),
            "{ at: 2026-03-03T09:00, type: decision.approved, decision: approve, refs: { draft: a } }")
        #expect(
            found == [
                "t.yaml:3:5: [contradiction] refs 的 draft 应指向“草拟决定”（decision.drafted），这里指向“开立案件”（case.opened）"
            ])
    }

    @Test("what is proposed is looked at too, and check says all of it")
    func proposed() throws {
        let told = try TimelineTests.read(
            Self.text([Self.opened]) + "next: [{ type: document.voided, document: d9 }]\n")
        #expect(told.notes.contains { $0.contains("“d9”") })
        let report = try CheckReport(told, texts: [.init(regulation: "qinghe")], base: HistoryTests.base)
        #expect(report.notes.contains { $0.contains("“d9”") })
    }
}
