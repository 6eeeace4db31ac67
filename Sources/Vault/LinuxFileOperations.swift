import CLinux
import Glibc

/// The calls as Linux makes them.
struct LinuxFileOperations: FileOperations {
    func open(_ path: String, _ purpose: OpenPurpose) throws(SystemCallError) -> Int32 {
        let flags =
            switch purpose {
            case .reading: O_RDONLY
            case .writing: O_RDWR
            case .creating: O_RDWR | O_CREAT | O_EXCL
            }
        return try retrying("open") { Glibc.open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600) }
    }

    func openDirect(_ descriptor: Int32) -> Int32? {
        let opened = liuhen_open_direct(descriptor)
        return opened >= 0 ? opened : nil
    }

    func close(_ descriptor: Int32) {
        // Nothing hangs on the result: whatever had to be durable was synchronised before.
        _ = Glibc.close(descriptor)
    }

    func read(
        _ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer, at offset: Int64
    ) throws(SystemCallError) -> Int {
        var done = 0
        while done < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = try retrying("pread") { pread(descriptor, rest.baseAddress, rest.count, Int(offset) + done) }
            if count == 0 { break }
            done += count
        }
        return done
    }

    func write(
        _ descriptor: Int32, _ buffer: UnsafeRawBufferPointer, at offset: Int64
    ) throws(SystemCallError) {
        var done = 0
        while done < buffer.count {
            let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
            done += try retrying("pwrite") { pwrite(descriptor, rest.baseAddress, rest.count, Int(offset) + done) }
        }
    }

    func synchronize(_ descriptor: Int32) throws(SystemCallError) {
        // Deliberately not retried on EINTR: after any failure the kernel may have dropped the dirty pages' error.
        guard fdatasync(descriptor) == 0 else { throw SystemCallError(call: "fdatasync", code: errno) }
    }

    func synchronizeDirectory(_ path: String) throws(SystemCallError) {
        let descriptor = try retrying("open") { Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw SystemCallError(call: "fsync", code: errno) }
    }

    func startWriteback(_ descriptor: Int32, at offset: Int64, count: Int64) {
        _ = liuhen_start_writeback(descriptor, offset, count)
    }

    func allocate(_ descriptor: Int32, at offset: Int64, count: Int64) throws(SystemCallError) {
        guard count > 0 else { return }
        let code = -liuhen_fallocate(descriptor, offset, count)
        guard code == 0 || code == EOPNOTSUPP || code == ENOSYS else {
            throw SystemCallError(call: "fallocate", code: code)
        }
    }

    func size(_ descriptor: Int32) throws(SystemCallError) -> Int64 {
        var status = stat()
        _ = try retrying("fstat") { fstat(descriptor, &status) }
        return Int64(status.st_size)
    }

    func rename(_ source: String, to target: String) throws(SystemCallError) {
        _ = try retrying("rename") { Glibc.rename(source, target) }
    }

    func unlink(_ path: String) throws(SystemCallError) {
        _ = try retrying("unlink") { Glibc.unlink(path) }
    }

    func makeDirectory(_ path: String) throws(SystemCallError) {
        _ = try retrying("mkdir") { mkdir(path, 0o700) }
    }

    func removeDirectory(_ path: String) throws(SystemCallError) {
        _ = try retrying("rmdir") { rmdir(path) }
    }

    func names(in directory: String) throws(SystemCallError) -> [String] {
        guard let stream = opendir(directory) else { throw SystemCallError(call: "opendir", code: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw SystemCallError(call: "readdir", code: errno) }
                break
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    func exists(_ path: String) throws(SystemCallError) -> Bool {
        var status = stat()
        if lstat(path, &status) == 0 { return true }
        guard errno == ENOENT || errno == ENOTDIR else { throw SystemCallError(call: "lstat", code: errno) }
        return false
    }

    func freeBytes(at path: String) throws(SystemCallError) -> Int64 {
        var status = statvfs()
        _ = try retrying("statvfs") { statvfs(path, &status) }
        return Int64(status.f_bavail) * Int64(status.f_frsize)
    }

    func lock(_ descriptor: Int32) throws(SystemCallError) -> Bool {
        let code = -liuhen_lock_file(descriptor)
        guard code == 0 || code == EWOULDBLOCK else { throw SystemCallError(call: "flock", code: code) }
        return code == 0
    }

    private func retrying<Number: SignedInteger>(
        _ call: String, _ body: () -> Number
    ) throws(SystemCallError) -> Number {
        while true {
            let result = body()
            if result >= 0 { return result }
            let code = errno
            guard code == EINTR else { throw SystemCallError(call: call, code: code) }
        }
    }
}
