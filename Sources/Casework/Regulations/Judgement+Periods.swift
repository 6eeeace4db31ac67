import Kernel

extension Judgement {
    /// The periods of a duty that comes again, each with the record that began it.
    ///
    /// Quarters and years are those that ended. A turn begins with the first record and then with each that met the one
    /// before; the last is still open. A turn has the name of the day on which it begins: only turns that begin together are
    /// one obligation, and of a second on one day the name says so.
    func periods(_ recurrence: Recurrence, trigger: Int) -> [(period: Period, cause: Int)] {
        guard case .days = recurrence else {
            guard let start = start([.happened], at: trigger) else { return [] }
            return recurrence.periods(after: start, until: ground.asOf).map { ($0, trigger) }
        }
        var result: [(period: Period, cause: Int)] = []
        var cause = trigger
        var begun: [CivilDay: Int] = [:]
        while result.count < Recurrence.bound {
            guard let began = start([.happened], at: cause) else { break }
            let number = (begun[began.day] ?? 0) + 1
            begun[began.day] = number
            let period = Period(
                name: number == 1 ? "\(began.day)" : "\(began.day).\(number)", end: began, after: cause,
                notBefore: force(at: cause))
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
    public var actDay: CivilDay? {
        if type == .regulationAdopted, let day = word("inForceFrom").flatMap({ CivilDay($0) }) { return day }
        return (happenedAt.ordinary ?? recordedAt.ordinary)?.day
    }
}
