import Application
import Casework
import Foundation
import HTTPTypes
import Kernel
import TestKit
import Testing

@testable import Web

@Suite("The calendar of terms")
struct CalendarTests {
    @Test("lines are folded at 75 octets between characters, and unfold to what was written")
    func folding() throws {
        for unit in ["a", "é", "期", "𠮷"] {
            for count in 0...160 {
                let value = String(repeating: "x", count: count % 5) + String(repeating: unit, count: count)
                var calendar = CalendarText(name: "")
                calendar.text("SUMMARY", value)
                let text = String(decoding: calendar.finished(), as: UTF8.self)
                #expect(!text.unicodeScalars.contains("\u{FFFD}"))
                for line in text.components(separatedBy: "\r\n") { #expect(line.utf8.count <= 75) }
                let unfolded = text.replacingOccurrences(of: "\r\n ", with: "")
                #expect(unfolded.contains("\r\nSUMMARY:\(value)\r\n"), "\(count) of \(unit)")
            }
        }
    }

    @Test("what has a meaning in a content line is escaped, and a line end in a value begins no property")
    func escaping() {
        var calendar = CalendarText(name: "")
        calendar.text("SUMMARY", "a;b,c\\d\r\nATTACH:file\u{0}\u{7f}")
        let text = String(decoding: calendar.finished(), as: UTF8.self)
        #expect(text.contains("\r\nSUMMARY:a\\;b\\,c\\\\d\\nATTACH:file\r\n"))
    }

    @Test("a term in days is a whole day, its last; a term in hours is an instant of China's time")
    func terms() throws {
        let day = try #require(CivilDay(year: 2026, month: 10, day: 9))
        #expect(CalendarEvent.Term(Instant(startOf: day.advanced(by: 1))) == .day(day))
        #expect(CalendarEvent.Term(Instant(startOf: day.advanced(by: 1)).advanced(byMilliseconds: -1)) == .day(day))
        let due = Instant(day, hour: 10, minute: 30)
        var calendar = CalendarText(name: "办案期限")
        for term in [CalendarEvent.Term.day(day), .init(due)] {
            calendar.add(
                CalendarEvent(id: "u@liuhen", term: term, summary: "s", description: "d", url: "http://h/x"),
                stamp: Instant(day, hour: 7, minute: 5, second: 9))
        }
        let text = String(decoding: calendar.finished(), as: UTF8.self)
        #expect(text.contains("DTSTART;VALUE=DATE:20261009\r\nDTEND;VALUE=DATE:20261010\r\n"))
        #expect(text.contains("DTSTART;TZID=Asia/Shanghai:20261009T103000\r\n"))
        #expect(text.contains("DTSTAMP:20261008T230509Z\r\n"))
        #expect(text.contains("TRIGGER:-PT15H\r\n") && text.contains("TRIGGER:-PT2H\r\n"))
    }

    @Test("an address made with the secret shows its person's terms to whoever has it, no party, and ends when revoked")
    func subscribed() async throws {
        let world = try await Self.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let page = try await officer.get(world.address.calendar)
            let fields: Fields = [
                ForgeryGuard.field: try await officer.token(),
                FormFrame.commandField: try #require(page.hidden(FormFrame.commandField)),
            ]
            let wrong = try await officer.post(world.address.calendar, fields.adding("secret", "not the secret"))
            #expect(wrong.status == 422)
            let made = try await officer.post(world.address.calendar, fields.adding("secret", WebWorld.secret))
            #expect(made.status == 200)
            let path = try #require(
                made.body.range(of: "/b/\(world.tag)/calendar/liuhen-").map {
                    "/b/\(world.tag)/calendar/liuhen-" + made.body[$0.upperBound...].prefix { $0 != "<" }
                })
            let answer = try await browser.get(path)
            #expect(answer.status == 200 && answer.headers[.contentType] == "text/calendar; charset=utf-8")
            #expect(answer.headers[.cacheControl]?.contains("no-store") == true)
            let text = answer.body.replacingOccurrences(of: "\r\n ", with: "")
            #expect(text.contains("SUMMARY:补报立案审批。") && text.contains("SUMMARY:已逾期：送达决定书。"))
            // What has no term, what is another's to do, and other people's cases are not in it.
            #expect(text.components(separatedBy: "BEGIN:VEVENT").count == 3)
            for secret in ["某厂", "星河"] { #expect(!text.contains(secret)) }
            #expect(!(try await officer.get(world.address.calendar).body.contains(path)))
            // The same terms as a file, for whoever is signed in.
            let file = try await officer.get(world.address.calendarFile)
            #expect(file.status == 200 && file.body.components(separatedBy: "BEGIN:VEVENT").count == 3)

            let head = try await browser.signedIn("agencyhead")
            let heads = try await head.get(world.address.calendarFile)
            #expect(heads.body.contains("SUMMARY:审批决定。"))
            #expect(heads.body.components(separatedBy: "BEGIN:VEVENT").count == 2)

            let token = try #require(
                TokenText(path.dropLast(4).split(separator: "/").last.map { Array($0.utf8) } ?? []))
            let ended = try await officer.post(
                "\(world.address.calendar)/revocation",
                [ForgeryGuard.field: try await officer.token(), "token": token.id.description])
            #expect(ended.status == 303)
            #expect(try await browser.get(path).status == 404)
        }
    }

    @Test("the address opens the calendar alone, and no other token opens a calendar")
    func alone() async throws {
        let world = try await Self.world()
        try await world.serve { browser in
            let mine = try await world.token(of: "officer", [.readCalendar]).text
            #expect(try await browser.get(world.address.calendar(mine)).status == 200)
            let program = Program(browser: browser, tag: world.tag, token: mine.wholeText)
            let refused = try await program.get("/cases")
            #expect(refused.status == 403 && refused.code == "scope-needed")
            let other = try await world.token(of: "officer", [.readCases]).text
            #expect(try await browser.get(world.address.calendar(other)).status == 404)
            await #expect(throws: StepRefusal.self) {
                _ = try await world.token(of: "officer", [.readCases, .readCalendar])
            }
            for name in ["x.ics", "\(mine.wholeText)", "\(mine.wholeText).txt", "liuhen-00-00.ics"] {
                #expect(try await browser.get("\(world.address.base)/calendar/\(name)").status == 404, "\(name)")
            }
        }
    }

    /// Two of the officer's terms, one of them late; one without term; one of the head's; one in another's case.
    private static func world() async throws -> WebWorld {
        let world = try await WebWorld()
        let officer = try #require(world.people[.officer]?.thread)
        let now = world.clock.now()
        for (number, handler) in [officer, ThreadTag(high: 9, low: 9)].enumerated() {
            let thread = ThreadTag(high: 7, low: UInt64(number))
            world.registers.put(
                .caseFile(
                    CaseRow(
                        thread: thread, kind: "penalty", title: "星河案", subject: thread, subjectName: "某厂",
                        handlers: [handler], stage: .decision, state: .open, openedAt: now, endedAt: nil, filedAt: nil,
                        lastAt: now, entries: 3)))
            for (key, title, who, days) in [
                ("a", "补报立案审批。", "handler", 1), ("b", "送达决定书。", "handler", -1), ("c", "审批决定。", "agencyHead", 3),
                ("d", "整理证据。", "handler", nil),
            ] where number == 0 || key == "a" {
                let due = days.map { now.advanced(byMilliseconds: Int64($0) * 86_400_000) }
                world.registers.put(
                    .obligation(
                        ObligationRow(
                            caseThread: thread, key: key, matter: "m", state: .open, title: title,
                            provisions: ["zhaoxian-2017:8"], gate: "pre", who: who, due: due,
                            lateFrom: due?.advanced(byMilliseconds: 1))))
            }
        }
        return world
    }
}
