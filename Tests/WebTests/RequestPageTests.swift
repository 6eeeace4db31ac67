import Application
import Casework
import Kernel
import TestKit
import Testing

@testable import Web

/// Pages of requests drawn from display models alone, kept as golden files.
@Suite("Pages of requests to consult and copy")
struct RequestPageTests {
    private let chrome: Chrome
    private let address: Address
    private let thread = ThreadTag(high: 1, low: 2)

    init() throws {
        address = Address(try #require(BureauTag("qinghe")))
        chrome = Chrome(
            bureauName: "清禾县统计局", address: address,
            person: .init(name: "江念", section: "办公室", roles: "档案管理人员", worksOnCases: true), isDemo: false,
            formToken: "token", assets: Assets(namesOnly: ()))
    }

    private func html(_ page: Page) -> String { chrome.html(page).string }

    @Test("the page of a request: what was asked with its verdicts, files with digests, course, obligations")
    func request() throws {
        let file = RequestPage.ReleaseBox.File(
            name: "01-《决定书》<1>.pdf", size: "47 KB", digest: String(repeating: "0a", count: 32),
            action: address.requestFile(1, of: thread), command: CommandID(high: 3, low: 4))
        let page = RequestPage(
            address: address, title: "复制申请：贺律师（演示）<b>", standing: Tag(text: "已提供，待签收", tone: .wait),
            meta: [("申请人", "贺律师（演示）"), ("身份", "律师")],
            caseLink: .init(label: "案件", href: address.caseFile(thread), hint: "星河纸品厂案 <3>"),
            notice: Notice(title: "已办理：提供材料", paragraphs: ["已写入记录链。"], tone: .done),
            next: .init(title: "下一步：登记签收", text: "领取人在审批表上签收。", action: .init(label: "去办理", href: "#")),
            items: [
                .init(title: "《决定书》", tag: Tag(text: "可以提供", tone: .done), note: "47 KB"),
                .init(title: "谈话.m4a", tag: Tag(text: "不予提供", tone: .quiet), note: ""),
            ], release: .init(until: "1件，提供到2026年12月1日为止", token: "token", files: [file]),
            steps: [.init(label: "登记签收", href: address.requestStep("receipt", in: thread))],
            days: [.init(label: "今天", events: [.init(time: "09:12", title: "批准查阅复制：批准", lines: ["审批意见：同意。"])])],
            entryCount: 4,
            obligations: [
                ObligationCard(
                    title: "经保密审查和检查科批准后，才能向当事人提供查阅、复制",
                    sources: [.init(label: "《办法》第三十二条", href: "#")], tone: .done, tag: "✓ 已履行")
            ])
        try expectGolden(html(page.page), "request.html")
        var other = page
        (other.release, other.next, other.notice, other.steps) = (
            .init(until: "1件", token: "token", files: []), nil, nil, []
        )
        try expectGolden(html(other.page), "request-seen.html")
    }

    @Test("the register of requests, with rows and without")
    func list() throws {
        var page = RequestListPage(
            address: address,
            rows: [
                .init(
                    href: address.request(thread), title: "查阅申请：某法院（演示）<b>", tag: Tag(text: "待审批", tone: .wait),
                    handlers: "江念、方砚", opened: "11月9日", last: "11月10日")
            ], total: 60, number: 2, pages: 3, search: "法院", stage: "decision", state: "open", sort: "newest",
            from: "2026-11-01", until: "", isOwn: false, query: [("q", "法院"), ("stage", "decision"), ("state", "open")])
        try expectGolden(html(page.page), "requests.html")
        (page.rows, page.total, page.pages, page.query) = ([], 0, 0, [])
        try expectGolden(html(page.page), "requests-empty.html")
    }

    @Test("the page that asks for the case, and a form that was refused keeps its input")
    func forms() throws {
        try expectGolden(
            html(
                RequestCasePage(
                    address: address, search: "星河", rows: [("星河案 <3>", "星河纸品厂", address.newRequest(about: thread))]
                ).page), "request-case.html")
        var outcome = FieldModel(
            name: "item.1", label: "第1件 《决定书》",
            control: .choice(ItemVerdict.Outcome.allCases.map { .init(word: $0.rawValue, label: $0.chinese) }),
            isRequired: true, error: "请逐件写明可以提供、遮盖后提供，还是不予提供。")
        outcome.input = .text("redacted")
        try expectGolden(
            html(
                RequestFormPage(
                    address: address, title: "作保密审查", lead: "逐件审查。",
                    form: FormFrame(
                        action: "/x", token: "token", command: CommandID(high: 3, low: 4), seq: 2, hasFiles: true),
                    fields: [outcome, RequestItems.copyField, RequestItems.scanField], before: "<p>可以提供：1件</p>\n",
                    needsSecret: true, back: address.request(thread), backTitle: "复制申请",
                    errors: [("item.1", "请逐件写明可以提供、遮盖后提供，还是不予提供。")]
                ).page), "request-form.html")
    }
}
