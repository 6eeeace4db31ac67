import Kernel

/// Makes a plan: conditions, patterns and groups of them that are the same in several duties or texts become one.
struct PlanBuilder {
    private let spans: [RulesInForce.Span]
    private let matters: [String: Matter]
    private let kinds: DocumentKinds
    private(set) var duties: [PlannedDuty] = []
    private(set) var allowances: [PlannedAllowance] = []
    private(set) var figures: [PlannedFigure] = []
    private(set) var conditions: [PlannedCondition] = []
    private(set) var paths: [PlannedPath] = []
    /// Words that conditions name, as numbers from 1.
    private(set) var vocabulary: [String: Int16] = [:]
    private(set) var patterns: [PlannedPattern] = []
    private(set) var groups: [PlannedPatterns] = []
    private(set) var documentCount = 0
    private(set) var asked: Set<Matter.Per> = []
    private(set) var counted: [String: Int] = [:]

    private var pathPlaces: [Path: Int] = [:]
    private var conditionPlaces: [ConditionKey: Int] = [:]
    private var patternPlaces: [PatternKey: Int] = [:]
    private var groupPlaces: [[Int]: Int] = [:]
    private(set) var matterPlaces: [String: Int] = [:]
    /// The span that is being read.
    private var span = 0

    private struct ConditionKey: Hashable {
        let condition: Condition
        /// The span, where its declarations matter.
        let span: Int
    }

    private struct PatternKey: Hashable {
        let types: [Int]
        let own: [Int]
    }

    init(spans: [RulesInForce.Span], matters: [String: Matter], kinds: DocumentKinds) {
        self.spans = spans
        self.matters = matters
        self.kinds = kinds
    }

    mutating func build() {
        var found: [(span: Int, provision: Provision, number: Int, duty: Duty)] = []
        for (place, span) in spans.enumerated() {
            self.span = place
            for provision in span.regulation.provisions {
                for (number, duty) in provision.duties.enumerated() { found.append((place, provision, number, duty)) }
                for allowance in provision.allows {
                    let matter = matter(allowance.matter)
                    allowances.append(
                        PlannedAllowance(
                            span: span, spanPlace: place, provision: provision, allowance: allowance, matter: matter,
                            when: pattern(allowance.when)))
                }
                for figure in provision.figures {
                    figures.append(
                        PlannedFigure(
                            span: span, spanPlace: place, figure: figure, citation: Citation(of: provision, in: span),
                            counts: count(figure.counts), outOf: figure.outOf.map { count($0) }))
                }
            }
        }
        figures = inOrder(figures)
        let facts = found.map { one in
            PartFacts(
                citation: Citation(of: one.provision, in: spans[one.span]), duty: one.number, demand: one.duty.demand,
                gate: one.duty.gate)
        }
        let ranks = PlanBuilder.ranks(facts)
        let versions = versions()
        let causes = causes(of: found.map { ($0.span, $0.provision, $0.duty) }, versions)
        for (place, one) in found.enumerated() {
            span = one.span
            let duty = one.duty
            let matter = matter(duty.matter)
            duties.append(
                PlannedDuty(
                    span: spans[one.span], spanPlace: one.span, days: spans[one.span].days(of: one.provision),
                    otherVersions: versions[one.span].map { spans[$0].days(ofRow: one.provision.id) },
                    sameElsewhere: causes[place], number: one.number, duty: duty, matter: matter,
                    matterPlace: self.place(of: matter), facts: facts[place], trigger: pattern(duty.trigger),
                    requirement: requirement(duty.requirement), excuses: group(duty.excuses),
                    lapses: group(duty.lapses), refuses: group(duty.gate.refuses),
                    steps: group(duty.gate.refuses + duty.timing.before), rank: ranks[place]))
        }
    }

    /// Figures by text, then as they stand in it, whatever the order in which the texts are named.
    private func inOrder(_ figures: [PlannedFigure]) -> [PlannedFigure] {
        figures.enumerated().sorted { one, other in
            let (left, right) = (spans[one.element.spanPlace], spans[other.element.spanPlace])
            if left.regulation.id != right.regulation.id { return left.regulation.id < right.regulation.id }
            return left.from == right.from ? one.offset < other.offset : left.from < right.from
        }.map(\.element)
    }

    /// By span: the other spans of its text.
    private func versions() -> [[Int]] {
        spans.indices.map { place in
            spans.indices.filter { $0 != place && spans[$0].regulation.id == spans[place].regulation.id }
        }
    }

    /// By duty: the days on which another version of its text has a duty of the same row and matter with the same cause.
    ///
    /// An act that this version finds done under another was judged by that one. An adoption begins what its own version
    /// asks, and nothing of another.
    private func causes(
        of duties: [(span: Int, provision: Provision, duty: Duty)], _ versions: [[Int]]
    ) -> [[ForceDays]] {
        duties.map { one in
            guard !versions[one.span].isEmpty, !one.duty.trigger.types.contains(.regulationAdopted) else { return [] }
            return versions[one.span].compactMap { other in
                duties.first {
                    $0.span == other && $0.provision.id == one.provision.id && $0.duty.matter == one.duty.matter
                        && $0.duty.trigger == one.duty.trigger
                }.map { spans[other].days(of: $0.provision) }
            }
        }
    }

    /// The order of provisions, numbers and files, each as text (`ObligationPart.precedes`), as numbers.
    private static func ranks(_ facts: [PartFacts]) -> [Int] {
        let keys = facts.map { ($0.citation.provision, String($0.duty), $0.citation.digest.description) }
        let order = facts.indices.sorted { keys[$0] < keys[$1] }
        var ranks = [Int](repeating: 0, count: facts.count)
        var rank = 0
        for (before, place) in zip([nil] + order.map { Optional($0) }, order) {
            if let before, keys[before] != keys[place] { rank += 1 }
            ranks[place] = rank
        }
        return ranks
    }

    /// A matter as it was when the text was adopted.
    private mutating func matter(_ id: String) -> Matter {
        let matter = spans[span].matters?[id] ?? matters[id] ?? Matter(id: id, title: id, per: .caseFile)
        asked.insert(matter.per)
        return matter
    }

    private mutating func place(of matter: Matter) -> Int {
        if let known = matterPlaces[matter.id] { return known }
        let place = matterPlaces.count
        matterPlaces[matter.id] = place
        return place
    }

    // MARK: patterns

    private mutating func condition(_ condition: Condition) -> PlannedCondition {
        let key = ConditionKey(condition: condition, span: condition.asksBureau ? span : -1)
        if !condition.readsTrigger, let known = conditionPlaces[key] { return conditions[known] }
        // A vocabulary that large is none of a text; its words are compared as text.
        let asks: PlannedCondition.Asks =
            switch condition.test {
            case .present: .present
            case .absent: .absent
            case .isOne(let words) where vocabulary.count < 30_000: .isOne(words.map { number(of: $0) })
            case .isNone(let words) where vocabulary.count < 30_000: .isNone(words.map { number(of: $0) })
            default: .other
            }
        let made = PlannedCondition(
            id: condition.readsTrigger ? -1 : conditions.count, condition: condition, path: place(of: condition.path),
            others: condition.others.map { place(of: $0) }, asks: asks, span: span)
        if !condition.readsTrigger {
            conditionPlaces[key] = conditions.count
            conditions.append(made)
        }
        return made
    }

    private mutating func place(of path: Path) -> Int {
        guard !path.readsTrigger else { return -1 }
        if let known = pathPlaces[path] { return known }
        let own = path.scope == .own ? paths.count : place(of: Path(.own, path.members))
        pathPlaces[path] = paths.count
        paths.append(PlannedPath(path, own: own))
        return paths.count - 1
    }

    private mutating func number(of word: String) -> Int16 {
        if let known = vocabulary[word] { return known }
        let number = Int16(clamping: vocabulary.count + 1)
        vocabulary[word] = number
        return number
    }

    private mutating func all(_ asked: [Condition]) -> [PlannedCondition] { asked.map { condition($0) } }

    private mutating func pattern(_ pattern: Pattern) -> PlannedPattern {
        let all = all(pattern.conditions)
        let own = all.filter { $0.id >= 0 }
        let tied = all.filter { $0.id < 0 }
        let key = PatternKey(types: pattern.types.map(\.ordinal), own: own.map(\.id))
        if tied.isEmpty, let known = patternPlaces[key] { return patterns[known] }
        let made = PlannedPattern(id: patterns.count, types: pattern.types, own: own, tied: tied)
        if tied.isEmpty { patternPlaces[key] = patterns.count }
        patterns.append(made)
        return made
    }

    private mutating func group(_ some: [Pattern]) -> PlannedPatterns {
        let members = some.map { pattern($0) }
        let key = members.map(\.id)
        if let known = groupPlaces[key] { return groups[known] }
        let made = PlannedPatterns(id: groups.count, patterns: members)
        groupPlaces[key] = groups.count
        groups.append(made)
        return made
    }

    // MARK: requirements

    private mutating func requirement(_ requirement: Requirement) -> PlannedRequirement {
        switch requirement {
        case .record(let wanted):
            note(wanted.tie)
            return .record(
                PlannedRecord(
                    wanted, pattern: pattern(wanted.pattern), latestOf: all(wanted.latestOf),
                    together: all(wanted.together),
                    unbroken: wanted.unbroken.map { PlannedUnbroken($0, butFor: group($0.butFor)) },
                    undoneBy: group(wanted.undoneBy),
                    fields: wanted.fields.map { field($0) }))
        case .document(let wanted):
            note(wanted.tie)
            documentCount += 1
            return .document(
                PlannedDocument(
                    wanted, id: documentCount - 1,
                    name: wanted.kinds.map { "《\(kinds.named[$0]?.title ?? $0)》" }.joined(separator: "或"),
                    conditions: all(wanted.conditions),
                    fields: wanted.fields.map { field($0) }, slots: wanted.slots.map { slot($0) }))
        case .all(let parts): return .all(parts.map { self.requirement($0) })
        case .any(let parts): return .any(PlannedChoice(parts.map { self.requirement($0) }))
        case .elapsed(let term): return .elapsed(PlannedTerm(term))
        case .never: return .never
        }
    }

    private mutating func note(_ tie: Tie) {
        if case .same(let per) = tie { asked.insert(per) }
    }

    private mutating func field(_ wanted: FieldRequirement) -> PlannedField {
        PlannedField(
            wanted: wanted, when: all(wanted.when),
            filled: wanted.columns.isEmpty ? condition(Condition(wanted.path, .present)) : nil)
    }

    private mutating func slot(_ wanted: SlotRequirement) -> PlannedSlot {
        PlannedSlot(
            wanted, when: all(wanted.when), conditions: all(wanted.conditions),
            opinion: wanted.opinion.map { _ in condition(Condition(Path(.own, ["opinion"]), .present)) },
            opinionInForm: wanted.opinion?.orField.map {
                condition(Condition(Path(.own, ["data", $0]), .present))
            })
    }

    private mutating func count(_ count: Figure.Count) -> PlannedFigure.Count {
        switch count {
        case .records(let wanted, let distinct): return .records(pattern(wanted), distinct: distinct)
        case .obligations(let matters, let standing):
            var places: [Int] = []
            for matter in matters {
                let place = counted[matter] ?? counted.count
                counted[matter] = place
                if !places.contains(place) { places.append(place) }
            }
            return .obligations(matters: places, standing: standing)
        }
    }
}
