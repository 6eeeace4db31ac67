import Casework
import Foundation
import Kernel
import TestKit
import Testing

@Suite("A foreign judge of the calendars", .serialized)
struct CalendarJudgeTests {
    /// Whether the project's Python has the package chinesecalendar.
    static let isAvailable: Bool = {
        guard let python = Judge.python, let work = try? TemporaryDirectory() else { return false }
        return (try? Judge.run(python, ["-c", "import chinese_calendar"], in: work))?.status == 0
    }()

    @Test(
        "chinesecalendar agrees with every day of every year from 2004 to 2026, save the one it does not know",
        .enabled(if: isAvailable || Judge.required, "chinesecalendar is not installed in .venv"))
    func everyDay() throws {
        let python = try #require(Judge.python, "LIUHEN_JUDGES=1 and .venv is missing")
        let work = try TemporaryDirectory()
        var lines = ""
        var count = 0
        for year in 2004...2026 {
            var day = try #require(CivilDay(year: year, month: 1, day: 1))
            while day.parts.year == year {
                lines += "\(day) \(Loaded.calendar.isWorked(day) ? 1 : 0)\n"
                count += 1
                day = day.advanced(by: 1)
            }
        }
        try work.write(Array(lines.utf8), to: "days")
        let judge = Judge.projectRoot.path + "/Tests/Judges/calendarjudge.py"
        let verdict = try Judge.run(python, [judge, work.path + "/days"], in: work)
        #expect(count == 8401)
        #expect(verdict.output == "ok \(count)\n")
        #expect(verdict.status == 0)
    }
}
