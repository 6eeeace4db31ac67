import Demo
import Kernel
import Ledger
import TestKit
import Testing

@testable import Application
@testable import Casework

@Suite("Names of papers in a dossier", .serialized)
struct DossierNameTests {
    @Test("the verifier knows the kinds that go out under a number as the files of the kinds do")
    func numberedKinds() throws {
        let numbered = try CaseWorld.library.get().kinds.values.filter { $0.kind.numbering != nil }.map(\.kind.name)
        #expect(DossierVocabulary.numberedKinds == Set(numbered))
        #expect(numbered.count > 20)
        #expect(DossierVocabulary.documentFixed == EntryType.documentFixed.rawValue)
        #expect(DossierVocabulary.documentSigned == EntryType.documentSigned.rawValue)
        #expect(DossierVocabulary.documentCorrected == EntryType.documentCorrected.rawValue)
        #expect(DossierVocabulary.signatures == [SigningManner.screen.rawValue, SigningManner.paper.rawValue])
        #expect(DossierVocabulary.amends == DocumentCorrection.Manner.amends.rawValue)
        #expect(DossierVocabulary.supersedes == DocumentCorrection.Manner.supersedes.rawValue)
    }

    @Test(
        "names and verdict say of every paper what became of it: nobody signed it, a place is open, it never went out")
    func names() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let day = CaseWorld.today.advanced(by: -50)
        let mill = try await world.demo.inspect(
            .paperMill, title: "清禾县星河纸品厂统计执法检查", on: day, video: CaseWorld.video, outcome: .suspected,
            findings: "上报数为 1,280 万元，账面记载为 1,024 万元。")
        let thread = try await world.demo.initiate(mill, title: CaseWorld.title, on: day.advanced(by: 2))
        // In the inspection: the record that three signed is issued and then void.
        let record = try #require(
            try await world.load(mill.thread).work.document(ofKind: DocumentKindName.siteInspection))
        try await world.demo.issue(record.id, in: mill.thread, by: people.officer1)
        try await world.take(VoidDocument(document: record.id, reason: "签名系冒签"), in: mill.thread, by: people.head)
        // In the case: a notice that another took the place of, one that nobody issued.
        let first = try await world.signedNotice(in: thread)
        try await world.demo.issue(first, in: thread, by: people.officer1)
        let second = try await world.signedNotice(in: thread)
        try await world.demo.issue(second, in: thread, by: people.officer1)
        try await world.take(
            CorrectDocument(document: first, by: second, manner: .supersedes, reason: "文字有误"), in: thread,
            by: people.head)
        _ = try await world.fix(DocumentKindName.rightsNotice, in: thread)
        // Receipts: signed by both, by one of them, by nobody, void.
        _ = try await world.receipt(of: second, in: thread)
        let half = try await world.fix(DocumentKindName.serviceReceipt, in: thread, about: second)
        try await world.take(world.signature(half, "server1"), in: thread, by: people.officer1)
        _ = try await world.fix(DocumentKindName.serviceReceipt, in: thread, about: second)
        let spoilt = try await world.fix(DocumentKindName.serviceReceipt, in: thread, about: second)
        try await world.take(VoidDocument(document: spoilt, reason: "写错。"), in: thread, by: people.officer1)

        let verdict = try await judged(thread, in: world)
        #expect(verdict.outcome == .accepted, "\(verdict.reasons.map(\.chinese))")
        let papers = try #require(verdict.facts).standing.papers
        let told = papers.map { paper in
            let name = paper.path.description.drop { $0 != "-" }.dropFirst()
            return "\(name) \(paper.state.rawValue) \(paper.signatures)"
        }
        #expect(
            told.sorted()
                == [
                    "程序启动审批表.pdf signed 3",
                    "现场检查笔录（作废）（签名前文本）.pdf void 3", "现场检查笔录（作废）.pdf void 3",
                    "权利告知书（签名前文本）.pdf superseded 3", "权利告知书.pdf superseded 3",
                    "权利告知书（签名前文本）.pdf shown 3", "权利告知书.pdf issued 3",
                    "权利告知书（未制发）.pdf unissued 0",
                    "送达回证.pdf signed 2", "送达回证（签名未齐）.pdf signed 1", "送达回证（定稿，无人签署）.pdf unsigned 0",
                    "送达回证（作废）.pdf void 0",
                ].sorted())
    }

    @Test("covers and catalogues ask for nobody's name, and of a destroyed form no open place can be told")
    func silent() throws {
        let kinds = try CaseWorld.library.get().kinds
        func document(_ kind: String, data: JSON?, slots: [String: String] = [:]) throws -> CaseDocument {
            var record = Record(
                thread: .random(), seq: 2, type: .documentFixed, recordedAt: Instant(milliseconds: 0),
                plain: ["kind": .string(kind)])
            record.fields["data"] = data
            var document = CaseDocument(id: .random(), fixed: record)
            for (slot, manner) in slots {
                document.apply(
                    Record(
                        thread: record.thread, seq: 3, type: .documentSigned, recordedAt: record.recordedAt,
                        plain: ["manner": .string(manner), "slot": .string(slot)]))
            }
            return document
        }
        for (kind, data, slots, mark) in [
            ("case-file-catalogue", [:], [:], ""), ("case-file-cover", [:], [:], ""),
            ("site-inspection-record", [:], [:], "（定稿，无人签署）"),
            ("site-inspection-record", [:], ["party": "refused"], "（定稿，无人签署）"),
            ("site-inspection-record", [:], ["party": "unable", "officer1": "paper"], "（签名未齐）"),
            ("site-inspection-record", [:], ["party": "refused", "officer1": "paper", "officer2": "screen"], ""),
            ("site-inspection-record", nil, ["officer1": "paper"], ""),
            ("site-inspection-record", nil, [:], "（定稿，无人签署）"),
            ("rights-notice", [:], [:], "（未制发）"), ("return-receipt", [:], [:], "（定稿，无人签署）"),
        ] as [(String, JSON?, [String: String], String)] {
            let document = try document(kind, data: data, slots: slots)
            #expect(DossierPlanner.mark(of: document, try #require(kinds[kind]).kind) == mark, "\(kind) \(slots)")
        }
    }

    /// The dossier for a court, as its reader judges it.
    private func judged(_ thread: ThreadTag, in world: CaseWorld) async throws -> DossierVerdict {
        world.minute()
        let export = DossierExport(casebook: world.office.casebook, vault: world.vault, bureauThread: world.thread)
        let prepared = try await export.prepare(
            case: thread, audience: .court, mode: .compact, recipient: nil, secrecyCheck: nil, command: .random(),
            by: try await world.performer(world.people.head))
        let path = world.directory.path + "/dossier"
        try await export.write(prepared, into: try DirectorySink(path: path), take: { _ in [] }, send: { _ in })
        let key = try #require(VerifierKey(world.store.verifierKey))
        return try DossierVerification.verify(DirectorySource(path: path), trust: DossierTrust(key: key))
    }
}
