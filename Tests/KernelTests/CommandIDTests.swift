import Kernel
import TestKit
import Testing

@Suite("Ids of commands")
struct CommandIDTests {
    /// The first four bytes: the place among those that were drawn.
    private static func place(_ id: CommandID) -> UInt32 { UInt32(id.high >> 32) }

    @Test("ids that are drawn one after the other lie side by side, in the order of drawing")
    func order() {
        var last = CommandID.random()
        for _ in 0..<1000 {
            let next = CommandID.random()
            // Others may draw meanwhile; the count begins again after the greatest number.
            let step = Self.place(next) &- Self.place(last)
            #expect((1...100_000).contains(step))
            last = next
        }
    }

    @Test("the other twelve bytes are random: none comes twice, and every bit is drawn")
    func random() {
        var seen: Set<[UInt8]> = []
        var ones = [UInt8](repeating: 0, count: 12)
        var zeros = ones
        for _ in 0..<500 {
            let rest = Array(CommandID.random().bytes.dropFirst(4))
            seen.insert(rest)
            for (place, byte) in rest.enumerated() {
                ones[place] |= byte
                zeros[place] |= ~byte
            }
        }
        #expect(seen.count == 500)
        #expect((ones + zeros).allSatisfy { $0 == 0xFF })
    }

    @Test("no two tasks that draw at once draw one place")
    func atOnce() async {
        let drawn = await withTaskGroup(of: [UInt32].self) { group in
            for _ in 0..<8 { group.addTask { (0..<500).map { _ in Self.place(.random()) } } }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(drawn).count == 4000)
    }

    @Test("a digest names an id beside another one: its own twelve bytes behind the other's place")
    func beside() throws {
        var random = SeededRandom(4)
        for _ in 0..<100 {
            let id = try #require(CommandID(random.bytes(16)))
            let digest = random.bytes(32)
            let made = try #require(id.beside(digest))
            #expect(made.bytes == Array(id.bytes.prefix(4)) + Array(digest.prefix(12)))
            #expect(id.beside(digest) == made)
            for place in 0..<12 {
                var other = digest
                other[place] ^= 1
                #expect(id.beside(other) != made)
            }
            #expect(id.beside(digest.prefix(11)) == nil)
        }
    }
}
