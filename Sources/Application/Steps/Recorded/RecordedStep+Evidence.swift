import Casework

/// Evidence work (zhaoxian-2017:10–13), preservation (14) and coercive measures.
extension RecordedStep {
    static let evidence: [RecordedStep] = [
        RecordedStep(
            "identity", .identityShown, "登记出示执法证件", "向当事人出示证件、表明身份的，登记由谁、在哪一次活动中出示。",
            in: .evidence,
            inputs: [
                .activity(), RecordedInput("officers", .persons(.officers)), .word("certificateKind"), .at("shownAt"),
                .truth("worn", need: .never), .document(),
            ]),
        RecordedStep(
            "noncooperation", .noncooperationRecorded, "记录不配合情况", "当事人或者有关人员不配合、拒绝调查取证的，如实作文字记录，必要时录音录像。",
            in: .evidence,
            inputs: [
                .activity(need: .never), .word("conduct"), .line("person", "写明姓名和身份。"), .at("occurredAt"),
                .text("facts", "写明经过、原话和在场人。"), RecordedInput("officer", .person(.officers)),
            ]),
        RecordedStep(
            "unlawful", .unlawfulFound, "记录现场发现的违法行为", "执法现场当场发现违法行为的，记录发现的时间和行为。", in: .evidence,
            inputs: [.activity(), .at("foundAt"), .text("conduct", "写明人员、行为、工具和痕迹。")]),
        RecordedStep(
            "submission", .submissionReceived, "登记收到当事人材料", "当事人交来书面陈述、申辩、证据材料等，登记种类、内容和原件去向。", in: .evidence,
            inputs: [.word("kind"), .at("receivedAt"), .text("content"), .truth("kept"), .document()]),
        RecordedStep(
            "interested", .interestedNamed, "确定利害关系人", "处理结果与第三人有重大利害关系的，登记利害关系人，随后告知其权利。", in: .rights,
            inputs: [.line("name")]),
        RecordedStep(
            "appraisal", .appraisalCommissioned, "登记委托检验鉴定", "委托法定机构检验、检测、鉴定的，登记机构和事项。",
            in: .evidence,
            inputs: [
                .word("kind"), .line("body"), .text("matter"), .happened("委托时间"),
                .document("appraisal-commission"),
            ]),
        RecordedStep(
            "appraisal-result", .appraisalReceived, "登记收到鉴定意见", "鉴定机构出具书面意见后登记，意见书归入案件。",
            in: .evidence,
            inputs: [
                .answer(to: .appraisalCommissioned, as: "commission", "哪一次委托"), .line("body"), .text("opinion"),
                .happened("收到时间"), .document("appraisal-opinion"),
            ]),
        RecordedStep(
            "appraisal-use", .appraisalUsed, "登记采用鉴定意见", "采用鉴定意见作为证据的，登记采用情况。", in: .evidence,
            when: { $0.has(.appraisalReceived) },
            inputs: [
                RecordedInput("commission", .reference([.appraisalCommissioned], once: false), label: "哪一次委托"),
                .text("note"),
            ]),
        RecordedStep(
            "other-investigation", .investigationOther, "记录其他调查方式", "采用法律、法规、规章规定的其他调查方式的，写明名称、依据和内容。",
            in: .evidence, inputs: [.line("method"), .line("legalBasis"), .text("content"), .happened("调查时间")]),
    ]

    static let preservation: [RecordedStep] = [
        RecordedStep(
            "preservation", .preservationStarted, "登记采取证据保全",
            "证据可能灭失或者以后难以取得的，写明理由、标的和形式。先行登记保存须经行政机关负责人批准，七个工作日内处理（行政处罚法第五十六条）。",
            in: .evidence,
            inputs: [
                .text("reason"), .text("objects", "逐项写明名称、数量、特征。"), .words("forms"), .happened("保全时间"),
                .activity(need: .never),
                .approval(
                    "measure", need: .when("forms", ["registration"]),
                    help: "先行登记保存必须选用行政机关负责人对“采取措施”的批准。"),
                RecordedInput("documents", .documents([]), help: "证据登记保存清单等。", need: .never),
            ]),
        RecordedStep(
            "preservation-outcome", .preservationDecided, "登记处理保全的证据", "对先行登记保存的证据，在七个工作日内作出处理决定（行政处罚法第五十六条）。",
            in: .evidence,
            inputs: [
                .answer(to: .preservationStarted, as: "preservation", "哪一次保全"), .word("outcome"), .text("reason"),
                .happened("处理时间"),
            ]),
    ]

    static let measures: [RecordedStep] = [
        RecordedStep(
            "measure", .measureTaken, "登记采取强制措施", "有法律明确授权才能采取。须经行政机关负责人批准，写明依据（行政强制法第十八条）。", in: .evidence,
            power: .coerciveMeasures, when: { $0.hasApproval || $0.work.isEmergency },
            inputs: [
                .word("kind"), .line("legalBasis", "写到法律的条、款、项。"), .text("target"), .line("place"),
                .happened("实施时间"), RecordedInput("untilDay", .day), .activity(need: .never), .document(),
                .approval("measure", need: .never),
            ]),
        RecordedStep(
            "measure-extension", .measureExtended, "批准延长强制措施", "期限届满之前，经行政机关负责人批准可以延长（行政强制法第二十五条）。", in: .evidence,
            by: .agencyHead, signed: ["approvedBy"], power: .coerciveMeasures,
            inputs: [
                RecordedInput("measure", .reference([.measureTaken], once: false), label: "哪一项措施"),
                RecordedInput("untilDay", .day), .text("reason"),
            ]),
        RecordedStep(
            "measure-end", .measureLifted, "登记解除强制措施", "强制措施解除的，登记时间和理由。", in: .evidence,
            inputs: [
                RecordedInput("measure", .reference([.measureTaken], once: false), label: "哪一项措施"), .text("reason"),
                .happened("解除时间"),
            ]),
    ]
}
