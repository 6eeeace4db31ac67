import Casework
import Kernel
import Ledger

/// Looks at evidence: each is recorded before the first byte and closed with what was read (design, invariant 4).
///
/// A session lasts at most 30 minutes. Its opening is an entry in the thread of what is looked at; if the ledger has
/// stopped, no session opens and no evidence is served. Ranges within a session are counted and recorded once, when it
/// ends. If the program dies in between, the next start closes the session without counts.
public actor ViewSessions {
    /// The longest time of a session in milliseconds, 30 minutes.
    public static let longest: Int64 = 30 * 60_000
    /// How many sessions one person may have open at a time.
    public static let perPerson = 32

    private let casebook: Casebook
    private var open: [ViewSessionID: Look] = [:]

    /// A running session.
    public struct Look: Hashable, Sendable {
        /// The session.
        public let id: ViewSessionID
        /// Who looks.
        public let person: ThreadTag
        /// The thread of what is looked at.
        public let thread: ThreadTag
        /// The evidence.
        public let object: ObjectID
        /// Until when.
        public let until: Instant
        /// Answers given so far.
        public internal(set) var ranges: Int64 = 0
        /// Bytes given so far.
        public internal(set) var bytes: Int64 = 0
    }

    /// View sessions over a bureau's ledger.
    public init(casebook: Casebook) {
        self.casebook = casebook
    }

    /// Opens a session: the look is recorded first.
    ///
    /// - Parameters:
    ///   - thread: the thread in which the entry stands: the recording's, or the case's for a document.
    ///   - right: `handler`, `custodian`, `head`, `reviewer` or `grant`.
    ///   - purpose: `handling`, `review`, `supervision`, `audit` or `other`.
    public func begin(
        _ object: ObjectID, in thread: ThreadTag, document: DocumentID? = nil, by performer: Performer, right: String,
        purpose: String, command: CommandID
    ) async throws(StepRefusal) -> Look {
        let now = casebook.now
        if let known = open.values.first(where: {
            $0.person == performer.tag && $0.object == object && $0.until > now.advanced(byMilliseconds: 60_000)
        }) {
            return known
        }
        guard open.values.count(where: { $0.person == performer.tag }) < ViewSessions.perPerson else {
            throw StepRefusal(.unavailable, "您同时打开的查看太多，请先关闭一些，或者稍后再试。")
        }
        let id = ViewSessionID.random()
        let until = now.advanced(byMilliseconds: ViewSessions.longest)
        var plain: [JSON.Member] = [
            .init("object", .string(object.description)), .init("purpose", .string(purpose)),
            .init("right", .string(right)), .init("session", .string(id.description)),
            .init("until", .integer(until.milliseconds)), .init("what", document == nil ? "object" : "document"),
        ]
        if let document { plain.append(.init("document", .string(document.description))) }
        _ = try await casebook.record(
            [Fact(.accessOpened, in: thread, plain: .object(plain))], by: .person(performer.tag), command: command)
        // Durable from here on: a crash now leaves a look recorded that served no byte, never a byte without a look.
        let look = Look(id: id, person: performer.tag, thread: thread, object: object, until: until)
        open[id] = look
        return look
    }

    /// The running session of a person for an object; nil if none runs.
    public func look(_ id: ViewSessionID, by person: ThreadTag) -> Look? {
        guard let look = open[id], look.person == person, look.until > casebook.now else { return nil }
        return look
    }

    /// Counts one answer within a session.
    public func count(_ bytes: Int64, in id: ViewSessionID) {
        open[id]?.ranges += 1
        open[id]?.bytes += bytes
    }

    /// Ends a session with what was read.
    public func end(_ id: ViewSessionID) async throws(StepRefusal) {
        guard let look = open.removeValue(forKey: id) else { return }
        let plain: JSON = [
            "bytes": .integer(look.bytes), "ranges": .integer(look.ranges), "session": .string(id.description),
        ]
        do {
            _ = try await casebook.record(
                [Fact(.accessClosed, in: look.thread, plain: plain)], by: .person(look.person), command: .random())
        } catch {
            open[id] = look
            throw error
        }
    }

    /// Ends the sessions whose time is over; called now and then by a background task.
    public func endExpired() async {
        let now = casebook.now
        for look in open.values where look.until <= now {
            try? await end(look.id)
        }
    }
}

extension Case {
    /// With what right a person may look at this case's evidence; nil if with none.
    ///
    /// Handlers see their own cases, the reviewer and the heads every case, the custodian every case; the
    /// administrator has no right to cases.
    public func viewRight(of person: PersonRow) -> String? {
        if handlers.contains(person.thread) || participants.contains(person.thread) && person.roles.contains(.officer) {
            return "handler"
        }
        if person.roles.contains(.agencyHead) || person.roles.contains(.departmentHead)
            || person.roles.contains(.unitHead)
        {
            return "head"
        }
        if person.roles.contains(.legalReviewer) { return "reviewer" }
        if person.roles.contains(.custodian) { return "custodian" }
        return nil
    }
}
