import Casework
import Kernel
import Ledger

/// Records that a document was served (送达).
public struct RecordService: CaseStep {
    public static let name = "service"

    public var document: DocumentID
    public var receipt: DocumentID
    public var servedAt: Instant
    public var recipient: String
    public var signatory: String?
    public var relation: String?
    public var place: String

    /// A direct service (直接送达).
    public init(
        document: DocumentID, receipt: DocumentID, servedAt: Instant, recipient: String, signatory: String?,
        relation: String?, place: String
    ) {
        self.document = document
        self.receipt = receipt
        self.servedAt = servedAt
        self.recipient = recipient
        self.signatory = signatory
        self.relation = relation
        self.place = place
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        try scene.performer.requireHandler(of: scene.work)
        try scene.require(.served)
        guard let served = scene.work.document(document), let issue = served.issue, !served.isVoid else {
            throw StepRefusal(.outOfOrder, "只能登记已制发且未作废的文书的送达。")
        }
        guard let proof = scene.work.document(receipt), proof.kind == DocumentKindName.serviceReceipt, !proof.isVoid,
            proof.about == document
        else { throw StepRefusal(.outOfOrder, "请先制作这份文书的送达回证。") }
        let way = ServiceMethod(of: proof)
        guard way.step == RecordService.name else {
            throw StepRefusal(fields: [.init("receipt", "这份送达回证写明的不是直接送达，请在“\(way.title)”里登记。")])
        }
        guard !RecordService.isBefore(issue, receipt: proof.data) else {
            throw StepRefusal(
                .outOfOrder, "送达回证写明的送达时间早于文书制发的时间（\(issue.at.chinese)），不能用来登记送达。请作废后重新制作送达回证。")
        }
        var form = FormText()
        var fields: [FieldValue] = [
            .init("recipient", .string(form.required(recipient, "recipient", "受送达人", limit: 120)), .party),
            .init("place", .string(form.required(place, "place", "送达地点", limit: 200)), .party),
        ]
        if let signatory = form.optional(signatory, "signatory", "签收人", limit: 60) {
            fields.append(.init("signatory", .string(signatory), .party))
            let known = proof.slots["recipient"]?.relationText
            let relation = form.required(relation ?? known ?? "", "relation", "签收人与受送达人的关系", limit: 200)
            fields.append(.init("relation", .string(relation), .party))
        } else if let slot = proof.slots["recipient"], let capacity = slot.capacity, capacity != .principal,
            let signer = slot.name, let relation = slot.relationText
        {
            // Who received is who signed: the record says it, whatever the form left out.
            fields.append(.init("signatory", .string(signer), .party))
            fields.append(.init("relation", .string(relation), .party))
        }
        // The receipt is what the party signed: what is recorded of it is what it says. Its words are not told here: the
        // receipt may be one that is only shown within a look.
        if let said = proof.data?["signatory"]?.string, let signatory, !signatory.trimmedWhitespace.isEmpty,
            !said.trimmedWhitespace.utf8.elementsEqual(signatory.trimmedWhitespace.utf8)
        {
            form.fail("signatory", "与送达回证写的签收人不一致。请照送达回证填写；回证写错了的，作废后重新制作。")
        }
        try form.finish()
        let fact = Fact(
            .documentServed, in: scene.work.thread,
            plain: [
                "document": .string(document.description), "method": "direct",
                "receipt": .string(receipt.description), "servedAt": .integer(servedAt.milliseconds),
            ],
            fields: fields, stated: try scene.stated(servedAt, field: "servedAt"),
            references: [try scene.reference("issued", to: issue.seq)])
        let errors = ServiceCheck.problems(fact, in: scene)
        guard errors.isEmpty else { throw StepRefusal(fields: errors) }
        try await ServiceCheck.requireSigned(proof, in: scene)
        return [Confirming.marked(fact, in: scene)]
    }
}

/// Records how the party performs the decision (zhaoxian-2017:27).
public struct RecordPerformance: CaseStep {
    public static let name = "performance"

    /// `complete`, `partly` or `none`.
    public var status: String
    public var performedAt: Instant?
    /// All that was paid of fine and confiscated gain, in fen.
    public var amount: Int64?
    public var obligation: String
    public var evidence: String?
    /// The things that were taken away, where the decision says so without an amount.
    public var taken: String?
    /// The voucher: the place of its link in the case's thread.
    public var proofFile: Int?

    /// A record of performance.
    public init(
        status: String, performedAt: Instant?, amount: Int64?, obligation: String, evidence: String?,
        taken: String? = nil, proofFile: Int? = nil
    ) {
        self.taken = taken
        self.proofFile = proofFile
        self.status = status
        self.performedAt = performedAt
        self.amount = amount
        self.obligation = obligation
        self.evidence = evidence
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        try scene.performer.requireHandler(of: scene.work)
        try scene.require(.owed)
        guard let decision = scene.work.decision else { throw StepRefusal(.outOfOrder, "处罚决定书制发之后才登记履行情况。") }
        guard scene.work.heldPerformances.isEmpty else {
            throw StepRefusal(
                .outOfOrder, "已经登记全部履行，正等登记人以外的人打开凭证核对。核对以后就算履行；登记有误的，由核对的人退回，再重新登记。")
        }
        var form = FormText()
        if !["complete", "partly", "none"].contains(status) { form.fail("status", "请选择履行情况。") }
        var fields: [FieldValue] = [
            .init("obligation", .string(form.required(obligation, "obligation", "应履行的内容")), .party)
        ]
        if let evidence = form.optional(evidence, "evidence", "履行凭证") {
            fields.append(.init("evidence", .string(evidence), .party))
        }
        if let taken = form.optional(taken, "taken", "没收的财物") {
            fields.append(.init("taken", .string(taken), .party))
        }
        // What is performed is the case's decision; said here, so that of several each is held to its own.
        var plain: [JSON.Member] = [
            .init("status", .string(status)), .init("document", .string(decision.id.description)),
        ]
        var stated: StatedTime?
        if status != "none" {
            if let performedAt {
                plain.append(.init("performedAt", .integer(performedAt.milliseconds)))
            } else {
                form.fail("performedAt", "请填写履行时间。")
            }
        }
        if let amount {
            if amount < 0 || amount > 100_000_000_000 { form.fail("amount", "金额超出范围，请核对。") }
            plain.append(.init("amount", .integer(amount)))
        }
        if scene.work.procedure == .general, status == "complete", !scene.work.isServed(decision.id) {
            let isHeld = scene.work.awaited.contains { $0.type == .documentServed }
            throw StepRefusal(
                .outOfOrder,
                isHeld
                    ? "处罚决定书的送达已经登记，还在等另一名承办人或者负责人核对；核对以后才算送达，才能登记已全部履行。"
                    : "处罚决定书还没有送达，不能登记已全部履行。请先登记送达。")
        }
        PerformanceCheck.check(self, in: scene, form: &form)
        try form.finish()
        if let performedAt, status != "none" { stated = try scene.stated(performedAt, field: "performedAt") }
        var references: [EntryReference] = []
        if let proofFile {
            references.append(try PerformanceCheck.voucher(proofFile, for: decision, in: scene))
        }
        if PerformanceCheck.awaits(self, in: scene) { plain.append(.init(Confirmations.member, true)) }
        return [
            Fact(
                .performanceRecorded, in: scene.work.thread, plain: .object(plain), fields: fields, stated: stated,
                references: references)
        ]
    }
}

/// Records that the act is over (终结), with its ground.
public struct EndCase: CaseStep {
    public static let name = "ending"

    public var ground: Ending.Ground
    public var reason: String?
    /// Whether who ends it has seen what can no longer be met afterwards, and ends it all the same.
    public var acceptsGaps: Bool

    /// An ending.
    public init(ground: Ending.Ground, reason: String?, acceptsGaps: Bool = false) {
        self.ground = ground
        self.reason = reason
        self.acceptsGaps = acceptsGaps
    }

    public func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
        try scene.require(.running)
        let work = scene.work
        guard ground.fits(work.kind) else { throw StepRefusal(.outOfOrder, "这种终结方式不适用于\(work.kind.chinese)。") }
        try requireBasis(in: scene)
        if let refusal = Confirming.refusal(in: scene, before: "终结") { throw refusal }
        if let refusal = ReceiptCheck.refusal(in: work, before: "终结", law: scene.law) { throw refusal }
        var form = FormText()
        var fields: [FieldValue] = []
        if ground == .terminated {
            fields.append(.init("reason", .string(form.required(reason ?? "", "reason", "终止的理由")), .internal))
        } else if let reason = form.optional(reason, "reason", "说明") {
            fields.append(.init("reason", .string(reason), .internal))
        }
        try form.finish()
        var plain: [JSON.Member] = [.init("ground", .string(ground.rawValue))]
        let lost = ClosingGaps(ending: EndCase.record(ground, in: scene), after: scene.history, law: scene.law).lost
        if !lost.isEmpty {
            guard acceptsGaps else {
                var refusal = StepRefusal(
                    .outOfOrder, "终结以后，下列 \(lost.count) 项不能再补办。能补的请先补办；确实不能补的，勾选下面的确认再终结，归档之前由负责人逐项批准带缺陷归档。")
                refusal.reasons = lost.map { StepRefusal.Reason($0) }
                throw refusal
            }
            plain.append(.init("defects", .integer(Int64(lost.count))))
        }
        return [Fact(.caseEnded, in: work.thread, plain: .object(plain), fields: fields)]
    }

    /// The ending as it would be recorded, for judging what it would leave undone.
    public static func record(_ ground: Ending.Ground, in scene: Scene) -> Record {
        Record(
            thread: scene.work.thread, seq: scene.work.entries + 1, type: .caseEnded, recordedAt: scene.now,
            actor: scene.performer.tag, plain: ["ground": .string(ground.rawValue)])
    }

    /// An ending says what was recorded before: the ground must have its basis in the case.
    private func requireBasis(in scene: Scene) throws(StepRefusal) {
        let (work, performer) = (scene.work, scene.performer)
        switch ground {
        case .nothingFound, .handedOn, .ledOn:
            try performer.requireHandler(of: work)
            let expected: Finding.Outcome =
                ground == .nothingFound ? .nothingFound : ground == .handedOn ? .handedOn : .suspected
            guard work.finding?.outcome == expected else {
                throw StepRefusal(.outOfOrder, "请先登记检查结果“\(expected.chinese)”，再这样终结。")
            }
            guard ground != .ledOn || scene.ledTo != nil else {
                throw StepRefusal(.outOfOrder, "还没有从本次检查启动行政处罚程序，请先立案，再这样终结。")
            }
            if ground == .handedOn { try requireTransferred(work, to: authority(in: scene)) }
        case .performed:
            try performer.requireHandler(of: work)
            if !work.heldPerformances.isEmpty, let refusal = Confirming.refusal(in: scene, before: "终结") {
                throw refusal
            }
            guard work.performance?.status == "complete" else {
                throw StepRefusal(.outOfOrder, "请先登记处罚决定已全部履行，再终结本案。")
            }
            guard !work.isUndone else {
                throw StepRefusal(
                    .outOfOrder, "处罚决定已经登记撤销，不能按履行完毕终结。请制作《行政执法决定书》写明撤销和已缴款项的处理，送达当事人，再由行政机关负责人终结本案。")
            }
            guard work.documents.contains(where: { $0.isCaseDecision && $0.isInForce }) else {
                throw StepRefusal(.outOfOrder, "本案的处罚决定书已经作废，没有可以履行的决定。请重新制作、制发并送达决定书，再登记履行、终结。")
            }
            if let shortfall = PerformanceCheck.shortfall(in: scene) { throw StepRefusal(.outOfOrder, shortfall) }
        case .noPenalty, .withdrawn, .transferred:
            try performer.requireHandler(of: work)
            let expected: Drafting.Outcome =
                ground == .noPenalty ? .noPenalty : ground == .withdrawn ? .withdraw : .transfer
            guard work.drafting?.outcome == expected, work.approval?.isApproved == true else {
                throw StepRefusal(.outOfOrder, "须先草拟“\(expected.chinese)”并经负责人批准，再这样终结。")
            }
            // What the party is told ends the act for them (obligations 4, no. 25); a transfer is told to who takes over.
            guard ground != .transferred else { return try requireTransferred(work) }
            let decision = work.documents.last {
                $0.isInForce && CaseDocument.decidedOutcome(kind: $0.kind, data: $0.data ?? .object([])) == expected
            }
            guard let decision, decision.issue != nil else {
                throw StepRefusal(
                    .outOfOrder, "请先制作并制发《行政执法决定书》，决定类别选“\(expected.chinese)”，送达当事人以后，再这样终结。")
            }
            guard work.isServed(decision.id) else {
                throw StepRefusal(.outOfOrder, "“\(expected.chinese)”的决定书还没有送达当事人。请先送达并登记，再这样终结。")
            }
        case .terminated:
            // Breaking off an investigation is the head's to decide, never the handler's.
            try performer.require(.agencyHead)
            try performer.requireSecret()
            try requireUndecided(in: scene)
        }
    }

    /// Once a penalty is decided there is no investigation left to break off: the case ends when the penalty is performed,
    /// when its execution is over (obligations 4, no. 25), or when the decision was undone.
    private func requireUndecided(in scene: Scene) throws(StepRefusal) {
        guard let decision = scene.work.decision else { return }
        let undoing: Set<String> = ["revoked", "unlawful", "void"]
        let undone = scene.view.records.last { record in
            record.type == .decisionChanged && record.word("change").map(undoing.contains) == true
                && record.word("document").map { $0 == decision.id.description } != false
        }
        // A party hears of what becomes of its penalty by a paper that is served on it, as it heard of the penalty.
        if let undone {
            let words = ["revoked": "撤销", "unlawful": "违法", "void": "无效"]
            let word = undone.word("change").flatMap { words[$0] } ?? "撤销"
            let isTold = scene.work.documents.contains {
                $0.kind == DocumentKindName.enforcementDecision && $0.isInForce && $0.fixedSeq > undone.seq
                    && scene.work.isServed($0.id) && PerformanceCheck.content(of: $0).contains(word)
            }
            guard !isTold else { return }
            throw StepRefusal(
                .outOfOrder,
                "处罚决定已经登记\(undone.word("change") == "revoked" ? "撤销" : "确认\(word)")，写明这件事的决定书还没有送达当事人。请制作《行政执法决定书》，在决定内容里写明原决定\(undone.word("change") == "revoked" ? "撤销" : "确认\(word)")，由行政机关负责人签名，制发并送达，再终结本案。"
            )
        }
        let isOver = scene.view.records.contains { $0.type == .courtConcluded }
        let hasResult = scene.work.documents.contains {
            $0.kind == "execution-result-record" && $0.issue != nil && $0.isInForce
        }
        guard !isOver, !hasResult else { return }
        throw StepRefusal(
            .outOfOrder,
            "处罚决定书\(decision.issue?.numberText.map { "（\($0)）" } ?? "")已经制发，不能再终止调查。当事人履行的，登记履行情况；不履行的，催告并申请法院强制执行，执行终结以后再终结本案；决定撤销的，先登记决定变更撤销。"
        )
    }

    /// The authority that the finding names; nil where its words were destroyed.
    private func authority(in scene: Scene) -> String? {
        scene.history.first { $0.thread == scene.work.thread && $0.seq == scene.work.finding?.seq }?
            .text("recipient")?.trimmedWhitespace
    }

    /// A case is handed on by a letter that the head signed and that who takes over received (行政处罚法第二十七条): by the
    /// handler's word alone it could be made to vanish.
    private func requireTransferred(_ work: Case, to authority: String? = nil) throws(StepRefusal) {
        let all = work.documents.filter { $0.kind == DocumentKindName.caseTransfer && $0.isInForce }
        let letters = all.filter { letter in
            guard let authority, let named = letter.data?["recipient"]?.string else { return true }
            return named.trimmedWhitespace.utf8.elementsEqual(authority.utf8)
        }
        if let authority, letters.isEmpty, !all.isEmpty {
            throw StepRefusal(
                .outOfOrder,
                "《案件移送函》的接收机关不是检查结果里写的“\(authority)”。请照检查结果重新制作《案件移送函》；检查结果写错了的，在全过程里找到它，申请更正。")
        }
        guard let letter = letters.last(where: { $0.issue != nil }) else {
            throw StepRefusal(.outOfOrder, "还没有制发《案件移送函》。请先写明接收机关和随函移送的材料，经行政机关负责人签发，送达接收机关，再这样终结。")
        }
        guard letters.contains(where: { work.isServed($0.id) }) else {
            throw StepRefusal(
                .outOfOrder,
                "《案件移送函》\(letter.issue?.numberText.map { "（\($0)）" } ?? "")还没有送达接收机关。请由接收机关在送达回证上签收，或者凭邮寄回执登记送达，再这样终结。")
        }
    }
}
