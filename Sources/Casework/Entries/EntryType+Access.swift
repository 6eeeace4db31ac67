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
                "documents": .id,
                "capacity": .words([
                    "self", "representative", "delegate", "lawyer", "interested", "anybody", "court", "procuratorate",
                    "supervisory", "otherOrgan", "superiorOrgan", "colleague",
                ]), "channel": .words(["inPerson", "letter", "online", "officialLetter"]),
                "papers": .words([
                    "idCard", "licence", "powerOfAttorney", "lawyerLicence", "officialLetter", "workPass", "otherPaper",
                ]),
            ],
            fields: [
                "applicant": .party, "identity": .party, "phone": .party, "reason": .internal, "matter": .internal,
                "items": .internal, "purpose": .internal,
            ]),
        .requestChecked: Shape(
            "保密审查", home: .request,
            plain: [
                "result": .words(["clear", "treated", "refused"]), "checkedBy": .thread, "cleared": .id,
                "redacted": .id, "withheld": .id,
                "grounds": .words([
                    "stateSecret", "tradeSecret", "personalPrivacy", "reporterData", "internalMatter", "surveyData",
                    "otherLaw",
                ]),
            ],
            fields: ["findings": .internal, "excluded": .internal]),
        .requestDecided: Shape(
            "批准查阅复制", home: .request,
            plain: [
                "decision": .words(["approve", "refuse"]), "approvedBy": .thread,
                "approverRole": .words(Role.allCases.map(\.rawValue)), "untilDay": .id,
            ],
            fields: ["opinion": .internal, "legalBasis": .internal]),
        .requestFulfilled: Shape(
            "提供查阅复制", home: .request,
            plain: [
                "kind": .words(["consult", "copy", "view", "release"]),
                "recipientKind": .words(["party", "staff", "outsideUnit", "public", "supervisor"]),
                "secrecy": .words(["none", "state", "trade", "privacy"]), "files": .number,
                "objects": .id, "receiptObject": .id, "untilDay": .id,
            ],
            fields: ["receipt": .party, "digests": .party, "receiptDigest": .party]),
        .requestRedacted: Shape(
            "制作遮盖件", home: .request,
            plain: ["item": .id, "object": .id],
            fields: ["copyDigest": .internal, "fileName": .internal, "note": .internal]),
        .requestReceipted: Shape(
            "领取人签收", home: .request,
            plain: ["manner": .words(["signedFor", "postedTo", "unsigned"]), "scan": .id],
            fields: ["recipient": .party, "note": .internal, "scanDigest": .party]),
        .requestHandedOver: Shape(
            "移交查阅、复制申请", home: .request,
            plain: ["handlers": .thread],
            fields: ["reason": .internal]),
        .requestWithdrawn: Shape(
            "撤回查阅复制申请", home: .request,
            plain: [:],
            fields: ["reason": .internal]),
        .requestClosed: Shape(
            "办结查阅复制申请", home: .request,
            plain: [
                "outcome": .words(["provided", "declined", "takenBack", "lapsed"]),
                "toldBy": .words(["spoken", "byLetter", "byTelephone", "onlineReply", "notNeeded"]),
            ],
            fields: ["reason": .internal]),
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
