import Application
import Casework
import Kernel

/// The regulations of the bureau: what is in force, what waits for the agency head, what could be adopted.
struct RegulationsPage: Sendable {
    var address: Address
    var rules: RulesInForce
    var library: RuleLibrary
    var upkeep: BureauUpkeep
    var names: [ThreadTag: String]
    var today: CivilDay
    /// Whether the looker prepares changes, and whether they decide on them.
    var prepares: Bool
    var decides: Bool
    /// Higher rules that were recorded, and whether the looker records them.
    var higherRules = RuleOverrides([])
    var mayOverride = false
    var history: HTML
    var notice: Notice?

    var page: Page {
        Page(
            title: "制度", section: prepares ? .administration : .regulations,
            body: """
                <h1>制度</h1>
                \(prepares ? AdminTabs(address: address, current: .regulations).html : "")\(notice.map { $0.html })\(proposals)<h2>施行的制度</h2>
                <p class="hint"><a href="\(address.comparison)">制度对照</a>：两部制度逐项比较。</p>
                \(rules.spans.sorted { $0.from > $1.from }.html { span($0) })\(overrides)\(offers)<h2>历次变更</h2>
                \(history)
                """,
            isNarrow: true)
    }

    private func span(_ span: RulesInForce.Span) -> HTML {
        let approval = upkeep.approvals[span.digest]
        let isOver = span.until.map { $0 <= today } ?? false
        let isAhead = span.from > today
        let tag: Tag =
            isOver
            ? Tag(text: "已不施行", tone: .quiet)
            : isAhead
                ? Tag(text: "\(span.from.chinese)起施行", tone: .wait)
                : approval?.by == nil ? Tag(text: "待负责人确认", tone: .soon) : Tag(text: "施行中", tone: .done)
        let duties = span.regulation.provisions.reduce(0) { $0 + $1.duties.count }
        var rows: [SummaryList.Row] = [
            .init(
                label: "施行",
                value:
                    "\(span.regulation.laws.isEmpty ? "\(span.from.chinese)起" : "各部法律自其施行之日起")\(span.until.map { "，至\($0.advanced(by: -1).chinese)" } ?? "")"
            ),
            .init(label: "条目", value: "\(span.regulation.provisions.count) 项，其中要办的事 \(duties) 项"),
        ]
        if let approval, let by = approval.by {
            rows.append(
                .init(label: "确认", value: "\(names[by] ?? "已离开的人员")，\(approval.at.chinese)"))
            if span.regulation.standing == .own {
                rows.append(
                    .init(
                        label: "审批和保管",
                        value: "\(approval.approver?.chinese ?? "依各文规定")审批，\(approval.custodian?.chinese ?? "依各文规定")保管")
                )
            }
        }
        rows.append(.init(label: "文件摘要", value: "<code>\(span.digest.description)</code>"))
        let newer = library.regulations.filter {
            $0.regulation.id == span.regulation.id && $0.regulation.version == span.regulation.version
                && $0.digest != span.digest
        }
        var buttons: [Button] = []
        if decides, approval?.by == nil, !isOver {
            buttons.append(Button(label: "确认施行", href: address.confirmation(of: span.digest.description)))
        }
        if prepares, !isOver {
            for file in newer {
                buttons.append(
                    Button(
                        label: "修正数据",
                        href: address.newRuleChange(
                            "repair", file.digest.description, replacing: span.digest.description), style: .small))
            }
            let isOwn = span.regulation.standing == .own
            if isOwn {
                buttons.append(
                    Button(label: "废止", href: address.newRuleChange("repeal", span.digest.description), style: .small))
            }
        }
        return """
            <section class="card"><h3><a href="\(address.regulation(span.regulation.id))">\(span.regulation.title)</a> \(tag.html)</h3>
            \(SummaryList(rows: rows).html)\(buttons.isEmpty ? "" : "<p class=\"actions\">\(buttons.html { $0.html })</p>" as HTML)</section>

            """
    }

    private var proposals: HTML {
        guard !upkeep.proposals.isEmpty else { return "" }
        return """
            <h2>等行政机关负责人确认</h2>
            <ul class="tasks">\(upkeep.proposals.html { proposal in
                let title = proposal.act == .override
                    ? proposal.members.first { $0.key == "provision" }?.value.string.map { OverrideText.title($0, library) } ?? ""
                    : proposal.digest.flatMap { library.regulation($0)?.title }
                    ?? library.newest(proposal.regulation)?.regulation.title ?? proposal.regulation
                let by = proposal.proposedBy.flatMap { names[$0] } ?? ""
                let label = proposal.act == .override
                    ? "适用上位规定：\(title)" : "\(proposal.act.chinese)《\(title)》"
                return """
                    <li><span>\(prepares || decides ? "<a href=\"\(address.ruleChange(proposal.seq))\">\(label)</a>" as HTML : "\(label)")<small>\(by) \(proposal.proposedAt.chinese) 拟定。\(proposal.reason)</small></span>\(Tag(text: "待确认", tone: .soon).html)</li>

                    """
            })</ul>

            """
    }

    /// Higher rules in the place of rows.
    private var overrides: HTML {
        let recorded = higherRules.all.reversed()
        guard mayOverride || !recorded.isEmpty else { return "" }
        let list: HTML =
            recorded.isEmpty
            ? "<p class=\"hint\">没有登记。法律、法规、规章或者上级对某一条另有规定的，在这里登记，该条按上位规定执行。</p>\n"
            : """
            <ul class="case-cards">\(recorded.html { one in
                let text = OverrideText(one.override, library)
                let tag = higherRules.governing(one.override.provision, on: today) == one ? Tag(text: "适用中", tone: .done)
                    : one.isFollowed ? Tag(text: "已由后来的登记代替", tone: .quiet)
                    : (one.override.fromDay ?? one.recordedAt.day) > today ? Tag(text: "尚未开始", tone: .wait)
                    : Tag(text: "已到期", tone: .quiet)
                let change = mayOverride && !one.isFollowed
                    ? Button(label: "改变或者终止", href: address.newOverride(following: one.seq), style: .small).html : ("" as HTML)
                return """
                    <li id="override-\(one.seq)"><p class="card-title"><b><a href="\(address.provision(one.override.provision))">\(text.title)</a></b>\(tag.html)\(change)</p>\(text.lines.html { "<p class=\"card-note\">\($0)</p>" })<p class="card-note">\(one.by.flatMap { names[$0] } ?? "已离开的人员")确认，\(one.recordedAt.chinese)</p></li>

                    """
            })</ul>

            """
        let button =
            mayOverride
            ? "<p class=\"actions\">\(Button(label: "登记上位规定", href: address.newOverride(), style: .secondary).html)</p>\n"
                as HTML
            : ""
        return "<h2 id=\"overrides\">适用的上位规定</h2>\n\(list)\(button)"
    }

    /// Files that are not in force: new texts, and new versions of those that are.
    private var offers: HTML {
        guard prepares else { return "" }
        let used = Set(rules.spans.map(\.digest))
        let inForce = Set(rules.spans.map { "\($0.regulation.id) \($0.regulation.version)" })
        let files = library.regulations.filter {
            !used.contains($0.digest) && !inForce.contains("\($0.regulation.id) \($0.regulation.version)")
        }
        let hint: HTML = """
            <p class="hint">把写好的制度文件放进程序目录 Regulations，用 liuhen doctor 检查，重新启动服务，这里就会列出来。写法见 docs/regulations.md。</p>

            """
        guard !files.isEmpty else { return "<h2>可以施行的制度</h2>\n\(hint)" }
        return """
            <h2>可以施行的制度</h2>
            <ul class="tasks">\(files.html { file in
                """
                <li><span><a href="\(address.regulation(file.regulation.id))">\(file.regulation.title)</a><small>第 \(file.regulation.version) 版，\(file.file)</small></span>\(Button(label: "拟定施行", href: address.newRuleChange("adopt", file.digest.description), style: .small).html)</li>

                """
            })</ul>
            \(hint)
            """
    }
}
