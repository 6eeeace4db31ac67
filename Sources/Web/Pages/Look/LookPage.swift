import Kernel

/// One look at evidence or a document, while its session lasts.
struct LookPage: Sendable {
    var address: Address
    var thread: ThreadTag
    var token: String
    var title: String
    var caseTitle: String
    var form: String
    var mediaType: String
    /// Whether a PDF is shown within the page.
    var isFramed: Bool
    var source: String
    var until: String
    var end: String
    /// The document's own page, where it is one that is looked at.
    var document: String?

    var page: Page {
        Page(
            title: title, section: .cases,
            crumbs: [.init(label: "案件", href: address.cases), .init(label: caseTitle, href: address.caseFile(thread))],
            body: """
                <p class="eyebrow">查看</p>
                <h1>\(title)</h1>
                \(content)<div class="actions">\(FormFrame(action: end, token: token).html(Button(label: "结束查看", style: .secondary).html))\(document.map { Button(label: "返回文书", href: $0, style: .link).html })</div>
                """)
    }

    /// The policy of all pages, and one frame of our own.
    static let framingPolicy = ResponseHeaders.contentSecurityPolicy + "; frame-src 'self'"

    private var content: HTML {
        if isFramed {
            return """
                <p>这次查看已记入记录链，\(until)结束。下面看不到内容的，请点“单独打开”。</p>
                <iframe class="sheet-frame" src="\(source)" title="\(title)"></iframe>
                <p class="actions"><a class="btn" href="\(source)" target="_blank" rel="noopener">单独打开</a></p>

                """
        }
        if form == "document" || MediaForm.shown(mediaType) == nil || mediaType == "application/pdf" {
            return """
                <p>这次查看已记入记录链，\(until)结束。结束之前可以反复打开。</p>
                <p class="actions"><a class="btn" href="\(source)" target="_blank" rel="noopener">\(MediaForm.shown(mediaType) == nil ? "下载文件" : "打开 PDF")</a></p>

                """
        }
        return Player(
            source: source, mediaType: mediaType, form: form == "screenshot" ? "photo" : form, label: title,
            until: until
        ).html
    }
}
