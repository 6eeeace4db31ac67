import Application
import Casework
import GRDB
import Kernel
import Ledger
import TestKit
import Testing

@testable import Store

/// A number of a document is given from what the log holds (ADR 0070).
@Suite("Numbers of documents", .serialized)
struct IssuedNumberTests {
    /// A document in a case of its own, fixed and issued with a number, with the rows that follow from it.
    @discardableResult
    private func issue(
        _ number: Int, of kind: String, year: Int = 2026, in fixture: Fixture, withRows: Bool = true
    ) async throws -> ThreadTag {
        let thread = fixture.tag()
        let id = DocumentID.random()
        let fixing = fixture.command()
        let document = JSON.string(id.description)
        let fixed = try fixture.entry(
            thread, type: .documentFixed, command: fixing, plain: ["document": document, "kind": .string(kind)])
        _ = try await fixture.ledger.append(AppendRequest(command: fixing, entries: [fixed]))
        let issuing = fixture.command()
        let issued = try fixture.entry(
            thread, type: .documentIssued, command: issuing,
            plain: ["document": document, "number": .integer(Int64(number)), "year": .integer(Int64(year))],
            references: [EntryReference(role: "fixed", thread: thread, seq: 1, commitment: fixed.commitment)],
            values: [FieldValue("numberText", .string("清禾统罚决〔\(year)〕\(number)号"), .party)])
        let rows: [ProjectionRow] = [
            .document(
                DocumentRow(
                    id: id, caseThread: thread, kind: kind, state: .issued, fixedAt: TestClock.start,
                    issuedAt: TestClock.start, year: year, number: number, numberText: "", openSlots: [])),
            .claim(ClaimRow(thread: thread, kind: .documentNumber, key: "\(kind)/\(year)/\(number)")),
        ]
        _ = try await fixture.ledger.append(
            AppendRequest(command: issuing, entries: [issued], upserting: withRows ? rows : []))
        return thread
    }

    private func free(_ fixture: Fixture, _ kind: String = "decision", year: Int = 2026, from: Int = 1) async throws
        -> Int
    {
        try await fixture.ledger.freeNumber(kind: kind, year: year, from: from)
    }

    @Test("the next number follows the last of its kind and year, and none is below the first that the bureau set")
    func next() async throws {
        let fixture = try Fixture.made()
        #expect(try await free(fixture) == 1)
        #expect(try await free(fixture, from: 40) == 40)
        for number in 1...3 { try await issue(number, of: "decision", in: fixture) }
        try await issue(7, of: "notice", in: fixture)
        try await issue(4, of: "decision", year: 2027, in: fixture)
        #expect(try await free(fixture) == 4)
        #expect(try await free(fixture, "notice") == 8)
        #expect(try await free(fixture, year: 2027) == 5)
        #expect(try await free(fixture, year: 2028) == 1)
        #expect(try await free(fixture, from: 3) == 4)
        #expect(try await free(fixture, from: 9) == 9)
    }

    @Test(
        "rows and claims that are taken away behind the program's back free no number that stands in the log",
        arguments: [
            "DELETE FROM claim; UPDATE document SET number = NULL, year = NULL",
            "DELETE FROM claim; DELETE FROM document",
            "DELETE FROM claim WHERE key LIKE '%/3'; UPDATE document SET number = 1",
        ])
    func rowsTakenAway(sql: String) async throws {
        let fixture = try Fixture.made()
        for number in 1...3 { try await issue(number, of: "decision", in: fixture) }
        try await issue(1, of: "notice", in: fixture)
        fixture.close()
        try fixture.tamper(sql)
        try fixture.open()
        #expect(try await fixture.ledger.lastNumber(kind: "decision", year: 2026) < 3, "the register was changed")
        #expect(try await free(fixture) == 4)
        #expect(try await free(fixture, "notice") == 2)
        #expect(try await free(fixture, "summons") == 1)
        #expect(try await free(fixture, from: 2) == 4)
    }

    @Test("a number whose kind cannot be read any more is passed over")
    func unreadable() async throws {
        let fixture = try Fixture.made()
        try await issue(1, of: "decision", in: fixture)
        fixture.close()
        try fixture.tamper(
            "DROP TRIGGER entry_is_never_changed; UPDATE entry SET skeleton = 'x' WHERE type = 'document.fixed'")
        try fixture.tamper("DELETE FROM claim; DELETE FROM document")
        try fixture.open()
        #expect(try await free(fixture) == 2)
        #expect(try await free(fixture, "notice") == 2)
    }

    @Test("without the index by which numbers are found none is given")
    func withoutIndex() async throws {
        let fixture = try Fixture.made()
        try await issue(1, of: "decision", in: fixture)
        fixture.close()
        try fixture.tamper("DROP INDEX entry_by_number")
        try fixture.open()
        await #expect(throws: StoreError.self) { try await free(fixture) }
    }

    @Test("the verification names each number that was given twice, with both entries, and calls the records unchanged")
    func givenTwice() async throws {
        let fixture = try Fixture.made()
        for number in 1...3 { try await issue(number, of: "decision", in: fixture) }
        try await issue(2, of: "notice", in: fixture)
        try await issue(2, of: "decision", year: 2027, in: fixture)
        #expect(try LedgerVerification(path: fixture.databasePath).run().isWhole)
        let first = try await fixture.ledger.entries(from: 2, limit: 1, log: 1)[0].entry.skeleton.content.thread
        let second = try await issue(2, of: "decision", in: fixture, withRows: false)
        let third = try await issue(2, of: "decision", in: fixture, withRows: false)
        fixture.close()
        for threads in 1...3 {
            var verification = LedgerVerification(path: fixture.databasePath)
            (verification.threads, verification.smallLog) = (threads, 0)
            let verdict = try verification.run()
            func twice(_ thread: ThreadTag, at index: Int64) -> LedgerFinding {
                .number(
                    .init(
                        kind: "decision", year: 2026, number: 2, text: "清禾统罚决〔2026〕2号",
                        first: .init(log: 1, index: 3, thread: first, seq: 2),
                        again: .init(log: 1, index: index, thread: thread, seq: 2)))
            }
            #expect(verdict.findings == [twice(second, at: 11), twice(third, at: 13)], "\(threads) threads")
            #expect(!verdict.isWhole && !verdict.isLedgerWhole && verdict.isUnchanged)
        }
        var withoutContent = LedgerVerification(path: fixture.databasePath)
        withoutContent.withContent = false
        #expect(try withoutContent.run().isWhole)
    }

    @Test("a ledger whose records were changed is not called unchanged because a number was given twice too")
    func changedAndTwice() async throws {
        let fixture = try Fixture.made()
        for _ in 0..<2 { try await issue(1, of: "decision", in: fixture, withRows: false) }
        fixture.close()
        #expect(try LedgerVerification(path: fixture.databasePath).run().isUnchanged)
        try fixture.tamper(
            "DROP TRIGGER opening_is_never_changed; UPDATE opening SET value = '\"另一号\"' WHERE name = 'numberText'")
        let verdict = try LedgerVerification(path: fixture.databasePath).run()
        #expect(verdict.findings.contains { if case .number = $0 { true } else { false } })
        #expect(!verdict.isUnchanged)
    }
}
