import Application
import Foundation
import GRDB
import Glibc
import Kernel
import Ledger

/// Writes a log as files that independent tools read (c2sp.org/tlog-tiles): `checkpoint`, `tile/…`, `tile/entries/…`,
/// and beside them `key`, the log's verifier key.
///
/// What is written is the newest signed head at the beginning; the server may go on writing. The checkpoint is written
/// last, so that whoever sees it finds every tile that it needs. Full tiles that are there already are left alone, so a
/// later export into the same directory writes only what is new. Leaves hold random tags and hashes, nothing else.
///
/// The first log stands in the directory itself, later ones in `log-2`, `log-3` … in it, each readable alone; beside their
/// keys lies `opened`, their first entry without its openings, which names the end of the log before.
public struct LedgerExport: Sendable {
    /// The ledger's file.
    public var path: String
    /// An export of the ledger at `path`.
    public init(path: String) {
        self.path = path
    }

    /// Writes into `directory`. Blocks; call it from a thread of its own.
    ///
    /// - Returns: the heads that were exported, in the order of the logs.
    /// - Throws: `LedgerExportError` if the directory holds a newer head or one of another history, or a file cannot be
    ///   written; `StoreError.damaged` if the stored hashes do not lead to the signed root.
    public func run(to directory: String) throws -> [LedgerLog] {
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(5)
            return try DatabaseQueue(path: path, configuration: configuration).read { db in
                let connection = try Connection(db)
                return try EntryReader(connection: connection).logs().map { row in
                    let folder = row.number == 1 ? directory : "\(directory)/log-\(row.number)"
                    let head = try write(row, to: folder, from: connection)
                    return LedgerLog(
                        number: row.number, origin: row.origin, verifierKey: row.verifierKey, head: head)
                }
            }
        } catch let error as LedgerExportError {
            throw error
        } catch let error as SystemError {
            throw LedgerExportError(error)
        } catch {
            throw StoreError(error)
        }
    }

    private func write(_ row: LogRow, to directory: String, from connection: Connection) throws -> SignedHead {
        let reader = EntryReader(connection: connection)
        let log = row.number
        guard let head = try reader.head(of: log), let key = VerifierKey(row.verifierKey)
        else { throw StoreError.failed("there is no log \(log)") }
        let hashes = NodeReader(connection: connection, log: log)
        guard try RightEdge(size: Int(head.size), reader: hashes).root == head.root else {
            throw StoreError.damaged("the stored hashes do not lead to the signed root of size \(head.size)")
        }
        let old = try known(in: directory, key: key, head: head, hashes)
        let writer = TileWriter(hashes: hashes) { range in
            try reader.leaves(of: log, from: Int64(range.lowerBound), limit: range.count).map(\.bytes)
        }
        var made: Set<String> = []
        try writer.publish(from: old, to: Int(head.size)) { path, bytes in
            let file = "\(directory)/\(path)"
            let parent = URL(fileURLWithPath: file).deletingLastPathComponent().path
            if made.insert(parent).inserted { try Directory.make(parent, mode: 0o755) }
            try Directory.write(bytes, to: file, mode: 0o644)
        }
        try Directory.make(directory, mode: 0o755)
        // The key is no part of c2sp.org/tlog-tiles; it lets `liuhen-verify` check the signature where nobody gives one.
        try Directory.write(Array("\(key)\n".utf8), to: "\(directory)/\(ExportVerification.keyFile)", mode: 0o644)
        if log > 1 { try write(opening: log, to: directory, reader) }
        try Directory.write(head.note, to: directory + "/checkpoint", mode: 0o644)
        return head
    }

    /// The first entry of a later log. Without it nobody outside could tell that the log follows the one before.
    private func write(opening log: Int, to directory: String, _ reader: EntryReader) throws {
        guard let first = try reader.entries(of: log, from: 0, limit: 1).first?.entry else { return }
        let bare = Entry(unchecked: first.skeleton, salt: first.salt, prev: first.prev, openings: [])
        try Directory.write(
            DossierEntry(log: log, index: 0, entry: bare).bytes, to: "\(directory)/\(ExportVerification.openedFile)",
            mode: 0o644)
    }

    /// The size that the directory holds already; 0 if it is empty.
    private func known(
        in directory: String, key: VerifierKey, head: SignedHead, _ hashes: NodeReader
    ) throws -> Int {
        guard let note = FileManager.default.contents(atPath: directory + "/checkpoint") else { return 0 }
        let checkpoint: Checkpoint
        do throws(NoteError) {
            checkpoint = try VerifiedCheckpoint(note: Array(note), key: key).checkpoint
        } catch {
            throw LedgerExportError.otherLog(directory)
        }
        guard checkpoint.size <= Int(head.size) else {
            throw LedgerExportError.newerThere(directory, there: checkpoint.size, here: head.size)
        }
        guard try RightEdge(size: checkpoint.size, reader: hashes).root == checkpoint.root else {
            throw LedgerExportError.forked(directory, size: checkpoint.size)
        }
        return checkpoint.size
    }
}
