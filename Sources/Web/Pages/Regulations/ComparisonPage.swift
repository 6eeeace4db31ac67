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
    /// Whether matters on which both decide alike are left out.
    var onlyDifferences = false

    var page: Page {
        Page(
            title: "制度对照", section: .regulations, crumbs: [.init(label: "制度", href: address.regulations)],
            body: """
                <div class="head-row"><h1>制度对照</h1><p class="actions"><button type="button" class="btn sec sm" data-print hidden>打印</button></p></div>
                <form class="filters" method="get" action="\(address.comparison)">
                \(choice("left", "甲", left))\(choice("right", "乙", right))<label class="tick"><input type="checkbox" name="only" value="differences"\(onlyDifferences ? " checked" as HTML : "")> 只看不同之处</label>
                <button class="btn sec">对照</button>
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
        let different = items.count { !$0.differences.isEmpty }
        let shown = onlyDifferences ? items.filter { !$0.differences.isEmpty } : items
        return """
            <p class="count">共\(items.count)项，不同\(different)项，以★标明。★表示规定本身不同；只是文字不同、判断相同的不标。</p>
            \(shown.isEmpty ? EmptyState(title: "没有不同之处", text: "两部制度对每个事项的规定都相同。").html : shown.html { item($0, left, right) })
            """
    }

    private func item(
        _ item: RegulationComparison.Item, _ left: LoadedRegulation, _ right: LoadedRegulation
    ) -> HTML {
        let isDifferent = !item.differences.isEmpty
        let names = item.differences.map(\.chinese).joined(separator: "、")
        return """
            <section class="card compared"\(isDifferent ? "" : " data-alike" as HTML)><h2>\(isDifferent ? "<span class=\"star\" aria-hidden=\"true\">★ </span><span class=\"vh\">不同：</span>" as HTML : "")\(item.title)</h2>
            \(isDifferent ? "<p class=\"hint\">不同之处：\(names)</p>\n" as HTML : item.isOtherWording ? "<p class=\"hint\">文字不同，规定相同</p>\n" : "")<div class="pair">
            \(side(left, item.left, item.differences))\(side(right, item.right, item.differences))</div></section>

            """
    }

    private func side(
        _ text: LoadedRegulation, _ sides: [RegulationComparison.Side], _ differences: [RegulationComparison.Aspect]
    ) -> HTML {
        """
        <div><p class="text-name">\(title(text))</p>
        \(sides.isEmpty ? "<p class=\"none\">没有规定</p>\n" as HTML : "" as HTML)\(sides.html { rule($0, text, differences) })</div>

        """
    }

    /// What always stands, and of the long sentences those that say what differs.
    private func rule(
        _ side: RegulationComparison.Side, _ text: LoadedRegulation, _ differences: [RegulationComparison.Aspect]
    ) -> HTML {
        let aspects = RegulationComparison.Aspect.allCases.filter { aspect in
            switch aspect {
            case .presence, .pairing, .modality: false
            case .condition, .demand: differences.contains(aspect)
            case .gate: !side.isPermission
            case .term, .role, .level: true
            }
        }
        let rows = aspects.compactMap { aspect -> HTML? in
            let told = side.text(of: aspect)
            guard !told.isEmpty, told != side.demand else { return nil }
            return """
                <div\(differences.contains(aspect) ? " class=\"differs\"" as HTML : "")><dt>\(aspect.chinese)</dt><dd>\(told)</dd></div>

                """
        }
        return """
            <p><a href="\(address.regulation(text.regulation.id, row: side.provision))">\(side.article)</a>〔\(side.text(of: .modality))〕\(side.demand)</p>
            \(rows.isEmpty ? "" : "<dl class=\"rule\">\(rows)</dl>" as HTML)
            """
    }
}
