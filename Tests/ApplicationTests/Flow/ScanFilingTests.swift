import Application
import Casework
import Demo
import Foundation
import Kernel
import Ledger
import TestKit
import Testing

@Suite("Scans of printed sheets land on their documents", .serialized)
struct ScanFilingTests {
    /// A case with two printed documents.
    private struct Papers {
        let thread: ThreadTag
        let record: DocumentID
        let order: DocumentID
    }

    private func papers(_ world: CaseWorld) async throws -> Papers {
        let thread = try await world.inspection(finding: nil)
        let visit = world.visit()
        try await world.take(visit, in: thread, by: world.people.officer1)
        world.minute(30)
        let record = try await fix(in: thread, visit.activity, findings: String(repeating: "核对了报表。", count: 220), world)
        let order = try await fix(in: thread, visit.activity, findings: "补查。", world)
        return Papers(thread: thread, record: record, order: order)
    }

    private func fix(
        in thread: ThreadTag, _ activity: ActivityID, findings: String, _ world: CaseWorld
    ) async throws -> DocumentID {
        let now = JSON.string(world.clock.now().description)
        world.minute()
        return try await world.demo.fix(
            "site-inspection-record",
            [
                "subjectName": "清禾县星河纸品厂（演示）", "place": "办公楼", "startAt": now, "endAt": now,
                "officers": world.demo.officers, "certShown": "已出示", "findings": .string(findings),
            ], in: thread, activity: activity, by: world.people.officer1)
    }

    private func stack(_ lines: [String], _ world: CaseWorld) async throws -> ObjectFacts {
        try await world.vault.store(Array(lines.joined(separator: "\n").utf8))
    }

    private func sorted(
        _ stack: ObjectFacts, _ world: CaseWorld, by member: DemoPeople.Member
    ) async throws -> SortedStack {
        let desk = try #require(world.office.scans)
        let pages = try #require(try await desk.pages(of: stack, patience: 20_000))
        return try await desk.sort(pages, of: stack, for: try await world.performer(member).person)
    }

    private func file(
        _ sheets: [(page: Int, place: Int)], of stack: ObjectFacts, to document: DocumentID, in thread: ThreadTag,
        _ world: CaseWorld, by member: DemoPeople.Member, place: String = "检查科档案柜", command: CommandID = .random(),
        seq: Int? = nil
    ) async throws -> AppendReceipt {
        let desk = try #require(world.office.scans)
        let known = try await world.load(thread).work.entries
        return try await desk.file(
            [
                .init(
                    document: document,
                    sheets: sheets.map { .init(page: $0.page, taken: ScanTurn(page: $0.place, turn: 18_000)) })
            ], of: stack, in: thread, expecting: seq ?? known, place: place, isShared: false, ownsOriginal: true,
            command: command, by: try await world.performer(member))
    }

    @Test("a stack is sorted by documents and pages; what is blank, uncoded, doubled, missing or a stranger's is told")
    func sorting() async throws {
        let world = try await CaseWorld()
        let mine = try await papers(world)
        let pages = try #require(try await world.load(mine.thread).work.document(mine.record)?.paperPages)
        #expect(pages == 3)
        let stack = try await stack(
            [
                "sheet \(mine.order) 1 0", "sheet \(mine.record) 3 18000", "blank", "sheet \(mine.record) 1 -300",
                "sheet \(DocumentID.random()) 1 0", "text", "sheet \(mine.record) 1 0", "broken",
                "sheet \(mine.record) 2 0;sheet \(mine.order) 1 0", "sheet \(mine.order) 0 0",
                "sheet \(mine.record) 0 0", "sheet \(mine.record) 9 0",
            ], world)
        let found = try await sorted(stack, world, by: world.people.officer1)
        #expect(found.piles.map(\.document.id) == [mine.record, mine.order])
        #expect(found.piles[0].pages.map(\.page) == [1, 3, 9])
        #expect(found.piles[0].pages.map(\.places) == [[4, 7], [2], [12]])
        #expect(found.piles[0].missing == [2] && found.piles[0].doubled == [1] && found.piles[0].beyond == [9])
        // A sheet printed before pages were named is the only page of a document that has one.
        #expect(found.piles[1].pages.map(\.places) == [[1, 10]] && found.piles[1].missing.isEmpty)
        #expect(found.piles.allSatisfy { $0.obstacle == nil && !$0.isFiled })
        #expect(
            found.others.map { "\($0.place) \($0.what)" } == [
                "3 blank", "5 stranger", "6 uncoded", "8 unreadable", "9 several", "11 unnumbered",
            ])
    }

    @Test("sheets of a case that a person may not see are told like sheets that nobody knows")
    func strangers() async throws {
        let world = try await CaseWorld()
        let mine = try await papers(world)
        let stack = try await stack(["sheet \(mine.order) 1 0", "sheet \(DocumentID.random()) 1 0"], world)
        let other = try await sorted(stack, world, by: world.people.officer3)
        #expect(other.piles.isEmpty && other.others.map(\.what) == [.stranger, .stranger])
        // The head sees the case, and does not file: that is said.
        let head = try await sorted(stack, world, by: world.people.head)
        #expect(head.piles.count == 1 && head.piles[0].obstacle?.contains("承办人") == true)
        let refusal = try await world.refusal("filed by the head") {
            _ = try await file(
                [(1, 1)], of: stack, to: mine.order, in: mine.thread, world, by: world.people.head)
        }
        #expect(refusal?.code == .notAllowed)
        // The custodian keeps the papers of every case.
        #expect(try await sorted(stack, world, by: world.people.custodian).piles[0].obstacle == nil)
    }

    @Test("what is confirmed is one entry: picture and original in the vault, both digests, how one came of the other")
    func filing() async throws {
        let world = try await CaseWorld()
        let mine = try await papers(world)
        let lines = ["sheet \(mine.record) 3 18000", "sheet \(mine.record) 1 18000", "sheet \(mine.record) 2 18000"]
        let stack = try await stack(lines, world)
        let before = try await world.load(mine.thread).work.entries
        let command = CommandID.random()
        _ = try await file(
            [(1, 2), (2, 3), (3, 1)], of: stack, to: mine.record, in: mine.thread, world, by: world.people.officer1,
            command: command)
        let view = try await world.load(mine.thread)
        #expect(view.work.entries == before + 1)
        let document = try #require(view.work.document(mine.record))
        let scan = try #require(document.scans.first)
        #expect(scan.sheets == [1, 2, 3] && scan.count == 3 && !scan.isShared)
        #expect(scan.original == stack.id && scan.sent == stack.sha256)
        #expect(document.unscannedPages.isEmpty && document.places.map(\.text) == ["检查科档案柜"])
        let record = try #require(view.records.last)
        #expect(record.type == .documentScanned && record.plain["isWhole"]?.boolean == true)
        // The picture holds the pages in the document's order, turned back; its digest is on record.
        #expect(world.reader.pictures.last?.map(\.page) == [2, 3, 1])
        let facts = try await world.vault.facts(of: scan.object)
        #expect(record.fields["digest"]?["sha256"]?.string == facts.sha256.description)
        let picture = try await world.vault.read(scan.object, at: 0, upTo: 4096)
        #expect(picture.starts(with: Array("%PDF-1.7\n\(lines[1]) turned back 18000\n\(lines[2])".utf8)))
        #expect(
            record.fields["making"]?.canonicalBytes
                == Array(
                    """
                    {"from":{"bytes":\(stack.byteCount),"digest":"\(stack.sha256)"},"sheets":\
                    [{"scan":2,"sheet":1,"turn":18000},{"scan":3,"sheet":2,"turn":18000},\
                    {"scan":1,"sheet":3,"turn":18000}],"tool":"fake reader 1"}
                    """.utf8))
        // The same click again is the first answer, and makes no second picture.
        let (made, size) = (world.reader.pictures.count, try await world.size())
        _ = try await file(
            [(1, 2), (2, 3), (3, 1)], of: stack, to: mine.record, in: mine.thread, world, by: world.people.officer1,
            command: command, seq: before)
        #expect(world.reader.pictures.count == made)
        #expect(try await world.size() == size)
        #expect(try await sorted(stack, world, by: world.people.officer1).piles[0].isFiled)
        // Views computed anew are the stored ones.
        let rows = try await world.office.casebook.projectedRows(of: mine.thread, entries: view.entries)
        #expect(try await world.store.compareProjections(with: rows, of: mine.thread).isEmpty)
    }

    @Test("what cannot be filed is refused in words before anything is made or recorded")
    func refused() async throws {
        let world = try await CaseWorld()
        let mine = try await papers(world)
        let stack = try await stack((1...4).map { "sheet \(mine.record) \($0) 0" }, world)
        func refusal(
            _ what: String, _ sheets: [(page: Int, place: Int)], to document: DocumentID? = nil,
            place: String = "检查科档案柜", seq: Int? = nil
        ) async throws -> StepRefusal? {
            try await world.refusal(what) {
                _ = try await file(
                    sheets, of: stack, to: document ?? mine.record, in: mine.thread, world,
                    by: world.people.officer1, place: place, seq: seq)
            }
        }
        #expect(try await refusal("a page too many", [(1, 1), (4, 4)])?.fields.map(\.name) == ["sheets"])
        #expect(try await refusal("a page twice", [(1, 1), (1, 2)])?.fields.map(\.name) == ["sheets"])
        #expect(try await refusal("out of order", [(2, 1), (1, 2)])?.fields.map(\.name) == ["sheets"])
        #expect(try await refusal("one sheet for two pages", [(1, 1), (2, 1)])?.fields.map(\.name) == ["sheets"])
        let made = world.reader.pictures.count
        #expect(try await refusal("no place", [(1, 1)], place: " ")?.fields.map(\.name) == ["place"])
        #expect(try await refusal("no such document", [(1, 1)], to: .random())?.code == .notFound)
        #expect(world.reader.pictures.count == made)
        #expect(try await refusal("an old page", [(1, 1)], seq: 1)?.code == .stale)
        // The disk is full where the picture should go.
        world.vault.fail(with: VaultError(.full, "full"))
        #expect(try await refusal("no room", [(1, 1)])?.code == .stopped)
        world.vault.fail(with: nil)
        // Void: told on the page, and refused.
        try await world.take(
            VoidDocument(document: mine.record, reason: "填写有误"), in: mine.thread, by: world.people.officer1)
        #expect(try await sorted(stack, world, by: world.people.officer1).piles[0].obstacle?.contains("作废") == true)
        #expect(try await refusal("a void document", [(1, 1)])?.code == .outOfOrder)
    }

    @Test("a slot is met from the filed scan, and the dossier carries both and is accepted")
    func dossier() async throws {
        let world = try await CaseWorld()
        let mine = try await papers(world)
        let stack = try await stack(["sheet \(mine.order) 1 0"], world)
        _ = try await file([(1, 1)], of: stack, to: mine.order, in: mine.thread, world, by: world.people.custodian)
        let filed = try #require(try await world.load(mine.thread).work.document(mine.order)?.scans.first)
        world.minute()
        try await world.take(
            SignSlot(
                document: mine.order, slot: "party", manner: .paper, signedAt: world.clock.now(), signer: "钱有余",
                capacity: .employee, place: "检查科档案柜", scan: try await world.vault.facts(of: filed.object)),
            in: mine.thread,
            by: world.people.officer1)
        let document = try #require(try await world.load(mine.thread).work.document(mine.order))
        #expect(document.slots["party"]?.scan == filed.object && document.places.count == 1)

        let export = DossierExport(casebook: world.office.casebook, vault: world.vault, bureauThread: world.thread)
        let prepared = try await export.prepare(
            case: mine.thread, audience: .archive, mode: .compact, recipient: nil, secrecyCheck: nil,
            command: .random(), by: try await world.performer(world.people.head))
        let scans = prepared.manifest.files.filter { $0.kind == .scan }
        #expect(scans.map(\.title) == ["现场检查笔录扫描件", "现场检查笔录签名页扫描件"])
        let path = world.directory.path + "/dossier"
        try await export.write(prepared, into: try DirectorySink(path: path), take: { _ in [] }, send: { _ in })
        let key = try #require(VerifierKey(world.store.verifierKey))
        let verdict = try DossierVerification.verify(DirectorySource(path: path), trust: DossierTrust(key: key))
        #expect(verdict.outcome == .accepted, "\(verdict.reasons.map(\.chinese))")
        // A scan that was changed on the way is found.
        let file = path + "/" + (scans.first?.path.description ?? "")
        var bytes = try #require(FileManager.default.contents(atPath: file))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: file))
        let changed = try DossierVerification.verify(DirectorySource(path: path), trust: DossierTrust(key: key))
        #expect(changed.outcome == .refused)
    }

    @Test("a mixed stack leaves each case an original of its own, and neither case's page shows the other's sheets")
    func shared() async throws {
        let world = try await CaseWorld()
        let mine = try await papers(world)
        let other = try await papers(world)
        let stack = try await stack(["sheet \(mine.order) 1 0", "sheet \(other.order) 1 9000"], world)
        let found = try await sorted(stack, world, by: world.people.officer1)
        #expect(found.piles.map(\.thread) == [mine.thread, other.thread])
        let desk = try #require(world.office.scans)
        for (number, pile) in found.piles.enumerated() {
            _ = try await desk.file(
                [
                    .init(
                        document: pile.document.id, sheets: [.init(page: 1, taken: ScanTurn(page: number + 1, turn: 0))]
                    )
                ],
                of: stack, in: pile.thread, expecting: try await world.load(pile.thread).work.entries,
                place: "档案柜", isShared: true, ownsOriginal: number == 0, command: .random(),
                by: try await world.performer(world.people.officer1))
        }
        var originals: [ObjectID] = []
        for papers in [mine, other] {
            let scan = try #require(try await world.load(papers.thread).work.document(papers.order)?.scans.first)
            #expect(scan.isShared && scan.sent == stack.sha256)
            #expect(try await world.vault.facts(of: scan.original).sha256 == stack.sha256)
            originals.append(scan.original)
        }
        #expect(originals[0] == stack.id && originals[1] != stack.id)
    }

    @Test("where the paper is goes on being said, with its history; nobody else says so, nor what is so already")
    func moved() async throws {
        let world = try await CaseWorld()
        let mine = try await papers(world)
        let stack = try await stack(["sheet \(mine.order) 1 0"], world)
        _ = try await file([(1, 1)], of: stack, to: mine.order, in: mine.thread, world, by: world.people.officer1)
        world.minute()
        let move = MovePaper(document: mine.order, place: "档案室三排", reason: "集中保管")
        try await world.take(move, in: mine.thread, by: world.people.custodian)
        let places = try #require(try await world.load(mine.thread).work.document(mine.order)).places
        #expect(places.map(\.text) == ["检查科档案柜", "档案室三排"] && places.last?.reason == "集中保管")
        for (what, step, member, fields) in [
            ("the same place", move, world.people.custodian, ["place"]),
            ("no place", MovePaper(document: mine.order, place: "", reason: nil), world.people.custodian, ["place"]),
            ("by another officer", move, world.people.officer3, []),
        ] {
            let refusal = try await world.refusal(what) { try await world.take(step, in: mine.thread, by: member) }
            #expect(refusal?.fields.map(\.name) == fields, "\(what)")
        }
    }
}
