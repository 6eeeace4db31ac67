import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel

extension Routes {
    /// Looking at evidence and documents: each look is recorded before the first byte (invariant 4).
    func addLooks(_ services: WebServices) {
        on(.post, "/b/{bureau}/cases/{case}/looks", .casework, held: .open) { _, context in
            try await services.beginLook(context)
        }
        on(.get, "/b/{bureau}/cases/{case}/looks/{look}", .casework) { _, context in
            let (look, thing) = try await services.look(context)
            let address = Address(context.bureau.tag)
            let thread = try context.caseThread
            var response = services.answer(
                LookPage(
                    address: address, thread: thread, token: context.visit.formToken, title: thing.title,
                    caseTitle: thing.caseTitle, form: thing.form, mediaType: thing.mediaType, isFramed: thing.isFramed,
                    source: address.bytes(look.id, in: thread), until: look.until.clock,
                    end: "\(address.look(look.id, in: thread))/end",
                    document: thing.document.map { address.document($0, in: thread) }
                ).page, context)
            if thing.isFramed { response.headers[.contentSecurityPolicy] = LookPage.framingPolicy }
            return response
        }
        on(.post, "/b/{bureau}/cases/{case}/looks/{look}/end", .casework, held: .open) { _, context in
            let (look, _) = try await services.look(context)
            try await context.bureau.office.views.end(look.id)
            return .seeOther(Address(context.bureau.tag).caseFile(try context.caseThread))
        }
        on(.get, "/b/{bureau}/cases/{case}/looks/{look}/content", .casework) { request, context in
            try await services.lookContent(request, context)
        }
    }
}

/// What is looked at.
struct LookedAt {
    let title: String
    let caseTitle: String
    /// `document`, `video`, `audio`, `photo`, `screenshot`.
    let form: String
    let mediaType: String
    /// Printed by ourselves: not untrusted, so it needs no sandbox, in which browsers show no PDF.
    let isOurs: Bool
    /// The thread in which the look is recorded.
    let thread: ThreadTag
    let document: DocumentID?

    /// What a mark of secrecy would stand on.
    var markable: SecrecyMark.Thing { document.map { .document($0) } ?? .recording(thread) }

    /// A PDF that somebody scanned is shown within the page.
    var isFramed: Bool { !isOurs && mediaType == ScanFormat.pdf.rawValue }
}

extension WebServices {
    func beginLook(_ context: SignedInContext) async throws -> Response {
        let view = try await context.bureau.visibleCase(context)
        let form = context.visit.form
        guard let object = form[LookForm.objectField].flatMap({ ObjectID($0) }),
            let thing = try await thing(object, in: view, context),
            let right = view.work.viewRight(of: context.identity.person)
        else { throw WebRefusal.notFound }
        if let refusal = view.work.secrecyRefusal(thing.markable, to: context.identity.person) {
            throw WebRefusal.refused(refusal.message)
        }
        let purpose = ["handler": "handling", "reviewer": "review", "head": "supervision"][right] ?? "other"
        let look = try await context.bureau.office.views.begin(
            object, in: thing.thread, document: thing.document, by: context.performer, right: right, purpose: purpose,
            command: .random())
        return .seeOther(Address(context.bureau.tag).look(look.id, in: view.work.thread))
    }

    /// A running session of this person, with what it is about; nothing is found in another case's address.
    func look(_ context: SignedInContext) async throws -> (ViewSessions.Look, LookedAt) {
        let view = try await context.bureau.visibleCase(context)
        guard let id = context.parameters.get("look").flatMap({ ViewSessionID($0) }),
            let look = await context.bureau.office.views.look(id, by: context.identity.person.thread),
            let thing = try await thing(look.object, in: view, context)
        else { throw WebRefusal.refused("这次查看已经结束，或者超过了30分钟。请回到案件页面重新打开。") }
        // A mark that was made while the look runs ends it for whom it does not clear.
        if let refusal = view.work.secrecyRefusal(thing.markable, to: context.identity.person) {
            throw WebRefusal.refused(refusal.message)
        }
        return (look, thing)
    }

    func lookContent(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let (look, thing) = try await look(context)
        let shown = MediaForm.shown(thing.mediaType)
        let views = context.bureau.office.views
        var response = await ObjectResponse(
            look.object, in: context.bureau.office.vault, mediaType: shown ?? "application/octet-stream",
            disposition: shown == nil ? .attachment(thing.title) : .inline
        ).respond(to: request) { range, size in await views.count(range, of: size, in: look.id) }
        if thing.isOurs {
            response.headers[.contentSecurityPolicy] =
                "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
        } else if thing.isFramed {
            // Browsers show no PDF in a sandbox. `nosniff` and the type keep it from being anything but a PDF, which
            // their viewers show apart from our pages; nothing else may frame it.
            response.headers[.contentSecurityPolicy] =
                "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
            if let name = HTTPField.Name("X-Frame-Options") { response.headers[name] = "SAMEORIGIN" }
        }
        return response
    }

    /// An object of this case; nil for any other, however well it is known.
    private func thing(_ object: ObjectID, in view: CaseView, _ context: SignedInContext) async throws -> LookedAt? {
        let law = try await context.bureau.casebook.chambers.law()
        let caseTitle = view.work.title ?? ""
        for document in view.work.documents where document.fixedObject == object || document.issue?.object == object {
            let title = law.library.kind(of: document)?.title ?? document.kind
            return LookedAt(
                title: document.issue?.numberText.map { "\(title) \($0)" } ?? title, caseTitle: caseTitle,
                form: "document", mediaType: "application/pdf", isOurs: true, thread: view.work.thread,
                document: document.id)
        }
        for link in view.work.recordings {
            guard let row = try await context.bureau.registers.recording(link.recording), row.object == object else {
                continue
            }
            return LookedAt(
                title: row.fileName, caseTitle: caseTitle, form: row.form, mediaType: row.mediaType, isOurs: false,
                thread: row.thread, document: nil)
        }
        for document in view.work.documents {
            guard
                let scan = document.scans.first(where: { $0.object == object || $0.original == object && !$0.isShared })
            else { continue }
            let title = law.library.kind(of: document)?.title ?? document.kind
            let isPicture = scan.object == object
            let start = try? await context.bureau.office.vault.read(object, at: 0, upTo: ScanFormat.byteCount)
            let format = start.flatMap { ScanFormat(firstBytes: $0) }
            return LookedAt(
                title: "\(title) \(isPicture ? "扫描件" : "上传的原文件")", caseTitle: caseTitle,
                form: isPicture || format == .pdf ? "document" : "photo",
                mediaType: format?.rawValue ?? "application/octet-stream", isOurs: false, thread: view.work.thread,
                document: document.id)
        }
        for document in view.work.documents {
            guard let slot = document.slots.first(where: { $0.value.scan == object }) else { continue }
            let start = try? await context.bureau.office.vault.read(object, at: 0, upTo: ScanFormat.byteCount)
            let format = start.flatMap { ScanFormat(firstBytes: $0) }
            return LookedAt(
                title: "签名页扫描件（\(slot.value.name ?? "")）", caseTitle: caseTitle,
                form: format == .pdf ? "document" : "photo",
                // Anything else came in before formats were checked: it can be had as a file.
                mediaType: format?.rawValue ?? "application/octet-stream", isOurs: false, thread: view.work.thread,
                document: document.id)
        }
        return nil
    }
}
