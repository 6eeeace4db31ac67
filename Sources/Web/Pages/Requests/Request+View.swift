import Application
import Casework
import HTTPTypes
import Kernel

/// The page of one request: what is asked, where it stands, what is given out, what has to be done.
struct RequestPage: Sendable {
    var address: Address
    var title: String
    var standing: Tag
    var meta: [(label: String, value: String)]
    var caseLink: CasePage.StepLink
    var notice: Notice?
    var next: CasePage.NextStep?
    var items: [Item]
    var release: ReleaseBox?
    var steps: [CasePage.StepLink]
    var days: [CasePage.Day]
    var entryCount: Int
    var obligations: [ObligationCard]

    /// One thing that was asked for.
    struct Item: Sendable, Hashable {
        let title: String
        let tag: Tag
        let note: String
    }

    /// What can be downloaded now, or why nothing can.
    struct ReleaseBox: Sendable {
        let until: String
        let token: String
        /// Empty for who may see the request and not hand out.
        let files: [File]

        /// One file.
        struct File: Sendable {
            let name: String
            let size: String
            let digest: String
            let action: String
            /// Made with the page: the same button pressed twice is one look.
            let command: CommandID
        }
    }

    var page: Page {
        Page(
            title: title, section: .requests, crumbs: [.init(label: "查阅复制台账", href: address.requests)],
            place: "查阅复制申请",
            body: """
                <h1>\(title)</h1>
                <div class="meta"><span>\(standing.html)</span>\(meta.html { "<span>\($0.label) <b>\($0.value)</b></span>" })</div>
                <p class="hint">\(caseLink.label)：<a href="\(caseLink.href)">\(caseLink.hint)</a></p>\(notice.map { $0.html })\(nextBox)\(releaseBox)<div class="cols wide">
                \(course)\(aside)</div>
                """)
    }

    private var nextBox: HTML {
        guard let next else { return "" }
        return """
            <section class="next" aria-labelledby="next"><div><h2 id="next">\(next.title)</h2><p>\(next.text)</p></div>\(next.action.map { "<div class=\"go\">\(Button(label: $0.label, href: $0.href).html)</div>" as HTML })</section>

            """
    }

    private var releaseBox: HTML {
        guard let release else { return "" }
        return """
            <section aria-labelledby="files"><h2 id="files" class="rule">提供的文件 <span>\(release.until)</span></h2>
            \(release.files.isEmpty ? "<p>由档案管理人员或者登记这份申请的人员下载。</p>" as HTML : "<p class=\"hint\">每次下载都登记。下载的文件与审批表上的摘要一致。</p>" as HTML)
            \(release.files.html { file in
                """
                <form class="look" method="post" action="\(file.action)"><input type="hidden" name="\(ForgeryGuard.field)" value="\(release.token)"><input type="hidden" name="\(FormFrame.commandField)" value="\(file.command)"><button class="file">\(file.name)<i>\(file.size) \(file.digest)</i></button></form>

                """
            })</section>

            """
    }

    private var course: HTML {
        """
        <div><section aria-labelledby="asked"><h2 id="asked" class="rule">申请的材料 <span>\(items.count)件</span></h2>
        <ul class="tasks">\(items.html { item in
            """
            <li><span>\(item.title)\(item.note.isEmpty ? "" : "<small>\(item.note)</small>" as HTML)</span>\(item.tag.html)</li>

            """
        })</ul></section>
        <section class="course" aria-labelledby="course"><h2 id="course" class="rule">全过程 <span>\(entryCount) 条记录</span></h2>
        \(days.html { day in
            """
            <h3 class="day">\(day.label)</h3>
            <ol class="tl">\(day.events.html { CasePage.html($0) })</ol>

            """
        })</section></div>

        """
    }

    private var aside: HTML { ThreadAside(subject: "这份申请", obligations: obligations, steps: steps).html }
}

/// A form of a request: registering one, or one of its steps.
struct RequestFormPage: Sendable {
    var address: Address
    var title: String
    var lead: String
    var form: FormFrame
    var fields: [FieldModel]
    /// What stands before the form.
    var before: HTML = ""
    var button = "登记"
    var needsSecret = false
    var back: String
    var backTitle: String
    var errors: [(field: String, text: String)] = []
    var refusal: RefusalView?

    var page: Page {
        Page(
            title: title, section: .requests,
            crumbs: [.init(label: "查阅复制台账", href: address.requests)]
                + (back == address.requests ? [] : [.init(label: backTitle, href: back)]),
            body: """
                \(refusal.map { $0.html })\(ErrorSummary(errors: errors).html)<h1>\(title)</h1>
                <p class="lead">\(lead)</p>
                \(before)\(form.html("""
                    \(fields.html { $0.html })\(needsSecret ? ConfirmSecret(error: errors.first { $0.field == ConfirmSecret.field }?.text).html : "")<p class="actions">\(Button(label: button).html)\(Button(label: "返回", href: back, style: .link).html)</p>

                    """))
                """,
            isNarrow: true, status: errors.isEmpty && refusal == nil ? .ok : .unprocessableContent)
    }
}

/// The page that asks which case a request is about.
struct RequestCasePage: Sendable {
    var address: Address
    var search: String
    var rows: [(title: String, subject: String, href: String)]

    var page: Page {
        Page(
            title: "登记查阅、复制申请", section: .requests, crumbs: [.init(label: "查阅复制台账", href: address.requests)],
            body: """
                <h1>申请查阅、复制哪个案件的材料</h1>
                <p class="lead">一份申请针对一个案件。涉及几个案件的，分别登记。</p>
                \(FilterBar(action: address.newRequest(), searchLabel: "案由或者当事人（至少两个字）", search: search, filters: []).html)\(rows.isEmpty ? EmptyState(title: "没有找到案件", text: "换一个关键词。只能登记您能够查看的案件。").html : "<ul class=\"tasks\">\(rows.html { "<li><span><a href=\"\($0.href)\">\($0.title)</a><small>\($0.subject)</small></span></li>\n" })</ul>\n" as HTML)
                """,
            isNarrow: true)
    }
}
