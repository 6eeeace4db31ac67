import Kernel

/// What a backup knows of one object of the vault: its wrapped key and its sealed file, or that its key was destroyed.
enum KeyRecord: Hashable {
    /// The key file's bytes, and what the sealed file is.
    case live(key: [UInt8], object: FileStamp)
    /// The key was destroyed (销毁).
    case gone

    func bytes(of object: ObjectID) -> [UInt8] {
        switch self {
        case .live(let key, let stamp):
            [1] + object.bytes + SealedWriter.text(key) + BigEndian.bytes(stamp.byteCount) + stamp.sha256.bytes
        case .gone: [2] + object.bytes
        }
    }

    /// Reads a file of records into `records`; later ones replace earlier ones.
    static func read(_ file: BackupManifest.File, from reader: SealedReader, into records: inout [ObjectID: KeyRecord])
        throws
    {
        while try !reader.isAtEnd() {
            let kind = try reader.take(1).first
            guard let object = ObjectID(try reader.take(16)) else { throw BackupError.damaged(file.name) }
            switch kind {
            case 1:
                let key = try reader.text()
                let count = try reader.number64()
                records[object] = .live(key: key, object: FileStamp(byteCount: count, sha256: try reader.digest()))
            case 2: records[object] = .gone
            default: throw BackupError.damaged(file.name)
            }
        }
        guard reader.stamp == file.stamp else { throw BackupError.damaged(file.name) }
    }
}
