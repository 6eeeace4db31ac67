import Application
import Casework
import Kernel

/// Watching over recording: what the bureau still owes, the register of breaches, yearly assessments, figures.
struct SupervisionPage: Sendable {
    var address: Address
    var now: Instant
    /// Whether every breach is shown, or only those about the looker.
    var watches: Bool
    var decides: Bool
    var violations: [Violations.Violation]
    var state: Violations.Standing?
    var counts: [Violations.Standing: Int]
    var assessments: [Record]
    var checks: [Record]
    var cards: [ObligationCard]
    var figures: [FigureValue]
    var names: [ThreadTag: String]
    var notice: String?

    /// As many checks and assessments are shown; the others stand in the ledger.
    private static let shown = 12

    static let done: [String: String] = [
        "violation": "已登记违规，涉及的人员和行政机关负责人会看到通知", "order": "已登记责令整改", "rectification": "已登记整改情况",
        "liability": "已登记追究责任", "assessment": "已登记评议考核", "check": "已登记监督检查",
    ]

    var page: Page {
        Page(
            title: "记录监督", section: .home,
            body: """
                <h1>记录监督</h1>
                \(notice.map { Notice(title: $0, tone: .done).html })<p class="lead">\(lead)</p>
                \(buttons)\(owed)\(counted)<h2 id="violations">违规台账</h2>
                \(filter)\(list)\(checked)\(assessed)
                """,
            isNarrow: true)
    }

    private var lead: String {
        watches
            ? "监督检查、违反全过程记录规定的行为、责令整改和追究责任，以及每年的评议考核。"
            : "这里只列出与您本人有关的违规记录。有异议的，请向本部门负责人提出。"
    }

    private var buttons: HTML {
        guard watches else { return "" }
        return """
            <p class="actions">\(Button(label: "登记记录违规", href: address.newViolation()).html)\(Button(label: "登记监督检查", href: address.newCheck, style: .secondary).html)\(decides ? Button(label: "登记评议考核", href: address.newAssessment, style: .secondary).html : "")</p>

            """
    }

    private var owed: HTML {
        guard !cards.isEmpty else { return "" }
        return "<h2>本机关应办的事项</h2>\n\(ObligationCard.folded(cards).html { $0.html })"
    }

    private var filter: HTML {
        let all = counts.values.reduce(0, +)
        guard all > 0 else { return "" }
        return """
            <nav class="ways" aria-label="进度"><a href="\(address.supervision)#violations"\(state == nil ? " aria-current=\"page\"" as HTML : "")>全部 \(all)</a>\(Violations.Standing.allCases.filter { counts[$0] != nil }.html { one in
                """
                <a href="\(address.supervision(state: one))"\(state == one ? " aria-current=\"page\"" as HTML : "")>\(one.chinese) \(counts[one] ?? 0)</a>
                """
            })</nav>

            """
    }

    private var list: HTML {
        guard !violations.isEmpty else {
            return EmptyState(title: "没有违规记录", text: watches ? "发现违反全过程记录规定的行为，在这里登记。" : "没有与您有关的登记。").html
        }
        return """
            <ul class="case-cards">\(violations.reversed().html { entry($0) })</ul>
            <p><a href="\(address.violationTable)">下载台账（表格）</a></p>

            """
    }

    private func entry(_ one: Violations.Violation) -> HTML {
        let type = EntryType.violationRecorded
        let person = one.person.flatMap { names[$0] }.map { " · \($0)" } ?? ""
        let term = one.orders.last?.correctBy.map { " · 整改期限\(TermText.short($0, at: now))" } ?? ""
        return """
            <li><p class="card-title"><a href="\(address.violation(one.seq))"><b>\(type.chinese(one.kind, of: "kind"))</b></a>\(ViolationPage.tag(one, now).html)</p><p class="card-note">\(type.chinese(one.severity, of: "severity"))\(person) · 发现于\(one.foundAt.chinese)\(term)</p></li>

            """
    }

    private var checked: HTML {
        guard watches else { return "" }
        let list: HTML =
            checks.isEmpty
            ? EmptyState(title: "还没有登记监督检查", text: "抽查案件和资料以后，在这里登记检查的内容和发现的情况。").html
            : told(checks) { record in
                record.words("matters").map { EntryType.checkMade.chinese($0, of: "matters") }.joined(separator: "、")
            } text: {
                $0.text("findings")
            }
        return "<h2>监督检查</h2>\n\(list)"
    }

    private var assessed: HTML {
        guard watches else { return "" }
        let list: HTML =
            assessments.isEmpty
            ? EmptyState(title: "还没有登记评议考核", text: "每年的依法行政和执法工作评议考核，应当把全过程记录纳入。").html
            : told(assessments) { record in
                let subject = record.word("subjectKind").map { EntryType.assessmentMade.chinese($0, of: "subjectKind") }
                return "\(record.word("period") ?? "")年度 · \(subject ?? "")"
            } text: {
                $0.text("content")
            }
        return "<h2>评议考核</h2>\n\(list)"
    }

    /// Records of one kind, the newest first.
    private func told(
        _ records: [Record], title: (Record) -> String, text: (Record) -> String?
    ) -> HTML {
        """
        <ul class="case-cards">\(records.suffix(Self.shown).reversed().html { record in
            """
            <li><p class="card-title"><b>\(title(record))</b></p>\(SummaryList.paragraphs(text(record) ?? "（已销毁）"))<p class="card-note">\(record.actor.flatMap { names[$0] } ?? "已离开的人员")登记，\(record.happenedAt.chinese)</p></li>

            """
        })</ul>

        """
    }

    /// What the texts in force ask to be counted, of the bureau and all its cases.
    private var counted: HTML {
        guard !figures.isEmpty else { return "" }
        return """
            <h2>指标</h2>
            \(SummaryList(rows: figures.map { figure in
                .init(label: figure.title, value: "\(figure.count)\(figure.outOf.map { "，共 \($0)" } ?? "")（<a href=\"\(address.provision(figure.citation.provision))\">\(figure.citation.article)</a>）")
            }).html)
            """
    }
}

/// One breach with all that followed.
struct ViolationPage: Sendable {
    var address: Address
    var violation: Violations.Violation
    var now: Instant
    var names: [ThreadTag: String]
    var caseTitle: String?
    /// What this person may do about it.
    var acts: [ViolationForm]
    var notice: String?

    var page: Page {
        Page(
            title: "违规记录", section: .home,
            crumbs: [.init(label: "记录监督", href: address.supervision)], place: "违规记录",
            body: """
                \(notice.map { Notice(title: $0, tone: .done).html })<p class="eyebrow">违规记录 \(Self.tag(violation, now).html)</p>
                <h1>\(EntryType.violationRecorded.chinese(violation.kind, of: "kind"))</h1>
                \(Self.summary(violation, names: names, caseTitle: caseTitle, address: address).html)\(buttons)<h2>经过</h2>
                \(course)
                """,
            isNarrow: true)
    }

    static func tag(_ one: Violations.Violation, _ now: Instant) -> Tag {
        let standing = one.standing(on: now.day)
        let tone: Tag.Tone =
            switch standing {
            case .found, .unanswered: .soon
            case .ordered: .wait
            case .late: .late
            case .settled: .done
            }
        return Tag(text: standing.chinese, tone: tone)
    }

    static func summary(
        _ one: Violations.Violation, names: [ThreadTag: String], caseTitle: String?, address: Address
    ) -> SummaryList {
        let type = EntryType.violationRecorded
        var rows: [SummaryList.Row] = [
            .init(label: "种类", value: "\(type.chinese(one.kind, of: "kind"))"),
            .init(label: "情节", value: "\(type.chinese(one.severity, of: "severity"))"),
            .init(label: "事实", value: SummaryList.paragraphs(one.facts ?? "（已销毁）")),
            .init(label: "发现时间", value: "\(one.foundAt.chinese)"),
        ]
        if let person = one.person { rows.append(.init(label: "涉及的人员", value: "\(names[person] ?? "已离开的人员")")) }
        if let thread = one.caseThread {
            rows.append(
                .init(label: "案件", value: "<a href=\"\(address.caseFile(thread))\">\(caseTitle ?? "打开案件")</a>"))
        }
        return SummaryList(rows: rows)
    }

    private var buttons: HTML {
        let open = acts.filter { act in
            switch act {
            case .order: true
            case .rectification:
                violation.orders.last.map { order in
                    !violation.checks.contains { $0.isCorrected && $0.seq > order.seq }
                } ?? false
            case .liability: violation.outcomes.isEmpty
            }
        }
        guard !open.isEmpty else { return waiting }
        let first: ViolationForm? =
            violation.orders.isEmpty
            ? .order : open.contains(.rectification) ? .rectification : open.first { $0 != .order }
        return """
            <p class="actions">\(open.html { act in
                Button(label: act.title, href: address.violation(violation.seq, act), style: act == first ? .primary : .secondary).html
            })</p>

            """
    }

    /// Whose turn it is, for whoever can do nothing here.
    private var waiting: HTML {
        let heads = Supervision.deciders.map(\.chinese).joined(separator: "或者")
        return switch violation.standing(on: now.day) {
        case .found: "<p class=\"hint\">等\(heads)责令整改。</p>\n"
        case .unanswered: "<p class=\"hint\">等\(heads)追究责任。</p>\n"
        case .ordered, .late:
            "<p class=\"hint\">整改以后，由\(Supervision.watchers.map(\.chinese).joined(separator: "、"))核对。</p>\n"
        case .settled: ""
        }
    }

    private var course: HTML {
        var events: [(seq: Int, at: Instant, title: String, lines: [String])] = [
            (
                violation.seq, violation.foundAt, "登记违规",
                [violation.recordedBy.flatMap { names[$0] }.map { "由\($0)登记" } ?? ""]
            )
        ]
        for order in violation.orders {
            let by = EntryType.violationOrdered.chinese(order.by, of: "orderedBy")
            events.append(
                (
                    order.seq, order.at, "责令限期整改",
                    ["由\(by)责令", order.content ?? "（已销毁）", order.correctBy.map { "期限：\($0.chinese)止" } ?? ""]
                ))
        }
        for check in violation.checks {
            events.append((check.seq, check.at, check.isCorrected ? "已完成整改" : "没有完成整改", [check.findings ?? "（已销毁）"]))
        }
        for outcome in violation.outcomes {
            let result = EntryType.violationPunished.chinese(outcome.result, of: "result")
            events.append((outcome.seq, outcome.at, "追究责任：\(result)", [outcome.decision ?? "（已销毁）"]))
        }
        return """
            <ol class="tl">\(events.sorted { $0.seq < $1.seq }.html { event in
                """
                <li><p class="at">\(event.at.chinese)</p><h3>\(event.title)</h3>\(event.lines.filter { !$0.isEmpty }.html { "<p>\($0)</p>" })</li>

                """
            })</ol>

            """
    }
}
