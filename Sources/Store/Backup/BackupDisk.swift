import Glibc

/// The few calls by which a backup changes its medium, as a seam: tests break each of them once.
///
/// Reading is outside of it. Nothing here hides an error.
protocol BackupDisk: Sendable {
    /// Opens a file for writing; what was in it is gone.
    func create(_ path: String) throws(SystemError) -> Int32
    /// Writes all bytes at the end of what was written, or fails.
    func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ path: String) throws(SystemError)
    /// fsync(2): the file is on the medium.
    func synchronize(_ descriptor: Int32, _ path: String) throws(SystemError)
    /// fsync(2) on a directory: its names are on the medium.
    func synchronizeDirectory(_ path: String) throws(SystemError)
    /// rename(2); replaces the target.
    func rename(_ source: String, to target: String) throws(SystemError)
    func unlink(_ path: String) throws(SystemError)
    /// Writes zeros over a file in its own blocks and synchronises it.
    func overwrite(_ path: String, byteCount: Int64) throws(SystemError)
    /// mkdir(2); a directory that is there already is no error.
    func makeDirectory(_ path: String) throws(SystemError)
}

/// The calls as Linux makes them.
struct LinuxBackupDisk: BackupDisk {
    func create(_ path: String) throws(SystemError) -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SystemError(path: path, call: "open") }
        return descriptor
    }

    func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ path: String) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SystemError(path: path, call: "write") }
            done += count
        }
    }

    func synchronize(_ descriptor: Int32, _ path: String) throws(SystemError) {
        guard fsync(descriptor) == 0 else { throw SystemError(path: path, call: "fsync") }
    }

    func synchronizeDirectory(_ path: String) throws(SystemError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError(path: path, call: "open") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw SystemError(path: path, call: "fsync") }
    }

    func rename(_ source: String, to target: String) throws(SystemError) {
        guard Glibc.rename(source, target) == 0 else { throw SystemError(path: target, call: "rename") }
    }

    func unlink(_ path: String) throws(SystemError) {
        guard Glibc.unlink(path) == 0 || errno == ENOENT else { throw SystemError(path: path, call: "unlink") }
    }

    func overwrite(_ path: String, byteCount: Int64) throws(SystemError) {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw SystemError(path: path, call: "open") }
        defer { close(descriptor) }
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        var left = byteCount
        while left > 0 {
            let count = zeros.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, Int(min(left, 1 << 20))) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SystemError(path: path, call: "write") }
            left -= Int64(count)
        }
        try synchronize(descriptor, path)
    }

    func makeDirectory(_ path: String) throws(SystemError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw SystemError(path: path, call: "mkdir") }
    }
}
