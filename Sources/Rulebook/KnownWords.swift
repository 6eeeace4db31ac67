import Casework

/// What a rule may name besides what stands in its own file: record types and their members, document kinds, matters.
struct KnownWords {
    /// Document kinds by name.
    let kinds: [String: DocumentKind]
    /// Names of the file's settings.
    var settings: [String] = []
    /// Names of the file's offices.
    var offices: [String] = []
    /// The texts that stand together; nil where nobody knows the others.
    var texts: KnownTexts?
    /// Whether the file is one that is kept because entries name it: it was checked when it was adopted, by the checks of
    /// its day, and is read as it stands.
    var isKept = false
    /// Between which bounds each of the file's settings lies.
    var ranges: [String: ClosedRange<Int>] = [:]
    /// What the file asks for.
    let usage = RuleUsage()

    /// Members that a path's first word may be; nil where anything may stand (the cause of an obligation, a reference).
    func members(of path: Path, from types: [EntryType]) -> [String]? {
        let owners: [EntryType]
        switch path.scope {
        case .own: owners = types
        case .document: return EntryType.documentFixed.members.keys.sorted() + KnownWords.ofKind
        case .first(let kind): owners = EntryType.allCases.filter { $0.home == kind }
        case .activity: owners = [.activityBegan, .activityEnded]
        case .recording: owners = [.recordingImported]
        case .caseFile: owners = [.caseOpened]
        case .all(let type, _), .last(let type, _): owners = [type]
        case .reference(let role): owners = isKept ? [] : KnownWords.targets(of: role, from: types)
        case .trigger: return nil
        }
        guard !owners.isEmpty else { return nil }
        return Set(owners.flatMap(\.members.keys)).sorted() + Path.pseudoMembers
    }

    /// What a document's kind says of it.
    private static let ofKind = ["stage", "category", "standard"]

    /// Whether a path's first word may be this member: whether it is among `members`, without making the list.
    func mayBegin(_ path: Path, with member: String, from types: [EntryType]) -> Bool {
        func has(_ owners: some Sequence<EntryType>) -> Bool {
            if Path.pseudoMembers.contains(member) { return true }
            var isEmpty = true
            for owner in owners {
                if owner.members[member] != nil { return true }
                isEmpty = false
            }
            return isEmpty
        }
        return switch path.scope {
        case .own: has(types)
        case .document: EntryType.documentFixed.members[member] != nil || KnownWords.ofKind.contains(member)
        case .first(let kind): has(EntryType.allCases.lazy.filter { $0.home == kind })
        case .activity: has([.activityBegan, .activityEnded])
        case .recording: has([.recordingImported])
        case .caseFile: has([.caseOpened])
        case .all(let type, _), .last(let type, _): has([type])
        case .reference(let role): has(isKept ? [] : KnownWords.targets(of: role, from: types))
        case .trigger: true
        }
    }

    /// Words that a path may hold; nil where the vocabulary is open.
    func words(at path: Path, from types: [EntryType]) -> [String]? {
        let owners: [EntryType]
        switch path.scope {
        case .own: owners = types
        case .document:
            switch path.members {
            case ["kind"]: return kinds.keys.sorted()
            case ["stage"]: return Stage.allCases.map(\.rawValue)
            case ["category"]: return DocumentKind.Category.allCases.map(\.rawValue)
            case ["standard"]: return ["true", "false"]
            default: return path.members.first == "data" ? formWords(path.members.dropFirst().first) : nil
            }
        case .first(let kind): owners = EntryType.allCases.filter { $0.home == kind }
        case .activity: owners = [.activityBegan, .activityEnded]
        case .recording: owners = [.recordingImported]
        case .caseFile: owners = [.caseOpened]
        case .all(let type, _), .last(let type, _): owners = [type]
        case .reference(let role):
            owners = isKept ? [] : KnownWords.targets(of: role, from: types)
            guard !owners.isEmpty else { return nil }
        case .trigger: return nil
        }
        if path.members == ["kind"], owners == [.documentFixed] { return kinds.keys.sorted() }
        if path.members.first == "data", owners == [.documentFixed] { return formWords(path.members.dropFirst().first) }
        guard path.members.count == 1, let name = path.members.first else { return nil }
        if name == "type" { return owners.map(\.rawValue) }
        var result: Set<String> = []
        for owner in owners {
            switch owner.members[name] {
            case .words(let words): result.formUnion(words)
            case .truth: result.formUnion(["true", "false"])
            case .number, .id, .thread, .form, .field: return nil
            case nil: continue
            }
        }
        return result.isEmpty ? nil : result.sorted()
    }

    /// Words of a choice in any kind's form that has a field of this name.
    private func formWords(_ field: String?) -> [String]? {
        guard let field else { return nil }
        var result: Set<String> = []
        for kind in kinds.values {
            switch kind.field(field)?.type {
            case .choice(let options), .choices(let options): result.formUnion(options.map(\.word))
            case nil: continue
            default: return nil
            }
        }
        return result.isEmpty ? nil : result.sorted()
    }
}
