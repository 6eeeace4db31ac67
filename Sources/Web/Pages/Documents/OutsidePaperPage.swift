import Casework
import HTTPTypes
import Kernel

/// The kinds of paper that others make (外来文书), to choose what has come in.
struct OutsidePapersPage: Sendable {
    var address: Address
    var thread: ThreadTag
    var caseTitle: String
    var kinds: [(title: String, href: String, hint: String)]

    var page: Page {
        Page(
            title: "归入外来文书", section: .cases,
            crumbs: [.init(label: "案件", href: address.cases), .init(label: caseTitle, href: address.caseFile(thread))],
            body: """
                <h1>归入外来文书</h1>
                <p class="lead">鉴定机构、银行、邮局等出具的文书，不在系统中制作。收到纸质原件以后扫描或者拍照上传，照原件填写，归入本案。</p>
                \(kinds.isEmpty ? empty : "<h2>收到的是哪一种</h2>\n<ul class=\"step-links\">\(kinds.html { "<li><a href=\"\($0.href)\">\($0.title)</a>\($0.hint.isEmpty ? "" : "<small>\($0.hint)</small>" as HTML)</li>" })</ul>\n" as HTML)<p class="actions">\(Button(label: "返回案件", href: address.caseFile(thread), style: .link).html)</p>
                """,
            isNarrow: true)
    }

    private var empty: HTML {
        EmptyState(
            title: "本案没有可以归入的外来文书", text: "本案这一类案件，文书格式里没有由外单位或者个人出具的文书。其他材料可以作为音像资料上传，归入案件。",
            action: Button(label: "上传材料", href: address.newRecording(in: thread), style: .small)
        ).html
    }
}

/// The form that takes one paper in: the scan, what stands on it, who signed and sealed it, where it is kept.
struct OutsidePaperPage: Sendable {
    var address: Address
    var form: FormFrame
    var token: String
    var thread: ThreadTag
    var caseTitle: String
    var title: String
    var kind: String
    /// Drawn with the form: the same paper is taken in once.
    var document: DocumentID
    /// What the paper belongs to.
    var belonging: [FieldModel]
    var fields: [FieldModel]
    var places: [FieldModel]
    var place: FieldModel
    /// Uploads that were finished before the form came back.
    var uploads: [(id: String, name: String)] = []
    var errors: [(field: String, text: String)] = []
    var refusal: RefusalView?

    static let kindField = "kind"
    static let documentField = "document"
    static let uploadField = "upload"
    static let fileField = "file"

    /// - Parameter scan: the field under which errors of the scan are told.
    func page(scan: String) -> Page {
        Page(
            title: "归入\(title)", section: .cases,
            crumbs: [
                .init(label: "案件", href: address.cases), .init(label: caseTitle, href: address.caseFile(thread)),
                .init(label: "归入外来文书", href: address.outsidePapers(in: thread)),
            ],
            body: """
                \(refusal.map { $0.html })\(ErrorSummary(errors: errors).html)<p class="eyebrow">归入外来文书</p>
                <h1>\(title)</h1>
                <p class="lead">手里拿着纸质原件，逐项照填。归入以后，填写的内容、扫描件和签章的登记同时存入记录，都不能再改动；收错了、填错了的，作废后重新归入。</p>
                \(form.html(content(scan)))
                """,
            isNarrow: true, scripts: ["upload.js"],
            status: errors.isEmpty && refusal == nil ? .ok : .unprocessableContent)
    }

    private func content(_ scan: String) -> HTML {
        let error = errors.first { $0.field == scan }?.text
        return """
            <input type="hidden" name="\(Self.kindField)" value="\(kind)"><input type="hidden" name="\(Self.documentField)" value="\(document.description)">
            <h2>扫描件</h2>
            <div class="field\(error == nil ? "" : " bad")" id="\(FieldModel.id(scan))"><p class="hint">PDF、TIFF、JPEG 或者 PNG。几页的扫成一个 PDF 或者 TIFF；单页的可以拍照，整页拍全。空白页会自动跳过。</p>\(error.map { "<p class=\"error\"><span class=\"vh\">错误：</span>\($0)</p>" as HTML })\(UploadBox(endpoint: address.uploads, token: token, label: "选择扫描件，或者拖到这里", accept: ScanUploadPage.accept, name: Self.uploadField, isSingle: true).html)</div>\(uploads.isEmpty ? "" : already)
            <noscript><div class="field"><label for="\(FieldModel.id(Self.fileField))">扫描件</label><p class="hint">这台设备没有启用脚本，一次最多上传 32 MB。</p><input type="file" id="\(FieldModel.id(Self.fileField))" name="\(Self.fileField)" accept="\(ScanUploadPage.accept)"></div></noscript>
            \(belonging.isEmpty ? "" : "<h2>对应本案的什么</h2>\n" as HTML)\(belonging.map { marked($0) }.html { $0.html })<h2>文书上写的</h2>
            \(fields.map { marked($0) }.html { $0.html })\(places.isEmpty ? "" : "<h2>签名和印章</h2>\n<p class=\"hint\">只登记您在纸质原件上亲眼看到的手写签名、加盖的印章。没有看到的不勾选，以后补来了再登记。</p>\n" as HTML)\(places.map { marked($0) }.html { $0.html })<h2>原件</h2>
            \(marked(place).html)<p class="actions">\(Button(label: "归入本案").html)\(Button(label: "返回案件", href: address.caseFile(thread), style: .link).html)</p>

            """
    }

    private var already: HTML {
        """
        <fieldset class="field"><legend>已上传的文件</legend><p class="hint">改正后直接归入即可，不用重新上传；要换一个的，取消勾选。</p>\(uploads.html { "<label class=\"choice\"><input type=\"checkbox\" name=\"\(Self.uploadField)\" value=\"\($0.id)\" checked> \($0.name)</label>" })</fieldset>
        """
    }

    private func marked(_ field: FieldModel) -> FieldModel {
        var field = field
        field.error = errors.first { $0.field.utf8.elementsEqual(field.name.utf8) }?.text
        return field
    }
}
