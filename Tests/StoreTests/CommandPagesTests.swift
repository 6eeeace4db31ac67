import Application
import Foundation
import GRDBSQLite
import Kernel
import Testing

@testable import Store

@Suite("Pages that a group of commands changes", .serialized)
struct CommandPagesTests {
    @Test("ids that are drawn one after the other change a few pages of the index; random ones nearly a page each")
    func pages() async throws {
        // One page is full now and then; it is made two, and evened out with its neighbours.
        let beside = try await changed { .random() }
        #expect(beside <= 7)
        // The other way to draw, so that this test is known to tell the two apart.
        let apart = try await changed { CommandID(ThreadTag.random().bytes) ?? .random() }
        #expect(apart >= 12)
    }

    /// How many pages of the table of commands a group of 24 changes in a ledger of 1,200.
    private func changed(_ draw: () -> CommandID) async throws -> Int {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        func append(_ count: Int) async throws {
            var requests: [AppendRequest] = []
            for _ in 0..<count {
                let command = draw()
                requests.append(
                    AppendRequest(
                        command: command, entries: [try fixture.entry(thread, command: command)],
                        answer: ["case": .string(thread.description)]))
            }
            for outcome in try await fixture.ledger.append(together: requests) { _ = try outcome.get() }
        }
        for _ in 0..<12 { try await append(100) }
        try await fixture.ledger.sequencer.maintain { connection in
            let code = sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
            #expect(code == SQLITE_OK)
        }
        try await append(24)
        let log = try Data(contentsOf: URL(fileURLWithPath: fixture.databasePath + "-wal"))
        let text = try Shell.run(
            "/usr/bin/sqlite3", "-readonly", fixture.databasePath, "SELECT pageno FROM dbstat WHERE name = 'command'")
        let table = Set(text.split(separator: "\n").compactMap { Int($0) })
        #expect(table.count > 20)
        return Self.pages(in: log).intersection(table).count
    }

    /// The numbers of the pages in a write-ahead log: frames of a head of 24 bytes and a page, behind a head of 32.
    private static func pages(in log: Data) -> Set<Int> {
        let bytes = [UInt8](log)
        func number(_ place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
        return Set(stride(from: 32, to: bytes.count - 24, by: 24 + number(8)).map { number($0) })
    }
}
