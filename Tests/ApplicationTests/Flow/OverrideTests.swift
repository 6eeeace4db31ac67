import Application
import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

/// An override is an exception that stands for ever: it is given only where it opens something, and never for what a
/// penalty's validity rests on (invariant 5).
@Suite("An override opens what it names, or is not given", .serialized)
struct OverrideTests {
    private static let reason = "线索紧急，当日必须到场。"
    private static let basis = "某规定第三条。"

    private func foresight(
        _ thread: ThreadTag, _ member: DemoPeople.Member, in world: CaseWorld
    ) async throws -> Foresight {
        Foresight(
            view: try await world.load(thread), law: try await world.office.casebook.chambers.law(),
            person: try await world.performer(member).person, now: world.clock.now())
    }

    private func lifts(_ thread: ThreadTag, in world: CaseWorld) async throws -> [Foresight.Lift] {
        try await foresight(thread, world.people.head, in: world)
            .liftable(among: try await world.office.casebook.registers.persons())
    }

    @Test(
        "every gate that is offered is open once it was let pass, for whoever takes the step, and is not offered again")
    func opens() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        var given: Set<String> = []
        for _ in 0..<40 {
            guard
                let lift = try await lifts(thread, in: world).first(where: {
                    !given.contains("\($0.step) \($0.provisions)")
                })
            else { break }
            given.insert("\(lift.step) \(lift.provisions)")
            let before = try await world.load(thread).work.entries
            // The one that a page names is enough.
            try await world.take(
                GiveOverride(
                    provision: try #require(lift.provisions.last), step: lift.step, reason: Self.reason,
                    legalBasis: Self.basis),
                in: thread, by: people.head)
            let view = try await world.load(thread)
            #expect(view.work.entries - before == lift.provisions.count)
            #expect(view.records.suffix(lift.provisions.count).allSatisfy { $0.type == .overrideGiven })
            let again = try await world.refusal("the same again") {
                try await world.take(
                    GiveOverride(
                        provisions: lift.provisions, step: lift.step, reason: Self.reason, legalBasis: Self.basis),
                    in: thread, by: people.head)
            }
            #expect(again?.code == .outOfOrder, "\(lift.step) \(lift.provisions)")
        }
        #expect(given.count > 3)
        let left = try await lifts(thread, in: world)
        #expect(left.isEmpty, "\(left.map { ($0.step, $0.provisions) })")
        // And the step itself goes through, by somebody else.
        try await world.take(world.visit(), in: thread, by: people.officer1)
    }

    @Test(
        "nobody lets themselves pass: where one head alone approves, the gates of the approval are not offered to them")
    func ownApproval() async throws {
        let world = try await CaseWorld()
        let people = world.people
        let thread = try await world.penalty()
        try await world.approveStart(in: thread)
        try await world.take(world.drafting(), in: thread, by: people.officer1)
        let stopped = try await foresight(thread, people.head, in: world).refusals(of: .approval)
        #expect(!stopped.isEmpty)
        #expect(try await lifts(thread, in: world).allSatisfy { $0.step != .decisionApproved })
        let refusal = try await world.refusal("the head who approves") {
            try await world.take(
                GiveOverride(provision: "zhaoxian-2017:16", step: .decisionApproved, reason: "急", legalBasis: "法"),
                in: thread, by: people.head)
        }
        #expect(refusal?.code == .outOfOrder && refusal?.message.contains("不能批准自己越过") == true)
    }

    @Test("a reason or a legal basis of less than five letters is refused, whatever signs stand around it")
    func reasons() async throws {
        let world = try await CaseWorld()
        let thread = try await world.penalty()
        let lift = try #require(try await lifts(thread, in: world).first)
        func given(_ reason: String, _ basis: String) async throws -> [String]? {
            try await world.refusal("\(reason) \(basis)") {
                try await world.take(
                    GiveOverride(provisions: lift.provisions, step: lift.step, reason: reason, legalBasis: basis),
                    in: thread, by: world.people.head)
            }?.fields.map(\.name)
        }
        for short in ["x", "紧急情况", "。。。。。。", "急 急 急 急", ""] {
            #expect(try await given(short, Self.basis) == ["reason"], "\(short)")
            #expect(try await given(Self.reason, short) == ["legalBasis"], "\(short)")
        }
        let refusal = try await world.refusal("one letter") {
            try await world.take(
                GiveOverride(provisions: lift.provisions, step: lift.step, reason: "x", legalBasis: Self.basis),
                in: thread, by: world.people.head)
        }
        #expect(refusal?.fields.first?.message.contains("至少写 5 个字") == true)
        try await world.take(
            GiveOverride(provisions: lift.provisions, step: lift.step, reason: "当日须到场", legalBasis: "某法第三条"),
            in: thread, by: world.people.head)
    }

    /// A case with a served decision, a demand whose term is over, and a signed application to the court.
    private func demanded(_ world: CaseWorld) async throws -> (thread: ThreadTag, decision: DocumentID) {
        let people = world.people
        let thread = try await world.approved()
        let (decision, receipt) = try await world.issueDecision(in: thread)
        try await world.take(world.service(of: decision, with: receipt), in: thread, by: people.officer1)
        world.minute()
        let demand = DocumentID.random()
        try await world.append([
            Fact(
                .documentFixed, in: thread, plain: ["document": .string(demand.description), "kind": "demand-notice"],
                fields: [.init("data", ["content": "缴纳罚款"], .party)]),
            Fact(.documentIssued, in: thread, plain: ["document": .string(demand.description)]),
            Fact(
                .documentServed, in: thread,
                plain: [
                    "document": .string(demand.description), "method": "direct",
                    "servedAt": .integer(world.clock.now().milliseconds),
                ]),
        ])
        world.clock.set(to: world.clock.now().advanced(byMilliseconds: 30 * 86_400_000))
        return (thread, decision)
    }

    private func apply(to court: ThreadTag, in world: CaseWorld) async throws {
        let application = DocumentID.random()
        try await world.append([
            Fact(
                .documentFixed, in: court,
                plain: ["document": .string(application.description), "kind": "court-enforcement-application"],
                fields: [
                    .init(
                        "data",
                        [
                            "facts": "逾期不履行", "legalBasis": "某法", "partyOpinion": "无", "subjectMatter": "罚款",
                            "attachments": ["决定书"],
                        ], .party)
                ])
        ])
        let seq = try await world.load(court).work.entries
        let fixed = try #require(try await world.load(court).entries.last?.entry.commitment)
        try await world.append(
            ["agencyHead", "agency"].map { slot in
                Fact(
                    .documentSigned, in: court,
                    plain: [
                        "by": .string(world.people.head.person.thread.description), "decision": "agree",
                        "document": .string(application.description), "manner": "paper",
                        "signedAt": .integer(world.clock.now().milliseconds), "slot": .string(slot),
                    ], references: [EntryReference(role: "fixed", thread: court, seq: seq, commitment: fixed)])
            })
    }

    @Test(
        "no override is offered while another refusal of the same step stands, nor of the paper that is the act itself")
    func together() async throws {
        let world = try await CaseWorld()
        let (thread, _) = try await demanded(world)
        let head = try await foresight(thread, world.people.head, in: world)
        // The term for going to court could be let pass; the application itself is missing.
        let stopped = head.refusals(of: .recorded("court"))
        #expect(stopped.contains { !$0.overridableBy.isEmpty } && stopped.contains { $0.overridableBy.isEmpty })
        #expect(try await !lifts(thread, in: world).contains { $0.step == .courtApplied })
        for provision in stopped.flatMap(\.citations).map(\.provision) {
            let refusal = try await world.refusal(provision) {
                try await world.take(
                    GiveOverride(
                        provision: provision, step: .courtApplied, reason: Self.reason, legalBasis: Self.basis),
                    in: thread, by: world.people.head)
            }
            #expect(refusal != nil)
        }
        let library = try CaseWorld.library.get()
        for (id, step) in [
            ("compulsion-55", EntryType.courtApplied), ("civil-95", .documentServed),
            ("civil-1991-84", .documentServed),
        ] {
            let duties = try #require(library.provision("parent-law:\(id)")).duties
            let stopping = duties.filter { $0.gate.refuses.contains { $0.types.contains(step) } }
            #expect(!stopping.isEmpty && stopping.allSatisfy { $0.gate.level == .hard }, "\(id)")
        }
        try await apply(to: thread, in: world)
        let offered = try await lifts(thread, in: world).filter { $0.step == .courtApplied }
        #expect(offered.count == 1 && offered.first?.provisions.contains { $0.hasSuffix("compulsion-53") } == true)
    }

    @Test(
        "what the case does not owe is not let pass: no court where the fine is paid or was changed, no second service",
        arguments: ["paid", "changed", "revoked"])
    func notOwed(what: String) async throws {
        let world = try await CaseWorld()
        let (thread, decision) = try await demanded(world)
        try await apply(to: thread, in: world)
        #expect(try await lifts(thread, in: world).contains { $0.step == .courtApplied })
        if what == "paid" {
            // Registered, and not yet confirmed: to be confirmed it has to be looked at, not let pass.
            try await world.append([
                Fact(
                    .performanceRecorded, in: thread,
                    plain: ["performedAt": .integer(world.clock.now().milliseconds), "status": "complete"],
                    fields: [.init("obligation", "缴纳罚款", .party), .init("evidence", "缴款书0001", .party)])
            ])
        } else {
            try await world.append([
                Fact(
                    .decisionChanged, in: thread,
                    plain: ["change": .string(what), "document": .string(decision.description), "isPenalty": true],
                    fields: [.init("reason", "复议决定。", .party)])
            ])
        }
        let left = try await lifts(thread, in: world)
        #expect(!left.contains { [.courtApplied, .documentServed].contains($0.step) }, "\(left.map(\.provisions))")
    }

    @Test("rights before the decision, recusal and the heads' discussion of a penalty are lifted by nobody")
    func validity() async throws {
        let library = try CaseWorld.library.get()
        for id in [
            "penalty-43", "penalty-44", "penalty-45", "penalty-57.p1", "penalty-57.p2", "penalty-58", "penalty-62",
            "penalty-63",
            "penalty-63.p2", "penalty-64(1)", "penalty-1996-42(1)",
        ] {
            guard let provision = library.provision("parent-law:\(id)") else { continue }
            for duty in provision.duties where duty.gate.level == .pre {
                let issues = duty.gate.refuses.contains {
                    $0.types.contains(.documentIssued) || $0.types.contains(.decisionApproved)
                }
                #expect(!issues, "\(id): \(duty.matter)")
            }
        }
        #expect(library.provision("parent-law:penalty-64(1)")?.duties.allSatisfy { $0.gate.level == .hard } == true)
    }
}
