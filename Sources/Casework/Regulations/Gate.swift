/// What is refused while an obligation is open (关口).
public struct Gate: Hashable, Sendable {
    /// How strictly.
    public var level: Level
    /// Steps that it refuses.
    public var refuses: [Pattern]
    /// Who may let the step pass; never the person who is stopped. Empty for `hard`.
    public var overridableBy: [Role]

    /// How strictly a gate holds, weakest first.
    public enum Level: String, Hashable, Sendable, CaseIterable, Comparable {
        /// Nothing is refused.
        case none
        /// The case cannot be filed; only with defects, approved by the head.
        case close
        /// The step passes only with an override.
        case pre
        /// The step does not pass.
        case hard

        /// The stricter is the greater.
        public static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .none: 0
            case .close: 1
            case .pre: 2
            case .hard: 3
            }
        }
    }

    /// A gate.
    public init(_ level: Level, refuses: [Pattern] = [], overridableBy: [Role] = []) {
        self.level = level
        self.refuses = refuses
        self.overridableBy = overridableBy
    }

    /// Refuses nothing.
    public static let open = Gate(.none)
}
