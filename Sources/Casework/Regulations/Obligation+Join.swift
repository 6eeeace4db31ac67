import Kernel

/// Where an obligation stands at an instant.
public enum ObligationStanding: String, Hashable, Sendable, CaseIterable {
    case open, overdue, met, metLate, excused, notApplicable

    /// The word on pages.
    public var chinese: String {
        switch self {
        case .open: "待办"
        case .overdue: "已逾期"
        case .met: "已履行"
        case .metLate: "逾期履行"
        case .excused: "依规定免除"
        case .notApplicable: "不适用"
        }
    }
}

extension Obligation {
    /// Parts that apply: what is excused or does not apply falls away as long as another part remains.
    private var applying: [ObligationPart] {
        parts.filter { $0.state != .excused && $0.state != .notApplicable }
    }

    /// Open while any part is open; met when all are; late when a text's own term was broken.
    public var state: ObligationRow.State {
        var result = ObligationRow.State.notApplicable
        // By place, so that parts are looked at where they are.
        for place in parts.indices {
            switch parts[place].state {
            case .open: return .open
            case .metLate: result = .metLate
            case .met: if result != .metLate { result = .met }
            case .excused: if result == .notApplicable { result = .excused }
            case .notApplicable: continue
            }
        }
        return result
    }

    /// The part whose term ends first, among those still open, else among all that apply.
    public var governing: ObligationPart? {
        let open = applying.filter { $0.state == .open }
        let candidates = (open.isEmpty ? applying : open).filter { $0.lateFrom != nil }
        return candidates.min { left, right in
            guard let one = left.lateFrom, let other = right.lateFrom, one != other else {
                return left.precedes(right)
            }
            return one < other
        }
    }

    /// Whether the term of what is open stands still (中止), and no other text's runs.
    public var isStandingStill: Bool {
        state == .open && lateFrom == nil && parts.contains { $0.state == .open && $0.standingSince != nil }
    }

    /// When to remind of what is open, where no text names a term for it: the earliest. Nobody is late by it.
    public var reminder: TermSum? {
        let applying = applying
        let open = applying.filter { $0.state == .open }
        return (open.isEmpty ? applying : open).compactMap(\.reminder).min { $0.due < $1.due }
    }

    /// The last instant in time: the earliest of all texts for this very case.
    public var due: Instant? { governing?.due }

    /// From when it is late.
    public var lateFrom: Instant? { governing?.lateFrom }

    /// The last day in time, for terms in days.
    public var lastDay: CivilDay? { governing?.term?.lastDay }

    /// The strictest gate.
    public var gate: Gate.Level { (applying.isEmpty ? parts : applying).map(\.gate.level).max() ?? .none }

    /// Who has to act: of the open parts first.
    public var who: DutyHolder? { (applying.first { $0.state == .open } ?? parts.first)?.who }

    /// What is to be done: each text's sentence once, in order.
    public var demand: String {
        var seen: [String] = []
        let open = applying.filter { $0.state == .open }
        for part in open.isEmpty ? parts : open where !seen.contains(part.demand) { seen.append(part.demand) }
        return seen.joined(separator: "；")
    }

    /// All sources, in the order of their ids.
    public var citations: [Citation] {
        var seen: [Citation] = []
        for part in parts where !seen.contains(part.citation) { seen.append(part.citation) }
        return seen
    }

    /// What is still missing, each thing once.
    public var missing: [Missing] {
        var seen: [Missing] = []
        for part in parts { for one in part.missing where !seen.contains(one) { seen.append(one) } }
        return seen
    }

    /// Whether a part that is open is late: the earliest of them governs.
    private func isLate(at instant: Instant) -> Bool {
        for place in parts.indices where parts[place].state == .open {
            if let lateFrom = parts[place].lateFrom, lateFrom <= instant { return true }
        }
        return false
    }

    /// Where it stands at an instant; overdue is a comparison with `lateFrom`.
    public func state(at instant: Instant) -> ObligationStanding {
        switch state {
        case .open: isLate(at: instant) ? .overdue : .open
        case .met: .met
        case .metLate: .metLate
        case .excused: .excused
        case .notApplicable: .notApplicable
        }
    }
}
