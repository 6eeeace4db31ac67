import Application
import Kernel
import Ledger

/// Reads what was just written out of the database and computes everything anew, before anything is signed.
///
/// A log that signs what it holds in memory signs its own mistakes: what counts is what later readers will find.
struct ReadBack {
    let connection: Connection
    let log: Int

    /// Checks one stored entry against the commitment that was meant.
    ///
    /// - Throws: `StoreError.damaged` when the stored bytes do not lead to it.
    func check(index: Int64, commitment: Digest) throws {
        let stored = try connection.first(
            "SELECT thread, seq, prev, commitment, salt, skeleton FROM entry WHERE position = ?",
            .position(log, index),
            row: { row -> (Leaf, Digest)? in
                guard let thread: ThreadTag = row.id(0), let prev = row.digest(2), let commitment = row.digest(3),
                    let salt = row.digest(4)
                else { return nil }
                let leaf = Leaf(thread: thread, seq: Int(row.integer(1)), prev: prev, commitment: commitment)
                return (leaf, row.withBytes(5) { Commitment.entry(skeleton: $0, salt: Salt(salt)) })
            })
        guard let stored, let (leaf, computed) = stored, computed == commitment, leaf.commitment == commitment else {
            throw StoreError.damaged("entry \(index) reads back otherwise than it was written")
        }
        let number = Int64(StoredHash.index(level: 0, n: Int(index)))
        let hash = try connection.first(
            "SELECT hash FROM node WHERE position = ?", .position(log, number), row: { $0.digest(0) })
        guard hash == RFC6962.leafHash(leaf.bytes) else {
            throw StoreError.damaged("the leaf hash of entry \(index) reads back otherwise than it was written")
        }
    }

    /// Checks the stored openings of one entry against the commitments of its skeleton.
    func check(openings fields: [FieldCommitment], index: Int64) throws {
        let stored = try connection.all(
            "SELECT name, salt, value FROM opening WHERE position = ? ORDER BY name", .position(log, index),
            row: { row -> FieldCommitment? in
                guard let salt = row.digest(1) else { return nil }
                return FieldCommitment(
                    name: row.text(0), commitment: row.withBytes(2) { Commitment.field($0, salt: Salt(salt)) })
            })
        guard stored.elementsEqual(fields, by: { $0 == $1 }) else {
            throw StoreError.damaged("the openings of entry \(index) read back otherwise than they were written")
        }
    }

    /// The root of the tree of `size` leaves from the hashes of its edge as they are stored.
    func root(size: Int) throws -> Digest {
        try RightEdge(size: size, reader: NodeReader(connection: connection, log: log)).root
    }
}
