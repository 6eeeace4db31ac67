import Kernel

/// The hashes that lead from one leaf to a root (RFC 6962 section 2.1.1), from the leaf's sibling upwards.
///
/// Nothing in it is trusted: leaf, index, size and root come from elsewhere, and the length must be exact.
public struct InclusionProof: Hashable, Sendable {
    /// The hashes, leaf's sibling first.
    public let hashes: [Digest]

    /// A proof that was read from somewhere.
    public init(hashes: [Digest]) {
        self.hashes = hashes
    }

    /// Makes the proof that leaf `index` stands in the tree of `size` leaves.
    ///
    /// - Throws: `ProofError` for an index outside the tree; whatever the reader throws.
    public init(of index: Int, in size: Int, reader: some HashReader) throws {
        guard (0...StoredHash.sizeLimit).contains(size) else { throw ProofError(.size(size)) }
        guard (0..<size).contains(index) else { throw ProofError(.index(index, size: size)) }
        var range = 0..<size
        var siblings: [Range<Int>] = []
        while range.count > 1 {
            let middle = range.lowerBound + range.count.largestPowerOfTwoBelow
            if index < middle {
                siblings.append(middle..<range.upperBound)
                range = range.lowerBound..<middle
            } else {
                siblings.append(range.lowerBound..<middle)
                range = middle..<range.upperBound
            }
        }
        hashes = try Subtrees.roots(of: siblings.reversed(), from: reader)
    }

    /// The root that this proof leads to from a leaf.
    ///
    /// Below the point where the paths to the leaf and to the last leaf part, each bit of the index says on which side
    /// the sibling stands; above it the path runs along the right border, and siblings stand only on the left.
    ///
    /// - Throws: `ProofError` for an index outside the tree or a proof of another length than index and size ask for.
    public func root(leafHash: Digest, index: Int, size: Int) throws(ProofError) -> Digest {
        guard index >= 0, index < size else { throw ProofError(.index(index, size: size)) }
        let inner = Int.bitWidth - (index ^ (size - 1)).leadingZeroBitCount
        let expected = inner + (index >> inner).nonzeroBitCount
        guard hashes.count == expected else {
            throw ProofError(.length(hashes.count, expected: expected))
        }
        var hash = leafHash
        for level in 0..<inner {
            hash =
                (index >> level) & 1 == 0
                ? RFC6962.nodeHash(hash, hashes[level]) : RFC6962.nodeHash(hashes[level], hash)
        }
        for sibling in hashes[inner...] { hash = RFC6962.nodeHash(sibling, hash) }
        return hash
    }

    /// Checks that the leaf stands at `index` in the tree of `size` leaves with this root.
    ///
    /// - Throws: `ProofError` when it does not.
    public func verify(leafHash: Digest, index: Int, size: Int, root: Digest) throws(ProofError) {
        guard try self.root(leafHash: leafHash, index: index, size: size) == root else {
            throw ProofError(.root)
        }
    }
}

extension Int {
    /// The largest power of two that is smaller than this number, which must be at least 2 (RFC 6962: k < n ≤ 2k).
    var largestPowerOfTwoBelow: Int {
        1 << (Int.bitWidth - 1 - (self - 1).leadingZeroBitCount)
    }
}
