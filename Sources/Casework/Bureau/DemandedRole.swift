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
        var found: [Role: [String]] = [:]
        for span in rules.spans where span.covers(day) {
            let offices = span.regulation.offices
            let settings = settings.filled(by: span.chosen, declared: offices)
            for provision in span.regulation.provisions {
                // Handlers and servers of documents are officers with a part in one case.
                let holders = provision.duties.map { $0.holder(settings, offices: offices, chosen: span.chosen) }
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
