import Kernel

/// A document (文书) of a case from being fixed on; drafts stand outside the ledger.
public struct CaseDocument: Hashable, Sendable {
    public let id: DocumentID
    /// The kind's folder name, for example `site-inspection-record`.
    public let kind: String
    /// The digest of the kind's file when it was fixed.
    public let kindDigest: Digest?
    /// The digest of its template and shared files when it was fixed: both renditions are printed with them.
    public let templateDigest: Digest?
    /// Rendition A.
    public let fixedObject: ObjectID?
    /// The entry that fixed it.
    public let fixedSeq: Int
    public let fixedAt: Instant
    /// Who fixed it.
    public let author: ThreadTag?
    /// The session in which it was made.
    public let activity: ActivityID?
    /// Another document that it serves or supports.
    public let about: DocumentID?
    /// Whether others made it and it came in on paper (外来文书): what is stored is the picture of its sheets.
    public let isOutside: Bool
    /// The form's values; nil once destroyed.
    public let data: JSON?
    /// Pages of rendition A.
    public let fixedPages: Int?
    /// Slots that were dealt with, newest state by slot name.
    public internal(set) var slots: [String: MetSlot] = [:]
    public internal(set) var issue: Issue?
    public internal(set) var voidedAt: Instant?
    /// The later document that corrects it.
    public internal(set) var correction: DocumentCorrection?

    /// Scans of its printed sheets, in the order in which they were filed (扫描归件).
    public internal(set) var scans: [FiledScan] = []
    /// Where its paper was kept, the newest last.
    public internal(set) var places: [PaperPlace] = []

    /// Whether it is void (作废).
    public var isVoid: Bool { voidedAt != nil }
    /// Whether a later document took its place (替代).
    public var isSuperseded: Bool { correction?.manner == .supersedes }
    /// Whether anybody signed it, on screen or on paper; a refusal is dealt with and no signature.
    public var isSigned: Bool {
        slots.values.contains { slot in
            SigningManner(rawValue: slot.manner).map { [.screen, .paper].contains($0) } ?? false
        }
    }
    /// Whether it is a decision on the spot that the party signed for: it was handed over there and then, and no receipt of
    /// service is made of it (行政处罚法第五十二条). Who refused to sign has signed for nothing.
    public var isHandedOver: Bool {
        guard kind == DocumentKindName.summaryDecision, issue != nil, !isVoid else { return false }
        return slots["party"].flatMap { SigningManner(rawValue: $0.manner) }.map { [.screen, .paper].contains($0) }
            ?? false
    }
    /// Whether it is issued and neither void nor superseded.
    public var isInForce: Bool { issue != nil && !isVoid && !isSuperseded }

    /// How a signature slot was met (签名栏).
    public struct MetSlot: Hashable, Sendable {
        /// `screen`, `paper`, `refused` or `unable`.
        public let manner: String
        /// `agree`, `refuse`, `passed`, `returned`, where the slot decides something.
        public let decision: String?
        /// The registered person, if one signed.
        public let by: ThreadTag?
        public let signedAt: Instant
        public let seq: Int
        /// Who signed, as text; nil once destroyed.
        public let name: String?
        /// The scanned sheet.
        public let scan: ObjectID?
        public let opinion: String?
        public let reason: String?
        public let relation: String?
        /// In what capacity somebody signed in the party's place; nil for others, and in entries from before it was asked.
        public let capacity: SignerCapacity?
        /// By what authority an agent signed.
        public let authority: String?
        /// Who read the paper aloud to somebody who cannot sign.
        public let reader: String?
        public let witness: String?
        /// The strokes of a signature drawn on screen: an SVG path.
        public let drawing: String?
        /// Whether the organisation's seal stands on the sheet, as whoever recorded it said.
        public let isSealed: Bool
        /// Whether the document's own code was read on the scanned sheet; nil where nobody looked.
        public let isSheetRead: Bool?
    }

    /// Its number and the stored rendition B.
    public struct Issue: Hashable, Sendable {
        public let at: Instant
        public let seq: Int
        public let year: Int?
        public let number: Int?
        public let numberText: String?
        public let object: ObjectID?
        /// Pages of rendition B.
        public let pages: Int?
    }

    /// Pages of what is filed: rendition B where there is one, else A; nil where an old entry does not say.
    public var pages: Int? { issue?.pages ?? fixedPages }
}
