import Foundation
import GRDBSQLite
import Synchronization

/// Moves the write-ahead log into the database beside the writing, on a thread and a connection of its own.
///
/// SQLite would do it within a COMMIT, and all who write would wait for the disk. Here the writer does only the last of
/// it, between two groups: SQLite begins the log anew when nothing of it is left to move, and while somebody writes there
/// is always a little left.
///
/// Nothing of durability rests on this. A COMMIT is durable by the sync of the log alone; SQLite moves only what is synced
/// there, and begins the log anew only when the database is synced. If we die anywhere here, the log is still whole.
///
/// Safe because `connection` is touched by this thread alone, and all else is behind mutexes.
final class Checkpointer: @unchecked Sendable {
    private let path: String
    private let settings: LedgerSettings
    private let wishes = Mailbox<Void>()
    private let finished = DispatchSemaphore(value: 0)
    private let state = Mutex(State())
    /// Held while this thread moves pages: SQLite lets only one connection do so, and refuses others.
    private let moving = Mutex<Void>(())
    private var connection: Connection?

    private struct State {
        /// The length of the log at which this thread was last wanted.
        var wanted: Int32 = 0
        var isMoving = false
        /// Whether nearly all was moved, so that the writer can do the last of it.
        var isNearlyDone = false
        var fault: SQLiteFailure?
        var passes = 0
    }

    /// From this length on, in pages of the log, SQLite's own way is gone: the writer moves all within its COMMIT.
    static let limit: Int32 = 20_000

    init(path: String, settings: LedgerSettings) {
        self.path = path
        self.settings = settings
    }

    /// Starts the thread.
    func start() {
        let thread = Thread { [self] in
            while case .items = wishes.take(quietAfter: nil) { pass() }
            if let connection {
                connection.finalizeStatements()
                sqlite3_close_v2(connection.handle)
            }
            connection = nil
            finished.signal()
        }
        thread.name = "ledger checkpointer"
        thread.start()
    }

    /// Takes no more wishes and waits until the thread has ended.
    func close() {
        wishes.close()
        finished.wait()
    }

    /// How often this thread moved pages.
    var passes: Int { state.withLock { $0.passes } }

    // MARK: the writer's thread

    /// Is told by SQLite of every commit of the writer, until `detach`. This must outlive the connection's use.
    func attach(to writer: Connection) {
        sqlite3_wal_hook(
            writer.handle,
            { context, handle, name, frames in
                guard let context, let handle else { return SQLITE_OK }
                if frames >= Checkpointer.limit {
                    // As SQLite does by itself: that somebody else is at it, or reads, is no fault of the commit.
                    _ = sqlite3_wal_checkpoint_v2(handle, name, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
                } else {
                    Unmanaged<Checkpointer>.fromOpaque(context).takeUnretainedValue().note(frames)
                }
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// SQLite tells nobody any more.
    func detach(from writer: Connection) {
        sqlite3_wal_hook(writer.handle, nil, nil)
    }

    private func note(_ frames: Int32) {
        let isWanted = state.withLock { state in
            if frames < state.wanted { state.wanted = 0 }
            // Readers may keep it from moving anything: then it is asked again when there is much more to move.
            let next = max(settings.checkpointFrames, state.wanted + settings.checkpointFrames / 4)
            guard frames >= next, !state.isMoving, !state.isNearlyDone else { return false }
            state.wanted = frames
            state.isMoving = true
            return true
        }
        if isWanted { _ = wishes.put(()) }
    }

    /// Whether the writer should move the last of it now; true once.
    ///
    /// - Throws: what kept this thread from moving, but that somebody else was at it.
    func takeNearlyDone() throws(SQLiteFailure) -> Bool {
        let (isDone, fault) = state.withLock { state in
            defer { (state.isNearlyDone, state.fault) = (false, nil) }
            return (state.isNearlyDone, state.fault)
        }
        if let fault { throw fault }
        return isDone
    }

    /// Does something while this thread moves nothing.
    func paused<T>(_ body: () throws -> T) rethrows -> T {
        try moving.withLock { _ in try body() }
    }

    // MARK: this thread

    private func pass() {
        let fault: SQLiteFailure?
        do throws(SQLiteFailure) {
            try moving.withLock { _ throws(SQLiteFailure) in try move() }
            fault = nil
        } catch {
            fault = error
        }
        state.withLock { state in
            state.isMoving = false
            state.isNearlyDone = fault == nil
            state.fault = fault
            state.passes += 1
        }
    }

    /// Moves what there is, then what came meanwhile, and syncs the database, so that little is left for the writer.
    private func move() throws(SQLiteFailure) {
        let connection = try opened()
        for _ in 0..<2 {
            let code = sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
            guard code == SQLITE_OK || code & 0xFF == SQLITE_BUSY else {
                throw SQLiteFailure(connection.handle, statement: "wal_checkpoint")
            }
        }
        guard settings.syncsEachCommit else { return }
        // Only ahead of time: SQLite syncs the database itself before it gives up the log. Another descriptor of this file
        // must not be closed in this process, which would let go of SQLite's locks; so its own is asked.
        var file: UnsafeMutablePointer<sqlite3_file>?
        let code = sqlite3_file_control(connection.handle, "main", SQLITE_FCNTL_FILE_POINTER, &file)
        guard code == SQLITE_OK, let file, let sync = file.pointee.pMethods?.pointee.xSync else { return }
        let synced = sync(file, SQLITE_SYNC_NORMAL)
        guard synced == SQLITE_OK else {
            throw SQLiteFailure(code: synced, message: "the database cannot be synced", statement: "wal_checkpoint")
        }
    }

    private func opened() throws(SQLiteFailure) -> Connection {
        if let connection { return connection }
        var handle: OpaquePointer?
        let code = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let handle else {
            sqlite3_close_v2(handle)
            throw SQLiteFailure(code: code, message: "the database cannot be opened", statement: "")
        }
        let made = Connection(handle)
        let level = settings.syncsEachCommit ? "FULL" : "OFF"
        for pragma in ["PRAGMA synchronous = \(level)", "PRAGMA schema_version"] {
            let code = sqlite3_exec(handle, pragma, nil, nil, nil)
            guard code == SQLITE_OK else {
                let failure = SQLiteFailure(handle, statement: pragma)
                sqlite3_close_v2(handle)
                throw failure
            }
        }
        connection = made
        return made
    }
}
