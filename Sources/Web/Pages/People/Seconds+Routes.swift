import Application
import Casework
import Hummingbird
import Kernel

extension Routes {
    /// What an administrator did and a second person confirms. Who that is depends on the matter: each is judged there.
    func addSeconds(_ services: WebServices) {
        addSettingSeconds(services)
        addPersonSeconds(services)
        on(.get, "/b/{bureau}/seconds", .signedIn) { request, context in
            try await services.secondsPage(Form(query: request.uri.query), context)
        }
        on(.get, "/b/{bureau}/seconds/roles/{change}", .signedIn) { _, context in
            try await services.roleChangeForm(context)
        }
        on(.post, "/b/{bureau}/seconds/roles/{change}", .signedIn) { _, context in
            try await services.decideRoleChange(context)
        }
        on(.get, "/b/{bureau}/seconds/accounts/{person}", .signedIn) { _, context in
            try await services.vouchingForm(context)
        }
        on(.post, "/b/{bureau}/seconds/accounts/{person}", .signedIn) { _, context in
            try await services.vouchForAccount(context)
        }
    }
}

/// What waits for a second person, as one person sees it.
struct SecondMatters: Sendable {
    /// Changes of roles that this person may confirm.
    var roles: [RoleProposal] = []
    /// Accounts that this person may vouch for.
    var accounts: [PersonRow] = []
    /// Changes of roles that this person prepared or may take back, and only that.
    var prepared: [RoleProposal] = []
    /// Settings and public holidays that this person may confirm.
    var settings: [SettingProposal] = []
    /// Settings and public holidays that this person may take back, and only that.
    var preparedSettings: [SettingProposal] = []

    /// Names and certificates that this person may confirm.
    var persons: [PersonProposal] = []
    /// Names and certificates that this person may take back, and only that.
    var preparedPersons: [PersonProposal] = []

    /// How many this person may confirm.
    var count: Int { roles.count + accounts.count + settings.count + persons.count }

    /// Whether nothing waits that this person could do something about.
    var isEmpty: Bool { count + prepared.count + preparedSettings.count + preparedPersons.count == 0 }
}

extension WebServices {
    func secondMatters(for person: PersonRow, at bureau: BureauServices) async throws -> SecondMatters {
        let casebook = bureau.casebook
        var matters = SecondMatters()
        let upkeep = try await casebook.chambers.upkeep()
        for proposal in upkeep.settingProposals {
            if try await casebook.confirmers(of: nil, besides: proposal.proposedBy)
                .contains(where: { $0.thread == person.thread })
            {
                matters.settings.append(proposal)
            } else if person.roles.contains(.administrator) {
                matters.preparedSettings.append(proposal)
            }
        }
        for proposal in upkeep.roleProposals {
            if try await casebook.confirmers(
                of: proposal.person, besides: proposal.proposedBy, granting: proposal.granted
            ).contains(where: { $0.thread == person.thread }) {
                matters.roles.append(proposal)
            } else if person.roles.contains(.administrator) {
                matters.prepared.append(proposal)
            }
        }
        for proposal in upkeep.personProposals {
            if try await casebook.confirmers(of: proposal.person, besides: proposal.proposedBy)
                .contains(where: { $0.thread == person.thread })
            {
                matters.persons.append(proposal)
            } else if person.roles.contains(.administrator) {
                matters.preparedPersons.append(proposal)
            }
        }
        for account in try await bureau.registers.persons(in: .waiting) {
            // Before its person has set a secret there is nothing to ask them about.
            guard try await casebook.hasOwnSecret(account.thread) else { continue }
            let resetter = try await casebook.resetter(of: account.thread)
            if try await casebook.confirmers(of: account.thread, besides: resetter)
                .contains(where: { $0.thread == person.thread })
            {
                matters.accounts.append(account)
            }
        }
        return matters
    }

    func secondsPage(_ query: Form, _ context: SignedInContext) async throws -> Response {
        if context.identity.mustChangeSecret { throw WebRefusal.changeSecret(context.bureau.tag) }
        let address = Address(context.bureau.tag)
        let matters = try await secondMatters(for: context.identity.person, at: context.bureau)
        let names = try await context.bureau.names()
        func row(_ title: String, _ note: String, _ label: String, _ href: String) -> HTML {
            """
            <li><div><b>\(title)</b><p class="hint">\(note)</p></div>\(Button(label: label, href: href, style: .secondary).html)</li>

            """
        }
        func change(_ proposal: RoleProposal, _ label: String) -> HTML {
            row(
                "\(names[proposal.person] ?? "")：\(proposal.chinese)",
                "\(proposal.proposedBy.flatMap { names[$0] } ?? "系统")于\(proposal.proposedAt.chinese)拟定。理由：\(proposal.reason)",
                label, address.roleChange(proposal.seq))
        }
        func registered(_ proposal: PersonProposal, _ label: String) -> HTML {
            row(
                "\(names[proposal.person] ?? "")的登记　\(proposal.chinese)",
                "\(proposal.proposedBy.flatMap { names[$0] } ?? "系统")于\(proposal.proposedAt.chinese)拟定。理由：\(proposal.reason)",
                label, address.personChange(proposal.seq))
        }
        let accounts = matters.accounts.map { account in
            row(
                "\(account.name)的账号", "一次性密码由他人设置，本人已经换成自己的密码；核实以前只能查看，不能办理。", "去核实",
                address.vouching(for: account.thread))
        }
        let history = HistoryText(names: names, library: try await context.bureau.casebook.chambers.law().library)
        func setting(_ proposal: SettingProposal, _ label: String) -> HTML {
            row(
                SettingChange(proposal: proposal, history: history).title,
                "\(proposal.proposedBy.flatMap { names[$0] } ?? "系统")于\(proposal.proposedAt.chinese)拟定。理由：\(proposal.reason)",
                label, address.settingChange(proposal.seq))
        }
        let waiting: HTML = """
            \(matters.roles.isEmpty ? "" : "<h2>职责变更</h2>\n<ul class=\"turn-list\">\(matters.roles.html { change($0, "去确认") })</ul>\n" as HTML)\(matters.persons.isEmpty ? "" : "<h2>姓名和证件</h2>\n<ul class=\"turn-list\">\(matters.persons.html { registered($0, "去确认") })</ul>\n" as HTML)\(accounts.isEmpty ? "" : "<h2>新开通和重置过的账号</h2>\n<ul class=\"turn-list\">\(accounts.html { $0 })</ul>\n" as HTML)\(matters.settings.isEmpty ? "" : "<h2>设置和放假安排</h2>\n<ul class=\"turn-list\">\(matters.settings.html { setting($0, "去确认") })</ul>\n" as HTML)
            """
        let prepared =
            matters.prepared.map { change($0, "撤回") } + matters.preparedPersons.map { registered($0, "撤回") }
            + matters.preparedSettings.map { setting($0, "撤回") }
        let done = query["done"] != nil ? Notice(title: "已登记", tone: .done).html : ""
        return answer(
            Page(
                title: "待确认事项",
                body: """
                    \(done)<h1>待确认事项</h1>
                    <p class="lead">谁担任审批、审查、保管和系统管理的职责，文书上是谁的姓名和证件，由谁批准，期限按哪天算，不由系统管理员一个人决定。拟定的人和确认的人不能是同一个人。</p>
                    \(matters.isEmpty ? EmptyState(title: "没有等您确认的事项", text: "系统管理员拟定的职责、姓名和证件、设置和放假安排，新开通和重置过的账号，需要您确认的会列在这里。").html : "")\(waiting)\(prepared.isEmpty ? "" : "<h2>等他人确认的</h2>\n<ul class=\"turn-list\">\(prepared.html { $0 })</ul>\n" as HTML)
                    """,
                isNarrow: true), context)
    }

    // MARK: roles

    private func roleProposal(_ context: SignedInContext) async throws -> (proposal: RoleProposal, confirms: Bool) {
        if context.identity.mustChangeSecret { throw WebRefusal.changeSecret(context.bureau.tag) }
        let matters = try await secondMatters(for: context.identity.person, at: context.bureau)
        guard let seq = context.parameters.get("change").flatMap({ Decimal.strict(Array($0.utf8)) }) else {
            throw WebRefusal.notFound
        }
        if let proposal = matters.roles.first(where: { $0.seq == seq }) { return (proposal, true) }
        if let proposal = matters.prepared.first(where: { $0.seq == seq }) { return (proposal, false) }
        throw WebRefusal.notFound
    }

    func roleChangeForm(
        _ context: SignedInContext, refusal: StepRefusal? = nil, secretError: String? = nil
    ) async throws -> Response {
        let (proposal, confirms) = try await roleProposal(context)
        let address = Address(context.bureau.tag)
        let names = try await context.bureau.names()
        var fields: [FieldModel] = []
        if confirms { fields.append(.choice("decision", "决定", [("confirm", "确认，立即生效"), ("decline", "不同意")])) }
        fields.append(
            .line("reason", confirms ? "不同意的理由" : "撤回理由", help: confirms ? "确认的不用填。" : "", isRequired: !confirms))
        var page = ActPage(
            title: confirms ? "确认职责变更" : "撤回拟定的职责变更", lead: "确认以后，当事人立即可以按新的职责办理。", section: .home,
            crumbs: [.init(label: "待确认事项", href: address.seconds)],
            before: SummaryList(rows: [
                .init(label: "人员", value: "\(names[proposal.person] ?? "")"),
                .init(label: "变更", value: "\(proposal.chinese)"),
                .init(label: "任免日期", value: "\(proposal.day?.chinese ?? "")"),
                .init(label: "理由或者文号", value: "\(proposal.reason)"),
                .init(
                    label: "拟定",
                    value: "\(proposal.proposedBy.flatMap { names[$0] } ?? "")，\(proposal.proposedAt.chinese)"),
            ]).html, form: frame(address.roleChange(proposal.seq), context), fields: context.typed(fields),
            needsSecret: confirms, button: confirms ? "提交决定" : "撤回", isDangerous: !confirms, back: address.seconds)
        page.show(refusal, secretError)
        return answer(page.page, context)
    }

    func decideRoleChange(_ context: SignedInContext) async throws -> Response {
        let done = "\(Address(context.bureau.tag).seconds)?done=1"
        return try await context.once(leadingTo: done) {
            let (proposal, confirms) = try await roleProposal(context)
            let form = context.visit.form
            return try await act(context, secret: confirms) { refusal, secretError in
                try await roleChangeForm(context, refusal: refusal, secretError: secretError)
            } run: { performer, command in
                if confirms, form.text("decision") == "confirm" {
                    _ = try await context.bureau.casebook.confirmRoles(proposal.seq, command: command, by: performer)
                    return .seeOther(done)
                }
                guard !confirms || form.text("decision") == "decline" else {
                    throw StepRefusal(fields: [.init("decision", "请选择决定。")])
                }
                _ = try await context.bureau.casebook.declineRoles(
                    proposal.seq, reason: form.text("reason"), command: command, by: performer)
                return .seeOther(done)
            }
        }
    }

    // MARK: accounts

    private func waitingAccount(_ context: SignedInContext) async throws -> PersonRow {
        if context.identity.mustChangeSecret { throw WebRefusal.changeSecret(context.bureau.tag) }
        let matters = try await secondMatters(for: context.identity.person, at: context.bureau)
        guard let tag = context.parameters.get("person").flatMap({ ThreadTag($0) }),
            let account = matters.accounts.first(where: { $0.thread == tag })
        else { throw WebRefusal.notFound }
        return account
    }

    func vouchingForm(
        _ context: SignedInContext, refusal: StepRefusal? = nil, secretError: String? = nil
    ) async throws -> Response {
        let account = try await waitingAccount(context)
        let address = Address(context.bureau.tag)
        let history = HistoryText(
            names: try await context.bureau.names(), library: try await context.bureau.casebook.chambers.law().library)
        let resets = try await context.bureau.casebook.history(of: account.thread).filter {
            [.accountOpened, .accountReset, .accountConfirmed, .accountHeld].contains($0.type)
        }
        var page = ActPage(
            title: "核实\(account.name)的账号",
            lead: "开通账号、重置密码的人知道一次性密码，可能冒用这个账号。请当面问过本人：密码条是不是本人领的，重置是不是本人要求的，现在的密码是不是本人设的。不是的，不要核实，马上请系统管理员停用账号并查明原因。",
            section: .home, crumbs: [.init(label: "待确认事项", href: address.seconds)],
            before: "<h2>账号的来历</h2>\n\(history.html(Array(resets.suffix(3))))",
            form: frame(address.vouching(for: account.thread), context),
            fields: context.typed([
                FieldModel(
                    name: "seen", label: "核实",
                    control: .choices([.init(word: "yes", label: "已当面向\(account.name)本人核实，账号由本人使用")]), isRequired: true)
            ]), button: "核实无误", back: address.seconds)
        page.show(refusal, secretError)
        return answer(page.page, context)
    }

    func vouchForAccount(_ context: SignedInContext) async throws -> Response {
        let done = "\(Address(context.bureau.tag).seconds)?done=1"
        return try await context.once(leadingTo: done) {
            let account = try await waitingAccount(context)
            return try await act(context) { refusal, secretError in
                try await vouchingForm(context, refusal: refusal, secretError: secretError)
            } run: { performer, command in
                guard context.visit.form["seen"] == "yes" else {
                    throw StepRefusal(fields: [.init("seen", "请先当面核实，再勾选。")])
                }
                _ = try await context.bureau.casebook.vouch(for: account.thread, command: command, by: performer)
                return .seeOther(done)
            }
        }
    }
}

extension RoleProposal {
    /// What changes, in words.
    var chinese: String {
        let parts = [("增加", granted), ("收回", withdrawn)].filter { !$0.1.isEmpty }
        return parts.map { "\($0.0)\($0.1.map(\.chinese).joined(separator: "、"))" }.joined(separator: "，")
    }
}
