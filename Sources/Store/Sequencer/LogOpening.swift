import Application
import Kernel
import Ledger

/// Begins a log: its row and its signed head of size 0. Runs inside the caller's transaction.
enum LogOpening {
    static func open(number: Int, key: SigningKey, at instant: Instant, on connection: Connection) throws {
        guard let checkpoint = Checkpoint(origin: key.verifier.name, size: 0, root: RFC6962.emptyRoot) else {
            throw StoreError.failed("no log can have the origin \(key.verifier.name)")
        }
        try connection.run(
            "INSERT INTO log (n, origin, vkey, opened) VALUES (?, ?, ?, ?)", .integer(Int64(number)),
            .text(key.verifier.name), .text(key.verifier.description), .instant(instant))
        try EntryWriter(connection: connection, log: number).add(
            SignedHead(size: 0, root: checkpoint.root, note: try checkpoint.signed(by: key)))
    }
}
