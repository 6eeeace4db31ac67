import Kernel

extension EntryType {
    /// Types of 线索、申请、抽取.
    static let leadsShapes: [EntryType: Shape] = [
        .leadReceived: Shape(
            "收到投诉举报", home: .lead,
            plain: [
                "channel": .words(["material", "telephone", "letter", "web", "visit", "transfer"]),
                "isRealName": .truth, "receivedAt": .number,
            ],
            fields: ["content": .reporter, "complainant": .reporter, "target": .party]),
        .leadAccepted: Shape(
            "受理投诉举报", home: .lead,
            plain: ["outcome": .words(["accepted", "notAccepted"])],
            fields: ["reason": .internal]),
        .leadReported: Shape(
            "报告投诉举报", home: .lead,
            plain: [:],
            fields: ["to": .internal]),
        .leadVerified: Shape(
            "核实投诉举报", home: .lead,
            plain: ["result": .words(["confirmed", "partly", "unfounded", "undetermined"])],
            fields: ["findings": .internal]),
        .leadReviewed: Shape(
            "审查投诉举报", home: .lead,
            plain: ["result": .words(["pursue", "notPursued", "transferred"])],
            fields: ["reason": .internal, "legalBasis": .internal]),
        .leadStarted: Shape(
            "线索立案", home: .lead,
            plain: ["case": .thread],
            fields: [:]),
        .leadHandedOver: Shape(
            "移交线索", home: .lead,
            plain: ["handlers": .thread],
            fields: ["reason": .internal]),
        .leadAnswered: Shape(
            "告知投诉举报人", home: .lead,
            plain: [
                "method": .words(["oral", "telephone", "written", "web"]), "notifiedAt": .number, "notifiedBy": .thread,
            ],
            fields: ["content": .reporter]),
        .leadClosed: Shape(
            "线索办结", home: .lead,
            plain: [:],
            fields: ["reason": .internal]),
        .applicationRegistered: Shape(
            "登记申请", home: .lead,
            plain: ["mode": .words(["oral", "written", "online"]), "registeredAt": .number],
            fields: ["applicant": .party, "matter": .party, "oralContent": .party]),
        .applicationDecided: Shape(
            "决定是否受理", home: .lead,
            plain: ["outcome": .words(["accepted", "refused"])],
            fields: ["reason": .party]),
        .applicationCorrected: Shape(
            "当场更正", home: .lead,
            plain: [:],
            fields: ["items": .party]),
        .applicationSupplemented: Shape(
            "一次性告知补正", home: .lead,
            plain: ["itemCount": .number],
            fields: ["items": .party]),
        .applicationReceipted: Shape(
            "出具凭证回执", home: .lead,
            plain: [:],
            fields: ["receiptNumber": .party]),
        .drawMade: Shape(
            "随机抽取", home: .draw,
            plain: ["subjects": .thread, "officers": .thread, "seed": .id],
            fields: ["pool": .internal, "weightRule": .internal, "plan": .internal]),
    ]
}
