import Application
import Casework
import Foundation
import Kernel
import Ledger
import TestKit
import Testing

@testable import Store

@Suite("A backup", .serialized)
struct BackupTests {
    @Test("what is put back is what was there: entries, heads, openings, answers, rows, objects, keys, sign-in data")
    func roundTrip() async throws {
        let world = try await BackupWorld()
        let object = try world.addObject(0xC1)
        let report = try await world.back()
        #expect(report.newEntries == 4 && report.newObjects == 1 && report.beganGeneration)

        let server = try NewServer()
        let row = world.fixture.caseRow(world.caseThread)
        let caseThread = world.caseThread
        let (restored, ledger, installation) = try await server.restore(
            from: world.medium, clock: world.fixture.clock,
            rows: { $0 == caseThread && $1.count == 2 ? [.caseFile(row)] : [] })
        defer {
            ledger.close()
            installation.close()
        }
        #expect(restored.entries == 4 && restored.objects == 1 && restored.warnings.isEmpty)
        #expect(restored.thread == world.bureauThread && restored.head == report.head)
        let before = try await world.fixture.ledger.entries(from: 0, limit: 100)
        #expect(try await ledger.entries(from: 0, limit: 100) == before)
        #expect(try await ledger.signedHead() == world.fixture.ledger.signedHead())
        #expect(try await ledger.head(of: caseThread) == world.fixture.ledger.head(of: caseThread))
        #expect(try await ledger.caseFile(caseThread) == row)
        #expect(try LedgerVerification(path: ledger.path).run().isWhole)
        let command = before[1].entry.skeleton.content.command
        let answer = try await ledger.receipt(of: command)
        #expect(answer?.repeated == true)
        #expect(try await world.fixture.ledger.receipt(of: command) == answer)
        let files = VaultFiles(root: server.data + "/bureaus/zhaoxian/vault")
        #expect(try FileSource(files.key(object.id)).read(100) == object.key)
        #expect(
            try FileSource.stamp(of: files.object(object.id)) == FileSource.stamp(of: world.vault.object(object.id)))
        #expect(try server.keys.secret(for: .backup) == BackupWorld.key)
        #expect(try server.keys.secret(for: .vault) == world.keys.secret(for: .vault))
        #expect(
            try await installation.credential(of: AccountName(bureau: server.bureau, name: "wang"))
                == Credential(hash: "scrypt$1$secret"))
    }

    @Test("a step can be taken after a restore: the log goes on from the signed head")
    func goesOn() async throws {
        let world = try await BackupWorld()
        try await world.back()
        let server = try NewServer()
        let (_, ledger, installation) = try await server.restore(from: world.medium, clock: world.fixture.clock)
        defer {
            ledger.close()
            installation.close()
        }
        let receipt = try await ledger.append(try world.fixture.request([world.caseThread]))
        #expect(receipt.size == 5)
        let proof = ConsistencyProof(hashes: try await ledger.consistencyProof(from: 4, to: 5))
        let head = try await ledger.signedHead()
        try proof.verify(old: 4, oldRoot: try await world.fixture.ledger.signedHead().root, new: 5, newRoot: head.root)
    }

    @Test("a second run writes only what is new")
    func incremental() async throws {
        let world = try await BackupWorld()
        _ = try world.addObject(0x11, byteCount: 200_000)
        let first = try await world.back()
        let before = try world.files()
        try await world.fixture.append(world.caseThread)
        let second = try await world.back()
        let after = try world.files()
        #expect(second.newEntries == 1 && second.newObjects == 0)
        // Entries, sign-in data, manifest.
        #expect(second.files == 3 && second.bytes < 6000 && first.bytes > 200_000)
        let kept = before.filter { after[$0.key] == $0.value }
        #expect(kept.keys.contains { $0.contains("objects/11/") } && kept.keys.contains { $0.contains("keys-") })
        #expect(kept.keys.contains { $0.contains("ledger-") } && after.count == before.count + 1)
        // Nothing new at all: no file of entries.
        #expect(try await world.back().files == 2)
        // The entry of the run itself.
        try await world.fixture.append(world.bureauThread)
        let last = try await world.back(.entries)
        #expect(last.files == 2 && last.head.size == 6)
        #expect(try await NewServer().prepare(from: world.medium).report.entries == 6)
    }

    @Test("two media in turn each hold all of it")
    func inTurn() async throws {
        let world = try await BackupWorld()
        try await world.back()
        let red = try world.files()
        try await world.fixture.append(world.caseThread)
        try world.setFiles([:])
        try await world.back()
        let blue = try world.files()
        try await world.fixture.append(world.caseThread)
        try world.setFiles(red)
        #expect(try await world.back().newEntries == 2)
        #expect(try await NewServer().prepare(from: world.medium).report.entries == 6)
        try world.setFiles(blue)
        #expect(try await world.back().newEntries == 1)
        #expect(try await NewServer().prepare(from: world.medium).report.entries == 6)
    }

    @Test("a medium with a later or another history, of another bureau or key, is not written over")
    func newerThere() async throws {
        let world = try await BackupWorld()
        let fixture = world.fixture
        // An old copy of the data directory, lock file and all, put back after a later backup.
        world.close()
        let old = try BackupWorld.files(below: fixture.directory.path + "/data/bureaus")
        let lock = try Data(contentsOf: URL(fileURLWithPath: fixture.lockPath))
        try world.open()
        let known = fixture.known(world.caseThread)
        try await fixture.append(world.caseThread)
        try await world.back()
        let medium = try world.files()
        let there = try await fixture.ledger.signedHead()
        world.close()
        for (name, bytes) in old {
            try Data(bytes).write(to: URL(fileURLWithPath: fixture.directory.path + "/data/bureaus/" + name))
        }
        try lock.write(to: URL(fileURLWithPath: fixture.lockPath))
        try world.open()
        let here = try await fixture.ledger.signedHead()
        let error = await backupError { try await world.back() }
        #expect(
            error
                == .newerThere(
                    BackupHead(log: 1, size: there.size, root: there.root),
                    here: BackupHead(log: 1, size: here.size, root: here.root)))
        #expect(error?.chinese.contains("\(there.root)") == true && error?.chinese.contains("\(here.root)") == true)
        #expect(try world.files() == medium)
        // It goes on and grows past the medium, but it is another history.
        fixture.forget(world.caseThread, known)
        try await fixture.append(world.caseThread)
        try await fixture.append(world.caseThread)
        if case .forked = await backupError({ try await world.back() }) {
        } else {
            Issue.record("a fork was written over")
        }
        #expect(try world.files() == medium)

        let stranger = try await BackupWorld()
        try stranger.setFiles(medium)
        unlink(stranger.fixture.directory.path + "/keys/zhaoxian/backup.key")
        try stranger.keys.store(secret: [UInt8](repeating: 1, count: 32), for: .backup)
        #expect(await backupError { try await stranger.back() } == .wrongKey)
        #expect(try stranger.files() == medium)
    }

    @Test("an entry that was changed on disk is found before the backup takes it")
    func changedEntry() async throws {
        let world = try await BackupWorld()
        try await world.back()
        try await world.fixture.append(world.caseThread, world.bureauThread)
        let before = try world.files()
        world.close()
        try world.fixture.tamper(
            "DROP TRIGGER opening_is_never_changed; UPDATE opening SET value = '\"x\"' WHERE position = 4")
        try world.open()
        #expect(await backupError { try await world.back() } == .ledger("序号 4 的记录"))
        // What is there is still what was there.
        #expect(try await NewServer().prepare(from: world.medium).report.entries == 4)
        #expect(try world.files().filter { !$0.key.hasSuffix(".new") } == before)
    }

    @Test("kept rule files travel with the backup, each once, and come back by their digests")
    func rules() async throws {
        let world = try await BackupWorld()
        let first = try world.addRule("regulation: one")
        try await world.back()
        let early = try world.files()
        #expect(early.keys.filter { $0.contains("/rules-") }.count == 1)
        // Nothing new, nothing written; then only what is new.
        try await world.back()
        #expect(try world.files().filter { $0.key.contains("/rules-") } == early.filter { $0.key.contains("/rules-") })
        let second = try world.addRule("liuhen/edition/v1\n", ending: "edition")
        // What is no kept file stays out; what is not what its name says is told and left out.
        try WholeFile.write([1], to: world.fixture.dataPath + "/rules/notes.txt", QuietDisk())
        let false1 = "\(Digest.sha256([7])).yaml"
        try WholeFile.write([8], to: world.fixture.dataPath + "/rules/" + false1, QuietDisk())
        let report = try await world.back()
        #expect(report.warnings.count == 1 && report.warnings[0].contains(false1))
        #expect(try world.files().keys.filter { $0.contains("/rules-") }.count == 2)
        // A damaged file on the new server is replaced by the good one.
        let server = try NewServer()
        let rules = server.data + "/rules"
        try FileManager.default.createDirectory(atPath: rules, withIntermediateDirectories: true)
        try WholeFile.write([9], to: rules + "/" + first, QuietDisk())
        let (_, ledger, installation) = try await server.restore(from: world.medium, clock: world.fixture.clock)
        ledger.close()
        installation.close()
        #expect(try FileSource.names(in: rules) == [first, second].sorted())
        #expect(try FileSource(rules + "/" + first).read(100) == Array("regulation: one".utf8))
        #expect(try FileSource(rules + "/" + second).read(100) == Array("liuhen/edition/v1\n".utf8))
        #expect(try FileSource.names(in: server.data + "/bureaus/zhaoxian").contains("rules") == false)
        // Where the ledger's own file is lost, what an earlier run took is still there.
        unlink(world.fixture.dataPath + "/rules/" + first)
        try await world.back()
        let again = try NewServer()
        let (_, other, held) = try await again.restore(from: world.medium, clock: world.fixture.clock)
        other.close()
        held.close()
        #expect(try FileSource.names(in: again.data + "/rules") == [first, second].sorted())
    }
}
