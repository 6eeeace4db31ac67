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
        if condition.quick.path >= 0 || condition.ofNothing != nil {
            let word = word(ofPath: condition.path, at: position)
            if let answer = condition.quick.answer(word) { return answer }
            if let answer = condition.ofNothing, Findings.isEmpty(word) { return answer }
            switch condition.asks {
            case .isOne(let words) where word != Findings.several: return word > 0 && words.contains(word)
            case .isNone(let words) where word != Findings.several: return word < 0 || !words.contains(word)
            default: break
            }
        }
        let known = found.answer(condition.id, at: position)
        guard known == 0 else { return known == 2 }
        let holds = asks(condition, of: position, trigger: trigger, activity: activity)
        found.keep(holds, of: condition.id, at: position)
        return holds
    }

    /// Whether conditions hold of several records taken together: the values at each path are united. What was withheld
    /// of one is withheld of all.
    func hold(_ conditions: [PlannedCondition], atAllOf positions: [Int], trigger: Int?, activity: Int32?) -> Bool {
        conditions.allSatisfy { condition in
            asks(condition) { path, _ in
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
    func positions(matching pattern: PlannedPattern) -> [Int] {
        if let known = found.positions(ofPattern: pattern.id) { return known }
        let candidates = index.positions(of: pattern.types)
        // Where each of them matches, which is common, the index's own list serves.
        var matching: [Int]?
        for place in candidates.indices {
            let position = candidates[place]
            if matches(pattern, apartFromActivityAt: position) {
                matching?.append(position)
            } else if matching == nil {
                matching = []
                matching?.reserveCapacity(candidates.count - 1)
                matching?.append(contentsOf: candidates[..<place])
            }
        }
        let result = matching ?? candidates
        found.keep(result, ofPattern: pattern.id)
        return result
    }

    /// Whether what a pattern asks of the record alone holds; of a record of several activities, what is each one's own
    /// is not asked.
    private func matches(_ pattern: PlannedPattern, apartFromActivityAt position: Int) -> Bool {
        let quick = pattern.quick
        let isShared = index.isShared(position)
        for place in quick.indices {
            if isShared, quick[place].readsActivity { continue }
            let path = quick[place].path
            let told = path < 0 ? nil : quick[place].answer(found.word(path, at: position))
            guard told ?? holds(pattern.own[place], at: position, trigger: nil) else { return false }
        }
        return true
    }

    /// Records that match any of some patterns, likewise.
    func positions(matching group: PlannedPatterns) -> [Int] {
        if group.patterns.count == 1 { return positions(matching: group.patterns[0]) }
        if let known = found.positions(ofGroup: group.id) { return known }
        var result: [Int] = []
        for pattern in group.patterns where pattern.typeSet.meets(index.present) {
            result += positions(matching: pattern)
        }
        result.sort()
        var once: [Int] = []
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
        asks(planned) { find($0, place: $1, at: position, trigger: trigger, activity: activity) }
    }

    /// A withheld value is present; of what it was nothing is claimed, save that it is not one of the words excluded.
    ///
    /// - Parameter find: what stands at a path, which comes with its place in the plan.
    private func asks(_ planned: PlannedCondition, find: (Path, Int) -> Found) -> Bool {
        let found = find(planned.condition.path, planned.path)
        let values: [JSON]
        switch found {
        case .withheld:
            switch planned.condition.test {
            case .present, .isNone, .notToldAfter, .toldAmong: return true
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
            return !values.isEmpty
                && values.allSatisfy { $0.word.map { !isFound($0, paths, planned.others, find) } ?? false }
        case .among(let paths):
            return !values.isEmpty
                && values.allSatisfy { $0.word.map { isFound($0, paths, planned.others, find) } ?? false }
        case .amongOf(let paths, let whole):
            return values.allSatisfy { value in
                guard let word = value.word, isFound(word, whole, Array(planned.others.dropFirst(paths.count)), find)
                else { return true }
                return isFound(word, paths, planned.others, find)
            }
        case .toldAmong(let paths):
            let told = zip(paths, planned.others).map { find($0, $1).values }
            guard !values.isEmpty, told.contains(where: { $0?.contains { !$0.isBlank } ?? false }), !told.contains(nil)
            else { return true }
            return values.allSatisfy { $0.word.map { isFound($0, paths, planned.others, find) } ?? false }
        case .office(let name):
            guard let holder = bureau.holder(of: name) else { return false }
            return !values.isEmpty && values.allSatisfy { $0.word == holder }
        case .share(let percent, let path, let further):
            let more = further.flatMap { find($0, planned.others[1]).first?.integer } ?? 0
            guard let percent = bureau.value(percent), let part = values.first?.integer,
                let whole = find(path, planned.others[0]).first?.integer,
                [part, more, whole].allSatisfy({ (0...1_000_000_000).contains($0) })
            else { return false }
            return part + more >= max(1, (whole * Int64(percent) + 99) / 100)
        case .notAfter(let path):
            let others = find(path, planned.others[0])
            return compare(values, with: others, dayEnds: true) { $0 <= $1 }
        case .notBefore(let path):
            return compare(values, with: find(path, planned.others[0])) { $0 >= $1 }
        case .notToldAfter(let path):
            let others = find(path, planned.others[0])
            guard !values.isEmpty, let told = others.values, told.contains(where: { !$0.isBlank }) else { return true }
            return compare(values, with: others, dayEnds: true) { $0 <= $1 }
        case .penalties(let kinds):
            let named = PenaltyTerms(values.compactMap(\.string).joined(separator: "\n")).kinds
            return !named.isEmpty && named.isSubset(of: kinds)
        case .outside(let hours):
            let times = values.compactMap(\.stated)
            return !times.isEmpty && times.count == values.count && times.allSatisfy { !calendar.isIn(hours, $0) }
        case .filledIn(let path):
            guard let forms = find(path, planned.others[0]).values else { return true }
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

    /// Whether a word stands at any of some paths.
    private func isFound(_ word: String, _ paths: [Path], _ places: [Int], _ find: (Path, Int) -> Found) -> Bool {
        for (path, place) in zip(paths, places) {
            if place >= 0, plan.paths[place].isOfHistory {
                if ofHistory(place).words.contains(word) { return true }
            } else if let values = find(path, place).values, values.contains(where: { $0.word == word }) {
                return true
            }
        }
        return false
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
