import Casework
import Kernel
import Yams

/// Reads one document kind: `Documents/<name>/kind.yaml`.
struct KindReader {
    let source: YAMLSource

    /// The template's file where the kind names none. A kind that has no template yet says so with `template: none`, so
    /// that a file that went missing is not taken for one that was never there.
    static let standardTemplate = "template.typ"

    /// The kind; nil where something it needs is missing.
    func read(_ root: Node, folder: String) -> DocumentKind? {
        guard let fields = source.fields(root, "文书种类") else { return nil }
        defer { fields.finish() }
        let entry = fields.required("kind")
        let name = source.slug(entry, "文书种类")
        if let name, name != folder {
            source.fail(entry, .contradiction, "文书种类“\(name)”与所在目录“\(folder)”不一致")
        }
        let title = source.text(fields.required("title"), "标题")
        let row = source.integer(fields.required("row"), "文书目录序号", in: 1...999)
        let stage = source.word(fields.required("stage"), "阶段", as: Stage.self)
        let category = source.word(fields.required("category"), "类别", as: DocumentKind.Category.self)
        let standard = fields.optional("standard").flatMap { source.truth($0, "standard") } ?? true
        let inBureausName = fields.optional("in-bureaus-name").flatMap { source.truth($0, "in-bureaus-name") } ?? false
        let volume = source.word(fields.required("volume"), "卷别", as: DocumentKind.Volume.self)
        let retention = source.word(fields.required("retention"), "保管期限", as: DocumentKind.RetentionClass.self)
        let numbering = fields.optional("numbering").flatMap(numbering)
        let template = fields.optional("template").flatMap { source.text($0, "模板") } ?? Self.standardTemplate
        let nodes = source.list(fields.required("fields"), "字段")
        let definitions = nodes.compactMap(field)
        let slotNodes = source.list(fields.optional("slots"), "签名栏")
        let slots = slotNodes.compactMap(slot)
        refuseDuplicates(definitions.map(\.name), nodes, "字段")
        refuseDuplicates(slots.map(\.name), slotNodes, "签名栏")
        check(definitions.map(\.required) + slots.map(\.required), name: definitions)
        check(slots, growWith: definitions)
        let answers = answers(fields.optional("answers"), kind: folder, isOutside: template == "none")
        let taken = taken(fields.optional("taken"))
        let offered = fields.optional("offered")
        let leads = source.list(fields.optional("lead"), "lead").compactMap(leadRecord)
        guard let name, let title, let row, let stage, let category, let volume, let retention else { return nil }
        return DocumentKind(
            name: name, title: title, row: row, stage: stage, category: category, isStandard: standard,
            fields: definitions, slots: slots, numbering: numbering, inBureausName: inBureausName, volume: volume,
            retention: retention, template: template == "none" ? nil : template, answers: answers, taken: taken,
            offered: offer(offered, taken: taken, stage: stage), leads: leads)
    }

    /// A record of a lead that papers of the kind rest on, with what its words must say.
    private func leadRecord(_ node: Node) -> DocumentKind.LeadRecord? {
        guard let fields = source.fields(node, "lead") else { return nil }
        defer { fields.finish() }
        let entry = fields.required("record")
        let said = fields.optional("where").flatMap { source.fields($0, "where") }
        guard let type = source.word(entry, "记录类型", as: EntryType.self) else { return nil }
        guard type.home == .lead else {
            source.fail(entry, .contradiction, "\(type.rawValue) 不是线索的记录，lead 只写线索的记录")
            return nil
        }
        var words: [String: [String]] = [:]
        for (name, key, value) in said?.all ?? [] {
            let known: [String]
            switch type.members[name] {
            case .words(let list): known = list
            case .truth: known = ["true", "false"]
            default:
                source.fail(key, .unknownWord, "\(type.rawValue) 没有可以这样比较的成员“\(name)”")
                continue
            }
            words[name] = source.oneOrMore(value).compactMap { one in
                guard let word = source.text(one, "条件的词") else { return nil }
                if !known.contains(word) {
                    source.fail(
                        one, .unknownWord, "\(type.rawValue) 的 \(name) 没有“\(word)”，可以写\(known.joined(separator: "、"))")
                }
                return word
            }
        }
        return DocumentKind.LeadRecord(type, words: words)
    }

    /// The record that a paper from outside answers. Rules tie the two by the role, so that it is one which a rule follows.
    private func answers(_ node: Node?, kind: String, isOutside: Bool) -> DocumentKind.Answered? {
        guard let node, let fields = source.fields(node, "answers") else { return nil }
        defer { fields.finish() }
        let type = source.word(fields.required("record"), "记录类型", as: EntryType.self)
        let entry = fields.required("as")
        let role = source.memberName(entry, "关系")
        if !isOutside { source.fail(node, .contradiction, "只有 template: none 的文书写 answers") }
        guard let type, let role else { return nil }
        let known = ReferenceRole.of(.documentFixed, kind: kind)
        if known?.target != type || known?.role != role {
            source.fail(
                entry, .contradiction,
                known.map { "这种文书回应的是 \($0.target.rawValue)，关系写 \($0.role)" } ?? "没有条文按关系“\(role)”看这种文书回应什么，请去掉 answers"
            )
        }
        return DocumentKind.Answered(type, as: role)
    }

    // MARK: which cases

    private func taken(_ node: Node?) -> DocumentKind.Cases {
        var taken = DocumentKind.Cases()
        guard let node, let fields = source.fields(node, "taken") else { return taken }
        defer { fields.finish() }
        if let cases = fields.optional("cases") { taken.kinds = words(cases, "案件种类") }
        if let procedures = fields.optional("procedures") { taken.procedures = words(procedures, "程序") }
        taken.power = fields.optional("power").flatMap { source.word($0, "权力", as: BureauPower.self) }
        if taken.kinds.isEmpty || taken.procedures.isEmpty {
            source.fail(node, .contradiction, "taken 至少写一种案件、一种程序：没有案件能用的文书不必写")
        }
        return taken
    }

    private func offer(_ node: Node?, taken: DocumentKind.Cases, stage: Stage) -> DocumentKind.Offer {
        var offer = DocumentKind.Offer(kinds: taken.kinds, stages: [stage])
        guard let node, let fields = source.fields(node, "offered") else { return offer }
        defer { fields.finish() }
        if let cases = fields.optional("cases") { offer.kinds = words(cases, "案件种类") }
        if let stages = fields.optional("stages") { offer.stages = words(stages, "阶段") }
        if let after = fields.optional("after") { offer.after = words(after, "记录类型") }
        if !offer.kinds.isSubset(of: taken.kinds) {
            source.fail(node, .contradiction, "offered 的案件种类应当在 taken 所写的种类之中")
        }
        return offer
    }

    private func words<Word: RawRepresentable & CaseIterable & Hashable>(_ node: Node, _ what: String) -> Set<Word>
    where Word.RawValue == String {
        Set(source.oneOrMore(node).compactMap { source.word($0, what, as: Word.self) })
    }

    private func check(_ slots: [SlotDefinition], growWith definitions: [FieldDefinition]) {
        for slot in slots {
            guard let name = slot.growsWith else { continue }
            switch definitions.first(where: { $0.name == name })?.type {
            case .persons, .list, .table: continue
            default: source.fail(.contradiction, "签名栏“\(slot.name)”的 grows-with 应是 persons、list 或者 table 字段")
            }
        }
    }

    private func refuseDuplicates(_ names: [String], _ nodes: [Node], _ what: String) {
        guard names.count == nodes.count else { return }
        for (index, name) in names.enumerated() where names[..<index].contains(name) {
            source.fail(nodes[index], .duplicate, "\(what)“\(name)”写了两次")
        }
    }

    private func check(_ conditions: [Requiredness], name definitions: [FieldDefinition]) {
        for case .when(let all) in conditions {
            for condition in all where !definitions.contains(where: { $0.name == condition.field }) {
                source.fail(.unknownWord, "required 的条件中没有字段“\(condition.field)”")
            }
        }
    }

    private func numbering(_ node: Node) -> Numbering? {
        guard let text = source.text(node, "字号") else { return nil }
        guard text.contains("{year}"), text.contains("{number}") else {
            source.fail(node, .value, "字号应含 {year} 和 {number}，如 {mark}罚决〔{year}〕{number}号")
            return nil
        }
        return Numbering(pattern: text)
    }

    // MARK: fields

    private func field(_ node: Node) -> FieldDefinition? {
        guard let fields = source.fields(node, "字段") else { return nil }
        defer { fields.finish() }
        let name = source.memberName(fields.required("name"), "字段名")
        let label = source.text(fields.required("label"), "标签")
        let type = type(fields)
        let required = required(fields.optional("required"), otherwise: .never)
        let help = fields.optional("help").flatMap { source.text($0, "说明") } ?? ""
        let provisions = source.oneOrMore(fields.optional("provisions")).compactMap { source.text($0, "条款") }
        let opening = fields.optional("class").flatMap { source.word($0, "公开范围", as: OpeningClass.self) } ?? .party
        let entry = fields.optional("plain")
        let plain = entry.flatMap { source.truth($0, "plain") } ?? false
        if plain, let type, !type.mayBePlain {
            source.fail(entry, .contradiction, "只有 choice、choices、integer、money、day、instant 字段可以写 plain: true")
        }
        if plain, opening == .reporter || opening == .secret {
            source.fail(entry, .contradiction, "须保密的字段（class: \(opening.rawValue)）不能写 plain: true：骨架不能隐去")
        }
        let later = fields.optional("ahead")
        let mayLieAhead = later.flatMap { source.truth($0, "ahead") } ?? false
        if mayLieAhead, let type, type != .instant, type != .day {
            source.fail(later, .contradiction, "只有 instant、day 字段可以写 ahead: true")
        }
        let orders = fields.optional("operative")
        let operative = orders.flatMap { source.truth($0, "operative") } ?? false
        if operative, let type, !type.isProse {
            source.fail(orders, .contradiction, "只有 text、longText、list 字段可以写 operative: true")
        }
        let certified = fields.optional("certificates")
        let certificates = certified.flatMap { source.truth($0, "certificates") }
        if certified != nil, let type, type != .persons {
            source.fail(certified, .contradiction, "只有 persons 字段写 certificates")
        }
        guard let name, let label, let type else { return nil }
        return FieldDefinition(
            name: name, label: label, type: type, required: required, help: help, provisions: provisions,
            opening: opening, plain: plain, operative: operative, certificates: certificates,
            mayLieAhead: mayLieAhead)
    }

    private enum TypeWord: String, CaseIterable {
        case text, longText, day, instant, integer, money, choice, choices, list, persons, table
    }

    private func type(_ fields: YAMLFields) -> FieldType? {
        let word = source.word(fields.required("type"), "类型", as: TypeWord.self)
        let optionNode = fields.optional("options")
        let columnNode = fields.optional("columns")
        let least = fields.optional("least").flatMap { source.integer($0, "下限", in: 0...1_000_000_000) }
        let most = fields.optional("most").flatMap { source.integer($0, "上限", in: 0...1_000_000_000) }
        guard let word else { return nil }
        if optionNode != nil, word != .choice, word != .choices {
            source.fail(optionNode, .contradiction, "只有 choice、choices 字段写 options")
        }
        if columnNode != nil, word != .table { source.fail(columnNode, .contradiction, "只有 table 字段写 columns") }
        switch word {
        case .text: return .text
        case .longText: return .longText
        case .day: return .day
        case .instant: return .instant
        case .integer:
            let bounds = (least ?? 0, most ?? 1_000_000_000)
            guard bounds.0 <= bounds.1 else {
                source.fail(fields.node, .contradiction, "下限大于上限")
                return nil
            }
            return .integer(Int64(bounds.0)...Int64(bounds.1))
        case .money: return .money
        case .list: return .list
        case .persons: return .persons
        case .choice, .choices:
            let options = source.list(optionNode, "选项").compactMap(option)
            guard !options.isEmpty else {
                source.fail(fields.node, .missingKey, "choice、choices 字段应写 options")
                return nil
            }
            return word == .choice ? .choice(options) : .choices(options)
        case .table:
            let columns = source.list(columnNode, "列").compactMap(column)
            guard !columns.isEmpty else {
                source.fail(fields.node, .missingKey, "table 字段应写 columns")
                return nil
            }
            return .table(columns)
        }
    }

    private func option(_ node: Node) -> FieldType.Option? {
        guard let fields = source.fields(node, "选项") else { return nil }
        defer { fields.finish() }
        let word = source.memberName(fields.required("word"), "选项的词")
        let label = source.text(fields.required("label"), "标签")
        guard let word, let label else { return nil }
        return FieldType.Option(word: word, label: label)
    }

    private func column(_ node: Node) -> FieldType.Column? {
        guard let fields = source.fields(node, "列") else { return nil }
        defer { fields.finish() }
        let name = source.memberName(fields.required("name"), "列名")
        let label = source.text(fields.required("label"), "标签")
        let required = fields.optional("required").flatMap { source.truth($0, "required") } ?? false
        guard let name, let label else { return nil }
        return FieldType.Column(name: name, label: label, required: required)
    }

    /// `true`, `false`, or a mapping from other fields of the form to what must hold of them.
    private func required(_ node: Node?, otherwise standard: Requiredness) -> Requiredness {
        guard let node else { return standard }
        guard case .mapping = node else {
            return source.truth(node, "required").map { $0 ? .always : .never } ?? standard
        }
        guard let fields = source.fields(node, "required") else { return standard }
        return .when(
            fields.all.compactMap { name, _, value in test(value).map { FormCondition(field: name, test: $0) } })
    }

    private func test(_ node: Node) -> FormCondition.Test? {
        guard case .mapping = node else {
            return .isOne(of: source.oneOrMore(node).compactMap { source.text($0, "条件的词") })
        }
        guard let fields = source.fields(node, "条件") else { return nil }
        defer { fields.finish() }
        if let not = fields.optional("not") {
            return .isNone(of: source.oneOrMore(not).compactMap { source.text($0, "条件的词") })
        }
        return fields.required("present").flatMap { source.truth($0, "present") }.map { $0 ? .present : .absent }
    }

    // MARK: slots

    private func slot(_ node: Node) -> SlotDefinition? {
        guard let fields = source.fields(node, "签名栏") else { return nil }
        defer { fields.finish() }
        let name = source.memberName(fields.required("name"), "签名栏")
        let label = source.text(fields.required("label"), "标签")
        let (who, office) = signer(fields.required("who"))
        let kind =
            fields.optional("kind").flatMap { source.word($0, "kind", as: SlotDefinition.Kind.self) } ?? .signature
        let required = required(fields.optional("required"), otherwise: .always)
        let decision = fields.optional("decision").flatMap {
            source.word($0, "签署意见", as: SlotDefinition.Decision.self)
        }
        let manners = source.oneOrMore(fields.optional("manners")).compactMap {
            source.word($0, "签名方式", as: SigningManner.self)
        }
        let least = fields.optional("least").flatMap { source.integer($0, "人数", in: 1...20) }
        let repeats = fields.optional("repeats").flatMap { source.truth($0, "repeats") } ?? false
        if least != nil, !repeats { source.fail(node, .contradiction, "只有 repeats: true 的签名栏写 least") }
        let growsWith = fields.optional("grows-with").flatMap { source.memberName($0, "字段名") }
        if growsWith != nil, !repeats { source.fail(node, .contradiction, "只有 repeats: true 的签名栏写 grows-with") }
        guard let name, let label, let who else { return nil }
        return SlotDefinition(
            name: name, label: label, who: who, kind: kind, required: required, decision: decision ?? .none,
            manners: manners.isEmpty ? SigningManner.allCases : manners, repeats: repeats, least: least ?? 1,
            office: office, growsWith: growsWith)
    }

    /// A word, or `{ office: name, else: word }`: whom the bureau chose for an office that a text in force declares.
    private func signer(_ node: Node?) -> (who: DutyHolder?, office: String?) {
        guard let node, case .mapping = node else { return (source.word(node, "签名人", as: DutyHolder.self), nil) }
        guard let fields = source.fields(node, "签名人") else { return (nil, nil) }
        defer { fields.finish() }
        return (
            source.word(fields.required("else"), "签名人", as: DutyHolder.self),
            source.text(fields.required("office"), "职务")
        )
    }
}
