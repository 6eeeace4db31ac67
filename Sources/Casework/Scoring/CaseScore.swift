import Kernel

/// What a score sheet says of one case at an instant: the points of today, and those of a file that is closed as it is.
public struct CaseScore: Hashable, Sendable {
    /// The sheet.
    public let sheet: ScoreSheet
    /// One for each item of the sheet, in order.
    public let lines: [Line]
    /// What the law asked for only after the file was closed (归档以后): told, and part of no points.
    public let afterFiling: [Obligation]

    /// Why an obligation costs points.
    public enum Fault: Hashable, Sendable {
        /// It was not met in time, forbids what was done, or the step before which it stood was taken without it.
        case unmet
        /// It was met, and late: nothing mends that.
        case late
        /// It is still to be met, and costs points only when it is not.
        case pending
    }

    /// One item and what it found.
    public struct Line: Hashable, Sendable {
        public let item: ScoreSheet.Item
        /// Obligations that cost points or may, in the order of the evaluation.
        public let found: [Found]

        /// Points that are lost today.
        public var lost: Int { cost { $0 == .unmet } }
        /// Points that are lost if nothing more is done.
        public var lostAsItIs: Int { cost { $0 != .late } }

        private func cost(_ isUnmet: (Fault) -> Bool) -> Int {
            let points = found.reduce(0) { sum, one in
                sum + (isUnmet(one.fault) ? item.each : one.fault == .late ? item.late : 0)
            }
            return min(points, item.most)
        }

        /// Whether it fails the file today.
        public var failsToday: Bool { item.isKnockOut && found.contains { $0.fault == .unmet } }
        /// Whether it fails the file if nothing more is done.
        public var failsAsItIs: Bool { item.isKnockOut && found.contains { $0.fault != .late } }
    }

    /// One obligation that costs points, or may.
    public struct Found: Hashable, Sendable {
        public let obligation: Obligation
        public let fault: Fault
    }

    /// Points today, from 0.
    public var points: Int { max(0, sheet.full - lines.reduce(0) { $0 + $1.lost }) }
    /// Points if the file is closed as it is, from 0.
    public var pointsAsItIs: Int { max(0, sheet.full - lines.reduce(0) { $0 + $1.lostAsItIs }) }
    /// Items that fail the file today.
    public var failing: [ScoreSheet.Item] { lines.filter(\.failsToday).map(\.item) }
    /// The grade today.
    public var grade: String { sheet.grade(points, isFailed: !failing.isEmpty) }
    /// The grade if the file is closed as it is.
    public var gradeAsItIs: String { sheet.grade(pointsAsItIs, isFailed: lines.contains(where: \.failsAsItIs)) }
    /// Whether anything is still to be met.
    public var hasPending: Bool { lines.contains { $0.found.contains { $0.fault == .pending } } }
    /// Everything that costs points today.
    public var faults: [Found] { lines.flatMap(\.found).filter { $0.fault != .pending } }

    /// Scores what the law says of a case.
    ///
    /// - Parameters:
    ///   - isEnded: whether the case has ended: what has no term, and stands open then, was not done.
    ///   - filed: what was asked for when the file was closed, of a file to which something came afterwards; nil where
    ///     all counts.
    ///   - now: overdue is a comparison with it.
    public init(
        _ evaluation: Evaluation, by sheet: ScoreSheet, isEnded: Bool, filed: Set<ObligationKey>? = nil, at now: Instant
    ) {
        var found: [String: [Found]] = [:]
        var later: [Obligation] = []
        for obligation in evaluation.obligations {
            if let filed, !filed.contains(obligation.key) {
                if obligation.state != .notApplicable { later.append(obligation) }
                continue
            }
            guard let item = sheet.item(of: obligation.key.matter),
                let fault = Fault(obligation, isEnded: isEnded, at: now)
            else { continue }
            found[item, default: []].append(Found(obligation: obligation, fault: fault))
        }
        self.sheet = sheet
        afterFiling = later
        lines = sheet.items.map { Line(item: $0, found: found[$0.id] ?? []) }
    }
}

extension CaseScore.Fault {
    /// What is wrong with an obligation at an instant; nil if nothing is.
    init?(_ obligation: Obligation, isEnded: Bool, at now: Instant) {
        switch obligation.state(at: now) {
        case .overdue: self = .unmet
        case .metLate: self = .late
        case .met, .excused, .notApplicable: return nil
        case .open:
            let open = obligation.parts.filter { $0.state == .open }
            // Where another text gives a term for the same thing, it runs for both.
            let hasTerm = open.contains { $0.lateFrom != nil }
            let isLost = open.contains { $0.isBreach || $0.override != nil } || isEnded && !hasTerm
            self = isLost ? .unmet : .pending
        }
    }
}
