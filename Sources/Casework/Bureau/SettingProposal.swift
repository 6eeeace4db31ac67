import Kernel

/// Settings by which cases are judged, or a year's public holidays, that the administrator prepared and that wait for a
/// second person (拟定的设置).
public struct SettingProposal: Hashable, Sendable {
    /// The entry's place in the bureau's thread.
    public let seq: Int
    public let content: Content
    public let reason: String
    public let proposedBy: ThreadTag?
    public let proposedAt: Instant

    /// What shall change.
    public enum Content: Hashable, Sendable {
        case settings([Setting])
        /// The table of a year, and the one in force when it was prepared.
        case calendar(year: Int, digest: Digest, replaces: Digest?)
    }

    /// One setting that changes.
    public struct Setting: Hashable, Sendable {
        public let name: String
        public let value: Value
        /// What held when it was prepared.
        public let before: Value?

        /// The value of a setting: a word, such as a role, or a number.
        public enum Value: Hashable, Sendable {
            case word(String)
            case number(Int64)

            /// Reads a value; nil for another sort.
            public init?(_ json: JSON?) {
                if let word = json?.string {
                    self = .word(word)
                } else if let number = json?.integer {
                    self = .number(number)
                } else {
                    return nil
                }
            }

            /// As it is recorded.
            public var json: JSON {
                switch self {
                case .word(let word): .string(word)
                case .number(let number): .integer(number)
                }
            }
        }

        /// A change of one setting.
        public init(name: String, value: Value, before: Value?) {
            self.name = name
            self.value = value
            self.before = before
        }
    }

    /// Reads a `bureau.settings-proposed` or a `calendar.proposed`; nil for another record.
    public init?(_ record: Record) {
        switch record.type {
        case .settingsProposed:
            guard let settings = record.fields["settings"]?.members else { return nil }
            let before = record.fields["before"]
            content = .settings(
                settings.compactMap { member in
                    Setting.Value(member.value).map {
                        Setting(name: member.key, value: $0, before: Setting.Value(before?[member.key]))
                    }
                })
        case .calendarProposed:
            guard let year = record.number("year"), let digest = record.word("digest").flatMap({ Digest($0) }) else {
                return nil
            }
            content = .calendar(
                year: Int(year), digest: digest, replaces: record.word("replaces").flatMap { Digest($0) })
        default: return nil
        }
        seq = record.seq
        reason = record.text("reason") ?? ""
        proposedBy = record.actor
        proposedAt = record.recordedAt
    }

    /// Whether two proposals are about the same setting or the same year, so that only one of them may wait.
    public func concernsSame(as other: Content) -> Bool {
        switch (content, other) {
        case (.settings(let mine), .settings(let others)):
            mine.contains { setting in others.contains { $0.name == setting.name } }
        case (.calendar(let mine, _, _), .calendar(let other, _, _)): mine == other
        default: false
        }
    }
}
