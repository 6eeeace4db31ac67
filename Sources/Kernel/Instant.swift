/// A point in time: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// Pages and documents show China time (UTC+8, no daylight saving); nothing else in the program has a time zone.
public struct Instant: Hashable, Sendable, Comparable {
    /// Milliseconds since the epoch.
    public let milliseconds: Int64

    /// The instant at this number of milliseconds.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// China's offset from UTC in milliseconds.
    public static let chinaOffset: Int64 = 8 * 3_600_000

    /// 00:00 China time at the start of `day`.
    public init(startOf day: CivilDay) {
        milliseconds = Int64(day.number) * 86_400_000 - Instant.chinaOffset
    }

    /// A China time of day; hour 24 is the start of the next day.
    public init(_ day: CivilDay, hour: Int, minute: Int = 0, second: Int = 0) {
        milliseconds = Instant(startOf: day).milliseconds + Int64((hour * 60 + minute) * 60 + second) * 1000
    }

    /// The China day that this instant falls on.
    public var day: CivilDay {
        CivilDay(number: Int32((milliseconds + Instant.chinaOffset).floorDivided(by: 86_400_000)))
    }

    /// China time of day: hour, minute, second, millisecond.
    public var timeOfDay: (hour: Int, minute: Int, second: Int, millisecond: Int) {
        let rest = Int(milliseconds - Instant(startOf: day).milliseconds)
        return (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60, rest % 1000)
    }

    /// The instant `milliseconds` later, or earlier when negative.
    public func advanced(byMilliseconds milliseconds: Int64) -> Instant {
        Instant(milliseconds: self.milliseconds + milliseconds)
    }

    /// Milliseconds from `other` to this instant.
    public func milliseconds(since other: Instant) -> Int64 {
        milliseconds - other.milliseconds
    }

    /// Time order.
    public static func < (left: Instant, right: Instant) -> Bool {
        left.milliseconds < right.milliseconds
    }
}

extension Instant: LosslessStringConvertible {
    /// RFC 3339 in China time: `2026-11-20T09:05:00+08:00`, with `.123` only where milliseconds are not zero.
    public var description: String {
        let time = timeOfDay
        let fraction = time.millisecond == 0 ? "" : ".\(Decimal.padded(time.millisecond, to: 3))"
        return "\(day)T\(Decimal.padded(time.hour, to: 2)):\(Decimal.padded(time.minute, to: 2)):"
            + "\(Decimal.padded(time.second, to: 2))\(fraction)+08:00"
    }

    /// Reads RFC 3339 with any offset, seconds optional (as HTML forms send it), a fraction of one to three digits.
    /// Without an offset it is China time. Nil for anything else.
    public init?(_ description: String) {
        var rest = Array(description.utf8)[...]
        guard let day = rest.takeText(10).flatMap({ CivilDay($0) }), let separator = rest.popFirst(),
            separator == UInt8(ascii: "T") || separator == UInt8(ascii: "t") || separator == UInt8(ascii: " "),
            let hour = rest.takeDigits(2), rest.take(UInt8(ascii: ":")), let minute = rest.takeDigits(2),
            hour < 24, minute < 60
        else { return nil }
        var second = 0
        var millisecond = 0
        if rest.take(UInt8(ascii: ":")) {
            guard let value = rest.takeDigits(2), value < 60 else { return nil }
            second = value
            if rest.take(UInt8(ascii: ".")) {
                let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                guard (1...3).contains(digits.count), let value = Decimal.digits(digits) else { return nil }
                millisecond = value * [100, 10, 1][digits.count - 1]
                rest = rest.dropFirst(digits.count)
            }
        }
        var offset = Instant.chinaOffset
        if let sign = rest.popFirst() {
            switch sign {
            case UInt8(ascii: "Z"), UInt8(ascii: "z"):
                offset = 0
            case UInt8(ascii: "+"), UInt8(ascii: "-"):
                guard let hours = rest.takeDigits(2), rest.take(UInt8(ascii: ":")), let minutes = rest.takeDigits(2),
                    hours < 24, minutes < 60
                else { return nil }
                offset = Int64(hours * 60 + minutes) * 60_000 * (sign == UInt8(ascii: "-") ? -1 : 1)
            default:
                return nil
            }
        }
        guard rest.isEmpty else { return nil }
        let clock = Int64((hour * 60 + minute) * 60 + second) * 1000 + Int64(millisecond)
        milliseconds = Int64(day.number) * 86_400_000 + clock - offset
    }

    /// `2026年11月20日 09:05`, as pages write it.
    public var chinese: String {
        "\(day.chinese) \(clock)"
    }

    /// `2026年11月20日 09:05:07`, where a minute is too much.
    public var chineseToTheSecond: String {
        "\(chinese):\(Decimal.padded(timeOfDay.second, to: 2))"
    }

    /// `09:05`.
    public var clock: String {
        let time = timeOfDay
        return "\(Decimal.padded(time.hour, to: 2)):\(Decimal.padded(time.minute, to: 2))"
    }
}

extension Int64 {
    /// Division that rounds down, also below zero.
    fileprivate func floorDivided(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}

extension ArraySlice<UInt8> {
    /// Takes one byte if it is `byte`.
    mutating func take(_ byte: UInt8) -> Bool {
        guard first == byte else { return false }
        removeFirst()
        return true
    }

    /// Takes exactly `count` digits.
    mutating func takeDigits(_ count: Int) -> Int? {
        guard self.count >= count, let value = Decimal.digits(prefix(count)) else { return nil }
        removeFirst(count)
        return value
    }

    /// Takes exactly `count` bytes as text.
    mutating func takeText(_ count: Int) -> String? {
        guard self.count >= count else { return nil }
        defer { removeFirst(count) }
        return String(validating: prefix(count), as: UTF8.self)
    }
}
