import Kernel

extension EntryType {
    /// Types of 音像记录.
    static let recordingShapes: [EntryType: Shape] = [
        .recordingLabelled: Shape(
            "标注音像记录", home: .recording,
            plain: [
                "case": .thread, "caseNumber": .id, "category": .words(activityKinds),
                "step": .words(["initiation", "investigation", "decision", "service", "execution", "filing"]),
                "officers": .thread, "handler": .thread, "recordedAt": .number,
                "wear": .words(["leftShoulder", "leftChest", "otherPlace", "handheld"]), "activities": .id,
            ],
            fields: [
                "subject": .party, "matter": .party, "party": .party, "place": .party, "participants": .party,
                "scene": .party, "conduct": .party, "tools": .party, "notified": .party, "verification": .party,
                "talk": .party, "otherReason": .internal,
            ]),
        .recordingMarked: Shape(
            "标记时点", home: .recording,
            plain: [
                "mark": .words([
                    "recordingNotice", "opening", "scene", "arrival", "entry", "firstQuestion", "notificationDone",
                    "unlawfulConduct", "handlingBegan", "handlingEnded", "keyShot",
                ]), "markedAt": .number, "sceneKind": .words(["plate", "front", "landmark", "doorNumber"]),
                "itemCount": .number, "by": .thread,
            ],
            fields: ["text": .party, "officerNames": .officer, "unitName": .party, "day": .party]),
        .recordingInterrupted: Shape(
            "记录中断", home: .recording,
            plain: [
                "from": .number, "to": .number,
                "ground": .words(["technical", "samePlaceOrTime", "discretionary", "none"]), "reportedBy": .thread,
            ],
            fields: ["explanation": .internal, "proof": .internal]),
        .recordingCopied: Shape(
            "制作副本", home: .recording,
            plain: [
                "medium": .words(["database", "disc", "removable", "other"]),
                "purpose": .words(["preservation", "release", "work"]),
            ],
            fields: ["place": .internal]),
        .recordingAltered: Shape(
            "发现原始资料被改动", home: .recording,
            plain: ["way": .words(["deleted", "cut", "changed", "inserted", "digestMismatch"]), "person": .thread],
            fields: ["facts": .internal]),
        .recordingRegistered: Shape(
            "登记音像台账", home: .recording,
            plain: ["device": .id, "recordedAt": .number, "storedAt": .number, "officer": .thread],
            fields: ["entry": .internal]),
        .holdProposed: Shape(
            "提议长期保存", home: .recording,
            plain: [
                "ground": .words(["dispute", "obstruction", "remedy", "other"]), "recording": .thread, "case": .thread,
            ],
            fields: ["reason": .internal]),
        .holdPlaced: Shape(
            "批准长期保存", home: .recording,
            plain: [
                "ground": .words(["dispute", "obstruction", "remedy", "other"]), "approvedBy": .thread,
                "approverRole": .words(Role.allCases.map(\.rawValue)),
                "medium": .words(["disc", "removable", "other"]),
                "keeper": .words(["bureau", "cityLegalAffairs", "other"]), "recording": .thread, "case": .thread,
            ],
            fields: ["reason": .internal]),
        .holdDeclined: Shape(
            "不批准长期保存", home: .recording,
            plain: [
                "approvedBy": .thread, "approverRole": .words(Role.allCases.map(\.rawValue)), "recording": .thread,
                "case": .thread,
            ],
            fields: ["reason": .internal]),
        .holdReleased: Shape(
            "解除长期保存", home: .recording,
            plain: [
                "approvedBy": .thread, "approverRole": .words(Role.allCases.map(\.rawValue)), "recording": .thread,
                "case": .thread,
            ],
            fields: ["reason": .internal]),
        .disposalPerformed: Shape(
            "销毁", home: .recording,
            plain: [
                "what": .words(["recording", "case", "document"]), "recording": .thread, "case": .thread,
                "approvedBy": .thread, "confirmedBy": .thread,
            ],
            fields: ["certificate": .internal]),
        .fixityChecked: Shape(
            "核验完好性", home: .recording,
            plain: ["result": .words(["intact", "missing", "damaged"]), "objects": .number, "recording": .thread],
            fields: ["findings": .internal]),
    ]
}
