import Kernel

/// A whole published log, read back and recomputed: every bundle, every tile, the root.
public struct TileLog {
    private let tiles: TileHashes

    /// - Parameters:
    ///   - size: the size that a checkpoint states.
    ///   - read: the bytes of a file by its path, or nil if it is not there.
    public init(size: Int, read: @escaping (_ path: String) throws -> [UInt8]?) {
        tiles = TileHashes(size: size, read: read)
    }

    /// Reads all entries in order, recomputes the tree, compares every tile of hashes, and compares the root.
    ///
    /// - Parameter visit: gets each entry with its position, before the whole is known to be right.
    /// - Returns: the recomputed hashes, for proofs.
    /// - Throws: `TileError` naming the first file that is missing or wrong.
    @discardableResult
    public func check(
        root: Digest, _ visit: (_ index: Int, _ entry: [UInt8]) throws -> Void = { _, _ in }
    ) throws -> MemoryHashes {
        let size = tiles.size
        guard (0...StoredHash.sizeLimit).contains(size) else { throw TileError(.size(size)) }
        var hashes = MemoryHashes()
        var index = 0
        while index < size {
            guard let bundle = TileLayout.tile(.entries, n: index / Tile.fullWidth, size: size) else {
                break
            }
            for entry in try tiles.entries(of: bundle) {
                try visit(index, entry)
                hashes.append(leafHash: RFC6962.leafHash(entry))
                index += 1
            }
        }
        let writer = TileWriter(hashes: hashes) { _ in [] }
        for level in 0...7 {
            guard let count = TileLayout.count(.hashes(level: level), size: size), count > 0 else {
                break
            }
            for n in 0...(count - 1) / Tile.fullWidth {
                guard let tile = TileLayout.tile(.hashes(level: level), n: n, size: size) else { continue }
                guard try tiles.hashes(of: tile).flatMap(\.bytes) == writer.bytes(of: tile)
                else { throw TileError(.content(tile)) }
            }
        }
        guard hashes.edge.root == root else { throw TileError(.root) }
        return hashes
    }
}
