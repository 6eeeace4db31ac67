import Casework
import Kernel

/// What is issued is what was approved, and one decision stands in a case (design section 3).
enum DecisionCheck {
    /// What a document says otherwise than the case and its draft, by field of the form.
    ///
    /// Looked at when the decision is fixed, with the draft as it stands, and again when it is issued.
    static func differences(in data: JSON, kind: String, scene: Scene) -> [StepRefusal.FieldError] {
        guard let outcome = CaseDocument.decidedOutcome(kind: kind, data: data) else { return [] }
        var errors: [StepRefusal.FieldError] = []
        let work = scene.work
        if let party = work.subjectName, let named = data["subjectName"]?.string,
            !WrittenName(named.trimmedWhitespace).stands(for: party.trimmedWhitespace)
        {
            errors.append(
                .init(
                    "subjectName",
                    "当事人与本案不符：本案当事人是“\(party)”。当事人有误的，另行立案。字体中没有的字，可以拆写在〔〕里，例如王〔四龙〕；写过一次，以后的文书都这样打印。"))
        }
        // The summary procedure decides on the spot: what may be decided so is bounded instead.
        if kind == DocumentKindName.summaryDecision { return errors + SummaryLimit.problems(in: data) }
        guard let drafting = work.drafting else { return errors }
        if drafting.outcome != outcome {
            errors.append(
                .init("content", "草拟的处理意见是“\(drafting.outcome.chinese)”，这份决定书是“\(outcome.chinese)”。请先重新草拟、审查和审批。"))
        }
        let draft = scene.history.first { $0.thread == work.thread && $0.seq == drafting.seq }?.text("draft")
        // A text that was destroyed is not there to be compared with; the head's signature still stands.
        guard let draft else { return errors }
        let content = data["content"]?.elements?.compactMap(\.string).joined(separator: "\n") ?? ""
        guard outcome == .penalty else {
            if let problem = punishing(content, outcome: outcome) { errors.append(.init("content", problem)) }
            return errors
        }
        let differences = PenaltyTerms(draft).differences(in: PenaltyTerms(content), called: "决定书")
        if !differences.isEmpty {
            errors.append(
                .init(
                    "content",
                    "处罚内容与草拟、审批的处理意见不符：\(differences.joined(separator: "；"))。处理意见写的是“\(draft)”。需要改变处罚的，请重新草拟、审查和审批。"))
        }
        return errors
    }

    /// What of a text punishes somebody though it is to punish nobody; nil where nothing does.
    static func punishing(_ text: String, outcome: Drafting.Outcome) -> String? {
        // A letter that hands a case on may tell what another office could do.
        guard outcome != .transfer else { return nil }
        let punishing = punishments(in: text)
        guard !punishing.isEmpty else { return nil }
        return
            "处理意见是“\(outcome.chinese)”，内容里不能有“\(punishing.joined(separator: "、"))”。不予处罚的，写“不予行政处罚”，不要逐项列举；应当处罚的，请重新草拟、审查和审批。"
    }

    /// The kinds of penalty that a text names. Words of other laws are left out that mean something else as well: 撤销案件.
    static func punishments(in text: String) -> [String] {
        let terms = PenaltyTerms(text)
        return (PenaltyTerms.named + ["停业整顿", "停止执业"]).filter(terms.kinds.contains)
    }

    /// Refuses a document of the other procedure: what is decided on the spot has no draft, no review and no approval, so
    /// its papers are for cases that were opened for it, and those have no other decision (行政处罚法第五十一条).
    static func requireProcedure(of kind: String, data: JSON, in work: Case) throws(StepRefusal) {
        let isSummary = DocumentKindName.ofSummary.contains(kind)
        guard isSummary || CaseDocument.decidedOutcome(kind: kind, data: data) != nil else { return }
        guard work.kind == .penalty else {
            throw StepRefusal(.outOfOrder, "这份文书只用于行政处罚案件。检查中发现违法行为的，请先立案。")
        }
        guard isSummary == (work.procedure == .summary) else {
            throw StepRefusal(
                .outOfOrder,
                isSummary
                    ? "本案适用一般程序，不能当场处罚。请草拟处理意见，经审查和行政机关负责人审批后制作《行政处罚决定书》。"
                    : "本案适用简易程序，请制作《当场行政处罚决定书》。不符合当场处罚条件的，请终止本案，按一般程序另行立案。")
        }
    }

    /// Refuses to issue what differs from the draft, what no draft stands for, and a second decision beside one in force.
    static func requireIssuable(_ document: CaseDocument, in scene: Scene) throws(StepRefusal) {
        guard let data = document.data else { return }
        try requireProcedure(of: document.kind, data: data, in: scene.work)
        try OtherDecision.requireApproved(document, in: scene)
        guard document.isCaseDecision else { return }
        guard scene.work.drafting != nil || scene.work.procedure == .summary else {
            throw StepRefusal(.outOfOrder, "本案还没有草拟处理意见。请先由承办人草拟，经审查和行政机关负责人审批，再制发决定书。")
        }
        try IssueDay.requireDecided(document, in: scene.work)
        let differences = differences(in: data, kind: document.kind, scene: scene)
        guard differences.isEmpty else {
            let sentences = differences.map(\.message).joined(separator: " ")
            throw StepRefusal(.outOfOrder, "这份决定书与本案不符，不能制发，请作废后重做。\(sentences)")
        }
        if CaseDocument.decidedOutcome(kind: document.kind, data: data) == .penalty {
            let content = data["content"]?.elements?.compactMap(\.string).joined(separator: "\n") ?? ""
            if let refusal = ToldPenalty.refusal(of: content, in: scene), scene.lawAllows(.issuing(document.id)) {
                throw refusal
            }
        }
        if let standing = scene.work.standingDecision, standing.id != document.id {
            throw StepRefusal(
                .outOfOrder,
                "本案已有一份有效的决定书\(standing.issue?.numberText ?? "")，一个案件只能有一份决定。原决定有误的，由行政机关负责人先将它作废，或者办理“替代”，再制发这一份。")
        }
    }
}
