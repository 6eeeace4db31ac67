import GRDBSQLite
import Kernel

/// A prepared statement. Columns and parameters are numbered as SQLite does: columns from 0, parameters from 1.
final class Statement {
    private let statement: OpaquePointer
    private let connection: OpaquePointer
    private let sql: String
    private let isOwned: Bool

    // Bound bytes lie here until the statement is reset, so SQLite neither copies nor frees each value by itself.
    private var bound = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    /// Room that is kept for the next use; more is given back at once.
    private static let kept = 16_384

    init(_ sql: String, on connection: OpaquePointer) throws(SQLiteFailure) {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard code == SQLITE_OK, let statement else { throw SQLiteFailure(connection, statement: sql) }
        self.statement = statement
        self.connection = connection
        self.sql = sql
        isOwned = true
    }

    /// A statement that somebody else prepared and will finalize.
    init(borrowing statement: OpaquePointer, _ sql: String, on connection: OpaquePointer) {
        self.statement = statement
        self.connection = connection
        self.sql = sql
        isOwned = false
    }

    deinit {
        if isOwned { sqlite3_finalize(statement) }
        bound.deallocate()
    }

    /// Binds all parameters in order. The values stay bound until `reset`.
    func bind(_ values: [SQLValue]) throws(SQLiteFailure) {
        reserve(values.reduce(1) { $0 + $1.byteCount })
        var place = 0
        var index: Int32 = 0
        for value in values {
            index += 1
            let count = value.byteCount
            let bytes = UnsafeMutableRawBufferPointer(rebasing: bound[place..<place + count])
            place += count
            // The address of an empty value is there too: a null pointer would bind NULL where an empty text is meant.
            let address = bytes.baseAddress ?? bound.baseAddress
            let code: Int32
            switch value {
            case .null: code = sqlite3_bind_null(statement, index)
            case .integer(let value): code = sqlite3_bind_int64(statement, index, value)
            case .text(var text):
                text.withUTF8 { bytes.copyBytes(from: $0) }
                code = sqlite3_bind_text(
                    statement, index, address?.assumingMemoryBound(to: CChar.self), Int32(count), nil)
            case .utf8(let text):
                bytes.copyBytes(from: text)
                code = sqlite3_bind_text(
                    statement, index, address?.assumingMemoryBound(to: CChar.self), Int32(count), nil)
            case .blob(let blob):
                bytes.copyBytes(from: blob)
                code = sqlite3_bind_blob(statement, index, address, Int32(count), nil)
            case .digest(let digest):
                digest.write(to: bytes)
                code = sqlite3_bind_blob(statement, index, address, Int32(count), nil)
            case .words(let high, let low):
                bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
                bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
                code = sqlite3_bind_blob(statement, index, address, Int32(count), nil)
            }
            guard code == SQLITE_OK else { throw SQLiteFailure(connection, statement: sql) }
        }
    }

    /// Makes room for bound bytes. Nothing is bound now: a statement is reset after each use.
    private func reserve(_ count: Int) {
        guard count > bound.count else { return }
        bound.deallocate()
        bound = .allocate(byteCount: (count + 255) & ~255, alignment: 8)
    }

    /// Moves to the next row.
    ///
    /// - Returns: false when there is none.
    func step() throws(SQLiteFailure) -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw SQLiteFailure(connection, statement: sql)
        }
    }

    /// Makes the statement ready for the next use.
    func reset() {
        sqlite3_reset(statement)
        sqlite3_clear_bindings(statement)
        guard bound.count > Self.kept else { return }
        bound.deallocate()
        bound = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    }

    /// Whether the column holds NULL.
    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

    /// An integer.
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    /// The bytes of a blob or text, valid until the next step.
    @inline(__always)
    func withBytes<R>(_ column: Int32, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        let pointer = sqlite3_column_blob(statement, column)
        return try body(UnsafeRawBufferPointer(start: pointer, count: Int(sqlite3_column_bytes(statement, column))))
    }

    /// A copy of the bytes of a blob or text.
    func bytes(_ column: Int32) -> [UInt8] { withBytes(column) { Array($0) } }

    /// Text; bytes that are no UTF-8 are replaced, so compare `bytes` where that matters.
    func text(_ column: Int32) -> String { withBytes(column) { String(decoding: $0, as: UTF8.self) } }

    /// A copy of the bytes of a blob, or nil for NULL.
    func optionalBytes(_ column: Int32) -> [UInt8]? { isNull(column) ? nil : bytes(column) }

    /// Text, or nil for NULL.
    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    /// A digest; nil unless there are 32 bytes.
    @inline(__always)
    func digest(_ column: Int32) -> Digest? { withBytes(column) { Digest($0) } }

    /// An id; nil unless there are 16 bytes.
    @inline(__always)
    func id<Of>(_ column: Int32) -> Identifier<Of>? {
        withBytes(column) { buffer in
            guard buffer.count == 16 else { return nil }
            return Identifier(
                high: UInt64(bigEndian: buffer.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }

    /// An instant, or nil for NULL.
    func optionalInstant(_ column: Int32) -> Instant? {
        isNull(column) ? nil : Instant(milliseconds: integer(column))
    }
}
