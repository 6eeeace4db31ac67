/// A condition made ready: its answer about a record is found once and serves every duty that asks the same.
final class PlannedCondition: Sendable {
    /// Its place among all whose answers are kept; -1 where it reads the record that caused an obligation, so that the
    /// answer is another for each.
    let id: Int
    let condition: Condition
    /// The place of its path among all; -1 likewise.
    let path: Int
    /// Those of the other paths that its test looks at, in their order.
    let others: [Int]
    /// What it asks of one word, where that is all.
    let asks: Asks
    /// The answer where nothing stands at the path; nil where the test asks for more than a word and that is not known.
    let ofNothing: Bool?
    /// The text under whose declarations its settings and offices are read: its place among the spans.
    let span: Int
    /// Types of records that can change the answer about earlier records.
    let unsettledBy: TypeSet
    /// Whether it looks at the activity of the record: of a record of several the answer is each activity's own.
    let readsActivity: Bool
    /// The same as numbers alone.
    let quick: QuickAsk

    /// What is asked of one word. Words are those of the plan's vocabulary, as numbers from 1.
    enum Asks: Sendable {
        case present, absent
        case isOne([Int16])
        case isNone([Int16])
        /// Something that takes more than the word.
        case other
    }

    init(id: Int, condition: Condition, path: Int, others: [Int], asks: Asks, span: Int) {
        self.id = id
        self.condition = condition
        self.path = path
        self.others = others
        self.asks = asks
        self.span = span
        ofNothing = condition.path.mayBeAbsent ? condition.test.ofNothing : nil
        unsettledBy = condition.unsettledBy
        readsActivity = condition.readsActivity
        quick = QuickAsk(id >= 0 ? asks : .other, path: path, readsActivity: readsActivity)
    }
}

/// A condition that one word answers, as numbers alone: whoever asks it of record after record counts no references.
struct QuickAsk: Sendable {
    /// The place of its path; -1 where one word is not enough.
    let path: Int
    /// Whether it looks at the activity of the record.
    let readsActivity: Bool
    private let test: Test
    /// Up to four words of 16 bits; a word is never 0.
    private let words: UInt64

    private enum Test: UInt8 { case none, present, absent, isOne, isNone }

    init(_ asks: PlannedCondition.Asks, path: Int, readsActivity: Bool) {
        func packed(_ words: [Int16]) -> UInt64? {
            guard words.count <= 4 else { return nil }
            return words.reduce(0) { $0 << 16 | UInt64(UInt16(bitPattern: $1)) }
        }
        let (test, words): (Test, UInt64?) =
            switch asks {
            case .present: (.present, 0)
            case .absent: (.absent, 0)
            case .isOne(let words): (.isOne, packed(words))
            case .isNone(let words): (.isNone, packed(words))
            case .other: (.none, nil)
            }
        self.test = words == nil ? .none : test
        self.words = words ?? 0
        self.path = words == nil ? -1 : path
        self.readsActivity = readsActivity
    }

    /// The answer of this word; nil where nobody asked yet what stands there, or it takes more than the word.
    func answer(_ word: Int16) -> Bool? {
        guard word != Findings.notAsked else { return nil }
        switch test {
        case .none: return nil
        case .present: return !Findings.isEmpty(word)
        case .absent: return Findings.isEmpty(word)
        case .isOne: return word == Findings.several ? nil : has(word)
        case .isNone: return word == Findings.several ? nil : !has(word)
        }
    }

    private func has(_ word: Int16) -> Bool {
        guard word > 0 else { return false }
        var rest = words
        while rest != 0 {
            if Int16(truncatingIfNeeded: rest) == word { return true }
            rest >>= 16
        }
        return false
    }
}

/// A pattern made ready: which records match it is found once for all duties that have it.
final class PlannedPattern: Sendable {
    /// Its place among all patterns.
    let id: Int
    let types: [EntryType]
    let typeSet: TypeSet
    /// What is asked of the record alone.
    let own: [PlannedCondition]
    /// What is asked of it beside the record that caused the obligation.
    let tied: [PlannedCondition]
    /// `own`, each as numbers.
    let quick: [QuickAsk]
    /// Types of records that can change which earlier records match.
    let unsettledBy: TypeSet

    init(id: Int, types: [EntryType], own: [PlannedCondition], tied: [PlannedCondition]) {
        self.id = id
        self.types = types
        self.own = own
        self.tied = tied
        quick = own.map(\.quick)
        typeSet = TypeSet(types)
        var unsettledBy = TypeSet()
        for one in own { unsettledBy.formUnion(one.unsettledBy) }
        self.unsettledBy = unsettledBy
    }
}

/// Patterns any of which will do.
final class PlannedPatterns: Sendable {
    /// Its place among all groups of patterns.
    let id: Int
    let patterns: [PlannedPattern]
    let typeSet: TypeSet
    /// Whether one of them reads the record that caused the obligation.
    let readsTrigger: Bool
    /// Types of records that can change which earlier records match.
    let unsettledBy: TypeSet

    init(id: Int, patterns: [PlannedPattern]) {
        self.id = id
        self.patterns = patterns
        var types = TypeSet()
        var unsettledBy = TypeSet()
        for pattern in patterns {
            types.formUnion(pattern.typeSet)
            unsettledBy.formUnion(pattern.unsettledBy)
        }
        typeSet = types
        self.unsettledBy = unsettledBy
        readsTrigger = patterns.contains { !$0.tied.isEmpty }
    }

    var isEmpty: Bool { patterns.isEmpty }
}

extension Condition.Test {
    /// What it says where there is no value; nil where something else decides.
    fileprivate var ofNothing: Bool? {
        switch self {
        case .absent, .isNone, .notToldAfter, .filledIn, .amongOf, .toldAmong: true
        case .present, .isOne, .atLeast, .atMost, .within, .notAmong, .among, .office, .share, .notAfter, .notBefore,
            .penalties, .outside:
            false
        case .includes(let words): words.isEmpty
        case .count(.fixed(let least)): least <= 0
        case .count(.setting): nil
        }
    }
}

extension Condition {
    /// The other paths that its test looks at.
    var others: [Path] {
        switch test {
        case .notAmong(let paths), .among(let paths), .toldAmong(let paths): paths
        case .amongOf(let paths, let whole): paths + whole
        case .share(_, let path, let further): [path] + (further.map { [$0] } ?? [])
        case .notAfter(let path), .notBefore(let path), .notToldAfter(let path), .filledIn(let path): [path]
        case .isOne, .isNone, .present, .absent, .includes, .count, .atLeast, .atMost, .within, .office, .penalties,
            .outside:
            []
        }
    }

    /// Whether it reads the record that caused an obligation.
    var readsTrigger: Bool { path.readsTrigger || others.contains(where: \.readsTrigger) }

    /// Whether it looks at the activity of the record.
    var readsActivity: Bool { ([path] + others).contains { $0.scope == .activity } }

    /// Types of records that can change its answer about earlier records.
    var unsettledBy: TypeSet { TypeSet(([path] + others).flatMap(\.unsettledBy)) }

    /// Whether the bureau's settings or offices answer it.
    var asksBureau: Bool {
        func isSet(_ quantity: Quantity) -> Bool { if case .setting = quantity { true } else { false } }
        switch test {
        case .office: return true
        case .count(let one), .atLeast(let one), .atMost(let one), .within(let one), .share(let one, _, _):
            return isSet(one)
        case .isOne, .isNone, .present, .absent, .includes, .notAmong, .among, .amongOf, .toldAmong, .notAfter,
            .notBefore, .notToldAfter, .filledIn, .penalties, .outside:
            return false
        }
    }
}
