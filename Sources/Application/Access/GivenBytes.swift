/// Which bytes of a thing were given out in a look, whatever the order and however often.
///
/// A thing counts as read when at least half of its bytes were given out (ADR 0052). Viewers fetch what they show, so the
/// whole cannot be asked for; a byte is nobody's reading.
struct GivenBytes: Hashable, Sendable {
    /// Apart from one another, in order.
    private(set) var ranges: [Range<Int64>] = []
    /// How many bytes the thing has; 0 until something was given out.
    private(set) var size: Int64 = 0

    /// Whoever asks for more pieces than this one by one reads nothing; what is beyond is not counted.
    private static let limit = 4096

    /// How many different bytes were given out.
    var count: Int64 { ranges.reduce(0) { $0 + Int64($1.count) } }

    /// Whether it counts as read.
    var isRead: Bool { size > 0 && count >= (size + 1) / 2 }

    mutating func add(_ range: Range<Int64>, of size: Int64) {
        self.size = size
        let range = range.clamped(to: 0..<max(0, size))
        guard !range.isEmpty else { return }
        // Those that touch it become one with it.
        let first = ranges.firstIndex { $0.upperBound >= range.lowerBound } ?? ranges.endIndex
        let last = ranges[first...].firstIndex { $0.lowerBound > range.upperBound } ?? ranges.endIndex
        guard first < last || ranges.count < GivenBytes.limit else { return }
        let lower = ranges[first..<last].first.map { min($0.lowerBound, range.lowerBound) } ?? range.lowerBound
        let upper = ranges[first..<last].last.map { max($0.upperBound, range.upperBound) } ?? range.upperBound
        ranges.replaceSubrange(first..<last, with: [lower..<upper])
    }
}
