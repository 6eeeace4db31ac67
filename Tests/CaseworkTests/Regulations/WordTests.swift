import Kernel
import TestKit
import Testing

@testable import Casework

@Suite("Words that stand at paths")
struct WordTests {
    /// Values are withheld, left blank, made lists and objects by chance: whatever a record holds, the word that is kept
    /// says of it what its values say.
    @Test("the word kept of a path says what a look at its values says", arguments: WholeCaseTests.cases)
    func words(name: String, history: History) {
        var random = SeededRandom(UInt64(name.utf8.count))
        let records = history.records.map { WordTests.disturbed($0, &random) }
        let ground = Ground(records, rules: Loaded.both, calendar: Loaded.calendar, settings: Settings())
        var different: Set<String> = []
        var kept: Set<Int16> = []
        for (place, planned) in ground.plan.paths.enumerated() {
            for position in records.indices {
                let found = ground.index.find(
                    planned.path, from: position, trigger: nil, kinds: ground.plan.kinds)
                let word = ground.word(ofPath: place, at: position)
                kept.insert(word)
                if word != WordTests.word(of: found, ground.plan.vocabulary) {
                    different.insert("\(planned.path) of \(records[position].type)")
                }
            }
        }
        #expect(different == [])
        #expect(kept.contains { $0 > 0 } && kept.contains(Findings.nothing) && kept.contains(Findings.several))
    }

    /// A record some of whose values are gone or of another kind.
    private static func disturbed(_ record: Record, _ random: inout SeededRandom) -> Record {
        var record = record
        let odd: [JSON] = ["", " ", [], [""], ["a", "b"], .object([]), 3, true, .object([JSON.Member("a", "b")])]
        record.plain = .object(
            (record.plain.members ?? []).map { member in
                guard Int.random(in: 0..<8, using: &random) == 0, let other = odd.randomElement(using: &random) else {
                    return member
                }
                return JSON.Member(member.key, other)
            })
        for name in record.fieldNames where Int.random(in: 0..<6, using: &random) == 0 {
            record.fields[name] = Bool.random(using: &random) ? nil : odd.randomElement(using: &random)
        }
        return record
    }

    private static func word(of found: Found, _ vocabulary: Vocabulary) -> Int16 {
        guard let values = found.values else { return Findings.withheld }
        if values.isEmpty { return Findings.nothing }
        if values.allSatisfy(\.isBlank) { return Findings.blank }
        guard case .one(let value) = found, let word = value.word else { return Findings.several }
        return vocabulary[word] ?? Findings.unknownWord
    }

    @Test("a word of the law is found however its letters are composed, and no other text is one")
    func spellings() {
        let vocabulary = Vocabulary(["penalty": 1, "caf\u{E9}": 2, "立案": 3])
        #expect(vocabulary["penalty"] == 1)
        #expect(vocabulary["caf\u{E9}"] == 2)
        #expect(vocabulary["cafe\u{301}"] == 2)
        #expect(vocabulary["立案"] == 3)
        for other in ["", "Penalty", "penalt", "penalty ", "cafe", "立"] { #expect(vocabulary[other] == nil) }
    }

    @Test("of thousands of words each is found by itself")
    func many() {
        let words = (1...5000).map { "word\($0 &* 7919 % 100_003)" }
        let numbers = Dictionary(words.enumerated().map { ($1, Int16($0 + 1)) }) { first, _ in first }
        let vocabulary = Vocabulary(numbers)
        #expect(words.allSatisfy { vocabulary[$0] == numbers[$0] })
        #expect((1...5000).allSatisfy { vocabulary["other\($0)"] == nil })
    }
}
