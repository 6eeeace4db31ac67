import Casework
import Kernel
import Ledger

/// The data of a person as a form has them all; what differs from the register is recorded (变更人员信息), or waits for a
/// second person (ADR 0046).
public struct PersonChange: Hashable, Sendable {
    public var name: String
    public var section: String
    public var certificateKind: String
    public var certificateNumber: String
    public var certificateUntil: CivilDay?

    /// Data of a person.
    public init(
        name: String, section: String, certificateKind: String, certificateNumber: String, certificateUntil: CivilDay?
    ) {
        self.name = name
        self.section = section
        self.certificateKind = certificateKind
        self.certificateNumber = certificateNumber
        self.certificateUntil = certificateUntil
    }

    /// The data as the records of the person's thread tell them.
    public init(_ records: [Record]) {
        func last(_ field: String) -> String { records.compactMap { $0.text(field) }.last ?? "" }
        self.init(
            name: last("name"), section: last("section"), certificateKind: last("certificateKind"),
            certificateNumber: last("certificateNumber"),
            certificateUntil: records.compactMap { $0.word("certificateUntil") }.last.flatMap { CivilDay($0) })
    }

    /// What differs from the register, member by member, in the order of the form; empty if nothing does.
    func differences(after records: [Record]) throws(StepRefusal) -> [PersonProposal.Change] {
        guard !records.isEmpty else { throw StepRefusal(.notFound, "没有找到这名人员。") }
        let before = PersonChange(records)
        var form = FormText()
        var after = self
        after.name = form.required(name, "name", "姓名", limit: 60)
        after.section = form.optional(section, "section", "科室", limit: 100) ?? ""
        after.certificateKind = form.optional(certificateKind, "certificateKind", "证件名称", limit: 100) ?? ""
        after.certificateNumber = form.optional(certificateNumber, "certificateNumber", "证件号码", limit: 100) ?? ""
        // The register cannot forget a day, so a certificate without an end needs a number that is gone too.
        if certificateUntil == nil, before.certificateUntil != nil, !after.certificateNumber.isEmpty {
            form.fail("certificateUntil", "请填写证件有效期的最后一日。")
        }
        if certificateUntil == nil { after.certificateUntil = before.certificateUntil }
        try form.finish()
        return PersonChange.members.compactMap { member in
            let (old, new) = (before.text(of: member), after.text(of: member))
            return old.utf8.elementsEqual(new.utf8) ? nil : .init(member: member, before: old, after: new)
        }
    }

    /// The members, in the order of the form.
    static let members = ["name", "section", "certificateKind", "certificateNumber", "certificateUntil"]

    /// What stands in a member, as text; days as `2029-12-31`.
    func text(of member: String) -> String {
        switch member {
        case "name": name
        case "section": section
        case "certificateKind": certificateKind
        case "certificateNumber": certificateNumber
        case "certificateUntil": certificateUntil?.description ?? ""
        default: ""
        }
    }

    /// Which changes of this register wait for a second person: who somebody is, and a certificate that becomes another,
    /// lasts longer or is valid again. A certificate that ends, or ends earlier, takes a right away and does so at once.
    /// The certificate is one thing: where one part of it waits, so do the others.
    func waiting(of changes: [PersonProposal.Change]) -> [PersonProposal.Change] {
        let certificate = changes.filter { $0.member.hasPrefix("certificate") }
        func after(_ member: String) -> String {
            changes.first { $0.member == member }?.after ?? text(of: member)
        }
        let number = after("certificateNumber")
        let grants = certificate.contains { change in
            switch change.member {
            case "certificateNumber": !change.after.isEmpty
            case "certificateKind": !change.after.isEmpty || !number.isEmpty
            default:
                // Without a last day a certificate is valid for good, so the first one that it gets is an end; but not
                // that of a certificate which is still to come.
                certificateNumber.isEmpty
                    || (certificateUntil.flatMap { old in CivilDay(change.after).map { $0 >= old } } ?? false)
            }
        }
        return changes.filter { $0.member == "name" || (grants && $0.member.hasPrefix("certificate")) }
    }

    /// The fact of changes that are carried out; nil for none.
    static func fact(_ changes: [PersonProposal.Change], of person: ThreadTag) -> Fact? {
        guard !changes.isEmpty else { return nil }
        let days = changes.filter { $0.member == "certificateUntil" }
        return Fact(
            .personChanged, in: person, plain: .object(days.map { .init($0.member, .string($0.after)) }),
            fields: changes.filter { $0.member != "certificateUntil" }.map {
                .init($0.member, .string($0.after), .officer)
            })
    }
}
