import Kernel

/// Whether a file can be what it is said to be, and whether anybody can show it, told from its name and first bytes.
///
/// It refuses what is certainly none, so that nobody leaves the screen believing that a session is recorded. It accepts
/// nothing: whether the file can be read is found by the inspection later, and the law goes by that.
public enum MediaClaim {
    /// How many first bytes are looked at.
    public static let byteCount = 64

    /// What is wrong with a file of this claimed media type, and what to do; nil where nothing speaks against it.
    ///
    /// A film, a sound or a picture has a reader, and so have PDF, plain text and the named formats of offices. What a recording
    /// device writes in a format of its own is its original and is kept; anything else could be shown to nobody, and what is
    /// registered cannot be taken back.
    ///
    /// - Parameter device: a word of `ImportRecording.devices`.
    public static func problem(
        mediaType: String, fileName: String, firstBytes: some Sequence<UInt8>, device: String
    ) -> String? {
        let start = Array(firstBytes.prefix(byteCount))
        if let problem = problem(mediaType: mediaType, fileName: fileName, firstBytes: start) { return problem }
        if ["video/", "audio/"].contains(where: { mediaType.utf8.starts(with: $0.utf8) }) { return nil }
        let form = FileForm(fileName: fileName, mediaType: mediaType, start: start)
        let fileName = fileName.shownBack
        switch form {
        case .picture: return nil
        case .paper where device == "recorder":
            return "“\(fileName)”是文档，不是执法记录仪记录的。没有登记。请在“用什么设备记录的”里选择扫描仪或者其他。"
        case .paper: return nil
        case .deviceOwn where ["recorder", "camera", "phone"].contains(device): return nil
        case .deviceOwn, .unknown:
            return
                "“\(fileName)”没有办法打开给人看，没有登记。请换成通用格式再上传：照片用 JPEG、PNG，文件用 PDF、Word、Excel、WPS、OFD 或者纯文本（.txt），压缩包先解压，网页打印成 PDF。"
        }
    }

    /// What is wrong with a file that is said to be a film or a sound.
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
    static func isText(_ start: [UInt8]) -> Bool {
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
