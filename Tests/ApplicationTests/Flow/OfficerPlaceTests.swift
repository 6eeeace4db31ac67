import Application
import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

@Suite("Who fills the places that officers sign, and the party's seal", .serialized)
struct OfficerPlaceTests {
    private func paper(
        _ document: DocumentID, _ slot: String, signer: String, in world: CaseWorld, sealed: Bool = false
    ) async throws -> SignSlot {
        SignSlot(
            document: document, slot: slot, manner: .paper, signedAt: world.clock.now(), signer: signer,
            capacity: .employee, place: "检查科档案柜", scan: try await world.vault.store(Array("scan".utf8)),
            isSealed: sealed)
    }

    @Test("one officer cannot fill both officers' places, neither under another name nor under their own")
    func twoOfficers() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let notice = try await world.fix(DocumentKindName.rightsNotice, in: thread)
        try await world.take(world.signature(notice, "officer1"), in: thread, by: people.officer1)
        for name in [
            "随便谁", "", people.officer1.person.name, people.officer1.person.thread.description,
            people.officer3.person.name, people.head.person.thread.description, ThreadTag.random().description,
        ] {
            let step = try await paper(notice, "officer2", signer: name, in: world)
            let refusal = try await world.refusal("the second place as “\(name)”") {
                try await world.take(step, in: thread, by: people.officer1)
            }
            #expect(refusal?.code == .notAllowed)
            #expect(refusal?.message.contains("您已在这份文书上签名") == true)
        }
        // The other officer enters it in their own session, on paper too, and nobody else does.
        let named = people.officer2.person
        let step = try await paper(notice, "officer2", signer: named.thread.description, in: world)
        for other in [people.officer3, people.head, people.unitHead] {
            try await world.refusal("entered by \(other.person.name)") {
                try await world.take(step, in: thread, by: other)
            }
        }
        try await world.take(step, in: thread, by: people.officer2)
        let slot = try await world.load(thread).work.document(notice)?.slots["officer2"]
        #expect(slot?.by == named.thread && slot?.name == named.name && slot?.manner == "paper")
    }

    @Test("for an officer who left, and for nobody else, a handler enters what stands on the sheet")
    func left() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let notice = try await world.fix(DocumentKindName.rightsNotice, in: thread)
        _ = try await world.office.casebook.record(
            [
                Fact(.accountOpened, in: people.officer2.person.thread, plain: ["account": "lin"]),
                Fact(.accountConfirmed, in: people.officer2.person.thread),
            ], by: .system, command: .random())
        try await world.take(world.signature(notice, "officer1"), in: thread, by: people.officer1)
        let step = try await paper(notice, "officer2", signer: people.officer2.person.name, in: world)
        let refusal = try await world.refusal("while the officer has an account") {
            try await world.take(step, in: thread, by: people.officer1)
        }
        #expect(refusal?.code == .notAllowed)
        for one in [thread, try #require(try await world.load(thread).work.foundBy?.thread)] {
            try await world.take(
                ChangeHandlers(
                    handlers: [people.officer1.person.thread, people.officer3.person.thread], reason: "调离。"), in: one,
                by: people.head)
        }
        world.minute()
        _ = try await world.office.casebook.closeAccount(
            of: people.officer2.person.thread, reason: "调离。", command: .random(),
            by: try await world.performer(people.administrator))
        try await world.take(
            try await paper(notice, "officer2", signer: people.officer2.person.name, in: world), in: thread,
            by: people.officer1)
        let slot = try await world.load(thread).work.document(notice)?.slots["officer2"]
        #expect(slot?.by == people.officer2.person.thread)
    }

    @Test("an officer whose paper was recorded cannot sign the other place on screen as well")
    func paperThenScreen() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let notice = try await world.fix(DocumentKindName.rightsNotice, in: thread)
        try await world.take(
            try await paper(notice, "officer1", signer: people.officer2.person.name, in: world), in: thread,
            by: people.officer2)
        let refusal = try await world.refusal("the second place by the same officer") {
            try await world.take(world.signature(notice, "officer2"), in: thread, by: people.officer2)
        }
        #expect(refusal?.code == .notAllowed)
        try await world.take(world.signature(notice, "officer2"), in: thread, by: people.officer1)
    }

    @Test("a firm that signed on screen still owes the seal, and may add it on paper until the record is issued")
    func seal() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.inspection(finding: nil)
        let visit = world.visit()
        try await world.take(visit, in: thread, by: people.officer1)
        world.minute(30)
        let now = JSON.string(world.clock.now().description)
        let record = try await world.demo.fix(
            "site-inspection-record",
            [
                "subjectName": "清禾县星河纸品厂（演示）", "place": "办公楼", "startAt": now, "endAt": now,
                "officers": world.demo.officers, "certShown": "已出示", "findings": "核对了报表。",
            ], in: thread, activity: visit.activity, by: people.officer1)
        world.minute()
        try await world.take(
            world.signature(record, "party", signer: "钱有余"), in: thread, by: people.officer1)
        func isOpen() async throws -> Bool {
            try await world.evaluation(of: thread).obligations.contains { obligation in
                obligation.citations.contains { $0.provision == "zhaoxian-2017:10b" }
                    && obligation.state == .open
            }
        }
        #expect(try await isOpen())
        let law = try await world.office.casebook.chambers.law()
        let view = try await world.load(thread)
        let fixed = try #require(view.work.document(record))
        let kind = try #require(law.library.kind(of: fixed))
        let place = try #require(kind.places(for: fixed.data ?? .object([])).first { $0.name == "party" })
        let demand = SealDemand(of: place, on: kind, in: view.work, law: law, on: world.clock.now().day)
        #expect(demand?.provisions.map(\.id).contains("zhaoxian-2017:10b") == true)
        let unsealed = try await paper(record, "party", signer: "钱有余", in: world)
        let refusal = try await world.refusal("signed again without a seal") {
            try await world.take(unsealed, in: thread, by: people.officer1)
        }
        #expect(refusal?.fields.map(\.name) == ["sealed"])
        try await world.take(
            try await paper(record, "party", signer: "钱有余", in: world, sealed: true), in: thread,
            by: people.officer1)
        #expect(try await !isOpen())
        let again = try await paper(record, "party", signer: "钱有余", in: world, sealed: true)
        #expect(
            try await world.refusal("sealed twice") {
                try await world.take(again, in: thread, by: people.officer1)
            }?.code == .outOfOrder)
    }
}
