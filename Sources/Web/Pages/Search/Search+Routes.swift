import Application
import Casework
import Hummingbird
import Kernel

extension Routes {
    /// The search over everything.
    func addSearch(_ services: WebServices) {
        on(.get, "/b/{bureau}/search", .casework) { request, context in
            services.answer(try await services.searchPage(request, context).page, context)
        }
    }
}

extension WebServices {
    /// Hits of each sort where all are shown, and on a page of one sort.
    private static let (fewHits, manyHits) = (5, 25)

    /// What a person finds is what their lists show: officers their own cases, everybody else those of the bureau.
    func searchPage(_ request: Request, _ context: SignedInContext) async throws -> SearchPage {
        let query = Form(query: request.uri.query)
        var page = SearchPage(
            address: Address(context.bureau.tag), search: Highlight.words(in: query.text("q")).joined(separator: " "),
            scope: query["in"].flatMap { SearchPage.Scope(rawValue: $0) } ?? .all, sections: [],
            isOwn: context.identity.isOnlyOfficer)
        page.number = query["page"].flatMap { Decimal.strict(Array($0.utf8)) }.map { min(max($0, 1), 1000) } ?? 1
        guard !page.search.isEmpty else { return page }
        let size = page.scope == .all ? Self.fewHits : Self.manyHits
        if page.scope == .all { page.number = 1 }
        let wanted = page.scope == .all ? SearchPage.Scope.allCases : [page.scope]
        for scope in wanted {
            switch scope {
            case .all: continue
            case .cases: page.sections.append(try await files(nil, scope, page, size, context))
            case .leads: page.sections.append(try await files(CaseRow.leadKind, scope, page, size, context))
            case .parties: page.sections.append(try await parties(page, size, context))
            case .documents: page.sections.append(try await documents(page, size, context))
            }
        }
        if page.scope != .all, let only = page.sections.first {
            page.pages = Pagination.pages(
                total: only.total, size: size, hasMore: only.hasMore && only.hits.count == size, at: page.number)
        }
        return page
    }

    private func files(
        _ kind: String?, _ scope: SearchPage.Scope, _ page: SearchPage, _ size: Int, _ context: SignedInContext
    ) async throws -> SearchPage.Section {
        var filter = CaseFilter()
        (filter.text, filter.kind, filter.page, filter.pageSize) = (page.search, kind, page.number, size)
        filter.number = CaseNumber.searched(page.search)
        if page.isOwn { filter.handler = context.identity.person.thread }
        let found = try await context.bureau.registers.cases(filter)
        return SearchPage.Section(
            scope: scope,
            hits: try await rows(of: found.rows, context).map { row in
                .init(
                    href: row.href, title: row.title,
                    note: [row.number, row.subject, row.handlers, "\(row.opened)立案"].filter { !$0.isEmpty }.joined(
                        separator: " · "),
                    tag: row.tag)
            }, total: found.total, hasMore: found.hasMore)
    }

    private func parties(
        _ page: SearchPage, _ size: Int, _ context: SignedInContext
    ) async throws -> SearchPage.Section {
        // Parties are few where they are found; one more than the page shows that there is another page.
        let reach = page.number * size
        let found = try await context.bureau.registers.subjects(matching: page.search, limit: reach + 1)
        return SearchPage.Section(
            scope: .parties,
            hits: found.prefix(reach).dropFirst(reach - size).map { row in
                .init(
                    href: page.address.cases(query: "q=\(Percent.encode(row.name))"), title: row.name,
                    note: [row.kind == "individual" ? "个人" : "单位", row.code].filter { !$0.isEmpty }.joined(
                        separator: " · "),
                    tag: nil)
            }, total: min(found.count, reach), hasMore: found.count > reach)
    }

    private func documents(
        _ page: SearchPage, _ size: Int, _ context: SignedInContext
    ) async throws -> SearchPage.Section {
        var filter = DocumentRegisterFilter()
        filter.number = DocumentNumber(page.search)
        if filter.number == nil { filter.text = page.search }
        (filter.page, filter.pageSize) = (page.number, size)
        if page.isOwn { filter.handler = context.identity.person.thread }
        let library = try await context.bureau.casebook.chambers.law().library
        let found = try await context.bureau.registers.documentRegister(filter)
        return SearchPage.Section(
            scope: .documents,
            hits: found.lines.map { line in
                let document = line.document
                let title = library.kind(document.kind)?.title ?? document.kind
                return .init(
                    href: page.address.paper(line, for: context.identity),
                    title: document.numberText.isEmpty ? title : "\(title) \(document.numberText)",
                    note: "\(line.caseTitle) · \(line.subjectName)",
                    tag: Tag(text: document.state.chinese, tone: document.state.tone))
            }, total: found.total, hasMore: found.hasMore)
    }
}
