import Casework
import Kernel
import Rulebook
import TestKit
import Testing

@Suite("Files of public holidays")
struct CalendarFileTests {
    static let good = """
        year: 2027
        source: 国务院办公厅关于2027年部分节假日安排的通知（示例）
        holidays:
          - { name: 元旦, from: 2026-12-31, to: 2027-01-02, make-up: [2026-12-27, 2027-01-03] }
          - { name: 春节, from: 2027-02-05, to: 2027-02-11, make-up: [2027-02-14] }
        """

    static func messages(_ text: String) -> [String] {
        do {
            _ = try RuleFiles.calendar(Array(text.utf8), file: "2027.yaml")
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("a sound file is read: New Year's holiday and its make-up day may lie in the year before")
    func sound() throws {
        #expect(Self.messages(Self.good) == [])
        let loaded = try RuleFiles.calendar(Array(Self.good.utf8), file: "2027.yaml")
        #expect(loaded.year.version == 1)
        #expect(loaded.file == "2027.yaml")
        #expect(loaded.year.holidays.map(\.days.count) == [3, 7])
        let days = WorkingDays(years: [loaded.year])
        #expect(CivilDay("2026-12-27").map(days.isWorked) == true)
        #expect(CivilDay("2026-12-31").map(days.isWorked) == false)
        #expect(CivilDay("2027-01-01").map(days.isWorked) == false)
        #expect(CivilDay("2027-02-08").map(days.isWorked) == false)
    }

    @Test(
        "a wrong file is refused in Chinese, at the place",
        arguments: [
            ("to: 2027-02-11", "to: 2027-02-30", "2027.yaml:5:39: [value] 末日“2027-02-30”是日历上没有的日子"),
            ("to: 2027-02-11", "to: 2月11日", "2027.yaml:5:39: [value] 末日应是形如 2017-05-01 的日期，写成“2月11日”无法读取"),
            (
                "2027-02-05, to: 2027-02-11", "2027-01-02, to: 2027-01-08",
                "2027.yaml:5:5: [contradiction] 节日“春节”与“元旦”重叠，都有2027-01-02"
            ),
            ("[2027-02-14]", "[2027-02-06]", "2027.yaml:5:61: [contradiction] 调休上班日“2027-02-06”落在节日“春节”之内"),
            ("[2027-02-14]", "[2027-01-02]", "2027.yaml:5:61: [contradiction] 调休上班日“2027-01-02”落在节日“元旦”之内"),
            ("[2027-02-14]", "[2027-01-03]", "2027.yaml:5:61: [duplicate] 调休上班日“2027-01-03”写了两次（“元旦”“春节”）"),
            ("[2027-02-14]", "[2027-02-15]", "2027.yaml:5:61: [contradiction] 调休上班日“2027-02-15”不是星期六或星期日"),
            ("[2027-02-14]", "[2028-02-13]", "2027.yaml:5:61: [contradiction] 调休上班日“2028-02-13”不在2027年"),
            ("[2027-02-14]", "[2026-11-29]", "2027.yaml:5:61: [contradiction] 调休上班日“2026-11-29”不在2027年"),
            ("to: 2027-02-11", "to: 2028-02-11", "2027.yaml:5:23: [contradiction] 首日应不晚于末日，相距不超过一个月"),
            ("to: 2027-02-11", "to: 2027-02-04", "2027.yaml:5:23: [contradiction] 首日应不晚于末日，相距不超过一个月"),
            (
                "from: 2027-02-05, to: 2027-02-11", "from: 2026-02-05, to: 2026-02-11",
                "2027.yaml:5:23: [contradiction] 节日“春节”不在2027年"
            ),
            (
                "from: 2027-02-05, to: 2027-02-11", "from: 2027-12-31, to: 2028-01-02",
                "2027.yaml:5:23: [contradiction] 节日“春节”的末日不在2027年"
            ),
            (
                "year: 2027", "year: 99999999999999999999",
                "2027.yaml:1:7: [value] 年份应是 1949 到 9998 的整数，写成“99999999999999999999”无法读取"
            ),
            ("year: 2027", "year: 2027\nversion: 0", "2027.yaml:2:10: [value] 版本应是 1 到 99 的整数，写成“0”无法读取"),
            ("name: 春节", "name: \"\"", "2027.yaml:5:13: [value] 节日名不能为空"),
        ] as [(String, String, String)])
    func wrong(old: String, new: String, message: String) {
        let messages = Self.messages(Self.good.replacing(old, with: new))
        #expect(messages.contains(message), "\(messages)")
    }

    @Test("a year of no holidays, or of more than any notice had, is refused")
    func counts() {
        let head = "year: 2027\nsource: 示例\nholidays:"
        #expect(Self.messages(head + " []") == ["2027.yaml:3:11: [value] 放假安排里一个节日也没有"])
        let many = (1...41).map { _ in "\n  - { name: 元旦, from: 2027-01-01, to: 2027-01-01 }" }.joined()
        #expect(Self.messages(head + many) == ["2027.yaml:4:3: [value] 一年最多写40个节日，现有41个"])
        let huge = String(repeating: "- 1\n", count: 300_000)
        #expect(Self.messages(huge).first?.contains("1 MiB") == true)
    }

    // MARK: beside the others

    static func beside(_ text: String, _ library: RuleLibrary = Sample.library) -> [String] {
        do {
            _ = try RuleFiles.calendar(Array(text.utf8), file: "new.yaml", beside: library)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("a year comes in as its first version and changes as the next; the old one stays")
    func versions() throws {
        #expect(Self.beside(Self.good) == [])
        #expect(
            Self.beside(Self.good.replacing("year: 2027", with: "year: 2027\nversion: 2"))
                == ["new.yaml: [contradiction] 2027年还没有放假安排，这是第一份，不写 version 或者写 version: 1"])
        var library = Sample.library
        let first = try RuleFiles.calendar(Array(Self.good.utf8), file: "2027.yaml")
        library.calendars.append(first)
        #expect(Self.beside(Self.good, library) == [], "the same file again")
        let changed = Self.good.replacing("2027-02-14", with: "2027-02-13")
        #expect(
            Self.beside(changed, library) == [
                "new.yaml: [contradiction] 2027年已有第1版；安排有变动的，请在文件中写 version: 2"
            ])
        let second = changed.replacing("year: 2027", with: "year: 2027\nversion: 2")
        #expect(Self.beside(second, library) == [])
        let loaded = try RuleFiles.calendar(Array(second.utf8), file: "new.yaml", beside: library)
        #expect(loaded.file == "2027-2.yaml")
        library.calendars.append(loaded)
        #expect(library.newestCalendars.last == loaded)
        #expect(CivilDay("2027-02-14").map(library.workingDays.isWorked) == false)
        #expect(CivilDay("2027-02-13").map(library.workingDays.isWorked) == true)
    }

    @Test("a day off that the year before has worked is refused")
    func neighbours() {
        let late = """
            year: 2027
            source: 示例
            holidays:
              - { name: 元旦, from: 2027-01-01, to: 2027-01-03, make-up: [2026-12-26] }
            """
        #expect(Self.beside(late) == [])
        var library = Sample.library
        let before = HolidayYear.Holiday(
            name: "示例", from: CivilDay("2026-12-26") ?? .init(number: 0), to: CivilDay("2026-12-26") ?? .init(number: 0)
        )
        if let index = library.calendars.firstIndex(where: { $0.year.year == 2026 }) {
            var year = library.calendars[index].year
            year.holidays.append(before)
            library.calendars[index] = LoadedCalendar(year: year, digest: library.calendars[index].digest)
        }
        #expect(
            Self.beside(late, library)
                == ["calendars/2027.yaml: [contradiction] 2026-12-26 在这里上班，在 calendars/2026.yaml 里放假"])
    }

    @Test("two versions of a year load together under their own names, and under no other")
    func directory() throws {
        let directory = try RuleFilesTests.copy()
        let second = Self.good.replacing("year: 2027", with: "year: 2027\nversion: 2")
        try directory.write(Array(Self.good.utf8), to: "Regulations/calendars/2027.yaml")
        try directory.write(Array(second.utf8), to: "Regulations/calendars/2027-2.yaml")
        #expect(RuleFilesTests.problems(in: directory) == [])
        try directory.write(Array(second.utf8), to: "Regulations/calendars/2027-3.yaml")
        #expect(
            RuleFilesTests.problems(in: directory) == ["calendars/2027-3.yaml: [contradiction] 文件名应是 2027-2.yaml"])
    }
}
