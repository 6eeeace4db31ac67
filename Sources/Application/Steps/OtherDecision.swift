import Casework
import Kernel

/// Decisions of another sort than the one on the penalty (行政执法决定书: 责令改正、其他…) in a penalty case.
///
/// The draft, its reviews and its approval are of the decision on the penalty. A decision beside it is approved for
/// itself: a head agrees on a 负责人审批记录 that was made about this very paper and says what it orders.
public enum OtherDecision {
    /// Whether a document is one.
    public static func isOne(_ document: CaseDocument) -> Bool {
        document.kind == DocumentKindName.enforcementDecision && !document.isCaseDecision
    }

    /// The decision of another sort that a form of approval was made about; nil where it is about the draft.
    public static func approved(by form: CaseDocument, in work: Case) -> CaseDocument? {
        guard form.kind == DocumentKindName.headApproval else { return nil }
        return form.about.flatMap(work.document).flatMap { isOne($0) ? $0 : nil }
    }

    /// Papers that a form of approval can be made about: such decisions, not issued.
    public static func waiting(in work: Case) -> [CaseDocument] {
        work.documents.filter { isOne($0) && !$0.isVoid && $0.issue == nil }
    }

    /// What a form of approval says otherwise than the decision that it is about, by field of the form.
    static func problems(in data: JSON, kind: String, about: DocumentID?, work: Case) -> [StepRefusal.FieldError] {
        guard kind == DocumentKindName.headApproval, let decision = about.flatMap(work.document), isOne(decision),
            let proposal = data["proposal"]?.string
        else { return [] }
        let missing = lines(of: decision).filter { !tells(proposal, $0) }
        guard let first = missing.first else { return [] }
        return [.init("proposal", "所审批的《行政执法决定书》写有“\(first)”，这里没有。请照决定书的决定内容填写，审批的才是要制发的内容。")]
    }

    /// Refuses to sign and to issue such a decision before a head approved it.
    static func requireApproved(_ document: CaseDocument, in scene: Scene) throws(StepRefusal) {
        let work = scene.work
        guard isOne(document), work.kind == .penalty, work.procedure == .general else { return }
        let isApproved = work.documents.contains { form in
            !form.isVoid && !form.isSuperseded && approved(by: form, in: work)?.id == document.id
                && form.slots["agencyHead"]?.decision == SigningDecision.agree.rawValue
        }
        guard !isApproved else { return }
        var refusal = StepRefusal(.gate, "这份《行政执法决定书》不是本案草拟、审批的处罚决定，签署、制发以前应当单独审批。")
        refusal.reasons = [
            .init(
                provisions: scene.law.rows(of: "decision-approval", on: scene.now.day),
                missing: "没有对这份决定书的《负责人审批记录》（制作时在“相关文书”里选这份决定书）", who: "承办人制作，行政机关负责人审批")
        ]
        throw refusal
    }

    private static func lines(of decision: CaseDocument) -> [String] {
        decision.data?["content"]?.elements?.compactMap(\.string) ?? []
    }

    /// Whether a text has every clause of another, by its words alone.
    private static func tells(_ text: String, _ line: String) -> Bool {
        !OperativeText(line).unshared(with: [OperativeText(text)]).contains(true)
    }
}
