import Kernel

/// What stands at a path.
enum Found {
    /// Nothing.
    case none
    /// One value.
    case one(JSON)
    /// Several, lists taken apart.
    case many([JSON])
    /// A field that was recorded and whose value was withheld or destroyed: it was there, nobody can say what it was.
    case withheld

    /// The values; nil where they are withheld.
    var values: [JSON]? {
        switch self {
        case .none: []
        case .one(let value): [value]
        case .many(let values): values
        case .withheld: nil
        }
    }

    /// The first value; nil if there is none, or it is withheld.
    var first: JSON? {
        switch self {
        case .none, .withheld: nil
        case .one(let value): value
        case .many(let values): values.first
        }
    }

    var isEmpty: Bool {
        switch self {
        case .none: true
        case .one, .withheld: false
        case .many(let values): values.isEmpty
        }
    }
}

extension RecordIndex {
    /// Looks a path up, seen from the record at `position`.
    func find(
        _ path: Path, from position: Int, trigger: Int?, kinds: DocumentKinds, activity wanted: Int32? = nil
    ) -> Found {
        switch path.scope {
        case .own: return member(path.members, at: position)
        case .trigger: return trigger.map { member(path.members, at: $0) } ?? Found.none
        case .activity:
            guard let activity = activity(at: position, of: wanted) else { return .none }
            var found = Found.none
            if let began = activity.began { found = member(path.members, at: began) }
            guard found.isEmpty, let ended = activity.ended else { return found }
            found = member(path.members, at: ended)
            // An end that its record does not state is when it ended.
            guard path.members == ["endAt"], found.isEmpty else { return found }
            return .one(.integer(records[ended].happenedAt.milliseconds))
        case .recording:
            guard let start = recording(at: position).flatMap({ imports[$0] }) else { return .none }
            return member(path.members, at: start)
        case .reference(let role):
            guard let other = referred(role, from: position) else { return .none }
            return member(path.members, at: other)
        case .all(let type, let chosen):
            var values: [JSON] = []
            for other in byType[type] ?? [] where !isVoid(at: other) && isAmong(chosen, at: other) {
                values += member(path.members, at: other).values ?? []
            }
            return .many(values)
        case .last(let type, let chosen):
            let last = (byType[type] ?? []).last { other in
                other < position && !isVoid(at: other) && isAmong(chosen, at: other)
            }
            return last.map { member(path.members, at: $0) } ?? .none
        case .caseFile: return ofCase(path.members)
        case .first(let kind):
            guard let first = thread(of: records[position], kind: kind).flatMap({ firsts[$0] }) else {
                return .none
            }
            return member(path.members, at: first)
        case .document:
            guard let fixed = fixed(at: position) else { return .none }
            guard path.members.count == 1 else { return member(path.members, at: fixed) }
            switch path.members[0] {
            case "stage": return kinds.kind(fixedBy: records[fixed]).map { .one(.string($0.stage.rawValue)) } ?? .none
            case "category":
                return kinds.kind(fixedBy: records[fixed]).map { .one(.string($0.category.rawValue)) } ?? .none
            case "standard": return kinds.kind(fixedBy: records[fixed]).map { .one(.boolean($0.isStandard)) } ?? .none
            default: return member(path.members, at: fixed)
            }
        }
    }

    /// Whether the record at a position is among those that a path selects. A value that was withheld is none of the words.
    private func isAmong(_ chosen: [Path.Selection], at position: Int) -> Bool {
        chosen.allSatisfy { one in
            let holds = member([one.member], at: position).values?.contains { value in
                value.word.map(one.words.contains) ?? false
            }
            return (holds ?? false) != one.excludes
        }
    }

    /// A member of the case. `handlers` are all that ever handled it: who must differ from the handlers must differ
    /// from each of them.
    private func ofCase(_ members: [String]) -> Found {
        guard let opened else { return .none }
        let found = member(members, at: opened)
        guard members == ["handlers"], let first = found.values else { return found }
        let later = (byType[.caseHandlersChanged] ?? []).flatMap { records[$0].plain["handlers"]?.elements ?? [] }
        return .many(first + later)
    }

    /// A member of a record: plain first, then its fields. `actor` is the person who recorded it.
    func member(_ members: [String], at position: Int) -> Found {
        guard let name = members.first else { return .none }
        if members.count == 1, let value = pseudo(name, at: position) { return value }
        if let plain = records[position].plain[name] {
            let found = RecordIndex.descend(plain, members, from: 1)
            if !found.isEmpty { return found }
        }
        if let field = records[position].fields[name] { return RecordIndex.descend(field, members, from: 1) }
        return records[position].fieldNames.contains(name) ? .withheld : .none
    }

    /// What every record has besides its members: its type, who recorded it, its thread, which it is, its two times in milliseconds.
    private func pseudo(_ name: String, at position: Int) -> Found? {
        // Most names are none of these, and have another length.
        let length = name.utf8.count
        if length == 4 { return name == "type" ? .one(.string(types[position].rawValue)) : nil }
        guard length == 5 || length == 6 || length == 8 else { return nil }
        switch name {
        case "actor": return records[position].actor.map { .one(.string($0.description)) } ?? Found.none
        case "thread": return .one(.string(records[position].thread.description))
        case "record":
            return .one(.string("\(records[position].thread.description)#\(records[position].seq)"))
        case "happened": return .one(.integer(records[position].happenedAt.milliseconds))
        case "recorded": return .one(.integer(records[position].recordedAt.milliseconds))
        default: return nil
        }
    }

    private static func descend(_ value: JSON, _ members: [String], from place: Int) -> Found {
        if let elements = value.elements {
            var values: [JSON] = []
            for element in elements { values += descend(element, members, from: place).values ?? [] }
            return .many(values)
        }
        guard place < members.count else { return .one(value) }
        return value[members[place]].map { descend($0, members, from: place + 1) } ?? .none
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
