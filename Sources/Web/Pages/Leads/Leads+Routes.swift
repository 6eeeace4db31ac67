import Application
import Casework
import Hummingbird
import Kernel

extension Routes {
    /// Leads: the register, registering one, its page, its steps, and looks at what a reporter said.
    func addLeads(_ services: WebServices) {
        on(.get, "/b/{bureau}/leads", .casework) { request, context in
            services.answer(try await services.leadList(request, context).page, context)
        }
        on(.get, "/b/{bureau}/tables/leads", .casework) { request, context in
            try await services.leadTable(request, context)
        }
        for kind in LeadFile.Kind.allCases {
            on(.get, "/b/{bureau}/leads/new/\(kind.rawValue)", .casework) { _, context in
                try await services.leadForm(kind, context, refusal: nil)
            }
            on(.post, "/b/{bureau}/leads/new/\(kind.rawValue)", .casework) { _, context in
                try await services.registerLead(kind, context)
            }
        }
        on(.get, "/b/{bureau}/leads/{lead}", .casework) { request, context in
            services.answer(try await services.leadPage(request, context).page, context)
        }
        on(.get, "/b/{bureau}/leads/{lead}/steps/{step}", .casework) { request, context in
            try await services.leadStepForm(request, context, refusal: nil)
        }
        on(.post, "/b/{bureau}/leads/{lead}/steps/{step}", .casework) { request, context in
            try await services.takeLeadStep(request, context)
        }
        on(.post, "/b/{bureau}/leads/{lead}/look", .casework, held: .open) { _, context in
            let view = try await context.bureau.visibleLead(context)
            _ = try await context.bureau.casebook.look(
                atLead: view.file.thread, command: try context.visit.form.command, by: context.performer)
            return .seeOther(Address(context.bureau.tag).lead(view.file.thread))
        }
    }
}

extension Address {
    var leads: String { "\(base)/leads" }
    func leads(query: String) -> String { query.isEmpty ? leads : "\(leads)?\(query)" }
    /// The leads of a list as a table to download.
    func leadTable(query: String) -> String { query.isEmpty ? "\(base)/tables/leads" : "\(base)/tables/leads?\(query)" }
    func newLead(_ kind: LeadFile.Kind) -> String { "\(leads)/new/\(kind.rawValue)" }
    func lead(_ thread: ThreadTag, done: String? = nil) -> String {
        "\(leads)/\(thread)\(done.map { "?done=\($0)" } ?? "")"
    }
    func leadStep(_ name: String, in thread: ThreadTag) -> String { "\(lead(thread))/steps/\(name)" }
    func leadLook(_ thread: ThreadTag) -> String { "\(lead(thread))/look" }
    /// The form that opens an inspection from a lead.
    func inspection(from lead: ThreadTag) -> String { "\(newInspection)?lead=\(lead)" }
    /// The page of a file in the register: leads and requests have pages of their own.
    func file(_ row: CaseRow) -> String {
        switch row.kind {
        case CaseRow.leadKind: lead(row.thread)
        case CaseRow.requestKind: request(row.thread)
        default: caseFile(row.thread)
        }
    }
}

extension BureauServices {
    /// A lead for somebody who may see it. One that may not be seen looks like one that does not exist.
    func visibleLead(_ context: SignedInContext) async throws -> LeadView {
        guard let thread = context.parameters.get("lead").flatMap({ ThreadTag($0) }) else { throw WebRefusal.notFound }
        return try await visibleLead(thread, context)
    }

    func visibleLead(_ thread: ThreadTag, _ context: SignedInContext) async throws -> LeadView {
        let view = try await casebook.loadLead(thread)
        guard view.viewRight(of: context.identity.person) != nil else { throw WebRefusal.notFound }
        return view
    }
}

extension WebServices {
    func leadList(_ request: Request, _ context: SignedInContext) async throws -> LeadListPage {
        let query = Form(query: request.uri.query)
        let address = Address(context.bureau.tag)
        var filter = leadFilter(query, context)
        filter.page = query["page"].flatMap { Decimal.strict(Array($0.utf8)) }.map { min(max($0, 1), 1_000_000) } ?? 1
        let found = try await context.bureau.registers.cases(filter)
        let names = try await context.bureau.registers.names(of: Array(Set(found.rows.flatMap(\.handlers))))
        let now = clock.now()
        return LeadListPage(
            address: address,
            rows: found.rows.map { row in
                .init(
                    href: LeadView.viewRight(of: context.identity.person, handledBy: row.handlers) == nil
                        ? nil : address.lead(row.thread),
                    title: row.title,
                    tag: Tag(
                        text: row.leadStanding,
                        tone: row.state == .filed ? .done : row.state == .ended ? .soon : .wait),
                    handlers: row.handlers.compactMap { names[$0] }.joined(separator: "、"),
                    opened: TermText.short(row.openedAt.day, at: now), last: TermText.short(row.lastAt.day, at: now))
            },
            total: found.total, number: filter.page,
            pages: (found.total + filter.pageSize - 1) / filter.pageSize, search: filter.text,
            state: filter.state?.rawValue ?? "", sort: filter.sort.rawValue,
            registers: LeadStep.workers.contains { context.identity.person.roles.contains($0) },
            isOwn: context.identity.isOnlyOfficer,
            query: pairs(of: query, ["q", "state", "sort", "from", "until"]))
    }

    /// The register as a table. What a reporter said stands in no row, and so in no table.
    func leadTable(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let filter = leadFilter(Form(query: request.uri.query), context)
        let registers = context.bureau.registers
        let names = try await context.bureau.names()
        return SeparatedValues.download(
            named: "线索台账 \(clock.now().day)", head: ["线索", "状态", "经办", "登记日期", "最近变化", "办结日期"]
        ) { number in
            var filter = filter
            (filter.page, filter.pageSize) = (number, SeparatedValues.pageSize)
            return try await registers.cases(filter).rows.map { row in
                [
                    row.title, row.leadStanding, row.handlers.compactMap { names[$0] }.joined(separator: "、"),
                    row.openedAt.day.description, row.lastAt.day.description, row.filedAt?.day.description ?? "",
                ]
            }
        }
    }

    private func leadFilter(_ query: Form, _ context: SignedInContext) -> CaseFilter {
        var filter = caseFilter(query, context)
        filter.kind = CaseRow.leadKind
        filter.stage = nil
        return filter
    }

    // MARK: registering

    func leadForm(_ kind: LeadFile.Kind, _ context: SignedInContext, refusal: StepRefusal?) async throws -> Response {
        let step = LeadStep.beginning(kind)
        let address = Address(context.bureau.tag)
        let ground = AnswerGround(thread: .random(), records: [], entries: [])
        let form = try await recordedForm(step.body, ground, context)
        return try await leadFormPage(
            step, form: form, action: address.newLead(kind), seq: nil, back: address.leads, backTitle: "线索台账",
            context, refusal)
    }

    func registerLead(_ kind: LeadFile.Kind, _ context: SignedInContext) async throws -> Response {
        let typed = context.visit.form
        let command = try typed.command
        let step = LeadStep.beginning(kind)
        let form = try await recordedForm(
            step.body, AnswerGround(thread: .random(), records: [], entries: []), context)
        // The thread is named by the step's own id, so that the same form sent twice names the same lead.
        let thread = try typed.drawn.unchecked(as: OfThread.self)
        do throws(StepRefusal) {
            var input = StepInput(form: typed, command: command, performer: context.performer)
            let answers = form.answers(&input)
            try input.finish()
            _ = try await context.bureau.casebook.begin(
                kind, answers, as: thread, command: command, by: context.performer)
            return .seeOther(Address(context.bureau.tag).lead(thread, done: step.name))
        } catch {
            return try await leadForm(kind, context, refusal: error)
        }
    }

    // MARK: steps

    func leadStepForm(_ request: Request, _ context: SignedInContext, refusal: StepRefusal?) async throws -> Response {
        let (step, view) = try await leadScene(context)
        let address = Address(context.bureau.tag)
        let form = try await recordedForm(step.body, view.ground, context)
        return try await leadFormPage(
            step, form: form, action: address.leadStep(step.name, in: view.file.thread), seq: view.file.entries,
            back: address.lead(view.file.thread), backTitle: view.file.title, context, refusal)
    }

    func takeLeadStep(_ request: Request, _ context: SignedInContext) async throws -> Response {
        let (step, view) = try await leadScene(context)
        let typed = context.visit.form
        let command = try typed.command
        let form = try await recordedForm(step.body, view.ground, context)
        do throws(StepRefusal) {
            var input = StepInput(form: typed, command: command, performer: context.performer)
            let answers = form.answers(&input)
            try input.finish()
            _ = try await context.bureau.casebook.perform(
                step, answers, on: view.file.thread, expecting: typed.seq, command: command, by: context.performer)
            return .seeOther(Address(context.bureau.tag).lead(view.file.thread, done: step.name))
        } catch {
            return try await leadStepForm(request, context, refusal: error)
        }
    }

    private func leadScene(_ context: SignedInContext) async throws -> (LeadStep, LeadView) {
        guard let step = context.parameters.get("step").flatMap(LeadStep.named),
            !LeadFile.Kind.allCases.contains(where: { LeadStep.beginning($0).name == step.name })
        else { throw WebRefusal.notFound }
        return (step, try await context.bureau.visibleLead(context))
    }

    private func recordedForm(
        _ step: StepBody, _ ground: AnswerGround, _ context: SignedInContext
    ) async throws -> RecordedForm {
        RecordedForm(
            step: step, ground: ground, law: try await context.bureau.casebook.chambers.law(),
            persons: try await context.bureau.registers.persons(), person: context.identity.person, now: clock.now())
    }

    private func leadFormPage(
        _ step: LeadStep, form: RecordedForm, action: String, seq: Int?, back: String, backTitle: String,
        _ context: SignedInContext, _ refusal: StepRefusal?
    ) async throws -> Response {
        let address = Address(context.bureau.tag)
        let fields = form.fields.withArticles(
            of: step.body.type, words: step.body.given, law: form.law, on: clock.now().day, address: address)
        let answered = try await answered(fields, action: action, seq: seq, law: form.law, context, refusal)
        return answer(
            LeadFormPage(
                address: address, title: step.body.title, lead: step.lead,
                basis: BasisText(
                    of: step.body.type, words: step.body.given, law: form.law, on: clock.now().day, address: address
                ).html, form: answered.frame, fields: answered.fields, back: back,
                backTitle: backTitle, errors: answered.errors, refusal: answered.refusal
            ).page, context)
    }
}

extension CaseRow {
    /// Where a lead stands, as its row tells it.
    var leadStanding: String { state == .filed ? "已办结" : state == .ended ? "已启动程序" : "办理中" }
}

extension LeadView {
    /// What answers are chosen from.
    var ground: AnswerGround { AnswerGround(thread: file.thread, records: records, entries: entries.map(\.entry)) }
}
