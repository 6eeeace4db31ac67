/// Bytes that can be read at any place: a file, or memory.
public protocol RandomAccessBytes {
    /// How many there are.
    var count: Int { get }
    /// Exactly `count` bytes from `offset` on.
    ///
    /// - Throws: if they cannot be read or do not exist.
    func read(at offset: Int, count: Int) throws(DossierUnreadable) -> [UInt8]
}

/// Reads a dossier from an archive as `ZipWriter` makes it.
///
/// An archive is read in more than one way: by its list, from its beginning, by names in extra fields. What one program
/// verifies and another unpacks must be the same, so the only archive that is read is the one whose every byte around the
/// files is foretold by its list. What somebody packed anew is verified after unpacking, as the folder that they then see.
public struct ZipReader<Bytes: RandomAccessBytes>: DossierSource {
    private let bytes: Bytes
    private let entries: [Found]
    private let positions: [BagPath: Int]
    private let fault: String?

    private struct Found {
        let path: BagPath
        let entry: ZipRecords.Entry
        let dataOffset: Int
    }

    /// More entries than this are refused: no case has so many.
    static var entryLimit: Int { 2_000_000 }

    /// Opens an archive.
    ///
    /// - Throws: `DossierUnreadable` when the list of files cannot be read or the archive is of another kind.
    public init(_ bytes: Bytes) throws(DossierUnreadable) {
        self.bytes = bytes
        let end = try ZipDirectory.find(in: bytes)
        let listed = try ZipDirectory.entries(end, in: bytes)
        var entries: [Found] = []
        var fault: String?
        var expectedOffset = 0
        // Every file of a bag stands under one folder.
        let folder = listed.first?.name.firstIndex(of: UInt8(ascii: "/")).flatMap { end in
            listed.first.map { $0.name[...end] }
        }
        for entry in listed where BagPath(entry.name) == nil {
            throw DossierUnreadable(.name, String(decoding: entry.name, as: UTF8.self))
        }
        guard let folder, listed.allSatisfy({ $0.name.starts(with: folder) }) else {
            throw DossierUnreadable(.archive, "文件夹名不一致")
        }
        for entry in listed {
            guard let path = BagPath(entry.name.dropFirst(folder.count)) else {
                throw DossierUnreadable(.name, String(decoding: entry.name, as: UTF8.self))
            }
            let dataOffset = entry.offset + ZipRecords.local(entry).count
            guard dataOffset <= bytes.count, entry.size <= bytes.count - dataOffset
            else { throw DossierUnreadable(.archive, "文件不完整") }
            if let problem = try ZipReader.departure(of: entry, from: expectedOffset, in: bytes) {
                fault = fault ?? "\(path)：\(problem)"
            }
            expectedOffset = dataOffset + entry.size + ZipRecords.descriptor(entry).count
            entries.append(Found(path: path, entry: entry, dataOffset: dataOffset))
        }
        if expectedOffset != end.directoryOffset { fault = fault ?? "文件与目录之间有多余内容" }
        let tail = ZipRecords.end(
            count: listed.count, directorySize: end.directorySize, directoryOffset: end.directoryOffset)
        // By its length first: what stands there may be as long as the disk allows.
        let tailStart = end.directoryOffset + end.directorySize
        let isTail =
            bytes.count - tailStart == tail.count ? try bytes.read(at: tailStart, count: tail.count) == tail : false
        if !isTail { fault = fault ?? "压缩包结尾被改动" }
        // Two entries over the same bytes would let a small archive unfold into a large one.
        var previousEnd = 0
        for entry in entries.sorted(by: { $0.entry.offset < $1.entry.offset }) {
            guard entry.entry.offset >= previousEnd,
                entry.dataOffset + entry.entry.size <= end.directoryOffset
            else {
                throw DossierUnreadable(.archive, "\(entry.path) 与别的内容重叠")
            }
            previousEnd = entry.dataOffset + entry.entry.size
        }
        self.entries = entries
        positions = Dictionary(
            entries.indices.map { (entries[$0].path, $0) }, uniquingKeysWith: { first, _ in first })
        self.fault = fault
    }

    /// What distinguishes an entry from what `ZipWriter` would have written.
    private static func departure(
        of entry: ZipRecords.Entry, from offset: Int, in bytes: Bytes
    ) throws(DossierUnreadable) -> String? {
        guard entry.offset == offset else { return "不在应在的位置" }
        let local = ZipRecords.local(entry)
        guard try bytes.read(at: offset, count: local.count) == local else { return "文件头被改动" }
        let descriptor = ZipRecords.descriptor(entry)
        guard
            try bytes.read(at: offset + local.count + entry.size, count: descriptor.count) == descriptor
        else { return "文件尾被改动" }
        return nil
    }

    public func paths() -> [BagPath] {
        entries.map(\.path)
    }

    public func size(_ path: BagPath) throws(DossierUnreadable) -> Int {
        try entry(path).entry.size
    }

    public func read(_ path: BagPath, limit: Int) throws(DossierUnreadable) -> [UInt8] {
        let found = try entry(path)
        guard found.entry.size <= limit else { throw DossierUnreadable(.tooLarge, path.description) }
        return try bytes.read(at: found.dataOffset, count: found.entry.size)
    }

    public func stream(
        _ path: BagPath, _ body: (UnsafeRawBufferPointer) -> Void
    ) throws(DossierUnreadable) -> String? {
        let found = try entry(path)
        var crc = CRC32()
        let piece = 1 << 20
        for start in stride(from: 0, to: found.entry.size, by: piece) {
            let part = try bytes.read(
                at: found.dataOffset + start, count: min(piece, found.entry.size - start))
            part.withUnsafeBytes {
                crc.update($0)
                body($0)
            }
        }
        return crc.value == found.entry.crc ? nil : "\(path)：压缩包的校验和不符"
    }

    public var containerFault: String? { fault }

    private func entry(_ path: BagPath) throws(DossierUnreadable) -> Found {
        guard let position = positions[path] else { throw DossierUnreadable(.system, "\(path) 不存在") }
        return entries[position]
    }
}
