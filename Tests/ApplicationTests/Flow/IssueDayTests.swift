import Casework
import Demo
import Kernel
import TestKit
import Testing

@testable import Application

/// The day under a document is a day of its case: limits run from it.
@Suite("The day under a document", .serialized)
struct IssueDayTests {
    @Test("no decision is dated before it was approved, before its case, or ahead of today; left open it is today")
    func decision() async throws {
        let world = try await CaseWorld()
        let thread = try await world.drafted()
        try await world.reviewLegality(in: thread)
        world.clock.set(to: world.clock.now().advanced(byMilliseconds: 2 * 86_400_000))
        try await world.take(ApproveDecision(isApproved: true, opinion: "同意"), in: thread, by: world.people.head)
        let kind = DocumentKindName.penaltyDecision
        let today = world.clock.now().day
        let content = JSON.Member("content", ["给予警告"])
        func dated(_ day: CivilDay) -> [JSON.Member] { [content, .init("issuedOn", .string(day.description))] }
        try await world.expect(
            [("years before", -2_800), ("before the case", -30), ("before the approval", -1), ("tomorrow", 1)].map {
                what, days in
                Refused(what, .invalid, fields: ["issuedOn"]) {
                    _ = try await world.fix(kind, in: thread, changing: dated(today.advanced(by: days)))
                }
            })
        let decision = try await world.fix(kind, in: thread, changing: dated(today))
        try await world.signAsHead(decision, in: thread)
        // Number and date stand side by side: of two years they would contradict each other.
        world.clock.set(to: world.clock.now().advanced(byMilliseconds: 366 * 86_400_000))
        let refusal = try await world.refusal("issued a year later") {
            try await world.demo.issue(decision, in: thread, by: world.people.officer1)
        }
        #expect(refusal?.code == .outOfOrder && refusal?.message.contains("对不上") == true)
    }

    @Test("a notice may bear the day its case began, and no day before")
    func notice() async throws {
        let world = try await CaseWorld()
        let thread = try await world.penalty()
        let view = try await world.load(thread)
        let begun = view.work.openedAt.day
        let kind = DocumentKindName.rightsNotice
        try await world.approveStart(in: thread)
        try await world.expect([
            Refused("the day before the case", .invalid, fields: ["issuedOn"]) {
                _ = try await world.fix(
                    kind, in: thread,
                    changing: [.init("issuedOn", .string(begun.advanced(by: -1).description))])
            }
        ])
        let notice = try await world.fix(kind, in: thread, changing: [.init("issuedOn", .string(begun.description))])
        let fixed = try await world.load(thread).work.document(notice)
        #expect(fixed?.data?["issuedOn"] == .string(begun.description))
    }
}
