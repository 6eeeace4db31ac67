import Application
import Foundation
import Glibc
import Kernel
import Synchronization
import Testing

@testable import Vault

@Suite("Faults of the disk", .serialized)
struct FaultTests {
    @Test("whichever call fails, before or after it was done, everything acknowledged is there afterwards")
    func breaking() async throws {
        let whole = BreakingOperations(target: -1, code: 0, moment: .before)
        let sound = try await VaultFixture.make(operations: whole, inMemory: true)
        let story = Story()
        await story.live(in: sound)
        #expect(story.now.isDropped && story.now.isDestroyed && story.now.isForgotten)
        let names = whole.names
        #expect(
            Set(names) == ["open", "pwrite", "fdatasync", "fsync", "fallocate", "rename", "unlink", "mkdir", "rmdir"])
        await Story.check(story.now, in: try await sound.reopened(), "no fault")

        for target in names.indices {
            for (errno, moment) in [
                (EIO, BreakingOperations.Moment.before), (EIO, .after), (ENOSPC, .before), (ENOSPC, .after),
            ] {
                let operations = BreakingOperations(target: target, code: errno, moment: moment)
                let fixture = try await VaultFixture.make(operations: operations, inMemory: true)
                let story = Story()
                await story.live(in: fixture)
                // Two threads wait for the disk: which call has this number may differ from one life to the next.
                let broken = operations.names.count > target ? operations.names[target] : "none"
                let comment = "call \(target) \(broken) errno \(errno) \(moment)"
                if broken == "fdatasync" || broken == "fsync" {
                    #expect(fixture.vault.stopCause != nil, "\(comment)")
                    #expect(await code { _ = try await fixture.vault.store([1]) } == .stopped, "\(comment)")
                }
                let again = try await fixture.reopened()
                await Story.check(story.now, in: again, comment)
                await again.vault.close()
            }
        }
    }

    @Test(
        "wherever the power goes, everything acknowledged is there afterwards", arguments: ForgetfulDisk.Loss.allCases)
    func powerCut(loss: ForgetfulDisk.Loss) async throws {
        let directory = try ScratchDirectory(inMemory: true)
        let path = directory.path + "/vault"
        let keys = VaultKeys(current: .random())
        try await FileVault.create(at: path)
        let story = Story()
        let heard = Mutex<[Story.Notes]>([])
        let disk = try ForgetfulDisk(root: path) { _ in
            let now = story.now
            heard.withLock { $0.append(now) }
        }
        let vault = try await FileVault.open(at: path, keys: keys, configuration: .small, operations: disk)
        await story.live(in: VaultFixture(directory: directory, keys: keys, vault: vault))
        await vault.close()
        let moments = disk.moments
        let notes = heard.withLock { $0 }
        #expect(moments.count == notes.count && moments.count > 60)
        for (number, moment) in moments.enumerated() {
            let copy = try ScratchDirectory(inMemory: true)
            try ForgetfulDisk.restore(moment, losing: loss, to: copy.path + "/vault")
            let vault = try await FileVault.open(at: copy.path + "/vault", keys: keys, configuration: .small)
            let fixture = VaultFixture(directory: copy, keys: keys, vault: vault)
            await Story.check(notes[number], in: fixture, "before call \(number) \(moment.call), losing \(loss)")
            await vault.close()
        }
    }

    @Test("a disk that forgets although it was told to keep is caught by this very test")
    func forgetting() async throws {
        // The proof that the test above can fail: the same story on a disk whose fdatasync does nothing.
        let directory = try ScratchDirectory(inMemory: true)
        let path = directory.path + "/vault"
        let keys = VaultKeys(current: .random())
        try await FileVault.create(at: path)
        let disk = try ForgetfulDisk(root: path) { _ in }
        let vault = try await FileVault.open(at: path, keys: keys, configuration: .small, operations: Lying(base: disk))
        let id = try await vault.store(Story.first).id
        await vault.close()
        // A last change, so that there is a moment after the store.
        _ = try disk.open(path + "/incoming/last", .creating)
        let moment = try #require(disk.moments.last)
        let copy = try ScratchDirectory(inMemory: true)
        try ForgetfulDisk.restore(moment, losing: .all, to: copy.path + "/vault")
        let after = try await FileVault.open(at: copy.path + "/vault", keys: keys, configuration: .small)
        #expect(await code { _ = try await after.read(id, at: 0, upTo: 10) } != nil)
        await after.close()
    }

    @Test("a vault that is closed again closes nothing: the number of its lock is somebody else's file by then")
    func closedTwice() async throws {
        let operations = BreakingOperations(target: -1, code: 0, moment: .before)
        let fixture = try await VaultFixture.make(operations: operations)
        let before = operations.closingCount
        await fixture.vault.close()
        #expect(operations.closingCount == before + 1)
        await fixture.vault.close()
        await fixture.vault.close()
        #expect(operations.closingCount == before + 1)
    }

    @Test("a stopped vault still reads, and says why it stopped")
    func stopped() async throws {
        let operations = BreakingOperations(target: -1, code: 0, moment: .before)
        let fixture = try await VaultFixture.make(operations: operations)
        let id = try await fixture.vault.store([1, 2, 3]).id
        _ = fixture.vault.writing(SystemCallError(call: "fdatasync", code: EIO))
        #expect(try await fixture.vault.read(id, at: 0, upTo: 3) == [1, 2, 3])
        #expect(await code { try await fixture.vault.destroy(id) } == .stopped)
        #expect(await code { _ = try await fixture.vault.createUpload(fixture.declare(1)) } == .stopped)
        #expect(fixture.vault.stopCause?.cause == "fdatasync: errno 5")
        let again = try await fixture.reopened()
        #expect(again.vault.stopCause == nil)
        await again.vault.close()
    }
}

/// A disk that says it kept what it did not.
private struct Lying: FileOperations {
    let base: ForgetfulDisk

    func synchronize(_ descriptor: Int32) throws(SystemCallError) {}
    func synchronizeDirectory(_ path: String) throws(SystemCallError) {}

    func open(_ path: String, _ purpose: OpenPurpose) throws(SystemCallError) -> Int32 { try base.open(path, purpose) }
    func openDirect(_ descriptor: Int32) -> Int32? { base.openDirect(descriptor) }
    func close(_ descriptor: Int32) { base.close(descriptor) }
    func read(
        _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int64
    ) throws(SystemCallError) -> Int { try base.read(descriptor, into: buffer, at: offset) }
    func write(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer, at offset: Int64) throws(SystemCallError) {
        try base.write(descriptor, buffer, at: offset)
    }
    func startWriteback(_ descriptor: Int32, at offset: Int64, count: Int64) {}
    func allocate(_ descriptor: Int32, at offset: Int64, count: Int64) throws(SystemCallError) {
        try base.allocate(descriptor, at: offset, count: count)
    }
    func size(_ descriptor: Int32) throws(SystemCallError) -> Int64 { try base.size(descriptor) }
    func rename(_ source: String, to target: String) throws(SystemCallError) { try base.rename(source, to: target) }
    func unlink(_ path: String) throws(SystemCallError) { try base.unlink(path) }
    func makeDirectory(_ path: String) throws(SystemCallError) { try base.makeDirectory(path) }
    func removeDirectory(_ path: String) throws(SystemCallError) { try base.removeDirectory(path) }
    func names(in directory: String) throws(SystemCallError) -> [String] { try base.names(in: directory) }
    func exists(_ path: String) throws(SystemCallError) -> Bool { try base.exists(path) }
    func freeBytes(at path: String) throws(SystemCallError) -> Int64 { try base.freeBytes(at: path) }
    func lock(_ descriptor: Int32) throws(SystemCallError) -> Bool { try base.lock(descriptor) }
}
