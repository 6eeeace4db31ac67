import Application
import Casework
import Demo
import Kernel
import Ledger
import Store
import TestKit
import Testing

/// Uploads that nobody registered are removed when their time is over, by a clock that may say so.
@Suite("Uploads whose time is over", .serialized)
struct UploadRoundTests {
    private static let hour: Int64 = 3_600_000
    private static let day = 24 * hour
    private static let life = UploadDeclaration.shortestLife

    /// An upload that stands at half, and one that is a sealed object and not registered.
    private func begin(_ world: CaseWorld) async throws -> [UploadID] {
        func declare(_ byteCount: Int64) -> UploadDeclaration {
            let now = world.clock.now()
            return UploadDeclaration(
                byteCount: byteCount, owner: world.handlers[0], metadata: .none, created: now,
                expires: now.advanced(byMilliseconds: Self.life))
        }
        var ids: [UploadID] = []
        for length in [Int64(10), 5] {
            let upload = try await world.vault.createUpload(declare(length))
            let writer = try await world.vault.append(to: upload.id, at: 0, byteCount: 5, checksum: nil)
            try await writer.append([1, 2, 3, 4, 5])
            _ = try await writer.commit()
            ids.append(upload.id)
        }
        _ = try await world.vault.finish(ids[1])
        return ids
    }

    /// Runs the round, and the sweep of objects without a name over twice its age, over a ledger that was opened anew by
    /// a clock set to `now`.
    private func rounds(_ world: CaseWorld, at now: Instant) async throws -> (
        removed: [UploadID], destroyed: [ObjectID]
    ) {
        world.clock.set(to: now)
        let ledger = try LedgerDatabase.open(at: world.place, key: world.key, clock: world.clock)
        defer { ledger.close() }
        let removed = try await round(world, over: ledger).run()
        let sweep = ObjectSweep(store: ledger, vault: world.vault)
        var destroyed: [ObjectID] = []
        for age in [0, ObjectSweep.safeAge, 2 * ObjectSweep.safeAge] {
            destroyed += try await sweep.run(at: Instant(milliseconds: age))
        }
        return (removed, destroyed)
    }

    private func round(_ world: CaseWorld, over store: any LedgerStore) -> UploadRound {
        UploadRound(store: store, vault: world.vault, clock: world.clock, thread: world.thread)
    }

    private func isWhole(_ ids: [UploadID], _ world: CaseWorld) async throws -> Bool {
        let half = try await world.vault.upload(ids[0])
        let object = try await world.vault.finish(ids[1]).id
        let bytes = try await world.vault.read(object, at: 0, upTo: 9)
        return half.offset == 5 && bytes == [1, 2, 3, 4, 5]
    }

    @Test("a clock that is weeks ahead or behind at a start removes nothing, nor does the start after it was set right")
    func wrongAtStart() async throws {
        let world = try await CaseWorld()
        let ids = try await begin(world)
        world.ledger.close()
        let right = world.clock.now().advanced(byMilliseconds: Self.hour)
        for leap in [40 * Self.day, 0, -40 * Self.day, 0] {
            let (removed, destroyed) = try await rounds(world, at: right.advanced(byMilliseconds: leap))
            #expect(removed.isEmpty && destroyed.isEmpty, "\(leap)")
            #expect(try await isWhole(ids, world), "\(leap)")
        }
    }

    @Test(
        "what a clock stamped that was weeks behind and not found out has its whole life from the day it is confirmed")
    func stampedBehind() async throws {
        let world = try await CaseWorld()
        // The machine woke up where it was switched off.
        let ids = try await begin(world)
        world.ledger.close()
        let right = world.clock.now().advanced(byMilliseconds: 40 * Self.day)
        #expect(try await rounds(world, at: right).removed.isEmpty)
        let ledger = try LedgerDatabase.open(at: world.place, key: world.key, clock: world.clock)
        defer { ledger.close() }
        let office = Office(
            store: ledger, registers: ledger, installation: world.installation, vault: world.vault,
            printer: world.printer, library: try CaseWorld.library.get(), clock: world.clock, thread: world.thread)
        func performer(_ member: DemoPeople.Member) async throws -> Performer {
            Performer(
                person: try #require(try await office.casebook.registers.person(member.person.thread)),
                confirmation: SecretConfirmation(demonstrationOf: member.person.thread, in: ledger))
        }
        _ = try await office.casebook.resumeClock(
            reason: "电池没电，开机后对时", command: .random(),
            by: TwoPersons(
                administrator: try await performer(world.people.administrator),
                second: try await performer(world.people.head)))
        let round = round(world, over: ledger)
        #expect(try await round.run() == [])
        let end = right.advanced(byMilliseconds: Self.life + ClockRule.aheadTolerance)
        world.clock.set(to: end)
        #expect(try await round.run() == [])
        #expect(try await isWhole(ids, world))
        world.clock.set(to: end.advanced(byMilliseconds: 1))
        #expect(Set(try await round.run()) == Set(ids))
    }

    @Test(
        "by a clock that was never wrong an upload goes 30 days after it began, and what a clock may be off later; nothing goes while recording has stopped"
    )
    func age() async throws {
        let world = try await CaseWorld()
        let ids = try await begin(world)
        let round = round(world, over: world.store)
        let end = world.clock.now().advanced(byMilliseconds: Self.life + ClockRule.aheadTolerance)
        world.clock.set(to: end)
        #expect(try await round.run() == [])
        world.clock.set(to: end.advanced(byMilliseconds: 1))
        world.store.fail(with: .stopped("磁盘写入出错。"))
        #expect(try await round.run() == [])
        world.store.fail(with: nil)
        #expect(Set(try await round.run()) == Set(ids))
    }
}
