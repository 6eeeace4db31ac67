import Application
import GRDB
import GRDBSQLite

/// What SQLite answered when it did not do what it was asked.
struct SQLiteFailure: Error, Hashable, CustomStringConvertible {
    /// The extended result code.
    let code: Int32
    /// SQLite's message, English.
    let message: String
    /// The statement, without values.
    let statement: String

    init(code: Int32, message: String, statement: String) {
        self.code = code
        self.message = message
        self.statement = statement
    }

    /// The failure that `connection` has just reported.
    init(_ connection: OpaquePointer, statement: String) {
        code = sqlite3_extended_errcode(connection)
        message = String(cString: sqlite3_errmsg(connection))
        self.statement = statement
    }

    /// The code without its extension.
    var primaryCode: Int32 { code & 0xFF }

    var description: String { "SQLite \(code): \(message) in \(statement)" }
}

extension SQLiteFailure {
    /// The failure inside any error of GRDB or of ours; nil for other errors.
    init?(_ error: any Error) {
        if let failure = error as? SQLiteFailure {
            self = failure
        } else if let failure = error as? DatabaseError {
            self.init(
                code: failure.extendedResultCode.rawValue, message: failure.message ?? "", statement: failure.sql ?? "")
        } else {
            return nil
        }
    }

    /// Whether nothing on this disk can be trusted to be written any more: I/O errors (with fsync among them), a full
    /// disk, a damaged file, a file that can no longer be written or opened.
    var stopsRecording: Bool {
        [SQLITE_IOERR, SQLITE_FULL, SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PROTOCOL]
            .contains(primaryCode)
    }

    /// Whether stored bytes were found damaged.
    var isDamage: Bool { primaryCode == SQLITE_CORRUPT || primaryCode == SQLITE_NOTADB }
}

extension StoreError {
    /// The port's error for whatever went wrong inside a read or a write.
    init(_ error: any Error) {
        if let error = error as? StoreError {
            self = error
        } else if let failure = SQLiteFailure(error) {
            self = failure.isDamage ? .damaged(failure.description) : .failed(failure.description)
        } else {
            self = .failed(String(describing: error))
        }
    }
}
