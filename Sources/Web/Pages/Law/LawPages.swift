import Application
import Casework
import Kernel

/// What one provision says, and what the program does for it.
struct ProvisionPage: Sendable {
    var address: Address
    var textTitle: String
    var digest: String
    var provision: Provision
    var isInForce: Bool
    var matters: [String: Matter]

    var page: Page {
        Page(
            title: provision.article,
            body: """
                <p class="eyebrow">\(textTitle) \(Tag(text: isInForce ? "本单位施行" : "未施行", tone: isInForce ? .done : .quiet).html)</p>
                <h1>\(provision.article)</h1>
                <p class="lead">\(provision.summary)</p>
                \(provision.source.map { source in
                    "<p class=\"hint\">出处：\(source.citation)\(source.confirmed ? "" : "（尚未与官方文本核对）")</p>" as HTML
                })\(provision.policyReason.map { reason in
                    Notice(title: "这一条由人来落实", paragraphs: [reason]).html
                })\(provision.duties.isEmpty ? "" : "<h2>系统怎样落实</h2>\n\(provision.duties.html { duty($0) })" as HTML)
                <p><a href="\(address.regulation(String(provision.id.prefix { $0 != ":" }), row: provision.id))">在制度中查看</a></p>
                <p class="anchor">条文编号 <code>\(provision.id)</code>，制度文件摘要 <code>\(digest)</code></p>
                """,
            isNarrow: true)
    }

    private func duty(_ duty: Duty) -> HTML {
        SummaryList(rows: [
            .init(label: "要求", value: "\(duty.demand)"),
            .init(label: "事项", value: "\(matters[duty.matter]?.title ?? duty.matter)"),
            .init(label: "由谁办理", value: "\(duty.who.chinese)"), .init(label: "关口", value: "\(duty.gate.explained)"),
        ]).html
    }
}

/// One obligation of a case: what each text asks, until when, what is missing, what met it.
struct ObligationPage: Sendable {
    var address: Address
    var thread: ThreadTag
    var caseTitle: String
    var obligation: Obligation
    var now: Instant
    var action: ObligationCard.Action?
    var library: RuleLibrary
    var view: CaseView
    var names: [ThreadTag: String]

    var page: Page {
        Page(
            title: obligation.title, section: .cases,
            crumbs: [.init(label: "案件", href: address.cases), .init(label: caseTitle, href: address.caseFile(thread))],
            body: """
                <p class="eyebrow">应办事项 \(tag.html)</p>
                <h1>\(obligation.title)</h1>
                <p class="lead">\(obligation.demand)。</p>
                \(missing)\(action.map { "<p class=\"actions\">\(Button(label: $0.label, href: $0.href).html)</p>" as HTML })<h2>依据和期限</h2>
                \(obligation.parts.html { part($0) })
                """,
            isNarrow: true)
    }

    private var tag: Tag {
        let standing = obligation.state(at: now)
        let tone: Tag.Tone =
            switch standing {
            case .open: .wait
            case .overdue, .metLate: .late
            case .met: .done
            case .excused, .notApplicable: .quiet
            }
        return Tag(text: standing.chinese, tone: tone)
    }

    private var missing: HTML {
        guard !obligation.missing.isEmpty else { return "" }
        return """
            <section class="notice warning"><h2>还缺什么</h2><ul class="reasons">\(obligation.missing.html { """
                <li><b>\($0.sentence)</b><span>由\($0.supplier.chinese)办理</span></li>
                """ })</ul></section>

            """
    }

    private func part(_ part: ObligationPart) -> HTML {
        let source = ObligationCard.Source(provision: part.citation.provision, library: library, address: address).label
        var rows: [SummaryList.Row] = [
            .init(
                label: "条文",
                value: "<a href=\"\(address.provision(part.citation.provision))\">\(source)</a>"),
            .init(label: "要求", value: "\(part.demand)"), .init(label: "由谁办理", value: "\(part.who.chinese)"),
            .init(label: "起因", value: record(part.causedBy)),
        ]
        if let due = part.due { rows.append(.init(label: "期限", value: "\(TermText.due(due, at: now))")) }
        if let term = part.term { rows.append(.init(label: "期限的计算", value: "\(term.chinese)")) }
        if let lateFrom = part.lateFrom, part.state == .open {
            rows.append(.init(label: "计时", value: "\(TermText.rest(until: lateFrom, at: now))"))
        }
        for id in part.metBy { rows.append(.init(label: "履行", value: record(id))) }
        if let at = part.metAt { rows.append(.init(label: "履行时间", value: "\(at.chinese)")) }
        if let settled = part.settledBy { rows.append(.init(label: "免除或者不再适用", value: record(settled))) }
        rows.append(.init(label: "关口", value: "\(part.gate.explained)"))
        for one in part.missing { rows.append(.init(label: "还缺", value: "\(one.sentence)，由\(one.supplier.chinese)办理")) }
        if let override = part.override {
            rows.append(.init(label: "越过", value: "经批准先办了“\(override.step.chinese)”：\(record(override.given))"))
        }
        for note in part.notes { rows.append(.init(label: "说明", value: "\(note)")) }
        return SummaryList(rows: rows).html
    }

    private func record(_ id: RecordID) -> HTML {
        guard let record = view.history.first(where: { $0.id == id }) else { return "另一条记录" }
        let text = EventText(record: record, work: view.work, names: names, address: address, library: library).event?
            .title
        // What has no line in the course has nowhere to lead to.
        guard let text else { return "\(record.recordedAt.chinese) \(record.type.chinese)" }
        return "<a href=\"\(address.record(id, in: thread))\">\(record.recordedAt.chinese) \(text)</a>"
    }
}

extension Gate {
    /// What is refused meanwhile, and who may let it pass.
    var explained: String {
        switch level {
        case .none: "提醒办理，不阻止以后的步骤。"
        case .close: "归档之前必须办理。"
        case .pre:
            "办理之前，系统不让进入下一步\(overridableBy.isEmpty ? "" : "；\(overridableBy.map(\.chinese).joined(separator: "、"))可以说明理由和依据，批准越过")。"
        case .hard: "办理之前，系统不让进入下一步，任何人不能越过。"
        }
    }
}
