import Kernel

/// The page of one case: where it stands, the one next step, the whole course day by day, and what has to be done.
struct CasePage: Sendable {
    var address: Address
    var kind: String
    var title: String
    /// Facts under the title: number, handlers, dates.
    var meta: [(label: String, value: String, note: String)]
    /// The case that this one came from.
    var source: StepLink?
    var stages: [StageMark]
    var next: NextStep?
    var notice: Notice?
    var steps: [StepLink]
    /// Other steps that are possible now, by part of the procedure.
    var groups: [StepGroup] = []
    /// What these are searched for; nil where there are none to search.
    var stepSearch: StepSearch?
    /// Documents that can be written now.
    var papers = Papers()
    var drafts: [StepLink] = []
    var days: [Day]
    var entryCount: Int
    var obligations: [ObligationCard]
    var summary: String
    var anchor: Anchor?

    struct StageMark: Sendable, Hashable {
        let label: String
        let note: String
        let place: Place
        /// `unheld`: the case went past it, and nothing of it was done.
        enum Place: String, Sendable { case past, now, ahead, unheld }
    }

    /// The one step that this person should take now.
    struct NextStep: Sendable, Hashable {
        let title: String
        let text: String
        let action: ObligationCard.Action?
    }

    /// A step that is possible now, or one that is stopped with what stops it.
    struct StepLink: Sendable {
        let label: String
        let href: String
        var hint = ""
        /// What the case lacks for it.
        var blocked: [RefusalView.Reason] = []
    }

    /// Documents to write, in front and behind.
    struct Papers: Sendable {
        /// What the case can need now.
        var now: [StepLink] = []
        /// What it can have besides.
        var others: [StepLink] = []
        /// What others make, to be taken in.
        var outside: [StepLink] = []
    }

    /// Steps of one part of the procedure.
    struct StepGroup: Sendable {
        let title: String
        let links: [StepLink]
    }

    /// The search over these steps.
    struct StepSearch: Sendable, Hashable {
        let action: String
        let text: String
    }

    struct Day: Sendable {
        let label: String
        let events: [Event]
    }

    /// One entry of the course.
    struct Event: Sendable {
        var time: String
        /// The position in the log, as people count: from 1.
        var position: Int64?
        var title: String
        var lines: [String] = []
        var tone = Tone.plain
        /// Recorded long after it happened.
        var late = ""
        /// What tells it from the others: that it came after the file was closed.
        var mark = ""
        /// The entry's place on the page, for links from its obligations.
        var anchor = ""
        var who = ""
        var files: [LookForm] = []
        /// What many of in a row are read as one thing; nil for an entry that stands by itself.
        var fold: Fold?
        /// What was corrected later.
        var corrected: [String] = []
        /// What of it can be corrected by this person.
        var corrections: [Correctable] = []
        struct Correctable: Sendable, Hashable {
            let label: String
            let href: String
        }
        enum Tone: String, Sendable { case plain, key, bad }
        /// Entries of which many may follow each other.
        enum Fold: Sendable, Hashable {
            /// Asks for a correction, or answers one.
            case correction
            /// A look at papers and recordings, or its end: who looked stands beside what happened, not in its way.
            case look

            var chinese: String {
                switch self {
                case .correction: "申请更正和更正"
                case .look: "查看文书和音像资料"
                }
            }
        }
    }

    /// How far the record is proven.
    struct Anchor: Sendable, Hashable {
        let position: Int64
        let size: Int64
        let key: String
        let checkpointHref: String
    }

    var page: Page {
        Page(
            title: title, section: .cases,
            crumbs: [.init(label: "案件", href: address.cases)], place: kind,
            body: """
                <h1>\(title)</h1>
                <div class="meta">\(meta.html { "<span>\($0.label) <b>\($0.value)</b>\($0.note)</span>" })</div>
                \(source.map { "<p class=\"hint\">\($0.label)：<a href=\"\($0.href)\">\($0.hint)</a></p>" as HTML })\(stageBar)\(notice.map { $0.html })\(next.map { nextBox($0) })<div class="cols wide">
                \(course)\(aside)</div>
                """)
    }

    private var stageBar: HTML {
        """
        <ol class="stages">\(stages.html { mark in
            """
            <li class="\(mark.place.rawValue)"\(mark.place == .now ? " aria-current=\"step\"" as HTML : "")>\(mark.place == .past ? "<span aria-hidden=\"true\">✓ </span>" as HTML : "")\(mark.label)\(mark.note.isEmpty ? "" : "<small>\(mark.note)</small>" as HTML)</li>
            """
        })</ol>

        """
    }

    private func nextBox(_ next: NextStep) -> HTML {
        """
        <section class="next" aria-labelledby="next"><div><h2 id="next">\(next.title)</h2><p>\(next.text)</p></div>\(next.action.map { "<div class=\"go\">\(Button(label: $0.label, href: $0.href).html)</div>" as HTML })</section>

        """
    }

    private var course: HTML {
        """
        <section class="course" aria-labelledby="course"><h2 id="course" class="rule">全过程 <span>\(entryCount) 条记录</span></h2>
        \(days.html { day in
            """
            <h3 class="day">\(day.label)</h3>
            <ol class="tl">\(Self.runs(day.events).html { $0.count > 1 ? Self.folded($0) : $0.html { Self.html($0) } })</ol>

            """
        })</section>

        """
    }

    /// Corrections that follow each other, or looks, are one thing to whoever reads the course: three or more stand folded, and
    /// what they are about says itself what became of it.
    private static func runs(_ events: [Event]) -> [[Event]] {
        var runs: [[Event]] = []
        for event in events {
            if let fold = event.fold, runs.last?.last?.fold == fold {
                runs[runs.count - 1].append(event)
            } else {
                runs.append([event])
            }
        }
        return runs.flatMap { run in run.count > 2 ? [run] : run.map { [$0] } }
    }

    private static func folded(_ run: [Event]) -> HTML {
        let span = [run.last?.time ?? "", run.first?.time ?? ""].filter { !$0.isEmpty }
        var who: [String] = []
        for event in run.reversed() where !event.who.isEmpty && !who.contains(event.who) { who.append(event.who) }
        let fold = run.first?.fold ?? .look
        return """
            <li class="plain"><p class="at"><time>\(span.first == span.last ? span.first ?? "" : span.joined(separator: "至"))</time>\(fold == .look && !who.isEmpty ? " <span class=\"pos\">\(who.joined(separator: "、"))</span>" as HTML : "")</p>
            <details class="settled fold"><summary>\(fold.chinese)，共 \(run.count) 条记录</summary><ol class="tl">\(run.html { html($0) })</ol></details></li>

            """
    }

    /// One entry in the course of a case or a lead.
    static func html(_ event: Event) -> HTML {
        """
        <li class="\(event.tone.rawValue)"\(event.anchor.isEmpty ? "" : " id=\"\(event.anchor)\"" as HTML)><p class="at"><time>\(event.time)</time>\(event.position.map { " <span class=\"pos\">№ \(NumberText.grouped($0))</span>" as HTML })\(event.who.isEmpty ? "" : " <span class=\"pos\">\(event.who)</span>" as HTML)\(event.mark.isEmpty ? "" : " <span class=\"pos\">\(event.mark)</span>" as HTML)</p>
        <h4>\(event.title)</h4>
        \(event.lines.html { "<p>\($0)</p>" })\(event.corrected.html { "<p class=\"late\">\($0)</p>" })\(event.late.isEmpty ? "" : "<p class=\"late\">\(event.late)</p>" as HTML)\(event.files.isEmpty ? "" : "<div class=\"files\">\(event.files.html { $0.html })</div>" as HTML)\(event.corrections.isEmpty ? "" : "<details class=\"correct\"><summary>申请更正</summary>\(event.corrections.html { "<a href=\"\($0.href)\">\($0.label)</a> " })</details>" as HTML)</li>

        """
    }

    private var aside: HTML {
        """
        <aside>
        <section aria-labelledby="todo"><h2 id="todo" class="rule">应办事项 <span>\(summary)</span></h2>
        \(open.isEmpty ? EmptyState(title: "没有待办事项", text: "依照现行制度，这个案件目前没有要办的事项。").html : open.html { $0.html })\(settled.isEmpty ? "" : "<details class=\"settled\"><summary>已了结 \(settled.count) 项</summary>\(ObligationCard.folded(settled).html { $0.html })</details>\n" as HTML)</section>
        \(links("可以办理", "steps", steps))\(groupLinks)\(paperLinks)\(links("没有写完的文书", "drafts", drafts))\(anchor.map { anchorBox($0) })</aside>
        """
    }

    /// Folded by part of the procedure, with a search that works without scripts.
    private var groupLinks: HTML {
        guard let stepSearch else { return "" }
        let found = groups.html { group in
            """
            <details class="settled part"\(stepSearch.text.isEmpty ? "" : " open" as HTML)><summary>\(group.title) <span>\(group.links.count)</span></summary>
            <ul class="step-links">\(group.links.html { $0.html })</ul></details>

            """
        }
        return """
            <section aria-labelledby="more-steps"><h2 id="more-steps" class="rule">按环节办理</h2>
            <form class="step-search" method="get" action="\(stepSearch.action)#more-steps" role="search"><label for="step-search" class="vh">查找步骤</label><input type="search" id="step-search" name="steps" value="\(stepSearch.text)" maxlength="50" placeholder="查找步骤，例如：送达"><button class="btn sec sm">查找</button></form>
            \(groups.isEmpty ? "<p class=\"hint\">现在没有这样的步骤。<a href=\"\(stepSearch.action)#more-steps\">全部步骤</a></p>\n" as HTML : found)</section>

            """
    }

    /// Folded: the next step names the paper that is due, this is for all others.
    private var paperLinks: HTML {
        shelf("现在可以制作的文书 \(papers.now.count) 种", papers.now)
            + shelf(
                papers.now.isEmpty ? "可以制作的文书 \(papers.others.count) 种" : "其他文书 \(papers.others.count) 种", papers.others
            )
            + shelf("归入外来文书 \(papers.outside.count) 种", papers.outside)
    }

    private func shelf(_ title: String, _ links: [StepLink]) -> HTML {
        guard !links.isEmpty else { return "" }
        return """
            <details class="settled papers"><summary>\(title)</summary>
            <ul class="step-links">\(links.html { $0.html })</ul></details>

            """
    }

    private var open: [ObligationCard] { obligations.filter { !$0.isSettled } }
    private var settled: [ObligationCard] { obligations.filter(\.isSettled) }

    private func links(_ title: String, _ id: String, _ links: [StepLink]) -> HTML {
        guard !links.isEmpty else { return "" }
        return """
            <section aria-labelledby="\(id)"><h2 id="\(id)" class="rule">\(title)</h2>
            <ul class="step-links">\(links.html { $0.html })</ul></section>

            """
    }

    private func anchorBox(_ anchor: Anchor) -> HTML {
        """
        <p class="anchor">本案最后一条记录是本单位记录链的 <b>№ \(NumberText.grouped(anchor.position))</b>，记录链现有 \(NumberText.grouped(anchor.size)) 条，已由本单位密钥签名。<br><code>\(anchor.key)</code> <a href="\(anchor.checkpointHref)">查看检查点</a></p>

        """
    }
}

extension CasePage.StepLink {
    /// A link; greyed, with the reasons, where a gate would stop the step.
    var html: HTML {
        guard !blocked.isEmpty else {
            return "<li><a href=\"\(href)\">\(label)</a>\(hint.isEmpty ? "" : "<small>\(hint)</small>" as HTML)</li>"
        }
        return """
            <li class="blocked"><details><summary><span class="off">\(label)</span> <small>还缺\(blocked.count)项</small></summary>
            <ul class="reasons">\(blocked.html { $0.html })</ul></details></li>
            """
    }
}

/// Numbers in words.
enum NumberText {
    /// `10,231`.
    static func grouped(_ number: Int64) -> String {
        let digits = Array(String(number.magnitude).utf8)
        var result: [UInt8] = []
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result.append(UInt8(ascii: ",")) }
            result.append(digit)
        }
        return (number < 0 ? "-" : "") + String(decoding: result, as: UTF8.self)
    }
}
