import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel

extension Routes {
    /// Watching over recording (记录监督): breaches, orders, rectification, liability, yearly assessment. Whom a breach is about
    /// sees that one; who watches sees all.
    func addSupervision(_ services: WebServices) {
        on(.get, "/b/{bureau}/supervision", .casework) { request, context in
            try await services.supervisionPage(Form(query: request.uri.query), context)
        }
        on(.get, "/b/{bureau}/tables/violations", .casework) { _, context in
            try await services.violationTable(context)
        }
        on(.get, "/b/{bureau}/supervision/violations/new", .supervising) { request, context in
            try await services.violationForm(Form(query: request.uri.query), context)
        }
        on(.post, "/b/{bureau}/supervision/violations/new", .supervising) { request, context in
            try await services.recordViolation(Form(query: request.uri.query), context)
        }
        on(.get, "/b/{bureau}/supervision/violations/{violation}", .casework) { request, context in
            try await services.violationPage(context, done: Form(query: request.uri.query)["done"])
        }
        for act in ViolationForm.allCases {
            on(.get, "/b/{bureau}/supervision/violations/{violation}/\(act.rawValue)", .supervising) { _, context in
                try await services.violationActForm(act, context)
            }
            on(.post, "/b/{bureau}/supervision/violations/{violation}/\(act.rawValue)", .supervising) { _, context in
                try await services.actOnViolation(act, context)
            }
        }
        on(.get, "/b/{bureau}/supervision/checks/new", .supervising) { _, context in
            try await services.checkForm(context)
        }
        on(.post, "/b/{bureau}/supervision/checks/new", .supervising) { _, context in
            try await services.recordCheck(context)
        }
        on(.get, "/b/{bureau}/supervision/assessments/new", .supervising) { _, context in
            try await services.assessmentForm(context)
        }
        on(.post, "/b/{bureau}/supervision/assessments/new", .supervising) { _, context in
            try await services.recordAssessment(context)
        }
    }
}

extension Address {
    /// Breaches and what was done about them.
    var supervision: String { "\(base)/supervision" }
    func supervision(state: Violations.Standing) -> String { "\(supervision)?state=\(state.rawValue)#violations" }
    /// The register of breaches as a table to download.
    var violationTable: String { "\(base)/tables/violations" }
    func newViolation(in thread: ThreadTag? = nil) -> String {
        "\(supervision)/violations/new\(thread.map { "?case=\($0)" } ?? "")"
    }
    func violation(_ seq: Int) -> String { "\(supervision)/violations/\(seq)" }
    func violation(_ seq: Int, _ act: ViolationForm) -> String { "\(violation(seq))/\(act.rawValue)" }
    var newCheck: String { "\(supervision)/checks/new" }
    var newAssessment: String { "\(supervision)/assessments/new" }
}

/// The forms about one breach.
enum ViolationForm: String, Sendable, CaseIterable {
    case order, rectification, liability

    var title: String {
        switch self {
        case .order: "登记责令限期整改"
        case .rectification: "登记整改情况"
        case .liability: "登记追究责任"
        }
    }

    /// What it records.
    var type: EntryType {
        switch self {
        case .order: .violationOrdered
        case .rectification: .violationRectified
        case .liability: .violationPunished
        }
    }

    var lead: String {
        switch self {
        case .order: "由上级统计部门或者有关部门责令限期整改的，登记由谁责令、整改的内容和期限。到期没有登记整改情况的，算逾期。"
        case .rectification: "整改期限届满以前核查，写明整改的情况；没有完成的如实登记，期限不因此改变。"
        case .liability: "情节严重的给予处分，构成犯罪的移送；登记处理决定和结果。"
        }
    }

    /// Who takes it.
    var roles: Set<Role> { Set(self == .rectification ? Supervision.watchers : Supervision.deciders) }
}

extension WebServices {
    func supervisionPage(_ query: Form, _ context: SignedInContext) async throws -> Response {
        let chambers = context.bureau.casebook.chambers
        let (law, records) = (try await chambers.law(), try await chambers.records())
        let person = context.identity.person
        let watches = Supervision.watches(person)
        let now = clock.now()
        let all = Violations(records).all.filter { watches || $0.person == person.thread }
        let state = query["state"].flatMap { Violations.Standing(rawValue: $0) }
        let address = Address(context.bureau.tag)
        let evaluation = watches ? law.evaluateBureau(records) : Evaluation(obligations: [])
        // What was broken stays broken: it stands in the register, not among what is still to be done.
        var owed = evaluation
        owed.obligations.removeAll { $0.parts.contains(where: \.isBreach) }
        return answer(
            SupervisionPage(
                address: address, now: now, watches: watches,
                decides: Supervision.deciders.contains(where: person.roles.contains),
                violations: all.filter { state == nil || $0.standing(on: now.day) == state }, state: state,
                counts: Dictionary(grouping: all) { $0.standing(on: now.day) }.mapValues(\.count),
                assessments: watches ? records.filter { $0.type == .assessmentMade } : [],
                checks: watches ? records.filter { $0.type == .checkMade } : [],
                cards: ObligationCard.cards(of: owed, in: chambers.thread, law: law, address: address, now: now) {
                    types in action(types, address)
                }.filter { !$0.isSettled },
                figures: watches
                    ? try await chambers.figures(
                        of: evaluation, law: law, registers: context.bureau.registers, at: now) : [],
                names: try await context.bureau.names(),
                notice: query["done"].flatMap { SupervisionPage.done[$0] }
            ).page, context)
    }

    /// Breaches that wait for this person: to be ordered, checked or answered for; and those about the person that have to
    /// be rectified.
    func violations(_ address: Address, _ context: SignedInContext) async throws -> [HomePage.Closing] {
        let person = context.identity.person
        let all = Violations(try await context.bureau.casebook.chambers.records()).all
        let today = clock.now().day
        let names = try await context.bureau.names()
        func closing(
            _ id: String, _ title: String, _ note: String, _ found: [Violations.Violation], _ label: String
        ) -> HomePage.Closing {
            .init(
                id: id, title: title, note: note,
                turns: found.prefix(HomePage.shownSignatures).map { one in
                    .init(
                        caseTitle:
                            "\(EntryType.violationRecorded.chinese(one.kind, of: "kind"))\(one.person.flatMap { names[$0] }.map { "：\($0)" } ?? "")",
                        caseHref: address.violation(one.seq), title: one.standing(on: today).chinese,
                        action: .init(label: label, href: address.violation(one.seq)))
                }, total: found.count, allHref: "\(address.supervision)#violations")
        }
        var closings: [HomePage.Closing] = []
        let mine = all.filter { $0.person == person.thread && [.ordered, .late].contains($0.standing(on: today)) }
        closings.append(
            closing("violations-own", "责令您整改的事项", "在期限内整改，由负责监督的人员核查。", mine, "查看"))
        guard Supervision.watches(person) else { return closings }
        let decides = Supervision.deciders.contains(where: person.roles.contains)
        let waiting = all.filter { one in
            let standing = one.standing(on: today)
            return one.person != person.thread && standing != .settled
                && (decides || ![.found, .unanswered].contains(standing))
        }
        closings.append(
            closing("violations", "等处理的违规记录", "责令整改、核查整改情况、追究责任。", waiting, "打开"))
        return closings
    }

    /// The form that makes a record of one of these types.
    private func action(_ types: Set<EntryType>, _ address: Address) -> ObligationCard.Action? {
        if types.contains(.checkMade) { return .init(label: "登记监督检查", href: address.newCheck) }
        if types.contains(.assessmentMade) { return .init(label: "登记评议考核", href: address.newAssessment) }
        if !types.isDisjoint(with: [.violationOrdered, .violationRectified, .violationPunished]) {
            return .init(label: "看违规记录", href: "\(address.supervision)#violations")
        }
        return nil
    }

    /// A breach that this person may see.
    private func violation(_ context: SignedInContext) async throws -> (Violations.Violation, Int) {
        let records = try await context.bureau.casebook.chambers.records()
        let person = context.identity.person
        guard let seq = context.parameters.get("violation").flatMap({ Decimal.strict(Array($0.utf8)) }),
            let violation = Violations(records)[seq],
            Supervision.watches(person) || violation.person == person.thread
        else { throw WebRefusal.notFound }
        return (violation, records.count)
    }

    func violationPage(_ context: SignedInContext, done: String?) async throws -> Response {
        let (violation, _) = try await violation(context)
        let person = context.identity.person
        let title = try await caseTitle(violation, context)
        return answer(
            ViolationPage(
                address: Address(context.bureau.tag), violation: violation, now: clock.now(),
                names: try await context.bureau.names(), caseTitle: title,
                acts: violation.person == person.thread
                    ? [] : ViolationForm.allCases.filter { !$0.roles.isDisjoint(with: person.roles) },
                notice: done.flatMap { SupervisionPage.done[$0] }
            ).page, context)
    }

    private func caseTitle(_ violation: Violations.Violation, _ context: SignedInContext) async throws -> String? {
        guard let thread = violation.caseThread else { return nil }
        return try await context.bureau.registers.caseFile(thread)?.title
    }

    // MARK: forms

    func violationForm(
        _ query: Form, _ context: SignedInContext, refusal: StepRefusal? = nil, secretError: String? = nil
    ) async throws -> Response {
        let address = Address(context.bureau.tag)
        let thread = query["case"].flatMap { ThreadTag($0) }
        let file = if let thread { try await context.bureau.registers.caseFile(thread) } else { CaseRow?.none }
        let persons = try await context.bureau.registers.persons()
        let type = EntryType.violationRecorded
        let before: HTML =
            file.map { SummaryList(rows: [.init(label: "案件", value: "\($0.title)")]).html }
            ?? Notice(title: "与某一案件有关的，从那个案件的页面登记", paragraphs: ["案件页“可以办理”里有“登记记录违规”，会把案件一并记入。"]).html
        var page = ActPage(
            title: "登记记录违规", lead: "发现不制作、不按要求制作、泄露、毁损、删改执法记录等违反全过程记录规定的，在这里登记。涉及的人员和行政机关负责人会看到通知。",
            section: .home, crumbs: [.init(label: "记录监督", href: address.supervision)], before: before,
            form: frame(
                address.newViolation(in: file?.thread), context,
                seq: try await context.bureau.casebook.chambers.records().count),
            fields: context.typed(
                [
                    .choice("kind", "违规种类", type.options(of: "kind")),
                    .choice("severity", "情节", type.options(of: "severity"), help: "情节严重或者构成犯罪的，还要追究责任。"),
                    FieldModel(
                        name: "person", label: "涉及的人员",
                        control: .choice(
                            persons.filter { $0.thread != context.identity.person.thread }
                                .map(FieldModel.Option.init(person:))), help: "还不能确定的不选。"),
                    .now("foundAt", "发现时间", clock.now()),
                    .paragraphs("facts", "违规的事实", help: "写明怎样发现、哪一份记录、什么后果。"),
                ] + (try await alteredFields(of: file, context))), button: "登记", back: address.supervision)
        page.show(refusal, secretError)
        return answer(page.page, context)
    }

    func recordViolation(_ query: Form, _ context: SignedInContext) async throws -> Response {
        try await act(context) { refusal, secretError in
            try await violationForm(query, context, refusal: refusal, secretError: secretError)
        } run: { performer, command in
            let form = context.visit.form
            _ = try await context.bureau.casebook.record(
                NewViolation(
                    kind: form.text("kind"), severity: form.text("severity"), person: ThreadTag(form.text("person")),
                    caseThread: query["case"].flatMap { ThreadTag($0) }, facts: form.text("facts"),
                    foundAt: try time("foundAt", form), altered: altered(form)), expecting: form.seq, command: command,
                by: performer)
            return .seeOther("\(Address(context.bureau.tag).supervision)?done=violation")
        }
    }

    private func time(_ name: String, _ form: Form) throws(StepRefusal) -> Instant {
        guard let at = Instant(form.text(name)) else {
            throw StepRefusal(fields: [.init(name, "请填写时间，例如 2026-11-20 09:05。")])
        }
        return at
    }

    func violationActForm(
        _ act: ViolationForm, _ context: SignedInContext, refusal: StepRefusal? = nil, secretError: String? = nil
    ) async throws -> Response {
        let (violation, count) = try await violation(context)
        let address = Address(context.bureau.tag)
        var fields: [FieldModel]
        switch act {
        case .order:
            var until = FieldModel(name: "correctBy", label: "整改期限（最后一天）", control: .day, isRequired: true)
            until.input = .text(clock.now().day.advanced(by: 15).description)
            fields = [
                .choice("orderedBy", "由谁责令", EntryType.violationOrdered.options(of: "orderedBy")),
                .now("at", "责令的时间", clock.now()), until, .paragraphs("content", "责令改正的内容"),
            ]
        case .rectification:
            fields = [
                .choice("result", "结果", EntryType.violationRectified.options(of: "result")),
                .now("at", "核查的时间", clock.now()), .paragraphs("findings", "整改的情况", help: "写明怎样核查、改了什么。"),
            ]
        case .liability:
            fields = [
                .choice("result", "处理结果", EntryType.violationPunished.options(of: "result")),
                .now("at", "处理的时间", clock.now()), .paragraphs("decision", "处理决定", help: "写明作出决定的机关、日期和文号。"),
            ]
        }
        let law = try await context.bureau.casebook.chambers.law()
        let day = clock.now().day
        fields = fields.withArticles(of: act.type, words: [:], law: law, on: day, address: address)
        var page = ActPage(
            title: act.title, lead: act.lead, section: .home,
            crumbs: [
                .init(label: "记录监督", href: address.supervision),
                .init(label: "违规记录", href: address.violation(violation.seq)),
            ],
            before: BasisText(
                of: act.type, words: [:], law: law, on: day, address: address
            ).html
                + ViolationPage.summary(
                    violation, names: try await context.bureau.names(),
                    caseTitle: try await caseTitle(violation, context),
                    address: address
                ).html,
            form: frame(address.violation(violation.seq, act), context, seq: count), fields: context.typed(fields),
            button: "登记", back: address.violation(violation.seq))
        page.show(refusal, secretError)
        return answer(page.page, context)
    }

    func actOnViolation(_ act: ViolationForm, _ context: SignedInContext) async throws -> Response {
        let (violation, _) = try await violation(context)
        return try await self.act(context) { refusal, secretError in
            try await violationActForm(act, context, refusal: refusal, secretError: secretError)
        } run: { performer, command in
            let form = context.visit.form
            let at = try time("at", form)
            let step: ViolationAct
            switch act {
            case .order:
                step = .order(
                    by: form.text("orderedBy"), until: CivilDay(form.text("correctBy")), content: form.text("content"))
            case .rectification:
                guard ["corrected", "notCorrected"].contains(form.text("result")) else {
                    throw StepRefusal(fields: [.init("result", "请选择结果。")])
                }
                step = .rectification(
                    isCorrected: form.text("result") == "corrected", findings: form.text("findings"))
            case .liability: step = .liability(result: form.text("result"), decision: form.text("decision"))
            }
            _ = try await context.bureau.casebook.act(
                step, on: violation.seq, at: at, expecting: form.seq, command: command, by: performer)
            return .seeOther("\(Address(context.bureau.tag).violation(violation.seq))?done=\(act.rawValue)")
        }
    }

    func checkForm(
        _ context: SignedInContext, refusal: StepRefusal? = nil, secretError: String? = nil
    ) async throws -> Response {
        let address = Address(context.bureau.tag)
        let options = EntryType.checkMade.options(of: "matters")
        var matters = FieldModel(
            name: "matters", label: "检查的内容",
            control: .choices(options.map { .init(word: $0.word, label: $0.chinese) }), isRequired: true)
        matters.help = "看了几项就选几项。"
        var page = ActPage(
            title: "登记监督检查", lead: "监督、检查、指导全过程记录工作的，每次登记检查的内容和发现的情况。间隔由本机关在设置里确定，没有确定的每九十日一次。",
            section: .home, crumbs: [.init(label: "记录监督", href: address.supervision)],
            form: frame(address.newCheck, context, seq: try await context.bureau.casebook.chambers.records().count),
            fields: context.typed([
                matters, .now("at", "检查时间", clock.now()),
                .paragraphs("findings", "检查情况", help: "写明抽查了哪些案件和资料、发现的问题和提出的要求。有违规行为的，另行登记违规。"),
            ]), button: "登记", back: address.supervision)
        page.show(refusal, secretError)
        return answer(page.page, context)
    }

    func recordCheck(_ context: SignedInContext) async throws -> Response {
        try await act(context) { refusal, secretError in
            try await checkForm(context, refusal: refusal, secretError: secretError)
        } run: { performer, command in
            let form = context.visit.form
            _ = try await context.bureau.casebook.record(
                NewCheck(matters: form.all("matters"), findings: form.text("findings"), at: try time("at", form)),
                expecting: form.seq, command: command, by: performer)
            return .seeOther("\(Address(context.bureau.tag).supervision)?done=check")
        }
    }

    func assessmentForm(
        _ context: SignedInContext, refusal: StepRefusal? = nil, secretError: String? = nil
    ) async throws -> Response {
        let address = Address(context.bureau.tag)
        let now = clock.now()
        var year = FieldModel(
            name: "year", label: "考核年度", control: .integer(2000...Int64(now.day.parts.year)), isRequired: true)
        year.input = .text(String(now.day.parts.month <= 3 ? now.day.parts.year - 1 : now.day.parts.year))
        var page = ActPage(
            title: "登记评议考核", lead: "评议考核依法行政和执法工作，一并考核全过程记录制度的建立和执行情况，每年登记。", section: .home,
            crumbs: [.init(label: "记录监督", href: address.supervision)],
            form: frame(
                address.newAssessment, context, seq: try await context.bureau.casebook.chambers.records().count),
            fields: context.typed([
                year, .choice("subjectKind", "考核对象", EntryType.assessmentMade.options(of: "subjectKind")),
                .now("at", "考核时间", now),
                .paragraphs("content", "评议考核情况", help: "写明制度是否健全、执行得怎样、发现的问题和评定的结果。"),
            ]), button: "登记", back: address.supervision)
        page.show(refusal, secretError)
        return answer(page.page, context)
    }

    func recordAssessment(_ context: SignedInContext) async throws -> Response {
        try await act(context) { refusal, secretError in
            try await assessmentForm(context, refusal: refusal, secretError: secretError)
        } run: { performer, command in
            let form = context.visit.form
            _ = try await context.bureau.casebook.assess(
                year: FieldReading.integer(form.text("year")).map { Int($0) } ?? 0,
                subjectKind: form.text("subjectKind"), content: form.text("content"), at: try time("at", form),
                expecting: form.seq, command: command, by: performer)
            return .seeOther("\(Address(context.bureau.tag).supervision)?done=assessment")
        }
    }

    /// The register of breaches as a table (违规台账).
    func violationTable(_ context: SignedInContext) async throws -> Response {
        let records = try await context.bureau.casebook.chambers.records()
        let person = context.identity.person
        let names = try await context.bureau.names()
        let today = clock.now().day
        let all = Violations(records).all.filter { Supervision.watches(person) || $0.person == person.thread }
        let rows = all.map { one in
            [
                one.foundAt.chinese, EntryType.violationRecorded.chinese(one.kind, of: "kind"),
                EntryType.violationRecorded.chinese(one.severity, of: "severity"),
                one.person.flatMap { names[$0] } ?? "", one.facts ?? "（已销毁）",
                one.orders.last?.correctBy?.description ?? "", one.standing(on: today).chinese,
            ]
        }
        return SeparatedValues.download(
            named: "违规台账", head: ["发现时间", "种类", "情节", "涉及人员", "事实", "整改期限", "进度"]
        ) { page in Array(rows.dropFirst((page - 1) * SeparatedValues.pageSize).prefix(SeparatedValues.pageSize)) }
    }
}
