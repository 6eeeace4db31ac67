import Casework
import Kernel

/// The readable tests of one row of a regulation: `Tests/Histories/<regulation>/<row>.yaml`.
public struct RowHistories: Hashable, Sendable {
    /// The row's id, for example `zhaoxian-2017:8b`.
    public let row: String
    /// Histories in the order of the file.
    public let histories: [RowHistory]
}

/// One history with what must come of it under its row.
public struct RowHistory: Hashable, Sendable {
    /// A sentence that says what happens.
    public let name: String
    /// Whether the row is kept in it.
    public let keeps: Bool
    /// Texts in force.
    public let regulations: [TextInForce]
    /// The instant of asking.
    public let at: Instant
    /// What was told.
    public let timeline: Timeline
    /// Obligations that must stand so.
    public let expect: [Expectation]
    /// The verdict on the proposed step.
    public let next: StepExpectation?
    /// Permissions.
    public let grants: [GrantExpectation]
    /// Levels of audio-video.
    public let media: [MediumExpectation]
    /// Counts.
    public let figures: [FigureExpectation]

    /// A text that is in force in a history or for a check.
    public struct TextInForce: Hashable, Sendable {
        /// The text.
        public let regulation: String
        /// Its version; nil for the newest.
        public var version: Int?
        /// The first day; nil for the day that the text names, else 2000-01-01.
        public var from: CivilDay?
        /// The last day.
        public var until: CivilDay?

        /// A text in force.
        public init(regulation: String, version: Int? = nil, from: CivilDay? = nil, until: CivilDay? = nil) {
            self.regulation = regulation
            self.version = version
            self.from = from
            self.until = until
        }
    }

    /// What an obligation, or what one row asks, must be. Every member that is given must be equal.
    public struct Expectation: Hashable, Sendable {
        var row: String?
        var matter: String?
        var subject: String?
        var duty: Int?
        /// The label of the record that caused it.
        var cause: String?
        /// A word of `ObligationStanding`, or `none`.
        var state: String?
        var due: Instant?
        var lastDay: CivilDay?
        var lateFrom: Instant?
        /// The last day of a reminder, which is no term.
        var reminder: CivilDay?
        var who: DutyHolder?
        var gate: Gate.Level?
        var missing: [String] = []
        var provisions: [String]?
        var count: Int?
        var breach: Bool?
        /// `due: none`: there is no term that can be counted.
        var isWithoutDue = false
    }

    /// What must come of a proposed step.
    public struct StepExpectation: Hashable, Sendable {
        let isAllowed: Bool
        let refusedBy: [String]
        let overridden: [String]
        let missing: [String]
    }

    /// Whether a row expressly allows something.
    public struct GrantExpectation: Hashable, Sendable {
        let row: String
        let isAllowed: Bool
        let level: AVLevel?
        let record: String?
    }

    /// How strictly audio-video of a thing is asked; nil: no text speaks of it.
    public struct MediumExpectation: Hashable, Sendable {
        let subject: String
        let level: AVLevel?
        let rows: [String]
    }

    /// A count.
    public struct FigureExpectation: Hashable, Sendable {
        let row: String
        let name: String?
        let count: Int
        let outOf: Int?
    }
}
