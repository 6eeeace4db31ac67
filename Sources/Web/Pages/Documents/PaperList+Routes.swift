import Application
import Casework
import HTTPTypes
import Hummingbird
import Kernel

extension Routes {
    /// What of a case is on paper, and what of that is nowhere else.
    func addPaperList(_ services: WebServices) {
        on(.get, "/b/{bureau}/cases/{case}/paper", .casework) { _, context in
            try await services.paperList(context)
        }
    }
}

/// What of a case exists on paper (纸质件清单): what is only there first.
struct PaperListPage: Sendable {
    var address: Address
    var thread: ThreadTag
    var caseTitle: String
    var rows: [Row]

    /// A document of which there is paper.
    struct Row: Sendable, Hashable {
        let href: String
        let title: String
        let number: String
        /// What was done on paper.
        let done: String
        /// What of it is scanned.
        let tag: Tag
        let scanned: String
        let place: String
        /// How much of it is nowhere but on paper; what is wholly there stands first.
        let rank: Int
    }

    /// So many are nowhere but on paper, in part at least.
    private var lacking: Int { rows.count { $0.rank < 2 } }

    var page: Page {
        Page(
            title: "纸质件清单", section: .cases,
            crumbs: [.init(label: "案件", href: address.cases), .init(label: caseTitle, href: address.caseFile(thread))],
            body: """
                <div class="head-row"><h1>纸质件清单</h1>\(lacking == 0 ? "" : "<p class=\"actions\">\(Button(label: "扫描归件", href: address.scans).html)</p>" as HTML)</div>
                <p class="lead">\(rows.isEmpty ? "在纸上签名、盖章的文书，哪些还只有纸质件、原件放在哪里，都列在这里。" : lacking == 0 ? "本案的纸质件都已经扫描归件。" : "本案有\(String(lacking))份文书还有内容只在纸上。请扫描归件，原件丢了、损坏了还有据可查。")</p>
                \(rows.isEmpty ? EmptyState(title: "本案没有纸质件", text: "文书在纸上签名、盖章，或者扫描归件以后，会列在这里。", action: Button(label: "返回案件", href: address.caseFile(thread), style: .small)).html : table)
                """)
    }

    private var table: HTML {
        """
        <table class="list"><thead><tr><th scope="col">文书</th><th scope="col">文号</th><th scope="col">在纸上</th><th scope="col">扫描件</th><th scope="col">原件存放在</th></tr></thead>
        <tbody>\(rows.sorted { $0.rank < $1.rank }.html { row in
            """
            <tr><td data-label="文书"><a href="\(row.href)">\(row.title)</a></td><td data-label="文号">\(row.number)</td><td data-label="在纸上">\(row.done)</td><td data-label="扫描件">\(row.tag.html) \(row.scanned)</td><td data-label="原件存放在">\(row.place)</td></tr>

            """
        })</tbody></table>

        """
    }
}

extension WebServices {
    func paperList(_ context: SignedInContext) async throws -> Response {
        let view = try await context.bureau.visibleCase(context)
        let library = try await context.bureau.casebook.chambers.law().library
        let sight = Sight(view, by: context.identity.person, at: clock.now())
        let address = Address(context.bureau.tag)
        let rows = view.work.documents.compactMap { document -> PaperListPage.Row? in
            guard let kind = library.kind(of: document), !document.isVoid else { return nil }
            return PaperListPage.Row(document, kind, in: view.work, sight, address)
        }
        return answer(
            PaperListPage(
                address: address, thread: view.work.thread, caseTitle: view.work.title ?? "", rows: rows
            ).page, context)
    }
}

extension PaperListPage.Row {
    /// Nil for a document of which there is no paper.
    init?(_ document: CaseDocument, _ kind: DocumentKind, in work: Case, _ sight: Sight, _ address: Address) {
        let places = kind.places(for: document.data ?? .object([]))
        let signed = places.filter { document.slots[$0.name]?.manner == "paper" }.map(\.slot.label)
        // The bureau's own seal is put on the printed paper: what went out with it is a thing that only paper shows.
        let sealed = document.issue != nil && places.contains { $0.slot.who == .bureau }
        guard document.isOnPaper || sealed else { return nil }
        let parts = [
            signed.isEmpty ? "" : "\(signed.joined(separator: "、"))签名", sealed ? "公章" : "",
        ].filter { !$0.isEmpty }
        let missing = document.unscannedPages
        let isOpen = sight.mayRead(document)
        self.init(
            href: address.document(document.id, in: work.thread), title: kind.title,
            number: document.issue?.numberText ?? "", done: parts.isEmpty ? "整份" : parts.joined(separator: "、"),
            tag: document.scans.isEmpty
                ? Tag(text: "只有纸质", tone: .late)
                : missing.isEmpty ? Tag(text: "✓ 已扫描", tone: .done) : Tag(text: "缺页", tone: .soon),
            scanned: document.scans.isEmpty
                ? signed.isEmpty ? "" : "签名页已上传"
                : missing.isEmpty ? "" : "缺第\(missing.map { "\($0)" }.joined(separator: "、"))页",
            place: isOpen ? document.places.last.map { $0.text ?? "（已依法销毁）" } ?? "没有登记" : EventText.veil,
            rank: document.scans.isEmpty ? 0 : missing.isEmpty ? 2 : 1)
    }
}
