import Application
import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

/// What is decided was told, and answered by the party itself (行政处罚法第四十四条、第四十五条、第六十二条).
@Suite("What is decided was told before, and the party's answer is its own", .serialized)
struct ToldAndHeardTests {
    private func drafted(_ text: String, in world: CaseWorld) -> DraftDecision {
        var draft = world.drafting()
        draft.draft = text
        return draft
    }

    @Test(
        "a heavier or another penalty than the party was told is drafted by nobody, before it was told anew and heard")
    func heavier() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        try await world.hear(in: thread)
        for text in [
            "给予警告，并处罚款人民币49,000元。", "给予警告，并处罚款人民币伍仟元零一角。", "给予警告，没收违法所得3,000元。", "吊销营业执照。",
        ] {
            let refusal = try await world.refusal(text) {
                try await world.take(drafted(text, in: world), in: thread, by: people.officer1)
            }
            #expect(refusal?.fields.map(\.name) == ["draft"], "\(text)")
            #expect(refusal?.fields.first?.message.contains("权利告知书") == true, "\(text)")
        }
        // Told anew: now the party has to be heard anew.
        world.minute(5)
        let heavy = JSON.Member("content", ["给予警告", "处罚款人民币49,000元"])
        let notice = try await world.signedNotice(in: thread, changing: [heavy])
        try await world.demo.issue(notice, in: thread, by: people.officer1)
        world.minute(5)
        try await world.take(drafted("给予警告，并处罚款人民币49,000元。", in: world), in: thread, by: people.officer1)
        try await world.reviewLegality(in: thread)
        let approve = ApproveDecision(isApproved: true, opinion: "同意")
        let unheard = try await world.refusal("approved unheard") {
            try await world.take(approve, in: thread, by: people.head)
        }
        #expect(unheard?.code == .gate)
        #expect(
            unheard?.reasons.contains { $0.provisions == ["parent-law:penalty-62"] } == true,
            "\(String(describing: unheard))")
        try await world.state(in: thread)
        try await world.take(
            world.review(of: try await world.load(thread).work.entries), in: thread, by: people.officer1)
        try await world.take(approve, in: thread, by: people.head)
    }

    @Test("spoken words that somebody records open nothing that the party was not told in writing")
    func spoken() async throws {
        let world = try await CaseWorld()
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        try await world.hear(in: thread)
        world.minute(5)
        try await world.append([
            Fact(
                .rightsNotified, in: thread,
                plain: [
                    "carrier": "oral", "notifiedAt": .integer(world.clock.now().milliseconds),
                    "phase": "beforeDecision",
                    "recipient": "party", "rights": ["statement", "defence", "hearing"],
                ], fields: [.init("matter", "给予警告，并处罚款人民币49,000元。", .party), .init("way", "当面告知。", .party)])
        ])
        try await world.state(in: thread)
        for text in ["给予警告，并处罚款人民币49,000元。", "给予警告，处五万元罚款。"] {
            let refusal = try await world.refusal(text) {
                try await world.take(drafted(text, in: world), in: thread, by: world.people.officer1)
            }
            #expect(refusal?.fields.map(\.name) == ["draft"], "\(text)")
        }
        try await world.take(drafted("给予警告，并处五千元罚款。", in: world), in: thread, by: world.people.officer1)
    }

    @Test("what takes a business away is decided by nobody before the right to a hearing was told")
    func hearing() async throws {
        let world = try await CaseWorld()
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let content = JSON.Member("content", ["责令停产停业三日"])
        let notice = try await world.signedNotice(in: thread, changing: [content])
        try await world.demo.issue(notice, in: thread, by: world.people.officer1)
        world.minute(5)
        try await world.state(in: thread)
        let refusal = try await world.refusal("no hearing told") {
            try await world.take(drafted("责令停产停业三日。", in: world), in: thread, by: world.people.officer1)
        }
        #expect(refusal?.fields.first?.message.contains("听证") == true)
        let rights: [JSON.Member] = [
            content, .init("rights", ["statement", "defence", "recusal", "hearing"]),
            .init("hearingTerm", "五个工作日内"),
        ]
        world.minute(5)
        let anew = try await world.signedNotice(in: thread, changing: rights)
        try await world.demo.issue(anew, in: thread, by: world.people.officer1)
        world.minute(5)
        try await world.state(in: thread)
        try await world.take(drafted("责令停产停业三日。", in: world), in: thread, by: world.people.officer1)
    }

    @Test("a party that is not there signs nothing: the notice is issued without it, and tells by being served")
    func absent() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        func notice(_ method: String) async throws -> DocumentID {
            let id = try await world.fix(
                DocumentKindName.rightsNotice, in: thread, changing: [.init("method", .string(method))])
            try await world.demo.sign(id, "officer1", in: thread, by: people.officer1)
            try await world.demo.sign(id, "officer2", in: thread, by: people.officer2)
            return id
        }
        for method in ["written", "readAloud", "oral"] {
            let handed = try await notice(method)
            let unsigned = try await world.refusal(method) {
                try await world.demo.issue(handed, in: thread, by: people.officer1)
            }
            #expect(unsigned?.message.contains("被告知人") == true, "\(method)")
            try await world.take(VoidDocument(document: handed, reason: "试"), in: thread, by: people.officer1)
        }
        let sent = try await notice("delivered")
        try await world.demo.issue(sent, in: thread, by: people.officer1)
        #expect(try await world.load(thread).work.document(sent)?.issue != nil)
        func course() async throws -> CaseCourse {
            let view = try await world.load(thread)
            return CaseCourse(work: view.work, records: view.records)
        }
        #expect(try await !course().isTold, "nobody was told by a paper in the drawer")
        world.minute(60)
        try await world.append([
            Fact(
                .documentServed, in: thread,
                plain: [
                    "document": .string(sent.description), "method": "post",
                    "servedAt": .integer(world.clock.now().milliseconds),
                ])
        ])
        #expect(try await course().isTold)
        world.minute(5)
        try await world.state(in: thread)
        #expect(try await course().isHeard)
    }

    @Test("who speaks at a hearing is heard by its transcript, and is said by nobody to have let the time go by")
    func atHearing() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let notice = try await world.signedNotice(in: thread)
        try await world.demo.issue(notice, in: thread, by: people.officer1)
        world.minute(30 * 24 * 60)
        let transcript = DocumentID.random()
        let document = JSON.string(transcript.description)
        func signed(_ slots: [String]) async throws {
            try await world.append(
                slots.map { slot in
                    Fact(
                        .documentSigned, in: thread,
                        plain: ["document": document, "manner": "paper", "slot": .string(slot)],
                        fields: [
                            .init("name", .string(slot == "party" ? DemoFirm.paperMill.representative : "某人"), .party)
                        ])
                })
        }
        try await world.append([
            Fact(
                .documentFixed, in: thread, plain: ["document": document, "kind": "hearing-transcript"],
                fields: [
                    .init(
                        "data",
                        [
                            "hearingAt": .string(world.clock.now().description), "host": "某人", "clerk": "某人",
                            "proposal": "罚款", "defence": "请求从轻。",
                        ], .party)
                ])
        ])
        var step = world.statement(facts: "请求从轻。", with: transcript)
        step.manner = "oral"
        let unsigned = try await world.refusal("before the party signed it") {
            try await world.take(step, in: thread, by: people.officer1)
        }
        #expect(unsigned?.fields.map(\.name) == ["document"])
        try await signed(["party", "host", "officer1", "clerk"])
        let silent = try #require(RecordedStep.named("silence"))
        let refusal = try await world.refusal("silent") {
            try await world.take(
                RecordEntry(
                    silent,
                    [
                        "facts": "期限届满，没有陈述申辩。", "happenedAt": .integer(world.clock.now().milliseconds),
                        "name": .string(DemoFirm.paperMill.representative),
                    ]),
                in: thread, by: people.officer1)
        }
        #expect(refusal?.fields.first?.message.contains("已经有当事人签名的《听证笔录》") == true)
        step.statedAt = world.clock.now()
        try await world.take(step, in: thread, by: people.officer1)
        let view = try await world.load(thread)
        #expect(CaseCourse(work: view.work, records: view.records).isHeard)
    }

    @Test("who is not to be punished is ordered nothing", arguments: [Drafting.Outcome.noPenalty, .withdraw])
    func unpunished(outcome: Drafting.Outcome) async throws {
        let world = try await CaseWorld()
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        for text in ["不予处罚。没收违法所得1000000元。", "不予处罚，责令停产停业三个月。", "吊销许可证。", "处五百元罚款。"] {
            var draft = drafted(text, in: world)
            draft.outcome = outcome
            let refusal = try await world.refusal(text) {
                try await world.take(draft, in: thread, by: world.people.officer1)
            }
            #expect(refusal?.fields.map(\.name) == ["draft"], "\(text)")
        }
    }

    @Test("a lighter penalty than was told is what hearing the party is for")
    func lighter() async throws {
        let world = try await CaseWorld()
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        try await world.hear(in: thread)
        try await world.take(
            drafted("给予警告，并处罚款人民币1,000元。", in: world), in: thread, by: world.people.officer1)
        #expect(try await world.load(thread).work.drafting?.text == "给予警告，并处罚款人民币1,000元。")
    }

    @Test(
        "each manner of answering × each paper of the party: only a paper that says it, signed by all, stands for it, once"
    )
    func papers() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let early = try await world.submission(in: thread, of: "other")
        world.minute(5)
        _ = try await world.signedNotice(in: thread)
        world.minute(5)
        func answer(_ manner: String, _ paper: DocumentID) -> RecordStatement {
            var step = world.statement(with: paper)
            step.manner = manner
            return step
        }
        func refused(_ manner: String, _ paper: DocumentID, _ what: String) async throws {
            let refusal = try await world.refusal("\(manner) by \(what)") {
                try await world.take(answer(manner, paper), in: thread, by: people.officer1)
            }
            #expect(refusal?.fields.map(\.name) == ["document"], "\(manner) by \(what)")
        }
        for manner in ["oral", "written", "waived"] { try await refused(manner, early, "a paper of before the notice") }
        for sort in ["statement", "defence", "waiver", "hearingRequest", "other"] {
            let open = try await world.submission(in: thread, of: sort, isReceived: false)
            for manner in ["oral", "written", "waived"] { try await refused(manner, open, "an unreceived \(sort)") }
            let paper = try await world.submission(in: thread, of: sort)
            for manner in ["oral", "written", "waived"] {
                let fits =
                    manner == "waived"
                    ? sort == "waiver" : manner == "written" && ["statement", "defence"].contains(sort)
                if fits {
                    try await world.take(answer(manner, paper), in: thread, by: people.officer1)
                    try await refused(manner, paper, "the same \(sort) once more")
                } else {
                    try await refused(manner, paper, sort)
                }
            }
        }
        // What answered the first notice does not answer the second.
        let stale = try await world.submission(in: thread, of: "waiver")
        world.minute(30)
        _ = try await world.signedNotice(in: thread)
        try await refused("waived", stale, "a waiver of what was told before")
    }

    @Test(
        "a decision that was fixed before it was approved, with a day before the approval, is neither signed nor issued"
    )
    func earlyDay() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.drafted()
        let day = JSON.Member("issuedOn", .string(world.clock.now().day.description))
        let early = try await world.fix(DocumentKindName.penaltyDecision, in: thread, changing: [day])
        world.minute(24 * 60)
        try await world.reviewLegality(in: thread)
        try await world.take(ApproveDecision(isApproved: true, opinion: "同意"), in: thread, by: people.head)
        try await world.demo.look(at: early, in: thread, by: people.head)
        let refusal = try await world.refusal("signed") {
            try await world.take(world.signature(early, "agencyHead"), in: thread, by: people.head)
        }
        #expect(refusal?.code == .outOfOrder && refusal?.message.contains("批准的那一天") == true)
        try await world.take(VoidDocument(document: early, reason: "日期。"), in: thread, by: people.officer1)
        let today = JSON.Member("issuedOn", .string(world.clock.now().day.description))
        let decision = try await world.fix(DocumentKindName.penaltyDecision, in: thread, changing: [today])
        try await world.signAsHead(decision, in: thread)
        try await world.demo.issue(decision, in: thread, by: people.officer1)
    }

    @Test("a hearing that the party asked for in a paper it signed is not passed over because nobody recorded it")
    func unrecordedRequest() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        try await world.hear(in: thread)
        _ = try await world.submission(in: thread, of: "hearingRequest")
        try await world.take(world.drafting(), in: thread, by: people.officer1)
        try await world.reviewLegality(in: thread)
        let refusal = try await world.refusal("approved without the hearing") {
            try await world.take(ApproveDecision(isApproved: true, opinion: "同意"), in: thread, by: people.head)
        }
        #expect(refusal?.reasons.contains { $0.provisions == ["parent-law:penalty-63.p2"] } == true)
    }

    @Test(
        "no decision of another sort, and no order to correct, punishes anybody",
        arguments: ["licence", "compulsion", "levy", "fee", "inspection", "correction", "other"])
    func otherDecisions(sort: String) async throws {
        let world = try await CaseWorld()
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        for text in ["罚款490000元", "处四十九万元罚款", "吊销许可证", "责令停产停业六个月"] {
            let refusal = try await world.refusal("\(sort): \(text)") {
                _ = try await world.fix(
                    DocumentKindName.enforcementDecision, in: thread,
                    changing: [.init("decisionKind", .string(sort)), .init("content", [.string(text)])])
            }
            #expect(refusal?.fields.map(\.name) == ["content"], "\(sort): \(text)")
        }
    }

    @Test("an officer of the case signs nothing as the party")
    func officerAsParty() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let notice = try await world.fix(DocumentKindName.rightsNotice, in: thread)
        for officer in [people.officer1, people.officer2] {
            let refusal = try await world.refusal("signed by \(officer.person.name)") {
                try await world.take(
                    world.signature(notice, "party", signer: officer.person.name), in: thread, by: people.officer1)
            }
            #expect(refusal?.fields.map(\.name) == ["signer"])
        }
    }

    @Test("a service by mail or by wire shows what came from outside, goes to the party, after the issue, and once")
    func service() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.approved()
        let decision = try await world.signedDecision(in: thread)
        try await world.demo.issue(decision, in: thread, by: people.officer1)
        let issued = world.clock.now()
        world.minute(24 * 60)
        try await world.append([
            Fact(.recordingLinked, in: thread, plain: ["recording": .string(ThreadTag.random().description)])
        ])
        let file = JSON.integer(Int64(try await world.load(thread).work.entries))
        let post = try #require(RecordedStep.named("service-post"))
        let good: [String: JSON] = [
            "document": .string(decision.description), "mailKind": "express", "registerEntry": "1",
            "postageVoucher": "1",
            "recipient": .string(DemoFirm.paperMill.name), "place": "清禾县演示工业园", "returned": false,
            "returnReceipt": "言某", "mailedAt": .integer(issued.milliseconds + 3_600_000),
            "servedAt": .integer(world.clock.now().milliseconds), "proofFile": file,
        ]
        func refused(
            _ fields: [String], _ answers: [String: JSON] = [:], without name: String = ""
        ) async throws {
            let changed = good.merging(answers) { $1 }.filter { $0.key != name }
            let refusal = try await world.refusal("\(answers) without \(name)") {
                try await world.take(RecordEntry(post, changed), in: thread, by: people.officer1)
            }
            #expect(refusal?.fields.map(\.name) == fields, "\(answers) without \(name)")
        }
        let before = JSON.integer(issued.milliseconds - 3_600_000)
        try await refused(["servedAt"], ["servedAt": before])
        try await refused(["mailedAt"], ["mailedAt": before])
        try await refused(["servedAt"], ["mailedAt": .integer(world.clock.now().milliseconds)])
        try await refused(["servedAt"], ["servedAt": .integer(issued.milliseconds - 400 * 86_400_000)])
        try await refused(["recipient"], ["recipient": "路人甲"])
        try await refused(["proofFile"], without: "proofFile")
        try await refused(["mailedAt"], without: "mailedAt")
        try await world.take(RecordEntry(post, good), in: thread, by: people.officer1)
        // One file shows one service, and a file of before it was sent shows none.
        try await refused(["proofFile"])
        try await world.append([
            Fact(.recordingLinked, in: thread, plain: ["recording": .string(ThreadTag.random().description)])
        ])
        let another = JSON.integer(Int64(try await world.load(thread).work.entries))
        try await refused(["document"], ["proofFile": another])
        world.minute(120)
        let now = world.clock.now().milliseconds
        try await refused(
            ["proofFile", "document"],
            ["mailedAt": .integer(now - 3_600_000), "proofFile": another, "servedAt": .integer(now)])
    }
}
