import Kernel

/// The right edge of a growing tree: one hash for each complete subtree, largest first. All that appending needs.
public struct RightEdge: Hashable, Sendable {
    /// The number of leaves.
    public private(set) var size: Int
    /// The hashes of the complete subtrees from left to right; as many as `size` has one bits.
    public private(set) var hashes: [Digest]

    /// The edge of the empty tree.
    public init() {
        size = 0
        hashes = []
    }

    /// An edge that was kept somewhere; nil unless there is one hash for each one bit of the size.
    public init?(size: Int, hashes: [Digest]) {
        guard (0...StoredHash.sizeLimit).contains(size), hashes.count == size.nonzeroBitCount else {
            return nil
        }
        self.size = size
        self.hashes = hashes
    }

    /// Reads the edge of a tree of `size` leaves from stored hashes.
    ///
    /// - Throws: `ProofError` for a size out of range; whatever the reader throws.
    public init(size: Int, reader: some HashReader) throws {
        guard (0...StoredHash.sizeLimit).contains(size) else { throw ProofError(.size(size)) }
        self.size = size
        hashes = try Subtrees.read([0..<size], from: reader)[0]
    }

    /// The root of the tree.
    public var root: Digest {
        RFC6962.root(ofSubtrees: hashes)
    }

    /// Appends a leaf, and to `stored` the hashes to keep: the leaf's, then those of the subtrees it completes.
    ///
    /// The first of them has the number `StoredHash.index(level: 0, n: size)` with the size before, the others follow.
    public mutating func append(_ leafHash: Digest, storingInto stored: inout [Digest]) {
        stored.append(leafHash)
        var hash = leafHash
        for _ in 0..<(~size).trailingZeroBitCount {
            hash = RFC6962.nodeHash(hashes.removeLast(), hash)
            stored.append(hash)
        }
        hashes.append(hash)
        size += 1
    }

    /// Appends a leaf whose hashes nobody keeps.
    public mutating func append(_ leafHash: Digest) {
        var hash = leafHash
        for _ in 0..<(~size).trailingZeroBitCount { hash = RFC6962.nodeHash(hashes.removeLast(), hash) }
        hashes.append(hash)
        size += 1
    }
}

/// Ranges of leaves taken apart into complete subtrees.
enum Subtrees {
    /// The numbers of the complete subtrees that make up a range, left to right.
    ///
    /// The range must begin where a subtree of its own length can begin, as every range in an RFC 6962 proof does.
    static func indexes(of range: Range<Int>) -> [Int] {
        var indexes: [Int] = []
        var start = range.lowerBound
        while start < range.upperBound {
            let level = Int.bitWidth - 1 - (range.upperBound - start).leadingZeroBitCount
            indexes.append(StoredHash.index(level: level, n: start >> level))
            start += 1 << level
        }
        return indexes
    }

    /// Reads the subtrees of several ranges in one call of the reader.
    static func read(_ ranges: [Range<Int>], from reader: some HashReader) throws -> [[Digest]] {
        let indexes = ranges.map { Subtrees.indexes(of: $0) }
        let hashes = try reader.readHashes(at: Array(indexes.joined()))
        guard hashes.count == indexes.reduce(0, { $0 + $1.count }) else { throw ProofError(.reader) }
        var rest = hashes[...]
        return indexes.map { part in
            defer { rest = rest.dropFirst(part.count) }
            return Array(rest.prefix(part.count))
        }
    }

    /// The Merkle tree hash of each range.
    static func roots(of ranges: [Range<Int>], from reader: some HashReader) throws -> [Digest] {
        try read(ranges, from: reader).map { RFC6962.root(ofSubtrees: $0) }
    }
}
