import Casework

extension Law {
    /// Kinds of acts of which a text in force asks this paper, so that the paper has to say to which act it belongs; nil where
    /// no text ties it to one. Empty where those that do name no kind of act.
    public func acts(askingFor kind: String) -> Set<String>? {
        var result: Set<String>?
        for duty in rules.spans.lazy.flatMap(\.regulation.provisions).flatMap(\.duties)
        where duty.trigger.types.contains(.activityBegan) && duty.requirement.asksOfItsOwn(kind) {
            let words = duty.trigger.conditions.compactMap { condition -> [String]? in
                guard condition.path.scope == .own, condition.path.members == ["kind"],
                    case .isOne(let words) = condition.test
                else { return nil }
                return words
            }
            result = (result ?? []).union(words.joined())
        }
        return result
    }
}

extension Requirement {
    /// Whether a document of this kind is asked for that is about the same thing as the causing record.
    fileprivate func asksOfItsOwn(_ kind: String) -> Bool {
        switch self {
        case .document(let wanted): wanted.tie == .sameSubject && wanted.kinds.contains(kind)
        case .all(let parts), .any(let parts): parts.contains { $0.asksOfItsOwn(kind) }
        case .record, .elapsed, .never: false
        }
    }
}
