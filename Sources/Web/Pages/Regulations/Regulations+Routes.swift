import Application
import Casework
import Hummingbird
import Kernel

extension Routes {
    /// The regulations in force, and the ways to change them.
    func addRegulations(_ services: WebServices) {
        on(.get, "/b/{bureau}/regulations", .signedIn) { request, context in
            try await services.regulationsPage(Form(query: request.uri.query), context)
        }
        on(.get, "/b/{bureau}/regulations/changes/new", .administration) { request, context in
            try await services.ruleChangeForm(Form(query: request.uri.query), context)
        }
        on(.post, "/b/{bureau}/regulations/changes/new", .administration) { request, context in
            try await services.proposeRuleChange(Form(query: request.uri.query), context)
        }
        on(.get, "/b/{bureau}/regulations/changes/{change}", .ruling) { _, context in
            try await services.ruleDecisionForm(context)
        }
        on(.post, "/b/{bureau}/regulations/changes/{change}", .ruling) { _, context in
            try await services.decideRuleChange(context)
        }
        on(.get, "/b/{bureau}/regulations/{regulation}/confirmation", .heading) { _, context in
            try await services.confirmationForm(context)
        }
        on(.post, "/b/{bureau}/regulations/{regulation}/confirmation", .heading) { _, context in
            try await services.confirmRegulation(context)
        }
    }
}

extension WebServices {
    func regulationsPage(_ query: Form, _ context: SignedInContext) async throws -> Response {
        if context.identity.mustChangeSecret { throw WebRefusal.changeSecret(context.bureau.tag) }
        let chambers = context.bureau.casebook.chambers
        let (law, upkeep, records) = (
            try await chambers.law(), try await chambers.upkeep(), try await chambers.records()
        )
        let names = try await context.bureau.names()
        let types: Set<EntryType> = [
            .regulationAdopted, .regulationRepaired, .regulationRepealed, .regulationConfirmed, .ruleProposed,
            .ruleDeclined, .ruleOverridden,
        ]
        let notice = query["done"].flatMap { RuleNotice(rawValue: $0) }.map { Notice(title: $0.chinese, tone: .done) }
        return answer(
            RegulationsPage(
                address: Address(context.bureau.tag), rules: law.rules, library: law.library, upkeep: upkeep,
                names: names, today: clock.now().day, prepares: context.identity.has(anyOf: [.administrator]),
                decides: context.identity.has(anyOf: [.agencyHead]), higherRules: law.higherRules,
                mayOverride: context.identity.has(anyOf: Set(RuleOverride.holders(in: law, on: clock.now().day))),
                history: HistoryText(names: names, library: law.library).html(
                    records.filter { types.contains($0.type) }), notice: notice
            ).page, context)
    }

    // MARK: preparing

    func ruleChangeForm(
        _ query: Form, _ context: SignedInContext, refusal: StepRefusal? = nil, secretError: String? = nil,
        isOtherDay: Bool = false
    ) async throws -> Response {
        let law = try await context.bureau.casebook.chambers.law()
        guard let act = query["act"].flatMap({ RuleAct(rawValue: $0) }), act != .override,
            let digest = query["digest"].flatMap({ Digest($0) }), let text = law.library.regulation(digest)
        else { throw WebRefusal.notFound }
        let address = Address(context.bureau.tag)
        let old = query["replaces"].flatMap { Digest($0) }
        var fields: [FieldModel] = []
        var rows: [SummaryList.Row] = [.init(label: "制度", value: "\(text.title)")]
        var difference: HTML = ""
        switch act {
        case .adopt:
            var day = FieldModel(
                name: "day", label: "施行日期", control: .day, input: .text(text.inForceFrom?.description ?? ""),
                isRequired: true, help: "从这一天起发生的行为适用这个文本；同一制度较早的版本到前一天为止。")
            if text.inForceFrom == nil { day.help = "原文没有写明施行日期，请按发文填写。" + day.help }
            fields += [day] + (text.standing == .own ? Self.choices() : [])
        case .repair:
            guard let old, let before = law.library.regulation(old) else { throw WebRefusal.notFound }
            difference = RepairDifference(before: before, after: text, library: law.library).html
            rows += [
                .init(label: "修正前摘要", value: "<code>\(old.description)</code>"),
                .init(label: "修正后摘要", value: "<code>\(digest.description)</code>"),
            ]
        case .override: break
        case .repeal:
            fields.append(
                FieldModel(
                    name: "day", label: "最后施行日", control: .day, input: .text(clock.now().day.description),
                    isRequired: true, help: "到这一天为止发生的行为仍然适用。"))
        }
        fields.append(.line("reason", act == .repair ? "改了什么，为什么" : "依据或者文号"))
        // The day that was entered, else the one that the form begins with.
        let entered = CivilDay(context.visit.form.text("day"))
        let draft = RuleChange(
            act: act, digest: digest, replaces: old,
            day: entered ?? (act == .adopt ? text.inForceFrom : nil) ?? clock.now().day, reason: "")
        var page = ActPage(
            title: "拟定\(act.chinese)", lead: "拟定以后并不生效；行政机关负责人在自己的登录中确认，才记入并生效。",
            crumbs: [.init(label: "制度", href: address.regulations)],
            before: SummaryList(rows: rows).html + difference
                + (isOtherDay
                    ? Notice(
                        title: "日期改了，还没有提交",
                        paragraphs: ["下面的影响已经按\(draft.day?.chinese ?? "")重新比较。看过以后，再输入密码提交。"]
                    ).html : "" as HTML)
                + (try await effect(of: act, draft.draftMembers(in: law.library), from: draft.day, context)).html,
            form: frame(
                address.newRuleChange(
                    act.rawValue, digest.description, replacing: old?.description,
                    from: act == .repair ? nil : draft.day), context),
            fields: context.typed(fields), button: "提交负责人确认", back: address.regulations)
        page.show(refusal, secretError)
        return answer(page.page, context)
    }

    /// Approver and custodian: what texts of several bureaus name differently, and each bureau chooses.
    static func choices() -> [FieldModel] {
        [
            .choice(
                "approver", "程序启动由谁批准", RuleChange.approvers.map { ($0.rawValue, $0.chinese) },
                help: "各地制度规定不一，由本机关选定。"),
            .choice("custodian", "记录由谁保管", RuleChange.custodians.map { ($0.rawValue, $0.chinese) }),
        ]
    }

    func proposeRuleChange(_ query: Form, _ context: SignedInContext) async throws -> Response {
        // Nobody proposes a day whose effect on open cases they were not shown.
        let named = query["act"].flatMap { RuleAct(rawValue: $0) }
        if named == .adopt || named == .repeal, let day = CivilDay(context.visit.form.text("day")),
            query["shown"] != day.description
        {
            return try await ruleChangeForm(query, context, isOtherDay: true)
        }
        return try await act(context) { refusal, secretError in
            try await ruleChangeForm(query, context, refusal: refusal, secretError: secretError)
        } run: { performer, command in
            let form = context.visit.form
            guard let act = query["act"].flatMap({ RuleAct(rawValue: $0) }),
                let digest = query["digest"].flatMap({ Digest($0) })
            else { throw WebRefusal.notFound }
            let change = RuleChange(
                act: act, digest: digest, replaces: query["replaces"].flatMap { Digest($0) },
                day: try PersonForms.day(form, "day", "日期"),
                approver: Role(rawValue: form.text("approver")), custodian: Role(rawValue: form.text("custodian")),
                reason: form.text("reason"))
            _ = try await context.bureau.casebook.propose(change, command: command, by: performer)
            return .seeOther("\(Address(context.bureau.tag).regulations)?done=proposed")
        }
    }

    // MARK: deciding

    func ruleDecisionForm(
        _ context: SignedInContext, refusal: StepRefusal? = nil, secretError: String? = nil
    ) async throws -> Response {
        let chambers = context.bureau.casebook.chambers
        let (law, upkeep, records) = (
            try await chambers.law(), try await chambers.upkeep(), try await chambers.records()
        )
        guard let seq = context.parameters.get("change").flatMap({ Decimal.strict(Array($0.utf8)) }),
            let proposal = upkeep.proposals.first(where: { $0.seq == seq }),
            let record = records.first(where: { $0.seq == seq })
        else { throw WebRefusal.notFound }
        let address = Address(context.bureau.tag)
        let decides = context.identity.has(anyOf: [.agencyHead])
        let history = HistoryText(names: try await context.bureau.names(), library: law.library)
        var fields: [FieldModel] = []
        if decides {
            fields.append(.choice("decision", "决定", [("confirm", "确认，记入并生效"), ("decline", "不采用")]))
        }
        fields.append(
            .line(
                "reason", decides ? "不采用的理由" : "撤回理由", help: decides ? "确认的不用填。" : "", isRequired: !decides))
        var page = ActPage(
            title: decides ? "确认\(proposal.act.chinese)" : "撤回拟定的\(proposal.act.chinese)",
            section: context.identity.has(anyOf: [.administrator]) ? .administration : .regulations,
            crumbs: [.init(label: "制度", href: address.regulations)],
            before: "<h2>拟定的内容</h2>\n" + history.html([record]) + difference(of: proposal, in: law.library)
                + (try await effect(of: proposal.act, proposal.members, from: proposal.day, context)).html,
            form: frame(address.ruleChange(seq), context), fields: context.typed(fields),
            // Only what comes into force needs the secret again; taking back changes nothing.
            needsSecret: decides, button: decides ? "提交决定" : "撤回", isDangerous: !decides, back: address.regulations)
        page.show(refusal, secretError)
        return answer(page.page, context)
    }

    /// Row by row what a repair changes; nothing for another act.
    private func difference(of proposal: RuleProposal, in library: RuleLibrary) -> HTML {
        guard proposal.act == .repair, let old = proposal.replaces.flatMap({ library.regulation($0) }),
            let new = proposal.digest.flatMap({ library.regulation($0) })
        else { return "" }
        return RepairDifference(before: old, after: new, library: library).html
    }

    func decideRuleChange(_ context: SignedInContext) async throws -> Response {
        let decides = context.identity.has(anyOf: [.agencyHead])
        let form = context.visit.form
        guard let seq = context.parameters.get("change").flatMap({ Decimal.strict(Array($0.utf8)) }) else {
            throw WebRefusal.notFound
        }
        let done = "\(Address(context.bureau.tag).regulations)?done="
        if try await context.bureau.casebook.isCarriedOut(try form.command) { return .seeOther("\(done)decided") }
        return try await act(context, secret: decides) { refusal, secretError in
            try await ruleDecisionForm(context, refusal: refusal, secretError: secretError)
        } run: { performer, command in
            if decides, form.text("decision") == "confirm" {
                _ = try await context.bureau.casebook.confirmProposal(seq, command: command, by: performer)
                return .seeOther("\(done)confirmed")
            }
            guard !decides || form.text("decision") == "decline" else {
                throw StepRefusal(fields: [.init("decision", "请选择决定。")])
            }
            _ = try await context.bureau.casebook.declineProposal(
                seq, reason: form.text("reason"), command: command, by: performer)
            return .seeOther("\(done)declined")
        }
    }

    // MARK: standing by a text of the founding

    func confirmationForm(
        _ context: SignedInContext, refusal: StepRefusal? = nil, secretError: String? = nil
    ) async throws -> Response {
        let law = try await context.bureau.casebook.chambers.law()
        guard let digest = context.parameters.get("regulation").flatMap({ Digest($0) }),
            let span = law.rules.spans.first(where: { $0.digest == digest })
        else { throw WebRefusal.notFound }
        let address = Address(context.bureau.tag)
        var page = ActPage(
            title: "确认施行", lead: "这个制度在建立机关时已经施行，请您确认。", section: .regulations,
            crumbs: [.init(label: "制度", href: address.regulations)],
            before: SummaryList(rows: [
                .init(label: "制度", value: "\(span.regulation.title)"),
                .init(label: "施行", value: "\(span.from.chinese)起"),
                .init(label: "文件摘要", value: "<code>\(digest.description)</code>"),
            ]).html, form: frame(address.confirmation(of: digest.description), context),
            fields: context.typed(
                (span.regulation.standing == .own ? Self.choices() : []) + [.line("reason", "依据或者文号")]),
            button: "确认施行",
            back: address.regulations)
        page.show(refusal, secretError)
        return answer(page.page, context)
    }

    func confirmRegulation(_ context: SignedInContext) async throws -> Response {
        try await act(context) { refusal, secretError in
            try await confirmationForm(context, refusal: refusal, secretError: secretError)
        } run: { performer, command in
            guard let digest = context.parameters.get("regulation").flatMap({ Digest($0) }) else {
                throw WebRefusal.notFound
            }
            let form = context.visit.form
            _ = try await context.bureau.casebook.confirmRegulation(
                digest, approver: Role(rawValue: form.text("approver")),
                custodian: Role(rawValue: form.text("custodian")), reason: form.text("reason"), command: command,
                by: performer)
            return .seeOther("\(Address(context.bureau.tag).regulations)?done=confirmed")
        }
    }
}

/// What was just done to the regulations.
enum RuleNotice: String, Sendable {
    case proposed, confirmed, declined, decided

    var chinese: String {
        switch self {
        case .proposed: "已提交，等行政机关负责人确认"
        case .confirmed: "已确认，记入并生效"
        case .declined: "已登记，不采用"
        case .decided: "这件事已经办过"
        }
    }
}
