import Application
import Casework
import Kernel

/// The papers that a person can write in a case: those that it can need now, and the others that it can have.
///
/// Which is which stands in each kind's own file. What the case can never have is on neither list, nor is what takes a
/// power that the bureau has not.
struct PaperShelf: Sendable {
    /// What the case can need where it stands.
    let now: [DocumentKind]
    /// What it can have, but hardly needs yet or any more.
    let others: [DocumentKind]
    /// What others make and this person may take into the case.
    let outside: [DocumentKind]

    init(view: CaseView, law: Law, person: PersonRow, now: Instant) {
        let work = view.work
        let kinds = law.drawnKinds.filter { kind in
            guard DraftRights.refusal(of: kind, to: person, in: work) == nil,
                law.refusal(of: kind, in: work, on: now.day) == nil
            else { return false }
            switch kind.category {
            case .caseFile: return work.ending != nil
            case .review: return work.drafting != nil
            default: return true
            }
        }
        func isInFront(_ kind: DocumentKind) -> Bool {
            // The sheets of the case file are all that an ended case takes, and what a remedy leads to.
            kind.category == .caseFile || kind.category == .review || work.isOver
                || kind.isInFront(of: work, records: view.records)
        }
        self.now = kinds.filter(isInFront)
        others = kinds.filter { !isInFront($0) }
        outside =
            OutsidePapers.refusal(to: person, in: work) == nil
            ? law.outsideKinds.filter { law.refusal(of: $0, in: work, on: now.day) == nil } : []
    }
}
