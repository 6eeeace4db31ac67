import Casework
import Kernel

/// Who is punished is punished by a decision of its own, told, reviewed and approved (行政处罚法第四十四条、第五十七条): no other
/// paper in the bureau's name does it beside that road, and what is added to a fine is bounded by it.
enum PunishingPaper {
    /// What a paper says that only a decision on a penalty may say, by field of the form.
    static func problems(in data: JSON, kind: DocumentKind, work: Case) -> [StepRefusal.FieldError] {
        guard kind.inBureausName, !free.contains(kind.name),
            CaseDocument.decidedOutcome(kind: kind.name, data: data) == nil
        else { return [] }
        let bounds = bounds(of: kind, in: work)
        let ordered = kind.fields.compactMap { field -> StepRefusal.FieldError? in
            guard !telling.contains(field.name), let value = data[field.name] else { return nil }
            let text = words(of: value, field.type)
            // A decision adds nothing to a fine for each day: that is a paper of its own, after a demand.
            let adds = kind.name != DocumentKindName.enforcementDecision
            let over = bounds.map { excess(of: text, over: $0, adds: adds) } + [excess(of: text, over: nil, adds: adds)]
            guard let least = over.min(by: { $0.count < $1.count }), !least.isEmpty else { return nil }
            return .init(field.name, sentence(least, kind, isBounded: !bounds.isEmpty))
        }
        return ordered + (kind.name == "added-fine-decision" ? added(in: data, work) : [])
    }

    /// What a field orders; of a table, what is done with each thing: names of things are none.
    private static func words(of value: JSON, _ type: FieldType) -> String {
        switch type {
        case .text, .longText: value.string ?? ""
        case .list: value.elements?.compactMap(\.string).joined(separator: "\n") ?? ""
        case .table: value.elements?.compactMap { $0["disposal"]?.string }.joined(separator: "\n") ?? ""
        default: ""
        }
    }

    /// Papers that tell of a penalty and order none: of the rights before it, to another authority, to the court, and to
    /// who complained.
    private static let free: Set<String> = [
        DocumentKindName.rightsNotice, "hearing-notice", "hearing-announcement", DocumentKindName.caseTransfer,
        "court-enforcement-application", "non-initiation-notice",
    ]

    /// Fields in which a paper says what was, why, what may follow and what somebody may do about it; and names.
    private static let telling: Set<String> = [
        "facts", "reasons", "legalBasis", "remedies", "consequence", "rights", "evidence", "defence", "duties",
        "materials", "copyTo", "caseName", "subjectName", "subjectCode", "subjectAddress", "subjectRepresentative",
        "subjectPhone", "contactPerson", "contactPhone", "contactAddress", "decisionNumber", "demandNumber",
        "noticeNumber", "documentTitle", "documentNumber", "recipient", "applicant", "matter",
    ]

    /// The texts that a paper may repeat: the decision that it carries out; of a public notice also the telling.
    private static func bounds(of kind: DocumentKind, in work: Case) -> [String] {
        // A decision of another sort carries nothing out: it decides. One that follows a remedy may ease the penalty, and
        // names what is left of it.
        guard kind.name != "correction-order", kind.name != DocumentKindName.enforcementDecision || work.isContested
        else { return [] }
        let papers = work.documents.filter { paper in
            paper.isInForce
                && (paper.isCaseDecision || kind.name == "public-notice" && paper.kind == DocumentKindName.rightsNotice)
        }
        return papers.map { $0.data?["content"]?.elements?.compactMap(\.string).joined(separator: "\n") ?? "" }
    }

    /// What a text punishes with beyond another, in words.
    ///
    /// A text that carries a decision out names its fine more than once and has terms of its own: kinds and the greatest
    /// single sums are compared. What is added for each day (加处罚款) is at most the fine once more: that clause alone may
    /// name twice the fine, and no other.
    private static func excess(of text: String, over bound: String?, adds: Bool) -> [String] {
        let decided = PenaltyTerms(bound ?? "")
        let kinds = DecisionCheck.punishments(in: text).filter { !decided.kinds.contains($0) }
        guard kinds.isEmpty else { return kinds }
        let sums = text.split { "。；;\n".contains($0) }.compactMap { clause -> Int64? in
            let most = decided.fineTotal.multipliedReportingOverflow(by: adds && clause.contains("加处罚款") ? 2 : 1)
            return PenaltyTerms(String(clause)).fines.filter { $0 > (most.overflow ? .max : most.partialValue) }.max()
        }
        return sums.max().map { ["罚款\(MoneyText.plain(fen: $0))元"] } ?? []
    }

    private static func sentence(_ named: [String], _ kind: DocumentKind, isBounded: Bool) -> String {
        let words = named.joined(separator: "、")
        return isBounded
            ? "“\(words)”超出了本案决定书的内容，不能写在这份《\(kind.title)》里。请照决定书填写。"
            : "“\(words)”是行政处罚，不能写在这份《\(kind.title)》里。给予处罚的，按处罚程序告知、审查、批准，制作《行政处罚决定书》。"
    }

    /// The sum that is added is at most the fine (行政处罚法第七十二条第一款第一项), of the decision that it names.
    private static func added(in data: JSON, _ work: Case) -> [StepRefusal.FieldError] {
        guard data["measureKind"] == "addedFine", let decision = work.decision, decision.isInForce else { return [] }
        var errors: [StepRefusal.FieldError] = []
        if let number = decision.issue?.numberText, let said = data["decisionNumber"]?.string,
            !number.utf8.elementsEqual(said.trimmedWhitespace.utf8)
        {
            errors.append(.init("decisionNumber", "本案决定书的字号是“\(number)”，请照它填写。"))
        }
        guard let amount = data["amount"]?.integer else { return errors }
        guard let fine = PerformanceCheck.fine(of: decision) else {
            return errors + [.init("measureKind", "本案的决定书没有罚款，不能加处罚款。")]
        }
        if amount > fine {
            errors.append(.init("amount", "加处罚款不能超出罚款的数额（\(MoneyText.plain(fen: fine))元）。"))
        }
        return errors
    }
}
