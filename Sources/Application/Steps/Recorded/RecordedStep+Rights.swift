import Casework

/// Telling of rights (zhaoxian-2017:11), recusal, hearing (12(6); 行政处罚法第六十三至六十五条).
extension RecordedStep {
    static let rights: [RecordedStep] = [
        RecordedStep(
            "rights", .rightsNotified, "登记告知权利", "记录以什么方式向谁告知了陈述、申辩、申请回避、要求听证等权利（第十一条）。", in: .rights,
            inputs: [
                .words("rights"), .word("carrier"), .word("recipient"), .word("phase"), .line("name"), .line("way"),
                .text("matter"), .text("basis"), .at("notifiedAt"), .activity(need: .never),
                .document("rights-notice"),
            ]),
        RecordedStep(
            "recusal", .recusalRequested, "登记申请回避", "当事人申请执法人员回避的，登记对象和理由（行政处罚法第四十三条）。", in: .rights,
            inputs: [RecordedInput("officer", .person(.handlers)), .text("reason"), .happened("申请时间")]),
        RecordedStep(
            "recusal-decision", .recusalDecided, "决定是否回避", "回避由行政机关负责人决定，写明理由。", in: .rights, by: .agencyHead,
            signed: ["approvedBy"],
            inputs: [.answer(to: .recusalRequested, as: "request", "哪一次申请"), .word("decision"), .text("reason")]),
        RecordedStep(
            "silence", .statementRecorded, "登记逾期没有陈述申辩", "告知权利后，当事人在期限内没有陈述、申辩的，登记这一情况（行政处罚法第六十二条）。", in: .rights,
            given: ["manner": "silent", "speaker": "party"],
            when: { $0.isGeneral && !$0.isDecided && $0.work.statements.isEmpty },
            inputs: [.line("name", "应当陈述申辩的当事人。"), .text("facts", "写明告知的时间和期限届满的日期。"), .happened("期限届满时间")]),
    ]

    static let hearing: [RecordedStep] = [
        RecordedStep(
            "hearing-request", .hearingRequested, "登记要求听证", "当事人要求听证的，登记时间和要求的人；此后举行听证才能作出决定（行政处罚法第六十三条）。",
            in: .rights, when: { $0.isGeneral && !$0.isDecided && !$0.has(.hearingRequested) },
            inputs: [.line("name"), .at("requestedAt")]),
        RecordedStep(
            "hearing", .hearingHeld, "登记举行听证",
            "听证由没有参加本案调查的人员主持，除涉密外公开举行（行政处罚法第六十四条）。先登记听证活动，再登记举行情况；全程录音录像（第十三条）。", in: .rights,
            when: { $0.isGeneral && !$0.isDecided && $0.hadActivity("hearing") },
            inputs: [
                .activity("hearing"), RecordedInput("host", .person(.uninvolved)), .truth("isPublic"),
                .text("participants", "写明当事人、代理人、调查人员和其他参加人。"), .happened("听证时间"), .document("hearing-transcript"),
            ]),
    ]

    static let demandStatements: [RecordedStep] = [
        RecordedStep(
            "demand-statement", .statementRecorded, "登记催告后的陈述申辩", "催告后当事人陈述、申辩的，记录事实、理由和证据（第二十八条第二款）。",
            in: .execution, given: ["phase": "afterDemand"], when: { $0.isDecided && $0.hasDemand },
            inputs: [
                .word("manner", ["oral", "written"]), .word("speaker"), .line("name"), .text("facts"), .text("reasons"),
                .text("evidence", "没有提出的写“无”。"), .happened("陈述时间"), .document(),
            ]),
        RecordedStep(
            "demand-review", .statementReviewed, "复核催告后的陈述申辩", "对催告后的陈述申辩写明复核意见和处理意见；复核之前不能申请法院强制执行（第二十八条第二款）。",
            in: .execution, when: { $0.work.statements.contains { $0.phase == "afterDemand" && !$0.isReviewed } },
            inputs: [
                .answer(to: .statementRecorded, as: "statement", "哪一次陈述申辩"), .word("accepted"), .text("review"),
                .text("handling"), .text("reason"),
            ]),
    ]
}

extension CaseCourse {
    /// Whether the party was urged to perform, by document or record.
    var hasDemand: Bool { has(.demandMade) || hasDocument("demand-notice") }
}
