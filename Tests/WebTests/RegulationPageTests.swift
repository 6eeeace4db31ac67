import Application
import Casework
import Foundation
import Kernel
import Rulebook
import Testing

@testable import Web

/// The reader's page, the comparison and the page of one obligation, drawn from two small texts and kept as golden files.
@Suite("Pages of the regulations")
struct RegulationPageTests {
    private let chrome: Chrome
    private let address: Address
    private let library: RuleLibrary
    private let thread = ThreadTag(high: 7, low: 1)
    private let now = Instant(CivilDay(number: 20_540), hour: 9)

    init() throws {
        address = Address(try #require(BureauTag("qinghe")))
        chrome = Chrome(
            bureauName: "清禾县统计局", address: address,
            person: .init(name: "周一舟", section: "检查科", roles: "执法人员", worksOnCases: true), isDemo: true,
            formToken: "token", assets: Assets(namesOnly: ()))
        let rules = "\(Project.root)/Tests/Fixtures/rules"
        library = try RuleFiles.load(regulations: "\(rules)/Regulations", documents: "\(rules)/Documents")
    }

    private func expect(_ page: Page, _ name: String) throws {
        try expectGolden(chrome.html(page).string, "\(name).html")
    }

    private func text(_ id: String) throws -> LoadedRegulation { try #require(library.newest(id)) }

    @Test("the reader: rows with what the system does, what is open and late under each, the ways to the cases")
    func reader() throws {
        var reader = RegulationReader(address: address, text: try text("left"), library: library)
        reader.open = ["left:2": OpenCount(open: 3, late: 1), "left:4": OpenCount(open: 2, late: 0)]
        try expect(reader.page, "regulation")
        reader.onlyOpen = true
        #expect(reader.rows.map(\.id) == ["left:2", "left:4"])
        reader.onlyOpen = false
        reader.search = "归档 三十"
        #expect(reader.rows.map(\.id) == ["left:4"])
        // Who sees no cases sees no counts, and cannot ask for them.
        reader.open = nil
        reader.search = ""
        #expect(!chrome.html(reader.page).string.contains("待办"))
    }

    @Test(
        "articles lead to their first row",
        arguments: [
            ("第八条第二款", "第八条"), ("第二部分（一）3（2）", "第二部分（一）"), ("法第五十八条", "法第五十八条"), ("附件", "附件"),
        ])
    func articles(citation: String, article: String) {
        #expect(RegulationReader.article(citation) == article)
    }

    @Test("the comparison: what differs is marked and named, the long sentences stand where they differ")
    func comparison() throws {
        var page = ComparisonPage(
            address: address, texts: library.regulations, left: try text("left"), right: try text("right"),
            adopted: ["left"], library: library)
        try expect(page.page, "comparison")
        page.right = try text("left")
        #expect(!chrome.html(page.page).string.contains("★ "))
        page.onlyDifferences = true
        #expect(chrome.html(page.page).string.contains("没有不同之处"))
    }

    @Test("an obligation: each text's rule, the facts, the sum of the term, what is missing, the file it was judged by")
    func obligation() throws {
        let timeline = try Timeline.read(
            Array(
                """
                timeline:
                  - { at: 2026-03-02T09:00+08:00, type: case.opened, kind: inspection, actor: 甲 }
                  - { id: visit, at: 2026-03-02T09:30+08:00, type: activity.began, activity: a1, kind: siteInspection, officers: [甲, 乙] }
                  - { id: end, at: 2026-03-05T16:00+08:00, type: case.ended, ground: nothingFound }
                """.utf8), file: "t.yaml", library: library)
        let rules = try RulesInForce(
            spans: ["left", "right"].map { id in
                let loaded = try text(id)
                return .init(
                    regulation: loaded.regulation, digest: loaded.digest, from: CivilDay(number: 20_454))
            }, matters: library.matters, kinds: library.kinds.mapValues(\.kind))
        let evaluation = Evaluator.evaluate(history: timeline.records, rules: rules, calendar: library.workingDays)
        let closing = try #require(evaluation.obligations(of: "closing").first)
        #expect(closing.parts.count == 2)
        var lines: [RecordID: ObligationPage.Line] = [:]
        for record in timeline.records {
            lines[record.id] = .init(
                text: "\(record.recordedAt.chinese) \(record.type.chinese)", href: "/b/qinghe/cases/x#entry")
        }
        func page(_ obligation: Obligation, _ lines: [RecordID: ObligationPage.Line]) -> ObligationPage {
            ObligationPage(
                address: address, thread: thread, caseTitle: "清禾县星河纸品厂统计执法检查", obligation: obligation, now: now,
                action: .init(label: "去办理", href: "/b/qinghe/cases/x/steps/filing"), library: library, lines: lines)
        }
        try expect(page(closing, lines).page, "obligation")
        // A text that is gone from the library: what was judged stands all the same.
        var bare = page(closing, [:])
        bare.library = RuleLibrary(matters: library.matters)
        let html = chrome.html(bare.page).string
        #expect(html.contains("另一条记录") && html.contains("归档") && html.contains("期限的计算"))
    }

    @Test("a repair is shown row by row as it stood and as it will stand, by article, and rows that stay are not")
    func repair() throws {
        let library = try InstalledRules.library
        let text = try #require(library.newest("zhaoxian-2017")?.regulation)
        var mended = text
        let number = try #require(text.provisions.firstIndex { $0.id == "zhaoxian-2017:19" })
        mended.provisions[number].summary = "改过的摘要。"
        let old = try #require(text.provisions[number].duties.first?.demand)
        mended.provisions[number].duties[0].demand = "改过的要求"
        let html = RepairDifference(before: text, after: mended, library: library).html.string
        #expect(html.contains("第十九条") && !html.contains("zhaoxian-2017:19") && !html.contains("第十八条"))
        let (before, after) = (try #require(html.range(of: "修正前")), try #require(html.range(of: "修正后")))
        #expect(before.lowerBound < after.lowerBound)
        let (stood, stands) = (html[before.upperBound..<after.lowerBound], html[after.upperBound...])
        #expect(stood.contains(old) && !stood.contains("改过的"))
        #expect(stands.contains("改过的摘要。") && stands.contains("改过的要求"))
        #expect(RepairDifference(before: text, after: text, library: library).html.string.contains("没有改动条目"))
    }
}
