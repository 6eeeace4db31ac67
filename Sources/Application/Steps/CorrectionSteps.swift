import Casework
import Kernel
import Ledger

/// What a correction puts in the place of what was recorded.
public enum CorrectedValue: Hashable, Sendable {
    case text(String)
    case instant(Instant)
    case word(String)

    /// What a proposal of a correction asks for; nil where its text was destroyed.
    init?(proposedIn entry: Entry) {
        guard let record = Record(entry) else { return nil }
        if let at = record.instant("instant") {
            self = .instant(at)
        } else if let word = record.word("word") {
            self = .word(word)
        } else if let text = record.text("value") {
            self = .text(text)
        } else {
            return nil
        }
    }
}

/// Asks that an entry of the case be corrected (申请更正). A head decides in their own session.
public struct ProposeCorrection: CaseStep {
    public static let name = "correction"

    /// The entry's place in the case's thread.
    public var target: Int
    /// The member to be corrected; one of `EntryType.correctable`.
    public var member: String
    public var value: CorrectedValue
    public var reason: String

    /// A proposal.
    public init(target: Int, member: String, value: CorrectedValue, reason: String) {
        self.target = target
        self.member = member
        self.value = value
        self.reason = reason
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        try scene.performer.requireHandler(of: scene.work)
        try scene.require(scene.work.isSupplement(target) ? .always : .unfiled)
        let reference = try scene.reference("corrects", to: target)
        let entry = scene.entries[target - 1]
        guard let record = Record(entry), let correctable = record.type.correctable.first(where: { $0.name == member }),
            !(member == "startedAt" && record.plain["startedAt"] == nil)
        else {
            throw StepRefusal(
                .outOfOrder, "这一项不能更正：审批、签名、意见和文书内容不能改动，应当重新办理；文书有误的，作废、补正或者替代。")
        }
        guard
            !scene.work.corrections.contains(where: {
                $0.state == .proposed && $0.target == target && $0.member == member
            })
        else { throw StepRefusal(.outOfOrder, "这一项已经申请更正，正等负责人决定。") }
        let began = try await scene.sourceBegan()
        var form = FormText()
        var plain: [JSON.Member] = [.init("target", .integer(Int64(target))), .init("member", .string(member))]
        var fields: [FieldValue] = []
        switch (value, correctable.form) {
        case (.text(let text), .text):
            let text = form.required(
                text, "value", correctable.label,
                limit: CorrectionCheck.limit(of: member, in: record.type)
                    ?? (correctable.isLine ? FormText.lineLimit : 2000))
            if form.errors.isEmpty,
                let problem = CorrectionCheck.problem(
                    of: .text(text), in: correctable, target: target, scene: scene, since: began)
            {
                form.fail("value", problem)
            }
            // It is as open as what it corrects.
            let openingClass = entry.openings.first { $0.name == member }?.openingClass ?? .party
            fields.append(.init("value", .string(text), openingClass))
        case (.instant(let at), .instant):
            if at > scene.now {
                form.fail("value", "时间不能晚于现在（\(scene.now.chinese)）。")
            } else if let problem = Scene.tooEarly(at, now: scene.now)
                ?? CorrectionCheck.problem(of: value, in: correctable, target: target, scene: scene, since: began)
            {
                form.fail("value", problem)
            } else if let problem = unqualified(at, in: record, scene) {
                form.fail("value", problem)
            }
            plain.append(.init("instant", .integer(at.milliseconds)))
        case (.word(let word), .word(let words)):
            if !words.contains(word) { form.fail("value", "请选择更正后的内容。") }
            if record.type == .findingRecorded, record.word(member) == Finding.Outcome.suspected.rawValue {
                // A penalty case may stand on it already, in a thread of its own.
                form.fail("value", "“涉嫌违法”的检查结果不能更正；不再处罚的，启动程序后依法作出不予处罚或者撤销案件的决定。")
            }
            if scene.work.ending != nil { form.fail("value", "本案已经终结，检查结果不能再更正。") }
            if words.contains(word),
                let problem = CorrectionCheck.problem(
                    of: value, in: correctable, target: target, scene: scene, since: began)
            {
                form.fail("value", problem)
            }
            plain.append(.init("word", .string(word)))
        default: form.fail("value", "更正后的内容与原记录的形式不符。")
        }
        fields.append(.init("reason", .string(form.required(reason, "reason", "更正的理由")), .internal))
        try form.finish()
        return [
            Fact(
                .correctionProposed, in: scene.work.thread, plain: .object(plain), fields: fields,
                references: [reference])
        ]
    }

    /// Who took part in an activity without a certificate on the day that it is moved to; nil if all had one.
    private func unqualified(_ at: Instant, in record: Record, _ scene: Scene) -> String? {
        guard record.type == .activityBegan else { return nil }
        let missing = record.threads("officers").lazy.compactMap {
            Qualification.missing(of: $0, on: at.day, among: scene.persons)
        }.first
        return missing.map { "\($0)，不能参加这一日的执法活动。" }
    }
}

/// Decides on a proposed correction: another person than who proposed it, in their own session.
public struct DecideCorrection: CaseStep {
    public static let name = "correction-decision"

    /// The proposal's place in the case's thread.
    public var proposal: Int
    public var isApproved: Bool
    public var opinion: String

    /// A decision.
    public init(proposal: Int, isApproved: Bool, opinion: String) {
        self.proposal = proposal
        self.isApproved = isApproved
        self.opinion = opinion
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        try scene.performer.require(.departmentHead, .agencyHead)
        try scene.performer.requireSecret()
        try scene.require(scene.work.isSupplement(proposal) ? .always : .unfiled)
        guard let correction = scene.work.corrections.first(where: { $0.seq == proposal }) else {
            throw StepRefusal(.notFound, "本案没有这项更正申请。")
        }
        guard correction.state == .proposed else { throw StepRefusal(.outOfOrder, "这项更正申请已经决定。") }
        guard correction.by != scene.performer.tag, !scene.work.handlers.contains(scene.performer.tag) else {
            throw StepRefusal(.notAllowed, "您是申请人或者本案承办人，不能批准更正，请由其他负责人决定。")
        }
        var form = FormText()
        let opinion = form.required(opinion, "opinion", "意见")
        try form.finish()
        let entry = scene.entries[correction.seq - 1]
        let references = [
            try scene.reference("corrects", to: correction.target), try scene.reference("proposal", to: correction.seq),
        ]
        let said = entry.skeleton.content.plain
        var plain: [JSON.Member] = ["target", "member"].compactMap { name in said[name].map { .init(name, $0) } }
        guard isApproved else {
            return [
                Fact(
                    .correctionRefused, in: scene.work.thread, plain: .object(plain),
                    fields: [.init("opinion", .string(opinion), .internal)], references: references)
            ]
        }
        let began = try await scene.sourceBegan()
        // The case went on since it was proposed, and a proposal of an earlier version was held to less.
        if let record = Record(scene.entries[correction.target - 1]),
            let member = record.type.correctable.first(where: { $0.name == correction.member }),
            let value = CorrectedValue(proposedIn: entry),
            let problem = CorrectionCheck.problem(
                of: value, in: member, target: correction.target, scene: scene, since: began)
        {
            throw StepRefusal(.outOfOrder, "这项更正与本案的记录不符，不能同意：\(problem)请选“不同意”，由承办人重新申请。")
        }
        // The whole correction stands in this entry, so that it can be read without the proposal.
        plain += ["instant", "word"].compactMap { name in said[name].map { .init(name, $0) } }
        plain.append(.init("approvedBy", .string(scene.performer.tag.description)))
        if let by = correction.by { plain.append(.init("proposedBy", .string(by.description))) }
        var fields: [FieldValue] = [.init("opinion", .string(opinion), .internal)]
        for opening in entry.openings where ["value", "reason"].contains(opening.name) {
            guard let value = try? JSON(canonical: opening.value) else {
                throw StepRefusal(.fault, "更正申请不能读取，未作任何更改。")
            }
            fields.append(.init(opening.name, value, opening.openingClass))
        }
        return [
            Fact(
                .entryCorrected, in: scene.work.thread, plain: .object(plain), fields: fields, references: references)
        ]
    }
}

/// Lets a later document correct one that was issued (补正、替代): the handler issued the later one, the head says so.
public struct CorrectDocument: CaseStep {
    public static let name = "document-correction"

    public var document: DocumentID
    /// The later document.
    public var by: DocumentID
    public var manner: DocumentCorrection.Manner
    public var reason: String

    /// A correction.
    public init(document: DocumentID, by: DocumentID, manner: DocumentCorrection.Manner, reason: String) {
        self.document = document
        self.by = by
        self.manner = manner
        self.reason = reason
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        // What was sent out in the bureau's name is corrected by its head.
        try scene.performer.require(.agencyHead)
        try scene.performer.requireSecret()
        try scene.require(.unfiled)
        guard !scene.work.handlers.contains(scene.performer.tag) else {
            throw StepRefusal(.notAllowed, "您是本案承办人，不能批准补正，请由其他负责人办理。")
        }
        guard let corrected = scene.work.document(document), let issue = corrected.issue, !corrected.isVoid else {
            throw StepRefusal(.outOfOrder, "只能补正已制发且未作废的文书；没有制发的，请作废后重做。")
        }
        guard corrected.correction == nil else { throw StepRefusal(.outOfOrder, "这份文书已经补正或者被替代。") }
        var form = FormText()
        if let later = scene.work.document(by), scene.law.canCorrect(corrected, by: later, in: scene.work) {
            // One decision stands in a case: what takes its place is issued after it stands no more.
            if manner == .amends, later.issue == nil { form.fail("by", "补正原文书的，应当先制发；还没有制发的决定书只能替代原决定。") }
            if manner == .supersedes, later.kind != corrected.kind { form.fail("by", "替代原文书的，应当是同一种文书。") }
        } else {
            form.fail("by", "请选择在原文书之后制作、已经制发的文书。")
        }
        let reason = form.required(reason, "reason", "理由")
        try form.finish()
        guard let later = scene.work.document(by) else { return [] }
        return [
            Fact(
                .documentCorrected, in: scene.work.thread,
                plain: [
                    "by": .string(by.description), "document": .string(document.description),
                    "manner": .string(manner.rawValue),
                ],
                fields: [.init("reason", .string(reason), .internal)],
                references: [
                    try scene.reference("issued", to: issue.seq),
                    try scene.reference("by", to: later.issue?.seq ?? later.fixedSeq),
                ])
        ]
    }
}

extension Law {
    /// Whether a later document can correct one that was issued: issued itself and in force; or a decision of the case,
    /// signed by the head and to be issued in the place of the one that stands.
    public func canCorrect(_ corrected: CaseDocument, by later: CaseDocument, in work: Case) -> Bool {
        guard later.id != corrected.id, later.fixedSeq > corrected.fixedSeq else { return false }
        if later.isInForce { return true }
        return corrected.isCaseDecision && later.kind == corrected.kind && later.issue == nil && !later.isVoid
            && later.correction == nil && openSlots(of: later, in: work).isEmpty
    }
}
