import Casework
import Kernel

extension FineAmount {
    /// What the text fines where the form's field was left empty; nil where it was filled, or nothing is fined.
    static func told(in data: JSON, of kind: DocumentKind) -> Int64? {
        guard kinds.contains(kind.name), kind.field(field) != nil, data[field]?.integer == nil else { return nil }
        return fine(in: data)
    }

    /// An amount that was entered and is not what the text fines, by field of the form.
    static func problems(in data: JSON, of kind: DocumentKind) -> [StepRefusal.FieldError] {
        guard kinds.contains(kind.name) else { return [] }
        let content = data["content"]?.elements?.compactMap(\.string) ?? []
        if let unread = content.first(where: { PenaltyTerms($0).isFineUnreadable }),
            !content.contains(where: { !PenaltyTerms($0).fines.isEmpty })
        {
            return [.init("content", "“\(unread)”写了罚款，没有写明金额，或者金额的写法无法识别。请写成“罚款5,000元”这样。")]
        }
        guard let amount = data[field]?.integer, let fine = fine(in: data), amount != fine else { return [] }
        return [.init(field, "内容里的罚款合计\(MoneyText.plain(fen: fine))元，与这里填写的\(MoneyText.plain(fen: amount))元不一致，请核对。")]
    }
}
