import Casework
import Kernel

/// Articles that ask a firm for its seal beside the signature (单位签名并加盖公章), found in the rules in force.
public struct SealDemand: Hashable, Sendable {
    /// Ids of the provisions, in the order of the texts.
    public let provisions: [Provision]

    /// What asks for the seal of this place; nil where nothing does, or where the party is a natural person, who has none.
    public init?(of place: SlotPlace, on kind: DocumentKind, in work: Case, law: Law, on day: CivilDay) {
        guard work.subjectKind != "individual", place.slot.kind != .signature, place.slot.who != .bureau else {
            return nil
        }
        let found = law.rules.spans.filter { $0.covers(day) }.flatMap(\.regulation.provisions).filter { provision in
            provision.duties.contains { Self.asks($0.requirement, place: place.name, kind: kind.name) }
        }
        guard !found.isEmpty else { return nil }
        provisions = found
    }

    private static func asks(_ requirement: Requirement, place: String, kind: String) -> Bool {
        switch requirement {
        case .document(let document):
            document.kinds.contains(kind) && document.slots.contains { $0.sealed && $0.slots.contains(place) }
        case .all(let parts), .any(let parts):
            parts.contains { asks($0, place: place, kind: kind) }
        case .record, .elapsed, .never: false
        }
    }
}

extension CaseDocument {
    /// Whether a place that was signed on screen, or whose signer cannot sign, may still be signed and sealed on paper: until
    /// the document is issued. A firm has a seal also where the hand of its person fails.
    ///
    /// What was recorded first stays on record; what is printed names the later, sealed one.
    public func mayAddSeal(to place: SlotPlace) -> Bool {
        guard issue == nil, !isVoid, place.slot.kind != .signature, place.slot.manners.contains(.paper) else {
            return false
        }
        let first: [SigningManner] = [.screen, .unable]
        return slots[place.name].map { met in
            met.by == nil && first.contains { $0.rawValue.utf8.elementsEqual(met.manner.utf8) }
        } ?? false
    }
}
