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
        let thread = try await world.penalty(startedAgo: 7_200_000 - 123)
        let start = try await world.load(thread).work.startedAt
        #expect(start == world.clock.now().advanced(byMilliseconds: -7_200_000 + 123))
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
        let thread = try await world.penalty(startedAgo: 0)
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

    @Test("the start lies neither before the earliest act of the inspection nor after the earliest act of its own case")
    func bounds() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let officer = try await world.performer(people.officer1)
        let unvisited = try await world.inspection()
        let visited = try await world.inspection()
        let opened = try await world.load(visited).work.openedAt
        // Entered later, in the wrong order: the earlier visit began before the case was even recorded.
        let first = opened.advanced(byMilliseconds: -3_600_000)
        try await world.take(world.visit(), in: visited, by: people.officer1)
        try await world.take(world.visit(at: first), in: visited, by: people.officer1)
        world.minute(30)
        func start(_ at: Instant, from inspection: ThreadTag) async throws -> ThreadTag {
            try await world.open(
                OpenPenalty(
                    title: CaseWorld.title, handlers: world.handlers, isMajor: false, emergency: (at, "证据可能灭失。")),
                from: inspection, by: officer)
        }
        let opening = try await world.load(unvisited).work.openedAt
        try await world.expect(
            [
                Refused("a start before the first visit", .invalid, fields: ["startedAt"]) {
                    _ = try await start(first.advanced(byMilliseconds: -1), from: visited)
                },
                Refused("a start before an inspection that nobody went to yet", .invalid, fields: ["startedAt"]) {
                    _ = try await start(opening.advanced(byMilliseconds: -1), from: unvisited)
                },
            ])
        _ = try await start(first, from: visited)
        let thread = try await start(opening, from: unvisited)
        let startedAt = try await world.load(thread).work.startedAt
        #expect(startedAt == opening)
        // A later start would buy time for the form: no act of the case may lie before it.
        try await world.expect(
            [
                Refused("an act before the start", .invalid, fields: ["startAt"]) {
                    try await world.take(
                        world.visit(at: startedAt.advanced(byMilliseconds: -1)), in: thread, by: people.officer1)
                }
            ])
        try await world.take(world.visit(at: startedAt), in: thread, by: people.officer1)
        let part = try #require(try await world.evaluation(of: thread).parts(of: "zhaoxian-2017:8b").first)
        #expect(part.due == startedAt.advanced(byMilliseconds: EmergencyTests.day))
    }
}
