import Casework
import Kernel

/// Who writes the draft of a document (起草): whoever may fix a document of this kind in this case, nobody else.
///
/// Everybody who may see the case reads it. A draft of somebody without this right would print values that its reader
/// takes for the handler's, and no record would say who put them there.
public enum DraftRights {
    /// Why a person may not begin, change or discard a draft; nil if they may.
    public static func refusal(of kind: DocumentKind, to person: PersonRow, in work: Case) -> StepRefusal? {
        if work.isFiled { return StepRefusal(.outOfOrder, "本案已归档，不能再起草文书。") }
        if work.ending != nil, kind.category != .caseFile {
            return StepRefusal(.outOfOrder, "本案已经终结，只能制作案卷封面、目录和备考表。")
        }
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

    /// Whether nobody can ever fix this draft: its case is filed or ended, or its document is fixed already.
    public static func isOver(_ draft: Draft, kind: DocumentKind?, in work: Case) -> Bool {
        work.isFiled || work.document(draft.id) != nil || work.ending != nil && kind?.category != .caseFile
    }
}
