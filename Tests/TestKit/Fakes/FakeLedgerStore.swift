import Application
import Casework
import Kernel
import Ledger
import Synchronization

/// A ledger in memory by the contract of `LedgerStore`: heads, command ids and claims are checked, rows go to
/// `FakeRegisters`, heads are signed with a real key. Nothing is durable.
public final class FakeLedgerStore: LedgerStore {
    private struct State {
        var log: [LoggedEntry] = []
        var threads: [ThreadTag: [LoggedEntry]] = [:]
        var receipts: [CommandID: AppendReceipt] = [:]
        var claims: [String: ThreadTag] = [:]
        var edge = RightEdge()
        var failure: StoreError?
        var lastEntry: Instant?
        var clockStop: ClockStop?
    }

    public let bureau: BureauTag
    public let log = 1
    public let origin: String
    public let verifierKey: String
    private let key: SigningKey
    private let registers: FakeRegisters
    private let state = Mutex(State())

    /// An empty ledger; nil for an origin that cannot be a key's name.
    public init?(bureau: BureauTag, origin: String, registers: FakeRegisters) {
        guard let key = SigningKey(name: origin, seed: Array(repeating: 7, count: 32)) else { return nil }
        self.bureau = bureau
        self.origin = origin
        self.key = key
        verifierKey = key.verifier.description
        self.registers = registers
    }

    /// Makes every later append fail, or work again.
    public func fail(with error: StoreError?) { state.withLock { $0.failure = error } }

    /// The entries of a thread as whoever can write the file leaves them: the log knows nothing of it.
    public func forge(_ thread: ThreadTag, _ change: (inout [LoggedEntry]) -> Void) {
        state.withLock { change(&$0.threads[thread, default: []]) }
    }

    /// Says from here on that the clock has stopped recording; nil: no longer.
    public func stopClock(_ stop: ClockStop?) { state.withLock { $0.clockStop = stop } }

    public func stopReason() -> String? {
        if let stop = state.withLock({ $0.clockStop }) { return "记录已停止：\(stop.verdict.chinese)。" }
        return if case .stopped(let text) = state.withLock({ $0.failure }) { text } else { nil }
    }

    /// A test says when it does not fit (`stopClock`).
    public func checkClock() async {}

    public func hasRoom() -> Bool {
        if case .full = state.withLock({ $0.failure }) { false } else { true }
    }

    public func append(_ request: AppendRequest) async throws(StoreError) -> AppendReceipt {
        let result: Result<AppendReceipt, StoreError> = state.withLock { state in
            if let failure = state.failure { return .failure(failure) }
            if let known = state.receipts[request.command] {
                return .success(
                    AppendReceipt(indices: known.indices, size: known.size, answer: known.answer, repeated: true))
            }
            do throws(StoreError) {
                return .success(try commit(request, to: &state))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func commit(_ request: AppendRequest, to state: inout State) throws(StoreError) -> AppendReceipt {
        var next = state
        var indices: [Int64] = []
        for (thread, seq) in request.unmoved where next.threads[thread]?.count ?? 0 != seq {
            throw .stale(thread: thread, expected: seq, actual: next.threads[thread]?.count ?? 0)
        }
        for entry in request.entries {
            let content = entry.skeleton.content
            let waited = next.lastEntry.map { $0.milliseconds(since: content.recordedAt) } ?? 0
            guard waited <= ClockRule.backTolerance || request.entries.map(\.skeleton.content.type) == ["clock.resumed"]
            else {
                throw .overtaken(milliseconds: waited)
            }
            next.lastEntry = max(content.recordedAt, next.lastEntry ?? content.recordedAt)
            let known = next.threads[content.thread] ?? []
            guard content.seq == known.count + 1, entry.prev == known.last?.entry.commitment ?? .zero else {
                throw .stale(thread: content.thread, expected: content.seq - 1, actual: known.count)
            }
            let logged = LoggedEntry(index: Int64(next.log.count), entry: entry)
            next.log.append(logged)
            next.threads[content.thread, default: []].append(logged)
            next.edge.append(RFC6962.leafHash(entry.leaf.bytes))
            indices.append(logged.index)
        }
        for row in request.upserting {
            guard case .claim(let claim) = row else { continue }
            let name = "\(claim.kind.rawValue) \(claim.key)"
            if let holder = next.claims[name], holder != claim.thread { throw .taken(claim.kind, key: claim.key) }
            next.claims[name] = claim.thread
        }
        let receipt = AppendReceipt(
            indices: indices, size: Int64(next.log.count), answer: request.answer, repeated: false)
        next.receipts[request.command] = receipt
        state = next
        for row in request.upserting { registers.put(row) }
        for key in request.removing { registers.remove(key) }
        return receipt
    }

    public func receipt(of command: CommandID) async throws(StoreError) -> AppendReceipt? {
        state.withLock { $0.receipts[command] }
            .map { AppendReceipt(indices: $0.indices, size: $0.size, answer: $0.answer, repeated: true) }
    }

    public func head(of thread: ThreadTag) async throws(StoreError) -> ThreadHead? {
        state.withLock { $0.threads[thread]?.last }
            .map { ThreadHead(seq: $0.entry.skeleton.content.seq, commitment: $0.entry.commitment) }
    }

    public func entries(of thread: ThreadTag, from seq: Int) async throws(StoreError) -> [LoggedEntry] {
        Array((state.withLock { $0.threads[thread] } ?? []).dropFirst(max(seq, 1) - 1))
    }

    public func clockStop() -> ClockStop? { state.withLock { $0.clockStop } }

    public func logs() async throws(StoreError) -> [LedgerLog] {
        [LedgerLog(number: log, origin: origin, verifierKey: verifierKey, head: try await signedHead())]
    }

    public func entries(from index: Int64, limit: Int, log: Int) async throws(StoreError) -> [LoggedEntry] {
        Array(state.withLock { $0.log }.dropFirst(Int(index)).prefix(limit))
    }

    public func signedHead() async throws(StoreError) -> SignedHead {
        let edge = state.withLock { $0.edge }
        guard let checkpoint = Checkpoint(origin: origin, size: edge.size, root: edge.root),
            let note = try? checkpoint.signed(by: key)
        else { throw .failed("the head cannot be signed") }
        return SignedHead(size: Int64(edge.size), root: edge.root, note: note)
    }

    public func inclusionProof(of index: Int64, in size: Int64, log: Int) async throws(StoreError) -> [Digest] {
        let leaves = state.withLock { $0.log }.prefix(Int(size)).map(\.entry.leaf.bytes)
        guard leaves.indices.contains(Int(index)) else { throw .failed("the log has no such entry") }
        return ReferenceTree.path(Int(index), leaves[...])
    }

    public func consistencyProof(from old: Int64, to new: Int64, log: Int) async throws(StoreError) -> [Digest] {
        let leaves = state.withLock { $0.log }.prefix(Int(new)).map(\.entry.leaf.bytes)
        guard old > 0, old < new, new <= leaves.count else { return [] }
        return ReferenceTree.consistency(Int(old), leaves[...])
    }

    public func leaves(from index: Int64, limit: Int, log: Int) async throws(StoreError) -> [Leaf] {
        Array(state.withLock { $0.log }.dropFirst(Int(index)).prefix(limit).map(\.entry.leaf))
    }

    public func compareProjections(
        with rows: [ProjectionRow], of owner: ThreadTag
    ) async throws(StoreError) -> [ProjectionDifference] { [] }
}
