import Kernel

import enum Crypto.Curve25519

/// A key that checks notes: `<name>+<key id>+<base64 of type and key>` (c2sp.org/signed-note, "vkey").
///
/// Only Ed25519 (type 0x01) is known here. The key id is always computed; a printed id that differs is refused.
public struct VerifierKey: Hashable, Sendable {
    /// The key's name: not empty, no white space, no plus sign. For a log it is the origin.
    public let name: String
    /// The 32 bytes of the Ed25519 public key (RFC 8032).
    public let publicKey: [UInt8]
    /// The first four bytes of `SHA-256(name LF 0x01 key)`. It names a key and proves nothing.
    public let id: KeyID

    static let ed25519: UInt8 = 1

    /// A key by its name and its 32 public bytes; nil for a name or key that cannot be.
    public init?(name: String, publicKey: some Collection<UInt8>) {
        let bytes = Array(publicKey)
        guard VerifierKey.isValid(name: name),
            (try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)) != nil
        else { return nil }
        self.name = name
        self.publicKey = bytes
        id = KeyID(name: name, type: VerifierKey.ed25519, publicKey: bytes)
    }

    /// Whether `signature` was made over `message` with this key.
    public func isValid(signature: some Collection<UInt8>, for message: [UInt8]) -> Bool {
        guard signature.count == 64,
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)
        else { return false }
        return key.isValidSignature(Array(signature), for: message)
    }

    /// Whether a key may bear this name.
    static func isValid(name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { scalar in
                scalar.value >= 0x20 && scalar != "+" && !scalar.properties.isWhitespace
            }
    }

    /// Two keys are one when name and bytes are; ids can collide.
    public static func == (left: VerifierKey, right: VerifierKey) -> Bool {
        left.name.utf8.elementsEqual(right.name.utf8) && left.publicKey == right.publicKey
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(publicKey)
    }
}

extension VerifierKey: LosslessStringConvertible {
    /// The key as text, to be handed on.
    public var description: String {
        "\(name)+\(id)+\(Base64.encode([VerifierKey.ed25519] + publicKey))"
    }

    /// Reads a key; nil for another form, another algorithm, or a key id that is not that of the key.
    public init?(_ description: String) {
        // Base64 uses the plus sign too, so only the first two are separators.
        let parts = Array(description.utf8).split(
            separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let name = String(validating: parts[0], as: UTF8.self),
            let encoded = Base64.decode(parts[2]), encoded.first == VerifierKey.ed25519,
            let key = VerifierKey(name: name, publicKey: encoded.dropFirst()),
            key.id.description.utf8.elementsEqual(parts[1])
        else { return nil }
        self = key
    }
}

/// The short id of a note key: four bytes.
public struct KeyID: Hashable, Sendable, CustomStringConvertible {
    /// The four bytes as a big-endian number.
    public let value: UInt32

    init(value: UInt32) {
        self.value = value
    }

    init(name: String, type: UInt8, publicKey: [UInt8]) {
        let digest = Digest.sha256(Array(name.utf8) + [UInt8(ascii: "\n"), type] + publicKey)
        self.init(digest.bytes.prefix(4))
    }

    init(_ bytes: some Collection<UInt8>) {
        value = bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The four bytes.
    public var bytes: [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// Eight lower-case hexadecimal digits.
    public var description: String { Hex.encode(bytes) }
}
