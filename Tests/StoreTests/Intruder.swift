import Foundation
import GRDB

/// Somebody with the file and time: changes rows past every trigger and check, and can take it back.
final class Intruder {
    private let queue: DatabaseQueue

    init(_ path: String) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA ignore_check_constraints = ON") }
        queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.write { db in
            for name in try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE '%never%'")
            {
                try db.execute(sql: "DROP TRIGGER \(name)")
            }
        }
    }

    struct Row {
        /// The row's condition, to find it again after the change.
        let rowid: [DatabaseValue]
        let keys: [String]
        /// Its position, or 0.
        let position: Int64
        let value: DatabaseValue

        /// The value with one byte or one unit changed: first, last and every 61st.
        var changes: [DatabaseValue] {
            switch value.storage {
            case .int64(let number): return [(number + 1000).databaseValue, (number ^ 64).databaseValue]
            case .blob(let data): return Row.flips(Array(data)).map { Data($0).databaseValue }
            case .string(let text):
                return Row.flips(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self).databaseValue }
            default: return []
            }
        }

        private static func flips(_ bytes: [UInt8]) -> [[UInt8]] {
            var places = Set(stride(from: 0, to: bytes.count, by: 61))
            places.insert(bytes.count - 1)
            return places.sorted().filter { $0 >= 0 }.map { place in
                var changed = bytes
                changed[place] ^= 1
                return changed
            }
        }
    }

    func rows(of table: String, key: String, column: String) throws -> [Row] {
        let keys = key.split(separator: ", ").map { String($0) }
        return try queue.read { db in
            try GRDB.Row.fetchAll(db, sql: "SELECT \(key), \(column) AS changed FROM \(table)").map { row in
                let position: Int64 = keys[0] == "position" ? row["position"] : 0
                return Row(
                    rowid: keys.map { row[$0] as DatabaseValue }, keys: keys, position: position,
                    value: row["changed"] as DatabaseValue)
            }
        }
    }

    /// Changes one value; gives back what undoes it.
    func change(_ table: String, _ column: String, _ row: Row, to value: DatabaseValue) throws -> () throws -> Void {
        func set(_ value: DatabaseValue, where keys: [DatabaseValue]) throws {
            try queue.write { db in
                let condition = row.keys.map { "\($0) = ?" }.joined(separator: " AND ")
                try db.execute(
                    sql: "UPDATE \(table) SET \(column) = ? WHERE \(condition)",
                    arguments: StatementArguments([value] + keys))
                guard db.changesCount == 1 else { throw CocoaError(.fileNoSuchFile) }
            }
        }
        try set(value, where: row.rowid)
        let after = zip(row.keys, row.rowid).map { $0 == column ? value : $1 }
        return { try set(row.value, where: after) }
    }

    func count(_ table: String) throws -> Int {
        try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? 0 }
    }

    /// Removes one row; gives back what undoes it.
    func remove(_ table: String, _ offset: Int) throws -> () throws -> Void {
        let keep = "kept_\(table)"
        let columns = try queue.read { db in
            try String.fetchAll(db, sql: "SELECT name FROM pragma_table_info('\(table)')")
        }
        let list = columns.joined(separator: ", ")
        try queue.write { db in
            try db.execute(sql: "CREATE TABLE \(keep) AS SELECT \(list) FROM \(table) LIMIT 1 OFFSET \(offset)")
            let condition = columns.map { "\($0) IS (SELECT \($0) FROM \(keep))" }.joined(separator: " AND ")
            try db.execute(sql: "DELETE FROM \(table) WHERE \(condition)")
            guard db.changesCount == 1 else { throw CocoaError(.fileNoSuchFile) }
        }
        return { [queue] in
            try queue.write { db in
                try db.execute(sql: "INSERT INTO \(table) (\(list)) SELECT \(list) FROM \(keep)")
                try db.execute(sql: "DROP TABLE \(keep)")
            }
        }
    }
}
