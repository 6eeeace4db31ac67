import Kernel

extension Case {
    /// Whether the act is over: it ended, or its file was closed.
    public var isOver: Bool { ending != nil || isFiled }

    /// Whether an entry of the case's own thread was recorded after the act had ended.
    public func isAfterEnd(_ seq: Int) -> Bool { ending.map { seq > $0.seq } ?? false }

    /// Whether an entry of the case's own thread came after its file was closed (归档以后补充).
    public func isSupplement(_ seq: Int) -> Bool { filedSeq.map { seq > $0 } ?? false }

    /// Papers that were fixed after the end and can be served: issued, and standing. The sheets of the file are served to
    /// nobody, and go out in nobody's name.
    public var issuedAfterEnd: [CaseDocument] {
        documents.filter { $0.isInForce && isAfterEnd($0.fixedSeq) && DocumentKindName.afterwards.contains($0.kind) }
    }

    /// Whether the decision on the penalty stands and is not performed in full.
    public var isOwed: Bool { decision != nil && !isUndone && performance?.status != "complete" }

    /// What an act that is over may still be changed by: a remedy that somebody sought, or a change of its decision.
    mutating func applyRemedy(_ record: Record) {
        isContested = true
        // A change names the decision that it changes; one of another sort than on the penalty leaves that where it is.
        let named = record.type == .decisionChanged ? record.word("document").flatMap { DocumentID($0) } : nil
        if let named = named.flatMap(document), !named.isCaseDecision { return }
        switch (record.type, record.word("change") ?? record.word("result")) {
        case (.decisionChanged, "remade") where kind == .penalty && procedure == .general && !isOver: decideAnew()
        case (.decisionChanged, "revoked"), (.decisionChanged, "void"), (.decisionChanged, "remade"),
            (.remedyConcluded, "revoked"):
            isUndone = true
        default: break
        }
    }

    /// The case goes back to its draft (行政复议法第六十四条; 行政诉讼法第七十条): what was decided, approved and paid on the former
    /// decision says nothing of the next.
    private mutating func decideAnew() {
        remade.formUnion(documents.filter { $0.isCaseDecision && $0.issue != nil }.map(\.id))
        isUndone = false
        (drafting, unitReview, approval, recordedLegalWords) = (nil, nil, nil, [])
        (performance, heldPerformances) = (nil, [])
        awaited.removeAll { $0.type == .performanceRecorded }
    }
}

extension DocumentKindName {
    /// Papers that may be drawn up after the end, where a remedy or a change of the decision is on record (ADR 0053): a
    /// decision that withdraws or eases the first, its approval, what serves it, and what tells of correction and
    /// performance.
    public static let afterwards: Set<String> = [
        enforcementDecision, headApproval, serviceReceipt, "correction-check-record", "electronic-service-consent",
        "electronic-service-proof", "fax-annotation", "mailing-register", "performance-record",
        "public-notice", "public-notice-course-record", "refusal-to-sign-note", "returned-mail-record",
    ]
}
