import Application
import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

/// One step out of order: what is tried, and what the answer must be.
private struct Row {
    let what: String
    let code: StepRefusal.Code
    /// The provisions that a gate names, all of them.
    var provisions: Set<String> = []
    /// The fields that a form is told to mend.
    var fields: [String] = []
    let attempt: () async throws -> Void

    init(
        _ what: String, _ code: StepRefusal.Code, provisions: Set<String> = [], fields: [String] = [],
        _ attempt: @escaping () async throws -> Void
    ) {
        self.what = what
        self.code = code
        self.provisions = provisions
        self.fields = fields
        self.attempt = attempt
    }
}

/// Steps out of order, stage by stage: each is refused by the right code and provisions, and nothing changes.
@Suite("Steps out of order", .serialized)
struct RefusalTests {
    private func expect(_ rows: [Row], in world: CaseWorld) async throws {
        for row in rows {
            let refusal = try await world.refusal(row.what, row.attempt)
            #expect(refusal?.code == row.code, "\(row.what): \(String(describing: refusal))")
            #expect(Set(refusal?.reasons.flatMap(\.provisions) ?? []) == row.provisions, "\(row.what)")
            #expect(refusal?.fields.map(\.name) ?? [] == row.fields, "\(row.what)")
        }
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
        try await expect(
            [
                Row("one handler", .invalid, fields: ["handlers"]) { try await opening(one, by: officer) },
                Row("the same handler twice", .invalid, fields: ["handlers"]) {
                    try await opening(one + one, by: officer)
                },
                Row("a handler who is no officer", .invalid, fields: ["handlers"]) {
                    try await opening(one + [people.custodian.person.thread], by: officer)
                },
                Row("a handler who is nobody", .invalid, fields: ["handlers"]) {
                    try await opening(one + [.random()], by: officer)
                },
                Row("no title, no party", .invalid, fields: ["title", "subjectName"]) {
                    try await opening(world.handlers, title: " \n", by: officer, party: "")
                },
                Row("opened by the head", .notAllowed) { try await opening(world.handlers, by: head) },
                Row("penalty with one handler", .invalid, fields: ["handlers"]) {
                    try await penalty(step(one), by: officer)
                },
                Row("penalty without title", .invalid, fields: ["title"]) {
                    try await penalty(step(world.handlers, title: ""), by: officer)
                },
                Row("penalty by an officer of no part in the inspection", .notAllowed) {
                    try await penalty(step(world.handlers), by: third)
                },
                Row("penalty before the finding", .outOfOrder) {
                    try await penalty(step(world.handlers), from: unfound, by: officer)
                },
                Row("penalty where nothing was found", .outOfOrder) {
                    try await penalty(step(world.handlers), from: clean, by: officer)
                },
                Row("emergency start in the future, without reason", .invalid, fields: ["emergencyReason", "startedAt"]) {
                    try await penalty(
                        OpenPenalty(
                            title: CaseWorld.title, handlers: world.handlers, isMajor: false, emergency: (later, " ")),
                        by: officer)
                },
                Row("a second finding", .outOfOrder) {
                    try await world.take(
                        RecordFinding(outcome: .nothingFound, summary: "改口", recipient: nil), in: inspection,
                        by: people.officer1)
                },
                Row("a finding without summary", .invalid, fields: ["summary"]) {
                    try await world.take(
                        RecordFinding(outcome: .suspected, summary: "", recipient: nil), in: unfound, by: people.officer1)
                },
                Row("handed on to nobody", .invalid, fields: ["recipient"]) {
                    try await world.take(
                        RecordFinding(outcome: .handedOn, summary: "移交", recipient: nil), in: unfound,
                        by: people.officer1)
                },
                Row("ended before the finding", .outOfOrder) {
                    try await world.take(EndCase(ground: .nothingFound, reason: nil), in: unfound, by: people.officer1)
                },
                Row("ended against the finding", .outOfOrder) {
                    try await world.take(EndCase(ground: .nothingFound, reason: nil), in: inspection, by: people.officer1)
                },
                Row("an inspection ended as performed", .outOfOrder) {
                    try await world.take(EndCase(ground: .performed, reason: nil), in: inspection, by: people.officer1)
                },
                Row("ended by an officer of no part in it", .notAllowed) {
                    try await world.take(EndCase(ground: .nothingFound, reason: nil), in: clean, by: people.officer3)
                },
                Row("one officer on site", .gate, provisions: ["parent-law:penalty-42"]) {
                    try await world.take(world.visit(officers: one), in: inspection, by: people.officer1)
                },
                Row("no officer, no place, no kind", .invalid, fields: ["place", "kind", "officers"]) {
                    var visit = world.visit(officers: [], place: "")
                    visit.kind = "walk"
                    try await world.take(visit, in: inspection, by: people.officer1)
                },
                Row("a visit to come", .invalid, fields: ["startAt"]) {
                    try await world.take(world.visit(at: later), in: inspection, by: people.officer1)
                },
                Row("a visit by somebody of no part in it", .notAllowed) {
                    try await world.take(world.visit(), in: inspection, by: people.officer3)
                },
                Row("a visit that ends before it began", .invalid, fields: ["endAt"]) {
                    try await world.take(
                        EndActivity(activity: visit.activity, endAt: earlier, note: nil), in: inspection,
                        by: people.officer1)
                },
                Row("a visit that ends in the future", .invalid, fields: ["endAt"]) {
                    try await world.take(
                        EndActivity(activity: visit.activity, endAt: later, note: nil), in: inspection,
                        by: people.officer1)
                },
                Row("the end of an unknown visit", .notFound) {
                    try await world.take(
                        EndActivity(activity: .random(), endAt: later, note: nil), in: inspection, by: people.officer1)
                },
                Row("an exemption by a handler who is head", .notAllowed) {
                    try await world.take(
                        ExemptRecording(activity: visit.activity, reason: "danger", explanation: "危险"), in: inspection,
                        by: try await world.performer(people.officer1, adding: .departmentHead))
                },
                Row("an exemption without explanation, for no known reason", .invalid, fields: ["explanation", "reason"]) {
                    try await world.take(
                        ExemptRecording(activity: visit.activity, reason: "tired", explanation: ""), in: inspection,
                        by: people.head)
                },
                Row("a penalty decision drafted in an inspection", .outOfOrder) {
                    try await world.take(world.drafting(), in: inspection, by: people.officer1)
                },
            ], in: world)
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
        let start: Set<String> = ["zhaoxian-2017:8", "zhaoxian-2017:8.p2"]
        func rows(_ start: Set<String>) -> [Row] {
            [
                Row("a visit", .gate, provisions: start) {
                    try await world.take(world.visit(), in: thread, by: people.officer1)
                },
                Row("a rights notice", .gate, provisions: start) {
                    _ = try await world.fix(DocumentKindName.rightsNotice, in: thread)
                },
                Row("a statement", .gate, provisions: start) {
                    try await world.take(world.statement(), in: thread, by: people.officer1)
                },
                Row("a draft", .gate, provisions: start) {
                    try await world.take(world.drafting(), in: thread, by: people.officer1)
                },
            ]
        }
        try await expect(
            rows(start) + [
                Row("an approval of nothing", .outOfOrder) {
                    try await world.take(ApproveDecision(isApproved: true, opinion: "同意"), in: thread, by: people.head)
                },
                Row("a finding in a penalty case", .outOfOrder) {
                    try await world.take(
                        RecordFinding(outcome: .suspected, summary: "再查", recipient: nil), in: thread,
                        by: people.officer1)
                },
                Row("ended as performed", .outOfOrder) {
                    try await world.take(EndCase(ground: .performed, reason: nil), in: thread, by: people.officer1)
                },
                Row("ended like an inspection", .outOfOrder) {
                    try await world.take(EndCase(ground: .ledOn, reason: nil), in: thread, by: people.officer1)
                },
                Row("broken off by the handler", .notAllowed) {
                    try await world.take(EndCase(ground: .terminated, reason: "算了"), in: thread, by: people.officer1)
                },
                Row("broken off without the secret", .secretNeeded) {
                    try await world.take(
                        EndCase(ground: .terminated, reason: "算了"), in: thread,
                        by: try await world.performer(people.head, confirmed: false))
                },
                Row("filed before the end", .outOfOrder) {
                    try await world.take(FileCase(), in: thread, by: people.custodian)
                },
                Row("sheets before the end", .outOfOrder) {
                    _ = try await world.fix("case-file-catalogue", in: thread, by: people.custodian)
                },
                Row("sheets by a handler", .notAllowed) { _ = try await world.fix("case-file-catalogue", in: thread) },
                Row("a form with nothing in it", .invalid, fields: ["caseName", "source", "subjectName", "partyBasicInfo"]
                    + ["startReason", "isMajor", "isEmergency", "handlerOpinion"]) {
                    _ = try await world.demo.fix(
                        DocumentKindName.initiationApproval, .object([]), in: thread, by: people.officer1)
                },
                Row("a kind that does not exist", .notFound) {
                    _ = try await world.demo.fix("love-letter", .object([]), in: thread, by: people.officer1)
                },
            ], in: world)
        // The form handed in opens nothing yet, nor does the unit head's word; the head's does.
        let form = try await world.handInStart(in: thread)
        try await world.take(
            world.signature(form, "handlingUnit", decision: .agree, opinion: "同意"), in: thread, by: people.unitHead)
        try await expect(rows(start), in: world)
        try await world.take(
            world.signature(form, "agencyHead", decision: .refuse, opinion: "不同意"), in: thread, by: people.head)
        // All opinions stand on the form now, as 8.p2 asks, but the head's is against it.
        try await expect(rows(["zhaoxian-2017:8"]), in: world)
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
        try await expect(
            [
                Row("the handler's place again", .outOfOrder) {
                    try await world.take(world.signature(form, "handler"), in: thread, by: people.officer1)
                },
                Row("a place that is not there", .notFound) {
                    try await world.take(world.signature(form, "mayor"), in: thread, by: people.officer1)
                },
                Row("a document that is not there", .notFound) {
                    try await world.take(world.signature(.random(), "handler"), in: thread, by: people.officer1)
                },
                Row("the head's place by a handler", .notAllowed) {
                    try await world.take(head, in: thread, by: people.officer1)
                },
                Row("the head's place by a handler who is head", .notAllowed) {
                    try await world.take(
                        head, in: thread, by: try await world.performer(people.officer1, adding: .agencyHead))
                },
                Row("without the secret", .secretNeeded) {
                    try await world.take(
                        head, in: thread, by: try await world.performer(people.head, confirmed: false))
                },
                Row("by a reset account", .notAllowed) {
                    try await world.take(
                        head, in: thread, by: try await world.performer(people.head, account: .reset))
                },
                Row("in the future", .invalid, fields: ["signedAt"]) {
                    var step = unit
                    step.signedAt = later
                    try await world.take(step, in: thread, by: people.unitHead)
                },
                Row("before the document was", .invalid, fields: ["signedAt"]) {
                    var step = unit
                    step.signedAt = fixedAt.advanced(byMilliseconds: -60_001)
                    try await world.take(step, in: thread, by: people.unitHead)
                },
                Row("without word or opinion", .invalid, fields: ["decision", "opinion"]) {
                    try await world.take(world.signature(form, "handlingUnit"), in: thread, by: people.unitHead)
                },
                Row("the head's place on paper", .invalid, fields: ["manner"]) {
                    var step = unit
                    step.manner = .paper
                    try await world.take(step, in: thread, by: people.unitHead)
                },
                Row("issued with places open", .outOfOrder) {
                    try await world.demo.issue(form, in: thread, by: people.officer1)
                },
                Row("issued by an officer of no part in the case", .notAllowed) {
                    try await world.demo.issue(form, in: thread, by: people.officer3)
                },
                Row("void by an officer of no part in the case", .notAllowed) {
                    try await world.take(VoidDocument(document: form, reason: "错"), in: thread, by: people.officer3)
                },
                Row("void without reason", .invalid, fields: ["reason"]) {
                    try await world.take(VoidDocument(document: form, reason: ""), in: thread, by: people.officer1)
                },
            ], in: world)
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
        try await expect(
            [
                Row("both officers' places by one", .notAllowed) {
                    try await world.take(world.signature(notice, "officer2"), in: thread, by: people.officer1)
                },
                Row("the party's place without strokes", .invalid, fields: ["drawing"]) {
                    try await world.take(undrawn, in: thread, by: people.officer1)
                },
                Row("strokes that are none", .invalid, fields: ["drawing"]) {
                    try await world.take(drawn, in: thread, by: people.officer1)
                },
                Row("paper without scan and place", .invalid, fields: ["scan", "place"]) {
                    try await world.take(paper, in: thread, by: people.officer1)
                },
                Row("a refusal without reason", .invalid, fields: ["reason"]) {
                    try await world.take(refused, in: thread, by: people.officer1)
                },
                Row("unable to sign, without reason and witness", .invalid, fields: ["reason", "witness"]) {
                    try await world.take(unable, in: thread, by: people.officer1)
                },
                Row("the notice issued half signed", .outOfOrder) {
                    try await world.demo.issue(notice, in: thread, by: people.officer1)
                },
            ], in: world)
    }

    @Test("nothing is approved before the notice, the statement, its review and the legal review, nor by who took part")
    func deciding() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let approval = ApproveDecision(isApproved: true, opinion: "同意")
        let later = world.clock.now().advanced(byMilliseconds: 3_600_000)
        func approving(_ provisions: Set<String>) -> Row {
            Row("approving", .gate, provisions: provisions) {
                try await world.take(approval, in: thread, by: people.head)
            }
        }
        try await expect(
            [
                Row("a draft by nobody of the case", .notAllowed) {
                    try await world.take(world.drafting(), in: thread, by: people.officer3)
                },
                Row("a draft that says nothing", .invalid, fields: ["legalBasis", "evidence", "factors", "draft"]) {
                    try await world.take(
                        DraftDecision(
                            unitReviewer: people.unitHead.person.thread, outcome: .penalty, legalBasis: "", evidence: "",
                            factors: "", draft: ""), in: thread, by: people.officer1)
                },
                Row("a drafter who reviews himself", .invalid, fields: ["unitReviewer"]) {
                    var draft = world.drafting()
                    draft.unitReviewer = people.officer1.person.thread
                    try await world.take(draft, in: thread, by: people.officer1)
                },
                Row("a statement that says nothing", .invalid, fields: ["facts"]) {
                    try await world.take(world.statement(facts: "  "), in: thread, by: people.officer1)
                },
                Row("a statement to come", .invalid, fields: ["statedAt"]) {
                    try await world.take(world.statement(at: later), in: thread, by: people.officer1)
                },
                Row("the review of no statement", .notFound) {
                    try await world.take(world.review(of: 2), in: thread, by: people.officer1)
                },
            ], in: world)
        try await world.take(world.drafting(), in: thread, by: people.officer1)
        let heard: Set<String> = ["parent-law:penalty-62"]
        let noticed: Set<String> = ["parent-law:penalty-44", "zhaoxian-2017:11"]
        let reviewed: Set<String> = ["zhaoxian-2017:16"]
        try await expect([approving(heard.union(noticed).union(reviewed))], in: world)
        let notice = try await world.signedNotice(in: thread)
        try await world.demo.issue(notice, in: thread, by: people.officer1)
        try await expect([approving(heard.union(reviewed))], in: world)
        world.minute()
        try await world.take(world.statement(), in: thread, by: people.officer1)
        let statement = try await world.load(thread).work.entries
        try await expect([approving(reviewed.union(["parent-law:penalty-45"]))], in: world)
        try await world.take(world.review(of: statement), in: thread, by: people.officer1)
        let handler = try await world.performer(people.officer1, adding: .agencyHead, .legalReviewer)
        try await expect(
            [
                approving(reviewed),
                Row("the statement reviewed twice", .outOfOrder) {
                    try await world.take(world.review(of: statement), in: thread, by: people.officer1)
                },
                Row("the legal review by a handler", .notAllowed) {
                    _ = try await world.fix(DocumentKindName.legalReview, in: thread, by: people.officer1)
                },
                Row("the legal review by a handler who is reviewer", .notAllowed) {
                    let draft = Draft(
                        id: .random(), bureau: world.office.bureau, caseThread: thread, kind: DocumentKindName.legalReview,
                        data: world.form(DocumentKindName.legalReview), author: handler.tag, savedAt: world.clock.now(),
                        version: 1)
                    _ = try await world.office.desk.fix(
                        draft, activity: nil, about: nil, expecting: try await world.load(thread).work.entries,
                        command: .random(), by: handler)
                },
            ], in: world)
        try await world.reviewLegality(in: thread)
        let decision = try await world.fix(DocumentKindName.penaltyDecision, in: thread)
        try await expect(
            [
                Row("approved by an officer", .notAllowed) {
                    try await world.take(approval, in: thread, by: people.officer1)
                },
                Row("approved by a handler who is head", .notAllowed) {
                    try await world.take(approval, in: thread, by: handler)
                },
                Row("approved by the drafter's own reviewer", .notAllowed) {
                    try await world.take(
                        approval, in: thread, by: try await world.performer(people.unitHead, adding: .agencyHead))
                },
                Row("approved by the legal reviewer", .notAllowed) {
                    try await world.take(
                        approval, in: thread, by: try await world.performer(people.reviewer, adding: .agencyHead))
                },
                Row("approved without the secret", .secretNeeded) {
                    try await world.take(
                        approval, in: thread, by: try await world.performer(people.head, confirmed: false))
                },
                Row("approved by a reset account", .notAllowed) {
                    try await world.take(
                        approval, in: thread, by: try await world.performer(people.head, account: .reset))
                },
                Row("approved without opinion", .invalid, fields: ["opinion"]) {
                    try await world.take(
                        ApproveDecision(isApproved: true, opinion: " "), in: thread, by: people.head)
                },
                Row("the decision issued before the approval", .gate,
                    provisions: ["zhaoxian-2017:19", "parent-law:penalty-57"]) {
                    try await world.demo.issue(decision, in: thread, by: people.officer1)
                },
            ], in: world)
        try await world.take(ApproveDecision(isApproved: false, opinion: "退回"), in: thread, by: people.head)
        try await expect(
            [
                Row("approved after the head refused", .outOfOrder) {
                    try await world.take(approval, in: thread, by: people.head)
                },
                Row("issued after the head refused", .gate, provisions: ["zhaoxian-2017:19", "parent-law:penalty-57"]) {
                    try await world.demo.issue(decision, in: thread, by: people.officer1)
                },
            ], in: world)
    }

    @Test("nothing is served before it is issued, ended before it is performed, filed before its sheets or by another")
    func executing() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        try await world.hear(in: thread)
        try await world.take(world.drafting(), in: thread, by: people.officer1)
        try await world.reviewLegality(in: thread)
        try await world.take(ApproveDecision(isApproved: true, opinion: "同意"), in: thread, by: people.head)
        let unissued = try await world.fix(DocumentKindName.penaltyDecision, in: thread)
        let performance = RecordPerformance(
            status: "complete", performedAt: world.clock.now(), amount: 1, obligation: "缴纳罚款", evidence: nil)
        try await expect(
            [
                Row("served before it is issued", .outOfOrder) {
                    try await world.take(world.service(of: unissued, with: unissued), in: thread, by: people.officer1)
                },
                Row("performed before it is issued", .outOfOrder) {
                    try await world.take(performance, in: thread, by: people.officer1)
                },
                Row("issued without the secret", .secretNeeded) {
                    _ = try await world.office.desk.issue(
                        unissued, in: thread, expecting: try await world.load(thread).work.entries, command: .random(),
                        by: try await world.performer(people.officer1, confirmed: false))
                },
            ], in: world)
        try await world.demo.issue(unissued, in: thread, by: people.officer1)
        let decision = unissued
        let issuedAt = try #require(try await world.load(thread).work.document(decision)?.issue?.at)
        let receipt = try await world.fix(DocumentKindName.serviceReceipt, in: thread, about: decision)
        let later = world.clock.now().advanced(byMilliseconds: 1)
        try await expect(
            [
                Row("issued twice", .outOfOrder) { try await world.demo.issue(decision, in: thread, by: people.officer1) },
                Row("signed when issued", .outOfOrder) {
                    try await world.take(world.signature(decision, "agency"), in: thread, by: people.officer1)
                },
                Row("drafted when issued", .outOfOrder) {
                    try await world.take(world.drafting(), in: thread, by: people.officer1)
                },
                Row("void by a handler", .notAllowed) {
                    try await world.take(VoidDocument(document: decision, reason: "错"), in: thread, by: people.officer1)
                },
                Row("served with a receipt that is none", .outOfOrder) {
                    try await world.take(world.service(of: decision, with: decision), in: thread, by: people.officer1)
                },
                Row("served with an unsigned receipt", .gate, provisions: ["zhaoxian-2017:22"]) {
                    try await world.take(world.service(of: decision, with: receipt), in: thread, by: people.officer1)
                },
                Row("served before it was issued", .invalid, fields: ["servedAt"]) {
                    let at = issuedAt.advanced(byMilliseconds: -60_001)
                    try await world.take(
                        world.service(of: decision, with: receipt, at: at), in: thread, by: people.officer1)
                },
                Row("served in the future", .invalid, fields: ["servedAt"]) {
                    try await world.take(
                        world.service(of: decision, with: receipt, at: later), in: thread, by: people.officer1)
                },
                Row("ended before it is performed", .outOfOrder) {
                    try await world.take(EndCase(ground: .performed, reason: nil), in: thread, by: people.officer1)
                },
                Row("performed in the future, for less than nothing", .invalid, fields: ["amount"]) {
                    var step = performance
                    step.amount = -1
                    step.performedAt = later
                    try await world.take(step, in: thread, by: people.officer1)
                },
                Row("performed in the future", .invalid, fields: ["performedAt"]) {
                    var step = performance
                    step.performedAt = later
                    try await world.take(step, in: thread, by: people.officer1)
                },
            ], in: world)
        try await world.take(
            world.signature(receipt, "recipient", signer: DemoFirm.paperMill.representative), in: thread,
            by: people.officer1)
        try await world.take(world.signature(receipt, "server1"), in: thread, by: people.officer1)
        try await world.take(world.service(of: decision, with: receipt), in: thread, by: people.officer1)
        try await world.take(performance, in: thread, by: people.officer1)
        try await world.take(EndCase(ground: .performed, reason: nil), in: thread, by: people.officer1)
        try await expect(
            [
                Row("a visit after the end", .outOfOrder) {
                    try await world.take(world.visit(), in: thread, by: people.officer1)
                },
                Row("ended twice", .outOfOrder) {
                    try await world.take(EndCase(ground: .terminated, reason: "再"), in: thread, by: people.head)
                },
                Row("filed without sheets", .outOfOrder) {
                    try await world.take(FileCase(), in: thread, by: people.custodian)
                },
                Row("filed by a handler", .notAllowed) {
                    try await world.take(FileCase(), in: thread, by: people.officer1)
                },
                Row("filed by the head", .notAllowed) { try await world.take(FileCase(), in: thread, by: people.head) },
                Row("filed without the secret", .secretNeeded) {
                    try await world.take(
                        FileCase(), in: thread, by: try await world.performer(people.custodian, confirmed: false))
                },
            ], in: world)
        try await world.sheets(in: thread)
        try await world.take(FileCase(), in: thread, by: people.custodian)
        try await expect(
            [
                Row("filed twice", .outOfOrder) { try await world.take(FileCase(), in: thread, by: people.custodian) },
                Row("a visit to a filed case", .outOfOrder) {
                    try await world.take(world.visit(), in: thread, by: people.officer1)
                },
                Row("void in a filed case", .outOfOrder) {
                    try await world.take(VoidDocument(document: decision, reason: "错"), in: thread, by: people.head)
                },
                Row("an override in a filed case", .outOfOrder) {
                    try await world.take(
                        GiveOverride(provision: "zhaoxian-2017:8", step: .activityBegan, reason: "急", legalBasis: "法"),
                        in: thread, by: people.head)
                },
                Row("a sheet in a filed case", .outOfOrder) { try await world.sheets(in: thread) },
            ], in: world)
    }

    @Test("a case with a duty open is filed only with defects, by the head's word and with a closing sheet that says so")
    func openDuty() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.inspection(finding: .nothingFound)
        try await world.take(world.visit(), in: thread, by: people.officer1)
        try await world.take(EndCase(ground: .nothingFound, reason: nil), in: thread, by: people.officer1)
        try await world.sheets(in: thread)
        func filing(_ provisions: Set<String>) -> Row {
            Row("filing without \(provisions.sorted())", .gate, provisions: provisions) {
                try await world.take(FileCase(), in: thread, by: people.custodian)
            }
        }
        func lifting(_ provision: String, reason: String = "录像机故障") -> GiveOverride {
            GiveOverride(provision: provision, step: .caseFiled, reason: reason, legalBasis: "本办法的规定")
        }
        let (film, record) = ("zhaoxian-2017:13a", "zhaoxian-2017:12(3)")
        try await expect(
            [
                filing([film, record]),
                Row("lifted by the custodian who is stopped", .notAllowed) {
                    try await world.take(lifting(film), in: thread, by: people.custodian)
                },
                Row("lifted by a handler who is head", .notAllowed) {
                    try await world.take(
                        lifting(film), in: thread, by: try await world.performer(people.officer1, adding: .agencyHead))
                },
                Row("lifted without reason", .invalid, fields: ["reason"]) {
                    try await world.take(lifting(film, reason: ""), in: thread, by: people.head)
                },
                Row("lifted without the secret", .secretNeeded) {
                    try await world.take(
                        lifting(film), in: thread, by: try await world.performer(people.head, confirmed: false))
                },
                Row("a hard gate lifted", .notAllowed) {
                    try await world.take(lifting("parent-law:penalty-42"), in: thread, by: people.head)
                },
                Row("what no text asks lifted", .invalid, fields: ["provision"]) {
                    try await world.take(lifting("zhaoxian-2017:999"), in: thread, by: people.head)
                },
            ], in: world)
        try await world.take(lifting(film), in: thread, by: people.head)
        try await expect([filing([record])], in: world)
        try await world.take(lifting(record), in: thread, by: people.head)
        // The closing sheet was made before the head's word and does not hold it.
        try await expect(
            [
                Row("filed with a closing sheet that keeps silent", .outOfOrder) {
                    try await world.take(FileCase(), in: thread, by: people.custodian)
                }
            ], in: world)
        try await world.sheets(in: thread)
        try await world.take(FileCase(), in: thread, by: people.custodian)
        let view = try await world.load(thread)
        let sheet = try #require(view.work.document(ofKind: "closing-sheet"))
        #expect(sheet.data?["overrides"]?.elements?.count == 2)
        #expect(view.records.last?.plain["withDefects"]?.boolean == true)
        #expect(view.records.last?.fields["defects"]?.elements?.count == 2)
        #expect(Set(try await world.evaluation(of: thread).defects.map(\.citation.provision)) == [film, record])
    }
}
