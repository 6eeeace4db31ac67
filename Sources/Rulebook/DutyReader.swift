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
        let recurrence = recurrence(fields.optional("every"))
        let level = level(fields.optional("level"), of: matter)
        let require = fields.required("require")
        let requirement = RequirementReader(patterns: patterns).requirement(require, trigger: trigger?.types ?? [])
        let terms = TermReader(patterns: patterns, recurs: recurrence != nil)
        let term = terms.term(fields.optional("within"), trigger: trigger?.types ?? [])
        let reminder = terms.term(fields.optional("remind"), trigger: trigger?.types ?? [])
        if term != nil, reminder != nil { source.fail(node, .contradiction, "within 与 remind 只写一个：条文有期限的，不另写提醒") }
        if reminder?.changes.isEmpty == false { source.fail(node, .contradiction, "提醒（remind）不是期限，不写 may-be") }
        let before = patterns.patterns(fields.optional("before"), "before")
        let metAt = source.oneOrMore(fields.optional("met-at")).compactMap {
            terms.timeSource($0, of: EntryType.allCases)
        }
        let excuses = patterns.patterns(fields.optional("unless"), "unless")
        let lapses = patterns.patterns(fields.optional("lapses"), "lapses")
        let gate = gate(fields.optional("gate"))
        let (who, office) = holder(fields.required("who"))
        let yields = fields.optional("yields").flatMap { source.truth($0, "yields") } ?? true
        if requirement == .never, term != nil || reminder != nil {
            source.fail(node, .contradiction, "禁止性义务（never）不能有期限")
        }
        if let trigger, let requirement, recurrence == nil, !patterns.known.isKept, requirement.isMet(by: trigger) {
            source.fail(
                require, .contradiction,
                "触发的记录本身就满足要求，这项义务一产生就已履行，不起作用：请改 when 或者 require；要的是以后另一条记录的，写 after-cause: true")
        }
        guard let matter, let demand, let trigger, let requirement, let who else { return nil }
        var duty = Duty(
            matter: matter.id, demand: demand, trigger: trigger, occurrence: occurrence ?? .first,
            recurrence: recurrence, requirement: requirement,
            timing: Timing(term: term, reminder: reminder, before: before), metAt: metAt.first ?? .recorded,
            excuses: excuses,
            lapses: lapses, gate: gate, who: who, office: office, level: level,
            yields: yields)
        duty.metAtElse = Array(metAt.dropFirst())
        return duty
    }

    /// A word, or `{ office: name, else: word }`: whom the bureau chose for an office of this file.
    private func holder(_ node: Node?) -> (who: DutyHolder?, office: String?) {
        guard let node, case .mapping = node else { return (source.word(node, "责任人", as: DutyHolder.self), nil) }
        guard let fields = source.fields(node, "责任人") else { return (nil, nil) }
        defer { fields.finish() }
        let office = fields.required("office").flatMap { patterns.office($0) }
        return (source.word(fields.required("else"), "责任人", as: DutyHolder.self), office)
    }

    /// `quarter`, `year`, or `{days: …}`.
    private func recurrence(_ node: Node?) -> Recurrence? {
        guard let node else { return nil }
        guard case .mapping = node else {
            switch source.text(node, "every") {
            case "quarter": return .quarter
            case "year": return .year
            case let text?:
                source.unknown(text, at: node, "every", among: ["quarter", "year", "{ days: … }"])
                return nil
            case nil: return nil
            }
        }
        guard let fields = source.fields(node, "every") else { return nil }
        defer { fields.finish() }
        return patterns.length(fields.required("days"), "日数").map { .days($0) }
    }

    /// What a provision expressly allows.
    func allowance(_ node: Node) -> Allowance? {
        guard let fields = source.fields(node, "许可") else { return nil }
        defer { fields.finish() }
        let matter = matter(fields.required("matter"))
        let what = source.text(fields.required("what"), "许可的话")
        let when = patterns.pattern(fields.required("when"), "所及记录")
        let level = level(fields.optional("level"), of: matter)
        guard let matter, let what, let when else { return nil }
        return Allowance(matter: matter.id, what: what, when: when, level: level)
    }

    /// How strictly a recording is asked for: only of what is recorded.
    private func level(_ node: Node?, of matter: Matter?) -> AVLevel? {
        guard let node, let level = source.word(node, "level", as: AVLevel.self) else { return nil }
        if let matter, !matter.isRecording, !patterns.known.isKept {
            let others = matters.values.filter(\.isRecording).map(\.id).sorted().joined(separator: "、")
            source.fail(node, .contradiction, "事项“\(matter.id)”不是音像记录，不能写 level；可以写的事项：\(others)")
        }
        return level
    }

    func matter(_ node: Node?) -> Matter? {
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
                    type.home == .recording || names.contains("recording")
                case .lead, .recorder, .request, .publication, .draw, .person:
                    matter.per.thread.map { type.home == $0 || names.contains($0.rawValue) } ?? true
                }
            if !suits {
                source.fail(
                    node, .contradiction,
                    "事项“\(matter.id)”按\(matter.per.rawValue)计，但记录“\(type.rawValue)”不指明\(matter.per.rawValue)")
            }
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
        let steps = fields.optional("refuses")
        let refuses = patterns.patterns(steps, "refuses")
        // A step that cannot be read was named all the same: that it is wrong is said once.
        let namesNone = source.oneOrMore(steps).isEmpty
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
            if namesNone { source.fail(node, .missingKey, "关口“pre”应写明 refuses") }
            return Gate(.pre, refuses: refuses, overridableBy: override.isEmpty ? [.agencyHead] : override)
        case .hard:
            if namesNone { source.fail(node, .missingKey, "关口“hard”应写明 refuses") }
            if entry != nil { source.fail(node, .contradiction, "关口“hard”不能批准越过") }
            return Gate(.hard, refuses: refuses)
        }
    }

    private var closing: Gate { Gate(.close, refuses: [Pattern([.caseFiled])], overridableBy: [.agencyHead]) }
}
