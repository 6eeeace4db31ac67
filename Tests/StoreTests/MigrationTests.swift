import Application
import Foundation
import GRDB
import Kernel
import TestKit
import Testing

@testable import Store

@Suite("Ledgers of earlier programs", .serialized)
struct MigrationTests {
    /// Every step of the schema with which a ledger was ever kept; the newest is the control.
    static let versions = LedgerSchema.migrator().migrations.filter { $0 >= "0003" }

    /// The last step that made or changed a table; later ones only had rows made anew.
    static let lastOfTables = "0015 cases by their finding"

    /// What a program writes; all other tables follow from these by triggers, but for the tables of the search.
    private static let written = [
        "log", "entry", "opening", "node", "head", "command", "thread", "entry_type", "person", "subject", "case_file",
        "case_handler", "document", "obligation", "recording", "claim",
    ]

    /// A ledger's file as the program of that version would have left it: its tables, filled through its own triggers.
    private func earlier(_ version: String, of path: String, at old: String) throws {
        let queue = try DatabaseQueue(path: old)
        try LedgerSchema.migrator().migrate(queue, upTo: version)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "ATTACH ? AS newest", arguments: [path])
            for table in Self.written {
                let computed = table == "entry" ? ["log", "idx"] : []
                let names = try String.fetchAll(db, sql: "SELECT name FROM main.pragma_table_info('\(table)')")
                    .filter { !computed.contains($0) }
                let columns = names.map { "\"\($0)\"" }.joined(separator: ", ")
                try db.execute(sql: "INSERT INTO main.\(table) (\(columns)) SELECT \(columns) FROM newest.\(table)")
            }
            // The index of the search has no content to copy; its own tables are what a program leaves.
            let search = try String.fetchAll(
                db,
                sql: """
                    SELECT name FROM main.sqlite_schema
                    WHERE name GLOB 'case_text_*' OR name GLOB 'subject_text_*'
                    """)
            for table in search {
                try db.execute(sql: "DELETE FROM main.\(table)")
                try db.execute(sql: "INSERT INTO main.\(table) SELECT * FROM newest.\(table)")
            }
            try db.execute(sql: "DETACH newest")
        }
        try queue.close()
    }

    /// How many rows each table has, and the statements that made tables, indices and triggers.
    private func shape(_ path: String) throws -> (rows: [String: Int], schema: Set<String>) {
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try queue.read { db in
            let tables = try String.fetchAll(
                db,
                sql:
                    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite*' AND name NOT GLOB '*_text_*'"
            )
            let rows = try tables.map { ($0, try Int.fetchOne(db, sql: "SELECT count(*) FROM \"\($0)\"") ?? 0) }
            let schema = try String.fetchSet(db, sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")
            return (Dictionary(uniqueKeysWithValues: rows), schema)
        }
    }

    @Test(
        "each opens, has the tables of today, verifies, rebuilds without a difference and goes on", arguments: versions)
    func opens(version: String) async throws {
        let tests = RebuildTests()
        let fixture = try await tests.ledger()
        let head = try await fixture.ledger.signedHead()
        fixture.close()
        let newest = try shape(fixture.databasePath)
        let old = fixture.directory.path + "/earlier.sqlite"
        try earlier(version, of: fixture.databasePath, at: old)
        // It is of its time: what came later is not in it.
        let before = try shape(old)
        #expect((before.schema == newest.schema) == (version >= Self.lastOfTables))
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: fixture.databasePath + suffix)
        }
        try FileManager.default.moveItem(atPath: old, toPath: fixture.databasePath)

        try fixture.open()
        #expect(try await fixture.ledger.signedHead() == head)
        let report = try await Rebuild(fixture.ledger).compare(tests.projector)
        #expect(report.isEqual && report.threads == 12 && report.rows == 84, "\(report)")
        fixture.close()
        let after = try shape(fixture.databasePath)
        #expect(after.schema == newest.schema)
        #expect(after.rows == newest.rows)
        let verdict = try LedgerVerification(path: fixture.databasePath).run()
        #expect(verdict.isWhole && verdict.logs.map(\.size) == [head.size], "\(verdict.findings)")
        try fixture.open()
        #expect(try await fixture.append(fixture.tag()).size == head.size + 1)
        fixture.close()
        #expect(try LedgerVerification(path: fixture.databasePath).run().isWhole)
    }
}
