/// How a duty comes again (定期).
public enum Recurrence: Hashable, Sendable {
    /// For every quarter that has ended since it began; its records name it, such as `2026Q1`.
    case quarter
    /// For every year that has ended since it began; its records name it, such as `2026`.
    case year
    /// So many days after it was last done, or since it began.
    case days(Quantity)
}
