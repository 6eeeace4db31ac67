import Application
import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

/// Nothing of a file is destroyed before its term (zhaoxian-2017:30.p2b).
@Suite("How long the file of a case is kept", .serialized)
struct RetentionTests {
    /// A case whose cover states a term, filed or not.
    private func file(_ term: String?, isFiled: Bool = true, in world: CaseWorld) async throws -> ThreadTag {
        let thread = ThreadTag.random()
        let cover: JSON = term.map { ["retention": .string($0)] } ?? [:]
        try await world.append([
            Fact(
                .caseOpened, in: thread,
                plain: [
                    "handlers": .array(world.handlers.map { .string($0.description) }), "isEmergency": false,
                    "isMajor": false, "kind": "penalty", "procedure": "general", "source": "inspection",
                    "subject": .string(ThreadTag.random().description), "subjectKind": "organisation",
                ],
                fields: [.init("title", "统计违法案", .party), .init("subjectName", "星河纸品厂（演示）", .party)])
        ])
        try await world.append(
            [
                Fact(
                    .documentFixed, in: thread,
                    plain: [
                        "data": cover, "document": .string(DocumentID.random().description), "kind": "case-file-cover",
                    ],
                    fields: [.init("data", cover, .party)])
            ] + (isFiled ? [Fact(.caseFiled, in: thread, plain: ["withDefects": true])] : []))
        return thread
    }

    private func refused(_ thread: ThreadTag, in world: CaseWorld) async throws -> Set<String> {
        let law = try await world.office.casebook.chambers.law()
        let refusals = DisposalForesight(view: try await world.load(thread), law: law, now: world.clock.now()).refusals
        for refusal in refusals { #expect(isChinese(refusal.sentence) && isChinese(refusal.suppliers)) }
        return Set(refusals.flatMap(\.citations).map(\.provision))
    }

    @Test(
        "a file is not destroyed before its term has run from the filing, one for good never, one without a term never")
    func terms() async throws {
        let world = try await CaseWorld()
        let row = "zhaoxian-2017:30.p2b"
        let filed = world.clock.now().day
        var ten: ThreadTag?
        for (term, years) in [("years10", 10), ("years30", 30)] {
            let thread = try await file(term, in: world)
            if ten == nil { ten = thread }
            let kept = try #require(Retention(try await world.load(thread).work))
            let last = try #require(kept.lastDay)
            #expect(last == CivilDay(year: filed.parts.year + years, month: filed.parts.month, day: filed.parts.day))
            #expect(!kept.isOver(on: last) && kept.isOver(on: last.advanced(by: 1)))
            #expect(try await refused(thread, in: world).contains(row), "\(term)")
        }
        let forGood = try await file("permanent", in: world)
        #expect(Retention(try await world.load(forGood).work)?.lastDay == nil)
        let unstated = try await file(nil, in: world)
        #expect(try #require(Retention(try await world.load(unstated).work)).term == nil)
        let open = try await file("years10", isFiled: false, in: world)
        #expect(Retention(try await world.load(open).work) == nil)
        // After ten years only the ten years are over; after a hundred nothing else than the thirty.
        for (years, free) in [(9, false), (11, true)] {
            world.clock.set(to: Instant(filed.advanced(by: 366 * years), hour: 9))
            #expect(try await refused(try #require(ten), in: world).contains(row) == !free, "after \(years) years")
        }
        world.clock.set(to: Instant(filed.advanced(by: 366 * 100), hour: 9))
        for thread in [forGood, unstated, open] {
            #expect(try await refused(thread, in: world).contains(row))
        }
        // Asking records nothing.
        let size = try await world.size()
        _ = try await refused(forGood, in: world)
        #expect(try await world.size() == size)
    }
}
