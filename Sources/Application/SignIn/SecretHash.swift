import Kernel

/// A secret as it is stored: scrypt (RFC 7914) parameters, salt and result. The secret cannot be computed from it.
///
/// Text: `scrypt ln=15 r=8 p=1 <salt, hex> <key, hex>`. A stored hash names its own cost, so that the cost can be raised
/// later without asking everybody for a new secret.
public struct SecretHash: Hashable, Sendable {
    /// The cost.
    public let cost: ScryptCost
    /// Random, 16 bytes.
    public let salt: [UInt8]
    /// The derived key, 32 bytes.
    public let key: [UInt8]

    /// A hash from its parts.
    public init(cost: ScryptCost, salt: [UInt8], key: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.key = key
    }

    /// The length of a salt in bytes.
    public static let saltByteCount = 16
    /// The length of a derived key in bytes.
    public static let keyByteCount = 32

    /// A salt nobody can foresee.
    static func randomSalt() -> [UInt8] {
        var source = SystemRandomNumberGenerator()
        return (0..<saltByteCount).map { _ in UInt8.random(in: 0...255, using: &source) }
    }

    /// Whether `candidate` is the stored key. Takes the same time wherever the first difference lies.
    func matches(_ candidate: [UInt8]) -> Bool {
        guard candidate.count == key.count else { return false }
        var difference: UInt8 = 0
        for (left, right) in zip(key, candidate) { difference |= left ^ right }
        return difference == 0
    }
}

extension SecretHash: LosslessStringConvertible {
    public var description: String {
        "scrypt ln=\(cost.logarithm) r=\(cost.blockSize) p=\(cost.parallelism) \(Hex.encode(salt)) \(Hex.encode(key))"
    }

    /// Reads what `description` writes; nil for anything else, and for a cost outside the bounds of `ScryptCost`.
    public init?(_ description: String) {
        let parts = Array(description.utf8).split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].elementsEqual("scrypt".utf8),
            let logarithm = SecretHash.number(parts[1], after: "ln="),
            let blockSize = SecretHash.number(parts[2], after: "r="),
            let parallelism = SecretHash.number(parts[3], after: "p="),
            let cost = ScryptCost(logarithm: logarithm, blockSize: blockSize, parallelism: parallelism),
            let salt = Hex.decode(parts[4]), salt.count == SecretHash.saltByteCount,
            let key = Hex.decode(parts[5]), key.count == SecretHash.keyByteCount
        else { return nil }
        self.init(cost: cost, salt: salt, key: key)
    }

    private static func number(_ text: ArraySlice<UInt8>, after name: String) -> Int? {
        guard text.starts(with: name.utf8) else { return nil }
        return Decimal.strict(text.dropFirst(name.utf8.count))
    }
}

/// What deriving a key costs: memory is 128 · r · 2^ln bytes.
public struct ScryptCost: Hashable, Sendable {
    /// ln: N = 2^ln.
    public let logarithm: Int
    /// r.
    public let blockSize: Int
    /// p.
    public let parallelism: Int

    /// Nil outside ln 4…20, r 1…16, p 1…4: a damaged store must not make the server take gigabytes.
    public init?(logarithm: Int, blockSize: Int, parallelism: Int) {
        guard (4...20).contains(logarithm), (1...16).contains(blockSize), (1...4).contains(parallelism) else {
            return nil
        }
        self.init(unchecked: logarithm, blockSize, parallelism)
    }

    private init(unchecked logarithm: Int, _ blockSize: Int, _ parallelism: Int) {
        self.logarithm = logarithm
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// N = 2^15, r = 8, p = 1: 32 MiB and about 0.1 s.
    public static let standard = ScryptCost(unchecked: 15, 8, 1)
    /// The least cost there is, for tests that are not about the cost.
    public static let least = ScryptCost(unchecked: 4, 1, 1)
}
