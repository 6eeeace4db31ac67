/// What a file that is no film and no sound is, told from the end of its name and its first bytes, which have to agree.
enum FileForm: Hashable {
    /// A picture that readers show.
    case picture
    /// PDF, plain text, or a named format of offices.
    case paper
    /// Bytes that nobody here reads, as devices write them in formats of their own.
    case deviceOwn
    /// What nobody can show: web pages, scripts, programs, archives, nothing at all.
    case unknown

    init(fileName: String, mediaType: String, start: [UInt8]) {
        let ending =
            fileName.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last?.lowercased() ?? ""
        let isText = MediaClaim.isText(start)
        func begins(_ signatures: [UInt8]...) -> Bool { signatures.contains { start.starts(with: $0) } }
        let zip: [UInt8] = [0x50, 0x4B, 0x03, 0x04]
        let compound: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0]
        let isPicture =
            begins(
                [0xFF, 0xD8, 0xFF], [0x89, 0x50, 0x4E, 0x47], Array("GIF8".utf8), Array("BM".utf8),
                [0x49, 0x49, 0x2A, 0x00], [0x4D, 0x4D, 0x00, 0x2A])
            || begins(Array("RIFF".utf8)) && start.dropFirst(8).starts(with: "WEBP".utf8)
            || start.dropFirst(4).starts(with: "ftyp".utf8) && mediaType.utf8.starts(with: "image/".utf8)
        if isPicture, !isText {
            self = .picture
        } else if begins(Array("%PDF-".utf8)) {
            self = .paper
        } else if isText {
            self = ["txt", "csv", "log", "eml"].contains(ending) && !Self.isMarkup(start) ? .paper : .unknown
        } else if ["docx", "xlsx", "pptx", "wps", "et", "dps", "ofd"].contains(ending), begins(zip) {
            self = .paper
        } else if ["doc", "xls", "ppt", "wps", "et", "dps"].contains(ending), begins(compound) {
            self = .paper
        } else {
            let isOther = begins(
                zip, compound, Array("MZ".utf8), [0x7F, 0x45, 0x4C, 0x46], Array("Rar!".utf8),
                [0x37, 0x7A, 0xBC, 0xAF],
                [0x1F, 0x8B])
            self =
                start.isEmpty || isOther || mediaType.utf8.starts(with: "image/".utf8)
                    || mediaType.utf8.starts(with: "text/".utf8) ? .unknown : .deviceOwn
        }
    }

    /// Text that a browser would take for a page or a script, whatever the name says.
    private static func isMarkup(_ start: [UInt8]) -> Bool {
        start.first { $0 > 0x20 && !(0xBB...0xEF).contains($0) } == UInt8(ascii: "<")
    }
}
