/// Entries as c2sp.org/tlog-tiles bundles them: each behind its length as a big-endian 16-bit number.
public enum EntryBundle {
    /// The bytes of a bundle.
    ///
    /// - Throws: `TileError` for an entry longer than 65,535 bytes.
    public static func encode(_ entries: some Sequence<[UInt8]>) throws(TileError) -> [UInt8] {
        var bytes: [UInt8] = []
        for entry in entries {
            guard let length = UInt16(exactly: entry.count) else {
                throw TileError(.entryTooLong(entry.count))
            }
            bytes.append(UInt8(length >> 8))
            bytes.append(UInt8(truncatingIfNeeded: length))
            bytes.append(contentsOf: entry)
        }
        return bytes
    }

    /// The entries of a bundle; nil if the bytes end within one.
    public static func decode(_ bytes: [UInt8]) -> [[UInt8]]? {
        var entries: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard rest.count >= 2 else { return nil }
            let length = Int(rest[rest.startIndex]) << 8 | Int(rest[rest.startIndex + 1])
            rest = rest.dropFirst(2)
            guard rest.count >= length else { return nil }
            entries.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return entries
    }
}
