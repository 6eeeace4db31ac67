import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel
import Ledger
import NIOCore

extension Routes {
    /// Handing out a case as a dossier that anybody can check offline.
    func addDossier(_ services: WebServices) {
        on(.get, "/b/{bureau}/cases/{case}/dossier", .casework) { _, context in
            try await services.dossierForm(context, refusal: nil)
        }
        on(.post, "/b/{bureau}/cases/{case}/dossier", .casework) { _, context in
            try await services.exportDossier(context)
        }
    }
}

extension WebServices {
    func dossierForm(
        _ context: SignedInContext, refusal: StepRefusal?, secretError: String? = nil
    ) async throws -> Response {
        let view = try await context.bureau.visibleCase(context)
        let address = Address(context.bureau.tag)
        let law = try await context.bureau.casebook.chambers.law()
        let typed = context.visit.form
        // A party's is handed out by whoever may approve it (zhaoxian-2017:32).
        let approves = context.identity.has(anyOf: [.departmentHead, .agencyHead])
        var audience = FieldModel.choice(
            "audience", "提供给谁",
            [("archive", "档案馆（全部内容）"), ("court", "法院（不含举报人信息）")] + (approves ? [("party", "当事人（只含正卷）")] : []))
        if !approves { audience.help = "提供给当事人的，由本部门负责人或者行政机关负责人导出。" }
        audience.input = .text("court")
        var mode = FieldModel.choice(
            "mode", "证明方式",
            [("compact", "本案记录都在记录链中"), ("complete", "并且没有第二份记录（附全部记录的编号，文件较大）")],
            help: "前一项证明：案卷里的每条记录都在本机关的账本里，没有缺号，没有改动。"
                + "后一项还证明：账本里没有另外藏着本案的一套不同的记录。一般选前一项，对方要求时选后一项。")
        mode.input = .text("compact")
        var fields = [
            audience, mode, .line("recipient", "接收人", isRequired: false),
            .paragraphs(
                "secrecyCheck", "保密审查情况", help: "写明由谁审查、结论是什么，例如：经审查，没有应当保密的内容。给法院、档案馆的可以不填。", isRequired: false),
        ]
        // Who chooses the party has to fill it: the mark stands for that, not for leaving it out.
        if approves { fields[3].requiredFor = "提供给当事人的必须填写" }
        if refusal != nil || secretError != nil {
            fields = fields.map {
                var field = $0
                field.read(typed)
                return field
            }
        }
        var page = StepPage(
            address: address, thread: view.work.thread, caseTitle: view.work.title ?? "", title: "导出案卷",
            lead: "案卷是一个压缩文件，包含文书、音像资料、全部记录和证明。任何人可以用 liuhen-verify 离线核验，不需要信任本单位的服务器。",
            button: "导出并下载",
            form: FormFrame(
                action: address.dossier(of: view.work.thread), token: context.visit.formToken,
                command: typed[FormFrame.commandField].flatMap { CommandID($0) } ?? .random(), seq: view.work.entries),
            fields: fields, needsSecret: true)
        if let refusal {
            page.refusal = RefusalView(
                refusal, law: law, work: view.work, names: try await context.bureau.names(), address: address)
            page.errors = refusal.fields.map { ($0.name, $0.message) }
        }
        if let secretError { page.errors.append((ConfirmSecret.field, secretError)) }
        return answer(page.page, context)
    }

    func exportDossier(_ context: SignedInContext) async throws -> Response {
        let form = context.visit.form
        let command = try form.command
        let view = try await context.bureau.visibleCase(context)
        do {
            let performer = try await confirmed(true, command, context)
            guard let audience = DossierAudience(rawValue: form.text("audience")),
                let mode = DossierMode(rawValue: form.text("mode"))
            else { throw StepRefusal(fields: [.init("audience", "请选择提供给谁。")]) }
            let office = context.bureau.office
            let export = DossierExport(
                casebook: office.casebook, vault: office.vault,
                bureauThread: try await office.casebook.chambers.profile().thread)
            let prepared = try await export.prepare(
                case: view.work.thread, audience: audience, mode: mode, recipient: form["recipient"],
                secrecyCheck: form["secrecyCheck"], command: command, by: performer)
            guard ZipWriter(folder: prepared.name) != nil else {
                throw WebRefusal.broken("a dossier cannot be named \(prepared.name)")
            }
            var headers = HTTPFields()
            headers[.contentType] = "application/zip"
            headers[.contentDisposition] = "attachment; filename=\"\(prepared.name).zip\""
            let body = ResponseBody { writer in
                let handoff = Handoff<[UInt8]>()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        defer { Task { await handoff.close() } }
                        guard let zip = ZipWriter(folder: prepared.name) else { return }
                        try await export.write(prepared, into: zip, take: { $0.takeOutput() }) { bytes in
                            if !bytes.isEmpty { try await handoff.give(bytes) }
                        }
                    }
                    do {
                        while let bytes = await handoff.take() { try await writer.write(ByteBuffer(bytes: bytes)) }
                    } catch {
                        // The receiver is gone: the giver must not wait for ever.
                        await handoff.close()
                        throw error
                    }
                    try await group.waitForAll()
                }
                try await writer.finish(nil)
            }
            return Response(status: .ok, headers: headers, body: body)
        } catch let refusal as StepRefusal {
            return try await dossierForm(context, refusal: refusal)
        } catch let error as SignInError {
            return try await dossierForm(context, refusal: nil, secretError: try error.secretText)
        }
    }
}
