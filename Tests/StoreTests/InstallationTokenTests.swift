import Application
import Casework
import Kernel
import TestKit
import Testing

@testable import Store

@Suite("Access tokens in the installation")
struct InstallationTokenTests {
    private func token(_ name: String, made: Int64) throws -> AccessToken {
        let id = TokenID.random()
        return AccessToken(
            id: id, secretDigest: TokenText(newFor: id).secretDigest,
            account: AccountName(bureau: try #require(BureauTag("qinghe")), name: name), person: .random(),
            label: "台账同步 𠮷", scopes: [.readCases, .recordDocuments], roles: [.officer, .custodian],
            madeAt: Instant(milliseconds: made), endsAt: Instant(milliseconds: made + 1000))
    }

    @Test("a token is found whole again, also after a restart, and its use and end move alone")
    func roundTrip() async throws {
        let directory = try TemporaryDirectory()
        let clock = FakeClock()
        var one = try token("wang", made: 1)
        let later = try token("wang", made: 2)
        let other = try token("li", made: 3)
        do {
            let database = try InstallationDatabase(in: try DataDirectory(path: directory.path + "/data"), clock: clock)
            database.hold([UInt8](repeating: 7, count: 32), of: one.account.bureau)
            for token in [one, later, other] { try await database.addToken(token) }
            await #expect(throws: StoreError.self) { try await database.addToken(one) }
            #expect(try await database.token(one.id) == one)
            #expect(try await database.token(TokenID.random()) == nil)
            #expect(try await database.tokens(of: one.account) == [later, one])
            try await database.touchToken(one.id, at: Instant(milliseconds: 7))
            try await database.revokeToken(one.id, at: Instant(milliseconds: 8))
            try await database.revokeToken(one.id, at: Instant(milliseconds: 9))
            database.close()
        }
        one.usedAt = Instant(milliseconds: 7)
        one.revokedAt = Instant(milliseconds: 8)
        let database = try InstallationDatabase(in: try DataDirectory(path: directory.path + "/data"), clock: clock)
        database.hold([UInt8](repeating: 7, count: 32), of: one.account.bureau)
        #expect(try await database.token(one.id) == one)
        try await database.revokeTokens(of: one.account, at: Instant(milliseconds: 10))
        #expect(try await database.tokens(of: one.account).map { $0.revokedAt?.milliseconds ?? 0 } == [10, 8])
        #expect(try await database.token(other.id) == other)
        database.close()
    }
}
