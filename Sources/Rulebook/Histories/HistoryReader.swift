import Casework
import Kernel
import Yams

/// Reads the histories of one row.
struct HistoryReader {
    let source: YAMLSource
    let library: RuleLibrary

    /// The file's histories; nil where it cannot be read at all.
    func read(_ root: Node) -> RowHistories? {
        guard let fields = source.fields(root, "历史文件") else { return nil }
        defer { fields.finish() }
        let entry = fields.required("row")
        let row = source.text(entry, "条款编号")
        if let entry, let row, !row.contains(":") {
            source.fail(entry, .value, "条款编号应形如 zhaoxian-2017:8b，写成“\(row.short)”不可以")
        }
        let list = fields.required("histories")
        let nodes = source.list(list, "histories")
        if list != nil, nodes.isEmpty { source.fail(list, .missingKey, "没有历史") }
        guard let row else { return nil }
        let histories = nodes.compactMap { history($0, of: row) }
        for (index, history) in histories.enumerated()
        where histories.count == nodes.count && histories[..<index].contains(where: { $0.name == history.name }) {
            source.fail(nodes[index], .duplicate, "历史“\(history.name)”写了两次")
        }
        return RowHistories(row: row, histories: histories)
    }

    private func history(_ node: Node, of row: String) -> RowHistory? {
        guard let fields = source.fields(node, "历史") else { return nil }
        defer { fields.finish() }
        let name = source.text(fields.required("name"), "name")
        let keeps = fields.required("keeps").flatMap { source.truth($0, "keeps") }
        let own = String(row.prefix { $0 != ":" })
        let texts = fields.optional("regulations").map { source.oneOrMore($0).compactMap(text) }
        let settings = SettingsReader(source: source, library: library).settings(fields)
        let asked = fields.optional("at").flatMap { ValueReader(source: source).instant($0, "at") }
        var reader = RecordReader(source: source, library: library, strict: true)
        let records = reader.records(fields.required("timeline"), "timeline")
        let step = fields.optional("next").flatMap { next($0, &reader) }
        let expectations = ExpectationReader(source: source, library: library)
        let expect = source.list(fields.optional("expect"), "expect").compactMap(expectations.obligation)
        let grants = source.list(fields.optional("grants"), "grants").compactMap(expectations.grant)
        let media = source.list(fields.optional("media"), "media").compactMap(expectations.medium)
        let figures = source.list(fields.optional("figures"), "figures").compactMap(expectations.figure)
        if expect.isEmpty, step == nil, grants.isEmpty, media.isEmpty, figures.isEmpty {
            source.fail(node, .missingKey, "历史没有写期望：应有 expect、next、grants、media、figures 之一")
        }
        guard let name, let keeps else { return nil }
        let last = records.map(\.recordedAt).max() ?? Instant(milliseconds: 0)
        return RowHistory(
            name: name, keeps: keeps, regulations: texts ?? [.init(regulation: own)], at: asked ?? last,
            timeline: Timeline(
                records: records, next: step?.records, settings: settings, names: reader.names,
                notes: reader.notes(on: records)),
            expect: expect, next: step?.expectation, grants: grants, media: media, figures: figures)
    }

    private func next(
        _ node: Node, _ reader: inout RecordReader
    ) -> (records: [Record], expectation: RowHistory.StepExpectation)? {
        guard let fields = source.fields(node, "next") else { return nil }
        defer { fields.finish() }
        let records = reader.records(fields.required("timeline"), "next")
        let allowed = fields.required("allowed").flatMap { source.truth($0, "allowed") }
        let refused = fields.optional("refused-by")
        let rows = words(refused)
        let overridden = words(fields.optional("overridden"))
        let missing = words(fields.optional("missing"))
        guard let allowed else { return nil }
        if allowed, !rows.isEmpty || !missing.isEmpty { source.fail(refused, .contradiction, "准许的步骤没有拒绝它的条款") }
        if !allowed, rows.isEmpty { source.fail(node, .missingKey, "被拒绝的步骤应写 refused-by") }
        return (
            records,
            RowHistory.StepExpectation(isAllowed: allowed, refusedBy: rows, overridden: overridden, missing: missing)
        )
    }

    private func words(_ node: Node?) -> [String] {
        source.oneOrMore(node).compactMap { source.text($0, "词") }
    }

    /// The name of a text, or `{ regulation, version, from, until }`.
    private func text(_ node: Node) -> RowHistory.TextInForce? {
        guard case .mapping = node else {
            guard let id = source.slug(node, "制度名") else { return nil }
            return known(id, node) ? RowHistory.TextInForce(regulation: id) : nil
        }
        guard let fields = source.fields(node, "制度") else { return nil }
        defer { fields.finish() }
        let entry = fields.required("regulation")
        let id = source.slug(entry, "制度名")
        let version = fields.optional("version").flatMap { source.integer($0, "版本", in: 1...9999) }
        let from = fields.optional("from").flatMap { source.day($0, "from") }
        let until = fields.optional("until").flatMap { source.day($0, "until") }
        guard let id, let entry, known(id, entry) else { return nil }
        return RowHistory.TextInForce(regulation: id, version: version, from: from, until: until)
    }

    private func known(_ id: String, _ node: Node) -> Bool {
        if library.newest(id) != nil { return true }
        source.unknown(id, at: node, "制度", among: Set(library.regulations.map(\.regulation.id)).sorted())
        return false
    }
}
