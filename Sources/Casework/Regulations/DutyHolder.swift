/// Who has to act, or can supply what is missing: an office or a part in the case (obligations 3(b)).
public enum DutyHolder: String, Hashable, Sendable, CaseIterable {
    case officer, handler, drafter, reviewer, unitHead, legalReviewer, departmentHead, deputyHead, agencyHead,
        custodian, administrator
    case party, witness, recipient, server, bureau, anyone
    /// Who the form names as taking part in a discussion of the heads (行政处罚法第五十七条第二款).
    case attendingHead

    /// The name on pages.
    public var chinese: String {
        switch self {
        case .officer: "执法人员"
        case .handler: "承办人"
        case .drafter: "起草人"
        case .reviewer: "审核人"
        case .unitHead: "承办机构负责人"
        case .legalReviewer: "法制审查人员"
        case .departmentHead: "本部门负责人"
        case .deputyHead: "主管局长"
        case .agencyHead: "行政机关负责人"
        case .custodian: "档案管理人员"
        case .administrator: "系统管理员"
        case .party: "当事人"
        case .witness: "见证人"
        case .recipient: "受送达人"
        case .server: "送达人"
        case .bureau: "本机关"
        case .anyone: "任何人"
        case .attendingHead: "参加讨论的负责人"
        }
    }

    /// The office that a person must hold for this; nil for parts in a case and for people outside.
    public var role: Role? {
        switch self {
        case .officer: .officer
        case .unitHead: .unitHead
        case .legalReviewer: .legalReviewer
        case .departmentHead: .departmentHead
        case .deputyHead: .deputyHead
        case .agencyHead: .agencyHead
        case .custodian: .custodian
        case .administrator: .administrator
        case .handler, .drafter, .reviewer, .party, .witness, .recipient, .server, .bureau, .anyone, .attendingHead: nil
        }
    }
}
