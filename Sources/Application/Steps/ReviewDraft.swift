import Casework
import Kernel
import Ledger

/// Records the word of the drafting unit's reviewer on the newest draft (zhaoxian-2017:15, 41), in that person's own
/// session and with their secret.
///
/// The drafter names the reviewer, and nobody else reviews: whoever cannot do it is replaced by drafting anew. A draft is
/// reviewed once; one that was returned is drafted anew.
public struct ReviewDraft: CaseStep {
    public static let name = "draft-review"

    public var isPassed: Bool
    public var opinion: String

    /// A word.
    public init(isPassed: Bool, opinion: String) {
        self.isPassed = isPassed
        self.opinion = opinion
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        try scene.require(.running)
        guard let drafting = scene.work.drafting else {
            throw StepRefusal(.outOfOrder, "还没有草拟的决定可供审查，请承办人先草拟。")
        }
        guard drafting.unitReviewer == scene.performer.tag else {
            let name = scene.persons.first { $0.thread == drafting.unitReviewer }?.name ?? "草拟时写明的审查人"
            throw StepRefusal(.notAllowed, "这份草拟写明由\(name)审查。需要换人审查的，请承办人重新草拟。")
        }
        // Roles, certificates and handlers may have changed since the draft was made.
        guard
            DraftDecision.reviewers(
                among: scene.persons, drafter: drafting.drafter, in: scene.work, on: scene.now.day
            ).contains(where: { $0.thread == scene.performer.tag })
        else {
            throw StepRefusal(.notAllowed, "审查人应当是承办机构负责人或者持有效证件的执法人员，并且不是本案承办人。请承办人重新草拟，另选审查人。")
        }
        try scene.performer.requireSecret()
        guard scene.work.awaitsUnitReview else {
            throw StepRefusal(.outOfOrder, "这份草拟已经审查过；退回的，由承办人修改后重新草拟。")
        }
        var form = FormText()
        let opinion = form.required(opinion, "opinion", "审查意见")
        try form.finish()
        return [
            Fact(
                .approvalStepped, in: scene.work.thread,
                plain: [
                    "about": "decision", "person": .string(scene.performer.tag.description),
                    "result": isPassed ? "passed" : "returned", "step": "reviewer",
                ],
                fields: [.init("opinion", .string(opinion), .internal)],
                references: [try scene.reference("draft", to: drafting.seq)])
        ]
    }
}

extension DraftDecision {
    /// Who may review a draft in the drafting unit: its head or another officer with a certificate valid on the day,
    /// registered here and able to act, and none of the case's handlers (invariant 8: handler, reviewer and approver are
    /// different persons). What the form offers and what the steps take is this one list.
    public static func reviewers(
        among persons: [PersonRow], drafter: ThreadTag, in work: Case, on day: CivilDay
    ) -> [PersonRow] {
        persons.filter { person in
            guard person.thread != drafter, !work.handlers.contains(person.thread), person.accountState != .closed
            else { return false }
            return person.roles.contains(.unitHead)
                || Qualification.missing(of: person.thread, on: day, among: persons) == nil
        }
    }
}

/// The product's own separation (invariant 8), for bureaus whose texts leave it open: the head approves what the
/// reviewers passed, and no draft that one of them sent back.
///
/// Where a text asks for a review itself, its gate speaks first, with its article, and the head may let a step pass it
/// that way; what was let pass is not asked for again.
enum ReviewOrder {
    /// What stands against approving the newest draft; nil if nothing does.
    static func refusal(in scene: Scene) -> StepRefusal? {
        let work = scene.work
        guard let drafting = work.drafting else { return nil }
        let isLifted = scene.history.contains { record in
            record.thread == work.thread && record.seq > drafting.seq && record.type == .overrideGiven
                && record.word("step") == EntryType.decisionApproved.rawValue
        }
        guard !isLifted else { return nil }
        var reasons: [StepRefusal.Reason] = []
        if !work.isUnitReviewPassed {
            let name = scene.persons.first { $0.thread == drafting.unitReviewer }?.name ?? ""
            reasons.append(
                work.unitReview == nil
                    ? .init(provisions: [], missing: "草拟的决定还没有由承办机构审查人审查通过", who: "承办机构审查人\(name)")
                    : .init(provisions: [], missing: "承办机构审查人退回了这份草拟，应当修改后重新草拟、重新审查", who: "承办人"))
        }
        if let word = work.legalWords.last {
            if !word.isPassed {
                reasons.append(.init(provisions: [], missing: "法制审查没有通过这份草拟，应当修改后重新草拟、重新审查", who: "承办人"))
            }
        } else if wasReviewed(before: drafting, in: scene) {
            reasons.append(.init(provisions: [], missing: "重新草拟以后还没有法制审查", who: "法制审查人员"))
        }
        guard !reasons.isEmpty else { return nil }
        // The texts name their articles themselves.
        let foreseen = Foresight(
            view: scene.view, law: scene.law, person: scene.performer.person, now: scene.now
        ).refusals(of: .approval)
        guard foreseen.isEmpty else { return nil }
        var refusal = StepRefusal(.gate, "审批之前，草拟的决定应当先由他人审查通过。")
        refusal.reasons = reasons
        return refusal
    }

    /// Whether a draft before this one went through a legal review: whoever asked for it once asks for it of what took
    /// its place.
    private static func wasReviewed(before drafting: Drafting, in scene: Scene) -> Bool {
        scene.work.documents.contains { document in
            document.kind == DocumentKindName.legalReview && document.fixedSeq < drafting.seq
                && document.slots["reviewer"] != nil
        }
            || scene.history.contains { record in
                record.thread == scene.work.thread && record.seq < drafting.seq && record.type == .reviewCompleted
            }
    }
}
