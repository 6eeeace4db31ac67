import GRDBSQLite
import Synchronization

/// The reading connections of one database: one for each reading thread, opened when that thread first reads it, with its
/// prepared statements.
///
/// Each read sees the database as it was at its beginning (`BEGIN`), whatever is written meanwhile.
final class Readers: Sendable {
    private let slots: [Slot]

    /// - Parameter cache: page cache of each connection, in KiB.
    init(path: String, cache: Int) {
        slots = (0..<ReadingThreads.shared.count).map { _ in Slot(path: path, cache: cache) }
    }

    /// Reads on a reading thread: on this one if it is one, else on the first that is free.
    ///
    /// - Parameter heard: is told of every statement.
    func read<T: Sendable>(
        heard: (@Sendable (String) -> Void)? = nil, _ body: @escaping @Sendable (Connection) throws -> T
    ) async throws -> T {
        let threads = ReadingThreads.shared
        if let place = threads.current { return try slots[place].read(heard, body) }
        return try await withCheckedThrowingContinuation { continuation in
            threads.call { [self] in
                continuation.resume(with: Result { try slots[threads.current ?? 0].read(heard, body) })
            }
        }
    }

    /// Closes the connections, each when its read is over; later reads fail. Blocks for as long.
    func close() {
        for slot in slots { slot.close() }
    }

    /// The connection of one thread.
    ///
    /// Safe because `connection` and `isClosed` are only touched with `lock` held.
    private final class Slot: @unchecked Sendable {
        private let path: String
        private let cache: Int
        private let lock = Mutex<Void>(())
        private var connection: Connection?
        private var isClosed = false

        init(path: String, cache: Int) {
            self.path = path
            self.cache = cache
        }

        deinit {
            close()
        }

        func read<T>(
            _ heard: (@Sendable (String) -> Void)?, _ body: (Connection) throws -> T
        ) throws -> T {
            try lock.withLock { _ in
                let connection = try opened()
                try connection.run("BEGIN")
                connection.heard = heard
                defer {
                    connection.heard = nil
                    // Nothing was written: whatever ends the transaction is as good.
                    if (try? connection.run("COMMIT")) == nil { _ = try? connection.run("ROLLBACK") }
                }
                return try body(connection)
            }
        }

        private func opened() throws -> Connection {
            if let connection { return connection }
            guard !isClosed else {
                throw SQLiteFailure(code: SQLITE_MISUSE, message: "connection is closed", statement: "")
            }
            var handle: OpaquePointer?
            // One thread at a time uses it: SQLite need not look for itself.
            let code = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nil)
            guard code == SQLITE_OK, let handle else {
                sqlite3_close_v2(handle)
                throw SQLiteFailure(code: code, message: "the database cannot be opened", statement: "")
            }
            sqlite3_busy_timeout(handle, 10_000)
            let made = Connection(handle)
            do {
                try made.run("PRAGMA cache_size = -\(cache)")
                try made.run("PRAGMA temp_store = MEMORY")
            } catch {
                made.finalizeStatements()
                sqlite3_close_v2(handle)
                throw error
            }
            connection = made
            return made
        }

        func close() {
            lock.withLock { _ in
                isClosed = true
                guard let connection else { return }
                connection.finalizeStatements()
                sqlite3_close_v2(connection.handle)
                self.connection = nil
            }
        }
    }
}
