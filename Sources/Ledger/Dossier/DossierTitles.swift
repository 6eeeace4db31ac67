import Kernel

extension DossierVocabulary {
    /// How the kinds of document are called: a reader who is told that an original is lost is told of which paper. A kind that a
    /// later program knows and this one does not is called by its word.
    public static let titles: [String: String] = [
        "acceptance-record": "受理（不予受理）记录",
        "added-fine-decision": "加处罚款（滞纳金）决定书",
        "advance-registration-notice": "先行登记保存证据通知书",
        "application-registration": "申请登记表",
        "appraisal-commission": "检验（检测、检疫、鉴定、评审）委托书",
        "appraisal-opinion": "鉴定意见书",
        "case-file-catalogue": "卷内目录",
        "case-file-cover": "案卷封面",
        "case-transfer-letter": "案件移送函",
        "closing-sheet": "备考表",
        "coercive-measure-site-record": "行政强制措施现场笔录",
        "collective-discussion-minutes": "集体讨论会议纪要",
        "collective-discussion-record": "集体讨论记录",
        "complaint-report-record": "投诉举报登记表",
        "compulsory-execution-decision": "行政强制执行决定书",
        "consult-copy-request": "查阅（复制）申请及审批表",
        "correction-check-record": "改正情况核查记录",
        "correction-order": "责令改正通知书",
        "court-enforcement-application": "行政强制执行申请书",
        "decision-drafting-record": "行政执法决定草拟记录",
        "demand-notice": "催告书",
        "disposal-decision": "拍卖（依法处理）财物决定书",
        "electronic-service-consent": "电子送达确认书",
        "electronic-service-proof": "电子送达凭证",
        "enforcement-decision": "行政执法决定书",
        "evidence-disposal-notice": "先行登记保存证据处理通知书",
        "evidence-preservation-record": "证据保全记录",
        "evidence-registration-list": "证据登记保存清单",
        "execution-result-record": "强制执行结果记录",
        "execution-site-record": "强制执行现场笔录",
        "expert-argument-report": "专家论证报告",
        "expert-opinion": "专家意见书",
        "expert-review-minutes": "专家论证会议纪要",
        "fax-annotation": "传真件注记",
        "fine-receipt": "罚款专用票据",
        "freezing-document": "冻结决定（通知）书",
        "head-approval-record": "负责人审批记录",
        "hearing-announcement": "听证公告",
        "hearing-notice": "听证通知书",
        "hearing-report": "听证报告",
        "hearing-transcript": "听证笔录",
        "internal-approval-form": "内部审批表",
        "interview-transcript": "询问（调查）笔录",
        "investigation-transcript": "调查笔录",
        "legal-review-record": "法制审查记录",
        "long-term-preservation-approval": "音像资料长期保存审批表",
        "mailing-register": "邮寄送达登记表",
        "non-cooperation-record": "拒绝配合情况记录",
        "non-initiation-notice": "不予启动程序告知书",
        "notice-to-produce-evidence": "调取证据通知书",
        "on-the-spot-correction-record": "当场更正记录",
        "on-the-spot-fine-record": "当场收缴罚款记录",
        "one-time-supplement-notice": "一次性补正告知书",
        "oral-application-record": "口头申请记录",
        "oral-waiver-record": "口头放弃陈述申辩记录",
        "other-execution-document": "强制执行决定书（其他方式）",
        "other-investigation-record": "其他调查取证记录",
        "penalty-decision": "行政处罚决定书",
        "performance-record": "履行情况记录",
        "post-demand-defence-review": "催告后陈述申辩及复核意见",
        "postage-voucher": "付邮凭证",
        "procedure-initiation-approval": "程序启动审批表",
        "public-notice": "送达公告",
        "public-notice-course-record": "公告送达经过记录",
        "refusal-to-sign-note": "拒绝签字（盖章）情况说明",
        "regulatory-talk-record": "约谈记录",
        "release-approval": "音像资料对外提供审批表",
        "removal-restoration-decision": "排除妨碍（恢复原状）决定书",
        "return-receipt": "邮寄送达回执",
        "returned-mail-record": "邮件退回记录",
        "review-submission": "法制审核送审表",
        "rights-notice": "权利告知书",
        "sample-item-list": "抽样物品清单",
        "sampling-notice": "抽查取样通知书",
        "sealing-seizure-decision": "查封（扣押）决定书",
        "sealing-seizure-list": "查封（扣押）物品（财产）清单",
        "service-receipt": "送达回证",
        "site-inspection-record": "现场检查笔录",
        "statement-defence-transcript": "陈述申辩笔录",
        "substitute-performance-decision": "代履行决定书",
        "summary-decision-filing": "当场处罚备案表",
        "summary-penalty-decision": "当场行政处罚决定书",
        "summary-procedure-record": "简易程序记录（当场处罚）",
        "transfer-notice": "划拨决定（通知）书",
        "verified-paper-copy": "复印件核对记录",
        "viewing-request": "音像资料查阅申请表",
        "written-party-submission": "当事人书面陈述（申辩、放弃）材料",
        "written-receipt": "书面凭证（回执）",
    ]
    /// The forms of a recording, as they are called.
    static let forms = ["video": "录像", "audio": "录音", "photo": "照片", "screenshot": "截图", "document": "扫描件"]
    /// A recording came in. `form` is one of `forms`.
    static let recordingImported = "recording.imported"
}

extension DossierVerdict {
    /// What the file at an entry is, told by skeletons alone; nil where they do not say.
    static func name(of place: EntryPlace, among entries: [EntryPlace: DossierEntry]) -> String? {
        guard let content = entries[place]?.entry.skeleton.content else { return nil }
        if content.type == DossierVocabulary.recordingImported {
            return content.plain["form"]?.string.flatMap { DossierVocabulary.forms[$0] }.map { "音像资料（\($0)）" }
        }
        guard let document = content.plain["document"]?.string else { return nil }
        let fixed = entries.first { one, entry in
            one.thread == place.thread && entry.entry.skeleton.content.type == DossierVocabulary.documentFixed
                && entry.entry.skeleton.content.plain["document"]?.string == document
        }?.value
        guard let kind = fixed?.entry.skeleton.content.plain["kind"]?.string else { return nil }
        let part: String? =
            switch content.type {
            case DossierVocabulary.documentFixed: content.plain["outside"] == true ? "扫描件" : "定稿文本"
            case DossierVocabulary.documentIssued: "制发文本"
            case DossierVocabulary.documentSigned: "签名的扫描件"
            default: nil
            }
        // Words of a foreign entry are not repeated: only names that this program knows.
        guard let title = DossierVocabulary.titles[kind], let part else { return nil }
        return "《\(title)》的\(part)"
    }
}
