import Application
import Casework
import Hummingbird
import Kernel

extension Routes {
    /// The registers that are given out as tables, and the register of documents.
    func addRegisters(_ services: WebServices) {
        on(.get, "/b/{bureau}/documents", .casework) { request, context in
            services.answer(try await services.documentRegister(request, context).page, context)
        }
        on(.get, "/b/{bureau}/tables/documents", .casework) { request, context in
            try await services.documentTable(request, context)
        }
        on(.get, "/b/{bureau}/tables/cases", .casework) { request, context in
            try await services.caseTable(request, context)
        }
    }
}

extension WebServices {
    func documentRegister(_ request: Request, _ context: SignedInContext) async throws -> DocumentRegisterView {
        let query = Form(query: request.uri.query)
        var filter = documentFilter(query, context)
        filter.page = query["page"].flatMap { Decimal.strict(Array($0.utf8)) }.map { min(max($0, 1), 1_000_000) } ?? 1
        let library = try await context.bureau.casebook.chambers.law().library
        let address = Address(context.bureau.tag)
        let now = clock.now()
        let found = try await context.bureau.registers.documentRegister(filter)
        return DocumentRegisterView(
            address: address,
            rows: found.lines.map { line in
                let document = line.document
                return DocumentRegisterView.Row(
                    href: address.paper(line, for: context.identity),
                    title: library.kind(document.kind)?.title ?? document.kind, numberText: document.numberText,
                    caseHref: address.file(of: line, for: context.identity), caseTitle: line.caseTitle,
                    subject: line.subjectName, tag: Tag(text: document.state.chinese, tone: document.state.tone),
                    fixed: TermText.short(document.fixedAt.day, at: now),
                    issued: document.issuedAt.map { TermText.short($0.day, at: now) } ?? "")
            },
            total: found.total, number: filter.page,
            pages: Pagination.pages(
                total: found.total, size: filter.pageSize,
                hasMore: found.hasMore && found.lines.count == filter.pageSize,
                at: filter.page),
            search: query.text("q"), kind: filter.kind ?? "", state: filter.state?.rawValue ?? "",
            from: filter.fixedFrom?.day.description ?? "",
            until: filter.fixedBefore?.day.advanced(by: -1).description ?? "",
            hasMore: found.hasMore,
            kinds: library.kinds.values.map(\.kind).sorted { ($0.row, $0.name) < ($1.row, $1.name) }
                .map { ($0.name, $0.title) },
            query: pairs(of: query, ["q", "kind", "state", "from", "until"])
                + [("rows", filter.pageSize == DocumentRegisterFilter().pageSize ? "" : "\(filter.pageSize)")])
    }

    func documentTable(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let filter = documentFilter(Form(query: request.uri.query), context)
        let library = try await context.bureau.casebook.chambers.law().library
        let registers = context.bureau.registers
        return SeparatedValues.download(
            named: "文书台账 \(clock.now().day)", head: ["文书", "文号", "案件", "当事人", "状态", "定稿时间", "制发时间"]
        ) { number in
            var filter = filter
            (filter.page, filter.pageSize) = (number, SeparatedValues.pageSize)
            return try await registers.documentRegister(filter).lines.map { line in
                [
                    library.kind(line.document.kind)?.title ?? line.document.kind, line.document.numberText,
                    line.caseTitle, line.subjectName, line.document.state.chinese,
                    "\(line.document.fixedAt.day) \(line.document.fixedAt.clock)",
                    line.document.issuedAt.map { "\($0.day) \($0.clock)" } ?? "",
                ]
            }
        }
    }

    func caseTable(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let query = Form(query: request.uri.query)
        var narrowed = caseFilter(query, context)
        try await narrow(&narrowed, byRowOf: query, context)
        let filter = narrowed
        let registers = context.bureau.registers
        let names = try await context.bureau.names()
        return SeparatedValues.download(
            named: "案件台账 \(clock.now().day)",
            head: ["案号", "案由", "当事人", "类型", "阶段", "状态", "承办", "立案日期", "终结日期", "归档日期"]
        ) { number in
            var filter = filter
            (filter.page, filter.pageSize) = (number, SeparatedValues.pageSize)
            let rows = try await registers.cases(filter).rows
            let numbers = try await registers.caseNumbers(of: rows.map(\.thread))
            return rows.map { row in
                [
                    numbers[row.thread] ?? "", row.title, row.subjectName,
                    CaseKind(rawValue: row.kind)?.chinese ?? row.kind, row.stage.chinese,
                    row.state.chinese, row.handlers.compactMap { names[$0] }.joined(separator: "、"),
                    row.openedAt.day.description, row.endedAt?.day.description ?? "",
                    row.filedAt?.day.description ?? "",
                ]
            }
        }
    }

    /// The filter of a query, narrowed to what the person may see.
    func caseFilter(_ query: Form, _ context: SignedInContext) -> CaseFilter {
        var filter = CaseFilter()
        filter.text = query.text("q")
        filter.number = CaseNumber.searched(filter.text)
        filter.kind = query["kind"].flatMap { CaseKind(rawValue: $0)?.rawValue }
        filter.state = query["state"].flatMap { CaseRow.State(rawValue: $0) }
        filter.stage = query["stage"].flatMap { Stage(rawValue: $0) }
        filter.sort = query["sort"].flatMap { CaseFilter.Sort(rawValue: $0) } ?? .newest
        filter.pageSize = pageSize(of: query) ?? filter.pageSize
        (filter.openedFrom, filter.openedBefore) = days(of: query)
        if context.identity.isOnlyOfficer { filter.handler = context.identity.person.thread }
        return filter
    }

    private func documentFilter(_ query: Form, _ context: SignedInContext) -> DocumentRegisterFilter {
        var filter = DocumentRegisterFilter()
        filter.number = DocumentNumber(query.text("q"))
        if filter.number == nil { filter.text = query.text("q") }
        filter.kind = query["kind"].flatMap { $0.isEmpty ? nil : $0 }
        filter.state = query["state"].flatMap { DocumentRow.State(rawValue: $0) }
        filter.pageSize = pageSize(of: query) ?? filter.pageSize
        (filter.fixedFrom, filter.fixedBefore) = days(of: query)
        if context.identity.isOnlyOfficer { filter.handler = context.identity.person.thread }
        return filter
    }

    /// How many rows a page shall have; nil for the usual number.
    private func pageSize(of query: Form) -> Int? {
        query["rows"].flatMap { ["50": 50, "100": 100][$0] }
    }

    /// From the beginning of the first day to the end of the last; what is no day does not narrow.
    private func days(of query: Form) -> (from: Instant?, before: Instant?) {
        (
            query["from"].flatMap { CivilDay($0) }.map { Instant(startOf: $0) },
            query["until"].flatMap { CivilDay($0) }.map { Instant(startOf: $0.advanced(by: 1)) }
        )
    }

    /// Fields of a query as they were asked for, to be asked for again with another page.
    func pairs(of query: Form, _ names: [String]) -> [(name: String, value: String)] {
        names.map { ($0, query.text($0)) }
    }
}

extension DocumentRow.State {
    /// How a document's state looks.
    var tone: Tag.Tone {
        switch self {
        case .fixed: .soon
        case .signed: .wait
        case .issued: .done
        case .void, .corrected, .superseded: .quiet
        }
    }
}
