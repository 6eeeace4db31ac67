import Application
import Casework
import Kernel
import TestKit
import Testing

@testable import Store

/// Totals of open obligations come from counters of days and from what lies within the days that a span cuts; the oracle
/// looks at every row.
@Suite("Totals of what is open", .serialized)
struct DutyTotalsTests {
    private static let day: Int64 = 86_400_000
    private static let noon = Instant(milliseconds: TestClock.start.milliseconds / day * day + day / 2)

    /// Moments around the borders of days, and none.
    private static let moments: [Instant?] = {
        let within: [Int64] = [-day / 2 - 1, -day / 2, -day / 2 + 1, -1, 0, 1, day / 2 - 1]
        var moments: [Instant?] = [nil]
        for days: Int64 in [-3, -1, 0, 1, 2] {
            for part in within { moments.append(noon.advanced(byMilliseconds: days * day + part)) }
        }
        return moments
    }()

    @Test("every total of a bureau, an office and a handler is what looking at every row gives, also after changes")
    func totals() async throws {
        let fixture = try Fixture.made()
        let oracle = FakeRegisters()
        let people = (1...2).map { ThreadTag(high: 5, low: UInt64($0)) }
        let cases = (0..<6).map { _ in fixture.tag() }
        var rows: [ProjectionRow] = cases.enumerated().map { number, thread in
            .caseFile(
                fixture.caseRow(
                    thread, title: number == 0 ? "星河厂统计检查" : "第\(number)号统计检查", party: "某厂\(number)", kind: "penalty",
                    handlers: [people[number % 2]], stage: .decision, state: .open, openedAt: TestClock.start))
        }
        let offices = ["", "handler", "agencyHead", "departmentHead"]
        var number = 0
        for due in Self.moments {
            for lateBy in [Int64?.none, 0, 1, Self.day] {
                number += 1
                rows.append(
                    .obligation(
                        ObligationRow(
                            caseThread: cases[number % 6], key: "k\(number)", matter: "m",
                            state: number % 7 == 0 ? .met : .open, title: "做", provisions: ["p:1"], gate: "close",
                            who: offices[number % 4], due: due,
                            lateFrom: lateBy.flatMap { by in due.map { $0.advanced(byMilliseconds: by) } })))
            }
        }
        _ = try await fixture.ledger.append(try fixture.request(cases, upserting: rows))
        for row in rows { oracle.put(row) }
        try await compare(fixture.ledger, oracle, people)

        // Met, moved to another office, given another term, taken away.
        var changed: [ProjectionRow] = []
        var removed: [ProjectionKey] = []
        for (place, row) in rows.enumerated() {
            guard case .obligation(var obligation) = row else { continue }
            switch place % 5 {
            case 0: obligation.state = obligation.state == .open ? .met : .open
            case 1: obligation.who = "agencyHead"
            case 2: (obligation.due, obligation.lateFrom) = (Self.noon, Self.noon.advanced(byMilliseconds: 1))
            case 3:
                removed.append(row.key)
                continue
            default: break
            }
            changed.append(.obligation(obligation))
        }
        _ = try await fixture.ledger.append(
            try fixture.request([fixture.tag()], upserting: changed, removing: removed))
        for row in changed { oracle.put(row) }
        for key in removed { oracle.remove(key) }
        try await compare(fixture.ledger, oracle, people)
    }

    private func compare(_ ledger: LedgerDatabase, _ oracle: FakeRegisters, _ people: [ThreadTag]) async throws {
        for filter in Self.filters(people) {
            let expected = try await oracle.countOpenObligations(filter)
            #expect(try await ledger.countOpenObligations(filter) == expected, "\(filter)")
            for own in [filter.who, ["", "handler"], ["agencyHead"]] {
                let page = try await ledger.duties(filter, own: own, at: Self.noon)
                let wanted = try await oracle.duties(filter, own: own, at: Self.noon)
                #expect(page.total == wanted.total && page.own == wanted.own, "\(filter) \(own)")
                #expect(page.ownOpen == wanted.ownOpen && page.ownLate == wanted.ownLate, "\(filter) \(own)")
                #expect(page.rows.map(\.key) == wanted.rows.map(\.key), "\(filter)")
            }
        }
    }

    private static func filters(_ people: [ThreadTag]) -> [ObligationFilter] {
        var all: [ObligationFilter] = []
        let spans: [(Instant?, Instant?)] = [
            (nil, nil), (noon, nil), (nil, noon), (noon, noon.advanced(byMilliseconds: 2 * day)),
            (noon, noon.advanced(byMilliseconds: 1)), (noon, noon.advanced(byMilliseconds: -1)),
            (noon.advanced(byMilliseconds: -3 * day), noon.advanced(byMilliseconds: -day / 2)),
        ]
        for who in [[], ["agencyHead"], ["departmentHead", "agencyHead"], ["", "handler"]] {
            for handler in [nil, people[0]] {
                for late in [nil, noon, noon.advanced(byMilliseconds: -day / 2), noon.advanced(byMilliseconds: day)] {
                    for hasTerm in [Bool?.none, true, false] {
                        for (from, until) in spans {
                            for text in ["", "星河"] where text.isEmpty || late == nil {
                                var filter = ObligationFilter()
                                (filter.who, filter.handler, filter.lateAt) = (who, handler, late)
                                (filter.hasTerm, filter.dueFrom, filter.dueUntil) = (hasTerm, from, until)
                                (filter.text, filter.limit) = (text, 7)
                                filter.page = who.count
                                all.append(filter)
                            }
                        }
                    }
                }
            }
        }
        return all
    }
}
