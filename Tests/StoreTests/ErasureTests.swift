import Application
import Casework
import Foundation
import Kernel
import Ledger
import TestKit
import Testing

@testable import Store

@Suite("Deleting what a disposal destroys", .serialized)
struct ErasureTests {
    private static let title = "龘靐齉爩麤灪案"
    private static let party = "籱鱻麣纞虋商行"
    private static let reason = "灩厵爨癵驫的理由"

    /// Every file of the ledger's directory, also the write-ahead log.
    private func files(_ fixture: Fixture) throws -> [(name: String, data: Data)] {
        let directory = URL(fileURLWithPath: fixture.databasePath).deletingLastPathComponent()
        return try FileManager.default.subpathsOfDirectory(atPath: directory.path).compactMap { name in
            FileManager.default.contents(atPath: directory.path + "/" + name).map { (name, $0) }
        }
    }

    /// What of the destroyed text is in raw files: the text itself, and pieces of its search tokens. An index page
    /// keeps only what differs from the token before, so the second half of a token is looked for.
    private func traces(_ fixture: Fixture) throws -> Set<String> {
        var found: Set<String> = []
        for text in [Self.title, Self.party, Self.reason] {
            let scalars = text.unicodeScalars.map { String($0.value, radix: 16) }
            let pieces = [text] + scalars.dropFirst().prefix(4).map { "x\($0)" }
            for (name, data) in try files(fixture) {
                for piece in pieces where data.range(of: Data(piece.utf8)) != nil {
                    found.insert("\(piece) in \(name)")
                }
            }
        }
        return found
    }

    /// A case whose title and party stand in openings, rows, indexes and search, changed often enough to leave deleted
    /// cells and free pages; and others beside it.
    private func ledger() async throws -> (Fixture, thread: ThreadTag, entry: Entry, others: [ThreadTag]) {
        let fixture = try Fixture.made()
        let thread = fixture.tag()
        let command = fixture.command()
        let entry = try fixture.entry(
            thread, type: .caseOpened, command: command,
            values: [
                FieldValue("emergencyReason", .string(Self.reason), .internal),
                FieldValue("subjectName", .string(Self.party), .party),
                FieldValue("title", .string(Self.title + String(repeating: "长", count: 3000)), .party),
            ])
        _ = try await fixture.ledger.append(
            AppendRequest(
                command: command, entries: [entry],
                upserting: [
                    .caseFile(fixture.caseRow(thread, title: Self.title, party: Self.party)),
                    .subject(SubjectRow(thread: thread, kind: "organisation", name: Self.party, code: "911")),
                    .person(PersonRow(thread: thread, name: Self.party, roles: [.officer])),
                ]))
        var others: [ThreadTag] = []
        for number in 0..<30 {
            let other = fixture.tag()
            others.append(other)
            try await fixture.append(
                other, upserting: [.caseFile(fixture.caseRow(other, title: "寻常检查\(number)", party: "测试面粉厂\(number)"))])
            // The row moves about: longer, shorter, and back.
            let text = Self.title + String(repeating: "又", count: number * 37 % 400)
            try await fixture.append(
                thread, upserting: [.caseFile(fixture.caseRow(thread, title: text, party: Self.party))])
        }
        return (fixture, thread, entry, others)
    }

    private func filter(_ text: String) -> CaseFilter {
        var filter = CaseFilter()
        filter.text = text
        return filter
    }

    @Test("no byte of a destroyed value is left in any file, free pages, index pages and write-ahead log among them")
    func raw() async throws {
        let (fixture, thread, entry, others) = try await ledger()
        let before = try traces(fixture)
        #expect(before.contains { $0.hasPrefix(Self.title) } && before.contains { $0.hasPrefix(Self.reason) })
        #expect(before.contains { $0.contains("-wal") })
        #expect(before.contains { $0.hasPrefix("x") }, "the search tokens are not where they are looked for")

        let disposal = fixture.command()
        let bureau = fixture.tag()
        let certificate = try fixture.entry(
            bureau, type: .entryCorrected, command: disposal, references: [EntryReference("destroys", entry)],
            values: [])
        let receipt = try await fixture.ledger.append(AppendRequest(command: disposal, entries: [certificate]))
        let erased = try await fixture.ledger.erase(
            by: receipt.indices[0], rows: [thread: [.caseFile(fixture.caseRow(thread, title: "", party: ""))]])
        #expect(erased == 3)
        #expect(try traces(fixture) == [])
        // And again when everything was closed and opened.
        try fixture.reopen()
        #expect(try traces(fixture) == [])

        // What was not destroyed is all there, is found, and the ledger verifies: the entry of the disposal is the authority.
        let found = try await fixture.ledger.cases(filter("测试面粉厂7")).rows.map(\.thread)
        #expect(found == [others[7]])
        #expect(try await fixture.ledger.cases(filter(Self.title)).rows.isEmpty)
        fixture.close()
        let verdict = try LedgerVerification(path: fixture.databasePath).run()
        #expect(verdict.isWhole && verdict.destroyed == 3, "\(verdict.findings)")
    }

    @Test("deleting the rows as any program would leaves traces: the search above can find something")
    func naive() async throws {
        let (fixture, _, _, _) = try await ledger()
        fixture.close()
        try fixture.tamper(
            "PRAGMA secure_delete = OFF; DELETE FROM opening WHERE position = 0; DELETE FROM case_file; DELETE FROM subject;"
        )
        #expect(try !traces(fixture).isEmpty)
    }

    @Test("without an entry that names what it destroys nothing is deleted; a repetition is no error")
    func authority() async throws {
        let (fixture, thread, entry, others) = try await ledger()
        for index in [0, 1, 5_000] {
            let error = await storeError { try await fixture.ledger.erase(by: Int64(index), rows: [:]) }
            guard case .failed = error else {
                Issue.record("\(index): \(String(describing: error))")
                return
            }
        }
        #expect(try await fixture.ledger.entries(of: thread, from: 1)[0].entry.openings.count == 3)
        let command = fixture.command()
        let certificate = try fixture.entry(
            others[0], type: .entryCorrected, command: command, references: [EntryReference("destroys", entry)],
            values: [])
        let index = try await fixture.ledger.append(AppendRequest(command: command, entries: [certificate])).indices[0]
        let foreign = await storeError {
            try await fixture.ledger.erase(by: index, rows: [thread: [.caseFile(fixture.caseRow(others[1]))]])
        }
        #expect(foreign != nil)
        #expect(try await fixture.ledger.entries(of: thread, from: 1)[0].entry.openings.count == 3, "nothing in part")
        #expect(try await fixture.ledger.erase(by: index, rows: [:]) == 3)
        #expect(try await fixture.ledger.erase(by: index, rows: [:]) == 0)
        #expect(try await fixture.ledger.entries(of: thread, from: 1)[0].entry.openings.isEmpty)
    }
}
