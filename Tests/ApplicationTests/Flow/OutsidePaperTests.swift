import Application
import Casework
import Demo
import Foundation
import Kernel
import Ledger
import TestKit
import Testing

@Suite("Papers that others made come into the case", .serialized)
struct OutsidePaperTests {
    private static let row = "zhaoxian-2017:12(7)"

    /// What stands on an opinion of a body.
    private func opinion(_ changing: [JSON.Member] = []) -> JSON {
        let own: [JSON.Member] = [
            .init("caseName", .string(CaseWorld.title)), .init("body", "示例司法鉴定所"), .init("appraisers", ["梁一", "潘二"]),
            .init("commissionedAt", "2026-09-20"), .init("subject", "账册真伪"), .init("opinion", "账册有改动。"),
            .init("issuedAt", "2026-09-21"),
        ]
        let changed = Set(changing.map(\.key))
        return .object(own.filter { !changed.contains($0.key) } + changing)
    }

    private func said(
        _ data: JSON, answered: Int? = nil, about: DocumentID? = nil, place: String = "检查科档案柜",
        _ signatures: [TakeInPaper.Signature] = [.init("body", signer: "示例司法鉴定所")]
    ) -> OutsidePapers.Said {
        .init(data: data, place: place, about: about, answered: answered, signatures: signatures)
    }

    private func scan(_ world: CaseWorld, _ lines: [String] = ["text", "blank", "text"]) async throws -> ObjectFacts {
        try await world.vault.store(Array(lines.joined(separator: "\n").utf8))
    }

    @discardableResult
    private func takeIn(
        _ kind: String, _ said: OutsidePapers.Said, scan: ObjectFacts?, in thread: ThreadTag, _ world: CaseWorld,
        by member: DemoPeople.Member? = nil, as document: DocumentID = .random(), command: CommandID = .random(),
        seq: Int? = nil
    ) async throws -> DocumentID {
        let desk = try #require(world.office.scans)
        let known = try await world.load(thread).work.entries
        _ = try await desk.takeIn(
            kind, said, scan: scan, as: document, in: thread, expecting: seq ?? known, command: command,
            by: try await world.performer(member ?? world.people.officer1))
        return document
    }

    /// A case that was allowed to begin.
    private func started(_ world: CaseWorld) async throws -> ThreadTag {
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        return thread
    }

    /// A case in which a body was asked for its opinion, and the place of that entry.
    private func commissioned(_ world: CaseWorld) async throws -> (thread: ThreadTag, seq: Int) {
        let thread = try await started(world)
        world.minute()
        let step = try #require(RecordedStep.named("appraisal"))
        world.minute()
        try await world.take(
            RecordEntry(
                step,
                [
                    "body": "示例司法鉴定所",
                    "happenedAt": .integer(world.clock.now().milliseconds), "kind": "appraisal", "matter": "账册真伪",
                ]), in: thread, by: world.people.officer1)
        world.minute()
        return (thread, try await world.load(thread).work.entries)
    }

    private func state(_ world: CaseWorld, _ thread: ThreadTag, row: String) async throws -> [String] {
        try await world.evaluation(of: thread).obligations.flatMap(\.parts)
            .filter { $0.citation.provision == row }.map { "\($0.state)" }
    }

    @Test(
        "an opinion is taken in by one write: what it says, its sheets, its seal; the article that asks for it is met")
    func opinionMeetsItsArticle() async throws {
        let world = try await CaseWorld()
        let (thread, seq) = try await commissioned(world)
        #expect(try await state(world, thread, row: Self.row) == ["open"])
        let scan = try await scan(world)
        let before = try await world.load(thread).work.entries
        let document = try await takeIn(
            "appraisal-opinion",
            said(
                opinion(), answered: seq,
                [.init("body", signer: "示例司法鉴定所"), .init("expert1", signer: "梁一"), .init("expert2", signer: "潘二")]),
            scan: scan, in: thread, world)
        let view = try await world.load(thread)
        #expect(
            view.records.suffix(view.work.entries - before).map(\.type) == [
                .documentFixed, .documentScanned, .documentSigned, .documentSigned, .documentSigned,
            ])
        #expect(try await state(world, thread, row: Self.row) == ["met"])
        let paper = try #require(view.work.document(document))
        #expect(paper.isOutside && paper.templateDigest == nil && paper.isOnPaper)
        #expect(paper.fixedPages == 2 && paper.unscannedPages.isEmpty && paper.issue == nil)
        #expect(paper.scans.map(\.sheets) == [[1, 2]] && paper.places.map(\.text) == ["检查科档案柜"])
        #expect(paper.slots["body"]?.isSealed == true && paper.slots["expert2"]?.name == "潘二")
        #expect(paper.slots["expert1"]?.isSealed == false)
        // No template, no press, no time at which nobody saw a hand move.
        let fixed = view.records[before]
        #expect(fixed.plain["outside"] == true && fixed.plain["pressDigest"] == nil)
        #expect(fixed.references.map { "\($0.role) \($0.seq)" } == ["commission \(seq)"])
        #expect(view.records.suffix(3).allSatisfy { $0.plain["signedAt"] == nil })
        // The picture is of the written sheets alone, and what was sent is kept as it came.
        #expect(world.reader.pictures.last?.map(\.page) == [1, 3])
        let original = try await world.vault.facts(of: try #require(paper.scans.first).original)
        #expect(original.sha256 == scan.sha256 && original.id != scan.id)
        // Nothing waits to be issued, and nobody can.
        let law = try await world.office.casebook.chambers.law()
        #expect(law.openSlots(of: paper, in: view.work).isEmpty)
        #expect(!FileCase.unprinted(in: view.work, law: law).contains(where: { $0.id == document }))
        let issued = try await world.refusal("issued") {
            _ = try await world.office.desk.issue(
                document, in: thread, expecting: view.work.entries, command: .random(),
                by: try await world.performer(world.people.officer1))
        }
        #expect(issued?.message.contains("不由本机关制发") == true)
        // Views computed anew are the stored ones.
        let rows = try await world.office.casebook.projectedRows(of: thread, entries: view.entries)
        #expect(try await world.store.compareProjections(with: rows, of: thread).isEmpty)
        // The catalogue of the file names it with whose paper it is, not with who took it in.
        let sheets = CaseFileSheets(
            view: view, source: nil, law: law, archivist: try await world.performer(world.people.custodian).person,
            persons: try await world.office.casebook.registers.persons(), now: world.clock.now())
        let row = sheets.data(for: "case-file-catalogue")?["items"]?.elements?.first { $0["title"] == "鉴定意见书" }
        #expect(row?["author"] == "示例司法鉴定所")
        // The step that tells of the result offers the paper and the commission, and rests on both.
        let step = try #require(RecordedStep.named("appraisal-result"))
        world.minute()
        try await world.take(
            RecordEntry(
                step,
                [
                    "body": "示例司法鉴定所", "commission": .integer(Int64(seq)), "document": .string(document.description),
                    "happenedAt": .integer(world.clock.now().milliseconds), "opinion": "账册有改动。",
                ]), in: thread, by: world.people.officer1)
        // Void, it meets nothing any more: the step named it.
        try await world.take(VoidDocument(document: document, reason: "收错了"), in: thread, by: world.people.officer1)
        #expect(try await world.load(thread).work.document(document)?.isVoid == true)
    }

    @Test(
        "the step that tells of an appraisal's result offers the paper that was taken in without naming the commission")
    func stepOffersPaper() async throws {
        let world = try await CaseWorld()
        let (thread, seq) = try await commissioned(world)
        let document = try await takeIn(
            "appraisal-opinion", said(opinion()), scan: try await scan(world), in: thread, world)
        // It answers nothing that anybody named.
        #expect(try await state(world, thread, row: Self.row) == ["open"])
        world.minute()
        try await world.take(
            RecordEntry(
                try #require(RecordedStep.named("appraisal-result")),
                [
                    "body": "示例司法鉴定所", "commission": .integer(Int64(seq)), "document": .string(document.description),
                    "happenedAt": .integer(world.clock.now().milliseconds), "opinion": "账册有改动。",
                ]), in: thread, by: world.people.officer1)
        #expect(try await state(world, thread, row: Self.row) == ["met"])
    }

    @Test("the same click again is the first answer; another form for the same paper is refused")
    func once() async throws {
        let world = try await CaseWorld()
        let thread = try await started(world)
        let (scan, document, command) = (try await scan(world), DocumentID.random(), CommandID.random())
        let before = try await world.load(thread).work.entries
        try await takeIn(
            "appraisal-opinion", said(opinion()), scan: scan, in: thread, world, as: document, command: command)
        let (size, made) = (try await world.size(), world.reader.pictures.count)
        try await takeIn(
            "appraisal-opinion", said(opinion()), scan: scan, in: thread, world, as: document, command: command,
            seq: before)
        #expect(try await world.size() == size && world.reader.pictures.count == made)
        let again = try await world.refusal("the same id") {
            try await takeIn("appraisal-opinion", said(opinion()), scan: scan, in: thread, world, as: document)
        }
        #expect(again?.code == .taken)
    }

    @Test("what cannot be taken in is refused in words, and neither pictured nor recorded")
    func refused() async throws {
        let world = try await CaseWorld()
        let thread = try await started(world)
        let good = try await scan(world)
        func refusal(
            _ what: String, _ kind: String = "appraisal-opinion", _ said: OutsidePapers.Said? = nil,
            scan: ObjectFacts?, by member: DemoPeople.Member? = nil, seq: Int? = nil
        ) async throws -> StepRefusal? {
            try await world.refusal(what) {
                try await takeIn(
                    kind, said ?? self.said(opinion()), scan: scan, in: thread, world, by: member, seq: seq)
            }
        }
        #expect(try await refusal("drawn up here", "rights-notice", scan: good)?.code == .unavailable)
        let early = try await world.penalty()
        let unbegun = try await world.refusal("before the case may begin") {
            try await takeIn("appraisal-opinion", said(opinion()), scan: good, in: early, world)
        }
        #expect(unbegun?.code == .gate && unbegun?.reasons.first?.provisions.contains("zhaoxian-2017:8") == true)
        #expect(try await refusal("no such kind", "opinion", scan: good)?.code == .notFound)
        #expect(try await refusal("no handler", scan: good, by: world.people.officer3)?.code == .notAllowed)
        #expect(try await refusal("the head", scan: good, by: world.people.head)?.code == .notAllowed)
        #expect(try await refusal("nothing uploaded", scan: nil)?.fields.map(\.name) == ["paper-scan"])
        #expect(
            try await refusal("empty", "appraisal-opinion", said(.object([]), place: " ", []), scan: nil)?.fields.map(
                \.name) == [
                    "caseName", "body", "appraisers", "commissionedAt", "subject", "opinion", "issuedAt", "paper-place",
                    "paper-scan",
                ])
        for (what, wrong, field) in [
            (
                "tomorrow",
                said(opinion([.init("issuedAt", .string(world.clock.now().day.advanced(by: 1).description))])),
                "issuedAt"
            ),
            ("a strange place", said(opinion(), [.init("party", signer: "某人")]), "slot-party"),
            ("a place more than appraisers", said(opinion(), [.init("expert3", signer: "某人")]), "slot-expert3"),
            ("nobody's seal", said(opinion(), [.init("body", signer: " ")]), "signer-body"),
            (
                "an officer as appraiser",
                said(opinion(), [.init("expert1", signer: world.people.officer1.person.name)]),
                "signer-expert1"
            ),
            ("another document", said(opinion(), about: .random()), "paper-about"),
            ("nothing commissioned", said(opinion(), answered: 1), "paper-answers"),
        ] {
            #expect(
                try await refusal(what, "appraisal-opinion", wrong, scan: good)?.fields.map(\.name) == [field],
                "\(what)")
        }
        let made = world.reader.pictures.count
        for (what, lines) in [
            ("blank", ["blank", "blank"]), ("broken", ["text", "broken"]), ("no scan", ["something else"]),
            ("a sheet of ours", ["sheet \(DocumentID.random()) 1 0", "text"]),
        ] {
            #expect(
                try await refusal(what, scan: try await scan(world, lines))?.fields.map(\.name) == ["paper-scan"],
                "\(what)")
        }
        #expect(world.reader.pictures.count == made)
        #expect(try await refusal("an old page", scan: good, seq: 1)?.code == .stale)
        // The disk is full where the picture should go.
        world.vault.fail(with: VaultError(.full, "full"))
        #expect(try await refusal("no room", scan: good)?.code == .stopped)
        world.vault.fail(with: nil)
        // The store breaks between the picture and the write: nothing of the three stands.
        world.store.fail(with: .failed("broken"))
        let before = try await world.size()
        await #expect(throws: StepRefusal.self) {
            try await takeIn("appraisal-opinion", said(opinion()), scan: good, in: thread, world)
        }
        world.store.fail(with: nil)
        #expect(try await world.size() == before)
        #expect(try await world.load(thread).work.documents.allSatisfy { !$0.isOutside })
        try await takeIn("appraisal-opinion", said(opinion()), scan: good, in: thread, world)
    }

    @Test("a place that nobody ticked stays open, and is met later from the paper, with a time before it came in")
    func openPlace() async throws {
        let world = try await CaseWorld()
        let thread = try await started(world)
        let document = try await takeIn(
            "appraisal-opinion", said(opinion(), []), scan: try await scan(world), in: thread, world)
        var view = try await world.load(thread)
        let law = try await world.office.casebook.chambers.law()
        #expect(
            law.openSlots(of: try #require(view.work.document(document)), in: view.work) == [
                "body", "expert1", "expert2",
            ])
        let picture = try #require(view.work.document(document)?.fixedObject)
        try await world.take(
            SignSlot(
                document: document, slot: "body", manner: .paper,
                signedAt: world.clock.now().advanced(byMilliseconds: -86_400_000), signer: "示例司法鉴定所", place: "检查科档案柜",
                scan: try await world.vault.facts(of: picture), isSealed: true), in: thread, by: world.people.officer1)
        view = try await world.load(thread)
        #expect(view.work.document(document)?.slots["body"]?.isSealed == true)
    }

    @Test("the bank's receipt shows that a fine collected on the spot reached the bank; an officer's own does not")
    func deposited() async throws {
        let world = try await CaseWorld()
        let thread = try await started(world)
        let row = "parent-law:penalty-71.p2"
        let remitted = Record(
            thread: thread, seq: 999, type: .fineRemitted, recordedAt: world.clock.now(),
            plain: ["amount": 500_000])
        func states() async throws -> [String] {
            let law = try await world.office.casebook.chambers.law()
            let history = try await world.load(thread).history
            // The cause comes first; what was taken in since stands behind it.
            let split = history.firstIndex { $0.plain["outside"] == true } ?? history.count
            let told = Array(history[..<split]) + [remitted] + Array(history[split...])
            return law.evaluate(told).obligations.flatMap(\.parts).filter { $0.citation.provision == row }.map {
                "\($0.state)"
            }
        }
        func receipt(_ payee: String) -> JSON {
            .object([
                .init("subjectName", .string(DemoFirm.paperMill.name)), .init("decisionNumber", "清禾统罚决〔2026〕1号"),
                .init("amount", 500_000), .init("receiptNumber", "A0001"), .init("payee", .string(payee)),
                .init("paidOn", .string(world.clock.now().day.description)),
            ])
        }
        let scan = try await scan(world, ["text"])
        #expect(try await states() == ["open"])
        try await takeIn(
            "fine-receipt", said(receipt("officer"), [.init("payee", signer: "示例银行")]), scan: scan, in: thread, world)
        #expect(try await states() == ["open"])
        let document = try await takeIn(
            "fine-receipt", said(receipt("bank"), [.init("payee", signer: "示例银行")]), scan: scan, in: thread, world)
        #expect(try await states() == ["met"])
        // What rules read stands in the skeleton, and nothing else of the form.
        let fixed = try #require(
            try await world.load(thread).records.first { $0.word("document") == document.description })
        #expect(fixed.plain["data"]?.members?.map(\.key).sorted() == ["amount", "paidOn", "payee"])
    }

    @Test("a filed case takes no more papers; one that has ended does until then")
    func closed() async throws {
        let world = try await CaseWorld()
        let thread = try await world.inspection(finding: .nothingFound)
        world.minute()
        try await world.take(
            EndCase(ground: .nothingFound, reason: "没有发现问题。", acceptsGaps: true), in: thread, by: world.people.officer1)
        let scan = try await scan(world)
        try await takeIn("appraisal-opinion", said(opinion()), scan: scan, in: thread, world)
        let view = try await world.load(thread)
        var work = view.work
        let officer = try await world.performer(world.people.officer1).person
        #expect(OutsidePapers.refusal(to: officer, in: work) == nil)
        let filed = Record(
            thread: thread, seq: work.entries + 1, type: .caseFiled, recordedAt: world.clock.now(), plain: .object([]))
        work = try #require(Case(view.records + [filed]))
        #expect(work.isFiled)
        #expect(OutsidePapers.refusal(to: officer, in: work)?.code == .outOfOrder)
    }

    @Test("a dossier that holds it is accepted and tells it as one from outside; a byte changed on the way is found")
    func dossier() async throws {
        let world = try await CaseWorld()
        let (thread, seq) = try await commissioned(world)
        try await takeIn(
            "appraisal-opinion", said(opinion(), answered: seq), scan: try await scan(world), in: thread, world)
        let export = DossierExport(casebook: world.office.casebook, vault: world.vault, bureauThread: world.thread)
        let prepared = try await export.prepare(
            case: thread, audience: .court, mode: .compact, recipient: "清禾县人民法院（演示）", secrecyCheck: "无涉密内容。",
            command: .random(), by: try await world.performer(world.people.head))
        let titles = prepared.manifest.files.map(\.title).filter { $0.contains("鉴定意见书") }
        // The places of the appraisers were not ticked.
        #expect(Set(titles) == ["鉴定意见书（签章未登记齐）", "鉴定意见书扫描件"] && titles.count == 2)
        let path = world.directory.path + "/dossier"
        try await export.write(prepared, into: try DirectorySink(path: path), take: { _ in [] }, send: { _ in })
        let trust = DossierTrust(key: try #require(VerifierKey(world.store.verifierKey)))
        let verdict = try DossierVerification.verify(DirectorySource(path: path), trust: trust)
        #expect(verdict.outcome == .accepted, "\(verdict.reasons.map(\.chinese))")
        let paper = try #require(
            verdict.facts?.standing.papers.first { $0.path.description.contains("鉴定意见书（签章未登记齐）") })
        #expect(paper.state == .received && paper.signatures == 1)
        let file = path + "/" + paper.path.description
        var bytes = try #require(FileManager.default.contents(atPath: file))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: file))
        #expect(try DossierVerification.verify(DirectorySource(path: path), trust: trust).outcome == .refused)
    }
}
