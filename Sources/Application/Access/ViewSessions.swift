import Casework
import Kernel
import Ledger

/// Looks at evidence: each is recorded before the first byte and closed with what was read (design, invariant 4).
///
/// A session lasts at most 30 minutes. Its opening is an entry in the thread of what is looked at; if the ledger has
/// stopped, no session opens and no evidence is served. Ranges within a session are counted and recorded once, when it
/// ends. A server asked to end closes all of them; after one that died, `LeftOpenLooks` does, without counts.
public actor ViewSessions {
    /// The longest time of a session in milliseconds, 30 minutes.
    public static let longest: Int64 = 30 * 60_000
    /// How many sessions one person may have open at a time.
    public static let perPerson = 32

    private let casebook: Casebook
    private var open: [ViewSessionID: Look] = [:]
    /// Looks whose entry is being written; no byte is served for them yet.
    private var opening: [Wanted: Task<Result<Look, StepRefusal>, Never>] = [:]

    /// What makes two requests one look: person, thing, right and purpose (invariant 4).
    struct Wanted: Hashable, Sendable {
        let person: ThreadTag
        let thread: ThreadTag
        let object: ObjectID
        let right: String
        let purpose: String
    }

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
        /// What follows the last byte given.
        var lastByte: Int64?
        /// Which bytes of the thing these were.
        var given = GivenBytes()
        let wanted: Wanted

        init(
            id: ViewSessionID, person: ThreadTag, thread: ThreadTag, object: ObjectID, until: Instant, wanted: Wanted
        ) {
            self.id = id
            self.person = person
            self.thread = thread
            self.object = object
            self.until = until
            self.wanted = wanted
        }
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
    ///   - request: the request under which it is given out; the law judges the look after its records.
    public func begin(
        _ object: ObjectID, in thread: ThreadTag, document: DocumentID? = nil, by performer: Performer, right: String,
        purpose: String, command: CommandID, request: RequestView? = nil
    ) async throws(StepRefusal) -> Look {
        let wanted = Wanted(person: performer.tag, thread: thread, object: object, right: right, purpose: purpose)
        // Pages and players ask for one thing many times at once: while the first is being recorded, the others wait
        // for it.
        if let task = opening[wanted] { return try await task.value.get() }
        let now = casebook.now
        if let known = open.values.first(where: {
            $0.wanted == wanted && $0.until > now.advanced(byMilliseconds: 60_000)
        }) {
            return known
        }
        let count =
            open.values.count { $0.person == performer.tag } + opening.keys.count { $0.person == performer.tag }
        guard count < ViewSessions.perPerson else {
            throw StepRefusal(.unavailable, "您同时打开的查看太多，请先关闭一些，或者稍后再试。")
        }
        let look = Look(
            id: .random(), person: performer.tag, thread: thread, object: object,
            until: now.advanced(byMilliseconds: ViewSessions.longest), wanted: wanted)
        let task = Task { await self.open(look, document: document, command: command, request: request) }
        opening[wanted] = task
        return try await task.value.get()
    }

    private func open(
        _ look: Look, document: DocumentID?, command: CommandID, request: RequestView?
    ) async -> Result<Look, StepRefusal> {
        defer { opening[look.wanted] = nil }
        var plain: [JSON.Member] = [
            .init("object", .string(look.object.description)), .init("purpose", .string(look.wanted.purpose)),
            .init("right", .string(look.wanted.right)), .init("session", .string(look.id.description)),
            .init("until", .integer(look.until.milliseconds)),
            .init("what", .string(request?.lookedAt ?? (document == nil ? "object" : "document"))),
        ]
        if let request { plain.append(.init("request", .string(request.file.thread.description))) }
        if let document { plain.append(.init("document", .string(document.description))) }
        do throws(StepRefusal) {
            _ = try await casebook.record(
                [Fact(.accessOpened, in: look.thread, plain: .object(plain))], by: .person(look.person),
                command: command, history: request?.records)
        } catch {
            return .failure(error)
        }
        // Durable from here on: a crash now leaves a look recorded that served no byte, never a byte without a look.
        open[look.id] = look
        return .success(look)
    }

    /// The running session of a person for an object; nil if none runs.
    public func look(_ id: ViewSessionID, by person: ThreadTag) -> Look? {
        guard let look = open[id], look.person == person, look.until > casebook.now else { return nil }
        return look
    }

    /// Counts what is about to be given out within a session.
    ///
    /// - Parameters:
    ///   - range: which bytes these are.
    ///   - size: how many the whole thing has.
    /// - Returns: false where the session has ended: what it says was read is recorded, so nothing more is given out.
    @discardableResult
    public func count(_ range: Range<Int64>, of size: Int64, in id: ViewSessionID) -> Bool {
        guard open[id] != nil else { return false }
        // An answer goes out in pieces, and what follows on the last one belongs to it.
        if open[id]?.lastByte != range.lowerBound { open[id]?.ranges += 1 }
        open[id]?.lastByte = range.upperBound
        open[id]?.bytes += Int64(range.count)
        open[id]?.given.add(range, of: size)
        return true
    }

    /// Counts what was given out of a part of the thing that was made anew: a single page. It makes nothing read.
    public func count(bytes: Int64, in id: ViewSessionID) {
        guard open[id] != nil else { return }
        open[id]?.ranges += 1
        open[id]?.bytes += bytes
        open[id]?.lastByte = nil
    }

    /// Whether a running session of a person for an object has given out enough of it to have been read.
    public func hasRead(_ object: ObjectID, by person: ThreadTag) -> Bool {
        open.values.contains { $0.person == person && $0.object == object && $0.given.isRead }
    }

    /// Ends the running sessions of a person for an object in which it was read: what was read is recorded before what
    /// rests on it.
    public func endRead(_ object: ObjectID, by person: ThreadTag) async throws(StepRefusal) {
        for look in open.values where look.person == person && look.object == object && look.given.isRead {
            try await end(look.id)
        }
    }

    /// Ends a session with what was read.
    public func end(_ id: ViewSessionID) async throws(StepRefusal) {
        guard let look = open.removeValue(forKey: id) else { return }
        let plain: JSON = [
            "bytes": .integer(look.bytes), "isRead": .boolean(look.given.isRead), "ranges": .integer(look.ranges),
            "session": .string(id.description),
        ]
        do {
            _ = try await casebook.record(
                [Fact(.accessClosed, in: look.thread, plain: plain)], by: .person(look.person), command: .random())
        } catch {
            open[id] = look
            throw error
        }
    }

    /// Ends every session: the server is about to end.
    public func endAll() async {
        for look in open.values { try? await end(look.id) }
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
        // Whoever a paper names as its host, clerk or officer signs it in their own session, and has to see it.
        if person.roles.contains(.officer), documents.contains(where: { !$0.isVoid && $0.names(person) }) {
            return "handler"
        }
        if !Set(person.roles).isDisjoint(with: [.agencyHead, .deputyHead, .departmentHead, .unitHead]) {
            return "head"
        }
        if person.roles.contains(.legalReviewer) { return "reviewer" }
        if person.roles.contains(.custodian) { return "custodian" }
        return nil
    }
}

extension CaseDocument {
    /// Whether the form names a person as one who acts and signs.
    fileprivate func names(_ person: PersonRow) -> Bool {
        guard let data else { return false }
        return ["host", "clerk", "recorder"].contains { field in
            data[field]?.string.map { $0.trimmedWhitespace.utf8.elementsEqual(person.name.utf8) } == true
        }
            || (data.members ?? []).contains { member in
                (member.value.elements ?? []).contains { $0["person"]?.string == person.thread.description }
            }
    }
}
