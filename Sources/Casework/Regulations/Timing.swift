import Kernel

/// When an obligation must be met. With no part there is no term.
public struct Timing: Hashable, Sendable {
    /// A term that runs.
    public var term: Term?
    /// When to remind, where the text names no term (及时): nobody is late by it.
    public var reminder: Term?
    /// Steps before which it must be met.
    public var before: [Pattern]

    /// A timing.
    public init(term: Term? = nil, reminder: Term? = nil, before: [Pattern] = []) {
        self.term = term
        self.reminder = reminder
        self.before = before
    }

    /// No term.
    public static let none = Timing()
}

/// A term of law (期限).
public struct Term: Hashable, Sendable {
    /// How long, or until when.
    public var length: Length
    /// What it runs from: the first of these that the causing record has. Empty for fixed dates.
    public var from: [TimeSource]
    /// Whether an end on a day off moves to the next working day (节假日顺延).
    public var roll: Bool
    /// Further terms, each of which begins where the one before ends (届满之日起再…).
    public var then: [Stage]
    /// How it may change in the case, by `term.*` records that name the duty's matter.
    public var changes: Set<Change>
    /// What else extends it.
    public var `extension`: Extension?
    /// How far `term.extended` reaches at most, from the term's own end, in the unit of the term; nil for no bound.
    public var most: Quantity?
    /// For days: where this quantity is 1 they are counted as working days; for texts that leave open which are meant.
    public var workingDays: Quantity?

    /// A term that begins where another ends.
    public struct Stage: Hashable, Sendable {
        /// How long: natural days, working days or months.
        public var length: Length
        /// Whether its end moves from a day off to the next working day.
        public var roll: Bool

        /// A term that begins where another ends.
        public init(_ length: Length, roll: Bool = false) {
            self.length = length
            self.roll = roll
        }
    }

    /// How a term may change (中止、延长、重新计算).
    public enum Change: String, Hashable, Sendable, CaseIterable { case suspended, extended, restarted }

    /// A record of its own that extends the term, besides `term.extended`, and how far any extension reaches.
    public struct Extension: Hashable, Sendable {
        /// The type of record.
        public var type: EntryType
        /// The role in which it refers to the causing record.
        public var role: String
        /// Its member that names the new last day.
        public var until: String
        /// Days by which the term may be extended at most, together, from its own end; nil for no bound.
        public var most: Quantity?

        /// An extension.
        public init(type: EntryType, role: String, until: String, most: Quantity? = nil) {
            self.type = type
            self.role = role
            self.until = until
            self.most = most
        }
    }

    /// Lengths of terms.
    public enum Length: Hashable, Sendable {
        /// Clock hours, to the second; the due instant itself is in time.
        case hours(Quantity)
        /// Natural days: the first day is not counted, the end is 24:00 China time.
        case days(Quantity)
        /// Working days, counted likewise.
        case workingDays(Quantity)
        /// Months: to the corresponding day, or the last of the month.
        case months(Quantity)
        /// The day that this member of the causing record names, to 24:00.
        case untilDay(Path)
        /// A fixed day, to 24:00.
        case fixed(CivilDay)
        /// The first such day of a year on or after the start, to 24:00.
        case dayOfYear(month: Int, day: Int)
    }

    /// A term.
    public init(
        _ length: Length, from: [TimeSource], roll: Bool = false, then: [Stage] = [], changes: Set<Change> = [],
        workingDays: Quantity? = nil, extension: Extension? = nil, most: Quantity? = nil
    ) {
        self.workingDays = workingDays
        self.most = most
        self.extension = `extension`
        self.length = length
        self.from = from
        self.roll = roll
        self.then = then
        self.changes = changes
    }
}

extension Term {
    /// The name of the setting that says how long it is; nil where the text itself says it.
    public var setting: String? {
        switch length {
        case .hours(.setting(let name)), .days(.setting(let name)), .workingDays(.setting(let name)),
            .months(.setting(let name)):
            name
        default: nil
        }
    }
}

/// An instant of a record.
public enum TimeSource: Hashable, Sendable {
    /// When the server recorded it.
    case recorded
    /// When it happened: the stated time, else the server's.
    case happened
    /// The time in this member: milliseconds, or a day.
    case member(Path)
    /// The end of the period that the obligation is for; of duties that come again.
    case period
}
