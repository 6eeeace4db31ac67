import Casework
import HTTPTypes
import Kernel

/// The page of one lead: where it stands, what was done, what has to be done.
struct LeadPage: Sendable {
    var address: Address
    var kind: String
    var title: String
    var standing: String
    var meta: [(label: String, value: String, note: String)]
    /// The case that was started from it.
    var started: CasePage.StepLink?
    /// The form that starts one, for whoever may.
    var startHref: String?
    var notice: Notice?
    /// Opens a recorded look at what the reporter said; nil where there is nothing to look at, or it is open.
    var look: FormFrame?
    var isLooking: Bool
    var steps: [CasePage.StepLink]
    /// Its papers, the newest last.
    var papers: [Paper] = []
    var days: [CasePage.Day]
    var entryCount: Int
    var obligations: [ObligationCard]

    /// A paper of the lead.
    struct Paper: Sendable, Hashable {
        let title: String
        let href: String
        /// Its number, or when it was fixed.
        let note: String
        let tag: Tag
    }

    var page: Page {
        Page(
            title: title, section: .leads, crumbs: [.init(label: "线索台账", href: address.leads)], place: kind,
            body: """
                <h1>\(title)</h1>
                <div class="meta"><span>\(Tag(text: standing, tone: .wait).html)</span>\(meta.html { "<span>\($0.label) <b>\($0.value)</b>\($0.note)</span>" })</div>
                \(started.map { "<p class=\"hint\">\($0.label)：<a href=\"\($0.href)\">\($0.hint)</a></p>" as HTML })\(notice.map { $0.html })\(startBox)\(lookBox)<div class="cols wide">
                \(course)\(aside)</div>
                """)
    }

    private var startBox: HTML {
        guard let startHref else { return "" }
        return """
            <section class="next" aria-labelledby="next"><div><h2 id="next">下一步：启动执法程序</h2><p>从这条线索开展行政检查，线索和案件互相关联。</p></div><div class="go">\(Button(label: "去启动", href: startHref).html)</div></section>

            """
    }

    private var lookBox: HTML {
        if isLooking { return "<p class=\"hint\">您正在查看投诉举报的内容，本次查看已登记，三十分钟内有效。</p>\n" }
        guard let look else { return "" }
        return look.html(
            """
            <p class="hint">投诉举报人的姓名和内容依法保密，每次查看都登记。</p><p class="actions">\(Button(label: "登记并查看内容", style: .small).html)</p>

            """)
    }

    private var course: HTML {
        """
        <div>\(papers.isEmpty ? "" : paperList)<section class="course" aria-labelledby="course"><h2 id="course" class="rule">全过程 <span>\(entryCount) 条记录</span></h2>
        \(days.html { day in
            """
            <h3 class="day">\(day.label)</h3>
            <ol class="tl">\(day.events.html { CasePage.html($0) })</ol>

            """
        })</section></div>

        """
    }

    private var paperList: HTML {
        """
        <section aria-labelledby="papers"><h2 id="papers" class="rule">文书 <span>\(papers.count)份</span></h2>
        <ul class="tasks">\(papers.html { paper in
            """
            <li><span><a href="\(paper.href)">\(paper.title)</a><small>\(paper.note)</small></span>\(paper.tag.html)</li>

            """
        })</ul></section>

        """
    }

    private var aside: HTML { ThreadAside(subject: "这条线索", obligations: obligations, steps: steps).html }
}

/// The form of a step in a lead.
struct LeadFormPage: Sendable {
    var address: Address
    var title: String
    var lead: String
    /// The articles that the step carries out.
    var basis: HTML = ""
    var form: FormFrame
    var fields: [FieldModel]
    /// What stands before the form.
    var before: HTML = ""
    var button = "登记"
    var needsSecret = false
    var back: String
    var backTitle: String
    var errors: [(field: String, text: String)]
    var refusal: RefusalView?

    var page: Page {
        Page(
            title: title, section: .leads,
            crumbs: [.init(label: "线索台账", href: address.leads)]
                + (back == address.leads ? [] : [.init(label: backTitle, href: back)]),
            body: """
                \(refusal.map { $0.html })\(ErrorSummary(errors: errors).html)<h1>\(title)</h1>
                <p class="lead">\(lead)</p>
                \(basis)\(before)\(form.html("""
                    \(fields.html { $0.html })\(needsSecret ? ConfirmSecret(error: errors.first { $0.field == ConfirmSecret.field }?.text).html : "")<p class="actions">\(Button(label: button).html)\(Button(label: "返回", href: back, style: .link).html)</p>

                    """))
                """,
            isNarrow: true, status: errors.isEmpty && refusal == nil ? .ok : .unprocessableContent)
    }
}

/// The register of leads (线索台账).
struct LeadListPage: Sendable {
    var address: Address
    var rows: [Row]
    var total: Int
    var number: Int
    var pages: Int
    var search: String
    var state: String
    var sort: String
    var registers: Bool
    var isOwn: Bool
    /// The query of a page of this list, without the page's number.
    var query: [(name: String, value: String)]

    /// One lead.
    struct Row: Sendable, Hashable {
        /// Nil for whoever may not open it: that there is one, and who works on it, the register tells everybody.
        var href: String?
        var title: String
        var tag: Tag
        var handlers: String
        var opened: String
        var last: String
    }

    var page: Page {
        Page(
            title: "线索台账", section: .leads,
            body: """
                <div class="head-row"><h1>\(isOwn ? "我经办的线索" : "线索台账")</h1><p class="actions">\(RegisterExport.link(address.leadTable(query: RegisterExport.text(query)), total: total)) \(registers ? "\(Button(label: "登记投诉举报", href: address.newLead(.complaint)).html)\(Button(label: "登记申请", href: address.newLead(.application), style: .secondary).html)" as HTML : "")</p></div>
                \(filters.html)\(rows.isEmpty ? EmptyState(title: "没有线索", text: search.isEmpty && state.isEmpty ? "收到的投诉、举报、申请在这里登记。" : "换一个关键词，或者清除筛选条件。").html : table)\(Pagination(page: number, pages: pages, total: total, href: href).html)
                """)
    }

    private var filters: FilterBar {
        FilterBar(
            action: address.leads, searchLabel: "对象、事项或者申请人（至少两个字）", search: search,
            filters: [
                Filter(
                    name: "state", label: "状态",
                    options: [
                        .init(word: "", label: "全部"), .init(word: "open", label: "办理中"),
                        .init(word: "ended", label: "已启动程序"), .init(word: "filed", label: "已办结"),
                    ], selected: state),
                Filter(
                    name: "sort", label: "排序",
                    options: [
                        .init(word: "newest", label: "新登记的在前"), .init(word: "oldest", label: "早登记的在前"),
                        .init(word: "lastChange", label: "最近有变化的在前"), .init(word: "title", label: "按名称"),
                    ], selected: sort),
            ], days: [("from", "登记自", from), ("until", "登记至", until)])
    }

    private var from: String { query.first { $0.name == "from" }?.value ?? "" }
    private var until: String { query.first { $0.name == "until" }?.value ?? "" }

    private var table: HTML {
        """
        <p class="count">共\(total)条</p>
        <table class="list"><thead><tr><th scope="col">线索</th><th scope="col">状态</th><th scope="col">经办</th><th scope="col">登记</th><th scope="col">最近变化</th></tr></thead>
        <tbody>\(rows.html { row in
            """
            <tr><td data-label="线索">\(row.href.map { "<a href=\"\($0)\">\(row.title)</a>" as HTML } ?? "\(row.title)")</td><td data-label="状态">\(row.tag.html)</td><td data-label="经办">\(row.handlers)</td><td data-label="登记" class="num">\(row.opened)</td><td data-label="最近变化" class="num">\(row.last)</td></tr>

            """
        })</tbody></table>

        """
    }

    private var href: @Sendable (Int) -> String {
        let (address, query) = (address, query)
        return { address.leads(query: RegisterExport.text(query + [("page", String($0))])) }
    }
}
