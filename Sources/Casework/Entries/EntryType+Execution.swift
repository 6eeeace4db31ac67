import Kernel

extension EntryType {
    /// Types of 送达执行.
    static let executionShapes: [EntryType: Shape] = [
        .correctionOrdered: Shape(
            "责令改正", home: .caseFile,
            plain: ["dueDay": .id, "document": .id],
            fields: ["content": .party]),
        .correctionChecked: Shape(
            "核查改正情况", home: .caseFile,
            plain: [
                "result": .words(["corrected", "partly", "notCorrected"]), "checkedAt": .number, "checker": .thread,
                "activity": .id,
            ],
            fields: ["findings": .party]),
        .talkHeld: Shape(
            "约谈", home: .caseFile,
            plain: ["activity": .id, "startAt": .number, "endAt": .number, "document": .id],
            fields: ["persons": .party, "topic": .party, "content": .party]),
        .demandMade: Shape(
            "催告", home: .caseFile,
            plain: ["form": .words(["record", "notice"]), "document": .id, "dueDay": .id, "isUrgent": .truth],
            fields: ["content": .party, "rights": .party]),
        .executionDecided: Shape(
            "作出强制执行决定", home: .caseFile,
            plain: ["document": .id],
            fields: ["content": .party]),
        .executionTaken: Shape(
            "实施强制执行", home: .caseFile,
            plain: [
                "kind": .words([
                    "addedFine", "lateFee", "transfer", "auction", "disposal", "removal", "restoration", "substitute",
                    "other",
                ]), "activity": .id, "document": .id, "amount": .number,
            ],
            fields: ["details": .party, "account": .party, "items": .party, "performer": .party]),
        .courtApplied: Shape(
            "申请法院强制执行", home: .caseFile,
            plain: ["appliedAt": .number, "document": .id],
            fields: ["court": .party, "documents": .internal]),
        .courtRuled: Shape(
            "法院裁定", home: .caseFile,
            plain: ["outcome": .words(["granted", "refused"])],
            fields: ["content": .party]),
        .courtConcluded: Shape(
            "法院执行终结", home: .caseFile,
            plain: ["outcome": .words(["complete", "partly", "none", "closed"])],
            fields: ["course": .internal, "findings": .internal]),
        .remedyOpened: Shape(
            "申请复议或提起诉讼", home: .caseFile,
            plain: [
                "kind": .words(["reconsideration", "litigation", "petition", "objection"]), "stay": .truth,
                "openedAt": .number,
            ],
            fields: ["body": .party, "content": .party]),
        .remedyConcluded: Shape(
            "复议诉讼审结", home: .caseFile,
            plain: ["result": .words(["upheld", "changed", "revoked", "unlawful", "withdrawn", "other"])],
            fields: ["content": .party]),
        .termSuspended: Shape(
            "中止期限", home: .caseFile,
            plain: ["matter": .id],
            fields: ["reason": .internal, "legalBasis": .internal]),
        .termResumed: Shape(
            "恢复期限", home: .caseFile,
            plain: ["matter": .id],
            fields: ["reason": .internal]),
        .termExtended: Shape(
            "延长期限", home: .caseFile,
            plain: ["matter": .id, "untilDay": .id, "approvedBy": .thread],
            fields: ["reason": .internal, "legalBasis": .internal]),
        .termRestarted: Shape(
            "重新计算期限", home: .caseFile,
            plain: ["matter": .id],
            fields: ["reason": .internal]),
    ]
}
