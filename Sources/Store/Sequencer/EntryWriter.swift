import Application
import Kernel
import Ledger

/// Puts entries, their openings and the hashes of the tree into the tables. Runs inside the sequencer's transaction.
struct EntryWriter {
    let connection: Connection
    let log: Int

    /// Writes one entry at the end of the log and the hashes that it completes.
    ///
    /// - Parameter hash: the hash of its leaf.
    func append(_ entry: Entry, leaf: Leaf, hash: Digest, to edge: inout RightEdge) throws {
        let content = entry.skeleton.content
        let index = edge.size
        try connection.run(
            """
            INSERT INTO entry (position, thread, seq, prev, commitment, recorded_at, type, salt, skeleton)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .position(log, Int64(index)), .id(content.thread), .integer(Int64(content.seq)), .digest(entry.prev),
            .digest(leaf.commitment), .integer(content.recordedAt.milliseconds), .text(content.type),
            .digest(entry.salt.value), .utf8(entry.skeleton.bytes))
        for opening in entry.openings {
            try connection.run(
                "INSERT INTO opening (position, name, class, salt, value) VALUES (?, ?, ?, ?, ?)",
                .position(log, Int64(index)), .text(opening.name), .text(opening.openingClass.rawValue),
                .digest(opening.salt.value), .utf8(opening.value))
        }
        var stored: [Digest] = []
        edge.append(hash, storingInto: &stored)
        for (offset, hash) in stored.enumerated() {
            try connection.run(
                "INSERT INTO node (position, hash) VALUES (?, ?)",
                .position(log, Int64(StoredHash.index(level: 0, n: index) + offset)), .digest(hash))
        }
    }

    /// A type of entries as a version of the program writes it.
    struct TypeVersion: Hashable {
        let type: String
        let version: Int
    }

    /// Notes that entries of this type stand in the ledger.
    func add(_ type: TypeVersion) throws {
        try connection.run(
            "INSERT OR IGNORE INTO entry_type (type, version) VALUES (?, ?)", .text(type.type),
            .integer(Int64(type.version)))
    }

    /// Moves a thread's head.
    func moveHead(of thread: ThreadTag, kind: String, to head: ThreadHead) throws {
        try connection.run(
            """
            INSERT INTO thread (tag, kind, seq, commitment) VALUES (?, ?, ?, ?)
            ON CONFLICT (tag) DO UPDATE SET seq = excluded.seq, commitment = excluded.commitment
            """,
            .id(thread), .text(kind), .integer(Int64(head.seq)), .digest(head.commitment))
    }

    /// Notes that a command was carried out, and with what answer.
    ///
    /// - Parameter digest: SHA-256 of the answer.
    func add(_ command: CommandID, first: Int64, entries: Int, answer: [UInt8], digest: Digest) throws {
        try connection.run(
            "INSERT INTO command (id, first, entries, answer, digest) VALUES (?, ?, ?, ?, ?)",
            .id(command), .position(log, first), .integer(Int64(entries)), .utf8(answer),
            .digest(digest))
    }

    /// Adds a signed head. No head is ever taken away.
    func add(_ head: SignedHead) throws {
        try connection.run(
            "INSERT INTO head (position, root, note) VALUES (?, ?, ?)",
            .position(log, head.size), .digest(head.root), .utf8(head.note))
    }
}
