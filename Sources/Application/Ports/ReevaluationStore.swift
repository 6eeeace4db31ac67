import Casework
import Kernel
import Ledger

/// How far the stored rows of cases follow the law (重新计算): judged anew whenever it changes.
public struct ReevaluationMark: Hashable, Sendable {
    /// Which law: the place of the last entry of the bureau's thread that changed it.
    public var law: Int
    public var phase: Phase
    /// The last case of the phase that was judged; nil before the first.
    public var after: ThreadTag?
    /// Cases judged since the law changed.
    public var cases: Int
    /// Those of which something came out otherwise.
    public var changed: Int
    public var startedAt: Instant
    public var finishedAt: Instant?

    /// Which cases are judged.
    public enum Phase: String, Hashable, Sendable, CaseIterable {
        /// 在办: those that are not filed.
        case open
        /// Those that are filed, and again those in which somebody took a step while the law changed.
        case others
        /// None any more.
        case done
    }

    /// A beginning.
    public init(law: Int, at now: Instant) {
        self.init(law: law, phase: .open, after: nil, cases: 0, changed: 0, startedAt: now, finishedAt: nil)
    }

    /// A mark from its parts.
    public init(
        law: Int, phase: Phase, after: ThreadTag?, cases: Int, changed: Int, startedAt: Instant, finishedAt: Instant?
    ) {
        self.law = law
        self.phase = phase
        self.after = after
        self.cases = cases
        self.changed = changed
        self.startedAt = startedAt
        self.finishedAt = finishedAt
    }
}

/// Rows of one case that came out otherwise when it was judged anew.
public struct RefreshedRows: Hashable, Sendable {
    public let thread: ThreadTag
    /// How many entries the case had when it was judged.
    public let seq: Int
    public let upserting: [ProjectionRow]
    public let removing: [ProjectionKey]

    /// Rows of a case as it stood at `seq`.
    public init(thread: ThreadTag, seq: Int, upserting: [ProjectionRow], removing: [ProjectionKey]) {
        self.thread = thread
        self.seq = seq
        self.upserting = upserting
        self.removing = removing
    }
}

/// Where rows are put that change without an entry of their own thread: the law changed, not the case.
public protocol ReevaluationStore: Sendable {
    /// How far it came; nil if it was never begun in this ledger.
    func reevaluation() async throws(StoreError) -> ReevaluationMark?

    /// The next cases of a phase, in the order of their threads.
    ///
    /// - Parameter since: cases that changed from then on belong to the phase `others` too.
    func casesToReevaluate(
        _ phase: ReevaluationMark.Phase, since: Instant, after: ThreadTag?, limit: Int
    ) async throws(StoreError) -> [ThreadTag]

    /// Several threads whole, in one read. Blocks: for a thread of one's own.
    func entries(ofAll threads: [ThreadTag]) throws(StoreError) -> [ThreadTag: [LoggedEntry]]

    /// Compares the stored rows of several threads with rows computed anew, in one read; threads that agree are left out.
    /// Blocks likewise.
    func differences(
        from rows: [ThreadTag: [ProjectionRow]]
    ) throws(StoreError) -> [ThreadTag: [ProjectionDifference]]

    /// Puts rows in their place and keeps the mark, in one transaction.
    ///
    /// - Returns: cases that moved on since they were judged: their rows are left, and the mark is not kept.
    func refresh(_ cases: [RefreshedRows], mark: ReevaluationMark) async throws(StoreError) -> [ThreadTag]
}
