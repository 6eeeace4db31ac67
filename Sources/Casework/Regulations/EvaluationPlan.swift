/// The texts in force made ready for judging: duties, permissions and figures with what they ask, each question once.
///
/// Texts in force have one, made when they first judge (`RulesInForce.plan`).
public struct EvaluationPlan: Sendable {
    /// The texts.
    public let rules: RulesInForce
    let core: PlanCore

    /// The plan of texts in force; made once for many histories.
    public init(_ rules: RulesInForce) {
        self.rules = rules
        core = rules.plan
    }
}

/// What a plan holds, apart from the texts that it was made of.
final class PlanCore: Sendable {
    let spans: [RulesInForce.Span]
    let kinds: DocumentKinds
    let duties: [PlannedDuty]
    /// By duty: types of records that can cause it.
    let causes: [TypeSet]
    let allowances: [PlannedAllowance]
    let figures: [PlannedFigure]
    /// By type of record: duties whose gates can refuse it, as places in `duties`.
    let refusing: [[Int]]
    /// What obligations, ties and permissions are counted by.
    let asked: [Matter.Per]
    let conditions: [PlannedCondition]
    let paths: [PlannedPath]
    /// Words that conditions name, as numbers from 1.
    let vocabulary: Vocabulary
    let patterns: [PlannedPattern]
    let groups: [PlannedPatterns]
    /// By place of the matter: its place among those that figures count; -1 for none.
    let counted: [Int]
    /// How many matters figures count.
    let countedCount: Int
    /// How many requirements ask for documents.
    let documentCount: Int
    /// By type of record: what a record of it makes doubtful of earlier ones.
    let unsettled: [Unsettled]

    /// Places of what may be answered otherwise once there is another record of a type.
    struct Unsettled: Sendable {
        fileprivate(set) var conditions: [Int] = []
        fileprivate(set) var paths: [Int] = []
        fileprivate(set) var patterns: [Int] = []
        fileprivate(set) var groups: [Int] = []
    }

    init(spans: [RulesInForce.Span], matters: [String: Matter], kinds: DocumentKinds) {
        self.spans = spans
        self.kinds = kinds
        var builder = PlanBuilder(spans: spans, matters: matters, kinds: kinds)
        builder.build()
        duties = builder.duties
        causes = builder.duties.map(\.trigger.typeSet)
        allowances = builder.allowances
        figures = builder.figures
        asked = Matter.Per.allCases.filter(builder.asked.contains)
        conditions = builder.conditions
        paths = builder.paths
        vocabulary = Vocabulary(builder.vocabulary)
        patterns = builder.patterns
        groups = builder.groups
        documentCount = builder.documentCount
        var counted = [Int](repeating: -1, count: builder.matterPlaces.count)
        for (matter, place) in builder.counted {
            if let known = builder.matterPlaces[matter] { counted[known] = place }
        }
        self.counted = counted
        countedCount = builder.counted.count
        var refusing = [[Int]](repeating: [], count: EntryType.allCases.count)
        for (place, planned) in duties.enumerated() {
            planned.refuses.typeSet.forEachOrdinal { refusing[$0].append(place) }
        }
        self.refusing = refusing
        // Each of thousands is looked at once, not once for each type.
        var unsettled = [Unsettled](repeating: Unsettled(), count: EntryType.allCases.count)
        for one in conditions { one.unsettledBy.forEachOrdinal { unsettled[$0].conditions.append(one.id) } }
        for (place, path) in paths.enumerated() {
            path.unsettledBy.forEachOrdinal { unsettled[$0].paths.append(place) }
        }
        for one in patterns {
            var types = one.typeSet
            types.formUnion(one.unsettledBy)
            types.forEachOrdinal { unsettled[$0].patterns.append(one.id) }
        }
        for one in groups {
            var types = one.typeSet
            types.formUnion(one.unsettledBy)
            types.forEachOrdinal { unsettled[$0].groups.append(one.id) }
        }
        self.unsettled = unsettled
    }
}
