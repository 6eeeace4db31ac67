import Casework
import Crypto
import Kernel

/// What an id of an access token is an id of.
public enum OfToken {}
/// The id of an access token.
public typealias TokenID = Identifier<OfToken>

/// An access token (访问令牌) as it is stored: a program's own key to a person's rights. The secret itself is not stored.
public struct AccessToken: Hashable, Sendable {
    public var id: TokenID
    /// SHA-256 of the secret: 256 random bits need no slow hash.
    public var secretDigest: Kernel.Digest
    public var account: AccountName
    public var person: ThreadTag
    /// What the person calls it.
    public var label: String
    public var scopes: Set<TokenScope>
    /// The roles that the person had when it was made: the loss of one ends it.
    public var roles: Set<Role>
    public var madeAt: Instant
    public var endsAt: Instant
    public var usedAt: Instant?
    public var revokedAt: Instant?

    /// A token.
    public init(
        id: TokenID, secretDigest: Kernel.Digest, account: AccountName, person: ThreadTag, label: String,
        scopes: Set<TokenScope>, roles: Set<Role>, madeAt: Instant, endsAt: Instant, usedAt: Instant? = nil,
        revokedAt: Instant? = nil
    ) {
        self.id = id
        self.secretDigest = secretDigest
        self.account = account
        self.person = person
        self.label = label
        self.scopes = scopes
        self.roles = roles
        self.madeAt = madeAt
        self.endsAt = endsAt
        self.usedAt = usedAt
        self.revokedAt = revokedAt
    }

    /// How a token stands.
    public enum Standing: Hashable, Sendable {
        case live
        case revoked
        /// Its time is over, or the clock stands before its making.
        case ended
        /// Its person left, lost a role, or waits to be confirmed again.
        case personChanged
    }

    /// How it stands at an instant, for its person as the register has them; nil for nobody.
    public func standing(of person: PersonRow?, at now: Instant) -> Standing {
        if revokedAt != nil { return .revoked }
        guard now >= madeAt, now < endsAt else { return .ended }
        guard let person, person.thread == self.person, person.accountState == .open,
            roles.isSubset(of: person.roles)
        else { return .personChanged }
        return .live
    }
}

/// The text that a program holds: `liuhen-<id, 32 hex digits>-<secret, 64 hex digits>`.
public struct TokenText: Hashable, Sendable {
    /// Names the token.
    public let id: TokenID
    private let secret: [UInt8]

    /// The text of a token, with a secret that nobody can foresee.
    public init(newFor id: TokenID) {
        self.id = id
        var source = SystemRandomNumberGenerator()
        secret = (0..<32).map { _ in UInt8.random(in: 0...255, using: &source) }
    }

    /// Reads a token; nil for what cannot be one.
    public init?(_ text: some Collection<UInt8>) {
        let parts = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].elementsEqual("liuhen".utf8),
            let id = Hex.decode(Array(parts[1])).flatMap({ TokenID($0) }),
            let secret = Hex.decode(Array(parts[2])), secret.count == 32
        else { return nil }
        self.id = id
        self.secret = secret
    }

    /// The text. Deliberately not `description`: a token must not get into a log by interpolation.
    public var wholeText: String { "liuhen-\(id)-\(Hex.encode(secret))" }

    /// SHA-256 of the secret.
    public var secretDigest: Kernel.Digest {
        let hash = SHA256.hash(data: secret)
        return hash.withUnsafeBytes { Kernel.Digest($0) } ?? .zero
    }

    /// Whether this is the token's own secret. Takes the same time wherever the first difference lies.
    public func opens(_ token: AccessToken) -> Bool {
        var difference: UInt8 = 0
        for (left, right) in zip(secretDigest.bytes, token.secretDigest.bytes) { difference |= left ^ right }
        return difference == 0 && id == token.id
    }
}
