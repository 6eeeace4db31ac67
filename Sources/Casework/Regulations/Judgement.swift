import Kernel

/// One duty being judged on a history: the ground that conditions, requirements and gates are read on.
struct Judgement {
    let index: RecordIndex
    let kinds: [String: DocumentKind]
    let settings: Settings
    let declared: [SettingDeclaration]
    /// What obligations of the duty's matter are about.
    let per: Matter.Per

    func value(_ quantity: Quantity) -> Int? { settings.value(of: quantity, declared: declared) }

    // MARK: conditions

    func holds(_ conditions: [Condition], at position: Int, trigger: Int?) -> Bool {
        conditions.allSatisfy { holds($0, at: position, trigger: trigger) }
    }

    func matches(_ pattern: Pattern, at position: Int, trigger: Int?) -> Bool {
        pattern.types.contains(index.records[position].type)
            && holds(pattern.conditions, at: position, trigger: trigger)
    }

    func matches(_ patterns: [Pattern], at position: Int, trigger: Int?) -> Bool {
        patterns.contains { matches($0, at: position, trigger: trigger) }
    }

    /// A withheld value is present; of what it was nothing is claimed, save that it is not one of the words excluded.
    private func holds(_ condition: Condition, at position: Int, trigger: Int?) -> Bool {
        guard case .values(let found) = find(condition.path, at: position, trigger: trigger) else {
            switch condition.test {
            case .present, .isNone: return true
            default: return false
            }
        }
        let values = found.filter { !$0.isBlank }
        switch condition.test {
        case .present: return !values.isEmpty
        case .absent: return values.isEmpty
        case .isOne(let words): return !values.isEmpty && values.allSatisfy { $0.word.map(words.contains) ?? false }
        case .isNone(let words): return !values.contains { $0.word.map(words.contains) ?? false }
        case .includes(let words): return words.allSatisfy { word in values.contains { $0.word == word } }
        case .count(let least): return value(least).map { Set(values).count >= $0 } ?? false
        case .atLeast(let least):
            guard let least = value(least), !values.isEmpty else { return false }
            return values.allSatisfy { $0.integer.map { $0 >= Int64(least) } ?? false }
        case .atMost(let most):
            guard let most = value(most), !values.isEmpty else { return false }
            return values.allSatisfy { $0.integer.map { $0 <= Int64(most) } ?? false }
        case .notAmong(let paths):
            let others = elsewhere(paths, at: position, trigger: trigger)
            return !values.isEmpty && values.allSatisfy { $0.word.map { !others.contains($0) } ?? false }
        case .among(let paths):
            let others = elsewhere(paths, at: position, trigger: trigger)
            return !values.isEmpty && values.allSatisfy { $0.word.map { others.contains($0) } ?? false }
        }
    }

    private func elsewhere(_ paths: [Path], at position: Int, trigger: Int?) -> Set<String> {
        var words: Set<String> = []
        for path in paths {
            guard case .values(let values) = find(path, at: position, trigger: trigger) else { continue }
            words.formUnion(values.compactMap(\.word))
        }
        return words
    }

    func find(_ path: Path, at position: Int, trigger: Int?) -> Found {
        index.find(path, from: position, trigger: trigger, kinds: kinds)
    }

    // MARK: instants

    /// An instant of a record; nil if it is not stated or lies outside the years 1 to 9999.
    func instant(_ source: TimeSource, at position: Int, trigger: Int?) -> Instant? {
        let record = index.records[position]
        switch source {
        case .recorded: return record.recordedAt.ordinary
        case .happened: return record.happenedAt.ordinary
        case .member(let path):
            guard case .values(let values) = find(path, at: position, trigger: trigger), let value = values.first else {
                return nil
            }
            if let number = value.integer { return Instant(milliseconds: number).ordinary }
            guard let text = value.string else { return nil }
            return CivilDay(text).map { Instant(startOf: $0) } ?? Instant(text)?.ordinary
        }
    }

    /// When the first of these instants that is stated was.
    func start(_ sources: [TimeSource], at position: Int) -> Instant? {
        for source in sources {
            if let found = instant(source, at: position, trigger: position) { return found }
        }
        return nil
    }

    // MARK: subjects

    /// Whether a step or an ending concerns an obligation: it is about the same thing, or about nothing of that sort.
    func concerns(_ subject: ObligationSubject, at position: Int) -> Bool {
        guard per != .record, let own = index.subject(of: index.records[position], per: per) else { return true }
        return own == subject
    }
}

extension Instant {
    private static let earliest = Instant(milliseconds: -62_135_596_800_000)
    private static let latest = Instant(milliseconds: 253_402_300_799_999)

    /// The instant itself if it lies in the years 1 to 9999; nil otherwise, so that no arithmetic can overflow.
    var ordinary: Instant? { Instant.earliest <= self && self <= Instant.latest ? self : nil }
}
