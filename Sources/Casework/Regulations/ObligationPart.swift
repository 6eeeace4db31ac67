import Kernel

/// What one duty of one provision asks about one thing.
///
/// Nothing of it ever changes: obligations, answers that are kept and what gates ask share one part, and none of them
/// copies its dozen lists and texts.
public final class ObligationPart: Sendable {
    /// What all parts of the duty say alike.
    let facts: PartFacts
    /// Who has to act.
    public let who: DutyHolder
    /// Where it stands.
    public let state: ObligationRow.State
    /// Whether it is a breach of a prohibition: open for good.
    public let isBreach: Bool
    /// The last instant in time; nil without term.
    public let due: Instant?
    /// From when it is late.
    public let lateFrom: Instant?
    /// The term's sum; nil without term.
    public let term: TermSum?
    /// Since when the term stands still (中止); nil while it runs.
    public let standingSince: Instant?
    /// Where the text names no term: when to remind. Nobody is late by it.
    public let reminder: TermSum?
    /// The record that caused it.
    public let causedBy: RecordID
    /// The records that met it, in order.
    public let metBy: [RecordID]
    /// When it was met, as held against the term.
    public let metAt: Instant?
    /// The record that excuses it or ended its application.
    public let settledBy: RecordID?
    /// The override under which the step passed.
    public let override: Override?
    /// What is still missing; empty unless open.
    public let missing: [Missing]
    /// What the reader should know, in Chinese: a time that was not stated, a year without calendar.
    public let notes: [String]

    init(
        facts: PartFacts, who: DutyHolder, state: ObligationRow.State, isBreach: Bool, due: Instant?,
        lateFrom: Instant?, term: TermSum?, standingSince: Instant?, reminder: TermSum?, causedBy: RecordID,
        metBy: [RecordID],
        metAt: Instant?, settledBy: RecordID?, override: Override?, missing: [Missing], notes: [String]
    ) {
        self.facts = facts
        self.who = who
        self.state = state
        self.isBreach = isBreach
        self.due = due
        self.lateFrom = lateFrom
        self.term = term
        self.standingSince = standingSince
        self.reminder = reminder
        self.causedBy = causedBy
        self.metBy = metBy
        self.metAt = metAt
        self.settledBy = settledBy
        self.override = override
        self.missing = missing
        self.notes = notes
    }

    /// The provision, and the file it was judged by.
    public var citation: Citation { facts.citation }
    /// The duty's place within its provision, from 0.
    public var duty: Int { facts.duty }
    /// What is to be done.
    public var demand: String { facts.demand }
    /// The gate.
    public var gate: Gate { facts.gate }

    /// An override that was used.
    public struct Override: Hashable, Sendable {
        /// The `override.given`.
        public let given: RecordID
        /// The step that passed.
        public let step: EntryType
    }

    /// The order of parts: by provision, duty, file and cause, each as text. Sorts ask this for every pair, so that text
    /// is made only for what differs.
    func precedes(_ other: ObligationPart) -> Bool {
        if facts !== other.facts {
            if citation.provision != other.citation.provision { return citation.provision < other.citation.provision }
            if duty != other.duty { return String(duty) < String(other.duty) }
            if citation.digest != other.citation.digest {
                return citation.digest.description < other.citation.digest.description
            }
        }
        return causedBy != other.causedBy && causedBy.description < other.causedBy.description
    }
}

extension ObligationPart: Hashable {
    /// Equal when everything that is said is equal; one part is looked at no further.
    public static func == (left: ObligationPart, right: ObligationPart) -> Bool {
        left === right
            || left.facts == right.facts && left.causedBy == right.causedBy && left.state == right.state
                && left.who == right.who && left.isBreach == right.isBreach && left.due == right.due
                && left.lateFrom == right.lateFrom && left.metAt == right.metAt && left.metBy == right.metBy
                && left.settledBy == right.settledBy && left.override == right.override && left.term == right.term
                && left.reminder == right.reminder && left.missing == right.missing && left.notes == right.notes
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(facts)
        hasher.combine(causedBy)
        hasher.combine(state)
        hasher.combine(metAt)
    }
}
