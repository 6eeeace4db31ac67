import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

@testable import Application

/// The party's answer, in writing or by silence, comes after it was told what it could answer to.
@Suite("Nobody answers, waives or keeps silence before being told", .serialized)
struct TellingTests {
    private static let party: [JSON.Member] = [
        .init("caseName", .string(CaseWorld.title)), .init("subjectName", .string(DemoFirm.paperMill.name)),
    ]

    private func submission(_ world: CaseWorld, _ kind: String, at: Instant? = nil) -> [JSON.Member] {
        Self.party + [
            .init("submissionKind", .string(kind)), .init("submitter", .string(DemoFirm.paperMill.representative)),
            .init("receivedAt", .string((at ?? world.clock.now()).description)), .init("pages", 1),
            .init("receivedBy", .string(world.people.officer1.person.name)), .init("originalPlace", "附后"),
        ]
    }

    private func waiver(_ world: CaseWorld) -> [JSON.Member] {
        Self.party + [
            .init("speaker", .string(DemoFirm.paperMill.representative)), .init("rights", ["statement", "defence"]),
            .init("facts", "当面表示没有意见。"), .init("waivedAt", .string(world.clock.now().description)),
            .init("officers", world.demo.officers),
        ]
    }

    private func notified(
        _ world: CaseWorld, _ thread: ThreadTag, rights: JSON = ["statement", "defence"], recipient: String = "party",
        phase: String = "beforeDecision"
    ) async throws {
        world.minute()
        try await world.append([
            Fact(
                .rightsNotified, in: thread,
                plain: [
                    "carrier": "oral", "notifiedAt": .integer(world.clock.now().milliseconds), "phase": .string(phase),
                    "recipient": .string(recipient), "rights": rights,
                ], fields: [.init("way", "当面告知。", .party)])
        ])
    }

    private func silence(_ world: CaseWorld, _ thread: ThreadTag, at: Instant? = nil) async throws {
        let step = try #require(RecordedStep.named("silence"))
        try await world.take(
            RecordEntry(
                step,
                [
                    "facts": "到期没有提出。", "happenedAt": .integer((at ?? world.clock.now()).milliseconds),
                    "name": .string(DemoFirm.paperMill.representative),
                ]), in: thread, by: world.people.officer1)
    }

    @Test("a party told on a day that its officers entered later is silent only when its time after the entry is over")
    func toldLate() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let told = world.clock.now()
        let notice = try await world.fix(DocumentKindName.rightsNotice, in: thread)
        world.minute(14 * 24 * 60)
        try await world.demo.signOnPaper(
            notice, "party", in: thread, by: people.officer1, as: DemoFirm.paperMill.representative, at: told,
            isSealed: false)
        for slot in ["officer1", "officer2"] {
            try await world.demo.sign(
                notice, slot, in: thread, by: slot == "officer1" ? people.officer1 : people.officer2)
        }
        try await world.demo.issue(notice, in: thread, by: people.officer1)
        let entered = world.clock.now()
        for days in [0, 1, 4] as [Int64] {
            world.clock.set(to: entered.advanced(byMilliseconds: days * 24 * 3_600_000))
            let refusal = try await world.refusal("silent \(days) days after the entry") {
                try await silence(world, thread)
            }
            #expect(refusal?.fields.first?.message.contains("才登记，从登记之日起计算") == true, "\(days)")
        }
        world.clock.set(to: entered.advanced(byMilliseconds: 14 * 24 * 3_600_000))
        try await silence(world, thread)
    }

    @Test("a written statement, defence or waiver is no paper of a party that was not told; what else it hands in is")
    func untold() async throws {
        let world = try await CaseWorld()
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        func refuses(_ what: String, _ kind: String, _ data: [JSON.Member]) async throws {
            try await world.expect([
                Refused("\(what): \(kind)", .outOfOrder, provisions: ["parent-law:penalty-44"]) {
                    _ = try await world.fix(kind, in: thread, changing: data)
                }
            ])
        }
        func refuseAll(_ what: String) async throws {
            for kind in ["statement", "defence", "waiver"] {
                try await refuses(what, "written-party-submission", submission(world, kind))
            }
            try await refuses(what, "oral-waiver-record", waiver(world))
            let refusal = try await world.refusal("\(what): silence") { try await silence(world, thread) }
            #expect(refusal?.code == .outOfOrder, "\(what)")
            let statement = try await world.refusal("\(what): statement") {
                try await world.take(world.statement(), in: thread, by: world.people.officer1)
            }
            #expect(statement?.code == .outOfOrder && statement?.reasons.isEmpty == false, "\(what)")
        }
        try await refuseAll("told nothing")
        // What is no telling of this: other rights, somebody else, a visit, a demand.
        try await notified(world, thread, rights: ["recusal", "remedies"])
        try await refuseAll("told of recusal")
        try await notified(world, thread, rights: ["statement"])
        try await refuseAll("told of half of it")
        try await notified(world, thread, recipient: "interested")
        try await refuseAll("somebody else told")
        try await notified(world, thread, phase: "activity")
        try await refuseAll("told at a visit")
        try await notified(world, thread, phase: "afterDemand")
        try await refuseAll("told after a demand")
        for kind in ["hearingRequest", "other"] {
            _ = try await world.fix("written-party-submission", in: thread, changing: submission(world, kind))
        }
        let early = world.clock.now()
        try await notified(world, thread)
        world.minute(5)
        for kind in ["statement", "defence", "waiver"] {
            try await world.expect([
                Refused("\(kind) before the telling", .invalid, fields: ["receivedAt"]) {
                    _ = try await world.fix(
                        "written-party-submission", in: thread,
                        changing: submission(world, kind, at: early.advanced(byMilliseconds: -3_600_000)))
                }
            ])
            _ = try await world.fix("written-party-submission", in: thread, changing: submission(world, kind))
        }
        _ = try await world.fix("oral-waiver-record", in: thread, changing: waiver(world))
        try await world.expect([
            Refused("silent before the telling", .invalid, fields: ["happenedAt"]) {
                try await silence(world, thread, at: early.advanced(byMilliseconds: -3_600_000))
            }
        ])
        // Nobody is silent before the time is over: no notice says one, so what the law gives for a hearing.
        let told = world.clock.now()
        for minutes in [0, 24 * 60, 4 * 24 * 60] {
            world.clock.set(to: told.advanced(byMilliseconds: Int64(minutes) * 60_000))
            try await world.expect([
                Refused("silent after \(minutes) minutes", .invalid, fields: ["happenedAt"]) {
                    try await silence(world, thread)
                }
            ])
        }
        world.clock.set(to: told.advanced(byMilliseconds: 14 * 24 * 3_600_000))
        try await world.expect([
            Refused("a term that ended early", .invalid, fields: ["happenedAt"]) {
                try await silence(world, thread, at: told.advanced(byMilliseconds: 24 * 3_600_000))
            }
        ])
        try await silence(world, thread)
    }

    @Test(
        "a term is read from the words of a notice",
        arguments: [
            ("自收到本告知书之日起五个工作日内", TermLength.workingDays(5)), ("三日内", .days(3)), ("收到之日起 5 个工作日", .workingDays(5)),
            ("十五日", .days(15)), ("二十天内", .days(20)), ("7日", .days(7)), ("５日", .days(5)),
        ] as [(String, TermLength)])
    func written(text: String, length: TermLength) {
        #expect(WrittenTerm.length(text) == length)
    }

    @Test("words without a number of days are no term", arguments: ["", "尽快", "本月内", "第五条", "二〇二六年", "9999999日", "零日"])
    func unwritten(text: String) {
        #expect(WrittenTerm.length(text) == nil)
    }

    @Test("a notice that the party signed tells it; one that names other rights, or is void, does not")
    func notice() async throws {
        let world = try await CaseWorld()
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        func signed(_ rights: JSON) async throws -> DocumentID {
            let changed: [JSON.Member] = [.init("rights", rights)]
            let notice = try await world.fix(DocumentKindName.rightsNotice, in: thread, changing: changed)
            try await world.take(
                world.signature(notice, "party", signer: DemoFirm.paperMill.representative), in: thread,
                by: world.people.officer1)
            return notice
        }
        func refused(_ what: String) async throws {
            let refusal = try await world.refusal(what) {
                _ = try await world.fix(
                    "written-party-submission", in: thread, changing: submission(world, "statement"))
            }
            #expect(refusal?.code == .outOfOrder, "\(what)")
        }
        _ = try await signed(["recusal"])
        try await refused("told of recusal on paper")
        let void = try await signed(["statement", "defence", "recusal"])
        try await world.take(VoidDocument(document: void, reason: "写错。"), in: thread, by: world.people.head)
        try await refused("told by a void notice")
        _ = try await signed(["statement", "defence", "recusal"])
        _ = try await world.fix("written-party-submission", in: thread, changing: submission(world, "statement"))
    }

    @Test(
        "a refusal to sign that nobody saw tells nothing; one before a witness, or on a recording of that session, does"
    )
    func refusal() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        func refuse(_ notice: DocumentID, witness: String? = nil) async throws {
            var step = world.signature(notice, "party", signer: DemoFirm.paperMill.representative)
            step.manner = .refused
            (step.drawing, step.reason, step.witness) = (nil, "拒绝签名", witness)
            try await world.take(step, in: thread, by: people.officer1)
        }
        func fixes(_ isTold: Bool, _ what: String) async throws {
            let data = submission(world, "statement")
            guard !isTold else {
                _ = try await world.fix("written-party-submission", in: thread, changing: data)
                return
            }
            let refusal = try await world.refusal(what) {
                _ = try await world.fix("written-party-submission", in: thread, changing: data)
            }
            #expect(refusal?.reasons.map(\.provisions) == [["parent-law:penalty-44"]], "\(what)")
            #expect(refusal?.reasons.first?.missing.contains("见证人") == true, "\(what)")
            #expect(refusal?.reasons.first?.who == "承办人", "\(what)")
        }
        let notice = try await world.fix(DocumentKindName.rightsNotice, in: thread)
        try await refuse(notice)
        try await fixes(false, "nobody saw it")
        let course = try await course(world, thread)
        #expect(!RecordedStep.all.contains { $0.name == "silence" && $0.isOffered(course) })
        // That it was told by this notice is the same word once more.
        try await world.append([
            Fact(
                .rightsNotified, in: thread,
                plain: [
                    "carrier": "notice", "document": .string(notice.description),
                    "notifiedAt": .integer(world.clock.now().milliseconds), "phase": "beforeDecision",
                    "recipient": "party", "rights": ["statement", "defence"],
                ], fields: [.init("way", "当面告知。", .party)])
        ])
        try await fixes(false, "told by a notice that reached nobody")
        // A recording of another time shows nothing of it; one of the session does.
        func link(_ activity: ActivityID) async throws {
            try await world.append([
                Fact(
                    .recordingLinked, in: thread,
                    plain: [
                        "activity": .string(activity.description),
                        "recording": .string(ThreadTag.random().description),
                    ])
            ])
        }
        world.minute(5)
        let later = world.visit()
        try await world.take(later, in: thread, by: people.officer1)
        try await link(later.activity)
        try await fixes(false, "a recording of a later session")
        let second = try await world.fix(DocumentKindName.rightsNotice, in: thread)
        try await refuse(second)
        try await fixes(false, "a recording of before it happened")
        try await link(later.activity)
        try await fixes(true, "a recording of the session")
        try await world.take(VoidDocument(document: second, reason: "重做。"), in: thread, by: people.officer1)
        try await fixes(false, "void")
        let third = try await world.fix(DocumentKindName.rightsNotice, in: thread)
        try await refuse(third, witness: "村委会 路人甲")
        try await fixes(false, "a name that was typed")
        func note(about paper: DocumentID, signed: Bool) async throws {
            let id = JSON.string(DocumentID.random().description)
            var facts = [
                Fact(
                    .documentFixed, in: thread,
                    plain: ["about": .string(paper.description), "document": id, "kind": "refusal-to-sign-note"],
                    fields: [.init("data", ["person": "某人"], .party)])
            ]
            if signed {
                facts.append(
                    Fact(
                        .documentSigned, in: thread, plain: ["document": id, "manner": "paper", "slot": "witness"],
                        fields: [.init("name", "路人甲", .party)]))
            }
            try await world.append(facts)
        }
        try await note(about: third, signed: false)
        try await note(about: second, signed: true)
        try await fixes(false, "a note that nobody signed, and one of another paper")
        try await note(about: third, signed: true)
        try await fixes(true, "a witness who signed")
    }

    private func course(_ world: CaseWorld, _ thread: ThreadTag) async throws -> CaseCourse {
        let view = try await world.load(thread)
        return CaseCourse(work: view.work, records: view.records)
    }

    @Test("in an inspection a firm hands in what it likes: nobody is being punished")
    func inspection() async throws {
        let world = try await CaseWorld()
        let thread = try await world.inspection(finding: nil)
        let kind = try #require(try CaseWorld.library.get().kind("written-party-submission"))
        guard kind.taken.kinds.contains(.inspection) else { return }
        _ = try await world.fix(kind.name, in: thread, changing: submission(world, "statement"))
    }
}
