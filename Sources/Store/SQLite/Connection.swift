import GRDB
import GRDBSQLite

/// One SQLite connection with its prepared statements: rows as bytes, without a layer that copies them twice.
///
/// It borrows the connection: whoever owns that must outlive this. One thread at a time.
final class Connection {
    let handle: OpaquePointer
    private let database: Database?
    /// Is told of every statement; see `ReadTrace`.
    var heard: (@Sendable (String) -> Void)?
    private var statements: [Key: Statement] = [:]

    /// A statement's text. Texts are hundreds of bytes long and looked up twenty times for each entry: some bytes of them
    /// tell them apart well enough for a hash, and equal texts are mostly the same literal.
    private struct Key: Hashable {
        let sql: String

        func hash(into hasher: inout Hasher) {
            var sample: UInt64 = 0
            for byte in sql.utf8.suffix(8) { sample = sample << 8 | UInt64(byte) }
            hasher.combine(sql.utf8.count)
            hasher.combine(sample)
        }
    }

    /// As many statements are kept; beyond it those of unusual filters would gather for ever.
    private static let kept = 500

    /// A connection for as long as it is open; statements are kept here.
    init(_ handle: OpaquePointer) {
        self.handle = handle
        database = nil
        heard = nil
    }

    /// A reader's connection within one read; its statements are kept for the next read.
    ///
    /// - Parameter heard: is told of every statement.
    init(_ database: Database, heard: (@Sendable (String) -> Void)? = nil) throws {
        guard let handle = database.sqliteConnection else {
            throw SQLiteFailure(code: SQLITE_MISUSE, message: "connection is closed", statement: "")
        }
        self.handle = handle
        self.database = database
        self.heard = heard
    }

    /// A prepared statement, ready to bind.
    func statement(_ sql: String) throws -> Statement {
        heard?(sql)
        if let statement = statements[Key(sql: sql)] { return statement }
        if statements.count >= Self.kept { statements = [:] }
        let statement =
            if let database {
                Statement(borrowing: try database.cachedStatement(sql: sql).sqliteStatement, sql, on: handle)
            } else {
                try Statement(sql, on: handle)
            }
        statements[Key(sql: sql)] = statement
        return statement
    }

    /// How many statements are kept.
    var statementCount: Int { statements.count }

    /// Lets go of all statements, so that the owner can close the connection.
    func finalizeStatements() {
        statements = [:]
    }

    /// Runs a statement that gives no rows.
    func run(_ sql: String, _ values: SQLValue...) throws {
        try run(sql, values)
    }

    /// Runs a statement that gives no rows.
    func run(_ sql: String, _ values: [SQLValue]) throws {
        let statement = try statement(sql)
        defer { statement.reset() }
        try statement.bind(values)
        while try statement.step() {}
    }

    /// Every row of a query, read by `row`.
    func all<T>(_ sql: String, _ values: SQLValue..., row: (Statement) throws -> T) throws -> [T] {
        try all(sql, values, row: row)
    }

    /// Every row of a query, read by `row`.
    func all<T>(_ sql: String, _ values: [SQLValue], row: (Statement) throws -> T) throws -> [T] {
        let statement = try statement(sql)
        defer { statement.reset() }
        try statement.bind(values)
        var result: [T] = []
        while try statement.step() { result.append(try row(statement)) }
        return result
    }

    /// The first row of a query; nil if there is none.
    func first<T>(_ sql: String, _ values: SQLValue..., row: (Statement) throws -> T) throws -> T? {
        let statement = try statement(sql)
        defer { statement.reset() }
        try statement.bind(values)
        return try statement.step() ? try row(statement) : nil
    }

    /// How many rows the last statement changed itself, those of its triggers apart.
    var changes: Int { Int(sqlite3_changes(handle)) }

    /// The row id of the last insert.
    var lastRowID: Int64 { sqlite3_last_insert_rowid(handle) }
}
