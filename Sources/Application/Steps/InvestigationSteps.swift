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
        try scene.require(.running)
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
    /// The paper in which the party says it, signed by the party.
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
        try scene.require(.running)
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
        try requireUndecided(in: scene)
        try requireTold(in: scene)
        try await requirePaper(in: scene)
        var plain: [JSON.Member] = [.init("manner", .string(manner)), .init("speaker", .string(speaker))]
        if let document { plain.append(.init("document", .string(document.description))) }
        let fact = Fact(
            .statementRecorded, in: scene.work.thread, plain: .object(plain), fields: fields, stated: stated)
        return [Confirming.marked(fact, in: scene)]
    }

    /// The papers in which a party states, or gives up stating, by the manner of it: what it said, written down before two
    /// officers, or its own paper.
    static let papers = [
        "oral": ["statement-defence-transcript", "hearing-transcript"], "written": ["written-party-submission"],
        "waived": ["oral-waiver-record", "written-party-submission"],
    ]

    /// The papers of a case that can stand for a statement or a waiver: signed by the party, in force.
    public static func papers(in work: Case) -> [CaseDocument] {
        let kinds = Set(papers.values.joined())
        return work.documents.filter { document in
            kinds.contains(document.kind) && !document.isVoid
                && document.slots["party"].map { ["screen", "paper"].contains($0.manner) } == true
        }
    }

    /// The party is heard before the decision (行政处罚法第四十五条、第六十二条); what it says afterwards changes no decision that
    /// was issued, and may not stand in the record as if it had been weighed.
    private func requireUndecided(in scene: Scene) throws(StepRefusal) {
        guard scene.work.procedure == .general, let decision = scene.work.decision, let issue = decision.issue,
            statedAt > issue.at
        else { return }
        throw StepRefusal(
            .outOfOrder,
            "处罚决定已经作出（\(issue.at.chinese)），不能再登记决定以前的陈述申辩。催告后陈述、申辩的，用“登记催告后的陈述申辩”；对决定不服的，登记行政复议或者行政诉讼。")
    }

    /// Whoever was not told cannot answer, nor give up answering (行政处罚法第四十四条、第六十二条). In the summary procedure
    /// the party is told and heard on the spot, and the record of that says so.
    private func requireTold(in scene: Scene) throws(StepRefusal) {
        guard scene.work.procedure == .general, scene.work.kind == .penalty else { return }
        guard let told = scene.course.toldAt else {
            // Where the law asks for something even before that, its own answer names the article.
            let gates = Foresight(
                view: scene.view, law: scene.law, person: scene.performer.person, now: scene.now
            ).refusals(of: .statement)
            guard gates.isEmpty else { return }
            throw PartyPaper.untold("再登记陈述申辩", in: scene.course)
        }
        if statedAt.milliseconds(since: told) < -60_000 {
            throw StepRefusal(fields: [.init("statedAt", "陈述申辩不能早于告知（\(told.chinese)）。")])
        }
    }

    /// The party is heard by its own word, never by a word of the officer alone (行政处罚法第四十五条、第六十二条;
    /// zhaoxian-2017:12(5)): without a paper that it signed, one person could hear it, or have it give up, in its place.
    private func requirePaper(in scene: Scene) async throws(StepRefusal) {
        guard scene.course.asksTelling, scene.work.kind == .penalty else { return }
        guard let problem = problem(in: scene) else {
            guard let paper = document.flatMap(scene.work.document) else { return }
            let title = scene.law.library.kind(of: paper)?.title ?? paper.kind
            return try await PartySigner(of: scene).requireSpeaker(self, of: paper, title: title)
        }
        let gates = Foresight(
            view: scene.view, law: scene.law, person: scene.performer.person, now: scene.now
        ).refusals(of: .statement)
        guard gates.isEmpty else { return }
        throw StepRefusal(fields: [problem])
    }

    /// What is wrong with the paper that is named, or with who is said to speak in it; nil where nothing is.
    private func problem(in scene: Scene) -> StepRefusal.FieldError? {
        if let problem = paperProblem(in: scene) { return .init("document", problem) }
        guard let signed = document.flatMap(scene.work.document)?.slots["party"]?.name?.trimmedWhitespace,
            !signed.utf8.elementsEqual(speakerName.trimmedWhitespace.utf8)
        else { return nil }
        // Who signed is not told here: the paper may be one that is only shown within a look.
        return .init("speakerName", "陈述人是在材料上签名的人。请照材料填写。")
    }

    /// What is wrong with the paper that is named; nil where it is one in which the party says this.
    private func paperProblem(in scene: Scene) -> String? {
        let allowed = RecordStatement.papers[manner] ?? []
        guard let paper = document.flatMap({ id in RecordStatement.papers(in: scene.work).first { $0.id == id } }),
            allowed.contains(paper.kind)
        else {
            let what =
                switch manner {
                case "oral": "口头陈述申辩的，请选择当事人签名的《陈述申辩笔录》，在听证中陈述申辩的，选择《听证笔录》"
                case "written": "书面陈述申辩的，请选择当事人提交并签名的《当事人书面陈述（申辩、放弃）材料》"
                default: "当事人放弃的，请选择当事人签名的《口头放弃陈述申辩记录》或者当事人提交的书面材料"
                }
            return "\(what)；还没有的，先制作或者收取，由当事人签名。当事人没有陈述的，等期限届满，登记逾期未陈述。"
        }
        if let sort = paper.data?["submissionKind"]?.string {
            let fits = manner == "waived" ? ["waiver"] : ["statement", "defence"]
            guard fits.contains(sort) else {
                return manner == "waived"
                    ? "这份材料写明的性质不是“放弃陈述申辩”，不能据以登记放弃。" : "这份材料写明的性质不是陈述或者申辩，不能据以登记陈述申辩。"
            }
        }
        guard scene.law.openSlots(of: paper, in: scene.work).isEmpty else {
            return "这份材料还有签名栏没有办理。请先由当事人和执法人员全部签名。"
        }
        let isUsed = scene.view.records.contains { record in
            record.thread == scene.work.thread && record.type == .statementRecorded
                && record.word("document") == paper.id.description
        }
        if isUsed { return "这份材料已经用来登记过一次陈述申辩，一份材料只登记一次。" }
        guard let told = scene.course.tellings.last, let data = paper.data,
            let at = PartyPaper.spoken(paper.kind, data).flatMap({ data[$0]?.string }).flatMap({ Instant($0) }),
            at.milliseconds(since: told.at) < -60_000
        else { return nil }
        return "这份材料早于最近一次告知（\(told.at.chinese)），不是对那次告知的陈述、申辩或者放弃。请由当事人就告知的内容另行陈述或者放弃。"
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
        try scene.require(.running)
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
