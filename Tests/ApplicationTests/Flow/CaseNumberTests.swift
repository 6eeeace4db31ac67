import Application
import Casework
import Demo
import Kernel
import Store
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

    @Test(
        "a number is given once, however it is written: the second case is refused and told which case has it, also when two come at once"
    )
    func once() async throws {
        let world = try await CaseWorld()
        _ = try await opened("清禾统查〔2026〕7号", in: world)
        for same in ["清禾统查〔2026〕7号", "清禾统查[2026] 7号", "清禾统查（２０２６）7号"] {
            let refusal = await #expect(throws: StepRefusal.self) { _ = try await opened(same, in: world) }
            #expect(refusal?.code == .taken && refusal?.fields.map(\.name) == ["caseNumber"])
            #expect(refusal?.message.contains("“统计执法检查”") == true, "\(refusal?.message ?? "")")
        }
        let size = try await world.size()
        let results = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask { (try? await opened("清禾统查〔2026〕8号", in: world)) != nil }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.count { $0 } == 1)
        // A party and a case: of the three that were refused nothing stands anywhere.
        #expect(try await world.size() == size + 2)
        let casebook = world.office.casebook
        let compared = try await Rebuild(world.ledger).compare {
            try await casebook.projectedRows(of: $0, entries: $1)
        }
        #expect(compared.differences == [])
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
