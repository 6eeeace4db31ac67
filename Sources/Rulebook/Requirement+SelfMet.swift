import Casework

/// Whether what causes a duty is what meets it: such a duty is kept as soon as it begins, and asks nothing of anybody.
extension Requirement {
    /// Whether every record that matches the trigger meets the requirement by itself.
    func isMet(by trigger: Pattern) -> Bool {
        switch self {
        case .never, .elapsed: false
        case .all(let parts): parts.allSatisfy { $0.isMet(by: trigger) }
        case .any(let parts): parts.contains { $0.isMet(by: trigger) }
        case .record(let record): record.isMet(by: trigger)
        case .document(let paper): paper.isMet(by: trigger)
        }
    }
}

extension RecordRequirement {
    fileprivate func isMet(by trigger: Pattern) -> Bool {
        guard tie.includesCause, !afterCause, !beforeCause, !latest, together.isEmpty, unbroken == nil,
            undoneBy.isEmpty,
            fields.isEmpty
        else { return false }
        return Set(trigger.types).isSubset(of: pattern.types)
            && pattern.conditions.allSatisfy { $0.isImplied(by: trigger.conditions) }
    }
}

extension DocumentRequirement {
    fileprivate func isMet(by trigger: Pattern) -> Bool {
        guard tie.includesCause, !afterCause, !issued, fields.isEmpty, slots.isEmpty else { return false }
        let ofKind = Condition(Path(.own, ["kind"]), .isOne(of: kinds))
        return trigger.types == [.documentFixed]
            && (conditions + [ofKind]).allSatisfy { $0.isImplied(by: trigger.conditions) }
    }
}

extension Tie {
    /// Whether the causing record is one of those that it ties.
    fileprivate var includesCause: Bool {
        switch self {
        case .sameSubject, .itself, .anywhere: true
        case .refers, .about, .named, .same: false
        }
    }
}

extension Condition {
    /// Whether it holds wherever all of these hold.
    fileprivate func isImplied(by others: [Condition]) -> Bool {
        others.contains { other in
            guard other.path == path else { return false }
            if other.test == test { return true }
            return switch (test, other.test) {
            case (.isOne(let wanted), .isOne(let told)): !told.isEmpty && Set(told).isSubset(of: wanted)
            case (.isNone(let unwanted), .isOne(let told)): Set(told).isDisjoint(with: unwanted)
            case (.isNone(let unwanted), .isNone(let told)): Set(unwanted).isSubset(of: told)
            case (.present, .isOne): true
            default: false
            }
        }
    }
}
