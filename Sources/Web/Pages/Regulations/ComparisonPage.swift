import Application
import Casework
import Kernel

/// Two texts side by side, matter by matter (制度对照).
struct ComparisonPage: Sendable {
    var address: Address
    /// The newest version of every text that was read.
    var texts: [LoadedRegulation]
    var left: LoadedRegulation?
    var right: LoadedRegulation?
    /// Ids of the texts that the bureau has adopted.
    var adopted: Set<String>
    var library: RuleLibrary

    var page: Page {
        Page(
            title: "制度对照", section: .regulations, crumbs: [.init(label: "制度", href: address.regulations)],
            body: """
                <h1>制度对照</h1>
                <form class="filters" method="get" action="\(address.comparison)">
                \(choice("left", "甲", left))\(choice("right", "乙", right))<button class="btn sec">对照</button>
                </form>
                \(comparison)
                """)
    }

    private func choice(_ name: String, _ label: String, _ chosen: LoadedRegulation?) -> HTML {
        Filter(
            name: name, label: label,
            options: [.init(word: "", label: "请选择")]
                + texts.map { .init(word: $0.regulation.id, label: title($0)) },
            selected: chosen?.regulation.id ?? ""
        ).html
    }

    /// A text that the bureau has not adopted is marked wherever it is named.
    private func title(_ text: LoadedRegulation) -> String {
        "\(text.regulation.short)\(adopted.contains(text.regulation.id) ? "" : "（本机关没有施行）")"
    }

    private var comparison: HTML {
        guard let left, let right else {
            return EmptyState(title: "请选择两部制度", text: "本机关没有施行的制度，也可以拿来对照。").html
        }
        let items = RegulationComparison(
            left.regulation, right.regulation, matters: library.matters, kinds: library.kinds.mapValues(\.kind)
        ).items
        return """
            <p class="count">共\(items.count)项，不同\(items.count { !$0.differences.isEmpty })项，以★标明。</p>
            \(items.html { item in
                """
                <section class="card"><h2>\(item.differences.isEmpty ? "" : "★ ")\(item.title)</h2>
                \(item.differences.isEmpty ? "" : "<p class=\"hint\">不同之处：\(item.differences.joined(separator: "、"))</p>\n" as HTML)<div class="cols">
                \(side("甲：\(title(left))", left, item.left))\(side("乙：\(title(right))", right, item.right))</div></section>

                """
            })
            """
    }

    private func side(_ label: String, _ text: LoadedRegulation, _ sides: [RegulationComparison.Side]) -> HTML {
        """
        <div><p class="hint">\(label)</p>
        \(sides.isEmpty ? "<p>没有规定</p>\n" as HTML : "" as HTML)\(sides.html { side in
            let parts =
                [side.isPermission ? "可以" : "由\(side.who)办理", side.term]
                + [side.isPermission ? "" : side.gate.chinese, side.level.map { "音像记录：\($0.chinese)" } ?? ""]
            return """
                <p><a href="\(address.regulation(text.regulation.id, row: side.provision))">\(side.article)</a>：\(side.demand)</p>
                <p class="hint">\(parts.filter { !$0.isEmpty }.joined(separator: "；"))</p>

                """ as HTML
        })</div>

        """
    }
}
