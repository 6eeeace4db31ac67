import Application
import Casework
import Kernel

/// Sheets of a case file in the browser: what the system computes is shown, never asked.
extension DraftScene {
    /// The computed values of a sheet as this person would make it up now; empty for other kinds.
    func computed(for person: PersonRow, at now: Instant) -> [JSON.Member] {
        CaseFileSheets(
            view: view, source: source, law: law, archivist: person, persons: persons, losses: losses, now: now
        ).computed(for: kind.name)
    }

    /// The computed values as rows to read.
    var computedRows: [SummaryList.Row] {
        let values = JSON.object(sheet)
        return CaseFileSheets.computedFields(of: kind.name).compactMap { name in
            guard let field = kind.field(name), let value = values[name],
                let text = FieldText.text(value, as: field.type)
            else { return nil }
            return SummaryList.Row(label: field.label, value: SummaryList.paragraphs(text))
        }
    }
}

extension DraftContent {
    /// Puts the computed values in the place of whatever was sent for them.
    ///
    /// - Returns: fields that were sent with something else. What was sent is not kept.
    mutating func complete(_ sheet: [JSON.Member], of kind: DocumentKind) -> [StepRefusal.FieldError] {
        let names = CaseFileSheets.computedFields(of: kind.name)
        guard !names.isEmpty else { return [] }
        let computed = JSON.object(sheet)
        var errors: [StepRefusal.FieldError] = []
        for name in names {
            let sent = data[name]
            let isOther = raw[name] != nil || sent.map { $0.canonicalBytes != computed[name]?.canonicalBytes } ?? false
            if isOther {
                errors.append(.init(name, "“\(kind.field(name)?.label ?? name)”由系统按本案的记录填写，不能改动；填写的内容没有采用。"))
            }
            raw[name] = nil
            values.removeAll { $0.key == name }
            if let value = computed[name] { values.append(.init(name, value)) }
        }
        return errors
    }
}
