import Application
import Casework
import Foundation
import Kernel
import Ledger
import TestKit
import Testing

@testable import Store

/// Sign-in data that somebody has written past the program, with every right on the file and no key.
@Suite("Sign-in data are sealed by the bureau's key", .serialized)
struct SignInSealTests {
    private let directory: TemporaryDirectory
    private let clock = TestClock()
    private let database: InstallationDatabase
    private let bureau = BureauTag("qinghe")!
    private let head: AccountName
    private let officer: AccountName
    private let session: Session
    private let token: AccessToken

    init() async throws {
        directory = try TemporaryDirectory()
        database = try InstallationDatabase(in: DataDirectory(path: directory.path + "/data"), clock: clock)
        database.hold([UInt8](repeating: 7, count: 32), of: bureau)
        head = AccountName(bureau: bureau, name: "shen")
        officer = AccountName(bureau: bureau, name: "bai")
        try await database.setCredential(Credential(hash: "scrypt head"), of: head)
        try await database.setCredential(Credential(hash: "scrypt officer"), of: officer)
        session = Session(
            tokenDigest: .sha256([1]), account: officer, person: ThreadTag(high: 1, low: 2), openedAt: clock.now(),
            usedAt: clock.now(), endsAt: clock.now().advanced(byMilliseconds: 3_600_000))
        try await database.addSession(session)
        token = AccessToken(
            id: .random(), secretDigest: .sha256([2]), account: officer, person: ThreadTag(high: 1, low: 2),
            label: "同步", scopes: [.readCases], roles: [.officer], madeAt: clock.now(),
            endsAt: clock.now().advanced(byMilliseconds: 3_600_000))
        try await database.addToken(token)
    }

    private func intrude(_ sql: String) throws {
        try Shell.run("/usr/bin/sqlite3", directory.path + "/data/installation.sqlite", sql)
    }

    /// Whether reading fails as data that were written past the program.
    private func isForeign<T>(_ read: () async throws -> T) async -> Bool {
        guard case .disagreeing = await storeError({ _ = try await read() }) else { return false }
        return true
    }

    @Test("a hash copied from another account, with or without its seal, opens nothing; put back, all is as before")
    func copiedHash() async throws {
        let copies = [
            "hash = (SELECT hash FROM credential WHERE name = 'bai')",
            "(hash, seal) = (SELECT hash, seal FROM credential WHERE name = 'bai')",
            "seal = NULL", "must_change = 1 - must_change", "seal = zeroblob(32)",
        ]
        for copy in copies {
            try intrude(
                "CREATE TABLE kept AS SELECT * FROM credential; UPDATE credential SET \(copy) WHERE name = 'shen'")
            #expect(await isForeign { try await database.credential(of: head) }, "\(copy)")
            #expect(await isForeign { try await database.recordFailure(of: head, at: clock.now()) }, "\(copy)")
            #expect(try await database.credential(of: officer)?.hash == "scrypt officer")
            #expect(try await database.unsealedAccounts(of: bureau) == ["shen"])
            try intrude("REPLACE INTO credential SELECT * FROM kept; DROP TABLE kept")
            #expect(try await database.credential(of: head)?.hash == "scrypt head")
            #expect(try await database.unsealedAccounts(of: bureau) == [])
        }
    }

    @Test("a new secret that the program sets takes the place of a foreign one")
    func setAnew() async throws {
        try intrude("UPDATE credential SET hash = 'x' WHERE name = 'shen'")
        try await database.setCredential(Credential(hash: "scrypt new", mustChange: true), of: head)
        #expect(try await database.credential(of: head) == Credential(hash: "scrypt new", mustChange: true))
    }

    @Test("counts of failed tries may move without a seal")
    func counts() async throws {
        for _ in 0..<3 { _ = try await database.recordFailure(of: head, at: clock.now()) }
        #expect(try await database.credential(of: head)?.failures == 3)
    }

    @Test(
        "no member of a session can be changed past the program, and none can be added",
        arguments: [
            "name = 'shen'", "person = zeroblob(16)", "ends_at = ends_at + 1", "opened_at = opened_at - 1",
            "bureau = 'other'", "seal = NULL",
        ])
    func session(change: String) async throws {
        #expect(try await database.session(tokenDigest: session.tokenDigest) == session)
        try intrude("UPDATE session SET \(change)")
        #expect(await storeError { _ = try await database.session(tokenDigest: session.tokenDigest) } != nil)
        try intrude("UPDATE session SET token_digest = zeroblob(32)")
        #expect(try await database.session(tokenDigest: session.tokenDigest) == nil)
    }

    @Test(
        "no member of an access token can be changed past the program",
        arguments: [
            "name = 'shen'", "secret_digest = zeroblob(32)", "person = zeroblob(16)", "scopes = 'record.documents'",
            "roles = 'agencyHead'", "ends_at = ends_at + 1", "label = '别的'", "revoked_at = 5", "seal = NULL",
        ])
    func token(change: String) async throws {
        #expect(try await database.token(token.id) == token)
        try intrude("UPDATE access_token SET \(change)")
        #expect(await storeError { _ = try await database.token(token.id) } != nil)
    }

    @Test("a token that was revoked is not given life again")
    func revoked() async throws {
        try await database.revokeToken(token.id, at: clock.now())
        #expect(try await database.token(token.id)?.revokedAt == clock.now())
        try intrude("UPDATE access_token SET revoked_at = NULL")
        #expect(await isForeign { try await database.token(token.id) })
    }

    @Test("under another bureau's key, and without any, nothing is read or written")
    func otherKey() async throws {
        database.hold([UInt8](repeating: 8, count: 32), of: bureau)
        #expect(await isForeign { try await database.credential(of: head) })
        let other = AccountName(bureau: BureauTag("luanhe")!, name: "wang")
        #expect(await storeError { try await database.setCredential(Credential(hash: "x"), of: other) } != nil)
        #expect(try await database.credential(of: other) == nil)
    }

    @Test("every bit of a seal counts")
    func bits() throws {
        let seal = SignInSeal([UInt8](repeating: 7, count: 32))
        let row = SealedRow(Credential(hash: "x"), of: head)
        let right = seal.seal(row)
        #expect(seal.holds(right, of: row))
        for bit in 0..<256 {
            var wrong = right
            wrong[bit / 8] ^= 1 << (bit % 8)
            #expect(!seal.holds(wrong, of: row))
        }
        #expect(!seal.holds([], of: row))
        #expect(!seal.holds(right, of: SealedRow(Credential(hash: "x"), of: officer)))
    }
}
