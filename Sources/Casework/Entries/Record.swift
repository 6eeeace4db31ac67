import Kernel

/// An entry as the law and the case see it: what happened, without hashes.
public struct Record: Hashable, Sendable {
    /// The entry's thread.
    public var thread: ThreadTag
    /// Its place in the thread, from 1.
    public var seq: Int
    /// What happened.
    public var type: EntryType
    /// When the server recorded it.
    public var recordedAt: Instant
    /// When it happened in the world, if that is another fact.
    public var statedAt: Instant?
    /// Who did it; nil for the program itself.
    public var actor: ThreadTag?
    /// Words of vocabularies, times, numbers and ids.
    public var plain: JSON
    /// Values that are present, by field name.
    public var fields: [String: JSON]
    /// Names of all fields, also of those whose value was withheld or destroyed.
    public var fieldNames: [String]
    /// Entries it names, by role.
    public var references: [RecordReference]

    /// A record from its parts.
    public init(
        thread: ThreadTag, seq: Int, type: EntryType, recordedAt: Instant, statedAt: Instant? = nil,
        actor: ThreadTag? = nil, plain: JSON = .object([]), fields: [String: JSON] = [:], fieldNames: [String]? = nil,
        references: [RecordReference] = []
    ) {
        self.thread = thread
        self.seq = seq
        self.type = type
        self.recordedAt = recordedAt
        self.statedAt = statedAt
        self.actor = actor
        self.plain = plain
        self.fields = fields
        self.fieldNames = fieldNames ?? fields.keys.sorted()
        self.references = references
    }

    /// When it happened in the world: the stated time, else the server's.
    public var happenedAt: Instant { statedAt ?? recordedAt }

    /// A plain member's text.
    public func word(_ name: String) -> String? { plain[name]?.string }
    /// A plain member's number.
    public func number(_ name: String) -> Int64? { plain[name]?.integer }
    /// A plain member's time in milliseconds.
    public func instant(_ name: String) -> Instant? { number(name).map { Instant(milliseconds: $0) } }
    /// A plain member that names a thread.
    public func thread(_ name: String) -> ThreadTag? { word(name).flatMap { ThreadTag($0) } }
    /// A plain member that lists threads.
    public func threads(_ name: String) -> [ThreadTag] {
        plain[name]?.elements?.compactMap { $0.string.flatMap { ThreadTag($0) } } ?? []
    }
    /// A plain member that lists words.
    public func words(_ name: String) -> [String] { plain[name]?.elements?.compactMap(\.string) ?? [] }
    /// A field's text, if the value is present and is text.
    public func text(_ name: String) -> String? { fields[name]?.string }
}

/// An entry that a record names.
public struct RecordReference: Hashable, Sendable {
    /// What it is to the record, for example `fixed`.
    public let role: String
    /// Its thread.
    public let thread: ThreadTag
    /// Its place there.
    public let seq: Int

    /// A reference.
    public init(role: String, thread: ThreadTag, seq: Int) {
        self.role = role
        self.thread = thread
        self.seq = seq
    }
}
