import Application
import Casework
import HTTPTypes
import Kernel
import Rulebook
import Testing

@testable import Web

/// Pages of the administration drawn from display models alone, kept as golden files.
@Suite("Pages of the administration")
struct AdministrationPageTests {
    private let chrome: Chrome
    private let address: Address
    private let today = CivilDay(number: 20_777)
    private let now = Instant(CivilDay(number: 20_777), hour: 9)
    private let frame = FormFrame(action: "/x", token: "token", command: CommandID(high: 3, low: 4))

    init() throws {
        address = Address(try #require(BureauTag("qinghe")))
        chrome = Chrome(
            bureauName: "清禾县统计局", address: address,
            person: .init(name: "何管理", section: "办公室", roles: "系统管理员", worksOnCases: false, administers: true),
            isDemo: true, formToken: "token", assets: Assets(namesOnly: ()))
    }

    private func expect(_ page: Page, _ name: String) throws {
        try expectGolden(chrome.html(page).string, "\(name).html")
    }

    private var persons: [PersonRow] {
        [
            PersonRow(
                thread: ThreadTag(high: 2, low: 1), name: "周一舟<b>", section: "检查科", certificateNumber: "统执001",
                certificateUntil: today.advanced(by: 30), roles: [.officer], account: "zhou", accountState: .open),
            PersonRow(
                thread: ThreadTag(high: 2, low: 2), name: "林小满", section: "检查科", certificateNumber: "统执002",
                certificateUntil: today.advanced(by: -3), roles: [.officer, .custodian], account: "lin",
                accountState: .reset), PersonRow(thread: ThreadTag(high: 2, low: 3), name: "江念", roles: [.custodian]),
        ]
    }

    @Test("the list of tasks: done, due, to be done first, late, with page, command and provisions")
    func setup() throws {
        let source = ObligationCard.Source(label: "《办法》第十九条", href: "/b/qinghe/provisions/x")
        let page = SetupPage(
            bureauName: "清禾县统计局", address: address,
            groups: [
                (
                    .people,
                    [
                        .init(
                            label: "岗位：行政机关负责人", href: address.people, note: "空缺。",
                            sources: [source, source, source, source], tag: Tag(text: "先办", tone: .wait))
                    ]
                ),
                (
                    .keeping,
                    [
                        .init(
                            label: "备份", note: "上次备份是 9 天以前。", command: "liuhen backup 备份盘目录",
                            tag: Tag(text: "该办未办", tone: .late)),
                        .init(
                            label: "检查点存放在外", href: address.ledgerBook, note: "", tag: Tag(text: "✓ 已办", tone: .done)),
                    ]
                ),
            ], left: 2, first: 2)
        let shown = page.page.body.string
        for word in ["先办", "该办未办", "✓ 已办", "liuhen backup 备份盘目录"] { #expect(shown.contains(word), "\(word)") }
        try expect(page.page, "setup")
    }

    @Test("the people, one person, the slips of one-time secrets")
    func people() throws {
        var query = PeopleQuery()
        query.text = "检\"查"
        let list = PeopleListPage(
            address: address, query: query, rows: persons, total: 60, sections: ["检查科"], today: today, pending: [:])
        #expect(list.page.body.string.contains("检&quot;查"), "what was looked for comes back escaped")
        try expect(list.page, "people")
        let person = PersonPage(
            address: address, person: persons[1], certificateKind: "统计执法证", today: today, isSelf: false, pending: [],
            history: "",
            notice: Notice(title: "职责已更改", tone: .done))
        try expect(person.page, "person")
        let slips = SecretSlips(
            bureauName: "清禾县统计局", signIn: "https://qinghe.example/b/qinghe/sign-in",
            slips: [.init(name: "周一舟", account: "zhou", secret: "abcde-fghjk-mnpqr-stuvw")], crumbs: [],
            title: "周一舟已登记", next: Button(label: "返回人员", href: address.people, style: .secondary))
        try expect(slips.page, "slips")
    }

    @Test("a roster with problems, and one that can be registered")
    func roster() throws {
        var page = RosterPage(address: address, form: frame)
        page.text = "姓名,职责,登录名\n甲<,皇帝,\n"
        page.roster = Roster(page.text ?? "", known: []) { ThreadTag(high: 5, low: UInt64($0)) }
        // The upload's own command is drawn anew, so the page with problems is looked at without it.
        #expect(page.page.status == .unprocessableContent)
        #expect(chrome.html(page.page).string.contains("第 2 行“职责”：没有“皇帝”这项职责"))
        page.text = "姓名,职责,登录名\n甲<,档案管理人员,jia\n"
        page.roster = Roster(page.text ?? "", known: []) { ThreadTag(high: 5, low: UInt64($0)) }
        page.encoding = .gb18030
        try expect(page.page, "roster")
    }

    @Test("the log as its keepers see it, for every answer of a comparison")
    func ledger() throws {
        var page = LedgerBookPage(
            address: address, isAdministrator: true, origin: "demo.liuhen.invalid/log/qinghe", size: 120,
            root: "aaaa bbbb", keyID: "0a1b2c3d", verifierKey: "demo.liuhen.invalid/log/qinghe+0a1b2c3d+AAAA",
            checkpoint: nil, backup: nil, now: now, handOut: frame, compare: frame)
        page.verdict = .rewritten(size: 100)
        try expect(page.page, "ledger-book")
        for (verdict, says) in [
            (OutsideVerdict.anchored(size: 100, now: 120), "前 100 条没有改过"), (.ahead(size: 130, now: 120), "记录少了"),
            (.rewritten(size: 100), "历史被改写过"), (.foreign, "这不是本记录链的检查点"),
        ] {
            page.verdict = verdict
            let html = chrome.html(page.page).string
            #expect(html.contains(says))
            // Only an anchor that holds counts as checked.
            #expect(html.contains("本次没有核对") == (verdict != .anchored(size: 100, now: 120)))
        }
        page.isKeeper = false
        page.note = "origin\n120\nroot\n"
        let read = chrome.html(page.page).string
        #expect(read.contains("<pre class=\"note\">origin") && read.contains("按浏览器的“后退”回到这里"))
        #expect(read.contains("还没有备份过") && read.contains("还没有核验过"))
        #expect(!read.contains("下载最新检查点") && !read.contains("<form method=\"post\" action=\"/x\""))
        page.verified = .init(at: now, size: 118, isWhole: true, checkedSize: 90)
        #expect(chrome.html(page.page).string.contains("逐条重算到第 118 条，与外面的检查点核对到第 90 条"))
        page.verified = .init(at: now, size: 118, isWhole: false, checkedSize: 0)
        #expect(chrome.html(page.page).string.contains("核验发现问题"))
        page.stopReason = "磁盘写入出错。"
        #expect(chrome.html(page.page).string.contains("已停止记录"))
    }

    @Test("people are found by name, account and certificate, filtered, and sorted by the days left")
    func query() throws {
        func found(_ edit: (inout PeopleQuery) -> Void) -> [String] {
            var query = PeopleQuery()
            edit(&query)
            return query.find(in: persons).map(\.account).map { $0 ?? "-" }
        }
        #expect(found { _ in } == ["zhou", "lin", "-"])
        #expect(found { $0.text = "ZHOU" } == ["zhou"])
        #expect(found { $0.text = "统执00" } == ["zhou", "lin"])
        #expect(found { $0.text = "小满" } == ["lin"])
        #expect(found { $0.role = .custodian } == ["lin", "-"])
        #expect(found { $0.section = "检查科" } == ["zhou", "lin"])
        #expect(found { $0.state = "none" } == ["-"])
        #expect(found { $0.sort = .certificate } == ["lin", "zhou"])
        #expect(found { $0.text = "没有" } == [])
    }

    @Test("a certificate stands as it does on the day: lapsed the day after its last, lapsing from 60 days before")
    func certificates() {
        func standing(_ days: Int) -> CertificateStanding {
            var person = persons[0]
            person.certificateUntil = today.advanced(by: days)
            return CertificateStanding(person, on: today)
        }
        #expect(standing(-1) == .lapsed(days: 1))
        #expect(standing(0) == .lapsing(days: 0))
        #expect(standing(60) == .lapsing(days: 60))
        #expect(standing(61) == .valid(until: today.advanced(by: 61)))
        #expect(CertificateStanding(persons[2], on: today) == .none)
    }
}
