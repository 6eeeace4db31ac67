import HTTPTypes
import Kernel

/// The page of one step.
struct StepPage: Sendable {
    var address: Address
    var thread: ThreadTag
    var caseTitle: String
    var title: String
    var lead: String
    var button: String
    var form: FormFrame
    var fields: [FieldModel]
    var needsSecret: Bool
    /// The articles that the step carries out.
    var basis: HTML = ""
    /// What stands before the form, for example the results of the completeness check.
    var before: HTML = ""
    var errors: [(field: String, text: String)] = []
    var refusal: RefusalView?
    /// What stands in the form's place where it could only be refused.
    var closed: EmptyState?
    var scripts: [String] = []

    var page: Page {
        Page(
            title: title, section: .cases,
            crumbs: [.init(label: "案件", href: address.cases), .init(label: caseTitle, href: address.caseFile(thread))],
            body: """
                \(refusal.map { $0.html })\(ErrorSummary(errors: errors).html)<h1>\(title)</h1>
                \(lead.isEmpty ? "" : "<p class=\"lead\">\(lead)</p>\n" as HTML)\(basis)\(before)\(closed.map { $0.html + back } ?? form.html(content))
                """,
            isNarrow: true, scripts: scripts,
            status: errors.isEmpty && refusal == nil ? .ok : .unprocessableContent)
    }

    private var back: HTML {
        "<p class=\"actions\">\(Button(label: "返回案件", href: address.caseFile(thread), style: .secondary).html)</p>\n"
    }

    private var content: HTML {
        """
        \(fields.map { marked($0) }.html { $0.html })\(needsSecret ? ConfirmSecret(error: errors.first { $0.field == ConfirmSecret.field }?.text).html : "")<p class="actions">\(Button(label: button).html)\(Button(label: "返回案件", href: address.caseFile(thread), style: .link).html)</p>

        """
    }

    private func marked(_ field: FieldModel) -> FieldModel {
        var field = field
        field.error = errors.first { $0.field.utf8.elementsEqual(field.name.utf8) }?.text
        return field
    }
}
