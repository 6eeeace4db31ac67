import Application
import Casework
import Demo
import Kernel
import Ledger
import Store
import TestKit
import Testing

/// Whoever leaves hands over what others can take over, each thing by the step that there is for it; a tick does not do it.
@Suite("What a leaver leaves", .serialized)
struct LeaverTests {
    private func close(_ member: DemoPeople.Member, in world: CaseWorld) async throws {
        world.minute()
        _ = try await world.office.casebook.closeAccount(
            of: member.person.thread, reason: "调离。", command: .random(),
            by: try await world.performer(world.people.administrator))
    }

    private func missing(_ member: DemoPeople.Member, in world: CaseWorld) async throws -> [String] {
        let refusal = try #require(
            try await world.refusal("closed \(member.person.name)") { try await close(member, in: world) })
        #expect(refusal.code == .outOfOrder && refusal.message.contains("重置密码"))
        return refusal.reasons.map(\.missing)
    }

    @Test("a case goes to other officers first, and a draft to another reviewer")
    func casesAndDrafts() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let casebook = world.office.casebook
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        try await world.hear(in: thread)
        var draft = world.drafting()
        draft.unitReviewer = people.officer3.person.thread
        try await world.take(draft, in: thread, by: people.officer1)
        let work = try await casebook.openWork(of: people.officer3.person.thread)
        #expect(work.reviews == [thread] && work.running == 0)
        #expect(try await missing(people.officer3, in: world).first?.contains("草拟的决定写明由本人审查") == true)
        // Two cases: the penalty case and the inspection that it came from.
        #expect(try await missing(people.officer2, in: world) == ["有 2 个案件没有办结"])
        try await world.take(world.drafting(), in: thread, by: people.officer1)
        #expect(try await casebook.openWork(of: people.officer3.person.thread).isEmpty)
        let inspection = try #require(try await world.load(thread).work.foundBy?.thread)
        for one in [thread, inspection] {
            try await world.take(
                ChangeHandlers(
                    handlers: [people.officer1.person.thread, people.officer3.person.thread], reason: "调离。"), in: one,
                by: people.head)
        }
        try await close(people.officer2, in: world)
        #expect(try await world.ledger.person(people.officer2.person.thread)?.accountState == .closed)
        #expect(try await missing(people.officer3, in: world) == ["有 2 个案件没有办结"])
    }

    @Test("what nobody else may do keeps the account open until somebody else may")
    func onlyOne() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let casebook = world.office.casebook
        let thread = try await world.inspection(finding: nil)
        world.minute(30)
        // The bureau is left with one head.
        try await close(people.deputy, in: world)
        try await world.take(world.visit(place: "清禾县别的街"), in: thread, by: people.officer1)
        try await world.take(
            ProposeCorrection(
                target: try await world.load(thread).work.entries, member: "place", value: .text("清禾县演示工业园"),
                reason: "笔误"), in: thread, by: people.officer1)
        let words = try await casebook.openWork(of: people.head.person.thread).words
        #expect(words.map(\.matter) == [.correction] && words.map(\.thread) == [thread])
        let told = try await missing(people.head, in: world)
        #expect(told.count == 1 && told[0].contains("决定更正申请") && told[0].contains("\(thread)".prefix(8)))
        let second = NewPerson(
            thread: .random(), name: "岑望舒（演示）", section: "检查科", roles: [.departmentHead], account: "cen")
        _ = try await casebook.record(
            try second.facts(), by: .person(people.administrator.person.thread), command: .random())
        #expect(try await casebook.openWork(of: people.head.person.thread).words.isEmpty)
        try await close(people.head, in: world)
        // Now it lies with the newcomer alone.
        #expect(try await casebook.openWork(of: second.thread).words.map(\.matter) == [.correction])
    }

    @Test("a post is ended first, with its own record")
    func posts() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let casebook = world.office.casebook
        let day = world.clock.now().day
        let holder = people.custodian.person.thread
        let post = try #require(EntryType.postAssigned.options(of: "post").first?.word)
        let section = try #require(EntryType.postAssigned.options(of: "section").first?.word)
        _ = try await casebook.assign(
            PostAssignment(post: post, person: holder, section: section, scope: "", from: day),
            expecting: try await casebook.chambers.records().count, command: .random(),
            by: try await world.performer(people.administrator))
        #expect(try await missing(people.custodian, in: world).first?.contains("专人") == true)
        _ = try await casebook.endPost(
            post, of: holder, on: day, reason: "调离。", expecting: try await casebook.chambers.records().count,
            command: .random(), by: try await world.performer(people.administrator))
        try await close(people.custodian, in: world)
    }
}
