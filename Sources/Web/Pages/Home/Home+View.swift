import Kernel

/// The work list of one person (工作台): documents to sign, what is to be done by term, and the cases at hand.
struct HomePage: Sendable {
    var name: String
    var today: String
    var address: Address
    /// Whether this person opens cases.
    var opensCases: Bool
    var worksOnCases: Bool
    /// One page of what is to be done, nearest term first.
    var obligations: [ObligationCard] = []
    /// All that the filter finds.
    var total = 0
    /// Of these, how many others have to meet: officers see the whole of their cases.
    var othersCount = 0
    /// Of what the search finds and this person has to meet, how much there is and how much is late.
    var ownCount = 0
    var lateCount = 0
    /// Cases that wait for their end or for filing, by what they wait for.
    var closings: [Closing] = []
    /// Documents that wait for this very person.
    var signatures: [Turn] = []
    var totalSignatures = 0
    var cases: [CaseListPage.Row] = []
    var totalCases = 0
    var search = ""
    var term = Term.all
    var scope = Scope.handled
    /// Whether both scopes are this person's.
    var hasScopes = false
    /// The page shows the documents to sign instead of the duties.
    var showsSignatures = false
    /// The page shows all that waits for this person's word instead.
    var pending: Closing?
    var number = 1

    /// A document that waits for a signature.
    struct Turn: Sendable, Hashable {
        let caseTitle: String
        let caseHref: String
        let title: String
        /// Since when, where that is told.
        var note = ""
        let action: ObligationCard.Action
    }

    /// Cases that no duty of a text brings back to mind: they are over, and nobody has said so yet.
    struct Closing: Sendable, Hashable {
        let id: String
        let title: String
        let note: String
        var turns: [Turn]
        let total: Int
        let allHref: String
    }

    /// Which terms are shown.
    enum Term: String, Sendable, CaseIterable {
        case all, late, soon, dated, undated

        var label: String {
            switch self {
            case .all: "全部"
            case .late: "已逾期"
            case .soon: "三天内到期"
            case .dated: "有期限的"
            case .undated: "没有期限的"
            }
        }
    }

    /// Whose duties are shown.
    enum Scope: String, Sendable, CaseIterable {
        case handled, office

        var label: String { self == .handled ? "我承办的案件" : "由我的职务办理的" }
    }

    static let pageSize = 25
    static let shownSignatures = 5
    static let shownCases = 5
    static let signatureList = "signatures"
    static let pendingList = "pending"

    /// The heading of a page that shows one list whole; nil on the work list itself.
    private var listTitle: String? { pending?.title ?? (showsSignatures ? "等您签名的文书" : nil) }

    var page: Page {
        Page(
            title: listTitle ?? "工作台", section: .home,
            crumbs: listTitle == nil ? [] : [.init(label: "工作台", href: address.home)],
            body: """
                <div class="head-row"><div><p class="eyebrow">\(today)</p><h1>\(listTitle ?? "\(name)，\(greeting)")</h1></div>\(opensCases && listTitle == nil ? "<p class=\"actions\">\(Button(label: "适用简易程序", href: address.newSummary, style: .secondary).html) \(Button(label: "开展行政检查", href: address.newInspection).html)</p>" as HTML : "")</div>
                \(worksOnCases ? work : administration)
                """)
    }

    private var greeting: String {
        if !worksOnCases { return "您好" }
        if totalSignatures == 0 && lateCount == 0 {
            return ownCount == 0 && closings.isEmpty && search.isEmpty ? "现在没有等您办理的事" : "今天没有逾期的事"
        }
        let waiting = totalSignatures == 0 ? "" : "有\(totalSignatures)份文书等您签名"
        return waiting + (lateCount == 0 ? "" : "\(waiting.isEmpty ? "有" : "，")\(lateCount)项已逾期")
    }

    private var work: HTML {
        if let pending {
            return """
                <p class="count">共\(pending.total)件</p>
                \(pending.turns.isEmpty ? EmptyState(title: "没有等您办理的事项", text: "别人提出或者登记以后，需要您审核、批准、核对的会列在这里。").html : list(pending.turns))
                """
        }
        if showsSignatures {
            return """
                <p class="count">共\(totalSignatures)份</p>
                \(signatures.isEmpty ? EmptyState(title: "没有等您签名的文书", text: "文书定稿以后，需要您签名的会列在这里。").html : turnList)\(pagination(totalSignatures).html)
                """
        }
        return """
            \(signatures.isEmpty ? "" : turns)\(closings.html { closing($0) })<div class="cols">
            <section aria-labelledby="todo"><h2 id="todo" class="rule">应办事项 <span>\(counted)，按期限先后</span></h2>
            \(filters.html)\(obligations.isEmpty ? empty : ObligationGroup.groups(obligations).html { $0.html })\(pagination(total).html)</section>
            <section aria-labelledby="mine"><h2 id="mine" class="rule">在办案件 <span>\(totalCases)件</span></h2>
            \(cases.isEmpty ? EmptyState(title: "没有在办案件", text: "您承办的案件会列在这里。", action: opensCases ? Button(label: "开展行政检查", href: address.newInspection, style: .small) : nil).html : "<ul class=\"case-cards\">\(cases.html { $0.card })</ul>" as HTML)<p><a href="\(address.cases)">\(totalCases > cases.count ? "查看全部\(totalCases)件" : "查找案件")</a></p></section>
            </div>

            """
    }

    /// What is counted is what the person has to do; what others have to do in the same cases is told apart.
    private var counted: String {
        othersCount == 0 ? "共\(total)项" : "由您办理\(total - othersCount)项，等他人办理\(othersCount)项"
    }

    private func closing(_ closing: Closing) -> HTML {
        """
        <section class="turns" aria-labelledby="\(closing.id)"><h2 id="\(closing.id)" class="rule">\(closing.title) <span>\(closing.total)件</span></h2>
        <p>\(closing.note)</p>
        \(closing.turns.isEmpty ? "" : list(closing.turns))\(closing.total > closing.turns.count ? "<p><a href=\"\(closing.allHref)\">查看全部\(closing.total)件</a></p>" as HTML : "")</section>

        """
    }

    private var filters: FilterBar {
        var filters = [
            Filter(
                name: "term", label: "期限", options: Term.allCases.map { .init(word: $0.rawValue, label: $0.label) },
                selected: term.rawValue)
        ]
        if hasScopes {
            filters.append(
                Filter(
                    name: "scope", label: "范围",
                    options: Scope.allCases.map { .init(word: $0.rawValue, label: $0.label) }, selected: scope.rawValue)
            )
        }
        return FilterBar(
            action: address.home, searchLabel: "案由或者当事人（至少两个字）", search: search, filters: filters)
    }

    private var empty: HTML {
        search.isEmpty && term == .all
            ? EmptyState(title: "没有待办事项", text: "案件里需要您办理的事项，会按期限先后列在这里。").html
            : EmptyState(
                title: "没有找到待办事项", text: "换一个关键词，或者清除筛选条件。",
                action: Button(label: "清除条件", href: address.home, style: .small)
            ).html
    }

    private func pagination(_ total: Int) -> Pagination {
        let query = [
            ("list", showsSignatures ? Self.signatureList : ""), ("q", search),
            ("term", term == .all ? "" : term.rawValue), ("scope", hasScopes ? scope.rawValue : ""),
        ]
        let address = address
        return Pagination(page: number, pages: (total + Self.pageSize - 1) / Self.pageSize, total: total) { page in
            let pairs = (query + [("page", String(page))]).filter { !$0.1.isEmpty }
            return "\(address.home)?\(pairs.map { "\($0.0)=\(Percent.encode($0.1))" }.joined(separator: "&"))"
        }
    }

    private var turns: HTML {
        """
        <section class="turns" aria-labelledby="turns"><h2 id="turns" class="rule">等您签名 <span>\(totalSignatures)份</span></h2>
        \(turnList)\(totalSignatures > signatures.count ? "<p><a href=\"\(address.signatures)\">查看全部\(totalSignatures)份</a></p>" as HTML : "")</section>

        """
    }

    private var turnList: HTML { list(signatures) }

    private func list(_ turns: [Turn]) -> HTML {
        """
        <ul class="turn-list">\(turns.html { turn in
            """
            <li><div><p class="ob-case"><a href="\(turn.caseHref)">\(turn.caseTitle)</a></p><b>\(turn.title)</b>\(turn.note.isEmpty ? "" : "<p class=\"hint\">\(turn.note)</p>" as HTML)</div>\(Button(label: turn.action.label, href: turn.action.href, style: .secondary).html)</li>

            """
        })</ul>
        """
    }

    private var administration: HTML {
        Notice(title: "系统管理账号", paragraphs: ["系统管理员维护账号和设置，没有查看案件的权限。"]).html
    }
}
