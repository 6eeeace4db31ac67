import Kernel

/// One duty applied to one thing, with the positions that gates need.
struct JudgedPart {
    let planned: PlannedDuty
    /// The number of what it is about.
    let subject: Int32
    let part: ObligationPart
    /// For audio-video: how strictly it is asked; nil also where a higher rule took the row out.
    let level: AVLevel?
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

    /// Matter and subject as one number: parts of one obligation have the same.
    var group: UInt64 { UInt64(planned.matterPlace) << 32 | UInt64(subject) }

    func key(on ground: Ground) -> ObligationKey {
        ObligationKey(matter: planned.matter.id, subject: ground.subject(subject))
    }

    /// Whether the gate stands open for the step at `position`, overrides aside.
    func admits(_ position: Int) -> Bool {
        if early.contains(position) { return false }
        if let metPosition { return metPosition <= position }
        return part.state == .notApplicable || part.state == .excused && part.override == nil
    }
}

extension Judgement {
    /// Applies the duty to the record that causes it.
    func judge(about subject: Int32, trigger: Int) -> JudgedPart {
        let voided = spared == nil ? ground.index.voided(at: trigger) : nil
        if let voided, let broken = brokenBeforeVoid(at: voided, about: subject, trigger: trigger) { return broken }
        let satisfaction = satisfy(planned.requirement, trigger: trigger, metAt: planned.metAt)
        let steps = steps(about: subject, from: trigger)
        let overrides = steps.isEmpty || !planned.isOverridable ? [:] : overrides(steps: steps)
        let passed = steps.first { overrides[$0] == nil && isBefore($0, satisfaction, metAt: planned.metAt) }

        var notes: [String] = []
        let higher = planned.yields ? ground.overriding(planned.facts.citation.provision, at: trigger) : nil
        let level = level(replacedBy: higher)
        var standing: Instant?
        let sum = term(trigger: trigger, replacedBy: higher, notes: &notes, standing: &standing)
        let reminder = reminder(trigger: trigger, notes: &notes)
        if let higher, !changes(by: higher) { notes.append("登记的适用上位规定没有写明可以执行的改变，没有据以改变这项义务") }
        if spared != nil { notes.append("文书后来已经作废，作废以前已经违反的仍然保留") }
        if isReplaced { notes.append("后来另有同样的起因，此前已经违反的仍然保留") }
        if isCutOff { notes.append("往后的期数超出\(Recurrence.bound)期，没有再判断") }
        let isBreach = planned.isBreach
        var due = sum?.due
        var lateFrom = sum?.lateFrom
        if let passed = isBreach ? trigger : passed {
            let step =
                planned.waits
                ? taken(passed)
                : instant(planned.metAt == .recorded ? .recorded : .happened, at: passed, trigger: trigger)
            if let step, lateFrom.map({ step < $0 }) ?? true {
                due = step
                lateFrom = step
            }
        }

        var state = ObligationRow.State.open
        var settledBy: Int?
        var override: ObligationPart.Override?
        if let voided {
            state = .notApplicable
            settledBy = voided
        } else if let higher, ground.index.records[higher].word("effect") == "off" || isRelaxed(level) {
            state = .excused
            settledBy = higher
        } else if satisfaction?.isTimed == true, let passed,
            let settled = settled(about: subject, trigger: trigger), settled < passed
        {
            // Nobody had to wait any more when the step was taken.
            state = .excused
            settledBy = settled
        } else if let satisfaction, passed == nil, let ending = ending(of: satisfaction, sum, subject, trigger) {
            state = .notApplicable
            settledBy = ending
        } else if let satisfaction {
            let late = passed != nil || isLate(satisfaction, sum, notes: &notes)
            state = late ? .metLate : .met
        } else if let excuse = excuse(about: subject, trigger: trigger), !isOver(sum, at: excuse) {
            state = .excused
            settledBy = excuse
        } else if let lapse = lapse(about: subject, trigger: trigger), passed.map({ $0 > lapse }) ?? true,
            !isOver(sum, at: lapse)
        {
            state = .notApplicable
            settledBy = lapse
        } else if passed == nil, let step = steps.first(where: { overrides[$0] != nil }), let given = overrides[step] {
            state = .excused
            settledBy = given
            override = .init(given: ground.index.records[given].id, step: ground.index.types[step])
        }

        let part = ObligationPart(
            facts: planned.facts, who: who, state: state,
            isBreach: isBreach && state == .open, due: due, lateFrom: lateFrom, term: sum,
            standingSince: standing, reminder: reminder,
            causedBy: ground.index.records[trigger].id,
            metBy: satisfaction.map { ids(of: $0) } ?? [],
            metAt: satisfaction?.at, settledBy: settledBy.map { ground.index.records[$0].id }, override: override,
            missing: state == .open ? lacks(planned.requirement, trigger: trigger) : [], notes: notes)
        let gateSteps =
            (spared != nil || isReplaced) && planned.facts.gate.level != .close
            ? []
            : planned.hasEarlierSteps
                ? steps.filter { ground.matches(planned.refuses, at: $0, trigger: trigger, activity: activity) } : steps
        return JudgedPart(
            planned: planned, subject: subject, part: part, level: level, trigger: trigger,
            metPosition: state == .notApplicable && voided == nil ? nil : satisfaction?.position,
            gateSteps: gateSteps, overrides: overrides,
            early: satisfaction?.isTimed == true
                ? Set(gateSteps.filter { isEarly($0, satisfaction, about: subject, trigger: trigger) }) : [])
    }

    /// The records that met a requirement, in order.
    private func ids(of satisfaction: Satisfaction) -> [RecordID] {
        guard let first = satisfaction.first else { return [] }
        if satisfaction.further.isEmpty { return [ground.index.records[first].id] }
        return ([first] + satisfaction.further).map { ground.index.records[$0].id }
    }

    // MARK: steps

    /// Steps that should have waited, in the order of the log: those that the gate refuses and those named by the timing.
    private func steps(about subject: Int32, from trigger: Int) -> [Int] {
        guard planned.steps.typeSet.meets(ground.index.present) else { return [] }
        var result: [Int] = []
        for position in ground.positions(matching: planned.steps) {
            guard position >= trigger, isOwnStep(position, trigger: trigger), concerns(subject, at: position),
                !isVoid(at: position),
                ground.completes(planned.steps, at: position, trigger: trigger, activity: activity)
            else { continue }
            result.append(position)
        }
        return result
    }

    /// Where a duty is about each record and a record of that type is itself the step, it concerns its own step alone:
    /// one access that was not approved does not refuse the next that was.
    private func isOwnStep(_ position: Int, trigger: Int) -> Bool {
        per != .record || position == trigger || !planned.trigger.typeSet.contains(ground.index.types[position])
    }

    /// Whether a step was taken before the requirement was met.
    ///
    /// Acts in the world are compared by their stated times, in the order of the log where those are equal; what has to
    /// be brought into the system, by the order of the log.
    private func isBefore(_ step: Int, _ satisfaction: Satisfaction?, metAt: TimeSource) -> Bool {
        guard let satisfaction else { return true }
        if satisfaction.isTimed, let end = satisfaction.at, let act = taken(step) {
            return act < end || step < satisfaction.position
        }
        if metAt != .recorded, let met = satisfaction.at,
            let act = instant(.happened, at: step, trigger: nil), met != act
        {
            return act < met
        }
        return step < satisfaction.position
    }

    /// When a step was taken that had to wait: what `met-at` names where the step tells it, else when it happened.
    private func taken(_ step: Int) -> Instant? {
        if case .member = planned.metAt, let told = instant(planned.metAt, at: step, trigger: nil) { return told }
        return instant(.happened, at: step, trigger: nil)
    }

    // MARK: what settles without meeting

    /// Where the first record that excuses a duty, or ends its application, stands.
    private func settled(about subject: Int32, trigger: Int) -> Int? {
        [excuse(about: subject, trigger: trigger), lapse(about: subject, trigger: trigger)].compactMap { $0 }.min()
    }

    /// The lapse that was there before anything could meet the duty: what would meet it is itself what ends its application
    /// (who has paid is not taken to court, and nobody says that the court was applied to), or the time that had to pass was
    /// still running. Nil where the term was over by then: it was broken, and is met late.
    private func ending(of satisfaction: Satisfaction, _ sum: TermSum?, _ subject: Int32, _ trigger: Int) -> Int? {
        guard let lapse = lapse(about: subject, trigger: trigger) else { return nil }
        if satisfaction.isTimed {
            guard let end = satisfaction.at, let at = instant(.happened, at: lapse, trigger: nil) else { return nil }
            return at < end ? lapse : nil
        }
        guard satisfaction.first == lapse, satisfaction.further.isEmpty else { return nil }
        return sum.map { sum in satisfaction.at.map { $0 >= sum.lateFrom } ?? false } == true ? nil : lapse
    }

    /// Whether a step came before the time that had to pass, and nothing had excused it by then.
    private func isEarly(_ step: Int, _ satisfaction: Satisfaction?, about subject: Int32, trigger: Int) -> Bool {
        guard isBefore(step, satisfaction, metAt: planned.metAt) else { return false }
        return settled(about: subject, trigger: trigger).map { $0 > step } ?? true
    }

    /// Whether a term was over when the record at a position came: what was broken by then stays broken.
    private func isOver(_ sum: TermSum?, at position: Int) -> Bool {
        guard let sum, let at = instant(.happened, at: position, trigger: nil) else { return false }
        return at >= sum.lateFrom
    }

    private func excuse(about subject: Int32, trigger: Int) -> Int? {
        first(of: planned.excuses, trigger: trigger) { excuses(subject, trigger: trigger, at: $0) }
    }

    /// An excuse must be about the very thing; where it is about records, it must refer to the one that caused it.
    private func excuses(_ subject: Int32, trigger: Int, at position: Int) -> Bool {
        guard per == .record, period == nil else { return isAbout(subject, at: position) }
        let cause = ground.index.records[trigger].id
        return ground.index.records[position].references.contains { $0.thread == cause.thread && $0.seq == cause.seq }
    }

    private func lapse(about subject: Int32, trigger: Int) -> Int? {
        first(of: planned.lapses, trigger: trigger) { concerns(subject, at: $0) }
    }

    /// The first record that stands and matches any of some patterns.
    private func first(of group: PlannedPatterns, trigger: Int, where isMeant: (Int) -> Bool) -> Int? {
        guard group.typeSet.meets(ground.index.present) else { return nil }
        for position in ground.positions(matching: group) {
            if isMeant(position), !isVoid(at: position),
                ground.completes(group, at: position, trigger: trigger, activity: activity)
            {
                return position
            }
        }
        return nil
    }
}
