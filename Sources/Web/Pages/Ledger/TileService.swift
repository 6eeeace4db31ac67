import Application
import Kernel
import Ledger

/// Serves the log as tiles (c2sp.org/tlog-tiles) out of its leaves.
///
/// Bundles and the lowest level are made from at most 256 leaves. The roots of full tiles, which the upper levels are
/// made of, are kept: 32 bytes for 256 leaves. They are computed once after a start, and then as the log grows.
actor TileService {
    private let store: any LedgerStore
    private let log: Int
    /// Roots of full tiles: `roots[0]` of 256 leaves each, `roots[1]` of 65,536 each, and so on.
    private var roots: [[Digest]] = []

    /// Tiles of one of a bureau's logs.
    init(store: any LedgerStore, log: Int) {
        self.store = store
        self.log = log
    }

    /// The bytes of a tile; nil where the log has not grown so far.
    func bytes(of tile: Tile) async throws -> [UInt8]? {
        let size = Int(try await store.logs().first { $0.number == log }?.head.size ?? 0)
        switch tile.kind {
        case .entries:
            guard tile.positions.upperBound <= size else { return nil }
            return try EntryBundle.encode(try await leaves(tile.positions).map(\.bytes))
        case .hashes(let level):
            guard level < 8, tile.positions.upperBound <= size >> (8 * level) else { return nil }
            let hashes =
                level == 0 ? try await leafHashes(tile.positions) : try await roots(level, tile.positions, size)
            return hashes.flatMap(\.bytes)
        }
    }

    private func leaves(_ range: Range<Int>) async throws -> [Leaf] {
        let found = try await store.leaves(from: Int64(range.lowerBound), limit: range.count, log: log)
        guard found.count == range.count else { throw WebRefusal.broken("the store gave too few leaves of \(range)") }
        return found
    }

    private func leafHashes(_ range: Range<Int>) async throws -> [Digest] {
        try await leaves(range).map { RFC6962.leafHash($0.bytes) }
    }

    /// Extends what is kept up to `size`, then reads it. Between two awaits another call may have extended it as well,
    /// so each round looks anew where it stands.
    private func roots(_ level: Int, _ range: Range<Int>, _ size: Int) async throws -> [Digest] {
        if roots.isEmpty { roots.append([]) }
        while roots[0].count < size / Tile.fullWidth {
            let next = roots[0].count
            let root = Self.root(try await leafHashes(next * Tile.fullWidth..<(next + 1) * Tile.fullWidth))
            if roots[0].count == next { roots[0].append(root) }
        }
        for lower in 0..<(level - 1) {
            if roots.count == lower + 1 { roots.append([]) }
            while roots[lower + 1].count < roots[lower].count / Tile.fullWidth {
                let next = roots[lower + 1].count
                roots[lower + 1].append(
                    Self.root(Array(roots[lower][next * Tile.fullWidth..<(next + 1) * Tile.fullWidth])))
            }
        }
        return Array(roots[level - 1][range])
    }

    /// The root of the subtree over a full tile's hashes: it is a perfect tree, so leaves and nodes join alike.
    private static func root(_ hashes: [Digest]) -> Digest {
        var edge = RightEdge()
        for hash in hashes { edge.append(hash) }
        return edge.root
    }
}

/// The tile services of one bureau's logs, each made when it is first asked for.
actor TileServices {
    private let store: any LedgerStore
    private var services: [Int: TileService] = [:]

    /// Tiles of one bureau.
    init(store: any LedgerStore) {
        self.store = store
    }

    /// The service of a log.
    func service(of log: Int) -> TileService {
        if let known = services[log] { return known }
        let service = TileService(store: store, log: log)
        services[log] = service
        return service
    }
}
