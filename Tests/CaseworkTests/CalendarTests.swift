import Casework
import Kernel
import Testing

@Suite("Working days and terms")
struct CalendarTests {
    static let days = Loaded.calendar
    static let first = Fixture.day("2025-01-01")
    static let last = Fixture.day("2026-12-31")
    static let all = (0...last.days(since: first)).map { first.advanced(by: $0) }

    // MARK: working days

    @Test("weekdays are worked save holidays, weekends are off save make-up days: every day of 2004 to 2026")
    func everyDay() {
        let off = Set(
            Loaded.library.calendars.flatMap(\.year.holidays).flatMap { holiday in
                (0...holiday.to.days(since: holiday.from)).map { holiday.from.advanced(by: $0) }
            })
        let makeUp = Set(Loaded.library.calendars.flatMap(\.year.holidays).flatMap(\.makeUp))
        let start = Fixture.day("2004-01-01")
        for day in (0...Self.last.days(since: start)).map({ start.advanced(by: $0) }) {
            let expected = makeUp.contains(day) || (day.weekday <= 5 && !off.contains(day))
            #expect(Self.days.isWorked(day) == expected, "\(day)")
        }
        #expect(Self.all.filter { Self.days.isWorked($0) && $0.parts.year == 2025 }.count == 248)
        #expect(Self.all.filter { Self.days.isWorked($0) && $0.parts.year == 2026 }.count == 248)
    }

    @Test("a calendar stands for each year from 2004 to 2026, with the notice's title and number")
    func years() {
        #expect(Loaded.library.newestCalendars.map(\.year.year) == Array(2004...2026))
        for year in Loaded.library.newestCalendars.map(\.year) {
            #expect(year.source.hasPrefix("国务院办公厅关于\(year.year)年部分节假日安排的通知（国办发明电〔\(year.year - 1)〕"), "\(year.year)")
            #expect(year.source.hasSuffix("号）"))
            #expect(Self.days.count(in: year.year) > 240 && Self.days.count(in: year.year) < 256, "\(year.year)")
        }
        #expect(Self.days.count(in: 2025) == 248)
        #expect(Self.days.count(in: 2006) == 251)
    }

    @Test("days that only a second notice changed, and a make-up day in the year before")
    func changed() {
        for (day, isWorked) in [
            ("2005-12-31", true), ("2007-12-29", true), ("2007-12-31", false), ("2015-09-03", false),
            ("2015-09-06", true), ("2019-05-02", false), ("2019-05-05", true), ("2020-01-31", false),
            ("2020-02-01", false), ("2020-02-03", true),
        ] {
            #expect(Self.days.isWorked(Fixture.day(day)) == isWorked, "\(day)")
        }
    }

    @Test("2027 and 2003 are not published: Monday to Friday, and they are known not to be known")
    func unknownYear() {
        #expect(!Self.days.knows(Fixture.day("2003-12-31")))
        #expect(Self.days.isWorked(Fixture.day("2003-10-01")))
        #expect(Self.days.knows(Fixture.day("2004-01-01")))
        #expect(!Self.days.knows(Fixture.day("2027-01-01")))
        #expect(Self.days.isWorked(Fixture.day("2027-01-01")))
        #expect(!Self.days.isWorked(Fixture.day("2027-01-02")))
        #expect(Self.days.knows(Fixture.day("2026-12-31")))
    }

    // MARK: terms, counted a second time by the slow road

    @Test("natural days from every start: first day not counted, end at 24:00, roll to the next worked day")
    func naturalDays() {
        for start in Self.all {
            let instant = Instant(start, hour: 23, minute: 59, second: 59)
            for count in [0, 1, 2, 3, 15, 30, 90] {
                let plain = Self.days.sum(of: .days(count), from: instant, roll: false)
                #expect(plain.lastDay == start.advanced(by: count))
                #expect(plain.lateFrom == Instant(startOf: start.advanced(by: count + 1)))
                #expect(plain.due == plain.lateFrom.advanced(byMilliseconds: -1))
                #expect(plain.firstCounted == start.advanced(by: 1))
                #expect(plain.yearsWithoutCalendar == [])
                let rolled = Self.days.sum(of: .days(count), from: instant, roll: true)
                var end = start.advanced(by: count)
                while !Self.days.isWorked(end) { end = end.advanced(by: 1) }
                #expect(rolled.lastDay == end)
                #expect(rolled.rolled == (end != start.advanced(by: count)))
            }
        }
    }

    @Test("working days from every start: each counted day is worked, none is left out")
    func workingDays() {
        for start in Self.all {
            for count in [1, 2, 5, 7, 20] {
                let sum = Self.days.sum(of: .workingDays(count), from: Instant(startOf: start), roll: false)
                guard let end = sum.lastDay else {
                    Issue.record("no last day")
                    continue
                }
                let counted = (1...end.days(since: start)).map { start.advanced(by: $0) }.filter {
                    Self.days.isWorked($0)
                }
                #expect(counted.count == count)
                #expect(Self.days.isWorked(end))
                #expect(!sum.rolled)
                #expect(sum.yearsWithoutCalendar == (end.parts.year == 2027 ? [2027] : []))
            }
        }
    }

    @Test("hours end to the second, over any holiday, the due instant itself in time")
    func hours() {
        let start = Fixture.instant("2026-09-30T18:30:15+08:00")
        let sum = Self.days.sum(of: .hours(24), from: start, roll: true)
        #expect(sum.due.description == "2026-10-01T18:30:15+08:00")
        #expect(sum.lateFrom == sum.due.advanced(byMilliseconds: 1))
        #expect(sum.lastDay == nil)
        #expect(sum.yearsWithoutCalendar == [])
    }

    @Test("two working days from the eve of National Day end after it")
    func nationalDay() {
        let sum = Self.days.sum(of: .workingDays(2), from: Fixture.instant("2026-09-30T10:00:00+08:00"), roll: false)
        #expect(sum.lastDay == Fixture.day("2026-10-09"))
        #expect(sum.lateFrom.description == "2026-10-10T00:00:00+08:00")
    }

    @Test("a make-up Saturday is worked: an end on it does not roll, and it counts as a working day")
    func makeUpDay() {
        let saturday = Fixture.day("2026-10-10")
        let sum = Self.days.sum(of: .days(1), from: Instant(startOf: saturday.advanced(by: -1)), roll: true)
        #expect(sum.lastDay == saturday)
        let working = Self.days.sum(of: .workingDays(1), from: Instant(startOf: saturday.advanced(by: -1)), roll: false)
        #expect(working.lastDay == saturday)
    }

    @Test("a month ends on the corresponding day or the last of the month")
    func months() {
        for (start, count, end) in [
            ("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2026-03-31", 1, "2026-04-30"),
            ("2026-08-15", 6, "2027-02-15"), ("2026-12-01", 1, "2027-01-01"), ("2024-02-29", 24, "2026-02-28"),
        ] {
            let sum = Self.days.sum(of: .months(count), from: Instant(startOf: Fixture.day(start)), roll: false)
            #expect(sum.lastDay == Fixture.day(end), "\(start)")
        }
    }

    @Test("a fixed date includes its day and does not roll unless asked")
    func fixedDate() {
        let sum = Self.days.sum(of: .until(Fixture.day("2026-01-31")), from: Instant(startOf: Self.first), roll: false)
        #expect(sum.lateFrom == Fixture.instant("2026-02-01T00:00:00+08:00"))
        let rolled = Self.days.sum(
            of: .until(Fixture.day("2026-01-31")), from: Instant(startOf: Self.first), roll: true)
        #expect(rolled.lastDay == Fixture.day("2026-02-02"))
    }

    @Test("the first of so many working days is one that is worked")
    func firstWorkingDay() {
        // From a Friday.
        let sum = Self.days.sum(
            of: .workingDays(2), from: Fixture.instant("2026-03-06T09:00:00+08:00"), roll: false)
        #expect(sum.firstCounted == Fixture.day("2026-03-09") && sum.lastDay == Fixture.day("2026-03-10"))
        #expect(sum.chinese == "自2026年3月6日起算2个工作日，开始当日不计入，自2026年3月9日计，至2026年3月10日24时止")
        let days = Self.days.sum(of: .days(2), from: Fixture.instant("2026-03-06T09:00:00+08:00"), roll: false)
        #expect(days.firstCounted == Fixture.day("2026-03-07"))
        let none = Self.days.sum(
            of: .workingDays(0), from: Fixture.instant("2026-03-06T09:00:00+08:00"), roll: false)
        #expect(none.firstCounted == Fixture.day("2026-03-07") && none.lastDay == Fixture.day("2026-03-06"))
    }

    @Test("the sum reads as a clerk would say it")
    func chinese() {
        let start = Fixture.instant("2026-03-02T09:00:00+08:00")
        #expect(
            Self.days.sum(of: .days(30), from: start, roll: false).chinese
                == "自2026年3月2日起算30日，开始当日不计入，自2026年3月3日计，至2026年4月1日24时止")
        #expect(
            Self.days.sum(of: .workingDays(7), from: Fixture.instant("2027-03-01T09:00:00+08:00"), roll: false).chinese
                == "自2027年3月1日起算7个工作日，开始当日不计入，自2027年3月2日计，至2027年3月10日24时止（2027年放假安排未导入，按周一至周五计算）")
    }
}
