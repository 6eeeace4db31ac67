import Application
import Casework
import Demo
import Kernel
import Ledger
import Store
import TestKit
import Testing

/// What was recorded wrongly is put right by later entries; nothing recorded changes.
@Suite("Corrections", .serialized)
struct CorrectionTests {
    /// An inspection with one visit that was declared with a wrong place.
    private func visited() async throws -> (world: CaseWorld, thread: ThreadTag, visit: Int) {
        let world = try await CaseWorld()
        let thread = try await world.inspection(finding: nil)
        world.minute(30)
        try await world.take(world.visit(place: "清禾县别的街"), in: thread, by: world.people.officer1)
        return (world, thread, try await world.load(thread).work.entries)
    }

    private func proposal(
        _ target: Int, _ member: String = "place", _ value: CorrectedValue = .text("清禾县演示工业园"), reason: String = "笔误"
    ) -> ProposeCorrection {
        ProposeCorrection(target: target, member: member, value: value, reason: reason)
    }

    @Test(
        "one proposes, another approves in their own session; readers and the law take the new value, the entry stays")
    func entry() async throws {
        let (world, thread, visit) = try await visited()
        let people = world.people
        let before = try await world.load(thread)
        try await world.take(proposal(visit), in: thread, by: people.officer1)
        // Proposed is not yet corrected.
        #expect(try await world.load(thread).work.activities.first?.place == "清禾县别的街")
        let asked = try await world.load(thread).work.entries
        try await world.take(
            DecideCorrection(proposal: asked, isApproved: true, opinion: "核对属实，同意更正"), in: thread, by: people.head)
        let after = try await world.load(thread)
        #expect(after.work.activities.first?.place == "清禾县演示工业园")
        #expect(after.work.corrections.map(\.state) == [.approved])
        #expect(Array(after.records.prefix(before.records.count)) == before.records, "an entry was changed")
        // The whole correction stands in the one entry: what, into what, why, who asked and who approved.
        let entry = try #require(after.records.last)
        #expect(entry.type == .entryCorrected && entry.text("value") == "清禾县演示工业园" && entry.text("reason") == "笔误")
        #expect(entry.thread("proposedBy") == world.handlers[0])
        #expect(entry.thread("approvedBy") == people.head.person.thread)
        #expect(Set(entry.references.map { "\($0.role) \($0.seq)" }) == ["corrects \(visit)", "proposal \(asked)"])
    }

    @Test("a corrected time moves the term that runs from it, and one that was refused moves nothing")
    func term() async throws {
        let (world, thread, visit) = try await visited()
        let people = world.people
        let start = try #require(try await world.load(thread).work.activities.first?.startAt)
        world.minute(60)
        let activity = try #require(try await world.load(thread).work.activities.first?.id)
        let end = world.clock.now()
        try await world.take(EndActivity(activity: activity, endAt: end, note: nil), in: thread, by: people.officer1)
        let ended = try await world.load(thread).work.entries
        let right = start.advanced(byMilliseconds: 600_000)
        for isApproved in [false, true] {
            try await world.take(proposal(ended, "endAt", .instant(right)), in: thread, by: people.officer1)
            let asked = try await world.load(thread).work.entries
            try await world.take(
                DecideCorrection(proposal: asked, isApproved: isApproved, opinion: "已核对录像"), in: thread, by: people.head
            )
            let view = try await world.load(thread)
            #expect(view.work.activities.first?.endAt == (isApproved ? right : end))
            // What the law judges is what the case shows.
            let read = Corrections.lawReading(view.history)
            #expect(read.first { $0.type == .activityEnded }?.happenedAt == (isApproved ? right : end))
        }
        #expect(try await world.load(thread).work.corrections.map(\.state) == [.refused, .approved])
        _ = visit
    }

    @Test("corrections are refused to the wrong person, of the wrong thing, without reason, and against other records")
    func refusals() async throws {
        let (world, thread, visit) = try await visited()
        let people = world.people
        let start = try #require(try await world.load(thread).work.activities.first?.startAt)
        let activity = try #require(try await world.load(thread).work.activities.first?.id)
        world.minute(10)
        try await world.take(
            EndActivity(activity: activity, endAt: world.clock.now(), note: nil), in: thread, by: people.officer1)
        let ended = try await world.load(thread).work.entries
        let later = world.clock.now().advanced(byMilliseconds: 1)
        func proposing(_ step: ProposeCorrection, by member: DemoPeople.Member? = nil) async throws {
            try await world.take(step, in: thread, by: member ?? people.officer1)
        }
        try await world.expect(
            [
                Refused("proposed by an officer of no part in the case", .notAllowed) {
                    try await proposing(proposal(visit), by: people.officer3)
                },
                Refused("of an entry that is not there", .notFound) { try await proposing(proposal(99)) },
                Refused("of what nobody may correct", .outOfOrder) { try await proposing(proposal(visit, "officers")) },
                Refused("of the start of a case that had none", .outOfOrder) {
                    try await proposing(proposal(1, "startedAt", .instant(start)))
                },
                Refused("without value and reason", .invalid, fields: ["value", "reason"]) {
                    try await proposing(proposal(visit, "place", .text(" "), reason: ""))
                },
                Refused("a text for a time", .invalid, fields: ["value"]) {
                    try await proposing(proposal(ended, "endAt", .text("昨天")))
                },
                Refused("a time in the future", .invalid, fields: ["value"]) {
                    try await proposing(proposal(ended, "endAt", .instant(later)))
                },
                Refused("an end before the start", .invalid, fields: ["value"]) {
                    try await proposing(proposal(ended, "endAt", .instant(start.advanced(byMilliseconds: -1))))
                },
                Refused("a start in the future, after the end", .invalid, fields: ["value"]) {
                    try await proposing(proposal(visit, "startAt", .instant(later)))
                },
            ])
        try await proposing(proposal(visit))
        let asked = try await world.load(thread).work.entries
        let decision = DecideCorrection(proposal: asked, isApproved: true, opinion: "同意")
        try await world.expect(
            [
                Refused("the same asked twice", .outOfOrder) { try await proposing(proposal(visit)) },
                Refused("approved by the handler who asked", .notAllowed) {
                    try await world.take(decision, in: thread, by: people.officer1)
                },
                Refused("approved by a handler who is head", .notAllowed) {
                    try await world.take(
                        decision, in: thread, by: try await world.performer(people.officer2, adding: .agencyHead))
                },
                Refused("approved without the secret", .secretNeeded) {
                    try await world.take(
                        decision, in: thread, by: try await world.performer(people.head, confirmed: false))
                },
                Refused("decided without an opinion", .invalid, fields: ["opinion"]) {
                    try await world.take(
                        DecideCorrection(proposal: asked, isApproved: true, opinion: ""), in: thread, by: people.head)
                },
                Refused("what nobody asked", .notFound) {
                    try await world.take(
                        DecideCorrection(proposal: visit, isApproved: true, opinion: "同意"), in: thread, by: people.head)
                },
            ])
        try await world.take(decision, in: thread, by: people.head)
        try await world.expect(
            [
                Refused("decided twice", .outOfOrder) { try await world.take(decision, in: thread, by: people.head) }
            ])
        // A finding by mistake is put right; one that a penalty case may stand on is not.
        try await world.take(
            RecordFinding(outcome: .nothingFound, summary: "点错了。", recipient: nil), in: thread, by: people.officer1)
        let found = try await world.load(thread).work.entries
        try await proposing(proposal(found, "outcome", .word("suspected")))
        let outcome = try await world.load(thread).work.entries
        try await world.take(
            DecideCorrection(proposal: outcome, isApproved: true, opinion: "同意"), in: thread, by: people.head)
        #expect(try await world.load(thread).work.finding?.outcome == .suspected)
        let suspected = try await world.inspection()
        let seq = try await world.load(suspected).work.entries
        try await world.expect(
            [
                Refused("a suspicion taken back", .invalid, fields: ["value"]) {
                    try await world.take(
                        proposal(seq, "outcome", .word("nothingFound")), in: suspected, by: people.officer1)
                }
            ])
    }

    @Test("when the ledger fails, a correction is not half there; sent again it is recorded once")
    func faults() async throws {
        let (world, thread, visit) = try await visited()
        let officer = try await world.performer(world.people.officer1)
        let seq = try await world.load(thread).work.entries
        let command = CommandID.random()
        func propose() async throws -> AppendReceipt {
            try await world.office.casebook.perform(
                proposal(visit), on: thread, expecting: seq, command: command, by: officer)
        }
        for failure in [StoreError.full, .stopped("磁盘写入出错。"), .failed("told to fail")] {
            world.store.fail(with: failure)
            _ = try await world.refusal("\(failure)") { _ = try await propose() }
            #expect(try await world.load(thread).work.corrections.isEmpty)
        }
        world.store.fail(with: nil)
        // Stored, but the answer was lost on its way: the same command gets the first answer.
        let first = try await propose()
        let again = try await propose()
        #expect(!first.repeated && again.repeated && first.indices == again.indices)
        #expect(try await world.load(thread).work.corrections.count == 1)
    }

    @Test("an issued document is amended or superseded by a later one; the register keeps both numbers")
    func documents() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        func issued() async throws -> DocumentID {
            let notice = try await world.signedNotice(in: thread)
            try await world.demo.issue(notice, in: thread, by: people.officer1)
            return notice
        }
        func state(_ document: DocumentID) async throws -> DocumentRow.State? {
            var filter = DocumentFilter()
            filter.caseThread = thread
            return try await world.office.casebook.registers.documents(filter).first { $0.id == document }?.state
        }
        func met() async throws -> [ObligationRow.State] {
            try await world.evaluation(of: thread).parts(of: "zhaoxian-2017:11").map(\.state)
        }
        let first = try await issued()
        let open = try await world.signedNotice(in: thread)
        func correcting(
            _ document: DocumentID, by later: DocumentID, _ manner: DocumentCorrection.Manner = .amends,
            reason: String = "文字有误"
        ) -> CorrectDocument { CorrectDocument(document: document, by: later, manner: manner, reason: reason) }
        try await world.expect(
            [
                Refused("by a document that is not issued", .invalid, fields: ["by"]) {
                    try await world.take(correcting(first, by: open), in: thread, by: people.head)
                },
                Refused("by itself", .invalid, fields: ["by"]) {
                    try await world.take(correcting(first, by: first), in: thread, by: people.head)
                },
                Refused("of what was not issued", .outOfOrder) {
                    try await world.take(correcting(open, by: first), in: thread, by: people.head)
                },
            ])
        try await world.demo.issue(open, in: thread, by: people.officer1)
        let form = try #require(try await world.load(thread).work.document(ofKind: DocumentKindName.initiationApproval))
        try await world.demo.issue(form.id, in: thread, by: people.officer1)
        try await world.expect(
            [
                Refused("by the handler", .notAllowed) {
                    try await world.take(correcting(first, by: open), in: thread, by: people.officer1)
                },
                Refused("without the secret", .secretNeeded) {
                    try await world.take(
                        correcting(first, by: open), in: thread,
                        by: try await world.performer(people.head, confirmed: false))
                },
                Refused("by an earlier one", .invalid, fields: ["by"]) {
                    try await world.take(correcting(open, by: first), in: thread, by: people.head)
                },
                Refused("superseded by another kind", .invalid, fields: ["by"]) {
                    try await world.take(correcting(form.id, by: open, .supersedes), in: thread, by: people.head)
                },
                Refused("without reason", .invalid, fields: ["reason"]) {
                    try await world.take(correcting(first, by: open, reason: ""), in: thread, by: people.head)
                },
            ])
        try await world.take(correcting(first, by: open), in: thread, by: people.head)
        #expect(try await world.load(thread).work.document(first)?.isInForce == true, "what is amended stays in force")
        #expect(try await state(first) == .corrected)
        #expect(try await met() == [.met])
        let third = try await issued()
        try await world.take(correcting(open, by: third, .supersedes), in: thread, by: people.head)
        #expect(try await world.load(thread).work.document(open)?.isInForce == false)
        #expect(try await state(open) == .superseded)
        try await world.expect(
            [
                Refused("corrected twice", .outOfOrder) {
                    try await world.take(correcting(open, by: third), in: thread, by: people.head)
                }
            ])
        // The later one meets what the superseded had met; void, it is open again.
        try await world.take(VoidDocument(document: first, reason: "清理"), in: thread, by: people.head)
        #expect(try await met() == [.met])
        try await world.take(VoidDocument(document: third, reason: "也错了"), in: thread, by: people.head)
        #expect(try await met() == [.open])
        let numbers = try await world.load(thread).work.documents.compactMap(\.issue?.number)
        #expect(numbers.sorted() == [1, 2, 3], "numbers stay taken")
        let rows = try await world.office.casebook.projectedRows(
            of: thread, entries: try await world.load(thread).entries)
        #expect(try await world.ledger.compareProjections(with: rows, of: thread).isEmpty)
    }

    @Test("the closing sheet tells of corrections and voids, and one that keeps silent is not filed with")
    func closing() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.inspection(finding: .nothingFound)
        try await world.take(
            EndCase(ground: .nothingFound, reason: "未发现", acceptsGaps: true), in: thread, by: people.officer1)
        try await world.sheets(in: thread)
        let ending = try await world.load(thread).records.first { $0.type == .caseEnded }?.seq
        try await world.take(
            proposal(try #require(ending), "reason", .text("未发现违法行为")), in: thread, by: people.officer1)
        let asked = try await world.load(thread).work.entries
        try await world.take(
            DecideCorrection(proposal: asked, isApproved: true, opinion: "同意"), in: thread, by: people.head)
        try await world.expect(
            [
                Refused("filed with a sheet that keeps silent", .outOfOrder) {
                    try await world.take(FileCase(), in: thread, by: people.custodian)
                }
            ])
        try await world.sheets(in: thread)
        let sheet = try #require(try await world.load(thread).work.document(ofKind: "closing-sheet"))
        let rows = try #require(sheet.data?["corrections"]?.elements)
        #expect(rows.count == 1 && rows.first?["content"] == "未发现违法行为")
        #expect(rows.first?["what"]?.string?.contains("终结说明") == true)
        #expect(rows.first?["approval"]?.string?.contains(people.head.person.name) == true)
        #expect(sheet.data?["situation"]?.string?.contains("更正、补正和作废 1 处") == true)
        try await world.take(FileCase(), in: thread, by: people.custodian)
        try await world.expect(
            [
                Refused("a correction in a filed case", .outOfOrder) {
                    try await world.take(proposal(1, "title", .text("新案由")), in: thread, by: people.officer1)
                }
            ])
    }
}
