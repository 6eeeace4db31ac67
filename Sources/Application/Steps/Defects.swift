import Casework
import Kernel
import Ledger

/// What a case lacks that must be there before it is filed (CLOSE, design section 2).
public struct ClosingGaps: Sendable {
    /// What can never be supplied once the case is ended: only the head's approval lets it be filed, with defects.
    public let lost: [Refusal]

    /// Judges an ending that would be recorded now, and the filing after it.
    ///
    /// The sheets of the case file are made after the end, and filing is by another person: neither is lost.
    public init(ending: Record, after history: [Record], law: Law) {
        var filing = Record(
            thread: ending.thread, seq: ending.seq + 1, type: .caseFiled, recordedAt: ending.recordedAt)
        filing.fieldNames = ["archivist", "evaluationText"]
        let verdict = law.judge([ending, filing], after: history)
        lost = verdict.refusals.filter { refusal in
            refusal.step == .caseFiled && !refusal.citations.allSatisfy { ClosingGaps.isMetLater($0, law: law) }
        }
    }

    /// Whether what a provision asks for before filing can be made after the end.
    private static func isMetLater(_ citation: Citation, law: Law) -> Bool {
        guard let provision = law.library.provision(citation.provision) else { return false }
        return provision.duties.filter { $0.gate.level == .close }.allSatisfy { isMetLater($0.requirement, law: law) }
    }

    private static func isMetLater(_ requirement: Requirement, law: Law) -> Bool {
        switch requirement {
        case .document(let wanted):
            wanted.kinds.contains { law.library.kind($0)?.category == .caseFile }
        case .record(let wanted):
            wanted.pattern.types.contains { [.caseFiled, .recordingInspected, .dossierExported].contains($0) }
        case .all(let parts): parts.allSatisfy { isMetLater($0, law: law) }
        case .any(let parts): parts.contains { isMetLater($0, law: law) }
        // Time passes after the end as before.
        case .elapsed: true
        case .never: false
        }
    }
}

/// Lets a case be filed with a defect (带缺陷归档): what was violated, by whom, why, in the head's name. It is printed in
/// the closing sheet and counted.
public struct AcceptDefect: CaseStep {
    public static let name = "defect"

    /// The provision that was not met.
    public var provision: String
    /// Who did not meet it.
    public var person: ThreadTag
    /// What was violated.
    public var violation: String
    public var reason: String
    public var legalBasis: String

    /// An acceptance.
    public init(provision: String, person: ThreadTag, violation: String, reason: String, legalBasis: String) {
        self.provision = provision
        self.person = person
        self.violation = violation
        self.reason = reason
        self.legalBasis = legalBasis
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        try scene.performer.require(.agencyHead)
        try scene.performer.requireSecret()
        try scene.require(.unfiled)
        guard scene.work.ending != nil else {
            throw StepRefusal(.outOfOrder, "本案尚未终结，缺少的内容还可以补办；终结之后仍然缺少的，才批准带缺陷归档。")
        }
        guard !scene.work.handlers.contains(scene.performer.tag) else {
            throw StepRefusal(.notAllowed, "您是本案承办人，不能批准本案带缺陷归档，请由其他负责人办理。")
        }
        guard
            AcceptDefect.open(in: scene.work, history: scene.history, law: scene.law, at: scene.now).contains(where: {
                $0.provision == provision
            })
        else {
            throw StepRefusal(fields: [.init("provision", "这一条款现在没有缺少的内容，或者不能这样批准。")])
        }
        var form = FormText()
        // The closing sheet prints both, for whoever was not there.
        let reason = form.required(reason, "reason", "原因", atLeast: GiveOverride.shortest)
        let legalBasis = form.required(
            legalBasis, "legalBasis", "依据", atLeast: GiveOverride.shortest, limit: 500)
        let fields: [FieldValue] = [
            .init("legalBasis", .string(legalBasis), .internal), .init("reason", .string(reason), .internal),
            .init("violation", .string(form.required(violation, "violation", "没有履行的事项", limit: 500)), .internal),
        ]
        if !scene.persons.contains(where: { $0.thread == person }) { form.fail("person", "请选择责任人。") }
        try form.finish()
        return [
            Fact(
                .overrideGiven, in: scene.work.thread,
                plain: [
                    "person": .string(person.description), "provision": .string(provision),
                    "step": .string(EntryType.caseFiled.rawValue),
                ],
                fields: fields)
        ]
    }

    /// What filing would be refused for now and the head may accept: provision, how it is cited, what is missing.
    public static func open(
        in work: Case, history: [Record], law: Law, at now: Instant
    ) -> [(provision: String, cited: String, missing: String)] {
        guard work.ending != nil, !work.isFiled else { return [] }
        let filing = Record(thread: work.thread, seq: work.entries + 1, type: .caseFiled, recordedAt: now)
        return law.judge([filing], after: history).refusals
            .filter { $0.overridableBy.contains(.agencyHead) }
            .flatMap { refusal in
                refusal.citations.map { ($0.provision, $0.chinese, "\(refusal.title)：\(refusal.sentence)") }
            }
    }
}
