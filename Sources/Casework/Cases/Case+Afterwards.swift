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
        switch (record.type, record.word("change") ?? record.word("result")) {
        case (.decisionChanged, "revoked"), (.decisionChanged, "void"), (.decisionChanged, "remade"),
            (.remedyConcluded, "revoked"):
            isUndone = true
        default: break
        }
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
