import Kernel

extension EntryType {
    /// Types of 调查取证.
    static let investigationShapes: [EntryType: Shape] = [
        .identityShown: Shape(
            "出示执法证件", home: .caseFile,
            plain: [
                "activity": .id, "document": .id, "certificateKind": .words(["statistics", "administrative"]),
                "worn": .truth, "shownAt": .number, "officers": .thread,
            ],
            fields: [:]),
        .rightsNotified: Shape(
            "告知权利事项", home: .caseFile,
            plain: [
                "rights": .words(["statement", "defence", "recusal", "hearing", "remedies", "duties"]),
                "carrier": .words(["notice", "transcript", "coerciveRecord", "oral"]),
                "recipient": .words(["party", "interested"]),
                "phase": .words(["activity", "beforeDecision", "afterDemand"]), "activity": .id, "document": .id,
                "notifiedAt": .number,
            ],
            fields: ["way": .party, "matter": .party, "basis": .party, "name": .party]),
        .interestedNamed: Shape(
            "确定利害关系人", home: .caseFile,
            plain: ["subject": .thread],
            fields: ["name": .party]),
        .noncooperationRecorded: Shape(
            "记录不配合情况", home: .caseFile,
            plain: [
                "conduct": .words(["refuse", "evade", "obstruct", "abuse", "insult", "assault", "other"]),
                "activity": .id, "occurredAt": .number, "officer": .thread,
            ],
            fields: ["person": .party, "facts": .party]),
        .unlawfulFound: Shape(
            "现场发现违法行为", home: .caseFile,
            plain: ["activity": .id, "foundAt": .number],
            fields: ["conduct": .party]),
        .preservationStarted: Shape(
            "采取证据保全", home: .caseFile,
            plain: [
                "forms": .words(["registration", "copy", "av", "appraisal", "survey", "interview", "other"]),
                "approvedBy": .thread, "activity": .id, "documents": .id,
            ],
            fields: ["reason": .party, "objects": .party]),
        .preservationDecided: Shape(
            "处理保全的证据", home: .caseFile,
            plain: ["outcome": .words(["returned", "seized", "released", "appraised", "other"])],
            fields: ["reason": .party]),
        .measureTaken: Shape(
            "采取强制措施", home: .caseFile,
            plain: [
                "kind": .words(["seal", "seize", "freeze", "restrictFreedom", "other"]), "activity": .id,
                "document": .id, "untilDay": .id, "approvedBy": .thread,
            ],
            fields: ["target": .party, "place": .party, "legalBasis": .internal]),
        .measureExtended: Shape(
            "延长强制措施", home: .caseFile,
            plain: ["untilDay": .id, "approvedBy": .thread],
            fields: ["reason": .party]),
        .measureLifted: Shape(
            "解除强制措施", home: .caseFile,
            plain: [:],
            fields: ["reason": .party]),
        .recusalRequested: Shape(
            "申请回避", home: .caseFile,
            plain: ["officer": .thread],
            fields: ["reason": .party]),
        .recusalDecided: Shape(
            "决定回避", home: .caseFile,
            plain: ["decision": .words(["approve", "refuse"]), "approvedBy": .thread],
            fields: ["reason": .internal]),
        .submissionReceived: Shape(
            "收到当事人材料", home: .caseFile,
            plain: [
                "kind": .words(["statement", "defence", "waiver", "evidence", "other"]), "kept": .truth, "object": .id,
                "document": .id, "receivedAt": .number,
            ],
            fields: ["content": .party]),
        .hearingRequested: Shape(
            "要求听证", home: .caseFile,
            plain: ["requestedAt": .number, "document": .id],
            fields: ["name": .party]),
        .hearingHeld: Shape(
            "举行听证", home: .caseFile,
            plain: [
                "activity": .id, "host": .thread, "isPublic": .truth,
                "secrecy": .words(["none", "state", "trade", "privacy"]), "document": .id,
            ],
            fields: ["participants": .party]),
        .appraisalCommissioned: Shape(
            "委托检验鉴定", home: .caseFile,
            plain: ["kind": .words(["test", "detection", "quarantine", "appraisal", "assessment"]), "document": .id],
            fields: ["body": .party, "matter": .party]),
        .appraisalReceived: Shape(
            "收到检验鉴定结果", home: .caseFile,
            plain: ["document": .id],
            fields: ["opinion": .party, "body": .party]),
        .appraisalUsed: Shape(
            "采用检验鉴定结果", home: .caseFile,
            plain: [:],
            fields: ["note": .internal]),
        .investigationOther: Shape(
            "其他调查方式", home: .caseFile,
            plain: [:],
            fields: ["method": .party, "legalBasis": .party, "content": .party]),
    ]
}
