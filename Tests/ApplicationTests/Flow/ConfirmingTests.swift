import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

@testable import Application

/// What rests on one person's word waits for another's before anything rests on it.
@Suite("Late times and mailed proofs are confirmed by somebody else", .serialized)
struct ConfirmingTests {
    private let day: Int64 = 86_400_000

    private func ago(_ milliseconds: Int64, _ world: CaseWorld) -> Instant {
        world.clock.now().advanced(byMilliseconds: -milliseconds)
    }

    private func confirm(
        _ step: String, _ role: String, _ seq: Int, passed: Bool = true, in thread: ThreadTag, _ world: CaseWorld,
        by member: DemoPeople.Member
    ) async throws {
        let step = try #require(RecordedStep.named(step))
        try await world.take(
            RecordEntry(
                step,
                [
                    role: .integer(Int64(seq)), "result": passed ? "passed" : "returned", "opinion": "核对过凭证。",
                ]), in: thread, by: member)
    }

    @Test("an act of a penalty case lies after the inspection began, also when it is corrected")
    func bound() async throws {
        let world = try await CaseWorld()
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        world.minute(60)
        let before: [Int64] = [2 * 3_600_000, day, 300 * day]
        for milliseconds in before {
            let refusal = try await world.refusal("\(milliseconds) before") {
                try await world.take(world.visit(at: ago(milliseconds, world)), in: thread, by: world.people.officer1)
            }
            #expect(refusal?.fields.map(\.name) == ["startAt"])
        }
        try await world.take(world.visit(at: ago(30 * 60_000, world)), in: thread, by: world.people.officer1)
        #expect(try await world.load(thread).work.awaited.isEmpty, "the same day is no other day")
        let seq = try await world.load(thread).work.entries
        let refusal = try await world.refusal("corrected to before the inspection") {
            try await world.take(
                ProposeCorrection(
                    target: seq, member: "startAt", value: .instant(ago(2 * 3_600_000, world)), reason: "笔误"),
                in: thread,
                by: world.people.officer1)
        }
        #expect(refusal?.fields.map(\.name) == ["value"])
    }

    @Test("an act entered on a later day holds up the approval until a head who is no officer of it confirmed its time")
    func lateActivity() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let began = world.clock.now()
        world.minute(3 * 24 * 60)
        try await world.take(world.visit(at: began), in: thread, by: people.officer1)
        let seq = try await world.load(thread).work.entries
        #expect(try await world.load(thread).work.awaited.map(\.seq) == [seq])
        try await world.hear(in: thread)
        try await world.take(world.drafting(), in: thread, by: people.officer1)
        try await world.reviewLegality(in: thread)
        let approve = ApproveDecision(isApproved: true, opinion: "同意")
        let refusal = try await world.refusal("approved") { try await world.take(approve, in: thread, by: people.head) }
        #expect(refusal?.code == .gate)
        #expect(refusal?.reasons.first?.missing.hasSuffix("还没有经他人核对") == true)
        #expect(refusal?.reasons.first?.who == "承办机构负责人或者行政机关负责人")
        for member in [people.officer1, people.officer2] {
            let refusal = try await world.refusal("confirmed by an officer") {
                try await confirm("activity-confirmation", "start", seq, in: thread, world, by: member)
            }
            #expect(refusal?.code == .notAllowed)
        }
        try await confirm("activity-confirmation", "start", seq, in: thread, world, by: people.head)
        #expect(try await world.load(thread).work.awaited.isEmpty)
        try await world.take(approve, in: thread, by: people.head)
    }

    @Test("a time that was turned down waits for its correction, and nobody passes it uncorrected")
    func turnedDown() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let began = world.clock.now()
        world.minute(3 * 24 * 60)
        try await world.take(world.visit(at: began), in: thread, by: people.officer1)
        let seq = try await world.load(thread).work.entries
        try await confirm("activity-confirmation", "start", seq, passed: false, in: thread, world, by: people.unitHead)
        let waiting = try await world.load(thread).work.awaited
        #expect(waiting.map(\.seq) == [seq] && waiting.first?.isTurnedDown == true)
        for member in [people.unitHead, people.head] {
            let refusal = try await world.refusal("passed uncorrected") {
                try await confirm("activity-confirmation", "start", seq, in: thread, world, by: member)
            }
            #expect(refusal != nil)
        }
        try await world.take(
            ProposeCorrection(
                target: seq, member: "startAt", value: .instant(began.advanced(byMilliseconds: 60_000)), reason: "笔误"),
            in: thread, by: people.officer1)
        let asked = try await world.load(thread).work.entries
        try await world.take(
            DecideCorrection(proposal: asked, isApproved: true, opinion: "同意"), in: thread, by: people.head)
        #expect(try await world.load(thread).work.awaited.isEmpty, "whoever approved the other time has looked at it")
    }

    @Test("a service that a receipt proves serves nobody before somebody else opened the receipt and confirmed it")
    func mailed() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.approved()
        let decision = try await world.signedDecision(in: thread)
        try await world.demo.issue(decision, in: thread, by: people.officer1)
        let issued = world.clock.now()
        world.minute(2 * 24 * 60)
        let recording = ThreadTag.random()
        let facts = try await world.vault.store(CaseWorld.video)
        try await world.take(
            ImportRecording(
                recording: recording, object: facts, form: "photo", device: "phone", fileName: "回执.jpg",
                mediaType: "image/jpeg", completedAt: world.clock.now(), activity: nil, note: nil), in: thread,
            by: people.officer1)
        let file = try #require(try await world.load(thread).records.last { $0.type == .recordingLinked }).seq
        let post = try #require(RecordedStep.named("service-post"))
        func send() async throws -> Int {
            try await world.take(
                RecordEntry(
                    post,
                    [
                        "document": .string(decision.description), "mailKind": "express", "registerEntry": "1",
                        "postageVoucher": "1", "recipient": .string(DemoFirm.paperMill.name), "place": "清禾县演示工业园",
                        "returned": false, "returnReceipt": "言某",
                        "mailedAt": .integer(issued.milliseconds + 3_600_000),
                        "servedAt": .integer(world.clock.now().milliseconds - 3_600_000),
                        "proofFile": .integer(Int64(file)),
                    ]), in: thread, by: people.officer1)
            return try await world.load(thread).work.entries
        }
        func look(_ member: DemoPeople.Member) async throws {
            let look = try await world.office.views.begin(
                facts.id, in: recording, by: try await world.performer(member), right: "handler", purpose: "review",
                command: .random())
            await world.office.views.count(0..<100, of: 100, in: look.id)
            try await world.office.views.end(look.id)
        }
        let before = try await world.evaluation(of: thread)
        let seq = try await send()
        #expect(try await !world.load(thread).work.isServed(decision))
        // The law reads no service yet: nothing becomes due by it, and nothing is met.
        let waiting = try await world.evaluation(of: thread)
        #expect(
            before.obligations.filter { $0.state == .met }.count
                == waiting.obligations.filter { $0.state == .met }.count)
        let once = try await world.refusal("sent twice") { _ = try await send() }
        #expect(once?.fields.isEmpty == false)
        let performed = try await world.refusal("ended") {
            try await world.take(EndCase(ground: .performed, reason: nil), in: thread, by: people.officer1)
        }
        #expect(performed != nil)
        try await look(people.officer1)
        let own = try await world.refusal("confirmed by who recorded it") {
            try await confirm("service-confirmation", "service", seq, in: thread, world, by: people.officer1)
        }
        #expect(own?.fields.map(\.name) == ["service"])
        let blind = try await world.refusal("confirmed unseen") {
            try await confirm("service-confirmation", "service", seq, in: thread, world, by: people.officer2)
        }
        #expect(blind?.fields.first?.message.contains("请先打开") == true)
        try await look(people.officer2)
        try await confirm("service-confirmation", "service", seq, in: thread, world, by: people.officer2)
        let work = try await world.load(thread).work
        #expect(work.isServed(decision) && work.awaited.isEmpty && work.heldServices.isEmpty)
        let after = try await world.evaluation(of: thread)
        #expect(
            after.obligations.filter { $0.state == .met }.count > waiting.obligations.filter { $0.state == .met }.count)
    }

    @Test("a paper left behind serves nobody before somebody else confirmed it: who opened its picture, or a head")
    func leftBehind() async throws {
        let world = try await CaseWorld()
        let people = world.people
        for hasPicture in [false, true] {
            let thread = try await world.penalty()
            try await world.approveStart(in: thread)
            let notice = try await world.signedNotice(in: thread)
            try await world.demo.issue(notice, in: thread, by: people.officer1)
            let receipt = try await world.receipt(of: notice, in: thread)
            var delivery = world.visit()
            delivery.kind = "service"
            try await world.take(delivery, in: thread, by: people.officer1)
            let activity = try #require(try await world.load(thread).work.activities.last)
            var answers: [String: JSON] = [
                "document": .string(notice.description), "receipt": .string(receipt.description),
                "activity": .string(activity.id.description), "recipient": .string(DemoFirm.paperMill.name),
                "place": "清禾县演示工业园", "servedAt": .integer(world.clock.now().milliseconds),
                "refusedDay": .string(world.clock.now().day.description), "refusalReason": "拒收", "leftAtDomicile": true,
                "witness": "言某",
            ]
            let facts = try await world.vault.store(CaseWorld.video)
            let recording = ThreadTag.random()
            if hasPicture {
                try await world.take(
                    ImportRecording(
                        recording: recording, object: facts, form: "photo", device: "phone", fileName: "留置.jpg",
                        mediaType: "image/jpeg", completedAt: nil, activity: activity.id, note: nil), in: thread,
                    by: people.officer1)
                answers["proofFile"] = .integer(
                    Int64(try #require(try await world.load(thread).records.last { $0.type == .recordingLinked }).seq))
            }
            try await world.take(
                RecordEntry(try #require(RecordedStep.named("service-lien")), answers), in: thread, by: people.officer1)
            let seq = try await world.load(thread).work.entries
            #expect(try await !world.load(thread).work.isServed(notice))
            let other = try await world.refusal("the other officer, unseen") {
                try await confirm("service-confirmation", "service", seq, in: thread, world, by: people.officer2)
            }
            #expect(other?.fields.map(\.name) == ["service"])
            if hasPicture {
                let look = try await world.office.views.begin(
                    facts.id, in: recording, by: try await world.performer(people.officer2), right: "handler",
                    purpose: "review", command: .random())
                await world.office.views.count(0..<100, of: 100, in: look.id)
                try await world.office.views.end(look.id)
            }
            try await confirm(
                "service-confirmation", "service", seq, in: thread, world,
                by: hasPicture ? people.officer2 : people.unitHead)
            #expect(try await world.load(thread).work.isServed(notice))
        }
    }

    @Test("a receipt that names lien service is registered as one, by a picture of that very session")
    func lien() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let notice = try await world.signedNotice(in: thread)
        try await world.demo.issue(notice, in: thread, by: people.officer1)
        let day = world.clock.now().day
        let receipt = try await world.fix(
            DocumentKindName.serviceReceipt, in: thread,
            changing: [
                .init("leftAt", "清禾县演示工业园"), .init("method", "lien"), .init("refusalDate", .string(day.description)),
                .init("refusalReason", "拒收"),
            ], about: notice)
        func photo(_ activity: ActivityID?) async throws -> Int {
            try await world.take(
                ImportRecording(
                    recording: .random(), object: try await world.vault.store(CaseWorld.video), form: "photo",
                    device: "phone", fileName: "留置.jpg", mediaType: "image/jpeg", completedAt: nil,
                    activity: activity, note: nil), in: thread, by: people.officer1)
            return try #require(try await world.load(thread).records.last { $0.type == .recordingLinked }).seq
        }
        let stray = try await photo(nil)
        var delivery = world.visit()
        delivery.kind = "service"
        try await world.take(delivery, in: thread, by: people.officer1)
        let session = try #require(try await world.load(thread).work.activities.last).id
        let own = try await photo(session)
        func register(_ name: String, _ changed: [String: JSON]) -> () async throws -> Void {
            let answers: [String: JSON] = [
                "document": .string(notice.description), "receipt": .string(receipt.description),
                "activity": .string(session.description), "recipient": .string(DemoFirm.paperMill.name),
                "place": "清禾县演示工业园", "servedAt": .integer(world.clock.now().milliseconds),
                "refusedDay": .string(day.description), "refusalReason": "拒收", "leftAtDomicile": true,
                "witness": "言某", "proofFile": .integer(Int64(stray)),
            ]
            return {
                try await world.take(
                    RecordEntry(try #require(RecordedStep.named(name)), answers.merging(changed) { $1 }), in: thread,
                    by: people.officer1)
            }
        }
        let lien = register("service-lien", [:])
        try await world.expect([
            Refused("as a direct service", .invalid, fields: ["receipt"]) {
                try await world.take(
                    RecordService(
                        document: notice, receipt: receipt, servedAt: world.clock.now(),
                        recipient: DemoFirm.paperMill.name, signatory: nil, relation: nil, place: "清禾县演示工业园"),
                    in: thread, by: people.officer1)
            }
        ])
        let refusal = try await world.refusal("a picture of no session") { try await lien() }
        #expect(refusal?.fields.contains { $0.name == "proofFile" && $0.message.contains("送达活动") } == true)
        let right = register("service-lien", ["proofFile": .integer(Int64(own))])
        #expect(
            try await world.refusal("nobody signed the receipt") { try await right() }?.message.contains("签名栏") == true)
        try await world.take(world.signature(receipt, "server1"), in: thread, by: people.officer1)
        try await world.take(
            world.signature(receipt, "witness", signer: "见证人甲"), in: thread, by: people.officer1)
        try await right()
        #expect(try await world.load(thread).work.heldServices.map(\.method) == ["lien"])
        // What waits to be confirmed rests on the receipt as much as what was.
        let void = try await world.refusal("its receipt made void") {
            try await world.take(VoidDocument(document: receipt, reason: "写错了。"), in: thread, by: people.head)
        }
        #expect(void?.message.contains("已经凭这份文书登记送达") == true)
    }

    @Test("a service that was turned down never counts, and can be recorded anew")
    func returned() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let notice = try await world.signedNotice(in: thread)
        try await world.demo.issue(notice, in: thread, by: people.officer1)
        let receipt = try await world.receipt(of: notice, in: thread)
        world.minute(2 * 24 * 60)
        let service = world.service(of: notice, with: receipt)
        try await world.take(service, in: thread, by: people.officer1)
        let seq = try await world.load(thread).work.entries
        #expect(try await !world.load(thread).work.isServed(notice))
        let handler = try await world.refusal("a late time, confirmed by a handler") {
            try await confirm("service-confirmation", "service", seq, in: thread, world, by: people.officer2)
        }
        #expect(handler?.fields.map(\.name) == ["service"])
        try await confirm("service-confirmation", "service", seq, passed: false, in: thread, world, by: people.unitHead)
        #expect(try await world.load(thread).work.heldServices.isEmpty)
        try await world.take(service, in: thread, by: people.officer1)
        let again = try await world.load(thread).work.entries
        try await confirm("service-confirmation", "service", again, in: thread, world, by: people.unitHead)
        #expect(try await world.load(thread).work.isServed(notice))
    }
}
