import Casework

/// The role in which records of a type refer to the record that they answer (`refs` of a timeline).
public struct ReferenceRole: Hashable, Sendable {
    /// The type that refers.
    public let type: EntryType
    /// For documents: the kinds that refer; empty for other types.
    public let kinds: [String]
    /// The role's name.
    public let role: String
    /// What it refers to.
    public let target: EntryType
    /// Whether rules tie records by it. Such a reference is completed where it is left out; others are as written.
    public let isFollowed: Bool

    private init(
        _ type: EntryType, _ role: String, _ target: EntryType, kinds: [String] = [], isFollowed: Bool = true
    ) {
        self.type = type
        self.kinds = kinds
        self.role = role
        self.target = target
        self.isFollowed = isFollowed
    }

    /// Every role: those by which rules tie records, and those that only say for readers what a record answers.
    public static let all: [ReferenceRole] = followed + told

    /// A role that no rule follows.
    private static func told(_ type: EntryType, _ role: String, _ target: EntryType) -> ReferenceRole {
        ReferenceRole(type, role, target, isFollowed: false)
    }

    private static let told: [ReferenceRole] = [
        told(.documentSigned, "fixed", .documentFixed),
        told(.documentIssued, "fixed", .documentFixed),
        told(.documentScanned, "fixed", .documentFixed),
        told(.paperMoved, "fixed", .documentFixed),
        told(.documentVoided, "issued", .documentIssued),
        told(.documentCorrected, "issued", .documentIssued),
        told(.reviewCompleted, "submission", .reviewSubmitted),
        told(.approvalStepped, "draft", .decisionDrafted),
        told(.approvalStepped, "service", .documentServed),
        told(.approvalStepped, "start", .activityBegan),
        told(.approvalStepped, "said", .statementRecorded),
        told(.recorderRepairRequested, "fault", .recorderFaulted),
        told(.violationRectified, "violation", .violationRecorded),
    ]

    private static let followed: [ReferenceRole] = [
        .init(.decisionApproved, "draft", .decisionDrafted),
        .init(.statementReviewed, "statement", .statementRecorded),
        .init(.documentFixed, "statement", .statementRecorded, kinds: ["post-demand-defence-review"]),
        .init(.appraisalReceived, "commission", .appraisalCommissioned),
        .init(.documentFixed, "commission", .appraisalCommissioned, kinds: ["appraisal-opinion"]),
        .init(.preservationDecided, "preservation", .preservationStarted),
        .init(
            .documentFixed, "preservation", .preservationStarted,
            kinds: ["evidence-preservation-record", "advance-registration-notice"]),
        .init(.measureLifted, "measure", .measureTaken),
        .init(.measureExtended, "measure", .measureTaken),
        .init(.recusalDecided, "request", .recusalRequested),
        .init(.correctionChecked, "order", .correctionOrdered),
        .init(.fineRemitted, "collection", .fineCollected),
        .init(.courtRuled, "application", .courtApplied),
        .init(.courtConcluded, "application", .courtApplied),
        .init(.remedyConcluded, "remedy", .remedyOpened),
        .init(.holdPlaced, "proposal", .holdProposed),
        .init(.holdDeclined, "proposal", .holdProposed),
        .init(.holdReleased, "hold", .holdPlaced),
        .init(.recorderRepaired, "fault", .recorderFaulted),
        .init(.grantEnded, "grant", .grantGiven),
        .init(.publicationCorrected, "error", .publicationQuestioned),
        .init(.violationOrdered, "violation", .violationRecorded),
        .init(.violationPunished, "violation", .violationRecorded),
        .init(.violationRectified, "order", .violationOrdered),
    ]

    /// The role in which this record should refer; nil where no rule asks.
    static func of(_ type: EntryType, kind: String?) -> ReferenceRole? {
        followed.first { one in
            one.type == type && (one.kinds.isEmpty || kind.map { one.kinds.contains($0) } ?? false)
        }
    }
}
