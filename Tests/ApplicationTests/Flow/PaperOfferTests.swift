import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

@testable import Application

/// Which papers a case can have: each kind's file says it, and what it says is kept whoever asks.
@Suite("Papers that a case can have", .serialized)
struct PaperOfferTests {
    @Test(
        "a kind whose file leaves out the case, or that takes a power the bureau has not, is refused and not recorded")
    func refused() async throws {
        let world = try await CaseWorld()
        let kinds = try CaseWorld.library.get().drawnKinds.filter { $0.category != .caseFile && $0.category != .review }
        let threads = [try await world.inspection(), try await world.penalty()]
        for thread in threads {
            let work = try await world.load(thread).work
            var count = 0
            for kind in kinds where !kind.fits(work) || kind.taken.power != nil {
                let refusal = try await world.refusal(kind.name) { _ = try await world.fix(kind.name, in: thread) }
                #expect(refusal?.code == .outOfOrder, "\(kind.name): \(refusal?.message ?? "")")
                count += 1
            }
            #expect(count >= 12, "nothing is left out of \(work.kind)")
        }
    }

    @Test(
        "the power is the bureau's to set: then its papers can be had, and a form with nothing in it is only incomplete"
    )
    func power() async throws {
        let world = try await CaseWorld()
        let thread = try await world.penalty()
        let kind = try #require(try CaseWorld.library.get().kind("sealing-seizure-list"))
        func refusal() async throws -> StepRefusal? {
            let law = try await world.office.casebook.chambers.law()
            return law.refusal(of: kind, in: try await world.load(thread).work, on: world.clock.now().day)
        }
        let refused = try #require(try await refusal())
        #expect(refused.message.contains("行政强制措施") && refused.message.contains("机关设置"))
        _ = try await world.office.casebook.record(
            [
                Fact(
                    .bureauSettingsChanged, in: world.thread,
                    fields: [.init("settings", ["coercive-measures": 2], .officer)])
            ], by: .person(world.people.administrator.person.thread), command: .random())
        #expect(try await refusal() == nil)
        let other = try #require(try CaseWorld.library.get().kind("compulsory-execution-decision"))
        let law = try await world.office.casebook.chambers.law()
        #expect(law.refusal(of: other, in: try await world.load(thread).work, on: world.clock.now().day) != nil)
    }

    @Test("in front stand few kinds, and those that the stage needs: the course of a penalty case from day to day")
    func front() async throws {
        let world = try await CaseWorld()
        let kinds = try CaseWorld.library.get().drawnKinds.filter { $0.category != .caseFile && $0.category != .review }
        let thread = try await world.penalty()
        func front() async throws -> Set<String> {
            let view = try await world.load(thread)
            let law = try await world.office.casebook.chambers.law()
            return Set(
                kinds.filter { kind in
                    law.refusal(of: kind, in: view.work, on: world.clock.now().day) == nil
                        && kind.isInFront(of: view.work, records: view.records)
                }.map(\.name))
        }
        #expect(try await front() == ["complaint-report-record", DocumentKindName.initiationApproval])
        try await world.approveStart(in: thread)
        var now = try await front()
        #expect(now.isSuperset(of: ["site-inspection-record", "interview-transcript", "rights-notice"]))
        #expect(
            now.isDisjoint(with: [
                DocumentKindName.penaltyDecision, DocumentKindName.summaryDecision, DocumentKindName.serviceReceipt,
                "demand-notice", "hearing-transcript", "sealing-seizure-decision", "performance-record",
            ]))
        try await world.hear(in: thread)
        #expect(try await front().contains(DocumentKindName.serviceReceipt), "a notice was issued")
        try await world.take(world.drafting(), in: thread, by: world.people.officer1)
        now = try await front()
        #expect(now.contains("head-approval-record") && !now.contains(DocumentKindName.penaltyDecision))
        try await world.reviewLegality(in: thread)
        try await world.take(ApproveDecision(isApproved: true, opinion: "同意"), in: thread, by: world.people.head)
        #expect(try await front().contains(DocumentKindName.penaltyDecision))
        _ = try await world.issueDecision(in: thread)
        now = try await front()
        #expect(now.contains("performance-record") && !now.contains("demand-notice"), "nothing was served yet")
        #expect(now.count < 20, "\(now.sorted())")
    }
}
