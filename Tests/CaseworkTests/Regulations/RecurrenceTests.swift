import Casework
import Kernel
import TestKit
import Testing

@Suite("Duties that come again, and times that must pass first")
struct RecurrenceTests {
    static func duty(_ recurrence: Recurrence, _ term: Term) -> Duty {
        Duty(
            matter: "thing", demand: "报送", trigger: Pattern([.bureauOpened]), recurrence: recurrence,
            requirement: .record(RecordRequirement(Pattern([.reportSubmitted, .backupMade]))),
            timing: Timing(term: term), who: .bureau)
    }

    static func obligations(_ history: History, _ duty: Duty, asOf: String) throws -> [Obligation] {
        Evaluator.evaluate(
            history: history.records, rules: try Fixture.rules(Fixture.span(Fixture.text("one", duty))),
            calendar: Loaded.calendar, asOf: Instant(asOf)
        ).obligations
    }

    static let began = History().at("2026-02-10 09:00").told(.bureauOpened, in: "bureau")

    @Test("one obligation for each quarter that has ended since; a report meets the quarter that it names")
    func quarters() throws {
        let duty = Self.duty(.quarter, Term(.days(15), from: [.period]))
        #expect(try Self.obligations(Self.began, duty, asOf: "2026-03-31 23:59").isEmpty)
        let first = try #require(try Self.obligations(Self.began, duty, asOf: "2026-04-01 00:00").first)
        #expect(first.key.description == "thing/period.2026Q1")
        #expect(first.lastDay == Fixture.day("2026-04-15"))
        let told = Self.began.at("2026-04-15 23:00").told(
            .reportSubmitted, in: "bureau", [.init("kind", "quarterlyData"), .init("period", "2026Q1")])
        let year = try Self.obligations(told, duty, asOf: "2027-01-01 00:00")
        #expect(year.map(\.key.description) == ["Q1", "Q2", "Q3", "Q4"].map { "thing/period.2026\($0)" })
        #expect(year.map(\.state) == [.met, .open, .open, .open])
        #expect(year[1].state(at: Fixture.instant("2026-07-16 00:00")) == .overdue)
    }

    @Test("years likewise; the text stops asking when it goes out of force")
    func years() throws {
        let duty = Self.duty(.year, Term(.dayOfYear(month: 1, day: 31), from: [.period]))
        let found = try Self.obligations(Self.began, duty, asOf: "2028-05-01 00:00")
        #expect(found.map(\.key.subject.description) == ["period.2026", "period.2027"])
        #expect(found.map(\.lastDay) == [Fixture.day("2027-01-31"), Fixture.day("2028-01-31")])
        let text = Fixture.text("one", duty)
        let rules = try Fixture.rules(Fixture.span(text, until: "2027-06-01"))
        let ended = Evaluator.evaluate(
            history: Self.began.records, rules: rules, calendar: Loaded.calendar, asOf: Instant("2028-05-01 00:00"))
        #expect(ended.obligations.map(\.key.subject.description) == ["period.2026"])
    }

    @Test("turns run from when it was last done; a late one makes the next later, and the last stays open")
    func turns() throws {
        let duty = Self.duty(.days(30), Term(.days(30), from: [.period]))
        let history = Self.began.at("2026-03-01 09:00").told(.backupMade, in: "bureau")
            .at("2026-04-20 09:00").told(.backupMade, in: "bureau")
        let found = try Self.obligations(history, duty, asOf: "2026-04-21 09:00")
        #expect(found.map(\.state) == [.met, .metLate, .open])
        #expect(found.map(\.lastDay) == ["2026-03-12", "2026-03-31", "2026-05-20"].map { Fixture.day($0) })
    }

    @Test("a time that must pass first: a step before its end is refused, also on the last day; after it, allowed")
    func elapsed() throws {
        let duty = Duty(
            matter: "entry", demand: "届满后再办理", trigger: Pattern([.recordingImported]),
            requirement: .elapsed(Term(.months(24), from: [.happened])),
            gate: Gate(.hard, refuses: [Pattern([.disposalPerformed])]), who: .custodian)
        let rules = try Fixture.rules(Fixture.span(Fixture.text("one", duty)))
        let history = History().at("2024-02-29 10:00").told(.recordingImported, in: "r1")
        func verdict(_ time: String) -> StepVerdict {
            let all = history.at(time).told(.disposalPerformed, in: "r1").records
            return Evaluator.judge(
                step: [all[1]], history: [all[0]], rules: rules, calendar: Loaded.calendar)
        }
        #expect(!verdict("2026-02-28 23:59").isAllowed)
        #expect(verdict("2026-02-28 23:59").refusals.first?.sentence.contains("尚未届满") == true)
        #expect(verdict("2026-03-01 00:00").isAllowed)
        let open = Evaluator.evaluate(
            history: history.records, rules: rules, calendar: Loaded.calendar, asOf: Instant("2026-02-28 12:00"))
        #expect(open.obligations.map(\.state) == [.open])
        let broken = history.at("2025-01-01 09:00").told(.disposalPerformed, in: "r1").at("2027-01-01 09:00").ended(
            "performed")
        let after = Evaluator.evaluate(history: broken.records, rules: rules, calendar: Loaded.calendar)
        #expect(after.obligations.map(\.state) == [.metLate])
    }

    @Test("who was excused before the step did not come too early, also when the time has passed since")
    func excusedInTime() throws {
        let duty = Duty(
            matter: "thing", demand: "届满后再办理", trigger: Pattern([.caseOpened]),
            requirement: .elapsed(Term(.days(5), from: [.happened])), excuses: [Pattern([.statementRecorded])],
            gate: Gate(.pre, refuses: [Pattern([.decisionApproved])], overridableBy: [.agencyHead]), who: .handler)
        let rules = try Fixture.rules(Fixture.span(Fixture.text("one", duty)))
        let opened = History().at("2026-03-02 09:00").opened()
        for (waived, state) in [("2026-03-03 09:00", ObligationRow.State.excused), ("2026-03-05 09:00", .metLate)] {
            let history = opened.at(waived).told(.statementRecorded).at("2026-03-04 09:00").told(.decisionApproved)
                .at("2026-04-01 09:00").ended("performed")
            let ordered =
                waived < "2026-03-04"
                ? history
                : opened.at("2026-03-04 09:00").told(.decisionApproved).at(waived).told(.statementRecorded)
                    .at("2026-04-01 09:00").ended("performed")
            let found = Evaluator.evaluate(history: ordered.records, rules: rules, calendar: Loaded.calendar)
            #expect(found.obligations.map(\.state) == [state], "\(waived)")
        }
    }

    @Test("until a day means until its end")
    func untilDay() throws {
        let duty = Duty(
            matter: "entry", demand: "在授权期内", trigger: Pattern([.grantGiven]),
            requirement: .record(
                RecordRequirement(
                    Pattern(
                        [.grantGiven], where: [Condition(Path(.own, ["happened"]), .notAfter(Path(.own, ["untilDay"])))]
                    ),
                    tie: .itself)), who: .bureau)
        let rules = try Fixture.rules(Fixture.span(Fixture.text("one", duty)))
        for (time, state) in [("2026-03-02 23:59", ObligationRow.State.met), ("2026-03-03 00:00", .open)] {
            let history = History().at(time).told(.grantGiven, in: "bureau", [.init("untilDay", "2026-03-02")])
            let found = Evaluator.evaluate(history: history.records, rules: rules, calendar: Loaded.calendar)
            #expect(found.obligations.map(\.state) == [state], "\(time)")
        }
    }
}
