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
    /// Facts of the same step that it names: the role, and the place in the step's list, which must come before.
    public var siblings: [Sibling]
    /// Provisions that it is done under.
    public var rules: [RuleReference]

    /// A fact of the same step, whose commitment is not known before it is sealed.
    public struct Sibling: Hashable, Sendable {
        /// What it is to the fact that names it.
        public let role: String
        /// Its place in the step's list of facts.
        public let index: Int

        /// A sibling by place.
        public init(_ role: String, at index: Int) {
            self.role = role
            self.index = index
        }
    }

    /// A fact from its parts.
    public init(
        _ type: EntryType, in thread: ThreadTag, plain: JSON = .object([]), fields: [FieldValue] = [],
        stated: StatedTime? = nil, references: [EntryReference] = [], siblings: [Sibling] = [],
        rules: [RuleReference] = []
    ) {
        self.type = type
        self.thread = thread
        self.plain = plain
        self.fields = fields
        self.stated = stated
        self.references = references
        self.siblings = siblings
        self.rules = rules
    }
}
