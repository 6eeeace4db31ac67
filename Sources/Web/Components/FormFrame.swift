import Kernel

/// What every form of ours carries: the session's form token, the step's id, and the state it was drawn from.
struct FormFrame: Sendable {
    var action: String
    var token: String
    /// The step's id, made with the page: the same form sent twice is carried out once.
    var command: CommandID?
    /// How many entries the thread had when the page was drawn.
    var seq: Int?
    /// Whether the form holds files.
    var hasFiles = false
    /// An id, for scripts and for buttons elsewhere on the page.
    var id: String?

    static let commandField = "command"
    static let seqField = "seq"

    /// The form around `content`.
    func html(_ content: HTML) -> HTML {
        """
        <form method="post" action="\(action)"\(hasFiles ? " enctype=\"multipart/form-data\"" as HTML : "")\(id.map { " id=\"\($0)\"" as HTML })>
        \(hidden(ForgeryGuard.field, token))\(command.map { hidden(Self.commandField, $0.description) })\(seq.map { hidden(Self.seqField, String($0)) })
        \(content)</form>

        """
    }

    private func hidden(_ name: String, _ value: String) -> HTML {
        """
        <input type="hidden" name="\(name)" value="\(value)">
        """
    }
}

/// A button; without an address it sends the form it stands in.
struct Button: Sendable {
    var label: String
    var href: String?
    var style = Style.primary
    /// Name and value sent with the form when this button is used.
    var name: String?
    var value: String?
    /// Sends the form even if fields are empty: saving a draft, adding a row.
    var skipsChecks = false

    /// How much a button calls. A page has one primary button.
    enum Style: Sendable { case primary, secondary, small, danger, link }

    var html: HTML {
        let kind: HTML =
            switch style {
            case .primary: "btn"
            case .secondary: "btn sec"
            case .small: "btn sec sm"
            case .danger: "btn danger"
            case .link: "link"
            }
        if let href {
            return """
                <a class="\(kind)" href="\(href)">\(label)</a>
                """
        }
        return """
            <button class="\(kind)"\(name.map { " name=\"\($0)\"" as HTML })\(value.map { " value=\"\($0)\"" as HTML })\(skipsChecks ? " formnovalidate" as HTML : "")>\(label)</button>
            """
    }
}
