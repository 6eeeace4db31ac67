import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel
import Ledger

extension Routes {
    /// Recordings: uploads (tus, or one PUT), and registering what was uploaded.
    func addRecordings(_ services: WebServices) {
        let authorize: TusEndpoint<SignedInContext>.Authorize = { _, context in
            guard Right.casework.roles.map({ context.identity.has(anyOf: $0) }) ?? false,
                !context.identity.mustChangeSecret
            else { throw HTTPError(.forbidden) }
            return UploadGrant(vault: context.bureau.office.vault, owner: context.identity.person.thread)
        }
        // What a wrong clock stamps would be days old, or never, once the clock is right.
        let obstacle: TusEndpoint<SignedInContext>.Obstacle = { await $0.bureau.store.clockObstacle() }
        uploads(
            TusEndpoint<SignedInContext>(
                authorize: authorize,
                // A complete upload waits for its sender to say what it is: the form beside it registers it.
                completed: { _, _, _ in }, obstacle: obstacle, now: { services.clock.now() }))
        let ingest = IngestEndpoint<SignedInContext>(
            authorize: authorize, obstacle: obstacle,
            location: { status, context in "\(Address(context.bureau.tag).uploads)/\(status.id)" },
            now: { services.clock.now() })
        on(.put, "/b/{bureau}/files/{file}", .casework) { request, context in
            try await ingest.respond(to: request, context)
        }
        on(.get, "/b/{bureau}/cases/{case}/recordings/new", .casework) { request, context in
            try await services.recordingForm(
                Form(query: request.uri.query), context, refusal: nil, isHandheld: Handheld.sent(request))
        }
        on(.post, "/b/{bureau}/cases/{case}/recordings/new", .casework) { request, context in
            try await services.importRecordings(Form(query: request.uri.query), context)
        }
    }
}

extension WebServices {
    /// - Parameter registered: how many files of the form that was sent are recordings now; the page begins a new form then.
    func recordingForm(
        _ query: Form, _ context: SignedInContext, refusal: StepRefusal?, registered: Int = 0,
        isHandheld: Bool = false
    ) async throws -> Response {
        let view = try await context.bureau.visibleCase(context)
        if refusal == nil, registered == 0, !context.visit.isKept, let late = StepSpan.contested.refusal(in: view.work)
        {
            throw WebRefusal(late)
        }
        let address = Address(context.bureau.tag)
        let typed = context.visit.form
        let now = clock.now()
        var device = FieldModel.choice("device", "用什么设备记录的", ImportRecording.devices)
        device.input = .text("recorder")
        var activity = FieldModel(
            name: "activity", label: "对应的执法活动",
            control: .choice(
                ImportRecording.kinds.map { .init(word: Self.kindPrefix + $0.word, label: $0.chinese) }
                    + view.work.activities.map {
                        .init(
                            word: $0.id.description,
                            label:
                                "\(EventText.activityKinds[$0.kind] ?? "执法活动") \(TermText.short($0.startAt.day, at: now)) \($0.startAt.clock)"
                        )
                    }), isRequired: true)
        activity.input = .text(query["activity"] ?? view.work.activities.last?.id.description ?? "")
        // What was recorded says for whom it is. On site the party was there; anything else is asked.
        var openingClass = FieldModel(
            name: "class", label: "记录的是什么，给谁看",
            control: .choice(
                ImportRecording.classes.map {
                    .init(word: $0.openingClass.rawValue, label: $0.chinese, hint: $0.hint)
                }), isRequired: true, help: "登记之后不能更改。一次登记的文件不同类的，请分开登记。")
        let preset = RecordingPreset(query, view.work)
        openingClass.input = .text(preset.openingClass?.rawValue ?? "")
        device.input = .text(isHandheld && preset.what == .site ? "phone" : preset.device)
        if query["activity"] == nil {
            activity.input = .text(
                preset.activity?.description ?? (preset.what == .report ? Self.kindPrefix + "telephoneReport" : ""))
        }
        var fields = [
            openingClass, Self.secrecy("secrecy", "涉及哪一种秘密", when: "“记录的是什么”为涉密的必填"),
            Self.secrecy("secretLevel", "密级", when: "国家秘密的必填"), device, activity,
            FieldModel(
                name: "completedAt", label: "记录结束时间", control: .instant,
                help: "设备上记录结束的时间；不清楚的可以不填，入库期限就从活动结束起算。投诉举报的电话、来访没有活动可以起算，必须填写。一次只登记一个文件时才能填：几个文件各有各的时间。"),
            .line("note", "说明", preset.note, help: preset.noteHelp, isRequired: false),
        ]
        if refusal != nil || context.visit.isKept {
            fields = fields.map {
                var field = $0
                field.read(typed)
                return field
            }
        }
        let law = try await context.bureau.casebook.chambers.law()
        var page = RecordingPage(
            address: address, thread: view.work.thread, caseTitle: view.work.title ?? "",
            form: FormFrame(
                action: "\(address.newRecording(in: view.work.thread))\(preset.query)", token: context.visit.formToken,
                command: registered > 0
                    ? .random() : typed[FormFrame.commandField].flatMap { CommandID($0) } ?? .random(),
                seq: view.work.entries, hasFiles: true),
            token: context.visit.formToken, fields: fields,
            uploads: await kept(typed.uploads, context), preset: preset.what,
            explanation: preset.explanation)
        page.registered = registered
        page.obstacle = context.bureau.office.inspectionObstacle.chinese
        if let refusal {
            page.errors = refusal.fields.map { ($0.name, $0.message) }
            page.refusal = RefusalView(
                refusal, law: law, work: view.work, names: try await context.bureau.names(), address: address)
        }
        return answer(page.page, context)
    }

    /// What an answer begins with that names no session but what is recorded.
    private static let kindPrefix = "kind-"

    /// A question that only a secret asks.
    private static func secrecy(_ name: String, _ label: String, when needed: String) -> FieldModel {
        let options = EntryType.recordingLinked.options(of: name).map { ($0.word, $0.chinese) }
        var field = FieldModel.choice(name, label, options)
        field.isRequired = false
        field.requiredFor = needed
        return field
    }

    /// Registers the uploaded files as recordings and links them to the case, all in one write.
    ///
    /// A file whose name cannot stand in the record does not hold the others up: it is told by its place in the form, is
    /// kept, and is registered under the name that is then given to it.
    func importRecordings(_ query: Form, _ context: SignedInContext) async throws -> Response {
        let form = context.visit.form
        let command = try form.command
        let thread = try context.caseThread
        _ = try await context.bureau.visibleCase(context)
        let done = Address(context.bureau.tag).caseFile(thread, done: "recording")
        // The form sent twice: what it registered is no upload any more.
        let named = await names(form, context)
        let misnamed = named.compactMap { Misnamed($0) }
        func answered() async throws -> Response {
            guard !misnamed.isEmpty else { return .seeOther(done) }
            return try await recordingForm(
                query, context,
                refusal: StepRefusal(fields: misnamed.map { .init(RecordingPage.uploadField, $0.chinese) }),
                registered: named.count - misnamed.count)
        }
        if try await context.bureau.casebook.isCarriedOut(command) { return try await answered() }
        do throws(StepRefusal) {
            guard misnamed.isEmpty || misnamed.count < named.count else {
                throw StepRefusal(fields: misnamed.map { .init(RecordingPage.uploadField, $0.chinese) })
            }
            let arrived = try await arrivals(form, context, besides: Set(misnamed.map(\.position)))
            guard !arrived.isEmpty else {
                throw StepRefusal(fields: [.init(RecordingPage.uploadField, "请选择要上传的文件，等上传完成后再登记。")])
            }
            let none = arrived.compactMap { file in
                MediaClaim.problem(
                    mediaType: file.mediaType, fileName: file.name, firstBytes: file.start, device: form.text("device"))
            }
            guard none.isEmpty else {
                throw StepRefusal(fields: [.init(RecordingPage.uploadField, none.joined(separator: ""))])
            }
            guard let openingClass = OpeningClass(rawValue: form.text("class")) else {
                throw StepRefusal(fields: [.init("class", "请选择记录的是什么，给谁看。")])
            }
            let act = form.text("activity")
            let kind = act.hasPrefix(Self.kindPrefix) ? String(act.dropFirst(Self.kindPrefix.count)) : nil
            // Nothing could say it later: a recording is registered once.
            guard !act.isEmpty || arrived.allSatisfy({ MediaForm.of($0.mediaType) == "document" }) else {
                throw StepRefusal(fields: [.init("activity", "请选择这份资料记录的是哪一次执法活动，或者是什么。登记以后不能再补。")])
            }
            var completedAt: Instant?
            if !form.text("completedAt").isEmpty {
                guard let at = Instant(form.text("completedAt")) else {
                    throw StepRefusal(fields: [.init("completedAt", "请按“2026-11-20 09:05”的样子填写时间。")])
                }
                // Each file ended at a time of its own: one time for all would be wrong for all but one.
                guard arrived.count == 1 else {
                    throw StepRefusal(fields: [
                        .init("completedAt", "一次登记了\(arrived.count)个文件，各有各的结束时间。请把这一项清空，或者一个一个登记。")
                    ])
                }
                completedAt = at
            }
            let files = arrived.enumerated().map { number, file in
                ImportRecording(
                    recording: Self.derived(command, number, "recording").unchecked(as: OfThread.self),
                    object: file.facts, form: MediaForm.of(file.mediaType), device: form.text("device"),
                    fileName: file.name, mediaType: file.mediaType, completedAt: completedAt,
                    activity: ActivityID(act), kind: kind, note: form["note"], openingClass: openingClass,
                    secrecy: form["secrecy"], secretLevel: form["secretLevel"])
            }
            _ = try await context.bureau.casebook.perform(
                ImportRecordings(files), on: thread, expecting: form.seq, command: command, by: context.performer)
            // The records of the uploads are not needed any more; if we die before this they expire by themselves.
            for upload in arrived.compactMap(\.upload) { try? await context.bureau.office.vault.terminate(upload) }
        } catch {
            // A second click that overtook the first finds its uploads taken.
            if try await context.bureau.casebook.isCarriedOut(command) { return try await answered() }
            return try await recordingForm(query, context, refusal: error)
        }
        return try await answered()
    }

    /// A file of the form by its place in it, from 1: uploads first, then files that came with the form itself.
    private struct Named {
        let position: Int
        let isUpload: Bool
        let name: String
    }

    /// A file that cannot be registered under its name.
    private struct Misnamed {
        let position: Int
        let chinese: String

        init?(_ file: Named) {
            let long = file.name.count > 300 ? "超过300个字" : nil
            guard let cause = file.name.fault(isLine: true)?.cause ?? long else { return nil }
            position = file.position
            let remedy = file.isUpload ? "请在“已上传的文件”里给它写一个登记用的文件名，不用重新上传" : "请在电脑上改好文件名，重新选择这个文件"
            chinese =
                "第\(file.position)个文件“\(String(file.name.prefix(60)).shownBack)”没有登记：文件名\(cause)。\(remedy)。"
        }
    }

    private func names(_ form: Form, _ context: SignedInContext) async -> [Named] {
        var names: [Named] = []
        for text in form.uploads {
            // What was registered is no upload any more, and had a name that could stand.
            var name = "未命名"
            if let id = UploadID(text), let status = try? await context.bureau.office.vault.upload(id),
                status.declaration.owner == context.identity.person.thread
            {
                name = form.name(of: status)
            }
            names.append(Named(position: names.count + 1, isUpload: true, name: name))
        }
        for file in form.files where file.name == RecordingPage.fileField && !file.bytes.isEmpty {
            names.append(Named(position: names.count + 1, isUpload: false, name: Form.trimmed(file.fileName)))
        }
        return names
    }

    /// Uploads of this person that are still there, by id and name.
    private func kept(_ ids: [String], _ context: SignedInContext) async -> [RecordingPage.Upload] {
        var uploads: [RecordingPage.Upload] = []
        for id in ids.compactMap({ UploadID($0) }) {
            guard let status = try? await context.bureau.office.vault.upload(id),
                status.declaration.owner == context.identity.person.thread
            else { continue }
            let name = context.visit.form.name(of: status)
            uploads.append(
                .init(id: id.description, name: name.shownBack, isNameAsked: name.fault(isLine: true) != nil))
        }
        return uploads
    }

    private struct Arrival {
        let facts: ObjectFacts
        let name: String
        let mediaType: String
        let upload: UploadID?
        /// Its first bytes.
        let start: [UInt8]
    }

    /// What came in: finished uploads of this person, and files of the form itself where there is no script.
    ///
    /// - Parameter left: places in the form of files that are left out.
    private func arrivals(
        _ form: Form, _ context: SignedInContext, besides left: Set<Int>
    ) async throws(StepRefusal) -> [Arrival] {
        let vault = context.bureau.office.vault
        var arrived: [Arrival] = []
        var position = 0
        do throws(VaultError) {
            for text in form.uploads {
                position += 1
                guard !left.contains(position), let id = UploadID(text) else { continue }
                let status = try await vault.upload(id)
                guard status.declaration.owner == context.identity.person.thread else {
                    throw VaultError(.notFound, "upload \(id) belongs to another person")
                }
                let facts = try await vault.finish(id)
                let metadata = status.declaration.metadata
                let start = try await vault.read(facts.id, at: 0, upTo: MediaClaim.byteCount)
                arrived.append(
                    Arrival(
                        facts: facts, name: form.name(of: status),
                        mediaType: metadata["filetype"].flatMap { String(validating: $0, as: UTF8.self) } ?? "",
                        upload: id, start: start))
            }
            for file in form.files where file.name == RecordingPage.fileField && !file.bytes.isEmpty {
                position += 1
                guard !left.contains(position) else { continue }
                arrived.append(
                    Arrival(
                        facts: try await vault.store(file.bytes), name: file.fileName, mediaType: file.mediaType,
                        upload: nil, start: Array(file.bytes.prefix(MediaClaim.byteCount))))
            }
        } catch {
            throw StepRefusal(error)
        }
        return arrived
    }

    /// An id that the step's own id determines: the same form sent twice names the same things.
    private static func derived(_ command: CommandID, _ number: Int, _ what: String) -> CommandID {
        let digest = Digest.sha256(Array("liuhen/\(what)/\(number)".utf8) + command.bytes)
        return command.beside(digest.bytes) ?? command
    }
}

extension Form {
    /// The uploads that are to be registered, each once: one that is sent twice is one file.
    fileprivate var uploads: [String] {
        var seen: Set<String> = []
        return all(RecordingPage.uploadField).filter { seen.insert($0).inserted }
    }

    /// The name under which an upload is to be registered: the one that was typed for it, else its file's.
    fileprivate func name(of status: UploadStatus) -> String {
        let typed = text(RecordingPage.nameField(status.id.description))
        return typed.isEmpty ? Form.trimmed(status.declaration.metadata.fileName ?? "未命名") : typed
    }
}

/// What a file is to the record, told from its media type.
enum MediaForm {
    static func of(_ mediaType: String) -> String {
        let bytes = Array(mediaType.utf8)
        if bytes.starts(with: "video/".utf8) { return "video" }
        if bytes.starts(with: "audio/".utf8) { return "audio" }
        if bytes.starts(with: "image/".utf8) { return "photo" }
        return "document"
    }

    /// Media types that a browser may show in a page; all else is given as a download. What a sender claims decides
    /// only how the browser tries: `nosniff` and the sandbox keep it from being anything else.
    static func shown(_ mediaType: String) -> String? {
        let known = [
            "video/mp4", "video/webm", "video/quicktime", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav",
            "audio/x-wav",
            "audio/webm", "image/jpeg", "image/png", "image/webp", "application/pdf",
        ]
        let bare = mediaType.utf8.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
        return known.first { $0.utf8.elementsEqual(bare) }
    }
}
