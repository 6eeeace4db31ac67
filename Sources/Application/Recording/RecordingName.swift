/// What a recording is called where the name of its file may not stand.
enum RecordingName {
    /// `音像资料 3.mp4`: a number, and of the file's own name nothing but a short ending of letters and digits.
    static func neutral(_ number: Int, like fileName: String?) -> String {
        let ending = fileName.map { Array($0.utf8) }?.split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard let last = ending?.last, (ending?.count ?? 0) > 1, (1...4).contains(last.count),
            last.allSatisfy({ isLetterOrDigit($0) })
        else { return "音像资料 \(number)" }
        return "音像资料 \(number).\(String(decoding: last, as: UTF8.self))"
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
