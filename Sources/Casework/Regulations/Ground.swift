import Kernel

/// A history and the rules that it is judged by.
struct Ground {
    let index: RecordIndex
    let rules: RulesInForce
    let calendar: WorkingDays
    let settings: Settings
    /// The instant of asking.
    let asOf: Instant

    init(index: RecordIndex, rules: RulesInForce, calendar: WorkingDays, settings: Settings, asOf: Instant? = nil) {
        self.index = index
        self.rules = rules
        self.calendar = calendar
        self.settings = settings
        self.asOf = asOf?.ordinary ?? index.newest
    }

    /// A matter as it was when the text was adopted.
    func matter(_ id: String, of span: RulesInForce.Span) -> Matter {
        span.matters?[id] ?? rules.matters[id] ?? Matter(id: id, title: id, per: .caseFile)
    }

    func judgement(of span: RulesInForce.Span, per: Matter.Per) -> Judgement {
        Judgement(
            index: index, kinds: DocumentKinds(named: rules.kinds, kept: rules.keptKinds),
            settings: settings.filled(by: span.chosen, declared: span.regulation.offices),
            declared: span.regulation.settings,
            offices: span.regulation.offices, per: per, asOf: asOf, calendar: calendar)
    }

    /// Whether a version judges what a record causes: it is in force on the day of the act; a record without day is
    /// judged by the version that has no end.
    func judges(_ span: RulesInForce.Span, at position: Int) -> Bool {
        index.records[position].actDay.map(span.covers) ?? (span.until == nil)
    }

    /// Every duty on every record that causes it.
    func judgeAll(where concerns: (Duty) -> Bool = { _ in true }) -> [JudgedPart] {
        var result: [JudgedPart] = []
        for span in rules.spans {
            for provision in span.regulation.provisions {
                for (number, duty) in provision.duties.enumerated() {
                    guard concerns(duty), duty.trigger.types.contains(where: index.byType.has) else {
                        continue
                    }
                    judge(duty, number: number, of: provision, span: span, into: &result)
                }
            }
        }
        return result
    }

    /// One duty on every record that causes it, or on those about one thing.
    ///
    /// - Returns: where the first record about the last thing stands that was judged; nil if there is none.
    @discardableResult
    func judge(
        _ duty: Duty, number: Int, of provision: Provision, span: RulesInForce.Span, only: ObligationSubject? = nil,
        into result: inout [JudgedPart]
    ) -> Int? {
        let matter = matter(duty.matter, of: span)
        let judgement = judgement(of: span, per: matter.per)
        let holder = duty.holder(judgement.settings, offices: span.regulation.offices, chosen: span.chosen)
        var duty = duty
        if duty.who != holder { duty.who = holder }
        var last: Int?
        for (subject, trigger, first) in judgement.causes(of: duty, only: only) where judges(span, at: trigger) {
            last = first
            let judgement = judgement.about(subject)
            guard let recurrence = duty.recurrence else {
                result.append(
                    judgement.judge(
                        duty, number: number, of: provision, span: span, matter: matter, subject: subject,
                        trigger: trigger))
                continue
            }
            for (period, cause) in judgement.periods(recurrence, of: duty, trigger: trigger)
            where period.after != nil || span.covers(period.end.day) {
                var turn = judgement
                turn.period = period
                let name = subject.description.isEmpty ? period.name : "\(subject.description).\(period.name)"
                result.append(
                    turn.judge(
                        duty, number: number, of: provision, span: span, matter: matter, subject: .period(name),
                        trigger: cause))
            }
        }
        return last
    }
}

extension RecordIndex {
    /// The latest ordinary time at which anything was recorded; the beginning of time for an empty history.
    var newest: Instant {
        records.compactMap(\.recordedAt.ordinary).max() ?? Instant(milliseconds: 0)
    }
}
