import Kernel

/// What a reader has from elsewhere to check a dossier against. Nothing in the dossier can take its place.
public struct DossierTrust: Sendable {
    /// Verifier keys. One is enough unless the bureau has several logs and the reader knows only the older ones.
    public var keys: [VerifierKey]
    /// Roots, typed from paper.
    public var roots: [Digest]
    /// The size that stands beside the root on paper: without it nobody can tell that a root belongs to records that were
    /// lost.
    public var size: Int?
    /// Signed checkpoints that were kept.
    public var checkpoints: [[UInt8]]

    /// A trust root; without any, a dossier can at best be whole in itself.
    public init(key: VerifierKey? = nil, root: Digest? = nil, size: Int? = nil, checkpoints: [[UInt8]] = []) {
        keys = key.map { [$0] } ?? []
        roots = root.map { [$0] } ?? []
        self.size = size
        self.checkpoints = checkpoints
    }
}

/// What can be said of a dossier (校验结论).
public struct DossierVerdict: Sendable {
    /// The conclusion.
    public enum Outcome: Int32, Hashable, Sendable {
        /// Whole, and fits the trust root from outside.
        case accepted = 0
        /// At least one reason speaks against it.
        case refused = 1
        /// Whole in itself; who signed it has not been confirmed from outside.
        case unconfirmed = 3
    }

    /// The conclusion.
    public let outcome: Outcome
    /// Why it is refused; empty otherwise.
    public let reasons: [DossierReason]
    /// What was found; nil where the dossier did not even say what it is.
    public let facts: Facts?

    /// What was found. All of it is only a claim if the dossier is refused.
    public struct Facts: Sendable {
        /// What the dossier lists.
        public let manifest: DossierManifest
        /// How far the case had come, and what became of its papers.
        public let standing: DossierStanding
        /// The logs in order; more than one only where records were once lost.
        public let logs: [Log]
        /// The losses of records after which the later logs began.
        public let gaps: [DossierGap]
        /// The head of the newest log.
        public let head: Checkpoint
        /// The key that its signature fits.
        public let key: VerifierKey
        /// When the dossier was handed out, by the bureau's clock.
        public let exportedAt: Instant
        /// How many entries were proven.
        public let entries: Int
        /// How many fields fit their commitments.
        public let fieldsMatching: Int
        /// How many fields were left out with a ground.
        public let fieldsWithheld: Int
        /// How many fields were destroyed with authority.
        public let fieldsDestroyed: Int
        /// How far a root from outside reaches in the newest log: the number of entries; nil without one.
        public let anchoredSize: Int?
        /// Entries of the dossier that stand behind the anchored parts.
        public let entriesBeyondAnchor: Int
        /// From the last anchored entry of the dossier to the last one, in milliseconds of the bureau's clock.
        public let timeBeyondAnchor: Int64
        /// Complete dossiers: entries that came into its threads after the heads that the dossier names.
        public let laterEntries: Int

        /// What the files are that stay out because their originals are lost, by the entry that holds the digest.
        public let lostNames: [EntryPlace: String]

        /// One of the logs.
        public struct Log: Sendable {
            /// Which, from 1.
            public let number: Int
            /// The head under which its entries were proven.
            public let head: Checkpoint
            /// The key that its signature fits.
            public let key: VerifierKey
            /// How far what was given from outside reaches, directly or through a later log; nil without any.
            public let anchoredSize: Int?
            /// Whether the head is vouched for from outside.
            public let isConfirmed: Bool
        }
    }
}
