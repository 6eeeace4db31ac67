import Casework
import HTTPTypes
import Kernel

/// One fixed document: where it stands, its signature places, and what can be done with it.
struct DocumentPage: Sendable {
    var address: Address
    var thread: ThreadTag
    var caseTitle: String
    var title: String
    var number: String
    var tag: Tag
    var meta: [(label: String, value: String)]
    var looks: [LookForm]
    var places: [Place]
    var actions: [Button]
    var notice: Notice?
    var rows: [SummaryList.Row]
    /// What is known of its paper.
    var paper: HTML = ""
    /// The form that prints one page again; empty where there is none.
    var reprint: HTML = ""

    /// A place for a signature.
    struct Place: Sendable {
        let label: String
        let tag: Tag
        /// Who signed, how and when; or who has to.
        let text: String
        var details: [String]
        let href: String?
        let drawing: String?
    }

    var page: Page {
        Page(
            title: title, section: .cases,
            crumbs: [.init(label: "案件", href: address.cases), .init(label: caseTitle, href: address.caseFile(thread))],
            body: """
                \(notice.map { $0.html })<p class="eyebrow">文书 \(tag.html)</p>
                <h1>\(title)\(number.isEmpty ? "" : "<small class=\"number\">\(number)</small>" as HTML)</h1>
                <div class="meta">\(meta.html { "<span>\($0.label) <b>\($0.value)</b></span>" })</div>
                <div class="looks">\(looks.html { $0.html })</div>
                \(places.isEmpty ? "" : "<h2>签名栏</h2>\n<ul class=\"places\">\(places.html { place($0) })</ul>\n" as HTML)\(actions.isEmpty ? "" : "<p class=\"actions\">\(actions.html { $0.html + " " })</p>\n" as HTML)\(reprint)\(paper)<h2>文书内容</h2>
                \(SummaryList(rows: rows).html)
                """,
            isNarrow: true)
    }

    private func place(_ place: Place) -> HTML {
        """
        <li><div><b>\(place.label)</b> \(place.tag.html)<p>\(place.text)</p>\(place.details.html { "<p class=\"hint\">\($0)</p>" })</div>\(place.drawing.map { drawing($0) })\(place.href.map { Button(label: "办理", href: $0, style: .small).html })</li>

        """
    }

    /// The strokes: absolute moves and lines within a box of 900 × 300, checked before they were recorded.
    private func drawing(_ path: String) -> HTML {
        """
        <svg class="strokes" viewBox="0 0 900 300" role="img" aria-label="签名笔迹"><path d="\(path)"></path></svg>
        """
    }
}

/// How one signature place is met: on screen, on paper, refused, or unable.
struct SlotPage: Sendable {
    var address: Address
    var form: FormFrame
    var thread: ThreadTag
    var caseTitle: String
    var documentTitle: String
    var document: DocumentID
    var slot: String
    var label: String
    var manner: SigningManner
    /// The ways open for this place.
    var manners: [SigningManner]
    /// The signer is the person at the screen: their session stands for the signature.
    var isOwn: Bool
    var ownName: String
    var needsSecret: Bool
    var looks: [LookForm]
    var fields: [FieldModel]
    var errors: [(field: String, text: String)] = []
    var refusal: RefusalView?
    /// What has to be known before the way is chosen: that a seal is asked for, and how it is supplied.
    var advice: Notice?
    /// The draft of the decision, where the place decides about it.
    var before: HTML = ""

    var page: Page {
        Page(
            title: "\(label)签名", section: .cases,
            crumbs: [
                .init(label: "案件", href: address.cases), .init(label: caseTitle, href: address.caseFile(thread)),
                .init(label: documentTitle, href: address.document(document, in: thread)),
            ],
            body: """
                \(refusal.map { $0.html })\(ErrorSummary(errors: errors).html)<p class="eyebrow">\(documentTitle)</p>
                <h1>\(label)</h1>
                \(before)\(advice.map { $0.html })\(ways)<p class="hint">\(explanation)</p>
                <div class="looks">\(looks.html { $0.html })</div>
                \(form.html(content))
                """,
            isNarrow: true, scripts: ["signature.js"],
            status: errors.isEmpty && refusal == nil ? .ok : .unprocessableContent)
    }

    private var ways: HTML {
        guard manners.count > 1 else { return "" }
        return """
            <nav class="ways" aria-label="签名方式">\(manners.html { way in
                """
                <a href="\(address.slot(slot, of: document, in: thread, manner: way.rawValue))"\(way == manner ? " aria-current=\"page\"" as HTML : "")>\(way.chinese(isOwn: isOwn))</a>
                """
            })</nav>

            """
    }

    private var explanation: String {
        switch manner {
        case .screen:
            isOwn ? "由\(ownName)本人在自己的登录中签署。请先打开文书看过。" : "请把设备交给签名人。签名人先阅读文书，再在框内书写姓名。"
        case .paper: "打印文书，签名（盖章、按指印）后扫描或者拍照上传，并记下纸质原件存放在哪里。"
        case .refused: "签名人拒绝签名的，写明拒绝的原因；有见证人的写明见证人。"
        case .unable: "签名人不能签名的，写明原因和宣读情况、由谁宣读，由见证人见证。"
        }
    }

    private var content: HTML {
        """
        <input type="hidden" name="manner" value="\(manner.rawValue)">
        \(fields.map { marked($0) }.html { $0.html })\(manner == .screen && !isOwn ? SignaturePad(name: "drawing", label: "签名", paperHref: manners.contains(.paper) ? address.slot(slot, of: document, in: thread, manner: "paper") : nil).html : "")\(errors.contains { $0.field == "drawing" } ? "<p class=\"error\">\(errors.first { $0.field == "drawing" }?.text ?? "")</p>" as HTML : "")\(needsSecret ? ConfirmSecret(error: errors.first { $0.field == ConfirmSecret.field }?.text).html : "")<p class="actions">\(Button(label: isOwn && manner == .screen ? "签署" : "登记").html)\(Button(label: "返回文书", href: address.document(document, in: thread), style: .link).html)</p>

        """
    }

    private func marked(_ field: FieldModel) -> FieldModel {
        var field = field
        field.error = errors.first { $0.field.utf8.elementsEqual(field.name.utf8) }?.text
        return field
    }
}

extension SigningManner {
    /// The way's name on screens.
    func chinese(isOwn: Bool) -> String {
        switch self {
        case .screen: isOwn ? "本人签署" : "在屏幕上签名"
        case .paper: "在纸上签名"
        case .refused: "拒绝签名"
        case .unable: "不能签名"
        }
    }
}
