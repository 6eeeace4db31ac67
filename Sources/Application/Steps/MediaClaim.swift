import Kernel

/// Whether a file that is said to be a film or a sound can be one at all, told from its first bytes.
///
/// It refuses what is certainly none, so that nobody leaves the screen believing that a session is recorded. It accepts
/// nothing: whether the file can be read is found by the inspection later, and the law goes by that.
public enum MediaClaim {
    /// How many first bytes are looked at.
    public static let byteCount = 64

    /// What is wrong with a file of this claimed media type, and what to do; nil where nothing speaks against it.
    public static func problem(mediaType: String, fileName: String, firstBytes: some Sequence<UInt8>) -> String? {
        let kind =
            mediaType.utf8.starts(with: "video/".utf8)
            ? "录像" : mediaType.utf8.starts(with: "audio/".utf8) ? "录音" : nil
        guard let kind else { return nil }
        let start = Array(firstBytes.prefix(byteCount))
        let fileName = fileName.shownBack
        let advice = "没有登记。请从设备里重新导出原始文件再上传；确实是文字材料的，请把文件名改回原来的类型。"
        if start.isEmpty { return "“\(fileName)”是空文件，不是\(kind)，\(advice)" }
        if isText(start) || start.starts(with: "%PDF-".utf8) || start.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            return "“\(fileName)”的内容不是\(kind)（开头是文字或者文档），\(advice)"
        }
        return nil
    }

    /// Printable text from the first byte on, in UTF-8 or ASCII: the containers of films and sounds begin with zero bytes,
    /// lengths or marks that are none, or with one of the few marks in letters.
    private static func isText(_ start: [UInt8]) -> Bool {
        let marks = ["RIFF", "OggS", "fLaC", "ID3", "#!AMR", "FLV", "FORM", "caff", "MAC "]
        if marks.contains(where: { start.starts(with: $0.utf8) }) { return false }
        // A box of ISO media: its name stands after four bytes of length.
        if start.dropFirst(4).starts(with: "ftyp".utf8) { return false }
        guard start.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }) else {
            return false
        }
        // The last character may be cut.
        return (0...2).contains { cut in
            cut < start.count && String(validating: start.dropLast(cut), as: UTF8.self) != nil
        }
    }
}
