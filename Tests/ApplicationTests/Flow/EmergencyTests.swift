import Application
import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

/// The start ahead of its approval (zhaoxian-2017:8b): the form within 24 hours, the approval before the decision.
@Suite("An emergency start", .serialized)
struct EmergencyTests {
    private static let day: Int64 = 24 * 3_600_000

    @Test(
        "the form is in time to the last millisecond of 24 hours after the start, and late a millisecond after",
        arguments: [(Int64(-1), ObligationRow.State.met), (0, .met), (1, .metLate)])
    func clock(offset: Int64, state: ObligationRow.State) async throws {
        let world = try await CaseWorld()
        // Opened two hours after the start: the clock runs from the start, not from the entry.
        let start = world.clock.now().advanced(byMilliseconds: -7_200_000 + 123)
        let thread = try await world.penalty(emergency: (start, "证据可能灭失。"))
        let due = start.advanced(byMilliseconds: EmergencyTests.day)
        func part() async throws -> ObligationPart {
            let parts = try await world.evaluation(of: thread).parts(of: "zhaoxian-2017:8b")
            return try #require(parts.count == 1 ? parts.first : nil)
        }
        #expect(try await part().state == .open)
        #expect(try await part().due == due)
        #expect(try await part().lateFrom == due.advanced(byMilliseconds: 1))
        // Lists compare the hour of asking with the same instant.
        var filter = ObligationFilter()
        for (late, isListed) in [(due, false), (due.advanced(byMilliseconds: 1), true)] {
            filter.lateAt = late
            let rows = try await world.office.casebook.registers.openObligations(filter)
            #expect(rows.contains { $0.provisions.contains("zhaoxian-2017:8b") } == isListed)
        }
        world.clock.set(to: due.advanced(byMilliseconds: -120_000))
        let form = try await world.fix(
            DocumentKindName.initiationApproval, in: thread,
            changing: [
                .init("isEmergency", "yes"), .init("emergencyReason", "证据可能灭失。"),
                .init("startedAt", .string(start.description)),
            ])
        #expect(try await part().state == .open, "a form that nobody signed is not handed in")
        world.clock.set(to: due.advanced(byMilliseconds: offset))
        try await world.take(world.signature(form, "handler"), in: thread, by: world.people.officer1)
        #expect(try await part().state == state)
    }

    @Test("acts of investigation need not wait for the approval, the decision must")
    func acts() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let start = world.clock.now()
        let thread = try await world.penalty(emergency: (start, "证据可能灭失。"))
        try await world.take(world.visit(), in: thread, by: people.officer1)
        try await world.hear(in: thread)
        let refusal = try await world.refusal("a draft before the approval") {
            try await world.take(world.drafting(), in: thread, by: people.officer1)
        }
        #expect(refusal?.code == .gate)
        #expect(Set(refusal?.reasons.flatMap(\.provisions) ?? []) == ["zhaoxian-2017:8", "zhaoxian-2017:8.p2"])
        try await world.approveStart(in: thread)
        try await world.take(world.drafting(), in: thread, by: people.officer1)
    }
}
