import Kernel

/// Fields of a form that belong together, under a heading of their own.
struct FieldGroup: Sendable {
    var title: String
    /// A sentence under the heading.
    var help = ""
    var fields: [FieldModel]
    /// How the fields stand on the page.
    var layout = Layout.below

    /// One below the other; or as lines of a table that opens at need, each with what is known of its subject.
    enum Layout: Sendable, Hashable {
        case below
        /// The heading of the column of notes, and the note of each field by the field's name.
        case folded(heading: String, notes: [String: String])
    }

    var html: HTML {
        switch layout {
        case .below:
            """
            <section class="group"><h3>\(title)</h3>
            \(help.isEmpty ? "" : "<p class=\"hint\">\(help)</p>\n" as HTML)\(fields.html { $0.html })</section>

            """
        case .folded(let heading, let notes):
            """
            <section class="group"><details class="folded"\(fields.contains { $0.error != nil } ? " open" as HTML : "")><summary>\(title)</summary>
            \(help.isEmpty ? "" : "<p class=\"hint\">\(help)</p>\n" as HTML)\(table(heading, notes))</details></section>

            """
        }
    }

    private func table(_ heading: String, _ notes: [String: String]) -> HTML {
        """
        <table class="list fill"><thead><tr><th scope="col">名称</th><th scope="col">\(heading)</th><th scope="col">填写</th></tr></thead>
        <tbody>\(fields.html { field in
            """
            <tr><td data-label="名称"><label for="\(field.id)">\(field.label)</label></td><td data-label="\(heading)">\(notes[field.name] ?? "")</td><td data-label="填写">\(field.cell)</td></tr>

            """
        })</tbody></table>

        """
    }
}
