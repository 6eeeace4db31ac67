import Glibc
import Kernel

/// A file that is open for reading at any place.
public final class FileBytes: RandomAccessBytes {
    private let descriptor: Int32
    /// The length when it was opened.
    public let count: Int

    /// Opens a plain file; links are not followed.
    ///
    /// - Throws: `DossierUnreadable` if there is none or the system refuses.
    public init(path: String) throws(DossierUnreadable) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw DossierUnreadable(.system, "\(path)：\(systemError())") }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw DossierUnreadable(.name, path)
        }
        count = Int(status.st_size)
    }

    deinit {
        close(descriptor)
    }

    public func read(at offset: Int, count: Int) throws(DossierUnreadable) -> [UInt8] {
        guard offset >= 0, count >= 0, offset <= self.count, count <= self.count - offset
        else { throw DossierUnreadable(.archive, "文件不完整") }
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let result = pread(
                    descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(offset + filled)
                )
                if result < 0, errno == EINTR { continue }
                guard result > 0 else {
                    failed = true
                    return
                }
                filled += result
            }
        }
        if failed { throw DossierUnreadable(.system, systemError()) }
        return bytes
    }
}

/// Reads a dossier from a directory. Links and devices in it make it unreadable, they are never followed.
public struct DirectorySource: DossierSource {
    private let root: String
    private let files: [BagPath]

    /// Lists a directory.
    ///
    /// - Throws: `DossierUnreadable` if there is none or a name in it is none that a dossier has.
    public init(path: String) throws(DossierUnreadable) {
        root = path
        var files: [BagPath] = []
        var pending: [[UInt8]] = [[]]
        while let directory = pending.popLast() {
            let text = String(decoding: directory, as: UTF8.self)
            guard let stream = opendir(directory.isEmpty ? path : path + "/" + text)
            else { throw DossierUnreadable(.system, "\(path)/\(text)：\(systemError())") }
            defer { closedir(stream) }
            var isEmpty = true
            while let item = readdir(stream) {
                let name = withUnsafeBytes(of: &item.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
                if name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8) { continue }
                isEmpty = false
                let full = directory.isEmpty ? name : directory + [UInt8(ascii: "/")] + name
                guard let file = BagPath(full), files.count < 2_000_000 else {
                    throw DossierUnreadable(.name, String(decoding: full, as: UTF8.self))
                }
                var status = stat()
                guard lstat(path + "/" + file.description, &status) == 0
                else { throw DossierUnreadable(.system, "\(file)：\(systemError())") }
                switch status.st_mode & S_IFMT {
                case S_IFDIR: pending.append(full)
                case S_IFREG: files.append(file)
                default: throw DossierUnreadable(.name, file.description)
                }
            }
            // A name says something too: a dossier has no directory without a file, and no check would look at its name.
            if isEmpty, !directory.isEmpty { throw DossierUnreadable(.name, text) }
        }
        self.files = files.sorted()
    }

    public func paths() -> [BagPath] { files }

    public func size(_ path: BagPath) throws(DossierUnreadable) -> Int {
        try FileBytes(path: root + "/" + path.description).count
    }

    public func read(_ path: BagPath, limit: Int) throws(DossierUnreadable) -> [UInt8] {
        let file = try FileBytes(path: root + "/" + path.description)
        guard file.count <= limit else { throw DossierUnreadable(.tooLarge, path.description) }
        return try file.read(at: 0, count: file.count)
    }

    public func stream(_ path: BagPath, _ body: (UnsafeRawBufferPointer) -> Void)
        throws(DossierUnreadable) -> String?
    {
        let file = try FileBytes(path: root + "/" + path.description)
        let piece = 1 << 20
        for start in stride(from: 0, to: file.count, by: piece) {
            let part = try file.read(at: start, count: min(piece, file.count - start))
            part.withUnsafeBytes { body($0) }
        }
        return nil
    }

    public var containerFault: String? { nil }
}

/// Writes a bag into a directory that must not exist yet. Each file is on disk before the next begins.
public struct DirectorySink: BagSink {
    private let root: String
    private var descriptor: Int32 = -1
    private var made: Set<String> = []

    /// Makes the directory.
    ///
    /// - Throws: `DossierUnreadable` if it exists already or cannot be made.
    public init(path: String) throws(DossierUnreadable) {
        guard mkdir(path, 0o755) == 0 else {
            throw DossierUnreadable(.system, "\(path)：\(systemError())")
        }
        root = path
    }

    public mutating func begin(_ path: BagPath, size: Int) throws(DossierUnreadable) {
        var directory = root
        for part in path.description.split(separator: "/").dropLast() {
            directory += "/" + part
            guard made.insert(directory).inserted else { continue }
            guard mkdir(directory, 0o755) == 0 || errno == EEXIST
            else { throw DossierUnreadable(.system, "\(directory)：\(systemError())") }
        }
        let file = root + "/" + path.description
        descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw DossierUnreadable(.system, "\(file)：\(systemError())") }
    }

    public mutating func write(_ bytes: UnsafeRawBufferPointer) throws(DossierUnreadable) {
        var rest = bytes
        while !rest.isEmpty {
            let result = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if result < 0, errno == EINTR { continue }
            guard result > 0 else { throw DossierUnreadable(.system, systemError()) }
            rest = UnsafeRawBufferPointer(rebasing: rest[result...])
        }
    }

    public mutating func end() throws(DossierUnreadable) {
        let synced = fsync(descriptor)
        let error = systemError()
        close(descriptor)
        descriptor = -1
        guard synced == 0 else { throw DossierUnreadable(.system, error) }
    }

    /// Makes the names durable as well, from the innermost directory outwards.
    public mutating func finish() throws(DossierUnreadable) {
        for directory in made.sorted(by: >) + [root] {
            let handle = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard handle >= 0 else { throw DossierUnreadable(.system, "\(directory)：\(systemError())") }
            defer { close(handle) }
            guard fsync(handle) == 0 else {
                throw DossierUnreadable(.system, "\(directory)：\(systemError())")
            }
        }
    }
}

private func systemError() -> String {
    SystemWords.chinese(errno)
}
