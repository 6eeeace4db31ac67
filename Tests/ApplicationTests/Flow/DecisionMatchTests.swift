import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

@testable import Application

/// What is issued is what was approved; and one decision stands in a case.
@Suite("Decision: approved, issued, served, performed", .serialized)
struct DecisionMatchTests {
    private func approved(_ world: CaseWorld, draft text: String = "给予警告，并处罚款人民币5,000元。") async throws -> ThreadTag {
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        try await world.hear(in: thread)
        var draft = world.drafting()
        draft.draft = text
        try await world.take(draft, in: thread, by: world.people.officer1)
        try await world.reviewLegality(in: thread)
        try await world.take(ApproveDecision(isApproved: true, opinion: "同意"), in: thread, by: world.people.head)
        return thread
    }

    private static let content = JSON.Member("content", ["给予警告", "处罚款人民币5,000元（伍仟元整）"])

    @Test("a decision of another party or another penalty than was approved is not fixed, and none without the head")
    func differing() async throws {
        let world = try await CaseWorld()
        let thread = try await approved(world)
        let kind = DocumentKindName.penaltyDecision
        func fixing(_ what: String, _ fields: [String], _ members: [JSON.Member]) -> Refused {
            Refused(what, .invalid, fields: fields) { _ = try await world.fix(kind, in: thread, changing: members) }
        }
        try await world.expect([
            fixing("another party", ["subjectName"], [.init("subjectName", "另一家厂"), Self.content]),
            fixing("1998 times the fine", ["content"], [.init("content", ["给予警告", "处罚款人民币9,990,000元"])]),
            fixing("no fine", ["content"], [.init("content", ["给予警告"])]),
            fixing("a licence too", ["content"], [.init("content", ["给予警告", "罚款5,000元", "吊销许可证"])]),
            fixing(
                "everything", ["subjectName", "content"],
                [.init("subjectName", "另一家厂"), .init("content", ["行政拘留十日"])]),
        ])
        let refusal = try await world.refusal("named") {
            _ = try await world.fix(kind, in: thread, changing: [.init("content", ["给予警告", "罚款9,990,000元"])])
        }
        let message = try #require(refusal?.fields.first?.message)
        #expect(message.contains("9990000元") && message.contains("5000元"), "\(message)")
        let decision = try await world.fix(kind, in: thread, changing: [Self.content])
        try await world.expect([
            Refused("issued without the head", .outOfOrder) {
                try await world.demo.issue(decision, in: thread, by: world.people.officer1)
            },
            Refused("the head's place by a handler", .notAllowed) {
                try await world.take(world.signature(decision, "agencyHead"), in: thread, by: world.people.officer1)
            },
            Refused("the head's place without the secret", .secretNeeded) {
                try await world.take(
                    world.signature(decision, "agencyHead"), in: thread,
                    by: try await world.performer(world.people.head, confirmed: false))
            },
        ])
        try await world.signAsHead(decision, in: thread)
        try await world.demo.issue(decision, in: thread, by: world.people.officer1)
        // The head's signature names the very bytes that are issued.
        let view = try await world.load(thread)
        let fixed = try #require(view.records.last { $0.type == .documentFixed })
        let signed = try #require(view.records.last { $0.type == .documentSigned && $0.word("slot") == "agencyHead" })
        #expect(signed.fields["digest"] == fixed.fields["digest"] && signed.actor == world.people.head.person.thread)
    }

    @Test("the head signs a decision only after a look at the very text, and having said that differences were read")
    func lookFirst() async throws {
        let world = try await CaseWorld()
        let (thread, people) = (try await approved(world), world.people)
        let performance = JSON.Member("performance", "十五日内缴纳。\n每迟一日再缴5,000元。")
        let decision = try await world.fix(
            DocumentKindName.penaltyDecision, in: thread, changing: [Self.content, performance])
        var signing = world.signature(decision, "agencyHead")
        let unseen = Refused("unseen", .outOfOrder) { [signing] in
            try await world.take(signing, in: thread, by: people.head)
        }
        try await world.expect([unseen])
        // Neither somebody else's look counts, nor the head's at another text.
        let other = try await world.fix(DocumentKindName.penaltyDecision, in: thread, changing: [Self.content])
        try await world.demo.look(at: decision, in: thread, by: people.officer1, purpose: "handling")
        try await world.demo.look(at: other, in: thread, by: people.head)
        // Nor one in which nothing of it was read.
        try await world.demo.look(at: decision, in: thread, by: people.head, isRead: false)
        try await world.expect([unseen])
        let refusal = try await world.refusal("unseen") { [signing] in
            try await world.take(signing, in: thread, by: people.head)
        }
        #expect(refusal?.message.contains("查看文书") == true, "what to do is not said")
        try await world.demo.look(at: decision, in: thread, by: people.head)
        signing.isCompared = false
        try await world.expect([
            Refused("differences not read", .invalid, fields: ["compared"]) { [signing] in
                try await world.take(signing, in: thread, by: people.head)
            }
        ])
        let work = try await world.load(thread).work
        let fixed = try #require(work.document(decision))
        let kind = try #require(try CaseWorld.library.get().kind(fixed.kind))
        let comparison = try #require(DecisionComparison(fixed, kind: kind, in: work))
        #expect(comparison.decision.map(\.label) == ["处罚内容", "履行方式和期限"])
        let marked = comparison.decision.flatMap(\.pieces).filter(\.isDifferent).map(\.text)
        #expect(marked.contains { $0.contains("每迟一日再缴") } && !marked.contains { $0.contains("给予警告") }, "\(marked)")
        signing.isCompared = true
        try await world.take(signing, in: thread, by: people.head)
    }

    @Test("what the party says after the decision is not recorded as if it had been weighed; what it said before is")
    func afterTheDecision() async throws {
        let world = try await CaseWorld()
        let (thread, people) = (try await approved(world), world.people)
        let before = world.clock.now()
        world.minute(5)
        let decision = try await world.fix(
            DocumentKindName.penaltyDecision, in: thread, changing: [Self.content])
        try await world.signAsHead(decision, in: thread)
        try await world.demo.issue(decision, in: thread, by: people.officer1)
        world.minute(5)
        let paper = try await world.submission(in: thread)
        try await world.expect([
            Refused("after the decision", .outOfOrder) {
                try await world.take(world.statement(with: paper), in: thread, by: people.officer1)
            }
        ])
        let refusal = try await world.refusal("after") {
            try await world.take(world.statement(with: paper), in: thread, by: people.officer1)
        }
        #expect(refusal?.message.contains("处罚决定已经作出") == true && refusal?.message.contains("催告") == true)
        try await world.take(world.statement(at: before, with: paper), in: thread, by: people.officer1)
    }

    @Test(
        "words about when and where to pay are no difference, but another sum, rate or penalty among them is",
        arguments: [
            ("自收到本决定书之日起十五日内，将罚款缴至指定银行。逾期不缴纳的，每日按罚款数额的百分之三加处罚款。", []),
            ("十五日内缴纳罚款5000元。", []), ("到期不缴纳的，每日按3%加处罚款。", []),
            ("十五日内缴纳，每迟一日再缴5,000元。", ["每迟一日再缴5,000元。"]), ("另缴纳9000元。", ["另缴纳9000元。"]),
            ("每日按百分之三十加处罚款。", ["每日按百分之三十加处罚款。"]), ("逾期的每日加收5%。", ["逾期的每日加收5%。"]),
            ("十五日内缴纳，并吊销许可证。", ["并吊销许可证。"]), ("每日按千分之五加收。", ["每日按千分之五加收。"]),
        ] as [(String, [String])])
    func performanceMarks(text: String, marked: [String]) async throws {
        let world = try await CaseWorld()
        let work = try await world.load(try await approved(world)).work
        let kind = try #require(try CaseWorld.library.get().kind(DocumentKindName.penaltyDecision))
        let data: JSON = ["content": ["给予警告，", "并处罚款人民币5000元"], "performance": .string(text)]
        let comparison = try #require(DecisionComparison(data, kind: kind, in: work))
        #expect(comparison.decision.flatMap(\.pieces).filter(\.isDifferent).map(\.text) == marked)
        #expect(comparison.isDifferent == !marked.isEmpty)
    }

    @Test("a decision in the draft's very words needs no word about differences; one without penalty holds no fine")
    func sameWords() async throws {
        let world = try await CaseWorld()
        let (thread, people) = (try await approved(world), world.people)
        let decision = try await world.fix(
            DocumentKindName.penaltyDecision, in: thread,
            changing: [.init("content", ["给予警告，", "并处罚款人民币5000元"]), .init("performance", "给予警告")])
        try await world.demo.look(at: decision, in: thread, by: people.head)
        var signing = world.signature(decision, "agencyHead")
        signing.isCompared = false
        try await world.take(signing, in: thread, by: people.head)
        #expect(
            try await world.load(thread).work.document(decision)?.slots["agencyHead"]?.by == people.head.person.thread)
        let free = try await world.penalty()
        try await world.approveStart(in: free)
        try await world.hear(in: free)
        try await world.take(world.drafting(.noPenalty), in: free, by: people.officer1)
        try await world.expect([
            Refused("a fine in a decision without penalty", .invalid, fields: ["content"]) {
                _ = try await world.fix(
                    DocumentKindName.enforcementDecision, in: free,
                    changing: [.init("decisionKind", "noPenalty"), .init("content", ["不予处罚", "罚款5,000元"])])
            }
        ])
    }

    @Test("papers of the summary procedure have no place in a general case, and none of a decision in an inspection")
    func otherProcedure() async throws {
        let world = try await CaseWorld()
        let thread = try await world.penalty()
        for kind in DocumentKindName.ofSummary.sorted() {
            let refusal = try await world.refusal(kind) { _ = try await world.fix(kind, in: thread) }
            #expect(refusal?.code == .outOfOrder && refusal?.message.contains("一般程序") == true, "\(kind)")
        }
        let inspection = try await world.inspection()
        let refusal = try await world.refusal("a decision in an inspection") {
            _ = try await world.fix(DocumentKindName.penaltyDecision, in: inspection)
        }
        #expect(refusal?.code == .outOfOrder)
    }

    @Test("on the spot: a warning, or the one fine that the form's amount says; nothing else in the text")
    func summaryLimit() {
        func fields(_ content: [String], _ fen: Int64?) -> [String] {
            var members: [JSON.Member] = [.init("content", .array(content.map { .string($0) }))]
            if let fen { members.insert(.init("amount", .integer(fen)), at: 0) }
            return SummaryLimit.problems(in: .object(members)).map(\.name)
        }
        #expect(fields(["给予警告"], nil).isEmpty)
        #expect(fields(["警告", "处罚款人民币500元（伍佰元整）"], 50_000).isEmpty)
        #expect(fields(["处罚款人民币9,990,000元"], nil) == ["amount"])
        #expect(fields(["处罚款999万"], nil) == ["amount"])
        #expect(fields(["处罚款9,990,000元"], 50_000) == ["content"])
        #expect(fields(["处罚款3000元", "另处罚款3000元"], 300_000) == ["content"], "the same fine twice")
        #expect(fields(["处罚款500元", "另缴300元"], 50_000) == ["content"])
        #expect(fields(["给予警告"], 50_000) == ["content"], "an amount without a fine")
        #expect(fields(["吊销许可证"], nil) == ["content", "content"])
        #expect(fields(["责令停产停业", "警告"], nil) == ["content"])
        #expect(fields([], nil) == ["content"])
    }

    @Test("a decision fixed before the draft was changed is not issued afterwards")
    func redrafted() async throws {
        let world = try await CaseWorld()
        let thread = try await approved(world)
        let decision = try await world.signedDecision(in: thread, changing: [Self.content])
        var draft = world.drafting()
        draft.draft = "给予警告，并处罚款人民币3,000元。"
        try await world.take(draft, in: thread, by: world.people.officer1)
        try await world.reviewLegality(in: thread)
        try await world.take(ApproveDecision(isApproved: true, opinion: "同意"), in: thread, by: world.people.head)
        let refusal = try await world.refusal("issued as it was before") {
            try await world.demo.issue(decision, in: thread, by: world.people.officer1)
        }
        #expect(refusal?.code == .outOfOrder && refusal?.message.contains("3000元") == true)
    }

    @Test("one decision stands in a case: a second waits until the first is void or superseded")
    func one() async throws {
        let world = try await CaseWorld()
        let (thread, people) = (try await approved(world), world.people)
        func signed() async throws -> DocumentID {
            try await world.signedDecision(in: thread, changing: [Self.content])
        }
        let first = try await signed()
        let second = try await signed()
        try await world.demo.issue(first, in: thread, by: people.officer1)
        let issuing = Refused("a second one", .outOfOrder) {
            try await world.demo.issue(second, in: thread, by: people.officer1)
        }
        try await world.expect([
            issuing,
            Refused("amended by what is not issued", .invalid, fields: ["by"]) {
                try await world.take(
                    CorrectDocument(document: first, by: second, manner: .amends, reason: "笔误"), in: thread,
                    by: people.head)
            },
        ])
        try await world.take(
            CorrectDocument(document: first, by: second, manner: .supersedes, reason: "笔误"), in: thread,
            by: people.head)
        #expect(try await world.load(thread).work.decision == nil)
        try await world.demo.issue(second, in: thread, by: people.officer1)
        #expect(try await world.load(thread).work.decision?.id == second)
        let third = try await signed()
        try await world.expect([
            Refused("a third one", .outOfOrder) {
                try await world.demo.issue(third, in: thread, by: people.officer1)
            }
        ])
        try await world.take(VoidDocument(document: second, reason: "错"), in: thread, by: people.head)
        try await world.demo.issue(third, in: thread, by: people.officer1)
        #expect(try await world.load(thread).work.documents.filter { $0.isCaseDecision && $0.isInForce }.count == 1)
    }

    @Test(
        "a decision that was changed is performed by the sum that the party was told of since; one that was revoked, by none"
    )
    func changed() async throws {
        let world = try await CaseWorld()
        let (thread, people) = (try await approved(world), world.people)
        let decision = try await world.signedDecision(in: thread, changing: [Self.content])
        try await world.demo.issue(decision, in: thread, by: people.officer1)
        let receipt = try await world.receipt(of: decision, in: thread)
        try await world.take(world.service(of: decision, with: receipt), in: thread, by: people.officer1)
        world.minute(60)
        let voucher = try await world.demo.recordVoucher(
            "缴款书.pdf", completedAt: world.clock.now(), in: thread, by: people.officer1)
        let slip = try await world.demo.recordVoucher(
            "缴款书一.pdf", completedAt: world.clock.now(), in: thread, by: people.officer1)
        func paying(_ fen: Int64, _ status: String = "complete", by proof: Int? = nil) async throws {
            try await world.take(
                RecordPerformance(
                    status: status, performedAt: world.clock.now(), amount: fen, obligation: "缴纳罚款",
                    evidence: "缴款书0001", proofFile: proof ?? voucher), in: thread, by: people.officer1)
        }
        try await paying(100_000, "partly", by: slip)
        let again = try await world.refusal("one slip of paper twice") { try await paying(500_000, by: slip) }
        #expect(again?.fields.map(\.name) == ["proofFile"])
        func change(_ word: String) async throws {
            try await world.take(
                RecordEntry(
                    try #require(RecordedStep.named("decision-change")),
                    [
                        "change": .string(word), "document": .string(decision.description), "isPenalty": true,
                        "reason": "复议决定。", "changedDay": .string(world.clock.now().day.description),
                    ]), in: thread, by: people.head)
            world.minute()
        }
        try await change("changed")
        let eased = DocumentID.random()
        let paper: [Fact] = [
            Fact(
                .documentFixed, in: thread,
                plain: ["document": .string(eased.description), "kind": "enforcement-decision"],
                fields: [.init("data", ["content": ["变更后，罚款人民币3,000元"]], .party)]),
            Fact(
                .documentIssued, in: thread,
                plain: ["document": .string(eased.description), "number": 1, "year": 2026]),
        ]
        try await world.append(paper)
        // Nobody told the party yet: it owes what it was served.
        #expect(
            try await world.refusal("a sum of a paper in the drawer") { try await paying(300_000) }?.fields.map(\.name)
                == ["amount"])
        try await world.append([
            Fact(
                .documentServed, in: thread,
                plain: [
                    "document": .string(eased.description), "method": "direct",
                    "servedAt": .integer(world.clock.now().milliseconds),
                ])
        ])
        let before = try await world.refusal("the sum of before") { try await paying(500_000) }
        #expect(before?.fields.first?.message.contains("变更后的决定书") == true)
        #expect(
            try await world.refusal("one yuan less") { try await paying(299_900) }?.fields.map(\.name) == ["amount"])
        try await paying(300_000)
        #expect(try await world.load(thread).work.heldPerformances.count == 1)
        try await world.demo.confirmPerformance(in: thread, by: people.officer2)
        // Whatever became of the paper since: what ends a case is compared with the decision that stands.
        try await world.append([Fact(.documentVoided, in: thread, plain: ["document": .string(eased.description)])])
        let short = try await world.refusal("less than what stands") {
            try await world.take(EndCase(ground: .performed, reason: nil), in: thread, by: people.officer1)
        }
        #expect(short?.code == .outOfOrder && short?.message.contains("少于现在有效的决定书的数额") == true)
        try await change("revoked")
        let undone = try await world.refusal("of a decision that was revoked") { try await paying(300_000) }
        #expect(undone?.code == .outOfOrder && undone?.message.contains("已经登记撤销") == true)
    }

    @Test(
        "a receipt is not dated before its document; performance has a voucher, comes after service, pays every sum, and waits for another's eyes"
    )
    func performing() async throws {
        let world = try await CaseWorld()
        let (thread, people) = (try await approved(world), world.people)
        let early = world.clock.now()
        world.minute(60)
        let decision = try await world.signedDecision(in: thread, changing: [Self.content])
        try await world.demo.issue(decision, in: thread, by: people.officer1)
        var paid = RecordPerformance(
            status: "complete", performedAt: world.clock.now(), amount: 500_000, obligation: "缴纳罚款5,000元",
            evidence: "缴款书0001")
        try await world.expect([
            Refused("a receipt of weeks before", .invalid, fields: ["servedAt"]) {
                _ = try await world.fix(
                    DocumentKindName.serviceReceipt, in: thread,
                    changing: [.init("servedAt", .string(early.description))], about: decision)
            },
            Refused("performed before it was served", .outOfOrder) {
                try await world.take(paid, in: thread, by: people.officer1)
            },
        ])
        let receipt = try await world.fix(DocumentKindName.serviceReceipt, in: thread, about: decision)
        try await world.take(
            world.signature(receipt, "recipient", signer: DemoFirm.paperMill.representative), in: thread,
            by: people.officer1)
        try await world.take(world.signature(receipt, "server1"), in: thread, by: people.officer1)
        try await world.take(world.service(of: decision, with: receipt), in: thread, by: people.officer1)
        world.minute(60)
        paid.proofFile = try await world.demo.recordVoucher(
            "缴款书.pdf", completedAt: world.clock.now(), in: thread, by: people.officer1)
        func refused(_ what: String, _ fields: [String], _ change: @escaping (inout RecordPerformance) -> Void)
            -> Refused
        {
            var step = paid
            step.performedAt = world.clock.now()
            change(&step)
            return Refused(what, .invalid, fields: fields) {
                try await world.take(step, in: thread, by: people.officer1)
            }
        }
        try await world.expect([
            refused("without a voucher", ["proofFile"]) { $0.proofFile = nil },
            refused("a voucher that is none", ["proofFile"]) { $0.proofFile = 1 },
            refused("on a day before the decision", ["performedAt"]) { $0.performedAt = early },
            refused("without evidence", ["evidence"]) { $0.evidence = " " },
            refused("one yuan of five thousand", ["amount"]) { $0.amount = 100 },
            refused("without an amount", ["amount"]) { $0.amount = nil },
            refused("more than the fine", ["amount"]) { $0.amount = 500_001 },
        ])
        var partly = paid
        partly.performedAt = world.clock.now()
        (partly.status, partly.amount, partly.evidence, partly.proofFile) = ("partly", 100, nil, nil)
        try await world.take(partly, in: thread, by: people.officer1)
        paid.performedAt = world.clock.now()
        let before = try await world.evaluation(of: thread).obligations.filter { $0.state == .met }.count
        try await world.take(paid, in: thread, by: people.officer1)
        let held = try await world.load(thread).work
        #expect(held.performance?.status == "partly" && held.heldPerformances.count == 1)
        #expect(try await world.evaluation(of: thread).obligations.filter { $0.state == .met }.count == before)
        let again = paid
        let confirmation = try #require(RecordedStep.named("performance-confirmation"))
        func confirm(_ result: String, by member: DemoPeople.Member) async throws {
            let seq = try #require(try await world.load(thread).work.awaited.first).seq
            try await world.take(
                RecordEntry(
                    confirmation, ["performed": .integer(Int64(seq)), "result": .string(result), "opinion": "已核对。"]),
                in: thread, by: member)
        }
        try await world.expect([
            Refused("ended before anybody compared the voucher", .gate) {
                try await world.take(EndCase(ground: .performed, reason: nil), in: thread, by: people.officer1)
            },
            Refused("recorded a second time while it waits", .outOfOrder) {
                try await world.take(again, in: thread, by: people.officer1)
            },
            Refused("confirmed by who recorded it", .invalid, fields: ["performed"]) {
                try await confirm("passed", by: people.officer1)
            },
            Refused("confirmed unseen", .invalid, fields: ["performed"]) {
                try await confirm("passed", by: people.officer2)
            },
        ])
        try await confirm("returned", by: people.officer2)
        #expect(try await world.load(thread).work.heldPerformances.isEmpty)
        #expect(
            try await world.load(thread).work.performance?.status == "partly", "what was sent back performs nothing")
        try await world.take(paid, in: thread, by: people.officer1)
        try await world.demo.confirmPerformance(in: thread, by: people.officer2)
        #expect(try await world.load(thread).work.performance?.status == "complete")
        try await world.take(EndCase(ground: .performed, reason: nil), in: thread, by: people.officer1)
        let sheets = CaseFileSheets(
            view: try await world.load(thread), source: nil, law: try await world.office.casebook.chambers.law(),
            archivist: try await world.performer(people.custodian).person,
            persons: try await world.office.casebook.registers.persons(),
            now: world.clock.now())
        let matters =
            sheets.data(for: "closing-sheet")?["matters"]?.elements?.compactMap { $0["content"]?.string } ?? []
        #expect(
            matters.contains {
                $0.contains("已缴5,000元") && $0.contains("凭证为案卷目录第") && $0.contains("\(people.officer2.person.name)于")
            }, "\(matters)")
    }

    @Test("what a decision asks for counts fines and confiscated sums together, and things apart")
    func sums() {
        func due(_ content: [String]) -> PerformanceCheck.Due {
            let text = content.joined(separator: "\n")
            return PerformanceCheck.Due(text, fine: PenaltyTerms(text).fineTotal)
        }
        let both = due(["没收违法所得3,000元", "并处罚款5000元（伍仟元整）"])
        #expect(both.sum == 800_000 && both.parts == "罚款5,000元、没收3,000元" && !both.takesThings && !both.isWarning)
        let things = due(["没收违法财物", "罚款100元"])
        #expect(things.sum == 10_000 && things.takesThings)
        let gain = due(["没收违法所得5000元"])
        #expect(gain.sum == 500_000 && !gain.takesThings && !gain.isWarning)
        #expect(due(["给予警告"]).isWarning && !due(["责令停产停业"]).isWarning && !due([]).isWarning)
    }

    @Test("the reviewer's place says what the form concludes")
    func reviewed() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.drafted()
        try await world.reviewDraft(in: thread)
        func place(_ result: String, _ decision: SigningDecision) async throws {
            let record = try await world.fix(
                DocumentKindName.legalReview, in: thread, changing: [.init("result", .string(result))],
                by: people.reviewer)
            try await world.take(
                world.signature(record, "reviewer", decision: decision, opinion: "意见"), in: thread, by: people.reviewer)
        }
        for (result, decision) in [("rejected", SigningDecision.passed), ("revise", .passed), ("passed", .returned)] {
            do {
                try await place(result, decision)
                Issue.record("\(result) \(decision) went through")
            } catch let error as StepRefusal {
                #expect(error.code == .invalid && error.fields.map(\.name) == ["decision"], "\(error)")
            }
        }
        for (result, decision) in [("rejected", SigningDecision.returned), ("revise", .returned), ("passed", .passed)] {
            try await place(result, decision)
        }
        #expect(try await world.load(thread).work.isReviewPassed)
    }
}
