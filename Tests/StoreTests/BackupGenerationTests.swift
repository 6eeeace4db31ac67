import Application
import Casework
import Foundation
import Kernel
import Ledger
import TestKit
import Testing

@testable import Store

/// How long a destroyed key stays on a medium: by the numbers that the program has, on the day before, on and after.
@Suite("Generations of object keys", .serialized)
struct BackupGenerationTests {
    private static let day: Int64 = 86_400_000

    private func world() async throws -> BackupWorld {
        let world = try await BackupWorld()
        // The program's own limit, whatever other tests set.
        world.generationLimit =
            Backup(
                ledger: world.fixture.ledger, vault: world.vault.root,
                objects: world.inspection, keys: world.keys,
                installation: world.installation,
                medium: world.medium, clock: world.fixture.clock
            ).generationLimit
        return world
    }

    /// Objects of which a key lies anywhere on the medium.
    private func liveKeys(_ world: BackupWorld) throws -> Set<ObjectID> {
        let key = try #require(BackupKey(BackupWorld.key))
        let (form, manifest) = try #require(try BackupManifest.read(in: world.directory, key: key))
        let files = try FileSource.names(in: world.directory).filter { $0.hasPrefix("keys-") }
        #expect(Set(files) == Set(manifest.keyFiles.map(\.name)))
        var live: Set<ObjectID> = []
        for file in manifest.keyFiles {
            var records: [ObjectID: KeyRecord] = [:]
            try KeyRecord.read(file, from: try SealedReader(file.name, in: world.directory, form), into: &records)
            live.formUnion(records.filter { if case .live = $0.value { true } else { false } }.keys)
        }
        return live
    }

    @Test(
        "the program's limit is 28 days, and a run on that day, not the day before, leaves no destroyed key behind",
        arguments: [27, 28, 35, 36] as [Int64])
    func days(days: Int64) async throws {
        #expect(BackupMedium.generationDays == 28 && BackupMedium.limitDays == 35)
        let world = try await world()
        let kept = try world.addObject(0x41)
        let doomed = try world.addObject(0x42)
        let first = try await world.back()
        #expect(first.beganGeneration && first.generation == 1)
        #expect(first.generationBegan == world.fixture.clock.now() && first.medium.utf8.count == 32)
        try world.destroy(doomed.id)
        world.fixture.clock.advance(days * Self.day - 1)
        let before = try await world.back()
        #expect(before.beganGeneration == (days > 28), "a millisecond before day \(days)")
        #expect(try liveKeys(world).contains(doomed.id) == (days <= 28))
        world.fixture.clock.advance(1)
        let run = try await world.back()
        #expect(run.beganGeneration == (days == 28) && run.medium == first.medium)
        #expect(run.generation == (days >= 28 ? 2 : 1))
        #expect(try liveKeys(world) == (days >= 28 ? [kept.id] : [kept.id, doomed.id]))
    }

    @Test("written every week, no medium ever holds a key older than 35 days; left for more, it says how old it is")
    func weeks() async throws {
        let world = try await world()
        let clock = world.fixture.clock
        var medium: Backup.Report?
        for week in 0..<20 {
            let doomed = try world.addObject(UInt8(0x50 + week))
            if let began = medium?.generationBegan {
                #expect(clock.now().milliseconds(since: began) <= 35 * Self.day, "week \(week)")
            }
            medium = try await world.back()
            try world.destroy(doomed.id)
            clock.advance(7 * Self.day)
        }
        let report = try #require(medium)
        #expect(report.generation == 5)
        func age(_ days: Int64) throws -> BackupMedium.Age {
            let record = Record(
                thread: world.bureauThread, seq: 9, type: .backupMade, recordedAt: report.generationBegan,
                plain: [
                    "generationBegan": .integer(report.generationBegan.milliseconds),
                    "medium": .string(report.medium),
                ])
            let medium = try #require(BackupMedium(record))
            return medium.age(at: report.generationBegan.advanced(byMilliseconds: days * Self.day))
        }
        #expect(try [27, 28, 34, 35, 36].map(age) == [.fresh, .due, .due, .over, .over])
    }
}
