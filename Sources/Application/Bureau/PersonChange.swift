import Casework
import Kernel
import Ledger

/// The data of a person as a form has them all; what differs from the register is recorded (变更人员信息).
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

    /// The fact that records what differs; nil if nothing does.
    func fact(of person: ThreadTag, after records: [Record]) throws(StepRefusal) -> Fact? {
        guard !records.isEmpty else { throw StepRefusal(.notFound, "没有找到这名人员。") }
        let before = PersonChange(records)
        var form = FormText()
        let name = form.required(self.name, "name", "姓名", limit: 60)
        let texts = [
            ("section", "科室", section, before.section),
            ("certificateKind", "证件名称", certificateKind, before.certificateKind),
            ("certificateNumber", "证件号码", certificateNumber, before.certificateNumber),
        ]
        var fields: [FieldValue] = []
        if !name.utf8.elementsEqual(before.name.utf8) { fields.append(.init("name", .string(name), .officer)) }
        for (field, label, value, old) in texts {
            let new = form.optional(value, field, label, limit: 100) ?? ""
            if !new.utf8.elementsEqual(old.utf8) { fields.append(.init(field, .string(new), .officer)) }
        }
        // The register cannot forget a day, so a certificate without an end needs a number that is gone too.
        if certificateUntil == nil, before.certificateUntil != nil, !certificateNumber.trimmedWhitespace.isEmpty {
            form.fail("certificateUntil", "请填写证件有效期的最后一日。")
        }
        try form.finish()
        var plain: [JSON.Member] = []
        if let certificateUntil, certificateUntil != before.certificateUntil {
            plain.append(.init("certificateUntil", .string(certificateUntil.description)))
        }
        guard !fields.isEmpty || !plain.isEmpty else { return nil }
        return Fact(.personChanged, in: person, plain: .object(plain), fields: fields)
    }
}
