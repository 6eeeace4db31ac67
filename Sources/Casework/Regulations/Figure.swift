/// A count that a provision asks to be reported (报表指标).
public struct Figure: Hashable, Sendable {
    /// Its name, unique in the text.
    public var name: String
    /// The name on pages.
    public var title: String
    /// What is counted.
    public var counts: Count
    /// Of how many, for a share.
    public var outOf: Count?

    /// What is counted.
    public enum Count: Hashable, Sendable {
        /// Records; with a path, the different values found there.
        case records(Pattern, distinct: Path?)
        /// Obligations of these matters that stand so at the instant of asking.
        case obligations([String], standing: [ObligationStanding])
    }

    /// A figure.
    public init(name: String, title: String, counts: Count, outOf: Count? = nil) {
        self.name = name
        self.title = title
        self.counts = counts
        self.outOf = outOf
    }
}

/// A figure as counted in a history.
public struct FigureValue: Hashable, Sendable {
    /// The figure's name.
    public let name: String
    /// The name on pages.
    public let title: String
    /// The provision that asks for it.
    public let citation: Citation
    /// The count.
    public var count: Int
    /// Of how many; nil where no share is asked.
    public var outOf: Int?
}
