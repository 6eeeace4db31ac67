import Foundation
import Glibc

/// Files that only their owner may read, there whole or not at all after a power cut.
enum PrivateFile {
    /// The bytes of a file; nil if there is none.
    ///
    /// - Throws: `CommandFailure` if others may read it.
    static func read(_ path: String) throws -> Data? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        guard status.st_mode & 0o077 == 0 else {
            throw CommandFailure("\(path) 可被其他用户读取。请改为仅所有者可读（chmod 600）。")
        }
        guard let data = FileManager.default.contents(atPath: path) else { throw CommandFailure("读不到 \(path)。") }
        return data
    }

    /// Writes a file whole, in the place of an older one.
    static func write(_ data: Data, to path: String) throws {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(temporary) }
        defer { close(descriptor) }
        var rest = [UInt8](data)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure(temporary) }
            rest = rest.dropFirst(count)
        }
        // If we die before the rename the older file stands, or there is none.
        guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw failure(path) }
        let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw failure(directory) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw failure(directory) }
    }

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure("写不了 \(path)：\(String(cString: strerror(errno)))")
    }
}
