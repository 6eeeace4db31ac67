import Application
import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

/// Steps out of order from the draft of the decision to the filed volume.
@Suite("Steps out of order, from the draft on", .serialized)
struct DecisionRefusalTests {
    @Test("nothing is approved before the notice, the statement, its review and the legal review, nor by who took part")
    func deciding() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let otherCase = try await world.inspection()
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let approval = ApproveDecision(isApproved: true, opinion: "同意")
        let later = world.clock.now().advanced(byMilliseconds: 3_600_000)
        func approving(_ provisions: Set<String>) -> Refused {
            Refused("approving", .gate, provisions: provisions) {
                try await world.take(approval, in: thread, by: people.head)
            }
        }
        try await world.expect(
            [
                Refused("a draft by nobody of the case", .notAllowed) {
                    try await world.take(world.drafting(), in: thread, by: people.officer3)
                },
                Refused("a draft that says nothing", .invalid, fields: ["legalBasis", "evidence", "factors", "draft"]) {
                    try await world.take(
                        DraftDecision(
                            unitReviewer: people.unitHead.person.thread, outcome: .penalty, legalBasis: "",
                            evidence: "",
                            factors: "", draft: ""), in: thread, by: people.officer1)
                },
                Refused("a drafter who reviews himself", .invalid, fields: ["unitReviewer"]) {
                    var draft = world.drafting()
                    draft.unitReviewer = people.officer1.person.thread
                    try await world.take(draft, in: thread, by: people.officer1)
                },
                Refused("a draft reviewed by nobody registered", .invalid, fields: ["unitReviewer"]) {
                    var draft = world.drafting()
                    draft.unitReviewer = .random()
                    try await world.take(draft, in: thread, by: people.officer1)
                },
                Refused("a draft reviewed by another case", .invalid, fields: ["unitReviewer"]) {
                    var draft = world.drafting()
                    draft.unitReviewer = otherCase
                    try await world.take(draft, in: thread, by: people.officer1)
                },
                Refused("a draft reviewed by somebody without that duty", .invalid, fields: ["unitReviewer"]) {
                    var draft = world.drafting()
                    draft.unitReviewer = people.custodian.person.thread
                    try await world.take(draft, in: thread, by: people.officer1)
                },
                Refused("a statement that says nothing", .invalid, fields: ["facts"]) {
                    try await world.take(world.statement(facts: "  "), in: thread, by: people.officer1)
                },
                Refused("a statement to come", .invalid, fields: ["statedAt"]) {
                    try await world.take(world.statement(at: later), in: thread, by: people.officer1)
                },
                Refused("the review of no statement", .notFound) {
                    try await world.take(world.review(of: 2), in: thread, by: people.officer1)
                },
            ])
        try await world.take(world.drafting(), in: thread, by: people.officer1)
        let heard: Set<String> = ["parent-law:penalty-62"]
        let noticed: Set<String> = ["parent-law:penalty-44", "zhaoxian-2017:11"]
        let reviewed: Set<String> = ["zhaoxian-2017:16"]
        let passed: Set<String> = ["zhaoxian-2017:15", "zhaoxian-2017:41"]
        try await world.expect([approving(heard.union(noticed).union(reviewed).union(passed))])
        try await world.reviewDraft(in: thread)
        try await world.expect([approving(heard.union(noticed).union(reviewed))])
        let notice = try await world.signedNotice(in: thread)
        try await world.demo.issue(notice, in: thread, by: people.officer1)
        try await world.expect([approving(heard.union(reviewed))])
        world.minute()
        try await world.state(in: thread)
        let statement = try await world.load(thread).work.entries
        try await world.expect([approving(reviewed.union(["parent-law:penalty-45"]))])
        try await world.take(world.review(of: statement), in: thread, by: people.officer1)
        let handler = try await world.performer(people.officer1, adding: .agencyHead, .legalReviewer)
        try await world.expect(
            [
                approving(reviewed),
                Refused("the statement reviewed twice", .outOfOrder) {
                    try await world.take(world.review(of: statement), in: thread, by: people.officer1)
                },
                Refused("the legal review by a handler", .notAllowed) {
                    _ = try await world.fix(DocumentKindName.legalReview, in: thread, by: people.officer1)
                },
                Refused("the legal review by a handler who is reviewer", .notAllowed) {
                    let draft = Draft(
                        id: .random(), bureau: world.office.bureau, caseThread: thread,
                        kind: DocumentKindName.legalReview,
                        data: world.form(DocumentKindName.legalReview), author: handler.tag, savedAt: world.clock.now(),
                        version: 1)
                    _ = try await world.office.desk.fix(
                        draft, activity: nil, about: nil, expecting: try await world.load(thread).work.entries,
                        command: .random(), by: handler)
                },
            ])
        #expect(try await world.load(thread).work.approval == nil, "a refused approval stands in the case")
        try await world.reviewLegality(in: thread)
        let decision = try await world.fix(DocumentKindName.penaltyDecision, in: thread)
        try await world.demo.look(at: decision, in: thread, by: people.head)
        try await world.expect(
            [
                Refused("approved by an officer", .notAllowed) {
                    try await world.take(approval, in: thread, by: people.officer1)
                },
                Refused("approved by a handler who is head", .notAllowed) {
                    try await world.take(approval, in: thread, by: handler)
                },
                Refused("approved by the drafter's own reviewer", .notAllowed) {
                    try await world.take(
                        approval, in: thread, by: try await world.performer(people.unitHead, adding: .agencyHead))
                },
                Refused("approved by the legal reviewer", .notAllowed) {
                    try await world.take(
                        approval, in: thread, by: try await world.performer(people.reviewer, adding: .agencyHead))
                },
                Refused("approved without the secret", .secretNeeded) {
                    try await world.take(
                        approval, in: thread, by: try await world.performer(people.head, confirmed: false))
                },
                Refused("approved by a reset account", .notAllowed) {
                    try await world.take(
                        approval, in: thread, by: try await world.performer(people.head, account: .reset))
                },
                Refused("approved without opinion", .invalid, fields: ["opinion"]) {
                    try await world.take(
                        ApproveDecision(isApproved: true, opinion: " "), in: thread, by: people.head)
                },
                Refused(
                    "the decision signed before the approval", .gate,
                    provisions: ["zhaoxian-2017:19", "parent-law:penalty-57"]
                ) {
                    try await world.take(world.signature(decision, "agencyHead"), in: thread, by: people.head)
                },
            ])
        try await world.take(ApproveDecision(isApproved: false, opinion: "退回"), in: thread, by: people.head)
        try await world.expect(
            [
                Refused("approved after the head refused", .outOfOrder) {
                    try await world.take(approval, in: thread, by: people.head)
                },
                Refused(
                    "signed after the head refused", .gate, provisions: ["zhaoxian-2017:19", "parent-law:penalty-57"]
                ) {
                    try await world.take(world.signature(decision, "agencyHead"), in: thread, by: people.head)
                },
            ])
        // However a signature came there: without the head's approval nothing is issued.
        try await world.append([
            Fact(
                .documentSigned, in: thread,
                plain: [
                    "by": .string(people.head.person.thread.description), "document": .string(decision.description),
                    "manner": "screen", "signedAt": .integer(world.clock.now().milliseconds), "slot": "agencyHead",
                ], fields: [.init("name", .string(people.head.person.name), .officer)])
        ])
        try await world.expect([
            Refused(
                "issued all the same", .gate,
                provisions: ["zhaoxian-2017:19", "parent-law:penalty-57", "zhaoxian-2017:41"]
            ) {
                try await world.demo.issue(decision, in: thread, by: people.officer1)
            }
        ])
    }

    @Test("nothing is served before it is issued, ended before it is performed, filed before its sheets or by another")
    func executing() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.approved()
        let unissued = try await world.signedDecision(in: thread)
        var performance = RecordPerformance(
            status: "complete", performedAt: world.clock.now(), amount: 1, obligation: "缴纳罚款", evidence: "缴款书")
        try await world.expect(
            [
                Refused("served before it is issued", .outOfOrder) {
                    try await world.take(world.service(of: unissued, with: unissued), in: thread, by: people.officer1)
                },
                Refused("performed before it is issued", .outOfOrder) {
                    try await world.take(performance, in: thread, by: people.officer1)
                },
                Refused("issued without the secret", .secretNeeded) {
                    _ = try await world.office.desk.issue(
                        unissued, in: thread, expecting: try await world.load(thread).work.entries, command: .random(),
                        by: try await world.performer(people.officer1, confirmed: false))
                },
            ])
        try await world.demo.issue(unissued, in: thread, by: people.officer1)
        let decision = unissued
        let issuedAt = try #require(try await world.load(thread).work.document(decision)?.issue?.at)
        let receipt = try await world.fix(DocumentKindName.serviceReceipt, in: thread, about: decision)
        let later = world.clock.now().advanced(byMilliseconds: 1)
        try await world.expect(
            [
                Refused("issued twice", .outOfOrder) {
                    try await world.demo.issue(decision, in: thread, by: people.officer1)
                },
                Refused("signed when issued", .outOfOrder) {
                    try await world.take(world.signature(decision, "agency"), in: thread, by: people.officer1)
                },
                Refused("drafted when issued", .outOfOrder) {
                    try await world.take(world.drafting(), in: thread, by: people.officer1)
                },
                Refused("void by a handler", .notAllowed) {
                    try await world.take(VoidDocument(document: decision, reason: "错"), in: thread, by: people.officer1)
                },
                Refused("served with a receipt that is none", .outOfOrder) {
                    try await world.take(world.service(of: decision, with: decision), in: thread, by: people.officer1)
                },
                Refused("served with an unsigned receipt", .gate, provisions: ["zhaoxian-2017:22"]) {
                    try await world.take(world.service(of: decision, with: receipt), in: thread, by: people.officer1)
                },
                Refused("served before it was issued", .invalid, fields: ["servedAt"]) {
                    let at = issuedAt.advanced(byMilliseconds: -60_001)
                    try await world.take(
                        world.service(of: decision, with: receipt, at: at), in: thread, by: people.officer1)
                },
                Refused("served in the future", .invalid, fields: ["servedAt"]) {
                    try await world.take(
                        world.service(of: decision, with: receipt, at: later), in: thread, by: people.officer1)
                },
                Refused("ended before it is performed", .outOfOrder) {
                    try await world.take(EndCase(ground: .performed, reason: nil), in: thread, by: people.officer1)
                },
                Refused("performed in full before it is served", .outOfOrder) {
                    var step = performance
                    step.performedAt = world.clock.now()
                    try await world.take(step, in: thread, by: people.officer1)
                },
                Refused("performed in the future, for less than nothing", .invalid, fields: ["amount"]) {
                    var step = performance
                    step.status = "partly"
                    step.amount = -1
                    step.performedAt = later
                    try await world.take(step, in: thread, by: people.officer1)
                },
                Refused("performed in the future", .invalid, fields: ["performedAt"]) {
                    var step = performance
                    step.status = "partly"
                    step.performedAt = later
                    try await world.take(step, in: thread, by: people.officer1)
                },
            ])
        try await world.take(
            world.signature(receipt, "recipient", signer: DemoFirm.paperMill.representative), in: thread,
            by: people.officer1)
        try await world.take(world.signature(receipt, "server1"), in: thread, by: people.officer1)
        try await world.take(world.service(of: decision, with: receipt), in: thread, by: people.officer1)
        performance.performedAt = world.clock.now()
        try await world.take(performance, in: thread, by: people.officer1)
        try await world.take(EndCase(ground: .performed, reason: nil), in: thread, by: people.officer1)
        try await world.expect(
            [
                Refused("a visit after the end", .outOfOrder) {
                    try await world.take(world.visit(), in: thread, by: people.officer1)
                },
                Refused("ended twice", .outOfOrder) {
                    try await world.take(EndCase(ground: .terminated, reason: "再"), in: thread, by: people.head)
                },
                Refused("filed without sheets", .outOfOrder) {
                    try await world.take(FileCase(), in: thread, by: people.custodian)
                },
                Refused("filed by a handler", .notAllowed) {
                    try await world.take(FileCase(), in: thread, by: people.officer1)
                },
                Refused("filed by the head", .notAllowed) {
                    try await world.take(FileCase(), in: thread, by: people.head)
                },
                Refused("filed without the secret", .secretNeeded) {
                    try await world.take(
                        FileCase(), in: thread, by: try await world.performer(people.custodian, confirmed: false))
                },
            ])
        try await world.sheets(in: thread)
        try await world.take(FileCase(), in: thread, by: people.custodian)
        try await world.expect(
            [
                Refused("filed twice", .outOfOrder) {
                    try await world.take(FileCase(), in: thread, by: people.custodian)
                },
                Refused("a visit to a filed case", .outOfOrder) {
                    try await world.take(world.visit(), in: thread, by: people.officer1)
                },
                Refused("void in a filed case", .outOfOrder) {
                    try await world.take(VoidDocument(document: decision, reason: "错"), in: thread, by: people.head)
                },
                Refused("an override in a filed case", .outOfOrder) {
                    try await world.take(
                        GiveOverride(provision: "zhaoxian-2017:8", step: .activityBegan, reason: "急", legalBasis: "法"),
                        in: thread, by: people.head)
                },
                Refused("a sheet in a filed case", .outOfOrder) { try await world.sheets(in: thread) },
            ])
    }

    @Test(
        "a case with a duty open is filed only with defects, by the head's word and with a closing sheet that says so")
    func openDuty() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.inspection(finding: .nothingFound)
        try await world.take(world.visit(), in: thread, by: people.officer1)
        let (film, record, shown) = ("zhaoxian-2017:13a", "zhaoxian-2017:12(3)", "parent-law:penalty-55")
        // Ending names what it would make impossible; it goes on only with open eyes, and that is recorded.
        try await world.expect(
            [
                Refused("ended without looking at what is lost", .outOfOrder, provisions: [film, record, shown]) {
                    try await world.take(EndCase(ground: .nothingFound, reason: nil), in: thread, by: people.officer1)
                },
                Refused("a defect accepted while it can still be mended", .outOfOrder) {
                    try await world.take(
                        AcceptDefect(
                            provision: film, person: world.handlers[0], violation: "没有录像", reason: "录像机故障",
                            legalBasis: "本办法的规定"), in: thread, by: people.head)
                },
            ])
        try await world.take(
            EndCase(ground: .nothingFound, reason: nil, acceptsGaps: true), in: thread, by: people.officer1)
        #expect(try await world.load(thread).records.last?.number("defects") == 3)
        try await world.sheets(in: thread)
        func filing(_ provisions: Set<String>) -> Refused {
            Refused("filing without \(provisions.sorted())", .gate, provisions: provisions) {
                try await world.take(FileCase(), in: thread, by: people.custodian)
            }
        }
        func lifting(
            _ provision: String, reason: String = "录像机故障", person: ThreadTag? = nil
        ) -> AcceptDefect {
            AcceptDefect(
                provision: provision, person: person ?? world.handlers[0], violation: "没有音像记录", reason: reason,
                legalBasis: "本办法的规定")
        }
        try await world.expect(
            [
                filing([film, record, shown]),
                Refused("lifted by the custodian who is stopped", .notAllowed) {
                    try await world.take(lifting(film), in: thread, by: people.custodian)
                },
                Refused("lifted by a handler who is head", .notAllowed) {
                    try await world.take(
                        lifting(film), in: thread, by: try await world.performer(people.officer1, adding: .agencyHead))
                },
                Refused("lifted without reason", .invalid, fields: ["reason"]) {
                    try await world.take(lifting(film, reason: ""), in: thread, by: people.head)
                },
                Refused("lifted for a reason that says nothing", .invalid, fields: ["reason"]) {
                    try await world.take(lifting(film, reason: "缺。。。。。"), in: thread, by: people.head)
                },
                Refused("lifted without the secret", .secretNeeded) {
                    try await world.take(
                        lifting(film), in: thread, by: try await world.performer(people.head, confirmed: false))
                },
                Refused("a defect of nobody", .invalid, fields: ["person"]) {
                    try await world.take(lifting(film, person: .random()), in: thread, by: people.head)
                },
                Refused("a hard gate lifted", .invalid, fields: ["provision"]) {
                    try await world.take(lifting("parent-law:penalty-42"), in: thread, by: people.head)
                },
                Refused("filing let pass as if it were a gate of a step", .outOfOrder) {
                    try await world.take(
                        GiveOverride(provision: film, step: .caseFiled, reason: "急", legalBasis: "法"), in: thread,
                        by: people.head)
                },
                Refused("a step let pass that the provision does not stop", .notAllowed) {
                    try await world.take(
                        GiveOverride(provision: film, step: .documentIssued, reason: "急", legalBasis: "法"), in: thread,
                        by: people.head)
                },
                Refused("what no text asks lifted", .invalid, fields: ["provision"]) {
                    try await world.take(lifting("zhaoxian-2017:999"), in: thread, by: people.head)
                },
            ])
        try await world.take(lifting(film), in: thread, by: people.head)
        try await world.expect([filing([record, shown])])
        try await world.take(lifting(record), in: thread, by: people.head)
        try await world.expect([filing([shown])])
        try await world.take(lifting(shown), in: thread, by: people.head)
        // The closing sheet was made before the head's word and does not hold it.
        try await world.expect(
            [
                Refused("filed with a closing sheet that keeps silent", .outOfOrder) {
                    try await world.take(FileCase(), in: thread, by: people.custodian)
                }
            ])
        try await world.sheets(in: thread)
        try await world.take(FileCase(), in: thread, by: people.custodian)
        let view = try await world.load(thread)
        let sheet = try #require(view.work.document(ofKind: "closing-sheet"))
        let defects = try #require(sheet.data?["defects"]?.elements)
        #expect(defects.count == 3 && sheet.data?["overrides"] == nil)
        #expect(defects.first?["person"]?.string == people.officer1.person.name)
        #expect(defects.first?["approval"]?.string?.contains(people.head.person.name) == true)
        #expect(defects.first?["violation"] == "没有音像记录" && defects.first?["reason"] == "录像机故障")
        #expect(sheet.slots["agencyHead"] != nil, "the head signs a closing sheet with defects")
        #expect(sheet.data?["situation"]?.string?.contains("带缺陷归档 3 项") == true)
        #expect(view.records.last?.plain["withDefects"]?.boolean == true)
        #expect(view.records.last?.fields["defects"]?.elements?.count == 3)
        #expect(Set(try await world.evaluation(of: thread).defects.map(\.citation.provision)) == [film, record, shown])
    }
}
