import Casework
import Kernel
import Ledger

/// A fact that a step is about to record: an entry without seq, time, actor and salts.
public struct Fact: Hashable, Sendable {
    /// The thread whose state changes.
    public var thread: ThreadTag
    /// What happened.
    public var type: EntryType
    /// Words of vocabularies, times, numbers and ids.
    public var plain: JSON
    /// Everything else.
    public var fields: [FieldValue]
    /// When it happened in the world, if that is another fact than recording it.
    public var stated: StatedTime?
    /// Entries that it names.
    public var references: [EntryReference]
    /// Provisions that it is done under.
    public var rules: [RuleReference]

    /// A fact from its parts.
    public init(
        _ type: EntryType, in thread: ThreadTag, plain: JSON = .object([]), fields: [FieldValue] = [],
        stated: StatedTime? = nil, references: [EntryReference] = [], rules: [RuleReference] = []
    ) {
        self.type = type
        self.thread = thread
        self.plain = plain
        self.fields = fields
        self.stated = stated
        self.references = references
        self.rules = rules
    }
}
