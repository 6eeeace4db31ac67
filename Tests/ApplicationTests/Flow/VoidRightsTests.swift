import Application
import Casework
import Demo
import Kernel
import TestKit
import Testing

@Suite("Who makes a document void, and what is foreseen of a step", .serialized)
struct VoidRightsTests {
    @Test("the legal review is voided by its author, or by the head once it is signed, and by no handler")
    func review() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        try await world.hear(in: thread)
        world.minute()
        try await world.take(world.drafting(), in: thread, by: people.officer1)
        try await world.expect([
            Refused("a legal review before the unit's", .gate, provisions: ["zhaoxian-2017:15"]) {
                _ = try await world.fix(DocumentKindName.legalReview, in: thread, by: people.reviewer)
            }
        ])
        try await world.reviewDraft(in: thread)
        let record = try await world.fix(DocumentKindName.legalReview, in: thread, by: people.reviewer)
        let step = VoidDocument(document: record, reason: "重新审查。")
        for member in [people.officer1, people.officer2, people.head, people.custodian] {
            let refusal = try await world.refusal("voided by \(member.person.name)") {
                try await world.take(step, in: thread, by: member)
            }
            #expect(refusal?.code == .notAllowed)
        }
        world.minute()
        try await world.take(
            world.signature(record, "reviewer", decision: .passed, opinion: "通过。"), in: thread, by: people.reviewer)
        let refusal = try await world.refusal("voided by a handler, signed") {
            try await world.take(step, in: thread, by: people.officer1)
        }
        #expect(refusal?.message.contains("审查人员本人") == true)
        try await world.take(step, in: thread, by: people.head)
        #expect(try await world.load(thread).work.document(record)?.isVoid == true)
        let second = try await world.fix(DocumentKindName.legalReview, in: thread, by: people.reviewer)
        try await world.take(VoidDocument(document: second, reason: "写错。"), in: thread, by: people.reviewer)
        let notice = try await world.fix(DocumentKindName.rightsNotice, in: thread)
        try await world.take(VoidDocument(document: notice, reason: "写错。"), in: thread, by: people.officer2)
    }

    @Test("whatever a party has signed is the head's to void, a paper of the handler's own making too")
    func signedByParty() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let notice = try await world.fix(DocumentKindName.rightsNotice, in: thread)
        try await world.take(
            world.signature(
                notice, "party", signer: DemoFirm.paperMill.representative, capacity: .representative), in: thread,
            by: people.officer1)
        let step = VoidDocument(document: notice, reason: "写错。")
        for member in [people.officer1, people.officer2] {
            let refusal = try await world.refusal("voided by \(member.person.name)") {
                try await world.take(step, in: thread, by: member)
            }
            #expect(refusal?.code == .notAllowed && refusal?.message.contains("行政机关负责人") == true)
        }
        try await world.take(step, in: thread, by: people.head)
    }

    @Test("a step that asks for a word is foreseen as refused only where no word would let it pass")
    func words() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        func recorded(_ name: String, _ answers: [String: JSON], by member: DemoPeople.Member) async throws {
            world.minute()
            let step = try #require(RecordedStep.named(name))
            try await world.take(RecordEntry(step, answers), in: thread, by: member)
        }
        func foreseen(_ name: String, _ member: DemoPeople.Member) async throws -> [Refusal] {
            Foresight(
                view: try await world.load(thread), law: try await world.office.casebook.chambers.law(),
                person: try await world.performer(member).person, now: world.clock.now()
            ).refusals(of: .recorded(name))
        }
        try await recorded(
            "chain-opinion", ["about": "measure", "opinion": "建议批准。", "reason": "有必要。"], by: people.officer1)
        try await recorded(
            "chain-review", ["about": "measure", "opinion": "同意。", "result": "passed"], by: people.unitHead)
        #expect(try await foreseen("chain-approval", people.head).isEmpty)
        try await recorded(
            "chain-approval", ["about": "measure", "opinion": "批准。", "result": "passed"], by: people.head)
    }

    @Test("an approver says whether they approve; what they send back is no approval, and the chain begins again")
    func chain() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        func recorded(_ name: String, _ answers: [String: JSON], by member: DemoPeople.Member) async throws {
            world.minute()
            let step = try #require(RecordedStep.named(name))
            try await world.take(RecordEntry(step, answers), in: thread, by: member)
        }
        func ask() async throws {
            try await recorded(
                "chain-opinion", ["about": "measure", "opinion": "建议批准。", "reason": "有必要。"], by: people.officer1)
            try await recorded(
                "chain-review", ["about": "measure", "opinion": "同意。", "result": "passed"], by: people.unitHead)
        }
        /// The approvals that the record of a measure can rest on.
        func approvals() async throws -> [Int] {
            let view = try await world.load(thread)
            let ground = AnswerGround(
                thread: thread, records: view.records, entries: view.entries.map(\.entry), work: view.work)
            let measure = try #require(RecordedStep.named("measure"))
            let input = try #require(measure.input("approval"))
            return input.approvals(in: ground).map(\.seq)
        }
        try await ask()
        let silent = try await world.refusal("an approval that says nothing") {
            try await recorded("chain-approval", ["about": "measure", "opinion": "再议。"], by: people.head)
        }
        #expect(silent?.fields.map(\.name) == ["result"])
        try await recorded(
            "chain-approval", ["about": "measure", "opinion": "理由不足。", "result": "returned"], by: people.head)
        #expect(try await world.load(thread).records.last?.word("result") == "returned")
        #expect(try await approvals().isEmpty)
        let again = try await world.refusal("an approval after it was sent back") {
            try await recorded(
                "chain-approval", ["about": "measure", "opinion": "批准。", "result": "passed"], by: people.head)
        }
        #expect(again?.code == .outOfOrder)
        try await ask()
        try await recorded(
            "chain-approval", ["about": "measure", "opinion": "批准。", "result": "passed"], by: people.head)
        #expect(try await approvals() == [try await world.load(thread).work.entries])
    }
}
