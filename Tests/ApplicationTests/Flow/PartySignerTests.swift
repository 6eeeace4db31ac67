import Application
import Casework
import Demo
import Kernel
import Ledger
import Testing

@Suite("Who signs, speaks and receives in a party's place", .serialized)
struct PartySignerTests {
    private let head = DemoFirm.paperMill.representative

    private func told(_ world: CaseWorld) async throws -> ThreadTag {
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let notice = try await world.signedNotice(in: thread)
        try await world.demo.issue(notice, in: thread, by: world.people.officer1)
        world.minute()
        return thread
    }

    /// The party's own paper, not signed yet.
    private func unsigned(
        _ world: CaseWorld, _ thread: ThreadTag, of kind: String, by signer: String
    ) async throws -> DocumentID {
        try await world.fix(
            "written-party-submission", in: thread,
            changing: [
                .init("caseName", .string(CaseWorld.title)), .init("subjectName", .string(DemoFirm.paperMill.name)),
                .init("submissionKind", .string(kind)), .init("submitter", .string(signer)),
                .init("receivedAt", .string(world.clock.now().description)), .init("pages", 1),
                .init("receivedBy", .string(world.people.officer1.person.name)), .init("originalPlace", "附后"),
            ])
    }

    /// The party's own paper, signed by somebody in a capacity.
    private func paper(
        _ world: CaseWorld, _ thread: ThreadTag, of kind: String, by signer: String, _ capacity: SignerCapacity,
        authority: String? = nil
    ) async throws -> DocumentID {
        let paper = try await unsigned(world, thread, of: kind, by: signer)
        try await world.take(
            world.signature(paper, "party", signer: signer, capacity: capacity, authority: authority), in: thread,
            by: world.people.officer1)
        try await world.take(world.signature(paper, "officer"), in: thread, by: world.people.officer1)
        return paper
    }

    private func answer(_ manner: String, _ speaker: String, _ name: String, _ paper: DocumentID, _ world: CaseWorld)
        -> RecordStatement
    {
        RecordStatement(
            manner: manner, speaker: speaker, speakerName: name, facts: manner == "waived" ? nil : "填错了。",
            reasons: manner == "waived" ? nil : "不是故意。", evidence: nil, statedAt: world.clock.now(),
            document: paper)
    }

    @Test("where no representative is registered the first who signs as one is, and nobody else signs as one after")
    func unregistered() async throws {
        let world = try await CaseWorld()
        let (thread, party) = (ThreadTag.random(), ThreadTag.random())
        world.minute()
        _ = try await world.office.casebook.open(
            OpenInspection(
                title: "统计执法检查", source: .plan, handlers: world.handlers,
                newSubject: NewSubject(
                    thread: party, kind: "organisation", name: DemoFirm.paperMill.name, code: nil, address: "清禾县演示街",
                    representative: nil, phone: nil)),
            as: thread, command: .random(), by: try await world.performer(world.people.officer1))
        world.minute()
        _ = try await paper(world, thread, of: "other", by: "甲代表", .representative)
        let registered = try await world.office.casebook.history(of: party).compactMap { $0.text("representative") }
        #expect(registered == ["甲代表"])
        let second = try await unsigned(world, thread, of: "other", by: "乙代表")
        try await world.expect([
            Refused("another one", .invalid, fields: ["capacity"]) {
                try await world.take(
                    world.signature(second, "party", signer: "乙代表", capacity: .representative), in: thread,
                    by: world.people.officer1)
            }
        ])
        _ = try await paper(world, thread, of: "other", by: "甲代表", .representative)
        #expect(try await world.office.casebook.history(of: party).compactMap { $0.text("representative") }.count == 1)
    }

    @Test("the party and its representative sign for no other recipient, and no receipt is made of nothing")
    func otherRecipient() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await told(world)
        let notice = try #require(try await world.load(thread).work.document(ofKind: DocumentKindName.rightsNotice))
        let letter = try await world.fix(
            DocumentKindName.caseTransfer, in: thread, changing: [.init("recipient", "虚构市公安局")])
        try await world.take(
            world.signature(letter, "agencyHead", decision: .agree, opinion: "同意移送。"), in: thread, by: people.head)
        try await world.demo.issue(letter, in: thread, by: people.officer1)
        let receipt = try await world.fix(
            DocumentKindName.serviceReceipt, in: thread, changing: [.init("recipient", "虚构市公安局")], about: letter)
        func sign(_ name: String, _ capacity: SignerCapacity) async throws {
            try await world.take(
                world.signature(receipt, "recipient", signer: name, capacity: capacity), in: thread,
                by: people.officer1)
        }
        try await world.expect([
            Refused("the party's head for the police", .invalid, fields: ["capacity"]) {
                try await sign(head, .representative)
            },
            Refused("the same as one who receives", .invalid, fields: ["capacity"]) { try await sign(head, .receiver) },
            Refused("a receipt for somebody whom the paper does not name", .invalid, fields: ["recipient"]) {
                _ = try await world.fix(
                    DocumentKindName.serviceReceipt, in: thread, changing: [.init("recipient", "收发室某人")],
                    about: notice.id)
            },
            Refused("a receipt of nothing", .invalid, fields: ["about"]) {
                _ = try await world.fix(DocumentKindName.serviceReceipt, in: thread)
            },
        ])
        try await sign("收发员甲", .receiver)
    }

    @Test("a firm answers by its seal on paper, where the place is one for a signature too; by no drawn name")
    func seal() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await told(world)
        let paper = try await unsigned(world, thread, of: "statement", by: DemoFirm.paperMill.name)
        var step = world.signature(paper, "party", signer: DemoFirm.paperMill.name, capacity: .principal)
        step.manner = .paper
        step.drawing = nil
        step.place = "检查科档案柜"
        step.scan = try await world.vault.store(Array("scan".utf8))
        try await world.expect([
            Refused("without the seal", .invalid, fields: ["capacity"]) {
                try await world.take(step, in: thread, by: people.officer1)
            }
        ])
        step.isSealed = true
        try await world.take(step, in: thread, by: people.officer1)
        let signed = try await world.load(thread).records.last { $0.type == .documentSigned }
        #expect(
            signed?.plain["sealed"] == .boolean(true) && signed?.word("capacity") == SignerCapacity.principal.rawValue)
    }

    @Test("nobody signs for the party without saying how they stand to it, nor under a name that is not the party's")
    func stated() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        let notice = try await world.fix(DocumentKindName.rightsNotice, in: thread)
        func sign(_ name: String, _ capacity: SignerCapacity?, authority: String? = nil, relation: String? = nil)
            async throws
        {
            var step = world.signature(notice, "party", signer: name, authority: authority)
            step.capacity = capacity
            step.relation = relation
            try await world.take(step, in: thread, by: people.officer1)
        }
        let articles: Set = ["parent-law:penalty-61", "parent-law:civil-88"]
        try await world.expect([
            Refused("no capacity", .invalid, fields: ["capacity"]) { try await sign(head, nil) },
            Refused("a stranger as the head", .invalid, fields: ["capacity"]) {
                try await sign("路人甲", .representative)
            },
            Refused("a stranger as the firm", .invalid, fields: ["capacity"]) { try await sign("路人甲", .principal) },
            Refused("a firm by its name, without a seal", .invalid, fields: ["capacity"]) {
                try await sign(DemoFirm.paperMill.name, .principal)
            },
            Refused("the family of a firm", .invalid, fields: ["capacity"]) { try await sign("路人甲", .family) },
            Refused("an agent without authority", .invalid, fields: ["authority"]) { try await sign("路人甲", .delegate) },
            Refused("a stranger without a word", .invalid, fields: ["relation"]) { try await sign("路人甲", .other) },
            Refused("a neighbour", .gate, provisions: articles) { try await sign("路人甲", .other, relation: "邻居") },
            Refused("somebody of the firm", .gate, provisions: articles) { try await sign("路人甲", .employee) },
        ])
        // Somebody whose interests are touched may sign a notice; it tells the party nothing.
        try await sign("路人甲", .interested)
        for (slot, member) in [("officer1", people.officer1), ("officer2", people.officer2)] {
            try await world.take(world.signature(notice, slot), in: thread, by: member)
        }
        try await world.demo.issue(notice, in: thread, by: people.officer1)
        world.minute()
        let untold = try await world.refusal("an answer to what the party was not told") {
            _ = try await paper(world, thread, of: "waiver", by: head, .representative)
        }
        #expect(untold?.reasons.flatMap(\.provisions) == ["parent-law:penalty-44"])
    }

    @Test("only the party, its head, or an agent with authority answers for it; the record says which")
    func speakers() async throws {
        let world = try await CaseWorld()
        let thread = try await told(world)
        let officer = world.people.officer1
        let stranger = try await paper(world, thread, of: "waiver", by: "路人甲", .employee)
        let agent = try await paper(
            world, thread, of: "waiver", by: "代某", .delegate, authority: "2026年11月1日，代为陈述、申辩和放弃")
        for speaker in ["party", "agent"] {
            let refused = try await world.refusal("a waiver of somebody of the firm as \(speaker)") {
                try await world.take(answer("waived", speaker, "路人甲", stranger, world), in: thread, by: officer)
            }
            #expect(refused?.reasons.flatMap(\.provisions) == ["parent-law:penalty-45"])
            #expect(refused?.reasons.first?.missing.contains("授权委托书") == true)
        }
        let asParty = try await world.refusal("an agent's waiver as the party's own") {
            try await world.take(answer("waived", "party", "代某", agent, world), in: thread, by: officer)
        }
        #expect(asParty?.fields.map(\.name) == ["speaker"])
        try await world.take(answer("waived", "agent", "代某", agent, world), in: thread, by: officer)
        let view = try await world.load(thread)
        let slot = try #require(view.work.document(agent)?.slots["party"])
        #expect(slot.capacity == .delegate && slot.relationText == "委托代理人，授权委托书：2026年11月1日，代为陈述、申辩和放弃")
        #expect(view.entries[slot.seq - 1].entry.openings.first { $0.name == "authority" }?.openingClass == .party)
    }

    @Test("nobody but the party, its head or an agent agrees that it is served by wire")
    func consent() async throws {
        let world = try await CaseWorld()
        let thread = try await told(world)
        let name = DemoFirm.paperMill.name
        let paper = try await world.fix(
            "electronic-service-consent", in: thread,
            changing: [
                .init("caseName", .string(CaseWorld.title)), .init("subjectName", .string(name)),
                .init("channels", ["email"]), .init("address", "demo@example.invalid"), .init("coversDecision", "yes"),
                .init("notice", "已告知。"), .init("agreedOn", .string(world.clock.now().day.description)),
            ])
        let refused = try await world.refusal("an employee agrees") {
            try await world.take(
                world.signature(paper, "party", signer: "路人甲", capacity: .employee), in: thread,
                by: world.people.officer1)
        }
        #expect(refused?.reasons.flatMap(\.provisions) == ["parent-law:penalty-61.p2"])
        try await world.take(
            world.signature(paper, "party", signer: head), in: thread, by: world.people.officer1)
    }

    @Test("a waiver that was signed before capacities were asked is the party's by name, and by no other name")
    func before() async throws {
        let world = try await CaseWorld()
        for name in [head, "路人甲"] {
            let thread = try await told(world)
            let officer = world.people.officer1
            let paper = try await world.fix(
                "written-party-submission", in: thread,
                changing: [
                    .init("caseName", .string(CaseWorld.title)), .init("subjectName", .string(DemoFirm.paperMill.name)),
                    .init("submissionKind", "waiver"), .init("submitter", .string(name)),
                    .init("receivedAt", .string(world.clock.now().description)), .init("pages", 1),
                    .init("receivedBy", .string(officer.person.name)), .init("originalPlace", "附后"),
                ])
            let now = world.clock.now()
            _ = try await world.office.casebook.record(
                [
                    Fact(
                        .documentSigned, in: thread,
                        plain: [
                            "document": .string(paper.description), "manner": "screen",
                            "signedAt": .integer(now.milliseconds), "slot": "party",
                        ], fields: [.init("name", .string(name), .party)], stated: StatedTime(at: now, source: .officer)
                    )
                ], by: .person(officer.person.thread), command: .random())
            try await world.take(world.signature(paper, "officer"), in: thread, by: officer)
            let waiver = answer("waived", "party", name, paper, world)
            if name == head {
                try await world.take(waiver, in: thread, by: officer)
            } else {
                let refused = try await world.refusal("a stranger's waiver of before") {
                    try await world.take(waiver, in: thread, by: officer)
                }
                #expect(refused?.reasons.flatMap(\.provisions) == ["parent-law:penalty-45"])
            }
        }
    }

    @Test(
        "a receipt is signed by who may receive and by everybody whom it names as server; the record of service says who"
    )
    func receipts() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.approved()
        let decision = try await world.signedDecision(in: thread)
        try await world.demo.issue(decision, in: thread, by: people.officer1)
        let receipt = try await world.fix(
            DocumentKindName.serviceReceipt, in: thread,
            changing: [
                .init("server", [.string(people.officer1.person.name), .string(people.officer2.person.name)])
            ], about: decision)
        let servedAt = try #require(
            try await world.load(thread).work.document(receipt)?.data?["servedAt"]?.string.flatMap { Instant($0) })
        func sign(_ name: String, _ capacity: SignerCapacity, relation: String? = nil) async throws {
            var step = world.signature(receipt, "recipient", signer: name, capacity: capacity)
            step.relation = relation
            try await world.take(step, in: thread, by: people.officer1)
        }
        let stranger = try await world.refusal("a neighbour takes the decision") {
            try await sign("路人甲", .other, relation: "邻居")
        }
        #expect(stranger?.reasons.flatMap(\.provisions) == ["parent-law:penalty-61", "parent-law:civil-88"])
        try await sign("门卫甲", .receiver)
        try await world.take(world.signature(receipt, "server1"), in: thread, by: people.officer1)
        func serve(_ signatory: String?) async throws {
            try await world.take(
                RecordService(
                    document: decision, receipt: receipt, servedAt: servedAt, recipient: DemoFirm.paperMill.name,
                    signatory: signatory, relation: nil, place: "清禾县演示工业园"), in: thread, by: people.officer1)
        }
        let half = try await world.refusal("the second server has not signed") { try await serve(nil) }
        #expect(half != nil)
        try await world.take(world.signature(receipt, "server2"), in: thread, by: people.officer2)
        let other = try await world.refusal("somebody else than who signed") { try await serve(head) }
        #expect(other?.fields.map(\.name) == ["signatory"])
        try await serve(nil)
        let served = try #require(try await world.load(thread).records.last { $0.type == .documentServed })
        #expect(served.text("signatory") == "门卫甲" && served.text("relation") == "负责收件的人")
    }
}
