import Casework
import Kernel
import Rulebook
import Testing

@Suite("A told history whose opening says no kind, or that has no opening")
struct UntoldKindTests {
    static func check(
        _ timeline: String, texts: [String] = ["zhaoxian-2017", "parent-law"], known: Int? = nil
    ) throws -> CheckReport {
        let told = try TimelineTests.read(timeline)
        return try CheckReport(
            told, texts: texts.map { .init(regulation: $0) }, base: RuleBase(Sample.library), known: known)
    }

    static func states(_ report: CheckReport, of row: String) -> [ObligationRow.State] {
        report.evaluation.parts(of: row).map(\.state)
    }

    static let visit =
        "  - { at: 2026-03-03T09:00, type: activity.began, activity: a1, kind: siteInspection, officers: [甲, 乙] }\n"

    @Test("without a kind the case is judged as a penalty case, and it is said")
    func bare() throws {
        let report = try Self.check(
            "timeline:\n  - { at: 2026-03-02T09:00, type: case.opened, handlers: [甲, 乙] }\n" + Self.visit)
        #expect(Self.states(report, of: "zhaoxian-2017:8") == [.open])
        #expect(report.notes.contains { $0.contains("没有写 kind") && $0.contains("按行政处罚判断") })
        // The step that came before the approval is told as late, as with the kind written.
        let written = try Self.check(
            "timeline:\n  - { at: 2026-03-02T09:00, type: case.opened, kind: penalty, handlers: [甲, 乙] }\n" + Self.visit
        )
        #expect(Self.states(written, of: "zhaoxian-2017:8") == [.open])
        #expect(!written.notes.contains { $0.contains("kind") })
    }

    @Test(
        "what shows an inspection is judged as one", arguments: ["source: plan", "source: draw, draw: d1", "title: 检查"])
    func inspection(opening: String) throws {
        let report = try Self.check(
            "timeline:\n  - { at: 2026-03-02T09:00, type: case.opened, handlers: [甲, 乙], \(opening) }\n" + Self.visit
                + "  - { at: 2026-03-04T09:00, type: finding.recorded, outcome: nothingFound }\n")
        #expect(Self.states(report, of: "zhaoxian-2017:8").isEmpty)
        #expect(report.notes.contains { $0.contains("按行政检查判断") })
    }

    @Test("a paper of a penalty makes it one, from when it is known")
    func penaltyPaper() throws {
        let told =
            "timeline:\n  - { at: 2026-03-02T09:00, type: case.opened, source: plan, handlers: [甲, 乙] }\n"
            + "  - { at: 2026-03-05T09:00, type: document.fixed, document: d1, kind: rights-notice, data: { rights: [statement] } }\n"
        #expect(try Self.states(Self.check(told, known: 1), of: "parent-law:penalty-44").isEmpty)
        #expect(try !Self.states(Self.check(told), of: "parent-law:penalty-44").isEmpty)
    }

    @Test("what was filled in meets nothing: the row that asks for the kind stays unmet")
    func scope() throws {
        let report = try Self.check("timeline:\n  - { at: 2026-03-02T09:00, type: case.opened, handlers: [甲, 乙] }\n")
        #expect(Self.states(report, of: "zhaoxian-2017:2").contains(.open))
    }

    @Test("a proposed step is judged with the kind that was filled in")
    func next() throws {
        let report = try Self.check(
            "timeline:\n  - { at: 2026-03-02T09:00, type: case.opened, handlers: [甲, 乙] }\n"
                + "next:\n  - { at: 2026-03-09T09:00, type: decision.approved, decision: approve, opinion: 同意, actor: 局长 }\n"
        )
        #expect(
            report.verdict?.refusals.contains { $0.citations.contains { $0.provision == "zhaoxian-2017:11" } } == true)
    }

    @Test("a case that nothing opens is said to be judged without what begins with its opening")
    func unopened() throws {
        let report = try Self.check("timeline:\n" + Self.visit)
        #expect(report.notes.contains { $0.contains("没有“开立案件”") })
        let bureau = try Self.check(
            "timeline:\n  - { at: 2026-03-03T09:00, type: storage.registered, kind: system, location: 机房 }\n")
        #expect(!bureau.notes.contains { $0.contains("没有“开立案件”") })
    }
}
