import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

@testable import Application

/// Every step described as data × kinds of bureau × everybody who could try it: whoever may not take it is refused, and what
/// takes a power that the bureau has not is refused to everybody else, whatever a page offers.
@Suite("Who takes which step, and with what power", .serialized)
struct StepTakerTests {
    /// Each step by name, with who takes it and the power that it needs. Written out: a step that is added is not in it.
    private static let table: [(name: String, taker: StepTaker, power: BureauPower?)] =
        handlers.map { ($0, .handler, nil) }
        + [
            ("measure", .handler, .coerciveMeasures), ("measure-extension", .agencyHead, .coerciveMeasures),
            ("execution-decision", .handler, .ownExecution), ("execution", .handler, .ownExecution),
            ("term-suspension", .head, nil), ("term-resumption", .head, nil), ("term-restart", .head, nil),
            ("term-extension", .agencyHead, nil), ("recusal-decision", .agencyHead, nil),
            ("instalment", .agencyHead, nil), ("decision-change", .agencyHead, nil),
            ("review-result", .legalReviewer, nil), ("chain-review", .reviewer, nil),
            ("chain-approval", .head, nil), ("service-confirmation", .second, nil),
            ("activity-confirmation", .superior, nil), ("statement-confirmation", .superior, nil),
            ("performance-confirmation", .second, nil), ("secrecy-confirmation", .head, nil),
            ("secrecy", .keeper, nil), ("secrecy-lift", .head, nil),
            ("summary-filing", .superior, nil), ("court-end", .head, nil), ("remedy-result", .head, nil),
        ]
    private static let handlers = [
        "identity", "noncooperation", "unlawful", "submission", "interested", "appraisal", "appraisal-result",
        "appraisal-use", "other-investigation", "preservation", "preservation-outcome", "measure-end",
        "correction-order", "correction-check", "talk", "demand", "court", "court-ruling", "remedy",
        "review-submission", "expert", "discussion-agenda", "discussion",
        "chain-opinion", "rights", "recusal", "silence", "hearing-request", "hearing", "demand-statement",
        "demand-review", "service-post", "service-lien", "service-entrusted", "service-public", "service-electronic",
        "summary", "fine", "fine-remittance",
    ]

    /// Who may take a step: an officer of the case, or a holder of one of these roles who is none.
    private static func fits(_ taker: StepTaker, _ role: Role, isHandler: Bool) -> Bool {
        switch taker {
        case .handler: isHandler
        case .reviewer: !isHandler && [.unitHead, .departmentHead].contains(role)
        case .legalReviewer: !isHandler && role == .legalReviewer
        case .head: !isHandler && [.departmentHead, .agencyHead].contains(role)
        case .agencyHead: !isHandler && role == .agencyHead
        case .keeper: !isHandler && [.custodian, .departmentHead, .agencyHead].contains(role)
        case .superior: !isHandler && [.unitHead, .departmentHead, .agencyHead].contains(role)
        case .second: isHandler || [.unitHead, .departmentHead, .agencyHead].contains(role)
        }
    }

    @Test(
        "every step × statistics bureau, the same with powers set, market regulator × every role, in the case and outside",
        arguments: [
            (texts: ["zhaoxian-2017", "parent-law"], powers: false), (["zhaoxian-2017", "parent-law"], true),
            (["luanchuan-2020", "parent-law"], false), (["hejin-2019", "parent-law"], false),
            (["qinghe", "parent-law"], true),
        ])
    func table(bureau: (texts: [String], powers: Bool)) async throws {
        #expect(Self.table.map(\.name).sorted() == RecordedStep.all.map(\.name).sorted(), "a step is not in the table")
        let world = try await CaseWorld(texts: bureau.texts)
        if bureau.powers, !bureau.texts.contains("qinghe") {
            try await world.set(["coercive-measures": 2, "own-execution": 2])
        }
        // What a text asks of an opening is not asked here: the case is there.
        let thread = ThreadTag.random()
        try await world.append([
            Fact(
                .caseOpened, in: thread,
                plain: [
                    "handlers": .array(world.handlers.map { .string($0.description) }), "isEmergency": false,
                    "isMajor": false, "kind": "penalty", "procedure": "general", "source": "inspection",
                    "subject": .string(ThreadTag.random().description), "subjectKind": "organisation",
                ],
                fields: [.init("title", "统计违法案", .party), .init("subjectName", "星河纸品厂（演示）", .party)])
        ])
        let view = try await world.load(thread)
        let law = try await world.office.casebook.chambers.law()
        let profile = try await world.office.casebook.chambers.profile()
        let persons = try await world.office.casebook.registers.persons()
        var refusedForPower = 0
        for row in Self.table {
            let step = try #require(RecordedStep.named(row.name))
            #expect(step.by == row.taker && step.power == row.power, "\(row.name)")
            for role in Role.allCases {
                for member in [world.people.officer1, world.people.officer3] {
                    let isHandler = member.person.thread == world.people.officer1.person.thread
                    var person = try await world.performer(member).person
                    person.roles = [role]
                    let performer = Performer(
                        person: person,
                        confirmation: SecretConfirmation(demonstrationOf: person.thread, in: world.ledger))
                    let scene = Scene(
                        view: view, performer: performer, persons: persons, bureau: profile, law: law,
                        now: world.clock.now())
                    let what = "\(row.name) by \(isHandler ? "a handler" : "somebody else") as \(role)"
                    do {
                        _ = try await RecordEntry(step, [:]).facts(in: scene)
                        Issue.record("went through without an answer: \(what)")
                    } catch {
                        guard Self.fits(row.taker, role, isHandler: isHandler) else {
                            #expect(error.code == .notAllowed && error.reasons.isEmpty, "\(what): \(error)")
                            continue
                        }
                        if let power = row.power, !bureau.powers {
                            refusedForPower += 1
                            #expect(error.code == .outOfOrder, "\(what): \(error)")
                            #expect(error.message.contains("机关设置") && error.message.contains(step.title), "\(what)")
                            #expect(error.reasons.map(\.provisions) == [[power.provision]], "\(what)")
                            #expect(law.library.provision(power.provision) != nil, "\(power.provision) is no provision")
                        } else {
                            #expect([.outOfOrder, .invalid].contains(error.code), "\(what): \(error)")
                            #expect(error.reasons.isEmpty, "\(what)")
                        }
                    }
                }
            }
        }
        #expect(refusedForPower == (bureau.powers ? 0 : Role.allCases.count * 3 + 1))
    }

    @Test("an act of coercion or of the bureau's own execution does not begin without the power; all other acts can")
    func acts() async throws {
        let world = try await CaseWorld()
        let thread = try await world.penalty()
        for kind in EntryType.activityKinds {
            var step = world.visit()
            step.kind = kind
            step.place = ""
            let refusal = try await world.refusal(kind) {
                try await world.take(step, in: thread, by: world.people.officer1)
            }
            let power = ["coerciveMeasure": BureauPower.coerciveMeasures, "execution": .ownExecution][kind]
            #expect(refusal?.code == (power == nil ? .invalid : .outOfOrder), "\(kind)")
            #expect(refusal?.reasons.flatMap(\.provisions) == (power.map { [$0.provision] } ?? []), "\(kind)")
        }
    }

    @Test("a paper of a power that was taken back after it was fixed is not issued")
    func takenBack() async throws {
        let world = try await CaseWorld()
        try await world.set(["own-execution": 2])
        let thread = try await world.penalty()
        let kind = "transfer-notice"
        let document = DocumentID.random()
        try await world.append([
            Fact(
                .documentFixed, in: thread, plain: ["document": .string(document.description), "kind": .string(kind)],
                fields: [.init("data", .object([]), .party)])
        ])
        func issue() async throws -> StepRefusal? {
            try await world.refusal("issued") {
                _ = try await world.office.desk.issue(
                    document, in: thread, expecting: try await world.load(thread).work.entries, command: .random(),
                    by: try await world.performer(world.people.officer1))
            }
        }
        #expect(try await issue()?.message.contains("签名栏") == true, "the power is there")
        try await world.set(["own-execution": 1])
        let refusal = try await issue()
        #expect(
            refusal?.reasons.flatMap(\.provisions) == ["parent-law:compulsion-53"], "\(String(describing: refusal))")
    }
}

extension CaseWorld {
    /// Sets numbers of the bureau.
    func set(_ settings: JSON) async throws {
        _ = try await office.casebook.record(
            [Fact(.bureauSettingsChanged, in: thread, fields: [.init("settings", settings, .officer)])],
            by: .person(people.administrator.person.thread), command: .random())
    }

    /// Appends facts to a case as a handler's, past every step: where a test begins, not what it tests.
    func append(_ facts: [Fact]) async throws {
        let thread = facts[0].thread
        let head = facts[0].type == .caseOpened ? nil : try await load(thread).head
        let command = CommandID.random()
        let entries = try Scribe(bureau: office.bureau).seal(
            facts, after: head.map { [thread: $0] } ?? [:], by: .person(people.officer1.person.thread),
            command: command, at: clock.now())
        _ = try await store.append(AppendRequest(command: command, entries: entries))
    }
}
