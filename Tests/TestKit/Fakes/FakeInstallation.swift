import Application
import Kernel
import Synchronization

/// Sign-in data, sessions and drafts in memory, by the contract of `Installation`.
public final class FakeInstallation: Installation {
    private struct State {
        var credentials: [AccountName: Credential] = [:]
        var sessions: [Digest: Session] = [:]
        var drafts: [DocumentID: Draft] = [:]
        var tokens: [TokenID: AccessToken] = [:]
        var touches = 0
        var failure: StoreError?
        var writeFailure: StoreError?
    }

    private let state = Mutex(State())

    /// Nothing stored.
    public init() {}

    /// How often a session's last use was written.
    public var touches: Int { state.withLock { $0.touches } }

    /// Sessions stored, live or not.
    public var sessionCount: Int { state.withLock { $0.sessions.count } }

    /// Makes every later call fail, or work again.
    public func fail(with error: StoreError?) { state.withLock { $0.failure = error } }

    /// Makes every later write fail while reading goes on, or work again.
    public func failWrites(with error: StoreError?) { state.withLock { $0.writeFailure = error } }

    private func write<Value: Sendable>(_ body: (inout State) -> Value) throws(StoreError) -> Value {
        if let failure = state.withLock({ $0.writeFailure }) { throw failure }
        return try run(body)
    }

    private func run<Value: Sendable>(_ body: (inout State) -> Value) throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = state.withLock { state in
            if let failure = state.failure { return .failure(failure) }
            return .success(body(&state))
        }
        return try result.get()
    }

    public func credential(of account: AccountName) async throws(StoreError) -> Credential? {
        try run { $0.credentials[account] }
    }

    public func setCredential(_ credential: Credential, of account: AccountName) async throws(StoreError) {
        try write { $0.credentials[account] = credential }
    }

    public func recordFailure(of account: AccountName, at: Instant) async throws(StoreError) -> Credential? {
        try write { state in
            state.credentials[account]?.failures += 1
            return state.credentials[account]
        }
    }

    public func clearFailures(of account: AccountName) async throws(StoreError) {
        try write { state in
            state.credentials[account]?.failures = 0
            state.credentials[account]?.lockedUntil = nil
        }
    }

    public func addSession(_ session: Session) async throws(StoreError) {
        try write { $0.sessions[session.tokenDigest] = session }
    }

    public func session(tokenDigest: Digest) async throws(StoreError) -> Session? {
        try run { $0.sessions[tokenDigest] }
    }

    public func sessions(of account: AccountName) async throws(StoreError) -> [Session] {
        try run { state in
            state.sessions.values.filter { $0.account == account }.sorted { $0.usedAt > $1.usedAt }
        }
    }

    public func touchSession(tokenDigest: Digest, at: Instant) async throws(StoreError) {
        try write { state in
            state.sessions[tokenDigest]?.usedAt = at
            state.touches += 1
        }
    }

    public func endSession(tokenDigest: Digest) async throws(StoreError) {
        try write { $0.sessions[tokenDigest] = nil }
    }

    public func endSessions(of account: AccountName) async throws(StoreError) {
        try write { state in state.sessions = state.sessions.filter { $0.value.account != account } }
    }

    public func addToken(_ token: AccessToken) async throws(StoreError) {
        let isNew = try run { state in
            guard state.tokens[token.id] == nil else { return false }
            state.tokens[token.id] = token
            return true
        }
        guard isNew else { throw .failed("token \(token.id) is stored already") }
    }

    public func token(_ id: TokenID) async throws(StoreError) -> AccessToken? { try run { $0.tokens[id] } }

    public func tokens(of account: AccountName) async throws(StoreError) -> [AccessToken] {
        try run { state in
            state.tokens.values.filter { $0.account == account }.sorted { ($0.madeAt, $0.id) > ($1.madeAt, $1.id) }
        }
    }

    public func touchToken(_ id: TokenID, at: Instant) async throws(StoreError) {
        try run { $0.tokens[id]?.usedAt = at }
    }

    public func revokeToken(_ id: TokenID, at: Instant) async throws(StoreError) {
        try run { state in
            guard state.tokens[id]?.revokedAt == nil else { return }
            state.tokens[id]?.revokedAt = at
        }
    }

    public func revokeTokens(of account: AccountName, at: Instant) async throws(StoreError) {
        try run { state in
            for (id, token) in state.tokens where token.account == account && token.revokedAt == nil {
                state.tokens[id]?.revokedAt = at
            }
        }
    }

    public func draft(_ id: DocumentID) async throws(StoreError) -> Draft? {
        try run { $0.drafts[id] }
    }

    public func drafts(of caseThread: ThreadTag) async throws(StoreError) -> [Draft] {
        try run { state in
            state.drafts.values.filter { $0.caseThread == caseThread }
                .sorted { ($0.savedAt, $0.id) > ($1.savedAt, $1.id) }
        }
    }

    public func drafts(of bureau: BureauTag) async throws(StoreError) -> [Draft] {
        try run { state in state.drafts.values.filter { $0.bureau == bureau }.sorted { $0.id < $1.id } }
    }

    public func saveDraft(_ draft: Draft) async throws(StoreError) -> Draft {
        let saved: Draft? = try run { state in
            let stored = state.drafts[draft.id]
            guard draft.version == (stored?.version ?? 0) + 1 else { return stored }
            state.drafts[draft.id] = draft
            return draft
        }
        guard let saved else { throw StoreError.failed("draft \(draft.id) is no longer there") }
        return saved
    }

    public func removeDraft(_ id: DocumentID) async throws(StoreError) {
        try run { $0.drafts[id] = nil }
    }
}
