import Kernel

extension WorkingDays {
    /// A sum that stood still from one instant to another: hours move by the clock, days by the natural days between,
    /// working days by the working days between.
    func sum(
        _ sum: TermSum, suspendedFrom from: Instant, to: Instant, length: TermLength, roll: Bool
    ) -> TermSum {
        let note = "\(from.chinese)至\(to.chinese)中止"
        guard let counted = sum.countedEnd else {
            let pause = to.milliseconds(since: from)
            let due = sum.due.advanced(byMilliseconds: pause)
            return TermSum(
                start: sum.start, length: sum.length, firstCounted: nil, countedEnd: nil, lastDay: nil, due: due,
                lateFrom: due.advanced(byMilliseconds: 1), yearsWithoutCalendar: sum.yearsWithoutCalendar,
                changes: sum.changes + [note], preceding: sum.preceding)
        }
        let days = to.day.days(since: from.day)
        if case .workingDays = length {
            var worked = 0
            var day = from.day
            for _ in 0..<min(max(days, 0), 36_600) {
                day = day.advanced(by: 1)
                if isWorked(day) { worked += 1 }
            }
            return ending(sum, on: workingDay(worked, after: counted), roll: roll, note: note)
        }
        return ending(sum, on: counted.advanced(by: max(days, 0)), roll: roll, note: note)
    }

    /// A sum extended to the end of a day.
    func sum(_ sum: TermSum, extendedTo day: CivilDay, roll: Bool) -> TermSum {
        ending(sum, on: day, roll: roll, note: "批准延长至\(day.chinese)")
    }

    private func ending(_ sum: TermSum, on end: CivilDay, roll: Bool, note: String) -> TermSum {
        let moved = self.sum(of: .until(end), from: sum.start, roll: roll)
        return TermSum(
            start: sum.start, length: sum.length, firstCounted: sum.firstCounted ?? moved.firstCounted,
            countedEnd: moved.countedEnd,
            lastDay: moved.lastDay, due: moved.due, lateFrom: moved.lateFrom,
            yearsWithoutCalendar: Set(sum.yearsWithoutCalendar + moved.yearsWithoutCalendar).sorted(),
            changes: sum.changes + [note], preceding: sum.preceding)
    }
}
