import Application
import Casework
import Foundation
import GRDB
import Kernel
import Ledger
import TestKit
import Testing

@testable import Store

/// Damaged pages of lists and registers, which are a view, and of what they are a view of.
@Suite("Making a damaged ledger's file anew", .serialized)
struct RemakeTests {
    /// A closed ledger with many rows of every list.
    private func ledger() async throws -> Fixture {
        let fixture = try Fixture.made()
        for number in 0..<60 {
            let thread = fixture.tag()
            let command = fixture.command()
            let entry = try fixture.entry(
                thread, type: .caseOpened, command: command,
                values: [FieldValue("title", .string("案\(number)"), .party)])
            _ = try await fixture.ledger.append(
                AppendRequest(command: command, entries: [entry], upserting: Self.rows(thread, "案\(number)")))
        }
        fixture.close()
        return fixture
    }

    private static func rows(_ thread: ThreadTag, _ title: String) -> [ProjectionRow] {
        let at = TestClock.start
        let file = CaseRow(
            thread: thread, kind: "penalty", title: title, subject: ThreadTag(high: 9, low: 9), subjectName: "测试厂",
            handlers: [ThreadTag(high: 8, low: 8)], stage: .decision, state: .open, openedAt: at, endedAt: nil,
            filedAt: nil, lastAt: at, entries: 1)
        return [.caseFile(file)]
            + (0..<6).map { number in
                .obligation(
                    ObligationRow(
                        caseThread: thread, key: "k\(number)", matter: "m", state: .open, title: "做\(number)",
                        provisions: ["p:\(number)"], gate: "HARD", who: "handler", due: at, lateFrom: nil))
            }
    }

    private static let projector: @Sendable ([LoggedEntry]) throws -> Restore.Rows = { _ in
        { thread, entries in
            let last = try entries(thread)
            return rows(thread, try JSON(canonical: last[last.count - 1].entry.openings[0].value).string ?? "")
        }
    }

    /// Pages of the file by the table or index that they belong to.
    private func pages(_ fixture: Fixture) throws -> [(name: String, page: Int)] {
        let opened = try DatabaseQueue(path: fixture.databasePath)
        defer { try? opened.close() }
        return try opened.read { db in
            try Row.fetchAll(db, sql: "SELECT name, pageno FROM dbstat ORDER BY pageno").map {
                ($0["name"], $0["pageno"])
            }
        }
    }

    private func damage(_ fixture: Fixture, page: Int, _ filler: [UInt8], whole: Data) throws {
        for suffix in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: fixture.databasePath + suffix)
        }
        var data = whole
        data.replaceSubrange((page - 1) * 4096..<page * 4096, with: filler)
        try data.write(to: URL(fileURLWithPath: fixture.databasePath))
    }

    private func remake(_ fixture: Fixture) throws -> LedgerRemake.Report {
        try LedgerRemake(place: fixture.place(), key: fixture.key).run(Self.projector)
    }

    /// What belongs to the log; the rest of the file is a view.
    private static let log: Set<String> = [
        "log", "entry", "opening", "node", "head", "command", "sqlite_autoindex_log_1", "sqlite_schema",
    ]

    @Test(
        "whatever page of lists, registers and indices is noise or zeros, the file is made anew, whole and with the same rows"
    )
    func projections() async throws {
        let fixture = try await ledger()
        let whole = try Data(contentsOf: URL(fileURLWithPath: fixture.databasePath))
        let places = try pages(fixture)
        let views = places.filter { !Self.log.contains($0.name) }
        #expect(Set(views.map(\.name)).count >= 30, "\(Set(views.map(\.name)).sorted())")
        var random = SeededRandom(7)
        var seen: Set<String> = []
        for (number, place) in views.enumerated() {
            // Every table and index once, and every third page more.
            guard seen.insert(place.name).inserted || number % 3 == 0 else { continue }
            let filler = number % 2 == 0 ? random.bytes(4096) : [UInt8](repeating: 0, count: 4096)
            try damage(fixture, page: place.page, filler, whole: whole)
            let report = try remake(fixture)
            #expect(report.entries == 60 && report.rows == 420, "\(place)")
            #expect(FileManager.default.fileExists(atPath: report.kept))
            try FileManager.default.removeItem(atPath: report.kept)
            let check = LedgerVerification(path: fixture.databasePath)
            #expect(try check.run().isWhole && check.fileProblems(thorough: true).isEmpty, "\(place)")
            try fixture.open()
            let compared = try await Rebuild(fixture.ledger).compare { thread, entries in
                try Self.projector([])(thread) { _ in entries }
            }
            #expect(compared.isEqual, "\(place): \(compared)")
            fixture.close()
        }
        #expect(seen.count >= 30)
    }

    @Test("where the log itself is damaged nothing is changed, and it says to restore")
    func log() async throws {
        let fixture = try await ledger()
        let url = URL(fileURLWithPath: fixture.databasePath)
        let whole = try Data(contentsOf: url)
        var random = SeededRandom(8)
        var refused: Set<String> = []
        for place in try pages(fixture) where Self.log.contains(place.name) && place.page > 1 {
            try damage(fixture, page: place.page, random.bytes(4096), whole: whole)
            let before = try Data(contentsOf: url)
            do {
                try FileManager.default.removeItem(atPath: try remake(fixture).kept)
                // Pages of the index of origins are not read: what they say is made anew with the rest.
                #expect(place.name == "sqlite_autoindex_log_1", "\(place)")
                #expect(try LedgerVerification(path: fixture.databasePath).run().isWhole)
            } catch let error as LedgerStartError {
                #expect(error.chinese.contains("备份恢复"), "\(place): \(error)")
                #expect(try Data(contentsOf: url) == before, "\(place)")
                #expect(!FileManager.default.fileExists(atPath: "\(url.path).damaged-1"))
                #expect(!FileManager.default.fileExists(atPath: "\(url.path).remade"))
                refused.insert(place.name)
            }
        }
        #expect(refused.isSuperset(of: ["log", "entry", "opening", "node", "head", "command"]), "\(refused)")
    }

    @Test("a file from which the newest records are gone without a trace is behind its lock file and is not made anew")
    func shortened() async throws {
        let fixture = try await ledger()
        try fixture.tamper(
            """
            DROP TRIGGER entry_is_never_removed; DROP TRIGGER node_is_never_removed; DROP TRIGGER head_is_never_removed;
            DELETE FROM command WHERE first = 59; DELETE FROM opening WHERE position = 59;
            DELETE FROM entry WHERE position = 59; DELETE FROM head WHERE position = 60;
            DELETE FROM node WHERE position >= (SELECT count(*) FROM node) - 3;
            """)
        do {
            _ = try remake(fixture)
            Issue.record("it was made anew")
        } catch let error as LedgerStartError {
            #expect(error.chinese.contains("备份恢复") || error.chinese.contains("最新的备份"), "\(error)")
        }
    }
}
