import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel

extension Routes {
    /// The steps of a case. One route for all: the step is named in the address and must be in `StepForm.all`.
    func addSteps(_ services: WebServices) {
        on(.get, "/b/{bureau}/cases/{case}/steps/{step}", .casework) { request, context in
            try await services.stepPage(
                request, context, refusal: try await services.changesSinceKept(context))
        }
        on(.post, "/b/{bureau}/cases/{case}/steps/{step}", .casework) { request, context in
            try await services.takeStep(request, context)
        }
    }
}

extension WebServices {
    func stepPage(
        _ request: Request, _ context: SignedInContext, refusal: StepRefusal?, secretError: String? = nil
    ) async throws -> Response {
        let (form, scene) = try await stepScene(request, context)
        let address = Address(context.bureau.tag)
        let typed = context.visit.form
        let isSent = request.method == .post || context.visit.isKept
        var page = StepPage(
            address: address, thread: scene.work.thread, caseTitle: scene.work.title ?? "", title: form.title,
            lead: form.lead, button: form.button,
            form: FormFrame(
                action: request.uri.query.map { "\(address.step(form.name, in: scene.work.thread))?\($0)" }
                    ?? address.step(form.name, in: scene.work.thread),
                token: context.visit.formToken,
                command: typed[FormFrame.commandField].flatMap { CommandID($0) } ?? .random(), seq: scene.work.entries),
            fields: form.fields(scene).map { field in
                var field = field
                // A file that has to be chosen and is not there yet: where it is uploaded, in the words of the case page.
                if case .choice([]) = field.control, form.asksForFile(in: field) {
                    field.way = .init(
                        text: "本案还没有可以选择的资料，请先", label: "上传音像资料",
                        href: address.newRecording(in: scene.work.thread))
                }
                if case .choice([]) = field.control,
                    case .activity(let kinds)? = form.course?.input(field.name)?.control
                {
                    field.way = .init(
                        text: "本案还没有可以选择的执法活动，请先", label: "登记执法活动",
                        href: address.step(
                            BeginActivity.name, in: scene.work.thread, about: kinds.first.map { ("kind", $0) }))
                }
                if isSent { field.read(typed) }
                return field
            }, needsSecret: form.asksSecret(scene),
            before: before(
                form, scene, address,
                source: [FileCase.name, ApproveDecision.name].contains(form.name)
                    ? try await context.bureau.casebook.source(of: scene.work) : nil))
        if let told = form.told {
            page.fields = page.fields.withArticles(
                of: told.type, words: told.words, law: scene.law, on: scene.now.day, address: address)
            page.basis =
                BasisText(of: told.type, words: told.words, law: scene.law, on: scene.now.day, address: address).html
        }
        if let power = form.course?.power,
            let lacking = scene.law.refusal(lacking: power, for: "“\(form.title)”", on: scene.now.day)
        {
            page.closed = EmptyState(title: "本机关没有\(power.chinese)的权力", text: lacking.message)
            page.before =
                RefusalView(
                    lacking, law: scene.law, work: scene.work, names: [:], address: address, isForeseen: true
                ).map(\.html) ?? ""
        }
        if !isSent, let nothing = nothingToDo(form, scene) {
            page.closed = nothing
            page.before = ""
        }
        if form.name == RecordService.name, !isSent { page.closed = closedService(scene, address) }
        if form.name == GiveOverride.name, StepForm.gates(scene).isEmpty {
            page.closed = EmptyState(
                title: "目前没有可以由您批准越过的关口", text: "有关口挡住下一步、依规定可以由您批准越过时，案件页和那一步的页面会列出来。")
        }
        if form.name == AcceptDefect.name,
            AcceptDefect.open(in: scene.work, history: scene.view.history, law: scene.law, at: scene.now).isEmpty
        {
            page.closed = EmptyState(
                title: "没有缺少的内容需要您批准", text: "按现行制度逐条检查，没有终结之后不能再补办的内容。归档由档案管理人员办理。")
        }
        // What can only be refused is not asked for; what was typed before the case ended is not lost.
        if !isSent, let late = form.late(scene) {
            page.closed = EmptyState(title: scene.work.isFiled ? "本案已归档" : "本案已经终结", text: late.message)
            page.before = ""
        }
        if let refusal {
            page.refusal = RefusalView(
                refusal, law: scene.law, work: scene.work, names: try await context.bureau.names(), address: address)
            page.errors = refusal.fields.map { ($0.name, $0.message) }
        }
        if let secretError { page.errors.append((ConfirmSecret.field, secretError)) }
        return answer(page.page, context)
    }

    /// What stands in place of a form that could only be refused, because what it is about is not there, or is done.
    private func nothingToDo(_ form: StepForm, _ scene: StepScene) -> EmptyState? {
        if form.name == ApproveDecision.name, let approval = scene.work.approval {
            return EmptyState(
                title: "处理意见已经审批",
                text: "审批结果是“\(approval.isApproved ? "同意" : "不同意")”，\(approval.at.chinese)登记。要改变的，由承办人重新草拟，经审查以后再审批。")
        }
        guard let step = form.course, RecordedStep.confirmations.contains(where: { $0.name == step.name }) else {
            return nil
        }
        let course = CaseCourse(work: scene.work, records: scene.view.records)
        guard !step.isOffered(course), step.lasts.refusal(in: scene.work) == nil else { return nil }
        return EmptyState(title: "本案没有等候核对的事项", text: "有需要由您核对的，工作台和案件页面会列出来。")
    }

    /// What stands in place of the form of a service while no receipt of the case is signed in all its places.
    private func closedService(_ scene: StepScene, _ address: Address) -> EmptyState? {
        let servable = StepForm.servable(scene.work)
        guard let newest = servable.last else {
            // A receipt of another way has its own form.
            if let other = StepForm.unserved(scene.work).last {
                let way = ServiceMethod(of: other.receipt)
                return EmptyState(
                    title: "这份送达回证不是直接送达的", text: "送达回证写明了别的送达方式，请在“\(way.title)”里登记。",
                    action: Button(
                        label: "去登记",
                        href: address.step(
                            way.step, in: scene.work.thread, about: ("receipt", other.receipt.id.description)),
                        style: .small))
            }
            return EmptyState(title: "还没有可以登记的送达回证", text: "请先为已经制发的文书制作送达回证，由受送达人和送达人签名，再来登记送达。")
        }
        guard servable.allSatisfy({ !scene.law.openSlots(of: $0.receipt, in: scene.work).isEmpty }) else { return nil }
        return EmptyState(
            title: "送达回证还有签名栏没有办理", text: "受送达人和送达人都在送达回证上签名以后，才能登记送达。",
            action: Button(
                label: "打开送达回证", href: address.document(newest.receipt.id, in: scene.work.thread), style: .small))
    }

    /// What happened in the case since a form that came back was drawn; nil when nothing did.
    func changesSinceKept(_ context: SignedInContext) async throws -> StepRefusal? {
        guard context.visit.isKept, context.visit.form[FormFrame.seqField] != nil else { return nil }
        let view = try await context.bureau.visibleCase(context)
        let seq = context.visit.form.seq
        guard view.work.entries > seq else { return nil }
        var refusal = StepRefusal(.stale, "您填写之后，本案又有新的记录。请先看看新记录，再决定是否提交。已填内容都还在。")
        refusal.since = view.records.filter { $0.seq > seq }
        return refusal
    }

    func takeStep(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let (form, scene) = try await stepScene(request, context)
        let command = try context.visit.form.command
        let address = Address(context.bureau.tag)
        do {
            let performer = try await confirmed(form.asksSecret(scene), command, context)
            var input = StepInput(form: context.visit.form, command: command, performer: performer)
            try await form.perform(scene, &input)
            if let document = scene.document {
                return .seeOther("\(address.document(document.id, in: scene.work.thread))?done=\(form.name)")
            }
            return .seeOther(address.caseFile(scene.work.thread, done: form.name))
        } catch let refusal as StepRefusal {
            // What no answer could mend is said before what is wrong with the answers.
            let late = refusal.code == .invalid ? form.late(scene) : nil
            return try await stepPage(request, context, refusal: late ?? refusal)
        } catch let error as SignInError {
            return try await stepPage(request, context, refusal: nil, secretError: try error.secretText)
        }
    }

    private func stepScene(_ request: Request, _ context: SignedInContext) async throws -> (StepForm, StepScene) {
        guard let name = context.parameters.get("step"), let form = StepForm.named(name)
        else { throw WebRefusal.notFound }
        let scene = StepScene(
            view: try await context.bureau.visibleCase(context), law: try await context.bureau.casebook.chambers.law(),
            persons: try await context.bureau.registers.persons(), person: context.identity.person, now: clock.now(),
            query: Form(query: request.uri.query), services: self, context: context)
        guard form.hasSubject?(scene) ?? true else { throw WebRefusal.notFound }
        return (form, scene)
    }

    /// What a step's page shows before its form: the document that is issued, or what filing would still miss.
    private func before(_ form: StepForm, _ scene: StepScene, _ address: Address, source: CaseView?) -> HTML {
        if form.name == FileCase.name { return completeness(scene, address, source) }
        if form.name == EndCase.name { return gaps(scene, address) }
        let names = Dictionary(scene.persons.map { ($0.thread, $0.name) }) { first, _ in first }
        let foreseen =
            gate(form, scene, address) + DraftText(beside: form, view: scene.view, names, address).html
            + (form.name == ApproveDecision.name
                ? KeptBackList(scene.view, source: source, scene.law.library, names).html : "")
        guard let document = scene.document, let kind = scene.law.library.kind(of: document) else { return foreseen }
        return foreseen
            + SummaryList(rows: [
                .init(label: "文书", value: "\(kind.title)"), .init(label: "定稿", value: "\(document.fixedAt.chinese)"),
                .init(label: "编号", value: "\(number(of: document, kind))"),
            ]).html
    }

    /// The number that an issued document has, or how it will get one.
    private func number(of document: CaseDocument, _ kind: DocumentKind) -> String {
        if let number = document.issue?.numberText { return number }
        return kind.numbering == nil || document.issue != nil ? "不编号" : "制发时编定，从本年最后一号往下排"
    }

    /// What would stop this very step now.
    private func gate(_ form: StepForm, _ scene: StepScene, _ address: Address) -> HTML {
        guard scene.context.visit.form[FormFrame.commandField] == nil, let step = form.foreseen(scene.document?.id)
        else {
            return ""
        }
        let reasons = Foresight(view: scene.view, law: scene.law, person: scene.person, now: scene.now)
            .refusals(of: step).map { RefusalView.Reason($0, library: scene.law.library, address: address) }
        guard !reasons.isEmpty else { return "" }
        return RefusalView(
            title: "现在还不能办理这一步", message: "请先补齐下列事项，再来办理。", reasons: reasons, isForeseen: true
        ).html
    }

    /// What an ending would leave undone for good.
    private func gaps(_ scene: StepScene, _ address: Address) -> HTML {
        let lost = StepForm.lost(by: scene)
        guard !lost.isEmpty, scene.context.visit.form[FormFrame.commandField] == nil else { return "" }
        return RefusalView(
            title: "终结以后，有\(lost.count)项不能再补办",
            message: "能补的请先补办。确实不能补的，终结以后由负责人逐项批准带缺陷归档，印在备考表里并计入统计。",
            reasons: lost.map { .init($0, library: scene.law.library, address: address) }, isForeseen: true
        ).html
    }

    /// Acts of the inspection that nobody recorded: the closing sheet says so, and asks why.
    private func unrecorded(_ scene: StepScene, _ source: CaseView?) -> HTML {
        let acts = CaseFileSheets(
            view: scene.view, source: source, law: scene.law, archivist: scene.person, persons: scene.persons,
            now: scene.now
        ).unrecorded
        guard !acts.isEmpty else { return "" }
        return Notice(
            title: "来源检查有\(acts.count)次活动没有音像资料",
            paragraphs: [
                "\(acts.joined(separator: "、"))按现行制度应当录音录像。检查还没有归档的，请承办人补传；确实没有的，在《备考表》的“没有音像资料的说明”里写明原因和经过，随卷印出。"
            ], tone: .warning
        ).html
    }

    /// What is in the way of a filing and is no gap of a text.
    private func hindrance(_ refusal: StepRefusal, _ law: Law, _ address: Address) -> HTML {
        var view = RefusalView(refusal, law: law, work: nil, names: [:], address: address, isForeseen: true)
        view?.title = "还不能归档"
        view?.message = refusal.message
        return view?.html ?? ""
    }

    /// What no text makes a condition of the filing and is open all the same: it stays open in the filed case.
    private func staying(_ scene: StepScene, _ filing: Record, _ verdict: StepVerdict) -> HTML {
        let refused = Set(verdict.refusals.map(\.key))
        let things = DutySubject(view: scene.view, law: scene.law, now: scene.now)
        let open = scene.law.evaluate(scene.view.history + [filing]).obligations.filter { obligation in
            obligation.state == .open && !refused.contains(obligation.key)
        }
        guard !open.isEmpty else { return "" }
        return Notice(
            title: "还有\(open.count)项没有办完，不妨碍归档，归档以后仍是待办",
            paragraphs: open.map { obligation in
                let about = things.name(of: obligation.key.subject)
                return
                    "\(obligation.demand)\(about.isEmpty ? "" : "（\(about)）")，由\(obligation.who?.chinese ?? "承办人")办理。"
            }, tone: .warning
        ).html
    }

    private func completeness(_ scene: StepScene, _ address: Address, _ source: CaseView?) -> HTML {
        let filing = Record(
            thread: scene.work.thread, seq: scene.work.entries + 1, type: .caseFiled, recordedAt: scene.now,
            actor: scene.person.thread)
        let verdict = scene.law.judge([filing], after: scene.view.history)
        let sheets = FileCase.sheets.map { name in
            let sheet = scene.work.document(ofKind: name)
            let title = scene.law.library.kind(name)?.title ?? name
            return TaskList.Task(
                label: title,
                href: sheet.map { address.document($0.id, in: scene.work.thread) }
                    ?? address.newDocument(name, in: scene.work.thread),
                tag: sheet?.issue != nil
                    ? Tag(text: "✓ 已制发", tone: .done)
                    : sheet != nil ? Tag(text: "待签名、制发", tone: .soon) : Tag(text: "还没有制作", tone: .wait))
        }
        // Papers of an inspection that has no volume of its own are pieces of this one.
        let pieces =
            FileCase.unprinted(in: scene.work, law: scene.law).map { (scene.work, $0, "签名齐备，待制发") }
            + (source.map { source in
                FileCase.unfinished(of: source.work, law: scene.law).map { (source.work, $0, "来源检查的文书，待签名、制发") }
            } ?? [])
        let unprinted = pieces.map { work, document, standing in
            TaskList.Task(
                label: scene.law.library.kind(of: document)?.title ?? document.kind,
                href: address.document(document.id, in: work.thread), tag: Tag(text: standing, tone: .soon))
        }
        let missing = verdict.refusals.map { RefusalView.Reason($0, library: scene.law.library, address: address) }
        let unmade = FileCase.sheets.filter { scene.work.document(ofKind: $0)?.issue == nil }
            .map { "《\(scene.law.library.kind($0)?.title ?? $0)》" }.joined(separator: "、")
        let barred = FileCase.barred(scene.view, source: source, law: scene.law)
        let check: HTML =
            missing.isEmpty && unmade.isEmpty && unprinted.isEmpty && barred == nil
            ? Notice(title: "可以归档", paragraphs: ["按现行制度逐条检查，没有不补齐就不能归档的内容；封面、目录和备考表都已制发。"], tone: .done).html
            : missing.isEmpty && unmade.isEmpty && unprinted.isEmpty
                ? ""
                : missing.isEmpty
                    ? Notice(
                        title: unmade.isEmpty ? "归档以前还有文书要制发" : "归档以前还要制作\(unmade)",
                        paragraphs: ["按现行制度逐条检查，没有不补齐就不能归档的内容。下面的案卷文书制作、签名、制发之后，才能归档。"]
                    ).html
                    : RefusalView(
                        title: "案卷还缺\(missing.count)项，不能归档", message: "请先补齐；确实不能补的，由行政机关负责人逐项批准带缺陷归档。", reasons: missing
                    )
                    .html
        let signed: HTML =
            unprinted.isEmpty ? "" : "<h2>先要制发的文书</h2>\n\(TaskList(tasks: unprinted).html)"
        let hindered = barred.map { hindrance($0, scene.law, address) } ?? ""
        return
            "\(check)\(hindered)\(unrecorded(scene, source))\(staying(scene, filing, verdict))\(signed)<h2>案卷封面、目录和备考表</h2>\n\(TaskList(tasks: sheets).html)"
    }
}
