import Casework

/// How far into the life of a case a step lasts: whether it may be taken after the act has ended, and after its file was
/// closed (ADR 0053). Every step says it, and `Scene.require` enforces it; pages and the API ask the same.
public enum StepSpan: Hashable, Sendable, CaseIterable {
    /// While the act goes on.
    case running
    /// Until the file is closed.
    case unfiled
    /// At any time: what comes after the end by its nature. A remedy may be sought for half a year after a service.
    case always
    /// After the end only where a remedy, or a change of the decision, is on record.
    case contested
    /// After the end only where a remedy or a change is on record, or a penalty was decided: what becomes of a decision
    /// comes with papers, and steps that rest on them name them.
    case decided
    /// After the end only where something was issued since, which can be served.
    case served
    /// After the end only while the penalty stands and is not performed in full.
    case owed

    /// Why such a step may not be taken where the case stands; nil if it may.
    public func refusal(in work: Case) -> StepRefusal? {
        if self == .owed, work.isUndone {
            return StepRefusal(
                .outOfOrder,
                "处罚决定已经登记撤销，没有要登记的履行、缴款。请制作《行政执法决定书》写明撤销和已缴款项的处理，送达当事人，再由行政机关负责人终结本案。")
        }
        guard work.isOver else { return nil }
        switch self {
        case .always: return nil
        case .running: return refused(work, StepSpan.instead)
        case .unfiled: return work.isFiled ? refused(work, StepSpan.instead) : nil
        case .contested:
            return work.isContested ? nil : refused(work, "没有登记复议、诉讼、信访、异议或者决定的变更撤销。有的，请先登记。")
        case .decided:
            return work.isContested || work.decision != nil
                ? nil : refused(work, "没有登记复议、诉讼、信访、异议或者决定的变更撤销，也没有处罚决定。有的，请先登记。")
        case .served:
            return work.isContested && !work.issuedAfterEnd.isEmpty
                ? nil : refused(work, "终结以后没有制发要送达的文书。因复议、诉讼等改变决定的，先登记，再制作、制发文书。")
        case .owed:
            return work.isOwed ? nil : refused(work, "处罚决定已经履行完毕、已经撤销或者没有处罚决定，没有要登记的履行、缴款。")
        }
    }

    private func refused(_ work: Case, _ why: String) -> StepRefusal {
        StepRefusal(.outOfOrder, work.isFiled ? "本案已归档，不能再办理这一步。\(why)" : "本案已经终结，不能再办理这一步。\(why)")
    }

    /// What the officer may do in place of it.
    private static let instead = "复议、诉讼、信访、异议及其结果，决定的变更撤销，改正的核查，可以补充登记。"
}

extension Scene {
    /// Refuses a step that does not last until where the case stands.
    public func require(_ span: StepSpan) throws(StepRefusal) {
        if let refusal = span.refusal(in: work) { throw refusal }
    }

    /// Refuses what changes a paper that was filed: only what came afterwards still moves.
    func requireUnfiled(_ document: CaseDocument, _ message: String) throws(StepRefusal) {
        guard !work.isFiled || work.isSupplement(document.fixedSeq) else { throw StepRefusal(.outOfOrder, message) }
    }
}
