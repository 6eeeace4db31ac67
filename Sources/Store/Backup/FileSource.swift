import Crypto
import Glibc
import Kernel

/// A file read from its beginning, as the medium has it: what the kernel still remembers of it is dropped first.
final class FileSource {
    let path: String
    private let descriptor: Int32
    private var hash = SHA256()
    /// Bytes read so far.
    private(set) var byteCount: Int64 = 0

    /// - Throws: `SystemError`, with `ENOENT` when there is none.
    init(_ path: String) throws(SystemError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw SystemError(path: path, call: "open") }
        _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
    }

    deinit {
        close(descriptor)
    }

    /// The next bytes: `count` of them, fewer only at the end of the file.
    func read(_ count: Int) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let read = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress.map { $0 + done }, count - done)
            }
            if read < 0, errno == EINTR { continue }
            guard read >= 0 else { throw SystemError(path: path, call: "read") }
            if read == 0 { break }
            done += read
        }
        bytes.removeLast(count - done)
        hash.update(data: bytes)
        byteCount += Int64(done)
        return bytes
    }

    /// SHA-256 of everything read so far.
    var digest: Kernel.Digest {
        hash.finalize().withUnsafeBytes { Kernel.Digest(loading: $0) }
    }

    /// Length and SHA-256 of a whole file.
    static func stamp(of path: String) throws(SystemError) -> FileStamp {
        let source = try FileSource(path)
        while try source.read(1 << 20).count == 1 << 20 {}
        return FileStamp(byteCount: source.byteCount, sha256: source.digest)
    }

    /// Whether something is at a path.
    static func exists(_ path: String) throws(SystemError) -> Bool {
        var status = stat()
        if lstat(path, &status) == 0 { return true }
        guard errno == ENOENT || errno == ENOTDIR else { throw SystemError(path: path, call: "lstat") }
        return false
    }

    /// The names in a directory, sorted by bytes; none if there is no directory.
    static func names(in directory: String) throws(SystemError) -> [String] {
        guard let stream = opendir(directory) else {
            if errno == ENOENT { return [] }
            throw SystemError(path: directory, call: "opendir")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw SystemError(path: directory, call: "readdir") }
                break
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

/// What a file was when it was written: by this a missing, older or swapped file is noticed.
struct FileStamp: Hashable, Sendable {
    let byteCount: Int64
    let sha256: Kernel.Digest
}
