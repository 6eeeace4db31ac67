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
        let ground = Ground(history, rules: rules, calendar: calendar, settings: settings, asOf: asOf)
        let judged = ground.judgeAll()
        let (obligations, matters) = joined(judged, on: ground)
        var years: Set<Int> = []
        // By place, so that parts are looked at where they are.
        for place in judged.indices where judged[place].part.term?.yearsWithoutCalendar.isEmpty == false {
            years.formUnion(judged[place].part.term?.yearsWithoutCalendar ?? [])
        }
        let grants = ground.grants().map(\.grant)
        var asked: [(subject: ObligationSubject, level: AVLevel?, citation: Citation)] = []
        for place in judged.indices where judged[place].level != nil && judged[place].part.state != .notApplicable {
            asked.append((ground.subject(judged[place].subject), judged[place].level, judged[place].part.citation))
        }
        for grant in grants where grant.level != nil { asked.append((grant.key.subject, grant.level, grant.citation)) }
        return Evaluation(
            obligations: obligations, grants: grants, media: Ground.media(asked),
            figures: ground.figures(of: obligations, matters: matters), yearsWithoutCalendar: years.sorted())
    }

    /// Parts of one matter about one thing make one obligation; obligations stand in the order in which they arose.
    ///
    /// - Returns: beside them, the places of their matters.
    private static func joined(_ judged: [JudgedPart], on ground: Ground) -> ([Obligation], [Int]) {
        // Position of the cause, then the order of provisions, then that of the plan, as one number.
        let order = judged.indices.map { place in
            UInt64(judged[place].trigger) << 40 | UInt64(judged[place].planned.rank) << 24 | UInt64(place)
        }.sorted()
        // Each group is a chain through the parts: most have one.
        var groups = GroupPlaces(atMost: judged.count)
        var heads: [(first: Int, last: Int, count: Int)] = []
        heads.reserveCapacity(judged.count)
        var next = [Int](repeating: -1, count: judged.count)
        for number in order {
            let place = Int(number & 0xFF_FFFF)
            let known = groups.place(of: judged[place].group, orNew: heads.count)
            if known < heads.count {
                next[heads[known].last] = place
                heads[known].last = place
                heads[known].count += 1
            } else {
                heads.append((place, place, 1))
            }
        }
        let obligations = heads.map { head -> Obligation in
            let key = judged[head.first].key(on: ground)
            let title = judged[head.first].planned.matter.title
            guard head.count > 1 else {
                return Obligation(key: key, title: title, ordered: [judged[head.first].part])
            }
            var places: [Int] = []
            places.reserveCapacity(head.count)
            var place = head.first
            while place >= 0 {
                places.append(place)
                place = next[place]
            }
            // Parts of one cause stand in the order of provisions already.
            func isBefore(_ one: Int, _ other: Int) -> Bool { judged[one].planned.rank < judged[other].planned.rank }
            if zip(places, places.dropFirst()).allSatisfy(isBefore) {
                return Obligation(key: key, title: title, ordered: places.map { judged[$0].part })
            }
            let sorted = places.sorted(by: isBefore)
            // Parts of one rank differ by their causes alone; that is rare, and told by text.
            guard zip(sorted, sorted.dropFirst()).allSatisfy(isBefore) else {
                return Obligation(key: key, title: title, parts: places.map { judged[$0].part })
            }
            return Obligation(key: key, title: title, ordered: sorted.map { judged[$0].part })
        }
        return (obligations, heads.map { judged[$0.first].planned.matterPlace })
    }

    /// Whether records that would be appended together may be.
    ///
    /// A step passes a gate when what the gate asks for stands before it in the history, or comes before or with it in
    /// the step itself.
    public static func judge(
        step proposed: [Record], history: [Record], rules: RulesInForce, calendar: WorkingDays,
        settings: Settings = Settings()
    ) -> StepVerdict {
        let ground = Ground(history + proposed, rules: rules, calendar: calendar, settings: settings)
        return verdict(on: ground, from: history.count)
    }

    /// Whether the records from a position on may be, of a ground that holds them.
    static func verdict(on ground: Ground, from first: Int) -> StepVerdict {
        // Only duties whose gate can meet the step are judged.
        var places: Set<Int> = []
        for position in first..<ground.index.records.count {
            places.formUnion(ground.plan.refusing[ground.index.types[position].ordinal])
        }
        var judged: [JudgedPart] = []
        for place in places.sorted() {
            let planned = ground.plan.duties[place]
            let canRefuse = ground.positions(matching: planned.refuses).last.map { $0 >= first } ?? false
            if canRefuse { ground.judge(planned, into: &judged) }
        }
        var refused: [Stop: [JudgedPart]] = [:]
        var passed: [Stop: [JudgedPart]] = [:]
        for one in judged {
            for position in one.gateSteps where position >= first && !one.admits(position) {
                let stop = Stop(position: position, key: one.key(on: ground))
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
        let order = stops.compactMap { stop, group in group.first.map { (stop: stop, first: $0, group: group) } }
            .sorted {
                ($0.stop.position, $0.first.planned.matter.order, $0.stop.key)
                    < ($1.stop.position, $1.first.planned.matter.order, $1.stop.key)
            }
        return order.map { stop, first, group in
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
                step: index.types[stop.position], key: stop.key, title: first.planned.matter.title,
                citations: citations, missing: Missing.withoutWeaker(missing),
                gate: parts.map(\.gate.level).max() ?? .none, overridableBy: allowed)
        }
    }
}

/// A table from groups to their places, for as many as were told. Our own numbers are its keys, which nobody outside can
/// choose: they need no hash that withstands it.
struct GroupPlaces {
    private var keys: [UInt64]
    private var places: [Int32]
    private let shift: UInt64

    init(atMost count: Int) {
        let bits = Int.bitWidth - max(count * 2, 2).leadingZeroBitCount
        keys = [UInt64](repeating: 0, count: 1 << bits)
        places = [Int32](repeating: -1, count: 1 << bits)
        shift = UInt64(64 - bits)
    }

    /// The place of a group; `new` from now on if it had none.
    mutating func place(of group: UInt64, orNew new: Int) -> Int {
        var slot = Int(truncatingIfNeeded: (group &* 0x9E37_79B9_7F4A_7C15) >> shift)
        while places[slot] >= 0 {
            if keys[slot] == group { return Int(places[slot]) }
            slot = (slot + 1) & (keys.count - 1)
        }
        keys[slot] = group
        places[slot] = Int32(new)
        return new
    }
}
