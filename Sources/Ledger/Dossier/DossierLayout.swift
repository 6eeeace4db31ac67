import Kernel

/// Where things stand in a dossier (案卷). docs/formats.md describes each file.
public enum DossierLayout {
    static let declaration = BagPath(unchecked: "bagit.txt")
    static let info = BagPath(unchecked: "bag-info.txt")
    static let manifests = ["manifest-sha256.txt", "manifest-sha512.txt"].map {
        BagPath(unchecked: $0)
    }
    static let tagManifests = ["tagmanifest-sha256.txt", "tagmanifest-sha512.txt"].map {
        BagPath(unchecked: $0)
    }

    /// The list of everything in the dossier, bound to the ledger by the entry of its own export.
    public static let manifest = BagPath(unchecked: "data/dossier.json")
    /// How to check the dossier, for people; made anew by the verifier and compared.
    public static let instructions = BagPath(unchecked: "data/校验说明.txt")
    /// The signed head under which everything is proven.
    public static let checkpoint = BagPath(unchecked: "data/ledger/checkpoint")
    /// The log's verifier key as the dossier claims it.
    public static let key = BagPath(unchecked: "data/ledger/key")
    /// Consistency proofs from heads that were printed on documents.
    public static let heads = BagPath(unchecked: "data/ledger/heads.json")

    /// The directory of one log: each can be read alone by any tool for c2sp.org/tlog-tiles.
    static func folder(of log: Int) -> String { log == 1 ? ledgerPrefix : "\(ledgerPrefix)log-\(log)/" }

    /// The signed head of one log.
    public static func checkpoint(of log: Int) -> BagPath { BagPath(unchecked: "\(folder(of: log))checkpoint") }

    /// The verifier key of one log as the dossier claims it.
    public static func key(of log: Int) -> BagPath { BagPath(unchecked: "\(folder(of: log))key") }

    /// Consistency proofs from heads of one log that were printed on documents.
    public static func heads(of log: Int) -> BagPath { BagPath(unchecked: "\(folder(of: log))heads.json") }

    /// The directory that holds no files but the ledger's own.
    static let ledgerPrefix = "data/ledger/"

    /// An entry: index, salt, skeleton, openings.
    public static func entry(_ thread: ThreadTag, _ seq: Int) -> BagPath {
        place(thread, seq, "json")
    }

    /// The bytes that the tree hashes for an entry.
    public static func leaf(_ thread: ThreadTag, _ seq: Int) -> BagPath { place(thread, seq, "leaf") }

    /// An entry's inclusion proof, in compact dossiers.
    public static func proof(_ thread: ThreadTag, _ seq: Int) -> BagPath {
        place(thread, seq, "tlog-proof")
    }

    /// A tile or bundle of the log, in complete dossiers.
    public static func tile(_ tile: Tile, of log: Int = 1) -> BagPath {
        BagPath(unchecked: "\(folder(of: log))\(tile.description)")
    }

    private static func place(_ thread: ThreadTag, _ seq: Int, _ suffix: String) -> BagPath {
        BagPath(unchecked: "data/ledger/threads/\(thread)/\(Decimal.padded(seq, to: 6)).\(suffix)")
    }
}

/// What the ledger's format knows of the vocabulary of entries: the few types that a verifier must understand.
public enum DossierVocabulary {
    /// A dossier was handed out. `manifest` is the SHA-256 of its `dossier.json`.
    public static let exported = "dossier.exported"
    /// A key came into use. `use` is `log`; the field `vkey` holds the key.
    public static let keyPublished = "key.published"
    /// A later log began after records were lost; `LogSuccession` reads it. The field `previousOrigin` names the log of
    /// the last known head, `previousCheckpoint` holds that head as it was signed.
    public static let logOpened = "log.opened"
    /// A recording belongs to the case. `recording` is its thread.
    public static let recordingLinked = "recording.linked"
    /// The case ended.
    public static let caseEnded = "case.ended"
    /// A document of a `kind` was fixed, met a `slot` in a `manner`, was issued, was served, was corrected by a later one
    /// in a `manner`, became void. `document` is its id in all of them; `printedRoot` is the root that an issued one bears,
    /// `returned` says of a service that it came back, `awaitsConfirmation` that somebody else has to compare it first.
    public static let documentFixed = "document.fixed"
    public static let documentSigned = "document.signed"
    public static let documentIssued = "document.issued"
    public static let documentServed = "document.served"
    public static let documentCorrected = "document.corrected"
    public static let documentVoided = "document.voided"
    /// The entries that hold the digest of a document's file: the text to be signed, the text that was issued.
    public static let renditions: Set<String> = [documentFixed, documentIssued]
    /// The manners of meeting a slot that are signatures; the others are a refusal and its like.
    public static let signatures: Set<String> = ["screen", "paper"]
    /// Somebody compared a service, which the entry refers to in this role: `result` is `passed`, or it was turned down.
    public static let approvalStepped = "approval.stepped"
    public static let comparedService = "service"
    /// Stored bytes were compared with their digests: `result` says what was found of the entries that it refers to in this
    /// role, which hold the digests.
    public static let fixityChecked = "fixity.checked"
    public static let lost = "lost"
    /// The manners of correcting a document: it stays in force beside the later one, or the later one takes its place.
    public static let amends = "amends"
    public static let supersedes = "supersedes"
    /// The kinds of document that go out under a number (`numbering` of their files): one of them that was not issued is
    /// no paper that anybody was given. Every other kind is finished with its signatures, whether it is issued or not.
    ///
    /// A kind that a later program numbers and this one does not know is told by its signatures, which is true as well.
    public static let numberedKinds: Set<String> = [
        "acceptance-record", "added-fine-decision", "advance-registration-notice", "appraisal-commission",
        "case-transfer-letter", "compulsory-execution-decision", "correction-order", "court-enforcement-application",
        "demand-notice", "disposal-decision", "enforcement-decision", "evidence-disposal-notice", "freezing-document",
        "hearing-announcement", "hearing-notice", "non-initiation-notice", "notice-to-produce-evidence",
        "one-time-supplement-notice", "other-execution-document", "penalty-decision", "public-notice",
        "removal-restoration-decision", "rights-notice", "sampling-notice", "sealing-seizure-decision",
        "substitute-performance-decision", "summary-penalty-decision", "transfer-notice",
    ]
    /// The case was filed. `entries` is the number of entries of its thread with this one.
    public static let caseFiled = "case.filed"
    /// The role of a reference by which a disposal names an entry whose openings it destroyed.
    public static let destroys = "destroys"
    /// How the origin of every demonstration begins.
    public static let demoOrigin = "demo.liuhen.invalid/"
}
