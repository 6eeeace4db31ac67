import Application
import Casework
import Kernel
import Ledger

/// The open log as the database holds it, looked at before anything is written: the end of the log, its newest head,
/// and that the two fit. The whole is for `LedgerVerification`.
struct StoredState {
    let log: Int
    let head: SignedHead
    private let connection: Connection

    /// - Throws: `LedgerStartError` if the end of the log does not fit its head, or the key is not the log's.
    init(_ connection: Connection, key: VerifierKey) throws {
        self.connection = connection
        let reader = EntryReader(connection: connection)
        guard let row = try reader.logs().last else { throw LedgerStartError.damaged("no log") }
        log = row.number
        guard row.verifierKey == key.description else { throw LedgerStartError.wrongKey(expected: row.verifierKey) }
        guard let head = try reader.head(of: row.number) else { throw LedgerStartError.damaged("no signed head") }
        self.head = head
        try StoredState.checkTypes(connection)

        let size = try reader.size(of: row.number)
        guard size == head.size else {
            throw LedgerStartError.damaged("\(size) entries and a signed head of size \(head.size)")
        }
        let checkpoint: Checkpoint
        do {
            checkpoint = try VerifiedCheckpoint(note: head.note, key: key).checkpoint
        } catch {
            throw LedgerStartError.damaged("head \(head.size): \(error)")
        }
        guard checkpoint.size == Int(head.size), checkpoint.root == head.root else {
            throw LedgerStartError.damaged("head \(head.size) and its note differ")
        }
        guard try root(log: row.number, size: head.size) == head.root else {
            throw LedgerStartError.damaged("the hashes of \(head.size) entries do not lead to their signed root")
        }
        if size > 0 {
            guard let last = try reader.leaves(of: row.number, from: size - 1, limit: 1).first else {
                throw LedgerStartError.damaged("entry \(size - 1) is missing")
            }
            try ReadBack(connection: connection, log: row.number).check(index: size - 1, commitment: last.commitment)
        }
    }

    /// The head as the lock file keeps it.
    var locked: LockedHead { LockedHead(log: log, size: head.size, root: head.root, note: head.note) }

    /// Whether the first entry of a later log names a head as the last one known before records were lost.
    func isNamedLost(_ head: LockedHead) throws -> Bool {
        try EntryReader(connection: connection).successions().contains { _, succession in
            succession.previous == LogSuccession.Head(log: head.log, size: Int(head.size), root: head.root)
        }
    }

    /// The root of a log at a size, from stored hashes; nil if they do not reach it.
    func root(log: Int, size: Int64) throws -> Digest? {
        do {
            return try RightEdge(size: Int(size), reader: NodeReader(connection: connection, log: log)).root
        } catch is ProofError {
            return nil
        }
    }

    /// Refuses a ledger with facts that this program does not know: it would show them wrongly or not at all.
    private static func checkTypes(_ connection: Connection) throws {
        let types = try connection.all(
            "SELECT type, version FROM entry_type", row: { (name: $0.text(0), version: Int($0.integer(1))) })
        for type in types {
            guard let known = EntryType(rawValue: type.name), type.version <= known.version else {
                throw LedgerStartError.newerProgram("\(type.name) \(type.version)")
            }
        }
    }
}
