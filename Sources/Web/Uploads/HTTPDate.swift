import Kernel

/// The date form of HTTP, IMF-fixdate (RFC 9110 section 5.6.7, RFC 7231 section 7.1.1.1).
enum HTTPDate {
    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Wed, 25 Jun 2014 16:00:00 GMT`; a fraction of a second is left out.
    static func text(_ instant: Instant) -> String {
        // In UTC; an instant's own calendar is China's.
        let utc = instant.advanced(byMilliseconds: -Instant.chinaOffset)
        let (year, month, day) = utc.day.parts
        let time = utc.timeOfDay
        // Day 0, 1970-01-01, was a Thursday.
        let weekday = weekdays[((Int(utc.day.number) + 3) % 7 + 7) % 7]
        return "\(weekday), \(Decimal.padded(day, to: 2)) \(months[month - 1]) \(Decimal.padded(year, to: 4)) "
            + "\(Decimal.padded(time.hour, to: 2)):\(Decimal.padded(time.minute, to: 2)):"
            + "\(Decimal.padded(time.second, to: 2)) GMT"
    }
}
