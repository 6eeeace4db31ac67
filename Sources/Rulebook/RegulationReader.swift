import Casework
import Kernel
import Yams

/// Reads one text: `Regulations/<id>.yaml`.
struct RegulationReader {
    let source: YAMLSource
    let kinds: [String: DocumentKind]
    let matters: [String: Matter]
    /// The texts that stand beside it; nil where nobody knows them.
    var texts: KnownTexts?
    /// Whether it is a kept file (`KnownWords.isKept`).
    var isKept = false

    /// The text; nil where it cannot be read at all. Problems are noted in the source.
    func read(_ root: Node) -> Regulation? {
        guard let fields = source.fields(root, "制度文件") else { return nil }
        defer { fields.finish() }
        let id = source.slug(fields.required("regulation"), "制度名")
        let version = source.integer(fields.required("version"), "版本", in: 1...9999)
        let title = source.text(fields.required("title"), "标题")
        let short = source.text(fields.required("short"), "简称")
        let issuer = source.text(fields.required("issuer"), "制定机关")
        let standing = source.word(fields.required("standing"), "效力", as: Regulation.Standing.self)
        let from = fields.optional("in-force-from").flatMap { source.day($0, "施行日期") }
        let settingNodes = source.list(fields.optional("settings"), "设置")
        let settings = settingNodes.compactMap(setting)
        let officeNodes = source.list(fields.optional("offices"), "职位")
        let offices = officeNodes.compactMap(office)
        let statutes = fields.optional("laws")
        let laws = laws(statutes)
        let lawNames = names(statutes?.sequence.map { Array($0) } ?? [], by: "id")
        var around = texts
        around?.note(root)
        // Also those that are mistaken: that they are asked for is not another mistake.
        let known = KnownWords(
            kinds: kinds, settings: names(settingNodes + misspelt("settings", fields)),
            offices: names(officeNodes + misspelt("offices", fields)), texts: around, isKept: isKept,
            ranges: Dictionary(settings.map { ($0.name, $0.range) }, uniquingKeysWith: { first, _ in first }))
        var patterns = PatternReader(source: source, known: known)
        if let groups = source.fields(fields.optional("groups"), "记录组") {
            for (name, _, value) in groups.all { patterns.groups[name] = patterns.patterns(value, "记录组“\(name)”") }
        }
        let list = fields.required("provisions")
        let rows = source.list(list, "条款")
        if let list, rows.isEmpty { source.fail(list, .missingKey, "制度中没有条款") }
        let duties = DutyReader(patterns: patterns, matters: matters)
        let provisions = rows.compactMap {
            provision(
                $0, of: id ?? "", standing: standing ?? .own, laws: laws, named: lawNames, duties: duties)
        }
        refuseUnused(known, settingNodes, officeNodes)
        refuseDuplicates(provisions.map(\.id), rows)
        guard let id, let version, let title, let short, let issuer, let standing else { return nil }
        return Regulation(
            id: id, version: version, title: title, short: short, issuer: issuer, standing: standing,
            inForceFrom: from, settings: settings, offices: offices, laws: laws, provisions: provisions)
    }

    /// What stands under a key that was perhaps meant for this one: that the key is wrong is said once.
    private func misspelt(_ key: String, _ fields: YAMLFields) -> [Node] {
        fields.all.flatMap { name, _, value in
            name != key && NearMiss.of(name, among: [key]) != nil ? value.sequence.map { Array($0) } ?? [] : []
        }
    }

    /// What is declared by these nodes, as it is written.
    func names(_ nodes: [Node], by key: String = "name") -> [String] {
        nodes.compactMap { $0.mapping?[key]?.scalar?.string }
    }

    private func refuseDuplicates(_ ids: [String], _ rows: [Node]) {
        guard ids.count == rows.count else { return }
        for (index, id) in ids.enumerated() where ids[..<index].contains(id) {
            source.fail(rows[index], .duplicate, "条款“\(id)”写了两次")
        }
    }

    private func setting(_ node: Node) -> SettingDeclaration? {
        guard let fields = source.fields(node, "设置") else { return nil }
        defer { fields.finish() }
        let name = source.slug(fields.required("name"), "设置名")
        let title = source.text(fields.required("title"), "标题")
        let least = source.integer(fields.required("least"), "下限", in: 0...1_000_000_000)
        let most = source.integer(fields.required("most"), "上限", in: 0...1_000_000_000)
        let standard = source.integer(fields.required("default"), "默认值", in: 0...1_000_000_000)
        let origin = source.text(fields.required("source"), "来源")
        let words = source.list(fields.optional("words"), "各值的意思").compactMap { source.text($0, "值的意思") }
        guard let name, let title, let least, let most, let standard, let origin else { return nil }
        guard least <= most else {
            source.fail(node, .contradiction, "设置“\(name)”的下限 \(least) 大于上限 \(most)")
            return nil
        }
        guard least <= standard, standard <= most else {
            source.fail(node, .contradiction, "设置“\(name)”的默认值不在上下限之间")
            return nil
        }
        guard words.isEmpty || words.count == most - least + 1 else {
            source.fail(node, .contradiction, "设置“\(name)”有\(most - least + 1)个值，words 写了\(words.count)个意思")
            return nil
        }
        return SettingDeclaration(
            name: name, title: title, standard: standard, range: least...most, source: origin, words: words)
    }

    private func office(_ node: Node) -> OfficeDeclaration? {
        guard let fields = source.fields(node, "职位") else { return nil }
        defer { fields.finish() }
        let name = source.slug(fields.required("name"), "职位名")
        let title = source.text(fields.required("title"), "标题")
        let standard = source.memberName(fields.required("default"), "默认人选")
        let choices = source.list(fields.required("choices"), "人选").compactMap { source.memberName($0, "人选") }
        let origin = source.text(fields.required("source"), "来源")
        let adopted = fields.optional("adopted-as").flatMap {
            source.word($0, "adopted-as", as: AdoptedOffices.Post.self)
        }
        guard let name, let title, let standard, let origin else { return nil }
        guard choices.contains(standard) else {
            source.fail(node, .contradiction, "职位“\(name)”的默认人选不在 choices 中")
            return nil
        }
        return OfficeDeclaration(
            name: name, title: title, standard: standard, choices: choices, source: origin, adopted: adopted)
    }

    /// `name`, `title`, `counts` and, for a share, `out-of`.
    private func figure(_ node: Node, patterns: PatternReader, duties: DutyReader) -> Figure? {
        guard let fields = source.fields(node, "指标") else { return nil }
        defer { fields.finish() }
        let name = source.slug(fields.required("name"), "指标名")
        let title = source.text(fields.required("title"), "标题")
        let counts = count(fields.required("counts"), patterns: patterns, duties: duties)
        let whole = fields.optional("out-of").flatMap { count($0, patterns: patterns, duties: duties) }
        guard let name, let title, let counts else { return nil }
        return Figure(name: name, title: title, counts: counts, outOf: whole)
    }

    /// Records (`record`, `where`, `distinct`), or obligations (`obligations`, `standing`).
    private func count(_ node: Node?, patterns: PatternReader, duties: DutyReader) -> Figure.Count? {
        guard let fields = source.fields(node, "计数") else { return nil }
        defer { fields.finish() }
        if let matters = fields.optional("obligations") {
            let names = source.oneOrMore(matters).compactMap { duties.matter($0)?.id }
            let standing = source.oneOrMore(fields.optional("standing")).compactMap {
                source.word($0, "standing", as: ObligationStanding.self)
            }
            return names.isEmpty ? nil : .obligations(names, standing: standing)
        }
        guard let pattern = patterns.pattern(fields, "计数") else { return nil }
        let distinct = fields.optional("distinct").flatMap { node in
            source.text(node, "distinct").flatMap { patterns.path($0, at: node, from: pattern.types) }
        }
        return .records(pattern, distinct: distinct)
    }

    // MARK: rows

    private func provision(
        _ node: Node, of regulation: String, standing: Regulation.Standing, laws: [Statute], named lawNames: [String],
        duties reader: DutyReader
    ) -> Provision? {
        guard let fields = source.fields(node, "条款") else { return nil }
        defer { fields.finish() }
        let entry = fields.required("id")
        let id = source.text(entry, "条款编号")
        if let entry, let id, !RegulationReader.isRow(id, of: regulation) {
            source.fail(entry, .value, "条款编号应是“\(regulation):条号”，写成“\(id)”不可以")
        }
        let article = source.text(fields.required("article"), "条文位置")
        let modality = source.word(fields.required("modality"), "约束力", as: Provision.Modality.self)
        let kind = source.word(fields.required("kind"), "条款类别", as: Provision.Kind.self)
        let summary = source.text(fields.required("summary"), "摘要")
        let origin = origin(fields.optional("source"))
        let force = force(fields, among: laws, named: lawNames)
        if standing == .parentLaw, origin == nil { source.fail(node, .missingKey, "上位法条款应写明 source") }
        let policy = fields.optional("policy").flatMap { source.text($0, "不设义务的理由") }
        let entries = source.list(fields.optional("duties"), "义务")
        let duties = entries.compactMap { entry -> Duty? in
            let duty = reader.duty(entry)
            if modality == .may, !isKept, let duty, duty.timing.term != nil || duty.gate.level == .close {
                source.fail(
                    entry, .contradiction,
                    "约束力为 may 的条款只是许可，不能有期限（within）或者归档关口（gate: close）：许可写在 allows 里；条文确有要求的，modality 写 must")
            }
            return duty
        }
        if let kind, (kind == .policy) != (policy != nil) {
            source.fail(node, .contradiction, "类别为 policy 的条款应写 policy 理由，其他条款不写")
        }
        let permissions = source.list(fields.optional("allows"), "许可")
        let allows = permissions.compactMap(reader.allowance)
        let measures = source.list(fields.optional("figures"), "指标")
        let figures = measures.compactMap { figure($0, patterns: reader.patterns, duties: reader) }
        let isEmpty = entries.isEmpty && permissions.isEmpty && measures.isEmpty
        if kind == .policy, !isEmpty { source.fail(node, .contradiction, "类别为 policy 的条款不能有义务、许可或指标") }
        if let kind, kind != .policy, isEmpty {
            source.fail(node, .contradiction, "条款没有义务、许可或指标，也不是 policy")
        }
        guard let id, let article, let modality, let kind, let summary else { return nil }
        return Provision(
            id: id, article: article, modality: modality, kind: kind, summary: summary, source: origin, force: force,
            duties: duties, allows: allows, figures: figures, policyReason: policy)
    }

    private func origin(_ node: Node?) -> Provision.Source? {
        guard let node, let fields = source.fields(node, "来源") else { return nil }
        defer { fields.finish() }
        let citation = source.text(fields.required("citation"), "出处")
        let confirmed = source.truth(fields.required("confirmed"), "是否核对")
        guard let citation, let confirmed else { return nil }
        return Provision.Source(citation: citation, confirmed: confirmed)
    }

    /// `zhaoxian-2017:8.p2b`, `hejin-2019:2.1.3(1)a`.
    static func isRow(_ id: String, of regulation: String) -> Bool {
        guard id.hasPrefix("\(regulation):") else { return false }
        let row = id.utf8.dropFirst(regulation.utf8.count + 1)
        return (1...32).contains(row.count)
            && row.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || Array(".()-".utf8).contains(byte)
            }
    }
}
