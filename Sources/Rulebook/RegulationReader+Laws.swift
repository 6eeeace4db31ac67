import Casework
import Kernel
import Yams

/// Reads the statutes of a pack of parent law, and of which one a row is.
extension RegulationReader {
    /// `laws`: `{ id, title, copy, in-force-from, revised }`.
    func laws(_ node: Node?) -> [Statute] {
        let nodes = source.list(node, "法律")
        var result: [Statute] = []
        for node in nodes {
            guard let law = law(node) else { continue }
            if result.contains(where: { $0.id == law.id }) { source.fail(node, .duplicate, "法律“\(law.id)”写了两次") }
            result.append(law)
        }
        return result
    }

    private func law(_ node: Node) -> Statute? {
        guard let fields = source.fields(node, "法律") else { return nil }
        defer { fields.finish() }
        let id = source.slug(fields.required("id"), "法律")
        let title = source.text(fields.required("title"), "标题")
        let copy = source.text(fields.required("copy"), "所读文本")
        let from = source.day(fields.required("in-force-from"), "施行日期")
        let entry = fields.optional("revised")
        let revised = source.oneOrMore(entry).compactMap { source.day($0, "修订后的施行日期") }
        guard let id, let title, let copy, let from else { return nil }
        let days = [from] + revised
        if zip(days, days.dropFirst()).contains(where: { $0 >= $1 }) {
            source.fail(entry, .contradiction, "revised 应按先后写，都晚于 in-force-from")
        }
        return Statute(id: id, title: title, copy: copy, inForceFrom: from, revised: revised)
    }

    /// `law`, `since`, `until` of a row: since it was enacted or revised, until the day before a revision.
    ///
    /// - Parameter named: the ids of all that are declared, mistaken ones too.
    func force(_ fields: YAMLFields, among laws: [Statute], named: [String]) -> Provision.Force? {
        let (entry, first, last) = (fields.optional("law"), fields.optional("since"), fields.optional("until"))
        let since = first.flatMap { source.day($0, "since") }
        let until = last.flatMap { source.day($0, "until") }
        guard let entry else {
            if !named.isEmpty { source.fail(fields.node, .missingKey, "这里缺少“law”：条款属于 laws 中的哪一部法律") }
            if let stray = first ?? last { source.fail(stray, .contradiction, "没有写 law 的条款不写 since、until") }
            return nil
        }
        guard let name = source.slug(entry, "法律") else { return nil }
        guard let law = laws.first(where: { $0.id == name }) else {
            // One that is mistaken was told already.
            if !named.contains(name) { source.unknown(name, at: entry, "法律", among: named) }
            return nil
        }
        let days = law.days.map(\.description).joined(separator: "、")
        if let since, !law.days.contains(since) {
            source.fail(first, .contradiction, "since 应是这部法律施行或者修订的日期：\(days)")
        }
        if let until, !law.revised.contains(until.advanced(by: 1)) {
            source.fail(last, .contradiction, "until 应是修订施行的前一日；这部法律的日期：\(days)")
        }
        let from = since ?? law.inForceFrom
        if let until, until < from { source.fail(last, .contradiction, "until 早于条款施行的日期") }
        return Provision.Force(law: law.id, from: from, until: until)
    }

    /// Settings and offices that no rule of the file asks for: whoever sets them changes nothing.
    ///
    /// The powers that only a law gives are asked for by papers, and an office may be one that papers are signed for.
    func refuseUnused(_ known: KnownWords, _ settings: [Node], _ offices: [Node]) {
        // What is mistaken elsewhere may be the very use.
        guard !isKept, source.problems.isEmpty else { return }
        let powers = Set(BureauPower.allCases.map(\.rawValue))
        let seats = Set(kinds.values.flatMap { $0.slots.compactMap(\.office) })
        for (nodes, used, what) in [
            (settings, known.usage.settings.union(powers), "设置"), (offices, known.usage.offices.union(seats), "职位"),
        ] {
            for node in nodes {
                guard let name = node.mapping?["name"]?.scalar?.string, !used.contains(name) else { continue }
                source.fail(node, .contradiction, "\(what)“\(name)”没有一项义务用到，改了也不起作用；请在义务中引用，或者删去")
            }
        }
    }
}
