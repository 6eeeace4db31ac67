/// What a provision expressly allows (可以): its permission, so that a record made under it has a ground to name.
public struct Allowance: Hashable, Sendable {
    /// What it is about.
    public var matter: String
    /// What is allowed, a plain Chinese sentence without full stop.
    public var what: String
    /// Records that it covers.
    public var when: Pattern
    /// For audio-video: how strictly it is asked.
    public var level: AVLevel?

    /// A permission.
    public init(matter: String, what: String, when: Pattern, level: AVLevel? = nil) {
        self.matter = matter
        self.what = what
        self.when = when
        self.level = level
    }
}

/// How strictly a text asks for audio-video of an activity (obligations 3(d)); joined: the strictest.
public enum AVLevel: String, Hashable, Sendable, CaseIterable, Comparable {
    /// The text has it recorded in text alone.
    case none
    /// 可以.
    case optional
    /// 必要时, 根据需要.
    case ifNeeded
    /// 应当.
    case mandatory

    /// The stricter is the greater.
    public static func < (left: AVLevel, right: AVLevel) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .none: 0
        case .optional: 1
        case .ifNeeded: 2
        case .mandatory: 3
        }
    }

    /// The word on pages.
    public var chinese: String {
        switch self {
        case .none: "不要求"
        case .optional: "可以"
        case .ifNeeded: "必要时"
        case .mandatory: "应当"
        }
    }
}

/// A permission as it applies to one record.
public struct Grant: Hashable, Sendable {
    /// The matter and what it is about.
    public let key: ObligationKey
    /// The provision.
    public let citation: Citation
    /// What is allowed.
    public let what: String
    /// For audio-video: how strictly.
    public let level: AVLevel?
    /// The record that it covers.
    public let record: RecordID
}

/// How strictly audio-video of one thing is asked by all texts together.
public struct Medium: Hashable, Sendable {
    /// What it is about: an activity, or a record where no activity was named.
    public let subject: ObligationSubject
    /// The strictest level.
    public let level: AVLevel
    /// The provisions that ask for this level.
    public let citations: [Citation]
}
