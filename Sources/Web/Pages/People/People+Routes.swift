import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel

extension Routes {
    /// People, their data, roles and accounts.
    func addPeople(_ services: WebServices) {
        on(.get, "/b/{bureau}/people", .administration) { request, context in
            services.answer(try await services.peopleList(Form(query: request.uri.query), context).page, context)
        }
        on(.get, "/b/{bureau}/people/new", .administration) { _, context in try await services.personForm(context) }
        on(.post, "/b/{bureau}/people/new", .administration) { request, context in
            try await services.registerPerson(request, context)
        }
        on(.get, "/b/{bureau}/people/{person}", .administration) { request, context in
            try await services.personPage(Form(query: request.uri.query), context)
        }
        on(.get, "/b/{bureau}/people/{person}/details", .administration) { _, context in
            try await services.detailsForm(context)
        }
        on(.post, "/b/{bureau}/people/{person}/details", .administration) { _, context in
            try await services.changeDetails(context)
        }
        on(.get, "/b/{bureau}/people/{person}/roles", .administration) { _, context in
            try await services.rolesForm(context)
        }
        on(.post, "/b/{bureau}/people/{person}/roles", .administration) { _, context in
            try await services.changeRoles(context)
        }
        for act in AccountAct.allCases {
            on(.get, "/b/{bureau}/people/{person}/\(act.rawValue)", .administration) { _, context in
                try await services.accountForm(act, context)
            }
            on(.post, "/b/{bureau}/people/{person}/\(act.rawValue)", .administration) { request, context in
                try await services.actOnAccount(act, request, context)
            }
        }
    }
}

extension SignedInContext {
    /// The person in the address.
    func person() async throws -> PersonRow {
        guard let thread = parameters.get("person").flatMap({ ThreadTag($0) }),
            let person = try await bureau.registers.person(thread)
        else { throw WebRefusal.notFound }
        return person
    }
}

extension WebServices {
    func peopleList(_ form: Form, _ context: SignedInContext) async throws -> PeopleListPage {
        let persons = try await context.bureau.registers.persons()
        var query = PeopleQuery(form)
        let found = query.find(in: persons)
        query.page = min(query.page, max(1, (found.count + PeopleQuery.pageSize - 1) / PeopleQuery.pageSize))
        let rows = found.dropFirst((query.page - 1) * PeopleQuery.pageSize).prefix(PeopleQuery.pageSize)
        return PeopleListPage(
            address: Address(context.bureau.tag), query: query, rows: Array(rows), total: found.count,
            sections: Set(persons.map(\.section)).filter { !$0.isEmpty }.sorted(), today: clock.now().day,
            pending: try await pendingRoles(context))
    }

    func personPage(_ query: Form, _ context: SignedInContext) async throws -> Response {
        let person = try await context.person()
        let records = try await context.bureau.casebook.history(of: person.thread)
        let history = HistoryText(
            names: try await context.bureau.names(), library: try await context.bureau.casebook.chambers.law().library)
        let notice = query["done"].flatMap { PersonNotice(rawValue: $0) }.map { Notice(title: $0.chinese, tone: .done) }
        return answer(
            PersonPage(
                address: Address(context.bureau.tag), person: person,
                certificateKind: PersonChange(records).certificateKind, today: clock.now().day,
                isSelf: person.thread == context.identity.person.thread,
                pending: try await pendingRoles(context)[person.thread] ?? [],
                changes: try await pendingPerson(person.thread, context), history: history.html(records),
                notice: notice
            ).page, context)
    }

    // MARK: registering

    func personForm(
        _ context: SignedInContext, refusal: StepRefusal? = nil, secretError: String? = nil
    ) async throws -> Response {
        let address = Address(context.bureau.tag)
        let empty = PersonChange(
            name: "", section: "", certificateKind: "", certificateNumber: "", certificateUntil: nil)
        var page = ActPage(
            title: "登记人员", lead: "登记以后显示一次性密码，请打印出来当面交给本人。",
            crumbs: [.init(label: "人员", href: address.people)], form: frame(address.newPerson, context),
            fields: context.typed(PersonForms.details(empty) + [PersonForms.roles([]), PersonForms.account()]),
            button: "登记", back: address.people)
        page.show(refusal, secretError)
        return answer(page.page, context)
    }

    func registerPerson(_ request: Request, _ context: SignedInContext) async throws -> Response {
        try await act(context) { refusal, secretError in
            try await personForm(context, refusal: refusal, secretError: secretError)
        } run: { performer, command in
            let form = context.visit.form
            let data = try PersonForms.read(form)
            let roles = form.all("roles").compactMap { Role(rawValue: $0) }
            guard !roles.isEmpty else { throw StepRefusal(fields: [.init("roles", "请至少选择一项职责。")]) }
            let account = form.text("account")
            let person = NewPerson(
                thread: try context.visit.form.drawn.unchecked(as: OfThread.self), name: data.name,
                section: data.section,
                certificateKind: data.certificateKind, certificateNumber: data.certificateNumber,
                certificateUntil: data.certificateUntil, roles: Role.allCases.filter(roles.contains),
                account: account.isEmpty ? nil : account)
            let receipt = try await context.bureau.casebook.register(person, command: command, by: performer)
            let address = Address(context.bureau.tag)
            guard let account = person.account else {
                return .seeOther("\(address.person(person.thread))?done=registered")
            }
            return try await slips(
                [(person.thread, data.name, account)], title: "\(data.name)已登记", repeated: receipt.repeated,
                next: Button(label: "查看\(data.name)的登记", href: address.person(person.thread), style: .secondary),
                request, context)
        }
    }

    /// Sets one-time secrets and shows them this once. Entries were recorded before: if we die between, the accounts
    /// exist and nobody can use them until they are reset.
    func slips(
        _ accounts: [(person: ThreadTag, name: String, account: String)], title: String, repeated: Bool, next: Button,
        _ request: Request, _ context: SignedInContext
    ) async throws -> Response {
        let address = Address(context.bureau.tag)
        guard !repeated else {
            // The same form sent again: setting new secrets now would make the printed slips worthless.
            return answer(
                Page(
                    title: title, section: .administration,
                    body: """
                        \(Notice(title: "这件事已经办过", paragraphs: ["一次性密码只显示一次。如果没有打印，请在人员页面重置密码。"], tone: .warning).html)<p class="actions">\(next.html)</p>
                        """,
                    isNarrow: true), context)
        }
        var made: [SecretSlips.Slip] = []
        for account in accounts {
            let secret = try await signIn.setOneTimeSecret(
                of: AccountName(bureau: context.bureau.tag, name: account.account))
            made.append(.init(name: account.name, account: account.account, secret: secret))
        }
        let host = request.head.authority.map { "\(settings.isSecure ? "https" : "http")://\($0)" } ?? ""
        return answer(
            SecretSlips(
                bureauName: context.bureau.name, signIn: host + address.signIn, slips: made,
                crumbs: [.init(label: "人员", href: address.people)], title: title, next: next,
                waits: try await context.bureau.casebook.chambers.upkeep().isFounded
            ).page, context)
    }

    // MARK: data and roles

    func detailsForm(
        _ context: SignedInContext, refusal: StepRefusal? = nil, secretError: String? = nil
    ) async throws -> Response {
        let person = try await context.person()
        let address = Address(context.bureau.tag)
        let records = try await context.bureau.casebook.history(of: person.thread)
        let isFounded = try await context.bureau.casebook.chambers.upkeep().isFounded
        var fields = PersonForms.details(PersonChange(records))
        if isFounded {
            fields.append(
                .line(
                    "reason", "理由或者文号", help: "更改姓名、执法证件，或者延长、恢复证件有效期的必填，例如：换发新证，证件编号见复印件。确认的人会看到。",
                    isRequired: false))
        }
        let waits =
            isFounded
            ? "姓名、执法证件名称和号码，以及证件有效期的延长、恢复，等第二人（行政机关负责人）确认后生效，并通知本人；科室，以及缩短有效期、注销证件，立即生效。" : ""
        var page = ActPage(
            title: "更改人员信息", lead: "以前的文书和记录保留当时的姓名和证件，不会跟着改变。\(waits)",
            crumbs: [
                .init(label: "人员", href: address.people),
                .init(label: person.name, href: address.person(person.thread)),
            ], form: frame(address.personDetails(person.thread), context, seq: records.count),
            fields: context.typed(fields), button: "保存", back: address.person(person.thread))
        page.show(refusal, secretError)
        return answer(page.page, context)
    }

    func changeDetails(_ context: SignedInContext) async throws -> Response {
        let person = try await context.person()
        return try await act(context) { refusal, secretError in
            try await detailsForm(context, refusal: refusal, secretError: secretError)
        } run: { performer, command in
            let form = context.visit.form
            let receipt = try await context.bureau.casebook.amend(
                try PersonForms.read(form), of: person.thread, reason: form.text("reason"), expecting: form.seq,
                command: command, by: performer)
            return .seeOther(
                "\(Address(context.bureau.tag).person(person.thread))?done=\(receipt.answer["waits"] == true ? "changeWaits" : "changed")"
            )
        }
    }

    func rolesForm(
        _ context: SignedInContext, refusal: StepRefusal? = nil, secretError: String? = nil
    ) async throws -> Response {
        let person = try await context.person()
        let address = Address(context.bureau.tag)
        var page = ActPage(
            title: "更改\(person.name)的职责", lead: "登记在案。增加审批、审查、保管、系统管理的职责，须由行政机关负责人确认后生效；其他更改立即生效。收回的职责不影响以前办过的事。",
            crumbs: [
                .init(label: "人员", href: address.people),
                .init(label: person.name, href: address.person(person.thread)),
            ], form: frame(address.personRoles(person.thread), context),
            fields: context.typed([
                PersonForms.roles(person.roles),
                FieldModel(
                    name: "day", label: "任免日期", control: .day, input: .text(clock.now().day.description),
                    isRequired: true, help: "任免文件上的日期，不能晚于今天。"),
                .line("reason", "理由或者文号", help: "例如：赵统党组〔2026〕12号。"),
            ]), button: "更改职责", back: address.person(person.thread))
        page.show(refusal, secretError)
        return answer(page.page, context)
    }

    func changeRoles(_ context: SignedInContext) async throws -> Response {
        let person = try await context.person()
        return try await act(context) { refusal, secretError in
            try await rolesForm(context, refusal: refusal, secretError: secretError)
        } run: { performer, command in
            let form = context.visit.form
            guard let day = try PersonForms.day(form, "day", "任免日期") else {
                throw StepRefusal(fields: [.init("day", "请填写任免日期。")])
            }
            let receipt = try await context.bureau.casebook.change(
                roles: Set(form.all("roles").compactMap { Role(rawValue: $0) }), of: person.thread, on: day,
                reason: form.text("reason"), command: command, by: performer)
            return .seeOther(
                "\(Address(context.bureau.tag).person(person.thread))?done=\(receipt.answer["waits"] == true ? "rolesWait" : "roles")"
            )
        }
    }
}

/// What was just done to a person.
enum PersonNotice: String, Sendable {
    case registered, changed, changeWaits, roles, rolesWait, closed

    var chinese: String {
        switch self {
        case .registered: "已登记"
        case .changed: "人员信息已更改"
        case .changeWaits: "人员信息的更改已提交，等第二人（行政机关负责人）确认后生效"
        case .roles: "职责已更改"
        case .rolesWait: "职责变更已提交，等第二人（行政机关负责人）确认后生效"
        case .closed: "账号已停用，登录已全部退出"
        }
    }
}
