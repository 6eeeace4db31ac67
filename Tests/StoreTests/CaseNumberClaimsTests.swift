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

    @Test("cases come by the beginning of their number in its order, whoever holds it, and with what else is asked")
    func found() async throws {
        let fixture = try Fixture.made()
        let threads = (0..<5).map { _ in fixture.tag() }
        let officer = fixture.tag()
        let keys = ["清统查〔2026〕1号", "清统查〔2026〕12号", "清统查〔2026〕2号", "清统罚〔2026〕1号"]
        for (place, thread) in threads.enumerated() {
            var rows: [ProjectionRow] = [
                .caseFile(
                    fixture.caseRow(
                        thread, handlers: place == 1 ? [officer] : [], state: place == 2 ? .filed : .open))
            ]
            if place < keys.count {
                rows.append(.claim(ClaimRow(thread: thread, kind: .caseNumber, key: keys[place])))
            }
            try await fixture.append(thread, upserting: rows)
        }
        func cases(_ number: String, _ change: (inout CaseFilter) -> Void = { _ in }) async throws -> [ThreadTag] {
            var filter = CaseFilter()
            (filter.number, filter.text) = (number, "词")
            change(&filter)
            let page = try await fixture.ledger.cases(filter)
            #expect(page.total >= page.rows.count && !page.hasMore)
            return page.rows.map(\.thread)
        }
        #expect(try await cases("清统查〔2026〕") == [threads[0], threads[2], threads[1]])
        #expect(try await cases("清统查〔2026〕1") == [threads[0], threads[1]])
        #expect(try await cases("清统查〔2026〕1号") == [threads[0]])
        #expect(try await cases("清统") == [threads[0], threads[2], threads[3], threads[1]])
        #expect(try await cases("清统查〔2025〕") == [])
        #expect(try await cases("清统") { $0.handler = officer } == [threads[1]])
        #expect(try await cases("清统") { $0.state = .filed } == [threads[2]])
        #expect(try await cases("清统") { ($0.page, $0.pageSize) = (2, 3) } == [threads[1]])
        #expect(
            try await fixture.ledger.caseNumbers(of: threads)
                == Dictionary(uniqueKeysWithValues: zip(threads, keys)))
        #expect(try await fixture.ledger.caseNumbers(of: []) == [:])
    }

    @Test("what reads like a number is one: a mark and a year in brackets, however they are written")
    func searched() {
        #expect(CaseNumber.searched(" 清统查 [２０２６] 1") == "清统查〔2026〕1")
        for words in ["星河", "〔2026〕1号", "清统查2026", "清统查〔202〕1号", "清统查〔二〇二六〕", "", "案（2026"] {
            #expect(CaseNumber.searched(words) == nil, "\(words)")
        }
    }
}
