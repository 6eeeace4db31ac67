import Casework
import Kernel

/// One obligation, or what one row asks within it, in the words in which expectations are written.
struct ObligationFact {
    let place: String
    let state: String
    let due: Instant?
    let lastDay: CivilDay?
    let lateFrom: Instant?
    let reminder: CivilDay?
    let who: DutyHolder?
    let gate: Gate.Level
    let missing: [String]
    let provisions: [String]
    let isBreach: Bool

    /// A joined obligation.
    init(_ obligation: Obligation, at: Instant, names: TimelineNames) {
        place = ObligationFact.place(obligation, names)
        state = obligation.state(at: at).rawValue
        due = obligation.due
        lastDay = obligation.lastDay
        lateFrom = obligation.lateFrom
        reminder = obligation.reminder?.lastDay
        who = obligation.who
        gate = obligation.gate
        missing = obligation.missing.map(\.sentence)
        provisions = Set(obligation.citations.map(\.provision)).sorted()
        isBreach = obligation.parts.contains(where: \.isBreach)
    }

    /// What one duty of one row asks.
    init(_ part: ObligationPart, of obligation: Obligation, at: Instant, names: TimelineNames) {
        place = ObligationFact.place(obligation, names)
        let alone = Obligation(key: obligation.key, title: obligation.title, parts: [part])
        state = alone.state(at: at).rawValue
        due = part.due
        lastDay = part.term?.lastDay
        lateFrom = part.lateFrom
        reminder = part.reminder?.lastDay
        who = part.who
        gate = part.gate.level
        missing = part.missing.map(\.sentence)
        provisions = [part.citation.provision]
        isBreach = part.isBreach
    }

    private static func place(_ obligation: Obligation, _ names: TimelineNames) -> String {
        let subject = names.name(of: obligation.key.subject)
        return subject.isEmpty ? "" : "（\(subject)）"
    }

    /// Each member that differs from what was wanted.
    func differences(from wanted: RowHistory.Expectation) -> [String] {
        var result: [String] = []
        func compare(_ name: String, _ expected: String?, _ actual: String) {
            if let expected, expected != actual { result.append("\(name) 期望 \(expected)，实际 \(actual)") }
        }
        compare("state", wanted.state, missing.isEmpty || state == wanted.state ? state : "\(state)：\(missing[0])")
        if let expected = wanted.due, due != expected, due?.wholeSecond != expected {
            result.append("due 期望 \(expected)，实际 \(due?.description ?? "没有")")
        }
        if wanted.isWithoutDue, let due { result.append("due 期望没有，实际 \(due)") }
        compare("last-day", wanted.lastDay?.description, lastDay?.description ?? "没有")
        compare("late-from", wanted.lateFrom?.description, lateFrom?.description ?? "没有")
        compare("reminder", wanted.reminder?.description, reminder?.description ?? "没有")
        compare("who", wanted.who?.rawValue, who?.rawValue ?? "没有")
        compare("gate", wanted.gate?.rawValue, gate.rawValue)
        compare("provisions", wanted.provisions?.sorted().joined(separator: "、"), provisions.joined(separator: "、"))
        compare("breach", wanted.breach.map { "\($0)" }, "\(isBreach)")
        for text in wanted.missing where !missing.contains(where: { $0.contains(text) }) {
            result.append("missing 期望“\(text)”，实际：\(missing.isEmpty ? "没有缺少" : missing.joined(separator: "；"))")
        }
        return result
    }
}

extension Instant {
    /// The same instant without its fraction of a second.
    var wholeSecond: Instant {
        let rest = milliseconds % 1000
        return Instant(milliseconds: milliseconds - (rest < 0 ? rest + 1000 : rest))
    }
}
