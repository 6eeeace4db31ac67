import Application
import Casework
import Foundation
import Glibc
import Kernel
import Ledger
import TestKit
import Testing

@testable import Store

@Suite("A backup that was tampered with, cut off, or is the wrong one", .serialized)
struct BackupFaultTests {
    /// Entries, one object, everything small.
    private func tiny() async throws -> BackupWorld {
        let world = try await BackupWorld()
        _ = try world.addObject(0xAB, byteCount: 40)
        try world.addRule("regulation: x")
        try await world.back()
        return world
    }

    /// Whether a restore refuses the medium or, where only the object's file is wrong, names that and puts back all but it.
    private func notices(_ server: NewServer, _ world: BackupWorld) async -> Bool {
        do {
            let report = try await server.prepare(from: world.medium).report
            return report.objects == 0 && report.warnings.contains { $0.contains("objects/") }
        } catch {
            return true
        }
    }

    @Test("a lone bit flipped in any byte of a backup is refused, or of an object named, and nothing wrong is put back")
    func flipped() async throws {
        let world = try await tiny()
        let server = try NewServer()
        var flips = 0
        for (name, bytes) in try world.files() {
            let url = URL(fileURLWithPath: world.medium + "/" + name)
            for index in bytes.indices {
                var changed = bytes
                changed[index] ^= 1 << UInt8(index % 8)
                try Data(changed).write(to: url)
                if name.contains("objects/") {
                    #expect(await notices(server, world), "byte \(index) of \(name)")
                } else {
                    let error = await backupError { try await server.prepare(from: world.medium) }
                    #expect(error != nil, "byte \(index) of \(name)")
                }
                flips += 1
            }
            try Data(bytes).write(to: url)
        }
        #expect(flips > 4000)
        #expect(!FileManager.default.fileExists(atPath: server.data + "/bureaus/zhaoxian"))
        #expect(try await server.prepare(from: world.medium).report.entries == 4)
    }

    @Test("a file that is missing, cut, lengthened or put in another's place is refused, or of an object named")
    func files() async throws {
        let world = try await tiny()
        try await world.fixture.append(world.caseThread)
        try await world.back()
        let files = try world.files()
        let server = try NewServer()
        for (name, bytes) in files {
            for change in [nil, Array(bytes.dropLast()), bytes + [0]] as [[UInt8]?] {
                var changed = files
                changed[name] = change
                try world.setFiles(changed)
                #expect(await notices(server, world), "\(name)")
            }
        }
        let names = files.keys.sorted()
        for first in names {
            for second in names where first < second && files[first] != files[second] {
                var changed = files
                changed[first] = files[second]
                changed[second] = files[first]
                try world.setFiles(changed)
                #expect(await notices(server, world), "\(first) \(second)")
            }
        }
    }

    @Test("no file of another backup, or of an earlier state of the same one, passes")
    func mixed() async throws {
        let world = try await tiny()
        let early = try world.files()
        try await world.back()
        let late = try world.files()
        // Another backup of the same bureau under the same key.
        try world.setFiles([:])
        try await world.back()
        let other = try world.files()
        let server = try NewServer()
        for (name, bytes) in late {
            for strange in [early[name], other[name], other.first { $0.key.hasPrefix(String(name.prefix(20))) }?.value]
            {
                guard let strange, strange != bytes else { continue }
                var changed = late
                changed[name] = strange
                try world.setFiles(changed)
                // The old manifest names files that are gone; every other file is not what the manifest says.
                #expect(await backupError { try await server.prepare(from: world.medium) } != nil, "\(name)")
            }
        }
        try world.setFiles(late)
        #expect(try await server.prepare(from: world.medium).report.entries == 4)
    }

    @Test(
        "a log goes on from a backup only where its own head is at hand from outside; else the refusal names both ways")
    func unproven() async throws {
        let world = try await tiny()
        let head = try await world.fixture.ledger.signedHead()
        let here = BackupHead(log: 1, size: head.size, root: head.root)
        let server = try NewServer()
        let place = try server.place()
        func prepare(_ outside: [UInt8]?, opensNextLog: Bool = false) async throws {
            var restore = Restore(
                medium: world.medium, bureau: server.bureau, key: BackupWorld.key, place: place, keys: server.keys)
            restore.disk = QuietDisk()
            restore.outside = outside
            restore.opensNextLog = opensNextLog
            _ = try await restore.prepare { _ in { _, _ in [] } }
        }
        let refusal = await backupError { try await prepare(nil) }
        #expect(refusal == .unproven(here))
        #expect(refusal?.chinese.contains("--checkpoint") == true && refusal?.chinese.contains("--new-log") == true)
        #expect(!FileManager.default.fileExists(atPath: server.data + "/bureaus"))
        // An earlier head shows nothing of the end.
        for size in 0..<head.size {
            let note = try await earlier(world, size)
            #expect(await backupError { try await prepare(note) } == .unproven(here), "\(size)")
            try await prepare(note, opensNextLog: true)
        }
        try await prepare(head.note)
        try await prepare(nil, opensNextLog: true)
        // The lock file of the old server does it too, also beside an earlier checkpoint.
        try Directory.make(place.lockDirectory)
        try LockFile(path: place.lockPath).write(
            LockedHead(log: 1, size: head.size, root: head.root, note: head.note))
        try await prepare(nil)
        try await prepare(try await earlier(world, 1))
    }

    /// A checkpoint of an earlier size.
    private func earlier(_ world: BackupWorld, _ size: Int64) async throws -> [UInt8] {
        let found = try await world.fixture.ledger.read { try LedgerReading(connection: $0).root(log: 1, size: size) }
        let root = try #require(found)
        let key = world.fixture.key
        return try #require(Checkpoint(origin: key.verifier.name, size: Int(size), root: root)).signed(by: key)
    }

    @Test("another recovery key is said to be another key, and no backup is said to be none")
    func wrongKey() async throws {
        let world = try await tiny()
        let server = try NewServer()
        #expect(
            await backupError { try await server.prepare(from: world.medium, key: [UInt8](repeating: 1, count: 32)) }
                == .wrongKey)
        #expect(await backupError { try await server.prepare(from: world.medium, key: [1]) } == .wrongKey)
        let nowhere = world.fixture.directory.path + "/nowhere"
        #expect(await backupError { try await server.prepare(from: nowhere) } == .none(nowhere + "/zhaoxian"))
        #expect(try Restore.bureaus(on: nowhere).isEmpty && Restore.bureaus(on: world.medium) == [server.bureau])
    }

    @Test("what a disk refuses is told in the words of whoever runs the server")
    func words() {
        for (code, said) in [
            (ENOSPC, "磁盘已满，写不下 /m/x"), (ENOTDIR, "/m/x：路径中有一段不是目录"), (EROFS, "/m/x：磁盘是只读的"),
        ] {
            let words = BackupError(SystemError(path: "/m/x", call: "write", code: code)).chinese
            #expect(words.hasPrefix(said) && words.hasSuffix("原有数据和备份都没有改动。"))
        }
    }

    @Test("a place that is not empty is left as it is")
    func notEmpty() async throws {
        let world = try await tiny()
        let done = try NewServer()
        let (_, ledger, installation) = try await done.restore(from: world.medium, clock: world.fixture.clock)
        ledger.close()
        installation.close()
        let there = done.data + "/bureaus/zhaoxian"
        #expect(await backupError { try await done.prepare(from: world.medium) } == .notEmpty(there))

        let keyed = try NewServer()
        try keyed.keys.store(secret: [UInt8](repeating: 9, count: 32), for: .vault)
        #expect(await backupError { try await keyed.prepare(from: world.medium) } == .notEmpty(keyed.keys.directory))

        // Others may read it: what to do is said as it is for a start.
        let open = try NewServer()
        try open.keys.store(secret: [UInt8](repeating: 9, count: 32), for: .vault)
        #expect(chmod(open.keys.directory + "/vault.key", 0o644) == 0)
        let refusal = await backupError { try await open.prepare(from: world.medium) }
        #expect(refusal?.chinese.contains("chmod 600") == true)

        // A lock file that remembers more, or something else: here is, or was, another state of the bureau.
        let head = try await world.fixture.ledger.signedHead()
        for (size, expected) in [
            (
                Int64(9),
                BackupError.older(
                    BackupHead(log: 1, size: 9, root: .zero), here: BackupHead(log: 1, size: 4, root: head.root))
            ),
            (
                3,
                .olderLock(
                    "", BackupHead(log: 1, size: 3, root: .zero), here: BackupHead(log: 1, size: 4, root: head.root))
            ),
            (
                4,
                .forked(
                    BackupHead(log: 1, size: 4, root: .zero), here: BackupHead(log: 1, size: 4, root: head.root))
            ),
        ] as [(Int64, BackupError)] {
            let locked = try NewServer()
            let place = try locked.place()
            try Directory.make(place.lockDirectory)
            try LockFile(path: place.lockPath).write(LockedHead(log: 1, size: size, root: .zero, note: [1]))
            let error = await backupError { try await locked.prepare(from: world.medium) }
            if case .olderLock(let path, let there, let here)? = error {
                #expect(path == place.lockPath && expected == .olderLock("", there, here: here))
                #expect(error?.chinese.contains("证明不了备份之后再没有过记录") == true)
            } else {
                #expect(error == expected)
            }
            #expect(try LockFile.read(place.lockPath) == .head(LockedHead(log: 1, size: size, root: .zero, note: [1])))
        }
    }

    @Test("a restore that was cut off before its last step is begun again and done")
    func restoreAgain() async throws {
        let world = try await tiny()
        let server = try NewServer()
        let first = try await server.prepare(from: world.medium)
        // Everything but the rename: as if the power went before it.
        for (name, bytes) in first.serverKeys { try server.keys.restore(bytes, named: name) }
        try Directory.make(try server.place().lockDirectory)
        try LockFile(path: try server.place().lockPath).write(first.head)
        let (report, ledger, installation) = try await server.restore(from: world.medium, clock: world.fixture.clock)
        #expect(report.entries == 4)
        ledger.close()
        installation.close()
    }

    @Test("a checkpoint from outside that is newer than the backup, or of another history, stops the restore")
    func outside() async throws {
        let world = try await tiny()
        let now = try await world.fixture.ledger.signedHead()
        try await world.fixture.append(world.caseThread)
        let later = try await world.fixture.ledger.signedHead()
        let server = try NewServer()
        #expect(try await server.prepare(from: world.medium, outside: now.note).report.head.size == 4)
        let error = await backupError { try await server.prepare(from: world.medium, outside: later.note) }
        #expect(
            error
                == .older(
                    BackupHead(log: 1, size: 5, root: later.root), here: BackupHead(log: 1, size: 4, root: now.root)))
        let forged = try #require(Checkpoint(origin: world.fixture.key.verifier.name, size: 3, root: later.root))
        let note = try forged.signed(by: world.fixture.key)
        if case .forked = await backupError({ try await server.prepare(from: world.medium, outside: note) }) {
        } else {
            Issue.record("another history was restored")
        }
        #expect(
            await backupError { try await server.prepare(from: world.medium, outside: [1, 2]) } == .foreignCheckpoint)
    }

    // MARK: crashes

    /// What a medium restores to; nil when it holds no backup.
    private func state(of world: BackupWorld) async throws -> Int64? {
        do {
            return try await NewServer().prepare(from: world.medium).report.entries
        } catch BackupError.none {
            return nil
        }
    }

    @Test("wherever a run dies, the medium holds the old backup or the new one, and the next run makes it whole")
    func crashes() async throws {
        let world = try await BackupWorld()
        _ = try world.addObject(0x01)
        try world.addRule("regulation: one")
        let never = DyingDisk(target: -1, moment: .before)
        world.disk = never
        try await world.back()
        let firstCalls = never.calls.count
        #expect(
            Set(never.calls.map(\.name)).isSuperset(of: ["create", "write", "synchronize", "rename", "makeDirectory"]))
        for target in 0..<firstCalls {
            for moment in DyingDisk.Moment.allCases {
                try world.setFiles([:])
                try await die(world, target, moment, before: nil, after: 4)
            }
        }

        // A second run with everything in it: entries, a new object, a destroyed one, a new generation.
        try world.setFiles([:])
        world.disk = QuietDisk()
        try await world.back()
        let old = try world.files()
        try await world.fixture.append(world.caseThread)
        let doomed = try world.addObject(0x02)
        try world.destroy(doomed.id)
        _ = try world.addObject(0x03)
        try world.addRule("regulation: two")
        world.generationLimit = 0
        let second = DyingDisk(target: -1, moment: .before)
        world.disk = second
        try await world.back()
        #expect(second.calls.contains { $0.name == "overwrite" } && second.calls.contains { $0.name == "unlink" })
        for target in second.calls.indices {
            for moment in DyingDisk.Moment.allCases {
                try world.setFiles(old)
                try await die(world, target, moment, before: 4, after: 5)
            }
        }
    }

    private func die(
        _ world: BackupWorld, _ target: Int, _ moment: DyingDisk.Moment, before: Int64?, after: Int64
    ) async throws {
        let disk = DyingDisk(target: target, moment: moment)
        world.disk = disk
        let error = await backupError { try await world.back() }
        let call = disk.calls.indices.contains(target) ? "\(disk.calls[target])" : "none"
        #expect(error != nil, "call \(target) \(call)")
        let left = try await state(of: world)
        #expect(left == before || left == after, "call \(target) \(call) \(moment): \(String(describing: left))")
        world.disk = QuietDisk()
        try await world.back()
        #expect(try await state(of: world) == after, "after call \(target) \(call) \(moment)")
    }

    @Test("no name is given to a file, and none is taken away, before what it stands for is on the medium")
    func order() async throws {
        let world = try await tiny()
        try await world.fixture.append(world.caseThread)
        _ = try world.addObject(0x07)
        world.generationLimit = 0
        let disk = DyingDisk(target: -1, moment: .before)
        world.disk = disk
        try await world.back()
        let calls = disk.calls
        let manifest = try #require(calls.firstIndex { $0.name == "rename" && $0.path.hasSuffix("/manifest") })
        let durable = try #require(
            calls[manifest...].firstIndex { $0.name == "synchronizeDirectory" && $0.path == world.directory })
        var renames = 0
        for (index, call) in calls.enumerated() {
            switch call.name {
            case "rename":
                renames += 1
                let synced = calls[..<index].lastIndex { $0 == .init(name: "synchronize", path: call.path + ".new") }
                let written = calls[..<index].lastIndex { $0 == .init(name: "write", path: call.path + ".new") }
                #expect(synced ?? -1 > written ?? 0, "\(call)")
                guard index < manifest else { continue }
                let parent = (call.path as NSString).deletingLastPathComponent
                #expect(
                    calls[index..<manifest].contains { $0 == .init(name: "synchronizeDirectory", path: parent) },
                    "\(call)")
            case "unlink", "overwrite": #expect(index > durable, "\(call)")
            default: break
            }
        }
        // Entries, object, keys, entries joined, sign-in data, manifest.
        #expect(renames == 6)
    }

    // MARK: what was destroyed

    @Test("a destroyed key is in no file of the backup after the next generation, and neither are destroyed openings")
    func destroyed() async throws {
        let world = try await BackupWorld()
        let (id, key) = try world.addObject(0x55)
        let kept = try world.addObject(0x66)
        let secret = Array("\"绝密的内容\"".utf8)
        let recording = world.fixture.tag()
        let command = world.fixture.command()
        let entry = try world.fixture.entry(
            recording, type: .recordingImported, command: command, plain: ["object": .string(id.description)],
            values: [FieldValue("fileName", .string("绝密的内容"), .internal)])
        try await world.fixture.ledger.append(AppendRequest(command: command, entries: [entry]))
        try await world.back()
        #expect(try plain(world).contains { $0.contains(key) } && plain(world).contains { $0.contains(secret) })

        // The disposal: its entry names the entry, then the openings and the key go.
        let disposal = world.fixture.command()
        let last = try await world.fixture.ledger.head(of: world.bureauThread)
        let certificate = try Entry.seal(
            Skeleton.Content(
                type: EntryType.entryCorrected.rawValue, bureau: world.fixture.bureau, thread: world.bureauThread,
                seq: (last?.seq ?? 0) + 1, recordedAt: world.fixture.clock.now(), actor: .system, command: disposal,
                references: [EntryReference("destroys", entry)]), values: [], prev: last?.commitment ?? .zero,
            using: &world.random)
        try await world.fixture.ledger.append(AppendRequest(command: disposal, entries: [certificate]))
        world.close()
        try world.fixture.tamper("DELETE FROM opening WHERE position = 4")
        try world.open()
        try world.destroy(id)

        // Before the next generation the key may still be there, but a restore does not bring it back.
        try await world.back()
        try await comesBackDestroyed(world, id: id, kept: kept.id, position: 4)

        world.fixture.clock.advance(29 * 86_400_000)
        #expect(try await world.back().beganGeneration)
        #expect(try !plain(world).contains { $0.contains(key) } && !plain(world).contains { $0.contains(secret) })
        #expect(try plain(world).contains { $0.contains(kept.key) })
        let names = try world.files().keys
        #expect(
            !names.contains { $0.hasSuffix(id.description) } && names.contains { $0.hasSuffix(kept.id.description) })
        #expect(names.filter { $0.contains("keys-") }.count == 1)
        try await comesBackDestroyed(world, id: id, kept: kept.id, position: 4)
    }

    @Test("a disposal that a backup knows is carried out again although its keys and openings are older")
    func disposalFirst() async throws {
        // The keys stand in the backup as they were before: only the entry says that they are destroyed.
        let world = try await BackupWorld()
        let (id, _) = try world.addObject(0x55)
        let command = world.fixture.command()
        let recording = world.fixture.tag()
        let entry = try world.fixture.entry(
            recording, type: .recordingImported, command: command, plain: ["object": .string(id.description)])
        let certificate = try Entry.seal(
            Skeleton.Content(
                type: EntryType.entryCorrected.rawValue, bureau: world.fixture.bureau, thread: recording, seq: 2,
                recordedAt: world.fixture.clock.now(), actor: .system, command: command,
                references: [EntryReference("destroys", entry)]), values: [], prev: entry.commitment,
            using: &world.random)
        try await world.fixture.ledger.append(AppendRequest(command: command, entries: [entry, certificate]))
        try await world.back()
        try await comesBackDestroyed(world, id: id, kept: nil, position: 4)
    }

    /// Every file of the medium that opens under the key, opened.
    private func plain(_ world: BackupWorld) throws -> [Bytes] {
        let key = try #require(BackupKey(BackupWorld.key))
        let (form, _) = try #require(try BackupManifest.read(in: world.directory, key: key))
        return try world.files().map { name, bytes in
            guard !name.contains("objects/") else { return Bytes(bytes) }
            let file = String(name.dropFirst("zhaoxian/".count))
            return Bytes(try SealedReader(file, in: world.directory, form).takeAll())
        }
    }

    private func comesBackDestroyed(
        _ world: BackupWorld, id: ObjectID, kept: ObjectID?, position: Int64
    ) async throws {
        let server = try NewServer()
        let (report, ledger, installation) = try await server.restore(from: world.medium, clock: world.fixture.clock)
        #expect(report.destroyedEntries == 1 && report.warnings.isEmpty)
        let entry = try #require(try await ledger.entries(from: position, limit: 1).first)
        #expect(entry.entry.openings.isEmpty && !entry.entry.skeleton.content.fields.isEmpty)
        ledger.close()
        installation.close()
        let vault = VaultFiles(root: server.data + "/bureaus/zhaoxian/vault")
        #expect(!FileManager.default.fileExists(atPath: vault.object(id)))
        let states = Dictionary(uniqueKeysWithValues: try vault.keys())
        #expect(states[id] == nil || states[id] == .gone)
        if let kept { #expect(FileManager.default.fileExists(atPath: vault.object(kept))) }
        let database = try #require(server.directory.read("data/bureaus/zhaoxian/ledger.sqlite"))
        #expect(!Bytes(database).contains(Array("绝密的内容".utf8)))
    }
}

/// Bytes that are searched.
struct Bytes {
    private let data: Data
    init(_ bytes: [UInt8]) { data = Data(bytes) }
    func contains(_ part: [UInt8]) -> Bool { data.range(of: Data(part)) != nil }
}
