import Casework
import Kernel
import Ledger

/// Lets a step pass without what provisions ask for first (越过关口), with reason and legal basis.
///
/// Given by the person whose approval the step needs, or by the head; never by the person who is stopped (invariant 5). It
/// is given only for a gate that stands now, and only where it opens that gate: what is recorded as an exception is one.
public struct GiveOverride: CaseStep {
    public static let name = "override"

    /// Provisions that refuse the step, for example `zhaoxian-2017:11`. One of them is enough: the others are let pass with
    /// it, since each of them stops the step.
    public var provisions: [String]
    /// The step that may pass, for example `document.issued`.
    public var step: EntryType
    public var reason: String
    public var legalBasis: String

    /// An override.
    public init(provisions: [String], step: EntryType, reason: String, legalBasis: String) {
        self.provisions = provisions
        self.step = step
        self.reason = reason
        self.legalBasis = legalBasis
    }

    /// An override of what one provision asks for.
    public init(provision: String, step: EntryType, reason: String, legalBasis: String) {
        self.init(provisions: [provision], step: step, reason: reason, legalBasis: legalBasis)
    }

    /// Types of records that an override can let pass: steps in the case itself. What is recorded of a lead, a device or a
    /// request is judged on its own thread, where no override of the case is read.
    static let reach: Set<EntryType> = Set(RecordedStep.all.map(\.type)).union([
        .activityBegan, .statementRecorded, .decisionDrafted, .decisionApproved, .documentServed, .documentFixed,
        .documentSigned, .documentIssued,
    ])

    /// The fewest letters of reason and legal basis: both are printed for the court, and nobody checks an exception by one
    /// letter.
    public static let shortest = 5

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        try scene.performer.require(.agencyHead, .departmentHead)
        try scene.performer.requireSecret()
        let handled = scene.work.formerHandlers.union(scene.work.handlers)
        guard !handled.contains(scene.performer.tag) else {
            throw StepRefusal(.notAllowed, "您承办或者承办过本案，不能批准越过关口；请由其他有权的负责人批准。")
        }
        guard let provision = provisions.first, provisions.allSatisfy({ scene.law.library.provision($0) != nil }) else {
            throw StepRefusal(fields: [.init("provision", "没有这一条款。")])
        }
        guard step != .caseFiled else {
            throw StepRefusal(.outOfOrder, "归档之前缺少的内容，由行政机关负责人逐项批准带缺陷归档。")
        }
        for provision in provisions {
            guard let found = scene.law.library.provision(provision) else { continue }
            let allowed = found.duties.contains { duty in
                duty.gate.level != .hard && duty.gate.overridableBy.contains(where: scene.performer.has)
                    && duty.gate.refuses.contains { $0.types.contains(step) }
            }
            guard allowed else {
                throw StepRefusal(.notAllowed, "\(found.article)是不能越过的关口，不挡这一步，或者不由您批准越过。")
            }
        }
        try scene.require(.contested)
        let foresight = Foresight(view: scene.view, law: scene.law, person: scene.performer.person, now: scene.now)
        let lifts = foresight.liftable(among: scene.persons).filter { lift in
            lift.step == step && Set(lift.provisions).isSuperset(of: provisions)
        }
        // What is named whole is meant; a part of it may stand in several.
        let lift = lifts.first { $0.provisions.count == Set(provisions).count } ?? lifts.first
        guard let lift else {
            throw StepRefusal(
                .outOfOrder,
                step == .decisionApproved
                    ? "现在没有可以由您批准越过、由其他负责人审批的关口：已经补齐或者已经批准越过，或者本机关没有您以外的负责人审批。被挡住的人不能批准自己越过。"
                    : "这一关口现在没有挡住“\(step.chinese)”，已经批准越过，或者批准了也办不成：本案不用办这一步，或者还有不能越过的要求没有办到。请先办到，再看还缺什么。")
        }
        var form = FormText()
        let reason = form.required(reason, "reason", "理由", atLeast: GiveOverride.shortest)
        let legalBasis = form.required(
            legalBasis, "legalBasis", "法律依据", atLeast: GiveOverride.shortest, limit: 500)
        try form.finish()
        return lift.provisions.map { provision in
            Fact(
                .overrideGiven, in: scene.work.thread,
                plain: ["provision": .string(provision), "step": .string(step.rawValue)],
                fields: [
                    .init("legalBasis", .string(legalBasis), .internal), .init("reason", .string(reason), .internal),
                ])
        }
    }
}

extension Refusal {
    /// Who may let the step pass, in words; nil where nobody may, or where no override would reach it. An approval is let
    /// pass by another head than the one who gives it.
    public var lifters: String? {
        let isFiling = step == .caseFiled
        guard !overridableBy.isEmpty, isFiling || GiveOverride.reach.contains(step) else { return nil }
        let names = overridableBy.map(\.chinese).joined(separator: "、")
        return step == .decisionApproved ? "审批人以外的\(names)" : names
    }
}
