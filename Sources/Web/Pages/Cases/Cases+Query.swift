import Application
import Casework
import Hummingbird
import Kernel

extension Routes {
    /// The list of cases and the page of one case.
    func addCases(_ services: WebServices) {
        on(.get, "/b/{bureau}/cases", .casework) { request, context in
            services.answer(try await services.caseList(request, context).page, context)
        }
        on(.get, "/b/{bureau}/cases/{case}", .casework) { request, context in
            services.answer(try await services.casePage(request, context).page, context)
        }
    }
}

extension WebServices {
    func caseList(_ request: Request, _ context: SignedInContext) async throws -> CaseListPage {
        let query = Form(query: request.uri.query)
        var filter = caseFilter(query, context)
        filter.page = query["page"].flatMap { Decimal.strict(Array($0.utf8)) }.map { min(max($0, 1), 1_000_000) } ?? 1
        let under = try await narrow(&filter, byRowOf: query, context)
        let found = try await context.bureau.registers.cases(filter)
        return CaseListPage(
            address: Address(context.bureau.tag), rows: try await rows(of: found.rows, context), total: found.total,
            page1: filter.page,
            pages: Pagination.pages(
                total: found.total, size: filter.pageSize,
                hasMore: found.hasMore && found.rows.count == filter.pageSize,
                at: filter.page),
            search: filter.text,
            kind: filter.kind ?? "", state: filter.state?.rawValue ?? "", stage: filter.stage?.rawValue ?? "",
            sort: filter.sort.rawValue, opensCases: context.identity.has(anyOf: [.officer]),
            isOwn: filter.handler != nil,
            from: filter.openedFrom?.day.description ?? "",
            until: filter.openedBefore?.day.advanced(by: -1).description ?? "",
            under: under, isLate: filter.lateAt != nil, hasMore: found.hasMore,
            query: [
                ("row", filter.provision ?? ""), ("late", filter.lateAt == nil ? "" : "yes"),
                ("q", filter.text), ("kind", filter.kind ?? ""), ("stage", filter.stage?.rawValue ?? ""),
                ("state", filter.state?.rawValue ?? ""), ("sort", filter.sort == .newest ? "" : filter.sort.rawValue),
                ("from", query.text("from")), ("until", query.text("until")),
                ("rows", filter.pageSize == CaseFilter().pageSize ? "" : "\(filter.pageSize)"),
            ])
    }

    /// Narrows a list to the cases with something open, or late, under the row of the law that a query names; what
    /// nobody knows is not found.
    @discardableResult func narrow(
        _ filter: inout CaseFilter, byRowOf query: Form, _ context: SignedInContext
    ) async throws -> CaseListPage.Under? {
        let id = query.text("row")
        guard !id.isEmpty else { return nil }
        let law = try await context.bureau.casebook.chambers.law()
        guard law.library.provision(id) != nil else { throw WebRefusal.notFound }
        filter.provision = id
        if query["late"] == "yes" { filter.lateAt = clock.now() }
        let source = ObligationCard.Source(provision: id, library: law.library, address: Address(context.bureau.tag))
        return CaseListPage.Under(id: id, label: source.label)
    }

    func rows(of cases: [CaseRow], _ context: SignedInContext) async throws -> [CaseListPage.Row] {
        let now = clock.now()
        let numbers = try await context.bureau.registers.caseNumbers(of: cases.map(\.thread))
        let names = try await context.bureau.registers.names(of: Array(Set(cases.flatMap(\.handlers))))
        return cases.map { row in
            CaseListPage.Row(
                href: Address(context.bureau.tag).file(row), title: row.title, number: numbers[row.thread] ?? "",
                subject: row.subjectName,
                kind: CaseKind(rawValue: row.kind)?.chinese ?? row.kind, stage: row.stage.chinese,
                tag: Tag(
                    text: row.state == .filed ? "已归档" : row.state == .ended ? "待归档" : row.stage.chinese,
                    tone: row.state == .filed ? .done : row.state == .ended ? .soon : .wait),
                opened: "\(TermText.short(row.openedAt.day, at: now)) \(row.openedAt.clock)",
                last: "\(TermText.short(row.lastAt.day, at: now)) \(row.lastAt.clock)",
                handlers: row.handlers.compactMap { names[$0] }.joined(separator: "、"))
        }
    }
}

extension BureauServices {
    /// Names of the bureau's people by thread.
    func names() async throws -> [ThreadTag: String] {
        try await registers.names()
    }
}
