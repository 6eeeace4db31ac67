import Kernel

/// A term's length with its numbers known.
public enum TermLength: Hashable, Sendable {
    /// Clock hours.
    case hours(Int)
    /// Natural days.
    case days(Int)
    /// Working days.
    case workingDays(Int)
    /// Months.
    case months(Int)
    /// To the end of this day.
    case until(CivilDay)

    /// As pages write it.
    public var chinese: String {
        switch self {
        case .hours(let count): "\(count)小时"
        case .days(let count): "\(count)日"
        case .workingDays(let count): "\(count)个工作日"
        case .months(let count): "\(count)个月"
        case .until(let day): "至\(day.chinese)"
        }
    }
}

extension WorkingDays {
    /// Counts a term.
    ///
    /// Hours end to the second, the due instant itself in time. For days and months the first day is not counted and the
    /// end is 24:00 China time (Civil Procedure Law art. 85); `roll` moves an end on a day off to the next working day.
    public func sum(of length: TermLength, from start: Instant, roll: Bool) -> TermSum {
        let day = start.day
        switch length {
        case .hours(let count):
            let due = start.advanced(byMilliseconds: Int64(count) * 3_600_000)
            return TermSum(
                start: start, length: length.chinese, firstCounted: nil, countedEnd: nil, lastDay: nil, due: due,
                lateFrom: due.advanced(byMilliseconds: 1), yearsWithoutCalendar: [])
        case .days(let count):
            return ending(on: day.advanced(by: count), length: length, start: start, roll: roll)
        case .workingDays(let count):
            return ending(on: workingDay(count, after: day), length: length, start: start, roll: roll, counted: day)
        case .months(let count):
            return ending(on: day.advanced(byMonths: count), length: length, start: start, roll: roll)
        case .until(let last):
            return ending(on: last, length: length, start: start, roll: roll)
        }
    }

    /// A term that begins where another ends: the last day of that one is not counted.
    func sum(of length: TermLength, after before: TermSum, roll: Bool) -> TermSum {
        var next = sum(of: length, from: before.due, roll: roll)
        next.preceding = before.preceding + [before.chinese]
        next.yearsWithoutCalendar = Set(before.yearsWithoutCalendar + next.yearsWithoutCalendar).sorted()
        return next
    }

    /// The `count`th working day after `day`.
    public func workingDay(_ count: Int, after day: CivilDay) -> CivilDay {
        var result = day
        var left = count
        while left > 0 {
            result = result.advanced(by: 1)
            if isWorked(result) { left -= 1 }
        }
        return result
    }

    private func ending(
        on end: CivilDay, length: TermLength, start: Instant, roll: Bool, counted from: CivilDay? = nil
    ) -> TermSum {
        var last = end
        if roll { while !isWorked(last) { last = last.advanced(by: 1) } }
        // Without roll only a count of working days depends on the calendar.
        var asked: [Int] = []
        if roll || from != nil {
            let first = (from?.advanced(by: 1) ?? end).parts.year
            asked = Array(first...max(first, last.parts.year)).filter { !years.contains($0) }
        }
        let lateFrom = Instant(startOf: last.advanced(by: 1))
        // Of working days the first that counts is the first that is worked.
        let first: CivilDay
        if case .workingDays(1...) = length {
            first = workingDay(1, after: start.day)
        } else {
            first = start.day.advanced(by: 1)
        }
        return TermSum(
            start: start, length: length.chinese, firstCounted: first, countedEnd: end, lastDay: last,
            due: lateFrom.advanced(byMilliseconds: -1), lateFrom: lateFrom, yearsWithoutCalendar: asked)
    }
}

extension CivilDay {
    /// The corresponding day `months` later, or the last of that month (民法典 art. 202).
    public func advanced(byMonths months: Int) -> CivilDay {
        let parts = parts
        let index = parts.year * 12 + (parts.month - 1) + months
        let year = index / 12
        let month = index % 12 + 1
        let day = min(parts.day, CivilDay.length(ofMonth: month, year: year))
        return CivilDay(year: year, month: month, day: day) ?? self
    }
}
