/// One integer for a place in the logs of a bureau: `(log − 1) · 2^44 + number`.
///
/// In the first log, which most bureaus never leave, it is the number itself, so that whoever opens the file with
/// `sqlite3` reads plain indices. Entries are numbered by leaf index, hashes by `StoredHash`, heads by size.
struct Position: Hashable, Comparable {
    let value: Int64

    private static let bits: Int64 = 44

    init(log: Int, number: Int64) {
        value = Int64(log - 1) << Position.bits | number
    }

    init(value: Int64) {
        self.value = value
    }

    /// The log, from 1.
    var log: Int { Int(value >> Position.bits) + 1 }
    /// The number within the log.
    var number: Int64 { value & (1 << Position.bits - 1) }

    /// The positions of a whole log.
    static func all(of log: Int) -> ClosedRange<Int64> {
        Position(log: log, number: 0).value...Position(log: log, number: 1 << bits - 1).value
    }

    static func < (left: Position, right: Position) -> Bool { left.value < right.value }
}
