import Application
import Casework
import HTTPTypes
import Kernel
import Ledger
import TestKit
import Testing

@testable import Web

/// Papers of leads through the pages: drawn up from the lead's own entries, numbered, opened, signed, taken back.
@Suite("Papers of leads through the pages", .serialized)
struct LeadPaperPageTests {
    private func thread(_ location: String) throws -> ThreadTag {
        try #require(ThreadTag(String(location.split(separator: "/").last?.prefix(32) ?? "")))
    }

    private func document(_ location: String) throws -> DocumentID {
        try #require(DocumentID(String(location.split(separator: "/").last?.prefix(32) ?? "")))
    }

    private static let secret: Fields = ["secret": WebWorld.secret]

    @Test("a supplement notice comes from the lead's own words, gets its number, is opened, signed and taken back")
    func notice() async throws {
        let world = try await WalkTests.world()
        try await world.register(
            ThreadTag(high: 2, low: 97), name: "外人", roles: [.officer], account: "other", certificate: "统执2026097")
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let address = browser.address
            let lead = try thread(
                try await officer.carryOut(
                    address.newLead(.application),
                    ["mode": "written", "applicant": "星河纸品厂（演示）", "matter": "核对统计报表"]))
            let new = address.newLeadPaper("one-time-supplement-notice", in: lead)
            #expect(!(try await officer.get(address.lead(lead)).body.contains(new)), "offered before anybody said so")
            let early = try await officer.submit(new, ["supplementItems": "营业执照"])
            #expect(early.status == 422 && early.body.contains("先由经办人在这条线索里登记"), "\(Browser.problem(early.body))")
            world.clock.advance(minutes: 1)
            try await officer.carryOut(
                address.leadStep("supplement", in: lead), ["itemCount": "2", "items": "营业执照复印件\n上一年度报表"])
            #expect(try await officer.get(address.lead(lead)).body.contains("href=\"\(new)\""))
            let form = try await officer.get(new).body
            for known in ["星河纸品厂（演示）", "核对统计报表", "营业执照复印件\n上一年度报表"] { #expect(form.contains(known), "\(known)") }
            let bare = try await officer.submit(new, ["supplementItems": ""])
            #expect(bare.status == 422 && bare.body.contains("href=\"#f-supplementItems\""))
            let paper = try document(try await officer.carryOut(new))
            let path = address.leadPaper(paper, in: lead)
            let drawn = try await officer.get(path).body
            #expect(drawn.contains("已定稿，待制发") && drawn.contains("营业执照复印件") && !drawn.contains("登记签收"))
            #expect(drawn.contains("href=\"\(path)/issue\""))
            let wrong = try await officer.submit("\(path)/issue", ["secret": "wrong"])
            #expect(wrong.status == 422 && wrong.body.contains("密码不对"))
            world.clock.advance(minutes: 1)
            try await officer.carryOut("\(path)/issue", Self.secret)
            let number = try #require(
                try await world.office.casebook.loadLead(lead).file.document(paper)?.issue?.numberText)
            #expect(number.contains("补告〔2026〕1号"))
            for page in [path, address.lead(lead), address.documents] {
                #expect(try await officer.get(page).body.contains(number), "\(page)")
            }
            #expect(try await officer.get(address.documents).body.contains("href=\"\(path)\""))
            #expect(
                try await officer.get(address.search("补告〔2026〕1号", in: .documents)).body.contains("href=\"\(path)\""))
            // What was handed out is printed again byte for byte, each time within a look that is an entry.
            let before = try await world.office.casebook.loadLead(lead).records.count
            var copies: [String] = []
            for _ in 0..<2 {
                let look = try await officer.carryOut(path, action: "\(path)/look")
                let sheet = try await officer.get(look)
                #expect(sheet.status == 200 && sheet.headers[.contentType] == "application/pdf")
                copies.append(sheet.body)
            }
            #expect(copies[0] == copies[1] && copies[0].contains(number))
            #expect(try await world.office.casebook.loadLead(lead).records.count == before + 1)
            #expect(try await officer.get(address.lead(lead)).body.contains("查看一次性补正告知书"))
            // The places that are signed by hand, all in one form.
            world.clock.advance(minutes: 1)
            let unsaid = try await officer.submit("\(path)/sign", ["paper-place": "二号柜"])
            #expect(unsaid.status == 422 && unsaid.body.contains("至少登记一处签名"))
            try await officer.carryOut(
                "\(path)/sign", ["signer-party": "宋某", "signer-officer": "yes", "paper-place": "二号柜"])
            let signed = try await officer.get(path).body
            #expect(signed.contains("宋某") && signed.contains("纸质原件存放在二号柜") && signed.contains("签名齐备"))
            #expect(!signed.contains("登记签收"))
            // Nobody who has no part in the lead finds it; who may only read is offered nothing.
            let other = try await browser.signedIn("other")
            for page in [path, new, "\(path)/issue"] { #expect(try await other.get(page).status == 404, "\(page)") }
            let custodian = try await browser.signedIn("custodian")
            let seen = try await custodian.get(path)
            #expect(seen.status == 200 && !seen.body.contains("\(path)/void"))
            #expect(try await custodian.get(new).status == 403)
            // Taken back by the head: the number stays, and another paper gets the next one.
            #expect(!(try await officer.get(path).body.contains("\(path)/void")))
            let head = try await browser.signedIn("agencyhead")
            world.clock.advance(minutes: 1)
            try await head.carryOut("\(path)/void", Self.secret.adding("reason", "写错了。"))
            let void = try await officer.get(path).body
            #expect(void.contains("这份文书已作废") && void.contains(number))
            let second = try document(try await officer.carryOut(new))
            try await officer.carryOut("\(address.leadPaper(second, in: lead))/issue", Self.secret)
            #expect(try await officer.get(address.leadPaper(second, in: lead)).body.contains("补告〔2026〕2号"))
            // Registers tell all of it, and the case that comes of it leads back.
            #expect(try await officer.get("\(address.base)/tables/documents").body.contains(number))
            try await officer.carryOut(address.leadStep("decide", in: lead), ["outcome": "accepted"])
            try await officer.carryOut(address.leadStep("receipt", in: lead), ["receiptNumber": "1"])
            let inspection = (["title": "核对报表"] as Fields).adding(
                "handlers", world.people[.officer]?.thread.description ?? ""
            ).adding("handlers", ThreadTag(high: 2, low: 99).description).adding("subjectName", "星河纸品厂（演示）")
            let opened = try thread(
                try await officer.carryOut(
                    address.inspection(from: lead), action: address.inspection(from: lead), inspection))
            let casePage = try await officer.get(address.caseFile(opened)).body
            #expect(casePage.contains("来自线索") && casePage.contains("文书1份") && casePage.contains(address.lead(lead)))
        }
    }

    @Test("of a complaint the form fills a reporter's words only within a look, and no page shows them without one")
    func reporter() async throws {
        let world = try await WalkTests.world()
        try await world.serve { browser in
            let officer = try await browser.signedIn("officer")
            let unit = try await browser.signedIn("unithead")
            let address = browser.address
            let lead = try thread(
                try await officer.carryOut(
                    address.newLead(.complaint),
                    [
                        "channel": "letter", "isRealName": "yes", "complainant": "青萍某（演示）", "content": "反映该厂虚报产值。",
                        "target": "清禾县星河纸品厂（演示）",
                    ]))
            world.clock.advance(minutes: 1)
            try await unit.carryOut(
                address.leadStep("review", in: lead),
                ["result": "notPursued", "reason": "查无此事。", "legalBasis": "《办法》第九条"])
            let new = address.newLeadPaper("non-initiation-notice", in: lead)
            let blind = try await officer.get(new).body
            #expect(blind.contains("投诉举报人的情况没有带出来") && !blind.contains("青萍某") && blind.contains("查无此事。"))
            try await officer.carryOut(address.lead(lead), action: address.leadLook(lead))
            let open = try await officer.get(new).body
            #expect(open.contains("青萍某（演示）") && open.contains("反映该厂虚报产值。"))
            let paper = try document(
                try await officer.carryOut(
                    new, ["notifyMethod": "written", "notifiedAt": world.clock.now().typed]))
            let path = address.leadPaper(paper, in: lead)
            world.clock.advance(minutes: 1)
            try await officer.carryOut("\(path)/issue", Self.secret)
            try await officer.carryOut("\(path)/sign", ["signer-recipient": "青萍某（演示）", "paper-place": "二号柜"])
            world.clock.advance(minutes: 40)
            let number = try #require(
                try await world.office.casebook.loadLead(lead).file.document(paper)?.issue?.numberText)
            for page in [
                path, address.lead(lead), address.documents, address.leads, "\(address.base)/tables/documents",
            ] {
                let later = try await browser.signedIn("officer").get(page)
                #expect(later.status == 200 && !later.body.contains("青萍"), "\(page)")
                #expect(later.body.contains(number) || page == address.leads, "\(page)")
            }
            // Whoever may not open leads is led to their register, where it stands who works on them.
            let reviewer = try await browser.signedIn("legalreviewer")
            let register = try await reviewer.get(address.documents).body
            #expect(register.contains(number) && !register.contains(path))
            #expect(try await reviewer.get(path).status == 404)
        }
    }
}

extension Instant {
    /// As `datetime-local` sends it.
    fileprivate var typed: String { "\(day)T\(clock)" }
}

/// Pages of leads drawn from display models alone, kept as golden files.
@Suite("Pages of leads and their papers")
struct LeadPaperGoldenTests {
    private let chrome: Chrome
    private let address: Address
    private let thread = ThreadTag(high: 1, low: 2)
    private let paper = DocumentID(high: 3, low: 4)

    init() throws {
        address = Address(try #require(BureauTag("qinghe")))
        chrome = Chrome(
            bureauName: "清禾县统计局", address: address,
            person: .init(name: "周一舟", section: "检查科", roles: "执法人员", worksOnCases: true), isDemo: false,
            formToken: "token", assets: Assets(namesOnly: ()))
    }

    @Test("the page of a lead with its papers, and without any")
    func lead() throws {
        var page = LeadPage(
            address: address, kind: "申请", title: "申请：核对报表 <b>", standing: "办理中",
            meta: [("来件", "2026年11月20日 9时05分", ""), ("经办", "周一舟", "")], isLooking: false,
            steps: [.init(label: "制作受理（不予受理）记录", href: address.newLeadPaper("acceptance-record", in: thread))],
            papers: [
                .init(
                    title: "一次性补正告知书", href: address.leadPaper(paper, in: thread), note: "清禾统补告〔2026〕1号",
                    tag: Tag(text: "✓ 已制发", tone: .done))
            ], days: [.init(label: "今天", events: [.init(time: "09:12", title: "一次性补正告知书 制发")])], entryCount: 4,
            obligations: [])
        try expectGolden(chrome.html(page.page).string, "lead.html")
        page.papers = []
        try expectGolden(chrome.html(page.page).string, "lead-without-papers.html")
    }

    @Test("the page of a paper, from being drawn up to being void")
    func onePaper() throws {
        var page = LeadPaperPage(
            address: address, thread: thread, leadTitle: "申请：核对报表 <b>", title: "一次性补正告知书",
            number: "清禾统补告〔2026〕1号", tag: Tag(text: "✓ 已制发", tone: .done),
            meta: [("定稿", "2026年11月20日 9时05分"), ("制作", "周一舟")],
            looks: [
                LookForm(
                    label: "打开正式文书", note: "PDF", action: address.leadPaperLook(paper, in: thread), token: "token",
                    object: ObjectID(high: 5, low: 6), document: paper)
            ],
            places: [
                .init(
                    label: "申请人", tag: Tag(text: "✓ 纸质已签", tone: .done), text: "宋某 <i> · 2026年11月20日 9时30分",
                    details: ["纸质原件存放在二号柜"], href: nil, drawing: nil)
            ], actions: [Button(label: "登记签收", href: address.leadPaper(.sign, paper, in: thread))],
            notice: Notice(title: "已办理", tone: .done), next: "打印正式文书，盖章、签名，交给对方；签收以后在这里登记。",
            rows: [.init(label: "内容", value: "文书已经制发。")])
        try expectGolden(chrome.html(page.page).string, "lead-paper.html")
        (page.number, page.looks, page.places, page.actions, page.next) = ("", [], [], [], "")
        page.notice = Notice(title: "这份文书已作废", tone: .warning)
        try expectGolden(chrome.html(page.page).string, "lead-paper-void.html")
    }
}
