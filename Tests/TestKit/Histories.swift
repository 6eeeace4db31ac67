import Casework
import Kernel

/// A readable history: events in order, told to a builder that gives them threads, places and times.
///
///     let history = History()
///         .at("2026-03-02 09:00")
///         .opened(kind: "penalty")
///         .fixed("procedure-initiation-approval", as: "form", data: ["startReason": "…"])
///         .signed("form", slot: "agencyHead", decision: .agree)
///
/// Persons, documents, activities and recordings go by names; the same name is always the same id. Each event is ten
/// minutes after the one before unless `.at` says otherwise.
public struct History: Sendable {
    /// The events.
    public private(set) var events: [Event]

    /// A history; empty to begin with.
    public init(events: [Event] = []) {
        self.events = events
    }

    /// With one more event at the end.
    public func adding(_ name: String, _ tell: @escaping @Sendable (inout Teller) -> Void) -> History {
        History(events: events + [Event(name, tell)])
    }

    /// With another history's events at the end.
    public func then(_ other: History) -> History {
        History(events: events + other.events)
    }

    /// The records, in the order of the log.
    public var records: [Record] {
        var teller = Teller()
        for event in events { event.tell(&teller) }
        return teller.records
    }

    // MARK: changing a history

    /// Without the events of these names.
    public func without(_ names: String...) -> History {
        History(events: events.filter { event in !names.contains { event.isNamed($0) } })
    }

    /// Up to the last event of this name, with it.
    public func upTo(_ name: String) -> History {
        guard let last = events.lastIndex(where: { $0.isNamed(name) }) else { return self }
        return History(events: Array(events[...last]))
    }

    /// Up to the first event of this name, without it.
    public func before(_ name: String) -> History {
        guard let first = events.firstIndex(where: { $0.isNamed(name) }) else { return self }
        return History(events: Array(events[..<first]))
    }

    /// With other events in the place of the first of this name; others of the name fall away.
    public func replacing(_ name: String, with other: History) -> History {
        guard let first = events.firstIndex(where: { $0.isNamed(name) }) else { return self }
        let head = events[..<first]
        let tail = events[first...].filter { !$0.isNamed(name) }
        return History(events: head + other.events + tail)
    }

    /// The events of a name, as a step proposed after what stands before them: history and step.
    public func proposing(_ name: String) -> (history: [Record], step: [Record]) {
        let all = upTo(name).records
        let count = before(name).records.count
        return (Array(all[..<count]), Array(all[count...]))
    }
}

/// One event of a history, with a name by which tests leave it out.
public struct Event: Sendable {
    /// For example `form`, `form.agencyHead`.
    public let name: String
    let tell: @Sendable (inout Teller) -> Void

    /// An event.
    public init(_ name: String, _ tell: @escaping @Sendable (inout Teller) -> Void) {
        self.name = name
        self.tell = tell
    }

    /// Whether a name means this event: its own, or one it belongs to (`form` means `form.agencyHead` too).
    func isNamed(_ other: String) -> Bool { name == other || name.hasPrefix("\(other).") }
}

/// Turns events into records.
public struct Teller: Sendable {
    /// The records so far.
    public private(set) var records: [Record] = []
    /// The server's time of the next record.
    public var now = Instant(milliseconds: 1_772_413_200_000)  // 2026-03-02 09:00 China time, a Monday
    /// Who records next.
    public var actor: ThreadTag? = Names.thread("甲")
    private var last: [ThreadTag: Int] = [:]
    private var positions: [String: RecordReference] = [:]

    /// Appends a record and moves the clock on by ten minutes.
    public mutating func record(
        _ type: EntryType, in thread: ThreadTag = Names.thread("case"), plain: [JSON.Member] = [],
        fields: [String: JSON] = [:], stated: Instant? = nil, references: [(role: String, name: String)] = [],
        as name: String? = nil, actor: ThreadTag? = nil
    ) {
        let seq = (last[thread] ?? 0) + 1
        last[thread] = seq
        let named = references.compactMap { reference in
            positions[reference.name].map { RecordReference(role: reference.role, thread: $0.thread, seq: $0.seq) }
        }
        records.append(
            Record(
                thread: thread, seq: seq, type: type, recordedAt: now, statedAt: stated, actor: actor ?? self.actor,
                plain: .object(plain), fields: fields, references: named))
        if let name { positions[name] = RecordReference(role: "", thread: thread, seq: seq) }
        now = now.advanced(byMilliseconds: 600_000)
    }
}

/// Ids that are the same for the same name.
public enum Names {
    /// The thread of a name.
    public static func thread(_ name: String) -> ThreadTag {
        let (high, low) = words(of: name)
        return ThreadTag(high: high, low: low)
    }

    /// The hexadecimal id of a name.
    public static func id(_ name: String) -> String { thread(name).description }

    /// FNV-1a over the name's bytes, twice: ids for tests, not secrets.
    private static func words(of name: String) -> (UInt64, UInt64) {
        var first: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name.utf8 { first = (first ^ UInt64(byte)) &* 0x100_0000_01b3 }
        var second = first
        for byte in name.utf8.reversed() { second = (second ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return (first, second)
    }
}
