import Kernel

/// Which row of the texts in force asks for what a record or a paper holds, by the member's name: the help beside a field.
///
/// The first row that names it, the bureau's own texts before the parent law. A member that no row names has none: it is asked
/// for what the record is, not for what an article demands of it.
public struct FieldBasis: Hashable, Sendable {
    private var rows: [String: Provision] = [:]

    /// The row behind a member; nil where none names it.
    public subscript(member: String) -> Provision? { rows[member] }

    /// The members of records of this type.
    ///
    /// - Parameter words: what is given of such a record already, by member: what is given is not asked, and a row that wants
    ///   another word is left out.
    public init(of type: EntryType, words: [String: String] = [:], in rules: RulesInForce, on day: CivilDay) {
        add(RecordBasis(of: type, words: words, in: rules, on: day).provisions) { requirement in
            guard case .record(let wanted) = requirement, RecordBasis.fits(type, words, wanted.pattern) else {
                return []
            }
            let conditions = wanted.pattern.conditions + wanted.latestOf + wanted.together
            return (wanted.fields.map(\.path) + conditions.map(\.path)).compactMap { path in
                path.scope == .own ? path.members.first : nil
            }
        }
        for given in words.keys { rows[given] = nil }
    }

    /// The fields of papers of this kind.
    public init(ofPaper kind: String, in rules: RulesInForce, on day: CivilDay) {
        add(rules.provisions(on: day)) { requirement in
            guard case .document(let wanted) = requirement, wanted.kinds.contains(kind) else { return [] }
            // What a form holds stands under `data` of the record that fixed it.
            return wanted.fields.compactMap {
                $0.path.members.first == "data" ? $0.path.members.dropFirst().first : nil
            }
        }
    }

    private mutating func add(_ provisions: [Provision], _ asked: (Requirement) -> [String]) {
        for provision in provisions {
            for member in provision.duties.flatMap({ $0.requirement.parts.flatMap(asked) }) where rows[member] == nil {
                rows[member] = provision
            }
        }
    }
}

extension Requirement {
    /// Its parts that have no parts.
    fileprivate var parts: [Requirement] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.parts)
        case .record, .document, .elapsed, .never: [self]
        }
    }
}
