import Kernel

extension EntryType {
    /// Types of 审查决定.
    static let reviewShapes: [EntryType: Shape] = [
        .expertArgued: Shape(
            "组织专家论证", home: .caseFile,
            plain: ["form": .words(["minutes", "opinion"]), "activity": .id, "document": .id],
            fields: ["experts": .internal, "content": .internal]),
        .discussionScheduled: Shape(
            "提交会议研究", home: .caseFile,
            plain: [:],
            fields: ["agenda": .internal]),
        .discussionHeld: Shape(
            "集体讨论", home: .caseFile,
            plain: ["attendees": .thread, "activity": .id, "document": .id],
            fields: ["views": .internal, "conclusion": .internal]),
        .reviewSubmitted: Shape(
            "送交法制审核", home: .caseFile,
            plain: ["declared": .truth, "declaredBy": .thread],
            fields: ["materials": .internal, "declaration": .internal]),
        .reviewCompleted: Shape(
            "完成法制审核", home: .caseFile,
            plain: [
                "result": .words(["passed", "notPassed", "returned"]), "reviewer": .thread,
                "carrier": .words(["opinion", "approvalForm"]), "signed": .truth,
            ],
            fields: ["opinion": .internal, "suggestions": .internal]),
        .approvalStepped: Shape(
            "内部审批", home: .caseFile,
            plain: [
                "step": .words(["handler", "reviewer", "approver"]), "person": .thread,
                "about": .words(["initiation", "measure", "decision", "service", "execution", "filing", "other"]),
                "result": .words(["passed", "returned"]),
            ],
            fields: ["opinion": .internal, "reason": .internal]),
        .summaryRecorded: Shape(
            "记录简易程序", home: .caseFile,
            plain: ["document": .id, "isDisputeProne": .truth, "accepted": .words(["yes", "partly", "no"])],
            fields: [
                "factBasis": .party, "legalConditions": .party, "steps": .party, "documents": .party,
                "statementDefence": .party, "reviewOfDefence": .internal, "reason": .internal, "other": .party,
            ]),
        .summaryFiled: Shape(
            "简易程序决定备案", home: .caseFile,
            plain: ["filedAt": .number, "filedWith": .words(["bureau", "other"])],
            fields: ["content": .internal]),
        .fineCollected: Shape(
            "收缴罚款", home: .caseFile,
            plain: [
                "way": .words(["bank", "electronic", "onSpot"]),
                "ground": .words(["small", "hardToCollect", "remote"]), "amount": .number, "collectedAt": .number,
            ],
            fields: ["receiptNumber": .party, "course": .party]),
        .fineRemitted: Shape(
            "上缴当场收缴罚款", home: .caseFile,
            plain: ["amount": .number],
            fields: [:]),
        .instalmentApproved: Shape(
            "批准分期缴纳", home: .caseFile,
            plain: [
                "dueDay": .id, "approvedBy": .thread, "decision": .words(["approve", "refuse"]), "document": .id,
            ],
            fields: ["plan": .party]),
        .decisionChanged: Shape(
            "决定变更撤销", home: .caseFile,
            plain: [
                "change": .words(["changed", "revoked", "unlawful", "void", "remade"]), "document": .id,
                "changedDay": .id, "isPenalty": .truth,
            ],
            fields: ["reason": .party]),
    ]
}
