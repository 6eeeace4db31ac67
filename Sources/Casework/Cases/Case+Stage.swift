import Kernel

extension Case {
    /// The newest document of a kind that is neither void nor superseded, nor taken back to be made anew.
    public func document(ofKind kind: String) -> CaseDocument? {
        documents.last { $0.kind == kind && !$0.isVoid && !$0.isSuperseded && !remade.contains($0.id) }
    }

    /// A document by id.
    public func document(_ id: DocumentID) -> CaseDocument? {
        documents.first { $0.id == id }
    }

    /// The stage of zhaoxian-2017:3, told by what has been done.
    ///
    /// An inspection has no approval form of its own, so it begins in the stage of investigation.
    public var stage: Stage {
        if ending != nil || isFiled { return .filing }
        if kind == .inspection { return .investigation }
        if decision != nil { return .execution }
        // The summary procedure starts and is decided on the spot (zhaoxian-2017:21): no approval comes before it.
        if procedure == .summary { return .investigation }
        if drafting != nil { return .decision }
        return isStartApproved || isEmergency ? .investigation : .initiation
    }

    /// The penalty decision in force, of either procedure.
    public var decision: CaseDocument? {
        documents.last {
            $0.isInForce && !remade.contains($0.id)
                && CaseDocument.decidedOutcome(kind: $0.kind, data: $0.data ?? .object([])) == .penalty
        }
    }

    /// What decides the case and stands (of the penalty, that there is none, that the case is withdrawn): a case has one.
    public var standingDecision: CaseDocument? {
        documents.last { $0.isCaseDecision && $0.isInForce && !remade.contains($0.id) }
    }

    /// Whether a document was served in a way that reached its recipient: by a service that is recorded, or handed over on
    /// the spot.
    public func isServed(_ document: DocumentID) -> Bool {
        services.contains { $0.document == document && !$0.isReturned }
            || self.document(document).map(\.isHandedOver) == true
    }

    /// Whether the agency head has agreed on the form (zhaoxian-2017:8): by default the bureau head is also the department
    /// head who approves the start (obligations 4, no. 19).
    public var isStartApproved: Bool {
        documents.contains { document in
            document.kind == DocumentKindName.initiationApproval && !document.isVoid
                && document.slots["agencyHead"]?.decision == "agree"
        }
    }

    /// Whether the last word of a legal review passed the newest draft: a review made before the draft does not count.
    public var isReviewPassed: Bool { legalWords.last?.isPassed == true }

    /// Open, ended or filed.
    public var state: CaseRow.State {
        if isFiled { return .filed }
        return ending == nil ? .open : .ended
    }
}

/// Names of the document kinds that steps of a case speak of by name; all else about a kind is data.
public enum DocumentKindName {
    /// 程序启动审批表
    public static let initiationApproval = "procedure-initiation-approval"
    /// 现场检查笔录
    public static let siteInspection = "site-inspection-record"
    /// 权利告知书
    public static let rightsNotice = "rights-notice"
    /// 法制审查记录
    public static let legalReview = "legal-review-record"
    /// 草拟记录
    public static let draftingRecord = "decision-drafting-record"
    /// 负责人审批记录
    public static let headApproval = "head-approval-record"
    /// 行政处罚决定书
    public static let penaltyDecision = "penalty-decision"
    /// 当场行政处罚决定书
    public static let summaryDecision = "summary-penalty-decision"
    /// Papers of the summary procedure alone: the decision on the spot, its record, its filing.
    public static let ofSummary: Set<String> = [summaryDecision, "summary-procedure-record", "summary-decision-filing"]
    /// 案件移送函
    public static let caseTransfer = "case-transfer-letter"
    /// 行政执法决定书
    public static let enforcementDecision = "enforcement-decision"
    /// 送达回证
    public static let serviceReceipt = "service-receipt"
}

extension Case {
    /// Persons who investigated or drafted: handlers now and before, officers of activities, drafters, authors of documents.
    ///
    /// Neither the legal reviewer nor the approver may be one of them (invariant 8; obligations 4, no. 21).
    public var investigators: Set<ThreadTag> {
        var persons = Set(handlers).union(formerHandlers)
        for activity in activities { persons.formUnion(activity.officers) }
        if let drafting { persons.formUnion([drafting.drafter, drafting.unitReviewer]) }
        for document in documents where document.kind != DocumentKindName.legalReview {
            if let author = document.author { persons.insert(author) }
        }
        return persons
    }

    /// Persons who reviewed the case's legality.
    public var legalReviewers: Set<ThreadTag> {
        Set(documents.filter { $0.kind == DocumentKindName.legalReview }.compactMap { $0.slots["reviewer"]?.by })
            .union(recordedLegalWords.compactMap(\.by))
    }
}
