import Kernel

import enum Crypto.Curve25519

/// A key that signs notes with Ed25519. It lives in the key store and in memory, never in the ledger.
public struct SigningKey: Sendable {
    /// The key that checks what this one signs.
    public let verifier: VerifierKey
    private let key: Curve25519.Signing.PrivateKey

    /// Draws a new key; nil if no key may bear this name.
    public init?(generating name: String) {
        self.init(name: name, key: Curve25519.Signing.PrivateKey())
    }

    /// A key by its 32-byte seed (RFC 8032); nil for another length or a name no key may bear.
    public init?(name: String, seed: some Collection<UInt8>) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: Array(seed)) else {
            return nil
        }
        self.init(name: name, key: key)
    }

    /// Reads `PRIVATE+KEY+<name>+<key id>+<base64 of type and seed>`, the form Go's note package prints; nil for
    /// anything else.
    public init?(encoded: String) {
        let prefix = Array("PRIVATE+KEY+".utf8)
        let bytes = Array(encoded.utf8)
        guard bytes.starts(with: prefix) else { return nil }
        let parts = bytes.dropFirst(prefix.count)
            .split(separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let name = String(validating: parts[0], as: UTF8.self),
            let seed = Base64.decode(parts[2]), seed.first == VerifierKey.ed25519,
            let key = SigningKey(name: name, seed: seed.dropFirst()),
            key.verifier.id.description.utf8.elementsEqual(parts[1])
        else { return nil }
        self = key
    }

    private init?(name: String, key: Curve25519.Signing.PrivateKey) {
        guard let verifier = VerifierKey(name: name, publicKey: Array(key.publicKey.rawRepresentation))
        else {
            return nil
        }
        self.verifier = verifier
        self.key = key
    }

    /// The 32-byte seed, for the key store.
    public var seed: [UInt8] { Array(key.rawRepresentation) }

    /// The form that `init(encoded:)` reads. Secret.
    public var encoded: String {
        "PRIVATE+KEY+\(verifier.name)+\(verifier.id)+\(Base64.encode([VerifierKey.ed25519] + seed))"
    }

    /// Signs the text of a note, which must end in a newline, and gives the signature line.
    ///
    /// - Throws: `NoteError` for a text that no note can hold.
    public func signatureLine(for text: [UInt8]) throws(NoteError) -> [UInt8] {
        guard SignedNote.isValid(text: text) else { throw NoteError(.text) }
        guard let signature = try? key.signature(for: text) else { throw NoteError(.cannotSign) }
        return Array("— \(verifier.name) \(Base64.encode(verifier.id.bytes + Array(signature)))\n".utf8)
    }

    /// Signs the text and gives the whole note.
    ///
    /// - Throws: `NoteError` for a text that no note can hold.
    public func sign(_ text: [UInt8]) throws(NoteError) -> [UInt8] {
        text + [UInt8(ascii: "\n")] + (try signatureLine(for: text))
    }
}
