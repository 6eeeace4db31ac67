import Application
import Foundation
import GRDBSQLite
import Kernel
import Testing

@testable import Store

@Suite("Moving the write-ahead log beside the writing", .serialized)
struct CheckpointerTests {
    @Test("the log begins anew while somebody writes without a pause, and every answer stays true")
    func beginsAnew() async throws {
        let fixture = try Fixture.made { $0.checkpointFrames = 60 }
        let thread = fixture.tag()
        var logs: Set<Data> = []
        var appended = 0
        // A log that begins anew says so by another salt in its head.
        while logs.count < 4, appended < 4000 {
            try await fixture.append(thread)
            appended += 1
            logs.insert(try Self.salt(of: fixture.databasePath))
        }
        #expect(logs.count == 4, "\(logs.count) logs after \(appended) entries")
        #expect(fixture.ledger.sequencer.checkpointer.passes > 0)
        #expect(fixture.ledger.stopReason() == nil)
        let head = try await fixture.ledger.signedHead()
        #expect(head.size == Int64(appended))
        try fixture.reopen()
        #expect(try await fixture.ledger.signedHead() == head)
        #expect(try await fixture.ledger.entries(of: thread, from: 1).count == appended)
    }

    @Test("work on the writer's connection finds nobody moving the log")
    func nobodyMoves() async throws {
        let fixture = try Fixture.made { $0.checkpointFrames = 20 }
        for _ in 0..<30 {
            for _ in 0..<4 { try await fixture.append(fixture.tag()) }
            try await fixture.ledger.sequencer.maintain { connection in
                // SQLite refuses at once while another connection moves it.
                let code = sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
                #expect(code == SQLITE_OK)
            }
        }
        #expect(fixture.ledger.sequencer.checkpointer.passes > 0)
    }

    @Test("what keeps the log from being moved stops recording, and says why")
    func faults() async throws {
        let fixture = try Fixture.made { $0.checkpointFrames = 20 }
        // The thread opens its connection by name when it is first wanted; the others are open.
        let aside = fixture.databasePath + ".aside"
        try FileManager.default.moveItem(atPath: fixture.databasePath, toPath: aside)
        var appended = 0
        while fixture.ledger.stopReason() == nil, appended < 400 {
            _ = try? await fixture.append(fixture.tag())
            appended += 1
        }
        #expect(fixture.ledger.sequencer.stopped?.detail.contains("cannot be opened") == true)
        try FileManager.default.moveItem(atPath: aside, toPath: fixture.databasePath)
        let stored = try await fixture.ledger.signedHead()
        try fixture.reopen()
        #expect(try await fixture.ledger.signedHead() == stored)
        #expect(fixture.ledger.stopReason() == nil)
    }

    private static func salt(of database: String) throws -> Data {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: database + "-wal"))
        defer { try? file.close() }
        try file.seek(toOffset: 16)
        return try file.read(upToCount: 8) ?? Data()
    }
}
