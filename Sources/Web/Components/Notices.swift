import Kernel

/// A word about a state. The word says it; the colour only helps.
struct Tag: Sendable, Hashable {
    var text: String
    var tone: Tone

    /// Vermilion is kept for what is late or refused, blue for what waits for somebody.
    enum Tone: String, Sendable {
        case late = "over"
        case soon, wait
        case done = "met"
        case quiet
    }

    var html: HTML {
        """
        <span class="tag \(tone.rawValue)">\(text)</span>
        """
    }
}

/// A box that says what happened or what to mind.
struct Notice: Sendable {
    var title: String
    var paragraphs: [String] = []
    var tone: Tone = .info
    var actions: [Button] = []

    /// What a notice is about.
    enum Tone: String, Sendable { case info, done, warning, refused }

    var html: HTML {
        """
        <section class="notice \(tone.rawValue)"\(tone == .refused ? " role=\"alert\"" as HTML : tone == .done ? " role=\"status\"" as HTML : "")>
        <h2>\(title)</h2>
        \(paragraphs.html { "<p>\($0)</p>\n" })\(actions.isEmpty ? "" : "<p class=\"actions\">\(actions.html { $0.html + " " })</p>\n" as HTML)</section>

        """
    }
}

/// What was wrong with a form, before the form, each linked to its field.
struct ErrorSummary: Sendable {
    var errors: [(field: String, text: String)]

    var html: HTML {
        guard !errors.isEmpty else { return "" }
        return """
            <section class="errors" role="alert" tabindex="-1" data-focus>
            <h2>有\(errors.count)处需要改正</h2>
            <ul>\(errors.html { "<li><a href=\"#\(FieldModel.id($0.field))\">\($0.text)</a></li>" })</ul>
            </section>

            """
    }
}

/// What a list says when there is nothing in it: why, and what to do.
struct EmptyState: Sendable {
    var title: String
    var text: String
    var action: Button?

    var html: HTML {
        """
        <div class="empty"><p class="empty-title">\(title)</p><p>\(text)</p>\(action.map { "<p>\($0.html)</p>" as HTML })</div>

        """
    }
}

/// A sentence that opens on demand beside a field or an obligation: what the article says.
struct Help: Sendable, Hashable {
    var summary: String
    var text: String
    var href: String?
    var linkLabel = "条文说明"

    var html: HTML {
        """
        <details class="help"><summary>\(summary)</summary><div>\(text)\(href.map { " <a href=\"\($0)\">\(linkLabel)</a>" as HTML })</div></details>
        """
    }
}
