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
    private func change(
        _ word: String, of document: DocumentID, in thread: ThreadTag, _ world: CaseWorld, by proof: Int? = nil
    ) async throws {
        var data: [String: JSON] = [
            "change": .string(word), "isPenalty": true, "reason": "复议机关撤销，责令重新作出。",
            "changedDay": .string(world.clock.now().day.description), "document": .string(document.description),
        ]
        if let proof { data["proofFile"] = .integer(Int64(proof)) }
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

        // Part of it is paid by then.
        let early = try await world.demo.recordVoucher(
            "缴款书零.pdf", completedAt: world.clock.now(), in: thread, by: people.officer1)
        func paid(_ fen: Int64, _ status: String, by proof: Int) async throws {
            try await world.take(
                RecordPerformance(
                    status: status, performedAt: world.clock.now(), amount: fen, obligation: "缴纳罚款",
                    evidence: "缴款书", proofFile: proof), in: thread, by: people.officer1)
        }
        try await paid(200_000, "partly", by: early)
        let unproven = try await world.refusal("without the paper that orders it") {
            try await change("remade", of: first, in: thread, world)
        }
        #expect(unproven?.fields.map(\.name) == ["proofFile"])
        let ruling = try await world.demo.recordVoucher(
            "复议决定书.pdf", completedAt: world.clock.now(), in: thread, by: people.officer1)
        try await change("remade", of: first, in: thread, world, by: ruling)
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

        // Paid and ended on the new one, and every sheet says what became of the former.
        world.minute(60)
        let slip = try await world.demo.recordVoucher(
            "缴款书二.pdf", completedAt: world.clock.now(), in: thread, by: people.officer1)
        try await paid(600_000, "complete", by: slip)
        try await world.demo.confirmPerformance(in: thread, by: people.officer2)
        try await world.take(EndCase(ground: .performed, reason: nil), in: thread, by: people.officer1)
        let view = try await world.load(thread)
        let (former, standing) = (
            try #require(view.work.document(first)?.issue?.numberText),
            try #require(view.work.document(second)?.issue?.numberText)
        )
        let sheets = CaseFileSheets(
            view: view, source: try await world.office.casebook.source(of: view.work),
            law: try await world.office.casebook.chambers.law(),
            archivist: try await world.performer(people.custodian).person,
            persons: try await world.office.casebook.registers.persons(), now: world.clock.now())
        #expect(view.work.caseNumber != nil || sheets.caseNumber == standing)
        #expect(sheets.outcome == "处罚决定（\(former)）已撤销，重新作出；处罚决定履行完毕（\(standing)）")
        let rows = sheets.data(for: "case-file-catalogue")?["items"]?.elements ?? []
        let remarks = rows.filter { $0["title"]?.string == "行政处罚决定书" }.map { $0["remarks"]?.string ?? "" }
        #expect(remarks == ["已撤销，重新作出", "", ""], "the former, the text that was not issued, the one that stands")
        #expect(rows.contains { $0["title"]?.string?.contains("履行凭证") == true })
        let told = sheets.matters.compactMap { $0["content"]?.string }
        #expect(
            told.contains {
                $0.contains("《行政处罚决定书》\(former)：") && $0.contains("重新作出") && $0.contains("复议机关撤销，责令重新作出。")
            },
            "\(told)")
        #expect(told.contains { $0.contains("按已经撤销、重新作出的决定") && $0.contains("部分履行，已缴2,000元") }, "\(told)")
        #expect(told.contains { $0.contains("全部履行，已缴6,000元") && $0.contains("多于重新作出的决定6,000元，应当退还当事人") }, "\(told)")
    }

    @Test(
        "a revocation of another paper breaks off no penalty, and one of the penalty is told to the party in its own words"
    )
    func named() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.approved()
        let (decision, receipt) = try await world.issueDecision(in: thread)
        try await world.take(world.service(of: decision, with: receipt), in: thread, by: people.officer1)
        world.minute()
        let notice = try #require(try await world.load(thread).work.document(ofKind: DocumentKindName.rightsNotice))
        let offered = try await world.refusal("a notice is no decision") {
            try await change("revoked", of: notice.id, in: thread, world)
        }
        #expect(offered?.fields.map(\.name) == ["document"])
        func served(_ content: String) async throws -> DocumentID {
            let id = DocumentID.random()
            try await world.append([
                Fact(
                    .documentFixed, in: thread,
                    plain: ["document": .string(id.description), "kind": "enforcement-decision"],
                    fields: [.init("data", ["decisionKind": "other", "content": [.string(content)]], .party)]),
                Fact(
                    .documentIssued, in: thread,
                    plain: ["document": .string(id.description), "number": 9, "year": 2026]),
                Fact(
                    .documentServed, in: thread,
                    plain: [
                        "document": .string(id.description), "method": "direct",
                        "servedAt": .integer(world.clock.now().milliseconds),
                    ]),
            ])
            return id
        }
        func ending() async throws {
            try await world.take(
                EndCase(ground: .terminated, reason: "终止。", acceptsGaps: true), in: thread, by: people.head)
        }
        let order = try await served("七日内改正")
        let standing = try await world.refusal("a decision that the party was told of") {
            try await world.take(VoidDocument(document: order, reason: "写错了。"), in: thread, by: people.head)
        }
        #expect(standing?.message.contains("已经送达当事人，不能作废") == true)
        try await change("revoked", of: order, in: thread, world)
        _ = try await served("更正告知书文字，撤销责令改正")
        #expect(try await world.refusal("by another paper") { try await ending() }?.message.contains("不能再终止调查") == true)
        try await change("revoked", of: decision, in: thread, world)
        _ = try await served("更正决定书的文字")
        #expect(
            try await world.refusal("told of something else") { try await ending() }?.message.contains("写明原决定撤销")
                == true)
        _ = try await served("撤销原处罚决定")
        try await ending()
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
