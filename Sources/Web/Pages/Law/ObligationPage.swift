import Application
import Casework
import Kernel

/// One obligation of a case: what each text asks, which facts count, until when and how that was counted, what is missing.
struct ObligationPage: Sendable {
    var address: Address
    var thread: ThreadTag
    var caseTitle: String
    var obligation: Obligation
    var now: Instant
    var action: ObligationCard.Action?
    var library: RuleLibrary
    /// What the course says of the records that count.
    var lines: [RecordID: Line]
    /// Higher rules that take the place of rows here.
    var higherRules: [RuleOverrides.Recorded] = []

    /// A record as the course of the case tells it.
    struct Line: Sendable, Hashable {
        let text: String
        /// Its place in the course; nil for what has no line there.
        var href: String?
    }

    var page: Page {
        Page(
            title: obligation.title, section: .cases,
            crumbs: [.init(label: "案件", href: address.cases), .init(label: caseTitle, href: address.caseFile(thread))],
            body: """
                <p class="eyebrow">应办事项 \(tag(obligation).html)\(obligation.state == .open ? rest(obligation.due, obligation.lateFrom) : "")</p>
                <h1>\(obligation.title)</h1>
                <p class="lead">\(obligation.demand)。</p>
                \(missing)\(action.map { "<p class=\"actions\">\(Button(label: $0.label, href: $0.href).html)</p>" as HTML })<h2>\(obligation.parts.count > 1 ? "\(obligation.parts.count)项规定怎样适用于本案" : "规定怎样适用于本案")</h2>
                \(joined)\(obligation.parts.html { part($0) })
                """,
            isNarrow: true)
    }

    private func tag(_ obligation: Obligation) -> Tag {
        if obligation.isStandingStill { return Tag(text: "中止", tone: .wait) }
        let standing = obligation.state(at: now)
        let tone: Tag.Tone =
            switch standing {
            case .open: .wait
            case .overdue, .metLate: .late
            case .met: .done
            case .excused, .notApplicable: .quiet
            }
        return Tag(text: standing.chinese, tone: tone)
    }

    private func rest(_ due: Instant?, _ lateFrom: Instant?) -> HTML {
        guard let due, let lateFrom else { return "" }
        return " <span class=\"due\">\(TermText.due(due, at: now))，\(TermText.rest(until: lateFrom, at: now))</span>"
    }

    private var missing: HTML {
        guard !obligation.missing.isEmpty else { return "" }
        return """
            <section class="notice warning"><h2>还缺什么</h2><ul class="reasons">\(obligation.missing.html { """
                <li><b>\($0.sentence)</b><span>由\($0.supplier.chinese)办理</span></li>
                """ })</ul></section>

            """
    }

    /// How several texts go together (design, invariant 9).
    private var joined: HTML {
        guard obligation.parts.count > 1 else { return "" }
        let due = obligation.due.map { "期限取最早的：\(TermText.due($0, at: now))。" } ?? ""
        return """
            <p class="hint">几项规定说的是同一件事，合并为一项：每一项的要求都要做到，关口取最严的。\(due)</p>

            """
    }

    private func part(_ part: ObligationPart) -> HTML {
        let source = ObligationCard.Source(provision: part.citation.provision, library: library, address: address).label
        let alone = Obligation(key: obligation.key, title: obligation.title, parts: [part])
        return """
            <section class="card reasoned"><h3><a href="\(address.provision(part.citation.provision))">\(part.citation.isParentLaw ? "上位法 " : "")\(source)</a> \(tag(alone).html)</h3>
            <h4>规定</h4>
            \(rule(part))<h4>事实</h4>
            \(facts(part))\(term(part))<p class="hint">判断所依据的制度文件，SHA-256 <code>\(part.citation.digest.description)</code></p></section>

            """
    }

    /// What the article asks, in words made from the very rule by which this was judged.
    private func rule(_ part: ObligationPart) -> HTML {
        let text = library.regulation(part.citation.digest)
        let duties = text?.provisions.first { $0.id == part.citation.provision }?.duties ?? []
        guard let text, duties.indices.contains(part.duty) else {
            return "<p>\(part.demand)。由\(part.who.chinese)办理。\(part.gate.explained)</p>\n"
        }
        let told = DutyExplanation(
            duties[part.duty], matters: library.matters, kinds: library.kinds.mapValues(\.kind),
            settings: text.settings,
            offices: text.offices)
        var rows: [SummaryList.Row] = [
            .init(label: "要求", value: "\(told.demand)"), .init(label: "适用情形", value: "\(told.cause)"),
            .init(label: "怎样算办到", value: "\(told.requirement.dropping("履行："))"),
            .init(label: "由谁办理", value: "\(told.who)"),
        ]
        if !told.term.isEmpty { rows.append(.init(label: "期限", value: "\(told.term.dropping("期限："))")) }
        rows.append(.init(label: "关口", value: "\(part.gate.explained)"))
        if !told.exceptions.isEmpty { rows.append(.init(label: "例外", value: "\(told.exceptions)")) }
        return SummaryList(rows: rows).html
    }

    private func facts(_ part: ObligationPart) -> HTML {
        var rows: [SummaryList.Row] = [.init(label: "起因", value: record(part.causedBy))]
        for id in part.metBy { rows.append(.init(label: "履行", value: record(id))) }
        for one in higherRules where one.override.provision == part.citation.provision {
            let text = OverrideText(one.override, library)
            rows.append(
                .init(
                    label: "上位规定",
                    value:
                        "<a href=\"\(address.regulations)#override-\(one.seq)\">\(one.override.higherRule) \(one.override.article)</a>。\(text.effect)"
                ))
        }
        if let at = part.metAt { rows.append(.init(label: "履行时间", value: "\(at.chinese)")) }
        if let settled = part.settledBy, lines[settled] != nil {
            rows.append(.init(label: "免除或者不再适用", value: record(settled)))
        }
        for one in part.missing { rows.append(.init(label: "还缺", value: "\(one.sentence)，由\(one.supplier.chinese)办理")) }
        if let override = part.override {
            rows.append(.init(label: "越过", value: "经批准先办了“\(override.step.chinese)”：\(record(override.given))"))
        }
        for note in part.notes { rows.append(.init(label: "说明", value: "\(note)")) }
        return SummaryList(rows: rows).html
    }

    /// The term with its sum, step by step.
    private func term(_ part: ObligationPart) -> HTML {
        guard let sum = part.term else {
            return part.due.map { "<h4>期限</h4>\n<p>\(TermText.due($0, at: now))</p>\n" } ?? ""
        }
        var steps: [HTML] = ["从\(sum.start.chinese)起算，期间\(sum.length)"]
        if let first = sum.firstCounted { steps.append("开始的当日不计，\(first.chinese)是第一日") }
        if let end = sum.countedEnd { steps.append("按日计到\(end.chinese)") }
        if let last = sum.lastDay, sum.rolled { steps.append("这一天是休息日，顺延到\(last.chinese)") }
        for change in sum.changes { steps.append("\(change)") }
        steps.append(
            sum.lastDay == nil
                ? "最迟\(sum.due.chinese)，这一秒还在期限内"
                : "到\(sum.lastDay?.chinese ?? "")24时止，\(sum.lateFrom.chinese)起算逾期")
        for year in sum.yearsWithoutCalendar { steps.append("\(year)年的放假安排没有公布，按周一至周五为工作日计算") }
        return """
            <h4>期限的计算</h4>
            <ol class="sum">\(steps.html { "<li>\($0)</li>" })</ol>

            """
    }

    private func record(_ id: RecordID) -> HTML {
        guard let line = lines[id] else { return "另一条记录" }
        return line.href.map { "<a href=\"\($0)\">\(line.text)</a>" } ?? "\(line.text)"
    }
}

extension ObligationPage {
    /// What the course of a case says of the records that an obligation names.
    static func lines(
        of obligation: Obligation, in view: CaseView, names: [ThreadTag: String], address: Address,
        library: RuleLibrary, sight: Sight
    ) -> [RecordID: Line] {
        var wanted: Set<RecordID> = []
        for part in obligation.parts {
            wanted.formUnion([part.causedBy] + part.metBy)
            wanted.formUnion([part.settledBy, part.override?.given].compactMap { $0 })
        }
        var result: [RecordID: Line] = [:]
        for record in view.history where wanted.contains(record.id) {
            let event = EventText(
                record: record, work: view.work, names: names, address: address, library: library, sight: sight
            ).event
            // What has no line in the course has nowhere to lead to.
            result[record.id] =
                event.map {
                    Line(
                        text: "\(record.recordedAt.chinese) \($0.title)",
                        href: address.record(record.id, in: view.work.thread))
                } ?? Line(text: "\(record.recordedAt.chinese) \(record.type.chinese)")
        }
        return result
    }
}

extension String {
    /// Without a word that stands in front.
    fileprivate func dropping(_ word: String) -> String {
        hasPrefix(word) ? String(dropFirst(word.count)) : self
    }
}
