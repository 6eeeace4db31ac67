import Application
import Casework
import Kernel

/// What a draft holds: the form's values, texts that could not be read yet, and what the document belongs to.
///
/// In the stored draft everything that is not a value of the form stands under names that begin with `@`, which no
/// field of a kind has.
struct DraftContent: Sendable {
    /// Values by field name.
    var values: [JSON.Member] = []
    /// Texts as typed, by field name, where they could not be read.
    var raw: [String: String] = [:]
    /// The on-site session it was made in.
    var activity: ActivityID?
    /// The document that it serves or supports.
    var about: DocumentID?

    init(values: [JSON.Member] = [], activity: ActivityID? = nil, about: DocumentID? = nil) {
        self.values = values
        self.activity = activity
        self.about = about
    }

    /// Reads a stored draft.
    init(_ data: JSON) {
        for member in data.members ?? [] {
            switch member.key {
            case "@activity": activity = member.value.string.flatMap { ActivityID($0) }
            case "@about": about = member.value.string.flatMap { DocumentID($0) }
            case "@raw":
                for text in member.value.members ?? [] { raw[text.key] = text.value.string }
            default: values.append(member)
            }
        }
    }

    /// The values alone: what is printed and fixed.
    var data: JSON { .object(values.sorted { $0.key < $1.key }) }

    /// The whole, to be stored.
    var stored: JSON {
        var members = values
        if let activity { members.append(.init("@activity", .string(activity.description))) }
        if let about { members.append(.init("@about", .string(about.description))) }
        if !raw.isEmpty {
            members.append(
                .init("@raw", .object(raw.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })))
        }
        return .object(members.sorted { $0.key < $1.key })
    }
}

extension DraftContent {
    /// The fields of a kind with what the draft holds, each with the article behind it: what the kind itself names, else what
    /// the texts in force ask of such papers.
    func fields(
        of kind: DocumentKind, persons: [PersonRow], law: Law, on day: CivilDay, address: Address
    ) -> [FieldModel] {
        let basis = FieldBasis(ofPaper: kind.name, in: law.rules, on: day)
        let officers = persons.filter { $0.roles.contains(.officer) }
        return kind.fields.map { definition in
            let offered = AttendingHeads.choices(for: definition.name, of: kind, among: persons) ?? officers
            var field = FieldModel(
                name: definition.name, label: definition.label,
                control: FieldModel.Control(definition.type, persons: offered),
                isRequired: definition.required.holds(in: data), help: definition.help)
            field.input = FieldModel.Input(data[definition.name], as: definition.type)
            if let typed = raw[definition.name] { field.input = .text(typed) }
            if case .list = definition.type, definition.help.isEmpty { field.help = "每行一项。" }
            if let provision = definition.provisions.first.flatMap(law.library.provision) ?? basis[definition.name] {
                field.article = Help(behind: provision, address: address)
            }
            return field
        }
    }

    /// Takes in what was typed. Text that cannot be read is kept as it is and said in the errors.
    mutating func read(
        _ form: Form, kind: DocumentKind, persons: [PersonRow]
    ) -> [StepRefusal.FieldError] {
        var errors: [StepRefusal.FieldError] = []
        values = []
        raw = [:]
        for definition in kind.fields {
            var field = FieldModel(
                name: definition.name, label: definition.label,
                control: FieldModel.Control(definition.type, persons: persons))
            field.read(form)
            do throws(FieldModel.Unreadable) {
                if let value = try field.value(as: definition.type, persons: persons) {
                    values.append(.init(definition.name, value))
                }
            } catch {
                raw[definition.name] = field.text
                errors.append(.init(definition.name, error.text))
            }
        }
        return errors
    }
}
