import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

@testable import Application

/// Looks at evidence (design, invariant 4): recorded before the first byte, half an hour long, closed with counts.
@Suite("Looks at evidence", .serialized)
struct LookTests {
    private struct Setting {
        let world: CaseWorld
        let recording: ThreadTag
        let object: ObjectID
        var views: ViewSessions { world.office.views }

        init() async throws {
            world = try await CaseWorld()
            let thread = try await world.inspection()
            let facts = try await world.vault.store(CaseWorld.video)
            recording = .random()
            object = facts.id
            try await world.take(
                ImportRecording(
                    recording: recording, object: facts, form: "video", device: "recorder", fileName: "甲.mp4",
                    mediaType: "video/mp4", completedAt: world.clock.now(), activity: nil, note: nil),
                in: thread, by: world.people.officer1)
        }

        func begin(
            by member: DemoPeople.Member, object other: ObjectID? = nil, purpose: String = "handling"
        ) async throws(StepRefusal) -> ViewSessions.Look {
            let performer: Performer
            do { performer = try await world.performer(member) } catch { throw StepRefusal(.fault, "测试人员没有登记。") }
            return try await views.begin(
                other ?? object, in: recording, by: performer, right: "handler", purpose: purpose,
                command: .random())
        }

        func records(_ type: EntryType) async throws -> [Record] {
            try await world.store.entries(of: recording, from: 1).compactMap { Record($0.entry) }.filter {
                $0.type == type
            }
        }
    }

    @Test("the look is in the ledger when the session is given, and stays one entry however much is read")
    func oneEntry() async throws {
        let setting = try await Setting()
        let people = setting.world.people
        #expect(try await setting.records(.accessOpened).isEmpty)
        let before = try await setting.world.size()
        let look = try await setting.begin(by: people.officer1)
        let entry = try #require(try await setting.records(.accessOpened).first)
        #expect(entry.actor == people.officer1.person.thread)
        #expect(entry.word("object") == setting.object.description)
        #expect(entry.word("session") == look.id.description)
        #expect(
            entry.word("right") == "handler" && entry.word("purpose") == "handling" && entry.word("what") == "object")
        #expect(entry.instant("until") == look.until)
        // Ranges, and the same page opened again, are the same look.
        for bytes in [100, 200, 300] as [Int64] { await setting.views.count(0..<bytes, of: 1000, in: look.id) }
        #expect(try await setting.begin(by: people.officer1).id == look.id)
        #expect(try await setting.world.size() == before + 1)
        // Another person's look is another entry, and no key to the first.
        let other = try await setting.begin(by: people.head)
        #expect(other.id != look.id)
        #expect(try await setting.world.size() == before + 2)
        #expect(await setting.views.look(look.id, by: people.head.person.thread) == nil)
        // So is the same person's look for another purpose.
        #expect(try await setting.begin(by: people.officer1, purpose: "audit").id != look.id)
        #expect(
            try await setting.records(.accessOpened).map { $0.word("purpose") } == ["handling", "handling", "audit"])
        #expect(await setting.views.look(.random(), by: people.officer1.person.thread) == nil)

        try await setting.views.end(look.id)
        let closed = try #require(try await setting.records(.accessClosed).first)
        #expect(closed.word("session") == look.id.description)
        #expect(closed.number("ranges") == 3 && closed.number("bytes") == 600)
        #expect(await setting.views.look(look.id, by: people.officer1.person.thread) == nil)
        // What it says was read is recorded: nothing more is given out.
        #expect(await setting.views.count(0..<1, of: 1000, in: look.id) == false)
        // Ended twice is ended once.
        try await setting.views.end(look.id)
        #expect(try await setting.records(.accessClosed).count == 1)
    }

    @Test(
        "a look is read from half of the different bytes on, in whatever pieces, and asking again adds nothing",
        arguments: [
            ([0..<1], false), ([0..<499], false), ([0..<500], true), ([500..<1000], true), ([0..<1000], true),
            ([0..<250, 0..<250, 0..<250], false), ([0..<250, 750..<1000], true), ([0..<250, 200..<499], false),
            ([900..<1000, 0..<200, 100..<401], true), ([400..<500, 600..<700, 500..<600, 0..<199], false),
            ([0..<0], false), ([], false), ([0..<2000], true),
        ] as [([Range<Int64>], Bool)])
    func half(ranges: [Range<Int64>], isRead: Bool) async throws {
        let setting = try await Setting()
        let person = setting.world.people.officer1
        let look = try await setting.begin(by: person)
        for range in ranges { await setting.views.count(range, of: 1000, in: look.id) }
        let wanted = look.object
        #expect(await setting.views.hasRead(wanted, by: person.person.thread) == isRead)
        // What runs and is read is closed before a signature; what is not goes on.
        try await setting.views.endRead(wanted, by: person.person.thread)
        #expect(try await setting.records(.accessClosed).count == (isRead ? 1 : 0))
        try await setting.views.end(look.id)
        let closed = try await setting.records(.accessClosed)
        #expect(closed.map { $0.plain["isRead"] } == [.boolean(isRead)])
    }

    @Test("an answer that goes out in pieces is one answer")
    func pieces() async throws {
        let setting = try await Setting()
        let look = try await setting.begin(by: setting.world.people.officer1)
        for piece in [0..<100, 100..<200, 200..<250, 700..<800, 800..<900] as [Range<Int64>] {
            #expect(await setting.views.count(piece, of: 1000, in: look.id))
        }
        try await setting.views.end(look.id)
        let closed = try #require(try await setting.records(.accessClosed).first)
        #expect(closed.number("ranges") == 2 && closed.number("bytes") == 450 && closed.plain["isRead"] == false)
    }

    @Test("more pieces than a viewer asks for are not remembered, and nothing is read by single bytes far apart")
    func manyPieces() {
        var given = GivenBytes()
        for byte in 0..<6000 as Range<Int64> { given.add(byte * 2..<byte * 2 + 1, of: 12_000) }
        #expect(given.ranges.count == 4096 && given.count == 4096 && !given.isRead)
        given.add(0..<12_000, of: 12_000)
        #expect(given.ranges == [0..<12_000] && given.isRead)
    }

    @Test("a session lasts thirty minutes by the server's clock and not a millisecond longer")
    func limit() async throws {
        let setting = try await Setting()
        let world = setting.world
        let person = world.people.officer1
        let begun = world.clock.now()
        let look = try await setting.begin(by: person)
        #expect(look.until == begun.advanced(byMilliseconds: 30 * 60_000))
        world.clock.set(to: look.until.advanced(byMilliseconds: -1))
        #expect(await setting.views.look(look.id, by: person.person.thread) != nil)
        await setting.views.endExpired()
        #expect(try await setting.records(.accessClosed).isEmpty)
        world.clock.set(to: look.until)
        #expect(await setting.views.look(look.id, by: person.person.thread) == nil)
        await setting.views.count(0..<50, of: 100, in: look.id)
        await setting.views.endExpired()
        let closed = try await setting.records(.accessClosed)
        #expect(closed.map { $0.word("session") } == [look.id.description])
        // Looking on is a new look.
        let next = try await setting.begin(by: person)
        #expect(next.id != look.id)
        #expect(try await setting.records(.accessOpened).count == 2)
    }

    @Test("a server asked to end closes every look with what was read")
    func graceful() async throws {
        let setting = try await Setting()
        let people = setting.world.people
        let looks = [try await setting.begin(by: people.officer1), try await setting.begin(by: people.head)]
        await setting.views.count(0..<70, of: 100, in: looks[1].id)
        await setting.views.endAll()
        let closed = try await setting.records(.accessClosed)
        #expect(Set(closed.map { $0.word("session") }) == Set(looks.map(\.id.description)))
        #expect(closed.first { $0.word("session") == looks[1].id.description }?.number("bytes") == 70)
        #expect(closed.allSatisfy { $0.actor != nil })
    }

    @Test("after a server that died the next closes its looks once, without counts, and none of its own")
    func died() async throws {
        let setting = try await Setting()
        let world = setting.world
        let ended = try await setting.begin(by: world.people.officer1)
        try await setting.views.end(ended.id)
        // Longer ago than any look lasts: a round closed it, or this is a history from before there were any.
        let old = try await setting.begin(by: world.people.officer2)
        world.clock.set(to: old.until.advanced(byMilliseconds: 120_000))
        let left = [try await setting.begin(by: world.people.officer1), try await setting.begin(by: world.people.head)]
        await setting.views.count(0..<70, of: 100, in: left[0].id)
        // It dies here: what it counted is gone with it.
        let next = LeftOpenLooks(casebook: world.office.casebook, before: try await world.store.signedHead().size)
        let own = try await setting.begin(by: world.people.custodian)
        world.store.fail(with: .stopped("磁盘写入出错。"))
        _ = try await world.refusal("closing") { try await next.close() }
        world.store.fail(with: nil)
        #expect(try await next.close() == 2)
        let closed = try await setting.records(.accessClosed).dropFirst()
        #expect(closed.map { $0.word("session") } == left.map(\.id.description))
        #expect(closed.allSatisfy { $0.number("bytes") == nil && $0.number("ranges") == nil && $0.actor == nil })
        let after = try await world.size()
        #expect(try await LeftOpenLooks(casebook: world.office.casebook, before: Int64(after)).close() == 1)
        #expect(try await setting.records(.accessClosed).last?.word("session") == own.id.description)
        #expect(try await LeftOpenLooks(casebook: world.office.casebook, before: Int64(after + 1)).close() == 0)
    }

    @Test("a session about to end is not handed out again")
    func lastMinute() async throws {
        let setting = try await Setting()
        let person = setting.world.people.officer1
        let look = try await setting.begin(by: person)
        setting.world.clock.set(to: look.until.advanced(byMilliseconds: -60_000))
        let next = try await setting.begin(by: person)
        #expect(next.id != look.id)
        #expect(next.until == setting.world.clock.now().advanced(byMilliseconds: ViewSessions.longest))
    }

    @Test("a stopped ledger opens no session; one that runs goes on, and is closed when the ledger is back")
    func stopped() async throws {
        let setting = try await Setting()
        let world = setting.world
        let person = world.people.officer1
        let look = try await setting.begin(by: person)
        await setting.views.count(0..<7, of: 100, in: look.id)
        world.store.fail(with: .stopped("磁盘写入出错。"))
        let refusal = try await world.refusal("a look") { _ = try await setting.begin(by: world.people.head) }
        #expect(refusal?.code == .stopped)
        let ending = try await world.refusal("the end") { try await setting.views.end(look.id) }
        #expect(ending?.code == .stopped)
        world.store.fail(with: nil)
        // What could not be closed is not forgotten.
        world.clock.set(to: look.until)
        await setting.views.endExpired()
        let closed = try await setting.records(.accessClosed)
        #expect(closed.map { $0.number("bytes") } == [7] && closed.map { $0.number("ranges") } == [1])
        #expect(try await setting.records(.accessOpened).count == 1)
    }

    @Test("one person has at most thirty-two sessions open, and eight pages opened at once are one look")
    func bounds() async throws {
        let setting = try await Setting()
        let person = setting.world.people.officer1
        let looks = try await withThrowingTaskGroup(of: ViewSessionID.self) { group in
            for _ in 0..<8 { group.addTask { try await setting.begin(by: person).id } }
            return try await group.reduce(into: Set<ViewSessionID>()) { $0.insert($1) }
        }
        #expect(looks.count == 1)
        #expect(try await setting.records(.accessOpened).count == 1)
        for _ in 1..<ViewSessions.perPerson { _ = try await setting.begin(by: person, object: .random()) }
        let refusal = try await setting.world.refusal("one too many") {
            _ = try await setting.begin(by: person, object: .random())
        }
        #expect(refusal?.code == .unavailable)
        // Somebody else is not kept out by it.
        _ = try await setting.begin(by: setting.world.people.head)
        let one = try #require(looks.first)
        try await setting.views.end(one)
        _ = try await setting.begin(by: person, object: .random())
    }
}
