import Application
import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

/// An override is an exception that stands for ever: it is given only where it opens something, and never for what a
/// penalty's validity rests on (invariant 5).
@Suite("An override opens what it names, or is not given", .serialized)
struct OverrideTests {
    private func foresight(
        _ thread: ThreadTag, _ member: DemoPeople.Member, in world: CaseWorld
    ) async throws -> Foresight {
        Foresight(
            view: try await world.load(thread), law: try await world.office.casebook.chambers.law(),
            person: try await world.performer(member).person, now: world.clock.now())
    }

    private func lifts(_ thread: ThreadTag, in world: CaseWorld) async throws -> [Foresight.Lift] {
        try await foresight(thread, world.people.head, in: world)
            .liftable(among: try await world.office.casebook.registers.persons())
    }

    @Test(
        "every gate that is offered is open once it was let pass, for whoever takes the step, and is not offered again")
    func opens() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        var given: Set<String> = []
        for _ in 0..<40 {
            guard
                let lift = try await lifts(thread, in: world).first(where: {
                    !given.contains("\($0.step) \($0.provisions)")
                })
            else { break }
            given.insert("\(lift.step) \(lift.provisions)")
            let before = try await world.load(thread).work.entries
            // The one that a page names is enough.
            try await world.take(
                GiveOverride(
                    provision: try #require(lift.provisions.last), step: lift.step, reason: "紧急。", legalBasis: "某规定。"),
                in: thread, by: people.head)
            let view = try await world.load(thread)
            #expect(view.work.entries - before == lift.provisions.count)
            #expect(view.records.suffix(lift.provisions.count).allSatisfy { $0.type == .overrideGiven })
            let again = try await world.refusal("the same again") {
                try await world.take(
                    GiveOverride(provisions: lift.provisions, step: lift.step, reason: "紧急。", legalBasis: "某规定。"),
                    in: thread, by: people.head)
            }
            #expect(again?.code == .outOfOrder, "\(lift.step) \(lift.provisions)")
        }
        #expect(given.count > 3)
        let left = try await lifts(thread, in: world)
        #expect(left.isEmpty, "\(left.map { ($0.step, $0.provisions) })")
        // And the step itself goes through, by somebody else.
        try await world.take(world.visit(), in: thread, by: people.officer1)
    }

    @Test(
        "nobody lets themselves pass: where one head alone approves, the gates of the approval are not offered to them")
    func ownApproval() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        try await world.take(world.drafting(), in: thread, by: people.officer1)
        let stopped = try await foresight(thread, people.head, in: world).refusals(of: .approval)
        #expect(!stopped.isEmpty)
        #expect(try await lifts(thread, in: world).allSatisfy { $0.step != .decisionApproved })
        let refusal = try await world.refusal("the head who approves") {
            try await world.take(
                GiveOverride(provision: "zhaoxian-2017:16", step: .decisionApproved, reason: "急", legalBasis: "法"),
                in: thread, by: people.head)
        }
        #expect(refusal?.code == .outOfOrder && refusal?.message.contains("不能批准自己越过") == true)
    }

    @Test("rights before the decision, recusal and the heads' discussion of a penalty are lifted by nobody")
    func validity() async throws {
        let library = try CaseWorld.library.get()
        for id in [
            "penalty-43", "penalty-44", "penalty-45", "penalty-57.p1", "penalty-57.p2", "penalty-58", "penalty-62",
            "penalty-63",
            "penalty-63.p2", "penalty-64(1)", "penalty-1996-42(1)",
        ] {
            guard let provision = library.provision("parent-law:\(id)") else { continue }
            for duty in provision.duties where duty.gate.level == .pre {
                let issues = duty.gate.refuses.contains {
                    $0.types.contains(.documentIssued) || $0.types.contains(.decisionApproved)
                }
                #expect(!issues, "\(id): \(duty.matter)")
            }
        }
        #expect(library.provision("parent-law:penalty-64(1)")?.duties.allSatisfy { $0.gate.level == .hard } == true)
    }
}
