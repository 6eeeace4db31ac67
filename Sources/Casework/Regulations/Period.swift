import Kernel

/// One turn of a duty that comes again.
struct Period: Hashable {
    /// Its name: `2026Q1`, `2026`, or the day on which the turn begins.
    let name: String
    /// The last instant of a quarter or year; for a turn, when it began.
    let end: Instant
    /// For a turn: the position of the record that began it.
    let after: Int?
    /// For a turn that begins with a text: when that takes force. What was done before is none of it.
    var notBefore: Instant?

    /// Whether a record can belong to it: it names a quarter or year, or comes after the turn began.
    func holds(_ record: Record, at position: Int) -> Bool {
        if let after { return position > after && notBefore.map { $0 <= record.happenedAt } ?? true }
        return record.word("period") == name
    }

    /// Whether a record comes after what it is for: a quarter or year that is over when it happens and when it is recorded.
    /// Turns begin with a record, whose place says it.
    func isOver(before record: Record) -> Bool {
        after != nil || end < record.happenedAt && end < record.recordedAt
    }
}

extension Recurrence {
    /// How many periods are counted at most: a hundred years of quarters.
    static let bound = 400

    /// Quarters or years that ended after `start` and not later than `asOf`; none for turns.
    func periods(after start: Instant, until asOf: Instant) -> [Period] {
        let months: Int
        switch self {
        case .quarter: months = 3
        case .year: months = 12
        case .days: return []
        }
        let parts = start.day.parts
        guard var first = CivilDay(year: parts.year, month: (parts.month - 1) / months * months + 1, day: 1) else {
            return []
        }
        var result: [Period] = []
        while result.count < Recurrence.bound {
            let next = first.advanced(byMonths: months)
            let end = Instant(startOf: next).advanced(byMilliseconds: -1)
            guard end < asOf else { break }
            let of = first.parts
            result.append(
                Period(name: months == 12 ? "\(of.year)" : "\(of.year)Q\((of.month + 2) / 3)", end: end, after: nil))
            first = next
        }
        return result
    }
}
