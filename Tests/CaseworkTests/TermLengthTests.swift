import Casework
import Kernel
import Testing

@Suite("Terms as they are typed")
struct TermLengthTests {
    static func line(_ start: String, _ length: String, roll: Bool = false) throws -> String {
        let instant = try #require(Instant(start))
        return Loaded.calendar.sum(of: try TermLength(typed: length), from: instant, roll: roll).line
    }

    @Test(
        "a term's result in one line",
        arguments: [
            ("2026-09-30T10:00+08:00", "2wd", false, "last day 2026-10-09, late from 2026-10-10T00:00:00+08:00"),
            ("2026-09-30T10:00+08:00", "24h", false, "2026-10-01T10:00:00+08:00"),
            ("2026-09-30T10:00:05+08:00", "48h", true, "2026-10-02T10:00:05+08:00"),
            ("2026-09-30T02:00:00Z", "24h", false, "2026-10-01T10:00:00+08:00"),
            ("2026-09-30T10:00+08:00", "3d", false, "last day 2026-10-03, late from 2026-10-04T00:00:00+08:00"),
            // Until 7 October are days off, 10 October is a Saturday worked.
            ("2026-09-30T10:00+08:00", "3d", true, "last day 2026-10-08, late from 2026-10-09T00:00:00+08:00"),
            ("2026-09-30T10:00+08:00", "10d", true, "last day 2026-10-10, late from 2026-10-11T00:00:00+08:00"),
            ("2026-08-31T10:00+08:00", "1m", false, "last day 2026-09-30, late from 2026-10-01T00:00:00+08:00"),
            ("2026-09-01T10:00+08:00", "1m", true, "last day 2026-10-08, late from 2026-10-09T00:00:00+08:00"),
            ("2005-12-30T10:00+08:00", "1wd", false, "last day 2005-12-31, late from 2006-01-01T00:00:00+08:00"),
            ("2026-09-30T10:00+08:00", "0wd", false, "last day 2026-09-30, late from 2026-10-01T00:00:00+08:00"),
        ])
    func lines(start: String, length: String, roll: Bool, expected: String) throws {
        #expect(try Self.line(start, length, roll: roll) == expected)
    }

    @Test("a term that runs into a year without calendar says so; one in hours or natural days does not ask")
    func unpublished() throws {
        let start = try #require(Instant("2026-12-30T10:00+08:00"))
        func years(_ length: String, roll: Bool = false) throws -> [Int] {
            Loaded.calendar.sum(of: try TermLength(typed: length), from: start, roll: roll).yearsWithoutCalendar
        }
        #expect(try years("1wd") == [])
        #expect(try years("2wd") == [2027])
        #expect(try years("300wd") == [2027, 2028])
        #expect(try years("5d") == [])
        #expect(try years("5d", roll: true) == [2027])
        #expect(try years("100h") == [])
    }

    @Test("every unit is counted up to its bound, and nothing beyond it")
    func bounds() throws {
        for (length, expected): (String, TermLength) in [
            ("25000wd", .workingDays(25_000)), ("876000h", .hours(876_000)), ("36500d", .days(36_500)),
            ("1200m", .months(1200)), ("007d", .days(7)),
        ] {
            #expect(try TermLength(typed: length) == expected)
            _ = try Self.line("2026-09-30T10:00+08:00", length, roll: true)
        }
        for length in [
            "25001wd", "876001h", "36501d", "1201m", "99999999999999999999d", "9223372036854775807h",
        ] {
            let error = #expect(throws: TermLength.Unreadable.self) { try TermLength(typed: length) }
            #expect(error?.chinese.contains("太长") == true, "\(length)")
        }
    }

    @Test(
        "what is no length is refused in Chinese, with the spelling that would be right",
        arguments: ["", "2", "wd", "-2wd", "+2d", "2 wd", "2w", "2WD", "2.5d", "２wd", "2wd ", "两d", "2dd", "0x2d"])
    func unreadable(text: String) {
        let error = #expect(throws: TermLength.Unreadable.self) { try TermLength(typed: text) }
        #expect(error?.chinese == "期限应写成 24h（小时）、30d（日）、2wd（工作日）或者 3m（月），写成“\(text)”无法读取。")
    }
}
