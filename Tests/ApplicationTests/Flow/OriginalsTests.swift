import Casework
import Demo
import Foundation
import Kernel
import Ledger
import Synchronization
import TestKit
import Testing

@testable import Application

/// What the vault has lost is said by the ledger and by every dossier (ADR 0062).
@Suite("A lost original is said, and looked for", .serialized)
struct OriginalsTests {
    private func recorded(_ world: CaseWorld) async throws -> (thread: ThreadTag, film: ObjectID, photo: ObjectID) {
        let thread = try await world.inspection(finding: .nothingFound)
        var objects: [ObjectID] = []
        for (name, bytes) in [("录像.mp4", CaseWorld.video), ("照片.jpg", [1, 2, 3])] {
            let facts = try await world.vault.store(bytes)
            objects.append(facts.id)
            try await world.take(
                ImportRecording(
                    recording: .random(), object: facts, form: "photo", device: "phone", fileName: name,
                    mediaType: "image/jpeg", completedAt: nil, activity: nil, note: nil), in: thread,
                by: world.people.officer1)
        }
        return (thread, objects[0], objects[1])
    }

    private func export(
        _ thread: ThreadTag, to name: String, in world: CaseWorld, before: () -> Void = {}
    ) async throws -> DossierVerdict {
        world.minute()
        let export = DossierExport(casebook: world.office.casebook, vault: world.vault, bureauThread: world.thread)
        let prepared = try await export.prepare(
            case: thread, audience: .court, mode: .compact, recipient: nil, secrecyCheck: nil, command: .random(),
            by: try await world.performer(world.people.head))
        before()
        let path = world.directory.path + "/" + name
        try await export.write(prepared, into: try DirectorySink(path: path), take: { _ in [] }, send: { _ in })
        let key = try #require(VerifierKey(world.store.verifierKey))
        return try DossierVerification.verify(DirectorySource(path: path), trust: DossierTrust(key: key))
    }

    private func findings(_ world: CaseWorld) async throws -> [Record] {
        try await world.store.entries(of: world.thread, from: 1).compactMap { Record($0.entry) }
            .filter { $0.type == .fixityChecked }
    }

    @Test("a case with a lost file is handed out, says which, and is accepted as having a gap")
    func lost() async throws {
        let world = try await CaseWorld()
        let (thread, film, _) = try await recorded(world)
        world.vault.lose(film, as: .notFound)
        let verdict = try await export(thread, to: "lost", in: world)
        #expect(verdict.outcome == .accepted, "\(verdict.reasons.map(\.chinese))")
        let text = verdict.chinese(trust: DossierTrust())
        #expect(text.contains("结论：接受，但有 1 个文件的原件已灭失或者损坏") && text.contains("音像资料（照片），") && text.contains("：原件已灭失"))
        let found = try await findings(world)
        #expect(found.map { $0.word("result") } == ["missing"] && found.first?.fieldNames.isEmpty == true)
        #expect(found.first?.references.map(\.role) == ["lost"])
        // The closing sheet tells whoever finds the piece in the catalogue and not on the disk.
        let view = try await world.load(thread)
        let sheets = CaseFileSheets(
            view: view, source: nil, law: try await world.office.casebook.chambers.law(),
            archivist: try await world.performer(world.people.custodian).person, persons: [],
            losses: try await world.office.casebook.losses(), now: world.clock.now())
        let day = try #require(found.first?.recordedAt.day.chinese)
        #expect(
            sheets.matters.compactMap { $0["content"]?.string } == [
                "“照片”（记录线第 \(view.work.recordings[0].seq) 条归入）：\(day)核对时发现原件已灭失，已经登记。"
            ])
        // Once stated it is not stated again; fetched back, the file is in again.
        #expect(try await export(thread, to: "again", in: world).outcome == .accepted)
        #expect(try await findings(world).count == 1)
        world.vault.lose(film, as: nil)
        let whole = try await export(thread, to: "whole", in: world)
        #expect(whole.outcome == .accepted && whole.facts?.manifest.lostOriginals.isEmpty == true)
    }

    @Test("a lost paper is called by its title, and every kind of paper has one")
    func named() async throws {
        let library = try CaseWorld.library.get()
        #expect(DossierVocabulary.titles == library.kinds.mapValues(\.kind.title))
        let world = try await CaseWorld()
        let (thread, _, _) = try await recorded(world)
        let paper = try await world.submission(in: thread, of: "other", isReceived: false)
        let fixed = try #require(
            try await world.load(thread).records.last {
                $0.type == .documentFixed && $0.word("document") == paper.description
            })
        world.vault.lose(try #require(fixed.word("object").flatMap { ObjectID($0) }), as: .notFound)
        let verdict = try await export(thread, to: "paper", in: world)
        let title = try #require(library.kinds["written-party-submission"]).kind.title
        #expect(verdict.chinese(trust: DossierTrust()).contains("《\(title)》的定稿文本，记录线"))
    }

    @Test("a vault that is not there has lost nothing: nothing is recorded, and nothing goes out")
    func absent() async throws {
        let world = try await CaseWorld()
        let (thread, _, _) = try await recorded(world)
        for object in try await world.vault.objects() { world.vault.lose(object, as: .notFound) }
        let refusal = try await world.refusal("exported") { _ = try await export(thread, to: "absent", in: world) }
        #expect(refusal?.message.contains("磁盘没有挂上") == true)
        #expect(try await findings(world).isEmpty)
    }

    @Test("damage that shows while the dossier is written is recorded, and the next dossier says it")
    func damaged() async throws {
        let world = try await CaseWorld()
        let (thread, _, photo) = try await recorded(world)
        let refusal = await #expect(throws: StepRefusal.self) {
            _ = try await export(thread, to: "cut", in: world) { world.vault.lose(photo, as: .damaged) }
        }
        #expect(refusal?.message.contains("请再导出一次") == true)
        #expect(try await findings(world).map { $0.word("result") } == ["damaged"])
        let verdict = try await export(thread, to: "next", in: world)
        #expect(verdict.outcome == .accepted && verdict.facts?.manifest.lostOriginals.map(\.ground) == ["原件已损坏"])
    }

    /// Progress in memory.
    private final class Progress: FixityProgressStore {
        private let kept = Mutex<FixityProgress?>(nil)
        func load() -> FixityProgress? { kept.withLock { $0 } }
        func save(_ progress: FixityProgress) { kept.withLock { $0 = progress } }
    }

    @Test("a round reads every object, goes on where it stopped, records each loss once and itself at its end")
    func round() async throws {
        let world = try await CaseWorld()
        let (thread, film, photo) = try await recorded(world)
        let view = try await world.load(thread)
        let named = view.history.filter { $0.type == .recordingImported }.compactMap { record -> NamedEvidence? in
            guard let object = record.word("object").flatMap({ ObjectID($0) }) else { return nil }
            return NamedEvidence(
                object: object, sha256: nil, source: EntryPlace(thread: record.thread, seq: record.seq))
        }
        #expect(Set(named.map(\.object)) == [film, photo])
        let progress = Progress()
        func round() -> FixityRound { FixityRound(office: world.office, days: 30, progress: progress) { named } }
        let first = round()
        #expect(try await first.step() == .resting, "the period counts from the first start")
        #expect(try await first.step() == .resting)
        world.minute(30 * 24 * 60)
        world.vault.lose(film, as: .stopped)
        world.vault.lose(photo, as: .stopped)
        #expect(try await first.step() == .later, "a vault that stopped has lost nothing")
        world.vault.lose(film, as: .damaged)
        world.vault.lose(photo, as: nil)
        #expect(try await first.step() == .looked)
        // Another process goes on behind the mark.
        let second = round()
        #expect(try await second.step() == .looked)
        #expect(try await second.step() == .ended)
        #expect(try await second.step() == .resting)
        let found = try await findings(world)
        #expect(found.count == 2 && found.allSatisfy { $0.word("result") == "damaged" })
        #expect(found.first?.number("objects") == 1 && found.last?.number("objects") == 2)
        #expect(found.last?.text("findings")?.contains("损坏的 1 件") == true)
        // A second round finds the same loss, which stands already.
        world.minute(30 * 24 * 60)
        let third = round()
        while try await third.step() != .ended {}
        #expect(try await findings(world).count == 3)
    }
}
