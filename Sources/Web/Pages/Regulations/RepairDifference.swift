import Application
import Casework
import Kernel

/// What a repair changes, row by row, in words (修正前后): whoever stands by it reads what stood there and what will stand.
struct RepairDifference: Sendable {
    let before: Regulation
    let after: Regulation
    let library: RuleLibrary

    var html: HTML {
        let rows = RuleChange.rows(from: before, to: after)
        guard !rows.isEmpty else {
            return "<section class=\"card\"><h2>改动的条目</h2>\n<p>没有改动条目，只改了文件里的注释或者其他文字。</p></section>\n"
        }
        return """
            <section class="card"><h2>改动的条目（\(rows.count)）</h2>
            \(rows.html { row($0) })</section>

            """
    }

    private func row(_ id: String) -> HTML {
        let (old, new) = (lines(id, in: before), lines(id, in: after))
        let (gone, come) = (old.filter { !new.contains($0) }, new.filter { !old.contains($0) })
        let nothing: HTML =
            gone.isEmpty && come.isEmpty ? "<p class=\"hint\">说明的文字不变；改动的是提示语、次序或者其他写法。</p>\n" : ""
        return """
            <div class="part"><p><b>\(OverrideText.title(id, library))</b></p>
            \(nothing)\(list("修正前", gone))\(list("修正后", come))</div>

            """
    }

    private func list(_ title: String, _ lines: [String]) -> HTML {
        lines.isEmpty ? "" : "<p class=\"hint\">\(title)</p>\n<ul>\(lines.html { "<li>\($0)</li>\n" })</ul>\n"
    }

    /// What a row says and asks, a line for each of its rules; none where the text has no such row.
    private func lines(_ id: String, in text: Regulation) -> [String] {
        guard let row = text.provisions.first(where: { $0.id == id }) else { return [] }
        let kinds = library.kinds.mapValues(\.kind)
        var lines = ["摘要：\(row.summary)", "约束力：\(row.modality.chinese)；落实方式：\(row.kind.chinese)"]
        for duty in row.duties {
            let told = DutyExplanation(
                duty, matters: library.matters, kinds: kinds, settings: text.settings, offices: text.offices)
            lines.append(told.sentences.joined() + (duty.level.map { "音像记录：\($0.chinese)。" } ?? ""))
        }
        lines += row.allows.map { "许可：\($0.what)。\($0.covered(kinds))。" }
        lines += row.figures.map { "报表指标：\($0.title)。" }
        if let reason = row.policyReason { lines.append("由人落实，系统不作判断：\(reason)") }
        return lines
    }
}
