import Application
import Casework
import Demo
import Kernel
import Testing

/// The number that a case has by the province's numbering rule (案号).
@Suite("The number of a case", .serialized)
struct CaseNumberTests {
    private func opened(_ number: String?, in world: CaseWorld) async throws -> CaseView {
        let thread = ThreadTag.random()
        world.minute()
        var opening = OpenInspection(
            title: "统计执法检查", source: .plan, handlers: world.handlers, newSubject: DemoFirm.paperMill.subject)
        opening.newSubject?.thread = .random()
        opening.caseNumber = number
        _ = try await world.office.casebook.open(
            opening, as: thread, command: .random(), by: try await world.performer(world.people.officer1))
        return try await world.load(thread)
    }

    /// Where the row stands that asks for a number.
    private func standing(of view: CaseView, in world: CaseWorld) async throws -> ObligationRow.State? {
        let library = try await world.office.casebook.chambers.law().library
        let text = try #require(library.newest("hejin-2019"))
        let rules = try RulesInForce(
            spans: [.init(regulation: text.regulation, digest: text.digest, from: CivilDay("2019-05-01")!)],
            matters: library.matters, kinds: library.kinds.mapValues(\.kind))
        let judged = Evaluator.evaluate(history: view.history, rules: rules, calendar: library.workingDays)
        return judged.parts(of: "hejin-2019:2.2.3(1)a").first { $0.duty == 0 }?.state
    }

    @Test(
        "given on the opening page it stands in the case and meets the row that asks for it; without it the row is open"
    )
    func given() async throws {
        let world = try await CaseWorld()
        let numbered = try await opened(" 清禾统查〔2026〕1号 ", in: world)
        #expect(numbered.work.caseNumber == "清禾统查〔2026〕1号")
        #expect(try await standing(of: numbered, in: world) == .met)
        for none in [nil, "", "  "] {
            let bare = try await opened(none, in: world)
            #expect(bare.work.caseNumber == nil)
            #expect(try await standing(of: bare, in: world) == .open)
        }
    }

    @Test("a number that is far too long is refused at its field")
    func long() async throws {
        let world = try await CaseWorld()
        let refusal = await #expect(throws: StepRefusal.self) {
            _ = try await opened(String(repeating: "号", count: 200), in: world)
        }
        #expect(refusal?.fields.map(\.name) == ["caseNumber"])
    }
}
