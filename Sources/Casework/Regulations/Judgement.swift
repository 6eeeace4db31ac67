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
    /// The number of the activity that is judged, where a record that belongs to several is looked at.
    let activity: Int32?
    /// A document that was made void and is looked at as it stood before.
    let spared: Spared?
    /// Whether another record became the cause later.
    let isReplaced: Bool
    /// Whether more periods would come than are counted.
    var isCutOff = false

    init(
        ground: Ground, planned: PlannedDuty, words: BureauWords, period: Period? = nil, activity: Int32? = nil,
        spared: Spared? = nil, isReplaced: Bool = false
    ) {
        self.spared = spared
        self.isReplaced = isReplaced
        self.ground = ground
        self.planned = planned
        self.words = words
        per = planned.matter.per
        numbers = ground.index.numbers(per: per)
        self.period = period
        self.activity = activity
        who = planned.duty.holder(words.settings, offices: words.offices, chosen: planned.span.chosen)
    }

    /// The same for one period.
    func turn(_ period: Period) -> Judgement {
        Judgement(ground: ground, planned: planned, words: words, period: period, activity: activity, spared: spared)
    }

    /// The same for one thing that a record is about.
    func about(_ subject: Int32) -> Judgement {
        // Only where a record belongs to several activities does it matter which is judged.
        guard per == .activity, ground.index.hasShared else { return self }
        return Judgement(ground: ground, planned: planned, words: words, period: period, activity: subject)
    }

    func value(_ quantity: Quantity) -> Int? { words.value(quantity) }

    // MARK: instants

    /// An instant of a record; nil if it is not stated or lies outside the years 1 to 9999.
    func instant(_ source: TimeSource, at position: Int, trigger: Int?) -> Instant? {
        switch source {
        case .recorded: return ground.index.records[position].recordedAt.ordinary
        case .happened: return ground.index.records[position].happenedAt.ordinary
        case .member(let path):
            return ground.find(path, at: position, trigger: trigger, activity: activity).first?.stated
        case .period: return period?.end
        }
    }

    /// When the first of these instants that is stated was. What an adoption begins, begins with its day of force at the
    /// earliest. A session whose end nobody stated ended with its last recording, and not later than its end was recorded.
    func start(_ sources: [TimeSource], at position: Int) -> Instant? {
        for source in sources {
            if case .member(let path) = source, path == Path.sessionEnd,
                let end = ground.index.unstatedEnd(at: position, of: activity)
            {
                return end
            }
            guard let found = instant(source, at: position, trigger: position) else { continue }
            switch source {
            case .recorded, .happened: return max(found, force(at: position) ?? found)
            case .member, .period: return found
            }
        }
        return nil
    }

    /// When the text takes force of which the record at a position is the adoption; nil for any other record.
    func force(at position: Int) -> Instant? {
        let record = ground.index.records[position]
        guard record.type == .regulationAdopted, let day = record.word("inForceFrom").flatMap({ CivilDay($0) }) else {
            return nil
        }
        return Instant(startOf: day)
    }

    // MARK: subjects

    /// Whether a step or an ending concerns an obligation: it is about the same thing, or about nothing of that sort.
    func concerns(_ subject: Int32, at position: Int) -> Bool {
        if period != nil || per == .record { return true }
        return numbers[position] < 0 || isAbout(subject, at: position)
    }

    /// Whether the record at a position is about this.
    func isAbout(_ subject: Int32, at position: Int) -> Bool {
        ground.isAbout(subject, at: position, per: per, numbers)
    }

    /// What a record is about; of several activities the one that is judged.
    func number(at position: Int, per: Matter.Per) -> Int32 {
        if per == .activity, let activity, ground.index.hasShared,
            let several = ground.index.sharedNumbers(at: position),
            several.contains(activity)
        {
            return activity
        }
        return per == self.per ? numbers[position] : ground.index.numbers(per: per)[position]
    }
}
