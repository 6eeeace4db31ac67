import Application
import Casework
import Kernel

/// What a decision orders beside the draft that was approved, with every clause marked that the other does not have.
struct DecisionText: Sendable {
    let comparison: DecisionComparison
    let isApproved: Bool

    /// Beside a document that decides the case.
    init?(_ data: JSON?, kind: DocumentKind, work: Case) {
        guard let data, let comparison = DecisionComparison(data, kind: kind, in: work) else { return nil }
        self.comparison = comparison
        isApproved = work.approval?.isApproved == true
    }

    var html: HTML {
        """
        <section class="draft-text decision-text" aria-label="决定的内容"><h2>决定的内容</h2>
        <div class="pair"><div><p class="text-name">决定书的文本</p>
        \(comparison.decision.html { passage($0, isNamed: true) })</div><div><p class="text-name">\(isApproved ? "批准的处理意见" : "草拟的处理意见（还没有批准）")</p>
        \(passage(comparison.draft, isNamed: false))</div></div>
        <p class="hint">\(comparison.isDifferent ? "标出的字句只在一边有，另一边没有同样的写法：可能只是措辞，也可能是内容不同，请逐处核对。草拟的处理意见没有写履行方式和期限，那一栏只标出另有金额、比例或者处罚的字句。" : "处罚内容两边的字句相同；履行方式和期限一栏没有另外的金额、比例或者处罚。")</p></section>

        """
    }

    private func passage(_ passage: DecisionComparison.Passage, isNamed: Bool) -> HTML {
        """
        \(isNamed ? "<h3>\(passage.label)</h3>" as HTML : "")<p class="wording">\(passage.pieces.html { piece in
            piece.isDifferent ? "<mark>\(piece.text)</mark>" as HTML : "\(piece.text)"
        })</p>

        """
    }
}
