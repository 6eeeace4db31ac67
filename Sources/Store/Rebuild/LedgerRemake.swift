import Application
import Casework
import Foundation
import GRDB
import GRDBSQLite
import Glibc
import Kernel
import Ledger

/// Makes the ledger's file anew out of its entries, where pages of lists and registers in it are damaged (重建账本文件).
///
/// All but the log is a view: the new file gets the logs, entries, openings, hashes, signed heads and answers of the old
/// one, and everything else is computed from them. It is checked whole, and against the lock file, before it takes the
/// old one's place. The old file stays beside it under another name.
public struct LedgerRemake: Sendable {
    private let place: LedgerDatabase.Place
    private let keys: KeyStore?
    private let openLogKey: @Sendable (DatabasePool) throws -> SigningKey

    /// A remake of the ledger at `place`, of which nothing else has the data directory.
    public init(place: LedgerDatabase.Place, keys: KeyStore) {
        self.place = place
        self.keys = keys
        openLogKey = { try LedgerDatabase.openLogKey($0, keys) }
    }

    /// The same with the key at hand.
    init(place: LedgerDatabase.Place, key: SigningKey) {
        self.place = place
        keys = nil
        openLogKey = { _ in key }
    }

    /// What was done.
    public struct Report: Hashable, Sendable {
        /// Records that the new file holds.
        public let entries: Int64
        /// Rows that were computed from them.
        public let rows: Int
        /// Where the old file lies now.
        public let kept: String
    }

    /// Tables of which nothing can be computed: they are copied byte for byte, or the file is given up.
    private static let copied = [
        ("log", "n, origin, vkey, opened", "n"),
        ("entry", "position, thread, seq, prev, commitment, recorded_at, type, salt, skeleton", "position"),
        ("opening", "position, name, class, salt, value", "position, name"),
        ("node", "position, hash", "position"),
        ("head", "position, root, note", "position"),
        ("command", "id, first, entries, answer, digest", "id"),
    ]

    /// Makes the file anew. Blocks for as long as it takes; call it from a thread of its own.
    ///
    /// - Parameter rows: computes rows with the law that the bureau's thread tells.
    /// - Throws: `LedgerStartError.damaged` where what cannot be computed is damaged, or less is left than the lock file
    ///   remembers; nothing was changed then.
    public func run(
        _ rows: ([LoggedEntry]) throws -> Restore.Rows
    ) throws(LedgerStartError) -> Report {
        try LedgerDatabase.translating {
            let holds = try LedgerDatabase.holds(of: place, keys: keys)
            defer { for hold in holds { hold.release() } }
            guard access(place.path, F_OK) == 0 else { throw LedgerStartError.missing(place.path) }
            let made = place.path + ".remade"
            try remove(made)
            do {
                let (entries, count) = try fill(made, rows)
                try check(made)
                let kept = try swap(made)
                // The file bears another name now; what SQLite laid beside the old name is nobody's any more.
                try? remove(made)
                return Report(entries: entries, rows: count, kept: kept)
            } catch {
                try? remove(made)
                throw error
            }
        }
    }

    /// If we die while it is filled, the old file is untouched and the next run begins anew.
    private func fill(
        _ made: String, _ rows: ([LoggedEntry]) throws -> Restore.Rows
    ) throws -> (entries: Int64, rows: Int) {
        let pool = try DurablePool.open(made, LedgerSettings())
        defer { DurablePool.close(pool) }
        try LedgerSchema.migrator().migrate(pool)
        let connection = try DurablePool.writer(of: pool)
        defer { connection.finalizeStatements() }
        return try pool.writeWithoutTransaction { _ in
            // Opened for writing too, so that what its write-ahead log still holds is read and moved into it.
            try connection.run("ATTACH DATABASE ? AS old", .text(place.path))
            do {
                try connection.run("BEGIN IMMEDIATE")
                for (table, columns, order) in Self.copied {
                    try connection.run(
                        "INSERT INTO \(table) (\(columns)) SELECT \(columns) FROM old.\(table) NOT INDEXED ORDER BY \(order)"
                    )
                }
                try deriveHeads(connection)
                let count = try project(connection, rows)
                try connection.run("COMMIT")
                let entries = try connection.first("SELECT count(*) FROM entry", row: { $0.integer(0) }) ?? 0
                connection.finalizeStatements()
                try connection.run("DETACH DATABASE old")
                return (entries, count)
            } catch {
                if sqlite3_get_autocommit(connection.handle) == 0 { try? connection.run("ROLLBACK") }
                throw error
            }
        }
    }

    /// The newest entry of each thread and the types that occur: both follow from the entries.
    private func deriveHeads(_ connection: Connection) throws {
        let writer = EntryWriter(connection: connection, log: 1)
        var kinds: [ThreadTag: String] = [:]
        var heads: [ThreadTag: ThreadHead] = [:]
        var types: Set<EntryWriter.TypeVersion> = []
        let logs = try connection.all("SELECT n FROM log ORDER BY n", row: { Int($0.integer(0)) })
        let reader = EntryReader(connection: connection)
        for log in logs {
            var index: Int64 = 0
            while true {
                let entries = try reader.entries(of: log, from: index, limit: 512)
                for logged in entries {
                    let content = logged.entry.skeleton.content
                    if kinds[content.thread] == nil {
                        kinds[content.thread] = String(
                            decoding: content.type.utf8.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self)
                    }
                    heads[content.thread] = ThreadHead(seq: content.seq, commitment: logged.entry.leaf.commitment)
                    types.insert(.init(type: content.type, version: content.typeVersion))
                }
                index += Int64(entries.count)
                if entries.count < 512 { break }
            }
        }
        for (thread, head) in heads { try writer.moveHead(of: thread, kind: kinds[thread] ?? "", to: head) }
        for type in types { try writer.add(type) }
    }

    private func project(_ connection: Connection, _ rows: ([LoggedEntry]) throws -> Restore.Rows) throws -> Int {
        let entries = EntryReader(connection: connection)
        let threads = try connection.all(
            "SELECT thread FROM entry WHERE seq = 1 ORDER BY position",
            row: { row -> ThreadTag in
                guard let thread: ThreadTag = row.id(0) else { throw StoreError.damaged("a thread without a tag") }
                return thread
            })
        guard let bureau = threads.first else { throw StoreError.damaged("no entry opens the bureau") }
        let compute = try rows(try entries.entries(of: bureau, from: 1))
        let writer = ProjectionWriter(connection: connection)
        var count = 0
        for thread in threads {
            for row in try compute(thread, { try entries.entries(of: $0, from: 1) }) {
                try writer.put(row)
                count += 1
            }
        }
        return count
    }

    /// The new file is whole, and holds what the lock file remembers: else signed heads and entries could be missing
    /// from the end without a trace in the file itself.
    private func check(_ made: String) throws {
        let verdict = try LedgerVerification(path: made).run()
        guard verdict.isUnchanged else {
            throw LedgerStartError.damaged(
                "\(verdict.findingCount) findings, the first: \(verdict.findings.first.map { "\($0)" } ?? "")")
        }
        let problems = try LedgerVerification(path: made).fileProblems()
        guard problems.isEmpty else { throw LedgerStartError.damaged(problems[0]) }
        let pool = try DurablePool.open(made, LedgerSettings())
        defer { DurablePool.close(pool) }
        let key = try openLogKey(pool)
        let connection = try DurablePool.writer(of: pool)
        defer { connection.finalizeStatements() }
        let state = try StoredState(connection, key: key.verifier)
        let verdictOfLock = try StartRule.verdict(
            stored: StoredHead(log: state.log, size: state.head.size, root: state.head.root),
            lock: try LockFile.read(place.lockPath), rootAt: state.root(log:size:), isNamedLost: state.isNamedLost)
        if case .refuse(let error) = verdictOfLock { throw error }
    }

    /// Puts the new file in the place of the old one, which gets a name of its own first. If we die between, both names
    /// are of the old file and the next run begins anew.
    private func swap(_ made: String) throws -> String {
        var number = 1
        while access("\(place.path).damaged-\(number)", F_OK) == 0 { number += 1 }
        let kept = "\(place.path).damaged-\(number)"
        var status = stat()
        guard stat(place.path, &status) == 0 else { throw SystemError(path: place.path, call: "stat") }
        guard chmod(made, status.st_mode & 0o777) == 0 else { throw SystemError(path: made, call: "chmod") }
        try synchronize(made)
        guard link(place.path, kept) == 0 else { throw SystemError(path: kept, call: "link") }
        try Directory.sync(above: place.path)
        // The old file's write-ahead log is in it since it was closed; beside the new file it would be taken for its own.
        var log = stat()
        if stat(place.path + "-wal", &log) == 0, log.st_size > 0 {
            throw LedgerStartError.damaged("the write-ahead log could not be moved into the file")
        }
        for suffix in ["-wal", "-shm"] where unlink(place.path + suffix) != 0 && errno != ENOENT {
            throw SystemError(path: place.path + suffix, call: "unlink")
        }
        guard rename(made, place.path) == 0 else { throw SystemError(path: place.path, call: "rename") }
        try Directory.sync(above: place.path)
        return kept
    }

    private func synchronize(_ path: String) throws {
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError(path: path, call: "open") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw SystemError(path: path, call: "fsync") }
    }

    private func remove(_ path: String) throws {
        for suffix in ["", "-wal", "-shm"] where unlink(path + suffix) != 0 && errno != ENOENT {
            throw SystemError(path: path + suffix, call: "unlink")
        }
    }
}
