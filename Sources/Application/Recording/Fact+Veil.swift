import Casework
import Kernel
import Ledger

extension Fact {
    /// The same, no less secret than the document it is about: who signed a reporter's record or was served the answer to a
    /// report is as secret as what the paper says. Names and acts of officers stay what they are.
    ///
    /// The rule stands here, on the one road from a step to the ledger, so that no step can forget it.
    func veiled(in view: CaseView) -> Fact {
        let named = ["document", "receipt", "about"].compactMap { plain[$0]?.string.flatMap { DocumentID($0) } }
        let documents = named.compactMap { view.work.document($0) }
        let about = documents.compactMap(\.about).compactMap { view.work.document($0) }
        // Why something is to be corrected tells as much of it as what it is corrected to.
        let target = plain["target"]?.integer.flatMap { Int(exactly: $0) }.map { $0 - 1 } ?? -1
        let corrected = view.entries.indices.contains(target) ? view.entries[target].entry.openings : []
        let classes =
            (documents + about).compactMap { view.openingClass(of: "data", at: $0.fixedSeq) }
            + corrected.map(\.openingClass)
        guard let veil = OpeningRule.veiled.first(where: classes.contains) else { return withoutPlainForm }
        var fact = self
        fact.fields = fields.map { field in
            let rule = OpeningRule.rule(type: type.rawValue, version: type.version, field: field.name)
            guard [.party, .internal].contains(field.openingClass), rule?.permits(veil) == true else { return field }
            return FieldValue(field.name, field.value, veil)
        }
        return fact.withoutPlainForm
    }

    /// The same, and of a form that must be kept secret nothing stands in the skeleton, which every reader gets for ever.
    private var withoutPlainForm: Fact {
        guard type == .documentFixed, let members = plain.members,
            fields.contains(where: { OpeningRule.veiled.contains($0.openingClass) })
        else { return self }
        var fact = self
        fact.plain = .object(members.filter { $0.key != "data" })
        return fact
    }
}
