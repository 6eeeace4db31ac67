import Application
import Casework
import Kernel

/// What the file keeps from its readers, beside the approval: the head sees what a party and a court will not.
struct KeptBackList: Sendable {
    private let kept: [KeptBack]
    private let marked: [MarkedPiece]
    private let names: [ThreadTag: String]

    init(_ view: CaseView, source: CaseView?, _ library: RuleLibrary, _ names: [ThreadTag: String]) {
        kept = KeptBack.all(view, source: source)
        marked = MarkedPiece.all(view, source: source, library)
        self.names = names
    }

    var html: HTML {
        guard !kept.isEmpty || !marked.isEmpty else { return "" }
        let name = { (tag: ThreadTag?) in tag.flatMap { names[$0] } ?? "（不详）" }
        let rows =
            kept.map { one in
                SummaryList.Row(
                    label: "\(one.isOfSource ? "来源检查的" : "")\(one.title)", value: "\(one.sentence(name))")
            }
            + marked.map { one in
                SummaryList.Row(
                    label: "\(one.isOfSource ? "来源检查的" : "")\(one.title)", value: "\(one.sentence(name))")
            }
        return """
            <section class="draft-text" aria-label="不提供的资料"><h2>案卷里不提供的资料</h2>
            \(SummaryList(rows: rows).html)</section>

            """
    }
}
