import Kernel

/// The rows of the texts in force that a kind of record answers to (依据): those that ask for such a record, and those whose
/// duty is about the record itself. What a page cites is what the bureau adopted, never one text's number for all.
public struct RecordBasis: Hashable, Sendable {
    /// The rows, the bureau's texts before the parent law, in the order of their texts; each once.
    public let provisions: [Provision]

    /// What of the texts in force on a day records of this type answer to.
    ///
    /// - Parameter words: what is given of such a record already, by member: a row that asks for another word is left out.
    public init(of type: EntryType, words: [String: String] = [:], in rules: RulesInForce, on day: CivilDay) {
        provisions = rules.provisions(on: day).filter { provision in
            provision.duties.contains { duty in
                let isCause = RecordBasis.fits(type, words, duty.trigger)
                return duty.requirement.isOfItself && isCause
                    || RecordBasis.isAsked(type, words, by: duty.requirement, ofItself: isCause)
            }
        }
    }

    /// - Parameter ofItself: whether the record may be the causing one, of which a duty asks something itself.
    private static func isAsked(
        _ type: EntryType, _ words: [String: String], by requirement: Requirement, ofItself: Bool
    ) -> Bool {
        switch requirement {
        case .record(let wanted): (ofItself || wanted.tie != .itself) && fits(type, words, wanted.pattern)
        case .document, .elapsed, .never: false
        case .all(let parts), .any(let parts): parts.contains { isAsked(type, words, by: $0, ofItself: ofItself) }
        }
    }

    /// Whether a record with these words may be one of the pattern.
    static func fits(_ type: EntryType, _ words: [String: String], _ pattern: Pattern) -> Bool {
        guard pattern.types.contains(type) else { return false }
        return pattern.conditions.allSatisfy { condition in
            guard condition.path.scope == .own, condition.path.members.count == 1,
                let word = condition.path.members.first.flatMap({ words[$0] })
            else { return true }
            return switch condition.test {
            case .isOne(let allowed): allowed.contains(word)
            case .isNone(let barred): !barred.contains(word)
            default: true
            }
        }
    }
}

extension Requirement {
    /// Whether it asks something of the causing record itself.
    fileprivate var isOfItself: Bool {
        switch self {
        case .record(let wanted): wanted.tie == .itself
        case .document, .elapsed: false
        case .never: true
        case .all(let parts), .any(let parts): parts.contains(where: \.isOfItself)
        }
    }
}

extension RulesInForce {
    /// The rows that are law on a day, the bureau's texts before the parent law, in the order of their texts.
    func provisions(on day: CivilDay) -> [Provision] {
        let texts = spans.filter { $0.covers(day) }.map(\.regulation)
        let ordered = texts.filter { $0.standing != .parentLaw } + texts.filter { $0.standing == .parentLaw }
        return ordered.flatMap(\.provisions).filter { $0.isForce(on: day) }
    }
}

extension Provision {
    /// Whether a row is law on a day; a row without days of its own is as long as its text.
    fileprivate func isForce(on day: CivilDay) -> Bool {
        guard let force else { return true }
        return force.from <= day && force.until.map { day <= $0 } ?? true
    }
}
