import Application
import Casework
import Demo
import Kernel
import Ledger
import Store
import Synchronization
import TestKit
import Testing

@Suite("A file that is no film meets no duty to record", .serialized)
struct UnreadableRecordingTests {
    /// Says of every file what the test decided.
    private struct Verdict: MediaInspector {
        let inspection: MediaInspection

        func tool() async -> String? { "test 1" }
        func inspect(
            byteCount: Int64, read: @escaping @Sendable (Int64, Int) async throws -> [UInt8]
        ) async -> MediaInspection { inspection }
    }

    /// An inspection's session with a film of it; returns the case.
    private func recorded(_ world: CaseWorld, form: String = "video") async throws -> ThreadTag {
        let people = world.people
        let thread = try await world.inspection(finding: nil)
        let visit = world.visit()
        try await world.take(visit, in: thread, by: people.officer1)
        world.minute(30)
        try await world.take(
            ImportRecording(
                recording: .random(), object: try await world.vault.store(Array("17 bytes of text".utf8)), form: form,
                device: "recorder", fileName: "a.mp4", mediaType: "video/mp4", completedAt: nil,
                activity: visit.activity, note: nil),
            in: thread, by: people.officer1)
        return thread
    }

    private func open(_ thread: ThreadTag, in world: CaseWorld) async throws -> Set<String> {
        Set(
            try await world.evaluation(of: thread).obligations.filter { $0.state == .open }
                .filter { $0.key.matter.contains("av") }.map(\.key.description))
    }

    private func stored(_ thread: ThreadTag, in world: CaseWorld) async throws -> Int {
        let entries = try await world.store.entries(of: thread, from: 1)
        let rows = try await world.office.casebook.projectedRows(of: thread, entries: entries)
        return try await world.store.compareProjections(with: rows, of: thread).count
    }

    @Test("once the inspection says that no player reads it, the duty is open again, in the rows as well")
    func unreadable() async throws {
        for reason in MediaDoubt.Reason.allCases where reason != .noRoom && reason != .toolMissing {
            let world = try await CaseWorld()
            let without = try await world.inspection(finding: nil)
            let visit = world.visit()
            try await world.take(visit, in: without, by: world.people.officer1)
            #expect(try await !open(without, in: world).isEmpty)

            let thread = try await recorded(world)
            let before = try await open(thread, in: world)
            let round = InspectionRound(
                office: world.office, inspector: Verdict(inspection: .cannotTell(MediaDoubt(reason))))
            #expect(try await round.run() == 1)
            let after = try await open(thread, in: world)
            let speaksOfFile = [.empty, .containerUnknown, .unplayable].contains(reason)
            #expect(after.isSuperset(of: before) && (after.count > before.count) == speaksOfFile, "\(reason): \(after)")
            #expect(try await stored(thread, in: world) == 0, "\(reason)")
        }
    }

    @Test("a film that is read keeps meeting it, and a photograph is no matter of a player")
    func readable() async throws {
        for (form, inspection) in [
            ("photo", MediaInspection.cannotTell(MediaDoubt(.containerUnknown)))
        ] {
            let world = try await CaseWorld()
            let thread = try await recorded(world, form: form)
            let before = try await open(thread, in: world)
            #expect(
                try await InspectionRound(office: world.office, inspector: Verdict(inspection: inspection)).run() == 1)
            #expect(try await open(thread, in: world) == before)
            #expect(try await stored(thread, in: world) == 0)
        }
    }

    /// A step during which an inspection of the case's recording comes in, once.
    private final class Overtaken<Step: CaseStep>: CaseStep {
        static var name: String { Step.name }
        let step: Step
        let meanwhile: @Sendable () async throws -> Void
        let isDone = Mutex(false)

        init(_ step: Step, meanwhile: @escaping @Sendable () async throws -> Void) {
            self.step = step
            self.meanwhile = meanwhile
        }

        func facts(in scene: Scene) async throws(StepRefusal) -> [Fact] {
            let facts = try await step.facts(in: scene)
            if !isDone.withLock({ done in
                defer { done = true }
                return done
            }) {
                do { try await meanwhile() } catch { throw StepRefusal(.fault, "\(error)") }
            }
            return facts
        }
    }

    @Test("a step that an inspection overtakes is carried out all the same, and no row is put back")
    func overtaken() async throws {
        let world = try await CaseWorld()
        let thread = try await recorded(world)
        let visit = try #require(try await world.load(thread).work.activities.last)
        let round = InspectionRound(
            office: world.office, inspector: Verdict(inspection: .cannotTell(MediaDoubt(.unplayable))))
        world.minute(5)
        let step = Overtaken(EndActivity(activity: visit.id, endAt: world.clock.now(), note: nil)) {
            let recorded = try await round.run()
            #expect(recorded == 1)
        }
        try await world.take(step, in: thread, by: world.people.officer1)
        #expect(try await !open(thread, in: world).isEmpty)
        #expect(try await stored(thread, in: world) == 0)
    }

    @Test("what is kept of a growing case follows an inspection, and its repair by one with facts")
    func kept() async throws {
        let world = try await CaseWorld()
        let thread = try await recorded(world)
        let casebook = world.office.casebook
        let law = try await casebook.chambers.law()
        func same() async throws -> Bool {
            let view = try await world.load(thread)
            return casebook.evaluation(of: view, by: law) == law.evaluate(view.history)
        }
        #expect(try await same())
        let recording = try #require(try await world.load(thread).work.recordings.last?.recording)
        for (result, doubt) in [("cannotTell", "unplayable"), ("facts", nil)] as [(String, String?)] {
            var plain: [JSON.Member] = [
                .init("result", .string(result)), .init("tool", .string(Digest.zero.description)),
            ]
            if let doubt { plain.insert(.init("doubt", .string(doubt)), at: 0) }
            _ = try await casebook.record(
                [Fact(.recordingInspected, in: recording, plain: .object(plain))], by: .system, command: .random())
            #expect(try await same(), "\(result)")
        }
    }
}

@Suite("Inspection has its turn", .serialized)
struct InspectionRoundTests {
    /// Has no room for the first recordings, and tells of all others.
    private struct Cramped: MediaInspector {
        let large: Int64

        func tool() async -> String? { "test 1" }
        func inspect(
            byteCount: Int64, read: @escaping @Sendable (Int64, Int) async throws -> [UInt8]
        ) async -> MediaInspection {
            .cannotTell(MediaDoubt(byteCount >= large ? .noRoom : .unplayable))
        }
    }

    @Test("however many recordings there is no room for, every later one is inspected, and those when there is room")
    func starving() async throws {
        let world = try await CaseWorld()
        let thread = try await world.inspection(finding: nil)
        for number in 0..<7 {
            world.minute()
            try await world.take(
                ImportRecording(
                    recording: .random(),
                    object: try await world.vault.store([UInt8](repeating: 1, count: number < 5 ? 100 : 10)),
                    form: "video", device: "recorder", fileName: "\(number).mp4", mediaType: "video/mp4",
                    completedAt: nil, activity: nil, note: nil),
                in: thread, by: world.people.officer1)
        }
        let round = InspectionRound(office: world.office, inspector: Cramped(large: 100))
        var recorded: [Int] = []
        for _ in 0..<4 { recorded.append(try await round.run(limit: 2)) }
        #expect(recorded.reduce(0, +) == 2 && recorded.count == 4, "\(recorded)")
        #expect(try await world.ledger.recordingsToInspect(after: nil, limit: 9).count == 5)
        #expect(world.office.inspectionObstacle.chinese?.contains("磁盘空间不足") == true)
        let roomy = InspectionRound(office: world.office, inspector: Cramped(large: 1000))
        for _ in 0..<3 { _ = try await roomy.run(limit: 2) }
        #expect(try await world.ledger.recordingsToInspect(after: nil, limit: 9).isEmpty)
        #expect(world.office.inspectionObstacle.now == nil)
    }

    /// There is no such tool on this server.
    private struct Toolless: MediaInspector {
        func tool() async -> String? { nil }
        func inspect(
            byteCount: Int64, read: @escaping @Sendable (Int64, Int) async throws -> [UInt8]
        ) async -> MediaInspection { .cannotTell(MediaDoubt(.toolMissing)) }
    }

    @Test("a server without the tool records no result, says so, and says no more of it once the tool is there")
    func toolless() async throws {
        let world = try await CaseWorld()
        let thread = try await world.inspection(finding: nil)
        world.minute()
        try await world.take(
            ImportRecording(
                recording: .random(), object: try await world.vault.store([1, 2, 3]), form: "video",
                device: "recorder", fileName: "1.mp4", mediaType: "video/mp4", completedAt: nil, activity: nil,
                note: nil),
            in: thread, by: world.people.officer1)
        #expect(try await InspectionRound(office: world.office, inspector: Toolless()).run() == 0)
        #expect(world.office.inspectionObstacle.now == .toolMissing)
        #expect(world.office.inspectionObstacle.chinese?.contains("ffprobe") == true)
        let round = InspectionRound(office: world.office, inspector: Cramped(large: 1000))
        #expect(try await round.run() == 1)
        #expect(world.office.inspectionObstacle.now == nil)
    }
}
