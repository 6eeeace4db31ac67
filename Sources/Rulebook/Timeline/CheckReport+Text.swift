import Casework
import Kernel

extension CheckReport {
    /// The report in plain Chinese.
    public var text: String {
        var lines = ["询问时间：\(at.chinese)；已知记录 \(known) 条。"]
        for span in rules.spans {
            lines.append("适用《\(span.regulation.short)》第\(span.regulation.version)版，自\(span.from.chinese)起施行。")
        }
        for note in notes { lines.append("说明：\(note)\(note.hasSuffix("？") ? "" : "。")") }
        for year in evaluation.yearsWithoutCalendar { lines.append("说明：\(year)年放假安排未导入，按周一至周五计算。") }
        lines.append("")
        if evaluation.obligations.isEmpty { lines.append("没有产生义务。") }
        for one in evaluation.obligations { lines += self.lines(of: one) }
        lines += grantLines + mediumLines + figureLines
        if let verdict { lines += self.lines(of: verdict) }
        return lines.joined(separator: "\n")
    }

    private func lines(of one: Obligation) -> [String] {
        let subject = names.name(of: one.key.subject)
        let state = one.state(at: at).chinese
        var result = ["【\(state)】\(one.title)\(subject.isEmpty ? "" : "（\(subject)）")：\(one.demand)"]
        if let who = one.who { result.append("    责任人：\(who.chinese)") }
        if let due = one.due { result.append("    期限：\(one.lastDay.map { "\($0.chinese)24时" } ?? due.chinese)止") }
        if one.due == nil, let reminder = one.reminder {
            result.append("    提醒：\(reminder.lastDay?.chinese ?? reminder.due.chinese)（不计逾期）")
        }
        for part in one.parts {
            let alone = Obligation(key: one.key, title: one.title, parts: [part]).state(at: at).chinese
            result.append("    \(part.citation.chinese)（\(part.citation.provision)）：\(alone)")
            if let term = part.term { result.append("        \(term.chinese)") }
            if !part.metBy.isEmpty {
                result.append("        履行记录：\(part.metBy.map { names.name(of: $0) }.joined(separator: "、"))")
            }
            for lack in part.missing { result.append("        缺少：\(lack.sentence)（由\(lack.supplier.chinese)办理）") }
            for note in part.notes { result.append("        说明：\(note)") }
        }
        return result
    }

    private var grantLines: [String] {
        evaluation.grants.isEmpty
            ? []
            : ["", "许可："]
                + evaluation.grants.map { "    \(names.name(of: $0.record))：\($0.what)（\($0.citation.chinese)）" }
    }

    private var mediumLines: [String] {
        evaluation.media.isEmpty
            ? []
            : ["", "音像记录："]
                + evaluation.media.map { medium in
                    let rows = medium.citations.map(\.chinese).joined(separator: "、")
                    return "    \(names.name(of: medium.subject))：\(medium.level.chinese)（\(rows)）"
                }
    }

    private var figureLines: [String] {
        evaluation.figures.isEmpty
            ? []
            : ["", "报表指标："]
                + evaluation.figures.map { figure in
                    "    \(figure.title)：\(figure.count)\(figure.outOf.map { "／\($0)" } ?? "")（\(figure.citation.chinese)）"
                }
    }

    private func lines(of verdict: StepVerdict) -> [String] {
        var result = ["", verdict.isAllowed ? "下一步：准许。" : "下一步：拒绝。"]
        for one in verdict.refusals {
            result.append("    \(one.step.chinese)：\(one.sentence)（由\(one.suppliers)办理）")
            result.append("        依据：\(one.citations.map(\.chinese).joined(separator: "、"))")
            if !one.overridableBy.isEmpty {
                result.append("        \(one.overridableBy.map(\.chinese).joined(separator: "或"))可以批准越过。")
            }
        }
        for one in verdict.overridden { result.append("    \(one.step.chinese)：经批准越过“\(one.title)”。") }
        return result
    }
}
