import Kernel

extension CaseDocument {
    /// Whether it decides a penalty case: of the penalty, that there is none, or that the case is withdrawn.
    public var isCaseDecision: Bool { CaseDocument.decidedOutcome(kind: kind, data: data ?? .object([])) != nil }

    /// What a document of this kind decides in a penalty case; nil if it is no such decision.
    public static func decidedOutcome(kind: String, data: JSON) -> Drafting.Outcome? {
        switch kind {
        case DocumentKindName.penaltyDecision, DocumentKindName.summaryDecision: .penalty
        case DocumentKindName.enforcementDecision:
            switch data["decisionKind"]?.string {
            case "penalty": .penalty
            case "noPenalty": .noPenalty
            case "withdrawal": .withdraw
            default: nil
            }
        default: nil
        }
    }
}
