import Casework

/// Which rows a user of the product can reach: computed from what the product can record, not claimed row by row.
///
/// A row is reached by pages when everything that its duties, permissions and figures name can be brought about there:
/// the record that causes a duty, in a thread that the product judges; the records and documents that meet it; for a
/// figure, a page that shows figures. Words that a page does not offer (a case of a kind that no page opens) count as not
/// there. What a form lets a person leave out is not looked at: that is what the duty itself is for.
public struct RowReach: Hashable, Sendable {
    /// Ways in which a product reaches its user.
    public enum Way: String, Hashable, Sendable, CaseIterable, Codable { case page, command, api }

    private let means: [Way: ReachMeans]
    private let judged: Set<ThreadKind>
    private let awaited: Set<EntryType>

    /// What the hand list says, with the steps that have a form and the kinds that are drawn up on screen.
    ///
    /// - Parameter api: what the operations of the API record; documents can be drawn up there if one fixes them.
    public init(_ list: ReachList, steps: [ReachOffer], api: [ReachOffer] = [], library: RuleLibrary) {
        judged = list.judged
        awaited = list.awaited
        means = Dictionary(
            uniqueKeysWithValues: Way.allCases.map { way in
                var means = ReachMeans()
                for line in list.lines where line.way == way {
                    for type in line.offer.records { means.add(type, line.offer.words) }
                    means.showsFigures = means.showsFigures || line.showsFigures
                }
                let offers = way == .page ? steps : way == .api ? api : []
                for offer in offers { for type in offer.records { means.add(type, offer.words) } }
                if way == .page || offers.contains(where: { $0.records.contains(.documentFixed) }) {
                    means.kinds = library.drawnKinds
                }
                // A place that records a document with the scan of its sheets takes in what others made.
                let isTakingIn = list.lines.contains {
                    $0.way == way && Set($0.offer.records).isSuperset(of: [.documentFixed, .documentScanned])
                }
                if isTakingIn { means.kinds += library.outsideKinds }
                return (way, means)
            })
    }

    /// What a row lacks to be reached on a way, in Chinese, each thing once; empty if it is reached. Nil for a row that no
    /// software act can carry out.
    public func lacks(_ provision: Provision, in library: RuleLibrary, by way: Way) -> [String]? {
        guard provision.kind != .policy, let means = means[way] else { return nil }
        var lacks: [String] = []
        let later = awaiting(provision)
        for duty in provision.duties where !later.contains(duty) { lacks += self.lacks(duty, means, library) }
        for allowance in provision.allows { lacks += means.lacks(allowance.when) }
        for figure in provision.figures {
            if !means.showsFigures { lacks.append("显示报表指标") }
            if case .records(let pattern, _) = figure.counts { lacks += means.lacks(pattern) }
        }
        var once: Set<String> = []
        return lacks.filter { once.insert($0).inserted }
    }

    /// Duties of a row that only such records cause whose procedure the product does not have yet: none of them is owed
    /// in it. A row of which nothing else would be left has none; it is not reached.
    public func awaiting(_ provision: Provision) -> [Duty] {
        let later = provision.duties.filter { awaited.isSuperset(of: $0.trigger.types) }
        let rest = provision.duties.count - later.count + provision.allows.count + provision.figures.count
        return rest > 0 ? later : []
    }

    private func lacks(_ duty: Duty, _ means: ReachMeans, _ library: RuleLibrary) -> [String] {
        let homes = Set(duty.trigger.types.map(\.home))
        let isJudged = !homes.isDisjoint(with: judged)
        return (isJudged ? [] : ["对这类事项作判断（\(homes.map(\.rawValue).sorted().joined(separator: "、"))）"])
            + means.lacks(duty.trigger) + lacks(duty.requirement, means, library)
    }

    private func lacks(_ requirement: Requirement, _ means: ReachMeans, _ library: RuleLibrary) -> [String] {
        switch requirement {
        case .elapsed, .never: []
        case .record(let wanted): means.lacks(wanted.pattern)
        case .document(let wanted): means.lacks(wanted, library)
        case .all(let parts): parts.flatMap { lacks($0, means, library) }
        case .any(let parts): parts.map { lacks($0, means, library) }.min { $0.count < $1.count } ?? []
        }
    }
}

/// Records that one place can make; with `words`, only such words in these members.
public struct ReachOffer: Hashable, Sendable {
    /// Types of record.
    public let records: [EntryType]
    /// Words on offer, by member; a member that is not named takes any.
    public let words: [String: Set<String>]

    /// An offer.
    public init(_ records: [EntryType], words: [String: Set<String>] = [:]) {
        self.records = records
        self.words = words
    }
}

/// All that can be recorded on one way.
struct ReachMeans: Hashable, Sendable {
    private var offers: [EntryType: [String: Set<String>]] = [:]
    /// Kinds that can be drawn up.
    var kinds: [DocumentKind] = []
    var showsFigures = false

    /// Another place that makes such records: its words are added, and a member that it leaves free is free.
    mutating func add(_ type: EntryType, _ words: [String: Set<String>]) {
        guard let known = offers[type] else {
            offers[type] = words
            return
        }
        offers[type] = known.reduce(into: [:]) { result, member in
            if let more = words[member.key] { result[member.key] = member.value.union(more) }
        }
    }

    /// What is lacking for a record of the pattern; empty if one of its types can be made.
    func lacks(_ pattern: Pattern) -> [String] {
        let possible = pattern.types.contains { type in
            offers[type] != nil && pattern.conditions.allSatisfy { allows($0, of: type) }
        }
        guard !possible else { return [] }
        let names = pattern.types.map { "“\($0.chinese)”" }.joined(separator: "或")
        let made = pattern.types.contains { offers[$0] != nil }
        return [made ? "\(names)（页面没有提供所要的种类）" : names]
    }

    /// What is lacking for a document; empty if one of its kinds can be drawn up, signed and, where asked, issued.
    func lacks(_ wanted: DocumentRequirement, _ library: RuleLibrary) -> [String] {
        var steps: [EntryType] = [.documentFixed]
        if !wanted.slots.isEmpty { steps.append(.documentSigned) }
        if wanted.issued { steps.append(.documentIssued) }
        let missing = steps.filter { offers[$0] == nil }.map { "“\($0.chinese)”" }
        guard !wanted.kinds.contains(where: { name in kinds.contains { $0.name == name } }) else { return missing }
        let titles = wanted.kinds.map { "《\(library.kind($0)?.title ?? $0)》" }.joined(separator: "或")
        return missing + [titles]
    }

    private func allows(_ condition: Condition, of type: EntryType) -> Bool {
        guard let member = condition.path.members.first, condition.path.members.count == 1 else { return true }
        let asked: Set<String>
        switch condition.test {
        case .isOne(let words): asked = Set(words)
        default: return true
        }
        let owner: EntryType
        switch condition.path.scope {
        case .own: owner = type
        case .caseFile: owner = .caseOpened
        case .activity: owner = .activityBegan
        case .recording: owner = .recordingImported
        case .document: owner = .documentFixed
        case .trigger, .reference, .all, .last, .first: return true
        }
        if owner == .documentFixed {
            switch member {
            case "kind": return kinds.contains { asked.contains($0.name) }
            case "category": return kinds.contains { asked.contains($0.category.rawValue) }
            default: return true
            }
        }
        return offers[owner]?[member].map { !$0.isDisjoint(with: asked) } ?? true
    }
}
