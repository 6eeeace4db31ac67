import Casework
import Kernel

/// The register of documents (文书台账): every document of the cases that the person may see.
struct DocumentRegisterView: Sendable {
    var address: Address
    var rows: [Row]
    var total: Int
    var number: Int
    var pages: Int
    var search: String
    var kind: String
    var state: String
    var from: String
    var until: String
    /// Whether there are more documents than were counted.
    var hasMore = false
    /// Kinds that can be chosen.
    var kinds: [(name: String, title: String)]
    /// The query of a page of this list, without the page's number.
    var query: [(name: String, value: String)]

    /// One document.
    struct Row: Sendable, Hashable {
        var href: String
        var title: String
        var numberText: String
        var caseHref: String
        var caseTitle: String
        var subject: String
        var tag: Tag
        var fixed: String
        var issued: String
    }

    var page: Page {
        Page(
            title: "文书台账", section: .documents,
            body: """
                <div class="head-row"><h1>文书台账</h1><p class="actions"><a class="btn sm" href="\(address.scans)">扫描归件</a> \(RegisterExport.link(address.documentTable(query: RegisterExport.text(query)), total: total))</p></div>
                \(filters.html)\(rows.isEmpty ? empty : table)\(Pagination(page: number, pages: pages, total: total, href: href).html)
                """)
    }

    private var filters: FilterBar {
        FilterBar(
            action: address.documents, searchLabel: "文号，或者案由、当事人（至少两个字）", search: search,
            filters: [
                Filter(
                    name: "kind", label: "文书",
                    options: [.init(word: "", label: "全部")] + kinds.map { .init(word: $0.name, label: $0.title) },
                    selected: kind),
                Filter(
                    name: "state", label: "状态",
                    options: [.init(word: "", label: "全部")]
                        + DocumentRow.State.allCases.map { .init(word: $0.rawValue, label: $0.chinese) },
                    selected: state),
            ], days: [("from", "定稿自", from), ("until", "定稿至", until)])
    }

    private var empty: HTML {
        query.allSatisfy { $0.value.isEmpty }
            ? EmptyState(title: "还没有文书", text: "案件中的文书定稿以后，会列在这里。", action: nil).html
            : EmptyState(
                title: "没有找到文书", text: "按文号查找时请连年份一起填写，例如“〔2026〕12号”。也可以换一个关键词，或者清除筛选条件。",
                action: Button(label: "清除条件", href: address.documents, style: .small)
            ).html
    }

    private var table: HTML {
        """
        <p class="count">\(hasMore ? "\(total)份以上，多写几个字可以缩小范围" : "共\(total)份")</p>
        <table class="list"><thead><tr><th scope="col">文书</th><th scope="col">文号</th><th scope="col">案件</th><th scope="col">当事人</th><th scope="col">状态</th><th scope="col">定稿</th><th scope="col">制发</th></tr></thead>
        <tbody>\(rows.html { row in
            """
            <tr><td data-label="文书"><a href="\(row.href)">\(row.title)</a></td><td data-label="文号">\(row.numberText)</td><td data-label="案件"><a href="\(row.caseHref)">\(row.caseTitle)</a></td><td data-label="当事人">\(row.subject)</td><td data-label="状态">\(row.tag.html)</td><td data-label="定稿" class="num">\(row.fixed)</td><td data-label="制发" class="num">\(row.issued)</td></tr>

            """
        })</tbody></table>

        """
    }

    private var href: @Sendable (Int) -> String {
        let (address, query) = (address, query)
        return { address.documents(query: RegisterExport.text(query + [("page", String($0))])) }
    }
}

/// What the registers have in common when they are given out as a table.
enum RegisterExport {
    /// The link that downloads a register as it is filtered, and says so when it would not be whole.
    static func link(_ href: String, total: Int) -> HTML {
        total > SeparatedValues.limit
            ? "<a class=\"btn sec sm\" href=\"\(href)\">导出表格</a> <small>一次导出前 \(SeparatedValues.limit) 行，请按日期分段</small>"
            : "<a class=\"btn sec sm\" href=\"\(href)\">导出表格</a>"
    }

    /// Pairs as the query of an address, without those that have no value.
    static func text(_ query: [(name: String, value: String)]) -> String {
        query.filter { !$0.value.isEmpty }.map { "\($0.name)=\(Percent.encode($0.value))" }.joined(separator: "&")
    }
}

extension DocumentRow.State {
    /// The word on screens.
    var chinese: String {
        switch self {
        case .fixed: "待签署"
        case .signed: "已签署"
        case .issued: "已制发"
        case .void: "已作废"
        case .corrected: "已补正"
        case .superseded: "已替代"
        }
    }
}
