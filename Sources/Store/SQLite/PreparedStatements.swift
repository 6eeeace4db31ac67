import GRDB
import Synchronization

/// Keeps what readers have prepared within a bound.
///
/// Filters and words are made into SQL piece by piece, so there is no end of different statements; GRDB keeps each that
/// was ever prepared, with its connection, for the life of the process, some ten kilobytes for each. The rule: a
/// connection that has prepared more than `bound` lets all of them go before its next read.
final class PreparedStatements: Sendable {
    /// Statements of one connection. What the pages ask with usual filters is about a hundred.
    static let bound = 200

    // By the address of the connection; there are as many as readers.
    private let known = Mutex<[UInt: Set<String>]>([:])

    /// Before a read: lets go of all that the connection has prepared, if it is too much.
    func begin(_ database: Database) {
        guard let handle = database.sqliteConnection else { return }
        let isOver = known.withLock { known in
            let isOver = (known[UInt(bitPattern: handle)]?.count ?? 0) > Self.bound
            if isOver { known[UInt(bitPattern: handle)] = nil }
            return isOver
        }
        if isOver { database.clearSchemaCache() }
    }

    /// A statement is taken from the connection's cache.
    func note(_ sql: String, on handle: OpaquePointer) {
        known.withLock { _ = $0[UInt(bitPattern: handle), default: []].insert(sql) }
    }
}
