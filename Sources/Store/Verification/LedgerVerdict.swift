import Application
import Kernel
import Ledger

/// What a check of a whole ledger found.
public struct LedgerVerdict: Hashable, Sendable {
    /// The logs of the bureau in order.
    public var logs: [LogVerdict] = []
    /// What is wrong; at most `findingLimit`.
    public var findings: [LedgerFinding] = []
    /// How many there are in all.
    public var findingCount = 0
    /// Openings that were read and match.
    public var openings = 0
    /// Fields whose opening was destroyed with authority.
    public var destroyed = 0

    /// What the first entries of later logs say of records that were lost; empty where none ever were.
    public var successions: [LogSuccession] = []
    /// Heads from outside that lie within what was lost: no contradiction, and no proof of what survived.
    public var heldOfLost: [String] = []

    /// How many records the lock file remembers of the log that it names; nil where it was not asked or says nothing.
    public var rememberedSize: Int64?

    /// How many findings are kept.
    public static let findingLimit = 1000

    /// Whether nothing is wrong. It says nothing about how far the ledger is anchored.
    public var isWhole: Bool { findingCount == 0 }

    /// Whether the records are those that were recorded, each in its place. A number that was given twice is wrong, and on
    /// record: no copy of the ledger is without it.
    public var isUnchanged: Bool {
        findingCount == findings.count { finding in if case .number = finding { true } else { false } }
    }

    /// Whether nothing is wrong with the ledger itself: a file from outside that is damaged, or another's, says nothing of it.
    public var isLedgerWhole: Bool {
        findingCount
            == findings.count { finding in
                switch finding {
                case .outside(_, .note), .outside(_, .origin): true
                default: false
                }
            }
    }

    /// The first entry that is wrong, by log and position.
    public var firstWrongEntry: LedgerFinding? {
        findings.filter { $0.entryPosition != nil }.min { left, right in
            (left.entryPosition ?? (0, 0)) < (right.entryPosition ?? (0, 0))
        }
    }
}

extension LedgerFinding {
    /// Whether it is about the lock file.
    public var isOfLock: Bool { if case .lock = self { true } else { false } }

    /// Log and index of the entry that it is about; nil if it is about something else.
    public var entryPosition: (log: Int, index: Int64)? {
        if case .entry(let log, let index, _, _, _) = self { (log, index) } else { nil }
    }
}

/// What a check found of one log.
public struct LogVerdict: Hashable, Sendable {
    /// Which log, from 1.
    public var number: Int
    public var origin: String
    public var verifierKey: String
    /// The size of the newest signed head; all entries below it were checked.
    public var size: Int64
    public var root: Digest
    /// How many signed heads were checked, each with its signature and its root.
    public var heads = 0
    /// The largest size for which a head from outside was given and fits; 0 if none.
    public var checkedSize: Int64 = 0
    /// The largest size that entries say was served in print, handed out or backed up, and fits; 0 if none.
    public var claimedSize: Int64 = 0
    /// When the last anchored and the last entry were recorded.
    public var checkedAt: Instant?
    public var lastAt: Instant?

    /// Records newer than every head that was given from outside: whoever holds disk and key could have changed them.
    public var unanchoredRecords: Int64 { size - checkedSize }
    /// Milliseconds from the last anchored entry to the last entry; nil if nothing is anchored or the log is empty.
    public var unanchoredMilliseconds: Int64? {
        guard let lastAt, let checkedAt else { return nil }
        return max(0, lastAt.milliseconds(since: checkedAt))
    }
}

/// One thing that is wrong with a stored ledger.
public enum LedgerFinding: Hashable, Sendable {
    /// An entry. Thread and seq are as stored; nil if the row is gone.
    case entry(log: Int, index: Int64, thread: ThreadTag?, seq: Int64?, EntryFault)
    /// A stored hash: of the n-th subtree of 2^level leaves.
    case node(log: Int, level: Int, n: Int)
    /// A signed head.
    case head(log: Int, size: Int64, HeadFault)
    /// The stored head of a thread.
    case thread(ThreadTag)
    /// The stored answer of a command.
    case command(CommandID)
    /// A head that was given from outside, by the name it was given under.
    case outside(String, HeadFault)
    /// The log as a whole.
    case log(Int, LogFault)
    /// The ledger is that of this other bureau.
    case bureau(BureauTag)
    /// The ledger is not the newest that the lock file knows of, or there is no lock file to ask.
    case lock(LedgerStartError)
    /// A number of a document (文号) that was given once more.
    case number(NumberTwice)

    /// Where an entry stands.
    public struct Place: Hashable, Sendable {
        public let log: Int
        public let index: Int64
        public let thread: ThreadTag
        public let seq: Int64
    }

    /// One number on two issued documents of one kind and year.
    public struct NumberTwice: Hashable, Sendable {
        /// The kind of the documents, by its name.
        public let kind: String
        public let year: Int
        public let number: Int
        /// How the later one prints it; nil if that is not readable any more.
        public let text: String?
        /// The issue that had it first.
        public let first: Place
        /// A later one.
        public let again: Place
    }

    /// What can be wrong with a log as a whole.
    public enum LogFault: Hashable, Sendable {
        /// The logs before it are not in the file.
        case noneBefore
        /// There are rows of it, and it does not exist.
        case unknown
        /// Its first entry does not name the end of the log before it.
        case succession
        /// Its verifier key is malformed or of another origin.
        case key
        /// It has no signed head.
        case noHead
        /// It has entries after its newest signed head, which is of this size.
        case entriesBeyond(Int64)
        /// It has hashes after its newest signed head, which is of this size.
        case hashesBeyond(Int64)
        /// These entries cannot be read.
        case unreadable(Range<Int64>)
        /// The hashes left of this entry are not those of the entries.
        case edge(Int64)
        /// So many entries are of no stored command.
        case commandless(Int)
        /// The table of entry types says something else than the entries.
        case types
    }

    /// What can be wrong with an entry.
    public enum EntryFault: Hashable, Sendable {
        /// There is no row at this position.
        case missing
        /// Skeleton or salt do not lead to the commitment.
        case content
        /// The columns beside the skeleton say something else than it.
        case columns
        /// The leaf does not lead to the stored leaf hash.
        case leaf
        /// Seq or previous commitment do not follow the thread's entry before.
        case chain
        /// An opening does not match its commitment, or has none.
        case opening(String)
        /// An opening is not of the class that its field has.
        case openingClass(String)
        /// An opening is not there, and no disposal names it.
        case openingMissing(String)
        /// It states a head of this log (printed, handed out or backed up) that never was.
        case claim
    }

    /// What can be wrong with a head.
    public enum HeadFault: Hashable, Sendable {
        /// The note is malformed, not signed by the log's key, or says another size or root.
        case note
        /// The root is not that of the entries.
        case root
        /// It is of a size that the log does not reach.
        case beyond
        /// It is of no log of this bureau.
        case origin
    }
}
