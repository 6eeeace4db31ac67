import Casework
import Demo
import Kernel
import Ledger
import Store
import TestKit
import Testing

@testable import Application

/// What waits for somebody's word and is no duty of a text is on the list of whoever may give it, and of nobody else.
@Suite("What waits for another person's word", .serialized)
struct PendingWordTests {
    private func take(
        _ name: String, _ answers: [String: JSON], in thread: ThreadTag, _ world: CaseWorld,
        by member: DemoPeople.Member
    ) async throws {
        world.minute()
        try await world.take(
            RecordEntry(try #require(RecordedStep.named(name)), answers), in: thread, by: member)
    }

    /// What stands on a person's list, as `<matter> <seq>`.
    private func list(
        _ member: DemoPeople.Member, adding roles: Role..., in world: CaseWorld
    ) async throws -> [String] {
        var person = try await world.performer(member).person
        person.roles += roles
        return try await world.office.casebook.pendingWords(for: person, limit: 10).map {
            "\($0.matter.rawValue) \($0.seq)"
        }
    }

    /// Whoever holds an office, and the officers, by what stands on their lists; those with nothing are left out.
    private func lists(_ world: CaseWorld) async throws -> [String: [String]] {
        let people = world.people
        var lists: [String: [String]] = [:]
        for (name, member) in [
            ("officer1", people.officer1), ("officer2", people.officer2), ("officer3", people.officer3),
            ("unitHead", people.unitHead), ("reviewer", people.reviewer), ("head", people.head),
            ("custodian", people.custodian), ("administrator", people.administrator),
        ] {
            let found = try await list(member, in: world)
            if !found.isEmpty { lists[name] = found }
        }
        return lists
    }

    /// A rebuild computes the same rows, claims among them.
    private func requireRebuilt(_ world: CaseWorld) async throws {
        let casebook = world.office.casebook
        let report = try await Rebuild(world.ledger).compare {
            try await casebook.projectedRows(of: $0, entries: $1)
        }
        #expect(report.differences == [])
    }

    @Test(
        "a matter of the internal chain waits for a reviewer, then for an approver, and for nobody who had a part in it"
    )
    func chain() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        #expect(try await lists(world).isEmpty)
        try await take(
            "chain-opinion", ["about": "measure", "opinion": "建议批准。", "reason": "有必要。"], in: thread, world,
            by: people.officer1)
        let opinion = try await world.load(thread).work.entries
        #expect(try await lists(world) == ["unitHead": ["chainReview \(opinion)"], "head": ["chainReview \(opinion)"]])
        let word = try #require(
            try await world.office.casebook.pendingWords(
                for: try await world.performer(people.unitHead).person, limit: 10
            ).first)
        #expect(word.about == "measure" && word.thread == thread)
        #expect(word.since == (try await world.load(thread).records.last?.recordedAt))
        // An officer of the case who is made head of the unit reviews nothing of it.
        #expect(try await list(people.officer1, adding: .unitHead, .departmentHead, in: world).isEmpty)
        #expect(try await list(people.officer2, adding: .departmentHead, in: world).isEmpty)
        #expect(try await list(people.officer3, adding: .departmentHead, in: world) == ["chainReview \(opinion)"])
        // The other matter waits for itself.
        try await take(
            "chain-opinion", ["about": "filing", "opinion": "建议归档。", "reason": "办结。"], in: thread, world,
            by: people.officer2)
        let both = ["chainReview \(opinion)", "chainReview \(opinion + 1)"]
        #expect(try await lists(world) == ["unitHead": both, "head": both])
        try await requireRebuilt(world)

        try await take(
            "chain-review", ["about": "measure", "opinion": "同意。", "result": "passed"], in: thread, world,
            by: people.unitHead)
        let review = try await world.load(thread).work.entries
        #expect(
            try await lists(world) == [
                "unitHead": ["chainReview \(opinion + 1)"],
                "head": ["chainReview \(opinion + 1)", "chainApproval \(review)"],
            ])
        // Who reviewed it does not approve it as well.
        #expect(try await list(people.unitHead, adding: .agencyHead, in: world) == ["chainReview \(opinion + 1)"])
        try await take(
            "chain-review", ["about": "filing", "opinion": "不同意。", "result": "returned"], in: thread, world,
            by: people.unitHead)
        #expect(try await lists(world) == ["head": ["chainApproval \(review)"]])
        try await requireRebuilt(world)
        try await take(
            "chain-approval", ["about": "measure", "opinion": "再议。", "result": "returned"], in: thread, world,
            by: people.head)
        #expect(try await lists(world).isEmpty)
        try await requireRebuilt(world)
    }

    @Test("whoever proposed it and handles the case no more reviews it neither")
    func formerHandler() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await take(
            "chain-opinion", ["about": "measure", "opinion": "建议批准。", "reason": "有必要。"], in: thread, world,
            by: people.officer1)
        try await world.take(
            ChangeHandlers(
                handlers: [people.officer2.person.thread, people.officer3.person.thread], reason: "调离。"), in: thread,
            by: people.head)
        #expect(try await list(people.officer1, adding: .unitHead, in: world).isEmpty)
        #expect(try await list(people.officer3, adding: .unitHead, in: world).isEmpty)
        #expect(try await list(people.unitHead, in: world).count == 1)
        try await requireRebuilt(world)
        // The step refuses what the list leaves out.
        let review = RecordEntry(
            try #require(RecordedStep.named("chain-review")),
            ["about": "measure", "opinion": "同意。", "result": "passed"])
        let refusal = try await world.refusal("reviewed by who proposed it") {
            try await world.take(review, in: thread, by: try await world.performer(people.officer1, adding: .unitHead))
        }
        #expect(refusal?.fields.map(\.name) == ["about"])
        try await world.take(review, in: thread, by: people.unitHead)
    }

    @Test("a correction that was asked for waits for a head until it is decided, also in a case that has ended")
    func corrections() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.inspection(finding: nil)
        world.minute(30)
        try await world.take(world.visit(place: "清禾县别的街"), in: thread, by: people.officer1)
        let visit = try await world.load(thread).work.entries
        for isApproved in [false, true] {
            try await world.take(
                ProposeCorrection(target: visit, member: "place", value: .text("清禾县演示工业园"), reason: "笔误"), in: thread,
                by: people.officer1)
            let asked = try await world.load(thread).work.entries
            #expect(try await lists(world) == ["head": ["correction \(asked)"]])
            #expect(try await list(people.officer2, adding: .agencyHead, in: world).isEmpty)
            #expect(try await list(people.officer3, adding: .departmentHead, in: world) == ["correction \(asked)"])
            try await requireRebuilt(world)
            try await world.take(
                DecideCorrection(proposal: asked, isApproved: isApproved, opinion: "已核对。"), in: thread, by: people.head)
            #expect(try await lists(world).isEmpty)
        }
        try await take(
            "chain-opinion", ["about": "filing", "opinion": "建议归档。", "reason": "办结。"], in: thread, world,
            by: people.officer1)
        try await world.take(
            ProposeCorrection(target: visit, member: "place", value: .text("清禾县演示工业园9号"), reason: "笔误"), in: thread,
            by: people.officer1)
        try await world.append([Fact(.caseEnded, in: thread, plain: ["ground": "terminated"])])
        let ended = try await world.load(thread)
        #expect(ended.work.ending != nil)
        #expect(PendingWord.words(in: ended.work, ended.records).map(\.matter) == [.correction])
    }

    @Test(
        "a time that was entered late waits for a head; turned down it waits for the handlers, then for its correction")
    func times() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let began = world.clock.now()
        world.minute(3 * 24 * 60)
        try await world.take(world.visit(at: began), in: thread, by: people.officer1)
        let seq = try await world.load(thread).work.entries
        #expect(try await lists(world) == ["unitHead": ["activity \(seq)"], "head": ["activity \(seq)"]])
        #expect(try await list(people.officer2, adding: .unitHead, in: world).isEmpty)
        try await requireRebuilt(world)
        try await take(
            "activity-confirmation", ["start": .integer(Int64(seq)), "result": "returned", "opinion": "与录像不符。"],
            in: thread, world, by: people.unitHead)
        #expect(
            try await lists(world) == ["officer1": ["returnedTime \(seq)"], "officer2": ["returnedTime \(seq)"]])
        try await requireRebuilt(world)
        try await world.take(
            ProposeCorrection(
                target: seq, member: "startAt", value: .instant(began.advanced(byMilliseconds: 60_000)), reason: "笔误"),
            in: thread, by: people.officer1)
        let asked = try await world.load(thread).work.entries
        #expect(try await lists(world) == ["head": ["correction \(asked)"]])
        try await world.take(
            DecideCorrection(proposal: asked, isApproved: true, opinion: "已核对录像。"), in: thread, by: people.head)
        #expect(try await lists(world).isEmpty)
        try await requireRebuilt(world)
    }

    @Test("a service that a receipt proves waits for the other officer and for heads, never for who recorded it")
    func service() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.append([
            Fact(
                .recordingLinked, in: thread, plain: ["recording": .string(ThreadTag.random().description)])
        ])
        let view = try await world.load(thread)
        let file = try #require(view.entries.last).entry
        for hasProof in [true, false] {
            try await world.append([
                Fact(
                    .documentServed, in: thread,
                    plain: [
                        "awaitsConfirmation": true, "document": .string(DocumentID.random().description),
                        "method": "post",
                    ], references: hasProof ? [EntryReference("proofFile", file)] : [])
            ])
        }
        let served = try await world.load(thread)
        let words = PendingWord.words(in: served.work, served.records)
        func open(to member: DemoPeople.Member, adding roles: Role...) async throws -> [Int] {
            var person = try await world.performer(member).person
            person.roles += roles
            return words.filter { $0.isOpen(to: person) }.map(\.seq).sorted()
        }
        let proven = served.work.entries - 1
        #expect(try await open(to: people.officer1, adding: .unitHead).isEmpty)
        #expect(try await open(to: people.officer2) == [proven])
        #expect(try await open(to: people.officer3).isEmpty)
        for head in [people.unitHead, people.head] { #expect(try await open(to: head) == [proven, proven + 1]) }
        // Each stands as one claim, and says the same when it is read back.
        #expect(Set(words.map(\.claim)).count == words.count)
        #expect(words.map { PendingWord($0.claim) } == words)
    }

    @Test("a complaint waits for the heads once it is accepted and verified, until one of them reviewed it")
    func leads() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let casebook = world.office.casebook
        let thread = ThreadTag.random()
        _ = try await casebook.begin(
            .complaint,
            [
                "channel": "telephone", "isRealName": false, "content": "反映虚报产值。", "target": "星河纸品厂（演示）",
                "receivedAt": .integer(world.clock.now().milliseconds),
            ], as: thread, command: .random(), by: try await world.performer(people.officer1))
        func step(_ name: String, _ answers: [String: JSON], by member: DemoPeople.Member) async throws {
            world.minute()
            _ = try await casebook.perform(
                try #require(LeadStep.named(name)), answers, on: thread,
                expecting: try await casebook.loadLead(thread).file.entries, command: .random(),
                by: try await world.performer(member))
        }
        try await step("accept", ["outcome": "accepted"], by: people.officer1)
        #expect(try await lists(world).isEmpty)
        try await step(
            "verify",
            [
                "result": "unfounded", "findings": "没有发现虚报。",
                "happenedAt": .integer(world.clock.now().milliseconds),
            ], by: people.officer1)
        #expect(try await lists(world) == ["unitHead": ["leadReview 3"], "head": ["leadReview 3"]])
        try await requireRebuilt(world)
        try await step(
            "review", ["result": "notPursued", "reason": "不属实。", "legalBasis": "统计法的规定"], by: people.unitHead)
        #expect(try await lists(world).isEmpty)
        try await requireRebuilt(world)
    }

    @Test("a ledger of an earlier program gets the claims of what waits when its cases are judged anew")
    func earlier() async throws {
        let world = try await CaseWorld()
        let thread = try await world.penalty()
        try await take(
            "chain-opinion", ["about": "measure", "opinion": "建议批准。", "reason": "有必要。"], in: thread, world,
            by: world.people.officer1)
        let before = try await lists(world)
        #expect(!before.isEmpty)
        let view = try await world.load(thread)
        let claims = PendingWord.words(in: view.work, view.records).map { ProjectionRow.claim($0.claim).key }
        _ = try await world.ledger.refresh(
            [RefreshedRows(thread: thread, seq: view.work.entries, upserting: [], removing: claims)],
            mark: ReevaluationMark(law: -1, at: world.clock.now()))
        #expect(try await lists(world).isEmpty)
        let round = ReevaluationRound(casebook: world.office.casebook, store: world.ledger)
        while try await round.run() {}
        #expect(try await lists(world) == before)
        try await requireRebuilt(world)
    }
}
