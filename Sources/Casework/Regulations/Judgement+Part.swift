import Kernel

/// One duty applied to one thing, with the positions that gates need.
struct JudgedPart {
    let key: ObligationKey
    let title: String
    let part: ObligationPart
    /// The position of the record that caused it.
    let trigger: Int
    /// The position of the record that completed it; nil while unmet.
    let metPosition: Int?
    /// Positions of steps that its gate refuses while it is open.
    let gateSteps: [Int]
    /// Overrides that stand for a step: position of the step → position of the override.
    let overrides: [Int: Int]
    /// Steps that came before a time that has to pass first.
    let early: Set<Int>
    /// For audio-video: how strictly it is asked.
    let level: AVLevel?

    /// Whether the gate stands open for the step at `position`, overrides aside.
    func admits(_ position: Int) -> Bool {
        if early.contains(position) { return false }
        if let metPosition { return metPosition <= position }
        return part.state == .notApplicable || part.state == .excused && part.override == nil
    }
}

extension Judgement {
    /// Applies a duty to the record that causes it.
    func judge(
        _ duty: Duty, number: Int, of provision: Provision, span: RulesInForce.Span, matter: Matter,
        subject: ObligationSubject, trigger: Int
    ) -> JudgedPart {
        let satisfaction = satisfy(duty.requirement, trigger: trigger, metAt: duty.metAt)
        let steps = steps(of: duty, about: subject, from: trigger)
        let overrides = overrides(of: provision.id, gate: duty.gate, steps: steps)
        let passed = steps.first { overrides[$0] == nil && isBefore($0, satisfaction, metAt: duty.metAt) }

        var notes: [String] = []
        let higher = duty.yields ? overriding(provision.id, at: trigger) : nil
        let sum = term(duty, trigger: trigger, replacedBy: higher, notes: &notes)
        let isBreach = duty.requirement == .never
        var due = sum?.due
        var lateFrom = sum?.lateFrom
        if let passed = isBreach ? trigger : passed {
            let step = instant(duty.metAt == .recorded ? .recorded : .happened, at: passed, trigger: trigger)
            if let step, lateFrom.map({ step < $0 }) ?? true {
                due = step
                lateFrom = step
            }
        }

        let voided = index.voided(at: trigger)
        var state = ObligationRow.State.open
        var settledBy: Int?
        var override: ObligationPart.Override?
        if let voided {
            state = .notApplicable
            settledBy = voided
        } else if let higher, index.records[higher].word("effect") == "off" {
            state = .excused
            settledBy = higher
        } else if satisfaction?.isTimed == true, let passed,
            let settled = settled(duty, about: subject, trigger: trigger), settled < passed
        {
            // Nobody had to wait any more when the step was taken.
            state = .excused
            settledBy = settled
        } else if let satisfaction {
            let late = passed != nil || isLate(satisfaction, sum, notes: &notes)
            state = late ? .metLate : .met
        } else if let excuse = excuse(duty, about: subject, trigger: trigger) {
            state = .excused
            settledBy = excuse
        } else if let lapse = lapse(duty, about: subject, trigger: trigger), passed.map({ $0 > lapse }) ?? true {
            state = .notApplicable
            settledBy = lapse
        } else if passed == nil, let step = steps.first(where: { overrides[$0] != nil }), let given = overrides[step] {
            state = .excused
            settledBy = given
            override = .init(given: index.records[given].id, step: index.records[step].type)
        }

        let part = ObligationPart(
            citation: Citation(of: provision, in: span),
            duty: number, demand: duty.demand, who: duty.who, gate: duty.gate, state: state,
            isBreach: isBreach && state == .open, due: due, lateFrom: lateFrom, term: sum,
            causedBy: index.records[trigger].id, metBy: satisfaction?.records.map { index.records[$0].id } ?? [],
            metAt: satisfaction?.at, settledBy: settledBy.map { index.records[$0].id }, override: override,
            missing: state == .open ? lacks(duty.requirement, trigger: trigger, duty: duty) : [], notes: notes)
        let gateSteps = steps.filter { matches(duty.gate.refuses, at: $0, trigger: trigger) }
        return JudgedPart(
            key: ObligationKey(matter: matter.id, subject: subject), title: matter.title, part: part, trigger: trigger,
            metPosition: satisfaction?.position,
            gateSteps: gateSteps, overrides: overrides,
            early: satisfaction?.isTimed == true
                ? Set(gateSteps.filter { isEarly($0, satisfaction, duty, about: subject, trigger: trigger) }) : [],
            level: duty.level)
    }

    // MARK: steps

    /// Steps that should have waited, in the order of the log: those that the gate refuses and those named by the timing.
    private func steps(of duty: Duty, about subject: ObligationSubject, from trigger: Int) -> [Int] {
        let patterns = duty.gate.refuses + duty.timing.before
        guard !patterns.isEmpty else { return [] }
        var types: [EntryType] = []
        for pattern in patterns {
            for type in pattern.types where index.byType.has(type) && !types.contains(type) { types.append(type) }
        }
        guard !types.isEmpty else { return [] }
        return index.positions(of: types).filter { position in
            position >= trigger && isOwnStep(position, of: duty, trigger: trigger)
                && concerns(subject, at: position) && index.voided(at: position) == nil
                && matches(patterns, at: position, trigger: trigger)
        }
    }

    /// Where a duty is about each record and a record of that type is itself the step, it concerns its own step alone:
    /// one access that was not approved does not refuse the next that was.
    private func isOwnStep(_ position: Int, of duty: Duty, trigger: Int) -> Bool {
        per != .record || position == trigger || !duty.trigger.types.contains(index.types[position])
    }

    /// Whether a step was taken before the requirement was met.
    ///
    /// Acts in the world are compared by their stated times, in the order of the log where those are equal; what has to
    /// be brought into the system, by the order of the log.
    private func isBefore(_ step: Int, _ satisfaction: Satisfaction?, metAt: TimeSource) -> Bool {
        guard let satisfaction else { return true }
        if satisfaction.isTimed, let end = satisfaction.at, let act = instant(.happened, at: step, trigger: nil) {
            return act < end || step < satisfaction.position
        }
        if metAt != .recorded, let met = satisfaction.at,
            let act = instant(.happened, at: step, trigger: nil), met != act
        {
            return act < met
        }
        return step < satisfaction.position
    }

    /// Overrides that stand: given before the step, for this provision and this step, with reason and legal basis, by
    /// somebody other than the person who takes the step; each stands for the next such step only (invariant 5).
    private func overrides(of provision: String, gate: Gate, steps: [Int]) -> [Int: Int] {
        guard gate.level != .hard, !gate.overridableBy.isEmpty else { return [:] }
        var result: [Int: Int] = [:]
        var used: Set<Int> = []
        for step in steps {
            let type = index.records[step].type
            let given = (index.byType[.overrideGiven] ?? []).last { position in
                let record = index.records[position]
                return position < step && !used.contains(position) && record.word("provision") == provision
                    && record.word("step") == type.rawValue && record.actor != nil
                    && record.actor != index.records[step].actor && record.fieldNames.contains("reason")
                    && record.fieldNames.contains("legalBasis")
            }
            guard let given else { continue }
            used.insert(given)
            result[step] = given
        }
        return result
    }

    // MARK: what settles without meeting

    /// Where the first record that excuses a duty, or ends its application, stands.
    private func settled(_ duty: Duty, about subject: ObligationSubject, trigger: Int) -> Int? {
        [excuse(duty, about: subject, trigger: trigger), lapse(duty, about: subject, trigger: trigger)]
            .compactMap { $0 }.min()
    }

    /// Whether a step came before the time that had to pass, and nothing had excused it by then.
    private func isEarly(
        _ step: Int, _ satisfaction: Satisfaction?, _ duty: Duty, about subject: ObligationSubject, trigger: Int
    ) -> Bool {
        guard isBefore(step, satisfaction, metAt: duty.metAt) else { return false }
        return settled(duty, about: subject, trigger: trigger).map { $0 > step } ?? true
    }

    private func excuse(_ duty: Duty, about subject: ObligationSubject, trigger: Int) -> Int? {
        guard !duty.excuses.isEmpty else { return nil }
        return index.positions(of: Array(Set(duty.excuses.flatMap(\.types)))).first { position in
            excuses(subject, at: position) && index.voided(at: position) == nil
                && matches(duty.excuses, at: position, trigger: trigger)
        }
    }

    /// An excuse must be about the very thing; where it is about records, it must refer to the one that caused it.
    private func excuses(_ subject: ObligationSubject, at position: Int) -> Bool {
        guard case .record(let cause) = subject else { return index.isAbout(subject, at: position, per: per) }
        return index.records[position].references.contains { $0.thread == cause.thread && $0.seq == cause.seq }
    }

    private func lapse(_ duty: Duty, about subject: ObligationSubject, trigger: Int) -> Int? {
        guard !duty.lapses.isEmpty else { return nil }
        return index.positions(of: Array(Set(duty.lapses.flatMap(\.types)))).first { position in
            concerns(subject, at: position) && index.voided(at: position) == nil
                && matches(duty.lapses, at: position, trigger: trigger)
        }
    }
}
