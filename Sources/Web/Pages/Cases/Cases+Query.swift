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
        var filter = CaseFilter()
        filter.text = query.text("q")
        filter.kind = query["kind"].flatMap { CaseKind(rawValue: $0)?.rawValue }
        filter.state = query["state"].flatMap { CaseRow.State(rawValue: $0) }
        filter.stage = query["stage"].flatMap { Stage(rawValue: $0) }
        filter.sort = query["sort"].flatMap { CaseFilter.Sort(rawValue: $0) } ?? .newest
        filter.page = query["page"].flatMap { Decimal.strict(Array($0.utf8)) }.map { min(max($0, 1), 1_000_000) } ?? 1
        let isOwn = context.identity.isOnlyOfficer
        if isOwn { filter.handler = context.identity.person.thread }
        let found = try await context.bureau.registers.cases(filter)
        return CaseListPage(
            address: Address(context.bureau.tag), rows: try await rows(of: found.rows, context), total: found.total,
            page1: filter.page, pages: (found.total + filter.pageSize - 1) / filter.pageSize, search: filter.text,
            kind: filter.kind ?? "", state: filter.state?.rawValue ?? "", stage: filter.stage?.rawValue ?? "",
            sort: filter.sort.rawValue, opensCases: context.identity.has(anyOf: [.officer]), isOwn: isOwn,
            query: [
                ("q", filter.text), ("kind", filter.kind ?? ""), ("stage", filter.stage?.rawValue ?? ""),
                ("state", filter.state?.rawValue ?? ""), ("sort", filter.sort == .newest ? "" : filter.sort.rawValue),
            ])
    }

    func rows(of cases: [CaseRow], _ context: SignedInContext) async throws -> [CaseListPage.Row] {
        let now = clock.now()
        let names = try await context.bureau.names()
        return cases.map { row in
            CaseListPage.Row(
                href: Address(context.bureau.tag).file(row), title: row.title, subject: row.subjectName,
                kind: CaseKind(rawValue: row.kind)?.chinese ?? row.kind, stage: row.stage.chinese,
                tag: Tag(
                    text: row.state == .filed ? "已归档" : row.state == .ended ? "待归档" : row.stage.chinese,
                    tone: row.state == .filed ? .done : row.state == .ended ? .soon : .wait),
                opened: TermText.short(row.openedAt.day, at: now), last: TermText.short(row.lastAt.day, at: now),
                handlers: row.handlers.compactMap { names[$0] }.joined(separator: "、"))
        }
    }
}

extension BureauServices {
    /// Names of the bureau's people by thread.
    func names() async throws -> [ThreadTag: String] {
        Dictionary(try await registers.persons().map { ($0.thread, $0.name) }, uniquingKeysWith: { first, _ in first })
    }
}
