import Application
import Casework
import Hummingbird
import Kernel

extension Routes {
    /// How long files are kept, and what stands against destroying one. Nothing is destroyed here.
    func addRetention(_ services: WebServices) {
        on(.get, "/b/{bureau}/retention", .retaining) { request, context in
            try await services.retentionList(Form(query: request.uri.query), context)
        }
        on(.get, "/b/{bureau}/cases/{case}/retention", .casework) { _, context in
            try await services.retentionPage(context)
        }
    }
}

extension Address {
    /// Filed cases with the terms of their files.
    func retention(page: Int = 1) -> String { "\(base)/retention\(page == 1 ? "" : "?page=\(page)")" }
    func retention(of thread: ThreadTag) -> String { "\(caseFile(thread))/retention" }
}

/// The files of filed cases with their terms (案卷保管期限), those opened first in front.
struct RetentionListPage: Sendable {
    var address: Address
    var rows: [Row]
    var total: Int
    var number: Int
    var pages: Int

    /// One filed case.
    struct Row: Sendable, Hashable {
        let href: String
        let title: String
        let filed: String
        let term: String
        let lastDay: String
        let tag: Tag
        let judged: String
    }

    var page: Page {
        Page(
            title: "案卷保管期限", section: .cases, crumbs: [.init(label: "案件", href: address.cases)],
            body: """
                <h1>案卷保管期限</h1>
                <p class="lead">已归档案卷按封面写明的保管期限保存，从归档之日起算。保管期满只在这里标明，系统不会因此删去、销毁任何材料。</p>
                \(rows.isEmpty ? EmptyState(title: "还没有归档的案卷", text: "案件归档以后，案卷的保管期限列在这里。", action: nil).html : table)\(Pagination(page: number, pages: pages, total: total, href: { [address] in address.retention(page: $0) }).html)
                """)
    }

    private var table: HTML {
        """
        <p class="count">共\(total)卷</p>
        <table class="list"><thead><tr><th scope="col">案件</th><th scope="col">归档</th><th scope="col">保管期限</th><th scope="col">期满</th><th scope="col">状态</th><th scope="col">销毁</th></tr></thead>
        <tbody>\(rows.html { row in
            """
            <tr><td data-label="案件"><a href="\(row.href)">\(row.title)</a></td><td data-label="归档" class="num">\(row.filed)</td><td data-label="保管期限">\(row.term)</td><td data-label="期满" class="num">\(row.lastDay)</td><td data-label="状态">\(row.tag.html)</td><td data-label="销毁"><a href="\(row.judged)">能否销毁<span class="vh">：\(row.title)</span></a></td></tr>

            """
        })</tbody></table>

        """
    }
}

extension Retention {
    /// The term in words, and where it stands.
    func tag(on day: CivilDay) -> Tag {
        switch term {
        case .permanent?: Tag(text: "永久保管", tone: .quiet)
        case nil: Tag(text: "没有写明期限", tone: .soon)
        default: isOver(on: day) ? Tag(text: "保管期满", tone: .wait) : Tag(text: "保管中", tone: .quiet)
        }
    }
}

extension WebServices {
    func retentionList(_ query: Form, _ context: SignedInContext) async throws -> Response {
        let address = Address(context.bureau.tag)
        let now = clock.now()
        var filter = CaseFilter()
        filter.state = .filed
        filter.sort = .oldest
        filter.page = query["page"].flatMap { Decimal.strict(Array($0.utf8)) }.map { min(max($0, 1), 1_000_000) } ?? 1
        let found = try await context.bureau.registers.cases(filter)
        var rows: [RetentionListPage.Row] = []
        for row in found.rows {
            // The cover stands in the case: a page of the list reads as many cases as it shows.
            let work = try await context.bureau.casebook.load(row.thread).work
            guard let kept = Retention(work) else { continue }
            rows.append(
                .init(
                    href: address.caseFile(row.thread), title: row.title, filed: kept.filedAt.day.chinese,
                    term: kept.term?.chinese ?? "没有写明", lastDay: kept.lastDay?.chinese ?? "",
                    tag: kept.tag(on: now.day), judged: address.retention(of: row.thread)))
        }
        return answer(
            RetentionListPage(
                address: address, rows: rows, total: found.total, number: filter.page,
                pages: Pagination.pages(
                    total: found.total, size: filter.pageSize, hasMore: found.hasMore, at: filter.page)
            ).page, context)
    }

    /// What the texts in force would say to destroying this file today, judged as the record of it would be.
    func retentionPage(_ context: SignedInContext) async throws -> Response {
        let view = try await context.bureau.visibleCase(context)
        let law = try await context.bureau.casebook.chambers.law()
        let address = Address(context.bureau.tag)
        let now = clock.now()
        let work = view.work
        let kept = Retention(work)
        let disposal = DisposalForesight(view: view, law: law, now: now)
        let reasons = disposal.refusals.map { RefusalView.Reason($0, library: law.library, address: address) }
        let verdict: HTML =
            reasons.isEmpty
            ? Notice(
                title: "现行制度没有不许销毁的要求",
                paragraphs: ["销毁要由档案管理人员提出、行政机关负责人批准。本系统现在不办理销毁，什么也没有销毁；案卷继续保存。"]
            ).html
            : RefusalView(
                title: "这份案卷现在不能销毁", message: "下列要求没有满足，系统不受理销毁。", reasons: reasons, isForeseen: true
            ).html
        let rows: [SummaryList.Row] = [
            .init(label: "归档", value: "\(kept.map { $0.filedAt.day.chinese } ?? "还没有归档")"),
            .init(label: "保管期限", value: "\(kept.map { $0.term?.chinese ?? "封面没有写明" } ?? "归档时由封面写明")"),
            .init(
                label: "保管期满",
                value: "\(kept?.lastDay?.chinese ?? (kept?.term == .permanent ? "永久保管，没有期满的一天" : "无从起算"))"),
        ]
        let isKeeper = Right.retaining.fits(context.identity.person)
        return answer(
            Page(
                title: "案卷保管", section: .cases,
                crumbs: [
                    .init(label: "案件", href: address.cases),
                    .init(label: work.title ?? "", href: address.caseFile(work.thread)),
                ],
                body: """
                    <h1>案卷保管</h1>
                    \(SummaryList(rows: rows).html)\(verdict)<p class="actions">\(isKeeper ? Button(label: "全部案卷的保管期限", href: address.retention(), style: .link).html : "")</p>
                    """), context)
    }
}
