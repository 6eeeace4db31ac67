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
    private var edge: RightEdge
    /// When the last entry was recorded; nil in an empty ledger.
    private(set) var lastEntry: Instant?

    init(
        connection: Connection, bureau: BureauTag, log: Int, key: SigningKey, head: SignedHead, lastEntry: Instant?,
        faults: WriteFaults
    ) throws {
        self.connection = connection
        self.bureau = bureau
        self.log = log
        self.key = key
        self.head = head
        self.lastEntry = lastEntry
        self.faults = faults
        edge = try RightEdge(size: Int(head.size), reader: NodeReader(connection: connection, log: log))
    }

    /// What became of one request: appended or repeated, or refused with nothing of it left.
    typealias Outcome = Result<AppendReceipt, StoreError>

    /// Carries out the requests in order; one that is refused does not touch the others.
    ///
    /// - Parameters:
    ///   - stopped: what has stopped recording; only `clock.resumed` is then let through.
    ///   - prologue: what belongs to the same transaction and comes first: the row of a log that begins.
    /// - Returns: an outcome for each request, in order. What was appended is durable, but not yet in the lock file.
    /// - Throws: when the database failed: nothing is known to be stored, and nothing must be answered as stored.
    func run(
        _ requests: [AppendRequest], now: Instant, stopped: RecordingStop?, prologue: () throws -> Void = {}
    ) throws -> [Outcome] {
        let before = (edge: edge, lastEntry: lastEntry)
        do {
            try connection.run("BEGIN IMMEDIATE")
            try prologue()
            var stopped = stopped
            var outcomes: [Outcome] = []
            for request in requests { outcomes.append(try attempt(request, now: now, stopped: &stopped)) }
            guard edge.size > before.edge.size else {
                try connection.run("ROLLBACK")
                return outcomes
            }
            let head = try signedHead()
            try EntryWriter(connection: connection, log: log).add(head)
            try faults.perform(.commit) { try connection.run("COMMIT") }
            self.head = head
            return outcomes
        } catch {
            (edge, lastEntry) = before
            if sqlite3_get_autocommit(connection.handle) == 0 { try? connection.run("ROLLBACK") }
            throw error
        }
    }

    /// One request within a savepoint: a refusal takes back what it had written.
    private func attempt(_ request: AppendRequest, now: Instant, stopped: inout RecordingStop?) throws -> Outcome {
        let before = (edge: edge, lastEntry: lastEntry)
        try connection.run("SAVEPOINT request")
        do {
            let receipt = try append(request, now: now, stopped: stopped)
            try connection.run("RELEASE request")
            if !receipt.repeated { stopped = nil }
            return .success(receipt)
        } catch {
            (edge, lastEntry) = before
            // A fault of the disk concerns the whole group.
            if let failure = SQLiteFailure(error), failure.stopsRecording { throw error }
            if case StoreError.damaged = error { throw error }
            try connection.run("ROLLBACK TO request")
            try connection.run("RELEASE request")
            return .failure(StoreError(error))
        }
    }

    private func append(_ request: AppendRequest, now: Instant, stopped: RecordingStop?) throws -> AppendReceipt {
        let reader = EntryReader(connection: connection)
        if let receipt = try reader.receipt(of: request.command) { return receipt }
        try checkClock(request, now: now, stopped: stopped)
        for (thread, seq) in request.unmoved {
            let actual = try reader.head(of: thread)?.seq ?? 0
            guard actual == seq else { throw StoreError.stale(thread: thread, expected: seq, actual: actual) }
        }

        let writer = EntryWriter(connection: connection, log: log)
        let first = Int64(edge.size)
        var heads: [ThreadTag: ThreadHead] = [:]
        for entry in request.entries {
            let content = entry.skeleton.content
            let known = try heads[content.thread] ?? reader.head(of: content.thread)
            let seq = known?.seq ?? 0
            guard content.seq == seq + 1 else {
                throw StoreError.stale(thread: content.thread, expected: content.seq - 1, actual: seq)
            }
            guard entry.prev == known?.commitment ?? .zero else {
                throw StoreError.failed("the entry before \(content.thread)/\(content.seq) is another one")
            }
            let leaf = entry.leaf
            let index = Int64(edge.size)
            try writer.append(entry, leaf: leaf, to: &edge)
            let readBack = ReadBack(connection: connection, log: log)
            try readBack.check(index: index, commitment: leaf.commitment)
            try readBack.check(openings: content.fields, index: index)
            let head = ThreadHead(seq: content.seq, commitment: leaf.commitment)
            heads[content.thread] = head
            lastEntry = max(content.recordedAt, lastEntry ?? content.recordedAt)
            let kind = content.type.utf8.prefix { $0 != UInt8(ascii: ".") }
            try writer.moveHead(of: content.thread, kind: String(decoding: kind, as: UTF8.self), to: head)
        }
        if stopped != nil { lastEntry = request.entries.last?.skeleton.content.recordedAt }
        try writer.add(
            request.command, first: first, entries: request.entries.count, answer: request.answer.canonicalBytes)
        let projections = ProjectionWriter(connection: connection)
        for key in request.removing { try projections.remove(key) }
        for row in request.upserting { try projections.upsert(row) }
        return AppendReceipt(
            indices: Array(first..<Int64(edge.size)), size: Int64(edge.size), answer: request.answer, repeated: false)
    }

    /// The clock's rules for the entries of one request; `clock.resumed` alone may carry an earlier time.
    private func checkClock(_ request: AppendRequest, now: Instant, stopped: RecordingStop?) throws(StoreError) {
        var last = lastEntry
        if let stopped {
            guard request.resumesClock else { throw .stopped(stopped.chinese) }
            last = nil
        }
        for entry in request.entries {
            let recordedAt = entry.skeleton.content.recordedAt
            switch ClockRule.ofEntry(recordedAt: recordedAt, lastEntry: last, now: now) {
            case .fit: last = max(recordedAt, last ?? recordedAt)
            case .back(let milliseconds):
                throw .stopped(
                    "这一步没有保存：它的时间（\(recordedAt.chinese)）比最后一条记录早了\(milliseconds / 1000)秒。"
                        + "请重新提交；如反复出现，请管理员检查服务器时钟。")
            case .ahead(let milliseconds):
                throw .failed("an entry is stamped \(milliseconds) ms after the server's clock")
            }
        }
    }

    /// The head of the tree as it is stored now, signed.
    private func signedHead() throws -> SignedHead {
        let root = try ReadBack(connection: connection, log: log).root(size: edge.size)
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
