import Application
import Foundation
import Kernel
import Ledger
import TestKit
import Testing

@testable import Store

/// The lock file is what remembers that records were answered for: a check of the stored ledger that does not ask it calls
/// an old copy whole.
@Suite("Verification of a stored ledger against its lock file", .serialized)
struct VerificationLockTests {
    /// A closed ledger of four entries, and a copy of it from when it had two.
    ///
    /// - Parameter drawn: threads that were drawn before its own: the same number gives the same history.
    private func ledger(
        drawn: Int = 0
    ) async throws -> (fixture: Fixture, older: String, olderHead: SignedHead) {
        let fixture = try Fixture.made()
        for _ in 0..<drawn { _ = fixture.tag() }
        let thread = fixture.tag()
        for _ in 0..<2 { try await fixture.append(thread) }
        let head = try await fixture.ledger.signedHead()
        let older = fixture.directory.path + "/older.sqlite"
        try Shell.run("/usr/bin/sqlite3", fixture.databasePath, "VACUUM INTO '\(older)'")
        for _ in 0..<2 { try await fixture.append(thread) }
        fixture.close()
        return (fixture, older, head)
    }

    private func verify(_ path: String, lock: String, outside: [[UInt8]] = []) throws -> LedgerVerdict {
        var verification = LedgerVerification(path: path)
        verification.lock = lock
        verification.outside = outside.map { ("kept", $0) }
        return try verification.run()
    }

    @Test("a ledger as the lock file remembers it is whole; an old copy of it is not, however whole its entries are")
    func behind() async throws {
        let (fixture, older, _) = try await ledger()
        let whole = try verify(fixture.databasePath, lock: fixture.lockPath)
        #expect(whole.isWhole && whole.rememberedSize == 4)
        let old = try verify(older, lock: fixture.lockPath)
        #expect(old.findings == [.lock(.behindLock(ledger: 2, lock: 4))] && !old.isWhole && !old.isLedgerWhole)
        // Nobody asked the lock file: nothing is said of it.
        #expect(try LedgerVerification(path: older).run().isWhole)
    }

    @Test("without a lock file nobody knows whether it is the newest, unless a checkpoint from outside fits")
    func absent() async throws {
        let (fixture, older, head) = try await ledger()
        let none = fixture.directory.path + "/none.lock"
        #expect(try verify(fixture.databasePath, lock: none).findings == [.lock(.noLock(ledger: 4))])
        #expect(try verify(older, lock: none, outside: [head.note]).isWhole)
        FileManager.default.createFile(atPath: none, contents: Data(repeating: 7, count: 8192))
        #expect(try verify(fixture.databasePath, lock: none).findings == [.lock(.lockDamaged(ledger: 4))])
    }

    @Test("a lock file of another history is told")
    func forked() async throws {
        let (fixture, _, _) = try await ledger()
        let (other, _, _) = try await ledger(drawn: 1)
        #expect(try verify(fixture.databasePath, lock: other.lockPath).findings == [.lock(.forked(size: 4))])
    }
}
