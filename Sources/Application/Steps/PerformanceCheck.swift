import Casework
import Kernel

/// What a record of performance must agree with: the decision, its service, and the fine that it sets.
enum PerformanceCheck {
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
        guard let fine = fine(of: decision) else { return }
        let paid = step.amount ?? 0
        let isIncreased = scene.work.documents.contains { $0.kind == "added-fine-decision" && $0.isInForce }
        if paid < fine {
            form.fail(
                "amount",
                "决定书的罚款是\(MoneyText.plain(fen: fine))元，已缴\(MoneyText.plain(fen: paid))元，没有缴清，请选择“部分履行”；分次缴纳的，填写累计已缴金额。")
        } else if paid > fine, !isIncreased {
            form.fail("amount", "已缴金额多于决定书的罚款（\(MoneyText.plain(fen: fine))元），请核对。")
        }
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
        let content = decision.data?["content"]?.elements?.compactMap(\.string).joined(separator: "\n") ?? ""
        let terms = PenaltyTerms(content)
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
    /// Refuses a receipt dated before its document was issued, or with a time to come.
    func requireServedAfterIssue(in scene: Scene) throws(StepRefusal) {
        guard kind == DocumentKindName.serviceReceipt, let served = about.flatMap({ scene.work.document($0) }) else {
            return
        }
        guard let issue = served.issue else {
            let title = scene.law.library.kind(of: served)?.title ?? served.kind
            throw StepRefusal(.outOfOrder, "《\(title)》还没有制发，不能为它制作送达回证。请先制发。")
        }
        if RecordService.isBefore(issue, receipt: data) {
            throw StepRefusal(
                fields: [.init("servedAt", "送达时间不能早于文书制发时间（\(issue.at.chinese)）。")])
        }
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
