/// The records of a ZIP archive (APPNOTE 6.3.10) in the one form in which this program writes them.
///
/// Stored entries, UTF-8 names, sizes known beforehand, a data descriptor after each, a fixed time, no comments but the
/// marker at the end. The archive of the same files is the same bytes, and a reader can make it anew and compare.
enum ZipRecords {
    static let localSignature: UInt32 = 0x0403_4B50
    static let descriptorSignature: UInt32 = 0x0807_4B50
    static let centralSignature: UInt32 = 0x0201_4B50
    static let end64Signature: UInt32 = 0x0606_4B50
    static let locator64Signature: UInt32 = 0x0706_4B50
    static let endSignature: UInt32 = 0x0605_4B50

    /// Bit 3: sizes and checksum follow the data. Bit 11: names are UTF-8.
    static let flags: UInt16 = 1 << 3 | 1 << 11
    /// 1 January 1980, 00:00: the format's own zero.
    static let date: UInt16 = 0x0021
    /// Made on Unix (3) by version 4.5 of the format; a plain file that all may read.
    static let madeBy: UInt16 = 3 << 8 | 45
    static let attributes: UInt32 = 0o100644 << 16
    /// The archive's comment. A reader that sees it demands the one form, byte for byte.
    static let marker = Array("liuhen-dossier-v1".utf8)

    /// One entry.
    struct Entry: Hashable {
        let name: [UInt8]
        let offset: Int
        let size: Int
        var crc: UInt32 = 0
        var compressedSize: Int
        var method: UInt16 = 0
        var flags: UInt16 = ZipRecords.flags
        var attributes: UInt32 = ZipRecords.attributes

        init(name: [UInt8], offset: Int, size: Int) {
            self.name = name
            self.offset = offset
            self.size = size
            compressedSize = size
        }

        var hasLargeSize: Bool { size >= 0xFFFF_FFFF }
        var hasLargeOffset: Bool { offset >= 0xFFFF_FFFF }
    }

    static func local(_ entry: Entry) -> [UInt8] {
        var out = Output()
        out.put(localSignature)
        out.put(entry.hasLargeSize ? 45 as UInt16 : 20)
        out.put(flags)
        out.put(0 as UInt16)
        out.put(0 as UInt16)
        out.put(date)
        out.put(0 as UInt32)
        // Sizes follow the data; a large file announces here that they will be eight bytes long.
        out.put(entry.hasLargeSize ? 0xFFFF_FFFF as UInt32 : 0)
        out.put(entry.hasLargeSize ? 0xFFFF_FFFF as UInt32 : 0)
        out.put(UInt16(entry.name.count))
        out.put(entry.hasLargeSize ? 20 as UInt16 : 0)
        out.bytes += entry.name
        if entry.hasLargeSize {
            out.put(1 as UInt16)
            out.put(16 as UInt16)
            out.put(0 as UInt64)
            out.put(0 as UInt64)
        }
        return out.bytes
    }

    static func descriptor(_ entry: Entry) -> [UInt8] {
        var out = Output()
        out.put(descriptorSignature)
        out.put(entry.crc)
        if entry.hasLargeSize {
            out.put(UInt64(entry.size))
            out.put(UInt64(entry.size))
        } else {
            out.put(UInt32(entry.size))
            out.put(UInt32(entry.size))
        }
        return out.bytes
    }

    static func central(_ entry: Entry) -> [UInt8] {
        var extra = Output()
        if entry.hasLargeSize {
            extra.put(UInt64(entry.size))
            extra.put(UInt64(entry.size))
        }
        if entry.hasLargeOffset { extra.put(UInt64(entry.offset)) }
        var out = Output()
        out.put(centralSignature)
        out.put(madeBy)
        out.put(extra.bytes.isEmpty ? 20 as UInt16 : 45)
        out.put(flags)
        out.put(0 as UInt16)
        out.put(0 as UInt16)
        out.put(date)
        out.put(entry.crc)
        out.put(entry.hasLargeSize ? 0xFFFF_FFFF as UInt32 : UInt32(entry.size))
        out.put(entry.hasLargeSize ? 0xFFFF_FFFF as UInt32 : UInt32(entry.size))
        out.put(UInt16(entry.name.count))
        out.put(extra.bytes.isEmpty ? 0 as UInt16 : UInt16(extra.bytes.count + 4))
        out.put(0 as UInt16)
        out.put(0 as UInt16)
        out.put(0 as UInt16)
        out.put(attributes)
        out.put(entry.hasLargeOffset ? 0xFFFF_FFFF as UInt32 : UInt32(entry.offset))
        out.bytes += entry.name
        if !extra.bytes.isEmpty {
            out.put(1 as UInt16)
            out.put(UInt16(extra.bytes.count))
            out.bytes += extra.bytes
        }
        return out.bytes
    }

    static func end(count: Int, directorySize: Int, directoryOffset: Int) -> [UInt8] {
        var out = Output()
        let isLarge = count >= 0xFFFF || directorySize >= 0xFFFF_FFFF || directoryOffset >= 0xFFFF_FFFF
        if isLarge {
            out.put(end64Signature)
            out.put(44 as UInt64)
            out.put(madeBy)
            out.put(45 as UInt16)
            out.put(0 as UInt32)
            out.put(0 as UInt32)
            out.put(UInt64(count))
            out.put(UInt64(count))
            out.put(UInt64(directorySize))
            out.put(UInt64(directoryOffset))
            out.put(locator64Signature)
            out.put(0 as UInt32)
            out.put(UInt64(directoryOffset + directorySize))
            out.put(1 as UInt32)
        }
        out.put(endSignature)
        out.put(0 as UInt16)
        out.put(0 as UInt16)
        out.put(UInt16(min(count, 0xFFFF)))
        out.put(UInt16(min(count, 0xFFFF)))
        out.put(UInt32(min(directorySize, 0xFFFF_FFFF)))
        out.put(UInt32(min(directoryOffset, 0xFFFF_FFFF)))
        out.put(UInt16(marker.count))
        out.bytes += marker
        return out.bytes
    }

    /// Little-endian numbers, one after another.
    private struct Output {
        var bytes: [UInt8] = []

        mutating func put(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
    }
}
