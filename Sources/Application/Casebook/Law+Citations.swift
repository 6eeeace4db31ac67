import Casework
import Kernel

extension Law {
    /// The rows of the bureau's own texts that ask for a matter on a day, as a refusal cites them; empty where only the
    /// product's own order does.
    func rows(of matter: String, on day: CivilDay) -> [String] {
        rules.spans.filter { $0.covers(day) && $0.regulation.standing != .parentLaw }.flatMap(\.regulation.provisions)
            .filter { $0.duties.contains { $0.matter == matter } }.map(\.id)
    }
}
