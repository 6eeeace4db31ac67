import Application
import Casework
import Kernel

/// One regulation to be read (制度条文): each row with what it says, what the system does for it, and what is open under it.
struct RegulationReader: Sendable {
    var address: Address
    var text: LoadedRegulation
    /// What of this text the bureau has adopted; nil if nothing of this file.
    var span: RulesInForce.Span?
    var library: RuleLibrary
    /// What is open under each row of the cases that the reader may see; nil for who sees no cases.
    var open: [String: OpenCount]?
    var search = ""
    var modality: Provision.Modality?
    var kind: Provision.Kind?
    /// Whether only rows under which something is open are shown.
    var onlyOpen = false

    /// The rows that words, modality and kind leave, in the order of the text. Every word has to occur.
    var rows: [Provision] {
        let words = search.split(whereSeparator: \.isWhitespace).map { Array($0.utf8) }
        return text.regulation.provisions.filter { row in
            if let modality, row.modality != modality { return false }
            if let kind, row.kind != kind { return false }
            if onlyOpen, open?[row.id] == nil { return false }
            guard !words.isEmpty else { return true }
            let searched = Array(
                ([row.article, row.summary] + row.duties.map(\.demand) + row.allows.map(\.what)).joined(separator: "\n")
                    .utf8)
            return words.allSatisfy { searched.contains(sequence: $0) }
        }
    }

    var page: Page {
        let regulation = text.regulation
        let rows = rows
        let isWhole = rows.count == regulation.provisions.count
        return Page(
            title: regulation.title, section: .regulations,
            crumbs: [.init(label: "制度", href: address.regulations)],
            body: """
                <p class="eyebrow">\(regulation.issuer) \(Self.adoption(span).html)\(regulation.standing == .parentLaw ? " \(Tag(text: "上位法", tone: .quiet).html)" as HTML : "")</p>
                <h1>\(regulation.title)</h1>
                <p class="lead">第\(regulation.version)版，分为\(regulation.provisions.count)项（一条里有几项要求的，分开列）。以下是逐条摘要和系统的落实方式，不是制度原文。</p>
                <p class="actions screen-only"><a class="btn sec sm" href="\(address.comparison(left: regulation.id))">与另一部制度对照</a><button type="button" class="btn sec sm" data-print hidden>打印</button></p>
                \(bar.html)\(contents(rows))<p class="count">\(isWhole ? "" : "找到\(rows.count)项。")\(total)</p>
                \(rows.isEmpty ? EmptyState(title: "没有找到条文", text: "换一个关键词，或者清除筛选条件。", action: Button(label: "清除条件", href: address.regulation(regulation.id), style: .small)).html : rows.html { row($0) })<p class="anchor">制度编号 <code>\(regulation.id)</code>，文件摘要 <code>\(text.digest.description)</code></p>
                """,
            isNarrow: true)
    }

    /// Whether this bureau applies a text.
    static func adoption(_ span: RulesInForce.Span?) -> Tag {
        span == nil ? Tag(text: "本机关没有施行", tone: .quiet) : Tag(text: "本机关施行", tone: .done)
    }

    private var total: HTML {
        guard let open else { return "" }
        let rows = text.regulation.provisions.compactMap { open[$0.id] }
        guard !rows.isEmpty else { return "现在没有依本制度应办而未办的事项。" }
        let late = rows.count { $0.late > 0 }
        return "现在有\(rows.count)项之下有待办事项\(late > 0 ? "，其中\(late)项之下有逾期的" : "")。"
    }

    private var bar: FilterBar {
        var filters = [
            Filter(
                name: "modality", label: "约束力",
                options: [.init(word: "", label: "全部")]
                    + Provision.Modality.allCases.map { .init(word: $0.rawValue, label: $0.chinese) },
                selected: modality?.rawValue ?? ""),
            Filter(
                name: "kind", label: "落实方式",
                options: [.init(word: "", label: "全部")]
                    + Provision.Kind.allCases.map { .init(word: $0.rawValue, label: $0.chinese) },
                selected: kind?.rawValue ?? ""),
        ]
        if open != nil {
            filters.append(
                Filter(
                    name: "open", label: "待办",
                    options: [.init(word: "", label: "全部"), .init(word: "yes", label: "有待办的")],
                    selected: onlyOpen ? "yes" : ""))
        }
        return FilterBar(
            action: address.regulation(text.regulation.id), searchLabel: "条文中的词", search: search, filters: filters)
    }

    /// The articles of the rows that are shown, each leading to its first row.
    private func contents(_ rows: [Provision]) -> HTML {
        var articles: [(name: String, row: String)] = []
        for row in rows {
            let name = Self.article(row.article)
            if articles.last?.name != name { articles.append((name, row.id)) }
        }
        guard articles.count > 1 else { return "" }
        return """
            <details class="contents screen-only"><summary>按条跳转</summary><nav aria-label="条文"><ul>\(articles.html { article in
                "<li><a href=\"#\(Address.anchor(of: article.row))\">\(article.name)</a></li>"
            })</ul></nav></details>

            """
    }

    /// The article without its paragraphs and items: `第八条` of `第八条第二款`, `第二部分（一）` of `第二部分（一）3（2）`.
    static func article(_ citation: String) -> String {
        if let end = citation.firstIndex(of: "条") { return String(citation[...end]) }
        if citation.contains("部分"), let end = citation.firstIndex(of: "）") { return String(citation[...end]) }
        return citation
    }

    private func row(_ row: Provision) -> HTML {
        let kinds = library.kinds.mapValues(\.kind)
        let duties: HTML = row.duties.html { duty in
            let told = DutyExplanation(
                duty, matters: library.matters, kinds: kinds, settings: text.regulation.settings,
                offices: text.regulation.offices)
            let level = duty.level.map { "音像记录：\($0.chinese)。" } ?? ""
            return "<li><b>\(told.sentences.first ?? "")</b>\(told.sentences.dropFirst().joined())\(level)</li>\n"
        }
        let allows: HTML = row.allows.html { "<li><b>许可：\($0.what)。</b>\($0.covered(kinds))。</li>\n" }
        let figures: HTML = row.figures.html { "<li><b>报表指标：\($0.title)。</b></li>\n" }
        let policy: HTML? = row.policyReason.map { "<p class=\"hint\">由人落实，系统不作判断：\($0)</p>\n" }
        let rules: HTML = "\(duties)\(allows)\(figures)"
        return """
            <section class="card" id="\(Address.anchor(of: row.id))"><h2>\(row.article) \(Tag(text: row.modality.chinese, tone: .quiet).html)\(Tag(text: row.kind.chinese, tone: row.kind == .policy ? .quiet : .wait).html)</h2>
            <p>\(row.summary)</p>
            \(row.source.map { "<p class=\"hint\">出处：\($0.citation)\($0.confirmed ? "" : "（尚未与官方文本核对）")</p>\n" as HTML })\(policy)\(rules.isEmpty ? "" : "<details class=\"rules\" open><summary>系统怎样落实</summary><ul>\(rules)</ul></details>\n" as HTML)\(current(row))<p class="hint screen-only"><a href="\(address.provision(row.id))">条文说明</a></p></section>

            """
    }

    /// What is open under a row now, with the way to the cases.
    private func current(_ row: Provision) -> HTML {
        guard let count = open?[row.id] else { return "" }
        let late: HTML =
            count.late == 0
            ? ""
            : "，<a class=\"late\" href=\"\(address.cases(under: row.id, late: true))\">逾期\(count.late)项</a>"
        return """
            <p class="current">现在<a href="\(address.cases(under: row.id))">待办\(count.open)项</a>\(late)</p>

            """
    }
}

extension Provision.Kind {
    /// The word on pages.
    var chinese: String {
        switch self {
        case .enforce: "程序关口"
        case .deadline: "期限"
        case .record: "记录"
        case .access: "查阅权限"
        case .retain: "保管"
        case .device: "设备"
        case .publish: "公示"
        case .report: "统计报告"
        case .policy: "由人落实"
        }
    }
}
