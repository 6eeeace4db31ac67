import Application
import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

/// Objects that no entry names are destroyed, and nothing else ever is.
@Suite("Objects without a name", .serialized)
struct SweepTests {
    private static let age = ObjectSweep.safeAge

    /// A case with documents and a scan, and beside them the bytes of a document that a gate refused after they were
    /// stored.
    private func world() async throws -> (world: CaseWorld, orphan: ObjectID, named: Set<ObjectID>) {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        let form = try await world.handInStart(in: thread)
        let scan = try await world.office.vault.store(Array("a scanned sheet".utf8))
        var paper = world.signature(form, "handlingUnit", decision: .agree, opinion: "同意")
        paper.manner = .screen
        try await world.take(paper, in: thread, by: people.unitHead)
        let named = Set(try await world.vault.objects()).subtracting([scan.id])
        try await world.vault.destroy(scan.id)
        let refusal = try await world.refusal("a notice before the start is approved") {
            _ = try await world.fix(DocumentKindName.rightsNotice, in: thread)
        }
        #expect(refusal?.code == .gate)
        let left = Set(try await world.vault.objects()).subtracting(named)
        return (world, try #require(left.count == 1 ? left.first : nil), named)
    }

    @Test("what a refused step left behind goes after the safe age, to the millisecond; what entries name stays")
    func age() async throws {
        let (world, orphan, named) = try await world()
        let sweep = ObjectSweep(store: world.store, vault: world.vault)
        func run(_ at: Int64) async throws -> [ObjectID] { try await sweep.run(at: Instant(milliseconds: at)) }
        #expect(try await run(1000) == [])
        #expect(try await run(1000 + Self.age - 1) == [])
        #expect(Set(try await world.vault.objects()) == named.union([orphan]))
        #expect(try await run(1000 + Self.age) == [orphan])
        #expect(Set(try await world.vault.objects()) == named)
        for object in named { _ = try await world.vault.scrub(object, bytesPerSecond: nil) }
        #expect(try await run(1000 + 9 * Self.age) == [])
    }

    @Test("a program that dies and begins anew waits the whole age again")
    func restart() async throws {
        let (world, orphan, _) = try await world()
        _ = try await ObjectSweep(store: world.store, vault: world.vault).run(at: Instant(milliseconds: 0))
        let second = ObjectSweep(store: world.store, vault: world.vault)
        #expect(try await second.run(at: Instant(milliseconds: Self.age)) == [])
        #expect(try await second.run(at: Instant(milliseconds: 2 * Self.age)) == [orphan])
    }

    @Test("a destruction that fails is tried again; while recording is stopped nothing is destroyed")
    func faults() async throws {
        let (world, orphan, _) = try await world()
        let sweep = ObjectSweep(store: world.store, vault: world.vault)
        _ = try await sweep.run(at: Instant(milliseconds: 0))
        world.store.fail(with: .stopped("磁盘写入出错。"))
        #expect(try await sweep.run(at: Instant(milliseconds: Self.age)) == [])
        world.store.fail(with: nil)
        world.vault.fail(with: VaultError(.stopped, "told to fail"))
        await #expect(throws: VaultError.self) { try await sweep.run(at: Instant(milliseconds: Self.age)) }
        world.vault.fail(with: nil)
        #expect(try await sweep.run(at: Instant(milliseconds: Self.age)) == [orphan])
    }

    @Test("an object that gets its name between two looks is kept, and so is one on an upload's record")
    func names() async throws {
        let (world, orphan, _) = try await world()
        let sweep = ObjectSweep(store: world.store, vault: world.vault)
        let upload = try await world.vault.createUpload(
            UploadDeclaration(
                byteCount: 0, owner: world.handlers[0], metadata: .none, created: world.clock.now(),
                expires: world.clock.now().advanced(byMilliseconds: UploadDeclaration.shortestLife)))
        let arrived = try await world.vault.finish(upload.id)
        _ = try await sweep.run(at: Instant(milliseconds: 0))
        let facts = try await world.vault.facts(of: orphan)
        let thread = try await world.inspection(finding: nil)
        try await world.take(
            ImportRecording(
                recording: .random(), object: facts, form: "document", device: "scanner", fileName: "补登.pdf",
                mediaType: "application/pdf", completedAt: nil, activity: nil, note: nil), in: thread,
            by: world.people.officer1)
        #expect(try await sweep.run(at: Instant(milliseconds: 2 * Self.age)) == [])
        #expect(try await world.vault.objects().contains(orphan))
        #expect(try await world.vault.objects().contains(arrived.id))
        try await world.vault.terminate(upload.id)
        #expect(try await sweep.run(at: Instant(milliseconds: 3 * Self.age)) == [])
        #expect(try await sweep.run(at: Instant(milliseconds: 4 * Self.age)) == [arrived.id])
    }
}
