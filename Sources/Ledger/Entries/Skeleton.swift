import Kernel

/// The part of an entry that is never destroyed (条目骨架): what happened, when, by whom, under which rules.
///
/// It holds only closed vocabularies, times, numbers and random ids; everything else stands in it as a commitment to
/// a field (`Opening`). Its bytes are stored and hashed as they are and never written anew.
public struct Skeleton: Hashable, Sendable {
    /// The canonical JSON that is stored and hashed.
    public let bytes: [UInt8]
    /// The meaning of `bytes`.
    public let content: Content

    /// What a skeleton says.
    public struct Content: Hashable, Sendable {
        /// What kind of fact this is, for example `case.opened`.
        public var type: String
        /// The version of the type's fields, from 1.
        public var typeVersion: Int
        /// The bureau whose ledger this is.
        public var bureau: BureauTag
        /// The thread whose state changes.
        public var thread: ThreadTag
        /// The place in the thread, from 1.
        public var seq: Int
        /// When the server recorded it.
        public var recordedAt: Instant
        /// When it happened in the world, if that is another fact than recording it.
        public var stated: StatedTime?
        /// Who did it.
        public var actor: Actor
        /// The step that made it.
        public var command: CommandID
        /// The provisions it was done under, with the digest of the regulation that was in force.
        public var rules: [RuleReference]
        /// Entries that it names.
        public var references: [EntryReference]
        /// Values from closed vocabularies, times, numbers and ids.
        public var plain: JSON
        /// Commitments to everything else, by field name in byte order.
        public var fields: [FieldCommitment]

        /// A skeleton's content from its parts; fields are put in order of their names.
        public init(
            type: String, typeVersion: Int = 1, bureau: BureauTag, thread: ThreadTag, seq: Int,
            recordedAt: Instant,
            stated: StatedTime? = nil, actor: Actor, command: CommandID, rules: [RuleReference] = [],
            references: [EntryReference] = [], plain: JSON = .object([]), fields: [FieldCommitment] = []
        ) {
            self.type = type
            self.typeVersion = typeVersion
            self.bureau = bureau
            self.thread = thread
            self.seq = seq
            self.recordedAt = recordedAt
            self.stated = stated
            self.actor = actor
            self.command = command
            self.rules = rules
            self.references = references
            self.plain = plain
            self.fields = fields.sorted { $0.name < $1.name }
        }
    }
}

/// Who did what an entry records.
public enum Actor: Hashable, Sendable {
    /// A registered person, by the tag of their thread.
    case person(ThreadTag)
    /// The program itself, from work that it does in the background.
    case system
}

/// A time in the world that somebody vouches for, beside the server's own.
public struct StatedTime: Hashable, Sendable {
    /// When it happened.
    public let at: Instant
    /// Where the time comes from.
    public let source: Source

    /// Where a stated time comes from.
    public enum Source: String, Hashable, Sendable, CaseIterable {
        /// An officer says so.
        case officer
        /// A device's clock, with its measured offset already taken off.
        case device
        /// A date on paper.
        case paper
        /// A post office.
        case post
    }

    /// A stated time with its source.
    public init(at: Instant, source: Source) {
        self.at = at
        self.source = source
    }
}

/// A provision (条款) by id, with the SHA-256 of the regulation file it was read from.
public struct RuleReference: Hashable, Sendable {
    /// The row of the matrix, for example `zhaoxian-2017:8`.
    public let provision: String
    /// The digest of the regulation's file.
    public let regulation: Digest

    /// A provision of a regulation.
    public init(provision: String, regulation: Digest) {
        self.provision = provision
        self.regulation = regulation
    }
}

/// Another entry that an entry names, with the role it plays for it.
public struct EntryReference: Hashable, Sendable {
    /// What the other entry is to this one, for example `corrects`, `evidence`, `fixed`.
    public let role: String
    /// The other entry's thread.
    public let thread: ThreadTag
    /// The other entry's place in it.
    public let seq: Int
    /// The other entry's commitment, so that no later entry can take its place.
    public let commitment: Digest

    /// A reference by position and commitment.
    public init(role: String, thread: ThreadTag, seq: Int, commitment: Digest) {
        self.role = role
        self.thread = thread
        self.seq = seq
        self.commitment = commitment
    }
}

/// A field's name with the commitment to its value.
public struct FieldCommitment: Hashable, Sendable {
    /// The field's name.
    public let name: String
    /// `Commitment.field` of its value.
    public let commitment: Digest

    /// A commitment under a name.
    public init(name: String, commitment: Digest) {
        self.name = name
        self.commitment = commitment
    }
}
