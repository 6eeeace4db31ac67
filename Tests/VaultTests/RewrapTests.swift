import Application
import Foundation
import Glibc
import Kernel
import Testing

@testable import Vault

@Suite("Changing the vault key", .serialized)
struct RewrapTests {
    /// A vault with objects, one destroyed, and an upload half way, under an old key.
    private struct World {
        let directory: ScratchDirectory
        let old: VaultKey
        let new = VaultKey.random()
        let objects: [ObjectID: [UInt8]]
        let destroyed: ObjectID
        let upload: UploadID

        var path: String { directory.path + "/vault" }

        init() async throws {
            let fixture = try await VaultFixture.make(inMemory: true)
            directory = fixture.directory
            old = fixture.keys.current
            var objects: [ObjectID: [UInt8]] = [:]
            for number in 0..<3 {
                let bytes = patterned(300 + number, seed: UInt64(number))
                objects[try await fixture.vault.store(bytes).id] = bytes
            }
            self.objects = objects
            destroyed = try await fixture.vault.store([1, 2, 3]).id
            try await fixture.vault.destroy(destroyed)
            upload = try await fixture.vault.createUpload(fixture.declare(10)).id
            try await fixture.append([1, 2, 3, 4], to: upload)
            await fixture.vault.close()
        }

        func open(
            _ keys: VaultKeys, _ operations: any FileOperations = LinuxFileOperations()
        ) async throws -> FileVault {
            try await FileVault.open(at: path, keys: keys, configuration: .small, operations: operations)
        }

        /// Everything can be read, the destroyed is gone, the upload goes on.
        func check(_ vault: FileVault, _ comment: Comment, goesOn: Bool = false) async throws {
            for (id, bytes) in objects {
                #expect(try await vault.read(id, at: 0, upTo: 1000) == bytes, comment)
            }
            #expect(await code { _ = try await vault.read(destroyed, at: 0, upTo: 3) } == .gone, comment)
            #expect(try await vault.upload(upload).offset == 4, comment)
            guard goesOn else { return }
            let writer = try await vault.append(to: upload, at: 4, byteCount: 6, checksum: nil)
            try await writer.append([5, 6, 7, 8, 9, 10])
            #expect(try await writer.commit() == 10, comment)
            let facts = try await vault.finish(upload)
            #expect(try await vault.read(facts.id, at: 0, upTo: 10) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], comment)
        }
    }

    @Test("afterwards the new key alone opens everything, the old one nothing, and a second run writes nothing")
    func whole() async throws {
        let world = try await World()
        let both = VaultKeys(current: world.new, older: [world.old])
        let vault = try await world.open(both)
        #expect(try await vault.rewrap() == 4)
        #expect(try await vault.rewrap() == 0)
        await vault.close()
        for id in world.objects.keys {
            let stale = try await world.open(VaultKeys(current: world.old))
            #expect(await code { _ = try await stale.read(id, at: 0, upTo: 1) } == .wrongKey)
            await stale.close()
        }
        let next = try await world.open(VaultKeys(current: world.new))
        try await world.check(next, "after", goesOn: true)
        await next.close()
    }

    @Test("whichever call fails, both keys open everything, the next run finishes, and nothing is left beside")
    func breaking() async throws {
        let whole = BreakingOperations(target: -1, code: 0, moment: .before)
        let first = try await World()
        let sound = try await first.open(VaultKeys(current: first.new, older: [first.old]), whole)
        _ = try await sound.rewrap()
        await sound.close()
        let names = whole.names
        #expect(names.filter { $0 == "rename" }.count == 4)
        for target in names.indices {
            for moment in BreakingOperations.Moment.allCases {
                for errno in [EIO, ENOSPC] {
                    let world = try await World()
                    let both = VaultKeys(current: world.new, older: [world.old])
                    let broken = try await world.open(
                        both, BreakingOperations(target: target, code: errno, moment: moment))
                    let comment: Comment = "call \(target) \(names[target]) errno \(errno) \(moment)"
                    #expect(await code { _ = try await broken.rewrap() } != nil, comment)
                    await broken.close()
                    let again = try await world.open(both)
                    try await world.check(again, comment)
                    _ = try await again.rewrap()
                    await again.close()
                    let left = try FileManager.default.subpathsOfDirectory(atPath: world.path).filter {
                        $0.hasSuffix(".new")
                    }
                    #expect(left.isEmpty, comment)
                    let next = try await world.open(VaultKeys(current: world.new))
                    try await world.check(next, comment, goesOn: true)
                    await next.close()
                }
            }
        }
    }

    @Test("an object destroyed while a change is cut off leaves no second copy of its key")
    func destroyedBetween() async throws {
        let world = try await World()
        let both = VaultKeys(current: world.new, older: [world.old])
        // The first rename fails: the newly wrapped key lies beside the old file.
        let probe = BreakingOperations(target: -1, code: 0, moment: .before)
        let copy = try await World()
        let sound = try await copy.open(VaultKeys(current: copy.new, older: [copy.old]), probe)
        _ = try await sound.rewrap()
        await sound.close()
        let rename = try #require(probe.names.firstIndex(of: "rename"))
        let broken = try await world.open(both, BreakingOperations(target: rename, code: EIO, moment: .before))
        _ = await code { _ = try await broken.rewrap() }
        await broken.close()
        let beside = try FileManager.default.subpathsOfDirectory(atPath: world.path).filter { $0.hasSuffix(".new") }
        let name = try #require(beside.first)
        let id = try #require(ObjectID(String(name.dropLast(4).suffix(32))))
        let again = try await world.open(both)
        try await again.destroy(id)
        #expect(try !FileManager.default.subpathsOfDirectory(atPath: world.path).contains { $0.hasSuffix(".new") })
        #expect(await code { _ = try await again.read(id, at: 0, upTo: 1) } == .gone)
        await again.close()
    }

    @Test("a key file that no key at hand opens is told, and the others are done all the same")
    func foreign() async throws {
        let world = try await World()
        let id = try #require(world.objects.keys.sorted().first)
        let path = Layout(root: world.path).key(id)
        var bytes = try #require(FileManager.default.contents(atPath: path))
        bytes[16] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        let vault = try await world.open(VaultKeys(current: world.new, older: [world.old]))
        #expect(await code { _ = try await vault.rewrap() } == .wrongKey)
        await vault.close()
        let next = try await world.open(VaultKeys(current: world.new))
        for (other, content) in world.objects where other != id {
            #expect(try await next.read(other, at: 0, upTo: 1000) == content)
        }
        await next.close()
    }
}
