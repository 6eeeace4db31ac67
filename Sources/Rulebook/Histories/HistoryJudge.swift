import Casework
import Kernel

/// Judges a history of a row and says what came out otherwise than expected.
public struct HistoryJudge: Sendable {
    let base: RuleBase

    /// A judge over a library.
    public init(_ base: RuleBase) { self.base = base }

    /// What is wrong with a row's histories as a whole: each row that is not policy has one that keeps it and one that
    /// breaks it.
    public static func problems(of histories: RowHistories) -> [String] {
        var result: [String] = []
        if isComparison(histories.row) {
            // One history under two texts has two answers; which text is kept and which broken is not asked.
            let texts = Set(histories.histories.map { $0.regulations.map(\.regulation).sorted() })
            return texts.count < 2 ? ["比较至少要有在两部制度下判断的历史"] : []
        }
        if !histories.histories.contains(where: \.keeps) { result.append("没有一个守住条款的历史（keeps: true）") }
        if histories.histories.allSatisfy(\.keeps) { result.append("没有一个违反条款的历史（keeps: false）") }
        return result
    }

    /// Whether the histories compare texts (`Tests/Histories/differences`) instead of holding one row.
    public static func isComparison(_ row: String) -> Bool { row.hasPrefix("differences:") }

    /// Every expectation that failed, in Chinese; empty if all hold.
    public func failures(of history: RowHistory, row: String) -> [String] {
        let rules: RulesInForce
        do {
            rules = try base.rules(history.regulations)
        } catch {
            return [error.chinese]
        }
        let timeline = history.timeline
        let told = ToldHistory(timeline.records, next: timeline.next)
        let evaluation = told.evaluation(rules, base.calendar, timeline.settings, asOf: history.at)
        let verdict = told.verdict(rules, base.calendar, timeline.settings)
        let outcome = HistoryOutcome(evaluation: evaluation, verdict: verdict, at: history.at, names: timeline.names)
        return history.expect.flatMap { outcome.failures(of: $0) }
            + (history.next.map { outcome.failures(of: $0) } ?? [])
            + history.grants.compactMap { outcome.failure(of: $0) }
            + history.media.compactMap { outcome.failure(of: $0) }
            + history.figures.compactMap { outcome.failure(of: $0) }
            + (HistoryJudge.isComparison(row) ? [] : outcome.contradictions(of: history, row: row))
    }
}

/// What came of a history.
struct HistoryOutcome {
    let evaluation: Evaluation
    let verdict: StepVerdict?
    let at: Instant
    let names: TimelineNames

    // MARK: obligations

    func failures(of wanted: RowHistory.Expectation) -> [String] {
        let found = facts(for: wanted)
        let what = wanted.chinese
        if wanted.state == "none" {
            return found.isEmpty ? [] : ["\(what)：期望没有这项义务，实际有 \(found.count) 项（\(found[0].state)）"]
        }
        guard !found.isEmpty else { return ["\(what)：期望 \(wanted.state ?? "有")，实际没有这项义务"] }
        if let count = wanted.count, count != found.count { return ["\(what)：期望 \(count) 项，实际 \(found.count) 项"] }
        return found.flatMap { fact in
            fact.differences(from: wanted).map { "\(what)\(fact.place)：\($0)" }
        }
    }

    /// What a row asks, part by part; or, for a matter without row, the joined obligations.
    private func facts(for wanted: RowHistory.Expectation) -> [ObligationFact] {
        let obligations = evaluation.obligations.filter { obligation in
            wanted.matter.map { $0 == obligation.key.matter } ?? true
                && wanted.subject.map { $0 == names.name(of: obligation.key.subject) } ?? true
        }
        guard let row = wanted.row else { return obligations.map { ObligationFact($0, at: at, names: names) } }
        return obligations.flatMap { obligation in
            obligation.parts.filter { part in
                part.citation.provision == row && wanted.duty.map { $0 == part.duty } ?? true
                    && wanted.cause.map { $0 == names.name(of: part.causedBy) } ?? true
            }.map { ObligationFact($0, of: obligation, at: at, names: names) }
        }
    }

    // MARK: steps

    func failures(of wanted: RowHistory.StepExpectation) -> [String] {
        guard let verdict else { return ["next 没有记录"] }
        let refused = Set(verdict.refusals.flatMap(\.citations).map(\.provision))
        var result: [String] = []
        if wanted.isAllowed, !verdict.isAllowed {
            let reasons = verdict.refusals.map(\.sentence).joined(separator: "；")
            result.append("下一步：期望准许，实际被 \(refused.sorted().joined(separator: "、")) 拒绝：\(reasons)")
        }
        if !wanted.isAllowed, verdict.isAllowed { result.append("下一步：期望拒绝，实际准许") }
        for row in wanted.refusedBy where !refused.contains(row) && !verdict.isAllowed {
            result.append("下一步：期望被 \(row) 拒绝，实际被 \(refused.sorted().joined(separator: "、")) 拒绝")
        }
        let passed = Set(verdict.overridden.flatMap(\.citations).map(\.provision))
        for row in wanted.overridden where !passed.contains(row) {
            result.append("下一步：期望批准越过 \(row)，实际没有越过")
        }
        let sentences = verdict.refusals.flatMap(\.missing).map(\.sentence)
        for text in wanted.missing where !sentences.contains(where: { $0.contains(text) }) {
            result.append("下一步：期望缺少“\(text)”，实际：\(sentences.joined(separator: "；"))")
        }
        return result
    }

    // MARK: permissions, media, figures

    func failure(of wanted: RowHistory.GrantExpectation) -> String? {
        let found = evaluation.grants.filter { grant in
            grant.citation.provision == wanted.row && wanted.record.map { $0 == names.name(of: grant.record) } ?? true
        }
        guard wanted.isAllowed else { return found.isEmpty ? nil : "许可 \(wanted.row)：期望不许可，实际许可“\(found[0].what)”" }
        guard !found.isEmpty else { return "许可 \(wanted.row)：期望许可，实际没有" }
        guard let level = wanted.level, !found.contains(where: { $0.level == level }) else { return nil }
        return
            "许可 \(wanted.row)：期望 \(level.rawValue)，实际 \(found.compactMap { $0.level?.rawValue }.joined(separator: "、"))"
    }

    func failure(of wanted: RowHistory.MediumExpectation) -> String? {
        let found = evaluation.media.first { names.name(of: $0.subject) == wanted.subject }
        guard found?.level == wanted.level else {
            return
                "音像 \(wanted.subject)：期望 \(wanted.level?.rawValue ?? "silent")，实际 \(found?.level.rawValue ?? "silent")"
        }
        let rows = found?.citations.map(\.provision) ?? []
        guard wanted.rows.isEmpty || Set(wanted.rows) == Set(rows) else {
            return "音像 \(wanted.subject)：期望依据 \(wanted.rows.joined(separator: "、"))，实际 \(rows.joined(separator: "、"))"
        }
        return nil
    }

    func failure(of wanted: RowHistory.FigureExpectation) -> String? {
        let found = evaluation.figures.filter { figure in
            figure.citation.provision == wanted.row && wanted.name.map { $0 == figure.name } ?? true
        }
        guard let figure = found.first else { return "指标 \(wanted.row)：没有这项指标" }
        guard found.count == 1 else { return "指标 \(wanted.row)：有 \(found.count) 项，应写明 name" }
        if figure.count != wanted.count { return "指标 \(wanted.row)：期望 \(wanted.count)，实际 \(figure.count)" }
        if let outOf = wanted.outOf, figure.outOf != outOf {
            return "指标 \(wanted.row)：期望总数 \(outOf)，实际 \(figure.outOf.map(String.init) ?? "没有总数")"
        }
        return nil
    }

    // MARK: kept or broken

    /// Whether `keeps` says what came: a kept row is nowhere late, overdue, breached or refusing; a broken one is
    /// somewhere open, late or refusing, or its permission or count is expected to be otherwise.
    func contradictions(of history: RowHistory, row: String) -> [String] {
        let parts = evaluation.parts(of: row)
        let refuses = verdict?.refusals.contains { $0.citations.contains { $0.provision == row } } ?? false
        let late = parts.contains {
            $0.state == .metLate || $0.isBreach || $0.state == .open && $0.lateFrom.map { $0 <= at } ?? false
        }
        if history.keeps {
            return late || refuses ? ["写着 keeps: true，而 \(row) 没有守住"] : []
        }
        let told =
            history.grants.contains { $0.row == row } || history.figures.contains { $0.row == row }
            || history.media.contains { $0.rows.contains(row) || $0.rows.isEmpty }
        let open = parts.contains { $0.state == .open }
        return late || open || refuses || told ? [] : ["写着 keeps: false，而 \(row) 没有违反"]
    }
}

extension RowHistory.Expectation {
    /// What is expected of, in messages.
    var chinese: String {
        var text = row ?? matter ?? ""
        if row != nil, let matter { text += "（\(matter)）" }
        if let duty { text += " 第\(duty)项" }
        if let subject { text += " “\(subject)”" }
        if let cause { text += " 因“\(cause)”" }
        return text
    }
}
