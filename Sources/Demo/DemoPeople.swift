import Application
import Casework
import Kernel

/// The people of the demonstration: plainly fictional, one for each duty that a case needs.
public struct DemoPeople: Sendable {
    /// A person with the open secret of their account.
    public struct Member: Sendable {
        /// Who it is.
        public let person: NewPerson
        /// Shown on the sign-in page of a demonstration, and nowhere used but there.
        public let secret: String
        /// What they do, for the sign-in page.
        public let duty: String
    }

    /// Handles every case of the demonstration.
    public let officer1: Member
    /// The second officer of every case.
    public let officer2: Member
    /// An officer who handles none of the cases.
    public let officer3: Member
    /// Head of the handling unit; checks what the custodian made up.
    public let unitHead: Member
    /// Legal reviewer.
    public let reviewer: Member
    /// Head of the bureau.
    public let head: Member
    /// Records custodian.
    public let custodian: Member
    /// The other head of the bureau: a discussion of the heads needs two.
    public let deputy: Member
    /// Keeps accounts and settings; has no right to cases.
    public let administrator: Member

    /// Everybody, in the order of the sign-in page.
    public var all: [Member] {
        [officer1, officer2, officer3, unitHead, reviewer, head, deputy, custodian, administrator]
    }

    /// The people, with threads drawn anew.
    ///
    /// - Parameter certifiedUntil: the last day of the officers' certificates.
    public init(certifiedUntil: CivilDay) {
        func member(
            _ name: String, _ account: String, _ section: String, _ duty: String, roles: [Role], number: String = ""
        ) -> Member {
            Member(
                person: NewPerson(
                    thread: .random(), name: name, section: section,
                    certificateKind: number.isEmpty ? "" : "统计执法证", certificateNumber: number,
                    certificateUntil: number.isEmpty ? nil : certifiedUntil, roles: roles, account: account),
                secret: "demo-\(account)-2026", duty: duty)
        }
        officer1 = member("周一舟", "zhou", "检查科", "执法人员（承办人）", roles: [.officer], number: "QH-T-0007")
        officer2 = member("林小满", "lin", "检查科", "执法人员（承办人）", roles: [.officer], number: "QH-T-0011")
        officer3 = member("白一禾", "bai", "检查科", "执法人员", roles: [.officer], number: "QH-T-0015")
        unitHead = member("唐予安", "tang", "检查科", "承办机构负责人、案卷检查人", roles: [.unitHead, .custodian])
        reviewer = member("顾怀瑜", "gu", "法规股", "法制审查人员", roles: [.legalReviewer])
        head = member("沈知行", "shen", "局领导", "行政机关负责人", roles: [.agencyHead, .departmentHead])
        deputy = member("陆明川", "lu", "局领导", "部门负责人（副局长）", roles: [.departmentHead, .deputyHead])
        custodian = member("江书遥", "jiang", "办公室", "档案管理人员", roles: [.custodian])
        administrator = member("秦默", "admin", "办公室", "系统管理员", roles: [.administrator])
    }
}
