import Kernel

extension Judgement {
    /// The records by which a term changes in the case.
    static let termRecords: [EntryType] = [.termSuspended, .termResumed, .termExtended, .termRestarted]

    /// Whether the history has any of them.
    var hasTermRecords: Bool { Judgement.termRecords.contains { ground.index.present.contains($0) } }

    /// Applies what happened to a running term, in the order of the log (design section 5: Time).
    ///
    /// The rule: a term can change while it runs, and that it still ran is shown by the server's time alone (invariant 1);
    /// what is recorded after the end is noted and changes nothing. A term that stands still has no end and no due. Nobody
    /// who handles the case approves an extension of their own term.
    ///
    /// - Parameter standing: since when it stands still; nil while it runs.
    func change(
        _ sum: TermSum, of term: Term, length: TermLength, matter: String, trigger: Int, calendar: WorkingDays,
        notes: inout [String], standing: inout Instant?
    ) -> TermSum? {
        var types = Judgement.termRecords
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
                    : record.word("matter") == matter && !isOfAnother(position, trigger: trigger),
                let at = instant(.happened, at: position, trigger: trigger)
            else { continue }
            guard let wanted = isOwn ? .extended : Term.Change(record.type), term.changes.contains(wanted) else {
                notes.append("制度没有规定这个期限可以这样变更，“\(record.type.chinese)”的记录不予计算")
                continue
            }
            let isRunning = still != nil || isBeforeEnd(position, at, of: result)
            switch record.type {
            case .termSuspended:
                guard isRunning else {
                    notes.append("中止期限的记录在期限届满以后才登记，不予计算")
                    continue
                }
                if still == nil { still = at }
            case .termResumed:
                guard let from = still, from <= at else {
                    if still != nil { notes.append("恢复期限的时间早于中止的时间，不予计算") }
                    continue
                }
                result = calendar.sum(result, suspendedFrom: from, to: at, length: length, roll: roll)
                still = nil
            case .termRestarted:
                guard isRunning else {
                    notes.append("重新计算期限的记录在期限届满以后才登记，不予计算")
                    continue
                }
                result = self.sum(of: term, length: length, from: at, calendar).noting(["自\(at.chinese)起重新计算"])
                still = nil
            default:
                guard isRunning, let approver = record.word("approvedBy"),
                    var day = record.word(isOwn ? own?.until ?? "" : "untilDay").flatMap({ CivilDay($0) }),
                    result.due.day <= day
                else {
                    notes.append("延长期限的批准不在期限届满前作出，或者没有写明批准人和届满日，不予计算")
                    continue
                }
                guard !handles(approver, at: position) else {
                    notes.append("延长期限由本案承办人自己批准，不予计算")
                    continue
                }
                if let bound = bound(of: term, sum, calendar), bound.last < day {
                    day = bound.last
                    notes.append("延长不得超过\(bound.length.chinese)，超过的部分不予计算")
                }
                result = calendar.sum(result, extendedTo: day, roll: roll)
            }
        }
        guard let still else { return result }
        notes.append("期限自\(still.chinese)起中止，尚未恢复")
        standing = still
        return nil
    }

    /// Whether a record came, and was recorded, before a term was over.
    private func isBeforeEnd(_ position: Int, _ at: Instant, of sum: TermSum) -> Bool {
        guard at < sum.lateFrom else { return false }
        return ground.index.records[position].recordedAt.ordinary.map { $0 < sum.lateFrom } ?? true
    }

    /// Whether a record stands in the thread of another thing of the sort that the matter counts: the term of one request
    /// is not extended by what was approved for another.
    private func isOfAnother(_ position: Int, trigger: Int) -> Bool {
        guard let kind = per.thread else { return false }
        let thread = ground.index.records[position].thread
        guard thread != ground.index.records[trigger].thread, let first = ground.index.firsts[thread] else {
            return false
        }
        return ground.index.types[first].home == kind
    }

    /// Whether a person, as records name one, ever handled the case.
    private func handles(_ person: String, at position: Int) -> Bool {
        ground.find(Path(.caseFile, ["handlers"]), at: position, trigger: nil).values?.contains { $0.word == person }
            ?? false
    }

    /// How far any extension reaches, counted from the term's own end; nil for no bound.
    private func bound(
        of term: Term, _ sum: TermSum, _ calendar: WorkingDays
    ) -> (length: TermLength, last: CivilDay)? {
        guard let end = sum.countedEnd else { return nil }
        if let most = term.extension?.most.flatMap({ value($0) }) { return (.days(most), end.advanced(by: most)) }
        guard let most = term.most.flatMap({ value($0) }) else { return nil }
        let length: TermLength =
            switch term.length {
            case .workingDays: .workingDays(most)
            case .days where term.workingDays.flatMap({ value($0) }) == 1: .workingDays(most)
            case .months: .months(most)
            case .hours, .days, .untilDay, .fixed, .dayOfYear: .days(most)
            }
        return calendar.sum(of: length, after: sum, roll: term.roll).lastDay.map { (length, $0) }
    }
}

extension Term.Change {
    /// The change that a record makes; nil for other types. What ends a standstill belongs to it.
    init?(_ type: EntryType) {
        switch type {
        case .termSuspended, .termResumed: self = .suspended
        case .termExtended: self = .extended
        case .termRestarted: self = .restarted
        default: return nil
        }
    }
}
