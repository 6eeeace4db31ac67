import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

@testable import Application

/// Beside the decision on the penalty nothing in the bureau's name punishes, and nothing decides unapproved.
@Suite("Papers beside the decision on the penalty", .serialized)
struct OtherPaperTests {
    /// Kinds that tell of a penalty and order none, and those that decide on one.
    private static let free: Set<String> = [
        "rights-notice", "hearing-notice", "hearing-announcement", "case-transfer-letter",
        "court-enforcement-application", "non-initiation-notice", "penalty-decision", "summary-penalty-decision",
    ]

    @Test(
        "every kind of paper in the bureau's name × words that punish: only a decision, or what tells of one, has them")
    func everyKind() async throws {
        let world = try await CaseWorld()
        let thread = try await world.penalty()
        let work = try await world.load(thread).work
        let kinds = try CaseWorld.library.get().kinds.values.map(\.kind).filter(\.inBureausName)
        #expect(kinds.count > 20)
        for kind in kinds {
            var found: Set<String> = []
            for field in kind.fields {
                for text in ["责令停产停业六个月", "处四十九万元罚款", "没收该物品"] {
                    let value: JSON =
                        switch field.type {
                        case .list: [.string(text)]
                        case .table: [["disposal": .string(text), "name": .string(text)]]
                        default: .string(text)
                        }
                    let data = JSON.object([.init(field.name, value)])
                    found.formUnion(PunishingPaper.problems(in: data, kind: kind, work: work).map(\.name))
                }
            }
            let isRead = !Self.free.contains(kind.name)
            #expect(found.isEmpty != isRead, "\(kind.name): \(found)")
            #expect(
                found.isDisjoint(with: ["facts", "reasons", "legalBasis", "remedies", "subjectName"]), "\(kind.name)")
        }
    }

    @Test("what carries a decision out repeats it and adds nothing")
    func carriedOut() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        try await world.hear(in: thread)
        var draft = world.drafting()
        draft.draft = "给予警告，并处罚款人民币5,000元。"
        try await world.take(draft, in: thread, by: people.officer1)
        try await world.reviewLegality(in: thread)
        try await world.take(ApproveDecision(isApproved: true, opinion: "同意"), in: thread, by: people.head)
        let kind = try #require(try CaseWorld.library.get().kind("demand-notice"))
        func named(_ obligation: String) async throws -> [String] {
            let data: JSON = ["obligation": .string(obligation)]
            return PunishingPaper.problems(in: data, kind: kind, work: try await world.load(thread).work).map(\.name)
        }
        let words = "缴纳罚款5,000元，自收到本催告书之日起十日内缴至指定银行；逾期每日加处罚款。"
        #expect(try await named(words) == ["obligation"], "nothing is decided yet")
        let content = JSON.Member("content", ["给予警告", "处罚款人民币5,000元"])
        let decision = try await world.signedDecision(in: thread, changing: [content])
        try await world.demo.issue(decision, in: thread, by: people.officer1)
        for fits in [words, "缴纳罚款5,000元和加处罚款5,000元。", "尚欠罚款3,000元。"] {
            #expect(try await named(fits) == [], "\(fits)")
        }
        for wrong in ["缴纳罚款49,000元。", "缴纳罚款5,000元和加处罚款15,000元。", "缴纳罚款5,000元，吊销许可证。"] {
            #expect(try await named(wrong) == ["obligation"], "\(wrong)")
        }
        // What is added for each day doubles its own clause and no other, and no decision at all.
        #expect(try await named("缴纳罚款10,000元。逾期每日加处罚款。") == ["obligation"])
        try await world.append([
            Fact(
                .decisionChanged, in: thread,
                plain: [
                    "change": "changed", "document": .string(decision.description), "isPenalty": true,
                    "changedDay": .string(world.clock.now().day.description),
                ], fields: [.init("reason", "变更。", .party)])
        ])
        let work = try await world.load(thread).work
        let changing = try #require(try CaseWorld.library.get().kind("enforcement-decision"))
        for (content, fits) in [
            (["变更为罚款3,000元。"], true), (["变更为罚款10,000元。"], false),
            (["变更为罚款10,000元。", "到期不缴纳的，每日按罚款数额的百分之三加处罚款。"], false),
            (["变更为罚款10,000元，到期不缴纳的，每日按罚款数额的百分之三加处罚款。"], false),
        ] {
            let data: JSON = ["decisionKind": "other", "content": .array(content.map { .string($0) })]
            let problems = PunishingPaper.problems(in: data, kind: changing, work: work).map(\.name)
            #expect(problems == (fits ? [] : ["content"]), "\(content)")
        }
    }

    /// Handler and unit reviewer on the internal approval form.
    private func review(_ matter: String, in thread: ThreadTag, _ world: CaseWorld) async throws {
        let form = try await world.fix(
            "internal-approval-form", in: thread,
            changing: [
                .init("caseName", .string(CaseWorld.title)), .init("matter", .string(matter)),
                .init("handlerOpinion", "事实清楚，建议办理。"),
            ])
        try await world.take(world.signature(form, "handler"), in: thread, by: world.people.officer1)
        try await world.take(
            world.signature(form, "reviewer", decision: .agree, opinion: "同意。"), in: thread, by: world.people.unitHead)
    }

    @Test("a decision of another sort is signed and issued once a head approved this very decision, each for itself")
    func otherDecision() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let order: [JSON.Member] = [
            .init("decisionKind", "correction"), .init("content", ["责令十日内补齐统计台账", "报送改正情况"]),
        ]
        func decide() async throws -> DocumentID {
            try await world.fix(DocumentKindName.enforcementDecision, in: thread, changing: order)
        }
        func approval(_ proposal: String, of decision: DocumentID) async throws -> DocumentID {
            try await world.fix(
                DocumentKindName.headApproval, in: thread,
                changing: [
                    .init("caseName", .string(CaseWorld.title)),
                    .init("subjectName", .string(DemoFirm.paperMill.name)), .init("proposal", .string(proposal)),
                ], about: decision)
        }
        let first = try await decide()
        try await world.demo.look(at: first, in: thread, by: people.head)
        let unapproved = try await world.refusal("signed unapproved") {
            try await world.take(world.signature(first, "agencyHead"), in: thread, by: people.head)
        }
        #expect(unapproved?.code == .gate)
        #expect(unapproved?.reasons.map(\.provisions) == [["zhaoxian-2017:19"]])
        let other = try await world.refusal("approved in other words") {
            _ = try await approval("责令十日内补齐统计台账。", of: first)
        }
        #expect(other?.fields.map(\.name) == ["proposal"])
        let form = try await approval("责令十日内补齐统计台账；报送改正情况。", of: first)
        let unreviewed = try await world.refusal("approved before anybody reviewed it") {
            try await world.take(
                world.signature(form, "agencyHead", decision: .agree, opinion: "同意。"), in: thread, by: people.head)
        }
        #expect(unreviewed?.code == .gate && unreviewed?.reasons.map(\.provisions) == [["zhaoxian-2017:41"]])
        try await review("责令改正", in: thread, world)
        try await world.take(
            world.signature(form, "agencyHead", decision: .agree, opinion: "同意。"), in: thread, by: people.head)
        // It approves no draft of a penalty.
        try await world.hear(in: thread)
        try await world.take(world.drafting(), in: thread, by: people.officer1)
        #expect(SigningOrder.approvedAt(in: try await world.load(thread).work) == nil)
        try await world.take(world.signature(first, "agencyHead"), in: thread, by: people.head)
        try await world.demo.issue(first, in: thread, by: people.officer1)
        // The next one is not approved with it.
        let second = try await decide()
        try await world.demo.look(at: second, in: thread, by: people.head)
        let again = try await world.refusal("a second one") {
            try await world.take(world.signature(second, "agencyHead"), in: thread, by: people.head)
        }
        #expect(again?.code == .gate)
    }
}
