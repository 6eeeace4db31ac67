import Kernel

/// A year's public holidays and make-up working days, as the State Council's notice gives them.
public struct HolidayYear: Hashable, Sendable {
    public var year: Int
    /// From 1; a year whose days were changed after its notice is the next version.
    public var version: Int
    /// The notice with its number, in Chinese.
    public var source: String
    /// Holidays in order.
    public var holidays: [Holiday]

    /// One holiday with its days off and the weekend days worked for it (调休).
    public struct Holiday: Hashable, Sendable {
        public var name: String
        public var from: CivilDay
        public var to: CivilDay
        public var makeUp: [CivilDay]

        /// Its days off in order; none if it ends before it begins.
        public var days: [CivilDay] {
            from <= to ? (0...to.days(since: from)).map { from.advanced(by: $0) } : []
        }

        /// A holiday.
        public init(name: String, from: CivilDay, to: CivilDay, makeUp: [CivilDay] = []) {
            self.name = name
            self.from = from
            self.to = to
            self.makeUp = makeUp
        }
    }

    /// A year.
    public init(year: Int, version: Int = 1, source: String, holidays: [Holiday]) {
        self.year = year
        self.version = version
        self.source = source
        self.holidays = holidays
    }
}

/// Which days are worked. A year without a table counts Monday to Friday, and every term counted in it says so.
public struct WorkingDays: Hashable, Sendable {
    private var off: Set<CivilDay> = []
    private var worked: Set<CivilDay> = []
    /// Years with a table.
    public private(set) var years: Set<Int> = []
    /// What counts for acts before a day, earliest first: days as they were adopted then.
    var earlier: [Earlier] = []

    /// Tables of several years.
    public init(years tables: [HolidayYear] = []) {
        for table in tables {
            years.insert(table.year)
            for holiday in table.holidays {
                off.formUnion(holiday.days)
                worked.formUnion(holiday.makeUp)
            }
        }
    }

    /// Days that count for acts before `until`.
    struct Earlier: Hashable, Sendable {
        let until: CivilDay
        let days: WorkingDays
    }

    /// Whether the day is worked.
    public func isWorked(_ day: CivilDay) -> Bool {
        if worked.contains(day) { return true }
        if off.contains(day) { return false }
        return day.weekday <= 5
    }

    /// The number of days worked in a year.
    public func count(in year: Int) -> Int {
        guard let first = CivilDay(year: year, month: 1, day: 1), let last = CivilDay(year: year, month: 12, day: 31)
        else { return 0 }
        return (0...last.days(since: first)).count { isWorked(first.advanced(by: $0)) }
    }

    /// Whether the day is off by the year's table; false in a year without one.
    public func isHoliday(_ day: CivilDay) -> Bool { off.contains(day) }

    /// Whether an instant lies in any of these hours, in China time.
    func isIn(_ hours: [Condition.Hours], _ instant: Instant) -> Bool {
        hours.contains { one in
            switch one {
            case .holiday: return isHoliday(instant.day)
            case .night:
                let hour = instant.milliseconds(since: Instant(startOf: instant.day)) / 3_600_000
                return hour < 6 || hour >= 22
            }
        }
    }

    /// Whether the day's year has a table.
    public func knows(_ day: CivilDay) -> Bool { years.contains(day.parts.year) }
}
