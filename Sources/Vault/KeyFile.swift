import Application
import Crypto
import Kernel

/// The file that holds an object's key, wrapped: 84 bytes.
///
///     0   "liuhen/key/v1" LF, two zero bytes
///     16  id of the vault key, 8 bytes
///     24  AES-256-GCM of the object's key under the vault key: nonce 12 ‖ ciphertext 32 ‖ tag 16,
///         authenticated with bytes 0–23 ‖ object id
///
/// A destroyed key leaves "liuhen/gone/v1" LF and zeros in the same blocks: the file is overwritten in place, because
/// replacing it would leave the old blocks behind.
enum KeyFile {
    static let byteCount = 84
    private static let magic = Array("liuhen/key/v1\n\0\0".utf8)

    /// What stands in the file of a destroyed key.
    static let gone: [UInt8] = {
        let text = Array("liuhen/gone/v1\n".utf8)
        return text + [UInt8](repeating: 0, count: byteCount - text.count)
    }()

    /// Which vault key a file names; nil for what is no key file.
    static func vaultKeyID(of bytes: [UInt8]) -> [UInt8]? {
        bytes.count == byteCount && bytes.starts(with: magic) ? Array(bytes[16..<24]) : nil
    }

    static func wrap(_ key: SymmetricKey, of object: ObjectID, under vaultKey: VaultKey) throws(VaultError) -> [UInt8] {
        let head = magic + vaultKey.id
        do {
            let plain = key.withUnsafeBytes { [UInt8]($0) }
            let box = try AES.GCM.seal(plain, using: vaultKey.key, authenticating: head + object.bytes)
            return head + box.nonce + box.ciphertext + box.tag
        } catch {
            throw VaultError(.faulty, "an object key could not be wrapped", cause: "\(error)")
        }
    }

    static func unwrap(_ bytes: [UInt8], of object: ObjectID, with keys: VaultKeys) throws(VaultError) -> SymmetricKey {
        guard bytes != gone else {
            throw VaultError(.gone, "the key of object \(object) was destroyed; its bytes cannot be read any more")
        }
        let damaged = VaultError(
            .damaged, "the key file of object \(object) does not authenticate; restore it from the newest backup")
        guard bytes.count == byteCount, bytes.starts(with: magic) else { throw damaged }
        guard let vaultKey = keys.named(bytes[16..<24]) else {
            throw VaultError(
                .wrongKey,
                "object \(object) is under vault key \(Hex.encode(bytes[16..<24])), which is not at hand; "
                    + "add that key to the key store")
        }
        do {
            let box = try AES.GCM.SealedBox(combined: bytes[24...])
            let plain = try AES.GCM.open(box, using: vaultKey.key, authenticating: bytes[..<24] + object.bytes)
            return SymmetricKey(data: plain)
        } catch {
            throw damaged
        }
    }
}
