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
    /// The query of a page of this list, without the page's number.
    var query: [(name: String, value: String)]

    /// One case.
    struct Row: Sendable, Hashable {
        var href: String
        var title: String
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
                <div class="head-row"><h1>\(isOwn ? "我承办的案件" : "案件")</h1><p class="actions">\(opensCases ? Button(label: "开展行政检查", href: address.newInspection).html : "")\(opensCases ? Button(label: "适用简易程序", href: address.newSummary, style: .secondary).html : "")\(Button(label: "线索台账", href: address.leads, style: .secondary).html)</p></div>
                \(filters.html)\(rows.isEmpty ? empty : table)\(Pagination(page: page1, pages: pages, total: total, href: href).html)
                """)
    }

    private var filters: FilterBar {
        func options(_ all: String, _ pairs: [(String, String)]) -> [FieldModel.Option] {
            [.init(word: "", label: all)] + pairs.map { .init(word: $0.0, label: $0.1) }
        }
        return FilterBar(
            action: address.cases, searchLabel: "案由或者当事人（至少两个字）", search: search,
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
            ])
    }

    private var empty: HTML {
        search.isEmpty && kind.isEmpty && state.isEmpty && stage.isEmpty
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
        <p class="count">共\(total)件</p>
        <table class="list"><thead><tr><th scope="col">案由</th><th scope="col">当事人</th><th scope="col">类型</th><th scope="col">阶段</th><th scope="col">承办</th><th scope="col">立案</th></tr></thead>
        <tbody>\(rows.html { row in
            """
            <tr><td data-label="案由"><a href="\(row.href)">\(row.title)</a></td><td data-label="当事人">\(row.subject)</td><td data-label="类型">\(row.kind)</td><td data-label="阶段">\(row.tag.html)</td><td data-label="承办">\(row.handlers)</td><td data-label="立案" class="num">\(row.opened)</td></tr>

            """
        })</tbody></table>

        """
    }

    private var href: @Sendable (Int) -> String {
        let (address, query) = (address, query)
        return { page in
            let pairs = (query + [("page", String(page))]).filter { !$0.value.isEmpty }
            return address.cases(query: pairs.map { "\($0.name)=\(Percent.encode($0.value))" }.joined(separator: "&"))
        }
    }
}

extension CaseListPage.Row {
    /// The case as a card of the work list.
    var card: HTML {
        """
        <li><a href="\(href)">\(title)</a><span class="card-meta">\(kind) · \(tag.html)<span>最近变化 \(last)</span></span></li>

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
