import Application
import Casework
import Kernel
import Ledger
import TestKit
import Testing

@testable import Store

@Suite("Case numbers of ledgers from before they were claimed", .serialized)
struct CaseNumberClaimsTests {
    @Test("the case that was opened first gets its number at the next start, and cases without one stay without")
    func claimed() async throws {
        let fixture = try Fixture.made()
        var threads: [ThreadTag] = []
        for number in ["清禾统查〔2026〕1号", "清禾统查[2026]1号", nil, "清禾统查〔2026〕2号"] {
            let thread = fixture.tag()
            let command = fixture.command()
            let entry = try fixture.entry(
                thread, type: .caseOpened, command: command,
                plain: ["kind": "inspection", "subject": .string(fixture.tag().description)],
                values: number.map { [FieldValue("caseNumber", .string($0), .party)] } ?? [])
            _ = try await fixture.ledger.append(AppendRequest(command: command, entries: [entry]))
            threads.append(thread)
        }
        fixture.close()
        try fixture.tamper("DELETE FROM grdb_migrations WHERE identifier = '0009 case numbers'")
        try fixture.open()
        #expect(try await fixture.ledger.holder(of: .caseNumber, key: "清禾统查〔2026〕1号") == threads[0])
        #expect(try await fixture.ledger.holder(of: .caseNumber, key: "清禾统查〔2026〕2号") == threads[3])
        // Nobody takes it any more.
        let command = fixture.command()
        let claim = ClaimRow(thread: threads[2], kind: .caseNumber, key: "清禾统查〔2026〕2号")
        let request = AppendRequest(
            command: command, entries: [try fixture.entry(threads[2], command: command)], upserting: [.claim(claim)])
        let error = await #expect(throws: StoreError.self) { _ = try await fixture.ledger.append(request) }
        guard case .taken(.caseNumber, claim.key) = error else {
            Issue.record("taken once more: \(String(describing: error))")
            return
        }
    }
}
