import Crypto
import Glibc
import Kernel

/// Files written whole: under another name, synchronised, read back, renamed.
enum WholeFile {
    /// Writes bytes.
    static func write(_ bytes: [UInt8], to path: String, _ disk: any BackupDisk) throws {
        let temporary = path + ".new"
        let descriptor = try disk.create(temporary)
        defer { close(descriptor) }
        try bytes.withUnsafeBytes { try disk.write($0, to: descriptor, temporary) }
        try disk.synchronize(descriptor, temporary)
        try disk.rename(temporary, to: path)
    }

    /// Copies a file and reads the copy back.
    ///
    /// - Parameter expected: what the source must be; another is refused before the copy gets its name.
    /// - Returns: what was copied.
    /// - Throws: `BackupError.damaged` if the source is not as expected, `readBack` if the copy is not the source.
    @discardableResult
    static func copy(
        _ source: String, to path: String, expecting expected: FileStamp? = nil, name: String, _ disk: any BackupDisk
    ) throws -> FileStamp {
        let reading = try FileSource(source)
        let temporary = path + ".new"
        let descriptor = try disk.create(temporary)
        defer { close(descriptor) }
        while true {
            let bytes = try reading.read(1 << 20)
            if bytes.isEmpty { break }
            try bytes.withUnsafeBytes { try disk.write($0, to: descriptor, temporary) }
        }
        let stamp = FileStamp(byteCount: reading.byteCount, sha256: reading.digest)
        guard expected == nil || expected == stamp else { throw BackupError.damaged(name) }
        try disk.synchronize(descriptor, temporary)
        guard try FileSource.stamp(of: temporary) == stamp else { throw BackupError.readBack(name) }
        try disk.rename(temporary, to: path)
        return stamp
    }
}
