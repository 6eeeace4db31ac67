import Casework
import Kernel

/// One search over everything that has a name or a number (综合查找): cases, leads, parties, documents.
struct SearchPage: Sendable {
    var address: Address
    var search: String
    var scope: Scope
    var sections: [Section]
    var number = 1
    /// Pages of the one scope; 1 where all are shown.
    var pages = 1
    /// Whether the lists are only of the person's own cases.
    var isOwn: Bool

    /// What is searched.
    enum Scope: String, Sendable, CaseIterable {
        case all, cases, leads, parties, documents

        var chinese: String {
            switch self {
            case .all: "全部"
            case .cases: "案件"
            case .leads: "线索"
            case .parties: "当事人"
            case .documents: "文书"
            }
        }
    }

    /// What was found of one sort.
    struct Section: Sendable {
        var scope: Scope
        var hits: [Hit]
        /// How many there are, as far as they were counted.
        var total: Int
        var hasMore = false
    }

    /// One thing that was found.
    struct Hit: Sendable, Hashable {
        var href: String
        var title: String
        var note: String
        var tag: Tag?
    }

    var page: Page {
        Page(
            title: "查找", section: .cases, crumbs: [.init(label: "案件", href: address.cases)], place: "查找",
            body: """
                <h1>查找</h1>
                \(bar.html)\(results)\(Pagination(page: number, pages: pages, total: sections.first?.total ?? 0, href: href).html)
                """)
    }

    private var bar: FilterBar {
        FilterBar(
            action: address.search, searchLabel: "案由、当事人、代码、案号或者文号", search: search,
            filters: [
                Filter(
                    name: "in", label: "范围",
                    options: Scope.allCases.map { .init(word: $0.rawValue, label: $0.chinese) },
                    selected: scope.rawValue)
            ])
    }

    private var results: HTML {
        if search.isEmpty {
            return """
                <p class="hint">写案由、当事人名称里连续的几个字，或者统一社会信用代码、文号（连年份一起，例如“〔2026〕12号”），或者案号（从头写起，例如“清统查〔2026〕”）。几个词用空格隔开，同时含有的才列出。\(isOwn ? "只查您承办的案件。" : "")</p>

                """
        }
        let found = sections.filter { !$0.hits.isEmpty }
        guard !found.isEmpty else {
            return EmptyState(
                title: "没有找到", text: "换一个词，或者少写几个字。文号请连年份一起填写，案号请从头写起。\(isOwn ? "这里只查您承办的案件。" : "")",
                action: Button(label: "重新查找", href: address.search, style: .small)
            ).html
        }
        let marks = Highlight(search)
        return found.html { section in
            """
            <section aria-labelledby="found-\(section.scope.rawValue)"><h2 id="found-\(section.scope.rawValue)" class="rule">\(section.scope.chinese) <span>\(section.hasMore ? "\(section.total)以上" : "\(section.total)")</span></h2>
            <ul class="case-cards">\(section.hits.html { hit in
                """
                <li><p class="card-title"><a href="\(hit.href)">\(marks.html(hit.title))</a>\(hit.tag.map { " \($0.html)" as HTML })</p><p class="card-note">\(marks.html(hit.note))</p></li>

                """
            })</ul>\(more(section))</section>

            """
        }
    }

    private func more(_ section: Section) -> HTML {
        guard scope == .all, section.total > section.hits.count || section.hasMore else { return "" }
        return """
            <p><a href="\(address.search(search, in: section.scope))">看全部\(section.scope.chinese)</a></p>

            """
    }

    private var href: @Sendable (Int) -> String {
        let (address, search, scope) = (address, search, scope)
        return { "\(address.search(search, in: scope))&page=\($0)" }
    }
}

extension Address {
    /// One search over cases, leads, parties and documents.
    var search: String { "\(base)/search" }
    func search(_ text: String, in scope: SearchPage.Scope) -> String {
        "\(search)?q=\(Percent.encode(text))&in=\(scope.rawValue)"
    }
}
