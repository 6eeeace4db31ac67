/// Writes a bag as a ZIP archive without ever going back: what it has ready can be sent at once.
///
/// Nothing is compressed: documents and videos are compressed already, and stored bytes can be read at any place.
public struct ZipWriter: BagSink {
    /// Bytes that are ready to be sent or written; see `takeOutput`.
    private var output: [UInt8] = []
    private let folder: [UInt8]
    private var offset = 0
    private var entries: [ZipRecords.Entry] = []
    private var open: (entry: ZipRecords.Entry, crc: CRC32)?

    /// An archive in which all files stand under one folder, as RFC 8493 section 4.2 wants it.
    ///
    /// - Parameter folder: one part of a path, for example `案卷-2026-0001`.
    public init?(folder: String) {
        guard let path = BagPath(folder), !path.bytes.contains(UInt8(ascii: "/")) else { return nil }
        self.folder = path.bytes + [UInt8(ascii: "/")]
    }

    /// Takes what is ready and leaves nothing. Call it after each step to keep little in memory.
    public mutating func takeOutput() -> [UInt8] {
        defer { output.removeAll(keepingCapacity: true) }
        return output
    }

    /// The length of an archive of files with these paths and sizes, so that a download can state it beforehand.
    public static func length(folder: String, files: some Sequence<(path: BagPath, size: Int)>) -> Int {
        var offset = 0
        var directory = 0
        var count = 0
        for file in files {
            let entry = ZipRecords.Entry(
                name: Array("\(folder)/".utf8) + file.path.bytes, offset: offset, size: file.size)
            offset += ZipRecords.local(entry).count + file.size + ZipRecords.descriptor(entry).count
            directory += ZipRecords.central(entry).count
            count += 1
        }
        return offset + directory
            + ZipRecords.end(count: count, directorySize: directory, directoryOffset: offset).count
    }

    public mutating func begin(_ path: BagPath, size: Int) throws(BagWriteError) {
        guard open == nil else { throw .twice(path) }
        let entry = ZipRecords.Entry(name: folder + path.bytes, offset: offset, size: size)
        open = (entry, CRC32())
        put(ZipRecords.local(entry))
    }

    public mutating func write(_ bytes: UnsafeRawBufferPointer) throws(BagWriteError) {
        guard open != nil else { throw .nothingOpen }
        open?.crc.update(bytes)
        output.append(contentsOf: bytes)
        offset += bytes.count
    }

    public mutating func end() throws(BagWriteError) {
        guard let finished = open else { throw .nothingOpen }
        open = nil
        var entry = finished.entry
        entry.crc = finished.crc.value
        entries.append(entry)
        put(ZipRecords.descriptor(entry))
    }

    public mutating func finish() throws(BagWriteError) {
        let directoryOffset = offset
        for entry in entries { put(ZipRecords.central(entry)) }
        put(
            ZipRecords.end(
                count: entries.count, directorySize: offset - directoryOffset,
                directoryOffset: directoryOffset))
    }

    private mutating func put(_ bytes: [UInt8]) {
        output += bytes
        offset += bytes.count
    }
}
