import CLinux
import GRDB
import GRDBSQLite

/// Opens a database so that a commit that was answered is on disk.
enum DurablePool {
    /// - Throws: `LedgerStartError.notDurable` if SQLite does not say that each commit is synced.
    static func open(_ path: String, _ settings: LedgerSettings) throws -> DatabasePool {
        _ = sqliteIsSet
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = settings.readers
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA cache_size = -\(settings.readerCache)")
        }
        let pool = try DatabasePool(path: path, configuration: configuration)
        // GRDB sets synchronous to NORMAL when it sets up the write-ahead log, after `prepareDatabase`: commits would
        // then not be synced at all. So it is set here, and read back.
        let level = try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = \(settings.syncsEachCommit ? "FULL" : "OFF")")
            // Savepoints keep their pages in memory; deleted values are overwritten. Who writes without a sequencer moves
            // the write-ahead log within a COMMIT; a sequencer moves it when it is quiet, and beside itself (Checkpointer).
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
            try db.execute(sql: "PRAGMA secure_delete = ON")
            try db.execute(sql: "PRAGMA cache_size = -\(settings.writerCache)")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 20000")
            return try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1
        }
        guard level == 2 || !settings.syncsEachCommit else { throw LedgerStartError.notDurable(level) }
        return pool
    }

    /// SQLite as it is used in this process, set before its first database is opened. Where something else was earlier
    /// (a test), it stays as it was: only slower.
    private static let sqliteIsSet = liuhen_sqlite_counts_no_memory() == SQLITE_OK

    /// Moves the write-ahead log into the database, so that the one file is whole, and closes it.
    ///
    /// A failure loses nothing: the write-ahead log stays and is read at the next start.
    static func close(_ pool: DatabasePool) {
        _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        try? pool.close()
    }

    /// The writer's connection. It lives as long as the pool.
    static func writer(of pool: DatabasePool) throws -> Connection {
        try pool.writeWithoutTransaction { db in
            guard let handle = db.sqliteConnection else {
                throw SQLiteFailure(code: SQLITE_MISUSE, message: "connection is closed", statement: "")
            }
            return Connection(handle)
        }
    }
}
