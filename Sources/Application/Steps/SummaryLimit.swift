import Casework
import Kernel

/// What may be decided on the spot, as the decision itself says it (行政处罚法第五十一条): a warning, or one fine.
///
/// How high the fine may be is a rule's (`parent-law:penalty-51`), which reads the form's amount. So the text must say that
/// amount and no other: a fine that stands in the text alone would be bounded by nothing.
enum SummaryLimit {
    /// Kinds of penalty of article 51.
    private static let kinds: Set<String> = ["警告", "罚款"]

    /// What a form says that cannot be decided on the spot, by field.
    static func problems(in data: JSON) -> [StepRefusal.FieldError] {
        let items = data["content"]?.elements?.compactMap(\.string) ?? []
        let terms = PenaltyTerms(items.joined(separator: "\n"))
        let amount = data["amount"]?.integer
        var errors: [StepRefusal.FieldError] = []
        let others = PenaltyTerms.kinds.filter { terms.kinds.contains($0) && !kinds.contains($0) }
        if !others.isEmpty {
            errors.append(
                .init("content", "当场处罚只能是警告或者罚款，不能有“\(others.joined(separator: "、"))”。需要给予其他处罚的，按一般程序立案。"))
        }
        if terms.kinds.isDisjoint(with: kinds) {
            errors.append(.init("content", "请写明处罚的种类：警告，或者罚款和它的金额。"))
        }
        let fines = items.filter { PenaltyTerms($0).kinds.contains("罚款") }
        switch amount {
        case nil where !fines.isEmpty || !terms.amounts.isEmpty:
            errors.append(.init("amount", "处罚内容里有罚款或者金额，请在这里填写罚款金额。"))
        case .some(let amount) where fines.count != 1 || terms.fines != [amount] || terms.amounts != [amount]:
            errors.append(.init("content", "处罚内容里应当写明一项罚款，金额与“罚款金额”一致，没有其他金额。"))
        default: break
        }
        return errors
    }
}
