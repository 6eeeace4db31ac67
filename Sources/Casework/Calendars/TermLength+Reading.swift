import Kernel

extension TermLength {
    /// Why a typed length cannot be counted; the text is Chinese, for whoever typed it.
    public struct Unreadable: Error, Hashable, Sendable {
        public let chinese: String
    }

    /// The longest terms that are counted: about a hundred years.
    private static let units: [(suffix: String, name: String, most: Int)] = [
        ("wd", "个工作日", 25_000), ("h", "小时", 876_000), ("d", "日", 36_500), ("m", "个月", 1200),
    ]

    /// Reads a length as it is typed: `24h`, `30d`, `2wd`, `3m`.
    public init(typed text: String) throws(Unreadable) {
        let bytes = Array(text.utf8)
        let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let suffix = bytes.dropFirst(digits.count)
        guard !digits.isEmpty, let unit = Self.units.first(where: { suffix.elementsEqual($0.suffix.utf8) }) else {
            throw Unreadable(chinese: "期限应写成 24h（小时）、30d（日）、2wd（工作日）或者 3m（月），写成“\(text)”无法读取。")
        }
        guard let count = Decimal.digits(digits), count <= unit.most else {
            throw Unreadable(chinese: "期限“\(text)”太长，最长\(unit.most)\(unit.name)。")
        }
        switch unit.suffix {
        case "wd": self = .workingDays(count)
        case "h": self = .hours(count)
        case "d": self = .days(count)
        default: self = .months(count)
        }
    }
}

extension TermSum {
    /// The result in one line for programs: `last day 2026-10-09, late from 2026-10-10T00:00:00+08:00`; for a term in
    /// hours the due instant in RFC 3339.
    public var line: String {
        guard let lastDay else { return due.description }
        return "last day \(lastDay), late from \(lateFrom)"
    }
}
