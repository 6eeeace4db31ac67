import Application
import GRDB
import GRDBSQLite
import Kernel
import Ledger
import Testing

@testable import Store

@Suite("What readers have prepared", .serialized)
struct PreparedStatementsTests {
    @Test("however many different statements are asked, a connection keeps no more than the bound, and answers go on")
    func bounded() async throws {
        let fixture = try Fixture.made { $0.readers = 1 }
        var most = 0
        for number in 0..<3 * PreparedStatements.bound {
            let answer = try await fixture.ledger.read { try $0.first("SELECT \(number)", row: { $0.integer(0) }) }
            #expect(answer == Int64(number))
            most = max(most, try await prepared(fixture))
        }
        // What GRDB prepares for itself comes on top.
        #expect((PreparedStatements.bound...PreparedStatements.bound + 10).contains(most), "\(most)")
    }

    @Test("the same statement is prepared once")
    func once() async throws {
        let fixture = try Fixture.made { $0.readers = 1 }
        _ = try await fixture.ledger.read { try $0.first("SELECT 1", row: { $0.integer(0) }) }
        let before = try await prepared(fixture)
        for _ in 0..<2 * PreparedStatements.bound {
            _ = try await fixture.ledger.read { try $0.first("SELECT 1", row: { $0.integer(0) }) }
        }
        #expect(try await prepared(fixture) == before)
    }

    /// How many statements the one reading connection holds.
    private func prepared(_ fixture: Fixture) async throws -> Int {
        try await fixture.ledger.pool.read { db in
            var count = 0
            var statement = sqlite3_next_stmt(db.sqliteConnection, nil)
            while let some = statement {
                count += 1
                statement = sqlite3_next_stmt(db.sqliteConnection, some)
            }
            return count
        }
    }
}

@Suite("Page caches", .serialized)
struct PageCacheTests {
    @Test("the writer's and each reader's cache have the sizes of the settings, which do not depend on what is stored")
    func sizes() async throws {
        let fixture = try Fixture.made {
            $0.readers = 2
            $0.readerCache = 512
            $0.writerCache = 768
        }
        let written = try await fixture.ledger.pool.writeWithoutTransaction {
            try Int.fetchOne($0, sql: "PRAGMA cache_size")
        }
        #expect(written == -768)
        for _ in 0..<4 {
            #expect(try await fixture.ledger.pool.read { try Int.fetchOne($0, sql: "PRAGMA cache_size") } == -512)
        }
    }

    @Test("a writer whose cache is far smaller than a group writes the group all the same, and keeps to its bound")
    func smallerThanAGroup() async throws {
        let fixture = try Fixture.made { $0.writerCache = 256 }
        let thread = fixture.tag()
        var requests: [AppendRequest] = []
        for _ in 0..<100 {
            let command = fixture.command()
            let values = [FieldValue("reason", .string(String(repeating: "长", count: 8000)), .internal)]
            requests.append(
                AppendRequest(
                    command: command, entries: [try fixture.entry(thread, command: command, values: values)]))
        }
        for outcome in try await fixture.ledger.append(together: requests) { _ = try outcome.get() }
        #expect(try await fixture.ledger.entries(of: thread, from: 1).count == 100)
        let used = try await fixture.ledger.pool.writeWithoutTransaction { db in
            var (used, most) = (Int32(0), Int32(0))
            sqlite3_db_status(db.sqliteConnection, SQLITE_DBSTATUS_CACHE_USED, &used, &most, 0)
            return Int(used)
        }
        // Some hundred bytes beside each page are no part of the bound.
        #expect(used < 2 * 256 * 1024, "\(used)")
    }
}
