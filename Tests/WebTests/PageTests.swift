import Application
import Casework
import Foundation
import HTTPTypes
import Kernel
import TestKit
import Testing

@testable import Web

/// Pages drawn from display models alone, kept as golden files.
@Suite("Pages")
struct PageTests {
    private let chrome: Chrome
    private let address: Address

    init() throws {
        address = Address(try #require(BureauTag("qinghe")))
        chrome = Chrome(
            bureauName: "清禾县统计局", address: address,
            person: .init(name: "周一舟", section: "检查科", roles: "执法人员", worksOnCases: true), isDemo: false,
            formToken: "token", assets: Assets(namesOnly: ()))
    }

    private func html(_ page: Page, chrome other: Chrome? = nil) -> String { (other ?? chrome).html(page).string }

    @Test("the sign-in page, with and without what went wrong")
    func signIn() throws {
        var page = SignInPage(bureauName: "清禾县统计局", address: address, token: "token", next: "/b/qinghe/cases")
        var visitor = chrome
        visitor.person = nil
        #expect(page.page.status == .ok)
        try expectGolden(html(page.page, chrome: visitor), "sign-in.html")
        page.name = "zhou\"><script>"
        page.problem = .locked("10:15")
        page.demoAccounts = [.init(name: "zhou", secret: "open", person: "周一舟", role: "执法人员")]
        visitor.isDemo = true
        #expect(page.page.status == .unprocessableContent && !page.page.body.string.contains("<script>"))
        try expectGolden(html(page.page, chrome: visitor), "sign-in-locked.html")
    }

    @Test("the page of a case: stages, next step, obligations in every tone, the course")
    func caseFile() throws {
        let source = ObligationCard.Source(label: "《办法》第十二条第三款", href: "/b/qinghe/provisions/x")
        let thread = ThreadTag(high: 1, low: 2)
        let page = CasePage(
            address: address, kind: "行政处罚 · 一般程序", title: "清禾县星河纸品厂拒报统计资料案 <3>",
            meta: [("承办", "周一舟、林小满", ""), ("办结期限", "2027年2月7日", "（已用 11 日，共 90 日）")],
            source: .init(label: "来源", href: "#", hint: "统计执法检查"),
            stages: [
                .init(label: "程序启动", note: "11月9日", place: .past), .init(label: "调查取证", note: "第 11 日", place: .now),
                .init(label: "审查决定", note: "", place: .ahead), .init(label: "送达执行", note: "没有进行", place: .unheld),
            ],
            next: .init(title: "下一步：制作权利告知书", text: "已知的内容会自动填好。", action: .init(label: "去填写", href: "#")),
            notice: nil,
            steps: [
                .init(label: "登记陈述申辩", href: "#"),
                .init(
                    label: "审批处理意见", href: "#",
                    blocked: [
                        .init(
                            missing: "尚未制作《法制审查记录》", who: "法制审查人员", sources: [source], overridableBy: "行政机关负责人",
                            overrideHref: "/b/qinghe/override?gate=x")
                    ]),
            ],
            papers: .init(
                now: [.init(label: "权利告知书", href: "#")], others: [.init(label: "听证公告", href: "#")]),
            drafts: [.init(label: "权利告知书", href: "#", hint: "周一舟 09:05 保存")],
            days: [
                .init(
                    label: "11月20日 星期五",
                    events: [
                        .init(
                            time: "09:12", position: 10231, title: "音像记录入库", lines: ["录像，执法记录仪"], tone: .key,
                            late: "补录：事后 3 小时 录入", who: "周一舟",
                            files: [
                                LookForm(
                                    label: "▶ 播放现场检查.mp4", note: "1.2 GB", action: "/look", token: "token",
                                    object: ObjectID(high: 1, low: 1), recording: thread)
                            ]),
                        .init(
                            time: "09:00", position: 10230, title: "拒绝签收", tone: .bad,
                            corrected: ["已更正：地点应为“工业园<2>”（11月21日批准）"],
                            corrections: [.init(label: "地点", href: "/b/qinghe/correction?entry=2&member=place")]),
                    ])
            ], entryCount: 17,
            obligations: [
                .init(
                    title: "补办拒收的书面记录", sources: [source], tone: .late, tag: "已逾期 2 小时", due: "11月20日 09:12 前",
                    action: .init(label: "现在补办", href: "#")),
                .init(title: "告知权利", sources: [source, source], tone: .wait, tag: "下一步之前必须", who: "承办人"),
                .init(title: "同步音像记录", sources: [source], tone: .done, tag: "✓ 已履行"),
            ], summary: "2 项待办 · 1 项逾期",
            anchor: .init(
                position: 10231, size: 10240, key: "qinghe.example/log", checkpointHref: "/ledger/qinghe/checkpoint"))
        try expectGolden(html(page.page), "case.html")
    }

    @Test(
        "three or more corrections, or looks, in a row stand folded in the course of a case; two stand as they are",
        arguments: 2...4, [Web.CasePage.Event.Fold.correction, .look])
    func folds(count: Int, fold: Web.CasePage.Event.Fold) throws {
        func event(_ number: Int, _ isFolded: Bool) -> Web.CasePage.Event {
            var event = Web.CasePage.Event(time: "09:0\(number)", title: "第\(number)件", anchor: "e\(number)")
            event.fold = isFolded ? fold : nil
            event.who = isFolded ? (number == 2 ? "林小满" : "周一舟") : ""
            return event
        }
        let events = [event(9, false)] + (1...count).reversed().map { event($0, true) } + [event(0, false)]
        let page = CasePage(
            address: address, kind: "行政处罚", title: "案", meta: [], stages: [], steps: [],
            days: [.init(label: "11月20日", events: events)], entryCount: events.count, obligations: [], summary: "")
        let text = html(page.page)
        #expect(text.contains("\(fold.chinese)，共 \(count) 条记录") == (count > 2))
        // Who looked is read without unfolding; of corrections each says itself who asked.
        #expect(text.contains("周一舟、林小满") == (count > 2 && fold == .look))
        #expect(text.contains("<time>09:01至09:0\(count)</time>") == (count > 2))
        // Whatever is folded is there, once, and links find it.
        for number in [0, 9] + Array(1...count) {
            #expect(text.components(separatedBy: "id=\"e\(number)\"").count == 2, "\(number)")
        }
    }

    @Test("the work list: documents to sign, duties by term with a search, pages of them, and nothing at all")
    func home() throws {
        var page = HomePage(
            name: "周一舟", today: "11月20日 星期五", address: address, opensCases: true, worksOnCases: true)
        try expectGolden(html(page.page), "home-empty.html")
        page.obligations = [
            .init(
                title: "补报《程序启动审批表》", sources: [.init(label: "《办法》第八条", href: "#")], tone: .late, tag: "已逾期 2 小时",
                due: "11月20日 09:12 前", caseTitle: "星河案", caseHref: "#", action: .init(label: "打开案件", href: "#"))
        ]
        (page.total, page.lateCount, page.number) = (126, 1, 3)
        (page.search, page.term, page.scope, page.hasScopes) = ("星河", .soon, .office, true)
        page.signatures = [
            .init(
                caseTitle: "星河案", caseHref: "#", title: "《程序启动审批表》等待签名", action: .init(label: "去签名", href: "#"))
        ]
        page.totalSignatures = 31
        page.cases = [
            .init(
                href: "#", title: "星河案", subject: "星河纸品厂", kind: "行政处罚", stage: "调查取证",
                tag: Tag(text: "调查取证", tone: .wait), opened: "11月9日", last: "11月20日", handlers: "周一舟、林小满")
        ]
        page.totalCases = 12
        try expectGolden(html(page.page), "home.html")
        page.showsSignatures = true
        page.number = 2
        try expectGolden(html(page.page), "home-signatures.html")
    }

    @Test("the list of cases, empty and with pages")
    func caseList() throws {
        var page = CaseListPage(
            address: address, rows: [], total: 0, page1: 1, pages: 0, search: "星河", kind: "penalty", state: "",
            stage: "",
            sort: "newest", opensCases: true, isOwn: false, query: [("q", "星河"), ("kind", "penalty")])
        try expectGolden(html(page.page), "cases-empty.html")
        page.rows = [
            .init(
                href: "#", title: "星河案", subject: "星河纸品厂", kind: "行政处罚", stage: "调查取证",
                tag: Tag(text: "调查取证", tone: .wait), opened: "11月9日", last: "11月20日", handlers: "周一舟、林小满")
        ]
        page.total = 126
        page.pages = 6
        page.page1 = 3
        try expectGolden(html(page.page), "cases.html")
    }

    @Test("a refusal names article, missing thing, and who supplies it; the form keeps its input")
    func refusal() throws {
        var field = FieldModel.paragraphs("opinion", "具体意见")
        field.input = .text("同意。\n<b>")
        let page = StepPage(
            address: address, thread: ThreadTag(high: 1, low: 2), caseTitle: "星河案", title: "审批处理意见", lead: "",
            button: "提交",
            form: FormFrame(action: "/x", token: "token", command: CommandID(high: 3, low: 4), seq: 12),
            fields: [field],
            needsSecret: true, errors: [("opinion", "请填写意见")],
            refusal: RefusalView(
                title: "还不能办理这一步", message: "请先补齐下列事项。",
                reasons: [
                    .init(
                        missing: "尚未制作《法制审查记录》", who: "法制审查人员",
                        sources: [.init(label: "第十六条", href: "#")], overridableBy: "行政机关负责人")
                ], since: ["09:12 林小满：音像记录入库"]))
        try expectGolden(html(page.page), "step-refused.html")
    }

    @Test("every component")
    func components() throws {
        try expectGolden(html(ComponentsPage(token: "token").page), "components.html")
    }

    @Test("the account page of a one-time secret, and the page of a refusal")
    func smallPages() throws {
        let account = AccountPage(
            address: address, token: "token", name: "周一舟", section: "检查科", roles: ["执法人员"], certificate: "统执001",
            accountName: "zhou", mustChange: true, errors: [(AccountPage.new, "新密码太短，请至少输入10个字符")])
        try expectGolden(html(account.page), "account.html")
        let refusal = RefusalPage(
            title: "系统出了问题", advice: ["刚才的操作没有完成。"], requestID: "abc", home: "/b/qinghe/")
        try expectGolden(html(refusal.page(status: .internalServerError)), "refusal.html")
    }

    @Test("terms are told in whole units rounded down, and lateness from the first instant on")
    func terms() {
        let now = Instant(CivilDay(number: 20_777), hour: 9)
        func rest(_ milliseconds: Int64) -> String {
            TermText.rest(until: now.advanced(byMilliseconds: milliseconds), at: now)
        }
        #expect(rest(1) == "剩 不到 1 分钟")
        #expect(rest(0) == "已逾期 不到 1 分钟")
        #expect(rest(119 * 60_000) == "剩 119 分钟")
        #expect(rest(120 * 60_000) == "剩 2 小时")
        #expect(rest(48 * 3_600_000 - 1) == "剩 47 小时")
        #expect(rest(48 * 3_600_000) == "剩 2 天")
        #expect(rest(-3 * 86_400_000) == "已逾期 3 天")
        #expect(TermText.due(Instant(CivilDay(number: 20_778), hour: 9, minute: 12), at: now) == "11月21日 09:12 前")
        #expect(TermText.due(Instant(CivilDay(number: 20_778), hour: 24), at: now) == "11月21日止")
        #expect(TermText.due(Instant(CivilDay(number: 20_857), hour: 24), at: now) == "2027年2月8日止")
    }

    @Test("money is read as people write it and nothing else")
    func money() {
        let read: [(String, Int64?)] = [
            ("5000", 500_000), ("5,000.5", 500_050), ("0.01", 1), ("12.345", nil), ("-5", nil), ("", nil), ("1.", nil),
            (".5", nil), ("五千", nil), ("99999999999999", nil),
        ]
        for (text, fen) in read { #expect(FieldReading.money(text) == fen, "\(text)") }
        for fen in stride(from: Int64(0), through: 100_000, by: 37) {
            #expect(FieldReading.money(FieldReading.moneyText(fen)) == fen)
        }
    }
}
