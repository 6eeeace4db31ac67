import Casework
import Kernel
import Ledger

/// A higher rule that takes the place of a row (上级另有规定的，从其规定; zhaoxian-2017:2.p2), as a form has it.
///
/// Only this relaxes a text (design, invariant 9). It governs acts from a day on, and may end with a day; whatever is said
/// later of the same row counts from then on.
public struct RuleOverride: Hashable, Sendable {
    /// The row whose place it takes.
    public var provision: String
    /// A word of `EntryType.overrideEffects`.
    public var effect: String
    /// For another term: a word of `EntryType.termUnits`, and how many.
    public var unit: String?
    public var length: Int64?
    /// For another medium: a word of `EntryType.mediumLevels`.
    public var level: String?
    /// The higher rule's name and number, the article, and what it says.
    public var higherRule: String
    public var article: String
    public var value: String
    /// The first and the last day whose acts it governs.
    public var fromDay: CivilDay?
    public var untilDay: CivilDay?
    /// Why it is recorded now.
    public var reason: String

    /// A higher rule.
    public init(
        provision: String, effect: String, unit: String? = nil, length: Int64? = nil, level: String? = nil,
        higherRule: String, article: String, value: String, fromDay: CivilDay?, untilDay: CivilDay? = nil,
        reason: String
    ) {
        self.provision = provision
        self.effect = effect
        self.unit = unit
        self.length = length
        self.level = level
        self.higherRule = higherRule
        self.article = article
        self.value = value
        self.fromDay = fromDay
        self.untilDay = untilDay
        self.reason = reason
    }

    /// Who records one: whom the rows of the texts in force name that ask for its record, and who prepares changes of the
    /// rules where no text speaks of it.
    public static func holders(in law: Law, on day: CivilDay) -> [Role] {
        let named = law.rules.spans.filter { $0.covers(day) }.flatMap(\.regulation.provisions).flatMap(\.duties)
            .filter { $0.trigger.types == [.ruleOverridden] }.compactMap(\.who.role)
        return named.isEmpty ? [.administrator] : Role.allCases.filter(named.contains)
    }

    /// What it can do to a row: nothing to a duty that is not moved, and no more to a row of the parent law that no office
    /// may let pass (invariant 5).
    public static func effects(on provision: Provision, of text: Regulation) -> [String] {
        let moved = provision.duties.filter(\.yields)
        var effects: [String] = []
        let isBound = text.standing == .parentLaw && moved.contains { $0.gate.level == .hard }
        if !moved.isEmpty, !isBound { effects.append("off") }
        if moved.contains(where: { $0.timing.term != nil }), !isBound { effects.append("term") }
        if moved.contains(where: { $0.level != nil }) || provision.allows.contains(where: { $0.level != nil }) {
            effects.append("medium")
        }
        return effects
    }

    /// Rows of the texts in force on a day that a higher rule can take the place of.
    public static func rows(in law: Law, on day: CivilDay) -> [(text: Regulation, provision: Provision)] {
        law.rules.spans.filter { $0.covers(day) }.flatMap { span in
            span.regulation.provisions.filter { !effects(on: $0, of: span.regulation).isEmpty }
                .map { (span.regulation, $0) }
        }
    }

    /// The plain members and the fields of the entry that carries it out.
    func parts(in law: Law, on today: CivilDay) throws(StepRefusal) -> (plain: [JSON.Member], fields: [FieldValue]) {
        var form = FormText()
        let fields: [FieldValue] = [
            .init("higherRule", .string(form.required(higherRule, "higherRule", "上位规定的名称和文号", limit: 200)), .internal),
            .init("article", .string(form.required(article, "article", "条文", limit: 100)), .internal),
            .init("value", .string(form.required(value, "value", "该规定的内容", limit: 2000)), .internal),
        ]
        _ = form.required(reason, "reason", "登记的理由或者文号", limit: 300)
        let rows = RuleOverride.rows(in: law, on: today)
        let row = rows.first { $0.provision.id.utf8.elementsEqual(provision.utf8) }
        if row == nil { form.fail("provision", "请选择施行的制度里的一条；不能由上位规定代替的条文，不在其中。") }
        var plain: [JSON.Member] = [.init("effect", .string(effect)), .init("provision", .string(provision))]
        let known = row.map { RuleOverride.effects(on: $0.provision, of: $0.text) } ?? EntryType.overrideEffects
        if !EntryType.overrideEffects.contains(effect) {
            form.fail("effect", "请选择上位规定改变什么。")
        } else if !known.contains(effect) {
            form.fail("effect", RuleOverride.unfit[effect] ?? "请选择上位规定改变什么。")
        }
        if effect == "term" {
            if let unit, EntryType.termUnits.contains(unit) {
                plain.append(.init("unit", .string(unit)))
            } else {
                form.fail("unit", "请选择期限的单位。")
            }
            if let length, (1...3650).contains(length) {
                plain.append(.init("length", .integer(length)))
            } else {
                form.fail("length", "请填写期限，1 至 3650 的整数。")
            }
        }
        if effect == "medium" {
            if let level, EntryType.mediumLevels.contains(level) {
                plain.append(.init("level", .string(level)))
            } else {
                form.fail("level", "请选择音像记录的要求。")
            }
        }
        if let fromDay {
            plain.append(.init("fromDay", .string(fromDay.description)))
            if fromDay.days(since: today) < -3660 { form.fail("fromDay", "日期太早，请检查年份。") }
        } else {
            form.fail("fromDay", "请填写从哪一天起适用。")
        }
        if let untilDay {
            plain.append(.init("untilDay", .string(untilDay.description)))
            if let fromDay, untilDay < fromDay { form.fail("untilDay", "截止的日期不能早于起始的日期。") }
        }
        try form.finish()
        return (plain, fields)
    }

    /// Refuses what cannot be recorded, field by field.
    public func check(in law: Law, on today: CivilDay) throws(StepRefusal) { _ = try parts(in: law, on: today) }

    private static let unfit = [
        "off": "这一条是法律的效力要件，不能登记为不适用。",
        "term": "这一条没有可以改变的期限。", "medium": "这一条没有规定音像记录。",
    ]

    /// The members of the entry, for a form that is still being filled in; nil where it cannot be one yet.
    public func draftMembers(in law: Law, on today: CivilDay) -> [JSON.Member]? {
        var filled = self
        if filled.reason.isEmpty { filled.reason = "预计" }
        return try? filled.parts(in: law, on: today).plain
    }
}

/// Higher rules as the bureau's thread tells them.
public struct RuleOverrides: Hashable, Sendable {
    /// One that was recorded.
    public struct Recorded: Hashable, Sendable {
        /// The entry's place in the bureau's thread.
        public let seq: Int
        public let override: RuleOverride
        public let recordedAt: Instant
        public let by: ThreadTag?
        /// Whether a later word on the same row took its place for acts from that word's day on.
        public internal(set) var isFollowed = false
    }

    /// In the order in which they were recorded.
    public private(set) var all: [Recorded] = []

    /// Reads the records of the bureau's thread.
    public init(_ records: [Record]) {
        for record in records where record.type == .ruleOverridden {
            guard let provision = record.word("provision") else { continue }
            let from = record.word("fromDay").flatMap { CivilDay($0) }
            for place in all.indices
            where all[place].override.provision == provision
                && (from ?? record.recordedAt.day) <= (all[place].override.fromDay ?? all[place].recordedAt.day)
            {
                all[place].isFollowed = true
            }
            all.append(
                Recorded(
                    seq: record.seq,
                    override: RuleOverride(
                        provision: provision, effect: record.word("effect") ?? "", unit: record.word("unit"),
                        length: record.number("length"), level: record.word("level"),
                        higherRule: record.text("higherRule") ?? "", article: record.text("article") ?? "",
                        value: record.text("value") ?? "", fromDay: from,
                        untilDay: record.word("untilDay").flatMap { CivilDay($0) }, reason: record.text("reason") ?? ""),
                    recordedAt: record.recordedAt, by: record.actor))
        }
    }

    /// The one that governs acts of a day under a row; nil if none does.
    ///
    /// The last word on the row whose days had begun counts: after its last day the row stands again.
    public func governing(_ provision: String, on day: CivilDay) -> Recorded? {
        let last = all.last { $0.override.provision == provision && ($0.override.fromDay ?? $0.recordedAt.day) <= day }
        return last.flatMap { one in one.override.untilDay.map { day <= $0 } ?? true ? one : nil }
    }

    /// Those that govern what an obligation asks of a file, by the days on which its parts arose; each once.
    ///
    /// - Parameter history: the records of the file.
    public func governing(_ obligation: Obligation, in history: [Record]) -> [Recorded] {
        guard !all.isEmpty else { return [] }
        var found: [Recorded] = []
        for part in obligation.parts {
            guard let cause = history.first(where: { $0.id == part.causedBy }),
                let one = governing(part.citation.provision, on: cause.happenedAt.day), !found.contains(one)
            else { continue }
            found.append(one)
        }
        return found
    }
}

extension Law {
    /// Higher rules that were recorded.
    public var higherRules: RuleOverrides { RuleOverrides(overrides) }
}

extension Casebook {
    /// Prepares the record of a higher rule. Like every change of the rules it takes effect when the agency head confirms
    /// it in a session of their own.
    public func propose(
        _ override: RuleOverride, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        try await once(command) { () async throws(StepRefusal) in
            try await proposeAnew(override, command: command, by: performer)
        }
    }

    private func proposeAnew(
        _ override: RuleOverride, command: CommandID, by performer: Performer
    ) async throws(StepRefusal) -> AppendReceipt {
        let law = try await chambers.law()
        let holders = RuleOverride.holders(in: law, on: now.day)
        guard holders.contains(where: performer.has) else {
            let names = holders.map(\.chinese).joined(separator: "或")
            throw StepRefusal(.notAllowed, "适用上位规定由\(names)登记、行政机关负责人确认，您没有这项职责。")
        }
        try performer.requireSecret()
        let (plain, fields) = try override.parts(in: law, on: now.day)
        let upkeep = BureauUpkeep(try await chambers.records())
        let waiting = upkeep.proposals.contains { proposal in
            proposal.act == .override
                && proposal.members.contains { $0.key == "provision" && $0.value == .string(override.provision) }
        }
        guard !waiting else { throw StepRefusal(.outOfOrder, "这一条的上位规定已经拟好，正等行政机关负责人确认。") }
        return try await record(
            [
                Fact(
                    .ruleProposed, in: chambers.thread,
                    plain: .object([.init("act", .string(RuleAct.override.rawValue))] + plain),
                    fields: fields + [.init("reason", .string(override.reason.trimmedWhitespace), .officer)])
            ], by: .person(performer.tag), command: command)
    }
}
