import Foundation
import Glibc

/// Directories that are there after a power cut.
enum Directory {
    /// Makes a directory and those above it, and syncs the one that holds it.
    static func make(_ path: String, mode: Int = 0o700) throws(SystemError) {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
        } catch {
            throw SystemError(path: path, call: "mkdir")
        }
        try sync(above: path)
    }

    /// Syncs the directory that holds a file, so that the file's name is on disk.
    static func sync(above path: String) throws(SystemError) {
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError(path: parent, call: "open") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw SystemError(path: parent, call: "fsync") }
    }

    /// Bytes that may still be written on the disk that holds `path`.
    static func freeBytes(at path: String) throws(SystemError) -> UInt64 {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { throw SystemError(path: path, call: "statvfs") }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize)
    }

    /// Writes a new file whole: under another name, synced, renamed, and its directory synced.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o600) throws(SystemError) {
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw SystemError(path: temporary, call: "open") }
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SystemError(path: temporary, call: "write") }
            done += count
        }
        guard fsync(descriptor) == 0 else { throw SystemError(path: temporary, call: "fsync") }
        guard rename(temporary, path) == 0 else { throw SystemError(path: path, call: "rename") }
        try sync(above: path)
    }
}
