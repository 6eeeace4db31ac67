import Kernel

/// How a term was counted: what a page shows and a court can count again.
public struct TermSum: Hashable, Sendable {
    /// What it runs from.
    public let start: Instant
    /// The length as written: `24小时`, `30日`, `7个工作日`.
    public let length: String
    /// The first day counted; nil for hours.
    public let firstCounted: CivilDay?
    /// The last day by count, before any roll; nil for hours.
    public let countedEnd: CivilDay?
    /// The last day in time; nil for hours.
    public let lastDay: CivilDay?
    /// The last instant in time.
    public let due: Instant
    /// From when it is late: for hours one millisecond after `due`, for days 00:00 of the next day.
    public let lateFrom: Instant
    /// Years that were counted without a published calendar.
    public internal(set) var yearsWithoutCalendar: [Int]
    /// What changed it in the case, in order: standstill, extension, new start.
    public var changes: [String] = []
    /// The terms that ran before it, each as its sum in Chinese: it begins where the last of them ends.
    public var preceding: [String] = []

    /// Whether the end was moved from a day off.
    public var rolled: Bool { countedEnd != lastDay }

    /// The sum in Chinese, for a page that explains it.
    public var chinese: String {
        let changed = changes.isEmpty ? "" : "；\(changes.joined(separator: "；"))"
        guard let firstCounted, let countedEnd, let lastDay else {
            return "自\(start.chinese)起算\(length)，至\(due.chinese)止\(changed)"
        }
        var text = preceding.map { "先\($0)；再" }.joined() + "自\(start.day.chinese)起算\(length)，"
        // A term of no days ends on the day itself.
        text += countedEnd < firstCounted ? "当日，" : "开始当日不计入，自\(firstCounted.chinese)计，"
        text += rolled ? "\(countedEnd.chinese)届满，因逢休息日顺延至\(lastDay.chinese)24时止" : "至\(lastDay.chinese)24时止"
        if !yearsWithoutCalendar.isEmpty {
            text += "（\(yearsWithoutCalendar.map(String.init).joined(separator: "、"))年放假安排未导入，按周一至周五计算）"
        }
        return text + changed
    }

    /// The same sum with further changes named.
    func noting(_ more: [String]) -> TermSum {
        var result = self
        result.changes += more
        return result
    }
}
