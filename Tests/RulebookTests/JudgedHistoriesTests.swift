import Casework
import Kernel
import Rulebook
import TestKit
import Testing

/// Histories that were once judged wrongly, each with its neighbour that keeps the rule.
@Suite("Histories that were judged wrongly")
struct JudgedHistoriesTests {
    static func report(
        _ lines: [String], by texts: String..., at: String? = nil, known: Int? = nil, next: [String] = []
    ) throws -> CheckReport {
        var text = "timeline:\n" + lines.map { "  - \($0)\n" }.joined()
        if !next.isEmpty { text += "next:\n" + next.map { "  - \($0)\n" }.joined() }
        let told = try Timeline.read(Array(text.utf8), file: "t.yaml", library: Sample.library)
        return try CheckReport(
            told, texts: texts.map { .init(regulation: $0) }, base: HistoryTests.base, known: known,
            at: at.flatMap { Instant($0) })
    }

    /// How what one row asks of a matter stands, in the order of its parts.
    static func states(_ report: CheckReport, _ row: String, _ matter: String) -> [ObligationStanding] {
        report.evaluation.obligations(of: matter).flatMap { one in
            one.parts.filter { $0.citation.provision == row }.map {
                Obligation(key: one.key, title: one.title, parts: [$0]).state(at: report.at)
            }
        }
    }

    static func part(_ report: CheckReport, _ row: String, _ matter: String) throws -> ObligationPart {
        try #require(
            report.evaluation.obligations(of: matter).flatMap(\.parts).first { $0.citation.provision == row })
    }

    static let opened =
        "{ at: 2025-08-20T09:00, type: case.opened, kind: penalty, procedure: general, handlers: [甲, 乙], subjectKind: organisation, actor: 甲 }"
    static let session =
        "{ id: began, at: 2026-03-06T09:00, type: activity.began, activity: a1, kind: siteInspection, officers: [甲, 乙], startAt: 2026-03-06T09:00, usesRecorder: true }"

    /// A film and its link to the session, recorded at the second instant.
    static func film(_ name: String, _ from: String, _ to: String, at: String, more: String = "") -> [String] {
        [
            "{ at: \(at), type: recording.imported, thread: \(name), form: video, device: recorder, startAt: \(from), endAt: \(to), storage: system, holder: 甲 }",
            "{ at: \(at), type: recording.linked, thread: \(name), recording: \(name), activity: a1\(more) }",
        ]
    }

    // MARK: the law's reading

    @Test("a recording that no player reads meets no duty to record; one result with facts makes it count again")
    func unreadable() throws {
        let history =
            [Self.opened, Self.session]
            + Self.film("v1", "2026-03-06T08:50", "2026-03-06T12:10", at: "2026-03-06T13:00")
        let doubt =
            "{ at: 2026-03-06T14:00, type: recording.inspected, thread: v1, result: cannotTell, verdict: cannotTell, doubt: unplayable }"
        let facts =
            "{ at: 2026-03-06T15:00, type: recording.inspected, thread: v1, result: facts, verdict: continuous }"
        for (more, state) in [([], ObligationStanding.met), ([doubt], .open), ([doubt, facts], .met)] {
            let found = try Self.report(history + more, by: "zhaoxian-2017", "qinghe")
            #expect(Self.states(found, "zhaoxian-2017:13a", "activity-av") == [state], "\(more.count)")
            #expect(Self.states(found, "qinghe:11a", "activity-av") == [state], "\(more.count)")
        }
    }

    @Test("an approved correction is read into what it corrects, by its role or by the place that it names")
    func corrected() throws {
        let history =
            [Self.opened, Self.session]
            + ["{ id: en, at: 2026-03-06T20:00, type: activity.ended, activity: a1, endAt: 2026-03-06T18:00 }"]
            + Self.film("v1", "2026-03-06T08:50", "2026-03-06T11:05", at: "2026-03-07T12:00")
        func correction(_ more: String) -> String {
            "{ at: 2026-03-09T10:00, type: entry.corrected, member: endAt, instant: 2026-03-06T11:00, reason: 笔误, approvedBy: 长, proposedBy: 甲\(more) }"
        }
        let before = try Self.report(history, by: "recorder-mgmt")
        #expect(Self.states(before, "recorder-mgmt:20a", "av-import") == [.met])
        for more in [", target: 3, refs: { corrects: en }", ", target: 3", ", refs: { corrects: en }"] {
            let after = try Self.report(history + [correction(more)], by: "recorder-mgmt")
            #expect(Self.states(after, "recorder-mgmt:20a", "av-import") == [.metLate], "\(more)")
            #expect(try Self.part(after, "recorder-mgmt:20a", "av-import").due == Instant("2026-03-07T11:00+08:00"))
        }
        let nothing = try Self.report(history + [correction("")], by: "recorder-mgmt")
        #expect(Self.states(nothing, "recorder-mgmt:20a", "av-import") == [.met])
        #expect(nothing.notes.contains { $0.contains("没有写明更正哪一条记录") })
        #expect(throws: RuleFileError.self) {
            try Self.report(history + [correction(", target: 9")], by: "recorder-mgmt")
        }
        #expect(throws: RuleFileError.self) {
            try Self.report(history + [correction(", target: 2, refs: { corrects: en }")], by: "recorder-mgmt")
        }
    }

    // MARK: terms that change

    private static let served = [
        opened,
        "{ at: 2025-09-01T09:00, type: document.fixed, document: pd, kind: penalty-decision, data: { facts: x } }",
        "{ at: 2025-09-01T10:00, type: document.served, document: pd, method: direct, servedAt: 2025-09-01T10:00 }",
    ]

    @Test("a term that was over does not come back to life; one that still ran starts anew")
    func restarted() throws {
        func report(_ day: String) throws -> CheckReport {
            try Self.report(
                Self.served + ["{ at: \(day)T09:00, type: term.restarted, matter: court-term, reason: x }"],
                by: "parent-law", at: "2026-12-01T00:00+08:00")
        }
        let late = try report("2026-07-10")
        #expect(Self.states(late, "parent-law:compulsion-53", "court-term") == [.overdue])
        #expect(try Self.part(late, "parent-law:compulsion-53", "court-term").notes.contains { $0.contains("期限届满以后") })
        #expect(Self.states(try report("2026-05-10"), "parent-law:compulsion-53", "court-term") == [.open])
    }

    @Test("that an extension was approved in time is shown by the server's time alone, and no handler approves it")
    func backdated() throws {
        func report(_ at: String, stated: String, by approver: String) throws -> CheckReport {
            try Self.report(
                Self.served + [
                    "{ at: \(at), stated: \(stated), type: term.extended, matter: party-performance, reason: x, approvedBy: \(approver), untilDay: 2026-10-20, actor: 甲 }"
                ], by: "parent-law", at: "2026-01-01T00:00+08:00")
        }
        let row = "parent-law:penalty-67"
        let late = try report("2025-12-01T09:00", stated: "2025-09-10T09:00", by: "长")
        #expect(Self.states(late, row, "party-performance") == [.overdue])
        let handler = try report("2025-09-10T10:00", stated: "2025-09-10T09:00", by: "甲")
        #expect(Self.states(handler, row, "party-performance") == [.overdue])
        #expect(try Self.part(handler, row, "party-performance").notes.contains { $0.contains("承办人") })
        let kept = try report("2025-09-10T10:00", stated: "2025-09-10T09:00", by: "长")
        #expect(Self.states(kept, row, "party-performance") == [.open])
        let still = try Self.report(
            Self.served + [
                "{ at: 2026-07-01T09:00, stated: 2026-05-30T09:00, type: term.suspended, matter: court-term, reason: x }"
            ], by: "parent-law", at: "2026-12-01T00:00+08:00")
        #expect(Self.states(still, "parent-law:compulsion-53", "court-term") == [.overdue])
    }

    @Test("a higher rule counts from when it was recorded, whatever it states")
    func backdatedRule() throws {
        func report(_ at: String) throws -> CheckReport {
            try Self.report(
                [
                    Self.opened, "{ at: 2025-09-01T09:00, type: case.ended, ground: performed }",
                    "{ at: \(at), stated: 2025-08-01T09:00, type: rule.overridden, provision: \"zhaoxian-2017:30.p2\", higherRule: 省办法, article: 一, effect: \"off\" }",
                ].sorted { $0.dropFirst(6).prefix(17) < $1.dropFirst(6).prefix(17) }, by: "zhaoxian-2017",
                at: "2025-11-01T00:00+08:00")
        }
        #expect(Self.states(try report("2025-10-05T09:00"), "zhaoxian-2017:30.p2", "case-filing").contains(.overdue))
        let kept = try report("2025-08-21T09:00")
        #expect(!Self.states(kept, "zhaoxian-2017:30.p2", "case-filing").contains(.overdue))
        #expect(Self.states(kept, "zhaoxian-2017:30.p2", "case-filing").contains(.excused))
    }

    @Test("an answer is put off by twenty working days at most, and only that of the request that was put off")
    func extendedTooFar() throws {
        let history = [
            Self.opened, "{ at: 2026-03-03T10:00, type: request.made, thread: r1, applicantKind: party, kind: copy }",
            "{ at: 2026-03-10T10:00, type: term.extended, thread: r1, matter: party-access, untilDay: 2026-12-31, approvedBy: 长, reason: x }",
        ]
        let far = try Self.report(history, by: "parent-law", at: "2026-06-30T10:00+08:00")
        #expect(Self.states(far, "parent-law:information-33", "party-access") == [.overdue])
        #expect(try Self.part(far, "parent-law:information-33", "party-access").term?.lastDay == CivilDay("2026-04-29"))
        let near = try Self.report(
            Array(history.prefix(2)) + [history[2].replacing("2026-12-31", with: "2026-04-10")], by: "parent-law")
        #expect(
            try Self.part(near, "parent-law:information-33", "party-access").term?.lastDay == CivilDay("2026-04-10"))
        let other = try Self.report(
            history + ["{ at: 2026-03-03T10:00, type: request.made, thread: r2, applicantKind: party, kind: copy }"],
            by: "parent-law")
        let days = other.evaluation.obligations(of: "party-access").compactMap(\.lastDay)
        #expect(days == [CivilDay("2026-04-29"), CivilDay("2026-03-31")])
        let later = try Self.report(
            [history[0], history[1], history[1].replacing("r1", with: "r2"), history[2]], by: "parent-law")
        #expect(
            later.evaluation.obligations(of: "party-access").compactMap(\.lastDay)
                == [CivilDay("2026-04-29"), CivilDay("2026-03-31")])
    }

    @Test("a change that a term does not allow, or of a matter that has none, is noted")
    func swallowed() throws {
        let history =
            Self.served + [
                "{ at: 2025-09-05T09:00, type: term.restarted, matter: party-performance, reason: x }",
                "{ at: 2025-09-05T09:00, type: term.extended, matter: court-termx, untilDay: 2026-12-31, approvedBy: 长, reason: x }",
            ]
        let found = try Self.report(history, by: "parent-law", at: "2026-01-01T00:00+08:00")
        #expect(Self.states(found, "parent-law:penalty-67", "party-performance") == [.overdue])
        #expect(
            try Self.part(found, "parent-law:penalty-67", "party-performance").notes.contains { $0.contains("没有规定") })
        #expect(found.notes.contains { $0.contains("court-termx") })
        let without = try Self.report(Self.served, by: "parent-law")
        #expect(try Self.part(without, "parent-law:penalty-67", "party-performance").notes.isEmpty)
    }

    // MARK: what is void

    @Test(
        "what was broken before a decision was made void stays broken; what was kept by then, or not due yet, is gone")
    func voided() throws {
        let issued = [
            "{ at: 2026-03-02T09:00, type: case.opened, kind: penalty, procedure: general, handlers: [甲, 乙], subjectKind: organisation, actor: 甲 }",
            "{ at: 2026-03-03T10:00, type: document.fixed, document: pd, kind: penalty-decision, data: { facts: x } }",
            "{ at: 2026-03-03T10:01, type: document.issued, document: pd, number: 1, year: 2026 }",
        ]
        let served = "{ at: 2026-03-05T10:00, type: document.served, document: pd, method: direct }"
        func report(_ more: [String], voided day: String) throws -> CheckReport {
            try Self.report(
                issued + more + ["{ at: \(day)T10:00, type: document.voided, document: pd, reason: x }"],
                by: "hejin-2019", "parent-law", at: "2026-06-10T00:00+08:00")
        }
        let late = try report([], voided: "2026-06-03")
        #expect(Self.states(late, "parent-law:penalty-61", "service-term").first == .overdue)
        #expect(Self.states(late, "hejin-2019:2.1.3(1)a", "decision-publication") == [.overdue])
        #expect(try Self.part(late, "parent-law:penalty-61", "service-term").notes.contains { $0.contains("作废") })
        let early = try report([], voided: "2026-03-06")
        #expect(Set(Self.states(early, "parent-law:penalty-61", "service-term")) == [.notApplicable])
        let kept = try report([served], voided: "2026-06-03")
        #expect(Set(Self.states(kept, "parent-law:penalty-61", "service-term")) == [.notApplicable])
        let metLate = try report([served.replacing("03-05", with: "04-05")], voided: "2026-06-03")
        #expect(Self.states(metLate, "parent-law:penalty-61", "service-term").first == .metLate)
    }

    // MARK: overrides

    @Test("an override counts if its giver is not known to lack the role, and says why and by what law")
    func overrides() throws {
        let opened =
            "{ at: 2026-03-02T09:00, type: case.opened, kind: penalty, procedure: general, handlers: [甲, 乙], subjectKind: organisation, actor: 甲 }"
        func isAllowed(_ roles: [String], reason: String = "紧急", basis: String = "某条", more: String = "") throws -> Bool
        {
            let overrides = ["zhaoxian-2017:8", "zhaoxian-2017:8.p2"].map {
                "{ at: 2026-03-02T10:00, type: override.given, provision: \"\($0)\", step: activity.began, reason: \"\(reason)\", legalBasis: \"\(basis)\", actor: 丙\(more) }"
            }
            let told = try Self.report(
                roles + [opened] + overrides, by: "zhaoxian-2017",
                next: [
                    "{ at: 2026-03-03T10:00, type: activity.began, activity: a1, kind: questioning, officers: [甲, 乙], actor: 甲 }"
                ])
            return try #require(told.verdict).isAllowed
        }
        func granted(_ role: String, more: String = "") -> String {
            "{ at: 2026-03-01T10:00, type: role.granted, thread: 丙, role: \(role)\(more) }"
        }
        #expect(try isAllowed([]))
        #expect(try isAllowed([granted("agencyHead")]))
        #expect(try isAllowed([granted("officer"), granted("departmentHead")]))
        #expect(try isAllowed([granted("agencyHead", more: ", until: 2026-03-02")]))
        #expect(try !isAllowed([granted("officer")]))
        #expect(try !isAllowed([granted("agencyHead", more: ", until: 2026-03-01")]))
        #expect(
            try !isAllowed([
                granted("agencyHead"), "{ at: 2026-03-01T11:00, type: role.withdrawn, thread: 丙, role: agencyHead }",
            ]))
        #expect(try !isAllowed([], reason: " "))
        #expect(try !isAllowed([], basis: " "))
        // `person` is who answers for what is missing.
        #expect(try isAllowed([], more: ", person: 丁"))
    }

    // MARK: recordings

    @Test("a session whose end nobody stated ended with its last recording, however late that is written down")
    func unstatedEnd() throws {
        func report(ended: String, imported: String) throws -> CheckReport {
            try Self.report(
                [Self.opened, Self.session]
                    + Self.film("v1", "2026-03-06T08:50", "2026-03-06T18:05", at: imported) + [ended],
                by: "recorder-mgmt")
        }
        let unstated = "{ at: 2026-03-20T13:00, type: activity.ended, activity: a1 }"
        let late = try report(ended: unstated, imported: "2026-03-20T12:00")
        for matter in ["av-import", "av-storage"] {
            #expect(Self.states(late, "recorder-mgmt:20a", matter) == [.metLate])
            #expect(try Self.part(late, "recorder-mgmt:20a", matter).due == Instant("2026-03-07T18:05+08:00"))
        }
        let kept = try report(ended: unstated, imported: "2026-03-07T18:05")
        #expect(Self.states(kept, "recorder-mgmt:20a", "av-import") == [.met])
        let stated = try report(
            ended: "{ at: 2026-03-20T13:00, type: activity.ended, activity: a1, endAt: 2026-03-06T17:00 }",
            imported: "2026-03-07T12:00")
        #expect(try Self.part(stated, "recorder-mgmt:20a", "av-import").due == Instant("2026-03-07T17:00+08:00"))
    }

    @Test("an hour between the files of one session is no run; two seconds are, and a ground accounts for the rest")
    func holes() throws {
        func report(_ second: String, _ more: [String] = []) throws -> CheckReport {
            try Self.report(
                [
                    Self.opened, Self.session,
                    "{ at: 2026-03-06T12:00, type: activity.ended, activity: a1, endAt: 2026-03-06T12:00 }",
                ] + Self.film("v1", "2026-03-06T08:50", "2026-03-06T10:00:00", at: "2026-03-06T13:00")
                    + Self.film("v2", second, "2026-03-06T12:10", at: "2026-03-06T13:10") + more,
                by: "qinghe", "recorder-mgmt")
        }
        let rows = ["qinghe:12.p3", "qinghe:35(1)", "recorder-mgmt:15"]
        let hole = try report("2026-03-06T11:00")
        for row in rows {
            #expect(Self.states(hole, row, "av-coverage").contains(.open), "\(row)")
            let lack = hole.evaluation.parts(of: row).flatMap(\.missing).map(\.sentence)
            #expect(
                lack.contains { $0.contains("10时") && $0.contains("11时") || $0.contains("10:00") }, "\(row): \(lack)")
        }
        for start in ["2026-03-06T10:00:02", "2026-03-06T09:30:00"] {
            let run = try report(start)
            for row in rows { #expect(!Self.states(run, row, "av-coverage").contains(.open), "\(row) \(start)") }
        }
        let short = try report("2026-03-06T10:00:03")
        #expect(Self.states(short, "qinghe:12.p3", "av-coverage").contains(.open))
        // In minutes alone the sentence would say nothing.
        let sentences = short.evaluation.parts(of: "qinghe:12.p3").flatMap(\.missing).map(\.sentence)
        #expect(sentences.contains { $0.contains("10:00:00至2026年3月6日 10:00:03") }, "\(sentences)")
        func interrupted(_ more: String) -> String {
            "{ at: 2026-03-06T14:00, type: recording.interrupted, thread: v1, explanation: 没电, proof: 检修单, reportedBy: 甲\(more) }"
        }
        let told = try report(
            "2026-03-06T11:00", [interrupted(", ground: technical, from: 2026-03-06T10:00, to: 2026-03-06T11:00")])
        #expect(!Self.states(told, "qinghe:12.p3", "av-coverage").contains(.open))
        let elsewhere = try report(
            "2026-03-06T11:00", [interrupted(", ground: technical, from: 2026-03-06T09:00, to: 2026-03-06T09:10")])
        #expect(Self.states(elsewhere, "qinghe:12.p3", "av-coverage").contains(.open))
        let without = try report("2026-03-06T11:00", [interrupted(", ground: none")])
        #expect(Self.states(without, "qinghe:12.p3", "av-coverage").contains(.open))
    }

    @Test("a talk of which forty minutes in the middle are missing was not recorded as a whole")
    func talk() throws {
        func report(_ start: String) throws -> CheckReport {
            try Self.report(
                [
                    Self.opened,
                    "{ at: 2026-03-06T09:00, type: activity.began, activity: a1, kind: talk, officers: [甲, 乙], startAt: 2026-03-06T09:00 }",
                    "{ at: 2026-03-06T11:00, type: talk.held, activity: a1, startAt: 2026-03-06T09:00, endAt: 2026-03-06T10:00, persons: x, topic: x, content: x }",
                ] + Self.film("v", "2026-03-06T09:00", "2026-03-06T09:10", at: "2026-03-06T12:00")
                    + Self.film("w", start, "2026-03-06T10:00", at: "2026-03-06T12:00"), by: "zhaoxian-2017")
        }
        #expect(Self.states(try report("2026-03-06T09:50"), "zhaoxian-2017:27.p3", "av-coverage").contains(.open))
        #expect(Self.states(try report("2026-03-06T09:10"), "zhaoxian-2017:27.p3", "av-coverage") == [.met, .met])
    }

    @Test("what befell a recording that nobody imported is a breach all the same")
    func nobodyImported() throws {
        let found = try Self.report(
            ["{ at: 2026-03-03T09:00, type: recording.altered, thread: v, way: cut, facts: 剪去三分钟 }"], by: "qinghe",
            "luanchuan-2020", "recorder-mgmt", "zhaoxian-2017")
        for row in ["qinghe:33b", "luanchuan-2020:15", "recorder-mgmt:15"] {
            #expect(found.evaluation.parts(of: row).contains { $0.isBreach }, "\(row)")
        }
        let held = try Self.report(
            [Self.opened, "{ at: 2026-03-03T09:00, type: recording.altered, thread: case, way: cut, facts: x }"],
            by: "qinghe")
        #expect(held.evaluation.parts(of: "qinghe:33b").isEmpty)
    }

    // MARK: reminders

    @Test("a day that no text sets reminds and makes nobody late")
    func reminded() throws {
        let history = [
            "{ at: 2026-03-02T10:00, type: lead.received, thread: L, channel: web, isRealName: true, complainant: x, content: x }",
            "{ at: 2026-03-03T10:00, type: lead.reviewed, thread: L, result: pursue }",
        ]
        let started = "{ at: 2026-03-20T10:00, type: lead.started, thread: L, case: case }"
        for (more, state) in [([started], ObligationStanding.met), ([], .open)] {
            let found = try Self.report(history + more, by: "zhaoxian-2017", at: "2026-04-20T10:00+08:00")
            #expect(Self.states(found, "zhaoxian-2017:9b", "lead-start") == [state])
            let part = try Self.part(found, "zhaoxian-2017:9b", "lead-start")
            #expect(part.reminder?.lastDay == CivilDay("2026-03-12"))
            #expect(part.lateFrom == nil)
            #expect(part.due == nil)
            #expect(part.notes.contains { $0.contains("不计逾期") && $0.contains("本系统默认") })
            #expect(try found.json().contains("\"reminder\" : \"2026-03-12\""))
            #expect(!found.text.contains("逾期履行"))
        }
    }

    @Test("a withdrawal a day later, with its reason, is no breach of what the text says in principle")
    func withdrawnLater() throws {
        func report(_ reason: String) throws -> CheckReport {
            try Self.report(
                [
                    "{ at: 2026-03-02T09:00, type: case.opened, kind: penalty, procedure: general, handlers: [甲, 乙], subjectKind: organisation }",
                    "{ at: 2026-03-03T10:00, type: document.fixed, document: pd, kind: penalty-decision, data: { facts: x } }",
                    "{ at: 2026-03-03T10:01, type: document.issued, document: pd, number: 1, year: 2026 }",
                    "{ at: 2026-03-04T10:00, type: publication.prepared, thread: p1, kind: decision, document: pd, title: t, content: c }",
                    "{ at: 2026-03-05T10:00, type: publication.made, thread: p1, platform: portal, kind: decision, document: pd, fullText: true }",
                    "{ at: 2026-04-03T23:00, type: decision.changed, change: revoked, document: pd, isPenalty: true, changedDay: 2026-04-03 }",
                    "{ at: 2026-04-04T09:00, type: publication.withdrawn, thread: p1, platform: all, ground: revoked, document: pd, publicReason: 撤销\(reason) }",
                ], by: "hejin-2019")
        }
        let row = "hejin-2019:2.1.3(3)b"
        let told = try report(", lateReason: 次日撤下")
        // The day that is aimed at and the limit of three working days; the reason, and the reason of each site.
        #expect(Self.states(told, row, "publication-withdrawal") == [.met, .met])
        #expect(Self.states(told, row, "publication-late-reason") == [.met, .met])
        #expect(Self.states(try report(""), row, "publication-late-reason") == [.open, .open])
    }

    // MARK: decisions apart

    @Test("a payment is held to the decision that it names; where it names none, there must be one alone")
    func payments() throws {
        func decision(_ name: String) -> [String] {
            [
                "{ at: 2026-03-03T10:00, type: document.fixed, document: \(name), kind: penalty-decision, data: { } }",
                "{ at: 2026-03-03T11:00, type: document.served, document: \(name), method: direct }",
            ]
        }
        func states(_ names: [String], _ more: String) throws -> [ObligationStanding] {
            let paid = "{ at: 2026-03-10T10:00, type: performance.recorded, status: complete, obligation: 罚款\(more) }"
            let found = try Self.report(
                [Self.opened] + names.flatMap(decision) + [paid], by: "parent-law", at: "2026-06-01T00:00+08:00")
            return Self.states(found, "parent-law:penalty-67", "party-performance")
        }
        #expect(try states(["p1"], "") == [.met])
        #expect(try states(["p1", "p2"], "") == [.overdue, .overdue])
        #expect(try states(["p1", "p2"], ", document: p1") == [.met, .overdue])
        #expect(try states(["p1"], ", document: p2") == [.overdue])
    }

    @Test("a public notice within the seven days is service begun in time; without one, service after them is late")
    func publicNotice() throws {
        let issued = [
            Self.opened,
            "{ at: 2026-03-03T10:00, type: document.fixed, document: pd, kind: penalty-decision, data: { facts: x } }",
            "{ at: 2026-03-03T10:01, type: document.issued, document: pd, number: 1, year: 2026 }",
        ]
        func notice(_ day: String) -> [String] {
            [
                "{ at: \(day)T10:00, type: document.fixed, document: pn, kind: public-notice, about: pd, data: { publishedAt: \(day) } }",
                "{ type: document.issued, document: pn, number: 1, year: 2026 }",
            ]
        }
        let served = "{ at: 2026-04-27T10:00, type: document.served, document: pd, method: public }"
        func states(_ more: [String]) throws -> [ObligationStanding] {
            Self.states(
                try Self.report(issued + more, by: "parent-law", at: "2026-05-01T00:00+08:00"), "parent-law:penalty-61",
                "service-term")
        }
        #expect(try states(notice("2026-03-05") + [served]) == [.met, .met])
        #expect(try states(notice("2026-03-05")) == [.met, .open])
        #expect(try states(notice("2026-03-25") + [served]) == [.metLate, .met])
        #expect(try states([served]) == [.overdue, .met])
        // A notice that nobody issued tells nobody.
        #expect(try states([notice("2026-03-05")[0], served]) == [.overdue, .met])
    }

    // MARK: higher rules, adoption

    @Test("a higher rule that makes a recording optional, or takes the row out, is seen in the duty and in the level")
    func media() throws {
        func report(_ effect: String) throws -> CheckReport {
            try Self.report(
                [
                    "{ at: 2026-03-01T10:00, type: rule.overridden, provision: \"zhaoxian-2017:13a\", higherRule: 省办法, article: 一, value: 可以, \(effect) }",
                    "{ at: 2026-03-02T09:00, type: case.opened, kind: penalty, procedure: general, handlers: [甲, 乙] }",
                    Self.session,
                ], by: "zhaoxian-2017")
        }
        let row = "zhaoxian-2017:13a"
        let optional = try report("effect: medium, level: optional")
        #expect(Self.states(optional, row, "activity-av") == [.excused])
        #expect(optional.evaluation.media.map(\.level) == [.optional])
        let none = try report("effect: \"off\"")
        #expect(Self.states(none, row, "activity-av") == [.excused])
        #expect(none.evaluation.media.isEmpty)
        let same = try report("effect: medium, level: mandatory")
        #expect(Self.states(same, row, "activity-av") == [.open])
        #expect(same.evaluation.media.map(\.level) == [.mandatory])
        for effect in ["effect: term, unit: days, length: 5", "effect: medium"] {
            let found = try report(effect)
            #expect(Self.states(found, row, "activity-av") == [.open])
            #expect(try Self.part(found, row, "activity-av").notes.contains { $0.contains("没有据以改变") })
        }
        let stray = try Self.report(
            [
                "{ at: 2026-03-01T10:00, type: rule.overridden, provision: \"zhaoxian-2017:999\", higherRule: x, article: y, effect: \"off\" }"
            ], by: "zhaoxian-2017")
        #expect(stray.notes.contains { $0.contains("zhaoxian-2017:999") })
    }

    @Test("whom the bureau chose on adoption, the day of force and the last day are read from the timeline")
    func adopted() throws {
        func report(_ approver: String, more: [String] = []) throws -> CheckReport {
            let slots = [("handler", "甲"), ("handlingUnit", "科"), ("agencyHead", "长")].map {
                "{ at: 2026-03-02T11:00, type: document.signed, document: f, slot: \($0), manner: screen, by: \($1), decision: agree }"
            }
            return try Self.report(
                [
                    "{ at: 2026-01-01T09:00, type: regulation.adopted, thread: bureau, regulation: qinghe, inForceFrom: 2026-01-01\(approver) }"
                ] + more + [
                    "{ at: 2026-03-02T09:00, type: case.opened, kind: penalty, procedure: general, handlers: [甲, 乙], subjectKind: organisation }",
                    "{ at: 2026-03-02T10:00, type: document.fixed, document: f, kind: procedure-initiation-approval, data: { startReason: x, partyBasicInfo: x, handlerOpinion: x, handlingUnitOpinion: x, agencyHeadOpinion: x } }",
                ] + slots, by: "qinghe")
        }
        #expect(Self.states(try report(", approver: agencyHead"), "qinghe:6", "initiation-approval") == [.met])
        #expect(Self.states(try report(", approver: departmentHead"), "qinghe:6", "initiation-approval") == [.open])
        let repealed = try report(
            "",
            more: [
                "{ at: 2026-02-01T09:00, type: regulation.repealed, thread: bureau, regulation: qinghe, lastDay: 2026-02-20 }"
            ])
        #expect(repealed.rules.spans.map(\.from) == [CivilDay("2026-01-01")])
        #expect(repealed.rules.spans.map(\.until) == [CivilDay("2026-02-21")])
        #expect(Self.states(repealed, "qinghe:6", "initiation-approval").isEmpty)
    }

    // MARK: bounds

    @Test("times outside the years for which terms are counted are refused; turns beyond the bound are noted")
    func bounds() throws {
        for time in ["9999-12-31T09:00", "9001-01-01T00:00", "1948-12-31T09:00"] {
            #expect(throws: RuleFileError.self) {
                try Self.report(["{ at: \(time), type: case.ended, ground: withdrawn }"], by: "zhaoxian-2017")
            }
            #expect(throws: RuleFileError.self) {
                try Self.report(
                    ["{ at: 2026-01-01T09:00, type: activity.ended, activity: a1, endAt: \(time) }"],
                    by: "zhaoxian-2017")
            }
        }
        _ = try Self.report(["{ at: 9000-12-31T09:00, type: case.ended, ground: withdrawn }"], by: "zhaoxian-2017")
        let adopted =
            "{ at: 2019-05-01T09:00, type: regulation.adopted, thread: bureau, regulation: hejin-2019, inForceFrom: 2019-05-01 }"
        let far = try Self.report([adopted], by: "hejin-2019", at: "8999-01-01T00:00+08:00")
        let quarters = far.evaluation.obligations(of: "quarterly-report").flatMap(\.parts)
        #expect(quarters.count == 400)
        #expect(quarters.last?.notes.contains { $0.contains("400期") } == true)
        let noted = quarters.indices.filter { place in quarters[place].notes.contains { $0.contains("400期") } }
        #expect(noted == [399])
        #expect(!far.notes.contains { $0.contains("没有据以判断") })
    }
}
