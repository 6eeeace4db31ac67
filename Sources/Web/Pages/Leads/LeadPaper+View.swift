import Casework
import HTTPTypes
import Kernel

/// The page of one paper of a lead: where it stands, its sheets, who signed, and what can be done with it.
struct LeadPaperPage: Sendable {
    var address: Address
    var thread: ThreadTag
    var leadTitle: String
    var title: String
    var number: String
    var tag: Tag
    var meta: [(label: String, value: String)]
    var looks: [LookForm]
    var places: [DocumentPage.Place]
    var actions: [Button]
    var notice: Notice?
    /// What comes next, in a sentence; empty where nothing does.
    var next = ""
    var rows: [SummaryList.Row]

    var page: Page {
        Page(
            title: title, section: .leads,
            crumbs: [
                .init(label: "线索台账", href: address.leads), .init(label: leadTitle, href: address.lead(thread)),
            ],
            body: """
                \(notice.map { $0.html })<p class="eyebrow">线索文书 \(tag.html)</p>
                <h1>\(title)\(number.isEmpty ? "" : "<small class=\"number\">\(number)</small>" as HTML)</h1>
                <div class="meta">\(meta.html { "<span>\($0.label) <b>\($0.value)</b></span>" })</div>
                \(next.isEmpty ? "" : "<p class=\"lead\">\(next)</p>\n" as HTML)<div class="looks">\(looks.html { $0.html })</div>
                \(actions.isEmpty ? "" : "<p class=\"actions\">\(actions.html { $0.html + " " })</p>\n" as HTML)\(places.isEmpty ? "" : "<h2>签名栏</h2>\n<ul class=\"places\">\(places.html { place($0) })</ul>\n" as HTML)<h2>文书内容</h2>
                \(SummaryList(rows: rows).html)
                """,
            isNarrow: true)
    }

    private func place(_ place: DocumentPage.Place) -> HTML {
        """
        <li><div><b>\(place.label)</b> \(place.tag.html)<p>\(place.text)</p>\(place.details.html { "<p class=\"hint\">\($0)</p>" })</div></li>

        """
    }
}
