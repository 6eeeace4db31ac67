import Kernel

/// What a reader has from elsewhere to check a dossier against. Nothing in the dossier can take its place.
public struct DossierTrust: Sendable {
    /// The log's verifier key.
    public var key: VerifierKey?
    /// A root, typed from paper.
    public var root: Digest?

    /// A trust root; without any, a dossier can at best be whole in itself.
    public init(key: VerifierKey? = nil, root: Digest? = nil) {
        self.key = key
        self.root = root
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
        /// The head under which everything was proven.
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
        /// How far a root from outside reaches: the number of entries of the log; nil without one.
        public let anchoredSize: Int?
        /// Entries of the dossier that stand behind the anchored part.
        public let entriesBeyondAnchor: Int
        /// From the last anchored entry of the dossier to the last one, in milliseconds of the bureau's clock.
        public let timeBeyondAnchor: Int64
        /// Complete dossiers: entries that came into its threads after the heads that the dossier names.
        public let laterEntries: Int
    }
}
