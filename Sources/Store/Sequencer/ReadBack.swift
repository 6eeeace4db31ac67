import Application
import Kernel
import Ledger

/// Reads what was just written out of the database and computes everything anew, before anything is signed.
///
/// A log that signs what it holds in memory signs its own mistakes: what counts is what later readers will find. The
/// rows of a group lie together, so they are read in one sweep of each table.
struct ReadBack {
    let connection: Connection
    let log: Int

    /// What one entry must read back as.
    struct Meant {
        let commitment: Digest
        /// In the byte order of their names.
        let fields: [FieldCommitment]
    }

    /// Checks the entries of a group with their openings, and every hash of the tree that they completed.
    ///
    /// - Parameters:
    ///   - entries: what was meant, in order.
    ///   - before: the tree's edge before them.
    ///   - after: the edge that they lead to.
    /// - Throws: `StoreError.damaged` when the stored bytes do not lead there.
    func check(_ entries: [Meant], after before: RightEdge, leadingTo after: RightEdge) throws {
        var edge = before
        var hashes: [Digest] = []
        hashes.reserveCapacity(2 * entries.count + 64)
        for (offset, leaf) in try storedLeaves(from: before.size, entries).enumerated() {
            guard let leaf else { throw StoreError.damaged(unlike(before.size + offset, "entry")) }
            edge.append(RFC6962.leafHash(leaf.bytes), storingInto: &hashes)
        }
        guard edge == after else { throw StoreError.damaged("\(entries.count) entries read back to another tree") }
        try check(openings: entries, from: before.size)
        let first = Int64(StoredHash.index(level: 0, n: before.size))
        let stored = try connection.all(
            "SELECT position, hash FROM node WHERE position BETWEEN ? AND ? ORDER BY position", .position(log, first),
            .position(log, first + Int64(hashes.count) - 1), row: { ($0.integer(0), $0.digest(1)) })
        guard stored.count == hashes.count else { throw StoreError.damaged("hashes of the tree were not stored") }
        for (number, (place, hash)) in stored.enumerated() {
            guard place == Position(log: log, number: first + Int64(number)).value, hash == hashes[number] else {
                throw StoreError.damaged(unlike(Int(first) + number, "hash"))
            }
        }
    }

    /// The leaves of the stored entries from `first` on; nil for one that is not what was meant.
    private func storedLeaves(from first: Int, _ entries: [Meant]) throws -> [Leaf?] {
        var leaves: [Leaf?] = []
        leaves.reserveCapacity(entries.count)
        let rows = try connection.all(
            """
            SELECT position, thread, seq, prev, commitment, salt, skeleton FROM entry
            WHERE position BETWEEN ? AND ? ORDER BY position
            """, .position(log, Int64(first)), .position(log, Int64(first + entries.count - 1)),
            row: { row -> (Int64, Leaf?) in (row.integer(0), Self.leaf(row, from: 1)) })
        guard rows.count == entries.count else { throw StoreError.damaged("entries from \(first) on were not stored") }
        for (offset, (place, leaf)) in rows.enumerated() {
            let due = Position(log: log, number: Int64(first + offset)).value
            leaves.append(place == due && leaf?.commitment == entries[offset].commitment ? leaf : nil)
        }
        return leaves
    }

    /// The leaf of a stored row; nil unless its skeleton and salt lead to the commitment that stands beside them.
    private static func leaf(_ row: Statement, from column: Int32) -> Leaf? {
        guard let thread: ThreadTag = row.id(column), let prev = row.digest(column + 2),
            let commitment = row.digest(column + 3), let salt = row.digest(column + 4),
            commitment == row.withBytes(column + 5, { Commitment.entry(skeleton: $0, salt: Salt(salt)) })
        else { return nil }
        return Leaf(thread: thread, seq: Int(row.integer(column + 1)), prev: prev, commitment: commitment)
    }

    /// Checks one stored entry against the commitment that was meant.
    ///
    /// - Throws: `StoreError.damaged` when the stored bytes do not lead to it.
    func check(index: Int64, commitment: Digest) throws {
        let stored = try connection.first(
            "SELECT thread, seq, prev, commitment, salt, skeleton FROM entry WHERE position = ?",
            .position(log, index), row: { Self.leaf($0, from: 0) })
        guard let stored, let leaf = stored, leaf.commitment == commitment else {
            throw StoreError.damaged(unlike(Int(index), "entry"))
        }
        let number = Int64(StoredHash.index(level: 0, n: Int(index)))
        let hash = try connection.first(
            "SELECT hash FROM node WHERE position = ?", .position(log, number), row: { $0.digest(0) })
        guard hash == RFC6962.leafHash(leaf.bytes) else {
            throw StoreError.damaged(unlike(Int(index), "the leaf hash of entry"))
        }
    }

    /// Checks the stored openings of entries from `first` on against the commitments of their skeletons.
    private func check(openings entries: [Meant], from first: Int) throws {
        var expected = entries.enumerated().lazy.flatMap { offset, entry in
            entry.fields.map { (Position(log: log, number: Int64(first + offset)).value, $0) }
        }.makeIterator()
        let damaged =
            try connection.all(
                "SELECT position, name, salt, value FROM opening WHERE position BETWEEN ? AND ? ORDER BY position, name",
                .position(log, Int64(first)), .position(log, Int64(first + entries.count - 1)),
                row: { row -> Int64? in
                    let place = row.integer(0)
                    guard let (due, field) = expected.next(), due == place, let salt = row.digest(2),
                        row.withBytes(1, { $0.elementsEqual(field.name.utf8) }),
                        row.withBytes(3, { Commitment.field($0, salt: Salt(salt)) }) == field.commitment
                    else { return place }
                    return nil
                }
            ).lazy.compactMap { $0 }.first ?? expected.next()?.0
        guard let damaged else { return }
        throw StoreError.damaged(unlike(Int(Position(value: damaged).number), "the openings of entry"))
    }

    private func unlike(_ index: Int, _ what: String) -> String {
        "\(what) \(index) reads back otherwise than it was written"
    }

    /// The root of the tree of `size` leaves from the hashes of its edge as they are stored.
    func root(size: Int) throws -> Digest {
        try RightEdge(size: size, reader: NodeReader(connection: connection, log: log)).root
    }
}
