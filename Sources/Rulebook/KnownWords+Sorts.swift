import Casework

/// What stands at a path, as far as tests can tell sorts apart.
enum ValueSort {
    /// Milliseconds, a day, or a count: numbers are compared, and as times too.
    case number
    /// A day or a time in words.
    case time
    /// An id, which may be a day.
    case id
    /// Words, truth values, persons, texts, tables: nothing that is more or less.
    case other

    /// Whether numbers are compared there.
    var isNumber: Bool { self == .number }
    /// Whether times are compared there.
    var isTime: Bool { self != .other }
}

extension KnownWords {
    /// Types of record that a reference of this role leads to, from records of these types.
    static func targets(of role: String, from types: [EntryType]) -> [EntryType] {
        let all = ReferenceRole.all.filter { types.contains($0.type) && $0.role == role }.map(\.target)
        return EntryType.allCases.filter { all.contains($0) }
    }

    /// The roles in which records of these types refer.
    static func roles(from types: [EntryType]) -> [String] {
        Set(ReferenceRole.all.filter { types.contains($0.type) }.map(\.role)).sorted()
    }

    /// Sorts of the values that may stand at a path; empty where nothing is known.
    ///
    /// - Parameter chosen: kinds of the form, where the pattern names them.
    func sorts(at path: Path, from types: [EntryType], kinds chosen: [String] = []) -> [ValueSort] {
        let owners: [EntryType]
        switch path.scope {
        case .own: owners = types
        case .document: owners = [.documentFixed]
        case .first(let kind): owners = EntryType.allCases.filter { $0.home == kind }
        case .activity: owners = [.activityBegan, .activityEnded]
        case .recording: owners = [.recordingImported]
        case .caseFile: owners = [.caseOpened]
        case .all(let type, _), .last(let type, _): owners = [type]
        case .reference(let role): owners = KnownWords.targets(of: role, from: types)
        case .trigger: return []
        }
        guard let name = path.members.first else { return [] }
        if ["happened", "recorded"].contains(name), path.members.count == 1 { return [.number] }
        if ["type", "actor", "thread"].contains(name), path.members.count == 1 { return [.other] }
        if name == "data", owners.contains(.documentFixed) {
            return path.members.count == 2 ? fieldTypes(path.members[1], in: chosen).map { $0.sort } : []
        }
        guard path.members.count == 1 else { return [] }
        return owners.compactMap { owner in
            switch owner.members[name] {
            case .number: .number
            case .id: .id
            case .words, .truth, .thread, .field: .other
            case .form, nil: nil
            }
        }
    }

    /// The types of a form's field in these kinds; in all where none is named.
    private func fieldTypes(_ name: String, in chosen: [String]) -> [FieldType] {
        let some = chosen.isEmpty ? Array(kinds.values) : chosen.compactMap { kinds[$0] }
        return some.compactMap { $0.field(name)?.type }
    }

    /// Names of fields of these kinds. Nil where none is named, since papers of no standard form carry fields of their own,
    /// and where a kind is named that has no form here.
    func fieldNames(in chosen: [String]) -> [String]? {
        let some = chosen.compactMap { kinds[$0] }
        guard !some.isEmpty, some.count == chosen.count else { return nil }
        return Set(some.flatMap { $0.fields.map(\.name) }).sorted()
    }

    /// Whether a path leads into a form.
    func isForm(_ path: Path, from types: [EntryType]) -> Bool {
        guard path.members.first == "data", path.members.count > 1 else { return false }
        switch path.scope {
        case .own: return types.contains(.documentFixed)
        case .document, .trigger: return true
        case .all(let type, _), .last(let type, _): return type == .documentFixed
        case .reference(let role): return KnownWords.targets(of: role, from: types).contains(.documentFixed)
        case .first, .activity, .recording, .caseFile: return false
        }
    }
}

extension FieldType {
    fileprivate var sort: ValueSort {
        switch self {
        case .integer, .money: .number
        case .day, .instant: .time
        case .text, .longText, .choice, .choices, .list, .persons, .table: .other
        }
    }
}
