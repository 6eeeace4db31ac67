import Kernel

extension Judgement {
    /// The periods of a duty that comes again, each with the record that began it.
    ///
    /// Quarters and years are those that ended. A turn begins with the first record and then with each that met the one
    /// before; the last is still open.
    func periods(_ recurrence: Recurrence, trigger: Int) -> [(period: Period, cause: Int)] {
        guard case .days = recurrence else {
            guard let start = instant(.happened, at: trigger, trigger: nil) else { return [] }
            return recurrence.periods(after: start, until: ground.asOf).map { ($0, trigger) }
        }
        var result: [(period: Period, cause: Int)] = []
        var cause = trigger
        while result.count < Recurrence.bound {
            guard let began = instant(.happened, at: cause, trigger: nil) else { break }
            let period = Period(name: "\(result.count + 1)", end: began, after: cause)
            result.append((period, cause))
            guard
                let met = turn(period).satisfy(planned.requirement, trigger: cause, metAt: planned.metAt),
                met.position > cause
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
