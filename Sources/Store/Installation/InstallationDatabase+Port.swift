import Application
import Kernel

extension InstallationDatabase: Installation {
    public func credential(of account: AccountName) async throws(StoreError) -> Credential? {
        try await read { try self.credential(of: account, $0) }
    }

    public func setCredential(_ credential: Credential, of account: AccountName) async throws(StoreError) {
        try await write { connection in
            try connection.run(
                """
                INSERT OR REPLACE INTO credential (bureau, name, hash, failures, locked_until, must_change, seal)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                .text(account.bureau.description), .text(account.name), .text(credential.hash),
                .number(credential.failures), .instant(credential.lockedUntil),
                .integer(credential.mustChange ? 1 : 0), try self.seal(SealedRow(credential, of: account)))
        }
    }

    public func recordFailure(of account: AccountName, at: Instant) async throws(StoreError) -> Credential? {
        try await write { connection in
            guard var credential = try self.credential(of: account, connection) else { return nil }
            credential.failures += 1
            credential.lockedUntil = Lockout.standard.until(after: credential.failures, at: at)
            try connection.run(
                "UPDATE credential SET failures = ?, locked_until = ? WHERE bureau = ? AND name = ?",
                .number(credential.failures), .instant(credential.lockedUntil), .text(account.bureau.description),
                .text(account.name))
            return credential
        }
    }

    public func clearFailures(of account: AccountName) async throws(StoreError) {
        try await write { connection in
            try connection.run(
                "UPDATE credential SET failures = 0, locked_until = NULL WHERE bureau = ? AND name = ?",
                .text(account.bureau.description), .text(account.name))
        }
    }

    public func addSession(_ session: Session) async throws(StoreError) {
        let now = clock.now()
        try await write { connection in
            try connection.run("DELETE FROM session WHERE ends_at <= ?", .instant(now))
            try connection.run(
                """
                INSERT INTO session (token_digest, bureau, name, person, opened_at, used_at, ends_at, seal)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                .digest(session.tokenDigest), .text(session.account.bureau.description), .text(session.account.name),
                .id(session.person), .instant(session.openedAt), .instant(session.usedAt), .instant(session.endsAt),
                try self.seal(SealedRow(session)))
        }
    }

    public func session(tokenDigest: Digest) async throws(StoreError) -> Session? {
        let now = clock.now()
        return try await read { connection in
            try connection.first(
                """
                SELECT bureau, name, person, opened_at, used_at, ends_at, seal FROM session
                WHERE token_digest = ? AND ends_at > ?
                """,
                .digest(tokenDigest), .instant(now),
                row: { row in
                    guard let bureau = BureauTag(row.text(0)), let person: ThreadTag = row.id(2) else {
                        throw StoreError.damaged("a row of session is malformed")
                    }
                    let session = Session(
                        tokenDigest: tokenDigest, account: AccountName(bureau: bureau, name: row.text(1)),
                        person: person, openedAt: Instant(milliseconds: row.integer(3)),
                        usedAt: Instant(milliseconds: row.integer(4)), endsAt: Instant(milliseconds: row.integer(5)))
                    try self.check(
                        row.optionalBytes(6), of: SealedRow(session), named: "a session of \(session.account.name)")
                    return session
                })
        }
    }

    public func sessions(of account: AccountName) async throws(StoreError) -> [Session] {
        let now = clock.now()
        return try await read { connection in
            try connection.all(
                """
                SELECT token_digest, person, opened_at, used_at, ends_at FROM session
                WHERE bureau = ? AND name = ? AND ends_at > ? ORDER BY used_at DESC LIMIT 100
                """,
                .text(account.bureau.description), .text(account.name), .instant(now),
                row: { row in
                    guard let tokenDigest = row.digest(0), let person: ThreadTag = row.id(1) else {
                        throw StoreError.damaged("a row of session is malformed")
                    }
                    return Session(
                        tokenDigest: tokenDigest, account: account, person: person,
                        openedAt: Instant(milliseconds: row.integer(2)),
                        usedAt: Instant(milliseconds: row.integer(3)), endsAt: Instant(milliseconds: row.integer(4)))
                })
        }
    }

    public func touchSession(tokenDigest: Digest, at: Instant) async throws(StoreError) {
        try await write { connection in
            try connection.run(
                "UPDATE session SET used_at = ? WHERE token_digest = ?", .instant(at), .digest(tokenDigest))
        }
    }

    public func endSession(tokenDigest: Digest) async throws(StoreError) {
        try await write { try $0.run("DELETE FROM session WHERE token_digest = ?", .digest(tokenDigest)) }
    }

    public func endSessions(of account: AccountName) async throws(StoreError) {
        try await write { connection in
            try connection.run(
                "DELETE FROM session WHERE bureau = ? AND name = ?", .text(account.bureau.description),
                .text(account.name))
        }
    }

    public func draft(_ id: DocumentID) async throws(StoreError) -> Draft? {
        try await read { try Self.draft(id, $0) }
    }

    public func drafts(of caseThread: ThreadTag) async throws(StoreError) -> [Draft] {
        try await read { connection in
            try connection.all(
                "SELECT \(Self.draftColumns) FROM draft WHERE case_thread = ? ORDER BY saved_at DESC, id",
                .id(caseThread), row: Self.draft)
        }
    }

    public func drafts(of bureau: BureauTag) async throws(StoreError) -> [Draft] {
        try await read { connection in
            try connection.all(
                "SELECT \(Self.draftColumns) FROM draft WHERE bureau = ? ORDER BY case_thread, id",
                .text(bureau.description), row: Self.draft)
        }
    }

    public func saveDraft(_ draft: Draft) async throws(StoreError) -> Draft {
        try await write { connection in
            let stored = try Self.draft(draft.id, connection)
            guard draft.version == (stored?.version ?? 0) + 1 else {
                guard let stored else { throw StoreError.failed("draft \(draft.id) is no longer there") }
                return stored
            }
            try connection.run(
                "INSERT OR REPLACE INTO draft (\(Self.draftColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", .id(draft.id),
                .text(draft.bureau.description), .id(draft.caseThread), .text(draft.kind),
                .utf8(draft.data.canonicalBytes), .id(draft.author), .instant(draft.savedAt), .number(draft.version))
            return draft
        }
    }

    public func removeDraft(_ id: DocumentID) async throws(StoreError) {
        try await write { try $0.run("DELETE FROM draft WHERE id = ?", .id(id)) }
    }

    private func credential(of account: AccountName, _ connection: Connection) throws -> Credential? {
        try connection.first(
            "SELECT hash, failures, locked_until, must_change, seal FROM credential WHERE bureau = ? AND name = ?",
            .text(account.bureau.description), .text(account.name),
            row: { row in
                let credential = Credential(
                    hash: row.text(0), failures: Int(row.integer(1)), lockedUntil: row.optionalInstant(2),
                    mustChange: row.integer(3) == 1)
                try self.check(
                    row.optionalBytes(4), of: SealedRow(credential, of: account),
                    named: "the secret of \(account.name)")
                return credential
            })
    }

    /// Accounts of a bureau whose secret is not sealed by its key, by name.
    public func unsealedAccounts(of bureau: BureauTag) async throws(StoreError) -> [String] {
        let names = try await read { connection in
            try connection.all(
                "SELECT name FROM credential WHERE bureau = ? ORDER BY name", .text(bureau.description),
                row: { $0.text(0) })
        }
        var unsealed: [String] = []
        for name in names {
            do throws(StoreError) {
                _ = try await credential(of: AccountName(bureau: bureau, name: name))
            } catch {
                guard case .disagreeing = error else { throw error }
                unsealed.append(name)
            }
        }
        return unsealed
    }

    /// Seals the secrets that a restore has put back: they came out of a backup that only the bureau's key opens.
    func sealRestored(of bureau: BureauTag, _ connection: Connection) throws {
        let rows = try connection.all(
            "SELECT name, hash, must_change FROM credential WHERE bureau = ?", .text(bureau.description),
            row: { ($0.text(0), Credential(hash: $0.text(1), mustChange: $0.integer(2) == 1)) })
        for (name, credential) in rows {
            try connection.run(
                "UPDATE credential SET seal = ? WHERE bureau = ? AND name = ?",
                try seal(SealedRow(credential, of: AccountName(bureau: bureau, name: name))),
                .text(bureau.description), .text(name))
        }
    }

    private static let draftColumns = "id, bureau, case_thread, kind, data, author, saved_at, version"

    private static func draft(_ id: DocumentID, _ connection: Connection) throws -> Draft? {
        try connection.first("SELECT \(draftColumns) FROM draft WHERE id = ?", .id(id), row: draft)
    }

    private static func draft(_ row: Statement) throws -> Draft {
        guard let id: DocumentID = row.id(0), let bureau = BureauTag(row.text(1)),
            let caseThread: ThreadTag = row.id(2),
            let data = try? JSON(canonical: row.bytes(4)), let author: ThreadTag = row.id(5)
        else { throw StoreError.damaged("a row of draft is malformed") }
        return Draft(
            id: id, bureau: bureau, caseThread: caseThread, kind: row.text(3), data: data, author: author,
            savedAt: Instant(milliseconds: row.integer(6)), version: Int(row.integer(7)))
    }
}
