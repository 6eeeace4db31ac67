import Casework
import Kernel
import TestKit
import Testing

@Suite("Terms that change in the case: standstill, extension, new start, a higher rule")
struct TermChangeTests {
    static func part(_ history: History, _ term: Term, asOf: String? = nil) throws -> ObligationPart {
        let text = Fixture.text("one", Fixture.finding(within: term))
        let found = Evaluator.evaluate(
            history: history.records, rules: try Fixture.rules(Fixture.span(text)), calendar: Loaded.calendar,
            asOf: asOf.flatMap { Instant($0) })
        return try #require(found.parts(of: "one:1").first)
    }

    static let opened = History().at("2026-03-02 09:00").opened(kind: "inspection")

    static func change(_ history: History, _ type: EntryType, at time: String, _ members: [JSON.Member] = []) -> History
    {
        history.at(time).told(type, [.init("matter", "thing")] + members)
    }

    @Test("hours that stood still run on for exactly as long as they stood")
    func hours() throws {
        let term = Term(.hours(24), from: [.happened], changes: [.suspended])
        var history = Self.change(Self.opened, .termSuspended, at: "2026-03-02 12:00")
        #expect(try Self.part(history, term).due == nil)
        #expect(try Self.part(history, term).notes.contains { $0.contains("中止") })
        #expect(try Self.part(history, term).standingSince == Fixture.instant("2026-03-02 12:00"))
        history = Self.change(history, .termResumed, at: "2026-03-04 13:30")
        let part = try Self.part(history, term)
        #expect(part.standingSince == nil)
        #expect(part.due == Fixture.instant("2026-03-05 10:30"))
        #expect(part.term?.chinese.contains("中止") == true)
    }

    @Test("days move by the days between, working days by the working days between, and the end rolls again")
    func days() throws {
        for (length, roll, last) in [
            (Term.Length.days(30), true, "2026-04-09"),
            (.days(33), true, "2026-04-13"),  // 11 April is a Saturday, moved to Monday
            (.days(33), false, "2026-04-12"),
            (.workingDays(3), false, "2026-03-11"),
        ] {
            let term = Term(length, from: [.happened], roll: roll, changes: [.suspended])
            var history = Self.change(Self.opened, .termSuspended, at: "2026-03-03 10:00")
            history = Self.change(history, .termResumed, at: "2026-03-11 10:00")
            let found = try Self.part(history, term).term?.lastDay?.description
            // 3 to 11 March: eight natural days, six of them working days.
            #expect(found == (length == .workingDays(3) ? "2026-03-13" : last), "\(length)")
        }
    }

    @Test("an extension counts only if it was approved before the end, by somebody, to a later day")
    func extended() throws {
        let term = Term(.days(10), from: [.happened], changes: [.extended])
        let until: [JSON.Member] = [.init("untilDay", "2026-04-01"), .init("approvedBy", .string(Names.id("局长")))]
        let intime = Self.change(Self.opened, .termExtended, at: "2026-03-12 23:00", until)
        #expect(try Self.part(intime, term).term?.lastDay == Fixture.day("2026-04-01"))
        let late = Self.change(Self.opened, .termExtended, at: "2026-03-13 00:00", until)
        #expect(try Self.part(late, term).term?.lastDay == Fixture.day("2026-03-12"))
        let nobody = Self.change(Self.opened, .termExtended, at: "2026-03-05 09:00", [until[0]])
        #expect(try Self.part(nobody, term).term?.lastDay == Fixture.day("2026-03-12"))
        let shorter = Self.change(
            Self.opened, .termExtended, at: "2026-03-05 09:00", [.init("untilDay", "2026-03-06"), until[1]])
        #expect(try Self.part(shorter, term).term?.lastDay == Fixture.day("2026-03-12"))
        #expect(try Self.part(late, term).notes.contains { $0.contains("延长") })
    }

    @Test(
        "a new start counts the whole term again; a change of another matter, or one that the term does not allow, is nothing"
    )
    func restarted() throws {
        let term = Term(.days(10), from: [.happened], changes: [.restarted])
        let again = Self.change(Self.opened, .termRestarted, at: "2026-03-12 23:59")
        #expect(try Self.part(again, term).term?.lastDay == Fixture.day("2026-03-22"))
        let late = Self.change(Self.opened, .termRestarted, at: "2026-03-13 00:00")
        #expect(try Self.part(late, term).term?.lastDay == Fixture.day("2026-03-12"))
        #expect(try Self.part(late, term).notes.contains { $0.contains("期限届满以后") })
        let other = Self.opened.at("2026-03-20 09:00").told(.termRestarted, [.init("matter", "else")])
        #expect(try Self.part(other, term).term?.lastDay == Fixture.day("2026-03-12"))
        let plain = Term(.days(10), from: [.happened])
        #expect(try Self.part(again, plain).term?.lastDay == Fixture.day("2026-03-12"))
    }

    @Test("a higher rule takes the place of the term, or of the row, from the day it is set and with its article named")
    func higher() throws {
        let term = Term(.days(10), from: [.happened])
        func over(_ effect: JSON, _ more: [JSON.Member] = [], fields: [String: JSON], first: Bool = true) -> History {
            let told = History().at("2026-03-01 09:00")
                .told(
                    .ruleOverridden, in: "bureau", [.init("provision", "one:1"), .init("effect", effect)] + more,
                    fields: fields)
            return first ? told.then(Self.opened) : Self.opened.then(told.at("2026-03-03 09:00"))
        }
        let named: [String: JSON] = ["higherRule": "上位办法", "article": "第三条"]
        let hours = over("term", [.init("unit", "hours"), .init("length", 48)], fields: named)
        #expect(try Self.part(hours, term).due == Fixture.instant("2026-03-04 09:00"))
        #expect(try Self.part(over("off", fields: named), term).state == .excused)
        #expect(try Self.part(over("off", fields: ["higherRule": "上位办法"]), term).state == .open)
        let late = Self.opened.at("2026-03-03 09:00").told(
            .ruleOverridden, in: "bureau", [.init("provision", "one:1"), .init("effect", "off")], fields: named)
        #expect(try Self.part(late, term).state == .open)
    }

    @Test("31 January is the first on or after the start")
    func dayOfYear() throws {
        let term = Term(.dayOfYear(month: 1, day: 31), from: [.happened])
        #expect(try Self.part(Self.opened, term).term?.lastDay == Fixture.day("2027-01-31"))
        let january = History().at("2026-01-31 23:00").opened(kind: "inspection")
        #expect(try Self.part(january, term).term?.lastDay == Fixture.day("2026-01-31"))
        let leap = Term(.dayOfYear(month: 2, day: 29), from: [.happened])
        #expect(try Self.part(Self.opened, leap).term?.lastDay == Fixture.day("2027-02-28"))
    }
}
