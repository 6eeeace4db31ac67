import Casework
import Kernel
import Ledger

/// Who writes the draft of a document (起草): whoever may fix a document of this kind in this case, nobody else.
///
/// Everybody who may see the case reads it. A draft of somebody without this right would print values that its reader
/// takes for the handler's, and no record would say who put them there.
public enum DraftRights {
    /// Why a person may not begin, change or discard a draft; nil if they may.
    public static func refusal(of kind: DocumentKind, to person: PersonRow, in work: Case) -> StepRefusal? {
        if let refusal = AfterEnd.refusal(of: kind, in: work) { return refusal }
        switch kind.category {
        case .caseFile:
            guard person.roles.contains(.custodian) else {
                return StepRefusal(.notAllowed, "《\(kind.title)》由档案管理人员制作，您只能查看。")
            }
        case .review:
            guard person.roles.contains(.legalReviewer), !work.investigators.contains(person.thread) else {
                return StepRefusal(.notAllowed, "《\(kind.title)》由没有参与本案的法制审查人员制作，您只能查看。")
            }
        default:
            guard work.handlers.contains(person.thread) else {
                return StepRefusal(.notAllowed, "《\(kind.title)》由本案承办人起草，您只能查看。")
            }
        }
        return nil
    }

    /// Whether a person may read a draft at all.
    ///
    /// What a reporter said, or a secret, is read in a look that the ledger records. A draft stands outside the ledger, so
    /// nobody would ever know who read it: it is for those alone who may write it, and for the case's handlers.
    ///
    /// - Parameter about: the document that it serves or supports.
    public static func mayRead(
        _ kind: DocumentKind, about: DocumentID?, of person: PersonRow, in view: CaseView
    ) -> Bool {
        let isVeiled =
            kind.fields.contains { OpeningRule.veiled.contains($0.opening) }
            || about.flatMap { view.work.document($0) }.map { view.isVeiled($0) } == true
        return !isVeiled || view.work.handlers.contains(person.thread)
            || refusal(of: kind, to: person, in: view.work) == nil
    }

    /// Whether nobody can ever fix this draft: its case is filed or ended, or its document is fixed already.
    public static func isOver(_ draft: Draft, kind: DocumentKind?, in work: Case) -> Bool {
        work.document(draft.id) != nil || kind.map { AfterEnd.refusal(of: $0, in: work) != nil } ?? work.isOver
    }
}
