import Application
import GRDBSQLite
import Kernel
import Ledger

/// Carries out a group of requests in one transaction (design section 5, "Writing"). Used by the sequencer's thread.
///
/// If we die before COMMIT nothing happened; after COMMIT and before the lock file the database is ahead of the lock
/// file by one group, which the start mends; after the lock file only the answers are lost, and the same command id
/// gets them again.
final class GroupCommit {
    private let connection: Connection
    private let bureau: BureauTag
    private let log: Int
    private let key: SigningKey
    private let faults: WriteFaults
    /// The head as it is committed.
    private(set) var head: SignedHead
    private var state: State
    /// When the last entry was recorded; nil in an empty ledger.
    var lastEntry: Instant? { state.lastEntry }

    /// What grows with what is written, and goes back with what is taken back.
    private struct State {
        var edge: RightEdge
        var lastEntry: Instant?
        /// The entries of this group, in order.
        var written: [ReadBack.Meant] = []
        /// Types that stand in the ledger already.
        var types: Set<EntryWriter.TypeVersion> = []
    }

    init(
        connection: Connection, bureau: BureauTag, log: Int, key: SigningKey, head: SignedHead, lastEntry: Instant?,
        faults: WriteFaults
    ) throws {
        self.connection = connection
        self.bureau = bureau
        self.log = log
        self.key = key
        self.head = head
        self.faults = faults
        state = State(
            edge: try RightEdge(size: Int(head.size), reader: NodeReader(connection: connection, log: log)),
            lastEntry: lastEntry)
    }

    /// What became of one request: appended or repeated, or refused with nothing of it left.
    typealias Outcome = Result<AppendReceipt, StoreError>

    /// Carries out the requests in order; one that is refused does not touch the others.
    ///
    /// A savepoint keeps a copy of every page that a request touches, and nearly every refusal comes before anything is
    /// written. So the group goes without savepoints first; if one request is refused in the middle of its rows (a claim
    /// that is taken), all is taken back and the group goes once more, each request in a savepoint of its own.
    ///
    /// - Parameters:
    ///   - stopped: what has stopped recording; only `clock.resumed` is then let through.
    ///   - prologue: what belongs to the same transaction and comes first: the row of a log that begins.
    ///   - joining: asked when all requests are carried out and nothing is committed: who came meanwhile, and the time
    ///     now. They go with this group, which so has one sync for all; nobody is waited for. Nil ends the group.
    /// - Returns: an outcome for each request, in order, then for each that joined. What was appended is durable, but not
    ///   yet in the lock file.
    /// - Throws: when the database failed: nothing is known to be stored, and nothing must be answered as stored.
    func run(
        _ requests: [CheckedRequest], now: Instant, stopped: RecordingStop?, prologue: () throws -> Void = {},
        joining: () -> (requests: [CheckedRequest], now: Instant)? = { nil }
    ) throws -> [Outcome] {
        var group = Group(requests: requests, now: now, stopped: stopped)
        if let outcomes = try transact(&group, apart: false, prologue, joining) { return outcomes }
        guard let outcomes = try transact(&group, apart: true, prologue, { nil }) else {
            throw StoreError.failed("a group with savepoints was taken back")
        }
        return outcomes
    }

    /// How many requests go together at most, so that the first of them does not wait for ever.
    static let most = 128

    private struct Group {
        var requests: [CheckedRequest]
        /// The time when the newest of them was taken.
        var now: Instant
        let stopped: RecordingStop?
    }

    /// One transaction.
    ///
    /// - Parameter apart: whether each request stands in a savepoint.
    /// - Returns: nil, and nothing was written, if a request that is not apart was refused after it had begun to write.
    private func transact(
        _ group: inout Group, apart: Bool, _ prologue: () throws -> Void,
        _ joining: () -> (requests: [CheckedRequest], now: Instant)?
    ) throws -> [Outcome]? {
        let before = state
        do {
            try connection.run("BEGIN IMMEDIATE")
            try prologue()
            var stopped = group.stopped
            var outcomes: [Outcome] = []
            while true {
                for request in group.requests[outcomes.count...] {
                    guard let outcome = try attempt(request, apart: apart, now: group.now, stopped: &stopped) else {
                        state = before
                        try connection.run("ROLLBACK")
                        return nil
                    }
                    outcomes.append(outcome)
                }
                guard group.requests.count < Self.most, let late = joining(), !late.requests.isEmpty else { break }
                group.requests += late.requests
                group.now = late.now
            }
            guard state.edge.size > before.edge.size else {
                try connection.run("ROLLBACK")
                return outcomes
            }
            let head = try signedHead(after: before.edge)
            try EntryWriter(connection: connection, log: log).add(head)
            try faults.perform(.commit) { try connection.run("COMMIT") }
            self.head = head
            state.written = []
            return outcomes
        } catch {
            state = before
            if sqlite3_get_autocommit(connection.handle) == 0 { try? connection.run("ROLLBACK") }
            throw error
        }
    }

    /// One request: a refusal takes back what it had written.
    ///
    /// - Returns: nil if it was refused with something written and no savepoint to go back to.
    private func attempt(
        _ request: CheckedRequest, apart: Bool, now: Instant, stopped: inout RecordingStop?
    ) throws -> Outcome? {
        let before = state
        var hasBegun = false
        if apart { try connection.run("SAVEPOINT request") }
        do {
            let receipt = try append(request, now: now, stopped: stopped, hasBegun: &hasBegun)
            if apart { try connection.run("RELEASE request") }
            if !receipt.repeated { stopped = nil }
            return .success(receipt)
        } catch {
            state = before
            // A fault of the disk concerns the whole group.
            if let failure = SQLiteFailure(error), failure.stopsRecording { throw error }
            if case StoreError.damaged = error { throw error }
            if apart {
                try connection.run("ROLLBACK TO request")
                try connection.run("RELEASE request")
            } else if hasBegun {
                return nil
            }
            return .failure(StoreError(error))
        }
    }

    /// - Parameter hasBegun: set before the first row is written.
    private func append(
        _ checked: CheckedRequest, now: Instant, stopped: RecordingStop?, hasBegun: inout Bool
    ) throws -> AppendReceipt {
        let request = checked.request
        let reader = EntryReader(connection: connection)
        if let receipt = try reader.receipt(of: request.command) { return receipt }
        try checkClock(request, now: now, stopped: stopped)
        for (thread, seq) in request.unmoved {
            let actual = try reader.head(of: thread)?.seq ?? 0
            guard actual == seq else { throw StoreError.stale(thread: thread, expected: seq, actual: actual) }
        }
        try checkHeads(of: checked, reader)

        hasBegun = true
        let writer = EntryWriter(connection: connection, log: log)
        let first = Int64(state.edge.size)
        for one in checked.entries {
            let content = one.entry.skeleton.content
            try writer.append(one.entry, leaf: one.leaf, hash: one.hash, to: &state.edge)
            if state.types.insert(one.type).inserted { try writer.add(one.type) }
            state.written.append(.init(commitment: one.leaf.commitment, fields: content.fields))
            state.lastEntry = max(content.recordedAt, state.lastEntry ?? content.recordedAt)
            try writer.moveHead(
                of: content.thread, kind: one.kind,
                to: ThreadHead(seq: content.seq, commitment: one.leaf.commitment))
        }
        if stopped != nil { state.lastEntry = request.entries.last?.skeleton.content.recordedAt }
        try writer.add(
            request.command, first: first, entries: request.entries.count, answer: checked.answer,
            digest: checked.answerDigest)
        let projections = ProjectionWriter(connection: connection)
        for key in request.removing { try projections.remove(key) }
        for one in checked.upserting { try projections.upsert(one.row, values: one.values) }
        return AppendReceipt(
            indices: Array(first..<Int64(state.edge.size)), size: Int64(state.edge.size), answer: request.answer,
            repeated: false)
    }

    /// Whether each of a request's entries follows the last one of its thread. Nothing is written.
    private func checkHeads(of request: CheckedRequest, _ reader: EntryReader) throws {
        var heads: [ThreadTag: ThreadHead] = [:]
        for one in request.entries {
            let content = one.entry.skeleton.content
            let known = try heads[content.thread] ?? reader.head(of: content.thread)
            let seq = known?.seq ?? 0
            guard content.seq == seq + 1 else {
                throw StoreError.stale(thread: content.thread, expected: content.seq - 1, actual: seq)
            }
            guard one.entry.prev == known?.commitment ?? .zero else {
                throw StoreError.failed("the entry before \(content.thread)/\(content.seq) is another one")
            }
            heads[content.thread] = ThreadHead(seq: content.seq, commitment: one.leaf.commitment)
        }
    }

    /// The clock's rules for the entries of one request; `clock.resumed` alone may carry an earlier time.
    private func checkClock(_ request: AppendRequest, now: Instant, stopped: RecordingStop?) throws(StoreError) {
        var last = state.lastEntry
        if let stopped {
            guard request.resumesClock else { throw .stopped(stopped.chinese) }
            last = nil
        }
        for entry in request.entries {
            let recordedAt = entry.skeleton.content.recordedAt
            switch ClockRule.ofEntry(recordedAt: recordedAt, lastEntry: last, now: now) {
            case .fit: last = max(recordedAt, last ?? recordedAt)
            case .back(let milliseconds):
                // The clock itself was compared before the group; an entry that is older than that waited on its way here.
                throw .overtaken(milliseconds: milliseconds)
            case .ahead(let milliseconds):
                throw .failed("an entry is stamped \(milliseconds) ms after the server's clock")
            }
        }
    }

    /// The head of the tree as it is stored now, signed, if all that the group wrote reads back as it was meant.
    private func signedHead(after before: RightEdge) throws -> SignedHead {
        let edge = state.edge
        let readBack = ReadBack(connection: connection, log: log)
        try readBack.check(state.written, after: before, leadingTo: edge)
        let root = try readBack.root(size: edge.size)
        guard root == edge.root else { throw StoreError.damaged("the edge of the tree reads back otherwise") }
        guard let checkpoint = Checkpoint(origin: key.verifier.name, size: edge.size, root: root) else {
            throw StoreError.failed("no checkpoint can be made of size \(edge.size)")
        }
        return SignedHead(size: Int64(edge.size), root: root, note: try checkpoint.signed(by: key))
    }
}

extension AppendRequest {
    /// Whether this is the entry by which two persons let recording go on after the clock had stopped it.
    var resumesClock: Bool {
        entries.count == 1 && entries[0].skeleton.content.type == "clock.resumed"
    }
}
