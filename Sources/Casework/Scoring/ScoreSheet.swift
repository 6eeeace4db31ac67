/// A sheet by which the file of a case is reviewed (案卷评查): what is looked at, what each fault costs, and which faults
/// fail the file whatever else is in it.
///
/// It asks nothing of its own: what it counts are the obligations of the case, as the law judges them, by their matters.
/// So a fault on the sheet and an obligation on the page of the case can never tell two stories.
public struct ScoreSheet: Hashable, Sendable {
    /// Its name on pages.
    public var title: String
    /// The points of a file without fault.
    public var full: Int
    /// What points are called, the best first; the last is what a file gets that a fault failed.
    public var grades: [Grade]
    /// Its parts, in order.
    public var sections: [Section]
    /// The id of the item that counts what no other does.
    public var otherwise: String
    /// Matters that do not belong to the file of one case: the bureau's own, recorders, requests.
    public var apart: Set<String>

    /// A sheet.
    public init(
        title: String, full: Int, grades: [Grade], sections: [Section], otherwise: String, apart: Set<String> = []
    ) {
        self.title = title
        self.full = full
        self.grades = grades
        self.sections = sections
        self.otherwise = otherwise
        self.apart = apart
    }

    /// A name for points from `from` on.
    public struct Grade: Hashable, Sendable {
        public var title: String
        public var from: Int

        /// A grade.
        public init(title: String, from: Int) {
            self.title = title
            self.from = from
        }
    }

    /// A part of the sheet.
    public struct Section: Hashable, Sendable {
        public var title: String
        public var items: [Item]

        /// A part.
        public init(title: String, items: [Item]) {
            self.title = title
            self.items = items
        }
    }

    /// One line of the sheet.
    public struct Item: Hashable, Sendable {
        /// Unique in the sheet.
        public var id: String
        /// What is looked at, in Chinese.
        public var title: String
        /// The matters whose obligations it counts.
        public var matters: [String]
        /// Points that each obligation costs that was not met.
        public var each: Int
        /// Points that each obligation costs that was met late.
        public var late: Int
        /// The most points that it can cost.
        public var most: Int
        /// Whether one obligation that was not met fails the file.
        public var isKnockOut: Bool

        /// An item.
        public init(
            id: String, title: String, matters: [String], each: Int, late: Int, most: Int, isKnockOut: Bool = false
        ) {
            self.id = id
            self.title = title
            self.matters = matters
            self.each = each
            self.late = late
            self.most = most
            self.isKnockOut = isKnockOut
        }
    }

    /// All items, in order.
    public var items: [Item] { sections.flatMap(\.items) }

    /// The item that counts a matter; nil for a matter that stands apart.
    public func item(of matter: String) -> String? {
        guard !apart.contains(matter) else { return nil }
        return items.first { $0.matters.contains(matter) }?.id ?? otherwise
    }

    /// The name of so many points.
    func grade(_ points: Int, isFailed: Bool) -> String {
        let last = grades.last?.title ?? ""
        return isFailed ? last : grades.first { points >= $0.from }?.title ?? last
    }
}
