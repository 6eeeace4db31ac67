import Kernel

extension Judgement {
    /// A duty's term as it runs in this case; nil without term, where its start or end is not known, and while it stands still.
    func term(
        trigger: Int, replacedBy higher: Int?, notes: inout [String], standing: inout Instant?
    ) -> TermSum? {
        guard var term = planned.term else { return nil }
        if let higher, let length = length(setBy: higher) {
            term.length = length
            term.then = []
            notes.append("期限依上位规定改为\(chinese(length))")
        }
        return sum(
            of: term, matter: planned.duty.matter, trigger: trigger, isHeld: true, notes: &notes, standing: &standing)
    }

    /// When to remind, where the text names no term; says so, and where the number comes from.
    func reminder(trigger: Int, notes: inout [String]) -> TermSum? {
        guard let reminder = planned.duty.timing.reminder else { return nil }
        var further: [String] = []
        var standing: Instant?
        guard let sum = sum(of: reminder, matter: "", trigger: trigger, notes: &further, standing: &standing) else {
            return nil
        }
        notes += further
        let source = reminder.setting.flatMap { name in words.declared.first { $0.name == name }?.source }
        let day = sum.lastDay.map { $0.chinese } ?? sum.due.chinese
        notes.append("提醒日是\(day)，不计逾期\(source.map { "（\($0)）" } ?? "")")
        return sum
    }

    /// Counts a term, with what changed it: `term.*` records that name the matter.
    ///
    /// - Parameter isHeld: whether its end is held against somebody: nobody is late by a term that began before the text
    ///   was in force.
    func sum(
        of term: Term, matter: String, trigger: Int, isHeld: Bool = false, notes: inout [String],
        standing: inout Instant?
    ) -> TermSum? {
        guard let length = length(of: term, trigger: trigger, notes: &notes) else { return nil }
        guard let start = start(term.from.isEmpty ? [.happened] : term.from, at: trigger) else {
            notes.append("没有写明起算时间，无法计算期限")
            return nil
        }
        guard !isHeld || term.from.isEmpty || planned.binds(on: start.day) else {
            notes.append("期限在本制度施行以前起算，不计算是否逾期")
            return nil
        }
        let calendar = calendar(of: trigger)
        var sum = sum(of: term, length: length, from: start, calendar)
        if !term.changes.isEmpty || isHeld && hasTermRecords {
            guard
                let changed = change(
                    sum, of: term, length: length, matter: matter, trigger: trigger, calendar: calendar, notes: &notes,
                    standing: &standing)
            else { return nil }
            sum = changed
        }
        if !sum.yearsWithoutCalendar.isEmpty {
            let years = sum.yearsWithoutCalendar.map(String.init).joined(separator: "、")
            notes.append("\(years)年放假安排未导入，按周一至周五计算")
        }
        return sum
    }

    /// A term from its start to its end, with what follows it.
    func sum(of term: Term, length: TermLength, from start: Instant, _ calendar: WorkingDays) -> TermSum {
        var sum: TermSum
        if case .dayOfYear(let month, let day) = term.length {
            sum = calendar.sum(of: .until(start.day.next(month: month, day: day)), from: start, roll: term.roll)
        } else {
            sum = calendar.sum(of: length, from: start, roll: term.roll)
        }
        for stage in term.then {
            let length: TermLength
            switch stage.length {
            case .days(let count): length = .days(value(count) ?? 0)
            case .workingDays(let count): length = .workingDays(value(count) ?? 0)
            case .months(let count): length = .months(value(count) ?? 0)
            case .hours, .untilDay, .fixed, .dayOfYear: continue
            }
            sum = calendar.sum(of: length, after: sum, roll: stage.roll)
        }
        return sum
    }

    /// Whether what met the duty came after the term; says so where nobody can tell.
    func isLate(_ satisfaction: Satisfaction, _ sum: TermSum?, notes: inout [String]) -> Bool {
        guard let sum else { return false }
        guard let at = satisfaction.at else {
            notes.append("没有写明履行时间，无法判断是否逾期")
            return false
        }
        return at >= sum.lateFrom
    }

    /// The tables that were adopted on the day of the act that began the term: for quarters and years, on the last day
    /// of the period.
    private func calendar(of trigger: Int) -> WorkingDays {
        ground.calendar.forAct(on: period.map(\.end.day) ?? ground.index.actDay(at: trigger))
    }

    // MARK: lengths

    private func length(of term: Term, trigger: Int, notes: inout [String]) -> TermLength? {
        switch term.length {
        case .hours(let count): return .hours(value(count) ?? 0)
        case .days(let count):
            let length = value(count) ?? 0
            return term.workingDays.flatMap { value($0) } == 1 ? .workingDays(length) : .days(length)
        case .workingDays(let count): return .workingDays(value(count) ?? 0)
        case .months(let count): return .months(value(count) ?? 0)
        case .fixed(let day): return .until(day)
        case .dayOfYear: return .days(0)
        case .untilDay(let path):
            guard let end = instant(.member(path), at: trigger, trigger: trigger) else {
                notes.append("没有写明期限届满日，无法计算期限")
                return nil
            }
            return .until(end.day)
        }
    }

    /// The length that a higher rule sets (`rule.overridden` with effect `term`).
    func length(setBy position: Int) -> Term.Length? {
        let record = ground.index.records[position]
        guard record.word("effect") == "term", let count = record.number("length"), (1...100_000).contains(count) else {
            return nil
        }
        switch record.word("unit") {
        case "hours": return .hours(.fixed(Int(count)))
        case "days": return .days(.fixed(Int(count)))
        case "workingDays": return .workingDays(.fixed(Int(count)))
        case "months": return .months(.fixed(Int(count)))
        default: return nil
        }
    }

    private func chinese(_ length: Term.Length) -> String {
        switch length {
        case .hours(let count): TermLength.hours(value(count) ?? 0).chinese
        case .days(let count): TermLength.days(value(count) ?? 0).chinese
        case .workingDays(let count): TermLength.workingDays(value(count) ?? 0).chinese
        case .months(let count): TermLength.months(value(count) ?? 0).chinese
        case .fixed(let day): TermLength.until(day).chinese
        case .untilDay, .dayOfYear: ""
        }
    }
}

extension Ground {
    /// The last `rule.overridden` for a row that stood when the duty arose: with the higher rule and its article named.
    func overriding(_ provision: String, at trigger: Int) -> Int? {
        guard let candidates = index.byType[.ruleOverridden] else { return nil }
        let act = index.records[trigger].happenedAt.ordinary
        let last = candidates.last { position in
            let record = index.records[position]
            guard record.word("provision") == provision, record.fieldNames.contains("higherRule"),
                record.fieldNames.contains("article")
            else { return false }
            // A higher rule is law from its own day, which two persons have to stand by before it is recorded (ADR 0037).
            if let act, let from = record.word("fromDay").flatMap({ CivilDay($0) }) { return from <= act.day }
            // Where none is told, what is said to have been set earlier was not: the server's time alone shows when
            // (invariant 1).
            guard let act, let set = record.recordedAt.ordinary else { return position < trigger }
            return set <= act
        }
        // What was recorded last of a row counts, and with it the day after which the row stands again.
        guard let last, let until = index.records[last].word("untilDay").flatMap({ CivilDay($0) }), let act else {
            return last
        }
        return act.day <= until ? last : nil
    }
}

extension CivilDay {
    /// The first such day of a year on or after this one; the last of the month where it has no such day.
    func next(month: Int, day: Int) -> CivilDay {
        let year = parts.year
        for candidate in [year, year + 1] {
            let last = min(day, CivilDay.length(ofMonth: month, year: candidate))
            if let found = CivilDay(year: candidate, month: month, day: last), self <= found { return found }
        }
        return self
    }
}
