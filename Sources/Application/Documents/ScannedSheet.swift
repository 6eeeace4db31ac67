/// Whether a scan can be read at all: whole, and large enough to show a signed sheet.
///
/// It looks at the structure that the format prescribes and at the size the file states, never at the picture itself.
public enum ScannedSheet {
    /// The least number of pixels along the longer side: an A4 sheet at about 75 dots an inch.
    public static let leastLongSide = 800
    /// The least number of pixels along the shorter side.
    public static let leastShortSide = 500

    /// What is wrong with the file and what to do, in Chinese; nil if it can be read.
    public static func problem(_ bytes: [UInt8]) -> String? {
        guard let format = ScanFormat(firstBytes: bytes) else { return ScanFormat.refusal }
        let size: (width: Int, height: Int)?
        switch format {
        case .png: size = png(bytes)
        case .jpeg: size = jpeg(bytes)
        case .pdf: return isWholePDF(bytes) ? nil : broken
        }
        guard let size else { return broken }
        guard max(size.width, size.height) >= leastLongSide, min(size.width, size.height) >= leastShortSide else {
            return "图片只有 \(size.width)×\(size.height) 像素，看不清签名。长边至少 \(leastLongSide) 像素、短边至少 \(leastShortSide) 像素，"
                + "请重新扫描或者拍照，把整页拍进去。"
        }
        return nil
    }

    static let broken = "这个文件不完整或者已损坏，打不开。请重新扫描或者拍照，另存为 JPEG、PNG 或 PDF 后再上传。"

    /// Chunks from `IHDR` to `IEND` without a gap, with image data between (RFC 2083 section 3.2 and 4.1).
    private static func png(_ bytes: [UInt8]) -> (width: Int, height: Int)? {
        func number(_ at: Int) -> Int? {
            guard at + 4 <= bytes.count else { return nil }
            return bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        var position = ScanFormat.png.signature.count
        var size: (width: Int, height: Int)?
        var hasData = false
        while let length = number(position), position + 12 + length <= bytes.count {
            let body = position + 8
            switch Array(bytes[position + 4..<body]) {
            case Array("IHDR".utf8):
                guard size == nil, length == 13, let width = number(body), let height = number(body + 4) else {
                    return nil
                }
                size = (width, height)
            case Array("IDAT".utf8): hasData = hasData || length > 0
            case Array("IEND".utf8): return hasData ? size : nil
            default: break
            }
            position = body + length + 4
        }
        return nil
    }

    /// Marker segments up to the start of the scan, with a frame header among them, and the end marker after it
    /// (ISO/IEC 10918-1 annex B).
    private static func jpeg(_ bytes: [UInt8]) -> (width: Int, height: Int)? {
        var position = 2
        var size: (width: Int, height: Int)?
        while position + 4 <= bytes.count, bytes[position] == 0xFF {
            let marker = bytes[position + 1]
            if marker == 0xFF {
                position += 1
                continue
            }
            let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
            guard length >= 2, position + 2 + length <= bytes.count else { return nil }
            // Frame headers; C4, C8 and CC are tables of other kinds.
            if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker), length >= 8 {
                let at = position + 5
                size = (
                    Int(bytes[at + 2]) << 8 | Int(bytes[at + 3]), Int(bytes[at]) << 8 | Int(bytes[at + 1])
                )
            }
            position += 2 + length
            if marker == 0xDA { return endsWithMarker(bytes, after: position) ? size : nil }
        }
        return nil
    }

    /// Whether the end marker stands somewhere after the picture began; telephones append data of their own.
    private static func endsWithMarker(_ bytes: [UInt8], after start: Int) -> Bool {
        guard start + 2 <= bytes.count else { return false }
        return bytes.indices.dropLast().reversed().prefix { $0 >= start }
            .contains { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xD9 }
    }

    /// The table of objects and the end mark in the last kilobytes (ISO 32000-1, 7.5.5).
    private static func isWholePDF(_ bytes: [UInt8]) -> Bool {
        let tail = bytes.suffix(2048)
        return ["startxref", "%%EOF"].allSatisfy { word in
            let word = Array(word.utf8)
            return tail.indices.dropLast(word.count - 1).contains { tail[$0...].starts(with: word) }
        }
    }
}
