import Crypto
import Kernel

/// The 32-byte key of the recovery sheet (恢复单) as backups use it.
///
/// Each backup has a key of its own, derived from this one and the backup's random id: a file of one backup opens in no
/// other, and two backups never share nonces.
struct BackupKey: Sendable {
    private let secret: SymmetricKey

    /// What a file names the key by, so that a wrong sheet is told from a damaged file: the first 8 bytes of
    /// SHA-256(`liuhen/backup-key/v1` LF ‖ key).
    let id: [UInt8]

    /// Reads 32 bytes; nil for any other count.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        secret = SymmetricKey(data: bytes)
        id = Array(SHA256.hash(data: Array("liuhen/backup-key/v1\n".utf8) + bytes).prefix(8))
    }

    /// The key of one backup: HKDF-SHA256 (RFC 5869), salted with the backup's id.
    func fileKey(of backup: BackupID) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: secret, salt: backup.bytes, info: Array("liuhen/backup-file/v1\n".utf8),
            outputByteCount: 32)
    }
}

/// What a backup id names: one medium's backup of one bureau.
enum OfBackup {}
/// The random id of a backup.
typealias BackupID = Identifier<OfBackup>

extension KeyStore {
    /// What backups name a backup key by, 16 hexadecimal digits; nil unless it is 32 bytes.
    public static func backupKeyID(_ secret: [UInt8]) -> String? {
        BackupKey(secret).map { Hex.encode($0.id) }
    }
}
