import Kernel

/// A year's table as a bureau adopted it.
public struct AdoptedCalendar: Hashable, Sendable {
    /// The day of its adoption.
    public let day: CivilDay
    public let table: HolidayYear

    /// A table from the day of its adoption.
    public init(day: CivilDay, table: HolidayYear) {
        self.day = day
        self.table = table
    }
}

extension WorkingDays {
    /// Tables in the order in which a bureau adopted them (design, invariant 6).
    ///
    /// A term is counted by the tables that were adopted on the day of the act that began it, and ends under them: a table
    /// that was changed later counts for acts from the day of its adoption on. A year of which nothing was adopted yet
    /// takes its first table, whenever that came.
    public init(adopted: [AdoptedCalendar]) {
        self.init(years: WorkingDays.tables(of: adopted, for: nil))
        var seen: Set<Int> = []
        let changes = Set(adopted.filter { !seen.insert($0.table.year).inserted }.map(\.day))
        earlier = changes.sorted().map { day in
            Earlier(
                until: day,
                days: WorkingDays(years: WorkingDays.tables(of: adopted, for: day.advanced(by: -1))))
        }
    }

    /// The days that count for an act of this day; the newest where the day is not known.
    func forAct(on day: CivilDay?) -> WorkingDays {
        guard let day, !earlier.isEmpty else { return self }
        return earlier.first { day < $0.until }?.days ?? self
    }

    /// The table of each year that counts for acts of a day; of the newest for nil.
    private static func tables(of adopted: [AdoptedCalendar], for day: CivilDay?) -> [HolidayYear] {
        var chosen: [Int: HolidayYear] = [:]
        for one in adopted where chosen[one.table.year] == nil || day.map({ one.day <= $0 }) ?? true {
            chosen[one.table.year] = one.table
        }
        return chosen.values.sorted { $0.year < $1.year }
    }
}
