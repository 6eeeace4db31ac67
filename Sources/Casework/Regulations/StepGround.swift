/// A history made ready for asking what its gates would refuse: one ground for all questions that a page asks.
///
/// Every answer equals that of `Evaluator.judge` for the same step, history, rules, calendar and settings. What was found
/// about the history stays from one question to the next.
public struct StepGround: Sendable {
    private let history: [Record]
    private let rules: RulesInForce
    private let calendar: WorkingDays
    private let settings: Settings
    private let bureaus: [BureauWords]
    private var index: RecordIndex
    private let mentions: Mentions
    private var found: Findings

    /// The ground of a history.
    public init(_ history: [Record], rules: RulesInForce, calendar: WorkingDays, settings: Settings = Settings()) {
        self.history = history
        self.rules = rules
        self.calendar = calendar
        self.settings = settings
        bureaus = BureauWords.all(rules.plan, settings)
        index = RecordIndex(history, asked: rules.plan.asked)
        mentions = Mentions(history)
        found = Findings(rules.plan, records: history.count)
    }

    /// Whether any gate of the texts in force can refuse a record of this type.
    public func canRefuse(_ type: EntryType) -> Bool { StepGround.canRefuse(type, by: rules) }

    /// Whether any gate of these texts can refuse a record of this type.
    public static func canRefuse(_ type: EntryType, by rules: RulesInForce) -> Bool {
        !rules.plan.refusing[type.ordinal].isEmpty
    }

    /// Whether records that would be appended together may be.
    public mutating func judge(_ proposed: [Record]) -> StepVerdict {
        guard proposed.contains(where: { canRefuse($0.type) }) else { return StepVerdict(refusals: []) }
        // What changes how earlier records are read is judged on a ground of its own.
        guard isForeseen(proposed) else {
            return Evaluator.judge(
                step: proposed, history: history, rules: rules, calendar: calendar, settings: settings)
        }
        guard proposed.allSatisfy(RecordIndex.canTakeBack) else {
            let before = index
            defer { index = before }
            return ask(proposed)
        }
        let mark = index.mark
        defer { index.takeBack(to: mark) }
        return ask(proposed)
    }

    /// Whether the proposed records change nothing of how earlier ones are read.
    private func isForeseen(_ proposed: [Record]) -> Bool {
        guard let first = proposed.first else { return true }
        guard !mentions.isUnforeseen(first) else { return false }
        guard proposed.count > 1 else { return true }
        var mentions = mentions
        mentions.note(first)
        for record in proposed.dropFirst() {
            guard !mentions.isUnforeseen(record) else { return false }
            mentions.note(record)
        }
        return true
    }

    /// Leaves the proposed records in the index, for `judge` to take back when nothing else holds it any more.
    private mutating func ask(_ proposed: [Record]) -> StepVerdict {
        var known = found
        found = Findings()
        for record in proposed {
            index.add(record)
            known.makeRoom(for: record.type, plan: rules.plan)
        }
        let ground = Ground(index: index, plan: rules.plan, calendar: calendar, bureaus: bureaus, found: known)
        known = Findings()
        let verdict = Evaluator.verdict(on: ground, from: history.count)
        found = ground.found
        ground.found = Findings()
        for record in proposed.reversed() { found.takeBack(record.type, plan: rules.plan) }
        return verdict
    }
}
