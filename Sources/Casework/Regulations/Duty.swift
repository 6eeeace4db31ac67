/// What a provision requires (义务): when it arises, what meets it, until when, and what is refused meanwhile.
public struct Duty: Hashable, Sendable {
    /// What it is about; duties of one matter are joined.
    public var matter: String
    /// What is to be done, a plain Chinese sentence without full stop.
    public var demand: String
    /// Records that cause it.
    public var trigger: Pattern
    /// Which of several causing records about the same thing counts.
    public var occurrence: Occurrence
    /// For duties that come again: one obligation for each period.
    public var recurrence: Recurrence?
    /// What meets it.
    public var requirement: Requirement
    /// When.
    public var timing: Timing
    /// Which instant of the meeting record is held against the term.
    public var metAt: TimeSource
    /// Where that is not told: the first of these that is.
    public var metAtElse: [TimeSource] = []
    /// Records that excuse it, with reason, where the text allows.
    public var excuses: [Pattern]
    /// Records after which it no longer applies, such as an ending without decision.
    public var lapses: [Pattern]
    /// What is refused while it is open.
    public var gate: Gate
    /// Who has to act.
    public var who: DutyHolder
    /// The office whose holder has to act, where the text leaves it to the bureau.
    public var office: String?
    /// For duties to record in audio-video: how strictly, so that texts can be compared (obligations 3(d)).
    public var level: AVLevel?
    /// Whether a higher rule that was recorded (`rule.overridden`) takes its place. Not where the duty itself says what
    /// must be there besides that rule.
    public var yields: Bool

    /// Which causing record counts where several are about the same thing: the first or the last that stands, or each by
    /// itself. What was broken before another took the place of one stays told; but where the last corrects the earlier
    /// ones (`corrected`), it had never been due by them (ADR 0049).
    public enum Occurrence: String, Hashable, Sendable, CaseIterable { case first, last, each, corrected }

    /// A duty.
    public init(
        matter: String, demand: String, trigger: Pattern, occurrence: Occurrence = .first,
        recurrence: Recurrence? = nil, requirement: Requirement,
        timing: Timing = .none, metAt: TimeSource = .recorded, excuses: [Pattern] = [], lapses: [Pattern] = [],
        gate: Gate = .open, who: DutyHolder, office: String? = nil, level: AVLevel? = nil, yields: Bool = true
    ) {
        self.matter = matter
        self.demand = demand
        self.trigger = trigger
        self.occurrence = occurrence
        self.recurrence = recurrence
        self.requirement = requirement
        self.timing = timing
        self.metAt = metAt
        self.excuses = excuses
        self.lapses = lapses
        self.gate = gate
        self.who = who
        self.office = office
        self.level = level
        self.yields = yields
    }
}
