import Casework

/// Papers of a case whose act is over (ADR 0053): the sheets of its file until it is filed, and, where a remedy or a change
/// of the decision is on record, what carries that out.
public enum AfterEnd {
    /// Whether what was signed before the end may be issued between the end and the filing, so that the file has its text with
    /// the signatures. What goes to others in the bureau's name, or has a number, would be a new act.
    public static func mayComplete(_ kind: DocumentKind, in work: Case) -> Bool {
        work.ending != nil && !work.isFiled && !kind.inBureausName && kind.numbering == nil
    }

    /// Why a paper of this kind is not drawn up any more; nil if it may be.
    public static func refusal(of kind: DocumentKind, in work: Case) -> StepRefusal? {
        guard work.isOver else { return nil }
        if kind.category == .caseFile {
            return work.isFiled
                ? StepRefusal(.outOfOrder, "本案已归档，案卷封面、目录和备考表保持归档时的原样，不能再制作。") : nil
        }
        if DocumentKindName.afterwards.contains(kind.name) { return StepSpan.contested.refusal(in: work) }
        return StepRefusal(
            .outOfOrder,
            work.isFiled
                ? "本案已归档，不能再起草《\(kind.title)》。复议、诉讼等改变决定的，登记以后制作《行政执法决定书》。"
                : "本案已经终结，不能再起草《\(kind.title)》，只能制作案卷封面、目录和备考表。复议、诉讼等改变决定的，登记以后制作《行政执法决定书》。")
    }
}
