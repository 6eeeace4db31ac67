import Kernel

/// Judges a history by the rules in force: a pure function of its arguments.
///
/// The history is a case's own thread and the threads of its linked recordings (or, for duties of the bureau, the
/// bureau's and its persons' threads), in the order of the log. Times may be missing or out of order; equal times keep
/// the order of the log.
public enum Evaluator {
    /// Every obligation of a history, every permission, the joined media and the figures.
    ///
    /// - Parameter asOf: the instant of asking, by default that of the last entry. It bounds only what comes with time
    ///   alone: periods of duties that come again, and times that must pass first.
    public static func evaluate(
        history: [Record], rules: RulesInForce, calendar: WorkingDays, settings: Settings = Settings(),
        asOf: Instant? = nil
    ) -> Evaluation {
        let ground = Ground(
            index: RecordIndex(history), rules: rules, calendar: calendar, settings: settings, asOf: asOf)
        let judged = ground.judgeAll()
        var order: [ObligationKey] = []
        var groups: [ObligationKey: [JudgedPart]] = [:]
        for one in judged.sorted(by: { $0.trigger == $1.trigger ? $0.part.precedes($1.part) : $0.trigger < $1.trigger })
        {
            if groups[one.key] == nil { order.append(one.key) }
            groups[one.key, default: []].append(one)
        }
        let obligations = order.compactMap { key -> Obligation? in
            guard let group = groups[key], let first = group.first else { return nil }
            return Obligation(key: key, title: first.title, parts: group.map(\.part))
        }
        let years = Set(judged.flatMap { $0.part.term?.yearsWithoutCalendar ?? [] })
        let grants = ground.grants()
        return Evaluation(
            obligations: obligations, grants: grants, media: ground.media(judged, grants),
            figures: ground.figures(of: obligations), yearsWithoutCalendar: years.sorted())
    }

    /// Whether records that would be appended together may be.
    ///
    /// A step passes a gate when what the gate asks for stands before it in the history, or comes before or with it in
    /// the step itself.
    public static func judge(
        step proposed: [Record], history: [Record], rules: RulesInForce, calendar: WorkingDays,
        settings: Settings = Settings()
    ) -> StepVerdict {
        let ground = Ground(
            index: RecordIndex(history + proposed), rules: rules, calendar: calendar, settings: settings)
        let types = Set(proposed.map(\.type))
        // Only duties whose gate can meet the step are judged.
        let judged = ground.judgeAll { duty in
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
            refusals: refusals(refused, in: ground.index), overridden: refusals(passed, in: ground.index))
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
            let parts = group.map(\.part).sorted { $0.precedes($1) }
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
                step: index.types[stop.position], key: stop.key, title: first.title, citations: citations,
                missing: missing, gate: parts.map(\.gate.level).max() ?? .none, overridableBy: allowed)
        }
    }
}
