import Kernel

/// The hashes that show that a tree only grew (RFC 6962 section 2.1.2).
///
/// Nothing in it is trusted: both sizes and both roots come from elsewhere.
public struct ConsistencyProof: Hashable, Sendable {
    /// The hashes, in the order of RFC 6962.
    public let hashes: [Digest]

    /// A proof that was read from somewhere.
    public init(hashes: [Digest]) {
        self.hashes = hashes
    }

    /// Makes the proof that the tree of `new` leaves begins with the tree of `old` leaves.
    ///
    /// From the empty tree and between equal sizes it is empty.
    /// - Throws: `ProofError` for sizes out of order; whatever the reader throws.
    public init(from old: Int, to new: Int, reader: some HashReader) throws {
        guard (0...StoredHash.sizeLimit).contains(new) else { throw ProofError(.size(new)) }
        guard old >= 0, old <= new else { throw ProofError(.order(old: old, new: new)) }
        guard old > 0, old < new else {
            hashes = []
            return
        }
        // SUBPROOF of RFC 6962: go down along the old tree's right edge and note the siblings.
        var range = 0..<new
        var parts: [Range<Int>] = []
        while range.upperBound != old {
            let middle = range.lowerBound + range.count.largestPowerOfTwoBelow
            if old <= middle {
                parts.append(middle..<range.upperBound)
                range = range.lowerBound..<middle
            } else {
                parts.append(range.lowerBound..<middle)
                range = middle..<range.upperBound
            }
        }
        // The old tree itself, when it is one complete subtree, is known to the verifier and left out.
        if range.lowerBound > 0 { parts.append(range) }
        hashes = try Subtrees.roots(of: parts.reversed(), from: reader)
    }

    /// Checks that the tree of `new` leaves with `newRoot` begins with the tree of `old` leaves with `oldRoot`.
    ///
    /// RFC 9162 section 2.1.4.2. Sizes of zero follow c2sp.org/tlog-witness: everything begins with the empty tree,
    /// the proof is empty, and the root of the empty tree must be the SHA-256 of nothing.
    /// - Throws: `ProofError` when it does not.
    public func verify(old: Int, oldRoot: Digest, new: Int, newRoot: Digest) throws(ProofError) {
        guard old >= 0, old <= new else { throw ProofError(.order(old: old, new: new)) }
        if old == 0, oldRoot != RFC6962.emptyRoot { throw ProofError(.emptyRoot) }
        if new == 0, newRoot != RFC6962.emptyRoot { throw ProofError(.emptyRoot) }
        guard old > 0, old < new else {
            guard hashes.isEmpty else { throw ProofError(.length(hashes.count, expected: 0)) }
            guard old == 0 || oldRoot == newRoot else { throw ProofError(.root) }
            return
        }
        let expected = ConsistencyProof.length(from: old, to: new)
        guard hashes.count == expected else {
            throw ProofError(.length(hashes.count, expected: expected))
        }

        let skipped = old.trailingZeroBitCount
        var last = (old - 1) >> skipped
        var newLast = (new - 1) >> skipped
        // A complete old tree is itself the first hash; otherwise the proof begins with its last complete subtree.
        let complete = last == 0
        var oldHash = complete ? oldRoot : hashes[0]
        var newHash = oldHash
        for hash in complete ? hashes[...] : hashes[1...] {
            if last & 1 == 1 || last == newLast {
                oldHash = RFC6962.nodeHash(hash, oldHash)
                newHash = RFC6962.nodeHash(hash, newHash)
                let empty = last & 1 == 1 ? 0 : last.trailingZeroBitCount
                last >>= empty
                newLast >>= empty
            } else {
                newHash = RFC6962.nodeHash(newHash, hash)
            }
            last >>= 1
            newLast >>= 1
        }
        guard oldHash == oldRoot, newHash == newRoot, newLast == 0 else { throw ProofError(.root) }
    }

    /// How many hashes the proof between two different sizes above zero has.
    static func length(from old: Int, to new: Int) -> Int {
        let skipped = old.trailingZeroBitCount
        let last = (old - 1) >> skipped
        let inner = Int.bitWidth - (last ^ ((new - 1) >> skipped)).leadingZeroBitCount
        return inner + (last >> inner).nonzeroBitCount + (last == 0 ? 0 : 1)
    }
}
