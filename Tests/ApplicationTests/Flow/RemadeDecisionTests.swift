import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

@testable import Application

/// A decision that was taken back to be made anew (重新作出; 行政复议法第六十四条, 行政诉讼法第七十条).
@Suite("A decision that is made anew", .serialized)
struct RemadeDecisionTests {
    private func change(_ word: String, of document: DocumentID, in thread: ThreadTag, _ world: CaseWorld) async throws
    {
        let data: [String: JSON] = [
            "change": .string(word), "isPenalty": true, "reason": "复议机关撤销，责令重新作出。",
            "changedDay": .string(world.clock.now().day.description), "document": .string(document.description),
        ]
        try await world.take(
            RecordEntry(try #require(RecordedStep.named("decision-change")), data), in: thread,
            by: world.people.head)
        world.minute()
    }

    @Test(
        "the case goes back to its draft; nothing is collected on the former, and one new decision is approved and issued"
    )
    func anew() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.approved()
        let (first, receipt) = try await world.issueDecision(in: thread)
        try await world.take(world.service(of: first, with: receipt), in: thread, by: people.officer1)
        world.minute(60)
        let refused = try await world.refusal("a draft beside a decision") {
            try await world.take(world.drafting(), in: thread, by: people.officer1)
        }
        #expect(refused?.code == .outOfOrder && refused?.message.contains("重新作出") == true)

        try await change("remade", of: first, in: thread, world)
        let back = try await world.load(thread).work
        #expect(back.decision == nil && back.drafting == nil && back.approval == nil && !back.isUndone)
        #expect(back.stage == .investigation && back.remade == [first])
        #expect(
            back.document(ofKind: DocumentKindName.penaltyDecision) == nil && back.document(first)?.isInForce == true)
        let voucher = try await world.demo.recordVoucher(
            "缴款书.pdf", completedAt: world.clock.now(), in: thread, by: people.officer1)
        func paying() async throws {
            try await world.take(
                RecordPerformance(
                    status: "complete", performedAt: world.clock.now(), amount: 500_000, obligation: "缴纳罚款",
                    evidence: "缴款书0001", proofFile: voucher), in: thread, by: people.officer1)
        }
        let unpaid = try await world.refusal("a payment of the former") { try await paying() }
        #expect(unpaid?.code == .outOfOrder)
        // What the head approved was the former.
        let paper = try await world.fix(DocumentKindName.penaltyDecision, in: thread)
        let unapproved = try await world.refusal("a paper that nobody drafted") {
            try await world.demo.issue(paper, in: thread, by: people.officer1)
        }
        #expect(unapproved != nil)

        try await world.take(world.drafting(), in: thread, by: people.officer1)
        try await world.reviewLegality(in: thread)
        try await world.take(ApproveDecision(isApproved: true, opinion: "同意"), in: thread, by: people.head)
        let (second, secondReceipt) = try await world.issueDecision(in: thread)
        let now = try await world.load(thread).work
        #expect(now.decision?.id == second && now.standingDecision?.id == second && first != second)
        #expect(!now.isServed(second))
        let unserved = try await world.refusal("a payment before the new one is served") { try await paying() }
        #expect(unserved?.message.contains("还没有送达") == true)
        try await world.take(world.service(of: second, with: secondReceipt), in: thread, by: people.officer1)
        let again = try await world.refusal("a third draft") {
            try await world.take(world.drafting(), in: thread, by: people.officer1)
        }
        #expect(again?.code == .outOfOrder)
    }

    @Test("a change of a paper of another sort leaves the decision on the penalty where it is")
    func other() async throws {
        let world = try await CaseWorld()
        let thread = try await world.approved()
        let (decision, _) = try await world.issueDecision(in: thread)
        let order = DocumentID.random()
        try await world.append([
            Fact(
                .documentFixed, in: thread,
                plain: ["document": .string(order.description), "kind": "enforcement-decision"],
                fields: [.init("data", ["decisionKind": "correction", "content": ["七日内改正"]], .party)]),
            Fact(
                .documentIssued, in: thread,
                plain: ["document": .string(order.description), "number": 1, "year": 2026]),
        ])
        try await change("revoked", of: order, in: thread, world)
        #expect(try await world.load(thread).work.isUndone == false)
        try await change("revoked", of: decision, in: thread, world)
        #expect(try await world.load(thread).work.isUndone)
    }
}
