import Application
import Casework
import Demo
import Foundation
import Kernel
import Ledger
import TestKit
import Testing

/// The whole road of a case, from the inspection to the filed volume.
@Suite("ThreadOfGold: a whole case", .serialized)
struct ThreadOfGoldTests {
    /// What the two texts ask of a penalty case under the general procedure that is neither major nor an emergency.
    private static let expected: Set<String> = [
        "parent-law:penalty-44", "parent-law:penalty-45", "parent-law:penalty-57", "parent-law:penalty-60",
        "parent-law:penalty-61", "parent-law:penalty-62", "parent-law:penalty-67", "zhaoxian-2017:11",
        "zhaoxian-2017:12(5)", "zhaoxian-2017:12.p2", "zhaoxian-2017:15", "zhaoxian-2017:16", "zhaoxian-2017:19",
        "zhaoxian-2017:2", "zhaoxian-2017:20", "zhaoxian-2017:22", "zhaoxian-2017:27", "zhaoxian-2017:3",
        "zhaoxian-2017:30", "zhaoxian-2017:30.p2", "zhaoxian-2017:30.p2b", "zhaoxian-2017:31", "zhaoxian-2017:8",
        "zhaoxian-2017:8.p2", "zhaoxian-2017:3.p2", "zhaoxian-2017:3.p3", "zhaoxian-2017:41",
        "parent-law:compulsion-53", "parent-law:penalty-59", "parent-law:penalty-47", "parent-law:civil-88",
    ]
    /// What they ask of an inspection with a visit on site, a record of it and a film.
    private static let expectedOfInspection: Set<String> = [
        "parent-law:penalty-42", "zhaoxian-2017:10b", "zhaoxian-2017:12(3)", "zhaoxian-2017:12.p2", "zhaoxian-2017:13a",
        "zhaoxian-2017:2", "zhaoxian-2017:3", "zhaoxian-2017:30.p3b", "parent-law:penalty-55", "zhaoxian-2017:3.p2",
        "zhaoxian-2017:3.p3", "zhaoxian-2017:3.p4", "zhaoxian-2017:3.p5", "zhaoxian-2017:37", "zhaoxian-2017:5",
    ]

    @Test("a case carried from inspection to filing leaves no obligation open and none met late")
    func whole() async throws {
        let world = try await CaseWorld()
        let (inspection, thread) = try await world.wholeCase()
        for (thread, expected) in [
            (thread, ThreadOfGoldTests.expected), (inspection, ThreadOfGoldTests.expectedOfInspection),
        ] {
            let evaluation = try await world.evaluation(of: thread)
            #expect(!evaluation.obligations.isEmpty)
            for obligation in evaluation.obligations {
                // Who has paid is not taken to court: nobody applied there, and none waited for it.
                let isOfCourt = ["court-term", "court-wait"].contains(obligation.key.matter)
                #expect(
                    obligation.state == (isOfCourt ? .notApplicable : .met), "\(obligation.key.description)")
            }
            #expect(Set(evaluation.obligations.flatMap(\.parts).map(\.citation.provision)) == expected)
            // What lists show is what the rules say.
            let rows = try await world.office.casebook.registers.obligations(of: thread)
            let law = try await world.office.casebook.chambers.law()
            #expect(Set(rows) == Set(law.obligations(of: thread, history: try await world.load(thread).history)))
        }
    }

    @Test("an inspection ends as led on only when a penalty case was opened from it, and is filed like any other case")
    func ledOn() async throws {
        let world = try await CaseWorld()
        let day = world.clock.now().day
        let inspected = try await world.demo.inspect(
            .paperMill, title: "统计执法检查", on: day, video: Array("film".utf8), outcome: .suspected, findings: "多报产值。")
        let early = try await world.refusal("ended as led on before the penalty case") {
            try await world.take(
                EndCase(ground: .ledOn, reason: nil, acceptsGaps: true), in: inspected.thread,
                by: world.people.officer1)
        }
        #expect(early?.code == .outOfOrder)
        let penalty = try await world.demo.initiate(inspected, title: "提供不真实统计资料案", on: day.advanced(by: 1))
        #expect(try await world.office.casebook.penaltyCase(from: world.load(inspected.thread).work) == penalty)
        // Opening the penalty case does not end the inspection: it is on the list until somebody says so.
        var filter = CaseFilter()
        (filter.isLed, filter.state) = (true, .open)
        #expect(try await world.office.casebook.registers.cases(filter).rows.map(\.thread) == [inspected.thread])
        try await world.demo.conclude(inspected, on: day.advanced(by: 2))
        let work = try await world.load(inspected.thread).work
        #expect(work.ending?.ground == .ledOn && work.isFiled)
        #expect(try await world.office.casebook.registers.cases(filter).total == 0)
        #expect(try await !world.load(penalty).work.isFiled)
    }

    @Test(
        "the filed case tells its evaluation, its pieces and its documents in order, and its rows agree with its entries"
    )
    func filed() async throws {
        let world = try await CaseWorld()
        let (inspection, thread) = try await world.wholeCase()
        let view = try await world.load(thread)
        #expect(view.work.state == .filed && view.work.stage == .filing)
        #expect(view.work.ending?.ground == .performed)
        #expect(view.work.foundBy?.thread == inspection)
        #expect(
            view.work.documents.map(\.kind) == [
                "procedure-initiation-approval", "rights-notice", "written-party-submission", "legal-review-record",
                "penalty-decision", "service-receipt", "case-file-cover", "case-file-catalogue", "closing-sheet",
            ])
        #expect(view.work.documents.compactMap(\.issue?.numberText) == ["清禾统罚告〔2026〕1号", "清禾统罚决〔2026〕1号"])
        let filing = try #require(view.records.last)
        #expect(filing.type == .caseFiled)
        #expect(filing.plain["withDefects"]?.boolean == false)
        #expect(filing.number("entries") == Int64(view.work.entries))
        let cover = try #require(view.work.document(ofKind: "case-file-cover")?.data)
        // Six papers of its own and the voucher of the payment, the record of the inspection and its film.
        #expect(filing.number("pieces") == 9 && cover["pieces"] == 9)
        #expect(cover["recordings"] == 1 && cover["otherFiles"] == 1)
        let catalogue = try #require(view.work.document(ofKind: "case-file-catalogue")?.data)
        #expect(catalogue["items"]?.elements?.first?["title"] == "现场检查笔录")
        #expect(filing.number("pages") == cover["pages"]?.integer && cover["pages"] != 0)
        // The evaluation in the filing is the one whose digest it names, and holds every provision.
        let evaluation = try #require(filing.fields["evaluationText"])
        #expect(filing.word("evaluation") == Digest.sha256(evaluation.canonicalBytes).description)
        let text = String(decoding: evaluation.canonicalBytes, as: UTF8.self)
        // Duties that the filing itself causes arise after it.
        let causedByFiling: Set<String> = ["zhaoxian-2017:30", "zhaoxian-2017:30.p2b", "zhaoxian-2017:31"]
        for provision in ThreadOfGoldTests.expected.subtracting(causedByFiling) {
            #expect(text.contains("\"\(provision)\""))
        }
        let projector = Projector(law: try await world.office.casebook.chambers.law())
        for thread in [thread, inspection] {
            let view = try await world.load(thread)
            let linked = view.history.filter { $0.thread != thread }
            let rows = projector.rows(thread: view.records, linked: linked)
            #expect(try await world.store.compareProjections(with: rows, of: thread).isEmpty)
        }
    }

    // MARK: endings

    @Test(
        "an inspection that found nothing, or is handed on, ends so and is filed",
        arguments: [
            (Finding.Outcome.nothingFound, Ending.Ground.nothingFound), (.handedOn, .handedOn),
        ])
    func inspectionEnds(finding: Finding.Outcome, ground: Ending.Ground) async throws {
        let world = try await CaseWorld()
        let thread = try await world.inspection(finding: finding)
        if ground == .handedOn { try await handOver(thread, as: ground, in: world) }
        try await world.take(EndCase(ground: ground, reason: nil), in: thread, by: world.people.officer1)
        try await expectFiling(of: thread, in: world, ground: ground)
    }

    @Test(
        "a case without penalty, withdrawn or transferred ends so after the head's approval and is filed",
        arguments: [
            (Drafting.Outcome.noPenalty, Ending.Ground.noPenalty), (.withdraw, .withdrawn), (.transfer, .transferred),
        ])
    func endsWithoutPenalty(outcome: Drafting.Outcome, ground: Ending.Ground) async throws {
        let world = try await CaseWorld()
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        try await world.take(world.drafting(outcome), in: thread, by: world.people.officer1)
        let unapproved = try await world.refusal("ending before the approval") {
            try await world.take(EndCase(ground: ground, reason: nil), in: thread, by: world.people.officer1)
        }
        #expect(unapproved?.code == .outOfOrder)
        try await world.reviewDraft(in: thread)
        try await world.take(ApproveDecision(isApproved: true, opinion: "同意。"), in: thread, by: world.people.head)
        for other in [Ending.Ground.noPenalty, .withdrawn, .transferred, .performed] where other != ground {
            let refusal = try await world.refusal("ending as \(other)") {
                try await world.take(EndCase(ground: other, reason: nil), in: thread, by: world.people.officer1)
            }
            #expect(refusal?.code == .outOfOrder)
        }
        if outcome != .transfer {
            // The party is told in a decision of its own: fixed, issued and served, in this order.
            func early(_ what: String) async throws {
                let refusal = try await world.refusal(what) {
                    try await world.take(EndCase(ground: ground, reason: nil), in: thread, by: world.people.officer1)
                }
                #expect(refusal?.code == .outOfOrder && refusal?.message.contains("决定书") == true, "\(what)")
            }
            try await early("ending without a decision")
            let word = outcome == .noPenalty ? "noPenalty" : "withdrawal"
            let other = outcome == .noPenalty ? "withdrawal" : "noPenalty"
            try await world.expect([
                Refused("a decision of the other kind", .invalid, fields: ["content"]) {
                    _ = try await world.fix(
                        DocumentKindName.enforcementDecision, in: thread,
                        changing: [.init("decisionKind", .string(other))])
                }
            ])
            let decision = try await world.fix(
                DocumentKindName.enforcementDecision, in: thread, changing: [.init("decisionKind", .string(word))])
            try await early("ending before the issue")
            try await world.signAsHead(decision, in: thread)
            try await world.demo.issue(decision, in: thread, by: world.people.officer1)
            try await early("ending before the service")
            let receipt = try await world.receipt(of: decision, in: thread)
            try await world.take(
                world.service(of: decision, with: receipt), in: thread, by: world.people.officer1)
        } else {
            try await handOver(thread, as: ground, in: world)
        }
        try await world.take(EndCase(ground: ground, reason: nil), in: thread, by: world.people.officer1)
        try await expectFiling(of: thread, in: world, ground: ground)
    }

    /// A case is handed on by a letter that the head signed and that who takes over received: in this order.
    private func handOver(_ thread: ThreadTag, as ground: Ending.Ground, in world: CaseWorld) async throws {
        func early(_ what: String) async throws {
            let refusal = try await world.refusal(what) {
                try await world.take(EndCase(ground: ground, reason: "已移交。"), in: thread, by: world.people.officer1)
            }
            #expect(refusal?.code == .outOfOrder && refusal?.message.contains("案件移送函") == true, "\(what)")
        }
        try await early("without a letter")
        if ground == .handedOn {
            let other = try await world.fix(
                DocumentKindName.caseTransfer, in: thread, changing: [.init("recipient", "清禾县财政局（演示）")])
            try await world.take(
                world.signature(other, "agencyHead", decision: .agree, opinion: "同意移送。"), in: thread,
                by: world.people.head)
            try await world.demo.issue(other, in: thread, by: world.people.officer1)
            let receipt = try await world.receipt(of: other, in: thread, to: "清禾县财政局（演示）")
            try await world.take(
                world.service(of: other, with: receipt, to: "清禾县财政局（演示）"), in: thread, by: world.people.officer1)
            try await early("with a letter to another authority than the finding names")
        }
        let letter = try await world.fix(DocumentKindName.caseTransfer, in: thread)
        try await early("before the head signed")
        let unsigned = try await world.refusal("issue without the head") {
            _ = try await world.demo.issue(letter, in: thread, by: world.people.officer1)
        }
        #expect(unsigned != nil, "a letter goes out that the head did not sign")
        try await world.take(
            world.signature(letter, "agencyHead", decision: .agree, opinion: "同意移送。"), in: thread,
            by: world.people.head)
        try await world.demo.issue(letter, in: thread, by: world.people.officer1)
        try await early("before the service")
        // To the authority that takes over: the party receives no such letter.
        let wrong = try await world.refusal("a receipt of the letter for the party") {
            _ = try await world.receipt(of: letter, in: thread)
        }
        #expect(wrong?.fields.map(\.name) == ["recipient"])
        let authority = "邻水县市场监督管理局（演示）"
        let receipt = try await world.receipt(of: letter, in: thread, to: authority)
        try await world.take(
            world.service(of: letter, with: receipt, to: authority), in: thread, by: world.people.officer1)
    }

    @Test(
        "an investigation that the head breaks off is filed, whether its start was approved or not",
        arguments: [
            true, false,
        ])
    func terminated(isApproved: Bool) async throws {
        let world = try await CaseWorld()
        let thread = try await world.penalty()
        if isApproved { try await world.approveStart(in: thread) }
        let empty = try await world.refusal("without reason") {
            try await world.take(EndCase(ground: .terminated, reason: " "), in: thread, by: world.people.head)
        }
        #expect(empty?.fields.map(\.name) == ["reason"])
        try await world.take(EndCase(ground: .terminated, reason: "当事人已注销。"), in: thread, by: world.people.head)
        try await expectFiling(of: thread, in: world, ground: .terminated)
        // Of the end there is no paper: the sheets say why, who and when.
        let work = try await world.load(thread).work
        let cover = try #require(work.document(ofKind: "case-file-cover")?.data)
        let day = try #require(work.ending?.at.day.chinese)
        let outcome = "终止调查：当事人已注销。（\(world.people.head.person.name)决定，\(day)）"
        #expect(cover["outcome"]?.string == outcome)
        let situation = work.document(ofKind: "closing-sheet")?.data?["situation"]?.string
        #expect(situation?.contains("处理结果：\(outcome)。") == true)
        #expect(cover["caseNumber"]?.string == "未编案号（记录线 \(thread.description.prefix(8))）")
    }

    private func expectFiling(
        of thread: ThreadTag, in world: CaseWorld, ground: Ending.Ground,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await world.sheets(in: thread)
        try await world.take(FileCase(), in: thread, by: world.people.custodian)
        let work = try await world.load(thread).work
        #expect(work.isFiled && work.ending?.ground == ground, sourceLocation: sourceLocation)
        let open = try await world.evaluation(of: thread).open.map(\.key.description)
        #expect(open.isEmpty, sourceLocation: sourceLocation)
    }
}

extension CaseWorld {
    static let video = Array("not a film, but bytes to be kept".utf8) + (0..<5000).map { UInt8($0 % 251) }

    /// The demonstration's case, from inspection to filed.
    ///
    /// - Parameter reporter: something about a person who reported, recorded in the case as it runs.
    func wholeCase(reporter: String? = nil) async throws -> (inspection: ThreadTag, penalty: ThreadTag) {
        func day(_ ago: Int) -> CivilDay { CaseWorld.today.advanced(by: -ago) }
        let title = CaseWorld.title
        let mill = try await demo.inspect(
            .paperMill, title: "清禾县星河纸品厂统计执法检查", on: day(50), video: CaseWorld.video, outcome: .suspected,
            findings: "上报数为 1,280 万元，账面记载为 1,024 万元。")
        let thread = try await demo.initiate(mill, title: title, on: day(48))
        if let reporter {
            let record = try await demo.fix(
                "complaint-report-record",
                [
                    "complainant": .string(reporter), "content": .string("\(reporter)说：上报数是编的。"), "isRealName": "yes",
                    "receivedAt": .string(clock.now().description), "registrar": .string(people.officer1.person.name),
                    "sourceChannel": "telephone", "target": .string(mill.firm.name),
                ], in: thread, by: people.officer1)
            try await demo.sign(record, "officer", in: thread, by: people.officer1)
            _ = try await office.casebook.record(
                [Fact(.entryCorrected, in: thread, fields: [.init("reason", .string(reporter), .reporter)])],
                by: .person(people.officer1.person.thread), command: .random())
        }
        try await demo.notify(thread, firm: mill.firm, title: title, on: day(44))
        try await demo.draft(thread, on: day(40))
        try await demo.review(thread, firm: mill.firm, title: title, on: day(39))
        try await demo.decideAndPerform(thread, firm: mill.firm, title: title, on: day(37), performedOn: day(30))
        try await demo.file(thread, on: day(27))
        return (mill.thread, thread)
    }
}
