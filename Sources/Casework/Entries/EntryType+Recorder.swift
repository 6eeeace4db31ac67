import Kernel

extension EntryType {
    /// Types of 执法记录仪.
    static let recorderShapes: [EntryType: Shape] = [
        .recorderRegistered: Shape(
            "登记执法装备", home: .recorder,
            plain: [
                "kind": .words([
                    "soundRecorder", "voicePen", "camera", "videoCamera", "bodyRecorder", "handheldTerminal",
                    "indoorMonitoring", "other",
                ]), "functions": .words(["sound", "video", "photo"]),
            ],
            fields: ["serial": .internal, "purpose": .internal, "unit": .internal]),
        .recorderApproved: Shape(
            "批准配备", home: .recorder,
            plain: ["officer": .thread, "approvedBy": .thread, "approverRole": .words(Role.allCases.map(\.rawValue))],
            fields: ["opinion": .internal]),
        .recorderIssued: Shape(
            "领用", home: .recorder,
            plain: ["officer": .thread, "task": .words(["case", "duty"]), "case": .thread],
            fields: ["note": .internal]),
        .recorderReturned: Shape(
            "交还", home: .recorder,
            plain: ["officer": .thread, "hasMaterial": .truth],
            fields: ["note": .internal]),
        .recorderChecked: Shape(
            "使用前检查", home: .recorder,
            plain: [
                "noFault": .truth, "battery": .number, "freeMinutes": .number, "clockSet": .truth,
                "clockOffset": .number, "checkedBy": .thread, "activity": .id,
            ],
            fields: ["note": .internal]),
        .recorderFaulted: Shape(
            "报告故障", home: .recorder,
            plain: ["usable": .truth],
            fields: ["fault": .internal]),
        .recorderRepairRequested: Shape(
            "联系维修", home: .recorder,
            plain: ["contactedAt": .number],
            fields: ["to": .internal]),
        .recorderRepaired: Shape(
            "修复", home: .recorder,
            plain: ["result": .words(["repaired", "scrapped"])],
            fields: ["note": .internal]),
        .recorderIncident: Shape(
            "装备事件", home: .recorder,
            plain: [
                "kind": .words([
                    "damage", "lendingOut", "handedOver", "dismantling", "privateUse", "unrelatedUse", "loss",
                ]), "wilful": .truth, "person": .thread,
            ],
            fields: ["facts": .internal]),
        .recorderLogged: Shape(
            "装备日志", home: .recorder,
            plain: [
                "event": .words(["manage", "maintain", "train", "use", "inspect", "charge"]), "battery": .number,
                "by": .thread,
            ],
            fields: ["note": .internal]),
        .recorderSpotChecked: Shape(
            "抽查佩戴使用", home: .recorder,
            plain: ["officer": .thread, "worn": .truth, "used": .truth],
            fields: ["findings": .internal]),
        .recorderEmptied: Shape(
            "清空存储", home: .recorder,
            plain: ["confirmedFiles": .number],
            fields: [:]),
        .recorderRetired: Shape(
            "装备报废", home: .recorder,
            plain: ["hasMaterial": .truth],
            fields: ["reason": .internal]),
        .exportOpened: Shape(
            "开始导出", home: .recorder,
            plain: [
                "session": .id, "officer": .thread, "supervisor": .thread,
                "supervisorRole": .words(Role.allCases.map(\.rawValue)),
            ],
            fields: [:]),
        .exportClosed: Shape(
            "结束导出", home: .recorder,
            plain: ["session": .id, "files": .number],
            fields: ["digests": .internal]),
    ]
}
