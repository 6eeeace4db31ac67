import Application
import Glibc
import Kernel

/// What a running clock did, kept over a new start (design section 5, "Clock"): a clock that leapt stops recording until
/// two persons have looked at it, and ending the program is not looking.
///
/// The mark is a file beside the ledger: the log that was open, how many entries it had, what the clock did, by how many
/// milliseconds, and what it said then. Only `clock.resumed` can be appended while it stands, so a mark of another log or size is
/// spent: whoever dies between that entry and the removal of the mark finds it spent at the next start.
struct ClockStopMark: Hashable {
    let log: Int
    let size: Int64
    let verdict: ClockRule.Verdict
    /// What the clock said; nil in a mark of an earlier program, and in one that cannot be read.
    let at: Instant?

    /// The file of a ledger's mark.
    static func path(in directory: String) -> String { directory + "/clock-stopped" }

    /// The mark of a directory; nil where none is, or it is spent.
    ///
    /// A file that cannot be read is a mark too: nobody else writes there.
    init?(in directory: String, log: Int, size: Int64) {
        let path = ClockStopMark.path(in: directory)
        guard access(path, F_OK) == 0 else { return nil }
        let bytes = try? FileSource(path).read(200)
        let read = bytes.flatMap { ClockStopMark(text: String(decoding: $0, as: UTF8.self)) }
        if let read, read.log != log || read.size != size { return nil }
        self = read ?? ClockStopMark(log: log, size: size, verdict: .back(0), at: nil)
    }

    init(log: Int, size: Int64, verdict: ClockRule.Verdict, at: Instant?) {
        self.log = log
        self.size = size
        self.verdict = verdict
        self.at = at
    }

    /// Reads what `text` writes.
    private init?(text: String) {
        let words = text.split(whereSeparator: { $0 == " " || $0 == "\n" })
        // Four words are a mark of an earlier program, which did not keep the reading.
        guard (4...5).contains(words.count), let log = Int(words[0]), let size = Int64(words[1]),
            let far = Int64(words[3])
        else { return nil }
        let at = words.count == 5 ? Int64(words[4]).map { Instant(milliseconds: $0) } : nil
        guard words.count == 4 || at != nil else { return nil }
        switch words[2] {
        case "back": self.init(log: log, size: size, verdict: .back(far), at: at)
        case "ahead": self.init(log: log, size: size, verdict: .ahead(far), at: at)
        default: return nil
        }
    }

    private var text: String {
        let what =
            switch verdict {
            case .fit: "fit 0"
            case .back(let far): "back \(far)"
            case .ahead(let far): "ahead \(far)"
            }
        return "\(log) \(size) \(what)" + (at.map { " \($0.milliseconds)" } ?? "") + "\n"
    }

    /// Writes the mark, durably. On a disk that takes nothing the stop lasts as long as the program.
    func write(in directory: String) throws(SystemError) {
        try Directory.write(Array(text.utf8), to: ClockStopMark.path(in: directory))
    }

    /// Removes the mark of a directory.
    static func remove(in directory: String) {
        unlink(path(in: directory))
    }
}
