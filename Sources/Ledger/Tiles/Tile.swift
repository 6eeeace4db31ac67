import Kernel

/// One file of a log's tree as c2sp.org/tlog-tiles cuts it: a tile of hashes or a bundle of entries.
public struct Tile: Hashable, Sendable {
    /// What the file holds.
    public enum Kind: Hashable, Sendable {
        /// Hashes at `level`, 0 to 63: each stands for a subtree of 256^level leaves.
        case hashes(level: Int)
        /// The entries themselves.
        case entries
    }

    /// What the file holds.
    public let kind: Kind
    /// The position among the tiles of its level, from 0.
    public let n: Int
    /// How many hashes or entries it holds: 256 when full, else 1 to 255.
    public let width: Int

    /// The number of hashes or entries in a full tile.
    public static let fullWidth = 256
    /// Six groups of three digits: no larger position can be written.
    static let nLimit = 1_000_000_000_000_000_000

    /// Nil for a level, position or width that no path can name.
    public init?(_ kind: Kind, n: Int, width: Int = fullWidth) {
        if case .hashes(let level) = kind, !(0...63).contains(level) { return nil }
        guard (0..<Tile.nLimit).contains(n), (1...Tile.fullWidth).contains(width) else { return nil }
        self.init(unchecked: kind, n: n, width: width)
    }

    init(unchecked kind: Kind, n: Int, width: Int) {
        self.kind = kind
        self.n = n
        self.width = width
    }

    /// Whether the tile is full and will never change.
    public var isFull: Bool { width == Tile.fullWidth }

    /// The full tile in the same place.
    public var full: Tile { Tile(unchecked: kind, n: n, width: Tile.fullWidth) }

    /// The positions, at the tile's level, of what it holds.
    public var positions: Range<Int> { (n * Tile.fullWidth)..<(n * Tile.fullWidth + width) }
}

extension Tile: LosslessStringConvertible {
    /// `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`, with N in groups of three digits: `x001/x234/067`.
    public var description: String {
        var groups = [Decimal.padded(n % 1000, to: 3)]
        var rest = n / 1000
        while rest > 0 {
            groups.append("x" + Decimal.padded(rest % 1000, to: 3))
            rest /= 1000
        }
        let place =
            switch kind {
            case .hashes(let level): String(level)
            case .entries: "entries"
            }
        return "tile/\(place)/" + groups.reversed().joined(separator: "/")
            + (isFull ? "" : ".p/\(width)")
    }

    /// Reads a path; nil for any other spelling.
    public init?(_ description: String) {
        let parts = Array(description.utf8).split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[0].elementsEqual("tile".utf8) else { return nil }
        let kind: Kind
        if parts[1].elementsEqual("entries".utf8) {
            kind = .entries
        } else {
            guard let level = Decimal.strict(parts[1]) else { return nil }
            kind = .hashes(level: level)
        }
        var groups = parts[2...]
        var width = Tile.fullWidth
        if groups.count >= 2, let last = groups.dropLast().last, last.suffix(2).elementsEqual(".p".utf8) {
            guard let partial = groups.popLast().flatMap({ Decimal.strict($0) }), partial < Tile.fullWidth
            else { return nil }
            width = partial
            groups[groups.endIndex - 1] = last.dropLast(2)
        }
        var n = 0
        for (position, group) in zip(groups.indices, groups) {
            let isLast = position == groups.endIndex - 1
            let digits = isLast ? group : group.dropFirst()
            guard isLast || group.first == UInt8(ascii: "x"), digits.count == 3,
                let value = Decimal.digits(digits),
                n < Tile.nLimit / 1000
            else { return nil }
            n = n * 1000 + value
        }
        // One number has one spelling: no leading group of zeros.
        guard groups.count == 1 || !groups[groups.startIndex].elementsEqual("x000".utf8) else {
            return nil
        }
        self.init(kind, n: n, width: width)
    }
}
