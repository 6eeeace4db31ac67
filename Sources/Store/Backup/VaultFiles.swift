import Kernel

/// A vault's files as docs/formats-vault.md describes them: sealed, so that they can be copied as they are.
struct VaultFiles: Sendable {
    let root: String

    static let folders = (0..<256).map { Hex.encode([UInt8($0)]) }
    private static let format = Array("liuhen/vault/v1\n".utf8)
    private static let keyMagic = Array("liuhen/key/v1\n".utf8)
    private static let goneMagic = Array("liuhen/gone/v1\n".utf8)
    private static let keyByteCount = 84

    static func folder(of object: ObjectID) -> String { Hex.encode(object.bytes.prefix(1)) }
    func object(_ id: ObjectID) -> String { "\(root)/objects/\(VaultFiles.folder(of: id))/\(id)" }
    func key(_ id: ObjectID) -> String { "\(root)/keys/\(VaultFiles.folder(of: id))/\(id)" }

    /// What stands in the file of a destroyed key.
    static var gone: [UInt8] { goneMagic + [UInt8](repeating: 0, count: keyByteCount - goneMagic.count) }

    /// What a key file says.
    enum KeyState: Hashable {
        case wrapped([UInt8])
        case gone
        case unreadable
    }

    /// Every object that has a key file, with what it says, in order of id.
    func keys() throws -> [(ObjectID, KeyState)] {
        var keys: [(ObjectID, KeyState)] = []
        for folder in VaultFiles.folders {
            for name in try FileSource.names(in: "\(root)/keys/\(folder)") {
                guard let id = ObjectID(name) else { continue }
                let bytes = try FileSource(key(id)).read(VaultFiles.keyByteCount + 1)
                if bytes == VaultFiles.gone {
                    keys.append((id, .gone))
                } else if bytes.count == VaultFiles.keyByteCount, bytes.starts(with: VaultFiles.keyMagic) {
                    keys.append((id, .wrapped(bytes)))
                } else {
                    keys.append((id, .unreadable))
                }
            }
        }
        return keys
    }

    /// Makes the directories of an empty vault.
    func make(_ disk: any BackupDisk) throws {
        for path in [root, root + "/objects", root + "/keys", root + "/incoming"] { try disk.makeDirectory(path) }
        for folder in VaultFiles.folders {
            try disk.makeDirectory("\(root)/objects/\(folder)")
            try disk.makeDirectory("\(root)/keys/\(folder)")
        }
        try WholeFile.write(VaultFiles.format, to: root + "/format", disk)
        for path in ["", "/objects", "/keys"] { try disk.synchronizeDirectory(root + path) }
    }
}
