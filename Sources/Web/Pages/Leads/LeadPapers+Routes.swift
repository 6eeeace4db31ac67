import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel

/// What is done with a paper of a lead on a page of its own.
enum LeadPaperAct: String, CaseIterable {
    case issue, sign, void
}

extension Routes {
    /// Papers of leads (线索文书): drawing one up, its page, its acts, looks at its sheets.
    func addLeadPapers(_ services: WebServices) {
        on(.get, "/b/{bureau}/leads/{lead}/papers/new/{kind}", .casework) { _, context in
            try await services.leadPaperForm(context, refusal: nil)
        }
        on(.post, "/b/{bureau}/leads/{lead}/papers/new/{kind}", .casework) { _, context in
            try await services.drawUpLeadPaper(context)
        }
        on(.get, "/b/{bureau}/leads/{lead}/papers/{document}", .casework) { request, context in
            let scene = try await services.leadPaperScene(context)
            return services.answer(
                scene.page(
                    Address(context.bureau.tag), token: context.visit.formToken,
                    done: Form(query: request.uri.query)["done"] != nil, at: services.clock.now()
                ).page, context)
        }
        for act in LeadPaperAct.allCases {
            on(.get, "/b/{bureau}/leads/{lead}/papers/{document}/\(act.rawValue)", .casework) { _, context in
                try await services.leadPaperAct(act, context, refusal: nil)
            }
            on(.post, "/b/{bureau}/leads/{lead}/papers/{document}/\(act.rawValue)", .casework) { _, context in
                try await services.takeLeadPaperAct(act, context)
            }
        }
        on(.post, "/b/{bureau}/leads/{lead}/papers/{document}/look", .casework, held: .open) { _, context in
            try await services.beginLeadPaperLook(context)
        }
        on(.get, "/b/{bureau}/leads/{lead}/papers/{document}/looks/{look}", .casework) { request, context in
            try await services.leadPaperContent(request, context)
        }
    }
}

extension Address {
    func newLeadPaper(_ kind: String, in lead: ThreadTag) -> String { "\(self.lead(lead))/papers/new/\(kind)" }
    func leadPaper(_ document: DocumentID, in lead: ThreadTag) -> String { "\(self.lead(lead))/papers/\(document)" }
    func leadPaper(_ act: LeadPaperAct, _ document: DocumentID, in lead: ThreadTag) -> String {
        "\(leadPaper(document, in: lead))/\(act.rawValue)"
    }
    func leadPaperLook(_ document: DocumentID, in lead: ThreadTag) -> String {
        "\(leadPaper(document, in: lead))/look"
    }
    /// The page of a document of the register. Papers of leads have pages of their own; whoever may not open them is led to
    /// the register of leads, which tells who works on them.
    func paper(_ line: DocumentRegisterLine, for identity: Identity) -> String {
        let (id, thread) = (line.document.id, line.document.caseThread)
        guard line.isOfLead else { return document(id, in: thread) }
        return identity.opensLeads ? leadPaper(id, in: thread) : leads
    }

    /// The page of the case, or of the lead, to which a document of the register belongs.
    func file(of line: DocumentRegisterLine, for identity: Identity) -> String {
        guard line.isOfLead else { return caseFile(line.document.caseThread) }
        return identity.opensLeads ? lead(line.document.caseThread) : leads
    }
}

extension Identity {
    /// Whether every lead that a register shows this person is one that they may open: an officer is shown their own.
    fileprivate var opensLeads: Bool {
        isOnlyOfficer || LeadView.viewRight(of: person, handledBy: []) != nil
    }
}

extension WebServices {
    func leadPaperScene(_ context: SignedInContext) async throws -> LeadPaperScene {
        let view = try await context.bureau.visibleLead(context)
        let law = try await context.bureau.casebook.chambers.law()
        guard let id = context.parameters.get("document").flatMap({ DocumentID($0) }),
            let document = view.file.document(id)
        else { throw WebRefusal.notFound }
        let person = context.identity.person
        return LeadPaperScene(
            view: view, law: law, document: document, kind: law.library.kind(of: document) ?? .unknown,
            names: try await context.bureau.names(), sight: Sight(view, by: person.thread, at: clock.now()),
            person: person)
    }

    // MARK: drawing up

    private func newLeadPaper(_ context: SignedInContext) async throws -> (LeadView, Law, DocumentKind) {
        let view = try await context.bureau.visibleLead(context)
        let law = try await context.bureau.casebook.chambers.law()
        guard let kind = context.parameters.get("kind").flatMap({ law.library.kind($0) }), !kind.leads.isEmpty else {
            throw WebRefusal.notFound
        }
        try require(LeadPapers.refusal(to: context.identity.person, in: view))
        return (view, law, kind)
    }

    /// Refuses before a form is shown to whoever could not send it.
    private func require(_ refusal: StepRefusal?) throws {
        guard let refusal else { return }
        guard refusal.code == .notAllowed else { throw WebRefusal(refusal) }
        throw WebRefusal.forbidden(what: "您不能办理这一步", whoCan: String(refusal.message.dropLast()))
    }

    func leadPaperForm(_ context: SignedInContext, refusal: StepRefusal?) async throws -> Response {
        let (view, law, kind) = try await newLeadPaper(context)
        let address = Address(context.bureau.tag)
        let persons = try await context.bureau.registers.persons()
        var content = DraftContent()
        var refusal = refusal
        if refusal != nil || context.visit.isKept {
            let unreadable = content.read(context.visit.form, kind: kind, persons: persons)
            if !unreadable.isEmpty, refusal?.fields.isEmpty != false { refusal = StepRefusal(fields: unreadable) }
        } else {
            let sight = Sight(view, by: context.identity.person.thread, at: clock.now())
            content.values = LeadPrefill(view, sight: sight, persons: persons, author: context.identity.person)
                .values(of: kind)
        }
        return try await leadPaperPage(
            .init(
                title: kind.title, lead: "核对从线索里带出的内容，补齐其余各项。定稿以后不能改动；写错了的，作废后重做。",
                fields: content.fields(of: kind, persons: persons, law: law, on: clock.now().day, address: address),
                before: reporterHint(of: kind, in: view, context), button: "定稿",
                action: address.newLeadPaper(kind.name, in: view.file.thread), back: address.lead(view.file.thread),
                backTitle: view.file.title),
            view, law, context, refusal)
    }

    /// Says why the reporter's words are not filled in.
    private func reporterHint(of kind: DocumentKind, in view: LeadView, _ context: SignedInContext) -> HTML {
        guard kind.fields.contains(where: { $0.opening == .reporter }),
            !view.isLooking(context.identity.person.thread, at: clock.now())
        else { return "" }
        return Notice(
            title: "投诉举报人的情况没有带出来",
            paragraphs: ["投诉举报的内容依法保密。先在线索页面按“登记并查看内容”，再打开这一页，姓名和内容就会带到表里。"], tone: .warning,
            actions: [
                Button(label: "返回线索", href: Address(context.bureau.tag).lead(view.file.thread), style: .small)
            ]
        ).html
    }

    func drawUpLeadPaper(_ context: SignedInContext) async throws -> Response {
        let (view, _, kind) = try await newLeadPaper(context)
        let typed = context.visit.form
        let command = try typed.command
        // The paper is named by the step's own id, so that the same form sent twice names the same paper.
        let document = try typed.drawn.unchecked(as: OfDocument.self)
        var content = DraftContent()
        let unreadable = content.read(typed, kind: kind, persons: try await context.bureau.registers.persons())
        do throws(StepRefusal) {
            guard unreadable.isEmpty else { throw StepRefusal(fields: unreadable) }
            _ = try await context.bureau.office.leads.drawUp(
                kind.name, content.data, as: document, in: view.file.thread, expecting: typed.seq, command: command,
                by: context.performer)
            return .seeOther("\(Address(context.bureau.tag).leadPaper(document, in: view.file.thread))?done=drawn")
        } catch {
            return try await leadPaperForm(context, refusal: error)
        }
    }

    // MARK: acts

    func leadPaperAct(
        _ act: LeadPaperAct, _ context: SignedInContext, refusal: StepRefusal?, secretError: String? = nil
    ) async throws -> Response {
        let scene = try await leadPaperScene(context)
        try require(
            act == .void
                ? LeadPapers.refusal(ofVoiding: scene.document, to: scene.person, in: scene.view)
                : LeadPapers.refusal(to: scene.person, in: scene.view))
        let address = Address(context.bureau.tag)
        let paper = address.leadPaper(scene.document.id, in: scene.thread)
        var form = LeadPaperForm(
            title: "", lead: "", fields: [], action: address.leadPaper(act, scene.document.id, in: scene.thread),
            back: paper, backTitle: scene.kind.title)
        switch act {
        case .issue:
            form.title = "制发\(scene.kind.title)"
            form.lead =
                scene.kind.numbering == nil
                ? "制发以后打印正式文书，加盖公章，交给对方。" : "制发时编定文号，一个号只用一次。制发以后打印正式文书，加盖公章，交给对方。"
            (form.button, form.needsSecret) = ("制发", true)
        case .sign:
            form.title = "登记签收"
            form.lead = "手里拿着签好的纸质文书，照上面的签名登记。没有签的留空，以后再登记。"
            form.fields = signingFields(scene)
        case .void:
            form.title = "作废\(scene.kind.title)"
            form.lead = "作废以后文号保留，不再使用；需要的另行制作一份。"
            (form.button, form.needsSecret) = ("作废", true)
            form.fields = [
                FieldModel(name: "reason", label: "作废的理由", control: .paragraphs(rows: 3), isRequired: true)
            ]
        }
        form.secretError = secretError
        return try await leadPaperPage(form, scene.view, scene.law, context, refusal)
    }

    private func signingFields(_ scene: LeadPaperScene) -> [FieldModel] {
        let now = clock.now()
        var fields = scene.signable.map { place -> FieldModel in
            let name = LeadPapers.signerField(place.name)
            guard LeadPapers.isOutside(place) else {
                return FieldModel(
                    name: name, label: place.slot.label,
                    control: .choices([.init(word: "yes", label: "本人（\(scene.person.name)）已经手写签名")]),
                    input: .words([]))
            }
            return FieldModel(
                name: name, label: "在“\(place.slot.label)”栏签名的人", control: .line(), help: "照纸上的签名写；没有签的留空。")
        }
        fields += [
            FieldModel(
                name: LeadPapers.signedAtField, label: "签名时间", control: .instant,
                input: .text(FieldReading.local(now)), isRequired: true),
            FieldModel(
                name: LeadPapers.scanField, label: "签名页的扫描件或者照片",
                control: .file(accept: "image/jpeg,image/png,application/pdf"), help: "没有的可以不传，只保存纸质原件。"),
            FieldModel(
                name: LeadPapers.placeField, label: "纸质原件存放在", control: .line(), isRequired: true,
                help: "例如：检查科档案柜二层。"),
        ]
        return fields
    }

    func takeLeadPaperAct(_ act: LeadPaperAct, _ context: SignedInContext) async throws -> Response {
        let scene = try await leadPaperScene(context)
        let typed = context.visit.form
        let command = try typed.command
        let (desk, id, thread) = (context.bureau.office.leads, scene.document.id, scene.thread)
        do {
            let performer = try await confirmed(act != .sign, command, context)
            switch act {
            case .issue:
                _ = try await desk.issue(id, in: thread, expecting: typed.seq, command: command, by: performer)
            case .sign:
                guard let at = Instant(typed.text(LeadPapers.signedAtField)) else {
                    throw StepRefusal(
                        fields: [.init(LeadPapers.signedAtField, "请填写签名时间，例如 2026-11-20 09:05。")])
                }
                var signers: [String: String] = [:]
                for place in scene.signable {
                    let said = typed.text(LeadPapers.signerField(place.name))
                    if !said.isEmpty { signers[place.name] = said }
                }
                _ = try await desk.sign(
                    .init(
                        signers: signers, signedAt: at, scan: typed.file(LeadPapers.scanField)?.bytes ?? [],
                        place: typed.text(LeadPapers.placeField)),
                    on: id, in: thread, expecting: typed.seq, command: command, by: performer)
            case .void:
                _ = try await desk.void(
                    id, reason: typed.text("reason"), in: thread, expecting: typed.seq, command: command,
                    by: performer)
            }
            return .seeOther("\(Address(context.bureau.tag).leadPaper(id, in: thread))?done=\(act.rawValue)")
        } catch let refusal as StepRefusal {
            return try await leadPaperAct(act, context, refusal: refusal)
        } catch let error as SignInError {
            return try await leadPaperAct(act, context, refusal: nil, secretError: try error.secretText)
        }
    }

    // MARK: looks

    func beginLeadPaperLook(_ context: SignedInContext) async throws -> Response {
        let scene = try await leadPaperScene(context)
        guard let object = context.visit.form[LookForm.objectField].flatMap({ ObjectID($0) }) else {
            throw WebRefusal.notFound
        }
        let look = try await context.bureau.office.leads.look(
            at: object, of: scene.document.id, in: scene.thread, command: .random(), by: context.performer)
        let paper = Address(context.bureau.tag).leadPaper(scene.document.id, in: scene.thread)
        return .seeOther("\(paper)/looks/\(look.id)")
    }

    /// The bytes of a sheet or a scan within a look.
    func leadPaperContent(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let scene = try await leadPaperScene(context)
        let (views, vault) = (context.bureau.office.views, context.bureau.office.vault)
        guard let id = context.parameters.get("look").flatMap({ ViewSessionID($0) }),
            let look = await views.look(id, by: context.identity.person.thread), look.thread == scene.thread,
            scene.document.objects.contains(look.object)
        else { throw WebRefusal.refused("这次查看已经结束，或者超过了30分钟。请回到文书页面重新打开。") }
        let isOurs = look.object == scene.document.fixedObject || look.object == scene.document.issue?.object
        let start = isOurs ? nil : try? await vault.read(look.object, at: 0, upTo: ScanFormat.byteCount)
        let format = start.flatMap { ScanFormat(firstBytes: $0) }
        let name = "\(scene.kind.title)签收页\(format.map { ".\($0.fileExtension)" } ?? "")"
        var response = await ObjectResponse(
            look.object, in: vault, mediaType: isOurs ? "application/pdf" : "application/octet-stream",
            disposition: isOurs ? .inline : .attachment(name)
        ).respond(to: request) { range, size in await views.count(range, of: size, in: look.id) }
        if isOurs {
            response.headers[.contentSecurityPolicy] =
                "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
        }
        return response
    }

    // MARK: the form

    /// What a form about a paper of a lead consists of.
    private struct LeadPaperForm {
        var title: String
        var lead: String
        var fields: [FieldModel]
        var before: HTML = ""
        var button = "登记"
        var needsSecret = false
        var action: String
        var back: String
        var backTitle: String
        var secretError: String?
    }

    private func leadPaperPage(
        _ form: LeadPaperForm, _ view: LeadView, _ law: Law, _ context: SignedInContext, _ refusal: StepRefusal?
    ) async throws -> Response {
        let address = Address(context.bureau.tag)
        let answered = try await answered(
            form.fields, action: form.action, seq: view.file.entries, law: law, context, refusal,
            secretError: form.secretError)
        return answer(
            LeadFormPage(
                address: address, title: form.title, lead: form.lead, form: answered.frame,
                fields: answered.fields,
                before: form.before, button: form.button, needsSecret: form.needsSecret, back: form.back,
                backTitle: form.backTitle, errors: answered.errors, refusal: answered.refusal
            ).page, context)
    }
}
