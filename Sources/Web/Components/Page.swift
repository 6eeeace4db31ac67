import HTTPTypes
import Kernel

/// One page: what stands between the top bar and the foot.
struct Page: Sendable {
    /// The browser's title; the bureau's name is added.
    var title: String
    /// Which entry of the top bar is current.
    var section: Section?
    /// Where the page stands, outermost first; the page itself is not among them.
    var crumbs: [Crumb] = []
    /// What the page itself is among them, where its title does not say it.
    var place = ""
    /// What is shown.
    var body: HTML
    /// Narrow pages hold one form; wide ones hold columns and tables.
    var isNarrow = false
    /// Script modules beside the common one.
    var scripts: [String] = []
    var status = HTTPResponse.Status.ok

    /// Entries of the top bar.
    enum Section: Sendable, CaseIterable {
        case home, cases, leads, documents, requests, regulations, ledger, administration
    }

    /// A step of the way to a page.
    struct Crumb: Sendable, Hashable {
        let label: String
        let href: String
    }
}

/// What stands around every page: who looks, at which bureau, and the addresses of styles and scripts.
struct Chrome: Sendable {
    var bureauName: String?
    var address: Address?
    var person: Person?
    var isDemo = false
    /// Why nothing can be recorded now; nil while recording goes on.
    var stopReason: String?
    /// What does not fit the log, as far as somebody came upon it; nil where nothing was found.
    var damage: String?
    var formToken = ""
    var assets: Assets

    /// Who is signed in, as the top bar shows them.
    struct Person: Sendable, Hashable {
        let name: String
        let section: String
        let roles: String
        /// Whether lists of cases are open to this person.
        let worksOnCases: Bool
        /// Whether the bureau's administration is open to this person.
        var administers = false
        /// Whether this person keeps the records, or answers for those who do: the log is among their pages.
        var keepsLedger = false
    }
}

extension Chrome {
    /// The whole document.
    func html(_ page: Page) -> HTML {
        """
        <!doctype html>
        <html lang="zh-CN">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light">
        <meta name="format-detection" content="telephone=no">
        <title>\(page.title) — \(bureauName.map { "\($0) · 留痕" } ?? "留痕")</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="\(assets.path("liuhen.css"))">
        <script type="module" src="\(assets.path("liuhen.js"))"></script>
        \(page.scripts.html { """
            <script type="module" src="\(assets.path($0))"></script>

            """ })</head>
        <body>
        <a class="skip" href="#main">跳到正文</a>
        \(demoBanner)\(topBar(page.section))
        <main id="main"\(page.isNarrow ? " class=\"narrow\"" as HTML : "")>
        \(stopBanner)\(crumbs(page.crumbs, page.place))\(page.body)
        </main>
        \(foot)
        </body>
        </html>

        """
    }

    private var demoBanner: HTML {
        guard isDemo else { return "" }
        return """
            <aside class="demo" aria-label="演示"><b>演示</b> 单位、人员、企业和案件均为虚构，所有文书和记录不具有法律效力。</aside>

            """
    }

    /// What everybody who is signed in reads on each page while nothing can be recorded, or records are not the log's.
    private var stopBanner: HTML {
        guard person != nil else { return "" }
        guard let stopReason else {
            return damage.map { Notice(title: "有记录与账本对不上", paragraphs: [$0], tone: .refused).html } ?? ""
        }
        return Notice(
            title: "现在不能记录",
            paragraphs: [stopReason, "案件和文书可以照常查看；办理步骤、上传和查看音像证据都要先记录，恢复以前不能进行。"], tone: .refused
        ).html
    }

    private func topBar(_ current: Page.Section?) -> HTML {
        guard let address else {
            return """
                <header class="top"><a class="brand" href="\(Address.start)">留<b>痕</b></a></header>
                """
        }
        return """
            <header class="top"><a class="brand" href="\(address.home)">留<b>痕</b></a>
            <span class="bureau">\(bureauName ?? "")</span>
            \(navigation(address, current))\(me(address))</header>
            """
    }

    private func navigation(_ address: Address, _ current: Page.Section?) -> HTML {
        guard let person else { return "" }
        let entries: [(section: Page.Section, label: String, href: String)] =
            (person.worksOnCases || !person.administers ? [(.home, "工作台", address.home)] : [])
            + (person.worksOnCases
                ? [
                    (.cases, "案件", address.cases), (.leads, "线索", address.leads),
                    (.documents, "文书", address.documents), (.requests, "查阅复制", address.requests),
                ] : [])
            + (person.administers ? [] : [(.regulations, "制度", address.regulations)])
            + (person.keepsLedger && !person.administers ? [(.ledger, "记录链", address.ledgerBook)] : [])
            + (person.administers ? [(.administration, "机关管理", address.setup)] : [])
        return """
            <nav class="main-nav" aria-label="主导航">\(entries.html { entry in
                """
                <a href="\(entry.href)"\(entry.section == current ? " aria-current=\"page\"" as HTML : "")>\(entry.label)</a>
                """
            })</nav>

            """
    }

    private func me(_ address: Address) -> HTML {
        guard let person else { return "" }
        return """
            \(finder(address, person))<div class="me"><a href="\(address.account)" title="\(person.roles)">\(person.section.isEmpty ? "" : "\(person.section) · ")\(person.name)</a>
            <form method="post" action="\(address.signOut)"><input type="hidden" name="\(ForgeryGuard.field)" value="\(formToken)"><button class="link">退出</button></form></div>
            """
    }

    /// What is looked for most is looked for from anywhere: one line in the top bar of everybody who works on cases.
    private func finder(_ address: Address, _ person: Person) -> HTML {
        guard person.worksOnCases else { return "" }
        return """
            <form class="finder" method="get" action="\(address.search)" role="search" aria-label="在全部内容中查找"><input type="search" name="q" maxlength="200" aria-label="查找案件、当事人、文书、线索" placeholder="案号、案由、当事人、文号"><button class="link">查找</button></form>

            """
    }

    private func crumbs(_ crumbs: [Page.Crumb], _ place: String) -> HTML {
        guard !crumbs.isEmpty else { return "" }
        return """
            <nav class="crumb" aria-label="所在位置">\(crumbs.enumerated().html { index, crumb in
                "\(index == 0 ? "" : Self.separator)<a href=\"\(crumb.href)\">\(crumb.label)</a>"
            })\(place.isEmpty ? "" : "\(Self.separator)\(place)" as HTML)</nav>

            """
    }

    private static let separator: HTML = "<span aria-hidden=\"true\"> / </span>"

    private var foot: HTML {
        """
        <footer class="foot">留痕 · 行政执法全过程记录\(isDemo ? "（演示）" : "")</footer>
        """
    }
}
