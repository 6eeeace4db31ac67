import Casework
import Kernel

/// What a person still has in hand when they leave (未办结工作).
public struct OpenWork: Hashable, Sendable {
    /// Cases that are not filed yet, at most a hundred.
    public let cases: [CaseRow]
    /// All of them.
    public let total: Int
    /// Leads that are not closed, and requests to consult or copy.
    public let leads: Int
    public let requests: Int
    /// Roles that nobody else holds with an account that is in use.
    public let onlyHolder: [Role]

    /// Whether there is nothing to hand over.
    public var isEmpty: Bool { total == 0 && leads == 0 && requests == 0 && onlyHolder.isEmpty }
}

extension Casebook {
    /// What a person has in hand.
    public func openWork(of person: ThreadTag) async throws(StoreError) -> OpenWork {
        var cases: [CaseRow] = []
        var total = 0
        for state in [CaseRow.State.open, .ended] {
            var filter = CaseFilter()
            filter.handler = person
            filter.state = state
            filter.pageSize = 100
            let page = try await registers.cases(filter)
            cases += page.rows
            total += page.total
        }
        func open(_ kind: String) async throws(StoreError) -> Int {
            var count = 0
            for state in [CaseRow.State.open, .ended] {
                var filter = CaseFilter()
                (filter.kind, filter.handler, filter.state, filter.pageSize) = (kind, person, state, 1)
                count += try await registers.cases(filter).total
            }
            return count
        }
        let persons = try await registers.persons()
        let own = persons.first { $0.thread == person }?.roles ?? []
        let others = persons.filter { $0.thread != person && $0.isActive }
        return OpenWork(
            cases: Array(cases.prefix(100)), total: total, leads: try await open(CaseRow.leadKind),
            requests: try await open(CaseRow.requestKind),
            onlyHolder: own.filter { role in !others.contains { $0.roles.contains(role) } })
    }
}

extension PersonRow {
    /// Whether the person can sign in: the account is open, or reset and waiting for its person or a second one.
    public var isActive: Bool { [.open, .reset, .waiting].contains(accountState) }
}
