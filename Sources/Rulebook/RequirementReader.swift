import Casework
import Kernel
import Yams

/// Reads what a duty requires.
struct RequirementReader {
    let patterns: PatternReader
    private var source: YAMLSource { patterns.source }
    private var known: KnownWords { patterns.known }

    init(patterns: PatternReader) {
        self.patterns = patterns
    }

    /// `never`, or a mapping with one of `record`, `document`, `all`, `any`, `elapsed`.
    func requirement(_ node: Node?, trigger: [EntryType]) -> Requirement? {
        guard let node else { return nil }
        if case .scalar(let scalar) = node {
            if scalar.string == "never" { return .never }
            source.unknown(scalar.string, at: node, "要求", among: ["never"])
            return nil
        }
        guard let fields = source.fields(node, "要求") else { return nil }
        defer { fields.finish() }
        let ways = ["record", "document", "all", "any", "elapsed"].filter { fields.optional($0) != nil }
        guard ways.count == 1 else {
            source.fail(node, .missingKey, "要求中应恰好写 record、document、all、any、elapsed 之一")
            return nil
        }
        switch ways[0] {
        case "record": return record(fields, trigger: trigger)
        case "document": return document(fields)
        case "elapsed":
            return TermReader(patterns: patterns).term(fields.optional("elapsed"), trigger: trigger).map {
                .elapsed($0)
            }
        case "all":
            let parts = parts(fields.optional("all"), trigger: trigger)
            refuseNever(
                in: parts, at: fields.optional("all"), "all 里有 never，合起来永远不能满足；禁止的行为写 require: never，触发写在 when 里")
            return parts.map { .all($0) }
        default:
            let parts = parts(fields.optional("any"), trigger: trigger)
            refuseNever(in: parts, at: fields.optional("any"), "any 里的 never 永远不能满足，不起作用，请删去")
            return parts.map { .any($0) }
        }
    }

    private func parts(_ node: Node?, trigger: [EntryType]) -> [Requirement]? {
        let parts = source.list(node, "要求").compactMap { requirement($0, trigger: trigger) }
        guard !parts.isEmpty else {
            source.fail(node, .missingKey, "列表是空的，应写出各项要求")
            return nil
        }
        return parts
    }

    private func refuseNever(in parts: [Requirement]?, at node: Node?, _ message: String) {
        guard !known.isKept, parts?.contains(.never) == true else { return }
        source.fail(node, .contradiction, message)
    }

    // MARK: records

    private func record(_ fields: YAMLFields, trigger: [EntryType]) -> Requirement? {
        guard let pattern = patterns.pattern(fields, "要求") else { return nil }
        let tie = tie(fields.optional("tie"), trigger: trigger, of: pattern.types)
        if tie == .itself, Set(pattern.types).isDisjoint(with: trigger) {
            source.fail(fields.node, .contradiction, "tie: itself 要求记录类型与触发记录相同")
        }
        let named = PatternReader.NamedKinds(pattern.conditions)
        let wanted = source.oneOrMore(fields.optional("fields")).compactMap {
            field($0, of: pattern.types, kinds: named)
        }
        let after = fields.optional("after-cause").flatMap { source.truth($0, "after-cause") } ?? false
        let before = fields.optional("before-cause").flatMap { source.truth($0, "before-cause") } ?? false
        let (latest, latestOf) = latest(fields.optional("latest"), of: pattern.types)
        let together = patterns.conditions(fields.optional("together"), of: pattern.types)
        let undone = patterns.patterns(fields.optional("undone-by"), "undone-by")
        let unbroken = unbroken(fields.optional("unbroken"), of: pattern.types)
        if unbroken != nil, latest || !together.isEmpty || tie != .sameSubject {
            source.fail(fields.node, .contradiction, "unbroken 看同一事物的各条记录，不能同时写 latest、together 或者别的 tie")
        }
        if latest, !together.isEmpty {
            source.fail(fields.node, .contradiction, "latest 只看一条记录，不能同时写 together")
        }
        if latest, after { source.fail(fields.node, .contradiction, "latest 看触发之前的记录，不能同时写 after-cause") }
        if before, latest || after || unbroken != nil {
            source.fail(fields.node, .contradiction, "before-cause 只看触发之前的记录，不能同时写 after-cause、latest 或者 unbroken")
        }
        let lack = fields.optional("lack").flatMap { source.text($0, "lack") } ?? ""
        let supplier = fields.optional("who").flatMap { source.word($0, "办理人", as: DutyHolder.self) }
        return .record(
            RecordRequirement(
                pattern, tie: tie, afterCause: after, beforeCause: before, latest: latest, latestOf: latestOf,
                together: together, unbroken: unbroken, undoneBy: undone, fields: wanted, lack: lack, supplier: supplier
            ))
    }

    /// `{ from: path, to: path, seconds: 2, between: [path, path], but-for: [patterns] }`.
    private func unbroken(_ node: Node?, of types: [EntryType]) -> Unbroken? {
        guard let node, let fields = source.fields(node, "unbroken") else { return nil }
        defer { fields.finish() }
        func path(_ node: Node?) -> Path? {
            guard let node else { return nil }
            return source.text(node, "时间路径").flatMap { patterns.path($0, at: node, from: types) }
        }
        let from = path(fields.required("from"))
        let to = path(fields.required("to"))
        let seconds = patterns.quantity(fields.required("seconds"), "秒数")
        let entry = fields.optional("between")
        let between = source.oneOrMore(entry).compactMap { path($0) }
        if entry != nil, between.count != 2 { source.fail(entry, .value, "between 应写两个路径：从何时，到何时") }
        let butFor = patterns.patterns(fields.optional("but-for"), "but-for")
        guard let from, let to, let seconds else { return nil }
        return Unbroken(from: from, to: to, seconds: seconds, between: between, butFor: butFor)
    }

    /// `true`, or conditions: of which records the last is taken.
    private func latest(_ node: Node?, of types: [EntryType]) -> (Bool, [Condition]) {
        guard let node else { return (false, []) }
        guard case .mapping = node else { return (source.truth(node, "latest") ?? false, []) }
        return (true, patterns.conditions(node, of: types))
    }

    private func tie(_ node: Node?, trigger: [EntryType], of types: [EntryType]) -> Tie {
        guard let node else { return .sameSubject }
        if case .mapping = node {
            guard let fields = source.fields(node, "tie") else { return .sameSubject }
            defer { fields.finish() }
            if let role = fields.optional("refers") {
                guard let name = source.memberName(role, "引用") else { return .sameSubject }
                patterns.check(role: name, from: types, at: role)
                return .refers(name)
            }
            if let member = fields.optional("named") {
                let name = source.memberName(member, "成员") ?? ""
                let members = Set(trigger.flatMap(\.members.keys)).sorted()
                if !members.contains(name) { source.unknown(name, at: member, "触发记录", among: members) }
                return .named(name)
            }
            if let per = fields.optional("same") {
                return source.word(per, "same", as: Matter.Per.self).map { .same($0) } ?? .sameSubject
            }
            source.fail(node, .missingKey, "tie 中应写 refers、named 或 same")
            return .sameSubject
        }
        switch source.word(node, "tie", as: TieWord.self) {
        case .sameSubject, nil: return .sameSubject
        case .itself: return .itself
        case .about: return .about
        case .anywhere: return .anywhere
        }
    }

    private enum TieWord: String, CaseIterable {
        case sameSubject = "same-subject"
        case itself, about, anywhere
    }

    private func field(
        _ node: Node, of types: [EntryType], kinds named: PatternReader.NamedKinds
    ) -> FieldRequirement? {
        guard case .mapping = node else {
            return source.text(node, "字段").flatMap { patterns.path($0, at: node, from: types, kinds: named) }
                .map { FieldRequirement($0) }
        }
        guard let fields = source.fields(node, "字段") else { return nil }
        defer { fields.finish() }
        let entry = fields.required("field")
        let label = fields.optional("label").flatMap { source.text($0, "label") }
        let columns = source.oneOrMore(fields.optional("columns")).compactMap { source.memberName($0, "列") }
        let rows = rows(fields, of: columns)
        let when = patterns.conditions(fields.optional("when"), of: types)
        guard let entry, let text = source.text(entry, "字段"),
            let path = patterns.path(text, at: entry, from: types, kinds: named)
        else { return nil }
        return FieldRequirement(path, label: label ?? "", columns: columns, rows: rows, when: when)
    }

    // MARK: documents

    private func document(_ fields: YAMLFields) -> Requirement? {
        let kinds = source.oneOrMore(fields.required("document")).compactMap { node -> String? in
            guard let name = source.text(node, "文书种类") else { return nil }
            if known.kinds[name] == nil { source.unknown(name, at: node, "文书种类", among: known.kinds.keys.sorted()) }
            return name
        }
        let definitions = kinds.compactMap { known.kinds[$0] }
        let tie = tie(fields.optional("tie"), trigger: EntryType.allCases, of: [.documentFixed])
        let conditions = patterns.conditions(fields.optional("where"), of: [.documentFixed], kinds: kinds)
        let wanted = source.oneOrMore(fields.optional("fields")).compactMap { formField($0, of: definitions) }
        let slots = source.oneOrMore(fields.optional("slots")).compactMap { slot($0, of: definitions) }
        let after = fields.optional("after-cause").flatMap { source.truth($0, "after-cause") } ?? false
        let issued = fields.optional("issued").flatMap { source.truth($0, "issued") } ?? false
        let lack = fields.optional("lack").flatMap { source.text($0, "lack") } ?? ""
        guard !kinds.isEmpty else { return nil }
        return .document(
            DocumentRequirement(
                kinds: kinds, tie: tie, afterCause: after, conditions: conditions, fields: wanted, slots: slots,
                issued: issued, lack: lack))
    }

    /// A field of a form: its name, without `data.`.
    private func formField(_ node: Node, of kinds: [DocumentKind]) -> FieldRequirement? {
        guard case .mapping = node else {
            return fieldName(node, of: kinds).map { FieldRequirement(Path(.own, ["data", $0])) }
        }
        guard let fields = source.fields(node, "字段") else { return nil }
        defer { fields.finish() }
        let name = fields.required("field").flatMap { fieldName($0, of: kinds) }
        let label = fields.optional("label").flatMap { source.text($0, "label") } ?? ""
        let columns = source.oneOrMore(fields.optional("columns")).compactMap { column in
            source.memberName(column, "列").map { check(column: $0, of: name, in: kinds, at: column) }
        }
        let rows = rows(fields, of: columns)
        let when = patterns.conditions(fields.optional("when"), of: [.documentFixed], kinds: kinds.map(\.name))
        return name.map {
            FieldRequirement(Path(.own, ["data", $0]), label: label, columns: columns, rows: rows, when: when)
        }
    }

    /// How many rows a table must have: 1 where it is not said.
    private func rows(_ fields: YAMLFields, of columns: [String]) -> Int {
        guard let node = fields.optional("rows") else { return 1 }
        if columns.isEmpty { source.fail(node, .contradiction, "rows 数的是表格的行，应同时写 columns") }
        return source.integer(node, "rows", in: 2...FieldType.personLimit) ?? 1
    }

    private func fieldName(_ node: Node, of kinds: [DocumentKind]) -> String? {
        guard let name = source.memberName(node, "字段") else { return nil }
        for kind in kinds where kind.field(name) == nil {
            source.unknown(name, at: node, "《\(kind.title)》的字段", among: kind.fields.map(\.name))
        }
        return name
    }

    private func check(column: String, of field: String?, in kinds: [DocumentKind], at node: Node) -> String {
        for kind in kinds {
            let columns: [String]
            switch field.flatMap({ kind.field($0) })?.type {
            case .table(let defined): columns = defined.map(\.name)
            case .persons: columns = FieldType.personColumns
            case nil: continue
            default: columns = []
            }
            if !columns.contains(column) { source.unknown(column, at: node, "《\(kind.title)》该字段的列", among: columns) }
        }
        return column
    }

    private func slot(_ node: Node, of kinds: [DocumentKind]) -> SlotRequirement? {
        guard case .mapping = node else { return slotName(node, of: kinds).map { SlotRequirement([$0]) } }
        guard let fields = source.fields(node, "签名栏") else { return nil }
        defer { fields.finish() }
        let names = source.oneOrMore(fields.required("slot")).compactMap { slotName($0, of: kinds) }
        var result = SlotRequirement(names)
        if let count = fields.optional("count").flatMap({ source.integer($0, "人数", in: 1...20) }) {
            result.count = count
        }
        let manners = source.oneOrMore(fields.optional("manners")).compactMap {
            source.word($0, "签名方式", as: SigningManner.self)
        }
        if !manners.isEmpty { result.manners = manners }
        result.decisions = source.oneOrMore(fields.optional("decision")).compactMap {
            source.word($0, "签署意见", as: SigningDecision.self)
        }
        result.sealed = fields.optional("sealed").flatMap { source.truth($0, "sealed") } ?? false
        result.opinion = opinion(fields.optional("opinion"), of: kinds)
        result.when = patterns.conditions(fields.optional("when"), of: [.documentFixed], kinds: kinds.map(\.name))
        result.conditions = patterns.conditions(fields.optional("where"), of: [.documentSigned])
        return names.isEmpty ? nil : result
    }

    private func opinion(_ node: Node?, of kinds: [DocumentKind]) -> SlotRequirement.Opinion? {
        guard let node else { return nil }
        guard case .mapping = node else {
            return source.truth(node, "opinion") == true ? SlotRequirement.Opinion() : nil
        }
        guard let fields = source.fields(node, "opinion") else { return nil }
        defer { fields.finish() }
        return SlotRequirement.Opinion(orField: fields.required("or-field").flatMap { fieldName($0, of: kinds) })
    }

    private func slotName(_ node: Node, of kinds: [DocumentKind]) -> String? {
        if case .mapping = node, let fields = source.fields(node, "签名栏") {
            defer { fields.finish() }
            return fields.required("office").flatMap { patterns.office($0) }.map { "@\($0)" }
        }
        guard let text = source.text(node, "签名栏") else { return nil }
        let name = text.hasSuffix("*") ? String(text.dropLast()) : text
        for kind in kinds where kind.slot(name) == nil {
            source.unknown(name, at: node, "《\(kind.title)》的签名栏", among: kind.slots.map(\.name))
        }
        return text
    }
}
