import Kernel

extension Ground {
    /// - Parameter activity: the number of the activity that is judged, where a record that belongs to several is looked
    ///   at.
    func holds(
        _ conditions: [PlannedCondition], at position: Int, trigger: Int?, activity: Int32? = nil
    ) -> Bool {
        for condition in conditions
        where !holds(condition, at: position, trigger: trigger, activity: activity) { return false }
        return true
    }

    func holds(_ condition: PlannedCondition, at position: Int, trigger: Int?, activity: Int32? = nil) -> Bool {
        // Of a record of several activities nothing is kept: the answer is each activity's own.
        guard condition.id >= 0, !condition.readsActivity || !index.isShared(position) else {
            return asks(condition, of: position, trigger: trigger, activity: activity)
        }
        if case .other = condition.asks {} else if let told = told(condition, at: position) { return told }
        let known = found.answer(condition.id, at: position)
        guard known == 0 else { return known == 2 }
        let holds = asks(condition, of: position, trigger: trigger, activity: activity)
        found.keep(holds, of: condition.id, at: position)
        return holds
    }

    /// The answer where one word gives it.
    private func told(_ condition: PlannedCondition, at position: Int) -> Bool? {
        var word = found.word(condition.path, at: position)
        if word == Findings.notAsked {
            word = self.word(at: plan.paths[condition.path].path, position)
            found.keep(word, ofPath: condition.path, at: position)
        }
        if let answer = condition.quick.answer(word) { return answer }
        guard word != Findings.several else { return nil }
        return switch condition.asks {
        case .isOne(let words): word > 0 && words.contains(word)
        case .isNone(let words): word < 0 || !words.contains(word)
        case .present, .absent, .other: nil
        }
    }

    private func word(at path: Path, _ position: Int) -> Int16 {
        switch find(path, at: position, trigger: nil) {
        case .none: Findings.nothing
        case .withheld: Findings.withheld
        case .many(let values): values.allSatisfy(\.isBlank) ? Findings.nothing : Findings.several
        case .one(let value):
            value.isBlank
                ? Findings.nothing
                : value.word.map { plan.vocabulary[$0] ?? Findings.unknownWord } ?? Findings.several
        }
    }

    /// Whether conditions hold of several records taken together: the values at each path are united. What was withheld
    /// of one is withheld of all.
    func hold(_ conditions: [PlannedCondition], atAllOf positions: [Int], trigger: Int?, activity: Int32?) -> Bool {
        conditions.allSatisfy { condition in
            asks(condition) { path in
                var values: [JSON] = []
                for position in positions {
                    guard
                        let found = index.find(
                            path, from: position, trigger: trigger, kinds: plan.kinds, activity: activity
                        ).values
                    else { return .withheld }
                    values += found
                }
                return .many(values)
            }
        }
    }

    // MARK: patterns

    func matches(_ pattern: PlannedPattern, at position: Int, trigger: Int?, activity: Int32? = nil) -> Bool {
        pattern.typeSet.contains(index.types[position])
            && holds(pattern.own, at: position, trigger: trigger, activity: activity)
            && holds(pattern.tied, at: position, trigger: trigger, activity: activity)
    }

    func matches(_ group: PlannedPatterns, at position: Int, trigger: Int?, activity: Int32? = nil) -> Bool {
        for pattern in group.patterns
        where matches(pattern, at: position, trigger: trigger, activity: activity) { return true }
        return false
    }

    /// What is still to be asked of a record that is among those that match (`positions(matching:)`).
    func completes(_ pattern: PlannedPattern, at position: Int, trigger: Int?, activity: Int32? = nil) -> Bool {
        if !pattern.tied.isEmpty, !holds(pattern.tied, at: position, trigger: trigger, activity: activity) {
            return false
        }
        return !index.isShared(position) || holds(pattern.own, at: position, trigger: trigger, activity: activity)
    }

    /// The same of several patterns.
    func completes(_ group: PlannedPatterns, at position: Int, trigger: Int?, activity: Int32? = nil) -> Bool {
        !group.readsTrigger && !index.isShared(position)
            || matches(group, at: position, trigger: trigger, activity: activity)
    }

    /// Records that match, in the order of the log, apart from what is asked beside the causing record, and from what is
    /// each activity's own of a record of several.
    func positions(matching pattern: PlannedPattern) -> [Int32] {
        if let known = found.positions(ofPattern: pattern.id) { return known }
        var result: [Int32] = []
        let quick = pattern.quick
        for position in index.positions(of: pattern.types) {
            let isShared = index.isShared(position)
            var matches = true
            for place in quick.indices {
                let ask = quick[place]
                if isShared, ask.readsActivity { continue }
                let told = ask.path < 0 ? nil : ask.answer(found.word(ask.path, at: position))
                guard told ?? holds(pattern.own[place], at: position, trigger: nil) else {
                    matches = false
                    break
                }
            }
            if matches { result.append(Int32(position)) }
        }
        found.keep(result, ofPattern: pattern.id)
        return result
    }

    /// Records that match any of some patterns, likewise.
    func positions(matching group: PlannedPatterns) -> [Int32] {
        if group.patterns.count == 1 { return positions(matching: group.patterns[0]) }
        if let known = found.positions(ofGroup: group.id) { return known }
        var result: [Int32] = []
        for pattern in group.patterns where pattern.typeSet.meets(index.present) {
            result += positions(matching: pattern)
        }
        result.sort()
        var once: [Int32] = []
        for position in result where once.last != position { once.append(position) }
        found.keep(once, ofGroup: group.id)
        return once
    }

    /// The fixed entries of documents of the wanted kinds that stand, in the order in which they first appeared.
    func standing(_ wanted: PlannedDocument) -> [Int] {
        if let known = found.documents(of: wanted.id) { return known }
        let result = index.standing(of: wanted.wanted.kinds)
        found.keep(result, ofDocument: wanted.id)
        return result
    }

    // MARK: conditions

    private func asks(
        _ planned: PlannedCondition, of position: Int, trigger: Int?, activity: Int32?
    ) -> Bool {
        asks(planned) { find($0, at: position, trigger: trigger, activity: activity) }
    }

    /// A withheld value is present; of what it was nothing is claimed, save that it is not one of the words excluded.
    ///
    /// - Parameter find: what stands at a path.
    private func asks(_ planned: PlannedCondition, find: (Path) -> Found) -> Bool {
        let found = find(planned.condition.path)
        let values: [JSON]
        switch found {
        case .withheld:
            switch planned.condition.test {
            case .present, .isNone, .notToldAfter: return true
            default: return false
            }
        case .none: values = []
        case .one(let value):
            let value = value.isBlank ? nil : value
            // What is asked most, without a list.
            switch planned.condition.test {
            case .present: return value != nil
            case .absent: return value == nil
            case .isOne(let words): return value?.word.map(words.contains) ?? false
            case .isNone(let words): return !(value?.word.map(words.contains) ?? false)
            default: values = value.map { [$0] } ?? []
            }
        case .many(let all): values = all.contains(where: \.isBlank) ? all.filter { !$0.isBlank } : all
        }
        let bureau = bureaus[planned.span]
        switch planned.condition.test {
        case .present: return !values.isEmpty
        case .absent: return values.isEmpty
        case .isOne(let words): return !values.isEmpty && values.allSatisfy { $0.word.map(words.contains) ?? false }
        case .isNone(let words): return !values.contains { $0.word.map(words.contains) ?? false }
        case .includes(let words): return words.allSatisfy { word in values.contains { $0.word == word } }
        case .count(let least): return bureau.value(least).map { Set(values).count >= $0 } ?? false
        case .atLeast(let least):
            guard let least = bureau.value(least), !values.isEmpty else { return false }
            return values.allSatisfy { $0.integer.map { $0 >= Int64(least) } ?? false }
        case .atMost(let most):
            guard let most = bureau.value(most), !values.isEmpty else { return false }
            return values.allSatisfy { $0.integer.map { $0 <= Int64(most) } ?? false }
        case .within(let bound):
            guard let bound = bureau.value(bound), !values.isEmpty else { return false }
            return values.allSatisfy { $0.integer.map { $0.magnitude <= Int64(bound).magnitude } ?? false }
        case .notAmong(let paths):
            let others = elsewhere(paths, find)
            return !values.isEmpty && values.allSatisfy { $0.word.map { !others.contains($0) } ?? false }
        case .among(let paths):
            let others = elsewhere(paths, find)
            return !values.isEmpty && values.allSatisfy { $0.word.map { others.contains($0) } ?? false }
        case .office(let name):
            guard let holder = bureau.holder(of: name) else { return false }
            return !values.isEmpty && values.allSatisfy { $0.word == holder }
        case .share(let percent, let path):
            guard let percent = bureau.value(percent), let part = values.first?.integer,
                let whole = find(path).first?.integer, whole >= 0,
                whole <= 1_000_000_000
            else { return false }
            return part >= max(1, (whole * Int64(percent) + 99) / 100)
        case .notAfter(let path):
            let others = find(path)
            return compare(values, with: others, dayEnds: true) { $0 <= $1 }
        case .notBefore(let path):
            return compare(values, with: find(path)) { $0 >= $1 }
        case .notToldAfter(let path):
            let others = find(path)
            guard !values.isEmpty, let told = others.values, told.contains(where: { !$0.isBlank }) else { return true }
            return compare(values, with: others, dayEnds: true) { $0 <= $1 }
        case .penalties(let kinds):
            let named = PenaltyTerms(values.compactMap(\.string).joined(separator: "\n")).kinds
            return !named.isEmpty && named.isSubset(of: kinds)
        case .outside(let hours):
            let times = values.compactMap(\.stated)
            return !times.isEmpty && times.count == values.count && times.allSatisfy { !calendar.isIn(hours, $0) }
        case .filledIn(let path):
            guard let forms = find(path).values else { return true }
            return values.compactMap(\.fieldName).allSatisfy { name in
                forms.contains { $0[name].map { !$0.isBlank } ?? false }
            }
        }
    }

    /// Every time on the left against every time on the right; false where either side has none.
    private func compare(
        _ values: [JSON], with others: Found, dayEnds: Bool = false, by order: (Instant, Instant) -> Bool
    ) -> Bool {
        guard let found = others.values else { return false }
        let left = values.compactMap(\.stated)
        let right = found.filter { !$0.isBlank }.compactMap { dayEnds ? $0.statedEnd : $0.stated }
        guard !left.isEmpty, !right.isEmpty, left.count == values.count else { return false }
        return left.allSatisfy { one in right.allSatisfy { order(one, $0) } }
    }

    private func elsewhere(_ paths: [Path], _ find: (Path) -> Found) -> Set<String> {
        var words: Set<String> = []
        for path in paths {
            guard let values = find(path).values else { continue }
            words.formUnion(values.compactMap(\.word))
        }
        return words
    }

    func find(_ path: Path, at position: Int, trigger: Int?, activity: Int32? = nil) -> Found {
        index.find(path, from: position, trigger: trigger, kinds: plan.kinds, activity: activity)
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
    /// A time: milliseconds, a day (its beginning), or RFC 3339 text; nil if it is none or lies outside the years 1 to 9999.
    var stated: Instant? {
        if let number = integer { return Instant(milliseconds: number).ordinary }
        guard let text = string else { return nil }
        return CivilDay(text).map { Instant(startOf: $0) } ?? Instant(text)?.ordinary
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
