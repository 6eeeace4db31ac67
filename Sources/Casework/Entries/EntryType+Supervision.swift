import Kernel

extension EntryType {
    /// What a higher rule does to a row: the row does not apply, has another term, asks another medium.
    public static let overrideEffects = ["off", "term", "medium"]
    /// Units of a term that a higher rule sets.
    public static let termUnits = ["hours", "days", "workingDays", "months"]
    /// How strictly a higher rule asks for audio-video.
    public static let mediumLevels = ["mandatory", "ifNeeded", "optional", "none"]

    /// Types of 监督、报告、设置.
    static let supervisionShapes: [EntryType: Shape] = [
        .ruleOverridden: Shape(
            "适用上位规定", home: .bureau,
            plain: [
                "provision": .id, "effect": .words(overrideEffects), "unit": .words(termUnits), "length": .number,
                "level": .words(mediumLevels), "fromDay": .id, "untilDay": .id,
            ],
            fields: ["higherRule": .internal, "article": .internal, "value": .internal]),
        .listRevised: Shape(
            "修订清单", home: .bureau,
            plain: [
                "kind": .words([
                    "matterList", "personnelList", "randomList", "serviceGuide", "flowChart", "discretion",
                    "majorDecision", "avMatters", "phrases", "other",
                ]), "version": .number, "mandatory": .words(activityKinds), "optional": .words(activityKinds),
                "grounds": .id, "basis": .words(["own", "law"]), "approvedBy": .thread,
            ],
            fields: [
                "content": .internal, "changeReason": .internal, "standard": .internal, "keyPoints": .internal,
                "source": .internal,
            ]),
        .lawChanged: Shape(
            "法律或职能变化", home: .bureau,
            plain: [
                "affects": .words([
                    "matterList", "personnelList", "randomList", "serviceGuide", "flowChart", "discretion",
                    "majorDecision", "avMatters", "phrases", "other",
                ])
            ],
            fields: ["what": .internal]),
        .templateAdopted: Shape(
            "采用文书格式", home: .bureau,
            plain: [
                "issuer": .words(["national", "provincial", "city", "own"]), "kind": .id, "version": .number,
                "approvedBy": .thread,
            ],
            fields: ["source": .internal, "requiredFields": .internal]),
        .reportSubmitted: Shape(
            "报送", home: .bureau,
            plain: [
                "kind": .words(["quarterlyData", "annualReport", "templates", "reviewers", "complaints", "other"]),
                "period": .id,
                "recipients": .words([
                    "provincialPlatform", "cityGovernment", "superiorBureau", "justiceBureau", "public",
                ]),
            ],
            fields: ["content": .internal, "figures": .internal]),
        .platformSynced: Shape(
            "报送案件信息", home: .bureau,
            plain: ["case": .thread, "sentAt": .number],
            fields: ["receipt": .internal]),
        .staffingCounted: Shape(
            "统计人员和装备", home: .bureau,
            plain: [
                "officers": .number, "certified": .number, "reviewers": .number, "recorders": .number,
                "terminals": .number, "ratioMet": .truth,
            ],
            fields: ["basis": .internal]),
        .postAssigned: Shape(
            "指定专人", home: .bureau,
            plain: [
                "post": .words([
                    "recordsCustodian", "deviceManager", "deviceKeeper", "avRegister", "legalReviewer",
                    "supervisionOffice", "firstResponsible", "other",
                ]), "person": .thread,
                "section": .words(["inspection", "legalAffairs", "supervisionOffice", "office", "other"]),
            ],
            fields: ["scope": .internal]),
        .postEnded: Shape(
            "免去专人", home: .bureau,
            plain: [
                "post": .words([
                    "recordsCustodian", "deviceManager", "deviceKeeper", "avRegister", "legalReviewer",
                    "supervisionOffice", "firstResponsible", "other",
                ]), "person": .thread,
            ],
            fields: ["reason": .internal]),
        .trainingGiven: Shape(
            "培训", home: .bureau,
            plain: ["topic": .words(["recorder", "law", "review", "other"]), "persons": .thread],
            fields: ["content": .internal]),
        .storageRegistered: Shape(
            "设置存储设备", home: .bureau,
            plain: ["kind": .words(["system", "dedicated"])],
            fields: ["location": .internal]),
        .checkMade: Shape(
            "监督检查", home: .bureau,
            plain: ["period": .id, "matters": .words(["recorded", "conduct", "handling", "upkeep", "overall"])],
            fields: ["findings": .internal]),
        .casefileReviewed: Shape(
            "案卷评查", home: .bureau,
            plain: ["case": .thread, "score": .number, "reviewer": .thread],
            fields: ["defects": .internal]),
        .assessmentMade: Shape(
            "评议考核", home: .bureau,
            plain: ["period": .id, "subjectKind": .words(["unit", "officer"])],
            fields: ["content": .internal]),
        .violationRecorded: Shape(
            "记录违规行为", home: .bureau,
            plain: [
                "kind": .words([
                    "notRecorded", "notWorn", "interrupted", "leaked", "copied", "altered", "forged", "destroyed",
                    "badKeeping", "selfKept", "unrelated", "deviceDamaged", "lentOut", "dismantled", "privateUse",
                    "viewedWithoutApproval", "filmedViewing", "released", "bentLaw", "cashCollected", "other",
                ]), "severity": .words(["minor", "serious", "crime"]), "person": .thread, "case": .thread,
                "recording": .thread, "recorder": .thread, "role": .words(Role.allCases.map(\.rawValue)),
            ],
            fields: ["facts": .internal]),
        .violationOrdered: Shape(
            "责令限期改正", home: .bureau,
            plain: ["correctBy": .id, "orderedBy": .words(["bureau", "superior", "competentBody"])],
            fields: ["content": .internal]),
        .violationRectified: Shape(
            "违规整改", home: .bureau,
            plain: ["result": .words(["corrected", "notCorrected"])],
            fields: ["findings": .internal]),
        .violationPunished: Shape(
            "追究责任", home: .bureau,
            plain: ["result": .words(["sanction", "transferred", "none"])],
            fields: ["decision": .internal]),
    ]
}
