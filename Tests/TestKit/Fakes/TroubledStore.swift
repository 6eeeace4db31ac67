import Application
import Casework
import Kernel
import Ledger
import Synchronization

/// A ledger that refuses to record when it is told to; reading goes on, as the contract says.
public final class TroubledStore: LedgerStore {
    private let ledger: any LedgerStore
    private let failure = Mutex<StoreError?>(nil)
    private let losesAnswers = Mutex(false)
    private let witness = Mutex<(@Sendable (AppendRequest) async -> Void)?>(nil)
    private let meanwhile = Mutex<(@Sendable () async -> Void)?>(nil)

    private let clock = Mutex<ClockStop?>(nil)
    private let forged = Mutex<[ThreadTag: [LoggedEntry]]>([:])

    /// A store over one that works.
    public init(_ ledger: any LedgerStore) {
        self.ledger = ledger
    }

    /// Makes every later append fail, or work again.
    public func fail(with error: StoreError?) { failure.withLock { $0 = error } }

    /// Makes every later append be stored and reported as failed: the answer is lost on its way.
    public func loseAnswers(_ loses: Bool) { losesAnswers.withLock { $0 = loses } }

    /// Asks a witness after every append, before it is answered.
    public func afterAppend(_ witness: (@Sendable (AppendRequest) async -> Void)?) {
        self.witness.withLock { $0 = witness }
    }

    /// Lets something happen once, right after a receipt was asked for and none was found.
    public func afterNoReceipt(_ happening: (@Sendable () async -> Void)?) {
        meanwhile.withLock { $0 = happening }
    }

    /// Says from here on that the clock has stopped recording, until something is recorded.
    public func stopClock(_ stop: ClockStop) { clock.withLock { $0 = stop } }

    /// Hands out other entries of a thread than the log holds, as after a write behind the program's back; nil: its own.
    public func forge(_ thread: ThreadTag, _ entries: [LoggedEntry]?) { forged.withLock { $0[thread] = entries } }

    public var bureau: BureauTag { ledger.bureau }
    public var log: Int { ledger.log }
    public var origin: String { ledger.origin }
    public var verifierKey: String { ledger.verifierKey }

    public func stopReason() -> String? {
        if case .stopped(let why) = failure.withLock({ $0 }) { return why }
        if let stop = clock.withLock({ $0 }) { return "记录已停止：\(stop.verdict.chinese)。" }
        return ledger.stopReason()
    }

    public func checkClock() async { await ledger.checkClock() }

    public func clockStop() -> ClockStop? { clock.withLock { $0 } ?? ledger.clockStop() }

    public func logs() async throws(StoreError) -> [LedgerLog] { try await ledger.logs() }

    public func hasRoom() -> Bool {
        if case .full = failure.withLock({ $0 }) { false } else { ledger.hasRoom() }
    }

    public func append(_ request: AppendRequest) async throws(StoreError) -> AppendReceipt {
        if let failure = failure.withLock({ $0 }) { throw failure }
        let receipt = try await ledger.append(request)
        clock.withLock { $0 = nil }
        if let witness = witness.withLock({ $0 }) { await witness(request) }
        if losesAnswers.withLock({ $0 }) { throw .failed("told to lose the answer") }
        return receipt
    }

    public func receipt(of command: CommandID) async throws(StoreError) -> AppendReceipt? {
        let receipt = try await ledger.receipt(of: command)
        guard receipt == nil else { return receipt }
        let happening = meanwhile.withLock { happening in
            defer { happening = nil }
            return happening
        }
        await happening?()
        return nil
    }

    public func head(of thread: ThreadTag) async throws(StoreError) -> ThreadHead? {
        try await ledger.head(of: thread)
    }

    public func entries(of thread: ThreadTag, from seq: Int) async throws(StoreError) -> [LoggedEntry] {
        if let entries = forged.withLock({ $0[thread] }) { return Array(entries.dropFirst(seq - 1)) }
        return try await ledger.entries(of: thread, from: seq)
    }

    public func entries(from index: Int64, limit: Int, log: Int) async throws(StoreError) -> [LoggedEntry] {
        try await ledger.entries(from: index, limit: limit, log: log)
    }

    public func signedHead() async throws(StoreError) -> SignedHead { try await ledger.signedHead() }

    public func inclusionProof(of index: Int64, in size: Int64, log: Int) async throws(StoreError) -> [Digest] {
        try await ledger.inclusionProof(of: index, in: size, log: log)
    }

    public func consistencyProof(from old: Int64, to new: Int64, log: Int) async throws(StoreError) -> [Digest] {
        try await ledger.consistencyProof(from: old, to: new, log: log)
    }

    public func leaves(from index: Int64, limit: Int, log: Int) async throws(StoreError) -> [Leaf] {
        try await ledger.leaves(from: index, limit: limit, log: log)
    }

    public func compareProjections(
        with rows: [ProjectionRow], of owner: ThreadTag
    ) async throws(StoreError) -> [ProjectionDifference] {
        try await ledger.compareProjections(with: rows, of: owner)
    }
}
