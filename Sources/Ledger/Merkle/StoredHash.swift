/// Numbers the hashes of complete subtrees with one integer each, in the order in which a growing log makes them.
///
/// This is the numbering of Go's `sumdb/tlog`: when leaf n is appended, its hash and then the hash of every subtree it
/// completes take the next numbers. A database keeps all hashes of a log under one integer key and only ever appends.
public enum StoredHash {
    /// The number of the hash of the n-th complete subtree of 2^level leaves.
    ///
    /// The last leaf of that subtree is m = (n + 1) · 2^level − 1; before it stand 2m − popcount(m) hashes (m leaves and
    /// the nodes they complete), then the leaf itself and one hash for each level up.
    public static func index(level: Int, n: Int) -> Int {
        count(forSize: ((n + 1) << level) - 1) + level
    }

    /// How many hashes a tree of `size` leaves has stored: the leaves, and `size − popcount(size)` complete nodes.
    public static func count(forSize size: Int) -> Int {
        2 * size - size.nonzeroBitCount
    }

    /// The level and position that a number stands for; the inverse of `index`.
    public static func coordinate(ofIndex index: Int) -> (level: Int, n: Int) {
        // The leaf appended last at or before this number is near index / 2, and never below it.
        var leaf = index / 2
        while count(forSize: leaf + 1) <= index { leaf += 1 }
        let level = index - count(forSize: leaf)
        return (level, leaf >> level)
    }

    /// The largest tree for which every number fits an `Int` with room to spare.
    public static let sizeLimit = 1 << 60
}
