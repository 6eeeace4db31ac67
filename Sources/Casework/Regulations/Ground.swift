import Kernel

/// A history and the rules that it is judged by, with every answer that was found about its records.
///
/// Conditions read only the history, so that an answer stands for every duty and subject that asks again. One thread
/// uses a ground; what it found is taken out as a value (`Findings`) and put into the next.
final class Ground {
    let index: RecordIndex
    let plan: PlanCore
    let calendar: WorkingDays
    /// The instant of asking.
    let asOf: Instant
    /// By place of the span: whose settings and offices hold.
    let bureaus: [BureauWords]
    /// What was found so far. Whatever reads it or keeps something in it has done so before anything else is asked, so
    /// that no two accesses overlap; there are tens of thousands.
    @exclusivity(unchecked) var found: Findings
    /// By path that leads to the same wherever it is seen from: what stands there.
    var ofHistory: [Int: FoundOfHistory] = [:]
    /// Periods that are judged, numbered behind the subjects of the index.
    private var periods: [ObligationSubject] = []
    private var periodNumbers: [ObligationSubject: Int32] = [:]
    /// Causes of the duty asked last that were causes until another took their place, each with that other.
    private var replaced: [(subject: Int32, trigger: Int, next: Int)] = []
    /// The list of the last duty's causes, whose room serves the next.
    private var spareCauses: [(subject: Int32, trigger: Int, first: Int)] = []

    init(
        index: RecordIndex, plan: PlanCore, calendar: WorkingDays, bureaus: [BureauWords], asOf: Instant? = nil,
        found: Findings? = nil
    ) {
        self.index = index
        self.plan = plan
        self.calendar = calendar
        self.bureaus = bureaus
        self.asOf = asOf?.ordinary ?? index.newest
        self.found = found ?? Findings(plan, records: index.records.count)
    }

    convenience init(
        _ history: [Record], rules: RulesInForce, calendar: WorkingDays, settings: Settings, asOf: Instant? = nil
    ) {
        self.init(
            index: RecordIndex(history, asked: rules.plan.asked), plan: rules.plan, calendar: calendar,
            bureaus: BureauWords.all(rules.plan, settings), asOf: asOf)
    }

    /// A subject by its number.
    func subject(_ number: Int32) -> ObligationSubject {
        Int(number) < index.subjects.count
            ? index.subjects[Int(number)] : periods[Int(number) - index.subjects.count]
    }

    private func number(ofPeriod period: ObligationSubject) -> Int32 {
        if let known = periodNumbers[period] { return known }
        let number = Int32(index.subjects.count + periods.count)
        periods.append(period)
        periodNumbers[period] = number
        return number
    }

    /// Every duty on every record that causes it, in the order of the plan.
    func judgeAll() -> [JudgedPart] {
        var result: [JudgedPart] = []
        // Most duties have no cause in a history: these are passed over without being taken up.
        let present = index.present
        let duties = plan.duties
        for (place, causes) in plan.causes.enumerated() where causes.meets(present) {
            judge(duties[place], into: &result)
        }
        return result
    }

    /// One duty on every record that causes it, or on those about one thing.
    ///
    /// - Parameter only: the number of the one thing to ask for.
    /// - Returns: where the first record about the last thing stands that was judged; nil if there is none.
    @discardableResult
    func judge(_ planned: PlannedDuty, only: Int32? = nil, into result: inout [JudgedPart]) -> Int? {
        guard planned.trigger.typeSet.meets(index.present) else { return nil }
        let causes = causes(of: planned, only: only)
        defer { spareCauses = causes }
        guard !causes.isEmpty else { return nil }
        let replaced = self.replaced
        let words = bureaus[planned.spanPlace]
        let judgement = Judgement(ground: self, planned: planned, words: words)
        var last: Int?
        for (subject, trigger, first) in causes {
            // Of a duty that comes again each period is judged by the version of its own day.
            let recurrence = planned.duty.recurrence
            guard recurrence != nil || planned.days.judge(index.actDay(at: trigger)) else { continue }
            last = first
            let judgement = judgement.about(subject)
            guard let recurrence else {
                result.append(judgement.judge(about: subject, trigger: trigger))
                continue
            }
            let name = self.subject(subject).description
            let periods = judgement.periods(recurrence, trigger: trigger)
            for (place, (period, cause)) in periods.enumerated() where planned.days.judge(period.end.day) {
                let about = number(ofPeriod: .period(name.isEmpty ? period.name : "\(name).\(period.name)"))
                let turn = judgement.turn(period)
                turn.isCutOff = place == Recurrence.bound - 1
                result.append(turn.judge(about: about, trigger: cause))
            }
        }
        for (subject, trigger, next) in replaced where planned.days.judge(index.actDay(at: trigger)) {
            let judgement = judgement.about(subject)
            if let broken = judgement.brokenBefore(next, about: subject, trigger: trigger) { result.append(broken) }
        }
        return last
    }

    /// Whether the record at a position is about this, seen as `per`.
    func isAbout(_ subject: Int32, at position: Int, per: Matter.Per, _ numbers: [Int32]) -> Bool {
        if per == .activity, index.hasShared, let several = index.sharedNumbers(at: position) {
            return several.contains(subject)
        }
        return numbers[position] == subject
    }

    /// The records that cause a duty: one for each thing it is about, the first or the last that still stands; or all.
    /// Only what was done while the text was in force counts.
    private func causes(
        of planned: PlannedDuty, only: Int32?
    ) -> [(subject: Int32, trigger: Int, first: Int)] {
        let numbers = index.numbers(per: planned.matter.per)
        let isFirst = planned.duty.occurrence == .first
        let isEach = planned.duty.occurrence == .each
        let keepsBroken = planned.duty.occurrence != .corrected && planned.duty.recurrence == nil
        var result = spareCauses
        spareCauses = []
        result.removeAll(keepingCapacity: true)
        replaced.removeAll(keepingCapacity: true)
        found.seen.begin(index.subjects.count)
        let isActivity = planned.matter.per == .activity
        func note(_ subject: Int32, _ position: Int) {
            guard subject >= 0, only == nil || only == subject, planned.isCaused(on: index.actDay(at: position)),
                completes(
                    planned.trigger, at: position, trigger: position, activity: isActivity ? subject : nil)
            else { return }
            guard !isEach, let place = found.seen[subject] else {
                found.seen[subject] = result.count
                result.append((subject, position, position))
                return
            }
            let stands = !index.isVoid(at: result[place].trigger)
            let standing = !index.isVoid(at: position)
            if isFirst ? stands || !standing : stands && !standing {
                // It was the cause as long as it stood.
                if keepsBroken, !standing, !(isFirst && stands) { replaced.append((subject, position, position)) }
                return
            }
            if keepsBroken { replaced.append((subject, result[place].trigger, position)) }
            result[place].trigger = position
        }
        for position in positions(matching: planned.trigger) {
            if isActivity, index.hasShared, let several = index.sharedNumbers(at: position) {
                for subject in several { note(subject, position) }
            } else {
                note(numbers[position], position)
            }
        }
        return result
    }
}

/// What a bureau chose and set, as one text declares it.
final class BureauWords: Sendable {
    let settings: Settings
    let declared: [SettingDeclaration]
    let offices: [OfficeDeclaration]

    init(_ span: RulesInForce.Span, settings: Settings) {
        self.settings = settings.filled(by: span.chosen, declared: span.regulation.offices)
        declared = span.regulation.settings
        offices = span.regulation.offices
    }

    static func all(_ plan: PlanCore, _ settings: Settings) -> [BureauWords] {
        plan.spans.map { BureauWords($0, settings: settings) }
    }

    func value(_ quantity: Quantity) -> Int? { settings.value(of: quantity, declared: declared) }
    func holder(of office: String) -> String? { settings.holder(of: office, declared: offices) }
}
