import Casework
import Kernel
import Ledger

/// A change of the rules as the administrator prepares it.
public struct RuleChange: Hashable, Sendable {
    public var act: RuleAct
    /// The file to adopt, or to put in the place of `replaces`; for a repeal the file in force.
    public var digest: Digest
    /// The file that a repair mends.
    public var replaces: Digest?
    /// The first day in force of an adoption, the last of a repeal; nil for a repair.
    public var day: CivilDay?
    /// Who approves where texts name different approvers.
    public var approver: Role?
    /// Who keeps the records.
    public var custodian: Role?
    public var reason: String

    /// A change.
    public init(
        act: RuleAct, digest: Digest, replaces: Digest? = nil, day: CivilDay? = nil, approver: Role? = nil,
        custodian: Role? = nil, reason: String
    ) {
        self.act = act
        self.digest = digest
        self.replaces = replaces
        self.day = day
        self.approver = approver
        self.custodian = custodian
        self.reason = reason
    }

    /// Roles among which a bureau chooses who approves.
    public static let approvers: [Role] = [.departmentHead, .deputyHead, .agencyHead]
    /// Roles among which a bureau chooses who keeps the records.
    public static let custodians: [Role] = [.custodian, .legalReviewer, .unitHead]

    /// The plain members of the entry that carries it out.
    func members(in library: RuleLibrary) throws(StepRefusal) -> [JSON.Member] {
        guard let text = library.regulation(digest) else {
            throw StepRefusal(.notFound, "Regulations 目录里没有这个制度文件。")
        }
        // Parent law binds whatever the bureau thinks of it; only a recorded override with legal basis passes a gate.
        guard act != .repeal || text.standing == .own else {
            throw StepRefusal(.notAllowed, "上位法由国家机关制定和废止，本机关不能废止。")
        }
        var form = FormText()
        _ = form.required(reason, "reason", "理由或者文号", limit: 300)
        var members: [JSON.Member] = [.init("regulation", .string(text.id))]
        switch act {
        case .adopt:
            if text.standing == .own {
                members += RuleChange.choices(approver: approver, custodian: custodian, &form)
            }
            if day == nil { form.fail("day", "请填写开始施行的日期。") }
            members.append(.init("digest", .string(digest.description)))
            if let day { members.append(.init("inForceFrom", .string(day.description))) }
        case .repair:
            guard let replaces, let before = library.regulation(replaces), before.id == text.id else {
                throw StepRefusal(.notFound, "没有找到要修正的制度文件。")
            }
            guard replaces != digest else { throw StepRefusal(.outOfOrder, "修正前后是同一个文件。") }
            members.append(.init("digest", .string(digest.description)))
            members.append(.init("replaces", .string(replaces.description)))
            members.append(
                .init("rows", .array(RuleChange.rows(from: before, to: text).map { .string($0) })))
        case .repeal:
            if day == nil { form.fail("day", "请填写最后施行的日期。") }
            if let day { members.append(.init("lastDay", .string(day.description))) }
        case .override: throw StepRefusal(.notFound, "适用上位规定不是制度文件的变更，请在“适用上位规定”里登记。")
        }
        if act != .repeal, let edition = library.edition(of: digest) {
            // Judged from then on with the matters of today's files, whatever a later program brings.
            members.append(.init("edition", .string(edition.description)))
        }
        try form.finish()
        return members
    }

    /// The members of the bureau's choice of approver and custodian; what is missing is said in the form.
    static func choices(approver: Role?, custodian: Role?, _ form: inout FormText) -> [JSON.Member] {
        var members: [JSON.Member] = []
        if let approver, approvers.contains(approver) {
            members.append(.init("approver", .string(approver.rawValue)))
        } else {
            form.fail("approver", "请选择由谁审批。")
        }
        if let custodian, custodians.contains(custodian) {
            members.append(.init("custodian", .string(custodian.rawValue)))
        } else {
            form.fail("custodian", "请选择由谁保管。")
        }
        return members
    }

    /// Ids of the provisions that differ between two files of one text.
    public static func rows(from old: Regulation, to new: Regulation) -> [String] {
        let before = Dictionary(old.provisions.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let after = Dictionary(new.provisions.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
    }
}
