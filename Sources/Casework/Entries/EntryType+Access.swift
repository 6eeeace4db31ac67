import Kernel

extension EntryType {
    /// Types of 查阅复制.
    static let accessShapes: [EntryType: Shape] = [
        .requestMade: Shape(
            "申请查阅复制", home: .request,
            plain: [
                "kind": .words(["consult", "copy", "view", "release"]),
                "applicantKind": .words(["party", "staff", "legalAffairs", "outsideUnit", "public", "supervisor"]),
                "applicantPerson": .thread, "recordings": .thread, "case": .thread, "forWhen": .number,
            ],
            fields: [
                "applicant": .party, "reason": .internal, "matter": .internal, "items": .internal, "purpose": .internal,
            ]),
        .requestChecked: Shape(
            "保密审查", home: .request,
            plain: ["result": .words(["clear", "treated", "refused"]), "checkedBy": .thread],
            fields: ["findings": .internal, "excluded": .internal]),
        .requestDecided: Shape(
            "批准查阅复制", home: .request,
            plain: [
                "decision": .words(["approve", "refuse"]), "approvedBy": .thread,
                "approverRole": .words(Role.allCases.map(\.rawValue)),
            ],
            fields: ["opinion": .internal]),
        .requestFulfilled: Shape(
            "提供查阅复制", home: .request,
            plain: [
                "kind": .words(["consult", "copy", "view", "release"]),
                "recipientKind": .words(["party", "staff", "outsideUnit", "public", "supervisor"]),
                "secrecy": .words(["none", "state", "trade", "privacy"]), "files": .number,
            ],
            fields: ["receipt": .party]),
        .grantGiven: Shape(
            "授权调阅", home: .bureau,
            plain: [
                "person": .thread, "scope": .words(["own", "section", "all"]), "grantedBy": .thread,
                "approverRole": .words(Role.allCases.map(\.rawValue)), "fromDay": .id, "untilDay": .id,
            ],
            fields: ["range": .internal]),
        .grantEnded: Shape(
            "终止授权", home: .bureau,
            plain: ["person": .thread],
            fields: ["reason": .internal]),
        .secrecyMarked: Shape(
            "标明秘密事项", home: .bureau,
            plain: [
                "class": .words(["none", "state", "trade", "privacy"]), "recording": .thread, "document": .id,
                "clearance": .id,
            ],
            fields: ["reason": .internal]),
        .viewingBreached: Shape(
            "查看中私自摄录", home: .bureau,
            plain: ["session": .id, "person": .thread],
            fields: ["facts": .internal]),
    ]
}
