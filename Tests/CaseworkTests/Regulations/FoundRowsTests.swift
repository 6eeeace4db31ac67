import TestKit
import Testing

@testable import Casework

@Suite("What is found about records")
struct FoundRowsTests {
    /// A question that nobody asked, a kept answer, a forgotten question, a record more, a record less: as a plain table of
    /// answers would have it.
    @Test("rows give what was kept, and 0 for what nobody asked or what was forgotten", arguments: 0..<20)
    func model(seed: UInt64) {
        var random = SeededRandom(seed)
        let questions = 5
        var records = Int.random(in: 0...3, using: &random)
        var rows = FoundRows<Int16>(questions, records: records)
        var plain: [[Int16]] = Array(repeating: Array(repeating: 0, count: records), count: questions)
        for _ in 0..<400 {
            let question = Int.random(in: 0..<questions, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                rows.forget(question)
                plain[question] = Array(repeating: 0, count: records)
            case 1...4:
                rows.addRecord()
                records += 1
                for place in plain.indices { plain[place].append(0) }
            case 5:
                guard records > 0 else { continue }
                rows.removeRecord()
                records -= 1
                for place in plain.indices { plain[place].removeLast() }
            default:
                guard records > 0 else { continue }
                let position = Int.random(in: 0..<records, using: &random)
                let cell = Int16.random(in: -4...9, using: &random)
                rows.keep(cell, question, position)
                plain[question][position] = cell
            }
            for question in 0..<questions {
                for position in 0..<records {
                    guard rows[question, position] == plain[question][position] else {
                        Issue.record("question \(question), record \(position) of \(records)")
                        return
                    }
                }
            }
        }
        // Rows were made longer, or nothing of that was tried.
        #expect(records > 40)
    }

    @Test("a condition as numbers says what the condition says of each word, or leaves it to that")
    func quickAsk() {
        let several = Findings.several
        let words: [Int16] = [1, 2, 3, 4, 5, 300, 29_999]
        let stand: [Int16] = [Findings.nothing, Findings.withheld, several, Findings.unknownWord] + words
        func ask(_ asks: PlannedCondition.Asks, _ word: Int16) -> Bool? {
            let quick = QuickAsk(asks, path: 7, readsActivity: false)
            return quick.path < 0 ? nil : quick.answer(word)
        }
        for word in stand {
            #expect(ask(.present, word) == (word != Findings.nothing))
            #expect(ask(.absent, word) == (word == Findings.nothing))
            #expect(ask(.other, word) == nil)
            for chosen in 0..<1 << words.count {
                let some = words.indices.filter { chosen >> $0 & 1 == 1 }.map { words[$0] }
                let isAsked = some.count <= 4 && word != several
                #expect(ask(.isOne(some), word) == (isAsked ? some.contains(word) : nil))
                #expect(ask(.isNone(some), word) == (isAsked ? !some.contains(word) : nil))
            }
        }
        for asks in [PlannedCondition.Asks.present, .absent, .isOne([1]), .isNone([1])] {
            #expect(ask(asks, Findings.notAsked) == nil)
        }
    }
}
