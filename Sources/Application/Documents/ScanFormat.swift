/// What a scan of a signed sheet may be, told from its first bytes and never from what a sender says of it.
public enum ScanFormat: String, Hashable, Sendable, CaseIterable {
    /// JFIF and Exif files: SOI and the first byte of a marker (ISO/IEC 10918-1).
    case jpeg = "image/jpeg"
    /// The eight bytes of the PNG signature (RFC 2083 section 3.1).
    case png = "image/png"
    /// `%PDF-` at the very beginning (ISO 32000-1, 7.5.2); readers that look further are not imitated.
    case pdf = "application/pdf"

    /// How many bytes `init(firstBytes:)` looks at.
    public static let byteCount = 8

    /// Nil for anything else, also for files that are too short.
    public init?(firstBytes bytes: some Sequence<UInt8>) {
        let start = Array(bytes.prefix(ScanFormat.byteCount))
        guard let format = ScanFormat.allCases.first(where: { start.starts(with: $0.signature) }) else { return nil }
        self = format
    }

    /// What the name of such a file ends with.
    public var fileExtension: String {
        switch self {
        case .jpeg: "jpg"
        case .png: "png"
        case .pdf: "pdf"
        }
    }

    /// The bytes that a file of this format begins with.
    public var signature: [UInt8] {
        switch self {
        case .jpeg: [0xFF, 0xD8, 0xFF]
        case .png: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        case .pdf: Array("%PDF-".utf8)
        }
    }

    /// What to say to whoever uploads something else.
    public static let refusal = "扫描件只收 JPEG、PNG 图片和 PDF 文件，这个文件是别的格式或者已损坏。请在扫描仪或者手机上另存为 JPEG 或 PDF 再上传。"
}
