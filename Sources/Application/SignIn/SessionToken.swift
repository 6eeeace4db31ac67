import Crypto
import Kernel

/// What a browser holds to be recognised: 256 random bits in a cookie. The server keeps only its SHA-256.
public struct SessionToken: Hashable, Sendable {
    private let bytes: [UInt8]

    private init(unchecked bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// A token nobody can foresee.
    public static func random() -> SessionToken {
        var source = SystemRandomNumberGenerator()
        return SessionToken(unchecked: (0..<32).map { _ in UInt8.random(in: 0...255, using: &source) })
    }

    /// Reads 64 lower-case hexadecimal digits; nil for anything else.
    public init?(_ text: String) {
        guard let bytes = Hex.decode(text.utf8), bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// The text in the cookie. Deliberately not `description`: a token must not get into a log by interpolation.
    public var cookieText: String { Hex.encode(bytes) }

    /// SHA-256 of the token: the name under which the session is stored.
    public var digest: Kernel.Digest {
        let hash = SHA256.hash(data: bytes)
        return hash.withUnsafeBytes { Kernel.Digest($0) } ?? .zero
    }

    /// The token of the session's forms: HMAC-SHA256 under the session token. It can be shown in a page without
    /// showing the session token, and nobody without the cookie can compute it.
    public var formToken: String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("liuhen/form-token/v1".utf8), using: SymmetricKey(data: bytes))
        return Hex.encode(Array(code))
    }
}
