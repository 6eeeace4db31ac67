import Application
import Casework
import Kernel

/// What a change of the rules means for cases that are open (对在办案件的影响): shown before it is proposed, and again
/// before it is confirmed.
struct RuleEffect: Sendable, Hashable {
    var address: Address
    var act: RuleAct
    /// What was compared; nil where the change cannot be one yet.
    var forecast: RuleForecast?
    /// Whether the reader may read cases: an administrator has no right to them (design, invariant 8), and sees what
    /// changes in how many of them, but neither which nor whose.
    var namesCases = false
    /// The day that it was compared for; nil where it has none.
    var day: CivilDay?
    /// Names rows by their articles.
    var library = RuleLibrary()
    var now = Instant(milliseconds: 0)

    var html: HTML {
        """
        <section class="card"><h2>对在办案件的影响\(day.map { "（\(act == .repeal ? "施行到" : "自")\($0.chinese)\(act == .repeal ? "为止" : "起")）" } ?? "")</h2>
        <p>\(count)\(rule)</p>
        \(effect)</section>

        """
    }

    private var count: String {
        guard let open = forecast?.open else { return "" }
        return open == 0 ? "现在没有在办案件。" : "现有在办案件 \(open) 件。"
    }

    private var effect: HTML {
        guard let forecast, forecast.open > 0 else { return "" }
        let progress =
            forecast.fault
            ?? (forecast.isComplete ? "" : "正在逐件比较，已比较 \(forecast.compared) 件；稍后刷新本页可以看到全部结果。")
        let sum =
            forecast.affected == 0
            ? (forecast.isComplete ? "逐件比较过：应办事项和期限都不变。" : "")
            : "\(forecast.affected) 件有变化：新增 \(forecast.appearing) 项，不再要求 \(forecast.vanishing) 项，期限或者内容变更 \(forecast.changing) 项。"
        let shown = forecast.cases.count
        let rest = forecast.affected > shown ? "下面列出前 \(shown) 件。" : ""
        return """
            <p>\(sum)\(progress)\(rest)</p>
            \(late)
            \(forecast.cases.isEmpty ? "" : "<ul class=\"tasks\">\(forecast.cases.enumerated().html { entry($1, number: $0 + 1) })</ul>\n" as HTML)
            """
    }

    /// What would be late at once: a day in the past makes it so, and nobody can help it any more.
    private var late: HTML {
        guard let forecast, forecast.appearingLate > 0 else { return "" }
        return Notice(
            title: "其中 \(forecast.appearingLate) 项一生效就已经逾期",
            paragraphs: [
                act == .adopt
                    ? "施行日早于今天的，从那一天起的行为按新的文本判断，期限已过的立即算作逾期。需要避免的，请把施行日期改为今天以后。" : "期限已过的立即算作逾期。"
            ], tone: .warning
        ).html
    }

    private func entry(_ effect: RuleForecast.CaseEffect, number: Int) -> HTML {
        let bound = 8
        let rest = effect.changes.dropFirst(bound)
        return """
            <li><span>\(name(effect.row, number))\(effect.changes.prefix(bound).html { line($0) })\(rest.isEmpty ? "" : "<details><summary>另有 \(rest.count) 项</summary>\(rest.html { line($0) })</details>" as HTML)</span></li>

            """
    }

    private func line(_ change: RuleForecast.Change) -> HTML {
        let articles = change.provisions.map { OverrideText.title($0, library) }
        return
            "<small>\(change.kind.chinese)：\(change.demand)\(term(change))\(isLate(change) ? "，已经逾期" : "")（\(articles.joined(separator: "、"))）</small>"
    }

    private func isLate(_ change: RuleForecast.Change) -> Bool {
        change.kind == .appears && change.dueAfter.map { $0 < now } == true
    }

    private func name(_ row: CaseRow, _ number: Int) -> HTML {
        let kind =
            CaseKind(rawValue: row.kind)?.chinese ?? [CaseRow.leadKind: "线索", CaseRow.requestKind: "查阅复制"][row.kind]
            ?? "其他"
        guard namesCases else { return "第 \(number) 件（\(kind)）" }
        return "<a href=\"\(address.caseFile(row.thread))\">\(row.title)</a><small>\(row.subjectName)</small>"
    }

    private func term(_ change: RuleForecast.Change) -> String {
        switch (change.kind, change.dueBefore, change.dueAfter) {
        case (.vanishes, _, _): ""
        case (.appears, _, let due): due.map { "，至\($0.chinese)" } ?? ""
        case (.changes, let before, let after) where before == after: ""
        case (.changes, let before, let after):
            "，期限由\(before.map(\.chinese) ?? "不定期")改为\(after.map(\.chinese) ?? "不定期")"
        }
    }

    /// Design, invariant 6.
    private var rule: String {
        switch act {
        case .adopt: "施行日以后发生的行为适用新的文本；已经开始计算的期限，仍按原来的文本计到届满。"
        case .repair: "法律文字没有变，只是改正数据：确认以后，这个文本施行以来的全部行为都按改正后的数据判断，以前的判断留在记录里。"
        case .override: "适用日以后（到截止日为止）发生的行为按上位规定判断；以前发生的行为，仍按原来的条文。"
        case .repeal: "最后施行日以前发生的行为仍然适用；以后发生的行为不再适用。"
        }
    }
}

extension WebServices {
    /// What a change of the rules means for the cases that are open now.
    ///
    /// - Parameters:
    ///   - members: the members of the entry that would carry it out; nil where they are not known.
    ///   - day: the day that it is compared for.
    func effect(
        of act: RuleAct, _ members: [JSON.Member]?, from day: CivilDay? = nil, _ context: SignedInContext
    ) async throws -> RuleEffect {
        var forecast: RuleForecast?
        if let members {
            do {
                forecast = try await context.bureau.office.forecasts.forecast(of: act, members)
            } catch {
                // A change that could not come into force is refused when it is proposed; here it has no effect to show.
                guard let refusal = error as? StepRefusal, refusal.code == .fault else { throw error }
            }
        }
        return RuleEffect(
            address: Address(context.bureau.tag), act: act, forecast: forecast,
            namesCases: Right.casework.roles.map { context.identity.has(anyOf: $0) } ?? false,
            day: act == .repair ? nil : day, library: try await context.bureau.casebook.chambers.law().library,
            now: clock.now())
    }
}
