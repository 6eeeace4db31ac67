import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore

extension Routes {
    /// Writing, previewing and fixing documents.
    func addDrafts(_ services: WebServices) {
        on(.get, "/b/{bureau}/cases/{case}/documents/new", .casework) { request, context in
            try await services.beginDraft(Form(query: request.uri.query), context)
        }
        on(.get, "/b/{bureau}/cases/{case}/drafts/{document}", .casework) { _, context in
            try await services.showDraft(context)
        }
        on(.post, "/b/{bureau}/cases/{case}/drafts/{document}", .casework) { request, context in
            try await services.saveDraft(request, context)
        }
        on(.get, "/b/{bureau}/cases/{case}/drafts/{document}/discard", .casework) { _, context in
            try await services.showDiscard(context)
        }
        on(.post, "/b/{bureau}/cases/{case}/drafts/{document}/discard", .casework) { _, context in
            try await services.discardDraft(context)
        }
        on(.get, "/b/{bureau}/cases/{case}/drafts/{document}/check", .casework) { _, context in
            try await services.checkDraft(context, refusal: try await services.changesSinceKept(context))
        }
        on(.post, "/b/{bureau}/cases/{case}/drafts/{document}/check", .casework) { _, context in
            try await services.fixDraft(context)
        }
        on(.get, "/b/{bureau}/cases/{case}/drafts/{document}/sheets/{page}", .casework) { _, context in
            try await services.draftSheet(context)
        }
    }
}

/// A document being written, with what its pages need.
struct DraftScene {
    let view: CaseView
    let law: Law
    let kind: DocumentKind
    let persons: [PersonRow]
    let id: DocumentID
    var version: Int
    var content: DraftContent
    var savedAt: Instant?
    /// What the system says in a sheet of the case file; empty for other kinds.
    var sheet: [JSON.Member] = []
    /// Who saved it last.
    var author: ThreadTag?
    /// The inspection that the case was opened from, for the sheets of the case file.
    var source: CaseView?
    /// Originals that were found to be lost, for the closing sheet.
    var losses: FoundLosses = [:]
}

extension WebServices {
    /// A new draft: drawn with what the case knows, kept nowhere until it is saved for the first time.
    func beginDraft(_ query: Form, _ context: SignedInContext) async throws -> Response {
        let view = try await context.bureau.visibleCase(context)
        let law = try await context.bureau.casebook.chambers.law()
        let kind = try law.drawnKind(query["kind"] ?? "").inForce.kind
        if let refusal = DraftRights.refusal(of: kind, to: context.identity.person, in: view.work) {
            throw WebRefusal(draft: refusal)
        }
        if let refusal = law.refusal(of: kind, in: view.work, on: clock.now().day) { throw WebRefusal(draft: refusal) }
        let persons = try await context.bureau.registers.persons()
        var content = DraftContent(
            activity: query["activity"].flatMap { ActivityID($0) }, about: query["about"].flatMap { DocumentID($0) })
        let acts = law.acts(askingFor: kind.name)
        if content.activity == nil, acts != nil || kind.category == .siteRecord {
            // The act that the paper is asked of; of a visit any, the newest.
            let fitting = view.work.activities.last { acts?.contains($0.kind) == true }
            content.activity = fitting?.id ?? (kind.category == .siteRecord ? view.work.activities.last?.id : nil)
        }
        let about = content.about.flatMap { view.work.document($0) }
        let source = kind.category == .caseFile ? try await context.bureau.casebook.source(of: view.work) : nil
        let losses = kind.category == .caseFile ? try await context.bureau.casebook.losses() : [:]
        let prefill = Prefill(
            view: view, subject: try await context.bureau.subjectDetails(view.work.subject), persons: persons,
            bureau: try await context.bureau.casebook.chambers.profile(), author: context.identity.person,
            now: clock.now(), activity: content.activity.flatMap { id in view.work.activities.first { $0.id == id } },
            about: about, aboutTitle: about.flatMap { law.library.kind(of: $0)?.title } ?? "", law: law, source: source,
            losses: losses)
        content.values = prefill.values(of: kind)
        var scene = DraftScene(
            view: view, law: law, kind: kind, persons: persons, id: .random(), version: 0, content: content,
            source: source, losses: losses)
        scene.sheet = scene.computed(for: context.identity.person, at: clock.now())
        return answer(draftPage(scene, context).page, context)
    }

    func showDraft(_ context: SignedInContext) async throws -> Response {
        let typed = context.visit.form
        if let (document, view) = try await fixedMeanwhile(context), !context.visit.isKept {
            return .seeOther(Address(context.bureau.tag).document(document.id, in: view.work.thread))
        }
        var scene = try await draftScene(context, kind: typed[DraftPage.kindField])
        if let refusal = scene.refusal(to: context.identity.person) {
            return try await readingPage(scene, refusal, context)
        }
        guard context.visit.isKept else { return answer(draftPage(scene, context).page, context) }
        // What was typed when the session was over, with the version that is stored now: sent again it is saved.
        let saved = scene.version
        var content = DraftContent(
            activity: typed[DraftPage.activityField].flatMap { ActivityID($0) },
            about: typed[DraftPage.aboutField].flatMap { DocumentID($0) })
        var unreadable = content.read(typed, kind: scene.kind, persons: scene.persons)
        unreadable += content.complete(scene.sheet, of: scene.kind)
        scene.content = content
        var page = draftPage(scene, context)
        page.errors = unreadable.map { ($0.name, $0.message) }
        if typed[DraftPage.versionField] != String(saved), saved > 0, let savedAt = scene.savedAt {
            page.refusal = RefusalView(
                title: "草稿在别处有了新的版本", message: "这份草稿在 \(savedAt.chinese) 又保存过。下面是您填写的内容，再次保存将以它为准。")
        }
        return answer(page.page, context)
    }

    /// Keeps what was typed; then stays on the page, or goes on to the check.
    func saveDraft(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let form = context.visit.form
        if let (document, view) = try await fixedMeanwhile(context) {
            let law = try await context.bureau.casebook.chambers.law()
            return try answerFixed(
                document.id, law.library.kind(of: document)?.title ?? document.kind, in: view.work, request, context)
        }
        var scene = try await draftScene(context, kind: form[DraftPage.kindField])
        var content = DraftContent(
            activity: form[DraftPage.activityField].flatMap { ActivityID($0) },
            about: form[DraftPage.aboutField].flatMap { DocumentID($0) })
        var unreadable = content.read(form, kind: scene.kind, persons: scene.persons)
        unreadable += content.complete(scene.sheet, of: scene.kind)
        scene.content = content
        let version = form[DraftPage.versionField].flatMap { Decimal.strict(Array($0.utf8)) } ?? 0
        let now = clock.now()
        let draft = Draft(
            id: scene.id, bureau: context.bureau.tag, caseThread: scene.view.work.thread, kind: scene.kind.name,
            data: content.stored, author: context.identity.person.thread, savedAt: now, version: version + 1)
        if let refusal = scene.refusal(to: context.identity.person) { throw WebRefusal(draft: refusal) }
        switch try await context.bureau.office.desk.save(
            draft, of: scene.kind, in: scene.view, by: context.identity.person)
        {
        case .saved: scene.version = draft.version
        case .overtaken(let stored): return try overtaken(scene, stored, request, context)
        case .fixed: return try answerFixed(scene.id, scene.kind.title, in: scene.view.work, request, context)
        case .discarded: return try discardedMeanwhile(scene, request, context)
        }
        scene.savedAt = now
        guard request.wantsPage else {
            return .json(["at": .string(now.clock), "version": .integer(Int64(scene.version))])
        }
        let address = Address(context.bureau.tag)
        if form[DraftPage.action] == "check", unreadable.isEmpty {
            return .seeOther(address.draftCheck(scene.id, in: scene.view.work.thread))
        }
        if form[FieldModel.addRows] != nil || !unreadable.isEmpty {
            var page = draftPage(scene, context)
            page.errors = unreadable.map { ($0.name, $0.message) }
            return answer(page.page, context)
        }
        return .seeOther(address.draft(scene.id, in: scene.view.work.thread))
    }

    /// Somebody saved the draft in between: their version stays, and the typed text is shown for another try.
    private func overtaken(
        _ scene: DraftScene, _ stored: Draft, _ request: Request, _ context: SignedInContext
    ) throws -> Response {
        guard request.wantsPage else { throw WebRefusal.refused("草稿在别处有了新的版本，请刷新页面后再改。") }
        var scene = scene
        scene.version = stored.version
        var page = draftPage(scene, context)
        page.refusal = RefusalView(
            title: "草稿在别处有了新的版本",
            message: "您填写期间，这份草稿在另一个页面或者由另一人保存过（\(stored.savedAt.chinese)）。下面是您填写的内容，再次保存将以它为准。")
        return answer(page.page, context)
    }

    /// Somebody discarded the draft in between: nothing is stored, and the typed text can be saved as a new one.
    private func discardedMeanwhile(
        _ scene: DraftScene, _ request: Request, _ context: SignedInContext
    ) throws -> Response {
        guard request.wantsPage else { throw WebRefusal.refused("这份草稿已被放弃，请刷新页面后再改。") }
        var scene = scene
        scene.version = 0
        scene.savedAt = nil
        var page = draftPage(scene, context)
        page.refusal = RefusalView(
            title: "这份草稿已被放弃", message: "您填写期间，这份草稿在另一个页面或者由另一人放弃了。下面是您填写的内容，再次保存就重新成为草稿。")
        return answer(page.page, context)
    }

    /// The document that this draft has become, if it is fixed.
    private func fixedMeanwhile(_ context: SignedInContext) async throws -> (CaseDocument, CaseView)? {
        let view = try await context.bureau.visibleCase(context)
        guard let id = context.parameters.get("document").flatMap({ DocumentID($0) }) else { throw WebRefusal.notFound }
        return view.work.document(id).map { ($0, view) }
    }

    func checkDraft(_ context: SignedInContext, refusal: StepRefusal?) async throws -> Response {
        if let (document, view) = try await fixedMeanwhile(context) {
            let law = try await context.bureau.casebook.chambers.law()
            return try answerFixed(
                document.id, law.library.kind(of: document)?.title ?? document.kind, in: view.work, nil, context)
        }
        let scene = try await draftScene(context)
        guard scene.version > 0 else { throw WebRefusal.notFound }
        if let refusal = scene.refusal(to: context.identity.person) {
            return try await readingPage(scene, refusal, context)
        }
        let work = scene.view.work
        let address = Address(context.bureau.tag)
        var problems = scene.kind.problems(in: scene.content.data).map { ($0.field, $0.message) }
        problems += scene.content.raw.keys.sorted().map { name in
            (name, "\(scene.kind.field(name)?.label ?? name)的内容无法识别，请重新填写")
        }
        var sheets = 0
        var view: RefusalView?
        do throws(StepRefusal) {
            sheets = try await context.bureau.office.desk.preview(scene.draft(context, at: clock.now()), scale: 0.5)
                .count
        } catch {
            view = RefusalView(
                title: "不能预览打印样式", message: error.message)
        }
        let names = try await context.bureau.names()
        if let refusal {
            view = RefusalView(refusal, law: scene.law, work: work, names: names, address: address)
            problems += refusal.fields.filter { field in !problems.contains { $0.0 == field.name } }
                .map { ($0.name, $0.message) }
        }
        let command = context.visit.form[FormFrame.commandField].flatMap { CommandID($0) } ?? .random()
        var page = DraftCheckPage(
            address: address,
            form: FormFrame(
                action: address.draftCheck(scene.id, in: work.thread), token: context.visit.formToken,
                command: command, seq: work.entries),
            thread: work.thread, caseTitle: work.title ?? "", document: scene.id, kindTitle: scene.kind.title,
            sheets: (0..<sheets).map {
                address.draftSheet(scene.id, in: work.thread, page: $0 + 1, version: scene.version)
            },
            problems: problems,
            rows: scene.kind.fields.map { field in
                let text = scene.content.data[field.name].flatMap { FieldText.text($0, as: field.type) } ?? ""
                return SummaryList.Row(
                    label: field.label, value: SummaryList.paragraphs(text),
                    change: "\(address.draft(scene.id, in: work.thread))#\(FieldModel.id(field.name))")
            }, refusal: view)
        page.before = DecisionText(scene.content.data, kind: scene.kind, work: work)?.html ?? ""
        page.isRefused = refusal != nil
        return answer(page.page, context)
    }

    func fixDraft(_ context: SignedInContext) async throws -> Response {
        let form = context.visit.form
        let thread = try context.caseThread
        let address = Address(context.bureau.tag)
        guard let id = context.parameters.get("document").flatMap({ DocumentID($0) }) else { throw WebRefusal.notFound }
        let command = try form.command
        do throws(StepRefusal) {
            // The same command again finds no draft any more: its document is fixed, and that is the answer.
            if try await context.bureau.casebook.isCarriedOut(command) {
                return .seeOther(address.document(id, in: thread))
            }
            let scene = try await unwrapped { try await draftScene(context) }
            _ = try await context.bureau.office.desk.fix(
                scene.draft(context, at: clock.now()), activity: scene.content.activity, about: scene.content.about,
                expecting: form.seq, command: command, by: context.performer)
            return .seeOther(address.document(id, in: thread))
        } catch {
            return try await checkDraft(context, refusal: error)
        }
    }

    func draftSheet(_ context: SignedInContext) async throws -> Response {
        let scene = try await draftScene(context)
        guard let number = context.parameters.get("page").flatMap({ Decimal.strict(Array($0.utf8)) }) else {
            throw WebRefusal.notFound
        }
        let pages = try await context.bureau.office.desk.preview(scene.draft(context, at: clock.now()), scale: 1.6)
        guard pages.indices.contains(number - 1) else { throw WebRefusal.notFound }
        return .png(pages[number - 1])
    }

    func draftScene(_ context: SignedInContext, kind: String? = nil) async throws -> DraftScene {
        let view = try await context.bureau.visibleCase(context)
        let law = try await context.bureau.casebook.chambers.law()
        guard let id = context.parameters.get("document").flatMap({ DocumentID($0) }) else { throw WebRefusal.notFound }
        let draft = try await installation.draft(id)
        if let draft, draft.caseThread != view.work.thread { throw WebRefusal.notFound }
        guard let name = draft?.kind ?? kind else { throw WebRefusal.notFound }
        var scene = DraftScene(
            view: view, law: law, kind: try law.drawnKind(name).inForce.kind,
            persons: try await context.bureau.registers.persons(),
            id: id, version: draft?.version ?? 0, content: draft.map { DraftContent($0.data) } ?? DraftContent(),
            savedAt: draft?.savedAt, author: draft?.author)
        if scene.kind.category == .caseFile {
            scene.source = try await context.bureau.casebook.source(of: view.work)
            scene.losses = try await context.bureau.casebook.losses()
        }
        // What the record says of the case is read from it each time: a sheet begun yesterday tells of today.
        scene.sheet = scene.computed(for: context.identity.person, at: clock.now())
        _ = scene.content.complete(scene.sheet, of: scene.kind)
        guard
            DraftRights.mayRead(
                scene.kind, about: scene.content.about, of: context.identity.person, in: scene.view)
        else { throw WebRefusal.forbidden(what: "这份草稿的内容依法保密，您不能查看", whoCan: "由本案承办人起草；定稿以后可以打开文书查看，查看会登记") }
        return scene
    }

    private func draftPage(_ scene: DraftScene, _ context: SignedInContext) -> DraftPage {
        let address = Address(context.bureau.tag)
        let work = scene.view.work
        let now = clock.now()
        return DraftPage(
            address: address, token: context.visit.formToken, thread: work.thread, caseTitle: work.title ?? "",
            document: scene.id, kind: scene.kind, version: scene.version, computed: scene.computedRows,
            fields: scene.content.fields(
                of: scene.kind, persons: scene.persons, law: scene.law, on: clock.now().day, address: address
            ).filter { field in !CaseFileSheets.computedFields(of: scene.kind.name).contains(field.name) },
            activities: [.siteRecord, .interview, .evidence].contains(scene.kind.category)
                || scene.law.acts(askingFor: scene.kind.name) != nil
                ? work.activities.map { activity in
                    .init(
                        word: activity.id.description,
                        label:
                            "\(EventText.activityKinds[activity.kind] ?? "执法活动") \(TermText.short(activity.startAt.day, at: now)) \(activity.startAt.clock)"
                    )
                } : [],
            activity: scene.content.activity?.description ?? "",
            abouts: scene.abouts.map { document in
                .init(
                    word: document.id.description,
                    label:
                        "\(scene.law.library.kind(of: document)?.title ?? document.kind) \(document.issue?.numberText ?? "\(document.fixedAt.chinese)定稿")"
                )
            },
            about: scene.content.about?.description ?? "", savedAt: scene.savedAt.map(\.clock) ?? "",
            before: DraftText(
                beside: scene.kind, view: scene.view,
                Dictionary(scene.persons.map { ($0.thread, $0.name) }) { first, _ in first }, address
            ).html)
    }
}

extension DraftScene {
    /// The documents that one of this kind can be made about: what is served, and what is approved for itself.
    fileprivate var abouts: [CaseDocument] {
        let work = view.work
        if kind.category == .service || kind.name == PublicNotice.kind {
            return work.documents.filter { $0.isInForce && law.library.kind(of: $0)?.inBureausName == true }
        }
        return kind.name == DocumentKindName.headApproval ? OtherDecision.waiting(in: work) : []
    }

    /// The draft as the desk prints and fixes it: values of the form alone.
    func draft(_ context: SignedInContext, at now: Instant) -> Draft {
        Draft(
            id: id, bureau: context.bureau.tag, caseThread: view.work.thread, kind: kind.name, data: content.data,
            author: context.identity.person.thread, savedAt: savedAt ?? now, version: version)
    }
}

extension WebRefusal {
    /// The refusal of somebody who may not write a draft.
    init(draft refusal: StepRefusal) {
        self =
            refusal.code == .notAllowed
            ? .forbidden(what: "您不能起草或者改动这份文书", whoCan: String(refusal.message.dropLast())) : WebRefusal(refusal)
    }
}
