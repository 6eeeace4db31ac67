import Kernel

/// The word of the reviewer in the drafting unit on one draft (起草机构审查; zhaoxian-2017:15).
public struct UnitReview: Hashable, Sendable {
    /// Whether the draft goes on to the legal review; else it went back to the drafter.
    public let isPassed: Bool
    /// Who reviewed it.
    public let by: ThreadTag?
    public let seq: Int
    public let at: Instant
    /// What the reviewer said; nil once destroyed.
    public let opinion: String?

    /// The word in a record of the internal chain; nil where the record is no word on this draft.
    init?(_ record: Record, on drafting: Drafting) {
        guard record.type == .approvalStepped, record.word("step") == "reviewer",
            let result = record.word("result"),
            record.references.contains(where: { $0.role == "draft" && $0.seq == drafting.seq })
        else { return nil }
        isPassed = result == "passed"
        by = record.thread("person") ?? record.actor
        seq = record.seq
        at = record.happenedAt
        opinion = record.text("opinion")
    }
}

extension Case {
    /// Whether the newest draft waits for the word of the reviewer whom it names.
    public var awaitsUnitReview: Bool {
        drafting != nil && approval == nil && unitReview == nil && !isUnitReviewOnPaper && ending == nil
    }

    /// Whether the newest draft passed in the drafting unit: by the reviewer's own word, or by their signature on a
    /// drafting record that was made for it.
    public var isUnitReviewPassed: Bool { unitReview?.isPassed == true || unitReview == nil && isUnitReviewOnPaper }

    /// Whether the reviewer of the unit agreed on a drafting record that was fixed after the newest draft.
    private var isUnitReviewOnPaper: Bool {
        guard let drafting, let record = document(ofKind: DocumentKindName.draftingRecord) else { return false }
        return record.fixedSeq > drafting.seq
            && record.slots["unitReviewer"]?.decision == SigningDecision.agree.rawValue
    }

    /// What the legal reviewers said of the newest draft, the last word last.
    public var legalWords: [LegalWord] {
        guard let drafting else { return [] }
        let signed = documents.compactMap { document -> LegalWord? in
            guard document.kind == DocumentKindName.legalReview, !document.isVoid, !document.isSuperseded,
                document.fixedSeq > drafting.seq, let slot = document.slots["reviewer"]
            else { return nil }
            return LegalWord(
                isPassed: slot.decision == "passed", by: slot.by, seq: slot.seq, at: slot.signedAt,
                opinion: slot.opinion, document: document.id)
        }
        return (signed + recordedLegalWords).sorted { $0.seq < $1.seq }
    }
}

/// What a legal reviewer said of a draft (法制审查), in a document of its own or as a record.
public struct LegalWord: Hashable, Sendable {
    public let isPassed: Bool
    public let by: ThreadTag?
    public let seq: Int
    public let at: Instant
    /// What was said; nil once destroyed.
    public let opinion: String?
    /// The review record that says it; nil where it was recorded without one.
    public let document: DocumentID?

    init(isPassed: Bool, by: ThreadTag?, seq: Int, at: Instant, opinion: String?, document: DocumentID?) {
        self.isPassed = isPassed
        self.by = by
        self.seq = seq
        self.at = at
        self.opinion = opinion
        self.document = document
    }

    init(completed record: Record) {
        self.init(
            isPassed: record.word("result") == "passed", by: record.thread("reviewer") ?? record.actor,
            seq: record.seq, at: record.happenedAt, opinion: record.text("opinion"), document: nil)
    }
}
