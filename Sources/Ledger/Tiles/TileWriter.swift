import Kernel

/// Makes the files of a log from its stored hashes and entries.
///
/// It writes nothing itself: the caller takes path and bytes and makes them durable. Publish in this order, and the
/// checkpoint last: a reader who sees a checkpoint then finds every tile it needs.
public struct TileWriter<Hashes: HashReader> {
    private let hashes: Hashes
    private let entries: (Range<Int>) throws -> [[UInt8]]

    /// - Parameters:
    ///   - hashes: the stored hashes of the log.
    ///   - entries: gives the entries of a range of positions, at most 256 at once.
    public init(hashes: Hashes, entries: @escaping (Range<Int>) throws -> [[UInt8]]) {
        self.hashes = hashes
        self.entries = entries
    }

    /// The bytes of one tile or bundle.
    ///
    /// - Throws: `TileError`; whatever the stores throw.
    public func bytes(of tile: Tile) throws -> [UInt8] {
        switch tile.kind {
        case .entries:
            let found = try entries(tile.positions)
            guard found.count == tile.width else { throw TileError(.entryCount(tile)) }
            return try EntryBundle.encode(found)
        case .hashes(let level):
            guard level < 8 else { throw TileError(.missing(tile)) }
            let found = try hashes.readHashes(
                at: tile.positions.map { StoredHash.index(level: 8 * level, n: $0) })
            guard found.count == tile.width else { throw TileError(.missing(tile)) }
            return found.flatMap(\.bytes)
        }
    }

    /// Every file that a log of `new` leaves has and one of `old` leaves had not, in the order to publish.
    ///
    /// - Throws: `TileError`; whatever the stores or `publish` throw.
    public func publish(
        from old: Int = 0, to new: Int, _ publish: (_ path: String, _ bytes: [UInt8]) throws -> Void
    )
        throws
    {
        guard (0...StoredHash.sizeLimit).contains(new) else { throw TileError(.size(new)) }
        for tile in TileLayout.tiles(from: old, to: new) {
            try publish(tile.description, try bytes(of: tile))
        }
    }
}
