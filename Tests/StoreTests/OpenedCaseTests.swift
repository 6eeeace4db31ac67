import Application
import Casework
import GRDB
import Kernel
import Ledger
import TestKit
import Testing

@testable import Store

/// Which case a finding led to is asked of the log (ADR 0072).
@Suite("The case that a finding led to", .serialized)
struct OpenedCaseTests {
    /// A penalty case that names the entry it was opened from, with the claim that only one may hold.
    @discardableResult
    private func open(from finding: ThreadTag, seq: Int, in fixture: Fixture) async throws -> ThreadTag {
        let thread = fixture.tag()
        let command = fixture.command()
        let opened = try fixture.entry(
            thread, type: .caseOpened, command: command, plain: ["kind": "penalty"],
            references: [
                EntryReference(
                    role: "finding", thread: finding, seq: seq,
                    commitment: try fixture.entry(finding, type: .findingRecorded, command: command).commitment)
            ])
        let claim = ClaimRow(thread: thread, kind: .findingLed, key: "\(finding)/\(seq)")
        _ = try await fixture.ledger.append(
            AppendRequest(command: command, entries: [opened], upserting: [.claim(claim)]))
        return thread
    }

    @Test("it is found by the entry that it names, and not by another entry or another case's")
    func found() async throws {
        let fixture = try Fixture.made()
        let (finding, other) = (fixture.tag(), fixture.tag())
        #expect(try await fixture.ledger.openedCase(from: finding, seq: 3) == nil)
        let opened = try await open(from: finding, seq: 3, in: fixture)
        #expect(try await fixture.ledger.openedCase(from: finding, seq: 3) == opened)
        #expect(try await fixture.ledger.openedCase(from: finding, seq: 4) == nil)
        #expect(try await fixture.ledger.openedCase(from: other, seq: 3) == nil)
    }

    @Test("whoever takes every claim away from the file hides it from nobody")
    func withoutClaims() async throws {
        let fixture = try Fixture.made()
        let finding = fixture.tag()
        let opened = try await open(from: finding, seq: 1, in: fixture)
        fixture.close()
        try fixture.tamper("DELETE FROM claim")
        try fixture.open()
        #expect(try await fixture.ledger.holder(of: .findingLed, key: "\(finding)/1") == nil)
        #expect(try await fixture.ledger.openedCase(from: finding, seq: 1) == opened)
    }

    @Test("without the index by which it is found nobody is told that there is none")
    func withoutIndex() async throws {
        let fixture = try Fixture.made()
        let finding = fixture.tag()
        try await open(from: finding, seq: 1, in: fixture)
        fixture.close()
        try fixture.tamper("DROP INDEX entry_by_finding")
        try fixture.open()
        await #expect(throws: StoreError.self) { try await fixture.ledger.openedCase(from: finding, seq: 1) }
    }
}
