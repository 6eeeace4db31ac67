import Application
import Casework
import Hummingbird
import Kernel

/// What an administrator does to somebody's account. The raw value is the segment of the address.
enum AccountAct: String, Sendable, CaseIterable {
    case open = "account"
    case reset
    case close
}

extension WebServices {
    func accountForm(
        _ act: AccountAct, _ context: SignedInContext, refusal: StepRefusal? = nil, secretError: String? = nil
    ) async throws -> Response {
        let person = try await context.person()
        let address = Address(context.bureau.tag)
        let reason = FieldModel.line(
            "reason", act == .close ? "停用理由" : "重置理由", help: act == .close ? "例如：调离本局。" : "例如：本人忘记密码。")
        var page = ActPage(
            title: "",
            crumbs: [
                .init(label: "人员", href: address.people),
                .init(label: person.name, href: address.person(person.thread)),
            ], form: frame("\(address.person(person.thread))/\(act.rawValue)", context), fields: [], button: "",
            back: address.person(person.thread))
        switch act {
        case .open:
            (page.title, page.button) = ("为\(person.name)开通账号", "开通账号")
            if let account = person.account {
                page.lead = "重新开通原来的账号 \(account)，并设一次性密码。"
            } else {
                var field = PersonForms.account()
                field.isRequired = true
                field.help = "2 至 32 个小写字母、数字、点、短横或下划线，以字母开头。定下以后不能更改。"
                page.fields = [field]
            }
        case .reset:
            (page.title, page.button) = ("重置\(person.name)的密码", "重置密码")
            page.lead =
                "原来的密码立即作废，所有登录退出。本人用一次性密码登录、设好自己的密码之前，只能查看。担任审批、审查、保管、管理职责的人员，设好密码以后还要由第二人当面核实账号，才能办理。"
            page.fields = [reason]
        case .close:
            (page.title, page.button, page.isDangerous) = ("停用\(person.name)的账号", "停用账号", true)
            page.lead = "停用以后不能登录。姓名和以前的记录都保留；需要时可以重新开通。"
            let work = try await context.bureau.casebook.openWork(of: person.thread)
            page.before = handover(work, of: person)
            page.fields = [reason]
            if !work.rest.isEmpty {
                page.fields.append(
                    FieldModel(
                        name: "handedOver", label: "交接",
                        control: .choices([.init(word: "yes", label: "以上情况已经知道，已经安排人接手")]), isRequired: true))
            }
        }
        page.fields = context.typed(page.fields)
        page.show(refusal, secretError)
        return answer(page.page, context)
    }

    func actOnAccount(_ act: AccountAct, _ request: Request, _ context: SignedInContext) async throws -> Response {
        let person = try await context.person()
        let address = Address(context.bureau.tag)
        let form = context.visit.form
        let casebook = context.bureau.casebook
        let next = Button(label: "返回\(person.name)", href: address.person(person.thread), style: .secondary)
        return try await self.act(context) { refusal, secretError in
            try await accountForm(act, context, refusal: refusal, secretError: secretError)
        } run: { performer, command in
            switch act {
            case .open:
                let name = person.account ?? form.text("account")
                let receipt = try await casebook.openAccount(
                    named: name, of: person.thread, command: command, by: performer)
                return try await slips(
                    [(person.thread, person.name, name)], title: "\(person.name)的账号已开通", repeated: receipt.repeated,
                    next: next,
                    request, context)
            case .reset:
                let receipt = try await casebook.resetAccount(
                    of: person.thread, reason: form.text("reason"), command: command, by: performer)
                return try await slips(
                    [(person.thread, person.name, person.account ?? "")], title: "\(person.name)的密码已重置",
                    repeated: receipt.repeated, next: next, request, context)
            case .close:
                if try await !casebook.isCarriedOut(command) {
                    let work = try await casebook.openWork(of: person.thread)
                    if work.handOver.isEmpty, !work.rest.isEmpty, form["handedOver"] == nil {
                        throw StepRefusal(fields: [.init("handedOver", "请看清上面列出的情况，再勾选确认。")])
                    }
                    _ = try await casebook.closeAccount(
                        of: person.thread, reason: form.text("reason"), command: command, by: performer)
                }
                // Sessions of a closed account are refused anyway, whenever they are used next.
                if let account = person.account {
                    try await signIn.closeAll(of: AccountName(bureau: context.bureau.tag, name: account))
                }
                return .seeOther("\(address.person(person.thread))?done=closed")
            }
        }
    }

    /// What has to be handed over. The administrator has no right to cases: neither title nor party is shown.
    private func handover(_ work: OpenWork, of person: PersonRow) -> HTML {
        if work.isEmpty {
            return Notice(
                title: "没有未办结的工作", paragraphs: ["\(person.name)没有在办和待归档的案件，也没有线索、查阅复制申请、等本人办理的事项和专人岗位。"], tone: .done
            ).html
        }
        let now = clock.now()
        let handOver: HTML =
            work.handOver.isEmpty
            ? ""
            : """
            <section aria-labelledby="hand-over"><h2 id="hand-over">先要交接的</h2>
            <ul>\(work.handOver.html { "<li><b>\($0.missing)</b><p class=\"hint\">\($0.who)。</p></li>" })</ul></section>

            """
        let warning = Notice(
            title: "还有工作要交接",
            paragraphs: work.handOver.isEmpty
                ? work.rest
                : [
                    "下面列出的交接以前，不能停用账号。账号可能被别人使用、要马上禁止登录的，先“重置密码”：原来的密码立即作废，所有登录退出。"
                ] + work.rest, tone: .warning)
        let cases: HTML =
            work.cases.isEmpty
            ? ""
            : """
            <table class="list"><thead><tr><th scope="col">案件编号</th><th scope="col">立案</th><th scope="col">阶段</th></tr></thead>
            <tbody>\(work.cases.html { row in
                """
                <tr><td data-label="案件编号"><code>\(row.thread.description.prefix(8))</code></td><td data-label="立案" class="num">\(TermText.day(row.openedAt.day, at: now))</td><td data-label="阶段">\(row.state == .open ? row.stage.chinese : row.state.chinese)</td></tr>

                """
            })</tbody></table>

            """
        return "\(warning.html)\(handOver)\(cases)"
    }
}
