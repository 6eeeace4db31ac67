import Kernel

/// One duty being judged on a history: the ground that conditions, requirements and gates are read on.
struct Judgement {
    let index: RecordIndex
    let kinds: DocumentKinds
    let settings: Settings
    let declared: [SettingDeclaration]
    let offices: [OfficeDeclaration]
    /// What obligations of the duty's matter are about.
    let per: Matter.Per
    /// The instant of asking: bounds what comes with time alone.
    let asOf: Instant
    let calendar: WorkingDays
    /// The period that is judged, of a duty that comes again.
    var period: Period?
    /// The activity that is judged, where a record that belongs to several is looked at.
    var activity: String?

    func value(_ quantity: Quantity) -> Int? { settings.value(of: quantity, declared: declared) }

    // MARK: conditions

    func holds(_ conditions: [Condition], at position: Int, trigger: Int?) -> Bool {
        for place in conditions.indices where !holds(conditions[place], at: position, trigger: trigger) { return false }
        return true
    }

    func matches(_ pattern: Pattern, at position: Int, trigger: Int?) -> Bool {
        pattern.types.contains(index.types[position])
            && holds(pattern.conditions, at: position, trigger: trigger)
    }

    func matches(_ patterns: [Pattern], at position: Int, trigger: Int?) -> Bool {
        for place in patterns.indices where matches(patterns[place], at: position, trigger: trigger) { return true }
        return false
    }

    /// A withheld value is present; of what it was nothing is claimed, save that it is not one of the words excluded.
    private func holds(_ condition: Condition, at position: Int, trigger: Int?) -> Bool {
        guard case .values(let found) = find(condition.path, at: position, trigger: trigger) else {
            switch condition.test {
            case .present, .isNone, .notToldAfter: return true
            default: return false
            }
        }
        let values = found.contains(where: \.isBlank) ? found.filter { !$0.isBlank } : found
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
        case .within(let bound):
            guard let bound = value(bound), !values.isEmpty else { return false }
            return values.allSatisfy { $0.integer.map { $0.magnitude <= Int64(bound).magnitude } ?? false }
        case .notAmong(let paths):
            let others = elsewhere(paths, at: position, trigger: trigger)
            return !values.isEmpty && values.allSatisfy { $0.word.map { !others.contains($0) } ?? false }
        case .among(let paths):
            let others = elsewhere(paths, at: position, trigger: trigger)
            return !values.isEmpty && values.allSatisfy { $0.word.map { others.contains($0) } ?? false }
        case .office(let name):
            guard let holder = settings.holder(of: name, declared: offices) else { return false }
            return !values.isEmpty && values.allSatisfy { $0.word == holder }
        case .share(let percent, let path):
            guard let percent = value(percent), let part = values.first?.integer,
                let whole = number(at: path, position: position, trigger: trigger), whole >= 0, whole <= 1_000_000_000
            else { return false }
            return part >= max(1, (whole * Int64(percent) + 99) / 100)
        case .notAfter(let path):
            return compare(values, with: path, at: position, trigger: trigger, dayEnds: true) { $0 <= $1 }
        case .notBefore(let path):
            return compare(values, with: path, at: position, trigger: trigger) { $0 >= $1 }
        case .notToldAfter(let path):
            guard !values.isEmpty, case .values(let others) = find(path, at: position, trigger: trigger),
                others.contains(where: { !$0.isBlank })
            else { return true }
            return compare(values, with: path, at: position, trigger: trigger, dayEnds: true) { $0 <= $1 }
        case .filledIn(let path):
            guard case .values(let forms) = find(path, at: position, trigger: trigger) else { return true }
            return values.compactMap(\.fieldName).allSatisfy { name in
                forms.contains { $0[name].map { !$0.isBlank } ?? false }
            }
        }
    }

    private func number(at path: Path, position: Int, trigger: Int?) -> Int64? {
        guard case .values(let found) = find(path, at: position, trigger: trigger) else { return nil }
        return found.first?.integer
    }

    /// Every time on the left against every time on the right; false where either side has none.
    private func compare(
        _ values: [JSON], with path: Path, at position: Int, trigger: Int?, dayEnds: Bool = false,
        by order: (Instant, Instant) -> Bool
    ) -> Bool {
        guard case .values(let found) = find(path, at: position, trigger: trigger) else { return false }
        let left = values.compactMap(\.stated)
        let right = found.filter { !$0.isBlank }.compactMap { dayEnds ? $0.statedEnd : $0.stated }
        guard !left.isEmpty, !right.isEmpty, left.count == values.count else { return false }
        return left.allSatisfy { one in right.allSatisfy { order(one, $0) } }
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
        index.find(path, from: position, trigger: trigger, kinds: kinds, activity: activity)
    }

    /// The same ground for one thing that a record is about.
    func about(_ subject: ObligationSubject) -> Judgement {
        guard per == .activity, case .activity(let one) = subject else { return self }
        var result = self
        result.activity = one
        return result
    }

    // MARK: instants

    /// An instant of a record; nil if it is not stated or lies outside the years 1 to 9999.
    func instant(_ source: TimeSource, at position: Int, trigger: Int?) -> Instant? {
        switch source {
        case .recorded: return index.records[position].recordedAt.ordinary
        case .happened: return index.records[position].happenedAt.ordinary
        case .member(let path):
            guard case .values(let values) = find(path, at: position, trigger: trigger) else { return nil }
            return values.first?.stated
        case .period: return period?.end
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
        if case .period = subject { return true }
        guard per != .record, index.subject(at: position, per: per) != nil else { return true }
        return index.isAbout(subject, at: position, per: per)
    }
}

extension JSON {
    /// A time: milliseconds, a day (its beginning), or RFC 3339 text; nil if it is none or lies outside the years 1 to 9999.
    var stated: Instant? {
        if let number = integer { return Instant(milliseconds: number).ordinary }
        guard let text = string else { return nil }
        return CivilDay(text).map { Instant(startOf: $0) } ?? Instant(text)?.ordinary
    }
}

extension JSON {
    /// The name of a field of a form, in ASCII letters and digits; nil if it can be none.
    var fieldName: String? {
        string.flatMap { text in
            !text.isEmpty && text.utf8.allSatisfy { $0.isNameByte } ? text : nil
        }
    }
}

extension UInt8 {
    /// Whether it is an ASCII letter or digit.
    fileprivate var isNameByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}

extension JSON {
    /// The same, a day by its end: what may be done until a day may be done on it.
    var statedEnd: Instant? {
        guard let day = string.flatMap({ CivilDay($0) }) else { return stated }
        return Instant(startOf: day.advanced(by: 1)).advanced(byMilliseconds: -1).ordinary
    }
}

extension Instant {
    private static let earliest = Instant(milliseconds: -62_135_596_800_000)
    private static let latest = Instant(milliseconds: 253_402_300_799_999)

    /// The instant itself if it lies in the years 1 to 9999; nil otherwise, so that no arithmetic can overflow.
    var ordinary: Instant? { Instant.earliest <= self && self <= Instant.latest ? self : nil }
}
