import Foundation
import Kernel
import Testing

@Suite("Civil days")
struct CivilDayTests {
    @Test("every day from 1900 to 2100 follows the one before it, reads back, and has the next weekday")
    func everyDay() throws {
        var expected = try #require(CivilDay(year: 1900, month: 1, day: 1))
        // 1900-01-01 was a Monday.
        var weekday = 1
        var count = 0
        for year in 1900...2100 {
            for month in 1...12 {
                for day in 1...CivilDay.length(ofMonth: month, year: year) {
                    let this = try #require(CivilDay(year: year, month: month, day: day))
                    #expect(this == expected)
                    #expect(this.parts == (year, month, day))
                    #expect(this.weekday == weekday)
                    #expect(CivilDay(this.description) == this)
                    expected = this.advanced(by: 1)
                    weekday = weekday % 7 + 1
                    count += 1
                }
            }
        }
        #expect(count == 73_414)
    }

    @Test("days agree with the system's Gregorian calendar")
    func calendar() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        for number in stride(from: -30_000, through: 60_000, by: 37) {
            let parts = CivilDay(number: Int32(number)).parts
            let date = calendar.dateComponents(
                [.year, .month, .day, .weekday], from: Date(timeIntervalSince1970: Double(number) * 86_400))
            #expect(parts == (date.year ?? 0, date.month ?? 0, date.day ?? 0))
            #expect(CivilDay(number: Int32(number)).weekday == ((date.weekday ?? 0) + 5) % 7 + 1)
        }
    }

    @Test("days that do not exist are refused")
    func absent() {
        for (year, month, day) in [
            (2023, 2, 29), (2100, 2, 29), (2024, 2, 30), (2024, 4, 31), (2024, 0, 1), (2024, 13, 1), (2024, 1, 0),
            (0, 1, 1), (10_000, 1, 1),
        ] {
            #expect(CivilDay(year: year, month: month, day: day) == nil)
        }
        #expect(CivilDay(year: 2000, month: 2, day: 29) != nil)
    }

    @Test(
        "text in any other form is refused",
        arguments: [
            "", "2026-1-01", "2026-01-1", "2026/01/01", "20260101", "2026-01-01 ", " 2026-01-01", "２026-01-01",
            "2026-02-30", "-026-01-01",
        ])
    func strict(text: String) {
        #expect(CivilDay(text) == nil)
    }

    @Test("the Chinese form has no zeros in front")
    func chinese() {
        #expect(CivilDay(year: 2026, month: 3, day: 5)?.chinese == "2026年3月5日")
    }
}

@Suite("Instants")
struct InstantTests {
    @Test("a day begins at 16:00 UTC of the day before")
    func startOfDay() throws {
        let day = try #require(CivilDay(year: 2026, month: 11, day: 20))
        #expect(Instant(startOf: day) == Instant("2026-11-19T16:00:00Z"))
        #expect(Instant(day, hour: 24) == Instant(startOf: day.advanced(by: 1)))
        #expect(Instant(startOf: day).day == day)
        #expect(Instant(startOf: day).advanced(byMilliseconds: -1).day == day.advanced(by: -1))
    }

    @Test("text reads back to the millisecond, before the epoch too")
    func roundTrip() {
        for milliseconds in stride(from: Int64(-3_000_000_000_000), through: 5_000_000_000_000, by: 7_777_777_777) {
            let instant = Instant(milliseconds: milliseconds)
            #expect(Instant(instant.description) == instant)
        }
        #expect(Instant(milliseconds: 0).description == "1970-01-01T08:00:00+08:00")
        #expect(Instant(milliseconds: 1).description == "1970-01-01T08:00:00.001+08:00")
    }

    @Test(
        "the offset counts, and without one it is China time",
        arguments: [
            ("2026-11-20T09:05:00+08:00", "2026-11-20T01:05:00Z"), ("2026-11-20T09:05", "2026-11-20T01:05:00Z"),
            ("2026-11-20 09:05:00", "2026-11-20T01:05:00Z"), ("2026-11-20T09:05:00-03:30", "2026-11-20T12:35:00Z"),
            ("2026-11-20t09:05:00.5z", "2026-11-20T09:05:00.500Z"),
            ("2026-11-20T09:05:00.05Z", "2026-11-20T09:05:00.050Z"),
        ])
    func offsets(left: String, right: String) {
        #expect(Instant(left) != nil)
        #expect(Instant(left) == Instant(right))
    }

    @Test(
        "other text is refused",
        arguments: [
            "", "2026-11-20", "2026-11-20T9:05", "2026-11-20T24:00:00", "2026-11-20T09:60:00", "2026-11-20T09:05:60",
            "2026-11-20T09:05:00.Z", "2026-11-20T09:05:00.1234Z", "2026-11-20T09:05:00+8", "2026-11-20T09:05:00+24:00",
            "2026-11-20T09:05:00Zx", "2026-02-30T09:05:00Z", "2026-11-20T09:05:00+08:60",
        ])
    func strict(text: String) {
        #expect(Instant(text) == nil)
    }

    @Test("pages write China time")
    func chinese() {
        #expect(Instant("2026-03-05T23:59:59Z")?.chinese == "2026年3月6日 07:59")
    }
}
