import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel
import Ledger

extension Routes {
    /// Papers that others made: taken into a case (归入外来文书).
    func addOutsidePapers(_ services: WebServices) {
        on(.get, "/b/{bureau}/cases/{case}/documents/outside", .casework) { request, context in
            try await services.outsidePaper(Form(query: request.uri.query), context)
        }
        on(.post, "/b/{bureau}/cases/{case}/documents/outside", .casework) { _, context in
            try await services.takeInPaper(context)
        }
    }
}

/// A paper that is being taken in, with what its form needs.
private struct OutsideScene {
    let view: CaseView
    let law: Law
    let kind: DocumentKind
    let persons: [PersonRow]
    var content = DraftContent()
    var answered = ""
}

extension WebServices {
    /// The kinds to choose from, or the form of one.
    func outsidePaper(_ query: Form, _ context: SignedInContext) async throws -> Response {
        let view = try await context.bureau.visibleCase(context)
        let law = try await context.bureau.casebook.chambers.law()
        let address = Address(context.bureau.tag)
        let thread = view.work.thread
        try requireTaker(context, view)
        // What was typed when the session was over names its kind itself.
        let name = context.visit.isKept ? context.visit.form[OutsidePaperPage.kindField] : query["kind"]
        guard let name else {
            let kinds = PaperShelf(view: view, law: law, person: context.identity.person, now: clock.now()).outside
            return answer(
                OutsidePapersPage(
                    address: address, thread: thread, caseTitle: view.work.title ?? "",
                    kinds: kinds.map { ($0.title, address.outsidePaper($0.name, in: thread), $0.stage.chinese) }
                ).page, context)
        }
        var scene = try await outsideScene(name, view, law, context)
        guard !context.visit.isKept else {
            _ = scene.content.read(context.visit.form, kind: scene.kind, persons: scene.persons)
            return answer(try await outsidePage(scene, context).page(scan: OutsidePapers.scanField), context)
        }
        scene.content.about = query["about"].flatMap { DocumentID($0) }
        let about = scene.content.about.flatMap { view.work.document($0) }
        let prefill = Prefill(
            view: view, subject: try await context.bureau.subjectDetails(view.work.subject), persons: scene.persons,
            bureau: try await context.bureau.casebook.chambers.profile(), author: context.identity.person,
            now: clock.now(), about: about, aboutTitle: about.flatMap { law.library.kind(of: $0)?.title } ?? "",
            law: law)
        scene.content.values = prefill.values(of: scene.kind)
        // The one that was asked for, else the last that nothing has answered.
        let answerable = OutsidePapers.answerable(by: scene.kind, in: view)
        let named = Set(
            view.records.flatMap(\.references).filter { $0.role == scene.kind.answers?.role }.map(\.seq))
        scene.answered =
            query["answers"] ?? answerable.last { !named.contains($0.seq) }.map { String($0.seq) } ?? ""
        return answer(try await outsidePage(scene, context).page(scan: OutsidePapers.scanField), context)
    }

    /// Refuses whoever may not take papers in, before a form is shown that they could not send.
    private func requireTaker(_ context: SignedInContext, _ view: CaseView) throws {
        guard let refusal = OutsidePapers.refusal(to: context.identity.person, in: view.work) else { return }
        guard refusal.code == .notAllowed else { throw WebRefusal(refusal) }
        throw WebRefusal.forbidden(what: "您不能归入外来文书", whoCan: String(refusal.message.dropLast()))
    }

    private func outsideScene(
        _ name: String, _ view: CaseView, _ law: Law, _ context: SignedInContext
    ) async throws -> OutsideScene {
        let kind: DocumentKind
        do throws(StepRefusal) {
            kind = try law.outsideKind(name).kind
            if let refusal = law.refusal(of: kind, in: view.work, on: clock.now().day) { throw refusal }
        } catch { throw WebRefusal(error) }
        return OutsideScene(
            view: view, law: law, kind: kind, persons: try await context.bureau.registers.persons())
    }

    private func outsidePage(
        _ scene: OutsideScene, _ context: SignedInContext, errors: [(field: String, text: String)] = [],
        refusal: StepRefusal? = nil, uploads: [UploadStatus] = []
    ) async throws -> OutsidePaperPage {
        let address = Address(context.bureau.tag)
        let typed = context.visit.form
        let isTyped = typed[FormFrame.commandField] != nil
        let (work, kind) = (scene.view.work, scene.kind)
        func kept(_ field: FieldModel) -> FieldModel {
            guard isTyped else { return field }
            var field = field
            field.read(typed)
            return field
        }
        var belonging: [FieldModel] = []
        let answerable = OutsidePapers.answerable(by: kind, in: scene.view)
        if let answers = kind.answers, !answerable.isEmpty {
            var field = FieldModel(
                name: OutsidePapers.answeredField, label: "回应的是哪一次“\(answers.type.chinese)”",
                control: .choice(
                    answerable.map { record in
                        .init(
                            word: String(record.seq), label: record.happenedAt.chinese,
                            hint: ["body", "matter", "content"].compactMap(record.text).joined(separator: "，"))
                    } + [.init(word: "", label: "都不是")]), help: "选对了，要求取得这份文书的条款才算办到。")
            let only = answerable.count == 1 ? answerable.first.map { String($0.seq) } : nil
            field.input = .text(scene.answered.isEmpty ? only ?? "" : scene.answered)
            belonging.append(kept(field))
        }
        let abouts = OutsidePapers.abouts(in: work, scene.law.library)
        if !abouts.isEmpty {
            var field = FieldModel(
                name: OutsidePapers.aboutField, label: kind.category == .service ? "送达的是哪份文书" : "与本案哪份文书有关",
                control: .choice(
                    abouts.map {
                        .init(
                            word: $0.id.description, label: scene.law.library.kind(of: $0)?.title ?? $0.kind,
                            hint: $0.issue?.numberText ?? $0.fixedAt.chinese)
                    } + [.init(word: "", label: "没有")]))
            field.input = .text(scene.content.about?.description ?? "")
            belonging.append(kept(field))
        }
        let place = FieldModel(
            name: OutsidePapers.placeField, label: "纸质原件存放在", control: .line(), isRequired: true,
            help: "例如：检查科档案柜二层。以后搬动了，在文书页面登记新的地方。")
        let command = typed[FormFrame.commandField].flatMap { CommandID($0) }
        var page = OutsidePaperPage(
            address: address,
            form: FormFrame(
                action: address.outsidePapers(in: work.thread), token: context.visit.formToken,
                command: command ?? .random(), seq: work.entries, hasFiles: true),
            token: context.visit.formToken, thread: work.thread, caseTitle: work.title ?? "", title: kind.title,
            kind: kind.name, document: typed[OutsidePaperPage.documentField].flatMap { DocumentID($0) } ?? .random(),
            belonging: belonging,
            fields: scene.content.fields(
                of: kind, persons: scene.persons, law: scene.law, on: clock.now().day, address: address),
            places: OutsideSignatures(kind: kind).fields.map(kept), place: kept(place))
        page.uploads = uploads.map {
            ($0.id.description, Form.trimmed($0.declaration.metadata.fileName ?? "未命名").shownBack)
        }
        page.errors = errors
        if let refusal {
            page.errors += refusal.fields.map { ($0.name, $0.message) }
            page.refusal = RefusalView(
                refusal, law: scene.law, work: work, names: try await context.bureau.names(), address: address)
        }
        return page
    }

    /// Takes the paper in: the scan is read and straightened, and all that is said is recorded in one write.
    func takeInPaper(_ context: SignedInContext) async throws -> Response {
        let form = context.visit.form
        let command = try form.command
        let view = try await context.bureau.visibleCase(context)
        let address = Address(context.bureau.tag)
        let thread = view.work.thread
        guard let document = form[OutsidePaperPage.documentField].flatMap({ DocumentID($0) }) else {
            throw WebRefusal.refused("表单不完整，请重新打开这一页。")
        }
        let done = "\(address.document(document, in: thread))?done=outside"
        if try await context.bureau.casebook.isCarriedOut(command) { return .seeOther(done) }
        try requireTaker(context, view)
        let law = try await context.bureau.casebook.chambers.law()
        var scene = try await outsideScene(form.text(OutsidePaperPage.kindField), view, law, context)
        let unreadable = scene.content.read(form, kind: scene.kind, persons: scene.persons)
        let (signatures, unfit) = OutsideSignatures(kind: scene.kind).read(form, data: scene.content.data)
        var errors = unreadable.map { (field: $0.name, text: $0.message) } + unfit
        let uploads = await outsideUploads(context, &errors)
        do throws(StepRefusal) {
            guard errors.isEmpty else { throw StepRefusal(fields: []) }
            guard let desk = context.bureau.office.scans else {
                throw StepRefusal(.unavailable, "这台服务器没有安装扫描识别组件。请联系系统管理员。")
            }
            var scan: ObjectFacts?
            if let upload = uploads.first { scan = try await finished(upload, context) }
            _ = try await desk.takeIn(
                scene.kind.name,
                .init(
                    data: scene.content.data, place: form.text(OutsidePapers.placeField),
                    about: DocumentID(form.text(OutsidePapers.aboutField)),
                    answered: Int(form.text(OutsidePapers.answeredField)), signatures: signatures),
                scan: scan, as: document, in: thread, expecting: form.seq, command: command, by: context.performer)
            // What was sent is kept with the case now; if we die before this the upload expires by itself.
            for upload in uploads { try? await context.bureau.office.vault.terminate(upload.id) }
            return .seeOther(done)
        } catch {
            return answer(
                try await outsidePage(
                    scene, context, errors: errors, refusal: errors.isEmpty ? error : nil, uploads: uploads
                ).page(scan: OutsidePapers.scanField), context)
        }
    }

    /// The uploads that the form names, with a file that came with it where there is no script; a paper is one file.
    private func outsideUploads(
        _ context: SignedInContext, _ errors: inout [(field: String, text: String)]
    ) async -> [UploadStatus] {
        let (form, vault) = (context.visit.form, context.bureau.office.vault)
        let owner = context.identity.person.thread
        let field = OutsidePapers.scanField
        var ids: [UploadID] = []
        for id in form.all(OutsidePaperPage.uploadField).compactMap({ UploadID($0) }) where !ids.contains(id) {
            ids.append(id)
        }
        if let file = form.file(OutsidePaperPage.fileField), !file.bytes.isEmpty {
            if let reason = await context.bureau.store.clockObstacle() {
                errors.append((field, reason))
            } else {
                do throws(VaultError) { ids.append(try await keep(file, in: vault, for: owner)) } catch {
                    errors.append((field, StepRefusal(error).message))
                }
            }
        }
        var uploads: [UploadStatus] = []
        for id in ids {
            // Another person's is none.
            guard let status = try? await vault.upload(id), status.declaration.owner == owner else { continue }
            uploads.append(status)
        }
        if uploads.count > 1 {
            errors.append((field, "选了\(uploads.count)个文件。一份文书只传一个：几页的请扫成一个 PDF 或者 TIFF，多余的取消勾选。"))
        }
        return uploads
    }
}
