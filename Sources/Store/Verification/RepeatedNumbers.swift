import Kernel

/// Finds numbers that were given to two documents of one kind and year (ADR 0070).
struct RepeatedNumbers {
    let connection: Connection

    /// Each issue after the first that has the number of one before it, in the order of the log.
    func findings(_ issued: [RangeCheck.Numbered]) throws -> [LedgerFinding] {
        // Kinds are numbered apart. Which kind it is stands in another entry, read only where a number comes twice at all.
        var groups: [[Int64]: [RangeCheck.Numbered]] = [:]
        for one in issued { groups[[one.year, one.number], default: []].append(one) }
        var found: [LedgerFinding.NumberTwice] = []
        let numbers = IssuedNumbers(connection: connection)
        for group in groups.values where group.count > 1 {
            var firsts: [String: LedgerFinding.Place] = [:]
            for one in group.sorted(by: { Self.isBefore($0.place, $1.place) }) {
                // A text that is gone is named as such elsewhere.
                guard let kind = try numbers.kind(fixedIn: one.place.thread, one.fixed) else { continue }
                guard let first = firsts[kind] else {
                    firsts[kind] = one.place
                    continue
                }
                found.append(
                    .init(
                        kind: kind, year: Int(one.year), number: Int(one.number), text: try text(of: one.place),
                        first: first, again: one.place))
            }
        }
        return found.sorted { Self.isBefore($0.again, $1.again) }.map { .number($0) }
    }

    private static func isBefore(_ left: LedgerFinding.Place, _ right: LedgerFinding.Place) -> Bool {
        (left.log, left.index) < (right.log, right.index)
    }

    /// The number as it is printed.
    private func text(of place: LedgerFinding.Place) throws -> String? {
        let value = try connection.first(
            "SELECT value FROM opening WHERE position = ? AND name = 'numberText'", .position(place.log, place.index),
            row: { $0.bytes(0) })
        return value.flatMap { try? JSON(canonical: $0) }?.string
    }
}
