import Kernel

/// A role that the texts in force cannot do without (岗位): who has to act by some provision.
public struct DemandedRole: Hashable, Sendable {
    public let role: Role
    /// Ids of the provisions that ask for it, in the order of the texts.
    public let provisions: [String]
    /// How many persons it takes: two officers conduct every inspection.
    public let atLeast: Int

    /// The roles that the texts in force on a day demand, in the order of `Role`.
    public static func all(in rules: RulesInForce, on day: CivilDay) -> [DemandedRole] {
        var found: [Role: [String]] = [:]
        for span in rules.spans where span.covers(day) {
            for provision in span.regulation.provisions {
                // Handlers and servers of documents are officers with a part in one case.
                let roles = Set(provision.duties.compactMap { $0.who.role ?? ($0.who == .handler ? .officer : nil) })
                for role in roles { found[role, default: []].append(provision.id) }
            }
        }
        return Role.allCases.compactMap { role in
            found[role].map { DemandedRole(role: role, provisions: $0, atLeast: role == .officer ? 2 : 1) }
        }
    }
}
