import Casework
import Kernel

extension Law {
    /// Matters whose terms may change in this way, by the texts in force, each with the duty that says so.
    public func terms(thatMayBe change: Term.Change) -> [(id: String, title: String)] {
        var seen: Set<String> = []
        var found: [(id: String, title: String)] = []
        for span in rules.spans {
            for provision in span.regulation.provisions {
                for duty in provision.duties where duty.timing.term?.changes.contains(change) == true {
                    guard seen.insert(duty.matter).inserted else { continue }
                    found.append((duty.matter, duty.demand))
                }
            }
        }
        return found.sorted { $0.id < $1.id }
    }
}

extension Law {
    /// The row of an obligation, for pages of threads that are no case.
    public func row(_ obligation: Obligation, in thread: ThreadTag) -> ObligationRow {
        ObligationRow(obligation, in: thread)
    }

    /// Types of records that could meet what is still open of an obligation.
    public func types(meeting obligation: Obligation) -> Set<EntryType> {
        var types: Set<EntryType> = []
        for part in obligation.parts where part.state == .open {
            guard let provision = library.provision(part.citation.provision),
                provision.duties.indices.contains(part.duty)
            else { continue }
            types.formUnion(Law.types(in: provision.duties[part.duty].requirement))
        }
        return types
    }

    private static func types(in requirement: Requirement) -> [EntryType] {
        switch requirement {
        case .record(let wanted): wanted.pattern.types
        case .all(let parts), .any(let parts): parts.flatMap(types)
        case .document, .elapsed, .never: []
        }
    }
}
