import Application
import Casework
import Kernel
import Ledger
import Store
import Vault

/// Whether the keys that lie in the key directory are those of the bureau: the ledger holds the id of each that came into
/// use. With a foreign one everything would seem well until the right one is back: what was sealed or backed up meanwhile
/// could be opened by nobody.
enum KeyAgreement {
    /// What is wrong, in plain Chinese with what to do; nil where every key is the bureau's own.
    ///
    /// While a change of keys is under way the next key counts as well: the entry is written before the key takes its place.
    static func problem(of keys: KeyStore, in directory: String, records: [Record]) throws -> String? {
        var published: [String: String] = [:]
        for record in records where record.type == .keyPublished {
            if let use = record.word("use"), let id = record.word("keyId") { published[use] = id }
        }
        for use in [KeyStore.Use.vault, .receipt, .backup] {
            guard let known = published[use.rawValue], keys.has(use) else { continue }
            var there = [try id(of: use, in: keys, isNext: false)]
            if keys.hasNext(use) { there.append(try id(of: use, in: keys, isNext: true)) }
            guard !there.contains(known) else { continue }
            return "密钥目录 \(directory) 里的\(name(use))不是这个机关的：账本登记的编号是 \(known)，现有的是 \(there[0])。"
                + "请停止使用，把本机关原来的密钥文件放回，再启动；用现有的密钥封存或者备份的资料，以后打不开。"
        }
        return nil
    }

    private static func name(_ use: KeyStore.Use) -> String {
        switch use {
        case .vault: "封存密钥"
        case .backup: "备份密钥"
        default: "回执密钥"
        }
    }

    private static func id(of use: KeyStore.Use, in keys: KeyStore, isNext: Bool) throws -> String {
        switch use {
        case .vault:
            guard let key = VaultKey(try isNext ? keys.nextSecret(for: use) : keys.secret(for: use)) else {
                return "（不是 32 字节）"
            }
            return Hex.encode(key.id)
        case .backup:
            return KeyStore.backupKeyID(try isNext ? keys.nextSecret(for: use) : keys.secret(for: use))
                ?? "（不是 32 字节）"
        default: return "\(try (isNext ? keys.nextSigningKey(for: use) : keys.signingKey(for: use)).verifier.id)"
        }
    }
}
