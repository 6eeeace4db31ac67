/// What a person may be to the bureau (obligations 3(b)).
public enum Role: String, Hashable, Sendable, CaseIterable, Codable {
    /// 执法人员: makes records, handles cases.
    case officer
    /// 承办机构负责人（审核人）: the handling unit's opinion.
    case unitHead
    /// 法制审查人员: legal review, never in a case they took part in.
    case legalReviewer
    /// 本部门负责人: approves the start of the procedure (zhaoxian-2017:8).
    case departmentHead
    /// 主管局长: the deputy director in charge, who approves the start of the procedure (qinghe:6). Another office than the
    /// head of the department; one person may hold both.
    case deputyHead
    /// 行政机关负责人: approves decisions.
    case agencyHead
    /// 专门人员（档案）: filing, keeping and use (zhaoxian-2017:31).
    case custodian
    /// 系统管理员: accounts and settings; no right to cases.
    case administrator

    /// The name on screens.
    public var chinese: String {
        switch self {
        case .officer: "执法人员"
        case .unitHead: "承办机构负责人"
        case .legalReviewer: "法制审查人员"
        case .departmentHead: "本部门负责人"
        case .deputyHead: "主管局长"
        case .agencyHead: "行政机关负责人"
        case .custodian: "档案管理人员"
        case .administrator: "系统管理员"
        }
    }
}
