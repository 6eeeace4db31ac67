import Application
import Casework
import Demo
import Kernel
import Ledger
import Rulebook
import Synchronization
import TestKit
import Testing

/// What is kept of cases at hand, held against judging them whole.
@Suite("Cases judged while they grow", .serialized)
struct JudgedCasesTests {
    /// Compares what is kept with the whole evaluation of every case that an append touched.
    private final class Witness: Sendable {
        let compared = Mutex(0)
        let differences = Mutex<[String]>([])

        func compare(_ thread: ThreadTag, in world: CaseWorld) async throws {
            let casebook = world.office.casebook
            guard let view = try? await casebook.load(thread) else { return }
            let law = try await casebook.chambers.law()
            let kept = casebook.evaluation(of: view, by: law)
            let whole = law.evaluate(view.history)
            compared.withLock { $0 += 1 }
            guard kept != whole else { return }
            differences.withLock { $0.append("\(thread) after \(view.work.entries) entries") }
        }

        func watch(_ world: CaseWorld) {
            world.store.afterAppend { [unowned world] request in
                for thread in Set(request.entries.map(\.skeleton.content.thread)) {
                    do {
                        try await self.compare(thread, in: world)
                    } catch {
                        self.differences.withLock { $0.append("\(error)") }
                    }
                }
            }
        }
    }

    @Test("after every step of the whole demonstration case, what is kept equals the whole evaluation")
    func wholeCase() async throws {
        let world = try await CaseWorld()
        let witness = Witness()
        witness.watch(world)
        let (inspection, thread) = try await world.wholeCase()
        let steps = try await world.load(inspection).work.entries + world.load(thread).work.entries
        #expect(witness.compared.withLock { $0 } > 40 && steps > 40)
        #expect(witness.differences.withLock { $0 } == [])
        // Both are at hand, and a rebuild finds the rows that came of what was kept.
        #expect(world.office.casebook.judged.count == 2)
    }

    @Test(
        "a text, a calendar and a correction that come between are judged by, and a step that is refused leaves nothing"
    )
    func changes() async throws {
        let table = try CalendarAdoptionTests.calendar(2027, version: 1, off: "2027-01-04")
        let day = try #require(CivilDay("2026-12-28"))
        let world = try await CaseWorld(today: day.advanced(by: 60), unadopted: [table])
        let people = world.people
        let witness = Witness()
        witness.watch(world)
        let thread = try await world.inspection(finding: nil)
        world.minute(30)
        try await world.take(world.visit(place: "清禾县别的街"), in: thread, by: people.officer1)
        let visit = try await world.load(thread).work.entries
        try await world.take(
            ProposeCorrection(target: visit, member: "place", value: .text("清禾县演示工业园"), reason: "笔误"), in: thread,
            by: people.officer1)
        let asked = try await world.load(thread).work.entries
        try await world.take(
            DecideCorrection(proposal: asked, isApproved: true, opinion: "核对属实，同意更正"), in: thread, by: people.head)
        // The law changes twice; each time the next look begins anew and the next step goes on.
        try await ReevaluationTests.adopt("qinghe", from: "2020-01-01", in: world)
        try await witness.compare(thread, in: world)
        world.minute()
        try await world.take(world.visit(place: "清禾县演示路"), in: thread, by: people.officer1)
        _ = try await world.office.casebook.adopt(
            calendar: table, command: .random(), by: try await world.performer(people.administrator))
        try await witness.compare(thread, in: world)
        world.minute()
        try await world.take(world.visit(place: "清禾县演示桥"), in: thread, by: people.officer1)
        // A step that is judged and then not recorded is not kept.
        world.store.fail(with: .failed("told to"))
        world.minute()
        _ = try await world.refusal("told to fail") {
            try await world.take(world.visit(place: "没有记录的地方"), in: thread, by: people.officer1)
        }
        world.store.fail(with: nil)
        try await world.take(world.visit(place: "清禾县演示村"), in: thread, by: people.officer2)
        try await witness.compare(thread, in: world)
        #expect(witness.differences.withLock { $0 } == [])
        #expect(witness.compared.withLock { $0 } > 8)
    }

    @Test("no more than so many cases are kept, those used last")
    func bound() async throws {
        let world = try await CaseWorld()
        let law = try await world.office.casebook.chambers.law()
        let cases = JudgedCases()
        let records = History.penaltyCase.records
        let whole = law.evaluate(records)
        for _ in 0..<JudgedCases.bound + 5 {
            #expect(cases.evaluation(of: .random(), records, by: law) == whole)
        }
        #expect(cases.count == JudgedCases.bound)
        // A filed case that is looked at is judged alike and drives nothing out.
        let looked = JudgedCases()
        #expect(looked.evaluation(of: .random(), records, by: law, grows: false) == whole)
        #expect(looked.count == 0)
        // A history that grew otherwise than it was kept is judged whole.
        let thread = ThreadTag.random()
        _ = cases.evaluation(of: thread, records, by: law)
        for place in [0, records.count / 2, records.count - 1] {
            var other = records
            other.remove(at: place)
            #expect(cases.evaluation(of: thread, other, by: law, isRecorded: false) == law.evaluate(other))
            #expect(cases.evaluation(of: thread, records, by: law) == whole)
        }
        // So is one of which a value was destroyed.
        var destroyed = records
        let place = try #require(destroyed.firstIndex { !$0.fields.isEmpty })
        destroyed[place].fields = [:]
        #expect(cases.evaluation(of: thread, destroyed, by: law) == law.evaluate(destroyed))
    }
}
