import Casework
import Foundation
import Kernel
import Rulebook
import TestKit
import Testing

@Suite("Mutation: a row that is taken out or neutralised must be noticed by its own histories")
struct MutationTests {
    private func run(_ row: String, _ histories: String) throws -> RowResult {
        RowTests(RuleBase(HistoryTests.small)).run(try HistoryTests.load(row, histories), mutating: true)
    }

    static let opened = "{ at: 2026-03-02T09:00, type: case.opened }"
    static let visit = "{ type: activity.began, activity: a1, kind: siteInspection }"
    static let note =
        "{ type: document.fixed, document: d1, kind: note, activity: a1, data: { facts: x } }, { type: document.signed, document: d1, slot: party, manner: screen }"

    @Test("histories that look only at the state leave the gate's mutant alive, by name")
    func gateSurvives() throws {
        let weak = try run(
            "left:2",
            """
              - { name: 有, keeps: true, timeline: [\(Self.opened), \(Self.visit), \(Self.note)], expect: [{ row: "left:2", state: met }] }
              - { name: 无, keeps: false, timeline: [\(Self.opened), \(Self.visit)], expect: [{ row: "left:2", state: open }] }
            """)
        #expect(weak.isTested)
        #expect(!weak.isCaught)
        #expect(weak.survivors == ["第1项义务去掉关口"])
        let strong = try run(
            "left:2",
            """
              - { name: 有, keeps: true, timeline: [\(Self.opened), \(Self.visit), \(Self.note)], expect: [{ row: "left:2", state: met, gate: pre }] }
              - { name: 无, keeps: false, timeline: [\(Self.opened), \(Self.visit)], expect: [{ row: "left:2", state: open }] }
            """)
        #expect(strong.isCaught)
        #expect(strong.mutants == 3)
    }

    @Test("histories that never meet the row leave its neutral requirement alive; without a due, its term")
    func requirementAndTermSurvive() throws {
        let ended = "{ type: case.ended, ground: nothingFound }"
        let weak = try run(
            "left:4",
            """
              - { name: 甲, keeps: true, timeline: [\(Self.opened), \(ended), { type: case.filed }], expect: [{ row: "left:4", state: met, gate: close }] }
              - { name: 乙, keeps: false, timeline: [\(Self.opened)], next: { timeline: [{ type: case.filed }], allowed: true } }
            """)
        #expect(weak.survivors == ["第1项义务不问即算履行", "第1项义务去掉期限"])
        #expect(weak.failures == ["乙：写着 keeps: false，而 left:4 没有违反"])
    }

    @Test("permissions and figures are taken out too")
    func others() throws {
        let grant = try run(
            "left:3",
            """
              - { name: 甲, keeps: true, timeline: [\(Self.opened), \(Self.visit)], grants: [{ row: "left:3", allowed: true }] }
              - { name: 乙, keeps: false, timeline: [\(Self.opened)], grants: [{ row: "left:3", allowed: false }] }
            """)
        #expect(grant.isTested)
        #expect(grant.mutants == 2)
        #expect(grant.survivors == ["第1项许可降低音像要求（level）"])
        let level = try run(
            "left:3",
            """
              - { name: 甲, keeps: true, timeline: [\(Self.opened), \(Self.visit)], grants: [{ row: "left:3", allowed: true, level: optional }] }
              - { name: 乙, keeps: false, timeline: [\(Self.opened)], grants: [{ row: "left:3", allowed: false }] }
            """)
        #expect(level.isCaught)
        let figure = try run(
            "left:5",
            """
              - { name: 甲, keeps: true, timeline: [\(Self.opened), \(Self.visit), \(Self.note)], figures: [{ row: "left:5", count: 1, out-of: 1 }] }
              - { name: 乙, keeps: false, timeline: [\(Self.opened), \(Self.visit)], figures: [{ row: "left:5", count: 0, out-of: 1 }] }
            """)
        #expect(figure.isCaught)
    }

    /// A text of one row that has every exception there is.
    private static let bent = Result<RuleLibrary, any Error> {
        let place = try TemporaryDirectory()
        let text = """
            regulation: bent
            version: 1
            title: 乙县办法
            short: 乙县办法
            issuer: 乙县局
            standing: own
            in-force-from: 2026-01-01
            provisions:
              - id: "bent:1"
                article: 第一条
                modality: must
                kind: deadline
                summary: 现场检查要录像。
                duties:
                  - matter: visit-av
                    demand: 录像
                    when: { record: activity.began, where: { kind: siteInspection } }
                    level: mandatory
                    require: { record: recording.linked }
                    within: { days: 2, from: happened, may-be: [extended] }
                    unless: [{ record: av.exempted }]
                    lapses: [{ record: case.ended }]
                    who: officer
              - id: "bent:2"
                article: 第二条
                modality: must
                kind: report
                summary: 每季度检查。
                duties:
                  - matter: check
                    demand: 检查
                    when: { record: regulation.adopted }
                    every: quarter
                    require: { record: check.made }
                    who: bureau
            """
        try place.write(Array(text.utf8), to: "bent.yaml")
        let matters = """
            matters:
              - { id: visit-av, title: 活动的音像, per: activity, recording: true }
              - { id: check, title: 检查, per: bureau }
            """
        try place.write(Array(matters.utf8), to: "matters.yaml")
        let calendars = "\(HistoryTests.rules)/Regulations/calendars"
        for name in try FileManager.default.contentsOfDirectory(atPath: calendars) {
            let bytes = FileManager.default.contents(atPath: "\(calendars)/\(name)") ?? Data()
            try place.write(Array(bytes), to: "calendars/\(name)")
        }
        return try RuleFiles.load(regulations: place.path, documents: "\(HistoryTests.rules)/Documents")
    }

    private func bent(_ row: String, _ histories: String) throws -> RowResult {
        let place = try TemporaryDirectory()
        let path = "bent/\(row.dropFirst("bent:".count)).yaml"
        try place.write(Array("row: \"\(row)\"\nhistories:\n\(histories)".utf8), to: path)
        let loaded = try HistoryFiles.load(place.path, library: try Self.bent.get())
        return RowTests(RuleBase(try Self.bent.get())).run(try #require(loaded.first).histories, mutating: true)
    }

    @Test("an exception, an ending, a level and a changed term that no history looks at survive, by name")
    func exceptionsSurvive() throws {
        let linked = "{ type: recording.linked, recording: 录像, activity: a1 }"
        let kept =
            "  - { name: 甲, keeps: true, timeline: [\(Self.opened), \(Self.visit), \(linked)], expect: [{ row: \"bent:1\", state: met }] }\n"
        let late =
            "  - { name: 乙, keeps: false, at: 2026-03-05T00:00, timeline: [\(Self.opened), \(Self.visit)], expect: [{ row: \"bent:1\", state: overdue }] }\n"
        let weak = try bent("bent:1", kept + late)
        #expect(weak.isTested)
        #expect(
            weak.survivors == [
                "第1项义务去掉例外（unless）", "第1项义务去掉失效（lapses）", "第1项义务降低音像要求（level）", "第1项义务期限不得变动（may-be）",
                "第1项义务期限任意变动（may-be）",
            ])
        let extended = "{ type: term.extended, matter: visit-av, untilDay: 2026-03-06, approvedBy: 局长, reason: 事由 }"
        let suspended = "{ type: term.suspended, matter: visit-av, reason: 事由 }"
        let strong = try bent(
            "bent:1",
            kept + late
                + """
                  - { name: 丙, keeps: true, timeline: [\(Self.opened), \(Self.visit), { type: av.exempted, activity: a1 }], expect: [{ row: "bent:1", state: excused }] }
                  - { name: 丁, keeps: true, timeline: [\(Self.opened), \(Self.visit), { type: case.ended }], expect: [{ row: "bent:1", state: notApplicable }] }
                  - { name: 戊, keeps: true, timeline: [\(Self.opened), \(Self.visit), \(linked)], media: [{ activity: a1, level: mandatory }] }
                  - { name: 己, keeps: true, at: 2026-03-05T00:00, timeline: [\(Self.opened), \(Self.visit), \(extended)], expect: [{ row: "bent:1", state: open, last-day: 2026-03-06 }] }
                  - { name: 庚, keeps: false, at: 2026-03-05T00:00, timeline: [\(Self.opened), \(Self.visit), \(suspended)], expect: [{ row: "bent:1", state: overdue }] }
                """)
        #expect(strong.failures == [])
        #expect(strong.survivors == [])
    }

    @Test("a duty that comes again must be seen to come again")
    func turns() throws {
        let adopted = "{ at: 2026-01-02T09:00, type: regulation.adopted, regulation: bent, inForceFrom: 2026-01-01 }"
        let check = "{ at: 2026-04-02T09:00, type: check.made, period: 2026Q1 }"
        let first =
            "  - { name: 甲, keeps: true, timeline: [\(adopted), \(check)], expect: [{ row: \"bent:2\", state: met }] }\n"
        let weak = try bent(
            "bent:2",
            first
                + "  - { name: 乙, keeps: false, at: 2026-04-02T09:00, timeline: [\(adopted)], expect: [{ row: \"bent:2\", state: open }] }\n"
        )
        #expect(weak.survivors == ["第1项义务不再重复（every）"])
        let strong = try bent(
            "bent:2",
            first
                + "  - { name: 乙, keeps: false, at: 2026-07-02T09:00, timeline: [\(adopted), \(check)], expect: [{ row: \"bent:2\", subject: 2026Q2, state: open }] }\n"
        )
        #expect(strong.survivors == [])
    }

    @Test("policy has no mutants, and so no result that could be called caught")
    func policy() throws {
        let result = try run(
            "left:1",
            """
              - { name: 甲, keeps: true, timeline: [\(Self.opened)], expect: [{ row: "left:1", state: none }] }
            """)
        #expect(result.mutants == 0)
        #expect(!result.isCaught)
    }
}

@Suite("Coverage of the texts")
struct CoverageTests {
    static let list: RowList = {
        do {
            return try RowList.read("\(Sample.root)/Regulations/rows.yaml")
        } catch {
            fatalError("\(error)")
        }
    }()

    @Test("the list has the 360 rows of the five texts")
    func rows() {
        let ids = Self.list.texts.map(\.id)
        #expect(ids == ["hejin-2019", "luanchuan-2020", "qinghe", "recorder-mgmt", "zhaoxian-2017"])
        let counts = Self.list.texts.map(\.rows.count)
        #expect(counts == [57, 54, 99, 57, 93])
        #expect(Set(Self.list.rows.map(\.id)).count == 360)
        #expect(Self.list.rows.count { $0.kind == .policy } == 18)
    }

    /// The report on the small texts, against a list of rows.
    private func report(_ rows: String, results: [RowResult]) throws -> CoverageReport {
        let place = try TemporaryDirectory()
        try place.write(Array(rows.utf8), to: "rows.yaml")
        // The program shows figures to a command alone; left:5 asks for nothing else.
        let reach = "judges: case\nreach: [{ command: x, records: case.filed, figures: true }]"
        try place.write(Array(reach.utf8), to: "reach.yaml")
        let list = try RowList.read(place.path + "/rows.yaml")
        let run = CoverageRun(finished: "2026-03-02T09:00:00+08:00", files: [:], rows: results)
        return CoverageReport(
            HistoryTests.small, rows: list, run: run,
            reach: RowReach(
                try ReachList.read(place.path + "/reach.yaml"), steps: [], library: HistoryTests.small))
    }

    private func result(_ row: String, survivors: [String] = [], failures: [String] = []) throws -> RowResult {
        var result = RowTests(RuleBase(HistoryTests.small)).run(
            try HistoryTests.load(
                row,
                """
                  - { name: 甲, keeps: true, timeline: [{ at: 2026-03-02T09:00, type: case.opened }], expect: [{ row: "\(row)", state: none }] }
                """), mutating: false)
        result.kept = 1
        result.keptPassed = 1
        result.broken = 1
        result.brokenPassed = 1
        result.mutants = 1
        result.survivors = survivors
        result.failures = failures
        return result
    }

    static let rows = """
        left:
          - { id: "left:1", modality: aim, kind: policy }
          - { id: "left:2", modality: must, kind: record }
          - { id: "left:3", modality: may, kind: enforce }
          - { id: "left:4", modality: must, kind: deadline }
          - { id: "left:5", modality: must, kind: report }
        """

    @Test("rows, policy, judged, tested, caught and reached are counted; a text beside the list counts its own rows")
    func complete() throws {
        let results = try ["left:2", "left:3", "left:4", "left:5", "right:1", "right:2", "right:3"].map {
            try result($0)
        }
        let report = try report(Self.rows, results: results)
        #expect(report.isComplete)
        #expect(report.texts.map(\.id) == ["left", "right"])
        let left = try #require(report.texts.first)
        let counts = [left.rows, left.policy, left.judged, left.tested, left.caught, left.page, left.command, left.api]
        #expect(counts == [5, 1, 4, 4, 4, 0, 1, 0])
        #expect(report.text.contains("条款清单所列 1 部制度：5 条中 5 条已判断或者列为政策性条款"))
    }

    @Test("a missing row, a judged row called policy, an untested row, a survivor and another modality are seen")
    func incomplete() throws {
        let rows =
            Self.rows.replacing(
                "\"left:1\", modality: aim, kind: policy", with: "\"left:1\", modality: must, kind: record")
            + "\n  - { id: \"left:6\", modality: must, kind: record }"
        let results = try [
            result("left:2", survivors: ["去掉关口"]), result("left:3", failures: ["甲：不符"]), result("left:5"),
        ]
        let report = try report(rows, results: results)
        let problems = report.texts[0].problems.map { "\($0.row) \($0.what)" }
        #expect(
            problems == [
                "left:1 约束力与清单不符", "left:1 清单中不是政策性条款，应当判断", "left:2 变更后没有历史失败：去掉关口", "left:3 甲：不符",
                "left:4 没有历史", "left:6 既没有判断，也没有列为政策性条款",
            ])
        #expect(!report.isComplete)
    }

    @Test("a run is believed only for the files it was made from, and after the program was built")
    func believed() throws {
        let place = RulePlace(root: HistoryTests.rules)
        let directory = try TemporaryDirectory()
        let path = directory.path + "/run.json"
        let run = try CoverageRun.run(place)
        try run.write(to: path)
        let built = try #require(Instant(run.finished))
        #expect(try CoverageRun.read(path, place: place, built: built) == run)
        #expect(throws: RuleBaseError.self) {
            try CoverageRun.read(path, place: place, built: built.advanced(byMilliseconds: 1))
        }
        #expect(run.files.keys.contains("Regulations/left.yaml"))
        let changed = CoverageRun(
            finished: run.finished, files: run.files.merging(["Regulations/left.yaml": "00"]) { $1 }, rows: [])
        try changed.write(to: path)
        #expect(throws: RuleBaseError.self) { try CoverageRun.read(path, place: place, built: nil) }
    }
}
