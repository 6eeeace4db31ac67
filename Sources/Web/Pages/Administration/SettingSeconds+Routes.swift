import Application
import Casework
import Hummingbird
import Kernel

extension Routes {
    /// Settings by which cases are judged and public holidays, as a second person confirms them.
    func addSettingSeconds(_ services: WebServices) {
        on(.get, "/b/{bureau}/seconds/settings/{change}", .signedIn) { _, context in
            try await services.settingChangeForm(context)
        }
        on(.post, "/b/{bureau}/seconds/settings/{change}", .signedIn) { _, context in
            try await services.decideSettingChange(context)
        }
    }
}

extension Address {
    func settingChange(_ seq: Int) -> String { "\(seconds)/settings/\(seq)" }
}

extension WebServices {
    /// What waits of settings and public holidays, in words, for the page on which they are prepared.
    func settingsWaiting(_ context: SignedInContext, calendars: Bool) async throws -> HTML {
        let address = Address(context.bureau.tag)
        let history = HistoryText(
            names: try await context.bureau.names(), library: try await context.bureau.casebook.chambers.law().library)
        let waiting = try await context.bureau.casebook.chambers.upkeep().settingProposals.filter { proposal in
            if case .calendar = proposal.content { calendars } else { !calendars }
        }
        return waiting.html { proposal in
            let who = proposal.proposedBy.flatMap { history.names[$0] } ?? "系统"
            return Notice(
                title: "等待确认：\(SettingChange(proposal: proposal, history: history).title)",
                paragraphs: [
                    "\(who)于\(proposal.proposedAt.chinese)拟定。理由：\(proposal.reason)", "由第二人确认以后才生效；在此之前，仍按现在的办理。",
                ], tone: .warning,
                actions: [Button(label: "查看", href: address.settingChange(proposal.seq), style: .secondary)]
            ).html
        }
    }

    private func settingProposal(
        _ context: SignedInContext
    ) async throws -> (proposal: SettingProposal, confirms: Bool) {
        if context.identity.mustChangeSecret { throw WebRefusal.changeSecret(context.bureau.tag) }
        let matters = try await secondMatters(for: context.identity.person, at: context.bureau)
        guard let seq = context.parameters.get("change").flatMap({ Decimal.strict(Array($0.utf8)) }) else {
            throw WebRefusal.notFound
        }
        if let proposal = matters.settings.first(where: { $0.seq == seq }) { return (proposal, true) }
        if let proposal = matters.preparedSettings.first(where: { $0.seq == seq }) { return (proposal, false) }
        throw WebRefusal.notFound
    }

    func settingChangeForm(
        _ context: SignedInContext, refusal: StepRefusal? = nil, secretError: String? = nil
    ) async throws -> Response {
        let (proposal, confirms) = try await settingProposal(context)
        let address = Address(context.bureau.tag)
        let history = HistoryText(
            names: try await context.bureau.names(), library: try await context.bureau.casebook.chambers.law().library)
        var fields: [FieldModel] = []
        if confirms { fields.append(.choice("decision", "决定", [("confirm", "确认，立即生效"), ("decline", "不同意")])) }
        fields.append(
            .line("reason", confirms ? "不同意的理由" : "撤回理由", help: confirms ? "确认的不用填。" : "", isRequired: !confirms))
        let isCalendar = if case .calendar = proposal.content { true } else { false }
        let rows =
            SettingChange(proposal: proposal, history: history).rows + [
                .init(label: isCalendar ? "依据" : "理由或者文号", value: "\(proposal.reason)"),
                .init(
                    label: "拟定",
                    value: "\(proposal.proposedBy.flatMap { history.names[$0] } ?? "")，\(proposal.proposedAt.chinese)"),
            ]
        var page = ActPage(
            title: confirms ? (isCalendar ? "确认放假安排" : "确认设置变更") : "撤回拟定的变更",
            lead: isCalendar
                ? "确认以后立即生效，全部在办案件的期限重新计算，全体人员都会看到通知。"
                : "确认以后立即生效：以后的文书用谁的名称和字号、在办案件由谁批准、按几日提醒，随之改变，全体人员都会看到通知。", section: .home,
            crumbs: [.init(label: "待确认事项", href: address.seconds)], before: SummaryList(rows: rows).html,
            form: frame(address.settingChange(proposal.seq), context), fields: context.typed(fields),
            needsSecret: confirms, button: confirms ? "提交决定" : "撤回", isDangerous: !confirms, back: address.seconds)
        page.show(refusal, secretError)
        return answer(page.page, context)
    }

    func decideSettingChange(_ context: SignedInContext) async throws -> Response {
        let done = "\(Address(context.bureau.tag).seconds)?done=1"
        return try await context.once(leadingTo: done) {
            let (proposal, confirms) = try await settingProposal(context)
            let form = context.visit.form
            return try await act(context, secret: confirms) { refusal, secretError in
                try await settingChangeForm(context, refusal: refusal, secretError: secretError)
            } run: { performer, command in
                if confirms, form.text("decision") == "confirm" {
                    _ = try await context.bureau.casebook.confirmSettings(proposal.seq, command: command, by: performer)
                    context.bureau.rename(try await context.bureau.casebook.chambers.profile().name)
                    return .seeOther(done)
                }
                guard !confirms || form.text("decision") == "decline" else {
                    throw StepRefusal(fields: [.init("decision", "请选择决定。")])
                }
                _ = try await context.bureau.casebook.declineSettings(
                    proposal.seq, reason: form.text("reason"), command: command, by: performer)
                return .seeOther(done)
            }
        }
    }
}
