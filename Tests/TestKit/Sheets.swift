/// The smallest files that a scanner could have made: whole by structure, with nothing on them.
public enum Sheets {
    /// A picture in PNG of this size.
    public static func png(width: Int = 1240, height: Int = 1754) -> [UInt8] {
        var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        bytes += chunk("IHDR", number(width) + number(height) + [8, 0, 0, 0, 0] as [UInt8])
        bytes += chunk("IDAT", [0x78, 0x9C, 0x03, 0, 0, 0, 0, 1])
        bytes += chunk("IEND", [])
        return bytes
    }

    /// A picture in JPEG of this size.
    public static func jpeg(width: Int = 1240, height: Int = 1754) -> [UInt8] {
        var bytes: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16]
        bytes += Array("JFIF".utf8)
        bytes += [0, 1, 1, 0, 0, 1, 0, 1, 0, 0] as [UInt8]
        bytes += [0xFF, 0xC0, 0, 11, 8] as [UInt8]
        bytes += number(height).suffix(2)
        bytes += number(width).suffix(2)
        bytes += [1, 1, 0x11, 0] as [UInt8]
        bytes += [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x12, 0x34, 0xFF, 0xD9] as [UInt8]
        return bytes
    }

    /// A PDF without pages.
    public static let pdf = Array("%PDF-1.4\n%fake\ntrailer\n<< >>\nstartxref\n9\n%%EOF".utf8)

    private static func number(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
        var bytes = number(body.count)
        bytes += Array(name.utf8)
        bytes += body
        bytes += [0, 0, 0, 0] as [UInt8]
        return bytes
    }
}
