import Application
import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

/// A draft on its way to the head: the reviewer whom it names, the legal review, the approval, and drafting anew.
@Suite("The draft of a decision, from the reviewer to the head", .serialized)
struct DraftReviewTests {
    private func drafted(_ world: CaseWorld) async throws -> ThreadTag {
        let thread = try await world.drafted()
        return thread
    }

    private func waiting(for person: DemoPeople.Member, in world: CaseWorld) async throws -> [ThreadTag] {
        try await world.office.casebook.registers.holders(of: .unitReview, under: person.person.thread, limit: 10)
    }

    private func review(_ world: CaseWorld, _ thread: ThreadTag, decision: SigningDecision) async throws {
        let record = try await world.fix(
            DocumentKindName.legalReview, in: thread,
            changing: [.init("result", decision == .passed ? "passed" : "revise")], by: world.people.reviewer)
        try await world.take(
            world.signature(record, "reviewer", decision: decision, opinion: "经审查。"), in: thread,
            by: world.people.reviewer)
    }

    private let approval = ApproveDecision(isApproved: true, opinion: "同意")
    private let pass = ReviewDraft(isPassed: true, opinion: "同意")

    @Test("only the reviewer whom the draft names gives a word on it, in their own session, once, with an opinion")
    func named() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let early = try await world.penalty()
        try await world.expect([
            Refused("reviewed before there is a draft", .outOfOrder) {
                try await world.take(pass, in: early, by: people.unitHead)
            }
        ])
        let thread = try await drafted(world)
        #expect(try await waiting(for: people.unitHead, in: world) == [thread])
        #expect(try await waiting(for: people.officer3, in: world).isEmpty)
        try await world.expect([
            Refused("reviewed by the drafter", .notAllowed) {
                try await world.take(pass, in: thread, by: people.officer1)
            },
            Refused("reviewed by the other handler", .notAllowed) {
                try await world.take(pass, in: thread, by: people.officer2)
            },
            Refused("reviewed by the head", .notAllowed) { try await world.take(pass, in: thread, by: people.head) },
            Refused("reviewed without the secret", .secretNeeded) {
                try await world.take(
                    pass, in: thread, by: try await world.performer(people.unitHead, confirmed: false))
            },
            Refused("reviewed by a reset account", .notAllowed) {
                try await world.take(
                    pass, in: thread, by: try await world.performer(people.unitHead, account: .reset))
            },
            Refused("reviewed by an account that waits", .notAllowed) {
                try await world.take(
                    pass, in: thread, by: try await world.performer(people.unitHead, account: .waiting))
            },
            Refused("reviewed without opinion", .invalid, fields: ["opinion"]) {
                try await world.take(ReviewDraft(isPassed: true, opinion: " "), in: thread, by: people.unitHead)
            },
        ])
        try await world.reviewDraft(in: thread)
        let work = try await world.load(thread).work
        #expect(work.isUnitReviewPassed && !work.awaitsUnitReview)
        #expect(work.unitReview?.by == people.unitHead.person.thread && work.unitReview?.opinion == "经核对。")
        #expect(try await waiting(for: people.unitHead, in: world).isEmpty)
        try await world.expect([
            Refused("reviewed twice", .outOfOrder) { try await world.take(pass, in: thread, by: people.unitHead) }
        ])
        #expect(try await world.load(thread).work.entries == work.entries)
    }

    @Test("a handler of the case is no reviewer of its draft, whoever drafted it")
    func handlers() async throws {
        let world = try await CaseWorld()
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        try await world.hear(in: thread)
        try await world.expect([
            Refused("the other handler named", .invalid, fields: ["unitReviewer"]) {
                var draft = world.drafting()
                draft.unitReviewer = world.people.officer2.person.thread
                try await world.take(draft, in: thread, by: world.people.officer1)
            }
        ])
        var draft = world.drafting()
        draft.unitReviewer = world.people.officer3.person.thread
        try await world.take(draft, in: thread, by: world.people.officer1)
        try await world.take(pass, in: thread, by: world.people.officer3)
        #expect(try await world.load(thread).work.isUnitReviewPassed)
    }

    @Test("the head approves nothing that the unit or the legal reviewer has not passed; a new draft needs both again")
    func order() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await drafted(world)
        func approving(_ what: String, _ provisions: Set<String>) -> Refused {
            Refused(what, .gate, provisions: provisions) {
                try await world.take(approval, in: thread, by: people.head)
            }
        }
        let unit: Set = ["zhaoxian-2017:15", "zhaoxian-2017:41"]
        try await world.expect([approving("before any review", unit.union(["zhaoxian-2017:16"]))])
        try await world.reviewDraft(in: thread, isPassed: false)
        try await world.expect([approving("after the unit sent it back", unit.union(["zhaoxian-2017:16"]))])
        let refusal = try #require(
            try await world.refusal("named") { try await world.take(approval, in: thread, by: people.head) })
        #expect(refusal.reasons.contains { $0.provisions == ["zhaoxian-2017:15"] && $0.missing.contains("退回以后没有重新草拟") })

        try await world.take(world.drafting(), in: thread, by: people.officer1)
        #expect(try await waiting(for: people.unitHead, in: world) == [thread])
        try await world.reviewDraft(in: thread)
        try await review(world, thread, decision: .returned)
        try await world.expect([approving("after the legal review sent it back", ["zhaoxian-2017:16"])])

        try await world.take(world.drafting(), in: thread, by: people.officer1)
        try await world.reviewDraft(in: thread)
        try await review(world, thread, decision: .passed)
        #expect(try await world.load(thread).work.isReviewPassed)

        try await world.take(world.drafting(), in: thread, by: people.officer1)
        #expect(try await !world.load(thread).work.isReviewPassed)
        try await world.expect([approving("a draft made after both", unit.union(["zhaoxian-2017:16"]))])
        try await world.reviewDraft(in: thread)
        try await review(world, thread, decision: .passed)
        try await world.take(approval, in: thread, by: people.head)
        #expect(try await world.load(thread).work.approval?.isApproved == true)
    }

    @Test("where no article asks for a review, none that was asked for is passed over: the product's own separation")
    func separation() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        try await world.take(world.drafting(.noPenalty), in: thread, by: people.officer1)
        try await world.reviewDraft(in: thread)
        func approving(_ what: String, _ missing: String, _ who: String) async throws {
            let refusal = try #require(
                try await world.refusal(what) { try await world.take(approval, in: thread, by: people.head) })
            #expect(refusal.code == .gate, "\(what): \(refusal)")
            #expect(refusal.reasons.map(\.missing) == [missing] && refusal.reasons.map(\.who) == [who], "\(what)")
            #expect(refusal.reasons.flatMap(\.provisions).isEmpty, "\(what)")
        }
        try await review(world, thread, decision: .returned)
        try await approving("returned", "法制审查没有通过这份草拟，应当修改后重新草拟、重新审查", "承办人")
        // Sending back is the head's own word and rests on no review.
        try await world.take(ApproveDecision(isApproved: false, opinion: "退回"), in: thread, by: people.head)
        try await world.take(world.drafting(.noPenalty), in: thread, by: people.officer1)
        try await world.reviewDraft(in: thread)
        try await approving("drafted anew", "重新草拟以后还没有法制审查", "法制审查人员")
        try await review(world, thread, decision: .passed)
        try await world.take(approval, in: thread, by: people.head)
        #expect(try await world.load(thread).work.approval?.isApproved == true)
    }
}
