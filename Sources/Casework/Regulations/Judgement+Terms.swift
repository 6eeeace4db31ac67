import Kernel

extension Judgement {
    /// A duty's term as it runs in this case; nil without term, or where its start or end is not known.
    func term(trigger: Int, replacedBy higher: Int?, notes: inout [String]) -> TermSum? {
        guard var term = planned.term else { return nil }
        if let higher, let length = length(setBy: higher) {
            term.length = length
            term.then = []
            notes.append("期限依上位规定改为\(chinese(length))")
        }
        return sum(of: term, matter: planned.duty.matter, trigger: trigger, isHeld: true, notes: &notes)
    }

    /// Counts a term, with what changed it: `term.*` records that name the matter.
    ///
    /// - Parameter isHeld: whether its end is held against somebody: nobody is late by a term that began before the text
    ///   was in force.
    func sum(
        of term: Term, matter: String, trigger: Int, isHeld: Bool = false, notes: inout [String]
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
        if !term.changes.isEmpty {
            guard
                let changed = change(
                    sum, of: term, length: length, matter: matter, trigger: trigger, calendar: calendar, notes: &notes)
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
    private func sum(of term: Term, length: TermLength, from start: Instant, _ calendar: WorkingDays) -> TermSum {
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
    private func length(setBy position: Int) -> Term.Length? {
        let record = ground.index.records[position]
        guard record.word("effect") == "term", let count = record.number("length"), (0...100_000).contains(count) else {
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

    // MARK: changes

    /// Applies what happened to a running term, in the order of the log (design section 5: Time). An extension counts
    /// only if it was approved before the end; a term that stands still has no due.
    private func change(
        _ sum: TermSum, of term: Term, length: TermLength, matter: String, trigger: Int, calendar: WorkingDays,
        notes: inout [String]
    ) -> TermSum? {
        var types: [EntryType] = [.termSuspended, .termResumed, .termExtended, .termRestarted]
        let own = term.extension
        if let own { types.append(own.type) }
        var result = sum
        let roll = term.then.last?.roll ?? term.roll
        var still: Instant?
        for position in ground.index.positions(of: types) where position > trigger {
            let record = ground.index.records[position]
            let isOwn = record.type == own?.type
            guard
                isOwn
                    ? ground.index.referred(own?.role ?? "", from: position) == trigger
                    : record.word("matter") == matter,
                let at = instant(.happened, at: position, trigger: trigger)
            else {
                continue
            }
            switch record.type {
            case .termSuspended where term.changes.contains(.suspended):
                if still == nil, at <= result.due { still = at }
            case .termResumed where term.changes.contains(.suspended):
                guard let from = still, from <= at else { continue }
                result = calendar.sum(result, suspendedFrom: from, to: at, length: length, roll: roll)
                still = nil
            case let type where (type == .termExtended || isOwn) && term.changes.contains(.extended):
                guard at <= result.due, record.plain["approvedBy"] != nil,
                    var day = record.word(isOwn ? own?.until ?? "" : "untilDay").flatMap({ CivilDay($0) }),
                    result.due.day <= day
                else {
                    notes.append("延长期限的批准不在期限届满前作出，或者没有写明批准人和届满日，不予计算")
                    continue
                }
                if let most = own?.most.flatMap({ value($0) }), let end = sum.countedEnd,
                    end.advanced(by: most) < day
                {
                    day = end.advanced(by: most)
                    notes.append("延长不得超过\(most)日，超过的部分不予计算")
                }
                result = calendar.sum(result, extendedTo: day, roll: roll)
            case .termRestarted where term.changes.contains(.restarted):
                result = self.sum(of: term, length: length, from: at, calendar).noting(["自\(at.chinese)起重新计算"])
                still = nil
            default: continue
            }
        }
        guard let still else { return result }
        notes.append("期限自\(still.chinese)起中止，尚未恢复")
        return nil
    }
}

extension Ground {
    /// The last `rule.overridden` for a row that stood when the duty arose: with the higher rule and its article named.
    func overriding(_ provision: String, at trigger: Int) -> Int? {
        guard let candidates = index.byType[.ruleOverridden] else { return nil }
        let act = index.records[trigger].happenedAt.ordinary
        return candidates.last { position in
            let record = index.records[position]
            guard record.word("provision") == provision, record.fieldNames.contains("higherRule"),
                record.fieldNames.contains("article")
            else { return false }
            guard let act, let set = index.records[position].happenedAt.ordinary else { return position < trigger }
            return set <= act
        }
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
