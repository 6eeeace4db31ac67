import Application
import Casework
import Demo
import Kernel
import Rulebook
import TestKit
import Testing

@Suite("Adopting a year's public holidays", .serialized)
struct CalendarAdoptionTests {
    static func calendar(_ year: Int, version: Int, off day: String) throws -> LoadedCalendar {
        let text = """
            year: \(year)
            version: \(version)
            source: 国务院办公厅关于\(year)年部分节假日安排的通知（示例）
            holidays:
              - { name: 元旦, from: \(day), to: \(day) }
            """
        return try RuleFiles.calendar(Array(text.utf8), file: "\(year).yaml")
    }

    @Test("a year is adopted by the administrator, once, and counts from then on; a later version replaces it")
    func adoption() async throws {
        let first = try Self.calendar(2027, version: 1, off: "2027-01-01")
        let second = try Self.calendar(2027, version: 2, off: "2027-01-04")
        let stranger = try Self.calendar(2028, version: 1, off: "2028-01-03")
        let world = try await CaseWorld(unadopted: [first, second])
        let casebook = world.office.casebook
        let administrator = try await world.performer(world.people.administrator)
        func adopt(_ calendar: LoadedCalendar, by performer: Performer) async throws {
            _ = try await casebook.adopt(calendar: calendar, command: .random(), by: performer)
        }
        func isWorked(_ day: String) async throws -> Bool {
            try await casebook.chambers.law().calendar.isWorked(try #require(CivilDay(day)))
        }
        let head = try await world.performer(world.people.head)
        let unconfirmed = try await world.performer(world.people.administrator, confirmed: false)
        for (performer, code) in [(head, StepRefusal.Code.notAllowed), (unconfirmed, .secretNeeded)] {
            let refusal = try await world.refusal("\(code)") { try await adopt(first, by: performer) }
            #expect(refusal?.code == code)
        }
        let unknown = try await world.refusal("a file that is not there") {
            try await adopt(stranger, by: administrator)
        }
        #expect(unknown?.message == "2028年第1版放假安排的文件不在程序的制度目录里，请用导入命令导入。")

        // Unadopted, the file has no effect.
        #expect(try await casebook.chambers.law().calendar.knows(try #require(CivilDay("2027-01-01"))) == false)
        #expect(try await isWorked("2027-01-01"))
        let command = CommandID.random()
        let receipt = try await casebook.adopt(calendar: first, command: command, by: administrator)
        #expect(try await casebook.chambers.profile().calendars[2027] == first.digest)
        #expect(try await !isWorked("2027-01-01"))
        // The same command again is answered as before.
        let size = try await world.size()
        let again = try await casebook.adopt(calendar: first, command: command, by: administrator)
        #expect(again.repeated && again.indices == receipt.indices)
        #expect(try await world.size() == size)
        let twice = try await world.refusal("twice") { try await adopt(first, by: administrator) }
        #expect(twice?.message == "本机关已经采用2027年的这份放假安排。")

        try await adopt(second, by: administrator)
        #expect(try await isWorked("2027-01-01"))
        #expect(try await !isWorked("2027-01-04"))
        let back = try await world.refusal("back") { try await adopt(first, by: administrator) }
        #expect(back?.message == "本机关采用的2027年放假安排是第2版，不能退回第1版。")
    }
}
