/// Whom a bureau chose when it adopted a text, because texts name different persons and cannot be compared (design,
/// invariant 9).
public struct AdoptedOffices: Hashable, Sendable {
    /// Who approves (审批).
    public var approver: Role?
    /// Who keeps the records (保管).
    public var custodian: Role?

    /// A choice.
    public init(approver: Role? = nil, custodian: Role? = nil) {
        self.approver = approver
        self.custodian = custodian
    }

    /// Nothing was chosen: each text's own words hold.
    public static let none = AdoptedOffices()

    /// What is chosen on adoption.
    public enum Post: String, Hashable, Sendable, CaseIterable { case approver, custodian }

    /// Who was chosen.
    public func role(for post: Post) -> Role? {
        switch post {
        case .approver: approver
        case .custodian: custodian
        }
    }

    /// The members of an entry that takes a text into force, or stands by it.
    init(_ record: Record) {
        approver = record.word("approver").flatMap(Role.init(rawValue:))
        custodian = record.word("custodian").flatMap(Role.init(rawValue:))
    }

    /// The same, where it says nothing what was chosen before.
    func filled(from earlier: AdoptedOffices) -> AdoptedOffices {
        AdoptedOffices(approver: approver ?? earlier.approver, custodian: custodian ?? earlier.custodian)
    }
}

extension DutyHolder {
    /// A role as somebody who has to act.
    init?(_ role: Role) { self.init(rawValue: role.rawValue) }
}

extension Duty {
    /// Who has to act in a bureau: the holder of the duty's office; where the text says the custodian, whom the bureau
    /// chose to keep its records.
    ///
    /// - Parameter settings: filled by what was chosen on adoption.
    func holder(_ settings: Settings, offices: [OfficeDeclaration], chosen: AdoptedOffices) -> DutyHolder {
        if let office, let name = settings.holder(of: office, declared: offices),
            let holder = DutyHolder(rawValue: name)
        {
            return holder
        }
        if who == .custodian, let role = chosen.custodian, let holder = DutyHolder(role) { return holder }
        return who
    }
}
