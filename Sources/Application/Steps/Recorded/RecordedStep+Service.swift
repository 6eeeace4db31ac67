import Casework

/// Ways of service other than direct service (zhaoxian-2017:23–26; obligations 3(k)). A way that failed is recorded and
/// leads on: mail that came back does not serve, and the notice in public names what was tried before.
extension RecordedStep {
    private static let served = RecordedInput(
        "document", .document(kinds: [], issued: true, role: "issued"), help: "已制发、没有作废的文书。")
    private static let receipt = RecordedInput(
        "receipt", .document(kinds: ["service-receipt"], issued: false, role: nil), help: "先制作这份文书的送达回证并由各方签名。")

    /// What came from outside and shows the service: a file of the case. Without one a service by mail or by wire would rest
    /// on the word of whoever records it.
    private static func proofFile(_ label: String, when other: String, _ words: [String]) -> RecordedInput {
        RecordedInput(
            "proofFile", .reference([.recordingLinked], once: true), label: label,
            help: "先在案件页“上传音像资料”（照片、扫描件也可以），再回到这里选择。", need: .when(other, words))
    }

    static let service: [RecordedStep] = [
        RecordedStep(
            "service-post", .documentServed, "登记邮寄送达", "只能用挂号信或者特快专递，留存登记、付邮凭证和回执。邮件退回的，如实登记退回情况，再改用其他方式。",
            in: .service, lasts: .served, given: ["method": "post"],
            inputs: [
                served, .word("mailKind", ["registered", "express"]), .line("registerEntry", "邮寄登记的编号和日期。"),
                .line("postageVoucher"), .line("recipient"), .line("place", "收件地址。"),
                RecordedInput("mailedAt", .instant(states: false), label: "交寄时间"),
                RecordedInput("servedAt", .instant(states: true), label: "签收（退回）时间"), .truth("returned"),
                .line("returnReceipt", "回执上的签收人和日期。", need: .when("returned", ["false"])),
                .text("returnFacts", "退回的原因和日期。", need: .when("returned", ["true"])),
                proofFile("付邮凭证和回执（退回的，退回邮件）的扫描件或者照片", when: "returned", ["true", "false"]),
            ]),
        RecordedStep(
            "service-lien", .documentServed, "登记留置送达",
            "受送达人拒收的，在回证上记明事由和日期，由送达人、见证人签名，把文书留在住所，并录像或者拍照。", in: .service, lasts: .served,
            given: ["method": "lien"],
            inputs: [
                served, receipt, .activity("service"), .line("recipient"), .line("place"), .at("servedAt"),
                RecordedInput("refusedDay", .day), .text("refusalReason"), .truth("leftAtDomicile"), .line("witness"),
                RecordedInput(
                    "proofFile", .reference([.recordingLinked], once: true), label: "留置经过的照片或者录像",
                    help: "先在案件页“上传音像资料”，归入这一次送达活动，再回到这里选择。选了的，由另一名承办人打开核对；没有的，由负责人核对。核对以后送达才算数。", need: .never),
            ]),
        RecordedStep(
            "service-entrusted", .documentServed, "登记委托或者转交送达", "写明原因和代为送达的单位，由送达人、受送达人在回证上签名或者盖章。",
            in: .service, lasts: .served,
            inputs: [
                .word("method", ["entrusted", "forwarded"]), served, receipt, .line("agentUnit"), .text("reason"),
                .line("recipient"), .line("place"), .at("servedAt"), .line("signatory", need: .never),
                .line("relation", need: .never),
            ]),
        RecordedStep(
            "service-public", .documentServed, "登记公告送达",
            "其他方式无法送达的才能公告。写明已经采用的方式、公告载体、原因和经过，留存公告，并截屏、拍照或者录像；公告满三十日视为送达。", in: .service, lasts: .served,
            given: ["method": "public"],
            inputs: [
                served,
                .words("failedMethods", ["direct", "post", "lien", "entrusted", "forwarded", "electronic"]),
                .activity("service"), .line("recipient"), .line("place", "张贴的地点或者刊登的媒体。"), .line("carrier"),
                .text("noticeText"), .text("reason"), .text("course"),
                RecordedInput("servedAt", .instant(states: true), label: "视为送达的时间"),
                RecordedInput(
                    "proofFile", .reference([.recordingLinked], once: true), label: "公告的截屏、照片或者录像",
                    help: "先在案件页“上传音像资料”，归入这一次送达活动，再回到这里选择。由另一名承办人打开核对以后，送达才算数。"),
            ]),
        RecordedStep(
            "service-electronic", .documentServed, "登记传真或者电子送达",
            "传真、电子邮件等方式送达的，留存证明；处罚决定书须有当事人签订的电子送达确认书（行政处罚法第六十一条第二款）。", in: .service, lasts: .served,
            inputs: [
                .word("method", ["fax", "email", "electronic"]), served, .truth("hasConsent"), .word("proof"),
                proofFile("凭证的截屏、录像、照片或者扫描件", when: "method", ["fax", "email", "electronic"]),
                .line("recipient"), .line("place", "接收的号码或者地址。"), .at("servedAt"),
                .line("faxTime", need: .when("method", ["fax"])), .line("faxNumber", need: .when("method", ["fax"])),
            ]),
    ]
}
