import Kernel

/// Key ids and roots as people read them from paper: lower-case hexadecimal in groups of four.
public enum PaperText {
    /// `9f86 d081 884c …`.
    public static func grouped(_ bytes: [UInt8]) -> String {
        stride(from: 0, to: bytes.count, by: 2)
            .map { Hex.encode(bytes[$0..<min($0 + 2, bytes.count)]) }
            .joined(separator: " ")
    }

    /// A root in sixteen groups of four.
    public static func grouped(_ root: Digest) -> String {
        grouped(root.bytes)
    }

    /// A key id in two groups of four.
    public static func grouped(_ id: KeyID) -> String {
        grouped(id.bytes)
    }

    /// Reads a root that somebody typed. Spaces, line breaks and hyphens are ignored, capitals and the wide digits and
    /// letters of Chinese input methods count as what they look like; nil unless 64 digits are left.
    public static func root(typed text: String) -> Digest? {
        var digits: [UInt8] = []
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x30...0x39, 0x61...0x66: digits.append(UInt8(scalar.value))
            case 0x41...0x46: digits.append(UInt8(scalar.value + 0x20))
            case 0xFF10...0xFF19: digits.append(UInt8(scalar.value - 0xFF10 + 0x30))
            case 0xFF21...0xFF26: digits.append(UInt8(scalar.value - 0xFF21 + 0x61))
            case 0xFF41...0xFF46: digits.append(UInt8(scalar.value - 0xFF41 + 0x61))
            case 0x09, 0x0A, 0x0D, 0x20, 0x2D, 0xA0, 0x3000: continue
            default: return nil
            }
        }
        return Hex.decode(digits).flatMap { Digest($0) }
    }

    /// Reads a number of entries that somebody typed, at least 1: spaces, commas and wide digits are allowed for.
    public static func count(typed text: String) -> Int64? {
        var digits: [UInt8] = []
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x30...0x39: digits.append(UInt8(scalar.value))
            case 0xFF10...0xFF19: digits.append(UInt8(scalar.value - 0xFF10 + 0x30))
            case 0x20, 0x2C, 0xA0, 0x3000, 0xFF0C: continue
            default: return nil
            }
        }
        return Decimal.digits(digits).flatMap { $0 > 0 ? Int64($0) : nil }
    }
}
