import Kernel

/// Judges a history by the rules in force: a pure function of its arguments.
///
/// The history is a case's own thread and the threads of its linked recordings (or, for duties of the bureau, the
/// bureau's and its persons' threads), in the order of the log. Times may be missing or out of order; equal times keep
/// the order of the log.
public enum Evaluator {
    /// Every obligation of a history.
    public static func evaluate(
        history: [Record], rules: RulesInForce, calendar: WorkingDays, settings: Settings = Settings()
    ) -> Evaluation {
        let judged = judgeAll(RecordIndex(history), rules: rules, calendar: calendar, settings: settings)
        var order: [ObligationKey] = []
        var groups: [ObligationKey: [JudgedPart]] = [:]
        for one in judged.sorted(by: { ($0.trigger, $0.part.order) < ($1.trigger, $1.part.order) }) {
            if groups[one.key] == nil { order.append(one.key) }
            groups[one.key, default: []].append(one)
        }
        let obligations = order.compactMap { key -> Obligation? in
            guard let group = groups[key], let first = group.first else { return nil }
            return Obligation(key: key, title: first.title, parts: group.map(\.part))
        }
        let years = Set(judged.flatMap { $0.part.term?.yearsWithoutCalendar ?? [] })
        return Evaluation(obligations: obligations, yearsWithoutCalendar: years.sorted())
    }

    /// Whether records that would be appended together may be.
    ///
    /// A step passes a gate when what the gate asks for stands before it in the history, or comes before or with it in
    /// the step itself.
    public static func judge(
        step proposed: [Record], history: [Record], rules: RulesInForce, calendar: WorkingDays,
        settings: Settings = Settings()
    ) -> StepVerdict {
        let index = RecordIndex(history + proposed)
        let types = Set(proposed.map(\.type))
        // Only duties whose gate can meet the step are judged.
        let judged = judgeAll(index, rules: rules, calendar: calendar, settings: settings) { duty in
            duty.gate.refuses.contains { !types.isDisjoint(with: $0.types) }
        }
        var refused: [Stop: [JudgedPart]] = [:]
        var passed: [Stop: [JudgedPart]] = [:]
        for one in judged {
            for position in one.gateSteps where position >= history.count && !one.admits(position) {
                let stop = Stop(position: position, key: one.key)
                if one.overrides[position] == nil {
                    refused[stop, default: []].append(one)
                } else {
                    passed[stop, default: []].append(one)
                }
            }
        }
        return StepVerdict(
            refusals: refusals(refused, in: index), overridden: refusals(passed, in: index))
    }

    // MARK: every duty on every record that causes it

    private static func judgeAll(
        _ index: RecordIndex, rules: RulesInForce, calendar: WorkingDays, settings: Settings,
        where concerns: (Duty) -> Bool = { _ in true }
    ) -> [JudgedPart] {
        var result: [JudgedPart] = []
        for span in rules.spans {
            for provision in span.regulation.provisions {
                for (number, duty) in provision.duties.enumerated() {
                    guard concerns(duty), duty.trigger.types.contains(where: { index.byType[$0] != nil }) else {
                        continue
                    }
                    let matter =
                        rules.matters[duty.matter] ?? Matter(id: duty.matter, title: duty.matter, per: .caseFile)
                    let judgement = Judgement(
                        index: index, kinds: rules.kinds, settings: settings, declared: span.regulation.settings,
                        per: matter.per)
                    for (subject, trigger) in judgement.causes(of: duty)
                    where index.records[trigger].actDay.map(span.covers) ?? (span.until == nil) {
                        result.append(
                            judgement.judge(
                                duty, number: number, of: provision, span: span, matter: matter, subject: subject,
                                trigger: trigger, calendar: calendar))
                    }
                }
            }
        }
        return result
    }

    // MARK: refusals

    /// A gate at which a step stops.
    private struct Stop: Hashable {
        let position: Int
        let key: ObligationKey
    }

    private static func refusals(_ stops: [Stop: [JudgedPart]], in index: RecordIndex) -> [Refusal] {
        let order = stops.keys.sorted { ($0.position, $0.key) < ($1.position, $1.key) }
        return order.compactMap { stop in
            guard let group = stops[stop], let first = group.first else { return nil }
            let parts = group.map(\.part).sorted { $0.order < $1.order }
            var missing: [Missing] = []
            var citations: [Citation] = []
            for part in parts {
                let lacks = part.missing.isEmpty ? [Missing(part.demand, supplier: part.who)] : part.missing
                for one in lacks where !missing.contains(one) { missing.append(one) }
                if !citations.contains(part.citation) { citations.append(part.citation) }
            }
            // Every provision that refuses must allow the override: nobody may lift a hard gate.
            let allowed = Role.allCases.filter { role in parts.allSatisfy { $0.gate.overridableBy.contains(role) } }
            return Refusal(
                step: index.records[stop.position].type, key: stop.key, title: first.title, citations: citations,
                missing: missing, gate: parts.map(\.gate.level).max() ?? .none, overridableBy: allowed)
        }
    }
}

extension Judgement {
    /// The records that cause a duty: one for each thing it is about, the first or the last that still stands.
    func causes(of duty: Duty) -> [(subject: ObligationSubject, trigger: Int)] {
        var order: [ObligationSubject] = []
        var chosen: [ObligationSubject: Int] = [:]
        var stands: [ObligationSubject: Bool] = [:]
        for position in index.positions(of: duty.trigger.types) {
            guard matches(duty.trigger, at: position, trigger: position),
                let subject = index.subject(of: index.records[position], per: per)
            else { continue }
            let standing = index.voided(index.records[position]) == nil
            if chosen[subject] == nil {
                order.append(subject)
            } else if duty.occurrence == .first
                ? stands[subject] == true || !standing : stands[subject] == true && !standing
            {
                continue
            }
            chosen[subject] = position
            stands[subject] = standing
        }
        return order.compactMap { subject in chosen[subject].map { (subject, $0) } }
    }
}

extension Record {
    /// The day by which the version of a text is chosen: that of the act; for an adoption, the day it takes force.
    var actDay: CivilDay? {
        if type == .regulationAdopted, let day = word("inForceFrom").flatMap({ CivilDay($0) }) { return day }
        return (happenedAt.ordinary ?? recordedAt.ordinary)?.day
    }
}
