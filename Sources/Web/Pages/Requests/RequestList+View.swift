import Application
import Casework
import Hummingbird
import Kernel

/// The register of requests to consult or copy (查阅复制台账).
struct RequestListPage: Sendable {
    var address: Address
    var rows: [Row]
    var total: Int
    var number: Int
    var pages: Int
    var search: String
    var stage: String
    var state: String
    var sort: String
    var from: String
    var until: String
    var isOwn: Bool
    /// The query of a page of this list, without the page's number.
    var query: [(name: String, value: String)]

    /// One request.
    struct Row: Sendable, Hashable {
        var href: String
        var title: String
        var tag: Tag
        var handlers: String
        var opened: String
        var last: String
    }

    var page: Page {
        Page(
            title: "查阅复制台账", section: .requests,
            body: """
                <div class="head-row"><h1>\(isOwn ? "我经办的查阅、复制申请" : "查阅复制台账")</h1><p class="actions">\(RegisterExport.link(address.requestTable(query: RegisterExport.text(query)), total: total)) \(Button(label: "登记申请", href: address.newRequest()).html)</p></div>
                \(filters.html)\(rows.isEmpty ? empty : table)\(Pagination(page: number, pages: pages, total: total, href: href).html)
                """)
    }

    private var filters: FilterBar {
        FilterBar(
            action: address.requests, searchLabel: "申请人（至少两个字）", search: search,
            filters: [
                Filter(
                    name: "stage", label: "环节",
                    options: [.init(word: "", label: "全部")]
                        + RequestListPage.stages.map { .init(word: $0.stage.rawValue, label: $0.label) },
                    selected: stage),
                Filter(
                    name: "state", label: "状态",
                    options: [
                        .init(word: "", label: "全部"), .init(word: "open", label: "办理中"),
                        .init(word: "ended", label: "待办结"), .init(word: "filed", label: "已办结"),
                    ], selected: state),
                Filter(
                    name: "sort", label: "排序",
                    options: [
                        .init(word: "newest", label: "新登记的在前"), .init(word: "oldest", label: "早登记的在前"),
                        .init(word: "lastChange", label: "最近有变化的在前"), .init(word: "title", label: "按名称"),
                    ], selected: sort),
            ], days: [("from", "登记自", from), ("until", "登记至", until)])
    }

    /// What requests wait for, by the stage under which the register keeps them.
    static let stages: [(stage: Stage, label: String)] = [
        (.initiation, RequestFile.Standing.toCheck.chinese), (.investigation, RequestFile.Standing.toRedact.chinese),
        (.decision, RequestFile.Standing.toDecide.chinese), (.execution, RequestFile.Standing.toRelease.chinese),
        (.filing, "签收、办结"),
    ]

    private var empty: HTML {
        query.allSatisfy { $0.value.isEmpty }
            ? EmptyState(title: "没有查阅、复制申请", text: "当事人、律师、法院等申请查阅、复制执法记录的，在这里登记。").html
            : EmptyState(
                title: "没有找到申请", text: "换一个关键词，或者清除筛选条件。",
                action: Button(label: "清除条件", href: address.requests, style: .small)
            ).html
    }

    private var table: HTML {
        """
        <p class="count">共\(total)份</p>
        <table class="list"><thead><tr><th scope="col">申请</th><th scope="col">状态</th><th scope="col">经办</th><th scope="col">登记</th><th scope="col">最近变化</th></tr></thead>
        <tbody>\(rows.html { row in
            """
            <tr><td data-label="申请"><a href="\(row.href)">\(row.title)</a></td><td data-label="状态">\(row.tag.html)</td><td data-label="经办">\(row.handlers)</td><td data-label="登记" class="num">\(row.opened)</td><td data-label="最近变化" class="num">\(row.last)</td></tr>

            """
        })</tbody></table>

        """
    }

    private var href: @Sendable (Int) -> String {
        let (address, query) = (address, query)
        return { address.requests(query: RegisterExport.text(query + [("page", String($0))])) }
    }
}

extension CaseRow {
    /// Where a request stands, as its row tells it.
    var requestStanding: String {
        switch (state, stage) {
        case (.filed, _): "已办结"
        case (.ended, _): "待办结"
        case (_, .filing): RequestFile.Standing.released.chinese
        default: RequestListPage.stages.first { $0.stage == stage }?.label ?? "办理中"
        }
    }
}

extension WebServices {
    func requestList(_ request: Request, _ context: SignedInContext) async throws -> RequestListPage {
        let query = Form(query: request.uri.query)
        let address = Address(context.bureau.tag)
        var filter = requestFilter(query, context)
        filter.page = query["page"].flatMap { Decimal.strict(Array($0.utf8)) }.map { min(max($0, 1), 1_000_000) } ?? 1
        let found = try await context.bureau.registers.cases(filter)
        let names = try await context.bureau.names()
        let now = clock.now()
        return RequestListPage(
            address: address,
            rows: found.rows.map { row in
                .init(
                    href: address.request(row.thread), title: row.title,
                    tag: Tag(
                        text: row.requestStanding,
                        tone: row.state == .filed ? .done : row.state == .ended ? .quiet : .wait),
                    handlers: row.handlers.compactMap { names[$0] }.joined(separator: "、"),
                    opened: TermText.short(row.openedAt.day, at: now), last: TermText.short(row.lastAt.day, at: now))
            },
            total: found.total, number: filter.page, pages: (found.total + filter.pageSize - 1) / filter.pageSize,
            search: filter.text, stage: filter.stage?.rawValue ?? "", state: filter.state?.rawValue ?? "",
            sort: filter.sort.rawValue, from: filter.openedFrom?.day.description ?? "",
            until: filter.openedBefore?.day.advanced(by: -1).description ?? "",
            isOwn: context.identity.isOnlyOfficer,
            query: pairs(of: query, ["q", "stage", "state", "sort", "from", "until"]))
    }

    func requestTable(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let filter = requestFilter(Form(query: request.uri.query), context)
        let registers = context.bureau.registers
        let names = try await context.bureau.names()
        return SeparatedValues.download(
            named: "查阅复制台账 \(clock.now().day)", head: ["申请", "申请人", "状态", "经办", "登记日期", "最近变化", "办结日期"]
        ) { number in
            var filter = filter
            (filter.page, filter.pageSize) = (number, SeparatedValues.pageSize)
            return try await registers.cases(filter).rows.map { row in
                [
                    row.title, row.subjectName, row.requestStanding,
                    row.handlers.compactMap { names[$0] }.joined(separator: "、"), row.openedAt.day.description,
                    row.lastAt.day.description, row.filedAt?.day.description ?? "",
                ]
            }
        }
    }

    /// The filter of a query. Whoever is only an officer sees the requests that they work on.
    private func requestFilter(_ query: Form, _ context: SignedInContext) -> CaseFilter {
        var filter = caseFilter(query, context)
        filter.kind = CaseRow.requestKind
        return filter
    }
}
