import Kernel
import Ledger
import TestKit
import Testing

@Suite("Parsers under mutated inputs", .serialized)
struct FuzzTests {
    @Test("a valid input is read and written as it was", arguments: Parser.allCases)
    func samples(parser: Parser) throws {
        for sample in try parser.samples() {
            #expect(parser.outcome(of: sample) == .same, "\(String(decoding: sample, as: UTF8.self))")
        }
    }

    @Test(
        "a mutated input is refused, or read and written with the same bytes; it never stops the program",
        arguments: Parser.allCases)
    func mutations(parser: Parser) throws {
        var mutation = Mutation(of: try parser.samples(), seed: Mutation.seed)
        var refused = 0
        for number in 0..<Mutation.inputs {
            let input = mutation.next()
            switch parser.outcome(of: input) {
            case .refused: refused += 1
            case .same: continue
            case .differs: Issue.record("input \(number): \(Hex.encode(input))")
            }
        }
        // A parser that takes everything, or a mutation that changes nothing, is no test.
        #expect(refused > Mutation.inputs / 10)
    }
}
