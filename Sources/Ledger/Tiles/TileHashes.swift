import Kernel

/// Reads the stored hashes of a log from its tiles.
///
/// The tiles are not checked against a root here: proofs made from them are verified by whoever gets them.
public struct TileHashes: HashReader {
    /// The size of the log that the tiles belong to.
    public let size: Int
    private let read: (_ path: String) throws -> [UInt8]?

    /// - Parameters:
    ///   - size: the size of the log.
    ///   - read: the bytes of a file, or nil if it is not there.
    public init(size: Int, read: @escaping (_ path: String) throws -> [UInt8]?) {
        self.size = size
        self.read = read
    }

    public func readHashes(at indexes: [Int]) throws -> [Digest] {
        guard (0...StoredHash.sizeLimit).contains(size) else { throw TileError(.size(size)) }
        let count = StoredHash.count(forSize: size)
        var tiles: [Tile: [Digest]] = [:]
        return try indexes.map { index in
            guard (0..<count).contains(index) else { throw ProofError(.missingHash(index)) }
            let (level, n) = StoredHash.coordinate(ofIndex: index)
            // A subtree of 2^level leaves is 2^(level mod 8) neighbours in the tile below it.
            let first = n << (level % 8)
            guard
                let tile = TileLayout.tile(.hashes(level: level / 8), n: first / Tile.fullWidth, size: size)
            else { throw ProofError(.missingHash(index)) }
            let hashes = try tiles[tile] ?? hashes(of: tile)
            tiles[tile] = hashes
            let range = (first % Tile.fullWidth)..<(first % Tile.fullWidth + 1 << (level % 8))
            guard range.upperBound <= hashes.count else { throw ProofError(.missingHash(index)) }
            return RFC6962.root(ofComplete: hashes[range])
        }
    }

    /// The hashes of one tile; a full tile serves where the partial one was deleted.
    func hashes(of tile: Tile) throws -> [Digest] {
        let bytes = try bytes(of: tile, elementSize: Digest.byteCount)
        return bytes.withUnsafeBytes { buffer in
            (0..<tile.width).map {
                Digest(loading: UnsafeRawBufferPointer(rebasing: buffer[($0 * Digest.byteCount)...]))
            }
        }
    }

    private func bytes(of tile: Tile, elementSize: Int) throws -> [UInt8] {
        if let bytes = try read(tile.description) {
            guard bytes.count == tile.width * elementSize else { throw TileError(.malformed(tile)) }
            return bytes
        }
        guard !tile.isFull, let bytes = try read(tile.full.description) else {
            throw TileError(.missing(tile))
        }
        guard bytes.count == Tile.fullWidth * elementSize else {
            throw TileError(.malformed(tile.full))
        }
        return bytes
    }

    /// The entries of one bundle; a full bundle serves where the partial one was deleted.
    public func entries(of tile: Tile) throws -> [[UInt8]] {
        if let bytes = try read(tile.description) {
            guard let entries = EntryBundle.decode(bytes), entries.count == tile.width
            else { throw TileError(.malformed(tile)) }
            return entries
        }
        guard !tile.isFull, let bytes = try read(tile.full.description) else {
            throw TileError(.missing(tile))
        }
        guard let entries = EntryBundle.decode(bytes), entries.count == Tile.fullWidth
        else { throw TileError(.malformed(tile.full)) }
        return Array(entries.prefix(tile.width))
    }
}

extension RFC6962 {
    /// The root of a complete subtree from its 2^k leaves or nodes of one level.
    static func root(ofComplete hashes: ArraySlice<Digest>) -> Digest {
        var level = Array(hashes)
        while level.count > 1 {
            level = stride(from: 0, to: level.count - 1, by: 2).map { nodeHash(level[$0], level[$0 + 1]) }
        }
        return level.first ?? emptyRoot
    }
}
