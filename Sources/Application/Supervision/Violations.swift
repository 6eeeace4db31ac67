import Casework
import Kernel

/// Breaches of the rules of recording (违规), with what was ordered, how it was rectified, and who was held liable, as the
/// bureau's thread tells them (zhaoxian-2017:40).
public struct Violations: Hashable, Sendable {
    /// One breach.
    public struct Violation: Hashable, Sendable {
        /// The entry's place in the bureau's thread.
        public let seq: Int
        /// A word of `violation.recorded`.
        public let kind: String
        /// `minor`, `serious` or `crime`.
        public let severity: String
        /// Whose breach it is; nil where nobody is named.
        public let person: ThreadTag?
        /// The case in which it was found.
        public let caseThread: ThreadTag?
        /// What was found; nil once destroyed.
        public let facts: String?
        public let foundAt: Instant
        public let recordedBy: ThreadTag?
        /// What was ordered, in order.
        public internal(set) var orders: [Order] = []
        /// How it was rectified, in order.
        public internal(set) var checks: [Check] = []
        /// What followed for whoever answers for it, in order.
        public internal(set) var outcomes: [Outcome] = []
    }

    /// An order to rectify within a term (责令限期整改).
    public struct Order: Hashable, Sendable {
        public let seq: Int
        public let by: String
        public let correctBy: CivilDay?
        public let content: String?
        public let at: Instant
    }

    /// What became of it (整改情况).
    public struct Check: Hashable, Sendable {
        public let seq: Int
        public let isCorrected: Bool
        public let findings: String?
        public let at: Instant
    }

    /// Liability (追究责任).
    public struct Outcome: Hashable, Sendable {
        public let seq: Int
        public let result: String
        public let decision: String?
        public let at: Instant
    }

    /// Where a breach stands.
    public enum Standing: String, Hashable, Sendable, CaseIterable {
        /// 待责令整改
        case found
        /// 整改中
        case ordered
        /// 逾期未整改
        case late
        /// 待追究责任
        case unanswered
        /// 已办结
        case settled

        /// The word on screens.
        public var chinese: String {
            switch self {
            case .found: "待责令整改"
            case .ordered: "整改中"
            case .late: "逾期未整改"
            case .unanswered: "已整改，待追究责任"
            case .settled: "已办结"
            }
        }
    }

    /// In the order in which they were recorded.
    public private(set) var all: [Violation] = []

    /// Reads the records of the bureau's thread.
    public init(_ records: [Record]) {
        for record in records { apply(record) }
    }

    /// A breach by its place.
    public subscript(seq: Int) -> Violation? { all.first { $0.seq == seq } }

    private mutating func apply(_ record: Record) {
        if record.type == .violationRecorded {
            all.append(
                Violation(
                    seq: record.seq, kind: record.word("kind") ?? "other", severity: record.word("severity") ?? "minor",
                    person: record.thread("person"), caseThread: record.thread("case"), facts: record.text("facts"),
                    foundAt: record.happenedAt, recordedBy: record.actor))
            return
        }
        guard let seq = record.references.first(where: { $0.role == "violation" })?.seq,
            let place = all.firstIndex(where: { $0.seq == seq })
        else { return }
        switch record.type {
        case .violationOrdered:
            all[place].orders.append(
                Order(
                    seq: record.seq, by: record.word("orderedBy") ?? "bureau",
                    correctBy: record.word("correctBy").flatMap { CivilDay($0) }, content: record.text("content"),
                    at: record.happenedAt))
        case .violationRectified:
            all[place].checks.append(
                Check(
                    seq: record.seq, isCorrected: record.word("result") == "corrected",
                    findings: record.text("findings"), at: record.happenedAt))
        case .violationPunished:
            all[place].outcomes.append(
                Outcome(
                    seq: record.seq, result: record.word("result") ?? "none", decision: record.text("decision"),
                    at: record.happenedAt))
        default: break
        }
    }
}

extension Violations.Violation {
    /// Whether somebody has to be held liable for it (情节严重的；构成犯罪的).
    public var asksLiability: Bool { severity != "minor" }

    /// Where it stands on a day. An order that was not kept within its term is late until it is kept.
    public func standing(on day: CivilDay) -> Violations.Standing {
        guard let order = orders.last else { return .found }
        guard checks.contains(where: { $0.isCorrected && $0.seq > order.seq }) else {
            return order.correctBy.map { $0 < day } ?? false ? .late : .ordered
        }
        return asksLiability && outcomes.isEmpty ? .unanswered : .settled
    }
}
