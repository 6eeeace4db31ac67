extension DocumentKind.Category {
    /// What sort of paper it is, as rules and pages call it (zhaoxian-2017:3.p3).
    public var chinese: String {
        switch self {
        case .internalApproval: "内部程序审批表"
        case .siteRecord: "现场检查（勘验）笔录"
        case .interview: "调查（询问）笔录"
        case .evidence: "其他调查取证文书"
        case .notice: "向当事人出具的文书"
        case .hearing: "陈述申辩、听证笔录"
        case .intake: "登记、受理文书"
        case .submission: "当事人提交的材料"
        case .appraisalOpinion: "鉴定意见"
        case .expertReport: "专家论证材料"
        case .hearingReport: "听证报告"
        case .opinion: "其他专业意见"
        case .internalRecord: "内部起草、送审、讨论的记录"
        case .review: "法制审查文书"
        case .decision: "行政执法决定书"
        case .service: "送达回证"
        case .execution: "履行、执行文书"
        case .caseFile: "案卷文书"
        }
    }
}
