import Application
import Foundation
import Kernel
import TestKit
import Testing

@testable import Vault

/// What a look at an object finds without opening the vault.
@Suite("A look at sealed objects")
struct SealedObjectTests {
    private struct World {
        let fixture: VaultFixture
        let id: ObjectID
        let sha256: Digest
        var objects: SealedObjects { SealedObjects(at: fixture.path, keys: fixture.keys) }
        var file: String { fixture.layout.object(id) }
        var key: String { fixture.layout.key(id) }

        /// The flaws that a look at the outside and one at the whole find, while the vault is open all the time.
        func flaws(expecting: Digest? = nil) -> [ObjectFlaw?] {
            [
                objects.flaw(of: id, .outside, expecting: expecting ?? sha256),
                objects.flaw(of: id, .whole, expecting: expecting ?? sha256),
            ]
        }

        func change(_ path: String, _ body: (inout Data) -> Void) throws {
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            body(&bytes)
            try bytes.write(to: URL(fileURLWithPath: path))
        }
    }

    private func world(byteCount: Int = 600_000) async throws -> World {
        let fixture = try await VaultFixture.make(inMemory: true)
        let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let ingest = try await fixture.vault.ingest(byteCount: Int64(byteCount))
        try await ingest.append(bytes)
        let facts = try await ingest.finish()
        return World(fixture: fixture, id: facts.id, sha256: facts.sha256)
    }

    @Test("finds nothing wrong with an object as it was stored, an empty one too", arguments: [600_000, 0])
    func sound(byteCount: Int) async throws {
        #expect(try await world(byteCount: byteCount).flaws() == [nil, nil])
    }

    @Test("tells a file and a key file that are gone")
    func missing() async throws {
        let first = try await world()
        try FileManager.default.removeItem(atPath: first.file)
        #expect(first.flaws() == [.fileMissing, .fileMissing])
        let second = try await world()
        try FileManager.default.removeItem(atPath: second.key)
        #expect(second.flaws() == [.keyMissing, .keyMissing])
    }

    @Test("tells a file and a key file that were cut short, with what is left of them", arguments: [0, 100, 300_000])
    func cut(length: Int) async throws {
        let world = try await world()
        let whole = try Data(contentsOf: URL(fileURLWithPath: world.file)).count
        try world.change(world.file) { $0 = $0.prefix(length) }
        let flaw = ObjectFlaw.cutShort(Int64(length), of: length < 256 ? nil : Int64(whole))
        #expect(world.flaws() == [flaw, flaw])
        try world.change(world.key) { $0 = $0.prefix(min(length, 83)) }
        #expect(world.flaws() == [.keyCut(Int64(min(length, 83))), .keyCut(Int64(min(length, 83)))])
    }

    @Test("finds overwritten bytes in the middle only when the whole is read, and in head or key at once")
    func overwritten() async throws {
        let world = try await world()
        try world.change(world.file) { $0[400_000] ^= 1 }
        #expect(world.flaws() == [nil, .damaged])
        try world.change(world.file) { $0[100] ^= 1 }
        #expect(world.flaws() == [.damaged, .damaged])
        try world.change(world.key) { $0[50] ^= 1 }
        #expect(world.flaws() == [.keyDamaged, .keyDamaged])
    }

    @Test("tells another object than the entry speaks of, one under another vault key, and one whose key was destroyed")
    func others() async throws {
        let world = try await world()
        let other = try #require(Digest([UInt8](repeating: 7, count: 32)))
        #expect(world.flaws(expecting: other) == [.otherBytes, .otherBytes])
        let stranger = SealedObjects(at: world.fixture.path, keys: VaultKeys(current: .random()))
        #expect(stranger.flaw(of: world.id, .outside, expecting: nil) == .wrongKey)
        try await world.fixture.vault.destroy(world.id)
        #expect(world.flaws() == [.keyDestroyed, .keyDestroyed])
    }
}
