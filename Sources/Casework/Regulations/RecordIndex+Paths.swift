import Kernel

/// What stands at a path.
enum Found {
    /// Values, lists taken apart; none if there is nothing.
    case values([JSON])
    /// A field that was recorded and whose value was withheld or destroyed: it was there, nobody can say what it was.
    case withheld
}

extension RecordIndex {
    /// Looks a path up, seen from the record at `position`.
    func find(
        _ path: Path, from position: Int, trigger: Int?, kinds: DocumentKinds, activity wanted: String? = nil
    ) -> Found {
        switch path.scope {
        case .own: return RecordIndex.member(path.members, of: records[position])
        case .trigger: return trigger.map { RecordIndex.member(path.members, of: records[$0]) } ?? .values([])
        case .activity:
            guard let activity = activity(at: position, of: wanted) else { return .values([]) }
            return ofActivity(activity, path.members)
        case .recording:
            guard let start = recording(at: position).flatMap({ imports[$0] }) else { return .values([]) }
            return RecordIndex.member(path.members, of: records[start])
        case .reference(let role):
            guard let other = referred(role, from: records[position]) else { return .values([]) }
            return RecordIndex.member(path.members, of: records[other])
        case .all(let type):
            let values = (byType[type] ?? []).filter { voided(at: $0) == nil }.flatMap { other -> [JSON] in
                guard case .values(let found) = RecordIndex.member(path.members, of: records[other]) else { return [] }
                return found
            }
            return .values(values)
        case .caseFile: return ofCase(path.members)
        case .first(let kind):
            guard let first = thread(of: records[position], kind: kind).flatMap({ firsts[$0] }) else {
                return .values([])
            }
            return RecordIndex.member(path.members, of: records[first])
        case .document:
            guard let fixed = document(at: position).flatMap({ documents[$0]?.fixed }) else { return .values([]) }
            let kind = kinds.kind(fixedBy: records[fixed])
            switch path.members {
            case ["stage"]: return .values(kind.map { [.string($0.stage.rawValue)] } ?? [])
            case ["category"]: return .values(kind.map { [.string($0.category.rawValue)] } ?? [])
            case ["standard"]: return .values(kind.map { [.boolean($0.isStandard)] } ?? [])
            default: return RecordIndex.member(path.members, of: records[fixed])
            }
        }
    }

    /// A member of a session: of its beginning, else of its end. `endAt` that its end does not state is when it ended.
    private func ofActivity(_ activity: String, _ members: [String]) -> Found {
        var found = Found.values([])
        if let began = activities[activity] { found = RecordIndex.member(members, of: records[began]) }
        guard case .values(let values) = found, values.isEmpty, let ended = activityEnds[activity] else { return found }
        found = RecordIndex.member(members, of: records[ended])
        guard members == ["endAt"], case .values(let stated) = found, stated.isEmpty else { return found }
        return .values([.integer(records[ended].happenedAt.milliseconds)])
    }

    /// A member of the case. `handlers` are all that ever handled it: who must differ from the handlers must differ
    /// from each of them.
    private func ofCase(_ members: [String]) -> Found {
        guard let opened else { return .values([]) }
        let found = RecordIndex.member(members, of: records[opened])
        guard members == ["handlers"], case .values(let first) = found else { return found }
        let later = (byType[.caseHandlersChanged] ?? []).flatMap { records[$0].plain["handlers"]?.elements ?? [] }
        return .values(first + later)
    }

    /// A member of a record: plain first, then its fields. `actor` is the person who recorded it.
    static func member(_ members: [String], of record: Record) -> Found {
        guard let name = members.first else { return .values([]) }
        if members.count == 1, let value = pseudo(name, of: record) { return .values(value) }
        if let plain = record.plain[name] {
            let values = descend(plain, members.dropFirst())
            if !values.isEmpty { return .values(values) }
        }
        if let field = record.fields[name] { return .values(descend(field, members.dropFirst())) }
        return record.fieldNames.contains(name) ? .withheld : .values([])
    }

    /// What every record has besides its members: its type, who recorded it, its thread, its two times in milliseconds.
    private static func pseudo(_ name: String, of record: Record) -> [JSON]? {
        // Most names are none of these, and have another length.
        let length = name.utf8.count
        if length == 4 { return name == "type" ? [.string(record.type.rawValue)] : nil }
        guard length == 5 || length == 6 || length == 8 else { return nil }
        return switch name {
        case "actor": record.actor.map { [.string($0.description)] } ?? []
        case "thread": [.string(record.thread.description)]
        case "happened": [.integer(record.happenedAt.milliseconds)]
        case "recorded": [.integer(record.recordedAt.milliseconds)]
        default: nil
        }
    }

    private static func descend(_ value: JSON, _ members: ArraySlice<String>) -> [JSON] {
        if let elements = value.elements { return elements.flatMap { descend($0, members) } }
        guard let name = members.first else { return [value] }
        return value[name].map { descend($0, members.dropFirst()) } ?? []
    }
}

extension JSON {
    /// The value as a word: text, a truth value as `true` or `false`, a number as its digits.
    var word: String? {
        switch self {
        case .string(let text): text
        case .boolean(let truth): truth ? "true" : "false"
        case .integer(let number): String(number)
        case .object, .array: nil
        }
    }

    /// Whether nothing was entered: no members, no elements, or only white space.
    var isBlank: Bool {
        switch self {
        case .object(let members): members.isEmpty
        case .array(let elements): elements.allSatisfy(\.isBlank)
        case .string(let text): !text.beginsPlainly && text.unicodeScalars.allSatisfy { $0.properties.isWhitespace }
        case .integer, .boolean: false
        }
    }
}

extension String {
    /// Whether its first character is a visible one of ASCII: then it is not blank, and nobody need ask Unicode.
    fileprivate var beginsPlainly: Bool { utf8.first.map { 0x20 < $0 && $0 < 0x7F } ?? false }
}
