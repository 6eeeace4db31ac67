import Application
import Casework
import Demo
import Kernel
import Ledger
import Store
import TestKit
import Testing

/// The law changed, not the case: rows follow in the background, step by step, and a rebuild finds them equal.
@Suite("Judging cases anew when the law changes", .serialized)
struct ReevaluationTests {
    private func round(_ world: CaseWorld) -> ReevaluationRound {
        ReevaluationRound(casebook: world.office.casebook, store: world.ledger)
    }

    private func finish(_ world: CaseWorld) async throws {
        var rounds = 0
        while try await round(world).run(limit: 2) {
            rounds += 1
            try #require(rounds < 100)
        }
    }

    private func differences(_ world: CaseWorld) async throws -> [ProjectionDifference] {
        let casebook = world.office.casebook
        return try await Rebuild(world.ledger).compare {
            try await casebook.projectedRows(of: $0, entries: $1)
        }.differences
    }

    /// Takes a text into force as the administrator and the head do.
    static func adopt(_ id: String, from day: String, in world: CaseWorld) async throws {
        let casebook = world.office.casebook
        let text = try #require(try CaseWorld.library.get().newest(id))
        _ = try await casebook.propose(
            RuleChange(
                act: .adopt, digest: text.digest, day: CivilDay(day), approver: .agencyHead, custodian: .unitHead,
                reason: "示例发〔2026〕1号"), command: .random(), by: try await world.performer(world.people.administrator))
        let proposal = try #require(try await casebook.chambers.upkeep().proposals.last)
        _ = try await casebook.confirmProposal(
            proposal.seq, command: .random(), by: try await world.performer(world.people.head))
    }

    @Test("a text that is adopted moves the rows of every open case, whatever happens meanwhile, and a restart goes on")
    func adoption() async throws {
        let world = try await CaseWorld()
        var threads: [ThreadTag] = []
        for _ in 0..<3 { threads.append(try await world.inspection()) }
        threads.append(try await world.penalty())
        try await finish(world)
        #expect(try await round(world).standing() == nil)
        #expect(try await differences(world) == [])

        try await Self.adopt("qinghe", from: "2020-01-01", in: world)
        let stale = try await differences(world)
        #expect(!stale.isEmpty, "the text asks nothing of these cases")
        #expect(stale.allSatisfy { $0.key.table == .obligation })
        let standing = try #require(try await round(world).standing())
        #expect(standing.phase == .open && standing.cases == 0 && isChinese(standing.chinese))

        #expect(try await round(world).run(limit: 1))
        let mark = try #require(try await world.ledger.reevaluation())
        #expect(mark.cases == 1 && mark.phase == .open)
        // A step in a case that was not judged anew yet, and in one that was.
        for thread in threads.prefix(2) {
            world.minute()
            try await world.take(world.visit(place: "清禾县演示工业园"), in: thread, by: world.people.officer1)
        }
        // Another value of the round, as after a restart, goes on behind the mark.
        #expect(try await round(world).run(limit: 1))
        #expect(try await world.ledger.reevaluation()?.cases == 2)
        try await finish(world)
        let end = try #require(try await world.ledger.reevaluation())
        #expect(end.phase == .done && end.changed > 0 && end.finishedAt != nil)
        #expect(try await round(world).standing() == nil)
        #expect(try await differences(world) == [])
        // Nothing was recorded for it.
        let size = try await world.size()
        try await finish(world)
        #expect(try await world.size() == size)
    }

    @Test("a law that changes while cases are judged begins the round anew")
    func again() async throws {
        let world = try await CaseWorld()
        for _ in 0..<3 { _ = try await world.inspection() }
        try await Self.adopt("qinghe", from: "2020-01-01", in: world)
        #expect(try await round(world).run(limit: 2))
        #expect(try await world.ledger.reevaluation()?.cases == 2)
        try await Self.adopt("luanchuan-2020", from: "2020-06-01", in: world)
        #expect(try await round(world).run(limit: 1))
        #expect(try await world.ledger.reevaluation()?.cases == 1)
        try await finish(world)
        #expect(try await differences(world) == [])
    }

    @Test("a calendar that is adopted moves the terms that were counted without one")
    func calendar() async throws {
        let table = try CalendarAdoptionTests.calendar(2027, version: 1, off: "2027-01-04")
        let day = try #require(CivilDay("2026-12-28"))
        let world = try await CaseWorld(today: day.advanced(by: 60), unadopted: [table])
        _ = try await world.inspection()
        try await finish(world)
        let before = try await world.office.casebook.chambers.lawAndChange()
        _ = try await world.office.casebook.adopt(
            calendar: table, command: .random(), by: try await world.performer(world.people.administrator))
        let after = try await world.office.casebook.chambers.lawAndChange()
        #expect(before.change.seq < after.change.seq)
        #expect(try await round(world).standing() != nil)
        try await finish(world)
        #expect(try await round(world).standing() == nil)
        #expect(try await differences(world) == [])
    }

    @Test("rows of a case that moved on are not put in the place of newer ones, and the mark stays")
    func moved() async throws {
        let world = try await CaseWorld()
        let thread = try await world.inspection()
        try await finish(world)
        let mark = try #require(try await world.ledger.reevaluation())
        var next = mark
        next.cases += 1
        let row = try #require(try await world.ledger.obligations(of: thread).first)
        let stale = RefreshedRows(
            thread: thread, seq: try await world.load(thread).work.entries - 1, upserting: [],
            removing: [ProjectionRow.obligation(row).key])
        #expect(try await world.ledger.refresh([stale], mark: next) == [thread])
        #expect(try await world.ledger.reevaluation() == mark)
        #expect(try await differences(world) == [])
    }

    @Test("judging stands aside for pages, and ends all the same where a page never does")
    func pages() async throws {
        let pages = PagesInHand()
        #expect(!pages.isBusy)
        pages.begin()
        pages.begin()
        pages.end()
        #expect(pages.isBusy)

        let world = try await CaseWorld()
        for _ in 0..<2 { _ = try await world.inspection() }
        try await Self.adopt("qinghe", from: "2020-01-01", in: world)
        let round = ReevaluationRound(casebook: world.office.casebook, store: world.ledger, pages: pages)
        while try await round.run() {}
        #expect(try await world.ledger.reevaluation()?.phase == .done)
        #expect(try await differences(world) == [])
        pages.end()
        #expect(!pages.isBusy)
    }

    // MARK: what a change would do

    @Test("a forecast tells what would be asked of each open case, and what is recorded then is what it told")
    func forecast() async throws {
        let world = try await CaseWorld()
        // A penalty case and the inspection that it came from.
        let thread = try await world.penalty()
        let library = try CaseWorld.library.get()
        let text = try #require(library.newest("qinghe"))
        let change = RuleChange(act: .adopt, digest: text.digest, day: CivilDay("2020-01-01"), reason: "")
        let members = try #require(change.draftMembers(in: library))
        let size = try await world.size()
        let told = try await world.office.forecasts.forecast(of: .adopt, members)
        #expect(try await world.size() == size)
        #expect(told.isComplete && told.fault == nil)
        #expect(told.open == 2 && told.compared == 2 && told.affected > 0)
        #expect(told.cases.count == told.affected && told.cases.contains { $0.row.thread == thread })
        #expect(told.appearing + told.vanishing + told.changing == told.cases.flatMap(\.changes).count)
        #expect(told.cases.allSatisfy { $0.changes.allSatisfy { !$0.provisions.isEmpty && isChinese($0.demand) } })

        let before = try await world.evaluation(of: thread)
        try await Self.adopt("qinghe", from: "2020-01-01", in: world)
        let after = try await world.evaluation(of: thread)
        let kinds = RuleForecast.changes(from: before, to: after).map(\.kind)
        #expect(told.cases.first { $0.row.thread == thread }?.changes.map(\.kind) == kinds)

        // What is open and no case is compared too, and counted with the rest.
        _ = try await world.office.casebook.record(
            [
                Fact(
                    .leadReceived, in: .random(),
                    plain: [
                        "channel": "visit", "isRealName": false,
                        "receivedAt": .integer(world.clock.now().milliseconds),
                    ], fields: [.init("target", "清禾县星河纸品厂（演示）", .party)])
            ], by: .person(world.people.officer1.person.thread), command: .random())
        // The other way: what a repeal would take away.
        let repeal: [JSON.Member] = [.init("regulation", "qinghe"), .init("lastDay", "2020-01-01")]
        let gone = try await world.office.forecasts.forecast(of: .repeal, repeal)
        #expect(gone.isComplete && gone.vanishing + gone.changing > 0 && gone.appearing == 0)
        #expect(gone.open == 3 && gone.compared == 3)
        // From a day on that none of the acts has reached, nothing changes.
        let later = RuleChange(
            act: .adopt, digest: try #require(library.newest("hejin-2019")).digest,
            day: CivilDay("2090-01-01"), reason: "")
        let none = try await world.office.forecasts.forecast(
            of: .adopt, try #require(later.draftMembers(in: library)))
        #expect(none.isComplete && none.affected == 0 && none.compared == 3)
    }
}
