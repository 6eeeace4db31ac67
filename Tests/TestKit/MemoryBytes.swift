import Ledger

/// Bytes in memory that are read as a file is.
public struct MemoryBytes: RandomAccessBytes {
    private let bytes: [UInt8]

    /// These bytes.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    public var count: Int { bytes.count }

    public func read(at offset: Int, count: Int) throws(DossierUnreadable) -> [UInt8] {
        guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset
        else { throw DossierUnreadable(.archive, "\(offset)") }
        return Array(bytes[offset..<(offset + count)])
    }
}
