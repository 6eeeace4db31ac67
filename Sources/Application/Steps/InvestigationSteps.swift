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
    /// The paper that the party signed about it; a waiver needs one.
    public var document: DocumentID?

    /// A statement.
    public init(
        manner: String, speaker: String, speakerName: String, facts: String?, reasons: String?, evidence: String?,
        statedAt: Instant, document: DocumentID? = nil
    ) {
        self.manner = manner
        self.speaker = speaker
        self.speakerName = speakerName
        self.facts = facts
        self.reasons = reasons
        self.evidence = evidence
        self.statedAt = statedAt
        self.document = document
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
        try requireTold(in: scene)
        if manner == "waived" { try requireWaiver(in: scene) }
        var plain: [JSON.Member] = [.init("manner", .string(manner)), .init("speaker", .string(speaker))]
        if let document { plain.append(.init("document", .string(document.description))) }
        return [
            Fact(
                .statementRecorded, in: scene.work.thread, plain: .object(plain), fields: fields, stated: stated)
        ]
    }

    /// Papers by which a party gives up its right: what it said, written down before two officers, or its own paper.
    public static let waivers = ["oral-waiver-record", "written-party-submission"]

    /// The papers of a case that can stand for a waiver: signed by the party, in force.
    public static func waivers(in work: Case) -> [CaseDocument] {
        work.documents.filter { document in
            waivers.contains(document.kind) && !document.isVoid
                && document.slots["party"].map { ["screen", "paper"].contains($0.manner) } == true
        }
    }

    /// Whoever was not told cannot answer, nor give up answering (行政处罚法第四十四条、第六十二条). In the summary procedure
    /// the party is told and heard on the spot, and the record of that says so.
    private func requireTold(in scene: Scene) throws(StepRefusal) {
        guard scene.work.procedure == .general, scene.work.kind == .penalty else { return }
        guard let told = scene.toldAt else {
            // Where the law asks for something even before that, its own answer names the article.
            let gates = Foresight(
                view: scene.view, law: scene.law, person: scene.performer.person, now: scene.now
            ).refusals(of: .statement)
            guard gates.isEmpty else { return }
            throw StepRefusal(.outOfOrder, "还没有告知当事人拟作出的处罚和他的权利。请先制作《权利告知书》，由当事人签收或者送达，再登记陈述申辩。")
        }
        if statedAt.milliseconds(since: told) < -60_000 {
            throw StepRefusal(fields: [.init("statedAt", "陈述申辩不能早于告知（\(told.chinese)）。")])
        }
    }

    /// A right is given up by whoever has it, never by a word of the officer alone.
    private func requireWaiver(in scene: Scene) throws(StepRefusal) {
        if let document, RecordStatement.waivers(in: scene.work).contains(where: { $0.id == document }) { return }
        throw StepRefusal(
            fields: [
                .init("document", "当事人放弃的，请选择当事人签名的《口头放弃陈述申辩记录》或者当事人提交的书面材料；还没有的，先制作或者收取。")
            ])
    }
}

extension Scene {
    /// When the party was told what the bureau means to decide and what it may do about it: by a notice that it signed or
    /// that was served, or refused to sign, or in words that were recorded. Nil before.
    var toldAt: Instant? {
        let notices = work.documents.filter { $0.kind == DocumentKindName.rightsNotice && !$0.isVoid }
        let signed = notices.compactMap { $0.slots["party"]?.signedAt }
        let served = work.services.filter { service in
            !service.isReturned && notices.contains { $0.id == service.document }
        }.map(\.servedAt)
        let spoken = history.filter { $0.thread == work.thread && $0.type == .rightsNotified }.map(\.happenedAt)
        return (signed + served + spoken).min()
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
