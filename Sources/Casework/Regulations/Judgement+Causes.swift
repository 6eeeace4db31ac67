import Kernel

extension Judgement {
    /// The records that cause a duty: one for each thing it is about, the first or the last that still stands.
    ///
    /// - Parameter only: one thing to ask for; nil for all.
    func causes(
        of duty: Duty, only: ObligationSubject? = nil
    ) -> [(subject: ObligationSubject, trigger: Int, first: Int)] {
        var order: [ObligationSubject] = []
        var chosen: [ObligationSubject: Int] = [:]
        var stands: [ObligationSubject: Bool] = [:]
        var firsts: [ObligationSubject: Int] = [:]
        for position in index.positions(of: duty.trigger.types) {
            for subject in index.subjects(at: position, per: per) {
                guard only == nil || only == subject,
                    about(subject).matches(duty.trigger, at: position, trigger: position)
                else { continue }
                let standing = index.voided(at: position) == nil
                if chosen[subject] == nil {
                    order.append(subject)
                    firsts[subject] = position
                } else if duty.occurrence == .first
                    ? stands[subject] == true || !standing : stands[subject] == true && !standing
                {
                    continue
                }
                chosen[subject] = position
                stands[subject] = standing
            }
        }
        return order.compactMap { subject in chosen[subject].map { (subject, $0, firsts[subject] ?? $0) } }
    }
}

extension Judgement {
    /// The periods of a duty that comes again, each with the record that began it.
    ///
    /// Quarters and years are those that ended. A turn begins with the first record and then with each that met the one
    /// before; the last is still open.
    func periods(_ recurrence: Recurrence, of duty: Duty, trigger: Int) -> [(period: Period, cause: Int)] {
        guard case .days = recurrence else {
            guard let start = instant(.happened, at: trigger, trigger: nil) else { return [] }
            return recurrence.periods(after: start, until: asOf).map { ($0, trigger) }
        }
        var result: [(period: Period, cause: Int)] = []
        var cause = trigger
        while result.count < Recurrence.bound {
            guard let began = instant(.happened, at: cause, trigger: nil) else { break }
            let period = Period(name: "\(result.count + 1)", end: began, after: cause)
            result.append((period, cause))
            var turn = self
            turn.period = period
            guard let met = turn.satisfy(duty.requirement, trigger: cause, metAt: duty.metAt), met.position > cause
            else { break }
            cause = met.position
        }
        return result
    }
}

extension Record {
    /// The day by which the version of a text is chosen: that of the act; for an adoption, the day it takes force.
    var actDay: CivilDay? {
        if type == .regulationAdopted, let day = word("inForceFrom").flatMap({ CivilDay($0) }) { return day }
        return (happenedAt.ordinary ?? recordedAt.ordinary)?.day
    }
}
