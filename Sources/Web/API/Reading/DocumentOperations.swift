import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel

extension APIOperation {
    /// Reading documents.
    static let documents: [APIOperation] = [
        APIOperation(
            id: "listDocuments", method: .get, path: "/documents", scope: .readDocuments, summary: "文书台账",
            text: "按定稿先后列出，新的在前；翻页期间新增的文书不打乱已翻过的次序。承办人员只看到自己承办案件的文书。",
            parameters: [
                .init("q", .text(2...100), "文号，或者案由、当事人里的字。"), .init("kind", .text(1...100), "文书种类。"),
                .init("state", .words(DocumentRow.State.allCases.map(\.rawValue)), "状态。"), .limit, .cursor,
            ], answer: .json(page("DocumentPage", of: documentLine))
        ) { call in
            var filter = DocumentRegisterFilter()
            let text = call.query["q"]?.string ?? ""
            filter.number = DocumentNumber(text)
            if filter.number == nil { filter.text = text }
            filter.kind = call.query["kind"]?.string
            filter.state = call.query["state"]?.string.flatMap { DocumentRow.State(rawValue: $0) }
            if call.isOnlyOfficer { filter.handler = call.person.thread }
            let first = filter
            let library = try await call.law().library
            return try await call.page(
                place: { PlaceCursor(at: $0.document.fixedAt, id: $0.document.id) },
                json: { $0.document.json(title: library.kind($0.document.kind)?.title) }
            ) { number, size, cursor in
                var filter = first
                (filter.page, filter.pageSize, filter.fixedBefore) = (number, size, cursor?.after)
                return try await call.bureau.registers.documentRegister(filter).lines
            }
        },
        APIOperation(
            id: "listCaseDocuments", method: .get, path: "/cases/{case}/documents", scope: .readDocuments,
            summary: "一件案件的文书",
            text: "投诉举报和秘密事项的文书不给出各栏内容，只列出栏名（withheld）：须由本人登录打开文书查看，查看会登记。",
            answer: .json(.named("CaseDocuments", .object([.init("items", .list(documentFile, 0...100_000))])))
        ) { call in
            let view = try await call.visibleCase()
            let law = try await call.law()
            return .json(["items": .array(view.work.documents.map { $0.json(in: view, law: law) })])
        },
        APIOperation(
            id: "getDocument", method: .get, path: "/cases/{case}/documents/{document}", scope: .readDocuments,
            summary: "一份文书", answer: .json(documentFile)
        ) { call in
            let view = try await call.visibleCase()
            guard let document = view.work.document(try call.id("document")) else { throw APIProblem.notFound }
            return .json(document.json(in: view, law: try await call.law()))
        },
        APIOperation(
            id: "getRendition", method: .get, path: "/cases/{case}/documents/{document}/pdf", scope: .readDocuments,
            summary: "文书的 PDF",
            text:
                "当时打印、交当事人阅读的就是这些字节。每次查看先记入案件的记录线：谁、看哪一份、凭什么、为什么；三十分钟内同一目的的查看算一次。可以用 Range 分段取，用 If-None-Match 查有没有变（不会变）。",
            parameters: [
                .init("rendition", .words(["fixed", "issued"]), "fixed 定稿文本；issued 正式文书。", required: true),
                .init(
                    "purpose", .words(["handling", "review", "supervision", "audit", "other"]), "查看的目的。", required: true
                ),
            ], answer: .pdf, records: [.accessOpened, .accessClosed]
        ) { call in try await call.rendition() },
    ]

    static let documentLine = APISchema.named(
        "DocumentLine",
        .object([
            .init("document", .id), .init("case", .id), .init("kind", .text(1...100)), .init("title", .label),
            .init("state", .words(DocumentRow.State.allCases.map(\.rawValue))), .init("fixedAt", .instant),
            .init("issuedAt", .instant, required: false), .init("numberText", .label, "文号。", required: false),
        ]))

    static let documentFile = APISchema.named(
        "Document",
        .object([
            .init("document", .id), .init("kind", .text(1...100)), .init("title", .label), .init("fixedAt", .instant),
            .init("author", .id, required: false), .init("activity", .id, required: false),
            .init("about", .id, "它所送达或者支持的文书。", required: false), .init("isVoid", .truth),
            .init("isSuperseded", .truth),
            .init("issuedAt", .instant, required: false), .init("numberText", .label, required: false),
            .init("openSlots", .list(.text(), 0...100), "还没有办理的签名栏。"),
            .init("renditions", .list(.words(["fixed", "issued"]), 0...2), "现有的 PDF。"),
            .init("pages", .integer(0...100_000), required: false),
            .init("values", .anything, "各栏的内容；依法销毁的、不给出的没有这一项。", required: false),
            .init("withheld", .list(.text(1...100), 0...1_000), "有内容而没有给出的栏的名称。"),
        ]))
}

extension DocumentRow {
    /// As the API gives it.
    func json(title: String?) -> JSON {
        .object(
            [
                .init("case", .string(caseThread.description)), .init("document", .string(id.description)),
                .init("fixedAt", .integer(fixedAt.milliseconds)), .init("kind", .string(kind)),
                .init("state", .string(state.rawValue)), .init("title", .string(title ?? kind)),
            ] + (issuedAt.map { [.init("issuedAt", .integer($0.milliseconds))] } ?? [])
                + (numberText.isEmpty ? [] : [.init("numberText", .string(numberText))]))
    }
}

extension CaseDocument {
    /// As the API gives it.
    ///
    /// A token never looks: of a document that says something of a reporter, or a secret, it gets the names of the fields.
    func json(in view: CaseView, law: Law) -> JSON {
        let work = view.work
        let isVeiled = view.isVeiled(self)
        var renditions: [JSON] = []
        if fixedObject != nil { renditions.append("fixed") }
        if issue?.object != nil { renditions.append("issued") }
        var members: [JSON.Member] = [
            .init("document", .string(id.description)), .init("fixedAt", .integer(fixedAt.milliseconds)),
            .init("isSuperseded", .boolean(isSuperseded)), .init("isVoid", .boolean(isVoid)),
            .init("kind", .string(kind)),
            .init("openSlots", .array(law.openSlots(of: self, in: work).map { .string($0) })),
            .init("renditions", .array(renditions)), .init("title", .string(law.library.kind(of: self)?.title ?? kind)),
        ]
        if let author { members.append(.init("author", .string(author.description))) }
        if let activity { members.append(.init("activity", .string(activity.description))) }
        if let about { members.append(.init("about", .string(about.description))) }
        if let issue {
            members.append(.init("issuedAt", .integer(issue.at.milliseconds)))
            if let text = issue.numberText { members.append(.init("numberText", .string(text))) }
        }
        if let pages { members.append(.init("pages", .integer(Int64(pages)))) }
        if let data, data.members != nil, !isVeiled { members.append(.init("values", data)) }
        let withheld = isVeiled ? data?.members?.map(\.key) ?? [] : []
        members.append(.init("withheld", .array(withheld.map { .string($0) })))
        return .object(members)
    }
}

extension APICall {
    /// The bytes of a rendition; the look is recorded before the first of them (invariant 4).
    func rendition() async throws -> Response {
        let view = try await visibleCase()
        guard let document = view.work.document(try id("document")), let right = view.work.viewRight(of: person),
            let object = query["rendition"]?.string == "issued" ? document.issue?.object : document.fixedObject
        else { throw APIProblem.notFound }
        // A look is a person's: what a program fetches nobody has looked at, and it would open the pages meanwhile.
        guard !view.isVeiled(document) else {
            throw APIProblem(.forbidden, "person-needed", "这份文书含有投诉举报人的信息或者秘密，不通过接口提供。请本人登录后在网页上查看，查看会登记。")
        }
        let views = bureau.office.views
        let look = try await views.begin(
            object, in: view.work.thread, document: document.id, by: performer, right: right,
            purpose: query["purpose"]?.string ?? "other", command: .random())
        let title = try await law().library.kind(of: document)?.title ?? document.kind
        let response = await ObjectResponse(
            object, in: bureau.office.vault, mediaType: "application/pdf", disposition: .attachment("\(title).pdf")
        ).respond(to: request) { range, size in await views.count(range, of: size, in: look.id) }
        guard
            response.status.code < 400 || response.status == .rangeNotSatisfiable
                || response.status == .preconditionFailed
        else {
            throw APIProblem(response.status, response.headers[.errorCode] ?? "unavailable", "文件暂时不能读取，请稍后再试。")
        }
        if response.status.code >= 400 {
            var problem = APIProblem(
                response.status, response.status == .rangeNotSatisfiable ? "range" : "precondition", "所要的范围或者条件不成立。")
            problem.headers = response.headers.filteringContent
            throw problem
        }
        return response
    }
}

extension HTTPFields {
    /// Without what describes a body that is not sent.
    fileprivate var filteringContent: HTTPFields {
        var fields = self
        fields[.contentType] = nil
        fields[.contentLength] = nil
        return fields
    }
}
