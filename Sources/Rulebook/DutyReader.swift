import Casework
import Kernel
import Yams

/// Reads one duty of a provision.
struct DutyReader {
    let patterns: PatternReader
    let matters: [String: Matter]
    private var source: YAMLSource { patterns.source }

    init(patterns: PatternReader, matters: [String: Matter]) {
        self.patterns = patterns
        self.matters = matters
    }

    /// The duty; nil where something it needs is missing.
    func duty(_ node: Node) -> Duty? {
        guard let fields = source.fields(node, "义务") else { return nil }
        defer { fields.finish() }
        let matter = matter(fields.required("matter"))
        let demand = source.text(fields.required("demand"), "要求的话")
        let when = fields.required("when")
        let trigger = patterns.pattern(when, "触发记录")
        if let matter, let trigger { check(trigger, suits: matter, at: when) }
        let occurrence = fields.optional("occurrence").flatMap {
            source.word($0, "occurrence", as: Duty.Occurrence.self)
        }
        let require = fields.required("require")
        let requirement = RequirementReader(patterns: patterns).requirement(require, trigger: trigger?.types ?? [])
        let term = term(fields.optional("within"), trigger: trigger?.types ?? [])
        let before = patterns.patterns(fields.optional("before"), "before")
        let metAt = fields.optional("met-at").flatMap { timeSource($0, of: EntryType.allCases) } ?? .recorded
        let excuses = patterns.patterns(fields.optional("unless"), "unless")
        let lapses = patterns.patterns(fields.optional("lapses"), "lapses")
        let gate = gate(fields.optional("gate"))
        let who = source.word(fields.required("who"), "责任人", as: DutyHolder.self)
        if requirement == .never, term != nil {
            source.fail(node, .contradiction, "禁止性义务（never）不能有期限")
        }
        guard let matter, let demand, let trigger, let requirement, let who else { return nil }
        return Duty(
            matter: matter.id, demand: demand, trigger: trigger, occurrence: occurrence ?? .first,
            requirement: requirement, timing: Timing(term: term, before: before), metAt: metAt, excuses: excuses,
            lapses: lapses, gate: gate, who: who)
    }

    private func matter(_ node: Node?) -> Matter? {
        guard let node, let name = source.slug(node, "事项") else { return nil }
        if let matter = matters[name] { return matter }
        source.unknown(name, at: node, "事项", among: matters.keys.sorted())
        return nil
    }

    /// A duty about activities must be caused by records that name one, and so on.
    private func check(_ trigger: Pattern, suits matter: Matter, at node: Node?) {
        for type in trigger.types {
            let names = Set(type.members.keys)
            let suits =
                switch matter.per {
                case .caseFile, .bureau, .record: true
                case .activity: !names.isDisjoint(with: ["activity", "document", "recording"])
                case .document: names.contains("document")
                case .recording:
                    type == .recordingImported || type == .recordingInspected || names.contains("recording")
                }
            if !suits {
                source.fail(
                    node, .contradiction,
                    "事项“\(matter.id)”按\(matter.per.rawValue)计，但记录“\(type.rawValue)”不指明\(matter.per.rawValue)")
            }
        }
    }

    // MARK: terms

    private func term(_ node: Node?, trigger: [EntryType]) -> Term? {
        guard let node, let fields = source.fields(node, "期限") else { return nil }
        defer { fields.finish() }
        let names = ["hours", "days", "working-days", "months", "until-day", "date"].filter {
            fields.optional($0) != nil
        }
        let from = source.oneOrMore(fields.optional("from")).compactMap { timeSource($0, of: trigger) }
        let roll = fields.optional("roll").flatMap { source.truth($0, "roll") } ?? false
        guard names.count == 1, let entry = fields.optional(names[0]) else {
            source.fail(node, .missingKey, "期限中应恰好写 hours、days、working-days、months、until-day、date 之一")
            return nil
        }
        let runs = !["until-day", "date"].contains(names[0])
        if runs, fields.optional("from") == nil { source.fail(node, .missingKey, "期限应写明 from，从何时起算") }
        if !runs, !from.isEmpty { source.fail(node, .contradiction, "到某日为止的期限不写 from") }
        if names[0] == "hours", roll { source.fail(node, .contradiction, "按小时计的期限不顺延") }
        return length(names[0], entry, trigger: trigger).map { Term($0, from: from, roll: roll) }
    }

    private func length(_ name: String, _ node: Node, trigger: [EntryType]) -> Term.Length? {
        switch name {
        case "hours": patterns.quantity(node, "小时数").map { .hours($0) }
        case "days": patterns.quantity(node, "日数").map { .days($0) }
        case "working-days": patterns.quantity(node, "工作日数").map { .workingDays($0) }
        case "months": patterns.quantity(node, "月数").map { .months($0) }
        case "date": source.day(node, "日期").map { .fixed($0) }
        default:
            source.text(node, "届满日").flatMap { patterns.path($0, at: node, from: trigger) }.map { .untilDay($0) }
        }
    }

    /// `recorded`, `happened`, or the path of a member that holds a time.
    private func timeSource(_ node: Node, of types: [EntryType]) -> TimeSource? {
        guard let text = source.text(node, "时间") else { return nil }
        switch text {
        case "recorded": return .recorded
        case "happened": return .happened
        default: return patterns.path(text, at: node, from: types).map { .member($0) }
        }
    }

    // MARK: gates

    /// A level alone, or `level`, `refuses`, `override`.
    ///
    /// `close` refuses filing and is lifted by the head: closing with defects. `pre` is lifted by the head unless the file
    /// says who; `hard` is lifted by nobody.
    private func gate(_ node: Node?) -> Gate {
        guard let node else { return .open }
        guard case .mapping = node else {
            guard let level = source.word(node, "关口", as: Gate.Level.self) else { return .open }
            if level == .pre || level == .hard { source.fail(node, .missingKey, "关口“\(level.rawValue)”应写明 refuses") }
            return level == .close ? closing : .open
        }
        guard let fields = source.fields(node, "关口") else { return .open }
        defer { fields.finish() }
        guard let level = source.word(fields.required("level"), "关口", as: Gate.Level.self) else { return .open }
        let refuses = patterns.patterns(fields.optional("refuses"), "refuses")
        let entry = fields.optional("override")
        let override = source.oneOrMore(entry).compactMap { source.word($0, "职责", as: Role.self) }
        switch level {
        case .none:
            if !refuses.isEmpty || entry != nil { source.fail(node, .contradiction, "关口“none”不拦截任何步骤") }
            return .open
        case .close:
            return Gate(
                .close, refuses: refuses.isEmpty ? closing.refuses : refuses,
                overridableBy: override.isEmpty ? closing.overridableBy : override)
        case .pre:
            if refuses.isEmpty { source.fail(node, .missingKey, "关口“pre”应写明 refuses") }
            return Gate(.pre, refuses: refuses, overridableBy: override.isEmpty ? [.agencyHead] : override)
        case .hard:
            if refuses.isEmpty { source.fail(node, .missingKey, "关口“hard”应写明 refuses") }
            if entry != nil { source.fail(node, .contradiction, "关口“hard”不能批准越过") }
            return Gate(.hard, refuses: refuses)
        }
    }

    private var closing: Gate { Gate(.close, refuses: [Pattern([.caseFiled])], overridableBy: [.agencyHead]) }
}
