import Casework
import Demo
import Kernel
import Ledger
import TestKit
import Testing

@testable import Application

/// The steps with a command of their own × every role, in the case and outside: whoever may not take one is refused before
/// anything else is looked at.
@Suite("Who takes the steps that have commands of their own", .serialized)
struct StepRoleTests {
    /// A step with its name, and the roles outside the case whose holders may take it; nil where a handler does.
    private static func table(_ world: CaseWorld) -> [(name: String, step: any CaseStep, roles: Set<Role>?)] {
        let (document, now) = (DocumentID.random(), world.clock.now())
        return [
            (BeginActivity.name, world.visit(), nil),
            (EndActivity.name, EndActivity(activity: .random(), endAt: now, note: nil), nil),
            (RecordFinding.name, RecordFinding(outcome: .nothingFound, summary: "无。", recipient: nil), nil),
            (RecordStatement.name, world.statement(), nil), (ReviewStatement.name, world.review(of: 1), nil),
            (DraftDecision.name, world.drafting(), nil),
            (RecordService.name, world.service(of: document, with: document), nil),
            (
                RecordPerformance.name,
                RecordPerformance(status: "none", performedAt: nil, amount: nil, obligation: "罚款", evidence: nil), nil
            ),
            (
                ProposeCorrection.name,
                ProposeCorrection(target: 1, member: "title", value: .text("改"), reason: "错"), nil
            ),
            (
                ExemptRecording.name,
                ExemptRecording(activity: .random(), reason: "danger", explanation: "险"),
                [.departmentHead, .agencyHead]
            ),
            (ApproveDecision.name, ApproveDecision(isApproved: true, opinion: "同意"), [.agencyHead]),
            (FileCase.name, FileCase(), [.custodian]),
            (
                GiveOverride.name,
                GiveOverride(provision: "zhaoxian-2017:16", step: .decisionApproved, reason: "急", legalBasis: "法"),
                [.departmentHead, .agencyHead]
            ),
            (
                ChangeHandlers.name, ChangeHandlers(handlers: [], reason: "换"),
                [.unitHead, .departmentHead, .agencyHead]
            ),
            (
                DecideCorrection.name, DecideCorrection(proposal: 1, isApproved: true, opinion: "同意"),
                [.departmentHead, .agencyHead]
            ),
            (
                CorrectDocument.name,
                CorrectDocument(document: document, by: document, manner: .amends, reason: "错"), [.agencyHead]
            ),
            (
                AcceptDefect.name,
                AcceptDefect(
                    provision: "zhaoxian-2017:13", person: .random(), violation: "缺", reason: "缺", legalBasis: "法"),
                [.agencyHead]
            ),
        ]
    }

    @Test("each of them by each role: a handler's by handlers alone, a decision by those who decide and handle no case")
    func roles() async throws {
        let world = try await CaseWorld()
        let thread = try await world.penalty()
        let view = try await world.load(thread)
        let law = try await world.office.casebook.chambers.law()
        let profile = try await world.office.casebook.chambers.profile()
        let persons = try await world.office.casebook.registers.persons()
        let table = Self.table(world)
        #expect(Set(table.map(\.name)).count == table.count)
        for row in table {
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
                    let may = row.roles.map { $0.contains(role) } ?? isHandler
                    do {
                        _ = try await row.step.facts(in: scene)
                        #expect(may, "\(row.name) went through by \(role), handler: \(isHandler)")
                    } catch {
                        if !may { #expect(error.code == .notAllowed, "\(row.name) by \(role): \(error)") }
                        // What somebody may take is refused for what the case lacks, not for who they are.
                        // (Which gates an office may lift stands in the rows.)
                        if may, !isHandler || row.roles == nil, row.name != GiveOverride.name {
                            #expect(error.code != .notAllowed, "\(row.name) by \(role): \(error)")
                        }
                    }
                }
            }
        }
    }
}
