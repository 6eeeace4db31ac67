import Casework
import Kernel
import Ledger

/// The ledger of one bureau with its projections: the one place where state changes.
///
/// Contract. An append is durable before it is answered: entries, leaves, tree hashes, projections and the signed head
/// commit together (`synchronous=FULL`), and the head is in the lock file. Appends are taken in the order in which they
/// arrive; a lone append is never delayed. After a fault of disk or database every later append throws
/// `StoreError.stopped` until the program is started again; reading goes on.
public protocol LedgerStore: Sendable {
    /// The bureau.
    var bureau: BureauTag { get }
    /// The number of the open log, from 1.
    var log: Int { get }
    /// The origin of the open log, for example `demo.liuhen.invalid/log/zhaoxian`.
    var origin: String { get }
    /// The verifier key of the open log.
    var verifierKey: String { get }

    /// Why recording has stopped, in Chinese; nil while it goes on.
    func stopReason() -> String?

    /// Compares the clock as before an append: one that does not fit stops recording now. For whatever is stamped, or counted in
    /// days, without being an entry; afterwards `stopReason` and `clockStop` tell what was found.
    func checkClock() async

    /// What the last whole check found; nil if none was made.
    func lastVerification() -> LastVerification?

    /// Whether the disk has room for recording: false means that the next step is refused as `full`.
    func hasRoom() -> Bool

    /// Both readings, if it is the clock that stopped recording: then an entry `clock.resumed` lets it go on.
    func clockStop() -> ClockStop?

    /// Appends in one transaction, or changes nothing.
    func append(_ request: AppendRequest) async throws(StoreError) -> AppendReceipt

    /// What a command that was already carried out answered; nil if it was not.
    func receipt(of command: CommandID) async throws(StoreError) -> AppendReceipt?

    /// The newest entry of a thread; nil if the thread does not exist.
    func head(of thread: ThreadTag) async throws(StoreError) -> ThreadHead?

    /// A thread from `seq` on, in order, with the openings still present.
    func entries(of thread: ThreadTag, from seq: Int) async throws(StoreError) -> [LoggedEntry]

    /// The bureau's logs in order, each with its newest signed head; the last is the open one. There is more than one only
    /// where records were once lost.
    func logs() async throws(StoreError) -> [LedgerLog]

    /// Entries by position in a log, at most `limit`, from `index` on. For rebuilding and checking.
    func entries(from index: Int64, limit: Int, log: Int) async throws(StoreError) -> [LoggedEntry]

    /// The newest signed head of the open log.
    func signedHead() async throws(StoreError) -> SignedHead

    /// Inclusion proof of the leaf at `index` in the tree of `size` of a log.
    func inclusionProof(of index: Int64, in size: Int64, log: Int) async throws(StoreError) -> [Digest]

    /// Consistency proof between two sizes of a log's tree.
    func consistencyProof(from old: Int64, to new: Int64, log: Int) async throws(StoreError) -> [Digest]

    /// Leaves of a log by position, for bundles and complete dossiers.
    func leaves(from index: Int64, limit: Int, log: Int) async throws(StoreError) -> [Leaf]

    /// Compares the stored rows of one thread with `rows` computed anew: what is missing, what differs, what is extra.
    func compareProjections(
        with rows: [ProjectionRow], of owner: ThreadTag
    ) async throws(StoreError) -> [ProjectionDifference]
}

extension LedgerStore {
    /// Why nothing can begin that the clock stamps without an entry, in the user's words: the clock, looked at now, has
    /// stopped recording. Nil if it may, also where something else has stopped recording.
    public func clockObstacle() async -> String? {
        await checkClock()
        return clockStop() == nil ? nil : stopReason()
    }

    /// Entries by position in the open log.
    public func entries(from index: Int64, limit: Int) async throws(StoreError) -> [LoggedEntry] {
        try await entries(from: index, limit: limit, log: log)
    }

    /// Inclusion proof in the open log.
    public func inclusionProof(of index: Int64, in size: Int64) async throws(StoreError) -> [Digest] {
        try await inclusionProof(of: index, in: size, log: log)
    }

    /// Consistency proof in the open log.
    public func consistencyProof(from old: Int64, to new: Int64) async throws(StoreError) -> [Digest] {
        try await consistencyProof(from: old, to: new, log: log)
    }

    /// Leaves of the open log by position.
    public func leaves(from index: Int64, limit: Int) async throws(StoreError) -> [Leaf] {
        try await leaves(from: index, limit: limit, log: log)
    }
}

/// One of the logs of a bureau.
public struct LedgerLog: Hashable, Sendable {
    /// Which, from 1.
    public let number: Int
    /// Its name.
    public let origin: String
    /// Its verifier key.
    public let verifierKey: String
    /// Its newest signed head.
    public let head: SignedHead

    /// A log.
    public init(number: Int, origin: String, verifierKey: String, head: SignedHead) {
        self.number = number
        self.origin = origin
        self.verifierKey = verifierKey
        self.head = head
    }

    /// The id of its key, as it is printed on paper.
    public var keyID: String { VerifierKey(verifierKey)?.id.description ?? "" }
}

/// What stopped recording when the clock did: how far it was off, what it said then, and what it says now.
public struct ClockStop: Hashable, Sendable {
    /// What is to be said of the clock: as it was when it stopped recording, whatever it says by now.
    public let verdict: ClockRule.Verdict
    /// When the last entry was recorded.
    public let lastEntry: Instant
    /// What the clock said when it stopped recording; nil where that was not kept, or can no longer be read.
    public let stoppedAt: Instant?
    /// What the clock says now.
    public let now: Instant

    /// The readings.
    public init(verdict: ClockRule.Verdict, lastEntry: Instant, stoppedAt: Instant?, now: Instant) {
        self.verdict = verdict
        self.lastEntry = lastEntry
        self.stoppedAt = stoppedAt
        self.now = now
    }
}

/// One step's entries and what follows from them.
public struct AppendRequest: Sendable {
    /// The step; the same id is carried out once.
    public var command: CommandID
    /// Sealed entries in the order in which they go into the log.
    public var entries: [Entry]
    /// Rows to put in the place of rows with the same key.
    public var upserting: [ProjectionRow]
    /// Rows to take away.
    public var removing: [ProjectionKey]
    /// Threads that the rows were also computed from, each with its number of entries: if one has moved on, the request is
    /// refused as stale, since its rows would put back what stood there before.
    public var unmoved: [ThreadTag: Int]
    /// What to answer to the same command if it comes again: canonical JSON.
    public var answer: JSON

    /// A request.
    public init(
        command: CommandID, entries: [Entry], upserting: [ProjectionRow] = [], removing: [ProjectionKey] = [],
        unmoved: [ThreadTag: Int] = [:], answer: JSON = .object([])
    ) {
        self.command = command
        self.entries = entries
        self.upserting = upserting
        self.removing = removing
        self.unmoved = unmoved
        self.answer = answer
    }
}

/// What an append achieved.
public struct AppendReceipt: Hashable, Sendable {
    /// Positions of the entries in the log, in the order of the request.
    public let indices: [Int64]
    /// The size of the tree after the command.
    public let size: Int64
    /// The answer of the request that was carried out.
    public let answer: JSON
    /// Whether this command had been carried out before.
    public let repeated: Bool

    /// A receipt.
    public init(indices: [Int64], size: Int64, answer: JSON, repeated: Bool) {
        self.indices = indices
        self.size = size
        self.answer = answer
        self.repeated = repeated
    }
}

/// The newest entry of a thread.
public struct ThreadHead: Hashable, Sendable {
    /// Its place, which is the number of entries.
    public let seq: Int
    /// Its commitment, the `prev` of the next.
    public let commitment: Digest

    /// A head.
    public init(seq: Int, commitment: Digest) {
        self.seq = seq
        self.commitment = commitment
    }
}

/// An entry with its position in the log.
public struct LoggedEntry: Hashable, Sendable {
    /// Which of the bureau's logs it stands in, from 1. Only after a loss of records is there a second.
    public let log: Int
    /// The leaf's index in that log, from 0.
    public let index: Int64
    /// The entry.
    public let entry: Entry

    /// An entry at a position.
    public init(log: Int = 1, index: Int64, entry: Entry) {
        self.log = log
        self.index = index
        self.entry = entry
    }
}

/// A head as it was signed.
public struct SignedHead: Hashable, Sendable {
    /// The number of leaves.
    public let size: Int64
    /// The root.
    public let root: Digest
    /// The checkpoint: a signed note, UTF-8.
    public let note: [UInt8]

    /// A signed head.
    public init(size: Int64, root: Digest, note: [UInt8]) {
        self.size = size
        self.root = root
        self.note = note
    }
}

/// A stored row that differs from the row computed anew.
public struct ProjectionDifference: Hashable, Sendable {
    /// The row.
    public let key: ProjectionKey
    /// The row as computed; nil if it should not exist.
    public let expected: ProjectionRow?
    /// The row as stored; nil if it is missing.
    public let stored: ProjectionRow?

    /// A difference.
    public init(key: ProjectionKey, expected: ProjectionRow?, stored: ProjectionRow?) {
        self.key = key
        self.expected = expected
        self.stored = stored
    }
}

/// Why the store refuses or fails.
public enum StoreError: Error, Sendable {
    /// The thread has moved on since the step was drawn: nothing was changed. The caller shows what happened.
    case stale(thread: ThreadTag, expected: Int, actual: Int)
    /// An entry was stamped so long before it came to be written that what was recorded meanwhile stands after it; nothing
    /// was changed, and the clock is right. The caller stamps it anew.
    case overtaken(milliseconds: Int64)
    /// A fact that may exist once exists already.
    case taken(ClaimRow.Kind, key: String)
    /// Recording has stopped after a fault; the text says why and what to do (Chinese).
    case stopped(String)
    /// The disk is full or below its reserve; nothing was changed.
    case full
    /// What is stored does not fit together; the text says what (English).
    case damaged(String)
    /// The register says something else of a person than the person's entries; the text says of whom (English).
    case disagreeing(String)
    /// Any other failure of the database; the text is for the log (English).
    case failed(String)
}
