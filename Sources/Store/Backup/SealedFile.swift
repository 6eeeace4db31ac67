import Crypto
import Glibc
import Kernel

/// What the chunks of a backup's files have in common (docs/formats-backup.md).
struct SealedForm: Sendable {
    let backup: BackupID
    let keyID: [UInt8]
    let key: SymmetricKey

    init(backup: BackupID, key: BackupKey) {
        self.backup = backup
        keyID = key.id
        self.key = key.fileKey(of: backup)
    }

    /// Plain bytes of a chunk; the last has fewer, perhaps none.
    static let chunkByteCount = 256 << 10
    static let headByteCount = 48
    /// Nonce and tag.
    static let overhead = 28
    private static let magic = Array("liuhen/backup/v1\n\0\0\0\0\0\0\0".utf8)

    /// The first bytes of every file: 24 of magic, the backup's id, the key's id.
    var head: [UInt8] { SealedForm.magic + backup.bytes + keyID }

    /// What a chunk is authenticated with besides itself: the head, its number, whether it is the last, the file's name.
    func binding(name: String, number: UInt64, isLast: Bool) -> [UInt8] {
        head + BigEndian.bytes(number) + [isLast ? 1 : 0] + Array(name.utf8)
    }

    /// Reads a head; nil unless it is one of this format.
    static func parse(head: [UInt8]) -> (backup: BackupID, keyID: [UInt8])? {
        guard head.count == headByteCount, head.starts(with: magic), let backup = BackupID(Array(head[24..<40])) else {
            return nil
        }
        return (backup, Array(head[40...]))
    }
}

/// Writes one sealed file under a temporary name, chunk by chunk.
final class SealedWriter {
    private let form: SealedForm
    private let disk: any BackupDisk
    private let directory: String
    private let name: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var number: UInt64 = 0
    private var hash = SHA256()
    private var byteCount: Int64 = 0

    private var temporary: String { "\(directory)/\(name).new" }

    init(_ name: String, in directory: String, _ form: SealedForm, _ disk: any BackupDisk) throws {
        self.form = form
        self.disk = disk
        self.directory = directory
        self.name = name
        descriptor = try disk.create("\(directory)/\(name).new")
        try emit(form.head)
    }

    deinit {
        close(descriptor)
    }

    /// Adds plain bytes.
    func put(_ bytes: [UInt8]) throws {
        buffer += bytes
        var start = 0
        while buffer.count - start > SealedForm.chunkByteCount {
            try seal(buffer[start..<start + SealedForm.chunkByteCount], isLast: false)
            start += SealedForm.chunkByteCount
        }
        buffer.removeFirst(start)
    }

    /// Seals what is left, makes it durable, reads the whole file back and opens every chunk, and gives it its name.
    /// The name itself is durable when the directory is synchronised.
    ///
    /// If we die before this returns, a file `….new` is left that nothing refers to.
    func finish() throws -> FileStamp {
        try seal(buffer[...], isLast: true)
        try disk.synchronize(descriptor, temporary)
        let stamp = FileStamp(
            byteCount: byteCount, sha256: hash.finalize().withUnsafeBytes { Kernel.Digest(loading: $0) })
        let reader = try SealedReader(path: temporary, name: name, form: form)
        while try reader.nextChunk() != nil {}
        guard reader.stamp == stamp else { throw BackupError.readBack(name) }
        try disk.rename(temporary, to: "\(directory)/\(name)")
        return stamp
    }

    private func seal(_ plain: ArraySlice<UInt8>, isLast: Bool) throws {
        let box = try AES.GCM.seal(
            plain, using: form.key, authenticating: form.binding(name: name, number: number, isLast: isLast))
        guard let combined = box.combined else { throw BackupError.readBack(name) }
        try emit([isLast ? 1 : 0] + BigEndian.bytes(UInt32(combined.count)) + combined)
        number += 1
    }

    private func emit(_ bytes: [UInt8]) throws {
        hash.update(data: bytes)
        byteCount += Int64(bytes.count)
        try bytes.withUnsafeBytes { try disk.write($0, to: descriptor, temporary) }
    }
}

/// Opens a sealed file chunk by chunk; everything but a whole, unchanged file of this backup and name is refused.
final class SealedReader {
    private let source: FileSource
    private let form: SealedForm
    private let name: String
    private var number: UInt64 = 0
    private var isFinished = false
    private var rest: [UInt8] = []
    private var position = 0

    convenience init(_ name: String, in directory: String, _ form: SealedForm) throws {
        try self.init(path: "\(directory)/\(name)", name: name, form: form)
    }

    init(path: String, name: String, form: SealedForm) throws {
        do {
            source = try FileSource(path)
        } catch {
            throw error.code == ENOENT ? BackupError.missing(name) : error
        }
        self.form = form
        self.name = name
        guard try source.read(SealedForm.headByteCount) == form.head else { throw BackupError.damaged(name) }
    }

    /// Length and digest of what was read so far; of the file once the last chunk is out.
    var stamp: FileStamp { FileStamp(byteCount: source.byteCount, sha256: source.digest) }

    /// The plain bytes of the next chunk; nil behind the last.
    func nextChunk() throws -> [UInt8]? {
        guard !isFinished else { return nil }
        let frame = try source.read(5)
        guard frame.count == 5, frame[0] <= 1 else { throw BackupError.damaged(name) }
        let count = Int(frame[1...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        guard (SealedForm.overhead...SealedForm.overhead + SealedForm.chunkByteCount).contains(count) else {
            throw BackupError.damaged(name)
        }
        let box = try source.read(count)
        guard box.count == count else { throw BackupError.damaged(name) }
        let isLast = frame[0] == 1
        let plain: [UInt8]
        do {
            plain = Array(
                try AES.GCM.open(
                    AES.GCM.SealedBox(combined: box), using: form.key,
                    authenticating: form.binding(name: name, number: number, isLast: isLast)))
        } catch {
            throw BackupError.damaged(name)
        }
        number += 1
        if isLast {
            isFinished = true
            guard try source.read(1).isEmpty else { throw BackupError.damaged(name) }
        }
        return plain
    }

    /// The next `count` plain bytes.
    ///
    /// - Throws: `BackupError.damaged` when there are fewer.
    func take(_ count: Int) throws -> ArraySlice<UInt8> {
        while rest.count - position < count {
            guard let chunk = try nextChunk() else { throw BackupError.damaged(name) }
            rest.removeFirst(position)
            position = 0
            rest += chunk
        }
        defer { position += count }
        return rest[position..<position + count]
    }

    /// Whether all plain bytes were taken.
    func isAtEnd() throws -> Bool {
        while position == rest.count {
            guard let chunk = try nextChunk() else { return true }
            rest = chunk
            position = 0
        }
        return false
    }

    /// All plain bytes that are left, for files that fit in memory.
    func takeAll() throws -> [UInt8] {
        var all: [UInt8] = []
        while try !isAtEnd() { all += try take(rest.count - position) }
        return all
    }
}

/// Numbers, most significant byte first.
enum BigEndian {
    static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { [UInt8]($0) }
    }
}

extension SealedReader {
    func number32() throws -> Int { Int(try take(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }) }
    func number64() throws -> Int64 {
        Int64(truncatingIfNeeded: try take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
    /// Bytes after their length.
    func text() throws -> [UInt8] {
        let count = try number32()
        guard count <= 64 << 20 else { throw BackupError.damaged(name) }
        return Array(try take(count))
    }
    func digest() throws -> Kernel.Digest {
        guard let digest = Kernel.Digest(try take(32)) else { throw BackupError.damaged(name) }
        return digest
    }
}

extension SealedWriter {
    /// Bytes after their length.
    static func text(_ bytes: [UInt8]) -> [UInt8] { BigEndian.bytes(UInt32(bytes.count)) + bytes }
}
