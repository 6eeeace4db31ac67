import Foundation

/// Text of a file that somebody saved on their own computer: UTF-8 with or without a mark, or GB18030, which
/// spreadsheets on Chinese Windows write.
struct FileText: Sendable, Hashable {
    let text: String
    /// How the bytes were read, for whoever wonders about wrong characters.
    let encoding: Encoding

    enum Encoding: String, Sendable {
        case utf8 = "UTF-8"
        case gb18030 = "GB18030"
    }

    /// GB 18030 by its number in Core Foundation (0x0632), marked as such.
    private static let gb18030 = String.Encoding(rawValue: 0x8000_0632)

    /// Nil for bytes that are text in neither.
    init?(_ bytes: [UInt8]) {
        var bytes = bytes[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        // UTF-16 with a mark, and binary files such as .xlsx, have bytes of zero.
        guard !bytes.contains(0) else { return nil }
        if let text = String(validating: bytes, as: UTF8.self) {
            (self.text, encoding) = (text.precomposedStringWithCanonicalMapping, .utf8)
        } else if let text = String(data: Data(bytes), encoding: Self.gb18030),
            !text.unicodeScalars.contains("\u{FFFD}")
        {
            (self.text, encoding) = (text.precomposedStringWithCanonicalMapping, .gb18030)
        } else {
            return nil
        }
    }
}
