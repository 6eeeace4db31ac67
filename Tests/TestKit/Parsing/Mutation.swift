/// Changes valid inputs at random, from a seed: flips, cuts, splices, and bytes that formats care about.
public struct Mutation {
    private var random: SeededRandom
    private let samples: [[UInt8]]
    private static let telling: [UInt8] =
        Array("\n \"\\{}[],:-+=/.0129aAfZ—".utf8) + [0, 1, 0x1F, 0x7F, 0x80, 0xFE, 0xFF]
    private static let words = [
        "\n\n", "— ", "9007199254740992", "-0", "00", "e9", "\\u0000", "\u{FEFF}", "é", "e\u{301}", "../",
        "PK\u{1}\u{2}", "9223372036854775807", "18446744073709551616", "null", "[[[[[[[[[[[[[[[[[", "x999/",
    ].map { Array($0.utf8) }

    /// Mutations of `samples`, which are at least one.
    public init(of samples: [[UInt8]], seed: UInt64) {
        self.samples = samples
        random = SeededRandom(seed)
    }

    /// The next input.
    public mutating func next() -> [UInt8] {
        if Int.random(in: 0..<64, using: &random) == 0 { return random.bytes(Int.random(in: 0...200, using: &random)) }
        var bytes = sample()
        for _ in 0..<Int.random(in: 1...3, using: &random) { change(&bytes) }
        return bytes
    }

    private mutating func sample() -> [UInt8] { samples[Int.random(in: 0..<samples.count, using: &random)] }

    private mutating func change(_ bytes: inout [UInt8]) {
        let at = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, at + Int.random(in: 1...24, using: &random))
        switch Int.random(in: 0..<10, using: &random) {
        case 0...2 where at < bytes.count: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 3 where at < bytes.count: bytes[at] = Self.telling[Int.random(in: 0..<Self.telling.count, using: &random)]
        case 4: bytes.insert(Self.telling[Int.random(in: 0..<Self.telling.count, using: &random)], at: at)
        case 5: bytes.insert(contentsOf: Self.words[Int.random(in: 0..<Self.words.count, using: &random)], at: at)
        case 6: bytes.removeSubrange(at..<end)
        case 7: bytes.insert(contentsOf: Array(bytes[at..<end]), at: at)
        case 8: bytes.removeSubrange(at...)
        case 9:
            let other = sample()
            bytes.replaceSubrange(at..., with: other[Int.random(in: 0...other.count, using: &random)...])
        default: bytes.append(UInt8.random(in: 0...255, using: &random))
        }
    }

    /// How many inputs each parser gets: 2,000, or what `LIUHEN_FUZZ_INPUTS` says. libFuzzer gives it many more.
    public static let inputs = environmentNumber("LIUHEN_FUZZ_INPUTS") ?? 2_000
    /// Where the randomness begins: 1, or what `LIUHEN_SEED` says.
    public static let seed = UInt64(environmentNumber("LIUHEN_SEED") ?? 1)
}
