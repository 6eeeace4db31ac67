import Casework
import Kernel
import Ledger

/// Records an inspection's result.
public struct RecordFinding: CaseStep {
    public static let name = "finding"

    public var outcome: Finding.Outcome
    public var summary: String
    /// To whom it is handed on.
    public var recipient: String?

    /// A result.
    public init(outcome: Finding.Outcome, summary: String, recipient: String?) {
        self.outcome = outcome
        self.summary = summary
        self.recipient = recipient
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        try scene.performer.requireHandler(of: scene.work)
        try scene.requireRunning()
        guard scene.work.kind == .inspection else { throw StepRefusal(.outOfOrder, "只有行政检查登记检查结果。") }
        guard scene.work.finding == nil else { throw StepRefusal(.outOfOrder, "检查结果已经登记；登记有误的，请在全过程里找到它，申请更正。") }
        var form = FormText()
        let summary = form.required(summary, "summary", "检查结果说明")
        var fields: [FieldValue] = [.init("summary", .string(summary), .party)]
        if outcome == .handedOn {
            let recipient = form.required(recipient ?? "", "recipient", "接收机关", limit: 120)
            fields.append(.init("recipient", .string(recipient), .party))
        }
        try form.finish()
        return [
            Fact(
                .findingRecorded, in: scene.work.thread, plain: ["outcome": .string(outcome.rawValue)], fields: fields)
        ]
    }
}

/// Records what the party stated, or that it waived (陈述申辩).
public struct RecordStatement: CaseStep {
    public static let name = "statement"

    /// `oral`, `written` or `waived`.
    public var manner: String
    /// `party` or `agent`.
    public var speaker: String
    public var speakerName: String
    public var facts: String?
    public var reasons: String?
    public var evidence: String?
    public var statedAt: Instant

    /// A statement.
    public init(
        manner: String, speaker: String, speakerName: String, facts: String?, reasons: String?, evidence: String?,
        statedAt: Instant
    ) {
        self.manner = manner
        self.speaker = speaker
        self.speakerName = speakerName
        self.facts = facts
        self.reasons = reasons
        self.evidence = evidence
        self.statedAt = statedAt
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        try scene.performer.requireHandler(of: scene.work)
        try scene.requireRunning()
        var form = FormText()
        if !["oral", "written", "waived"].contains(manner) { form.fail("manner", "请选择方式。") }
        if !["party", "agent"].contains(speaker) { form.fail("speaker", "请选择陈述人身份。") }
        var fields: [FieldValue] = [
            .init("name", .string(form.required(speakerName, "speakerName", "陈述人姓名", limit: 60)), .party)
        ]
        if manner == "waived" {
            if let text = form.optional(facts, "facts", "放弃的情况") {
                fields.append(.init("facts", .string(text), .party))
            }
        } else {
            fields.append(.init("facts", .string(form.required(facts ?? "", "facts", "陈述的事实")), .party))
            fields.append(.init("reasons", .string(form.required(reasons ?? "", "reasons", "理由")), .party))
            if let text = form.optional(evidence, "evidence", "提出的证据") {
                fields.append(.init("evidence", .string(text), .party))
            }
        }
        try form.finish()
        let stated = try scene.stated(statedAt, field: "statedAt")
        return [
            Fact(
                .statementRecorded, in: scene.work.thread,
                plain: ["manner": .string(manner), "speaker": .string(speaker)], fields: fields, stated: stated)
        ]
    }
}

/// Records the review of a statement: whether it is accepted, and why.
public struct ReviewStatement: CaseStep {
    public static let name = "statement-review"

    /// The statement's place in the case's thread.
    public var statement: Int
    /// `yes`, `partly` or `no`.
    public var accepted: String
    public var review: String
    public var reason: String

    /// A review.
    public init(statement: Int, accepted: String, review: String, reason: String) {
        self.statement = statement
        self.accepted = accepted
        self.review = review
        self.reason = reason
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        try scene.performer.requireHandler(of: scene.work)
        try scene.requireRunning()
        guard let stated = scene.work.statements.first(where: { $0.seq == statement }) else {
            throw StepRefusal(.notFound, "没有找到要复核的陈述申辩记录。")
        }
        guard !stated.isReviewed else { throw StepRefusal(.outOfOrder, "这份陈述申辩已经复核，或者已放弃、无须复核。") }
        var form = FormText()
        let review = form.required(review, "review", "复核意见")
        let reason = form.required(reason, "reason", "采纳或者不采纳的理由")
        if !["yes", "partly", "no"].contains(accepted) { form.fail("accepted", "请选择是否采纳。") }
        try form.finish()
        return [
            Fact(
                .statementReviewed, in: scene.work.thread, plain: ["accepted": .string(accepted)],
                fields: [
                    .init("review", .string(review), .internal), .init("reason", .string(reason), .internal),
                ],
                references: [try scene.reference("statement", to: statement)])
        ]
    }
}
