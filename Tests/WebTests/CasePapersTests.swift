import Application
import Casework
import Foundation
import Kernel
import TestKit
import Testing

@testable import Web

/// What a case's pages offer, fold and ask for.
@Suite("Papers, duties and forms on a case's pages")
struct CasePapersTests {
    private func between(_ start: String, _ end: String, in page: String) -> String {
        guard let from = page.range(of: start),
            let to = page.range(of: end, range: from.upperBound..<page.endIndex)
        else { return "" }
        return String(page[from.upperBound..<to.lowerBound])
    }

    /// The lists of what is wrong, as words.
    private func alerts(_ page: String) -> String {
        between("role=\"alert\"", "<form", in: page)
            .replacingOccurrences(of: "<[^>]*>", with: " ", options: .regularExpression)
    }

    @Test("in front stands what an inspection can need; the rest is behind, what it can never have is on no list")
    func inspection() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let thread = try await FaultPageTests().inspection(officer, world)
            let page = try await officer.get(officer.address.caseFile(thread)).body
            let front = between("现在可以制作的文书", "</details>", in: page)
            let behind = between("其他文书 ", "</details>", in: page)
            #expect(front.contains(">现场检查笔录<") && front.contains(">责令改正通知书<"))
            #expect(!front.contains(">送达回证<") && behind.contains(">送达回证<"))
            for title in ["行政处罚决定书", "当场行政处罚决定书", "查封（扣押）决定书", "代履行决定书", "行政执法决定草拟记录"] {
                #expect(!front.contains(">\(title)<") && !behind.contains(">\(title)<"), "\(title)")
            }
            #expect(front.components(separatedBy: "<li").count - 1 < 20)
            // Its address leads to a sentence, not to a form that can only be refused.
            for (kind, sentence) in [("penalty-decision", "只用于行政处罚案件"), ("sealing-seizure-decision", "须由法律授权")] {
                let refused = try await officer.get(officer.address.newDocument(kind, in: thread))
                #expect(refused.status >= 400 && refused.body.contains(sentence), "\(kind) \(refused.status)")
                #expect(!refused.body.contains("核对与定稿"))
            }
        }
    }

    @Test(
        "duties that say the same fold into one that counts and names them; others stand alone with what they are about"
    )
    func folded() {
        func card(_ title: String, _ about: String, _ tag: String = "已履行", action: ObligationCard.Action? = nil)
            -> ObligationCard
        {
            var card = ObligationCard(title: title, sources: [.init(label: "第三条", href: nil)], tone: .done, tag: tag)
            (card.about, card.detailHref, card.action) = (about, "/o/\(about)", action)
            return card
        }
        let cards = ObligationCard.folded([
            card("使用标准文书", "《甲》"), card("归档", ""), card("使用标准文书", "《乙》"), card("使用标准文书", "《丙》", "免除"),
            card("使用标准文书", "<丁>"), card("告知", "一", action: .init(label: "办", href: "/x")),
            card("告知", "二", action: .init(label: "办", href: "/y")),
        ])
        #expect(cards.map(\.folded.count) == [3, 0, 0, 0, 0])
        let many = cards[0].html.string
        #expect(many.contains("×3") && many.contains("href=\"/o/《甲》\"") && many.contains("&lt;丁&gt;"))
        let alone = cards[2].html.string
        #expect(alone.contains("《丙》") && !alone.contains("×"))
    }

    @Test("the settled duties of a case name their documents: no two lines of one list are the same")
    func named() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let thread = try await walk.inspect()
            let page = try await walk.officer.get(walk.address.caseFile(thread)).body
            #expect(page.contains("<p class=\"about\">《现场检查笔录》"), "a duty does not name its document")
            let settled = between("<details class=\"settled\"><summary>已了结", "</details>\n</section>", in: page)
            let cards = settled.components(separatedBy: "<article").dropFirst().map { card in
                card.replacingOccurrences(of: "href=\"[^\"]*\"", with: "", options: .regularExpression)
            }
            #expect(Set(cards).count == cards.count && !cards.isEmpty, "two cards cannot be told apart")
            for list in page.components(separatedBy: "<details class=\"folded\">").dropFirst() {
                let lines = between("<ul>", "</ul>", in: String(list)).components(separatedBy: "<li>").dropFirst()
                #expect(Set(lines).count == lines.count && lines.count > 1, "\(lines)")
            }
        }
    }

    @Test(
        "what is recorded chooses for whom it is: a reporter's call and a discussion are never set down for the party")
    func presets() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let thread = try await walk.inspect()
            let path = walk.address.newRecording(in: thread)
            for (what, word, sentence) in [
                ("site", "party", "当事人可以查阅"), ("report", "reporter", "不给当事人，也不给法院"), ("discussion", "internal", "归入副卷"),
            ] {
                let page = try await walk.officer.get("\(path)?what=\(what)").body
                let form = try #require(PageForm(in: page, action: what == "site" ? path : "\(path)?what=\(what)"))
                #expect(form.fields.first { $0.name == "class" }?.value == word, "\(what)")
                #expect(page.contains(sentence) && page.contains("what=\(what)\" aria-current=\"page\""), "\(what)")
            }
            let hostile = try await walk.officer.get("\(path)?what=%22%3E%3Cscript%3E").body
            #expect(!hostile.contains("<script>") && hostile.contains("what=site\" aria-current=\"page\""))
        }
    }

    @Test("the export says that the secrecy check is needed for the party, and nothing is exported without it")
    func secrecyCheck() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let thread = try await walk.inspect()
            let path = walk.address.dossier(of: thread)
            let page = try await walk.head.get(path).body
            #expect(page.contains("保密审查情况<span class=\"opt\">（提供给当事人的必须填写）</span>"))
            let refused = try await walk.head.submit(path, ["audience": "party", "secret": WebWorld.secret])
            #expect(refused.status == 422 && refused.body.contains("请填写保密审查情况"), "\(alerts(refused.body))")
        }
    }

    @Test("where nothing stands to be passed or accepted there is no form")
    func nothingToApprove() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let thread = try await walk.inspect()
            for (step, sentence) in [("override", "目前没有可以由您批准越过的关口"), ("defect", "没有缺少的内容需要您批准")] {
                let page = try await walk.head.get(walk.address.step(step, in: thread)).body
                #expect(page.contains(sentence) && !page.contains("name=\"reason\""), "\(step)")
            }
        }
    }

    @Test(
        "an exemption asks for its proof and says when; the administrator puts somebody into a post and relieves them")
    func exemptionAndPosts() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let walk = try await WalkTests.Walk(world, browser)
            let thread = try await walk.inspect()
            let exemption = walk.address.step("av-exemption", in: thread)
            let page = try await walk.head.get(exemption).body
            #expect(page.contains("（设备故障的必须填写）") && page.contains("维修单"))
            let fault: Fields = ["reason": "fault", "explanation": "记录仪损坏。", "secret": WebWorld.secret]
            let refused = try await walk.head.submit(exemption, fault)
            #expect(refused.status == 422 && refused.body.contains("维修单、报修记录"), "\(alerts(refused.body))")
            try await walk.head.carryOut(exemption, fault.adding("proof", "维修单2026-031"))
            let entry = try #require(try await world.office.casebook.load(thread).records.last)
            #expect(entry.word("approverRole") == "agencyHead" && entry.text("proof") == "维修单2026-031")

            let admin = try await browser.signedIn("administrator")
            let posts = walk.address.posts
            #expect(try await walk.officer.get(posts).status == 403)
            #expect(try await admin.get(posts).body.contains("还没有指定专人"))
            let officer = try #require(world.people[.officer]?.thread)
            let values: Fields = [
                "post": "deviceManager", "person": officer.description, "section": "inspection", "scope": "<保管>记录仪",
                "secret": WebWorld.secret,
            ]
            #expect(try await admin.carryOut(posts, values) == "\(posts)?done=assigned")
            let held = try await admin.get(posts).body
            #expect(held.contains("设备管理人员：周一舟") && held.contains("&lt;保管&gt;记录仪"))
            let end = "\(posts)/end?post=deviceManager&person=\(officer)"
            let vague = try await admin.submit(end, ["reason": "", "secret": WebWorld.secret])
            #expect(vague.status == 422 && vague.body.contains("请填写免去的理由"), "\(Browser.problem(vague.body))")
            #expect(
                try await admin.carryOut(end, ["reason": "调离", "secret": WebWorld.secret]) == "\(posts)?done=ended")
            let past = try await admin.get(posts).body
            #expect(past.contains("还没有指定专人") && past.contains("以前担任过的") && past.contains("调离"))
            #expect(try await admin.get(end).status == 404)
        }
    }
}
