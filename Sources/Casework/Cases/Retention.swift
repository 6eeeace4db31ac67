import Kernel

/// How long the file of a filed case is kept (保管期限), as its cover says; nothing is destroyed by it (zhaoxian-2017:30.p2b).
public struct Retention: Hashable, Sendable {
    /// The term on the cover; nil where it states none that a term can be reckoned from.
    public let term: DocumentKind.RetentionClass?
    /// When the case was filed, from which it runs.
    public let filedAt: Instant

    /// The term of a case; nil while it is not filed.
    public init?(_ work: Case) {
        guard let filedAt = work.filedAt else { return nil }
        self.filedAt = filedAt
        let cover = work.document(ofKind: "case-file-cover")
        term = cover?.data?["retention"]?.string.flatMap(DocumentKind.RetentionClass.init(rawValue:))
    }

    /// The last day of the term; nil where it is kept for good, or no term is stated.
    public var lastDay: CivilDay? {
        let years: Int
        switch term {
        case .years10: years = 10
        case .years30: years = 30
        case .permanent, nil: return nil
        }
        let filed = filedAt.day.parts
        // The last of February of a leap year has no like in most others.
        return CivilDay(year: filed.year + years, month: filed.month, day: filed.day)
            ?? CivilDay(year: filed.year + years, month: filed.month, day: filed.day - 1)
    }

    /// Whether the term is over on a day.
    public func isOver(on day: CivilDay) -> Bool { lastDay.map { $0 < day } ?? false }
}
