import Casework
import Kernel

/// What a timeline's own records of the bureau say of its texts: who was chosen on adoption, from which day a text is in
/// force, and which was its last.
///
/// The rule: what the caller says of days stands (`zhaoxian-2017@2026-01-01..2026-12-31`); what they leave open is as the
/// timeline tells it. A timeline that tells nothing of a text leaves it as it was asked for.
struct ToldAdoptions {
    private let history: [Record]

    init(_ history: [Record]) { self.history = history }

    /// Spans as they were asked for, with what the timeline tells.
    func filled(_ rules: RulesInForce, asked texts: [RowHistory.TextInForce]) throws(RuleBaseError) -> RulesInForce {
        var spans: [RulesInForce.Span] = []
        for (span, text) in zip(rules.spans, texts) {
            let id = span.regulation.id
            let ofText = history.filter { $0.word("regulation") == id }
            let adopted = ofText.last { $0.type == .regulationAdopted }
            let confirmed = ofText.last { $0.type == .regulationConfirmed }
            let chosen = AdoptedOffices(
                approver: role("approver", confirmed) ?? role("approver", adopted),
                custodian: role("custodian", confirmed) ?? role("custodian", adopted))
            let isAlone = texts.filter { $0.regulation == id }.count == 1
            let from = text.from ?? (isAlone ? day("inForceFrom", adopted) : nil) ?? span.from
            let last =
                isAlone
                ? day("lastDay", ofText.last { $0.type == .regulationRepealed }) ?? day("inForceUntil", adopted) : nil
            spans.append(
                RulesInForce.Span(
                    regulation: span.regulation, digest: span.digest, from: from,
                    until: span.until ?? last?.advanced(by: 1), matters: span.matters, chosen: chosen))
        }
        do {
            return try RulesInForce(
                spans: spans, matters: rules.matters, kinds: rules.kinds, keptKinds: rules.keptKinds)
        } catch {
            throw RuleBaseError(error.chinese)
        }
    }

    private func role(_ member: String, _ record: Record?) -> Role? {
        record?.word(member).flatMap { Role(rawValue: $0) }
    }

    private func day(_ member: String, _ record: Record?) -> CivilDay? {
        record?.word(member).flatMap { CivilDay($0) }
    }
}
