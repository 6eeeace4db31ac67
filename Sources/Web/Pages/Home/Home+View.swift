import Kernel

/// The work list of one person (工作台): what is to be done, what is late, and the cases at hand.
struct HomePage: Sendable {
    var name: String
    var today: String
    var obligations: [ObligationCard]
    /// All open obligations, if more than are shown.
    var totalObligations: Int
    var cases: [CaseListPage.Row]
    /// The next steps of cases that wait for this very person.
    var turns: [Turn]
    var address: Address
    /// Whether this person opens cases.
    var opensCases: Bool
    var worksOnCases: Bool

    /// A case whose next step is this person's.
    struct Turn: Sendable, Hashable {
        let caseTitle: String
        let caseHref: String
        let title: String
        let action: ObligationCard.Action
    }

    private var lateCount: Int { obligations.count { $0.tone == .late } }

    var page: Page {
        Page(
            title: "工作台", section: .home,
            body: """
                <div class="head-row"><div><p class="eyebrow">\(today)</p><h1>\(name)，\(greeting)</h1></div>\(opensCases ? "<p class=\"actions\">\(Button(label: "开展行政检查", href: address.newInspection).html)</p>" as HTML : "")</div>
                \(worksOnCases ? work : administration)
                """)
    }

    private var greeting: String {
        if !worksOnCases { return "您好" }
        if turns.isEmpty && lateCount == 0 { return "现在没有等您办理的事" }
        let waiting = turns.isEmpty ? "" : "有\(turns.count)个案件等您办理"
        return waiting + (lateCount == 0 ? "" : "\(waiting.isEmpty ? "有" : "，")\(lateCount)项已逾期")
    }

    private var work: HTML {
        """
        \(turns.isEmpty ? "" : turnList)<div class="cols">
        <section aria-labelledby="todo"><h2 id="todo" class="rule">应办事项 <span>按期限先后</span></h2>
        \(obligations.isEmpty ? EmptyState(title: "没有待办事项", text: "案件里需要您办理的事项，会按期限先后列在这里。").html : obligations.html { $0.html })\(totalObligations > obligations.count ? "<p class=\"hint\">还有\(totalObligations - obligations.count)项，请在案件页面查看。</p>" as HTML : "")</section>
        <section aria-labelledby="mine"><h2 id="mine" class="rule">在办案件 <span>\(cases.count)件</span></h2>
        \(cases.isEmpty ? EmptyState(title: "没有在办案件", text: "您承办的案件会列在这里。", action: opensCases ? Button(label: "开展行政检查", href: address.newInspection, style: .small) : nil).html : "<ul class=\"case-cards\">\(cases.html { $0.card })</ul>" as HTML)<p><a href="\(address.cases)">查看全部案件</a></p></section>
        </div>

        """
    }

    private var turnList: HTML {
        """
        <section class="turns" aria-labelledby="turns"><h2 id="turns" class="rule">等您办理 <span>\(turns.count)件</span></h2>
        <ul>\(turns.html { turn in
            """
            <li><div><p class="ob-case"><a href="\(turn.caseHref)">\(turn.caseTitle)</a></p><b>\(turn.title)</b></div>\(Button(label: turn.action.label, href: turn.action.href).html)</li>

            """
        })</ul></section>

        """
    }

    private var administration: HTML {
        Notice(title: "系统管理账号", paragraphs: ["系统管理员维护账号和设置，没有查看案件的权限。"]).html
    }
}
