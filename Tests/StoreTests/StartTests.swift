import Application
import Casework
import Foundation
import Kernel
import Ledger
import TestKit
import Testing

@testable import Store

@Suite("Starting a ledger", .serialized)
struct StartTests {
    private func startError(_ body: () throws -> Void) -> LedgerStartError? {
        do {
            try body()
            return nil
        } catch {
            return error as? LedgerStartError
        }
    }

    @Test("a snapshot that is put back is refused, naming both sizes, and left alone")
    func snapshotPutBack() async throws {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        for _ in 0..<3 { try await fixture.append(thread) }
        fixture.close()
        let copy = fixture.directory.path + "/copy"
        try FileManager.default.copyItem(atPath: fixture.dataPath, toPath: copy)
        try fixture.open()
        for _ in 0..<10 { try await fixture.append(thread) }
        fixture.close()
        try FileManager.default.removeItem(atPath: fixture.dataPath)
        try FileManager.default.moveItem(atPath: copy, toPath: fixture.dataPath)

        let error = startError { try fixture.open() }
        #expect(error == .behindLock(ledger: 3, lock: 13))
        #expect(error?.chinese.contains("3条") == true && error?.chinese.contains("13条") == true)
        #expect(startError { try fixture.open() } == .behindLock(ledger: 3, lock: 13))
    }

    @Test("without its lock file a ledger that holds records is refused; a checkpoint kept outside lets it go on")
    func adopt() async throws {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        try await fixture.append(thread)
        let kept = try await fixture.ledger.signedHead()
        try await fixture.append(thread)
        let newest = try await fixture.ledger.signedHead()
        fixture.close()
        try FileManager.default.removeItem(atPath: fixture.lockPath)
        #expect(startError { try fixture.open() } == .noLock(ledger: 2))

        // Signed by another key, or another history under this key.
        let stranger = try #require(SigningKey(generating: fixture.key.verifier.name))
        let foreign = try #require(Checkpoint(origin: fixture.key.verifier.name, size: 1, root: kept.root))
        let fork = try #require(Checkpoint(origin: fixture.key.verifier.name, size: 1, root: .sha256([1])))
        let later = try #require(Checkpoint(origin: fixture.key.verifier.name, size: 5, root: .sha256([1])))
        func adopt(_ note: [UInt8]) -> LedgerStartError? {
            startError { try fixture.openAdopting(note) }
        }
        guard case .checkpoint = adopt(try foreign.signed(by: stranger)) else {
            Issue.record("a stranger's checkpoint was taken")
            return
        }
        #expect(adopt(try fork.signed(by: fixture.key)) == .forked(size: 1))
        #expect(adopt(try later.signed(by: fixture.key)) == .behindLock(ledger: 2, lock: 5))
        #expect(startError { try fixture.open() } == .noLock(ledger: 2))

        // One of an earlier size proves the beginning: whether records after it are lost it cannot tell.
        #expect(adopt(kept.note) == .unproven(ledger: 2, checkpoint: 1))
        #expect(startError { try fixture.open() } == .noLock(ledger: 2))

        // Opened by a checkpoint of the whole, nothing is written until the first record is: what is decided meanwhile may
        // be not to go on.
        try fixture.openAdopting(newest.note)
        #expect(try await fixture.ledger.signedHead() == newest)
        fixture.close()
        #expect([.noLock(ledger: 2), .lockDamaged(ledger: 2)].contains(startError { try fixture.open() }))
        try fixture.openAdopting(newest.note)
        try await fixture.append(thread)
        fixture.close()
        try fixture.open()
        try await fixture.append(thread)
        #expect(adopt(try await fixture.ledger.signedHead().note) != nil)
        fixture.close()
        #expect(adopt(newest.note) == .nothingLost(size: 4))
    }

    @Test("one process alone has lock file and keys: a copy of the data is not served beside it")
    func copyBeside() async throws {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        try await fixture.append(thread)
        let copy = fixture.directory.path + "/copy"
        fixture.close()
        try FileManager.default.copyItem(atPath: fixture.dataPath, toPath: copy)
        try fixture.open()
        let beside = LedgerDatabase.Place(
            data: try DataDirectory(path: copy), lockDirectory: try fixture.place().lockDirectory,
            bureau: try fixture.place().bureau)
        let error = startError {
            _ = try LedgerDatabase.open(at: beside, key: fixture.key, clock: SystemClock())
        }
        guard case .inUse = error else {
            Issue.record("a copy was opened beside the ledger: \(error.map { "\($0)" } ?? "no error")")
            return
        }
        try await fixture.append(thread)
        fixture.close()
        // The copy is behind what the lock file remembers, once it is free.
        #expect(
            startError { _ = try LedgerDatabase.open(at: beside, key: fixture.key, clock: SystemClock()) }
                == .behindLock(ledger: 1, lock: 2))
    }

    @Test("a lock file that somebody else writes stops recording before the next head")
    func writtenBeside() throws {
        let place = try TemporaryDirectory()
        let path = place.path + "/q.lock"
        let mine = try LockFile(path: path)
        try mine.write(LockedHead(log: 1, size: 1, root: .sha256([1]), note: [1]))
        let other = try LockFile(path: path)
        for size in 2...3 { try other.write(LockedHead(log: 1, size: Int64(size), root: .sha256([2]), note: [2])) }
        let error = #expect(throws: SystemError.self) {
            try mine.write(LockedHead(log: 1, size: 2, root: .sha256([3]), note: [3]))
        }
        #expect(error?.code == EBUSY)
    }

    @Test("a readable lock file that is ahead is not outweighed by an older checkpoint")
    func adoptBehindLock() async throws {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        try await fixture.append(thread)
        let kept = try await fixture.ledger.signedHead()
        fixture.close()
        let copy = fixture.directory.path + "/copy"
        try FileManager.default.copyItem(atPath: fixture.dataPath, toPath: copy)
        try fixture.open()
        try await fixture.append(thread)
        fixture.close()
        try FileManager.default.removeItem(atPath: fixture.dataPath)
        try FileManager.default.moveItem(atPath: copy, toPath: fixture.dataPath)
        #expect(startError { try fixture.openAdopting(kept.note) } == .behindLock(ledger: 1, lock: 2))
    }

    @Test("a lock file of another history is a fork")
    func fork() async throws {
        let fixture = try Fixture.made()
        try await fixture.append(fixture.tag())
        fixture.close()
        let file = try LockFile(path: fixture.lockPath)
        try file.write(LockedHead(log: 1, size: 1, root: .sha256([9]), note: []))
        #expect(startError { try fixture.open() } == .forked(size: 1))
    }

    @Test("another log key, a ledger that is there already, one that is not, and a second process are refused")
    func wrongPlace() async throws {
        let fixture = try Fixture.made()
        #expect(startError { try fixture.create() } == .exists(fixture.databasePath))
        #expect(startError { _ = try DataDirectory(path: fixture.dataPath) } == .inUse(fixture.dataPath))
        fixture.close()
        let other = try #require(SigningKey(generating: fixture.key.verifier.name))
        let error = startError {
            _ = try LedgerDatabase.open(at: fixture.place(), key: other, clock: fixture.clock)
        }
        #expect(error == .wrongKey(expected: fixture.key.verifier.description))
        let empty = try Fixture()
        #expect(startError { try empty.open() } == .missing(empty.databasePath))
    }

    @Test("a ledger with a fact or a table that this program does not know is refused")
    func newerProgram() async throws {
        let fixture = try Fixture.made()
        try await fixture.append(fixture.tag())
        fixture.close()
        try fixture.tamper("INSERT INTO entry_type VALUES ('case.handlers-changed', 99)")
        #expect(startError { try fixture.open() } == .newerProgram("case.handlers-changed 99"))
        try fixture.tamper("UPDATE entry_type SET type = 'moon.landed', version = 1 WHERE version = 99")
        #expect(startError { try fixture.open() } == .newerProgram("moon.landed 1"))
        try fixture.tamper("DELETE FROM entry_type WHERE type = 'moon.landed'")
        try fixture.tamper("INSERT INTO grdb_migrations VALUES ('9999 later')")
        #expect(startError { try fixture.open() } == .newerProgram("schema"))
    }

    @Test(
        "a start finds that the end of the log does not fit its head",
        arguments: [
            "DROP TRIGGER entry_is_never_changed; UPDATE entry SET skeleton = replace(skeleton, 'system', 'systen') WHERE position = 2",
            "DROP TRIGGER entry_is_never_removed; DELETE FROM opening WHERE position = 2; DELETE FROM entry WHERE position = 2",
            "DROP TRIGGER node_is_never_changed; UPDATE node SET hash = zeroblob(32) WHERE position = 3",
            "DROP TRIGGER head_is_never_changed; UPDATE head SET root = zeroblob(32) WHERE size = 3",
            "DROP TRIGGER head_is_never_removed; DELETE FROM head WHERE size = 3",
            "DROP TRIGGER head_is_never_changed; UPDATE head SET note = replace(note, '3', '2') WHERE size = 3",
        ])
    func brokenEnd(sql: String) async throws {
        let fixture = try Fixture.made()
        for _ in 0..<3 { try await fixture.append(fixture.tag()) }
        fixture.close()
        try fixture.tamper("PRAGMA foreign_keys = OFF; " + sql)
        guard case .damaged = startError({ try fixture.open() }) else {
            Issue.record("started on \(sql)")
            return
        }
    }

    @Test("a clock that went back or leapt stops recording at the start, and clock.resumed lets it go on")
    func clockAtStart() async throws {
        for leap: Int64 in [-60_000, 37 * 3_600_000] {
            let fixture = try Fixture.made()
            let thread = fixture.tag()
            try await fixture.append(thread)
            fixture.close()
            fixture.clock.leap(leap)
            try fixture.open()
            #expect(fixture.ledger.stopReason()?.contains("时钟") == true)
            let head = fixture.known(thread)
            #expect(await storeError { try await fixture.append(thread) }?.isStopped == true)
            fixture.forget(thread, head)

            let bureau = fixture.tag()
            _ = try await fixture.ledger.append(try fixture.request([bureau], type: .clockResumed))
            #expect(fixture.ledger.stopReason() == nil)
            try await fixture.append(thread)
            #expect(try await fixture.ledger.signedHead().size == 3)
            try fixture.reopen()
            #expect(fixture.ledger.stopReason() == nil)
        }
    }

    @Test("a clock set back while the program runs stops recording before the next commit")
    func clockWhileRunning() async throws {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        try await fixture.append(thread)
        try await fixture.append(thread)
        // The last entry is an hour old: only the monotonic clock can tell that the clock went back a minute.
        fixture.clock.advance(3_600_000)
        fixture.clock.leap(-60_000)
        let last = fixture.known(thread)
        #expect(await storeError { try await fixture.append(thread) }?.isStopped == true)
        fixture.forget(thread, last)
        #expect(await storeError { try await fixture.append(thread) }?.isStopped == true)
        #expect(fixture.ledger.stopReason()?.contains("倒退") == true)
        #expect(try await fixture.ledger.signedHead().size == 2)
    }

    @Test("a clock that creeps ahead before each record stops recording when it is two minutes ahead of the day")
    func creepingClock() async throws {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        try await fixture.append(thread)
        fixture.clock.leap(110_000)
        try await fixture.append(thread)
        let last = fixture.known(thread)
        fixture.clock.leap(20_000)
        #expect(await storeError { try await fixture.append(thread) }?.isStopped == true)
        fixture.forget(thread, last)
        // Two persons looked: what it shows now is what it is measured from.
        _ = try await fixture.ledger.append(try fixture.request([fixture.tag()], type: .clockResumed))
        fixture.clock.leap(110_000)
        try await fixture.append(thread)
        // What is corrected from day to day is not added up.
        for _ in 0..<3 {
            fixture.clock.advance(25 * 3_600_000)
            try await fixture.append(thread)
            fixture.clock.leap(60_000)
            try await fixture.append(thread)
        }
    }

    @Test(
        "what stopped a running clock is remembered over a new start, until clock.resumed; a spent mark stops nothing")
    func clockStopIsKept() async throws {
        for leap: Int64 in [-60_000, 5 * 60_000] {
            let fixture = try Fixture.made()
            let thread = fixture.tag()
            try await fixture.append(thread)
            fixture.clock.advance(3_600_000)
            fixture.clock.leap(leap)
            let last = fixture.known(thread)
            #expect(await storeError { try await fixture.append(thread) }?.isStopped == true)
            fixture.forget(thread, last)
            // Right again, and started anew: two persons have not looked.
            fixture.clock.leap(-leap)
            for _ in 0..<2 {
                try fixture.reopen()
                #expect(fixture.ledger.stopReason()?.contains(leap < 0 ? "倒退了1分钟" : "时钟超前") == true)
                #expect(await storeError { try await fixture.append(thread) }?.isStopped == true)
                fixture.forget(thread, last)
            }
            let mark = ClockStopMark.path(in: fixture.dataPath + "/bureaus/zhaoxian")
            let kept = try Data(contentsOf: URL(fileURLWithPath: mark))
            _ = try await fixture.ledger.append(try fixture.request([fixture.tag()], type: .clockResumed))
            #expect(!FileManager.default.fileExists(atPath: mark))
            try await fixture.append(thread)
            // As if we had died between the entry and the removal.
            try kept.write(to: URL(fileURLWithPath: mark))
            try fixture.reopen()
            #expect(fixture.ledger.stopReason() == nil)
            try await fixture.append(thread)
            // Nobody else writes there: what cannot be read is a stop.
            try Data("?".utf8).write(to: URL(fileURLWithPath: mark))
            try fixture.reopen()
            #expect(fixture.ledger.stopReason() != nil)
        }
    }

    @Test("an entry stamped more than two seconds before the last one is refused; two seconds are room for overtaking")
    func entryOutOfOrder() async throws {
        let fixture = try Fixture.made()
        try await fixture.append(fixture.tag())
        let now = fixture.clock.now()
        _ = try await fixture.ledger.append(
            try fixture.request([fixture.tag()], at: now.advanced(byMilliseconds: -2_000)))
        let late = try fixture.request([fixture.tag()], at: now.advanced(byMilliseconds: -2_001))
        guard case .overtaken(2_001) = await storeError({ try await fixture.ledger.append(late) }) else {
            Issue.record("an entry that came too late was taken")
            return
        }
        let early = try fixture.request([fixture.tag()], at: now.advanced(byMilliseconds: 2_001))
        guard case .failed = await storeError({ try await fixture.ledger.append(early) }) else {
            Issue.record("an entry of the future was taken")
            return
        }
        // Neither stops the others.
        #expect(fixture.ledger.stopReason() == nil)
        try await fixture.append(fixture.tag())
    }
}
