import Application
import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

/// A step that is not stored changed nothing; one that was stored and reported as failed is not done twice.
@Suite("Steps that fail behind the port", .serialized)
struct LostAnswerTests {
    private struct Sample {
        let world: CaseWorld
        let thread: ThreadTag
        let performer: Performer
        let step: any CaseStep
    }

    /// Each step in a case in which it is allowed.
    private static let samples: [(name: String, make: @Sendable () async throws -> Sample)] = [
        (
            ProposeCorrection.name,
            {
                let world = try await CaseWorld()
                let thread = try await world.inspection(finding: nil)
                return Sample(
                    world: world, thread: thread, performer: try await world.performer(world.people.officer1),
                    step: ProposeCorrection(target: 1, member: "title", value: .text("统计执法检查（更正）"), reason: "笔误"))
            }
        ),
        (
            DecideCorrection.name,
            {
                let world = try await CaseWorld()
                let thread = try await world.inspection(finding: nil)
                try await world.take(
                    ProposeCorrection(target: 1, member: "title", value: .text("统计执法检查（更正）"), reason: "笔误"),
                    in: thread, by: world.people.officer1)
                return Sample(
                    world: world, thread: thread, performer: try await world.performer(world.people.head),
                    step: DecideCorrection(
                        proposal: try await world.load(thread).work.entries, isApproved: true, opinion: "同意"))
            }
        ),
        (
            ChangeHandlers.name,
            {
                let world = try await CaseWorld()
                let thread = try await world.inspection(finding: nil)
                return Sample(
                    world: world, thread: thread, performer: try await world.performer(world.people.unitHead),
                    step: ChangeHandlers(
                        handlers: [world.people.officer2.person.thread, world.people.officer3.person.thread],
                        reason: "调离"))
            }
        ),
        (
            EndCase.name,
            {
                let world = try await CaseWorld()
                let thread = try await world.inspection(finding: .nothingFound)
                try await world.take(world.visit(), in: thread, by: world.people.officer1)
                return Sample(
                    world: world, thread: thread, performer: try await world.performer(world.people.officer1),
                    step: EndCase(ground: .nothingFound, reason: nil, acceptsGaps: true))
            }
        ),
        (
            AcceptDefect.name,
            {
                let world = try await CaseWorld()
                let thread = try await world.inspection(finding: .nothingFound)
                try await world.take(world.visit(), in: thread, by: world.people.officer1)
                try await world.take(
                    EndCase(ground: .nothingFound, reason: nil, acceptsGaps: true), in: thread,
                    by: world.people.officer1)
                return Sample(
                    world: world, thread: thread, performer: try await world.performer(world.people.head),
                    step: AcceptDefect(
                        provision: "zhaoxian-2017:13a", person: world.handlers[0], violation: "没有录像", reason: "录像机故障",
                        legalBasis: "本办法的规定"))
            }
        ),
        (
            CorrectDocument.name,
            {
                let world = try await CaseWorld()
                let people = world.people
                let thread = try await world.penalty()
                try await world.approveStart(in: thread)
                var notices: [DocumentID] = []
                for _ in 0..<2 {
                    notices.append(try await world.signedNotice(in: thread))
                    try await world.demo.issue(notices[notices.count - 1], in: thread, by: people.officer1)
                }
                return Sample(
                    world: world, thread: thread, performer: try await world.performer(people.head),
                    step: CorrectDocument(
                        document: notices[0], by: notices[1], manner: .supersedes, reason: "事实写错"))
            }
        ),
    ]

    @Test(
        "not stored, nothing has changed; stored and reported as failed, it is there once", arguments: 0..<samples.count
    )
    func faults(number: Int) async throws {
        let (name, make) = Self.samples[number]
        let sample = try await make()
        let (world, thread) = (sample.world, sample.thread)
        let before = try await world.load(thread)
        let command = CommandID.random()
        func take(_ step: some CaseStep) async throws -> AppendReceipt {
            try await world.office.casebook.perform(
                step, on: thread, expecting: before.work.entries, command: command, by: sample.performer)
        }
        for failure in [StoreError.full, .stopped("磁盘写入出错。"), .failed("told to fail")] {
            world.store.fail(with: failure)
            let refusal = try await world.refusal("\(name), \(failure)") { _ = try await take(sample.step) }
            #expect(refusal?.code == .stopped || refusal?.code == .fault)
        }
        world.store.fail(with: nil)
        #expect(try await world.load(thread).records == before.records)
        world.store.loseAnswers(true)
        await #expect(throws: StepRefusal.self) { _ = try await take(sample.step) }
        world.store.loseAnswers(false)
        // The form is sent again, as the page says: the first answer comes, and the case holds the step once.
        let answer = try await take(sample.step)
        #expect(answer.repeated)
        let after = try await world.load(thread)
        #expect(after.records.count == before.records.count + 1)
        #expect(answer.indices == [after.entries[before.work.entries].index])
        let rows = try await world.office.casebook.projectedRows(of: thread, entries: after.entries)
        #expect(try await world.store.compareProjections(with: rows, of: thread).isEmpty)
    }
}
