import Casework
import Kernel
import Ledger

/// Records the draft of the decision with what zhaoxian-2017:15 asks for.
public struct DraftDecision: CaseStep {
    public static let name = "draft"

    public var unitReviewer: ThreadTag
    public var outcome: Drafting.Outcome
    public var legalBasis: String
    public var evidence: String
    public var factors: String
    public var draft: String

    /// A draft.
    public init(
        unitReviewer: ThreadTag, outcome: Drafting.Outcome, legalBasis: String, evidence: String, factors: String,
        draft: String
    ) {
        self.unitReviewer = unitReviewer
        self.outcome = outcome
        self.legalBasis = legalBasis
        self.evidence = evidence
        self.factors = factors
        self.draft = draft
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        try scene.performer.requireHandler(of: scene.work)
        try scene.require(.running)
        guard scene.work.kind == .penalty else { throw StepRefusal(.outOfOrder, "只有行政处罚案件草拟决定。") }
        guard scene.work.standingDecision == nil else {
            throw StepRefusal(.outOfOrder, "处罚决定书已经制发，不能再草拟。决定被撤销并责令重新作出的，由行政机关负责人先登记决定变更撤销，选“重新作出”。")
        }
        var form = FormText()
        let values = [
            FieldValue("legalBasis", .string(form.required(legalBasis, "legalBasis", "法律依据")), .internal),
            FieldValue("evidence", .string(form.required(evidence, "evidence", "证据材料")), .internal),
            FieldValue("factors", .string(form.required(factors, "factors", "应考虑的有关因素")), .internal),
            FieldValue("draft", .string(form.required(draft, "draft", "拟作出的决定", limit: 5000)), .internal),
        ]
        if unitReviewer == scene.performer.tag {
            form.fail("unitReviewer", "起草机构审查人不能是起草人本人。")
        } else if !DraftDecision.reviewers(
            among: scene.persons, drafter: scene.performer.tag, in: scene.work, on: scene.now.day
        ).contains(where: { $0.thread == unitReviewer }) {
            form.fail("unitReviewer", "请在所列的人员中选择承办机构审查人：在本机关登记、账号正常，不是本案承办人的承办机构负责人或者持有效证件的执法人员。")
        }
        let problem =
            outcome == .penalty
            ? ToldPenalty.problem(ofDraft: draft, in: scene.course)
            : DecisionCheck.punishing(draft, outcome: outcome)
        if let problem { form.fail("draft", problem) }
        try form.finish()
        return [
            Fact(
                .decisionDrafted, in: scene.work.thread,
                plain: [
                    "drafter": .string(scene.performer.tag.description), "outcome": .string(outcome.rawValue),
                    "unitReviewer": .string(unitReviewer.description),
                ],
                fields: values)
        ]
    }
}

/// Records the word of the person in charge on the newest draft (zhaoxian-2017:19).
public struct ApproveDecision: CaseStep {
    public static let name = "approval"

    public var isApproved: Bool
    public var opinion: String

    /// A word.
    public init(isApproved: Bool, opinion: String) {
        self.isApproved = isApproved
        self.opinion = opinion
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        try scene.performer.require(.agencyHead)
        try scene.performer.requireSecret()
        try scene.require(.running)
        guard let drafting = scene.work.drafting else {
            throw StepRefusal(.outOfOrder, "还没有草拟的决定可供审批，请承办人先草拟。")
        }
        guard scene.work.approval == nil else {
            throw StepRefusal(.outOfOrder, "这份草拟的决定已经审批；如需修改，请承办人重新草拟。")
        }
        // Invariant 8: in the general procedure handler, reviewer and approver are different persons.
        let others = scene.work.investigators.union(scene.work.legalReviewers)
        guard !others.contains(scene.performer.tag) else {
            throw StepRefusal(.notAllowed, "审批人不能是本案的承办人或者法制审查人员，请由其他负责人审批。")
        }
        var form = FormText()
        let opinion = form.required(opinion, "opinion", "审批意见")
        try form.finish()
        if isApproved, let refusal = ReviewOrder.refusal(in: scene) { throw refusal }
        if isApproved, scene.lawAllows(.approval), let refusal = Confirming.refusal(in: scene, before: "审批") {
            throw refusal
        }
        if isApproved, scene.lawAllows(.approval), let source = try await scene.source(),
            let refusal = KeptBack.refusal(in: [source], before: "审批")
        {
            throw refusal
        }
        if isApproved, drafting.outcome == .penalty, let text = drafting.text,
            let refusal = ToldPenalty.refusal(of: text, in: scene), scene.lawAllows(.approval)
        {
            throw refusal
        }
        var references = [try scene.reference("draft", to: drafting.seq)]
        if let review = scene.work.legalWords.last {
            references.append(try scene.reference("review", to: review.seq))
        }
        return [
            Fact(
                .decisionApproved, in: scene.work.thread,
                plain: ["decision": isApproved ? "approve" : "refuse"],
                fields: [.init("opinion", .string(opinion), .internal)], references: references)
        ]
    }
}
