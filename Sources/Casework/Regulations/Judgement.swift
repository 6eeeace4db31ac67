import Kernel

/// One duty being judged on a history.
final class Judgement {
    let ground: Ground
    let planned: PlannedDuty
    /// What the bureau set, as the duty's text declares it.
    let words: BureauWords
    /// What obligations of the duty's matter are about.
    let per: Matter.Per
    /// By position: the number of what the record is about.
    let numbers: [Int32]
    /// Who has to act in this bureau.
    let who: DutyHolder
    /// The period that is judged, of a duty that comes again.
    let period: Period?

    init(ground: Ground, planned: PlannedDuty, words: BureauWords, period: Period? = nil) {
        self.ground = ground
        self.planned = planned
        self.words = words
        per = planned.matter.per
        numbers = ground.index.numbers(per: per)
        self.period = period
        who = planned.duty.holder(words.settings, offices: words.offices, chosen: planned.span.chosen)
    }

    /// The same for one period.
    func turn(_ period: Period) -> Judgement {
        Judgement(ground: ground, planned: planned, words: words, period: period)
    }

    func value(_ quantity: Quantity) -> Int? { words.value(quantity) }

    // MARK: instants

    /// An instant of a record; nil if it is not stated or lies outside the years 1 to 9999.
    func instant(_ source: TimeSource, at position: Int, trigger: Int?) -> Instant? {
        switch source {
        case .recorded: return ground.index.records[position].recordedAt.ordinary
        case .happened: return ground.index.records[position].happenedAt.ordinary
        case .member(let path):
            return ground.find(path, at: position, trigger: trigger).first?.stated
        case .period: return period?.end
        }
    }

    /// When the first of these instants that is stated was.
    func start(_ sources: [TimeSource], at position: Int) -> Instant? {
        for source in sources {
            if let found = instant(source, at: position, trigger: position) { return found }
        }
        return nil
    }

    // MARK: subjects

    /// Whether a step or an ending concerns an obligation: it is about the same thing, or about nothing of that sort.
    func concerns(_ subject: Int32, at position: Int) -> Bool {
        if period != nil || per == .record { return true }
        return numbers[position] < 0 || numbers[position] == subject
    }
}
