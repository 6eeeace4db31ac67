import Application
import Casework
import Kernel

/// One regulation to be read (制度条文): each row with what it says, what the system does for it, and where people act.
struct RegulationReader: Sendable {
    var address: Address
    var text: LoadedRegulation
    /// What of this text the bureau has adopted; nil if nothing of this file.
    var span: RulesInForce.Span?
    var library: RuleLibrary
    var search = ""
    var modality: Provision.Modality?
    var kind: Provision.Kind?

    /// The rows that words, modality and kind leave, in the order of the text. Every word has to occur.
    var rows: [Provision] {
        let words = search.split(whereSeparator: \.isWhitespace).map { Array($0.utf8) }
        return text.regulation.provisions.filter { row in
            if let modality, row.modality != modality { return false }
            if let kind, row.kind != kind { return false }
            guard !words.isEmpty else { return true }
            let searched = Array(([row.article, row.summary] + row.duties.map(\.demand)).joined(separator: "\n").utf8)
            return words.allSatisfy { searched.contains(sequence: $0) }
        }
    }

    var page: Page {
        let regulation = text.regulation
        let rows = rows
        return Page(
            title: regulation.title, section: .regulations,
            crumbs: [.init(label: "制度", href: address.regulations)],
            body: """
                <p class="eyebrow">\(regulation.issuer) \(Self.adoption(span).html)\(regulation.standing == .parentLaw ? " \(Tag(text: "上位法", tone: .quiet).html)" as HTML : "")</p>
                <h1>\(regulation.title)</h1>
                <p class="lead">第\(regulation.version)版，共\(regulation.provisions.count)条。以下是逐条摘要和系统的落实方式，不是制度原文。</p>
                \(bar.html)<p class="count">\(rows.count == regulation.provisions.count ? "" : "找到\(rows.count)条。")<a href="\(address.comparison(left: regulation.id))">与另一部制度对照</a></p>
                \(rows.isEmpty ? EmptyState(title: "没有找到条文", text: "换一个关键词，或者清除筛选条件。", action: Button(label: "清除条件", href: address.regulation(regulation.id), style: .small)).html : rows.html { row($0) })<p class="anchor">制度编号 <code>\(regulation.id)</code>，文件摘要 <code>\(text.digest.description)</code></p>
                """,
            isNarrow: true)
    }

    /// Whether this bureau applies a text.
    static func adoption(_ span: RulesInForce.Span?) -> Tag {
        span == nil ? Tag(text: "本机关没有施行", tone: .quiet) : Tag(text: "本机关施行", tone: .done)
    }

    private var bar: FilterBar {
        FilterBar(
            action: address.regulation(text.regulation.id), searchLabel: "条文中的词", search: search,
            filters: [
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
            ])
    }

    private func row(_ row: Provision) -> HTML {
        let kinds = library.kinds.mapValues(\.kind)
        let duties: HTML = row.duties.html { duty in
            let explanation = DutyExplanation(
                duty, matters: library.matters, kinds: kinds, settings: text.regulation.settings,
                offices: text.regulation.offices)
            return "<p>\(explanation.sentences.joined())\(duty.level.map { "音像记录：\($0.chinese)。" } ?? "")</p>\n"
        }
        let allows: HTML = row.allows.html { "<p>许可：\($0.what)。</p>\n" }
        let figures: HTML = row.figures.html { "<p>报表指标：\($0.title)。</p>\n" }
        return """
            <section class="card" id="\(Address.anchor(of: row.id))"><h3>\(row.article) \(Tag(text: row.modality.chinese, tone: .quiet).html)\(Tag(text: row.kind.chinese, tone: row.kind == .policy ? .quiet : .wait).html)</h3>
            <p>\(row.summary)</p>
            \(row.source.map { "<p class=\"hint\">出处：\($0.citation)\($0.confirmed ? "" : "（尚未与官方文本核对）")</p>\n" as HTML })<div class="hint">\(row.policyReason.map { "<p>由人落实，系统不作判断：\($0)</p>\n" as HTML })\(duties)\(allows)\(figures)</div>
            <p class="hint"><a href="\(address.provision(row.id))">条文说明</a></p></section>

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
