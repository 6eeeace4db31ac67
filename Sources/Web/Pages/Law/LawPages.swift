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
    /// The higher rule that takes its place today, where one does.
    var higherRule: OverrideText?

    var page: Page {
        Page(
            title: provision.article,
            body: """
                <p class="eyebrow">\(textTitle) \(Tag(text: isInForce ? "本单位施行" : "未施行", tone: isInForce ? .done : .quiet).html)</p>
                <h1>\(provision.article)</h1>
                <p class="lead">\(provision.summary)</p>
                \(higherRule.map { rule in
                    Notice(title: "现在适用上位规定：\(rule.effect)", paragraphs: rule.lines, tone: .warning).html
                })\(provision.source.map { source in
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
