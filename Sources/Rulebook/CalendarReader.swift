import Casework
import Kernel
import Yams

/// Reads one year of public holidays: `Regulations/calendars/<year>.yaml`.
struct CalendarReader {
    let source: YAMLSource

    /// More holidays than any notice ever had, so that a mistaken file is refused before it is counted out.
    private static let mostHolidays = 40

    /// A holiday with the nodes that its problems are noted at.
    private struct Placed {
        let node: Node
        let holiday: HolidayYear.Holiday
        let makeUp: [(node: Node, day: CivilDay)]
    }

    /// The year; nil where something it needs is missing.
    func read(_ root: Node) -> HolidayYear? {
        guard let fields = source.fields(root, "放假安排") else { return nil }
        defer { fields.finish() }
        let year = source.integer(fields.required("year"), "年份", in: 1949...9998)
        let version = fields.optional("version").flatMap { source.integer($0, "版本", in: 1...99) } ?? 1
        let origin = source.text(fields.required("source"), "来源")
        let list = fields.required("holidays")
        let nodes = source.list(list, "节日")
        guard nodes.count <= Self.mostHolidays else {
            source.fail(list, .value, "一年最多写\(Self.mostHolidays)个节日，现有\(nodes.count)个")
            return nil
        }
        if list != nil, nodes.isEmpty { source.fail(list, .value, "放假安排里一个节日也没有") }
        let placed = nodes.compactMap { holiday($0, of: year) }
        check(placed)
        guard let year, let origin else { return nil }
        return HolidayYear(year: year, version: version, source: origin, holidays: placed.map(\.holiday))
    }

    private func holiday(_ node: Node, of year: Int?) -> Placed? {
        guard let fields = source.fields(node, "节日") else { return nil }
        defer { fields.finish() }
        let name = source.text(fields.required("name"), "节日名")
        let fromNode = fields.required("from")
        let from = source.day(fromNode, "首日")
        let to = source.day(fields.required("to"), "末日")
        let makeUp = source.oneOrMore(fields.optional("make-up")).compactMap {
            element -> (node: Node, day: CivilDay)? in
            guard let day = source.day(element, "调休上班日") else { return nil }
            if day.weekday <= 5 { source.fail(element, .contradiction, "调休上班日“\(day)”不是星期六或星期日") }
            // For New Year's holiday the days before it may be worked.
            if let year, day.parts.year != year, day.parts.year != year - 1 || day.parts.month != 12 {
                source.fail(element, .contradiction, "调休上班日“\(day)”不在\(year)年")
            }
            return (element, day)
        }
        guard let name, let from, let to else { return nil }
        guard from <= to, to.days(since: from) < 31 else {
            source.fail(fromNode, .contradiction, "首日应不晚于末日，相距不超过一个月")
            return nil
        }
        // New Year's holiday may begin in the last days of the year before.
        if let year, from.parts.year != year, from.parts.year != year - 1 || to.parts.year != year {
            source.fail(fromNode, .contradiction, "节日“\(name)”不在\(year)年")
        } else if let year, to.parts.year != year {
            source.fail(fromNode, .contradiction, "节日“\(name)”的末日不在\(year)年")
        }
        return Placed(
            node: node, holiday: HolidayYear.Holiday(name: name, from: from, to: to, makeUp: makeUp.map(\.day)),
            makeUp: makeUp)
    }

    /// Holidays that share a day, and days that are off and worked, or worked for two holidays.
    private func check(_ placed: [Placed]) {
        var off: [CivilDay: String] = [:]
        for element in placed {
            let name = element.holiday.name
            if let day = element.holiday.days.first(where: { off[$0] != nil }), let other = off[day] {
                source.fail(element.node, .contradiction, "节日“\(name)”与“\(other)”重叠，都有\(day)")
            }
            for day in element.holiday.days where off[day] == nil { off[day] = name }
        }
        var worked: [CivilDay: String] = [:]
        for element in placed {
            for (node, day) in element.makeUp {
                if let holiday = off[day] {
                    source.fail(node, .contradiction, "调休上班日“\(day)”落在节日“\(holiday)”之内")
                }
                if let other = worked[day] {
                    source.fail(node, .duplicate, "调休上班日“\(day)”写了两次（“\(other)”“\(element.holiday.name)”）")
                }
                worked[day] = element.holiday.name
            }
        }
    }
}
