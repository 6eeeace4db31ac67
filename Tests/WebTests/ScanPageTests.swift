import Application
import Casework
import Kernel
import TestKit
import Testing

@testable import Web

/// The pages of a stack drawn from display models alone, kept as golden files.
@Suite("Pages of scans")
struct ScanPageTests {
    private let chrome: Chrome
    private let address: Address
    private let thread = ThreadTag(high: 1, low: 2)

    init() throws {
        address = Address(try #require(BureauTag("qinghe")))
        chrome = Chrome(
            bureauName: "清禾县统计局", address: address,
            person: .init(name: "周一舟", section: "检查科", roles: "执法人员", worksOnCases: true), isDemo: false,
            formToken: "token", assets: Assets(namesOnly: ()))
    }

    private func html(_ page: Page) -> String { chrome.html(page).string }

    @Test("where a stack is sent in, with what was wrong; one that is being read; one that cannot be")
    func sending() throws {
        let frame = FormFrame(action: address.scans, token: "token", hasFiles: true)
        let page = ScanUploadPage(address: address, form: frame, token: "token", errors: [("upload", "请选择要归件的扫描件。")])
        try expectGolden(html(page.page), "scans.html")
        let href = address.scan(UploadID(high: 3, low: 4), alongside: [UploadID(high: 3, low: 5)])
        try expectGolden(html(ScanStatePage(address: address, href: href).page), "scan-reading.html")
        try expectGolden(
            html(ScanStatePage(address: address, href: href, refusal: "这个 PDF 设了密码，打不开。<b>").page), "scan-refused.html")
    }

    @Test("a stack to be looked over: two cases, a page missing, one doubled, one filed, one void, pages left over")
    func stack() throws {
        let document = DocumentID(high: 7, low: 1)
        func pile(
            _ number: UInt64, _ title: String, _ tag: Web.Tag, _ places: [[(Int, String)]], _ remarks: [String] = [],
            isOpen: Bool = true, slots: [(label: String, href: String)] = []
        ) -> ScanStackPage.Pile {
            .init(
                document: DocumentID(high: 7, low: number), title: title, number: "清禾统检〔2026〕3号", tag: tag,
                pages: places.enumerated().map { index, places in
                    .init(page: index + 1, places: places.map { ($0.0, $0.1) }, chosen: nil)
                }, remarks: remarks, isOpen: isOpen, isTicked: isOpen, slots: slots)
        }
        var place = FieldModel(name: "place", label: "纸质原件存放在", control: .line(), isRequired: true)
        place.input = .text("二号柜")
        var page = ScanStackPage(
            address: address,
            form: FormFrame(
                action: address.scan(UploadID(high: 3, low: 4)), token: "token", command: CommandID(high: 1, low: 9)),
            fileName: "检查 & <材料>.pdf", pageCount: 9, size: "3.2 MB",
            cases: [
                .init(
                    thread: thread, title: "清禾县星河纸品厂检查", seq: 12,
                    piles: [
                        pile(
                            1, "现场检查笔录", Tag(text: "缺页", tone: .soon),
                            [[(2, "（倒放，已扶正）")], [(1, ""), (5, "（歪3度，已扶正）")]], ["缺第3页。可以先归这几页，找到以后再扫描归件。"]),
                        pile(
                            2, "送达回证", Tag(text: "✓ 已归件", tone: .done), [[(4, "")]], ["这个文件已经归到这份文书，不用再归一次。"],
                            isOpen: false, slots: [("受送达人签收", address.slot("party", of: document, in: thread))]),
                    ]),
                .init(
                    thread: ThreadTag(high: 1, low: 3), title: "清禾县云岭茶场检查", seq: 4,
                    piles: [
                        pile(
                            3, "权利告知书", Tag(text: "已作废", tone: .late), [[(6, "")]], ["这份文书已作废，扫描件不归件。"],
                            isOpen: false)
                    ]),
            ],
            others: [
                .init(place: 3, text: "空白页，跳过。", choices: [], chosen: ""),
                .init(
                    place: 7, text: "没有认出二维码。",
                    choices: [
                        .init(word: "", label: "不归件"), .init(word: "\(document):3", label: "现场检查笔录 第3页"),
                    ], chosen: "\(document):3"),
            ], place: place,
            alongside: [("第2个文件", address.scan(UploadID(high: 3, low: 5)))])
        page.notice = Notice(title: "认出3份文书", paragraphs: ["请对照纸质件看一遍下面的结果。"])
        try expectGolden(html(page.page), "scan-stack.html")
        page.errors = [("hand-7", "《现场检查笔录》第3页已经有了，请重新选择。"), ("place", "请填写纸质原件存放处。")]
        try expectGolden(html(page.page), "scan-stack-wrong.html")
        page.cases = []
        page.errors = []
        page.notice = nil
        try expectGolden(html(page.page), "scan-stack-none.html")
    }
}
