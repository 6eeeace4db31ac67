import Casework
import Kernel
import TestKit
import Testing

@Suite("Terms that begin where another ends, and their sums in words")
struct ChainedTermTests {
    static func term(roll: Bool, then: [Term.Stage], changes: Set<Term.Change> = []) -> Term {
        Term(.months(6), from: [.happened], roll: roll, then: then, changes: changes)
    }

    static func last(_ start: String, _ term: Term) throws -> String? {
        let history = History().at(start).opened(kind: "inspection")
        return try TermChangeTests.part(history, term).term?.lastDay?.description
    }

    @Test("months are counted from the end of those before, not from the start of all")
    func months() throws {
        let three = [Term.Stage(.months(.fixed(3)))]
        // 28 February 2026 is a Saturday that is worked; 28 May is the corresponding day, 31 May is not.
        #expect(try Self.last("2025-08-31 10:00", Self.term(roll: false, then: three)) == "2026-05-28")
        #expect(try Self.last("2025-08-31 10:00", Term(.months(9), from: [.happened])) == "2026-05-31")
        // 1 August 2026 is a Saturday: with its roll the next begins on the Monday.
        #expect(try Self.last("2026-02-01 10:00", Self.term(roll: false, then: three)) == "2026-11-01")
        #expect(try Self.last("2026-02-01 10:00", Self.term(roll: true, then: three)) == "2026-11-03")
    }

    @Test("each further term rolls by itself; days and working days follow likewise")
    func stages() throws {
        func last(_ stage: Term.Stage) throws -> String? {
            try Self.last("2026-02-01 10:00", Self.term(roll: false, then: [stage]))
        }
        #expect(try last(Term.Stage(.months(.fixed(3)), roll: true)) == "2026-11-02")
        #expect(try last(Term.Stage(.days(.fixed(10)))) == "2026-08-11")
        #expect(try last(Term.Stage(.workingDays(.fixed(2)))) == "2026-08-04")
        let both = [Term.Stage(.months(.fixed(3))), Term.Stage(.days(.fixed(1)), roll: true)]
        #expect(try Self.last("2026-02-01 10:00", Self.term(roll: false, then: both)) == "2026-11-02")
    }

    @Test("a standstill moves the end of all of it; a new start counts all of it again")
    func changed() throws {
        let three = [Term.Stage(.months(.fixed(3)), roll: true)]
        let term = Self.term(roll: true, then: three, changes: [.suspended, .restarted, .extended])
        let opened = History().at("2025-08-31 10:00").opened(kind: "inspection")
        var history = TermChangeTests.change(opened, .termSuspended, at: "2026-03-02 09:00")
        history = TermChangeTests.change(history, .termResumed, at: "2026-03-12 09:00")
        let stood = try TermChangeTests.part(history, term)
        #expect(stood.term?.lastDay == Fixture.day("2026-06-08"))
        #expect(stood.term?.chinese.hasPrefix("先自2025年8月31日起算6个月") == true)
        let anew = TermChangeTests.change(opened, .termRestarted, at: "2025-09-30 09:00")
        // To 30 March 2026, a Monday, and three months on.
        #expect(try TermChangeTests.part(anew, term).term?.lastDay == Fixture.day("2026-06-30"))
    }

    @Test("a higher rule that sets a term sets all of it")
    func higher() throws {
        let term = Self.term(roll: false, then: [Term.Stage(.months(.fixed(3)))])
        let history = History().at("2026-03-01 09:00").told(
            .ruleOverridden, in: "bureau",
            [
                .init("provision", "one:1"), .init("effect", "term"), .init("unit", "days"), .init("length", 10),
            ], fields: ["higherRule": "示例条例", "article": "第一条"]
        ).at("2026-03-02 09:00").opened(kind: "inspection")
        #expect(try TermChangeTests.part(history, term).term?.lastDay == Fixture.day("2026-03-12"))
    }

    @Test("the sum says where the first ends and the next begins")
    func words() throws {
        let term = Self.term(roll: true, then: [Term.Stage(.months(.fixed(3)), roll: true)])
        let part = try TermChangeTests.part(History().at("2026-02-01 10:00").opened(kind: "inspection"), term)
        #expect(
            part.term?.chinese
                == "先自2026年2月1日起算6个月，开始当日不计入，自2026年2月2日计，2026年8月1日届满，因逢休息日顺延至2026年8月3日24时止；"
                + "再自2026年8月3日起算3个月，开始当日不计入，自2026年8月4日计，至2026年11月3日24时止")
        #expect(term.chinese([:]) == "自发生时间起6个月内，逢休息日顺延，届满之日起再3个月内，逢休息日顺延")
    }

    @Test("a year without calendar in any part of it is named once")
    func unpublished() throws {
        let term = Self.term(roll: true, then: [Term.Stage(.months(.fixed(3)), roll: true)])
        let part = try TermChangeTests.part(History().at("2026-08-31 10:00").opened(kind: "inspection"), term)
        // 28 February 2027 is a Sunday; Monday to Friday are worked as far as anybody knows.
        #expect(part.term?.lastDay == Fixture.day("2027-06-01"))
        #expect(part.term?.yearsWithoutCalendar == [2027])
        #expect(part.notes == ["2027年放假安排未导入，按周一至周五计算"])
    }

    @Test("a term of no days ends on the day itself, and says so")
    func none() throws {
        let part = try TermChangeTests.part(
            History().at("2026-03-02 09:00").opened(kind: "inspection"), Term(.days(0), from: [.happened]))
        #expect(part.term?.chinese == "自2026年3月2日起算0日，当日，至2026年3月2日24时止")
        #expect(part.term?.lastDay == Fixture.day("2026-03-02"))
    }
}
