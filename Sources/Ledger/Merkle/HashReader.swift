import Kernel

/// Gives stored hashes of one log by their number (`StoredHash`).
///
/// A reader answers in the order asked. It throws when a hash cannot be had; it never invents one. What it gives is
/// not authenticated: whoever reads from an untrusted place compares a root.
public protocol HashReader {
    /// The hashes with these numbers, in this order.
    func readHashes(at indexes: [Int]) throws -> [Digest]
}

/// Hashes kept in memory in the order in which a log makes them.
public struct MemoryHashes: HashReader, Sendable {
    /// Every stored hash; its position is its number.
    public private(set) var hashes: [Digest] = []
    /// The right edge after the last leaf.
    public private(set) var edge = RightEdge()

    /// No leaves yet.
    public init() {}

    /// The hashes of a log with these leaf hashes.
    public init(leafHashes: some Sequence<Digest>) {
        for hash in leafHashes { append(leafHash: hash) }
    }

    /// The hashes of a log with these entries.
    public init(entries: some Sequence<[UInt8]>) {
        for entry in entries { append(leafHash: RFC6962.leafHash(entry)) }
    }

    /// Appends one leaf and the nodes it completes.
    public mutating func append(leafHash: Digest) {
        edge.append(leafHash, storingInto: &hashes)
    }

    public func readHashes(at indexes: [Int]) throws(ProofError) -> [Digest] {
        var result: [Digest] = []
        result.reserveCapacity(indexes.count)
        for index in indexes {
            guard hashes.indices.contains(index) else { throw ProofError(.missingHash(index)) }
            result.append(hashes[index])
        }
        return result
    }
}
