import Casework
import Kernel

/// What stands outside every ledger and is lost to no proof when lost: sign-in data, sessions, drafts.
public protocol Installation: Sendable {
    /// Sign-in data of an account; nil if there is none.
    func credential(of account: AccountName) async throws(StoreError) -> Credential?
    /// Sets or replaces sign-in data.
    func setCredential(_ credential: Credential, of account: AccountName) async throws(StoreError)
    /// Counts a failed try and returns the state after it.
    func recordFailure(of account: AccountName, at: Instant) async throws(StoreError) -> Credential?
    /// Forgets failed tries after a success.
    func clearFailures(of account: AccountName) async throws(StoreError)

    /// Stores a session under the SHA-256 of its token.
    func addSession(_ session: Session) async throws(StoreError)
    /// The session whose token has this digest; nil if none or ended.
    func session(tokenDigest: Digest) async throws(StoreError) -> Session?
    /// Moves the session's last use.
    func touchSession(tokenDigest: Digest, at: Instant) async throws(StoreError)
    /// Sessions of an account that have not ended, the last used first.
    func sessions(of account: AccountName) async throws(StoreError) -> [Session]
    /// Ends one session.
    func endSession(tokenDigest: Digest) async throws(StoreError)
    /// Ends all sessions of an account.
    func endSessions(of account: AccountName) async throws(StoreError)

    /// Stores a token; one id is stored once.
    func addToken(_ token: AccessToken) async throws(StoreError)
    /// A token by id, ended ones too; nil if there never was one.
    func token(_ id: TokenID) async throws(StoreError) -> AccessToken?
    /// Tokens of an account, the newest first, at most 200.
    func tokens(of account: AccountName) async throws(StoreError) -> [AccessToken]
    /// Moves a token's last use.
    func touchToken(_ id: TokenID, at: Instant) async throws(StoreError)
    /// Ends one token; an earlier end stays.
    func revokeToken(_ id: TokenID, at: Instant) async throws(StoreError)
    /// Ends all tokens of an account.
    func revokeTokens(of account: AccountName, at: Instant) async throws(StoreError)

    /// A draft by id; nil if none.
    func draft(_ id: DocumentID) async throws(StoreError) -> Draft?
    /// Drafts of a case, newest first.
    func drafts(of caseThread: ThreadTag) async throws(StoreError) -> [Draft]
    /// Drafts of all cases of a bureau.
    func drafts(of bureau: BureauTag) async throws(StoreError) -> [Draft]
    /// Saves a draft if its stored version is `draft.version - 1`; else returns the stored one and changes nothing.
    ///
    /// - Throws: `failed` for a later version of a draft that is not there.
    func saveDraft(_ draft: Draft) async throws(StoreError) -> Draft
    /// Forgets a draft.
    func removeDraft(_ id: DocumentID) async throws(StoreError)
}

/// An account by bureau and sign-in name.
public struct AccountName: Hashable, Sendable {
    public let bureau: BureauTag
    /// Lower-case ASCII letters, digits, `.`, `-`, `_`.
    public let name: String

    /// An account's name.
    public init(bureau: BureauTag, name: String) {
        self.bureau = bureau
        self.name = name
    }
}

/// How an account proves itself. The secret itself is never stored.
public struct Credential: Hashable, Sendable {
    /// scrypt parameters and result, self-describing text.
    public var hash: String
    /// Failed tries since the last success.
    public var failures: Int
    /// Until when tries are refused.
    public var lockedUntil: Instant?
    /// A one-time secret must be changed at first use.
    public var mustChange: Bool

    /// Sign-in data.
    public init(hash: String, failures: Int = 0, lockedUntil: Instant? = nil, mustChange: Bool = false) {
        self.hash = hash
        self.failures = failures
        self.lockedUntil = lockedUntil
        self.mustChange = mustChange
    }
}

/// A signed-in browser.
public struct Session: Hashable, Sendable {
    /// SHA-256 of the token in the cookie; the token itself is not stored.
    public var tokenDigest: Digest
    public var account: AccountName
    public var person: ThreadTag
    public var openedAt: Instant
    public var usedAt: Instant
    public var endsAt: Instant

    /// A session.
    public init(
        tokenDigest: Digest, account: AccountName, person: ThreadTag, openedAt: Instant, usedAt: Instant,
        endsAt: Instant
    ) {
        self.tokenDigest = tokenDigest
        self.account = account
        self.person = person
        self.openedAt = openedAt
        self.usedAt = usedAt
        self.endsAt = endsAt
    }
}

/// A document that is being written. Drafts stand outside the ledger until they are fixed.
public struct Draft: Hashable, Sendable {
    public var id: DocumentID
    public var bureau: BureauTag
    public var caseThread: ThreadTag
    public var kind: String
    /// Values by field name, as the form holds them.
    public var data: JSON
    public var author: ThreadTag
    public var savedAt: Instant
    /// 1 for the first save; each save adds one.
    public var version: Int

    /// A draft.
    public init(
        id: DocumentID, bureau: BureauTag, caseThread: ThreadTag, kind: String, data: JSON, author: ThreadTag,
        savedAt: Instant, version: Int
    ) {
        self.id = id
        self.bureau = bureau
        self.caseThread = caseThread
        self.kind = kind
        self.data = data
        self.author = author
        self.savedAt = savedAt
        self.version = version
    }
}
