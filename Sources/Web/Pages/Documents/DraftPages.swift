import Application
import Casework
import HTTPTypes
import Kernel

/// The form of a document that is being written.
struct DraftPage: Sendable {
    var address: Address
    var token: String
    var thread: ThreadTag
    var caseTitle: String
    var document: DocumentID
    var kind: DocumentKind
    /// The stored version; 0 before the first save.
    var version: Int
    /// What the system fills in itself, shown and not asked.
    var computed: [SummaryList.Row]
    var fields: [FieldModel]
    var activities: [FieldModel.Option]
    var activity: String
    var abouts: [FieldModel.Option]
    var about: String
    var errors: [(field: String, text: String)] = []
    var refusal: RefusalView?
    var savedAt = ""
    /// What the document is about, where its writer has to read it: the draft that a legal reviewer looks at.
    var before: HTML = ""

    static let versionField = "version"
    static let kindField = "kind"
    static let activityField = "activity"
    static let aboutField = "about"
    static let action = "action"

    var page: Page {
        Page(
            title: kind.title, section: .cases,
            crumbs: [.init(label: "案件", href: address.cases), .init(label: caseTitle, href: address.caseFile(thread))],
            body: """
                \(refusal.map { $0.html })\(ErrorSummary(errors: errors).html)<p class="eyebrow">起草文书</p>
                <h1>\(kind.title)</h1>
                <p class="hint">可以随时保存草稿。核对并定稿之前，任何内容都可以修改；定稿之后不能改动，只能作废重做。</p>
                \(before)<form method="post" action="\(address.draft(document, in: thread))" data-draft="\(address.draft(document, in: thread))">
                <input type="hidden" name="\(ForgeryGuard.field)" value="\(token)"><input type="hidden" name="\(Self.versionField)" value="\(version)"><input type="hidden" name="\(Self.kindField)" value="\(kind.name)">
                \(belongs)\(filledIn)\(fields.map { marked($0) }.html { $0.html })<p class="actions"><button class="btn" name="\(Self.action)" value="check">核对与定稿</button><button class="btn sec" name="\(Self.action)" value="save" formnovalidate>保存草稿</button>\(version == 0 ? "" : Button(label: "放弃草稿", href: address.draftDiscard(document, in: thread), style: .link).html)<span class="saved" data-draft-status role="status">\(savedAt.isEmpty ? "" : "草稿已于 \(savedAt) 保存")</span></p>
                </form>
                """,
            isNarrow: true, scripts: ["draft.js"],
            status: errors.isEmpty && refusal == nil ? .ok : .unprocessableContent)
    }

    private func marked(_ field: FieldModel) -> FieldModel {
        var field = field
        field.error = errors.first { $0.field.utf8.elementsEqual(field.name.utf8) }?.text
        return field
    }

    private var filledIn: HTML {
        guard !computed.isEmpty else { return "" }
        return """
            <p class="hint">下列内容由系统按本案的记录填写，不能改动；案卷再有变化的，会随之更新。</p>
            \(SummaryList(rows: computed).html)
            """
    }

    private var belongs: HTML {
        var html: HTML = ""
        if !activities.isEmpty {
            html +=
                FieldModel(
                    name: Self.activityField, label: "对应的执法活动",
                    control: .choice([.init(word: "", label: "不对应某次活动")] + activities), input: .text(activity),
                    isRequired: true
                ).html
        }
        if !abouts.isEmpty {
            html +=
                FieldModel(
                    name: Self.aboutField, label: kind.category == .service ? "送达的文书" : "相关文书",
                    control: .choice([.init(word: "", label: "没有")] + abouts), input: .text(about), isRequired: true
                ).html
        }
        return html
    }
}

/// Check your answers before a document is fixed: the pages as they will be printed, what is missing, and the button.
struct DraftCheckPage: Sendable {
    var address: Address
    var form: FormFrame
    var thread: ThreadTag
    var caseTitle: String
    var document: DocumentID
    var kindTitle: String
    /// Addresses of the pages as pictures.
    var sheets: [String]
    var problems: [(field: String, text: String)]
    var rows: [SummaryList.Row]
    var refusal: RefusalView?
    /// Whether it was sent and not fixed: faults of single fields alone say so too.
    var isRefused = false
    /// What whoever signs it will see beside it: the draft that was approved.
    var before: HTML = ""

    var page: Page {
        Page(
            title: "核对\(kindTitle)", section: .cases,
            crumbs: [
                .init(label: "案件", href: address.cases), .init(label: caseTitle, href: address.caseFile(thread)),
                .init(label: "起草\(kindTitle)", href: address.draft(document, in: thread)),
            ],
            body: """
                \(refusal.map { $0.html })<p class="eyebrow">核对与定稿</p>
                <h1>\(kindTitle)</h1>
                \(before)\(!problems.isEmpty ? missing : sheets.isEmpty ? unprinted : ready)\(sheets.isEmpty ? "" : "<h2>打印样式</h2>\n\(sheets.enumerated().html { sheet($0.offset + 1, $0.element) })" as HTML)<h2>填写内容</h2>
                \(SummaryList(rows: rows).html)
                """,
            isNarrow: true, status: refusal == nil && !isRefused ? .ok : .unprocessableContent)
    }

    private func sheet(_ number: Int, _ path: String) -> HTML {
        """
        <a class="sheet-link" href="\(path)" title="放大第\(number)页"><img class="sheet" src="\(path)" alt="第\(number)页" loading="lazy"></a>

        """
    }

    private var ready: HTML {
        """
        <p>请逐页核对。定稿之后，这一文本就是交付阅读、签名的文本，不能再改动。</p>
        \(form.html("""
            <p class="actions">\(Button(label: "定稿").html)\(Button(label: "返回修改", href: address.draft(document, in: thread), style: .secondary).html)</p>

            """))
        """
    }

    /// Nothing was printed, so nothing can be checked: the same page asks again.
    private var unprinted: HTML {
        """
        <p>打印样式没有做出来，现在不能核对，也不能定稿。填写的内容已经保存。</p>
        <p class="actions">\(Button(label: "重新预览", href: address.draftCheck(document, in: thread)).html)\(Button(label: "返回修改", href: address.draft(document, in: thread), style: .secondary).html)</p>

        """
    }

    private var missing: HTML {
        """
        <section class="errors" role="alert"><h2>还有\(problems.count)处没有填好，不能定稿</h2>
        <ul>\(problems.html { "<li><a href=\"\(address.draft(document, in: thread))#\(FieldModel.id($0.field))\">\($0.text)</a></li>" })</ul>
        <p class="actions">\(Button(label: "返回填写", href: address.draft(document, in: thread)).html)</p></section>

        """
    }
}
