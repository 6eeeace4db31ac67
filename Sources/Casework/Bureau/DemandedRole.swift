import Kernel

/// A role that the texts in force cannot do without (岗位): who has to act by some provision, or to sign some document.
public struct DemandedRole: Hashable, Sendable {
    public let role: Role
    /// Ids of the provisions that ask for it, in the order of the texts.
    public let provisions: [String]
    /// Titles of documents that always need the role's signature.
    public let documents: [String]
    /// How many persons it takes: two officers conduct every inspection.
    public let atLeast: Int

    /// The roles that the texts in force on a day demand, in the order of `Role`.
    ///
    /// - Parameters:
    ///   - kinds: the kinds of documents that this program draws up.
    ///   - settings: what the bureau has set, offices among it.
    public static func all(
        in rules: RulesInForce, kinds: [DocumentKind], settings: Settings = Settings(), on day: CivilDay
    ) -> [DemandedRole] {
        let named = Dictionary(kinds.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var found: [Role: [String]] = [:]
        for span in rules.spans where span.covers(day) {
            let offices = span.regulation.offices
            let settings = settings.filled(by: span.chosen, declared: offices)
            for provision in span.regulation.provisions {
                // Handlers and servers of documents are officers with a part in one case.
                var holders = provision.duties.map { $0.holder(settings, offices: offices, chosen: span.chosen) }
                for duty in provision.duties {
                    holders += duty.requirement.signers(kinds: named) { settings.holder(of: $0, declared: offices) }
                }
                let roles = Set(holders.compactMap { $0.role ?? ($0 == .handler ? .officer : nil) })
                for role in roles { found[role, default: []].append(provision.id) }
            }
        }
        var signed: [Role: [String]] = [:]
        for kind in kinds.sorted(by: { $0.name < $1.name }) {
            let roles = Set(kind.slots.filter { $0.required == .always }.compactMap { $0.who.role })
            for role in roles { signed[role, default: []].append(kind.title) }
        }
        return Role.allCases.filter { found[$0] != nil || signed[$0] != nil }.map { role in
            DemandedRole(
                role: role, provisions: found[role] ?? [], documents: signed[role] ?? [],
                atLeast: role == .officer ? 2 : 1)
        }
    }
}

extension Requirement {
    /// Who signs in the places of offices: the texts say an office there, and the bureau whose place on the form it is.
    fileprivate func signers(
        kinds: [String: DocumentKind], place: (String) -> String?
    ) -> [DutyHolder] {
        switch self {
        case .document(let wanted):
            let offices = wanted.slots.flatMap(\.slots).filter { $0.hasPrefix("@") }
            let places = offices.compactMap { place(String($0.dropFirst())) }
            return wanted.kinds.flatMap { kind in places.compactMap { kinds[kind]?.slot($0)?.who } }
        case .all(let parts), .any(let parts): return parts.flatMap { $0.signers(kinds: kinds, place: place) }
        case .record, .elapsed, .never: return []
        }
    }
}
