import Kernel

/// A duty made ready: what it asks, with everything that is the same for every history.
final class PlannedDuty: Sendable {
    let span: RulesInForce.Span
    /// The span's place among the texts in force.
    let spanPlace: Int
    let days: ForceDays
    /// The days of the other versions of the text.
    let otherVersions: [ForceDays]
    /// Those of them on which the same record causes the same duty: what it causes then is theirs to judge.
    let sameElsewhere: [ForceDays]
    let number: Int
    let duty: Duty
    let matter: Matter
    /// The matter's place among all.
    let matterPlace: Int
    let facts: PartFacts
    let trigger: PlannedPattern
    let requirement: PlannedRequirement
    let excuses: PlannedPatterns
    let lapses: PlannedPatterns
    /// What its gate refuses.
    let refuses: PlannedPatterns
    /// Steps that should wait for it: what its gate refuses and what its timing names.
    let steps: PlannedPatterns
    /// Which instant of the meeting record counts.
    let metAt: TimeSource
    let term: Term?
    /// Whether the record that causes it is itself the breach.
    let isBreach: Bool
    /// Whether it asks that time has passed before a step.
    let waits: Bool
    /// Whether a higher rule takes its place.
    let yields: Bool
    /// Whether anybody may let a step pass.
    let isOverridable: Bool
    /// Whether steps that its gate does not refuse should wait too.
    let hasEarlierSteps: Bool
    let reach: DutyReach
    /// Its place in the order of provisions; equal where two spans hold one duty of one file.
    let rank: Int

    init(
        span: RulesInForce.Span, spanPlace: Int, days: ForceDays, otherVersions: [ForceDays],
        sameElsewhere: [ForceDays], number: Int, duty: Duty, matter: Matter, matterPlace: Int, facts: PartFacts,
        trigger: PlannedPattern,
        requirement: PlannedRequirement, excuses: PlannedPatterns,
        lapses: PlannedPatterns, refuses: PlannedPatterns, steps: PlannedPatterns, rank: Int
    ) {
        self.span = span
        self.spanPlace = spanPlace
        self.days = days
        self.otherVersions = otherVersions
        self.sameElsewhere = sameElsewhere
        self.number = number
        self.duty = duty
        self.matter = matter
        self.matterPlace = matterPlace
        self.facts = facts
        self.trigger = trigger
        self.requirement = requirement
        self.excuses = excuses
        self.lapses = lapses
        self.refuses = refuses
        self.steps = steps
        self.rank = rank
        metAt = duty.metAt
        term = duty.timing.term
        yields = duty.yields
        isBreach = duty.requirement == .never
        waits = requirement.waits
        isOverridable = duty.gate.level != .hard && !duty.gate.overridableBy.isEmpty
        hasEarlierSteps = !duty.timing.before.isEmpty
        reach = DutyReach(duty, per: matter.per)
    }

    /// Whether a record of this day can cause the duty under any version of the text.
    func isCaused(on day: CivilDay?) -> Bool {
        days.judge(day) || sameElsewhere.contains { $0.judge(day) }
    }

    /// Whether a term that starts on this day is held against anybody: a version of the text was in force.
    func binds(on day: CivilDay) -> Bool {
        days.from <= day || otherVersions.contains { $0.judge(day) }
    }
}

/// The days on which a version is in force.
struct ForceDays: Sendable {
    let from: CivilDay
    /// The first day no more in force; nil if open.
    let until: CivilDay?

    /// Whether the version judges what comes of an act of this day; of an act without day, if it has no end.
    func judge(_ day: CivilDay?) -> Bool {
        guard let day else { return until == nil }
        return from <= day && until.map { day < $0 } ?? true
    }
}

/// What every part of one duty says alike.
final class PartFacts: Hashable, Sendable {
    let citation: Citation
    let duty: Int
    let demand: String
    let gate: Gate

    init(citation: Citation, duty: Int, demand: String, gate: Gate) {
        self.citation = citation
        self.duty = duty
        self.demand = demand
        self.gate = gate
    }

    static func == (left: PartFacts, right: PartFacts) -> Bool {
        left === right
            || left.duty == right.duty && left.citation == right.citation && left.demand == right.demand
                && left.gate == right.gate
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(citation)
        hasher.combine(duty)
    }
}

/// A permission made ready.
final class PlannedAllowance: Sendable {
    let spanPlace: Int
    let days: ForceDays
    let provision: Provision
    let allowance: Allowance
    let matter: Matter
    let citation: Citation
    let when: PlannedPattern
    let reach: DutyReach

    init(
        span: RulesInForce.Span, spanPlace: Int, provision: Provision, allowance: Allowance, matter: Matter,
        when: PlannedPattern
    ) {
        self.spanPlace = spanPlace
        days = span.days(of: provision)
        self.provision = provision
        self.allowance = allowance
        self.matter = matter
        self.when = when
        citation = Citation(of: provision, in: span)
        reach = DutyReach(allowance, per: matter.per)
    }
}

/// A figure made ready.
final class PlannedFigure: Sendable {
    let span: RulesInForce.Span
    let spanPlace: Int
    let figure: Figure
    let citation: Citation
    let counts: Count
    let outOf: Count?

    /// What is counted.
    enum Count: Sendable {
        case records(PlannedPattern, distinct: Path?)
        /// Matters by their places among all that figures count.
        case obligations(matters: [Int], standing: [ObligationStanding])
    }

    init(
        span: RulesInForce.Span, spanPlace: Int, figure: Figure, citation: Citation, counts: Count, outOf: Count?
    ) {
        self.span = span
        self.spanPlace = spanPlace
        self.figure = figure
        self.citation = citation
        self.counts = counts
        self.outOf = outOf
    }
}
