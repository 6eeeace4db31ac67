import Casework
import Kernel

/// Who may sign beside whom on a paper that decides something (invariant 8): whoever handles the case, whoever reviews it
/// and whoever approves are different persons, on one paper and in the whole case.
///
/// Pages ask before they offer a place; the step asks again.
public enum SlotSeparation {
    /// Stations of a paper's way through the bureau; the same person may stand at one of them only. The heads
    /// of the department and of the agency, and the deputy in charge, are one station: obligations, section 4, no. 19.
    private enum Station { case unit, legal, approver }

    private static func station(_ who: DutyHolder) -> Station? {
        switch who {
        case .unitHead: .unit
        case .legalReviewer: .legal
        case .departmentHead, .deputyHead, .agencyHead: .approver
        default: nil
        }
    }

    /// Why this person may not meet an office's place on a document; nil where nothing speaks against it.
    public static func refusal(
        of person: ThreadTag, at place: SlotPlace, on document: CaseDocument, kind: DocumentKind, in work: Case
    ) -> StepRefusal? {
        guard let mine = station(place.slot.who) else { return nil }
        if mine != .legal, work.handlers.contains(person) {
            return StepRefusal(.notAllowed, "您是本案承办人，不能在“\(place.slot.label)”栏审批。")
        }
        guard [.internalApproval, .decision].contains(kind.category) || place.slot.decision != .none else { return nil }
        if mine != .legal, work.formerHandlers.contains(person) {
            return StepRefusal(.notAllowed, "您曾是本案承办人，不能在“\(place.slot.label)”栏审批，请由其他负责人办理。")
        }
        // An approver on a form, or of a decision, took no part in what is approved: the same persons as at the step of
        // the head's approval.
        if mine == .approver, [.internalApproval, .decision].contains(kind.category),
            work.investigators.union(work.legalReviewers).contains(person)
        {
            return StepRefusal(
                .notAllowed, "您参加过本案的调查、起草或者审查，不能在“\(place.slot.label)”栏批准，请由没有参加本案的负责人办理。")
        }
        for other in kind.places(for: document.data ?? .object([])) where other.name != place.name {
            guard document.slots[other.name]?.by == person, let station = station(other.slot.who), station != mine
            else { continue }
            return StepRefusal(
                .notAllowed, "您已在“\(other.slot.label)”栏签署。审核、审查和批准应当由不同的人办理，“\(place.slot.label)”栏请由其他人办理。")
        }
        return nil
    }
}

/// What has to be done before an office signs: the paper confirms a step, and says nothing before that step was taken.
enum SigningOrder {
    static func require(
        _ step: SignSlot, at place: SlotPlace, of document: CaseDocument, kind: DocumentKind, in scene: Scene
    ) throws(StepRefusal) {
        guard let role = place.slot.who.role, role != .officer else { return }
        if kind.category == .decision, document.isCaseDecision {
            try requireApproval(of: document, kind, in: scene)
            try IssueDay.requireDecided(document, in: scene.work)
        }
        try OtherDecision.requireApproved(document, in: scene)
        guard step.decision == .agree || step.decision == .passed else { return }
        if kind.name == DocumentKindName.headApproval, role == .agencyHead,
            OtherDecision.approved(by: document, in: scene.work) == nil
        {
            try requireReviews(in: scene)
        }
        try requireProposal(before: place, of: document, kind: kind, in: scene)
    }

    /// 签发 confirms the approval of the newest draft (行政处罚法第五十七条; zhaoxian-2017:19). The texts in force say what is
    /// missing, in their own words; where none speaks, the product's own order does.
    private static func requireApproval(
        of document: CaseDocument, _ kind: DocumentKind, in scene: Scene
    ) throws(StepRefusal) {
        guard scene.work.procedure == .general else { return }
        let asked = Foresight(view: scene.view, law: scene.law, person: scene.performer.person, now: scene.now)
            .refusals(of: .issuing(document.id)).filter { $0.key.matter == "decision-approval" }
        guard !asked.isEmpty || !isApproved(scene.work) else { return }
        var refusal = StepRefusal(.gate, "签署《\(kind.title)》以前，草拟的决定应当先经负责人审批。")
        refusal.reasons =
            asked.isEmpty
            ? [.init(provisions: [], missing: "最近一次草拟的决定还没有经负责人批准", who: "行政机关负责人")]
            : asked.map { StepRefusal.Reason($0) }
        throw refusal
    }

    /// Whether the head agreed to the newest draft: by the step, or on the form that takes its place.
    private static func isApproved(_ work: Case) -> Bool { approvedAt(in: work) != nil }

    /// When the head agreed to the newest draft; nil while nobody did.
    static func approvedAt(in work: Case) -> Instant? {
        guard let drafting = work.drafting else { return nil }
        if let word = work.approval { return word.isApproved ? word.at : nil }
        return work.documents.compactMap { form -> Instant? in
            guard form.kind == DocumentKindName.headApproval, !form.isVoid, form.fixedSeq > drafting.seq,
                OtherDecision.approved(by: form, in: work) == nil, let slot = form.slots["agencyHead"],
                slot.decision == "agree"
            else { return nil }
            return slot.signedAt
        }.min()
    }

    /// 负责人审批记录 is the step of approval on paper, and waits for the same reviews.
    private static func requireReviews(in scene: Scene) throws(StepRefusal) {
        guard scene.work.drafting != nil else {
            throw StepRefusal(.outOfOrder, "还没有草拟的决定可供审批，请承办人先草拟。")
        }
        let asked = Foresight(view: scene.view, law: scene.law, person: scene.performer.person, now: scene.now)
            .refusals(of: .approval)
        if !asked.isEmpty {
            var refusal = StepRefusal(.gate, "审批以前，应当先完成下列事项。")
            refusal.reasons = asked.map { StepRefusal.Reason($0) }
            throw refusal
        }
        if let refusal = ReviewOrder.refusal(in: scene) { throw refusal }
        if let refusal = Confirming.refusal(in: scene, before: "审批") { throw refusal }
    }

    /// Nobody agrees to a proposal that nobody signed: the places of those who propose come first (zhaoxian-2017:41). Where
    /// the texts in force order the places of a form themselves, they speak, and their gates can be lifted.
    private static func requireProposal(
        before place: SlotPlace, of document: CaseDocument, kind: DocumentKind, in scene: Scene
    ) throws(StepRefusal) {
        guard kind.category == .internalApproval || kind.category == .internalRecord else { return }
        let earlier = kind.places(for: document.data ?? .object([])).prefix { $0.name != place.name }
        let open = earlier.filter { one in
            one.isRequired && [.handler, .drafter].contains(one.slot.who) && document.slots[one.name] == nil
        }
        guard let first = open.first else { return }
        guard scene.law.judge([signing(place, of: document, in: scene)], after: scene.view.history).isAllowed else {
            return
        }
        guard !isLifted(in: scene) else { return }
        var refusal = StepRefusal(.gate, "先由提出意见的人签名，再由“\(place.slot.label)”签署。")
        refusal.reasons = [
            .init(
                provisions: scene.law.rows(of: "approval-order", on: scene.now.day),
                missing: "“\(first.slot.label)”栏还没有签名，没有可供审核、批准的意见", who: first.slot.who.chinese)
        ]
        throw refusal
    }

    /// Whether somebody let signatures of this case pass a gate.
    private static func isLifted(in scene: Scene) -> Bool {
        scene.view.records.contains {
            $0.type == .overrideGiven && $0.word("step") == EntryType.documentSigned.rawValue
        }
    }

    /// The record that agreeing at a place would leave.
    private static func signing(_ place: SlotPlace, of document: CaseDocument, in scene: Scene) -> Record {
        Record(
            thread: scene.work.thread, seq: scene.work.entries + 1, type: .documentSigned, recordedAt: scene.now,
            actor: scene.performer.tag,
            plain: [
                "by": .string(scene.performer.tag.description), "decision": "agree",
                "document": .string(document.id.description), "manner": "screen",
                "signedAt": .integer(scene.now.milliseconds), "slot": .string(place.name),
            ], fieldNames: ["name", "opinion"],
            references: [RecordReference(role: "fixed", thread: scene.work.thread, seq: document.fixedSeq)])
    }
}
