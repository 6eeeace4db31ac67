import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel
import Ledger
import NIOCore

extension Routes {
    /// The state of the log for everybody of the bureau: whether it records, what of it lies outside. Those who keep it hand
    /// checkpoints out and compare them.
    func addLedgerBook(_ services: WebServices) {
        on(.get, "/b/{bureau}/ledger", .signedIn) { request, context in
            if context.identity.mustChangeSecret { throw WebRefusal.changeSecret(context.bureau.tag) }
            return try await services.ledgerBook(context, done: Form(query: request.uri.query)["done"])
        }
        on(.post, "/b/{bureau}/ledger/media", .keeping) { _, context in try await services.retireMedium(context) }
        on(.post, "/b/{bureau}/ledger/checkpoint", .keeping) { _, context in
            try await services.handOutCheckpoint(context)
        }
        on(.post, "/b/{bureau}/ledger/comparison", .keeping, held: .open) { _, context in
            try await services.compareCheckpoint(context)
        }
    }
}

extension WebServices {
    func ledgerBook(
        _ context: SignedInContext, verdict: OutsideVerdict? = nil, errors: [(field: String, text: String)] = [],
        refusal: StepRefusal? = nil, done: String? = nil
    ) async throws -> Response {
        let store = context.bureau.store
        let head = try await store.signedHead()
        let upkeep = try await context.bureau.casebook.chambers.upkeep()
        let address = Address(context.bureau.tag)
        let parts = store.verifierKey.split(separator: "+")
        var page = LedgerBookPage(
            address: address, isAdministrator: context.identity.has(anyOf: [.administrator]), origin: store.origin,
            size: head.size, root: PaperText.grouped(head.root),
            keyID: parts.count > 1 ? String(parts[1]) : "", verifierKey: store.verifierKey,
            note: String(decoding: head.note, as: UTF8.self), stopReason: store.stopReason(),
            checkpoint: upkeep.lastCheckpoint, backup: upkeep.lastBackup,
            now: clock.now(), handOut: frame(address.keptCheckpoint, context),
            compare: FormFrame(
                action: address.ledgerComparison, token: context.visit.formToken, command: .random(), hasFiles: true),
            errors: errors)
        page.isKeeper = Right.keeping.roles.map { context.identity.has(anyOf: $0) } ?? false
        page.verified = store.lastVerification()
        page.media = upkeep.media
        page.isMediumRetired = done == "medium"
        page.retire = frame(address.retiredMedium, context)
        page.verdict = verdict
        page.refusal = refusal.flatMap { RefusalView(administration: $0) }
        return answer(page.page, context)
    }

    /// The newest checkpoint as a file, recorded as given out. The head is the one before this entry: what is handed
    /// out is what the entry names.
    func handOutCheckpoint(_ context: SignedInContext) async throws -> Response {
        let command = try context.visit.form.command
        do {
            let note = try await unwrapped {
                try await context.bureau.casebook.keepCheckpoint(
                    at: context.visit.form.text("place"), command: command, by: context.performer)
            }
            var headers = HTTPFields()
            headers[.contentType] = "text/plain; charset=utf-8"
            headers[.contentDisposition] =
                "attachment; filename=\"checkpoint-\(context.bureau.tag)-\(clock.now().day).txt\""
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: note)))
        } catch {
            return try await ledgerBook(
                context, errors: error.fields.map { ($0.name, $0.message) },
                refusal: error.fields.isEmpty ? error : nil)
        }
    }

    /// A medium that is used no more.
    func retireMedium(_ context: SignedInContext) async throws -> Response {
        let form = context.visit.form
        do {
            _ = try await context.bureau.casebook.retire(
                medium: form.text("medium"), reason: form.text("reason"), command: try form.command,
                by: context.performer)
            return .seeOther("\(Address(context.bureau.tag).ledgerBook)?done=medium")
        } catch let error as StepRefusal {
            return try await ledgerBook(
                context, errors: error.fields.map { ($0.name, $0.message) },
                refusal: error.fields.isEmpty ? error : nil)
        }
    }

    func compareCheckpoint(_ context: SignedInContext) async throws -> Response {
        _ = try context.visit.form.command
        guard let file = context.visit.form.file(LedgerBookPage.fileField), !file.bytes.isEmpty else {
            return try await ledgerBook(context, errors: [(LedgerBookPage.fileField, "请选择以前下载、存放在外面的检查点文件。")])
        }
        let verdict: OutsideVerdict
        do {
            verdict = try await context.bureau.casebook.compare(checkpoint: file.bytes)
        } catch {
            return try await ledgerBook(context, refusal: error)
        }
        return try await ledgerBook(context, verdict: verdict)
    }
}
