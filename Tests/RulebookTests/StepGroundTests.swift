import Casework
import Kernel
import Rulebook
import TestKit
import Testing

/// Many questions asked on one ground, held against each asked by itself.
@Suite("Gates asked on one ground")
struct StepGroundTests {
    @Test("of every history of a row, each step is answered on one ground as by itself, in any order and again")
    func rows() throws {
        var random = SeededRandom(5)
        var refused = 0
        var asked = 0
        for file in try IncrementalTests.loaded.get() {
            for history in file.histories.histories {
                let rules = try IncrementalTests.base.rules(history.regulations)
                let calendar = IncrementalTests.base.calendar
                let settings = history.timeline.settings
                let records = history.timeline.records
                let known = Int.random(in: 0...records.count, using: &random)
                let before = Array(records.prefix(known))
                // Steps that came, that come later, and that came already.
                var steps = (0..<4).compactMap { _ in records.randomElement(using: &random).map { [$0] } }
                steps.append(Array(records.dropFirst(known).prefix(2)))
                if let next = history.timeline.next { steps.append(next) }
                var ground = StepGround(before, rules: rules, calendar: calendar, settings: settings)
                for step in steps + steps.reversed() where !step.isEmpty {
                    let alone = Evaluator.judge(
                        step: step, history: before, rules: rules, calendar: calendar, settings: settings)
                    #expect(ground.judge(step) == alone, "\(file.histories.row) \(history.name) \(step.map(\.type))")
                    if !step.contains(where: { ground.canRefuse($0.type) }) { #expect(alone.isAllowed) }
                    refused += alone.isAllowed ? 0 : 1
                    asked += 1
                }
            }
        }
        #expect(asked > 10_000 && refused > 1000, "\(asked) \(refused)")
    }
}
