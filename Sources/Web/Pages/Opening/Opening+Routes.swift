import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel
import Ledger

extension Routes {
    /// Opening cases.
    func addOpening(_ services: WebServices) {
        on(.get, "/b/{bureau}/cases/new", .handling) { request, context in
            try await services.inspectionForm(Form(query: request.uri.query), context, refusal: nil)
        }
        on(.post, "/b/{bureau}/cases/new", .handling) { request, context in
            try await services.openInspection(Form(query: request.uri.query), context)
        }
        on(.get, "/b/{bureau}/cases/{case}/penalty", .handling) { _, context in
            try await services.penaltyForm(context, refusal: try await services.changesSinceKept(context))
        }
        on(.post, "/b/{bureau}/cases/{case}/penalty", .handling) { _, context in
            try await services.openPenalty(context)
        }
    }
}

extension WebServices {
    /// The form of an inspection. `?q=` looks for registered parties, `?subject=` takes one.
    func inspectionForm(_ query: Form, _ context: SignedInContext, refusal: StepRefusal?) async throws -> Response {
        let address = Address(context.bureau.tag)
        let typed = context.visit.form
        let officers = try await context.bureau.registers.persons().filter { $0.roles.contains(.officer) }
        let lead = try await namedLead(query, context)
        var chosen: SubjectRow?
        if let tag = query["subject"].flatMap({ ThreadTag($0) }) {
            chosen = try await context.bureau.registers.subject(tag)
        }
        var found: [SubjectRow] = []
        let search = query.text("q")
        if search.unicodeScalars.count >= 2 {
            found = try await context.bureau.registers.subjects(matching: search, limit: 20)
        }
        var fields: [FieldModel] = [
            .line("title", "检查事项", help: "例如：清禾县星河纸品厂统计资料报送情况检查。"), .caseNumber,
            .choice(
                "source", "检查来源", CaseSource.allCases.filter { $0 != .inspection }.map { ($0.rawValue, $0.chinese) }),
            FieldModel(
                name: "handlers", label: "承办人", control: .choices(officers.map(FieldModel.Option.init(person:))),
                input: .words([context.identity.person.thread.description]), isRequired: true,
                help: "不得少于两人，执法证件应当在有效期内。"),
        ]
        if let lead { fields[2].input = .text(Self.source(of: lead.file).rawValue) }
        if chosen == nil {
            var kind = FieldModel.choice("subjectKind", "被检查对象", [("organisation", "单位"), ("individual", "个人")])
            kind.input = .text("organisation")
            fields += [
                kind, .line("subjectName", "名称（姓名）", lead?.file.kind == .complaint ? lead?.file.about ?? "" : ""),
                .line("subjectCode", "统一社会信用代码（身份证件号码）", isRequired: false),
                .line("subjectAddress", "住所（地址）", isRequired: false),
                .line("subjectRepresentative", "法定代表人（负责人）", isRequired: false),
                .line("subjectPhone", "联系电话", isRequired: false),
                .line(
                    "subjectWrittenName", "打印用名", help: "名称里有字库没有的字才填：把这个字拆写在〔〕里，例如王〔四龙〕。以后的文书都这样打印。",
                    isRequired: false),
            ]
        }
        if refusal != nil || context.visit.isKept {
            fields = fields.map {
                var field = $0
                field.read(typed)
                return field
            }
        }
        let law = try await context.bureau.casebook.chambers.law()
        var page = OpeningPage(
            address: address, title: lead == nil ? "开展行政检查" : "从线索启动行政检查",
            lead: lead.map { "来自线索“\($0.file.title)”。登记之后，线索和案件互相关联。" }
                ?? "登记检查事项、承办人和被检查对象。到达现场后再登记检查开始。", button: "开始检查",
            form: FormFrame(
                action: Self.openingAction(address, subject: chosen?.thread, lead: lead?.file.thread),
                token: context.visit.formToken,
                command: typed[FormFrame.commandField].flatMap { CommandID($0) } ?? .random(),
                seq: lead?.file.entries),
            fields: fields, back: lead.map { address.lead($0.file.thread) } ?? address.cases,
            chosen: chosen.map { "\($0.name)\($0.code.isEmpty ? "" : "（\($0.code)）")" },
            search: search,
            found: found.map {
                (
                    "\($0.name)\($0.code.isEmpty ? "" : "（\($0.code)）")",
                    Self.openingAction(address, subject: $0.thread, lead: lead?.file.thread)
                )
            },
            isSearchable: true,
            errors: refusal?.fields.map { ($0.name, $0.message) } ?? [],
            refusal: refusal.flatMap { RefusalView($0, law: law, work: nil, names: [:], address: address) })
        page.hold = try await context.bureau.casebook.caseworkHold().map {
            Notice(title: "现在还不能登记案件", paragraphs: [$0.message], tone: .warning)
        }
        return answer(page.page, context)
    }

    func openInspection(_ query: Form, _ context: SignedInContext) async throws -> Response {
        let form = context.visit.form
        let command = try form.command
        let address = Address(context.bureau.tag)
        let registered = query["subject"].flatMap { ThreadTag($0) }
        // Threads are named by the step's own id, so that the same form sent twice names the same case and party.
        let thread = try form.drawn.unchecked(as: OfThread.self)
        let newSubject = NewSubject(
            thread: Self.subjectThread(of: try form.drawn), kind: form.text("subjectKind"),
            name: form.text("subjectName"),
            code: form["subjectCode"], address: form["subjectAddress"], representative: form["subjectRepresentative"],
            phone: form["subjectPhone"], writtenName: form["subjectWrittenName"])
        do throws(StepRefusal) {
            guard let source = CaseSource(rawValue: form.text("source")) else {
                throw StepRefusal(fields: [.init("source", "请选择检查来源。")])
            }
            var opening = OpenInspection(
                title: form.text("title"), source: source,
                handlers: form.all("handlers").compactMap { ThreadTag($0) },
                newSubject: registered == nil ? newSubject : nil)
            opening.caseNumber = form["caseNumber"]
            if let lead = try await unwrapped({ try await namedLead(query, context) }) {
                _ = try await context.bureau.casebook.open(
                    opening, as: thread, lead: (lead.file.thread, form.seq), subject: registered, command: command,
                    by: context.performer)
            } else {
                _ = try await context.bureau.casebook.open(
                    opening, as: thread, subject: registered, command: command, by: context.performer)
            }
            return .seeOther(address.caseFile(thread, done: OpenInspection.name))
        } catch {
            return try await inspectionForm(query, context, refusal: error)
        }
    }

    /// The lead in the address, for whoever may see it.
    private func namedLead(_ query: Form, _ context: SignedInContext) async throws -> LeadView? {
        guard let thread = query["lead"].flatMap({ ThreadTag($0) }) else { return nil }
        return try await context.bureau.visibleLead(thread, context)
    }

    /// How a case from this lead came about.
    private static func source(of lead: LeadFile) -> CaseSource {
        if lead.kind == .application { return .application }
        return lead.channel == "transfer" ? .transfer : lead.isRealName ? .complaint : .report
    }

    private static func openingAction(_ address: Address, subject: ThreadTag?, lead: ThreadTag?) -> String {
        let pairs = [subject.map { "subject=\($0)" }, lead.map { "lead=\($0)" }].compactMap { $0 }
        return pairs.isEmpty ? address.newInspection : "\(address.newInspection)?\(pairs.joined(separator: "&"))"
    }

    /// The party's thread, drawn from the same random id as the case's and different from it.
    static func subjectThread(of command: CommandID) -> ThreadTag {
        ThreadTag(Digest.sha256(Array("liuhen/subject-of-command".utf8) + command.bytes).bytes.prefix(16)) ?? .random()
    }

    func penaltyForm(_ context: SignedInContext, refusal: StepRefusal?) async throws -> Response {
        let view = try await context.bureau.visibleCase(context)
        let address = Address(context.bureau.tag)
        let typed = context.visit.form
        let officers = try await context.bureau.registers.persons().filter { $0.roles.contains(.officer) }
        var major = FieldModel.choice(
            "isMajor", "是否重大执法行为", [("no", "否"), ("yes", "是")], help: "重大执法行为的启动审批表须经法制机构审查。")
        major.input = .text("no")
        var emergency = FieldModel.choice(
            "isEmergency", "启动方式", [("no", "先审批，后启动"), ("yes", "紧急情况先行启动，24小时内补报审批表")])
        emergency.input = .text("no")
        var fields: [FieldModel] = [
            .line("title", "案由", help: "例如：清禾县星河纸品厂拒报统计资料案。"), .caseNumber,
            FieldModel(
                name: "handlers", label: "承办人", control: .choices(officers.map(FieldModel.Option.init(person:))),
                input: .words(view.work.handlers.map(\.description)), isRequired: true),
            major, emergency,
            .paragraphs("emergencyReason", "紧急情况说明", help: "紧急启动时填写。", isRequired: false),
            FieldModel(name: "startedAt", label: "实际启动时间", control: .instant, help: "紧急启动时填写，24小时从这时起算。"),
        ]
        if refusal != nil || context.visit.isKept {
            fields = fields.map {
                var field = $0
                field.read(typed)
                return field
            }
        }
        let law = try await context.bureau.casebook.chambers.law()
        let page = OpeningPage(
            address: address, title: "启动行政处罚程序", lead: "从本次检查的结果转立行政处罚案件，检查中的笔录和音像资料作为证据引入。", button: "立案",
            form: FormFrame(
                action: address.penalty(of: view.work.thread), token: context.visit.formToken,
                command: typed[FormFrame.commandField].flatMap { CommandID($0) } ?? .random(), seq: view.work.entries),
            fields: fields, back: address.caseFile(view.work.thread), chosen: view.work.subjectName,
            errors: refusal?.fields.map { ($0.name, $0.message) } ?? [],
            refusal: refusal.flatMap { RefusalView($0, law: law, work: view.work, names: [:], address: address) })
        return answer(page.page, context)
    }

    func openPenalty(_ context: SignedInContext) async throws -> Response {
        let form = context.visit.form
        let command = try form.command
        let inspection = try context.caseThread
        _ = try await context.bureau.visibleCase(context)
        let thread = try form.drawn.unchecked(as: OfThread.self)
        do throws(StepRefusal) {
            var emergency: (startedAt: Instant, reason: String)?
            if form["isEmergency"] == "yes" {
                guard let at = Instant(form.text("startedAt")) else {
                    throw StepRefusal(fields: [.init("startedAt", "请填写实际启动时间，例如 2026-11-20 09:05。")])
                }
                emergency = (at, form.text("emergencyReason"))
            }
            var opening = OpenPenalty(
                title: form.text("title"), handlers: form.all("handlers").compactMap { ThreadTag($0) },
                isMajor: form["isMajor"] == "yes", emergency: emergency)
            opening.caseNumber = form["caseNumber"]
            _ = try await context.bureau.casebook.open(
                opening,
                as: thread, inspection: (inspection, form.seq), command: command, by: context.performer)
            return .seeOther(Address(context.bureau.tag).caseFile(thread, done: OpenPenalty.name))
        } catch {
            return try await penaltyForm(context, refusal: error)
        }
    }
}

extension FieldModel {
    /// The number of a case that is opened.
    static let caseNumber = line(
        "caseNumber", "案号", help: "按全省统一的编号规则编写；还没有编号的可以不填，归档以前应当有编号。", isRequired: false)
}
