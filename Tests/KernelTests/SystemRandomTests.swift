import Kernel
import Testing

@Suite("Random bytes of the system")
struct SystemRandomTests {
    @Test("no eight bytes come twice, within what is asked at once and across it, nor from two sources")
    func distinct() {
        let sources = [SystemRandom(), SystemRandom()]
        var seen: Set<UInt64> = []
        for _ in 0..<200 { for source in sources { seen.insert(source.next()) } }
        // Two of four hundred that are equal by chance: once in 10^14 runs.
        #expect(seen.count == 400)
        #expect(!seen.contains(0))
    }

    @Test("every bit of every word is drawn")
    func bits() {
        let source = SystemRandom()
        var ones: UInt64 = 0
        var zeros: UInt64 = 0
        for _ in 0..<320 {
            let word = source.next()
            ones |= word
            zeros |= ~word
        }
        #expect(ones == .max && zeros == .max)
    }

    @Test("ids differ")
    func ids() {
        #expect(Set((0..<1000).map { _ in ThreadTag.random() }).count == 1000)
    }
}
