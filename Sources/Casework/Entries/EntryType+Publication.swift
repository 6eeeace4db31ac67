import Kernel

extension EntryType {
    /// Types of 公示.
    static let publicationShapes: [EntryType: Shape] = [
        .publicationPrepared: Shape(
            "拟公示", home: .publication,
            plain: [
                "kind": .words(publicationKinds), "document": .id, "case": .thread, "isPenalty": .truth,
                "decidedDay": .id,
                "platforms": .words(["portal", "provincialService", "cityGovernment", "serviceSite"]),
            ],
            fields: [
                "title": .party, "body": .party, "subject": .party, "category": .party, "conclusion": .party,
                "content": .party,
            ]),
        .publicationChecked: Shape(
            "公示前审查", home: .publication,
            plain: ["result": .words(["clear", "treated", "refused"]), "checkedBy": .thread],
            fields: ["redactions": .internal]),
        .publicationMade: Shape(
            "公示", home: .publication,
            plain: [
                "platform": .words(["portal", "provincialService", "cityGovernment", "serviceSite"]),
                "kind": .words(publicationKinds), "document": .id, "fullText": .truth, "hasTreatment": .truth,
                "version": .number, "publishedAt": .number, "period": .id,
            ],
            fields: ["address": .party]),
        .publicationQuestioned: Shape(
            "发现公示错误", home: .publication,
            plain: ["foundAt": .number],
            fields: ["wrong": .party]),
        .publicationCorrected: Shape(
            "更正公示", home: .publication,
            plain: ["correctedAt": .number],
            fields: ["corrected": .party]),
        .publicationWithdrawn: Shape(
            "撤下公示", home: .publication,
            plain: [
                "platform": .words(["portal", "provincialService", "cityGovernment", "serviceSite", "all"]),
                "ground": .words(["revoked", "unlawful", "remade", "changed", "void", "expired", "other"]),
                "withdrawnAt": .number, "document": .id,
            ],
            fields: ["lateReason": .internal, "publicReason": .party]),
        .publicationUpdated: Shape(
            "更新公示", home: .publication,
            plain: ["version": .number],
            fields: ["reason": .internal]),
    ]
}
