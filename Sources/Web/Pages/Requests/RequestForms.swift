import Application
import Casework
import Hummingbird
import Kernel

extension WebServices {
    // MARK: registering

    /// The form of a request about the case in the address; without one, the way to choose it.
    func requestForm(
        _ query: Form, _ context: SignedInContext, refusal: StepRefusal?
    ) async throws -> Response {
        let address = Address(context.bureau.tag)
        guard let source = try await requestSource(query, context) else {
            return answer(try await requestCases(query, context).page, context)
        }
        let form = try await requestAnswers(
            RequestStep.make, AnswerGround(thread: .random(), records: [], entries: []), context)
        let things = try await context.bureau.casebook.releasables(of: source)
        // The long list of everybody but colleagues, said the other way round.
        let helps = [
            "papers": "查验并勾选。代理人要有授权委托书，律师要有执业证，机关要有公函。", "applicant": "个人写姓名；单位写名称和经办人。",
            "identity": "身份证、执业证、介绍信的号码。",
        ]
        let fields =
            form.fields.map { field in
                guard let help = helps[field.name] else { return field }
                var field = field
                field.help = "\(help)本机关人员由本人申请，不用填写。"
                return field
            } + [
                FieldModel(
                    name: "documents", label: "申请的文书和音像资料",
                    control: .choices(
                        things.map { thing in
                            .init(
                                word: thing.item.id, label: thing.title,
                                hint:
                                    "\(thing.isRecording ? "音像资料" : thing.isInternal ? "" : "正卷")\(thing.isRecording && !thing.mark.isEmpty ? "，" : "")\(thing.mark)"
                            )
                        }), input: .words([]), isRequired: true,
                    help: things.isEmpty ? "这个案件还没有制发的文书，也没有音像资料。" : "只列出这个案件里已经制发的文书和入库的音像资料。"),
                FieldModel(
                    name: "forWhen", label: "什么时间查看", control: .instant, help: "“申请人身份”为“本机关人员”的填写，可以是以后的时间。"),
            ]
        return try await requestFormPage(
            RequestStep.make, fields: fields, title: RequestStep.make.body.title,
            action: address.newRequest(about: source.work.thread), seq: nil, back: address.requests,
            backTitle: "查阅复制台账",
            before: "<p>案件：<a href=\"\(address.caseFile(source.work.thread))\">\(source.work.title ?? "")</a></p>\n"
                as HTML,
            law: form.law, context, refusal)
    }

    func makeRequest(_ query: Form, _ context: SignedInContext) async throws -> Response {
        let typed = context.visit.form
        let command = try typed.command
        guard let source = try await requestSource(query, context) else { throw WebRefusal.notFound }
        let form = try await requestAnswers(
            RequestStep.make, AnswerGround(thread: .random(), records: [], entries: []), context)
        // The thread is named by the step's own id, so that the same form sent twice names the same request.
        let thread = try typed.drawn.unchecked(as: OfThread.self)
        do throws(StepRefusal) {
            var input = StepInput(form: typed, command: command, performer: context.performer)
            let answers = form.answers(&input)
            let forWhen = input.optionalInstant("forWhen", "查看时间")
            let chosen = typed.all("documents")
            let items = chosen.compactMap { RequestItem($0) }
            if items.count != chosen.count { input.fail("documents", "所选的材料不是这个案件的。") }
            try input.finish()
            _ = try await context.bureau.casebook.makeRequest(
                answers, about: source.work.thread, items: items, forWhen: forWhen, as: thread, command: command,
                by: context.performer)
            return .seeOther(Address(context.bureau.tag).request(thread, done: RequestStep.make.name))
        } catch {
            return try await requestForm(query, context, refusal: error)
        }
    }

    /// The case in the address; nil if it names none. One that may not be seen looks like one that does not exist.
    private func requestSource(_ query: Form, _ context: SignedInContext) async throws -> CaseView? {
        guard let said = query["case"], !said.isEmpty else { return nil }
        guard let thread = ThreadTag(said) else { throw WebRefusal.notFound }
        let view = try await context.bureau.casebook.load(thread)
        guard view.work.viewRight(of: context.identity.person) != nil else { throw WebRefusal.notFound }
        return view
    }

    private func requestCases(_ query: Form, _ context: SignedInContext) async throws -> RequestCasePage {
        let address = Address(context.bureau.tag)
        var filter = CaseFilter()
        filter.text = query.text("q")
        filter.sort = .lastChange
        filter.pageSize = 20
        if context.identity.isOnlyOfficer { filter.handler = context.identity.person.thread }
        let found = try await context.bureau.registers.cases(filter)
        return RequestCasePage(
            address: address, search: filter.text,
            rows: found.rows.map { ($0.title, $0.subjectName, address.newRequest(about: $0.thread)) })
    }

    // MARK: steps

    func requestStepForm(
        _ context: SignedInContext, refusal: StepRefusal?, secretError: String? = nil
    ) async throws -> Response {
        let (step, view) = try await requestScene(context)
        let address = Address(context.bureau.tag)
        let form = try await requestAnswers(step, view.ground, context)
        let library = form.law.library
        var fields = form.fields
        var before: HTML = ""
        switch step.name {
        case RequestStep.check.name: fields = RequestItems(view: view, library: library).fields + fields
        case RequestStep.redact.name:
            fields = [RequestItems(view: view, library: library).redactedChoice] + fields + [RequestItems.copyField]
        case RequestStep.decide.name:
            before = RequestItems(view: view, library: library).summary
            fields = fields.map { field in
                guard field.name == "untilDay" else { return field }
                var field = field
                field.input = .text(clock.now().day.advanced(by: 10).description)
                return field
            }
        case RequestStep.release.name, RequestStep.receipt.name:
            before = step.name == RequestStep.release.name ? RequestItems(view: view, library: library).summary : ""
            fields = fields.map { field in
                guard ["receipt", "recipient"].contains(field.name) else { return field }
                var field = field
                field.input = .text(view.file.applicant ?? "")
                return field
            }
            if step.name == RequestStep.receipt.name { fields.append(RequestItems.scanField) }
        default: break
        }
        return try await requestFormPage(
            step, fields: fields, title: step.body.title, action: address.requestStep(step.name, in: view.file.thread),
            seq: view.file.entries, back: address.request(view.file.thread), backTitle: view.file.title,
            before: before, law: form.law, context, refusal, secretError: secretError)
    }

    func takeRequestStep(_ context: SignedInContext) async throws -> Response {
        let (step, view) = try await requestScene(context)
        let typed = context.visit.form
        let command = try typed.command
        let form = try await requestAnswers(step, view.ground, context)
        let thread = view.file.thread
        do {
            let performer = try await confirmed(step.asksSecret, command, context)
            var input = StepInput(form: typed, command: command, performer: performer)
            let answers = form.answers(&input)
            try input.finish()
            let (casebook, desk) = (context.bureau.casebook, context.bureau.office.requests)
            switch step.name {
            case RequestStep.check.name:
                _ = try await casebook.check(
                    RequestItems(view: view, library: form.law.library).verdicts(typed), answers, on: thread,
                    expecting: typed.seq, command: command, by: performer)
            case RequestStep.redact.name:
                guard let item = RequestItem(typed.text("item")) else {
                    throw StepRefusal(fields: [.init("item", "请选择要遮盖后提供的材料。")])
                }
                let file = typed.file("copy")
                _ = try await desk.redact(
                    item, copy: file?.bytes ?? [], named: file?.fileName ?? "", answers, on: thread,
                    expecting: typed.seq, command: command, by: performer)
            case RequestStep.decide.name:
                _ = try await casebook.decide(
                    answers, on: thread, expecting: typed.seq, command: command, by: performer)
            case RequestStep.release.name:
                _ = try await desk.release(
                    answers, on: thread, expecting: typed.seq, command: command, by: performer)
            case RequestStep.receipt.name:
                _ = try await desk.receipt(
                    answers, scan: typed.file("scan")?.bytes ?? [], on: thread, expecting: typed.seq,
                    command: command, by: performer)
            default:
                _ = try await casebook.perform(
                    step, answers, on: thread, expecting: typed.seq, command: command, by: performer)
            }
            return .seeOther(Address(context.bureau.tag).request(thread, done: step.name))
        } catch let refusal as StepRefusal {
            return try await requestStepForm(context, refusal: refusal)
        } catch let error as SignInError {
            return try await requestStepForm(context, refusal: nil, secretError: try error.secretText)
        }
    }

    private func requestScene(_ context: SignedInContext) async throws -> (RequestStep, RequestView) {
        guard let step = context.parameters.get("step").flatMap(RequestStep.named) else { throw WebRefusal.notFound }
        return (step, try await context.bureau.visibleRequest(context))
    }

    private func requestAnswers(
        _ step: RequestStep, _ ground: AnswerGround, _ context: SignedInContext
    ) async throws -> RecordedForm {
        RecordedForm(
            step: step.body, ground: ground, law: try await context.bureau.casebook.chambers.law(),
            persons: try await context.bureau.registers.persons(), person: context.identity.person, now: clock.now())
    }

    private func requestFormPage(
        _ step: RequestStep, fields: [FieldModel], title: String, action: String, seq: Int?, back: String,
        backTitle: String, before: HTML, law: Law, _ context: SignedInContext, _ refusal: StepRefusal?,
        secretError: String? = nil
    ) async throws -> Response {
        let address = Address(context.bureau.tag)
        let fields = fields.withArticles(
            of: step.body.type, words: step.body.given, law: law, on: clock.now().day, address: address)
        let answered = try await answered(
            fields, action: action, seq: seq, law: law, context, refusal, secretError: secretError)
        return answer(
            RequestFormPage(
                address: address, title: title, lead: step.lead, form: answered.frame,
                fields: answered.fields,
                before: BasisText(
                    of: step.body.type, words: step.body.given, law: law, on: clock.now().day, address: address
                ).html + before,
                button: step.asksSecret ? "确认并登记" : step.name == RequestStep.release.name ? "准备文件" : "登记",
                needsSecret: step.asksSecret, back: back, backTitle: backTitle, errors: answered.errors,
                refusal: answered.refusal
            ).page, context)
    }
}
