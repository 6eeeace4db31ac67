import Casework
import Kernel

/// The list of cases with search, filters and pages.
struct CaseListPage: Sendable {
    var address: Address
    var rows: [Row]
    var total: Int
    var page1: Int
    var pages: Int
    var search: String
    var kind: String
    var state: String
    var stage: String
    var sort: String
    var opensCases: Bool
    /// Whether the list is only of the person's own cases.
    var isOwn: Bool
    /// Days of opening, as a date field has them; empty for any.
    var from = ""
    var until = ""
    /// The row of the law under which something is open in each of these cases; nil for all cases.
    var under: Under?
    /// With `under`: whether it is late in each of them.
    var isLate = false
    /// Whether there are more cases than were counted.
    var hasMore = false
    /// The query of a page of this list, without the page's number.
    var query: [(name: String, value: String)]

    /// A row of the law that the list is narrowed to.
    struct Under: Sendable, Hashable {
        let id: String
        /// How it is cited.
        let label: String
    }

    /// One case.
    struct Row: Sendable, Hashable {
        var href: String
        var title: String
        /// The case number; empty while it has none.
        var number = ""
        var subject: String
        var kind: String
        var stage: String
        var tag: Tag
        var opened: String
        var last: String
        var handlers: String
    }

    var page: Page {
        Page(
            title: "案件", section: .cases,
            body: """
                <div class="head-row"><h1>\(isOwn ? "我承办的案件" : "案件")</h1><p class="actions">\(RegisterExport.link(address.caseTable(query: RegisterExport.text(query)), total: total)) <a class="btn sec sm" href="\(address.supervision)">记录监督</a> \(opensCases ? Button(label: "适用简易程序", href: address.newSummary, style: .secondary).html + " " : "")\(opensCases ? Button(label: "开展行政检查", href: address.newInspection).html : "")</p></div>
                \(narrowed)\(filters.html)\(rows.isEmpty ? empty : table)\(Pagination(page: page1, pages: pages, total: total, href: href).html)
                """)
    }

    /// What the list is narrowed to, and the way back to all cases.
    private var narrowed: HTML {
        guard let under else { return "" }
        return """
            <p class="narrowed">只列依<a href="\(address.provision(under.id))">\(under.label)</a>\(isLate ? "有逾期事项" : "有待办事项")的案件。<a href="\(address.cases)">看全部案件</a></p>

            """
    }

    private var filters: FilterBar {
        func options(_ all: String, _ pairs: [(String, String)]) -> [FieldModel.Option] {
            [.init(word: "", label: all)] + pairs.map { .init(word: $0.0, label: $0.1) }
        }
        var bar = FilterBar(
            action: address.cases, searchLabel: "案由、当事人（至少两个字）或者案号", search: search,
            filters: [
                Filter(
                    name: "kind", label: "类型",
                    options: options("全部", CaseKind.allCases.map { ($0.rawValue, $0.chinese) }), selected: kind),
                Filter(
                    name: "stage", label: "阶段",
                    options: options("全部", Stage.allCases.map { ($0.rawValue, $0.chinese) }), selected: stage),
                Filter(
                    name: "state", label: "状态",
                    options: options("全部", CaseRow.State.allCases.map { ($0.rawValue, $0.chinese) }), selected: state),
                Filter(
                    name: "sort", label: "排序",
                    options: [
                        .init(word: "newest", label: "新立的在前"), .init(word: "oldest", label: "早立的在前"),
                        .init(word: "lastChange", label: "最近有变化的在前"), .init(word: "title", label: "按案由"),
                    ], selected: sort),
            ], days: [("from", "立案自", from), ("until", "立案至", until)])
        bar.kept = query.filter { ["row", "late", "rows"].contains($0.name) && !$0.value.isEmpty }
        return bar
    }

    private var empty: HTML {
        query.allSatisfy { $0.value.isEmpty || $0.name == "sort" }
            ? EmptyState(
                title: "还没有案件", text: "行政处罚案件从行政检查开始。",
                action: opensCases ? Button(label: "开展行政检查", href: address.newInspection, style: .small) : nil
            ).html
            : EmptyState(
                title: "没有找到案件", text: "换一个关键词，或者清除筛选条件。",
                action: Button(label: "清除条件", href: address.cases, style: .small)
            ).html
    }

    private var table: HTML {
        """
        <p class="count">\(hasMore ? "\(total)件以上，多写几个字可以缩小范围" : "共\(total)件")</p>
        <table class="list"><thead><tr><th scope="col">案由</th><th scope="col">当事人</th><th scope="col">类型</th><th scope="col">阶段</th><th scope="col">承办</th><th scope="col">立案</th></tr></thead>
        <tbody>\(rows.html { row in
            """
            <tr><td data-label="案由"><a href="\(row.href)">\(row.title)</a>\(row.number.isEmpty ? "" : "<small class=\"num\">\(row.number)</small>" as HTML)</td><td data-label="当事人">\(row.subject)</td><td data-label="类型">\(row.kind)</td><td data-label="阶段">\(row.tag.html)</td><td data-label="承办">\(row.handlers)</td><td data-label="立案" class="num">\(row.opened)</td></tr>

            """
        })</tbody></table>

        """
    }

    private var href: @Sendable (Int) -> String {
        let (address, query) = (address, query)
        return { page in
            address.cases(query: RegisterExport.text(query + [("page", String(page))]))
        }
    }
}

extension CaseListPage.Row {
    /// The case as a card of the work list.
    var card: HTML {
        """
        <li><a href="\(href)">\(title)</a><span class="card-meta">\(kind) · \(tag.html)<span>\(opened)开始，最近变化 \(last)</span></span></li>

        """
    }
}

extension CaseRow.State {
    /// The word on screens.
    var chinese: String {
        switch self {
        case .open: "在办"
        case .ended: "待归档"
        case .filed: "已归档"
        }
    }
}
