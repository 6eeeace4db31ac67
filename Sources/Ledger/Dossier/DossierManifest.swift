import Kernel

/// For whom a dossier is (用途).
public enum DossierAudience: String, Hashable, Sendable, CaseIterable {
    /// The archive (档案馆): everything.
    case archive
    /// A court (法院).
    case court
    /// A party (当事人).
    case party
}

/// How much of the log a dossier carries.
public enum DossierMode: String, Hashable, Sendable, CaseIterable {
    /// A proof for each entry: these are in the log.
    case compact
    /// All leaves of the log, blind: these are all there are.
    case complete
}

/// An entry by its place.
public struct EntryPlace: Hashable, Sendable, Comparable {
    /// The thread.
    public let thread: ThreadTag
    /// The place in the thread, from 1.
    public let seq: Int

    /// A place.
    public init(thread: ThreadTag, seq: Int) {
        self.thread = thread
        self.seq = seq
    }

    /// Order of threads, then of places.
    public static func < (left: EntryPlace, right: EntryPlace) -> Bool {
        (left.thread, left.seq) < (right.thread, right.seq)
    }
}

/// A field of an entry.
public struct FieldPlace: Hashable, Sendable, Comparable {
    /// The entry.
    public let entry: EntryPlace
    /// The field's name.
    public let field: String

    /// A field of an entry.
    public init(entry: EntryPlace, field: String) {
        self.entry = entry
        self.field = field
    }

    /// Order of entries, then of names.
    public static func < (left: FieldPlace, right: FieldPlace) -> Bool {
        (left.entry, left.field) < (right.entry, right.field)
    }
}

/// What a dossier consists of: `data/dossier.json`, canonical JSON.
///
/// Its SHA-256 stands in the entry of the dossier's own export, the last of the case's thread. Whatever it names is
/// thereby bound to the ledger: nobody can leave a file out, add a ground or swap a title without another ledger.
public struct DossierManifest: Hashable, Sendable {
    /// The name of the bureau's first log.
    public var origin: String
    /// The bureau.
    public var bureau: BureauTag
    /// The case's thread.
    public var caseThread: ThreadTag
    /// For whom it is.
    public var audience: DossierAudience
    /// How much of the log it carries.
    public var mode: DossierMode
    /// Threads that are in whole, 1 to `head`; the case's head is the entry of the export.
    public var threads: [WholeThread]
    /// Single entries of other threads.
    public var entries: [EntryPlace]
    /// The field that holds the first log's verifier key, in an entry `key.published`.
    public var logKey: FieldPlace
    /// The bureau's later logs, in order. There are some only where records were once lost (format v2).
    public var laterLogs: [Log]
    /// Files that are not the ledger's own.
    public var files: [File]
    /// What was left out for this reader, with the ground.
    public var withheld: [Withheld]
    /// Values that a disposal destroyed, with the entry of the disposal.
    public var destroyed: [Destroyed]
    /// Heads that were printed on documents; `heads.json` has the proofs.
    public var heads: [Head]

    /// Files that stay out because their originals are lost.
    public var lostOriginals: [Withheld] {
        withheld.filter { $0.what == .file && LostOriginal(ground: $0.ground) != nil }
    }

    /// One of the bureau's logs.
    public struct Log: Hashable, Sendable {
        /// Which, from 1.
        public let number: Int
        /// Its name.
        public let origin: String
        /// The field that holds its verifier key, in an entry `key.published` of this log.
        public let key: FieldPlace

        /// A log.
        public init(number: Int, origin: String, key: FieldPlace) {
            self.number = number
            self.origin = origin
            self.key = key
        }
    }

    /// Every log of the bureau, from the first on.
    public var logs: [Log] { [Log(number: 1, origin: origin, key: logKey)] + laterLogs }

    /// A thread that is in whole.
    public struct WholeThread: Hashable, Sendable {
        /// The thread.
        public let thread: ThreadTag
        /// The last place that is in.
        public let head: Int

        /// A thread from 1 to `head`.
        public init(thread: ThreadTag, head: Int) {
            self.thread = thread
            self.head = head
        }
    }

    /// A file.
    public struct File: Hashable, Sendable {
        /// Where it stands, beginning with `data/`.
        public let path: BagPath
        /// What it is.
        public let kind: Kind
        /// Its name for people, for example 立案审批表.
        public let title: String
        /// Its length in bytes.
        public let size: Int
        /// Its SHA-256.
        public let sha256: Digest
        /// The field whose opening holds the digest; nil for pages that were made for the dossier.
        public let source: FieldPlace?

        /// What a file is.
        public enum Kind: String, Hashable, Sendable, CaseIterable {
            /// A document as it was issued or shown (文书).
            case document
            /// A scan of signed paper (扫描件).
            case scan
            /// An audio or video recording or a picture (音像资料).
            case recording
            /// Any other evidence (其他材料).
            case other
            /// Made for the dossier: catalogue (卷内目录), closing sheet (备考表).
            case page
        }

        /// A file.
        public init(
            path: BagPath, kind: Kind, title: String, size: Int, sha256: Digest, source: FieldPlace?
        ) {
            self.path = path
            self.kind = kind
            self.title = title
            self.size = size
            self.sha256 = sha256
            self.source = source
        }
    }

    /// Something left out.
    public struct Withheld: Hashable, Sendable {
        /// The field, or the field that holds the file's digest.
        public let place: FieldPlace
        /// What was left out.
        public let what: What
        /// Why, in Chinese, for the reader.
        public let ground: String

        /// What was left out.
        public enum What: String, Hashable, Sendable, CaseIterable {
            /// The opening of a field.
            case field
            /// The file whose digest the field holds.
            case file
        }

        /// Something left out, with its ground.
        public init(place: FieldPlace, what: What, ground: String) {
            self.place = place
            self.what = what
            self.ground = ground
        }
    }

    /// A value that a disposal destroyed.
    public struct Destroyed: Hashable, Sendable {
        /// The field.
        public let place: FieldPlace
        /// The entry of the disposal, which names the entry with the role `destroys`.
        public let authority: EntryPlace

        /// A destroyed value.
        public init(place: FieldPlace, authority: EntryPlace) {
            self.place = place
            self.authority = authority
        }
    }

    /// A head by size and root.
    public struct Head: Hashable, Sendable {
        /// Which log, from 1.
        public let log: Int
        /// The number of leaves.
        public let size: Int
        /// The root.
        public let root: Digest

        /// A head.
        public init(log: Int = 1, size: Int, root: Digest) {
            self.log = log
            self.size = size
            self.root = root
        }
    }

    /// A manifest from its parts; lists are put in their order.
    public init(
        origin: String, bureau: BureauTag, caseThread: ThreadTag, audience: DossierAudience,
        mode: DossierMode,
        threads: [WholeThread], entries: [EntryPlace], logKey: FieldPlace, laterLogs: [Log] = [], files: [File],
        withheld: [Withheld] = [],
        destroyed: [Destroyed] = [], heads: [Head] = []
    ) {
        self.origin = origin
        self.bureau = bureau
        self.caseThread = caseThread
        self.audience = audience
        self.mode = mode
        self.threads = threads.sorted { $0.thread < $1.thread }
        self.entries = entries.sorted()
        self.logKey = logKey
        self.laterLogs = laterLogs.sorted { $0.number < $1.number }
        self.files = files.sorted { $0.path < $1.path }
        self.withheld = withheld.sorted { ($0.place, $0.what.rawValue) < ($1.place, $1.what.rawValue) }
        self.destroyed = destroyed.sorted { $0.place < $1.place }
        self.heads = heads.sorted { ($0.log, $0.size, $0.root) < ($1.log, $1.size, $1.root) }
    }

    /// The head of the case's thread: the entry of the export.
    public var exportPlace: EntryPlace? {
        threads.first { $0.thread == caseThread }.map { EntryPlace(thread: caseThread, seq: $0.head) }
    }

    /// Every entry that the dossier holds, in order.
    public var places: [EntryPlace] {
        (threads.flatMap { whole in (1...whole.head).map { EntryPlace(thread: whole.thread, seq: $0) } }
            + entries)
            .sorted()
    }

    /// Whether this is a demonstration, which its origin says.
    public var isDemo: Bool { origin.utf8.starts(with: DossierVocabulary.demoOrigin.utf8) }
}
