import Casework
import Kernel

/// What became of a decision after it was issued (变更、撤销、重新作出): a reader of cover, catalogue and closing sheet is not left
/// with a number that does not stand any more (zhaoxian-2017:30; obligations 4, no. 25).
extension CaseFileSheets {
    private var changes: [Record] { view.records.filter { $0.type == .decisionChanged } }

    /// The last change of a document, in a word or two; nil where none is on record.
    func change(of document: CaseDocument) -> String? {
        let last = changes.last { $0.word("document") == document.id.description }
        guard let word = last?.word("change") else { return nil }
        return word == "remade" ? "已撤销，重新作出" : "已\(EntryType.decisionChanged.chinese(word, of: "change"))"
    }

    /// What became of each decision that was changed, for the cover; nil where none was.
    var changedDecisions: String? {
        let told = view.work.documents.filter { $0.isCaseDecision && $0.issue != nil }.compactMap { decision in
            change(of: decision).map { "\(numbered(decision))\($0)" }
        }
        return told.isEmpty ? nil : told.joined(separator: "；")
    }

    /// The decision on which the case ended, where another one stands beside it.
    var standing: String {
        guard !view.work.remade.isEmpty, let decision = view.work.standingDecision else { return "" }
        return decision.issue?.numberText.map { "（\($0)）" } ?? ""
    }

    func numbered(_ decision: CaseDocument) -> String {
        let number = decision.issue?.numberText.map { "（\($0)）" } ?? ""
        return "\(decision.kind == DocumentKindName.enforcementDecision ? "决定" : "处罚决定")\(number)"
    }

    /// Remedies that were sought, what became of them, and every change of a decision, in order.
    var remedies: [(String, String)] {
        let sight = Sight(view)
        return view.records.compactMap { record -> String? in
            func told(_ field: String) -> String {
                let text =
                    sight.hidden(record).contains(field) ? CaseFileSheets.veil : record.text(field)?.trimmedWhitespace
                return text.map { "：\($0.hasSuffix("。") ? String($0.dropLast()) : $0)" } ?? ""
            }
            switch record.type {
            case .remedyOpened:
                let kind = record.word("kind").map { record.type.chinese($0, of: "kind") } ?? ""
                let at = (record.instant("openedAt") ?? record.happenedAt).day.chinese
                return "\(at)\(kind)\(told("body"))。"
            case .remedyConcluded:
                let result = record.word("result").map { record.type.chinese($0, of: "result") } ?? ""
                return "\(record.happenedAt.day.chinese)登记结果“\(result)”\(told("content"))。"
            case .decisionChanged:
                let what =
                    record.word("document").flatMap { DocumentID($0) }.flatMap { view.work.document($0) }
                    .map { named($0.id) } ?? "决定"
                let change = record.word("change").map { record.type.chinese($0, of: "change") } ?? ""
                let day = record.word("changedDay").flatMap { CivilDay($0) } ?? record.happenedAt.day
                return "\(what)：\(day.chinese)\(change)，\(name(record.actor))登记\(told("reason"))。"
            default: return nil
            }
        }.map { ("复议、诉讼和决定变更", $0) }
    }

    /// What a recording proves, where a step rests on it; nil for what proves no such thing.
    static func proves(_ seq: Int, in view: CaseView) -> String? {
        let step = view.records.last { record in
            record.references.contains { $0.role == ProofClass.role && $0.thread == view.work.thread && $0.seq == seq }
        }
        return switch step?.type {
        case .documentServed: "送达凭证"
        case .performanceRecorded, .fineCollected: "履行凭证"
        case .decisionChanged, .remedyConcluded: "复议、诉讼、变更的文书"
        case .courtConcluded: "法院文书"
        default: nil
        }
    }
}
