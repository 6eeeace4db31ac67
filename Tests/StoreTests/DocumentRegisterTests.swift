import Application
import Casework
import Kernel
import Ledger
import TestKit
import Testing

@testable import Store

@Suite("The register of documents")
struct DocumentRegisterTests {
    /// Twelve documents of three cases; the same rows in the store and in a plain list.
    private struct World {
        let fixture: Fixture
        let plain: FakeRegisters
        let people: [ThreadTag]

        init() async throws {
            fixture = try Fixture.made()
            people = [fixture.tag(), fixture.tag()]
            var rows: [ProjectionRow] = []
            let threads = [fixture.tag(), fixture.tag(), fixture.tag()]
            for (index, thread) in threads.enumerated() {
                rows.append(
                    .caseFile(
                        CaseRow(
                            thread: thread, kind: "penalty", title: "\(["星河", "青萍", "星海"][index])印务案", subject: thread,
                            subjectName: "某厂", handlers: [people[index % 2]], stage: .decision, state: .open,
                            openedAt: TestClock.start, endedAt: nil, filedAt: nil, lastAt: TestClock.start, entries: 1))
                )
            }
            for index in 0..<12 {
                let numbered = index % 2 == 0
                rows.append(
                    .document(
                        DocumentRow(
                            id: DocumentID(high: 1, low: UInt64(index)), caseThread: threads[index % 3],
                            kind: index % 4 == 0 ? "decision" : "notice", state: numbered ? .issued : .fixed,
                            fixedAt: TestClock.start.advanced(byMilliseconds: Int64(index)), issuedAt: nil,
                            year: numbered ? 2026 : nil, number: numbered ? index / 4 + 1 : nil,
                            numberText: numbered ? "清禾\(index % 4 == 0 ? "罚决" : "告")〔2026〕\(index / 4 + 1)号" : "",
                            openSlots: [])))
            }
            plain = FakeRegisters(rows)
            try await fixture.put(rows)
        }
    }

    @Test("every filter alone and with every other finds what a plain list finds, page by page")
    func filters() async throws {
        let world = try await World()
        for bits in 0..<128 {
            var filter = DocumentRegisterFilter()
            if bits & 1 != 0 { filter.text = "星河" }
            if bits & 2 != 0 { filter.kind = "decision" }
            if bits & 4 != 0 { filter.state = .issued }
            if bits & 8 != 0 { filter.handler = world.people[0] }
            if bits & 16 != 0 { filter.fixedFrom = TestClock.start.advanced(byMilliseconds: 3) }
            if bits & 32 != 0 { filter.fixedBefore = TestClock.start.advanced(byMilliseconds: 9) }
            if bits & 64 != 0 { filter.number = DocumentNumber("罚决〔2026〕2号") }
            let expected = try await world.plain.documentRegister(filter)
            #expect(try await world.fixture.ledger.documentRegister(filter) == expected, "filter \(bits)")
            (filter.pageSize, filter.page) = (2, 2)
            #expect(
                try await world.fixture.ledger.documentRegister(filter).lines
                    == Array(expected.lines.dropFirst(2).prefix(2)), "page of filter \(bits)")
        }
        // The list is not empty by accident.
        var number = DocumentRegisterFilter()
        number.number = DocumentNumber("2026-2")
        #expect(try await world.fixture.ledger.documentRegister(number).total == 2)
        number.number = DocumentNumber("罚决〔2026〕2号")
        #expect(
            try await world.fixture.ledger.documentRegister(number).lines.map(\.document.numberText)
                == ["清禾罚决〔2026〕2号"])
    }

    @Test("cases are narrowed by the day they were opened, and counted alike")
    func openedBetween() async throws {
        let fixture = try Fixture.made()
        let rows = (0..<6).map { index in
            let thread = fixture.tag()
            return CaseRow(
                thread: thread, kind: "penalty", title: "第\(index)案", subject: thread, subjectName: "某厂", handlers: [],
                stage: .decision, state: .open,
                openedAt: TestClock.start.advanced(byMilliseconds: Int64(index)), endedAt: nil, filedAt: nil,
                lastAt: TestClock.start, entries: 1)
        }
        try await fixture.put(rows.map { .caseFile($0) })
        for from in 0...6 {
            for before in 0...6 {
                var filter = CaseFilter()
                filter.openedFrom = TestClock.start.advanced(byMilliseconds: Int64(from))
                filter.openedBefore = TestClock.start.advanced(byMilliseconds: Int64(before))
                let found = try await fixture.ledger.cases(filter)
                let expected = rows.enumerated().filter { $0.offset >= from && $0.offset < before }.map(\.element.title)
                #expect(found.rows.map(\.title) == expected.reversed() && found.total == expected.count)
            }
        }
    }
}

extension Fixture {
    /// Puts rows into the ledger, each with an entry of its thread.
    fileprivate func put(_ rows: [ProjectionRow]) async throws {
        for row in rows { _ = try await append(row.key.owner, upserting: [row]) }
    }
}
