import Application
import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

@Suite("The heads discuss a case, and each of them says so", .serialized)
struct DiscussionTests {
    private static let kinds = ["collective-discussion-record", "collective-discussion-minutes"]

    private func rows(_ members: [DemoPeople.Member]) -> JSON {
        .array(
            members.map { member in
                [
                    "certificate": "", "name": .string(member.person.name),
                    "person": .string(member.person.thread.description),
                ]
            })
    }

    /// A major case whose penalty is drafted and reviewed, with the discussion that began.
    private func world() async throws -> (CaseWorld, ThreadTag, ActivityID) {
        let world = try await CaseWorld()
        let thread = try await world.penalty(isMajor: true)
        // The legal body has its say on the start of a major case.
        let start = try await world.handInStart(in: thread, changing: [.init("isMajor", "yes")])
        for (slot, member) in [
            ("handlingUnit", world.people.unitHead), ("legalBody", world.people.reviewer),
            ("agencyHead", world.people.head),
        ] {
            world.minute()
            try await world.take(
                world.signature(start, slot, decision: slot == "legalBody" ? .passed : .agree, opinion: "同意。"),
                in: thread, by: member)
        }
        // The threshold of a hearing makes a case major: the right to it is told.
        let notice = try await world.signedNotice(
            in: thread,
            changing: [
                .init("rights", ["statement", "defence", "recusal", "hearing"]), .init("hearingTerm", "五个工作日内"),
            ])
        try await world.demo.issue(notice, in: thread, by: world.people.officer1)
        world.minute()
        try await world.state(in: thread)
        let statement = try await world.load(thread).work.entries
        try await world.take(world.review(of: statement), in: thread, by: world.people.officer1)
        // Nobody asked for a hearing while there was time to.
        world.minute(14 * 24 * 60)
        try await world.take(world.drafting(), in: thread, by: world.people.officer1)
        try await world.reviewDraft(in: thread)
        try await world.reviewLegality(in: thread)
        world.minute()
        let session = ActivityID.random()
        try await world.take(
            BeginActivity(
                activity: session, kind: "collectiveDiscussion", officers: [world.people.officer1.person.thread],
                startAt: world.clock.now(), place: "本局会议室", persons: nil), in: thread, by: world.people.officer1)
        return (world, thread, session)
    }

    private func record(
        _ attending: [DemoPeople.Member], with paper: DocumentID, of session: ActivityID, in world: CaseWorld
    ) throws -> RecordEntry {
        RecordEntry(
            try #require(RecordedStep.named("discussion")),
            [
                "activity": .string(session.description), "conclusion": "一致同意。", "views": "各人同意。",
                "attendees": .array(attending.map { .string($0.person.thread.description) }),
                "document": .string(paper.description), "happenedAt": .integer(world.clock.now().milliseconds),
            ])
    }

    private func paper(
        _ kind: String, _ attending: DemoPeople.Member..., in thread: ThreadTag, of world: CaseWorld
    ) async throws -> DocumentID {
        try await world.fix(kind, in: thread, changing: members(kind, rows(attending), in: world))
    }

    private func members(_ kind: String, _ attendees: JSON, in world: CaseWorld) -> [JSON.Member] {
        let isRecord = kind == Self.kinds[0]
        let own: [JSON.Member] =
            isRecord
            ? [.init("report", "汇报案情。"), .init("views", [["name": "沈知行", "view": "同意。"]])]
            : [.init("matters", "处理意见。"), .init("views", "各人同意。")]
        return own + [
            .init("attendees", attendees), .init("caseName", .string(CaseWorld.title)), .init("clerk", "周一舟"),
            .init("conclusion", "一致同意。"), .init("heldAt", .string(world.clock.now().description)),
            .init("host", "沈知行"), .init("place", "本局会议室"),
            .init("subjectName", .string(DemoFirm.paperMill.name)),
        ]
    }

    @Test("only heads who do not handle the case are named on the paper, two or more of them", arguments: kinds)
    func named(kind: String) async throws {
        let (world, thread, _) = try await world()
        let people = world.people
        for (attending, message) in [
            ([["certificate": "", "name": "某局长"]] as JSON, "不是在本机关登记的负责人"),
            (rows([people.head, people.officer3]), "不是在本机关登记的负责人"),
            (rows([people.head, people.unitHead]), "不是在本机关登记的负责人"),
            (rows([people.head]), "两名以上"), (rows([people.head, people.head]), "写了两次"),
        ] {
            let refusal = try await world.refusal("\(attending)") {
                _ = try await world.fix(kind, in: thread, changing: members(kind, attending, in: world))
            }
            let told = refusal?.fields.contains { $0.name == "attendees" && $0.message.contains(message) }
            #expect(told == true, "\(refusal?.fields ?? [])")
        }
    }

    @Test("each head signs in their own session, and nobody for another")
    func signed() async throws {
        let (world, thread, session) = try await world()
        let people = world.people
        let record = try await paper(Self.kinds[0], people.head, people.deputy, in: thread, of: world)
        for member in [people.officer1, people.unitHead] {
            for manner in [SigningManner.screen, .paper] {
                var step = world.signature(record, "attendee1", signer: people.head.person.name)
                step.manner = manner
                try await world.refusal("\(member.person.name) for a head, \(manner)") {
                    try await world.take(step, in: thread, by: member)
                }
            }
        }
        try await world.refusal("a head without the secret") {
            try await world.take(
                world.signature(record, "attendee1"), in: thread,
                by: try await world.performer(people.head, confirmed: false))
        }
        let entry = try self.record([people.head, people.deputy], with: record, of: session, in: world)
        try await world.take(world.signature(record, "attendee1"), in: thread, by: people.head)
        try await world.refusal("a head at both places") {
            try await world.take(world.signature(record, "attendee2"), in: thread, by: people.head)
        }
        let early = try await world.refusal("before both signed") {
            try await world.take(entry, in: thread, by: people.officer1)
        }
        #expect(early?.fields.map(\.name) == ["document"])
        try await world.take(world.signature(record, "attendee2"), in: thread, by: people.deputy)
        let slots = try await world.load(thread).work.document(record)?.slots ?? [:]
        #expect(
            slots["attendee1"]?.by == people.head.person.thread && slots["attendee2"]?.by == people.deputy.person.thread
        )
        let alone = try self.record([people.head], with: record, of: session, in: world)
        try await world.refusal("a discussion of one") { try await world.take(alone, in: thread, by: people.officer1) }
        try await world.take(entry, in: thread, by: people.officer1)
    }

    @Test("minutes count when the head who hosted issued them, for whom they name")
    func minutes() async throws {
        let (world, thread, session) = try await world()
        let people = world.people
        let minutes = try await paper(Self.kinds[1], people.head, people.deputy, in: thread, of: world)
        let entry = try record([people.head, people.deputy], with: minutes, of: session, in: world)
        let early = try await world.refusal("before they were issued") {
            try await world.take(entry, in: thread, by: people.officer1)
        }
        #expect(early?.fields.first?.message.contains("签发") == true)
        try await world.take(world.signature(minutes, "host"), in: thread, by: people.head)
        try await world.take(entry, in: thread, by: people.officer1)
    }

    @Test("the penalty of a major case is approved after the heads discussed it, not before")
    func order() async throws {
        let (world, thread, session) = try await world()
        let people = world.people
        let approval = ApproveDecision(isApproved: true, opinion: "同意")
        let refusal = try await world.refusal("approved before it was discussed") {
            try await world.take(approval, in: thread, by: people.head)
        }
        #expect(refusal?.reasons.contains { $0.provisions.contains("parent-law:penalty-57.p2") } == true)
        let record = try await paper(Self.kinds[0], people.head, people.deputy, in: thread, of: world)
        try await world.take(world.signature(record, "attendee1"), in: thread, by: people.head)
        // One who signed is no discussion, though the paper names two.
        try await world.refusal("one signature") { try await world.take(approval, in: thread, by: people.head) }
        try await world.take(world.signature(record, "attendee2"), in: thread, by: people.deputy)
        let entry = try self.record([people.head, people.deputy], with: record, of: session, in: world)
        try await world.take(entry, in: thread, by: people.officer1)
        try await world.take(approval, in: thread, by: people.head)
        #expect(try await world.load(thread).work.approval?.isApproved == true)
    }
}
