import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel

/// A draft for somebody who may not write it: what it holds, and who writes it.
struct DraftReadingPage: Sendable {
    var address: Address
    var thread: ThreadTag
    var caseTitle: String
    var title: String
    /// Who writes it, as a sentence.
    var reason: String
    var meta: [(label: String, value: String)]
    var rows: [SummaryList.Row]

    var page: Page {
        Page(
            title: title, section: .cases,
            crumbs: [.init(label: "案件", href: address.cases), .init(label: caseTitle, href: address.caseFile(thread))],
            body: """
                <p class="eyebrow">草稿 \(Tag(text: "只能查看", tone: .quiet).html)</p>
                <h1>\(title)</h1>
                <div class="meta">\(meta.html { "<span>\($0.label) <b>\($0.value)</b></span>" })</div>
                <p class="hint">\(reason)草稿没有定稿，不是文书，内容还会改动。</p>
                \(SummaryList(rows: rows).html)
                """,
            isNarrow: true)
    }
}

/// Asks once more before a draft is discarded: nothing of it stays.
struct DraftDiscardPage: Sendable {
    var address: Address
    var token: String
    var thread: ThreadTag
    var caseTitle: String
    var document: DocumentID
    var title: String
    var version: Int
    /// Who saved it last, and when.
    var saved: String
    var notice: Notice?

    var page: Page {
        let form = FormFrame(action: address.draftDiscard(document, in: thread), token: token)
        return Page(
            title: "放弃\(title)的草稿", section: .cases,
            crumbs: [
                .init(label: "案件", href: address.cases), .init(label: caseTitle, href: address.caseFile(thread)),
                .init(label: "起草\(title)", href: address.draft(document, in: thread)),
            ],
            body: """
                \(notice.map { $0.html })<p class="eyebrow">放弃草稿</p>
                <h1>放弃《\(title)》的草稿？</h1>
                <p>\(saved)保存。放弃之后，填写的内容不再保留，也找不回来。已经定稿的文书不受影响。</p>
                \(form.html("""
                    <input type="hidden" name="\(DraftPage.versionField)" value="\(version)">
                    <p class="actions">\(Button(label: "放弃草稿", style: .danger).html)\(Button(label: "返回草稿", href: address.draft(document, in: thread), style: .secondary).html)</p>

                    """))
                """,
            isNarrow: true, status: notice == nil ? .ok : .unprocessableContent)
    }
}

extension WebServices {
    /// What a page of a draft is answered with once its document is fixed: where it went, with the way there.
    func answerFixed(
        _ id: DocumentID, _ kind: String, in work: Case, _ request: Request?, _ context: SignedInContext
    ) throws -> Response {
        let address = Address(context.bureau.tag)
        guard request?.wantsPage != false else {
            throw WebRefusal.refused("这份文书已经定稿，刚才填写的内容没有保存。请打开文书页面查看；需要修改的，作废后重新制作。")
        }
        let page = Page(
            title: kind, section: .cases,
            crumbs: [
                .init(label: "案件", href: address.cases),
                .init(label: work.title ?? "", href: address.caseFile(work.thread)),
            ],
            body: Notice(
                title: "这份文书已经定稿",
                paragraphs: ["您填写期间，《\(kind)》已经由另一页面或者另一人定稿。刚才提交的内容没有保存，定稿的文本没有改动。", "需要修改的，请打开文书，作废后重新制作。"],
                tone: .refused,
                actions: [
                    Button(label: "打开定稿的文书", href: address.document(id, in: work.thread)),
                    Button(label: "返回案件", href: address.caseFile(work.thread), style: .secondary),
                ]
            ).html,
            isNarrow: true, status: .conflict)
        return answer(page, context)
    }

    /// The draft as it may be read.
    func readingPage(_ scene: DraftScene, _ refusal: StepRefusal, _ context: SignedInContext) async throws -> Response {
        let names = try await context.bureau.names()
        let page = DraftReadingPage(
            address: Address(context.bureau.tag), thread: scene.view.work.thread,
            caseTitle: scene.view.work.title ?? "", title: scene.kind.title, reason: refusal.message,
            meta: [
                ("最后保存", "\(scene.author.flatMap { names[$0] } ?? "") \(scene.savedAt?.chinese ?? "")")
            ],
            rows: scene.kind.fields.compactMap { field in
                guard let text = scene.content.data[field.name].flatMap({ FieldText.text($0, as: field.type) }) else {
                    return nil
                }
                return SummaryList.Row(label: field.label, value: SummaryList.paragraphs(text))
            })
        return answer(page.page, context)
    }

    func discardPage(_ scene: DraftScene, _ notice: Notice?, _ context: SignedInContext) async throws -> Response {
        let names = try await context.bureau.names()
        let page = DraftDiscardPage(
            address: Address(context.bureau.tag), token: context.visit.formToken, thread: scene.view.work.thread,
            caseTitle: scene.view.work.title ?? "", document: scene.id, title: scene.kind.title,
            version: scene.version,
            saved: "\(scene.author.flatMap { names[$0] } ?? "") \(scene.savedAt?.chinese ?? "")", notice: notice)
        return answer(page.page, context)
    }

    func showDiscard(_ context: SignedInContext) async throws -> Response {
        let scene = try await draftScene(context)
        guard scene.version > 0 else { throw WebRefusal.notFound }
        if let refusal = scene.refusal(to: context.identity.person) {
            return try await readingPage(scene, refusal, context)
        }
        return try await discardPage(scene, nil, context)
    }

    /// Discards the version that was shown; the same form sent again finds nothing and is answered alike.
    func discardDraft(_ context: SignedInContext) async throws -> Response {
        let view = try await context.bureau.visibleCase(context)
        let address = Address(context.bureau.tag)
        guard let id = context.parameters.get("document").flatMap({ DocumentID($0) }) else { throw WebRefusal.notFound }
        let done = Response.seeOther(address.caseFile(view.work.thread))
        guard let draft = try await installation.draft(id), draft.caseThread == view.work.thread else {
            guard view.work.document(id) == nil else { return .seeOther(address.document(id, in: view.work.thread)) }
            return done
        }
        var scene = try await draftScene(context)
        let version = context.visit.form[DraftPage.versionField].flatMap { Decimal.strict(Array($0.utf8)) } ?? 0
        guard
            let newer = try await context.bureau.office.desk.discard(
                id, version: version, of: scene.kind, in: view, by: context.identity.person)
        else { return done }
        scene.version = newer.version
        scene.savedAt = newer.savedAt
        scene.author = newer.author
        return try await discardPage(
            scene, Notice(title: "草稿又保存过，没有放弃", paragraphs: ["请先看看新的内容，再决定是否放弃。"], tone: .refused), context)
    }
}

extension DraftScene {
    /// Why this person may not write the draft; nil if they may.
    func refusal(to person: PersonRow) -> StepRefusal? {
        DraftRights.refusal(of: kind, to: person, in: view.work)
    }
}
