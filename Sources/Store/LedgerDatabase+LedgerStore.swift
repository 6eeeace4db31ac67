import Application
import Casework
import Kernel
import Ledger

extension LedgerDatabase: LedgerStore {
    public func stopReason() -> String? { sequencer.stopped?.chinese }

    public func lastVerification() -> LastVerification? { VerificationMark.read(beside: path) }

    public func hasRoom() -> Bool { sequencer.hasRoom }

    public func checkClock() async { await sequencer.checkClockNow() }

    /// The request is checked on the caller's task; only what concerns the ledger is left to the one thread.
    @concurrent
    public func append(_ request: AppendRequest) async throws(StoreError) -> AppendReceipt {
        try await sequencer.append(RequestCheck.check(request, bureau: bureau)).get()
    }

    /// Appends many commands that are at hand at once, in this order, as one group with one signed head: the same write as
    /// `append`, without a wait for the disk between two of them. One that is refused does not touch the others.
    ///
    /// - Returns: what became of each, in the order of `requests`.
    /// - Throws: what is wrong with a request before the ledger is looked at; nothing of the group was appended then.
    @concurrent
    public func append(
        together requests: [AppendRequest]
    ) async throws(StoreError) -> [Result<AppendReceipt, StoreError>] {
        var checked: [CheckedRequest] = []
        checked.reserveCapacity(requests.count)
        for request in requests { checked.append(try RequestCheck.check(request, bureau: bureau)) }
        return await sequencer.append(together: checked)
    }

    public func receipt(of command: CommandID) async throws(StoreError) -> AppendReceipt? {
        try await read { try EntryReader(connection: $0).receipt(of: command) }
    }

    public func head(of thread: ThreadTag) async throws(StoreError) -> ThreadHead? {
        try await read { try EntryReader(connection: $0).head(of: thread) }
    }

    public func entries(of thread: ThreadTag, from seq: Int) async throws(StoreError) -> [LoggedEntry] {
        try await read { try EntryReader(connection: $0).entries(of: thread, from: seq) }
    }

    public func clockStop() -> ClockStop? { sequencer.clockStop() }

    public func logs() async throws(StoreError) -> [LedgerLog] {
        try await read { connection in
            let reader = EntryReader(connection: connection)
            return try reader.logs().map { row in
                guard let head = try reader.head(of: row.number) else {
                    throw StoreError.damaged("log \(row.number) has no signed head")
                }
                return LedgerLog(number: row.number, origin: row.origin, verifierKey: row.verifierKey, head: head)
            }
        }
    }

    public func entries(from index: Int64, limit: Int, log: Int) async throws(StoreError) -> [LoggedEntry] {
        try await read { try EntryReader(connection: $0).entries(of: log, from: index, limit: limit) }
    }

    public func signedHead() async throws(StoreError) -> SignedHead {
        try await read { [log] in
            guard let head = try EntryReader(connection: $0).head(of: log) else {
                throw StoreError.damaged("log \(log) has no signed head")
            }
            return head
        }
    }

    public func inclusionProof(of index: Int64, in size: Int64, log: Int) async throws(StoreError) -> [Digest] {
        try await read {
            try InclusionProof(of: Int(index), in: Int(size), reader: NodeReader(connection: $0, log: log)).hashes
        }
    }

    public func consistencyProof(from old: Int64, to new: Int64, log: Int) async throws(StoreError) -> [Digest] {
        try await read {
            try ConsistencyProof(from: Int(old), to: Int(new), reader: NodeReader(connection: $0, log: log)).hashes
        }
    }

    public func leaves(from index: Int64, limit: Int, log: Int) async throws(StoreError) -> [Leaf] {
        try await read { try EntryReader(connection: $0).leaves(of: log, from: index, limit: limit) }
    }

    public func compareProjections(
        with rows: [ProjectionRow], of owner: ThreadTag
    ) async throws(StoreError) -> [ProjectionDifference] {
        try await read { try ProjectionReader(connection: $0).differences(from: rows, of: owner) }
    }
}
