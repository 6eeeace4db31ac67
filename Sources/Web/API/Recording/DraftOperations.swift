import Application
import Casework
import Hummingbird
import Kernel

extension APIOperation {
    /// Drafts of documents, and fixing them.
    static let drafts: [APIOperation] = [
        APIOperation(
            id: "getDraft", method: .get, path: "/cases/{case}/drafts/{document}", scope: .recordDocuments,
            summary: "一份草稿", answer: .json(draft)
        ) { call in
            let view = try await call.visibleCase()
            guard let draft = try await call.services.installation.draft(try call.id("document")),
                draft.caseThread == view.work.thread
            else { throw APIProblem.notFound }
            guard
                DraftRights.mayRead(
                    try await call.law().drawnKind(draft.kind).inForce.kind, about: DraftContent(draft.data).about,
                    of: call.person, in: view)
            else { throw APIProblem.notFound }
            return .json(draft.json)
        },
        APIOperation(
            id: "saveDraft", method: .put, path: "/cases/{case}/drafts/{document}", scope: .recordDocuments,
            summary: "保存草稿",
            text: "草稿不进记录册，可以不完整。编号由程序随机产生。version 是所依据的版本，第一次保存写0；别处已有新版本的，拒绝。",
            body: .named(
                "SaveDraft",
                .object([
                    .init("kind", .text(1...100), "文书种类，见 listDocumentKinds。"),
                    .init("version", .integer(0...1_000_000), "所依据的版本。"), .init("values", .anything, "各栏的内容，按栏的名称。"),
                    .init("activity", .id, "在哪一次执法活动中制作。", required: false),
                    .init("about", .id, "它所送达或者支持的文书。", required: false),
                ])), answer: .json(draft)
        ) { call in try await call.saveDraft() },
        APIOperation(
            id: "fixDocument", method: .post, path: "/cases/{case}/drafts/{document}/fixing", scope: .recordDocuments,
            summary: "定稿",
            text: "检查各栏，打印并保存定稿文本，记入案件。定稿之后不能改动；签名、制发须由本人登录后办理。",
            body: .named("FixDocument", .object([expectedSeq])), answer: .created(receipt), records: [.documentFixed]
        ) { call in
            let id: DocumentID = try call.id("document")
            return try await call.record { command, performer in
                let view = try await call.visibleCase()
                guard let draft = try await call.services.installation.draft(id),
                    draft.caseThread == view.work.thread
                else { throw APIProblem.notFound }
                let content = DraftContent(draft.data)
                guard content.raw.isEmpty else {
                    throw APIProblem.invalid(
                        content.raw.keys.sorted().map { .init(name: $0, message: "在页面上填写的内容无法识别，请重新填写。") })
                }
                var plain = draft
                plain.data = content.data
                return try await call.bureau.office.desk.fix(
                    plain, activity: content.activity, about: content.about, expecting: call.expectedSeq,
                    command: command, by: performer)
            }
        },
    ]

    static let draft = APISchema.named(
        "Draft",
        .object([
            .init("document", .id), .init("case", .id), .init("kind", .text(1...100)),
            .init("version", .integer(1...1_000_000)), .init("savedAt", .instant), .init("author", .id),
            .init("values", .anything), .init("activity", .id, required: false), .init("about", .id, required: false),
        ]))
}

extension APICall {
    func saveDraft() async throws -> Response {
        let view = try await visibleCase()
        let kind = try await law().drawnKind(text("kind")).inForce.kind
        let id: DocumentID = try id("document")
        let values = body["values"]?.members ?? []
        let unknown = values.filter { value in kind.field(value.key) == nil }
        guard unknown.isEmpty else {
            throw APIProblem.invalid(unknown.map { .init(name: "values.\($0.key)", message: "这种文书没有这一栏。") })
        }
        let stored = try await services.installation.draft(id)
        if let stored, stored.caseThread != view.work.thread || stored.kind != kind.name { throw APIProblem.notFound }
        guard view.work.document(id) == nil else {
            throw APIProblem(.conflict, "taken", "这份文书已经定稿，不能再改。")
        }
        let content = DraftContent(
            values: values, activity: optional("activity").flatMap { ActivityID($0) },
            about: optional("about").flatMap { DocumentID($0) })
        let draft = Draft(
            id: id, bureau: bureau.tag, caseThread: view.work.thread, kind: kind.name, data: content.stored,
            author: person.thread, savedAt: now, version: Int(body["version"]?.integer ?? 0) + 1)
        // Sent again, it is what is stored already.
        if let stored, stored.version == draft.version, stored.data == draft.data { return .json(stored.json) }
        guard stored?.version ?? 0 == draft.version - 1 else { throw APICall.overtaken }
        switch try await bureau.office.desk.save(draft, of: kind, in: view, by: person) {
        case .saved: return .json(draft.json)
        case .overtaken: throw APICall.overtaken
        case .fixed: throw APIProblem(.conflict, "taken", "这份文书已经定稿，不能再改。")
        case .discarded: throw APIProblem(.conflict, "stale", "这份草稿已经放弃。请另起一份。")
        }
    }

    private static var overtaken: APIProblem {
        APIProblem(.conflict, "stale", "草稿在别处有了另外的版本。请先读取草稿，再决定是否保存。")
    }
}

extension Draft {
    /// As the API gives it.
    var json: JSON {
        let content = DraftContent(data)
        return .object(
            [
                .init("author", .string(author.description)), .init("case", .string(caseThread.description)),
                .init("document", .string(id.description)), .init("kind", .string(kind)),
                .init("savedAt", .integer(savedAt.milliseconds)), .init("values", content.data),
                .init("version", .integer(Int64(version))),
            ] + (content.activity.map { [.init("activity", .string($0.description))] } ?? [])
                + (content.about.map { [.init("about", .string($0.description))] } ?? []))
    }
}
