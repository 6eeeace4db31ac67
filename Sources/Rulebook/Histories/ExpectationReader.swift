import Casework
import Kernel
import Yams

/// Reads what must come of a history.
struct ExpectationReader {
    let source: YAMLSource
    let library: RuleLibrary

    func obligation(_ node: Node) -> RowHistory.Expectation? {
        guard let fields = source.fields(node, "期望") else { return nil }
        defer { fields.finish() }
        var result = RowHistory.Expectation()
        result.row = row(fields.optional("row"))
        result.matter = fields.optional("matter").flatMap(matter)
        result.subject = fields.optional("subject").flatMap { subject($0) }
        result.duty = fields.optional("duty").flatMap { source.integer($0, "duty", in: 0...99) }
        result.cause = fields.optional("cause").flatMap { source.text($0, "cause") }
        result.state = fields.optional("state").flatMap(state)
        if let due = fields.optional("due") {
            if due.scalar?.string == "none" {
                result.isWithoutDue = true
            } else {
                result.due = ValueReader(source: source).instant(due, "due")
            }
        }
        result.lastDay = fields.optional("last-day").flatMap { source.day($0, "last-day") }
        result.lateFrom = fields.optional("late-from").flatMap { ValueReader(source: source).instant($0, "late-from") }
        result.reminder = fields.optional("reminder").flatMap { source.day($0, "reminder") }
        result.who = fields.optional("who").flatMap { source.word($0, "who", as: DutyHolder.self) }
        result.gate = fields.optional("gate").flatMap { source.word($0, "gate", as: Gate.Level.self) }
        result.missing = source.oneOrMore(fields.optional("missing")).compactMap { source.text($0, "missing") }
        result.provisions = fields.optional("provisions").map { source.oneOrMore($0).compactMap { row($0) } }
        result.count = fields.optional("count").flatMap { source.integer($0, "count", in: 0...100_000) }
        result.breach = fields.optional("breach").flatMap { source.truth($0, "breach") }
        if fields.optional("row") == nil, fields.optional("matter") == nil {
            source.fail(node, .missingKey, "期望应写明 row 或 matter")
        }
        if fields.optional("state") == nil { source.fail(node, .missingKey, "期望应写明 state") }
        return result
    }

    func grant(_ node: Node) -> RowHistory.GrantExpectation? {
        guard let fields = source.fields(node, "许可") else { return nil }
        defer { fields.finish() }
        let row = row(fields.required("row"))
        let allowed = fields.required("allowed").flatMap { source.truth($0, "allowed") }
        let level = fields.optional("level").flatMap { source.word($0, "level", as: AVLevel.self) }
        let record = fields.optional("record").flatMap { source.text($0, "record") }
        guard let row, let allowed else { return nil }
        return RowHistory.GrantExpectation(row: row, isAllowed: allowed, level: level, record: record)
    }

    /// `activity` or `subject`, and `level`: a word of the levels, or `silent`.
    func medium(_ node: Node) -> RowHistory.MediumExpectation? {
        guard let fields = source.fields(node, "音像要求") else { return nil }
        defer { fields.finish() }
        let subject = (fields.optional("activity") ?? fields.optional("subject")).flatMap { source.text($0, "subject") }
        let entry = fields.required("level")
        let rows = source.oneOrMore(fields.optional("rows")).compactMap { row($0) }
        if subject == nil { source.fail(node, .missingKey, "音像要求应写明 activity 或 subject") }
        guard let subject, let entry, let word = source.text(entry, "level") else { return nil }
        let level = AVLevel(rawValue: word)
        if level == nil, word != "silent" {
            source.unknown(word, at: entry, "level", among: AVLevel.allCases.map(\.rawValue) + ["silent"])
        }
        return RowHistory.MediumExpectation(subject: subject, level: level, rows: rows)
    }

    func figure(_ node: Node) -> RowHistory.FigureExpectation? {
        guard let fields = source.fields(node, "报表指标") else { return nil }
        defer { fields.finish() }
        let row = row(fields.required("row"))
        let name = fields.optional("name").flatMap { source.text($0, "name") }
        let count = source.integer(fields.required("count"), "count", in: 0...1_000_000)
        let outOf = fields.optional("out-of").flatMap { source.integer($0, "out-of", in: 0...1_000_000) }
        guard let row, let count else { return nil }
        return RowHistory.FigureExpectation(row: row, name: name, count: count, outOf: outOf)
    }

    // MARK: words

    private func row(_ node: Node?) -> String? {
        guard let node, let id = source.text(node, "条款编号") else { return nil }
        if library.regulations.contains(where: { $0.regulation.provisions.contains { $0.id == id } }) { return id }
        let text = id.prefix { $0 != ":" }
        let rows = library.newest(String(text))?.regulation.provisions.map(\.id) ?? []
        if rows.isEmpty {
            source.unknown(
                String(text), at: node, "制度", among: Set(library.regulations.map(\.regulation.id)).sorted())
        } else {
            source.unknown(id, at: node, "条款", among: rows)
        }
        return nil
    }

    private func matter(_ node: Node) -> String? {
        guard let name = source.slug(node, "事项") else { return nil }
        if library.matters[name] != nil { return name }
        source.unknown(name, at: node, "事项", among: library.matters.keys.sorted())
        return nil
    }

    /// The name of what it is about; `""` for the case or the bureau.
    private func subject(_ node: Node) -> String? {
        if case .scalar(let scalar) = node, scalar.string.isEmpty { return "" }
        return source.text(node, "subject")
    }

    private func state(_ node: Node) -> String? {
        guard let word = source.text(node, "state") else { return nil }
        let known = ObligationStanding.allCases.map(\.rawValue) + ["none"]
        if known.contains(word) { return word }
        source.unknown(word, at: node, "state", among: known)
        return nil
    }
}
