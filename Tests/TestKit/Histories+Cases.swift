import Casework
import Kernel

extension History {
    /// A penalty case under the general procedure, from opening to filing, with everything that
    /// `zhaoxian-2017` and parent law ask for: an organisation, not major, no emergency.
    public static let penaltyCase = penaltyCase()

    /// The same, varied.
    public static func penaltyCase(
        major: Bool = false, startedAt: String? = nil, subjectKind: String = "organisation"
    ) -> History {
        History()
            .opened(major: major, startedAt: startedAt, subjectKind: subjectKind)
            .then(initiation(major: major))
            .then(visit)
            .then(rights(hearing: major))
            .statement()
            .statementReviewed()
            .then(major ? discussion : History())
            .drafted()
            .unitReviewed()
            .then(review)
            .approved()
            .then(decision)
            .then(service)
            .performed()
            .ended("performed")
            .then(filing)
    }

    /// 集体讨论 after the days in which the party may ask for a hearing, in text and audio-video.
    public static let discussion = History()
        .at("2026-03-11 09:00")
        .told(.activityBegan, [.init("activity", .string(Names.id("meeting"))), .init("kind", "collectiveDiscussion")])
        .told(
            .discussionHeld,
            [
                .init("activity", .string(Names.id("meeting"))),
                .init("attendees", .array([.string(Names.id("局长")), .string(Names.id("副局长"))])),
            ], fields: ["views": "均同意", "conclusion": "同意处罚意见"]
        )
        .told(.activityEnded, [.init("activity", .string(Names.id("meeting")))])
        .imported("meetingVideo", completedAt: "2026-03-11 09:20")
        .linked("meetingVideo", to: "meeting")

    /// 程序启动审批表, signed by all.
    public static func initiation(major: Bool) -> History {
        let start = History()
            .fixed(
                "procedure-initiation-approval", as: "form",
                data: [
                    "startReason": "检查发现数据不一致", "partyBasicInfo": "示例公司", "handlerOpinion": "建议启动",
                    "isMajor": .string(major ? "yes" : "no"), "isEmergency": "no",
                ], plain: ["isMajor": .string(major ? "yes" : "no")]
            )
            .signed("form", slot: "handler", by: "甲")
            .signed("form", slot: "handlingUnit", by: "科长", decision: .agree, opinion: "同意")
        let reviewed =
            major ? start.signed("form", slot: "legalBody", by: "法制员", decision: .passed, opinion: "合法") : start
        return reviewed.signed("form", slot: "agencyHead", by: "局长", decision: .agree, opinion: "同意启动")
    }

    /// A site inspection with record, signatures, seal and video.
    public static let visit = visit(numbered: "")

    /// The same, one of several: each its own session, record and recording.
    public static func visit(numbered number: String) -> History {
        History()
            .began("visit\(number)")
            .finished("visit\(number)")
            .fixed(
                "site-inspection-record", as: "record\(number)",
                data: ["findings": "台账缺失", "place": "示例路1号", "certShown": "已出示统计执法证"],
                activity: "visit\(number)"
            )
            .signed("record\(number)", slot: "party", manner: .paper, sealed: true)
            .signed("record\(number)", slot: "officer1", by: "甲")
            .signed("record\(number)", slot: "officer2", by: "乙")
            .imported("video\(number)", completedAt: "2026-03-02 09:30")
            .linked("video\(number)", to: "visit\(number)")
    }

    /// 权利告知书, signed and issued.
    public static func rights(hearing: Bool) -> History {
        let told: JSON = .array(["statement", "defence", "recusal"] + (hearing ? ["hearing"] : []))
        return History()
            .fixed(
                "rights-notice", as: "notice",
                data: [
                    "facts": "台账缺失", "reasons": "违反规定", "legalBasis": "统计法", "content": ["警告"],
                    "rights": told, "method": "written", "notifiedAt": "2026-03-02T14:00:00+08:00",
                    "recipient": "张三",
                ], plain: ["rights": told, "method": "written"]
            )
            .signed("notice", slot: "agency")
            .signed("notice", slot: "party")
            .signed("notice", slot: "officer1", by: "甲")
            .signed("notice", slot: "officer2", by: "乙")
            .issued("notice")
    }

    /// 法制审查记录, passed.
    public static let review = History()
        .fixed(
            "legal-review-record", as: "review",
            data: ["reviewer": "法制员", "opinion": "事实清楚", "suggestions": "无"]
        )
        .signed("review", slot: "reviewer", by: "法制员", decision: .passed, opinion: "通过")

    /// 行政处罚决定书, sealed and issued.
    public static let decision = History()
        .fixed(
            "penalty-decision", as: "decision",
            data: [
                "subjectName": "示例公司", "facts": "台账缺失", "evidence": "现场检查笔录", "reasons": "初次违法",
                "legalBasis": "统计法", "content": ["警告"], "performance": "立即改正", "remedies": "六十日内申请复议",
            ]
        )
        .signed("decision", slot: "agency")
        .issued("decision")

    /// Direct service with its receipt.
    public static let service = History()
        .fixed("service-receipt", as: "receipt", data: ["method": "direct"], about: "decision")
        .signed("receipt", slot: "server1", by: "甲")
        .signed("receipt", slot: "recipient", manner: .paper)
        .served("decision", receipt: "receipt")

    /// Cover, catalogue, closing sheet, filing.
    public static let filing = History()
        .by("档案员")
        .fixed("case-file-cover", as: "cover", data: ["caseNumber": "2026-1", "retention": "years30"])
        .fixed(
            "case-file-catalogue", as: "catalogue",
            data: ["caseNumber": "2026-1", "items": [["piece": "1", "title": "程序启动审批表"]]]
        )
        .fixed("closing-sheet", as: "closing", data: ["caseNumber": "2026-1"])
        .filed()

    /// An inspection that finds nothing, from opening to filing.
    public static let inspectionCase = History()
        .opened(kind: "inspection")
        .then(visit)
        .finding("nothingFound")
        .ended("nothingFound")
        .then(filing)
}
