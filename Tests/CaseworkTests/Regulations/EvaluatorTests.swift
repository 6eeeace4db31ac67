import Casework
import Kernel
import TestKit
import Testing

@Suite("The evaluator: pure, total, and true to the order of the log")
struct EvaluatorTests {
    // MARK: known n

    @Test("an answer known at entry n stays as it was when entries are added: random histories, every prefix")
    func prefixes() {
        var random = SeededRandom(20_260_302)
        let deck = History.penaltyCase.events + History.inspectionCase.events
        let plan = EvaluationPlan(Loaded.both)
        var changes = 0
        for _ in 0..<12 {
            let records = History(events: Array(deck.shuffled(using: &random).prefix(30))).records
            var progress = EvaluationProgress([], plan: plan, calendar: Loaded.calendar)
            var kept: [(progress: EvaluationProgress, answer: Evaluation)] = []
            for record in records {
                kept.append((progress, progress.evaluation))
                progress.append(record)
            }
            // What was asked before is asked again after everything else came: nothing of it may reach back.
            for (count, one) in kept.enumerated() {
                #expect(one.progress.evaluation == one.answer, "entry \(count) was answered otherwise afterwards")
                let whole = Evaluator.evaluate(
                    history: Array(records[..<count]), rules: Loaded.both, calendar: Loaded.calendar)
                #expect(whole == one.answer, "entry \(count) is answered otherwise in one go")
            }
            changes += zip(kept, kept.dropFirst()).count { $0.answer != $1.answer }
        }
        // Histories whose answers never change would say nothing.
        #expect(changes > 100)
    }

    @Test("any order of any events is judged without a crash, and every open part says what is missing")
    func anyOrder() {
        var random = SeededRandom(7)
        let deck = History.penaltyCase(major: true, startedAt: "2026-03-02 08:00").events
        for _ in 0..<60 {
            let records = History(events: deck.shuffled(using: &random)).records
            let evaluation = Evaluator.evaluate(history: records, rules: Loaded.both, calendar: Loaded.calendar)
            for part in evaluation.obligations.flatMap(\.parts) {
                #expect((part.state == .open) == !part.missing.isEmpty)
                #expect(part.missing.allSatisfy { !$0.sentence.isEmpty })
            }
            let verdict = Evaluator.judge(
                step: records.suffix(1), history: records.dropLast(), rules: Loaded.both, calendar: Loaded.calendar)
            #expect(verdict.refusals.allSatisfy { !$0.missing.isEmpty && !$0.citations.isEmpty })
        }
    }

    @Test("obligation keys are unique, and equal histories have equal keys")
    func keys() {
        let keys = History.penaltyCase.evaluated().obligations.map(\.key.description)
        #expect(Set(keys).count == keys.count)
        #expect(keys.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } })
    }

    // MARK: strange records

    static let strange: [Record] = {
        let thread = Names.thread("case")
        let far = Instant(milliseconds: .max)
        let past = Instant(milliseconds: .min)
        return [
            Record(thread: thread, seq: 1, type: .caseOpened, recordedAt: far, plain: .array([])),
            Record(
                thread: thread, seq: 2, type: .caseOpened, recordedAt: past, statedAt: far,
                plain: ["kind": 7, "isEmergency": "true", "startedAt": .integer(.max)]),
            Record(
                thread: thread, seq: 3, type: .documentFixed, recordedAt: past,
                plain: ["document": ["x"], "kind": true]),
            Record(
                thread: thread, seq: 4, type: .documentFixed, recordedAt: far,
                plain: ["document": "x", "kind": "penalty-decision"], fields: ["data": "text"]),
            Record(
                thread: thread, seq: 4, type: .documentSigned, recordedAt: far,
                plain: ["document": "y", "slot": "party"]),
            Record(
                thread: thread, seq: 5, type: .recordingImported, recordedAt: far,
                plain: ["completedAt": .integer(.min), "form": "video"]),
            Record(thread: thread, seq: 6, type: .recordingLinked, recordedAt: past, plain: ["recording": "zz"]),
            Record(thread: thread, seq: 7, type: .activityEnded, recordedAt: past),
            Record(thread: thread, seq: 8, type: .caseEnded, recordedAt: far, statedAt: far),
            Record(
                thread: thread, seq: 9, type: .statementReviewed, recordedAt: past,
                references: [RecordReference(role: "statement", thread: thread, seq: 99)]),
            Record(thread: thread, seq: 10, type: .caseFiled, recordedAt: far),
        ]
    }()

    @Test("missing members, wrong types, dangling references and impossible times are judged, not crashed on")
    func strangeRecords() {
        for start in Self.strange.indices {
            let history = Array(Self.strange[start...])
            _ = Evaluator.evaluate(history: history, rules: Loaded.both, calendar: Loaded.calendar)
            let verdict = Evaluator.judge(
                step: history.suffix(1), history: history.dropLast(), rules: Loaded.both, calendar: Loaded.calendar)
            // The last is a filing: what can still be judged of it is whether the case had ended.
            #expect(verdict.isAllowed == history.contains { $0.type == .caseEnded })
        }
    }

    @Test("a record outside the years 1 to 9999 has no term, and the page says why")
    func impossibleTime() throws {
        let rules = try Fixture.rules(
            Fixture.span(Fixture.text("text", Fixture.finding(within: Term(.days(1), from: [.happened])))))
        let record = Record(
            thread: Names.thread("case"), seq: 1, type: .caseOpened, recordedAt: Instant(milliseconds: .max))
        let part = try #require(
            Evaluator.evaluate(history: [record], rules: rules, calendar: Loaded.calendar).obligations.first?.parts
                .first)
        #expect(part.due == nil)
        #expect(part.notes == ["没有写明起算时间，无法计算期限"])
    }

    // MARK: order

    @Test("at equal times the order of the log decides")
    func equalTimes() throws {
        let rules = try Fixture.rules(
            Fixture.span(
                Fixture.text("text", Fixture.finding(gate: Gate(.hard, refuses: [Fixture.endsCase]), metAt: .happened)))
        )
        let inOrder = History().opened().at("2026-03-02 12:00").finding("x").at("2026-03-02 12:00").ended("performed")
        let outOfOrder = History().opened().at("2026-03-02 12:00").ended("performed").at("2026-03-02 12:00").finding(
            "x")
        #expect(VersionTests.evaluate(inOrder, rules).map(\.state) == [.met])
        #expect(VersionTests.evaluate(outOfOrder, rules).map(\.state) == [.metLate])
    }

    @Test("an act in the world counts at its stated time, though it was entered after the step")
    func statedTime() throws {
        let duty = Duty(
            matter: "thing", demand: "履行", trigger: Pattern([.caseOpened]),
            requirement: .record(RecordRequirement(Pattern([.performanceRecorded]))),
            timing: Timing(before: [Fixture.endsCase]), metAt: .happened, who: .party)
        let rules = try Fixture.rules(Fixture.span(Fixture.text("text", duty)))
        let entered = History().at("2026-03-02 09:00").opened().at("2026-03-02 12:00").ended("performed")
        let early = entered.performed(at: "2026-03-02 10:00")
        let late = entered.performed(at: "2026-03-02 12:00:01")
        #expect(VersionTests.evaluate(early, rules).map(\.state) == [.met])
        #expect(VersionTests.evaluate(late, rules).map(\.state) == [.metLate])
    }

    @Test("a step that brings what it needs with it passes; one that brings it afterwards does not")
    func togetherInOneStep() {
        let history = History.penaltyCase.without("approval").replacing(
            "decision.issued", with: History().approved().issued("decision"))
        let (before, both) = (history.before("approval").records, history.upTo("decision.issued").records)
        let step = Array(both[before.count...])
        let verdict = Evaluator.judge(step: step, history: before, rules: Loaded.both, calendar: Loaded.calendar)
        #expect(verdict.isAllowed)
        let backwards = Evaluator.judge(
            step: step.reversed(), history: before, rules: Loaded.both, calendar: Loaded.calendar)
        #expect(!backwards.isAllowed)
    }

    // MARK: void documents, withheld values, prohibitions, settings

    @Test("a void document no longer meets anything, and asks for nothing itself")
    func void() {
        let history = History().opened().then(.initiation(major: false)).voided("form").began("visit")
        #expect(history.refusing("visit") == ["zhaoxian-2017:8", "zhaoxian-2017:8.p2"])
        #expect(history.states(of: "zhaoxian-2017:3") == [.notApplicable])
        let anew = history.without("visit").fixed("procedure-initiation-approval", as: "anew")
        #expect(anew.states(of: "zhaoxian-2017:8") == [.open])
    }

    @Test("a value that was withheld or destroyed still counts as having been there")
    func withheld() {
        let records = History.penaltyCase.records.map { record in
            var bare = record
            bare.fields = [:]
            return bare
        }
        let before = History.penaltyCase.evaluated()
        let after = Evaluator.evaluate(history: records, rules: Loaded.both, calendar: Loaded.calendar)
        #expect(after.obligations.map(\.state) == before.obligations.map(\.state))
        #expect(after == before)
    }

    @Test("a breach of a prohibition is detected, refused beforehand, and stays on record")
    func prohibition() throws {
        let pattern = Pattern([.documentServed], where: [Condition(Path(.own, ["method"]), .isOne(of: ["fax"]))])
        let duty = Duty(
            matter: "entry", demand: "决定书不得以传真送达", trigger: pattern, requirement: .never,
            gate: Gate(.hard, refuses: [pattern]), who: .server)
        let rules = try Fixture.rules(Fixture.span(Fixture.text("text", duty)))
        let fax = History().opened().served("decision", receipt: "receipt", method: "fax")
        let (history, step) = fax.proposing("served")
        let verdict = Evaluator.judge(step: step, history: history, rules: rules, calendar: Loaded.calendar)
        #expect(verdict.refusals.map(\.sentence) == ["决定书不得以传真送达"])
        let part = try #require(VersionTests.evaluate(fax, rules).first?.parts.first)
        #expect(part.isBreach)
        #expect(part.state == .open)
        #expect(part.lateFrom == fax.records[1].recordedAt)
        #expect(VersionTests.evaluate(History().opened().served("d", receipt: "r"), rules) == [])
    }

    @Test("a setting changes the term within its range, and the default holds without it")
    func settings() throws {
        let declaration = SettingDeclaration(name: "days", title: "日数", standard: 10, range: 5...20, source: "示例")
        let text = Fixture.text(
            "text", settings: [declaration],
            Fixture.finding(within: Term(.days(.setting("days")), from: [.happened])))
        let rules = try Fixture.rules(Fixture.span(text))
        let history = History().at("2026-03-02 09:00").opened().records
        func last(_ settings: Settings) -> String? {
            Evaluator.evaluate(history: history, rules: rules, calendar: Loaded.calendar, settings: settings)
                .obligations.first?.lastDay?.description
        }
        #expect(last(Settings()) == "2026-03-12")
        #expect(last(Settings(["days": 7])) == "2026-03-09")
        #expect(last(Settings(["days": 1])) == "2026-03-07")
        #expect(last(Settings(["days": 99])) == "2026-03-22")
    }

    @Test("a year without calendar is counted Monday to Friday and said to be")
    func unknownYear() throws {
        let rules = try Fixture.rules(
            Fixture.span(Fixture.text("text", Fixture.finding(within: Term(.workingDays(5), from: [.happened])))))
        let history = History().at("2027-02-03 09:00").opened().records
        let evaluation = Evaluator.evaluate(history: history, rules: rules, calendar: Loaded.calendar)
        #expect(evaluation.yearsWithoutCalendar == [2027])
        #expect(evaluation.obligations.first?.lastDay == Fixture.day("2027-02-10"))
        #expect(evaluation.obligations.first?.parts.first?.notes == ["2027年放假安排未导入，按周一至周五计算"])
    }
}
