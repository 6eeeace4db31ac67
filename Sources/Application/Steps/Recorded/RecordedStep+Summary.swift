import Casework

/// The summary procedure with its seven items (zhaoxian-2017:21), fines collected and handed in.
extension RecordedStep {
    static let summary: [RecordedStep] = [
        RecordedStep(
            "summary", .summaryRecorded, "记录简易程序", "简易程序应当记录的七项内容一次填齐。制发当场处罚决定书之前填写。", in: .summary,
            when: { $0.isSummary && !$0.has(.summaryRecorded) },
            inputs: [
                .text("factBasis"), .text("legalConditions", "写到法律条文：违法事实确凿、有法定依据、罚款在限额以内。"),
                .text("steps", "出示证件、告知、听取陈述申辩、填写决定书、当场交付。"), .text("documents", "例如：当场行政处罚决定书。"),
                .text("statementDefence", "没有提出或者放弃的，写明“当事人没有提出”或者“当事人放弃”。"), .word("accepted"),
                .text("reviewOfDefence", "没有提出的写“无”。"), .text("reason"), .text("other", "没有的写“无”。"),
                .truth("isDisputeProne"), .document("summary-procedure-record"),
            ]),
        RecordedStep(
            "summary-filing", .summaryFiled, "登记简易程序备案",
            "当场处罚决定报所属行政机关备案，写明内容、时间和机关。由没有参加本案的负责人核对备案。",
            in: .summary, by: .superior, when: { $0.isSummary && $0.isDecided && !$0.has(.summaryFiled) },
            inputs: [.at("filedAt"), .word("filedWith"), .text("content")]),
        RecordedStep(
            "fine", .fineCollected, "登记收缴罚款",
            "罚款原则上由当事人到银行或者电子支付；当场收缴只限法定情形，须出具专用票据（行政处罚法第六十七至七十条；第二十一条第六项）。", in: .execution, lasts: .owed,
            when: \.isDecided,
            inputs: [
                .word("way"), .word("ground", need: .when("way", ["onSpot"])), RecordedInput("amount", .money),
                .at("collectedAt"), .line("receiptNumber"), .text("course", need: .when("way", ["onSpot"])),
            ]),
        RecordedStep(
            "fine-remittance", .fineRemitted, "登记上缴当场收缴的罚款", "当场收缴的罚款，两日内交至行政机关（行政处罚法第七十一条）。", in: .execution,
            lasts: .owed,
            inputs: [
                .answer(to: .fineCollected, as: "collection", "哪一次收缴"), RecordedInput("amount", .money),
                .happened("上缴时间"),
            ]),
        RecordedStep(
            "instalment", .instalmentApproved, "审批延期或者分期缴纳", "当事人确有经济困难、申请延期或者分期缴纳的，由行政机关负责人批准或者不批准（行政处罚法第六十六条）。",
            in: .execution, by: .agencyHead, lasts: .owed, signed: ["approvedBy"], when: \.isDecided,
            inputs: [
                .word("decision"),
                RecordedInput(
                    "document",
                    .document(
                        kinds: ["penalty-decision", "enforcement-decision", "summary-penalty-decision"], issued: true,
                        role: nil)),
                .text("plan", "批准的，写明每期金额和日期；不批准的，写明理由。"),
                RecordedInput("dueDay", .day, need: .when("decision", ["approve"])),
            ]),
    ]
}
