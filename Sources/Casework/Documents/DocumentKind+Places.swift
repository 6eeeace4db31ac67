import Kernel

/// One place for a signature on a document: a slot, or one of a repeated slot's.
public struct SlotPlace: Hashable, Sendable {
    /// `party`, or `officer1` for a place of the repeated slot `officer`.
    public let name: String
    /// The slot.
    public let slot: SlotDefinition
    /// Whether it must be met for this form.
    public let isRequired: Bool
}

extension DocumentKind {
    /// The places for signatures that a form with this data has, in order of the page.
    ///
    /// A repeated slot has as many places as the field that it grows with has rows, else as the form's largest field of
    /// persons has, and at least `least`.
    public func places(for data: JSON) -> [SlotPlace] {
        let persons = fields.reduce(0) { count, field in
            guard case .persons = field.type else { return count }
            return max(count, data[field.name]?.elements?.count ?? 0)
        }
        return slots.flatMap { slot -> [SlotPlace] in
            let isRequired = slot.required.holds(in: data)
            guard slot.repeats else { return [SlotPlace(name: slot.name, slot: slot, isRequired: isRequired)] }
            let rows = slot.growsWith.map { data[$0]?.elements?.count ?? 0 } ?? persons
            return (1...max(min(rows, FieldType.personLimit), slot.least, 1)).map { number in
                SlotPlace(name: "\(slot.name)\(number)", slot: slot, isRequired: isRequired)
            }
        }
    }
}

extension Requiredness {
    /// Whether something is required of a form with this data.
    public func holds(in data: JSON) -> Bool {
        switch self {
        case .never: false
        case .always: true
        case .when(let conditions): conditions.allSatisfy { $0.holds(in: data) }
        }
    }
}

extension FormCondition {
    /// Whether the condition holds of a form with this data.
    public func holds(in data: JSON) -> Bool {
        let value = data[field]
        let isEmpty =
            switch value {
            case nil: true
            case .string(let text): text.isEmpty
            case .array(let elements): elements.isEmpty
            default: false
            }
        // Of several chosen words one is enough.
        let chosen: [String] =
            switch value {
            case .string(let text): [text]
            case .boolean(let truth): [truth ? "true" : "false"]
            case .integer(let number): [String(number)]
            case .array(let elements): elements.compactMap(\.string)
            default: []
            }
        return switch test {
        case .isOne(let words): chosen.contains { words.contains($0) }
        case .isNone(let words): !chosen.contains { words.contains($0) }
        case .present: !isEmpty
        case .absent: isEmpty
        }
    }
}
