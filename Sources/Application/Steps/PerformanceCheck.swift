import Casework
import Kernel
import Ledger

/// What a record of performance must agree with: the decision, its service, and every sum that it sets (ADR 0060).
enum PerformanceCheck {
    /// What a decision asks of the party that has to be proven when it was done.
    struct Due {
        /// The fine, and the sum that is taken away, in fen.
        let fine: Int64
        let confiscated: Int64
        /// Whether something is taken away that the decision states no amount of.
        let takesThings: Bool
        /// Whether the decision warns and nothing else: it is performed by being served.
        let isWarning: Bool

        /// All that is paid, in fen.
        var sum: Int64 {
            let (sum, isTooMuch) = fine.addingReportingOverflow(confiscated)
            return isTooMuch ? .max : sum
        }

        /// What the sum is made of.
        var parts: String {
            [("罚款", fine), ("没收", confiscated)].filter { $0.1 > 0 }
                .map { "\($0.0)\(MoneyText.plain(fen: $0.1))元" }.joined(separator: "、")
        }

        init(_ decision: CaseDocument) {
            self.init(PerformanceCheck.content(of: decision), fine: PerformanceCheck.fine(of: decision))
        }

        init(_ content: String, fine stated: Int64?) {
            let terms = PenaltyTerms(content)
            fine = stated ?? 0
            confiscated = terms.confiscated
            takesThings = terms.takesThings
            isWarning = fine == 0 && !terms.kinds.isEmpty && terms.kinds.isSubset(of: ["警告", "通报批评"])
        }
    }

    /// Says in the form what contradicts the case.
    static func check(_ step: RecordPerformance, in scene: Scene, form: inout FormText) {
        guard let decision = scene.work.decision else { return }
        if step.status != "none", let at = step.performedAt, let first = earliest(decision, in: scene.work) {
            // Minutes on a form are whole; the record has milliseconds.
            if at.milliseconds(since: first) < -60_000 {
                form.fail("performedAt", "履行时间不能早于决定书送达的时间（\(first.chinese)）。")
            }
        }
        guard step.status == "complete" else { return }
        if step.evidence?.trimmedWhitespace.isEmpty != false {
            form.fail("evidence", "登记已全部履行，须填写履行凭证，例如缴款书编号。")
        }
        let standing = standing(decision, in: scene)
        let due = Due(standing)
        let name = standing.id == decision.id ? "决定书" : "变更后的决定书"
        if !due.isWarning, step.proofFile == nil {
            form.fail("proofFile", "登记已全部履行，须选择凭证的扫描件或者照片。还没有上传的，先在案件页“上传音像资料”，再回到这里选择。")
        }
        if due.takesThings, step.taken?.trimmedWhitespace.isEmpty != false {
            form.fail("taken", "决定书没收的不只是写明金额的款项，请填写没收了哪些财物（名称、数量）和怎样处置。")
        }
        guard due.sum > 0 else { return }
        let paid = step.amount ?? 0
        let isIncreased = scene.work.documents.contains { $0.kind == "added-fine-decision" && $0.isInForce }
        let sum = MoneyText.plain(fen: due.sum)
        let total = due.fine > 0 && due.confiscated > 0 ? "\(due.parts)，合计\(sum)元" : due.parts
        if paid < due.sum {
            form.fail(
                "amount",
                "\(name)\(total)，已缴\(MoneyText.plain(fen: paid))元，没有缴清，请选择“部分履行”；分次缴纳的，填写累计已缴金额。")
        } else if paid > due.sum, !isIncreased, !due.takesThings, scene.work.remade.isEmpty {
            form.fail("amount", "已缴金额多于\(name)的数额（\(total)），请核对。")
        }
    }

    /// The link of a voucher in the case's own thread, refused where it is none: not of a recording, or from before there
    /// was anything to perform.
    static func voucher(
        _ seq: Int, for decision: CaseDocument, in scene: Scene
    ) throws(StepRefusal) -> EntryReference {
        guard let link = scene.view.records.first(where: { $0.seq == seq }), link.type == .recordingLinked else {
            throw StepRefusal(fields: [.init("proofFile", "请选择本案“音像资料”里的凭证。")])
        }
        // One slip of paper proves one thing; what was turned down proved nothing.
        let turnedDown = Confirmations.turnedDown(in: scene.view.records)
        let isUsed = scene.view.records.contains { record in
            // What was paid on a decision that was made anew is paid on the new one.
            !turnedDown.contains(record.id) && !Self.isFormer(record, in: scene.work)
                && record.references.contains { $0.role == "proofFile" && $0.thread == link.thread && $0.seq == seq }
        }
        guard !isUsed else {
            throw StepRefusal(fields: [.init("proofFile", "这份资料已经用来证明另一次送达或者缴款。请上传这一次的凭证，再选择它。")])
        }
        if let first = earliest(decision, in: scene.work), link.recordedAt.milliseconds(since: first) < -60_000 {
            throw StepRefusal(
                fields: [
                    .init("proofFile", "这份资料在决定书送达以前就登记了（\(link.recordedAt.chinese)），不能证明决定书的履行。请上传这次的缴款凭证。")
                ])
        }
        return try scene.reference("proofFile", to: seq)
    }

    /// Whether a record waits for somebody else: the case ends on it, and the decision asks for more than being served.
    static func awaits(_ step: RecordPerformance, in scene: Scene) -> Bool {
        guard step.status == "complete", !scene.work.isOver, let decision = scene.work.decision else { return false }
        return !Due(standing(decision, in: scene)).isWarning
    }

    /// The paper that says what is owed: the decision, or the one that was served on the party since it was changed
    /// (行政复议法第六十三条; 行政处罚法第六十六条). A change that nobody was told of changes nothing of what is paid.
    static func standing(_ decision: CaseDocument, in scene: Scene) -> CaseDocument {
        let change = scene.view.records.last { record in
            record.type == .decisionChanged && record.word("change") == "changed" && record.seq > decision.fixedSeq
                && record.word("document").map { $0 == decision.id.description } != false
        }
        guard let change else { return decision }
        return scene.work.documents.last { paper in
            paper.kind == DocumentKindName.enforcementDecision && paper.isInForce && paper.fixedSeq > change.seq
                && scene.work.isServed(paper.id)
        } ?? decision
    }

    /// What a recorded performance lacks of the decision that stands now, in words; nil where it lacks nothing. What was
    /// compared when it was recorded may have been changed or made void since.
    static func shortfall(in scene: Scene) -> String? {
        guard let decision = scene.work.decision, let performance = scene.work.performance,
            let record = Corrections.reading(scene.view.records).first(where: { $0.seq == performance.seq })
        else { return nil }
        let due = Due(standing(decision, in: scene))
        let paid = record.number("amount") ?? 0
        guard paid < due.sum else { return nil }
        return
            "登记的已缴金额（\(MoneyText.plain(fen: paid))元）少于现在有效的决定书的数额（\(due.parts)），不能按履行完毕终结。请登记余款的缴纳；登记有误的，申请更正。"
    }

    /// Whether a record is of a performance of a decision that was taken back to be made anew.
    static func isFormer(_ record: Record, in work: Case) -> Bool {
        record.type == .performanceRecorded
            && record.word("document").flatMap { DocumentID($0) }.map(work.remade.contains) == true
    }

    static func content(of decision: CaseDocument) -> String {
        decision.data?["content"]?.elements?.compactMap(\.string).joined(separator: "\n") ?? ""
    }

    /// When a decision could first be performed: when it was served; the summary procedure hands it over on its day.
    static func earliest(_ decision: CaseDocument, in work: Case) -> Instant? {
        let served = work.services.filter { $0.document == decision.id && !$0.isReturned }.map(\.servedAt).min()
        if let served { return served }
        let day = decision.data?["issuedOn"]?.string.flatMap { CivilDay($0) }
        return work.procedure == .summary ? day.map { Instant($0, hour: 0) } ?? work.startedAt : decision.issue?.at
    }

    /// The fine that a decision sets, in fen; nil if it sets none.
    static func fine(of decision: CaseDocument) -> Int64? {
        if let amount = decision.data?["amount"]?.integer { return amount }
        let terms = PenaltyTerms(content(of: decision))
        return terms.fines.isEmpty ? nil : terms.fineTotal
    }
}

extension RecordService {
    /// Whether a receipt says that a document was handed over before there was such a document.
    static func isBefore(_ issue: CaseDocument.Issue, receipt data: JSON?) -> Bool {
        guard let stated = data?["servedAt"]?.string.flatMap({ Instant($0) }) else { return false }
        return stated.milliseconds(since: issue.at) < -60_000
    }
}

extension FixDocument {
    /// Refuses a receipt dated before its document was issued, for somebody whom it is not for, or of a service that has
    /// its receipt.
    func requireServedAfterIssue(in scene: Scene) throws(StepRefusal) {
        guard kind == DocumentKindName.serviceReceipt else { return }
        // A receipt of nothing on record says that something was handed over which may not exist.
        guard let served = about.flatMap({ scene.work.document($0) }) else {
            throw StepRefusal(fields: [.init("about", "请选择送达的是本案哪一份已经制发的文书；还没有制发的，请先制发。")])
        }
        guard let issue = served.issue else {
            let title = scene.law.library.kind(of: served)?.title ?? served.kind
            throw StepRefusal(.outOfOrder, "《\(title)》还没有制发，不能为它制作送达回证。请先制发。")
        }
        if RecordService.isBefore(issue, receipt: data) {
            throw StepRefusal(
                fields: [.init("servedAt", "送达时间不能早于文书制发时间（\(issue.at.chinese)）。")])
        }
        let recipient = data["recipient"]?.string
        if let recipient, !ServiceCheck.isFor(recipient, served, in: scene.work) {
            throw StepRefusal(fields: [
                .init("recipient", "“\(recipient)”不是这份文书写明的当事人或者收件的单位。受送达人照文书填写；由别人代收的，写在签收栏里。")
            ])
        }
        let second = ReceiptCheck.refusal(ofSecond: document, of: served, to: recipient, in: scene.work)
        if let second { throw second }
    }
}

extension SignSlot {
    /// What the reviewer decides in the place says the same as the form's conclusion (审查结论); nil if it does.
    static func contradiction(of decision: SigningDecision, with data: JSON, kind: DocumentKind) -> String? {
        guard kind.category == .review, let result = data["result"]?.string, let field = kind.field("result"),
            case .choice(let options) = field.type
        else { return nil }
        let passes = result == "passed"
        guard passes != (decision == .passed) else { return nil }
        let label = options.first { $0.word == result }?.label ?? result
        return "文书的\(field.label)写的是“\(label)”，签名栏的意见须与它一致；结论有误的，请作废后重新制作。"
    }
}
