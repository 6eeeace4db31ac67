import Application
import Casework
import GRDBSQLite
import Kernel
import Ledger

extension LedgerDatabase {
    /// Destroys openings that a disposal (销毁) names, and leaves no copy of them in this file or beside it.
    ///
    /// Openings go, and with them every row that was computed from them, the search index, deleted cells, free pages and
    /// the write-ahead log. What the caller has to see to is elsewhere: object keys, drafts, previews, backups.
    ///
    /// - Parameters:
    ///   - authority: the entry of the disposal, in the open log. It names each entry with the role `destroys`.
    ///   - rows: the rows of every thread concerned, computed without the openings; they replace all rows it has.
    /// - Returns: how many openings were deleted. A call that was cut off is repeated: what is gone already is no error.
    /// - Throws: `StoreError.failed` where the authority names none; `StoreError.stopped`.
    @discardableResult
    public func erase(
        by authority: Int64, rows: [ThreadTag: [ProjectionRow]]
    ) async throws(StoreError) -> Int {
        let log = log
        let named = try await read { connection in
            try Erasure.positions(named: authority, log: log, on: connection)
        }
        guard !named.isEmpty else {
            throw .failed("entry \(authority) destroys nothing: there is no authority to delete openings")
        }
        let erasure = Erasure(positions: named, rows: rows)
        let count = try await read { try erasure.openings(on: $0) }
        try await sequencer.maintain { connection in
            try erasure.delete(on: connection)
            // If we die here the values are out of reach of every query. Their bytes are still in the write-ahead log
            // and perhaps in the index; the next call, or the repetition of this one, removes them.
            try SearchIndex(connection: connection).rebuild()
            try Erasure.settle(connection)
        }
        return count
    }
}

/// One deletion.
struct Erasure: Sendable {
    let positions: [Int64]
    let rows: [ThreadTag: [ProjectionRow]]

    /// The positions of the entries that an entry destroys.
    static func positions(named authority: Int64, log: Int, on connection: Connection) throws -> [Int64] {
        guard let entry = try EntryReader(connection: connection).entries(of: log, from: authority, limit: 1).first,
            entry.index == authority
        else { return [] }
        return try entry.entry.skeleton.content.references.filter { $0.role == Disposals.role }.compactMap {
            reference in
            try connection.first(
                "SELECT position FROM entry WHERE thread = ? AND seq = ? AND commitment = ?", .id(reference.thread),
                .integer(Int64(reference.seq)), .digest(reference.commitment), row: { $0.integer(0) })
        }
    }

    func openings(on connection: Connection) throws -> Int {
        try positions.reduce(0) { sum, position in
            sum
                + Int(
                    try connection.first(
                        "SELECT count(*) FROM opening WHERE position = ?", .integer(position), row: { $0.integer(0) })
                        ?? 0)
        }
    }

    func delete(on connection: Connection) throws {
        try connection.run("BEGIN IMMEDIATE")
        for position in positions { try connection.run("DELETE FROM opening WHERE position = ?", .integer(position)) }
        let writer = ProjectionWriter(connection: connection)
        for (thread, rows) in rows {
            try writer.purge(thread)
            for row in rows {
                guard row.key.owner == thread else {
                    throw StoreError.failed("thread \(thread) was given a row of \(row.key.owner)")
                }
                try writer.put(row)
            }
        }
        try connection.run("COMMIT")
    }

    /// Merges what the index keeps of deleted text, and moves the write-ahead log into the file and empties it.
    /// `secure_delete` has zeroed deleted cells and freed pages.
    static func settle(_ connection: Connection) throws {
        for table in ["case_text", "subject_text"] {
            try connection.run("INSERT INTO \(table) (\(table)) VALUES ('optimize')")
        }
        let code = sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
        guard code == SQLITE_OK else { throw SQLiteFailure(connection.handle, statement: "wal_checkpoint(TRUNCATE)") }
    }
}
