import Application
import Casework
import Foundation
import Glibc
import Kernel
import Ledger
import TestKit
import Testing

@testable import Store

@Suite("Rebuilding the projections", .serialized)
struct RebuildTests {
    /// A ledger of twelve threads whose rows follow from their entries by `project`.
    func ledger() async throws -> Fixture {
        let fixture = try Fixture.made()
        for number in 0..<12 {
            let thread = fixture.tag()
            for seq in 1...(1 + number % 3) {
                let command = fixture.command()
                let entry = try fixture.entry(
                    thread, type: .caseOpened, command: command,
                    values: [FieldValue("title", .string("案\(number)第\(seq)步"), .party)])
                var rows = Self.project(thread, seq: seq, title: "案\(number)第\(seq)步")
                if seq > 1 { rows.removeAll { if case .claim = $0 { true } else { false } } }
                _ = try await fixture.ledger.append(
                    AppendRequest(command: command, entries: [entry], upserting: rows))
            }
        }
        return fixture
    }

    private static func project(_ thread: ThreadTag, seq: Int, title: String) -> [ProjectionRow] {
        let at = TestClock.start
        return [
            .caseFile(
                CaseRow(
                    thread: thread, kind: "penalty", title: title, subject: ThreadTag(high: 9, low: 9),
                    subjectName: "测试厂", handlers: [ThreadTag(high: 8, low: 8)], stage: .decision, state: .open,
                    openedAt: at, endedAt: nil, filedAt: nil, lastAt: at, entries: seq)),
            .subject(SubjectRow(thread: thread, kind: "organisation", name: title, code: "911")),
            .person(PersonRow(thread: thread, name: title, roles: [.officer])),
            .document(
                DocumentRow(
                    id: thread.unchecked(as: OfDocument.self), caseThread: thread, kind: "decision", state: .issued,
                    fixedAt: at, issuedAt: at, year: 2026, number: seq, numberText: "号", openSlots: [])),
            .obligation(
                ObligationRow(
                    caseThread: thread, key: "k", matter: "m", state: .open, title: "做", provisions: ["p:1"],
                    gate: "HARD",
                    who: "handler", due: at, lateFrom: nil)),
            .recording(
                RecordingRow(
                    thread: thread, object: thread.unchecked(as: OfObject.self), form: "video", fileName: "f",
                    mediaType: "m", byteCount: 5, importedAt: at, inspected: true)),
            .claim(ClaimRow(thread: thread, kind: .documentNumber, key: "decision/2026/\(thread)")),
        ]
    }

    let projector: Rebuild.Projector = { thread, entries in
        let last = entries[entries.count - 1].entry
        let title = try JSON(canonical: last.openings[0].value).string ?? ""
        return RebuildTests.project(thread, seq: entries.count, title: title)
    }

    @Test("stored and computed rows are the same, row by row")
    func equal() async throws {
        let fixture = try await ledger()
        let report = try await Rebuild(fixture.ledger).compare(projector)
        #expect(report.isEqual, "\(report)")
        #expect(report.threads == 12 && report.rows == 84)
    }

    @Test(
        "a change of any column, a missing row and an extra row are found and repaired",
        arguments: [
            "UPDATE case_file SET title = title || 'x' WHERE id = 4",
            "UPDATE case_file SET stage = 'decisiom' WHERE id = 4",
            "UPDATE case_file SET handlers = '[]' WHERE id = 4", "UPDATE case_file SET opened_at = 5 WHERE id = 4",
            "UPDATE case_file SET thread = randomblob(16) WHERE id = 4", "DELETE FROM case_file WHERE id = 4",
            "UPDATE subject SET code = '912' WHERE id = 4", "DELETE FROM subject WHERE id = 4",
            "UPDATE person SET name = 'é' WHERE name = '案1第2步'",
            "UPDATE person SET roles = '[\"king\"]' WHERE name = '案1第2步'",
            "UPDATE document SET number = 99 WHERE number = 3", "DELETE FROM document WHERE number = 3",
            "UPDATE document SET id = randomblob(16) WHERE number = 3",
            "UPDATE obligation SET state = 'met' WHERE rowid_is_not_used = 1",
            "UPDATE obligation SET who = 'x'", "UPDATE recording SET inspected = 0",
            "UPDATE recording SET byte_count = 6",
            "UPDATE claim SET thread = (SELECT max(thread) FROM claim)", "DELETE FROM claim",
            "UPDATE claim SET key = key || 'x'", "UPDATE claim SET kind = 'finger'",
            "INSERT INTO claim VALUES ('result', 'x', zeroblob(16))", "DELETE FROM case_handler",
            "INSERT INTO case_handler VALUES (zeroblob(16), 3)", "UPDATE case_count SET n = n + 1",
            "DELETE FROM case_count", "DELETE FROM obligation_provision", "DELETE FROM obligation_count",
            "UPDATE obligation_count SET n = n + 1", "INSERT INTO obligation_count VALUES ('x', 1, 1, 1)",
            "INSERT INTO obligation_provision VALUES ('zhaoxian-2017:2', 1, zeroblob(16), 'x')",
            "UPDATE obligation_provision SET late_from = 1",
            "INSERT INTO case_text (case_text) VALUES ('delete-all')",
            "INSERT INTO subject_text (subject_text) VALUES ('delete-all')",
        ])
    func repaired(sql: String) async throws {
        let fixture = try await ledger()
        fixture.close()
        let sql = sql.replacingOccurrences(of: " WHERE rowid_is_not_used = 1", with: "")
        try fixture.tamper("PRAGMA foreign_keys = OFF; " + sql)
        try fixture.open()
        let rebuild = Rebuild(fixture.ledger)
        let found = try await rebuild.compare(projector)
        #expect(!found.isEqual, "\(sql)")
        #expect(!(try await rebuild.repair(projector).isEqual))
        let after = try await rebuild.compare(projector)
        #expect(after.isEqual, "\(after)")
        // The ledger itself was not touched.
        #expect(try LedgerVerification(path: fixture.databasePath).run().isWhole)
    }

    @Test("a class changed on disk is named with its entry and field, and a repair does not hide it")
    func changedClass() async throws {
        let fixture = try await ledger()
        fixture.close()
        try fixture.tamper(
            "DROP TRIGGER opening_is_never_changed; UPDATE opening SET class = 'officer' WHERE position = 5")
        try fixture.open()
        let rebuild = Rebuild(fixture.ledger)
        let entry = try #require(try await fixture.ledger.entries(from: 5, limit: 1).first).entry.skeleton.content
        let fault = Rebuild.FieldFault(thread: entry.thread, seq: entry.seq, field: "title")
        #expect(try await rebuild.compare(projector).classes == [fault])
        #expect(try await rebuild.repair(projector).classes == [fault])
        #expect(try await !rebuild.compare(projector).isEqual)
    }

    @Test("words changed on disk are named, and no row is made of them by a repair")
    func changedWords() async throws {
        let fixture = try await ledger()
        fixture.close()
        try fixture.tamper(
            "DROP TRIGGER opening_is_never_changed; UPDATE opening SET value = '\"另一案\"' WHERE position = 5"
        )
        try fixture.open()
        let rebuild = Rebuild(fixture.ledger)
        let entry = try #require(try await fixture.ledger.entries(from: 5, limit: 1).first).entry.skeleton.content
        let fault = Rebuild.FieldFault(thread: entry.thread, seq: entry.seq, field: "title")
        #expect(try await rebuild.compare(projector).mismatches == [fault])
        #expect(try await rebuild.repair(projector).mismatches == [fault])
        let after = try await rebuild.compare(projector)
        #expect(after.mismatches == [fault] && !after.isEqual && !after.areEntriesSound)
        let titles = try await fixture.ledger.read {
            try ProjectionReader(connection: $0).differences(from: [], of: entry.thread)
        }
        #expect(!titles.description.contains("另一案"))
    }

    @Test("a projector that gives a row of another thread is refused")
    func foreignRow() async throws {
        let fixture = try await ledger()
        let error = await storeError {
            try await Rebuild(fixture.ledger).compare { _, _ in
                [.person(PersonRow(thread: ThreadTag(high: 1, low: 1), name: "x"))]
            }
        }
        guard case .failed = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}

@Suite("Exporting a log", .serialized)
struct ExportTests {
    @Test("the files of an export prove every entry to a reader who has nothing else, at every size around a full tile")
    func export() async throws {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        let directory = fixture.directory.path + "/export"
        var size = 0
        for target in [0, 1, 2, 255, 256, 257, 300, 513] {
            while size < target {
                let count = min(64, target - size)
                let command = fixture.command()
                let entries = try (0..<count).map { _ in try fixture.entry(thread, command: command) }
                _ = try await fixture.ledger.append(AppendRequest(command: command, entries: entries))
                size += count
            }
            let logs = try LedgerExport(path: fixture.databasePath).run(to: directory)
            #expect(logs.map(\.head.size) == [Int64(target)])
            let read = { (path: String) -> [UInt8]? in
                FileManager.default.contents(atPath: directory + "/" + path).map { Array($0) }
            }
            let note = try #require(read("checkpoint"))
            let checkpoint = try VerifiedCheckpoint(note: note, key: fixture.key.verifier).checkpoint
            #expect(checkpoint.size == target)
            var leaves: [[UInt8]] = []
            try TileLog(size: target, read: read).check(root: checkpoint.root) { _, entry in leaves.append(entry) }
            #expect(leaves.count == target && leaves.allSatisfy { Leaf($0)?.thread == thread })
            // The outsider's program accounts for every file, also partial tiles of the exports before.
            let verdict = try ExportVerification.verify(
                DirectorySource(path: directory), trust: DossierTrust(key: fixture.key.verifier))
            #expect(verdict.outcome == .accepted, "\(target): \(verdict.reasons.map(\.chinese))")
        }
    }

    @Test("an export never goes over a newer head or another history")
    func neverBack() async throws {
        let fixture = try Fixture.made()
        let directory = fixture.directory.path + "/export"
        try await fixture.append(fixture.tag())
        let copy = fixture.directory.path + "/copy.sqlite"
        try Shell.run("/usr/bin/sqlite3", fixture.databasePath, "VACUUM INTO '\(copy)'")
        try await fixture.append(fixture.tag())
        _ = try LedgerExport(path: fixture.databasePath).run(to: directory)
        let other = try Fixture.made()
        let thread = other.tag()
        for _ in 0..<3 { try await other.append(thread) }
        let held = try BackupWorld.files(below: directory)
        #expect(throws: LedgerExportError.newerThere(directory, there: 2, here: 1)) {
            try LedgerExport(path: copy).run(to: directory)
        }
        // Fixtures have one key: this is another history under it.
        #expect(throws: LedgerExportError.forked(directory, size: 2)) {
            try LedgerExport(path: other.databasePath).run(to: directory)
        }
        let key = try #require(SigningKey(generating: fixture.key.verifier.name))
        let stranger = try #require(Checkpoint(origin: key.verifier.name, size: 1, root: .zero)).signed(by: key)
        let foreign = fixture.directory.path + "/foreign"
        try Directory.make(foreign)
        try Directory.write(stranger, to: foreign + "/checkpoint")
        #expect(throws: LedgerExportError.otherLog(foreign)) {
            try LedgerExport(path: fixture.databasePath).run(to: foreign)
        }
        let file = fixture.directory.path + "/file"
        try Directory.write([1], to: file)
        #expect(throws: LedgerExportError.self) { try LedgerExport(path: fixture.databasePath).run(to: file) }
        #expect(try BackupWorld.files(below: directory) == held)
        for error in [
            LedgerExportError.otherLog("d"), .newerThere("d", there: 2, here: 1), .forked("d", size: 2),
            .file("d", code: ENOSPC), .file("d", code: ENOTDIR),
        ] {
            #expect(error.chinese.contains("d") && error.chinese.contains("请") && error.chinese.contains("没有导出"))
        }
    }
}
