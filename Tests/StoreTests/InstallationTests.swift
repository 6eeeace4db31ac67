import Application
import Foundation
import Glibc
import Kernel
import Ledger
import TestKit
import Testing

@testable import Store

@Suite("The installation database and the key store", .serialized)
struct InstallationTests {
    private let directory: TemporaryDirectory
    private let clock = TestClock()
    private let database: InstallationDatabase
    private let account = AccountName(bureau: BureauTag("zhaoxian")!, name: "wang")

    init() throws {
        directory = try TemporaryDirectory()
        database = try InstallationDatabase(in: DataDirectory(path: directory.path + "/data"), clock: clock)
        database.hold(Self.key, of: account.bureau)
        database.hold(Self.key, of: BureauTag("luancheng")!)
    }

    private static let key = [UInt8](repeating: 7, count: 32)

    @Test(
        "the fifth failure in a row locks for a quarter of an hour, the sixth for half an hour, a success forgets them all"
    )
    func lockout() async throws {
        #expect(try await database.recordFailure(of: account, at: clock.now()) == nil)
        try await database.setCredential(Credential(hash: "scrypt$1", mustChange: true), of: account)
        for failures in 1...6 {
            let credential = try #require(try await database.recordFailure(of: account, at: clock.now()))
            #expect(credential.failures == failures && credential.mustChange)
            #expect(
                credential.lockedUntil
                    == (failures < 5
                        ? nil : clock.now().advanced(byMilliseconds: Int64(failures - 4) * 15 * 60_000)))
            #expect(try await database.credential(of: account) == credential)
        }
        try await database.clearFailures(of: account)
        #expect(try await database.credential(of: account) == Credential(hash: "scrypt$1", mustChange: true))
        let other = AccountName(bureau: BureauTag("luancheng")!, name: "wang")
        #expect(try await database.credential(of: other) == nil)
    }

    @Test("a session is found until it ends, is ended, or its account's sessions are; ended ones are purged")
    func sessions() async throws {
        func session(_ byte: UInt8, minutes: Int64) -> Session {
            Session(
                tokenDigest: .sha256([byte]), account: account, person: ThreadTag(high: 1, low: 2),
                openedAt: clock.now(), usedAt: clock.now(),
                endsAt: clock.now().advanced(byMilliseconds: minutes * 60_000))
        }
        var sessions = (UInt8(0)..<4).map { session($0, minutes: Int64($0) + 1) }
        for session in sessions { try await database.addSession(session) }
        #expect(try await database.session(tokenDigest: .sha256([0])) == sessions[0])
        #expect(try await database.session(tokenDigest: .sha256([9])) == nil)

        clock.advance(60_000)
        #expect(try await database.session(tokenDigest: .sha256([0])) == nil)
        #expect(try await database.purgeSessions() == 1)
        #expect(try await database.purgeSessions() == 0)
        sessions[1].usedAt = clock.now()
        try await database.touchSession(tokenDigest: .sha256([1]), at: clock.now())
        #expect(try await database.session(tokenDigest: .sha256([1])) == sessions[1])
        try await database.endSession(tokenDigest: .sha256([1]))
        #expect(try await database.session(tokenDigest: .sha256([1])) == nil)
        #expect(try await database.session(tokenDigest: .sha256([2])) != nil)
        try await database.endSessions(of: account)
        #expect(try await database.session(tokenDigest: .sha256([2])) == nil)
        #expect(try await database.purgeSessions() == 0)
    }

    @Test("an account's live sessions are listed, the last used first, and nobody else's")
    func sessionsOfAccount() async throws {
        let other = AccountName(bureau: account.bureau, name: "other")
        func session(_ byte: UInt8, of name: AccountName, used: Int64, minutes: Int64) -> Session {
            Session(
                tokenDigest: .sha256([byte]), account: name, person: ThreadTag(high: 1, low: 2),
                openedAt: clock.now(), usedAt: clock.now().advanced(byMilliseconds: used),
                endsAt: clock.now().advanced(byMilliseconds: minutes * 60_000))
        }
        let listed = [
            session(1, of: account, used: 10, minutes: 9), session(2, of: account, used: 30, minutes: 9),
            session(3, of: account, used: 20, minutes: 9),
        ]
        for session in listed { try await database.addSession(session) }
        try await database.addSession(session(4, of: other, used: 40, minutes: 9))
        try await database.addSession(session(5, of: account, used: 50, minutes: 1))
        clock.advance(60_000)
        #expect(try await database.sessions(of: account) == [listed[1], listed[2], listed[0]])
        #expect(try await database.sessions(of: AccountName(bureau: account.bureau, name: "none")).isEmpty)
    }

    @Test("of two people who save one draft the second gets the first one's and changes nothing")
    func drafts() async throws {
        let thread = ThreadTag(high: 3, low: 4)
        func draft(_ version: Int, _ text: String, id: UInt64 = 1) -> Draft {
            Draft(
                id: DocumentID(high: 0, low: id), bureau: account.bureau, caseThread: thread,
                kind: "site-inspection-record", data: ["place": .string(text)], author: ThreadTag(high: 1, low: 1),
                savedAt: clock.now(), version: version)
        }
        #expect(try await database.saveDraft(draft(1, "一")) == draft(1, "一"))
        #expect(try await database.saveDraft(draft(2, "二")) == draft(2, "二"))
        #expect(try await database.saveDraft(draft(2, "三")) == draft(2, "二"))
        #expect(try await database.saveDraft(draft(1, "四")) == draft(2, "二"))
        #expect(try await database.saveDraft(draft(4, "五")) == draft(2, "二"))
        #expect(try await database.draft(DocumentID(high: 0, low: 1)) == draft(2, "二"))
        clock.advance(1)
        let newer = draft(1, "新", id: 2)
        _ = try await database.saveDraft(newer)
        #expect(try await database.drafts(of: thread).map(\.id.description.last) == ["2", "1"])
        try await database.removeDraft(newer.id)
        #expect(try await database.draft(newer.id) == nil)
        guard case .failed = await storeError({ try await database.saveDraft(draft(2, "六", id: 2)) }) else {
            Issue.record("a draft that was fixed came back")
            return
        }
    }

    @Test("what was saved is there after the database is opened again")
    func durable() async throws {
        try await database.setCredential(Credential(hash: "x"), of: account)
        database.close()
        let again = try InstallationDatabase(in: DataDirectory(path: directory.path + "/other"), clock: clock)
        #expect(try await again.credential(of: account) == nil)
        let copy = directory.path + "/other/installation.sqlite"
        again.close()
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: copy + suffix) }
        try FileManager.default.copyItem(atPath: directory.path + "/data/installation.sqlite", toPath: copy)
        let output = try Shell.run("/usr/bin/sqlite3", copy, "SELECT hash FROM credential")
        #expect(output == "x\n")
    }

    @Test("each use has a file of its own that only its owner may read; a key is never written over")
    func keys() throws {
        let store = KeyStore(directory: directory.path + "/keys", bureau: account.bureau)
        let key = try #require(SigningKey(generating: "example.org/log/a"))
        #expect(throws: KeyStore.Failure.missing(store.directory + "/log.key")) { try store.signingKey(for: .log) }
        try store.store(key, for: .log)
        let secret = KeyStore.randomSecret()
        try store.store(secret: secret, for: .vault)
        #expect(try store.signingKey(for: .log).encoded == key.encoded)
        #expect(try store.secret(for: .vault) == secret)
        #expect(throws: KeyStore.Failure.exists(store.directory + "/log.key")) { try store.store(key, for: .log) }
        #expect(throws: KeyStore.Failure.malformed(store.directory + "/vault.key")) {
            try store.signingKey(for: .vault)
        }
        #expect(throws: KeyStore.Failure.malformed(store.directory + "/log.key")) { try store.secret(for: .log) }
        let files = try FileManager.default.contentsOfDirectory(atPath: store.directory).sorted()
        #expect(files == ["log.key", "vault.key"])
        #expect(chmod(store.directory + "/log.key", 0o640) == 0)
        #expect(throws: KeyStore.Failure.open(store.directory + "/log.key", mode: 0o640)) {
            try store.signingKey(for: .log)
        }
    }
}
