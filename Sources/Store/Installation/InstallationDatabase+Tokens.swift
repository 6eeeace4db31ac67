import Application
import Casework
import Kernel

extension InstallationDatabase {
    public func addToken(_ token: AccessToken) async throws(StoreError) {
        try await write { connection in
            try connection.run(
                "INSERT INTO access_token (\(Self.tokenColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                .id(token.id), .digest(token.secretDigest), .text(token.account.bureau.description),
                .text(token.account.name), .id(token.person), .text(token.label),
                .text(TokenScope.allCases.filter(token.scopes.contains).map(\.rawValue).joined(separator: " ")),
                .text(Role.allCases.filter(token.roles.contains).map(\.rawValue).joined(separator: " ")),
                .instant(token.madeAt), .instant(token.endsAt), .instant(token.usedAt), .instant(token.revokedAt),
                try self.seal(SealedRow(token)))
        }
    }

    public func token(_ id: TokenID) async throws(StoreError) -> AccessToken? {
        try await read { connection in
            try connection.first(
                "SELECT \(Self.tokenColumns) FROM access_token WHERE id = ?", .id(id), row: self.token)
        }
    }

    public func tokens(of account: AccountName) async throws(StoreError) -> [AccessToken] {
        try await read { connection in
            try connection.all(
                """
                SELECT \(Self.tokenColumns) FROM access_token WHERE bureau = ? AND name = ?
                ORDER BY made_at DESC, id DESC LIMIT 200
                """,
                .text(account.bureau.description), .text(account.name), row: self.token)
        }
    }

    public func touchToken(_ id: TokenID, at: Instant) async throws(StoreError) {
        try await write { try $0.run("UPDATE access_token SET used_at = ? WHERE id = ?", .instant(at), .id(id)) }
    }

    public func revokeToken(_ id: TokenID, at: Instant) async throws(StoreError) {
        try await write { connection in
            try self.revoke(at, where: "id = ?", [.id(id)], connection)
        }
    }

    public func revokeTokens(of account: AccountName, at: Instant) async throws(StoreError) {
        try await write { connection in
            try self.revoke(
                at, where: "bureau = ? AND name = ?", [.text(account.bureau.description), .text(account.name)],
                connection)
        }
    }

    /// What is revoked is sealed anew: no other hand gives it life again.
    private func revoke(_ at: Instant, where which: String, _ values: [SQLValue], _ connection: Connection) throws {
        let tokens = try connection.all(
            "SELECT \(Self.tokenColumns) FROM access_token WHERE \(which) AND revoked_at IS NULL", values,
            row: self.token)
        for var token in tokens {
            token.revokedAt = at
            try connection.run(
                "UPDATE access_token SET revoked_at = ?, seal = ? WHERE id = ?", .instant(at),
                try seal(SealedRow(token)), .id(token.id))
        }
    }

    private static let tokenColumns = """
        id, secret_digest, bureau, name, person, label, scopes, roles, made_at, ends_at, used_at, revoked_at, seal
        """

    private func token(_ row: Statement) throws -> AccessToken {
        let scopes = row.text(6).split(separator: " ").map { TokenScope(rawValue: String($0)) }
        let roles = row.text(7).split(separator: " ").map { Role(rawValue: String($0)) }
        guard let id: TokenID = row.id(0), let digest = row.digest(1), let bureau = BureauTag(row.text(2)),
            let person: ThreadTag = row.id(4), !scopes.contains(nil), !roles.contains(nil)
        else { throw StoreError.damaged("a row of access_token is malformed") }
        let token = AccessToken(
            id: id, secretDigest: digest, account: AccountName(bureau: bureau, name: row.text(3)), person: person,
            label: row.text(5), scopes: Set(scopes.compactMap { $0 }), roles: Set(roles.compactMap { $0 }),
            madeAt: Instant(milliseconds: row.integer(8)), endsAt: Instant(milliseconds: row.integer(9)),
            usedAt: row.optionalInstant(10), revokedAt: row.optionalInstant(11))
        try check(row.optionalBytes(12), of: SealedRow(token), named: "access token \(id)")
        return token
    }
}
