import Application
import Crypto
import Kernel

/// Binds rows of sign-in data to the bureau's session key: whoever can write the file and has no key opens no account of
/// somebody else (docs/adr/0067-sign-in-data-are-sealed.md).
///
/// HMAC-SHA256 (RFC 2104) over the canonical JSON of the table's name and of what must not change. Counts of failed tries and
/// times of use are left out: they change with every try, and give nobody anything.
struct SignInSeal: Sendable {
    private let key: SymmetricKey

    /// A seal under the 32 bytes of a session key.
    init(_ key: [UInt8]) {
        self.key = SymmetricKey(data: key)
    }

    /// The seal of a row: 32 bytes.
    func seal(_ row: SealedRow) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: row.bytes, using: key))
    }

    /// Whether a row's seal is of this row and key. Takes the same time wherever the first difference lies.
    func holds(_ seal: [UInt8], of row: SealedRow) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(seal, authenticating: row.bytes, using: key)
    }
}

/// What of a row is sealed.
struct SealedRow {
    /// The bureau whose key seals it.
    let bureau: BureauTag
    let bytes: [UInt8]

    private init(_ table: String, _ account: AccountName, _ values: [String]) {
        bureau = account.bureau
        let words = [table, account.bureau.description, account.name] + values
        bytes = JSON.array(words.map(JSON.string)).canonicalBytes
    }

    init(_ credential: Credential, of account: AccountName) {
        self.init("credential", account, [credential.hash, credential.mustChange ? "1" : "0"])
    }

    init(_ session: Session) {
        self.init(
            "session", session.account,
            [
                "\(session.tokenDigest)", "\(session.person)", "\(session.openedAt.milliseconds)",
                "\(session.endsAt.milliseconds)",
            ])
    }

    init(_ token: AccessToken) {
        self.init(
            "access_token", token.account,
            [
                "\(token.id)", "\(token.secretDigest)", "\(token.person)", token.label,
                token.scopes.map(\.rawValue).sorted().joined(separator: " "),
                token.roles.map(\.rawValue).sorted().joined(separator: " "), "\(token.madeAt.milliseconds)",
                "\(token.endsAt.milliseconds)", token.revokedAt.map { "\($0.milliseconds)" } ?? "",
            ])
    }
}
