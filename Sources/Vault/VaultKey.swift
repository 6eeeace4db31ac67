import Application
import Crypto
import Kernel

/// The key that wraps every object's own key. It lives among the bureau's keys, never beside the data.
public struct VaultKey: Sendable {
    let key: SymmetricKey

    /// What key files name it by: the first 8 bytes of SHA-256("liuhen/vault-key/v1" LF ‖ key).
    public let id: [UInt8]

    /// The number of bytes, 32.
    public static let byteCount = 32

    /// Reads 32 bytes; nil for any other count.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == VaultKey.byteCount else { return nil }
        self.init(key: SymmetricKey(data: bytes))
    }

    /// Draws a new key.
    public static func random() -> VaultKey {
        VaultKey(key: SymmetricKey(size: .bits256))
    }

    /// The 32 bytes, for the key store. They belong in no log and no ledger.
    public var secretBytes: [UInt8] {
        key.withUnsafeBytes { [UInt8]($0) }
    }

    private init(key: SymmetricKey) {
        self.key = key
        var hash = SHA256()
        hash.update(data: Array("liuhen/vault-key/v1\n".utf8))
        key.withUnsafeBytes { hash.update(bufferPointer: $0) }
        id = Array(hash.finalize().prefix(8))
    }
}

/// The vault keys at hand: new objects are wrapped under `current`; older ones still open what they wrapped.
public struct VaultKeys: Sendable {
    /// Wraps what is new.
    public let current: VaultKey
    /// Opens what is old.
    public let older: [VaultKey]

    /// Puts the keys together.
    public init(current: VaultKey, older: [VaultKey] = []) {
        self.current = current
        self.older = older
    }

    func named(_ id: some Sequence<UInt8>) -> VaultKey? {
        let id = Array(id)
        return ([current] + older).first { $0.id == id }
    }
}
