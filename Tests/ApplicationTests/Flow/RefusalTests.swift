import Application
import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

/// Steps out of order until the start is approved, and signatures: each is refused by the right code and provisions, and
/// nothing changes.
@Suite("Steps out of order, to the start", .serialized)
struct RefusalTests {
    @Test("what a decision still lacks is told in the order in which it is supplied, with who supplies it")
    func order() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.drafted()
        let refusal = try await world.refusal("approved before it was reviewed") {
            try await world.take(ApproveDecision(isApproved: true, opinion: "同意"), in: thread, by: people.head)
        }
        let told = refusal?.reasons.map { "\($0.provisions.first ?? "")：\($0.missing)，由\($0.who)" } ?? []
        #expect(
            told == [
                "zhaoxian-2017:15：草拟的决定还没有由起草机构审查人审查通过（也没有《行政执法决定草拟记录》；有其中一项即可），由审核人",
                "zhaoxian-2017:41：还没有经承办人和批准人以外的审核人审核（也没有《内部审批表》，也没有《行政执法决定草拟记录》；有其中一项即可），由审核人",
                "zhaoxian-2017:16：尚未制作《法制审查记录》（没有由未参与本案的人员通过的法制审查；有其中一项即可），由法制审查人员",
            ])
    }

    @Test("an inspection opens and ends only with what it needs")
    func inspection() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let inspection = try await world.inspection()
        let officer = try await world.performer(people.officer1)
        let one = [people.officer1.person.thread]
        func opening(
            _ handlers: [ThreadTag], title: String = "检查", by performer: Performer, party: String = "甲厂（演示）"
        ) async throws {
            var subject = DemoFirm.paperMill.subject
            subject.name = party
            _ = try await world.office.casebook.open(
                OpenInspection(title: title, source: .plan, handlers: handlers, newSubject: subject),
                as: .random(), command: .random(), by: performer)
        }
        func penalty(_ step: OpenPenalty, from source: ThreadTag? = nil, by performer: Performer) async throws {
            _ = try await world.open(step, from: source ?? inspection, by: performer)
        }
        func step(_ handlers: [ThreadTag], title: String = CaseWorld.title) -> OpenPenalty {
            OpenPenalty(title: title, handlers: handlers, isMajor: false, emergency: nil)
        }
        let unfound = try await world.inspection(finding: nil)
        let clean = try await world.inspection(finding: .nothingFound)
        let visit = world.visit()
        try await world.take(visit, in: inspection, by: people.officer1)
        let head = try await world.performer(people.head)
        let third = try await world.performer(people.officer3)
        let later = world.clock.now().advanced(byMilliseconds: 60_000)
        let earlier = visit.startAt.advanced(byMilliseconds: -1)
        try await world.expect(
            [
                Refused("one handler", .invalid, fields: ["handlers"]) { try await opening(one, by: officer) },
                Refused("the same handler twice", .invalid, fields: ["handlers"]) {
                    try await opening(one + one, by: officer)
                },
                Refused("a handler who is no officer", .invalid, fields: ["handlers"]) {
                    try await opening(one + [people.custodian.person.thread], by: officer)
                },
                Refused("a handler who is nobody", .invalid, fields: ["handlers"]) {
                    try await opening(one + [.random()], by: officer)
                },
                Refused("no title, no party", .invalid, fields: ["title", "subjectName"]) {
                    try await opening(world.handlers, title: " \n", by: officer, party: "")
                },
                Refused("opened by the head", .notAllowed) { try await opening(world.handlers, by: head) },
                Refused("penalty with one handler", .invalid, fields: ["handlers"]) {
                    try await penalty(step(one), by: officer)
                },
                Refused("penalty without title", .invalid, fields: ["title"]) {
                    try await penalty(step(world.handlers, title: ""), by: officer)
                },
                Refused("penalty by an officer of no part in the inspection", .notAllowed) {
                    try await penalty(step(world.handlers), by: third)
                },
                Refused("penalty before the finding", .outOfOrder) {
                    try await penalty(step(world.handlers), from: unfound, by: officer)
                },
                Refused("penalty where nothing was found", .outOfOrder) {
                    try await penalty(step(world.handlers), from: clean, by: officer)
                },
                Refused(
                    "emergency start in the future, without reason", .invalid, fields: ["emergencyReason", "startedAt"]
                ) {
                    try await penalty(
                        OpenPenalty(
                            title: CaseWorld.title, handlers: world.handlers, isMajor: false, emergency: (later, " ")),
                        by: officer)
                },
                Refused("a second finding", .outOfOrder) {
                    try await world.take(
                        RecordFinding(outcome: .nothingFound, summary: "改口", recipient: nil), in: inspection,
                        by: people.officer1)
                },
                Refused("a finding without summary", .invalid, fields: ["summary"]) {
                    try await world.take(
                        RecordFinding(outcome: .suspected, summary: "", recipient: nil), in: unfound,
                        by: people.officer1)
                },
                Refused("handed on to nobody", .invalid, fields: ["recipient"]) {
                    try await world.take(
                        RecordFinding(outcome: .handedOn, summary: "移交", recipient: nil), in: unfound,
                        by: people.officer1)
                },
                Refused("ended before the finding", .outOfOrder) {
                    try await world.take(EndCase(ground: .nothingFound, reason: nil), in: unfound, by: people.officer1)
                },
                Refused("ended against the finding", .outOfOrder) {
                    try await world.take(
                        EndCase(ground: .nothingFound, reason: nil), in: inspection, by: people.officer1)
                },
                Refused("an inspection ended as performed", .outOfOrder) {
                    try await world.take(EndCase(ground: .performed, reason: nil), in: inspection, by: people.officer1)
                },
                Refused("ended by an officer of no part in it", .notAllowed) {
                    try await world.take(EndCase(ground: .nothingFound, reason: nil), in: clean, by: people.officer3)
                },
                Refused("one officer on site", .gate, provisions: ["parent-law:penalty-42"]) {
                    try await world.take(world.visit(officers: one), in: inspection, by: people.officer1)
                },
                Refused("no officer, no place, no kind", .invalid, fields: ["place", "kind", "officers"]) {
                    var visit = world.visit(officers: [], place: "")
                    visit.kind = "walk"
                    try await world.take(visit, in: inspection, by: people.officer1)
                },
                Refused("a visit to come", .invalid, fields: ["startAt"]) {
                    try await world.take(world.visit(at: later), in: inspection, by: people.officer1)
                },
                Refused("a visit by somebody of no part in it", .notAllowed) {
                    try await world.take(world.visit(), in: inspection, by: people.officer3)
                },
                Refused("a visit that ends before it began", .invalid, fields: ["endAt"]) {
                    try await world.take(
                        EndActivity(activity: visit.activity, endAt: earlier, note: nil), in: inspection,
                        by: people.officer1)
                },
                Refused("a visit that ends in the future", .invalid, fields: ["endAt"]) {
                    try await world.take(
                        EndActivity(activity: visit.activity, endAt: later, note: nil), in: inspection,
                        by: people.officer1)
                },
                Refused("the end of an unknown visit", .notFound) {
                    try await world.take(
                        EndActivity(activity: .random(), endAt: later, note: nil), in: inspection, by: people.officer1)
                },
                Refused("an exemption by a handler who is head", .notAllowed) {
                    try await world.take(
                        ExemptRecording(activity: visit.activity, reason: "danger", explanation: "危险"), in: inspection,
                        by: try await world.performer(people.officer1, adding: .departmentHead))
                },
                Refused(
                    "an exemption without explanation, for no known reason", .invalid,
                    fields: ["explanation", "reason"]
                ) {
                    try await world.take(
                        ExemptRecording(activity: visit.activity, reason: "tired", explanation: ""), in: inspection,
                        by: people.head)
                },
                Refused("a penalty decision drafted in an inspection", .outOfOrder) {
                    try await world.take(world.drafting(), in: inspection, by: people.officer1)
                },
            ])
        // The certificates run out; on their last day they still hold.
        let until = CaseWorld.today.advanced(by: 700)
        world.clock.set(to: Instant(until, hour: 23, minute: 59))
        try await opening(world.handlers, by: officer)
        world.clock.set(to: Instant(until, hour: 24))
        let expired = try await world.refusal("expired certificates") { try await opening(world.handlers, by: officer) }
        #expect(expired?.fields.map(\.name) == ["handlers", "handlers"])
        #expect(expired?.fields.first?.message.contains(people.officer1.person.name) == true)
    }

    @Test("nothing of the investigation or the decision comes before the start is approved")
    func opened() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        let before = try await world.load(thread).work.entries
        let start: Set<String> = ["zhaoxian-2017:8", "zhaoxian-2017:8.p2"]
        func rows(_ start: Set<String>) -> [Refused] {
            [
                Refused("a visit", .gate, provisions: start) {
                    try await world.take(world.visit(), in: thread, by: people.officer1)
                },
                Refused("a rights notice", .gate, provisions: start) {
                    _ = try await world.fix(DocumentKindName.rightsNotice, in: thread)
                },
                Refused("a statement", .gate, provisions: start) {
                    try await world.take(world.statement(), in: thread, by: people.officer1)
                },
                Refused("a draft", .gate, provisions: start) {
                    try await world.take(world.drafting(), in: thread, by: people.officer1)
                },
            ]
        }
        try await world.expect(
            rows(start) + [
                Refused("an approval of nothing", .outOfOrder) {
                    try await world.take(ApproveDecision(isApproved: true, opinion: "同意"), in: thread, by: people.head)
                },
                Refused("a finding in a penalty case", .outOfOrder) {
                    try await world.take(
                        RecordFinding(outcome: .suspected, summary: "再查", recipient: nil), in: thread,
                        by: people.officer1)
                },
                Refused("ended as performed", .outOfOrder) {
                    try await world.take(EndCase(ground: .performed, reason: nil), in: thread, by: people.officer1)
                },
                Refused("ended like an inspection", .outOfOrder) {
                    try await world.take(EndCase(ground: .ledOn, reason: nil), in: thread, by: people.officer1)
                },
                Refused("broken off by the handler", .notAllowed) {
                    try await world.take(EndCase(ground: .terminated, reason: "算了"), in: thread, by: people.officer1)
                },
                Refused("broken off without the secret", .secretNeeded) {
                    try await world.take(
                        EndCase(ground: .terminated, reason: "算了"), in: thread,
                        by: try await world.performer(people.head, confirmed: false))
                },
                Refused("filed before the end", .outOfOrder) {
                    try await world.take(FileCase(), in: thread, by: people.custodian)
                },
                Refused("sheets before the end", .outOfOrder) {
                    _ = try await world.fix("case-file-catalogue", in: thread, by: people.custodian)
                },
                Refused("sheets by a handler", .notAllowed) {
                    _ = try await world.fix("case-file-catalogue", in: thread)
                },
                Refused(
                    "a form with nothing in it", .invalid,
                    fields: ["caseName", "source", "subjectName", "partyBasicInfo"]
                        + ["startReason", "isMajor", "isEmergency", "handlerOpinion"]
                ) {
                    _ = try await world.demo.fix(
                        DocumentKindName.initiationApproval, .object([]), in: thread, by: people.officer1)
                },
                Refused("a kind that does not exist", .notFound) {
                    _ = try await world.demo.fix("love-letter", .object([]), in: thread, by: people.officer1)
                },
            ])
        #expect(try await world.load(thread).work.entries == before)
        // The form handed in opens nothing yet, nor does the unit head's word; the head's does.
        let form = try await world.handInStart(in: thread)
        try await world.take(
            world.signature(form, "handlingUnit", decision: .agree, opinion: "同意"), in: thread, by: people.unitHead)
        try await world.expect(rows(start))
        try await world.take(
            world.signature(form, "agencyHead", decision: .refuse, opinion: "不同意"), in: thread, by: people.head)
        // All opinions stand on the form now, as 8.p2 asks, but the head's is against it.
        try await world.expect(rows(["zhaoxian-2017:8"]))
        try await world.approveStart(in: thread)
        try await world.take(world.visit(), in: thread, by: people.officer1)
    }

    @Test("a place is signed once, by who may, in time, with what it asks for")
    func signatures() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        let form = try await world.handInStart(in: thread)
        let unit = world.signature(form, "handlingUnit", decision: .agree, opinion: "同意")
        let later = world.clock.now().advanced(byMilliseconds: 1)
        let fixedAt = try #require(try await world.load(thread).work.document(form)?.fixedAt)
        let head = world.signature(form, "agencyHead", decision: .agree, opinion: "同意")
        try await world.expect(
            [
                Refused("the handler's place again", .outOfOrder) {
                    try await world.take(world.signature(form, "handler"), in: thread, by: people.officer1)
                },
                Refused("a place that is not there", .notFound) {
                    try await world.take(world.signature(form, "mayor"), in: thread, by: people.officer1)
                },
                Refused("a document that is not there", .notFound) {
                    try await world.take(world.signature(.random(), "handler"), in: thread, by: people.officer1)
                },
                Refused("the head's place by a handler", .notAllowed) {
                    try await world.take(head, in: thread, by: people.officer1)
                },
                Refused("the head's place by a handler who is head", .notAllowed) {
                    try await world.take(
                        head, in: thread, by: try await world.performer(people.officer1, adding: .agencyHead))
                },
                Refused("without the secret", .secretNeeded) {
                    try await world.take(
                        head, in: thread, by: try await world.performer(people.head, confirmed: false))
                },
                Refused("by a reset account", .notAllowed) {
                    try await world.take(
                        head, in: thread, by: try await world.performer(people.head, account: .reset))
                },
                Refused("in the future", .invalid, fields: ["signedAt"]) {
                    var step = unit
                    step.signedAt = later
                    try await world.take(step, in: thread, by: people.unitHead)
                },
                Refused("before the document was", .invalid, fields: ["signedAt"]) {
                    var step = unit
                    step.signedAt = fixedAt.advanced(byMilliseconds: -60_001)
                    try await world.take(step, in: thread, by: people.unitHead)
                },
                Refused("without word or opinion", .invalid, fields: ["decision", "opinion"]) {
                    try await world.take(world.signature(form, "handlingUnit"), in: thread, by: people.unitHead)
                },
                Refused("the head's place on paper, without scan and place", .invalid, fields: ["scan", "place"]) {
                    var step = unit
                    step.manner = .paper
                    try await world.take(step, in: thread, by: people.unitHead)
                },
                Refused("issued with places open", .outOfOrder) {
                    try await world.demo.issue(form, in: thread, by: people.officer1)
                },
                Refused("issued by an officer of no part in the case", .notAllowed) {
                    try await world.demo.issue(form, in: thread, by: people.officer3)
                },
                Refused("void by an officer of no part in the case", .notAllowed) {
                    try await world.take(VoidDocument(document: form, reason: "错"), in: thread, by: people.officer3)
                },
                Refused("void without reason", .invalid, fields: ["reason"]) {
                    try await world.take(VoidDocument(document: form, reason: ""), in: thread, by: people.officer1)
                },
            ])
        try await world.approveStart(in: thread)
        let notice = try await world.fix(DocumentKindName.rightsNotice, in: thread)
        try await world.take(world.signature(notice, "officer1"), in: thread, by: people.officer1)
        var drawn = world.signature(notice, "party", signer: "言无虚")
        drawn.drawing = "M0 0<script>"
        var undrawn = drawn
        undrawn.drawing = nil
        var paper = drawn
        paper.manner = .paper
        var refused = drawn
        refused.manner = .refused
        var unable = drawn
        unable.manner = .unable
        try await world.expect(
            [
                Refused("both officers' places by one", .notAllowed) {
                    try await world.take(world.signature(notice, "officer2"), in: thread, by: people.officer1)
                },
                Refused("the party's place without strokes", .invalid, fields: ["drawing"]) {
                    try await world.take(undrawn, in: thread, by: people.officer1)
                },
                Refused("strokes that are none", .invalid, fields: ["drawing"]) {
                    try await world.take(drawn, in: thread, by: people.officer1)
                },
                Refused("paper without scan and place", .invalid, fields: ["scan", "place"]) {
                    try await world.take(paper, in: thread, by: people.officer1)
                },
                Refused("a refusal without reason", .invalid, fields: ["reason"]) {
                    try await world.take(refused, in: thread, by: people.officer1)
                },
                Refused(
                    "unable to sign, without reason, reader and witness", .invalid,
                    fields: ["reason", "reader", "witness"]
                ) {
                    try await world.take(unable, in: thread, by: people.officer1)
                },
                Refused("the notice issued half signed", .outOfOrder) {
                    try await world.demo.issue(notice, in: thread, by: people.officer1)
                },
            ])
    }
}
