import Kernel

/// The fine that a notice or a decision tells, as rules compare it (行政处罚法第五十八条、第六十三条: 较大数额).
///
/// The governing rule: an amount that was not entered opens no gate. What the text fines is read from it, and an amount that
/// was entered has to be that. The summary decision has a check of its own.
public enum FineAmount {
    /// The field, in fen.
    public static let field = "amount"
    /// Kinds of paper that have it.
    public static let kinds: Set<String> = ["rights-notice", "penalty-decision", "enforcement-decision"]

    /// The sum of the fines in the list of what is decided, in fen; nil for none.
    public static func fine(in data: JSON) -> Int64? {
        let clauses = data["content"]?.elements?.compactMap(\.string) ?? []
        let terms = PenaltyTerms(clauses.joined(separator: "\n"))
        return terms.fines.isEmpty ? nil : terms.fineTotal
    }
}
