import Casework
import Kernel
import TestKit
import Testing

@Suite("Holiday tables count from their adoption (design invariant 6)")
struct AdoptedCalendarTests {
    /// The table of 2026 as published, and the same year with 12 March off.
    static let published = HolidayYear(year: 2026, source: "甲", holidays: [])
    static let changed = HolidayYear(
        year: 2026, version: 2, source: "乙",
        holidays: [.init(name: "临时休假", from: day("2026-03-12"), to: day("2026-03-12"))])
    static let rules = try? Fixture.rules(
        Fixture.span(
            Fixture.text("text", version: 1, Fixture.finding(within: Term(.workingDays(5), from: [.happened])))))

    static func day(_ text: String) -> CivilDay { CivilDay(text) ?? CivilDay(number: 0) }

    static func lastDay(openedAt time: String, _ adopted: [AdoptedCalendar]) throws -> String? {
        let history = History().at(time).opened().records
        let found = Evaluator.evaluate(
            history: history, rules: try #require(rules), calendar: WorkingDays(adopted: adopted))
        return found.obligations.first?.lastDay?.description
    }

    @Test(
        "a changed table counts for acts from the day of its adoption on; a term that runs ends under the table before")
    func change() throws {
        let tables = [
            AdoptedCalendar(day: Self.day("2025-11-20"), table: Self.published),
            AdoptedCalendar(day: Self.day("2026-03-10"), table: Self.changed),
        ]
        #expect(try Self.lastDay(openedAt: "2026-03-09 23:59", tables) == "2026-03-16")
        #expect(try Self.lastDay(openedAt: "2026-03-10 00:00", tables) == "2026-03-18")
        // Known before the change, both were counted alike.
        let before = Array(tables.prefix(1))
        #expect(try Self.lastDay(openedAt: "2026-03-09 23:59", before) == "2026-03-16")
        #expect(try Self.lastDay(openedAt: "2026-03-10 00:00", before) == "2026-03-17")
    }

    @Test("a year without a table takes its first one, whenever that comes, and keeps it for the acts before the next")
    func first() throws {
        let acts = ["2026-03-05 09:00", "2026-03-09 09:00", "2026-03-11 09:00"]
        let one = [AdoptedCalendar(day: Self.day("2026-03-10"), table: Self.changed)]
        #expect(try acts.map { try Self.lastDay(openedAt: $0, one) } == ["2026-03-13", "2026-03-17", "2026-03-19"])
        let back = one + [AdoptedCalendar(day: Self.day("2026-03-11"), table: Self.published)]
        #expect(try acts.map { try Self.lastDay(openedAt: $0, back) } == ["2026-03-13", "2026-03-17", "2026-03-18"])
    }

    @Test("tables of other years do not divide the acts")
    func otherYears() throws {
        let other = HolidayYear(year: 2027, source: "丙", holidays: [])
        let tables = [
            AdoptedCalendar(day: Self.day("2025-11-20"), table: Self.published),
            AdoptedCalendar(day: Self.day("2026-11-20"), table: other),
        ]
        #expect(WorkingDays(adopted: tables) == WorkingDays(years: [Self.published, other]))
        #expect(WorkingDays(adopted: []) == WorkingDays())
    }

    @Test("days of several changes: each act takes the tables of its own day")
    func several() throws {
        let year = { (day: String) in
            HolidayYear(year: 2026, source: day, holidays: [.init(name: day, from: Self.day(day), to: Self.day(day))])
        }
        let tables = [
            AdoptedCalendar(day: Self.day("2026-01-05"), table: year("2026-03-11")),
            AdoptedCalendar(day: Self.day("2026-03-03"), table: year("2026-03-12")),
            AdoptedCalendar(day: Self.day("2026-03-03"), table: Self.published),
            AdoptedCalendar(day: Self.day("2026-03-05"), table: year("2026-03-13")),
        ]
        #expect(try Self.lastDay(openedAt: "2026-03-04 09:00", tables) == "2026-03-11")
        #expect(try Self.lastDay(openedAt: "2026-03-05 09:00", tables) == "2026-03-12")
        #expect(try Self.lastDay(openedAt: "2026-03-06 09:00", tables) == "2026-03-16")
    }
}
