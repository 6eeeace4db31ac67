import Application
import Casework
import HTTPTypes
import Kernel

/// Where a stack of scanned sheets is sent in (扫描归件).
struct ScanUploadPage: Sendable {
    var address: Address
    var form: FormFrame
    var token: String
    var errors: [(field: String, text: String)] = []

    static let uploadField = "upload"
    static let fileField = "file"
    static let accept = "application/pdf,image/tiff,image/jpeg,image/png"

    var page: Page {
        Page(
            title: "扫描归件", section: .documents,
            crumbs: [.init(label: "文书", href: address.documents)],
            body: """
                \(ErrorSummary(errors: errors).html)<h1>扫描归件</h1>
                <p class="lead">把签好、盖好章的纸质文书扫描或者拍照传上来。系统按每页下方的二维码认出是哪份文书的第几页，扶正、排好顺序，您核对一次就归到案件里。</p>
                \(form.html(content))
                \(Help(summary: "怎么扫描", text: "一摞纸可以混着几份文书、几个案件，次序、正反、倒放都不要紧，空白页会自动跳过。用200至300点每英寸（dpi）扫成一个 PDF 或者 TIFF，一次最多200页。拍照的，整页拍全，下方的二维码要清楚。").html)
                """,
            isNarrow: true, scripts: ["upload.js"], status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    private var content: HTML {
        """
        <div class="field" id="\(FieldModel.id(Self.uploadField))">\(UploadBox(endpoint: address.uploads, token: token, label: "选择扫描件，或者拖到这里", accept: Self.accept, name: Self.uploadField).html)</div>
        <noscript><div class="field"><label for="\(FieldModel.id(Self.fileField))">扫描件</label><p class="hint">这台设备没有启用脚本，一次最多上传 32 MB。</p><input type="file" id="\(FieldModel.id(Self.fileField))" name="\(Self.fileField)" accept="\(Self.accept)"></div></noscript>
        <p class="actions"><button class="btn" data-needs-upload>识别</button>\(Button(label: "返回文书台账", href: address.documents, style: .link).html)</p>

        """
    }
}

/// A stack that is being read, or that cannot be.
struct ScanStatePage: Sendable {
    var address: Address
    var href: String
    /// Why it cannot be read; nil while it is being read.
    var refusal: String?

    var page: Page {
        Page(
            title: "扫描归件", section: .documents,
            crumbs: [
                .init(label: "文书", href: address.documents), .init(label: "扫描归件", href: address.scans),
            ],
            body: refusal.map { text in
                """
                <h1>这个文件没有识别</h1>
                \(Notice(title: "没有归件，也没有产生记录", paragraphs: [text], tone: .refused, actions: [Button(label: "重新上传", href: address.scans)]).html)
                """
            } ?? """
                <h1>正在识别</h1>
                <p class="lead" role="status">每一页要一秒左右。这一页会自己更新，也可以离开，过一会儿再打开。</p>
                <p class="actions">\(Button(label: "现在刷新", href: href, style: .secondary).html)</p>
                """,
            isNarrow: true, status: refusal == nil ? .ok : .unprocessableContent)
    }
}

/// What was recognised in a stack, to be looked over and confirmed once.
struct ScanStackPage: Sendable {
    var address: Address
    var form: FormFrame
    var fileName: String
    var pageCount: Int
    var size: String
    var cases: [CaseGroup]
    var others: [Leftover]
    var place: FieldModel
    /// Other files that were sent in with this one.
    var alongside: [(label: String, href: String)] = []
    var notice: Notice?
    var refusals: [HTML] = []
    var errors: [(field: String, text: String)] = []

    static let includeField = "file"
    static let placeField = "place"
    static func takeField(_ document: DocumentID, _ page: Int) -> String { "take-\(document)-\(page)" }
    static func handField(_ place: Int) -> String { "hand-\(place)" }
    static func seqField(_ thread: ThreadTag) -> String { "seq-\(thread)" }

    /// The documents of one case.
    struct CaseGroup: Sendable {
        let thread: ThreadTag
        let title: String
        let seq: Int
        let piles: [Pile]
    }

    /// One document.
    struct Pile: Sendable {
        let document: DocumentID
        let title: String
        let number: String
        let tag: Tag
        /// Page by page: where it comes from, and how it lay.
        let pages: [PageLine]
        /// What is wrong or to be minded.
        let remarks: [String]
        /// Whether it can be filed now.
        let isOpen: Bool
        /// Whether it is ticked to be filed.
        let isTicked: Bool
        /// Signature places that may be met from the paper, once it is filed.
        let slots: [(label: String, href: String)]
    }

    /// A page of a document.
    struct PageLine: Sendable {
        let page: Int
        /// Places in the stack with how the page lay there; more than one is a choice.
        let places: [(place: Int, lay: String)]
        /// The place that was chosen.
        let chosen: Int?
    }

    /// A page that is no sheet of any document here.
    struct Leftover: Sendable {
        let place: Int
        let text: String
        /// Pages of documents that a person may say it is; empty where it can be none.
        let choices: [FieldModel.Option]
        let chosen: String
    }

    private var isOpen: Bool { cases.contains { $0.piles.contains(where: \.isOpen) } }

    var page: Page {
        Page(
            title: "核对扫描件", section: .documents,
            crumbs: [
                .init(label: "文书", href: address.documents), .init(label: "扫描归件", href: address.scans),
            ],
            body: """
                \(refusals.html { $0 })\(ErrorSummary(errors: errors).html)\(notice.map { $0.html })<h1>\(isOpen || cases.isEmpty ? "核对扫描件" : "扫描件")</h1>
                <div class="meta"><span>文件 <b>\(fileName)</b></span><span>共 <b>\(String(pageCount))页</b></span><span>大小 <b>\(size)</b></span></div>
                \(cases.isEmpty ? none : form.html(content))\(cases.isEmpty ? leftovers : "")\(more)
                """,
            isNarrow: true, status: errors.isEmpty && refusals.isEmpty ? .ok : .unprocessableContent)
    }

    private var none: HTML {
        EmptyState(
            title: "没有认出可以归件的文书", text: "每页下方的二维码是文书的编号。请检查是不是本系统打印的文书，二维码有没有折到、盖住，再重新扫描。",
            action: Button(label: "重新上传", href: address.scans, style: .small)
        ).html
    }

    private var content: HTML {
        """
        \(cases.html { group($0) })\(leftovers)\(isOpen ? confirming : "<p class=\"actions\">\(Button(label: "再传一摞", href: address.scans, style: .secondary).html)</p>" as HTML)
        """
    }

    private var confirming: HTML {
        var place = place
        place.error = errors.first { $0.field == place.name }?.text
        return """
            <h2>归件</h2>
            \(place.html)<p class="hint">归件以后，扶正的扫描件归到文书下面，上传的原文件也原样保存，两者都不能再更改。</p>
            <p class="actions">\(Button(label: "归件").html)\(Button(label: "不归件，重新上传", href: address.scans, style: .link).html)</p>

            """
    }

    private func group(_ group: CaseGroup) -> HTML {
        """
        <h2><a href="\(address.caseFile(group.thread))">\(group.title)</a></h2>
        <input type="hidden" name="\(Self.seqField(group.thread))" value="\(String(group.seq))">
        <ul class="places">\(group.piles.html { pile($0, in: group.thread) })</ul>

        """
    }

    private func pile(_ pile: Pile, in thread: ThreadTag) -> HTML {
        """
        <li><div><p><b><a href="\(address.document(pile.document, in: thread))">\(pile.title)</a></b>\(pile.number.isEmpty ? "" : " \(pile.number)" as HTML) \(pile.tag.html)</p>
        \(pile.pages.html { line($0, of: pile) })
        \(pile.remarks.html { "<p class=\"hint\">\($0)</p>" })\(pile.slots.isEmpty ? "" : signing(pile))\(pile.isOpen ? """
            <label class="choice"><input type="checkbox" name="\(Self.includeField)" value="\(pile.document.description)"\(pile.isTicked ? " checked" as HTML : "")> 归到这份文书</label>
            """ as HTML : "")</div></li>

        """
    }

    private func signing(_ pile: Pile) -> HTML {
        """
        <p>纸上看到已经签名的，请登记：\(pile.slots.html { "<a href=\"\($0.href)\">\($0.label)</a>　" })</p>
        """
    }

    private func line(_ line: PageLine, of pile: Pile) -> HTML {
        guard line.places.count > 1, pile.isOpen else {
            return """
                <p>第\(String(line.page))页：\(line.places.map { "扫描件第\($0.place)页\($0.lay)" }.joined(separator: "、"))</p>

                """
        }
        let name = Self.takeField(pile.document, line.page)
        return """
            <fieldset class="field" id="\(FieldModel.id(name))"><legend>第\(String(line.page))页扫到\(String(line.places.count))次，用哪一张</legend>\(line.places.enumerated().html { index, taken in
                """
                <label class="choice"><input type="radio" name="\(name)" value="\(String(taken.place))"\(taken.place == line.chosen || line.chosen == nil && index == 0 ? " checked" as HTML : "")> 扫描件第\(String(taken.place))页\(taken.lay)</label>
                """
            })</fieldset>

            """
    }

    private var leftovers: HTML {
        guard !others.isEmpty else { return "" }
        return """
            <h2>没有归件的页</h2>
            <ul class="places">\(others.html { leftover($0) })</ul>

            """
    }

    private func leftover(_ other: Leftover) -> HTML {
        let name = Self.handField(other.place)
        let error = errors.first { $0.field == name }?.text
        return """
            <li><div><p><b>扫描件第\(String(other.place))页</b> \(other.text)</p>\(other.choices.isEmpty || !isOpen ? "" : """
                <div class="field" id="\(FieldModel.id(name))"><label for="\(FieldModel.id(name))-choice">看过纸质件，这一页是</label>\(error.map { "<p class=\"error\">\($0)</p>" as HTML })<select id="\(FieldModel.id(name))-choice" name="\(name)">\(other.choices.html { option in
                    "<option value=\"\(option.word)\"\(option.word == other.chosen ? " selected" as HTML : "")>\(option.label)</option>"
                })</select></div>
                """ as HTML)</div></li>

            """
    }

    private var more: HTML {
        guard !alongside.isEmpty else { return "" }
        return """
            <h2>一起上传的其他文件</h2>
            <ul class="plain">\(alongside.html { "<li><a href=\"\($0.href)\">\($0.label)</a></li>" })</ul>

            """
    }
}
