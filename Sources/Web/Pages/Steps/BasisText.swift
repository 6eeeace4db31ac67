import Application
import Casework
import Kernel

/// Which articles of the texts in force a step carries out (依据), folded under the first of them.
struct BasisText: Sendable {
    let sources: [(source: ObligationCard.Source, summary: String)]

    /// What the bureau's texts say of such records today.
    init(of type: EntryType, words: [String: String], law: Law, on day: CivilDay, address: Address) {
        sources = RecordBasis(of: type, words: words, in: law.rules, on: day).provisions.map { provision in
            (.init(provision: provision.id, library: law.library, address: address), provision.summary)
        }
    }

    var html: HTML {
        guard let first = sources.first else { return "" }
        let rest = sources.count > 1 ? "等 \(sources.count) 条" : ""
        return """
            <details class="help basis"><summary>依据：\(first.source.label)\(rest)</summary><ul>\(sources.html { one in
                """
                <li>\(one.source.href.map { "<a href=\"\($0)\">\(one.source.label)</a>" as HTML } ?? "\(one.source.label)")：\(one.summary)</li>
                """
            })</ul></details>

            """
    }
}

extension Help {
    /// The article behind a question.
    init(behind provision: Provision, address: Address) {
        self.init(
            summary: "依据：\(provision.article)", text: provision.summary, href: address.provision(provision.id))
    }
}

extension [FieldModel] {
    /// The questions of a step, each with the article that asks for it, where one does and none stands beside it yet.
    ///
    /// Where one article asks for all of them, it is told once, above the form.
    func withArticles(
        of type: EntryType, words: [String: String], law: Law, on day: CivilDay, address: Address
    ) -> [FieldModel] {
        let basis = FieldBasis(of: type, words: words, in: law.rules, on: day)
        guard Set(compactMap { basis[$0.name]?.id }).count > 1 else { return self }
        return map { field in
            var field = field
            if field.article == nil, let provision = basis[field.name] {
                field.article = Help(behind: provision, address: address)
            }
            return field
        }
    }
}
