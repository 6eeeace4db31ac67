import Casework
import Demo
import Kernel
import TestKit
import Testing

@testable import Application

/// What a party was served stands until a decision that it is told of undoes it.
@Suite("A decision that was served", .serialized)
struct StandingDecisionTests {
    /// A case whose decision was issued and served.
    private func served() async throws -> (world: CaseWorld, thread: ThreadTag, decision: DocumentID) {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.approved()
        let (decision, receipt) = try await world.issueDecision(in: thread)
        try await world.take(world.service(of: decision, with: receipt), in: thread, by: people.officer1)
        return (world, thread, decision)
    }

    @Test("no head ends the case as broken off, and nobody makes the decision void")
    func stands() async throws {
        let (world, thread, decision) = try await served()
        let ended = try await world.refusal("broken off") {
            try await world.take(
                EndCase(ground: .terminated, reason: "终止。", acceptsGaps: true), in: thread, by: world.people.head)
        }
        #expect(ended?.code == .outOfOrder && ended?.message.contains("不能再终止调查") == true)
        let void = try await world.refusal("made void") {
            try await world.take(
                VoidDocument(document: decision, reason: "写错了。"), in: thread, by: world.people.head)
        }
        #expect(void?.message.contains("已经送达当事人") == true)
        // Nor what it rests on: the notice, the party's words, the legal review.
        for (kind, member) in [
            (DocumentKindName.rightsNotice, world.people.head), ("written-party-submission", world.people.officer1),
            (DocumentKindName.legalReview, world.people.reviewer),
        ] {
            let paper = try #require(try await world.load(thread).work.document(ofKind: kind))
            let refusal = try await world.refusal("\(kind) made void") {
                try await world.take(VoidDocument(document: paper.id, reason: "写错了。"), in: thread, by: member)
            }
            #expect(refusal?.message.contains("所依据的文书不能再作废") == true)
        }
    }

    @Test("what an inspection found stands as long as the decision that it led to, and falls with it")
    func inspected() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.approved()
        let source = try #require(try await world.load(thread).work.foundBy?.thread)
        let paper = try await world.fix(
            "written-party-submission", in: source,
            changing: [
                .init("caseName", "统计执法检查"), .init("subjectName", .string(DemoFirm.paperMill.name)),
                .init("submissionKind", "other"), .init("submitter", .string(DemoFirm.paperMill.representative)),
                .init("receivedAt", .string(world.clock.now().description)), .init("pages", 1),
                .init("receivedBy", .string(people.officer1.person.name)), .init("originalPlace", "附后"),
            ])
        try await world.take(world.signature(paper, "officer"), in: source, by: people.officer1)
        let void = VoidDocument(document: paper, reason: "写错了。")
        let decision = try await world.issueDecision(in: thread).decision
        for member in [people.officer1, people.head] {
            let refusal = try await world.refusal("voided by \(member.person.name)") {
                try await world.take(void, in: source, by: member)
            }
            #expect(refusal?.code == .outOfOrder && refusal?.message.contains("检查的文书是它的证据") == true)
        }
        // Not served yet: the head takes the decision back, and then what it rested on may be made anew.
        try await world.take(VoidDocument(document: decision, reason: "写错了。"), in: thread, by: people.head)
        try await world.take(void, in: source, by: people.officer1)
    }

    @Test("what the bureau answered, who received it and what the case is called are not said otherwise")
    func words() async throws {
        let (world, thread, _) = try await served()
        let records = try await world.load(thread).records
        func refused(_ type: EntryType, _ member: String, _ text: String) async throws -> String? {
            let record = try #require(records.last { $0.type == type })
            return try await world.refusal("\(member)") {
                try await world.take(
                    ProposeCorrection(target: record.seq, member: member, value: .text(text), reason: "笔误"), in: thread,
                    by: world.people.officer1)
            }?.fields.first?.message
        }
        #expect(try await refused(.statementReviewed, "review", "无")?.contains("已经根据这次复核作出") == true)
        #expect(try await refused(.statementReviewed, "reason", "无")?.contains("已经根据这次复核作出") == true)
        #expect(try await refused(.documentServed, "signatory", "赵六")?.contains("签收") == true)
        #expect(try await refused(.caseOpened, "title", "别的案由")?.contains("处罚决定书写的案由") == true)
        #expect(try await refused(.caseOpened, "caseNumber", "清禾统案〔2020〕1号")?.contains("年份") == true)
    }

    @Test(
        "a party's own words are not taken away by whoever handles the case, and no receipt is made of what is not issued"
    )
    func before() async throws {
        let world = try await CaseWorld()
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let notice = try await world.signedNotice(in: thread)
        let early = try await world.refusal("a receipt before the issue") {
            _ = try await world.receipt(of: notice, in: thread)
        }
        #expect(early?.code == .outOfOrder && early?.message.contains("还没有制发") == true)
        try await world.demo.issue(notice, in: thread, by: world.people.officer1)
        world.minute()
        let request = try await world.submission(in: thread, of: "hearingRequest")
        let void = VoidDocument(document: request, reason: "不需要了。")
        let refusal = try await world.refusal("by the handler") {
            try await world.take(void, in: thread, by: world.people.officer1)
        }
        #expect(refusal?.code == .notAllowed && refusal?.message.contains("当事人已经签名的文书") == true)
        try await world.take(void, in: thread, by: world.people.head)
    }

    @Test("papers of the inspection that belong to the file are signed and issued before it is closed")
    func evidence() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        let inspection = try #require(try await world.load(thread).work.foundBy).thread
        let record = try await world.submission(in: inspection, of: "other", isReceived: false)
        try await world.take(
            EndCase(ground: .terminated, reason: "当事人已注销。", acceptsGaps: true), in: thread, by: people.head)
        try await world.sheets(in: thread)
        let refusal = try await world.refusal("filed over an unsigned paper") {
            try await world.take(FileCase(), in: thread, by: people.custodian)
        }
        #expect(refusal?.code == .outOfOrder && refusal?.message.contains("来源检查的《当事人书面陈述") == true)
        try await world.take(
            VoidDocument(document: record, reason: "不用。"), in: inspection, by: people.head)
        try await world.sheets(in: thread)
        try await world.take(FileCase(), in: thread, by: people.custodian)
        #expect(try await world.load(thread).work.isFiled)
        // The volume is shut: a session could get neither its paper nor its recording.
        let late = try await world.refusal("a session after the filing") {
            try await world.take(world.visit(), in: inspection, by: people.officer1)
        }
        #expect(late?.message.contains("已经随由它立案的处罚案件归档") == true, "\(String(describing: late))")
    }
}
