import HTTPTypes
import Kernel

/// The form that opens a case.
struct OpeningPage: Sendable {
    var address: Address
    var title: String
    var lead: String
    var button: String
    var form: FormFrame
    var fields: [FieldModel]
    var back: String
    /// The party that was taken from the register or from the inspection.
    var chosen: String?
    var search = ""
    var found: [(label: String, href: String)] = []
    var isSearchable = false
    var errors: [(field: String, text: String)] = []
    var refusal: RefusalView?
    /// Why nothing can be registered yet.
    var hold: Notice?

    var page: Page {
        Page(
            title: title, section: .cases, crumbs: [.init(label: "案件", href: address.cases)],
            body: """
                \(refusal.map { $0.html })\(ErrorSummary(errors: errors).html)\(refusal == nil ? hold.map { $0.html } : nil)<h1>\(title)</h1>
                <p class="lead">\(lead)</p>
                \(party)\(form.html("""
                    \(fields.map { marked($0) }.html { $0.html })<p class="actions">\(Button(label: button).html)\(Button(label: "返回", href: back, style: .link).html)</p>

                    """))
                """,
            isNarrow: true, status: errors.isEmpty && refusal == nil ? .ok : .unprocessableContent)
    }

    private var party: HTML {
        if let chosen {
            return SummaryList(rows: [
                .init(label: "当事人", value: "\(chosen)", change: isSearchable ? address.newInspection : nil)
            ]).html
        }
        guard isSearchable else { return "" }
        return """
            <details class="help"\(search.isEmpty ? "" : " open" as HTML)><summary>从已登记的当事人中选择</summary><div>
            <form class="filters" method="get" action="\(address.newInspection)" role="search"><label class="grow"><span>名称或者代码（至少两个字）</span><input type="search" name="q" value="\(search)" maxlength="100"></label><button class="btn sec">查找</button></form>
            \(search.isEmpty ? "" : found.isEmpty ? "<p>没有找到，请在下面填写。</p>" as HTML : "<ul class=\"step-links\">\(found.html { "<li><a href=\"\($0.href)\">\($0.label)</a></li>" })</ul>" as HTML)
            </div></details>

            """
    }

    private func marked(_ field: FieldModel) -> FieldModel {
        var field = field
        field.error = errors.first { $0.field.utf8.elementsEqual(field.name.utf8) }?.text
        return field
    }
}
