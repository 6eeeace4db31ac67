/// A day of the calendar, without a time zone: the number of days since 1970-01-01.
///
/// Terms of law run in days; arithmetic on integers cannot lose an hour to a time zone or a locale.
public struct CivilDay: Hashable, Sendable, Comparable {
    /// Days since 1970-01-01, negative before.
    public let number: Int32

    /// The day with this number.
    public init(number: Int32) {
        self.number = number
    }

    /// A day by year (1 to 9999), month and day of month; nil if there is no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= CivilDay.length(ofMonth: month, year: year)
        else { return nil }
        // Days from civil: years begin in March, so that the leap day is the last of its year.
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        number = Int32(era * 146_097 + dayOfEra - 719_468)
    }

    /// Year, month and day of month.
    public var parts: (year: Int, month: Int, day: Int) {
        let shifted = Int(number) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// Monday is 1, Sunday is 7.
    public var weekday: Int {
        // 1970-01-01 was a Thursday.
        let fromMonday = (Int(number) + 3) % 7
        return (fromMonday < 0 ? fromMonday + 7 : fromMonday) + 1
    }

    /// The day `days` later, or earlier when negative.
    public func advanced(by days: Int) -> CivilDay {
        CivilDay(number: number + Int32(days))
    }

    /// Days from `other` to this day.
    public func days(since other: CivilDay) -> Int {
        Int(number) - Int(other.number)
    }

    /// The number of days in a month.
    public static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        default: 31
        }
    }

    /// Day order.
    public static func < (left: CivilDay, right: CivilDay) -> Bool {
        left.number < right.number
    }
}

extension CivilDay: LosslessStringConvertible {
    /// `2026-11-20`.
    public var description: String {
        let parts = parts
        return
            "\(Decimal.padded(parts.year, to: 4))-\(Decimal.padded(parts.month, to: 2))-\(Decimal.padded(parts.day, to: 2))"
    }

    /// Reads `2026-11-20`, exactly ten characters; nil for anything else or for a day that does not exist.
    public init?(_ description: String) {
        let bytes = Array(description.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = Decimal.digits(bytes[0..<4]), let month = Decimal.digits(bytes[5..<7]),
            let day = Decimal.digits(bytes[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// `2026年11月20日`, as documents and pages write it.
    public var chinese: String {
        let parts = parts
        return "\(parts.year)年\(parts.month)月\(parts.day)日"
    }
}
