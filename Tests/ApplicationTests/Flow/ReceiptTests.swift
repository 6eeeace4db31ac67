import Application
import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

/// A receipt belongs to a service that is on record (ADR 0069).
@Suite("Receipts and the services that rest on them", .serialized)
struct ReceiptTests {
    @Test("once a decision was served no second receipt of it is made, and one that was begun is not signed")
    func second() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.approved()
        let (decision, receipt) = try await world.issueDecision(in: thread)
        let begun = try await world.fix(DocumentKindName.serviceReceipt, in: thread, about: decision)
        try await world.take(world.service(of: decision, with: receipt), in: thread, by: people.officer1)
        try await world.expect([
            Refused("another receipt", .outOfOrder) {
                _ = try await world.fix(DocumentKindName.serviceReceipt, in: thread, about: decision)
            },
            Refused("the begun one signed", .outOfOrder) {
                try await world.take(
                    world.signature(begun, "recipient", signer: DemoFirm.paperMill.representative), in: thread,
                    by: people.officer1)
            },
        ])
        try await world.take(VoidDocument(document: begun, reason: "做重了。"), in: thread, by: people.officer1)
        let work = try await world.load(thread).work
        #expect(work.isServed(decision) && work.document(begun)?.isVoid == true)
        #expect(work.document(begun)?.slots["recipient"] == nil && work.document(receipt)?.isVoid == false)
    }

    @Test("a receipt by which no service was registered holds up the end; it is registered, or the head makes it void")
    func dangling() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let notice = try await world.signedNotice(in: thread)
        try await world.demo.issue(notice, in: thread, by: people.officer1)
        let receipt = try await world.receipt(of: notice, in: thread)
        try await world.demo.issue(receipt, in: thread, by: people.officer1)
        let end = EndCase(ground: .terminated, reason: "当事人已注销。", acceptsGaps: true)
        let refusal = try await world.refusal("ended over a receipt of no service") {
            try await world.take(end, in: thread, by: people.head)
        }
        #expect(refusal?.code == .outOfOrder && refusal?.message.contains("《权利告知书》") == true)
        #expect(refusal?.message.contains("没有凭它登记送达") == true)
        try await world.take(VoidDocument(document: receipt, reason: "没有送达。"), in: thread, by: people.head)
        try await world.take(end, in: thread, by: people.head)
        // Who made what void stands in the sheet as what it was: nobody approved it.
        try await world.sheets(in: thread)
        let sheet = try #require(try await world.load(thread).work.document(ofKind: "closing-sheet")?.data)
        let words = sheet["corrections"]?.elements?.compactMap { $0["approval"]?.string } ?? []
        #expect(words.contains { $0.hasPrefix("\(people.head.person.name)作废") }, "\(words)")
    }

    @Test("what was filed is shut: no film is added to an inspection whose pieces lie in the penalty case's volume")
    func shut() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        let inspection = try #require(try await world.load(thread).work.foundBy).thread
        func film(_ byte: UInt8, in thread: ThreadTag) async throws {
            try await world.take(
                ImportRecording(
                    recording: .random(), object: try await world.vault.store([byte, 1, 2]), form: "photo",
                    device: "phone", fileName: "照片.jpg", mediaType: "image/jpeg", completedAt: nil, activity: nil,
                    note: nil), in: thread, by: people.officer1)
        }
        try await film(1, in: inspection)
        try await world.take(
            EndCase(ground: .terminated, reason: "当事人已注销。", acceptsGaps: true), in: thread, by: people.head)
        try await world.sheets(in: thread)
        try await world.take(FileCase(), in: thread, by: people.custodian)
        try await world.expect([
            Refused("a film", .outOfOrder) { try await film(2, in: inspection) },
            Refused("a paper", .outOfOrder) {
                _ = try await world.fix(
                    "written-party-submission", in: inspection,
                    changing: [
                        .init("caseName", "统计执法检查"), .init("subjectName", .string(DemoFirm.paperMill.name)),
                        .init("submissionKind", "other"),
                        .init("submitter", .string(DemoFirm.paperMill.representative)),
                        .init("receivedAt", .string(world.clock.now().description)), .init("pages", 1),
                        .init("receivedBy", .string(people.officer1.person.name)), .init("originalPlace", "附后"),
                    ])
            },
        ])
    }

    @Test("the cover of a case that was broken off says first what became of the penalty that was issued in it")
    func cover() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.approved()
        let (decision, receipt) = try await world.issueDecision(in: thread)
        try await world.take(world.service(of: decision, with: receipt), in: thread, by: people.officer1)
        func outcome() async throws -> String? {
            let view = try await world.load(thread)
            return CaseFileSheets(
                view: view, source: nil, law: try await world.office.casebook.chambers.law(),
                archivist: try await world.performer(people.custodian).person,
                persons: try await world.office.casebook.registers.persons(), now: world.clock.now()
            ).data(for: "case-file-cover")?["outcome"]?.string
        }
        try await world.take(
            RecordEntry(
                try #require(RecordedStep.named("decision-change")),
                [
                    "change": "revoked", "document": .string(decision.description), "isPenalty": true,
                    "reason": "认定事实有误。", "changedDay": .string(world.clock.now().day.description),
                ]), in: thread, by: people.head)
        world.minute()
        try await world.append([
            Fact(
                .caseEnded, in: thread, plain: ["ground": "terminated"], fields: [.init("reason", "撤销后终止。", .internal)])
        ])
        let number = try #require(try await world.load(thread).work.document(decision)?.issue?.numberText)
        let said = try #require(try await outcome())
        #expect(said.hasPrefix("处罚决定（\(number)）已撤销；终止调查：撤销后终止。"), "\(said)")
    }

    @Test("paper is printed as what was recorded of it: a seal only where one was recorded")
    func marks() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.approved()
        let decision = try await world.signedDecision(in: thread)
        try await world.demo.issue(decision, in: thread, by: people.officer1)
        for (isSealed, capacity, words) in [
            (false, SignerCapacity.representative, "签名"), (true, .representative, "签名、盖章"), (true, .principal, "盖章"),
        ] {
            let receipt = try await world.fix(DocumentKindName.serviceReceipt, in: thread, about: decision)
            let name = capacity == .principal ? DemoFirm.paperMill.name : DemoFirm.paperMill.representative
            var step = world.signature(receipt, "recipient", signer: name, capacity: capacity)
            (step.manner, step.drawing, step.isSealed, step.place) = (.paper, nil, isSealed, "检查科档案柜")
            step.scan = try await world.vault.store(Array("scan \(words)".utf8))
            try await world.take(step, in: thread, by: people.officer1)
            let view = try await world.load(thread)
            let document = try #require(view.work.document(receipt))
            let kind = try #require(try CaseWorld.library.get().kinds[DocumentKindName.serviceReceipt])
            let sheet = DocumentSheet(
                kind: kind.kind, data: document.data ?? .object([]),
                bureau: try await world.office.casebook.chambers.profile(), id: receipt)
            let printed = sheet.renditionB(
                document, number: nil,
                position: SheetPosition(origin: "o", index: 1, size: 2, root: .zero, keyID: "00000000"))
            let slot = printed["slots"]?.elements?.first { $0["name"]?.string == "recipient" }
            #expect(slot?["state"]?.string == "paper" && slot?["marks"]?.string == words)
        }
    }

    @Test("a request for a hearing that the party signed stands, though the head makes its paper void")
    func hearing() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.drafted()
        try await world.reviewLegality(in: thread)
        let request = try await world.submission(in: thread, of: "hearingRequest")
        let approve = ApproveDecision(isApproved: true, opinion: "同意")
        try await world.expect([
            Refused("approved over a request", .gate, provisions: ["parent-law:penalty-63.p2"]) {
                try await world.take(approve, in: thread, by: people.head)
            }
        ])
        try await world.take(VoidDocument(document: request, reason: "写错了。"), in: thread, by: people.head)
        try await world.expect([
            Refused("approved over a request that was made void", .gate, provisions: ["parent-law:penalty-63.p2"]) {
                try await world.take(approve, in: thread, by: people.head)
            }
        ])
        let view = try await world.load(thread)
        #expect(view.work.document(request)?.isVoid == true)
        #expect(!view.records.contains { $0.type == .decisionApproved })
    }
}
