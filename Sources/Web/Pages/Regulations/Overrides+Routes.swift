import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel

extension Routes {
    /// Higher rules in the place of rows. Who records one stands in the texts in force; the agency head confirms it on
    /// the page of prepared changes.
    func addOverrides(_ services: WebServices) {
        on(.get, "/b/{bureau}/regulations/overrides/new", .ruling) { request, context in
            try await services.overrideForm(Form(query: request.uri.query), context)
        }
        on(.post, "/b/{bureau}/regulations/overrides/new", .ruling) { request, context in
            try await services.proposeOverride(Form(query: request.uri.query), context)
        }
    }
}

extension Address {
    /// Where a higher rule is recorded; one that changes or ends an earlier one begins with what that says.
    func newOverride(following seq: Int? = nil, row: String? = nil) -> String {
        let query = [seq.map { "from=\($0)" }, row.map { "row=\(Percent.encode($0))" }].compactMap { $0 }
        return "\(regulations)/overrides/new\(query.isEmpty ? "" : "?\(query.joined(separator: "&"))")"
    }
}

extension WebServices {
    func overrideForm(
        _ query: Form, _ context: SignedInContext, refusal: StepRefusal? = nil, secretError: String? = nil
    ) async throws -> Response {
        let law = try await context.bureau.casebook.chambers.law()
        let today = clock.now().day
        let holders = RuleOverride.holders(in: law, on: today)
        guard context.identity.has(anyOf: Set(holders)) else {
            let names = holders.map(\.chinese).joined(separator: "、")
            let address = Address(context.bureau.tag)
            return answer(
                Page(
                    title: "登记上位规定", section: section(context),
                    crumbs: [.init(label: "制度", href: address.regulations)], place: "登记上位规定",
                    body: """
                        <h1>登记上位规定</h1>
                        \(EmptyState(title: "由\(names)登记，由您确认", text: "登记以后，在“制度”页的“等行政机关负责人确认”里看清对在办案件的影响，再决定是否确认。", action: Button(label: "返回制度", href: address.regulations, style: .small)).html)
                        """,
                    isNarrow: true), context)
        }
        let address = Address(context.bureau.tag)
        let from = query["from"].flatMap { Decimal.strict(Array($0.utf8)) }
        let known = from.flatMap { seq in law.higherRules.all.first { $0.seq == seq }?.override }
        let rows = RuleOverride.rows(in: law, on: today)
        guard let row = rows.first(where: { $0.provision.id == known?.provision ?? query["row"] }) else {
            return answer(chooser(rows, query.text("q"), law, address, context), context)
        }
        let typed = override(context.visit.form, row.provision.id)
        let draft = context.isSent ? typed.draftMembers(in: law, on: today) : nil
        var page = ActPage(
            title: known == nil ? "登记上位规定" : "改变或者终止适用上位规定", lead: Self.overrideLead, section: section(context),
            crumbs: [.init(label: "制度", href: address.regulations)],
            before: SummaryList(rows: [
                .init(
                    label: "代替哪一条", value: "\(OverrideText.title(row.provision.id, law.library))",
                    change: known == nil ? address.newOverride() : nil),
                .init(label: "原来的要求", value: "\(row.provision.summary)"),
            ]).html
                + (known == nil ? held(row.provision.id, law, address) : "")
                + (draft == nil
                    ? Notice(title: "先看影响，再提交", paragraphs: ["填好以后按“看对在办案件的影响”，逐件比较；看过以后再输入密码提交。"]).html
                    : try await effect(of: .override, draft, context).html),
            form: frame(address.newOverride(following: from, row: from == nil ? row.provision.id : nil), context),
            fields: context.typed(
                fields(of: known, effects: RuleOverride.effects(on: row.provision, of: row.text), row.provision, today)),
            needsSecret: draft != nil, button: draft != nil ? "提交负责人确认" : "看对在办案件的影响",
            back: address.regulations)
        page.show(refusal, secretError)
        return answer(page.page, context)
    }

    /// What already stands in the place of a row: another one from its first day on takes the place of that.
    private func held(_ provision: String, _ law: Law, _ address: Address) -> HTML {
        guard let known = law.higherRules.governing(provision, on: clock.now().day) else { return "" }
        let text = OverrideText(known.override, law.library)
        return Notice(
            title: "这一条现在已经适用上位规定", paragraphs: [text.effect, "再登记一条，从它适用的第一天起代替现在的这一条。要改期限或者终止的，请改现在的这一条。"],
            tone: .warning,
            actions: [
                Button(label: "改变或者终止现在的这一条", href: address.newOverride(following: known.seq), style: .secondary)
            ]
        ).html
    }

    private static let overrideLead =
        "法律、法规、规章或者上级对本机关制度的某一条另有规定的，先适用该规定。登记以后并不生效；行政机关负责人在自己的登录中确认，才记入并生效，全体人员都会看到通知。"

    private func section(_ context: SignedInContext) -> Page.Section {
        context.identity.has(anyOf: [.administrator]) ? .administration : .regulations
    }

    /// Rows that a higher rule can take the place of, by text, to choose one.
    private func chooser(
        _ rows: [(text: Regulation, provision: Provision)], _ search: String, _ law: Law, _ address: Address,
        _ context: SignedInContext
    ) -> Page {
        let found = rows.filter { row in
            search.isEmpty || row.provision.article.contains(search) || row.provision.summary.contains(search)
        }
        let texts = law.rules.spans.map(\.regulation).filter { text in found.contains { $0.text.id == text.id } }
        let groups: HTML = texts.html { text in
            let own = found.filter { $0.text.id == text.id }
            return """
                <details class="settled part"\(search.isEmpty && texts.count > 1 ? "" : " open" as HTML)><summary>\(text.title) <span>\(own.count)</span></summary>
                <ul class="tasks">\(own.html { row in
                    """
                    <li><span><a href="\(address.newOverride(row: row.provision.id))">\(row.provision.article)</a><small>\(row.provision.summary)</small></span></li>

                    """
                })</ul></details>

                """
        }
        return Page(
            title: "登记上位规定", section: section(context),
            crumbs: [.init(label: "制度", href: address.regulations)], place: "登记上位规定",
            body: """
                <h1>登记上位规定</h1>
                <p class="lead">\(Self.overrideLead)</p>
                <h2>先选被代替的条文</h2>
                \(FilterBar(action: address.newOverride(), searchLabel: "条文，例如：第八条，或者笔录", search: search, filters: []).html)\(found.isEmpty ? EmptyState(title: "没有这样的条文", text: "列出的是施行的制度里可以由上位规定代替的条文；法律规定的效力要件不在其中。", action: Button(label: "全部条文", href: address.newOverride(), style: .small)).html : groups)
                """,
            isNarrow: true)
    }

    private func fields(
        of known: RuleOverride?, effects: [String], _ provision: Provision, _ today: CivilDay
    ) -> [FieldModel] {
        let type = EntryType.ruleOverridden
        func choice(_ name: String, _ label: String, _ words: [String], _ known: String?, help: String = "")
            -> FieldModel
        {
            var field = FieldModel(
                name: name, label: label,
                control: .choice(words.map { .init(word: $0, label: type.chinese($0, of: name)) }),
                isRequired: name == "effect", help: help)
            field.input = .text(known ?? (words.count == 1 ? words[0] : ""))
            return field
        }
        var value = FieldModel.paragraphs("value", "该规定的内容", help: "照原文写。")
        value.input = .text(known?.value ?? "")
        var fields = [
            FieldModel.line("higherRule", "上位规定的名称和文号", known?.higherRule ?? "", help: "例如：××省统计执法全过程记录办法。"),
            .line("article", "条文", known?.article ?? "", help: "写到条、款、项。"), value,
            choice("effect", "上位规定改变什么", effects, known?.effect),
        ]
        if effects.contains("term") {
            var length = FieldModel(
                name: "length", label: "改为多长的期限", control: .integer(1...3650), help: "改变期限的填写，只写数字。")
            length.input = .text(known?.length.map { String($0) } ?? "")
            fields += [length, choice("unit", "期限的单位", units(provision), known?.unit, help: "改变期限的选择。")]
        }
        if effects.contains("medium") {
            fields.append(
                choice("level", "音像记录改为", EntryType.mediumLevels, known?.level, help: "改变音像记录要求的选择。"))
        }
        var from = FieldModel(
            name: "fromDay", label: "从哪一天起适用", control: .day, isRequired: true, help: "这一天以后发生的行为按上位规定判断。")
        from.input = .text((known?.fromDay ?? today).description)
        var until = FieldModel(
            name: "untilDay", label: "到哪一天为止", control: .day, help: "没有截止日期的不填。终止适用的，填最后一天。")
        until.input = .text(known?.untilDay?.description ?? "")
        return fields + [from, until, .line("reason", "登记的理由或者文号", help: "例如：收到上级通知的日期和文号。")]
    }

    /// The units of a term, the row's own first.
    private func units(_ provision: Provision) -> [String] {
        let own = provision.duties.compactMap { duty -> String? in
            switch duty.timing.term?.length {
            case .hours: "hours"
            case .days: "days"
            case .workingDays: "workingDays"
            case .months: "months"
            default: nil
            }
        }
        return EntryType.termUnits.filter(own.contains) + EntryType.termUnits.filter { !own.contains($0) }
    }

    private func override(_ form: Form, _ row: String) -> RuleOverride {
        func word(_ name: String) -> String? { form.text(name).nonEmpty }
        let effect = form.text("effect")
        return RuleOverride(
            provision: row, effect: effect, unit: effect == "term" ? word("unit") : nil,
            length: effect == "term" ? FieldReading.integer(form.text("length")) : nil,
            level: effect == "medium" ? word("level") : nil, higherRule: form.text("higherRule"),
            article: form.text("article"), value: form.text("value"), fromDay: CivilDay(form.text("fromDay")),
            untilDay: CivilDay(form.text("untilDay")), reason: form.text("reason"))
    }

    func proposeOverride(_ query: Form, _ context: SignedInContext) async throws -> Response {
        let law = try await context.bureau.casebook.chambers.law()
        let form = context.visit.form
        let from = query["from"].flatMap { Decimal.strict(Array($0.utf8)) }
        guard
            let row = from.flatMap({ seq in law.higherRules.all.first { $0.seq == seq }?.override.provision })
                ?? query["row"]
        else { throw WebRefusal.notFound }
        let override = override(form, row)
        var wrong: [StepRefusal.FieldError] = []
        if override.untilDay == nil, !form.text("untilDay").isEmpty {
            wrong.append(.init("untilDay", "请按“2026-11-20”的样子填写日期。"))
        }
        // The first sending only looks: what it would do to open cases is shown before anybody is asked for a secret.
        guard form[ConfirmSecret.field] != nil else {
            var refusal: StepRefusal?
            do {
                try override.check(in: law, on: clock.now().day)
            } catch {
                refusal = error
            }
            if !wrong.isEmpty { refusal = StepRefusal(fields: (refusal?.fields ?? []) + wrong) }
            return try await overrideForm(query, context, refusal: refusal)
        }
        return try await act(context) { refusal, secretError in
            try await overrideForm(query, context, refusal: refusal, secretError: secretError)
        } run: { performer, command in
            guard wrong.isEmpty else { throw StepRefusal(fields: wrong) }
            _ = try await context.bureau.casebook.propose(override, command: command, by: performer)
            return .seeOther("\(Address(context.bureau.tag).regulations)?done=proposed")
        }
    }
}
