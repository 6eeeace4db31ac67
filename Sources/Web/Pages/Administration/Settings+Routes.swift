import Application
import Casework
import Hummingbird
import Kernel

extension Routes {
    /// What the bureau sets about itself, and the tables of public holidays.
    func addSettings(_ services: WebServices) {
        on(.get, "/b/{bureau}/settings", .administration) { request, context in
            try await services.settingsPage(context, done: Form(query: request.uri.query)["done"])
        }
        on(.post, "/b/{bureau}/settings", .administration) { _, context in try await services.changeSettings(context) }
        on(.get, "/b/{bureau}/calendars", .administration) { request, context in
            try await services.calendarsPage(context, done: Form(query: request.uri.query)["done"])
        }
        on(.post, "/b/{bureau}/calendars", .administration) { _, context in try await services.adoptCalendar(context) }
    }
}

extension WebServices {
    func settingsPage(
        _ context: SignedInContext, refusal: StepRefusal? = nil, secretError: String? = nil, done: String? = nil
    ) async throws -> Response {
        let address = Address(context.bureau.tag)
        let chambers = context.bureau.casebook.chambers
        let (profile, law, records) = (
            try await chambers.profile(), try await chambers.law(), try await chambers.records()
        )
        let year = clock.now().day.parts.year
        let values = BureauSettings(profile)
        var fields: [FieldModel] = [
            .line("name", "机关名称", values.name), .line("region", "行政区域", values.region),
            .line("superior", "上级机关", values.superior, isRequired: false),
            .line("letterhead", "文书抬头", values.letterhead, help: "印在文书最上方的名称。"),
            .line("documentMark", "机关代字", values.mark, help: "文书字号开头的几个字，例如“赵统”。"),
        ]
        var terms: [FieldModel] = []
        // A number that the text leaves no room for is no setting of the bureau.
        for declared in law.rules.declaredSettings(on: clock.now().day) where declared.range.count > 1 {
            let set = profile.settings[declared.name]?.integer.map { Int($0) } ?? declared.standard
            terms.append(
                FieldModel(
                    name: "setting.\(declared.name)", label: declared.question,
                    control: control(declared),
                    input: .text(declared.isMoney ? FieldReading.moneyText(Int64(set)) : String(set)), isRequired: true,
                    help: "可填\(declared.bounds)，默认\(declared.text(of: declared.standard))。出处：\(declared.source)。"
                ))
        }
        var offices: [FieldModel] = []
        for declared in law.rules.declaredOffices(on: clock.now().day) {
            let set = law.rules.holder(of: declared, law.settings, on: clock.now().day)
            offices.append(
                FieldModel(
                    name: "office.\(declared.name)", label: declared.title,
                    control: .choice(
                        declared.choices.map { .init(word: $0, label: OfficeChoice.chinese($0)) }),
                    input: .text(set), isRequired: true, help: "各地制度规定不一，由本机关选定。出处：\(declared.source)。"))
        }
        var reason: [FieldModel] = []
        if try await chambers.upkeep().isFounded {
            reason.append(
                .line(
                    "reason", "理由或者文号",
                    help: "确认的人会看到。机关设置的每一项更改，包括文书起始号、行政区域和上级机关，都等第二人（行政机关负责人）确认后生效。"))
        }
        let history = HistoryText(names: try await context.bureau.names(), library: law.library)
        let types: Set<EntryType> = [.bureauOpened, .bureauSettingsChanged, .settingsProposed]
        let changes = records.filter { types.contains($0.type) }
        var page = ActPage(
            title: "机关设置", crumbs: [],
            before: """
                \(AdminTabs(address: address, current: .settings).html)\(saved(done, "设置已保存"))\(try await settingsWaiting(context, calendars: false))\(try await reevaluationNotice(context))<h2>更改设置</h2>

                """,
            form: frame(address.settings, context, seq: records.count), fields: context.typed(fields), button: "保存设置",
            back: address.setup, after: "<h2>历次更改</h2>\n\(history.html(changes))")
        page.groups = [
            try await numberGroup(profile, law, year, context),
            FieldGroup(title: "制度交本机关确定的数", fields: context.typed(terms)),
            FieldGroup(title: "制度交本机关确定的人", fields: context.typed(offices)),
            FieldGroup(title: "更改的理由", fields: context.typed(reason)),
        ].filter { !$0.fields.isEmpty }
        page.show(refusal, secretError)
        return answer(page.page, context)
    }

    /// A number, a sum, or the words that stand for its values.
    private func control(_ declared: SettingDeclaration) -> FieldModel.Control {
        if declared.isMoney { return .money }
        guard declared.words.isEmpty else {
            return .choice(declared.range.map { .init(word: String($0), label: declared.text(of: $0)) })
        }
        return .integer(Int64(declared.range.lowerBound)...Int64(declared.range.upperBound))
    }

    /// What became of a form that was sent.
    private func saved(_ done: String?, _ title: String) -> HTML {
        switch done {
        case nil: ""
        case "waits": Notice(title: "已提交，等第二人（行政机关负责人）确认后生效", tone: .done).html
        default: Notice(title: title, tone: .done).html
        }
    }

    private func numbered(_ law: Law) -> [DocumentKind] {
        law.library.drawnKinds.filter { $0.numbering != nil }
    }

    /// The first number of each kind this year, beside the one that comes next as it would be printed now.
    private func numberGroup(
        _ profile: BureauProfile, _ law: Law, _ year: Int, _ context: SignedInContext
    ) async throws -> FieldGroup {
        let mark = profile.settings["documentMark"]?.string ?? ""
        var fields: [FieldModel] = []
        var notes: [String: String] = [:]
        for kind in numbered(law) {
            let first = BureauSettings.FirstNumber(kind: kind.name, year: year, number: 1)
            let next = try await context.bureau.registers.freeNumber(
                kind: kind.name, year: year, from: profile.firstNumber(of: kind.name, in: year))
            fields.append(
                FieldModel(
                    name: first.setting, label: kind.title, control: .integer(1...99_999),
                    input: .text(String(profile.firstNumber(of: kind.name, in: year))), isRequired: true))
            notes[first.setting] = kind.numbering?.text(mark: mark.isEmpty ? "（代字）" : mark, year: year, number: next)
        }
        return FieldGroup(
            title: "文书字号：\(year) 年的起始号（\(fields.count) 种文书）",
            help: "今年在纸质登记簿上用到第几号，就从下一号填起；没有用过的填 1。已经在本系统制发过的，接着已用的号往下编。",
            fields: context.typed(fields), layout: .folded(heading: "下一号", notes: notes))
    }

    func changeSettings(_ context: SignedInContext) async throws -> Response {
        try await act(context) { refusal, secretError in
            try await settingsPage(context, refusal: refusal, secretError: secretError)
        } run: { performer, command in
            let form = context.visit.form
            let chambers = context.bureau.casebook.chambers
            let (profile, law) = (try await chambers.profile(), try await chambers.law())
            let year = clock.now().day.parts.year
            var settings = BureauSettings(profile)
            settings.name = form.text("name")
            settings.region = form.text("region")
            settings.superior = form.text("superior")
            settings.letterhead = form.text("letterhead")
            settings.mark = form.text("documentMark")
            settings.reason = form.text("reason")
            var unreadable: [StepRefusal.FieldError] = []
            func number(_ name: String) -> Int? {
                guard form[name] != nil else { return nil }
                guard let number = FieldReading.integer(form.text(name)), let whole = Int(exactly: number) else {
                    unreadable.append(.init(name, "请填写整数。"))
                    return nil
                }
                return whole
            }
            // Typed in yuan, kept in fen as the texts declare it.
            func money(_ name: String) -> Int? {
                guard form[name] != nil else { return nil }
                guard let fen = FieldReading.money(form.text(name)), let whole = Int(exactly: fen) else {
                    unreadable.append(.init(name, "请填写金额，以元为单位，最多两位小数。"))
                    return nil
                }
                return whole
            }
            for kind in numbered(law) {
                var first = BureauSettings.FirstNumber(kind: kind.name, year: year, number: 1)
                guard let typed = number(first.setting) else { continue }
                first.number = typed
                settings.firstNumbers.append(first)
            }
            for declared in law.rules.declaredSettings(on: clock.now().day) {
                let name = "setting.\(declared.name)"
                if let typed = declared.isMoney ? money(name) : number(name) { settings.numbers[declared.name] = typed }
            }
            for declared in law.rules.declaredOffices(on: clock.now().day) {
                if let chosen = form["office.\(declared.name)"] { settings.offices[declared.name] = chosen }
            }
            guard unreadable.isEmpty else { throw StepRefusal(fields: unreadable) }
            let receipt = try await context.bureau.casebook.change(
                settings, expecting: form.seq, command: command, by: performer)
            context.bureau.rename(try await chambers.profile().name)
            return .seeOther(
                "\(Address(context.bureau.tag).settings)?done=\(receipt.answer["waits"] == true ? "waits" : "1")")
        }
    }

    // MARK: public holidays

    func calendarsPage(
        _ context: SignedInContext, refusal: StepRefusal? = nil, secretError: String? = nil, done: String? = nil
    ) async throws -> Response {
        let address = Address(context.bureau.tag)
        let chambers = context.bureau.casebook.chambers
        let (profile, law) = (try await chambers.profile(), try await chambers.law())
        let tables = law.library.newestCalendars.reversed()
        let waiting = try await chambers.upkeep().settingProposals.map(\.content)
        let open = tables.filter { table in
            profile.calendars[table.year.year] != table.digest
                && !waiting.contains { if case .calendar(table.year.year, _, _) = $0 { true } else { false } }
        }
        let year = clock.now().day.parts.year
        let recent = profile.calendars.keys.filter { $0 >= year - 2 }
        let earlier = profile.calendars.keys.filter { $0 < year - 2 }.sorted()
        let adopted = TaskList(
            tasks: Set(recent).union([year, year + 1]).sorted(by: >).map { year in
                let digest = profile.calendars[year]
                return TaskList.Task(
                    label: "\(year) 年", hint: tables.first { $0.digest == digest }?.year.source ?? "",
                    tag: digest == nil ? Tag(text: "还没有采用", tone: .soon) : Tag(text: "✓ 已采用", tone: .done))
            })
        let how: HTML = """
            \(earlier.isEmpty ? "" : "<p class=\"hint\">另外还采用了 \(earlier.first ?? year) 至 \(earlier.last ?? year) 年的表，共 \(earlier.count) 年。</p>" as HTML)<p class="hint">国务院办公厅每年十一月前后公布下一年的放假安排。把写好的表（例如 \(year + 1).yaml）放进程序目录 Regulations/calendars，重新启动服务，这里就会列出来；也可以在服务器上运行 <code>liuhen calendar import</code>。</p>

            """
        let head: HTML = """
            \(AdminTabs(address: address, current: .calendars).html)\(saved(done, "放假安排已采用"))\(try await settingsWaiting(context, calendars: true))\(try await reevaluationNotice(context))\(adopted.html)
            """
        guard !open.isEmpty || refusal != nil || secretError != nil else {
            return answer(
                Page(
                    title: "放假安排", section: .administration, body: "<h1>放假安排</h1>\n\(head)\(how)", isNarrow: true),
                context)
        }
        var page = ActPage(
            title: "放假安排", crumbs: [], before: "\(head)<h2>采用新的表</h2>\n",
            form: frame(address.calendars, context),
            fields: context.typed([
                FieldModel(
                    name: "digest", label: "可以采用的表",
                    control: .choice(
                        open.map { table in
                            .init(
                                word: table.digest.description,
                                label:
                                    "\(table.year.year) 年\(profile.calendars[table.year.year] == nil ? "" : "（替换现有的表）")",
                                hint: table.year.source)
                        }), isRequired: true)
            ]), button: "采用", back: address.setup, after: how)
        page.show(refusal, secretError)
        return answer(page.page, context)
    }

    func adoptCalendar(_ context: SignedInContext) async throws -> Response {
        try await act(context) { refusal, secretError in
            try await calendarsPage(context, refusal: refusal, secretError: secretError)
        } run: { performer, command in
            let library = try await context.bureau.casebook.chambers.law().library
            guard let digest = Digest(context.visit.form.text("digest")),
                let table = library.calendars.first(where: { $0.digest == digest })
            else { throw StepRefusal(fields: [.init("digest", "请选择一个表。")]) }
            let receipt = try await context.bureau.casebook.adopt(calendar: table, command: command, by: performer)
            return .seeOther(
                "\(Address(context.bureau.tag).calendars)?done=\(receipt.answer["waits"] == true ? "waits" : "1")")
        }
    }
}
