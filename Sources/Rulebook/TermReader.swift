import Casework
import Kernel
import Yams

/// Reads terms of law (期限): how long, from when, and how they may change in the case.
struct TermReader {
    let patterns: PatternReader
    /// Whether the duty comes again, so that a period may be counted from.
    var recurs = false
    private var source: YAMLSource { patterns.source }

    init(patterns: PatternReader, recurs: Bool = false) {
        self.patterns = patterns
        self.recurs = recurs
    }

    private static let lengths = ["hours", "days", "working-days", "months", "until-day", "date", "day-of-year"]

    /// Exactly one length, `from`, `roll`, `then`, `may-be`, `extended-by`, `working`, `at-most`.
    func term(_ node: Node?, trigger: [EntryType]) -> Term? {
        guard let node, let fields = source.fields(node, "期限") else { return nil }
        defer { fields.finish() }
        let names = TermReader.lengths.filter { fields.optional($0) != nil }
        let from = source.oneOrMore(fields.optional("from")).compactMap { timeSource($0, of: trigger) }
        let roll = fields.optional("roll").flatMap { source.truth($0, "roll") } ?? false
        let changes = source.oneOrMore(fields.optional("may-be")).compactMap {
            source.word($0, "may-be", as: Term.Change.self)
        }
        let extending = `extension`(fields.optional("extended-by"))
        if extending != nil, !changes.contains(.extended) {
            source.fail(node, .contradiction, "写了 extended-by 的期限，may-be 应写 extended")
        }
        let most = fields.optional("at-most").flatMap { patterns.quantity($0, "延长的限度") }
        if most != nil {
            if !changes.contains(.extended) { source.fail(node, .contradiction, "写了 at-most 的期限，may-be 应写 extended") }
            if extending != nil { source.fail(node, .contradiction, "写了 extended-by 的期限，限度写在 extended-by 里") }
            if names == ["hours"] { source.fail(node, .contradiction, "按小时计的期限不写 at-most") }
        }
        let working = fields.optional("working").flatMap { patterns.quantity($0, "是否按工作日") }
        if working != nil, names != ["days"] { source.fail(node, .contradiction, "只有按日计的期限可以写 working") }
        guard names.count == 1, let entry = fields.optional(names[0]) else {
            source.fail(
                node, .missingKey, "期限中应恰好写 \(TermReader.lengths.joined(separator: "、")) 之一")
            return nil
        }
        let runs = !["until-day", "date"].contains(names[0])
        if runs, fields.optional("from") == nil { source.fail(node, .missingKey, "期限应写明 from，从何时起算") }
        if !runs, !from.isEmpty { source.fail(node, .contradiction, "到某日为止的期限不写 from") }
        if names[0] == "hours", roll { source.fail(node, .contradiction, "按小时计的期限不顺延") }
        let then = stages(fields.optional("then"))
        if !then.isEmpty, names[0] == "hours" {
            source.fail(node, .contradiction, "按小时计的期限后面不能接 then")
        }
        return length(names[0], entry, trigger: trigger).map {
            Term(
                $0, from: from, roll: roll, then: then, changes: Set(changes), workingDays: working,
                extension: extending, most: most)
        }
    }

    /// `{ months: 3, roll: true }`, or a list of such: each begins where the one before ends.
    private func stages(_ node: Node?) -> [Term.Stage] {
        source.oneOrMore(node).compactMap { entry in
            guard let fields = source.fields(entry, "then") else { return nil }
            defer { fields.finish() }
            let names = ["days", "working-days", "months"].filter { fields.optional($0) != nil }
            let roll = fields.optional("roll").flatMap { source.truth($0, "roll") } ?? false
            guard names.count == 1, let count = fields.optional(names[0]) else {
                source.fail(entry, .missingKey, "then 中应恰好写 days、working-days、months 之一")
                return nil
            }
            return length(names[0], count, trigger: []).map { Term.Stage($0, roll: roll) }
        }
    }

    /// `{ record: type, refers: role, until: member, at-most: days }`.
    private func `extension`(_ node: Node?) -> Term.Extension? {
        guard let node, let fields = source.fields(node, "extended-by") else { return nil }
        defer { fields.finish() }
        let type = source.word(fields.required("record"), "记录类型", as: EntryType.self)
        let role = source.memberName(fields.required("refers"), "引用")
        let until = fields.required("until")
        let most = patterns.quantity(fields.optional("at-most"), "延长的日数")
        guard let type, let role, let until, let member = source.memberName(until, "成员") else { return nil }
        if type.members[member] == nil {
            source.unknown(member, at: until, "“\(type.rawValue)”", among: type.members.keys.sorted())
        }
        if let entry = fields.optional("refers") { patterns.check(role: role, from: [type], at: entry) }
        return Term.Extension(type: type, role: role, until: member, most: most)
    }

    private func length(_ name: String, _ node: Node, trigger: [EntryType]) -> Term.Length? {
        switch name {
        case "hours": patterns.length(node, "小时数").map { .hours($0) }
        case "days": patterns.quantity(node, "日数").map { .days($0) }
        case "working-days": patterns.quantity(node, "工作日数").map { .workingDays($0) }
        case "months": patterns.length(node, "月数").map { .months($0) }
        case "date": source.day(node, "日期").map { .fixed($0) }
        case "day-of-year": dayOfYear(node)
        default:
            source.text(node, "届满日").flatMap { patterns.path($0, at: node, from: trigger) }.map { path in
                patterns.checkTime(path, at: node, from: trigger)
                return .untilDay(path)
            }
        }
    }

    /// `01-31`, quoted.
    private func dayOfYear(_ node: Node) -> Term.Length? {
        guard let text = source.text(node, "月日") else { return nil }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let month = Int(parts[0]), let day = Int(parts[1]), (1...12).contains(month),
            (1...CivilDay.length(ofMonth: month, year: 2024)).contains(day)
        else {
            source.fail(node, .value, "“\(text)”不是月日，应形如 \"01-31\"")
            return nil
        }
        return .dayOfYear(month: month, day: day)
    }

    /// `recorded`, `happened`, `period`, or the path of a member that holds a time.
    func timeSource(_ node: Node, of types: [EntryType]) -> TimeSource? {
        guard let text = source.text(node, "时间") else { return nil }
        switch text {
        case "recorded": return .recorded
        case "happened": return .happened
        case "period":
            if !recurs { source.fail(node, .contradiction, "只有写了 every 的义务可以从 period 起算") }
            return .period
        default:
            return patterns.path(text, at: node, from: types).map { path in
                patterns.checkTime(path, at: node, from: types)
                return .member(path)
            }
        }
    }
}
