import Application
import Casework
import Demo
import Kernel
import Ledger
import Synchronization
import TestKit
import Testing

/// What is shown beside a step before it is tried is what the step is refused for.
@Suite("Gates foreseen", .serialized)
struct ForesightTests {
    private struct Tried {
        let step: Foresight.Step
        let by: DemoPeople.Member
        let attempt: () async throws -> Void
    }

    @Test("from the start to the decision, what is foreseen equals what the refused step names, article by article")
    func equal() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        func foreseen(_ step: Foresight.Step, _ member: DemoPeople.Member) async throws -> [StepRefusal.Reason] {
            let law = try await world.office.casebook.chambers.law()
            return Foresight(
                view: try await world.load(thread), law: law, person: try await world.performer(member).person,
                now: world.clock.now()
            ).refusals(of: step).map { StepRefusal.Reason($0) }
        }
        let visit = Tried(step: .visit, by: people.officer1) {
            try await world.take(world.visit(), in: thread, by: people.officer1)
        }
        let paper = Mutex<DocumentID?>(nil)
        let statement = Tried(step: .statement, by: people.officer1) {
            try await world.take(world.statement(with: paper.withLock { $0 }), in: thread, by: people.officer1)
        }
        let draft = Tried(step: .draft, by: people.officer1) {
            try await world.take(world.drafting(), in: thread, by: people.officer1)
        }
        let notice = Tried(step: .fixing(kind: DocumentKindName.rightsNotice), by: people.officer1) {
            _ = try await world.fix(DocumentKindName.rightsNotice, in: thread)
        }
        let approval = Tried(step: .approval, by: people.head) {
            try await world.take(ApproveDecision(isApproved: true, opinion: "同意"), in: thread, by: people.head)
        }
        var compared = 0
        func compare(_ tried: Tried) async throws {
            let reasons = try await foreseen(tried.step, tried.by)
            guard !reasons.isEmpty else { return }
            let refusal = try await world.refusal("\(tried.step)", tried.attempt)
            #expect(refusal?.code == .gate)
            #expect(Set(refusal?.reasons ?? []) == Set(reasons), "\(tried.step)")
            compared += 1
        }
        /// Nothing is foreseen where the step goes through.
        func pass(_ tried: Tried) async throws {
            #expect(try await foreseen(tried.step, tried.by).isEmpty, "\(tried.step)")
            try await tried.attempt()
        }
        for tried in [visit, statement, draft, notice] { try await compare(tried) }
        #expect(compared == 4)
        // Whom a gate allows to let pass is told of it, and nobody else.
        let law = try await world.office.casebook.chambers.law()
        for (member, isEmpty) in [(people.head, false), (people.officer1, true), (people.custodian, true)] {
            let liftable = Foresight(
                view: try await world.load(thread), law: law, person: try await world.performer(member).person,
                now: world.clock.now()
            ).liftable(among: try await world.office.casebook.registers.persons())
            #expect(liftable.isEmpty == isEmpty)
            #expect(liftable.allSatisfy { $0.refusals.allSatisfy { $0.overridableBy.contains(.agencyHead) } })
        }
        try await world.approveStart(in: thread)
        try await pass(visit)
        try await pass(draft)
        try await compare(approval)
        #expect(compared == 5)
        let told = try await world.signedNotice(in: thread)
        #expect(try await foreseen(.issuing(told), people.officer1).isEmpty)
        try await world.demo.issue(told, in: thread, by: people.officer1)
        try await compare(approval)
        world.minute()
        let submission = try await world.submission(in: thread)
        paper.withLock { $0 = submission }
        try await pass(statement)
        try await compare(approval)
        try await world.take(
            world.review(of: try await world.load(thread).work.entries), in: thread, by: people.officer1)
        try await compare(approval)
        try await pass(draft)
        try await world.reviewLegality(in: thread)
        try await pass(approval)
        #expect(compared >= 8)
        let decision = try await world.fix(DocumentKindName.penaltyDecision, in: thread)
        #expect(try await foreseen(.issuing(decision), people.officer1).isEmpty)
    }
}
