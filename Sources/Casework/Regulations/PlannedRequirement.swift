/// A requirement made ready.
enum PlannedRequirement: Sendable {
    case record(PlannedRecord)
    case document(PlannedDocument)
    case all([PlannedRequirement])
    case any(PlannedChoice)
    case elapsed(PlannedTerm)
    case never

    /// Whether time has to pass, or may do instead of a part.
    var waits: Bool {
        switch self {
        case .elapsed: true
        case .all(let parts): parts.contains(where: \.waits)
        case .any(let choice): choice.ways.contains(where: \.waits)
        case .record, .document, .never: false
        }
    }
}

/// Several requirements any of which will do. A reference, for the same reason as `PlannedTerm`.
final class PlannedChoice: Sendable {
    let ways: [PlannedRequirement]
    /// What to say while none is met, where no way looks at the history to say it; nil else. Most are asked for again and
    /// again while a case is open, and say the same.
    let absent: String?
    /// Who supplies the first way, where it says so.
    let supplier: DutyHolder?

    init(_ ways: [PlannedRequirement]) {
        self.ways = ways
        var sentences: [String] = []
        var isFixed = !ways.isEmpty
        for way in ways {
            guard case .record(let record) = way, record.isMetByAny else {
                isFixed = false
                break
            }
            if !sentences.contains(record.absent) { sentences.append(record.absent) }
        }
        absent = isFixed ? Missing.alternatives(sentences) : nil
        if case .record(let first)? = ways.first { supplier = first.supplier } else { supplier = nil }
    }
}

/// A term that must pass. A reference, so that a requirement is one word and costs nothing to hand on.
final class PlannedTerm: Sendable {
    let term: Term

    init(_ term: Term) { self.term = term }
}

/// A record that must exist.
final class PlannedRecord: Sendable {
    let wanted: RecordRequirement
    let pattern: PlannedPattern
    let fields: [PlannedField]
    let tie: Tie
    /// Whether it is the causing record itself.
    let isItself: Bool
    let afterCause: Bool
    let beforeCause: Bool
    let latest: Bool
    let latestOf: [PlannedCondition]
    let together: [PlannedCondition]
    let unbroken: PlannedUnbroken?
    let undoneBy: PlannedPatterns
    /// Whether any one record that matches and is tied will do.
    let isMetByAny: Bool
    /// The records by name, in Chinese.
    let name: String
    /// What to say while there is none.
    let absent: String
    /// Who supplies it, where the requirement says so.
    let supplier: DutyHolder?

    init(
        _ wanted: RecordRequirement, pattern: PlannedPattern, latestOf: [PlannedCondition],
        together: [PlannedCondition], unbroken: PlannedUnbroken?, undoneBy: PlannedPatterns, fields: [PlannedField]
    ) {
        self.unbroken = unbroken
        self.wanted = wanted
        supplier = wanted.supplier
        tie = wanted.tie
        isItself = wanted.tie == .itself
        afterCause = wanted.afterCause
        beforeCause = wanted.beforeCause
        latest = wanted.latest
        self.latestOf = latestOf
        self.together = together
        isMetByAny = together.isEmpty && unbroken == nil && fields.isEmpty
        self.undoneBy = undoneBy
        let types = wanted.pattern.types
        name = types.count == 1 ? types[0].chinese : types.map(\.chinese).joined(separator: "或")
        absent =
            !wanted.lack.isEmpty ? wanted.lack : isItself ? "“\(name)”记录不合要求" : "尚无“\(name)”记录"
        self.pattern = pattern
        self.fields = fields
    }
}

/// A document that must exist.
final class PlannedDocument: Sendable {
    let wanted: DocumentRequirement
    /// Its place among all whose documents are kept.
    let id: Int
    let conditions: [PlannedCondition]
    let fields: [PlannedField]
    let slots: [PlannedSlot]
    /// The documents by name, in Chinese.
    let name: String
    /// What to say while there is none.
    let absent: String
    /// What to say while there are some, and none is as asked.
    let unfit: String

    init(
        _ wanted: DocumentRequirement, id: Int, name: String, conditions: [PlannedCondition], fields: [PlannedField],
        slots: [PlannedSlot]
    ) {
        self.wanted = wanted
        self.id = id
        self.conditions = conditions
        self.fields = fields
        self.slots = slots
        self.name = name
        absent = "尚未制作\(name)"
        unfit = wanted.lack.isEmpty ? "尚无符合要求的\(name)" : wanted.lack
    }
}

/// A value that must be there.
final class PlannedField: Sendable {
    let wanted: FieldRequirement
    let when: [PlannedCondition]
    /// Whether it is filled; nil for a table, whose rows are looked at.
    let filled: PlannedCondition?

    init(wanted: FieldRequirement, when: [PlannedCondition], filled: PlannedCondition?) {
        self.wanted = wanted
        self.when = when
        self.filled = filled
    }
}

/// A signature that a document must carry.
final class PlannedSlot: Sendable {
    let wanted: SlotRequirement
    let when: [PlannedCondition]
    let conditions: [PlannedCondition]
    /// Whether the bureau says who holds one of the slots.
    let isOffice: Bool
    /// Whether it means every place of a repeated slot (`officer*`).
    let isRepeated: Bool
    /// Whether the signer gave an opinion, and whether the form has it instead.
    let opinion: PlannedCondition?
    let opinionInForm: PlannedCondition?

    init(
        _ wanted: SlotRequirement, when: [PlannedCondition], conditions: [PlannedCondition],
        opinion: PlannedCondition?, opinionInForm: PlannedCondition?
    ) {
        self.wanted = wanted
        self.when = when
        self.conditions = conditions
        self.opinion = opinion
        self.opinionInForm = opinionInForm
        isOffice = wanted.slots.contains { $0.hasPrefix("@") }
        isRepeated = wanted.slots.contains { $0.hasSuffix("*") }
    }
}
