import Application
import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

@Suite("The four ways to meet a place for a signature", .serialized)
struct SigningMannerTests {
    /// What a manner leaves on the record and on the paper.
    struct Row: Sendable, CustomTestStringConvertible {
        let manner: SigningManner
        var reason: String?
        var reader: String?
        var witness: String?
        /// The state of the place in the data of rendition B, and what stands below it.
        let printed: (state: String, reason: String?)
        /// Whether the article that asks a firm for signature and seal has what it asks.
        let isEnough: Bool

        var testDescription: String { manner.rawValue }
    }

    static let rows = [
        Row(manner: .screen, printed: ("signed", nil), isEnough: false),
        Row(manner: .paper, printed: ("paper", nil), isEnough: true),
        Row(
            manner: .refused, reason: "认为数据没有错。", witness: "路人甲", printed: ("refused", "认为数据没有错。（见证人：路人甲）"),
            isEnough: true),
        Row(manner: .refused, reason: "认为数据没有错。", printed: ("refused", "认为数据没有错。"), isEnough: true),
        Row(
            manner: .unable, reason: "不识字，本人听后无异议。", reader: "路人丙", witness: "路人乙",
            // The article excuses a refusal alone: the firm's seal is owed whoever's hand fails.
            printed: ("unable", "不识字，本人听后无异议。（宣读人：路人丙，见证人：路人乙）"), isEnough: false),
    ]

    /// A record of a visit, ready to be signed.
    private func record(_ world: CaseWorld) async throws -> (thread: ThreadTag, document: DocumentID) {
        let people = world.people
        let thread = try await world.inspection(finding: nil)
        let visit = world.visit()
        try await world.take(visit, in: thread, by: people.officer1)
        world.minute(30)
        let now = JSON.string(world.clock.now().description)
        let document = try await world.demo.fix(
            "site-inspection-record",
            [
                "subjectName": .string(DemoFirm.paperMill.name), "place": "办公楼", "startAt": now, "endAt": now,
                "officers": world.demo.officers, "certShown": "已出示", "findings": "核对了报表。",
            ], in: thread, activity: visit.activity, by: people.officer1)
        world.minute()
        return (thread, document)
    }

    private func step(_ row: Row, on document: DocumentID, in world: CaseWorld) async throws -> SignSlot {
        var step = SignSlot(
            document: document, slot: "party", manner: row.manner, signedAt: world.clock.now(), signer: "钱有余",
            relation: "厂长助理", capacity: .employee, reason: row.reason, reader: row.reader, witness: row.witness)
        switch row.manner {
        case .screen: step.drawing = "M0 0L40 40"
        case .paper:
            step.place = "检查科档案柜"
            step.scan = try await world.vault.store(Array("scan".utf8))
            step.isSealed = true
        case .refused, .unable: break
        }
        return step
    }

    @Test("each is on record with what was said, closes the place, and stands on the issued paper", arguments: rows)
    func met(row: Row) async throws {
        let world = try await CaseWorld()
        let people = world.people
        let (thread, document) = try await record(world)
        func owes() async throws -> Bool {
            try await world.evaluation(of: thread).obligations.contains { obligation in
                obligation.state == .open
                    && obligation.citations.contains { $0.provision == "zhaoxian-2017:10b" }
            }
        }
        for (officer, slot) in [(people.officer1, "officer1"), (people.officer2, "officer2")] {
            try await world.take(world.signature(document, slot), in: thread, by: officer)
        }
        let early = try await world.refusal("issued before the party's place is met") {
            try await world.demo.issue(document, in: thread, by: people.officer1)
        }
        #expect(early?.code == .outOfOrder)
        #expect(try await owes())
        try await world.take(try await step(row, on: document, in: world), in: thread, by: people.officer1)

        let view = try await world.load(thread)
        let slot = try #require(view.work.document(document)?.slots["party"])
        #expect(slot.manner == row.manner.rawValue && slot.name == "钱有余" && slot.by == nil)
        #expect(slot.reason == row.reason && slot.reader == row.reader && slot.witness == row.witness)
        #expect((slot.scan != nil) == (row.manner == .paper) && (slot.drawing != nil) == (row.manner == .screen))
        // What somebody said of themselves is theirs to see, and nobody's to change: it is committed to in the entry.
        let openings = view.entries[slot.seq - 1].entry.openings
        for name in ["name", "relation", "reason", "reader", "witness"] {
            let isThere =
                switch name {
                case "reason": row.reason != nil
                case "reader": row.reader != nil
                case "witness": row.witness != nil
                default: true
                }
            #expect(openings.first { $0.name == name }?.openingClass == (isThere ? .party : nil), "\(name)")
        }
        #expect(try await owes() != row.isEnough)
        let again = try await step(row, on: document, in: world)
        let repeated = try await world.refusal("the same place a second time") {
            try await world.take(again, in: thread, by: people.officer1)
        }
        #expect(repeated?.code == .outOfOrder)

        try await world.demo.issue(document, in: thread, by: people.officer1)
        let issued = try await world.load(thread)
        let object = try #require(issued.work.document(document)?.issue?.object)
        let paper = try await printed(object, in: world)
        #expect(paper["rendition"] == "B")
        let party = try #require(paper["slots"]?.elements?.first { $0["name"] == "party" })
        #expect(party["state"]?.string == row.printed.state && party["who"] == "钱有余")
        #expect(party["reason"]?.string == row.printed.reason)
        #expect((party["drawing"] != nil) == (row.manner == .screen))
        #expect(party["at"]?.string == slot.signedAt.chinese)
        let late = try await world.refusal("after the issue") {
            try await world.take(again, in: thread, by: people.officer1)
        }
        #expect(late?.code == .outOfOrder)
    }

    @Test("where the firm's person cannot sign, its seal is added on paper until the record is issued")
    func sealBeside() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let (thread, document) = try await record(world)
        let unable = try #require(Self.rows.last)
        try await world.take(try await step(unable, on: document, in: world), in: thread, by: people.officer1)
        var sealed = try await step(
            Row(manner: .paper, printed: ("paper", nil), isEnough: true), on: document, in: world)
        sealed.isSealed = false
        let refusal = try await world.refusal("paper without the seal") {
            try await world.take(sealed, in: thread, by: people.officer1)
        }
        #expect(refusal?.fields.map(\.name) == ["sealed"])
        sealed.isSealed = true
        try await world.take(sealed, in: thread, by: people.officer1)
        let obligations = try await world.evaluation(of: thread).obligations
        let mine = obligations.filter { $0.citations.contains { $0.provision == "zhaoxian-2017:10b" } }
        #expect(!mine.isEmpty && mine.allSatisfy { $0.state != .open })
        // Both are on record.
        let manners = try await world.load(thread).records.filter { $0.type == .documentSigned }.map {
            $0.word("manner")
        }
        #expect(manners == ["unable", "paper"])
    }

    @Test(
        "the scan of a signed sheet lies in a dossier under a name that says what it is", arguments: ScanFormat.allCases
    )
    func scanName(format: ScanFormat) async throws {
        let world = try await CaseWorld()
        let (thread, document) = try await record(world)
        var signed = try await step(
            Row(manner: .paper, printed: ("paper", nil), isEnough: true), on: document, in: world)
        signed.scan = try await world.vault.store(format.signature + [1, 2, 3, 4, 5, 6, 7, 8])
        try await world.take(signed, in: thread, by: world.people.officer1)
        let export = DossierExport(casebook: world.office.casebook, vault: world.vault, bureauThread: world.thread)
        let prepared = try await export.prepare(
            case: thread, audience: .court, mode: .compact, recipient: nil, secrecyCheck: nil, command: .random(),
            by: try await world.performer(world.people.head))
        let scans = prepared.manifest.files.filter { $0.kind == .scan }.map(\.path.description)
        let ending = ["image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"][format.rawValue]
        #expect(scans.count == 1 && scans.allSatisfy { $0.hasSuffix("现场检查笔录签名页\(ending ?? "?")") }, "\(scans)")
    }

    @Test("an officer's place knows neither refusal nor inability, and nobody of the case is a witness to either")
    func bounds() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let (thread, document) = try await record(world)
        for manner in [SigningManner.refused, .unable] {
            var own = world.signature(document, "officer1", signer: people.officer1.person.name)
            own.manner = manner
            (own.drawing, own.reason, own.witness) = (nil, "不愿签。", "路人甲")
            let refusal = try await world.refusal("an officer \(manner.rawValue)") {
                try await world.take(own, in: thread, by: people.officer1)
            }
            #expect(refusal?.fields.map(\.name).contains("manner") == true, "\(manner)")
            for witness in [people.officer1, people.officer2] {
                let row = Row(
                    manner: manner, reason: "不愿签。", reader: "路人丙", witness: witness.person.name, printed: ("", nil),
                    isEnough: false)
                let party = try await step(row, on: document, in: world)
                let refusal = try await world.refusal("witnessed by an officer of the case") {
                    try await world.take(party, in: thread, by: people.officer1)
                }
                #expect(refusal?.fields.map(\.name) == ["witness"], "\(manner)")
            }
        }
        for (reader, witness, field) in [
            ("路人丙", "路人丙", "witness"), ("钱有余", "路人乙", "reader"), ("路人丙", "钱有余", "witness"),
        ] {
            let row = Row(
                manner: .unable, reason: "不识字。", reader: reader, witness: witness, printed: ("", nil), isEnough: false)
            let alone = try await step(row, on: document, in: world)
            let refusal = try await world.refusal("read, heard and attested by fewer than three") {
                try await world.take(alone, in: thread, by: people.officer1)
            }
            #expect(refusal?.fields.map(\.name) == [field], "\(reader), \(witness)")
        }
        #expect(try await world.load(thread).work.document(document)?.slots.isEmpty == true)
    }

    /// The data that the printer was given, out of the stored file.
    private func printed(_ object: ObjectID, in world: CaseWorld) async throws -> JSON {
        let facts = try await world.vault.facts(of: object)
        let bytes = try await world.vault.read(object, at: 0, upTo: Int(facts.byteCount))
        let start = try #require(bytes.lastIndex(of: UInt8(ascii: "\n")))
        return try JSON(canonical: bytes[(start + 1)...])
    }
}
