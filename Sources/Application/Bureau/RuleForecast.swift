import Casework
import Kernel

/// What a change of the rules would do to open cases (对在办案件的影响), told before it takes effect.
public struct RuleForecast: Hashable, Sendable {
    /// Cases that are not filed, so far as they were counted.
    public var open: Int
    /// Those that were compared.
    public var compared = 0
    /// Those in which something would be otherwise.
    public var affected = 0
    /// Obligations that would be there, that would not be there any more, and whose term or demand would be another.
    public var appearing = 0
    public var vanishing = 0
    public var changing = 0
    /// Those that would be there and be late at once.
    public var appearingLate = 0
    /// The first cases in which something would be otherwise, at most `bound`.
    public var cases: [CaseEffect] = []
    /// Whether every open case was compared.
    public var isComplete = false
    /// Why it could not be finished, in Chinese; nil while nothing is wrong.
    public var fault: String?

    /// How many cases are listed.
    public static let bound = 50

    /// One case.
    public struct CaseEffect: Hashable, Sendable {
        public let row: CaseRow
        public let changes: [Change]
    }

    /// One obligation that would be otherwise.
    public struct Change: Hashable, Sendable {
        public let kind: Kind
        /// What is to be done, as it would be; of one that vanishes, as it is.
        public let demand: String
        /// The provisions that would ask for it, or do.
        public let provisions: [String]
        /// The last instant in time as it is and as it would be.
        public let dueBefore: Instant?
        public let dueAfter: Instant?
        /// Who would have to act.
        public let who: DutyHolder?

        /// What becomes of it.
        public enum Kind: String, Hashable, Sendable, CaseIterable {
            case appears, vanishes, changes

            /// The word on pages.
            public var chinese: String {
                switch self {
                case .appears: "新增"
                case .vanishes: "不再要求"
                case .changes: "变更"
                }
            }
        }
    }

    /// A forecast in which nothing was compared yet.
    public init(open: Int = 0) { self.open = open }

    /// What would be otherwise between two evaluations of one case: of what is open before or after.
    public static func changes(from before: Evaluation, to after: Evaluation) -> [Change] {
        func open(_ evaluation: Evaluation) -> [ObligationKey: Obligation] {
            Dictionary(evaluation.open.map { ($0.key, $0) }) { first, _ in first }
        }
        let old = open(before)
        let new = open(after)
        var result: [Change] = []
        for obligation in after.open {
            guard let was = old[obligation.key] else {
                result.append(Change(.appears, obligation, from: nil, to: obligation.due))
                continue
            }
            if was.due != obligation.due || was.demand != obligation.demand || was.who != obligation.who {
                result.append(Change(.changes, obligation, from: was.due, to: obligation.due))
            }
        }
        for obligation in before.open where new[obligation.key] == nil {
            result.append(Change(.vanishes, obligation, from: obligation.due, to: nil))
        }
        return result
    }

    /// Takes in one case that was compared.
    ///
    /// - Parameter now: what was due before is late.
    mutating func add(_ changes: [Change], row: CaseRow?, at now: Instant) {
        compared += 1
        open = max(open, compared)
        guard !changes.isEmpty else { return }
        affected += 1
        for change in changes {
            switch change.kind {
            case .appears:
                appearing += 1
                if let due = change.dueAfter, due < now { appearingLate += 1 }
            case .vanishes: vanishing += 1
            case .changes: changing += 1
            }
        }
        if cases.count < RuleForecast.bound, let row { cases.append(CaseEffect(row: row, changes: changes)) }
    }
}

extension RuleForecast.Change {
    init(_ kind: Kind, _ obligation: Obligation, from before: Instant?, to after: Instant?) {
        self.init(
            kind: kind, demand: obligation.demand, provisions: obligation.citations.map(\.provision),
            dueBefore: before, dueAfter: after, who: obligation.who)
    }
}

extension RuleChange {
    /// The members that its entry would have, for a change that is still being filled in: nil where it cannot be one.
    public func draftMembers(in library: RuleLibrary) -> [JSON.Member]? {
        var filled = self
        filled.approver = approver ?? RuleChange.approvers.first
        filled.custodian = custodian ?? RuleChange.custodians.first
        if filled.reason.isEmpty { filled.reason = "预计" }
        return try? filled.members(in: library)
    }
}
