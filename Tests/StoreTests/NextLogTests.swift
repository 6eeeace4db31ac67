import Application
import Casework
import Foundation
import Kernel
import Ledger
import TestKit
import Testing

@testable import Store

/// A ledger that lost its newest records, and the log that begins after them.
final class LostWorld {
    let fixture: Fixture
    let keys: KeyStore
    let bureau: ThreadTag
    let threads: [ThreadTag]
    /// Heads as they were signed, by size.
    private(set) var signed: [Int64: SignedHead] = [:]
    let survivingSize: Int64 = 5
    let lastSize: Int64 = 9

    /// A ledger whose last four records are lost: its files are those of before.
    init() async throws {
        fixture = try Fixture.made()
        keys = KeyStore(directory: fixture.directory.path + "/keys", bureau: fixture.bureau)
        try keys.store(fixture.key, for: .log)
        bureau = fixture.tag()
        threads = [fixture.tag(), fixture.tag()]
        _ = try await fixture.ledger.append(try fixture.request([bureau], type: .bureauOpened))
        while signed[survivingSize] == nil { try await step() }
        fixture.close()
        try copy(fixture.dataPath + "/bureaus", to: fixture.directory.path + "/older")
        try fixture.open()
        let known = threads.map { fixture.known($0) }
        while signed[lastSize] == nil { try await step() }
        fixture.close()
        try copy(fixture.directory.path + "/older", to: fixture.dataPath + "/bureaus")
        for (thread, head) in zip(threads, known) { fixture.forget(thread, head) }
    }

    private func step() async throws {
        try await fixture.append(threads[signed.count % 2])
        fixture.clock.advance(1000)
        let head = try await fixture.ledger.signedHead()
        signed[head.size] = head
    }

    private func copy(_ source: String, to target: String) throws {
        try? FileManager.default.removeItem(atPath: target)
        try FileManager.default.copyItem(atPath: source, toPath: target)
    }

    func openSurviving() throws -> LedgerDatabase {
        try LedgerDatabase.openSurviving(
            at: try fixture.place(), keys: keys, clock: fixture.clock, settings: fixture.settings)
    }

    func open() throws -> LedgerDatabase {
        try LedgerDatabase.open(at: try fixture.place(), keys: keys, clock: fixture.clock, settings: fixture.settings)
    }

    /// Asks what is lost, and begins the next log.
    func begin(checkpoint: [UInt8]? = nil) async throws -> (loss: LogLoss, head: SignedHead) {
        let ledger = try openSurviving()
        defer { ledger.close() }
        let place = try fixture.place()
        let loss = try await ledger.loss(at: place, keys: keys, checkpoint: checkpoint)
        let last = try await ledger.head(of: bureau)
        fixture.forget(bureau, last)
        let command = fixture.command()
        let plain = JSON.object(loss.succession.members)
        let opening = try fixture.entry(
            bureau, type: .logOpened, command: command, plain: plain,
            values: [.init("previousOrigin", .string(loss.previousOrigin), .officer)])
        let head = try await ledger.beginNextLog(
            after: loss, at: place, keys: keys, clock: fixture.clock, settings: fixture.settings
        ) { _ in AppendRequest(command: command, entries: [opening]) }
        return (loss, head)
    }

    var lock: LockFile.State { get throws { try LockFile.read(fixture.lockPath) } }

    func verify(_ outside: [(String, [UInt8])] = []) throws -> LedgerVerdict {
        var verification = LedgerVerification(path: fixture.databasePath)
        verification.outside = outside.map { (name: $0.0, note: $0.1) }
        return try verification.run()
    }
}

@Suite("A later log after a loss of records", .serialized)
struct NextLogTests {
    private func startError(_ body: () async throws -> Void) async -> LedgerStartError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? LedgerStartError
        }
    }

    @Test("the shorter log is never opened for writing, and the next one names what the lock file remembers")
    func begins() async throws {
        let world = try await LostWorld()
        #expect(await startError { _ = try world.open() } == .behindLock(ledger: 5, lock: 9))
        let surviving = try world.openSurviving()
        #expect(
            await storeError { _ = try await surviving.append(try world.fixture.request([world.fixture.tag()])) }?
                .isStopped == true)
        #expect(try await surviving.entries(of: world.threads[0], from: 1).count == 2)
        surviving.close()

        let (loss, head) = try await world.begin()
        #expect(loss.succession.log == 2 && loss.succession.source == .lock && loss.succession.knownLost == 4)
        #expect(loss.succession.previous.root == world.signed[9]?.root && loss.previousNote == world.signed[9]?.note)
        #expect(loss.origin == world.fixture.key.verifier.name + "/2")
        #expect(head.size == 1)
        #expect(try world.lock == .head(LockedHead(log: 2, size: 1, root: head.root, note: head.note)))
        #expect(throws: KeyStore.Failure.self) { try world.keys.logKey(1) }

        let ledger = try world.open()
        for (number, thread) in (world.threads + world.threads).enumerated() {
            let receipt = try await ledger.append(try world.fixture.request([thread]))
            #expect(receipt.indices == [Int64(number + 1)])
        }
        #expect(try await ledger.entries(of: world.threads[0], from: 1).map(\.log) == [1, 1, 2, 2])
        let logs = try await ledger.logs()
        #expect(logs.map(\.head.size) == [5, 5] && logs.map(\.number) == [1, 2])
        // Nothing of it can be said to be lost a second time.
        ledger.close()
        let again = try world.openSurviving()
        let place = try world.fixture.place()
        #expect(
            await startError { _ = try await again.loss(at: place, keys: world.keys, checkpoint: nil) }
                == .nothingLost(size: 5))
        again.close()

        let (kept, later) = (try #require(world.signed[7]), try #require(world.signed[9]))
        let verdict = try world.verify([
            ("within", kept.note), ("named", later.note), ("old", try #require(world.signed[4]).note),
            ("new", logs[1].head.note),
        ])
        #expect(verdict.findings == [] && verdict.heldOfLost == ["within", "named"])
        #expect(verdict.logs.map(\.checkedSize) == [5, 5] && verdict.successions == [loss.succession])
        let key = world.fixture.key
        let larger = try #require(Checkpoint(origin: key.verifier.name, size: 10, root: .zero)).signed(by: key)
        let other = try #require(Checkpoint(origin: key.verifier.name, size: 9, root: .zero)).signed(by: key)
        #expect(try world.verify([("larger", larger)]).findings == [.outside("larger", .beyond)])
        #expect(try world.verify([("other", other)]).findings == [.outside("other", .beyond)])
    }

    @Test(
        "each durable step of the beginning broke in both ways leaves the loss or the new log, and the same again goes on",
        arguments: WriteStep.allCases.flatMap { step in WriteFault.allCases.map { (step, $0) } })
    func brokenTwoWays(step: WriteStep, fault: WriteFault) async throws {
        let world = try await LostWorld()
        let breaker = FaultTests.Breaker(step, fault, at: 1)
        world.fixture.settings.faults = WriteFaults { breaker($0) }
        var failed = false
        do { _ = try await world.begin() } catch { failed = true }
        #expect(failed)
        world.fixture.settings.faults = WriteFaults()
        let key = try world.keys.logKey(2).encoded
        #expect(world.keys.unusedLogKeys(after: 1).count == 1)
        let hasBegun: Bool
        do {
            // Either nothing has happened and no server starts, or the log has begun and the start goes on with it.
            let ledger = try world.open()
            hasBegun = true
            #expect(ledger.log == 2)
            ledger.close()
        } catch let error as LedgerStartError {
            hasBegun = false
            #expect(error == .behindLock(ledger: 5, lock: 9))
            #expect(try await world.begin().head.size == 1)
        }
        #expect(hasBegun == (step != .commit || fault == .storedButReportedFailed))
        let ledger = try world.open()
        // Whoever saw the key that the broken attempt left has not the key of the log that began.
        #expect(try (world.keys.logKey(2).encoded == key) == hasBegun)
        #expect(world.keys.unusedLogKeys(after: 2) == [])
        #expect(throws: KeyStore.Failure.self) { try world.keys.logKey(1) }
        world.fixture.forget(world.bureau, try await ledger.head(of: world.bureau))
        try await ledger.append(try world.fixture.request(world.threads)).indices.forEach { #expect($0 > 0) }
        let head = try await ledger.signedHead()
        guard case .head(let locked) = try world.lock else {
            Issue.record("no lock file")
            return
        }
        #expect(locked.log == 2 && locked.size == head.size && locked.root == head.root)
        ledger.close()
        #expect(try world.verify().findings == [])
    }

    @Test("without a lock file a checkpoint tells of the loss, and without either nobody knows how much it is")
    func sources() async throws {
        for kind in [LogSuccession.Source.checkpoint, .nothing] {
            for isDamaged in [false, true] {
                let world = try await LostWorld()
                if isDamaged {
                    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: world.fixture.lockPath))
                } else {
                    try FileManager.default.removeItem(atPath: world.fixture.lockPath)
                }
                let note = try #require(world.signed[kind == .checkpoint ? 7 : 3]).note
                let (loss, _) = try await world.begin(checkpoint: note)
                #expect(loss.succession.source == kind)
                #expect(loss.succession.knownLost == (kind == .checkpoint ? 2 : nil))
                #expect(!loss.succession.isWholeLoss)
                let ledger = try world.open()
                ledger.close()
                #expect(try world.verify().findings == [])
                // What the bureau did not know of is found out by whoever holds it.
                let later = try world.verify([("later", try #require(world.signed[9]).note)])
                #expect(later.findings == [.outside("later", .beyond)])
            }
        }
        // A checkpoint later than the lock file, and one of another history.
        let world = try await LostWorld()
        let key = world.fixture.key
        func signed(_ size: Int, by key: SigningKey) throws -> [UInt8] {
            try #require(Checkpoint(origin: key.verifier.name, size: size, root: .zero)).signed(by: key)
        }
        let ledger = try world.openSurviving()
        let place = try world.fixture.place()
        func loss(_ note: [UInt8]) async throws -> LogLoss {
            try await ledger.loss(at: place, keys: world.keys, checkpoint: note)
        }
        let later = try await loss(try signed(12, by: key)).succession
        #expect(later.source == .checkpoint && later.knownLost == 7)
        for size in [9, 4] {
            let note = try signed(size, by: key)
            #expect(await startError { _ = try await loss(note) } == .forked(size: Int64(size)))
        }
        let other = try #require(SigningKey(generating: key.verifier.name))
        let foreign = try signed(12, by: other)
        guard case .checkpoint = await startError({ _ = try await loss(foreign) }) else {
            Issue.record("a checkpoint under another key was taken")
            return
        }
        ledger.close()
    }

    @Test("a log of which nothing survived is named by the one after it, and its number is not used again")
    func lostWhole() async throws {
        let world = try await LostWorld()
        let older = world.fixture.directory.path + "/older"
        _ = try await world.begin()
        let ledger = try world.open()
        _ = try await ledger.append(try world.fixture.request([world.threads[0]]))
        let second = try await ledger.signedHead()
        ledger.close()
        // The old copy once more: all of log 2 is lost with it. Its key, and the first one from the backup, are there.
        try FileManager.default.removeItem(atPath: world.fixture.dataPath + "/bureaus")
        try FileManager.default.copyItem(atPath: older, toPath: world.fixture.dataPath + "/bureaus")
        try world.keys.store(world.fixture.key, for: .log)
        let (loss, _) = try await world.begin()
        #expect(loss.succession.log == 3 && loss.succession.previous.log == 2 && loss.succession.knownLost == 2)
        #expect(loss.origin.hasSuffix("/3") && loss.previousOrigin.hasSuffix("/2"))
        let third = try world.open()
        #expect(try await third.logs().map(\.number) == [1, 3])
        third.close()
        let verdict = try world.verify([("second", second.note)])
        #expect(verdict.findings == [] && verdict.heldOfLost == ["second"])
    }

    @Test(
        "a log is closed to change its key; each durable step broken in both ways leaves the old log or the new one",
        arguments: WriteStep.allCases.flatMap { step in WriteFault.allCases.map { (step, $0) } })
    func rotated(step: WriteStep, fault: WriteFault) async throws {
        let fixture = try Fixture.made()
        let keys = KeyStore(directory: fixture.directory.path + "/keys", bureau: fixture.bureau)
        try keys.store(fixture.key, for: .log)
        let bureau = fixture.tag()
        _ = try await fixture.ledger.append(try fixture.request([bureau], type: .bureauOpened))
        let end = try await fixture.ledger.signedHead()
        fixture.close()
        func open() throws -> LedgerDatabase {
            try LedgerDatabase.open(
                at: try fixture.place(), keys: keys, clock: fixture.clock, settings: fixture.settings)
        }
        func rotate() async throws {
            let ledger = try open()
            defer { ledger.close() }
            let place = try fixture.place()
            let closing = try await ledger.closing(at: place)
            #expect(closing.succession.isRotation && closing.succession.surviving.root == end.root)
            fixture.forget(bureau, try await ledger.head(of: bureau))
            let command = fixture.command()
            let opening = try fixture.entry(
                bureau, type: .logOpened, command: command, plain: .object(closing.succession.members),
                values: [.init("previousOrigin", .string(closing.previousOrigin), .officer)])
            do {
                _ = try await ledger.beginNextLog(
                    after: closing, at: place, keys: keys, clock: fixture.clock, settings: fixture.settings
                ) { _ in AppendRequest(command: command, entries: [opening]) }
            } catch {
                // Whatever became of it, nothing more is recorded in the log that was about to end.
                let late = await storeError { _ = try await ledger.append(try fixture.request([fixture.tag()])) }
                #expect(late?.isStopped == true)
                throw error
            }
        }
        let breaker = FaultTests.Breaker(step, fault, at: 1)
        fixture.settings.faults = WriteFaults { breaker($0) }
        await #expect(throws: (any Error).self) { try await rotate() }
        fixture.settings.faults = WriteFaults()
        let staged = try keys.logKey(2).encoded
        let between = try open()
        let hasBegun = between.log == 2
        between.close()
        #expect(hasBegun == (step != .commit || fault == .storedButReportedFailed))
        if !hasBegun { try await rotate() }
        let ledger = try open()
        #expect(ledger.log == 2)
        #expect(try (keys.logKey(2).encoded == staged) == hasBegun)
        #expect(throws: KeyStore.Failure.self) { try keys.logKey(1) }
        fixture.forget(bureau, try await ledger.head(of: bureau))
        #expect(try await ledger.append(try fixture.request([bureau])).indices == [1])
        #expect(try await ledger.logs().map(\.head.size) == [end.size, 2])
        ledger.close()
        var verification = LedgerVerification(path: fixture.databasePath)
        verification.outside = [(name: "end", note: end.note)]
        let verdict = try verification.run()
        #expect(verdict.findings == [] && verdict.successions.map(\.isRotation) == [true])
    }

    @Test("a refused change of the log's key leaves no key, and one that no log has is neither taken up nor backed up")
    func refusedChange() async throws {
        struct Refused: Error {}
        let world = try await BackupWorld()
        let place = try world.fixture.place()
        let closing = try await world.fixture.ledger.closing(at: place)
        func begin(_ request: @escaping @Sendable (VerifierKey) async throws -> AppendRequest) async throws {
            _ = try await world.fixture.ledger.beginNextLog(
                after: closing, at: place, keys: world.keys, clock: world.fixture.clock,
                settings: world.fixture.settings, request: request)
        }
        await #expect(throws: Refused.self) { try await begin { _ in throw Refused() } }
        #expect(throws: KeyStore.Failure.self) { try world.keys.logKey(2) }

        // As a version before this one left it: known to whoever saw the directory since.
        let known = try #require(SigningKey(generating: closing.origin))
        try world.keys.keepLogKey(known, of: 2)
        #expect(world.keys.unusedLogKeys(after: world.fixture.ledger.log).map { $0.hasSuffix("/log-2.key") } == [true])
        try await world.back()
        let server = try NewServer()
        let (_, restored, installation) = try await server.restore(from: world.medium, clock: world.fixture.clock)
        restored.close()
        installation.close()
        #expect(try server.keys.logKey(1).encoded == world.fixture.key.encoded)
        #expect(throws: KeyStore.Failure.self) { try server.keys.logKey(2) }

        world.fixture.forget(world.bureauThread, try await world.fixture.ledger.head(of: world.bureauThread))
        let command = world.fixture.command()
        let opening = try world.fixture.entry(
            world.bureauThread, type: .logOpened, command: command, plain: .object(closing.succession.members),
            values: [.init("previousOrigin", .string(closing.previousOrigin), .officer)])
        try await begin { key in
            #expect(key != known.verifier)
            return AppendRequest(command: command, entries: [opening])
        }
        #expect(try world.keys.logKey(2).encoded != known.encoded)
        world.close()
    }

    @Test("a log is not closed for its key while the lock file has another head, or none")
    func closingNeedsTheLock() async throws {
        let fixture = try Fixture.made()
        _ = try await fixture.ledger.append(try fixture.request([fixture.tag()], type: .bureauOpened))
        let place = try fixture.place()
        try FileManager.default.removeItem(atPath: fixture.lockPath)
        #expect(await startError { _ = try await fixture.ledger.closing(at: place) } == .noLock(ledger: 1))
        try LockFile(path: fixture.lockPath).write(LockedHead(log: 1, size: 1, root: .zero, note: [1]))
        #expect(await startError { _ = try await fixture.ledger.closing(at: place) } == .noLock(ledger: 1))
        fixture.close()
    }

    @Test("a first entry that says something else than what survived is found by the verification")
    func falseOpening() async throws {
        let world = try await LostWorld()
        _ = try await world.begin()
        world.fixture.close()
        try world.fixture.tamper(
            "DROP TRIGGER entry_is_never_removed; PRAGMA foreign_keys = OFF; DELETE FROM entry WHERE log = 2")
        let findings = try world.verify().findings
        #expect(findings.contains(.log(2, .succession)))
    }

    @Test("both logs are backed up and restored; a medium that holds what is lost is never written over")
    func backups() async throws {
        let world = try await BackupWorld()
        try await world.back()
        let files = try world.files()
        let older = world.fixture.directory.path + "/older"
        world.close()
        try FileManager.default.copyItem(atPath: world.fixture.dataPath + "/bureaus", toPath: older)
        try world.open()
        try await world.fixture.append(world.caseThread)
        try await world.back()
        let held = try world.files()
        world.close()
        try FileManager.default.removeItem(atPath: world.fixture.dataPath + "/bureaus")
        try FileManager.default.copyItem(atPath: older, toPath: world.fixture.dataPath + "/bureaus")

        let surviving = try LedgerDatabase.openSurviving(
            at: try world.fixture.place(), keys: world.keys, clock: world.fixture.clock,
            settings: world.fixture.settings)
        let place = try world.fixture.place()
        let loss = try await surviving.loss(at: place, keys: world.keys, checkpoint: nil)
        world.fixture.forget(world.bureauThread, try await surviving.head(of: world.bureauThread))
        world.fixture.forget(world.caseThread, try await surviving.head(of: world.caseThread))
        let command = world.fixture.command()
        let opening = try world.fixture.entry(
            world.bureauThread, type: .logOpened, command: command, plain: .object(loss.succession.members),
            values: [.init("previousOrigin", .string(loss.previousOrigin), .officer)])
        _ = try await surviving.beginNextLog(
            after: loss, at: place, keys: world.keys, clock: world.fixture.clock, settings: world.fixture.settings
        ) { _ in AppendRequest(command: command, entries: [opening]) }
        surviving.close()
        world.fixture.key = try world.keys.logKey(2)
        try world.open()
        try await world.fixture.append(world.caseThread)

        // The medium of after the loss began: refused, and not touched.
        let refusal = await Self.backupError { try await world.back() }
        guard case .holdsLost(let there, let here) = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        #expect(there.log == 1 && there.size == Int64(loss.succession.previous.size) && here.log == 2)
        #expect(try world.files() == held)
        // The medium of before: goes on, and both logs come back from it.
        try world.setFiles(files)
        let report = try await world.back()
        #expect(report.head.log == 2 && report.head.size == 2)
        let server = try NewServer()
        let prepared = try await server.prepare(from: world.medium)
        let installation = try InstallationDatabase(in: try server.place().data, clock: world.fixture.clock)
        defer { installation.close() }
        try prepared.commit(into: installation)
        #expect(try server.keys.logKey(2).encoded == world.fixture.key.encoded)
        #expect(throws: KeyStore.Failure.self) { try server.keys.logKey(1) }
        var settings = LedgerSettings()
        settings.reserve = 0
        let restored = try LedgerDatabase.open(
            at: try server.place(), keys: server.keys, clock: world.fixture.clock, settings: settings)
        #expect(try await restored.logs() == world.fixture.ledger.logs())
        let all = try await world.fixture.ledger.entries(of: world.caseThread, from: 1)
        #expect(try await restored.entries(of: world.caseThread, from: 1) == all && all.last?.log == 2)
        restored.close()
        world.close()
    }

    @Test("a restore that will open the next log writes no lock file and keeps the one that remembers more")
    func restoring() async throws {
        let world = try await BackupWorld()
        try await world.back()
        try await world.fixture.append(world.caseThread)
        let last = try await world.fixture.ledger.signedHead()
        let server = try NewServer()
        let place = try server.place()
        let remembered = LockedHead(log: 1, size: last.size, root: last.root, note: last.note)
        try Directory.make(place.lockDirectory)
        try LockFile(path: place.lockPath).write(remembered)
        for isForNextLog in [false, true] {
            var restore = Restore(
                medium: world.medium, bureau: server.bureau, key: BackupWorld.key, place: place, keys: server.keys)
            restore.disk = QuietDisk()
            restore.opensNextLog = isForNextLog
            restore.outside = last.note
            let prepared: Restore.Prepared
            do throws(BackupError) {
                prepared = try await restore.prepare { _ in { _, _ in [] } }
            } catch {
                #expect(!isForNextLog)
                guard case .older = error else {
                    Issue.record("\(error)")
                    return
                }
                continue
            }
            #expect(isForNextLog)
            let installation = try InstallationDatabase(in: place.data, clock: world.fixture.clock)
            try prepared.commit(into: installation)
            installation.close()
        }
        #expect(try LockFile.read(place.lockPath) == .head(remembered))
        #expect(
            await startError {
                _ = try LedgerDatabase.open(at: place, keys: server.keys, clock: world.fixture.clock)
            } == .behindLock(ledger: last.size - 1, lock: last.size))
    }

    private static func backupError(_ body: () async throws -> Void) async -> BackupError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? BackupError
        }
    }
}
