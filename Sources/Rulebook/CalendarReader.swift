import Casework
import Kernel
import Yams

/// Reads one year of public holidays: `Regulations/calendars/<year>.yaml`.
struct CalendarReader {
    let source: YAMLSource

    /// The year; nil where something it needs is missing.
    func read(_ root: Node) -> HolidayYear? {
        guard let fields = source.fields(root, "放假安排") else { return nil }
        defer { fields.finish() }
        let year = source.integer(fields.required("year"), "年份", in: 1949...9998)
        let origin = source.text(fields.required("source"), "来源")
        let holidays = source.list(fields.required("holidays"), "节日").compactMap { holiday($0, of: year) }
        guard let year, let origin else { return nil }
        return HolidayYear(year: year, source: origin, holidays: holidays)
    }

    private func holiday(_ node: Node, of year: Int?) -> HolidayYear.Holiday? {
        guard let fields = source.fields(node, "节日") else { return nil }
        defer { fields.finish() }
        let name = source.text(fields.required("name"), "节日名")
        let fromNode = fields.required("from")
        let from = source.day(fromNode, "首日")
        let to = source.day(fields.required("to"), "末日")
        let makeUp = source.oneOrMore(fields.optional("make-up")).compactMap { element -> CivilDay? in
            guard let day = source.day(element, "调休上班日") else { return nil }
            if day.weekday <= 5 { source.fail(element, .contradiction, "调休上班日“\(day)”不是星期六或星期日") }
            return day
        }
        guard let name, let from, let to else { return nil }
        guard from <= to, to.days(since: from) < 31 else {
            source.fail(fromNode, .contradiction, "首日应不晚于末日，相距不超过一个月")
            return nil
        }
        // New Year's holiday may begin in the last days of the year before.
        if let year, from.parts.year != year, from.parts.year != year - 1 || to.parts.year != year {
            source.fail(fromNode, .contradiction, "节日不在\(year)年")
        }
        return HolidayYear.Holiday(name: name, from: from, to: to, makeUp: makeUp)
    }
}
