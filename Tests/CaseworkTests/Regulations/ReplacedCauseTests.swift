import Casework
import Kernel
import TestKit
import Testing

@Suite("What was broken when another cause of the same duty came stays told beside it (ADR 0049)")
struct ReplacedCauseTests {
    /// Something to be found within two days of an application to the court, or refused to whoever drafts.
    static func duty(
        _ occurrence: Duty.Occurrence, trigger: EntryType = .courtApplied, gate: Gate = .open, within days: Int? = 2
    ) -> Duty {
        Duty(
            matter: "thing", demand: "登记检查结果", trigger: Pattern([trigger]), occurrence: occurrence,
            requirement: .record(RecordRequirement(Pattern([.findingRecorded]), afterCause: true)),
            timing: Timing(term: days.map { Term(.days(.fixed($0)), from: [.happened]) }), gate: gate, who: .handler)
    }

    static let applied = History().at("2026-03-02 09:00").told(.courtApplied)
    static let late = applied.at("2026-03-20 09:00").told(.courtApplied)
    static let inTime = applied.at("2026-03-04 23:00").told(.courtApplied)

    static func parts(_ history: History, _ duty: Duty) throws -> [ObligationPart] {
        let found = try ForceTests.evaluate(history, Fixture.span(Fixture.text("one", duty)))
        #expect(found.count <= 1, "one obligation about one thing")
        return found.flatMap(\.parts).sorted { $0.causedBy.seq < $1.causedBy.seq }
    }

    @Test("the last counts: what the earlier one asked stays told if it was late by then, and not if it was not")
    func last() throws {
        let late = try Self.parts(Self.late, Self.duty(.last))
        #expect(late.map(\.causedBy.seq) == [1, 2] && late.map(\.state) == [.open, .open])
        #expect(late.first?.notes.contains { $0.contains("另有同样的起因") } == true)
        #expect(try Self.parts(Self.inTime, Self.duty(.last)).map(\.causedBy.seq) == [2])
    }

    @Test("what meets the new cause in time leaves the old one met late")
    func metLate() throws {
        let parts = try Self.parts(Self.late.at("2026-03-21 09:00").finding("nothingFound"), Self.duty(.last))
        #expect(parts.map(\.state) == [.metLate, .met])
    }

    @Test("the joined obligation is late by the old term, not by the new one")
    func joined() throws {
        let found = try ForceTests.evaluate(
            Self.late, Fixture.span(Fixture.text("one", Self.duty(.last))))
        #expect(found.map { $0.state(at: Fixture.instant("2026-03-20 10:00")) } == [.overdue])
        #expect(found.first?.lateFrom == Fixture.instant("2026-03-05 00:00"))
    }

    @Test("of three causes each that was broken when the next came is told")
    func three() throws {
        let third = Self.late.at("2026-03-21 09:00").told(.courtApplied).at("2026-04-20 09:00").told(.courtApplied)
        #expect(try Self.parts(third, Self.duty(.last)).map(\.causedBy.seq) == [1, 3, 4])
    }

    @Test("a cause that corrects the earlier ones leaves nothing of them")
    func corrected() throws {
        #expect(try Self.parts(Self.late, Self.duty(.corrected)).map(\.causedBy.seq) == [2])
    }

    @Test("where the first counts, a second one changes nothing")
    func first() throws {
        #expect(try Self.parts(Self.late, Self.duty(.first)).map(\.causedBy.seq) == [1])
    }

    @Test(
        "a paper that is made void after its term, with another in its place, stays told as late",
        arguments: [true, false])
    func void(isLate: Bool) throws {
        let history = History().at("2026-03-02 09:00").fixed("demand-notice", as: "one")
            .at(isLate ? "2026-03-20 09:00" : "2026-03-03 09:00").voided("one")
            .at("2026-03-21 09:00").fixed("demand-notice", as: "two").finding("nothingFound")
        let parts = try Self.parts(history, Self.duty(.first, trigger: .documentFixed))
        #expect(parts.count == (isLate ? 2 : 1))
        #expect(parts.map(\.state) == (isLate ? [.metLate, .met] : [.met]))
    }

    @Test("a step that an earlier cause refused and that was taken all the same stays told, and refuses only filing")
    func step() throws {
        let gate = Gate(.hard, refuses: [Pattern([.decisionDrafted]), Pattern([.caseFiled])])
        let history = Self.applied.at("2026-03-03 09:00").told(.decisionDrafted)
            .at("2026-03-04 09:00").told(.courtApplied).at("2026-03-05 09:00").finding("nothingFound")
        let duty = Self.duty(.last, gate: gate, within: nil)
        let parts = try Self.parts(history, duty)
        #expect(parts.map(\.state) == [.metLate, .met])
        let rules = try Fixture.rules(Fixture.span(Fixture.text("one", duty)))
        let step = History().at("2026-03-06 09:00").told(.decisionDrafted).records
        #expect(
            Evaluator.judge(step: step, history: history.records, rules: rules, calendar: Loaded.calendar).refusals
                .isEmpty)
    }
}
