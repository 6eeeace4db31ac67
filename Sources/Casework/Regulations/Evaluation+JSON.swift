import Kernel

extension Evaluation {
    /// The whole evaluation as recorded when a case is filed: every obligation with its sources, state and times.
    public var json: JSON {
        [
            "obligations": .array(obligations.map(\.json)),
            "yearsWithoutCalendar": .array(yearsWithoutCalendar.map { .integer(Int64($0)) }),
        ]
    }
}

extension Obligation {
    /// Name, title, state and parts.
    public var json: JSON {
        var members: [JSON.Member] = [
            .init("demand", .string(demand)), .init("gate", .string(gate.rawValue)),
            .init("key", .string(key.description)), .init("parts", .array(parts.map(\.json))),
            .init("state", .string(state.rawValue)), .init("title", .string(title)),
        ]
        if let due { members.append(.init("due", .string(due.description))) }
        if let lateFrom { members.append(.init("lateFrom", .string(lateFrom.description))) }
        if let lastDay { members.append(.init("lastDay", .string(lastDay.description))) }
        return .object(members)
    }
}

extension ObligationPart {
    fileprivate var json: JSON {
        var members: [JSON.Member] = [
            .init("article", .string(citation.article)), .init("digest", .string(citation.digest.description)),
            .init("provision", .string(citation.provision)), .init("state", .string(state.rawValue)),
            .init("who", .string(who.rawValue)),
        ]
        if let metAt { members.append(.init("metAt", .string(metAt.description))) }
        if !missing.isEmpty { members.append(.init("missing", .array(missing.map { .string($0.sentence) }))) }
        if let override { members.append(.init("override", .string(override.given.description))) }
        return .object(members)
    }
}
