import Casework
import Kernel

/// Who is punished is punished by a decision of its own, told, reviewed and approved (行政处罚法第四十四条、第五十七条): no other
/// paper in the bureau's name does it beside that road, and what is added to a fine is bounded by it.
enum PunishingPaper {
    /// What a paper says that only a decision on a penalty may say, by field of the form.
    static func problems(in data: JSON, kind: DocumentKind, work: Case) -> [StepRefusal.FieldError] {
        switch kind.name {
        case DocumentKindName.enforcementDecision where CaseDocument.decidedOutcome(kind: kind.name, data: data) == nil:
            ordered(in: data, field: "content", kind)
        case "correction-order": ordered(in: data, field: "corrections", kind)
        case "added-fine-decision": added(in: data, work)
        default: []
        }
    }

    private static func ordered(
        in data: JSON, field: String, _ kind: DocumentKind
    ) -> [StepRefusal.FieldError] {
        let text = data[field]?.elements?.compactMap(\.string).joined(separator: "\n") ?? ""
        let named = DecisionCheck.punishments(in: text)
        guard !named.isEmpty else { return [] }
        return [
            .init(
                field,
                "“\(named.joined(separator: "、"))”是行政处罚，不能写在这份《\(kind.title)》里。给予处罚的，按处罚程序告知、审查、批准，制作《行政处罚决定书》。")
        ]
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
