import Kernel

/// Which tiles a log of a given size has.
public enum TileLayout {
    /// The tile of hashes or bundle at position `n` in a log of `size` leaves; nil if the log does not reach it.
    public static func tile(_ kind: Tile.Kind, n: Int, size: Int) -> Tile? {
        guard let count = count(kind, size: size), n >= 0, n <= count / Tile.fullWidth else {
            return nil
        }
        return Tile(kind, n: n, width: min(Tile.fullWidth, count - n * Tile.fullWidth))
    }

    /// All bundles and tiles of a log of `new` leaves that it did not have at `old`, bundles first, then level by level.
    ///
    /// Partial tiles are in: a partial tile belongs to each size for which a checkpoint was published.
    public static func tiles(from old: Int = 0, to new: Int) -> [Tile] {
        var kinds: [Tile.Kind] = [.entries]
        for level in 0...7 where new >> (8 * level) > 0 { kinds.append(.hashes(level: level)) }
        return kinds.flatMap { kind -> [Tile] in
            guard let count = count(kind, size: new), let known = TileLayout.count(kind, size: old),
                count > known
            else { return [] }
            return (known / Tile.fullWidth...(count - 1) / Tile.fullWidth)
                .compactMap { tile(kind, n: $0, size: new) }
        }
    }

    /// How many hashes or entries stand at this level; nil for a negative size.
    static func count(_ kind: Tile.Kind, size: Int) -> Int? {
        guard size >= 0 else { return nil }
        switch kind {
        case .entries: return size
        case .hashes(let level): return level < 8 ? size >> (8 * level) : 0
        }
    }
}
