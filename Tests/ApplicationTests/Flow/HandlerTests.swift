import Application
import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

/// Who acts in a case: qualified officers, and others after them.
@Suite("Officers and handlers", .serialized)
struct HandlerTests {
    @Test("each officer of a visit is registered here, an officer, and certified on the day of the visit")
    func officers() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.inspection(finding: nil)
        let one = people.officer1.person.thread
        let uncertified = ThreadTag.random()
        _ = try await world.office.casebook.register(
            NewPerson(thread: uncertified, name: "新来的", section: "检查科", roles: [.officer], account: nil),
            command: .random(), by: try await world.performer(people.administrator))
        let law: Set<String> = ["parent-law:penalty-42"]
        try await world.expect(
            [
                Refused("with somebody of another bureau", .gate, provisions: law) {
                    try await world.take(world.visit(officers: [one, .random()]), in: thread, by: people.officer1)
                },
                Refused("with the custodian", .gate, provisions: law) {
                    try await world.take(
                        world.visit(officers: [one, people.custodian.person.thread]), in: thread, by: people.officer1)
                },
                Refused("with an officer without certificate", .gate, provisions: law) {
                    try await world.take(world.visit(officers: [one, uncertified]), in: thread, by: people.officer1)
                },
            ])
        let refusal = try await world.refusal("named") {
            try await world.take(world.visit(officers: [one, uncertified]), in: thread, by: people.officer1)
        }
        #expect(refusal?.reasons.first?.missing == "新来的没有登记执法证件")
        #expect(refusal?.reasons.first?.who.contains("系统管理员") == true)
        // The day of the act counts, not that of the entry: the last day still holds, the next does not.
        let until = CaseWorld.today.advanced(by: 700)
        world.clock.set(to: Instant(until.advanced(by: 2), hour: 9))
        try await world.expect(
            [
                Refused("the day after the certificates ran out", .gate, provisions: law) {
                    try await world.take(
                        world.visit(at: Instant(until.advanced(by: 1), hour: 0)), in: thread, by: people.officer1)
                }
            ])
        try await world.take(world.visit(at: Instant(until, hour: 23, minute: 59)), in: thread, by: people.officer1)
    }

    @Test("handlers change by a head's word; what the leaving officer began is finished by those who follow")
    func change() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.inspection(finding: nil)
        let visit = world.visit()
        try await world.take(visit, in: thread, by: people.officer1)
        let (two, three) = (people.officer2.person.thread, people.officer3.person.thread)
        func change(_ handlers: [ThreadTag], reason: String = "调离检查科") -> ChangeHandlers {
            ChangeHandlers(handlers: handlers, reason: reason)
        }
        try await world.expect(
            [
                Refused("by a handler", .notAllowed) {
                    try await world.take(change([two, three]), in: thread, by: people.officer1)
                },
                Refused("without the secret", .secretNeeded) {
                    try await world.take(
                        change([two, three]), in: thread,
                        by: try await world.performer(people.unitHead, confirmed: false))
                },
                Refused("to one officer", .invalid, fields: ["handlers"]) {
                    try await world.take(change([three]), in: thread, by: people.unitHead)
                },
                Refused("to the same", .invalid, fields: ["handlers"]) {
                    try await world.take(change(world.handlers.reversed()), in: thread, by: people.unitHead)
                },
                Refused("to somebody who is no officer", .invalid, fields: ["handlers"]) {
                    try await world.take(
                        change([two, people.custodian.person.thread]), in: thread, by: people.unitHead)
                },
                Refused("without reason", .invalid, fields: ["reason"]) {
                    try await world.take(change([two, three], reason: ""), in: thread, by: people.unitHead)
                },
            ])
        try await world.take(change([two, three]), in: thread, by: people.unitHead)
        let row = try #require(try await world.office.casebook.registers.caseFile(thread))
        #expect(row.handlers == [two, three])
        try await world.expect(
            [
                Refused("the end of the visit by the one who left", .notAllowed) {
                    try await world.take(
                        EndActivity(activity: visit.activity, endAt: world.clock.now(), note: nil), in: thread,
                        by: people.officer1)
                }
            ])
        try await world.take(
            EndActivity(activity: visit.activity, endAt: world.clock.now(), note: nil), in: thread, by: people.officer3)
        // Who handled it once reviews and approves it never (invariant 8).
        let work = try await world.load(thread).work
        #expect(work.formerHandlers == [people.officer1.person.thread])
        #expect(work.investigators.isSuperset(of: world.handlers + [three]))
        let open = ObligationFilter(handler: three)
        let closed = ObligationFilter(handler: people.officer1.person.thread)
        #expect(try await !world.office.casebook.registers.openObligations(open).isEmpty)
        #expect(try await world.office.casebook.registers.openObligations(closed).isEmpty)
    }
}

extension ObligationFilter {
    fileprivate init(handler: ThreadTag) {
        self.init()
        self.handler = handler
    }
}
