import Kernel

/// How a requirement was met.
struct Satisfaction {
    /// The position of the record that completed it.
    var position: Int
    /// When, as held against the term; nil if that instant is not stated.
    var at: Instant?
    /// All records it took, in order: the first, of which mostly it is all, and what follows it.
    private(set) var first: Int?
    private(set) var further: [Int] = []
    /// Whether it comes with time alone: what is earlier than `at` came too early, wherever it stands in the log.
    var isTimed = false

    /// Met by one record.
    init(by record: Int, at instant: Instant?) {
        position = record
        at = instant
        first = record
    }

    /// Met by time alone, seen from the causing record.
    init(passedAt instant: Instant, from trigger: Int) {
        position = trigger
        at = instant
        isTimed = true
    }

    /// Both together: complete when the later one is.
    mutating func join(_ other: Satisfaction) {
        if let one = at, let two = other.at { at = max(one, two) } else { at = at ?? other.at }
        position = max(position, other.position)
        isTimed = isTimed || other.isTimed
        if let record = other.first { note(record) }
        for record in other.further { note(record) }
    }

    /// Together with one more record.
    mutating func join(_ record: Int, at instant: Instant?) {
        if let one = at, let two = instant { at = max(one, two) } else { at = at ?? instant }
        position = max(position, record)
        note(record)
    }

    private mutating func note(_ record: Int) {
        guard let first else {
            self.first = record
            return
        }
        guard record > first else {
            guard record < first else { return }
            further.insert(first, at: 0)
            self.first = record
            return
        }
        guard let last = further.last, record <= last else { return further.append(record) }
        guard !further.contains(record) else { return }
        further.insert(record, at: further.firstIndex { record < $0 } ?? further.count)
    }
}

extension Judgement {
    /// The earliest way in which the history meets a requirement; nil if it does not.
    func satisfy(_ requirement: PlannedRequirement, trigger: Int, metAt: TimeSource) -> Satisfaction? {
        switch requirement {
        case .record(let planned):
            guard planned.together.isEmpty else { return together(planned, trigger: trigger, metAt: metAt) }
            if let unbroken = planned.unbroken {
                return satisfyUnbroken(planned, unbroken, trigger: trigger, metAt: metAt)
            }
            var result: Satisfaction?
            eachCandidate(for: planned, trigger: trigger) { position in
                guard isFilled(planned.fields, at: position, trigger: trigger) else { return true }
                result = Satisfaction(by: position, at: whenMet(metAt, at: position, trigger: trigger))
                return false
            }
            return result
        case .document(let planned):
            var result: Satisfaction?
            let subject = plainSubject(planned.wanted.tie, of: trigger)
            for fixed in standing(planned) {
                if let subject, numbers[fixed] != subject { continue }
                guard isWanted(fixed, planned, trigger: trigger) else { continue }
                guard let one = satisfy(planned, fixed: fixed, trigger: trigger, metAt: metAt) else { continue }
                if result.map({ one.position < $0.position }) ?? true { result = one }
            }
            return result
        case .all(let parts):
            var result: Satisfaction?
            for part in parts {
                guard let one = satisfy(part, trigger: trigger, metAt: metAt) else { return nil }
                if result == nil { result = one } else { result?.join(one) }
            }
            return result
        case .any(let choice):
            var result: Satisfaction?
            for way in choice.ways {
                guard let one = satisfy(way, trigger: trigger, metAt: metAt) else { continue }
                if result.map({ one.position < $0.position }) ?? true { result = one }
            }
            return result
        case .elapsed(let planned):
            guard let end = passed(planned.term, trigger: trigger), end <= ground.asOf else { return nil }
            return Satisfaction(passedAt: end, from: trigger)
        case .never:
            return nil
        }
    }

    /// The first records that match and, taken together, hold what is asked of all of them.
    private func together(_ planned: PlannedRecord, trigger: Int, metAt: TimeSource) -> Satisfaction? {
        var positions: [Int] = []
        var sum: Satisfaction?
        var isMet = false
        eachCandidate(for: planned, trigger: trigger) { position in
            guard isFilled(planned.fields, at: position, trigger: trigger) else { return true }
            positions.append(position)
            let at = whenMet(metAt, at: position, trigger: trigger)
            if sum == nil {
                sum = Satisfaction(by: position, at: at)
            } else {
                sum?.join(position, at: at)
            }
            isMet = ground.hold(planned.together, atAllOf: positions, trigger: trigger, activity: activity)
            return !isMet
        }
        return isMet ? sum : nil
    }

    /// From when a term has passed; nil where its start is not stated.
    func passed(_ term: Term, trigger: Int) -> Instant? {
        var notes: [String] = []
        var standing: Instant?
        guard let sum = sum(of: term, matter: "", trigger: trigger, notes: &notes, standing: &standing) else {
            return nil
        }
        return sum.lastDay == nil ? sum.due : sum.lateFrom
    }

    /// When a record met a duty, as held against its term. A record that could state the instant and does not is held to
    /// when it happened: what is left out never makes late in time.
    func whenMet(_ source: TimeSource, at position: Int, trigger: Int) -> Instant? {
        if let found = instant(source, at: position, trigger: trigger) { return found }
        let couldTell = couldTell(source, at: position, trigger: trigger)
        for other in planned.duty.metAtElse {
            if couldTell, other == .recorded || other == .happened { continue }
            if let found = instant(other, at: position, trigger: trigger) { return found }
        }
        guard couldTell else { return nil }
        return instant(.happened, at: position, trigger: trigger)
    }

    /// Whether a record could hold the time that a path names, and does not.
    private func couldTell(_ source: TimeSource, at position: Int, trigger: Int) -> Bool {
        guard case .member(let path) = source, case .own = path.scope, path.members.count == 1,
            ground.index.records[position].type.members[path.members[0]] != nil,
            let values = ground.find(path, at: position, trigger: trigger, activity: activity).values
        else { return false }
        return values.allSatisfy(\.isBlank)
    }

    // MARK: records

    /// Records that match and are tied, in the order of the log, until `body` says that it needs no more; whether they
    /// hold enough is another question.
    func eachCandidate(for planned: PlannedRecord, trigger: Int, _ body: (Int) -> Bool) {
        if planned.latest {
            let positions = planned.isItself ? [trigger] : ground.index.positions(of: planned.pattern.types)
            let stood = positions.last { position in
                position < trigger && tied(position, by: planned.tie, to: trigger) && !isVoid(at: position)
                    && ground.holds(planned.latestOf, at: position, trigger: trigger, activity: activity)
            }
            // What takes it back after the cause changes nothing of what stood then.
            guard let stood, ground.matches(planned.pattern, at: stood, trigger: trigger, activity: activity),
                !isUndone(stood, by: planned.undoneBy, before: trigger)
            else { return }
            _ = body(stood)
            return
        }
        func isCandidate(_ position: Int) -> Bool {
            (!planned.afterCause || comesAfter(trigger, position)) && (!planned.beforeCause || position < trigger)
                && tied(position, by: planned.tie, to: trigger) && !isVoid(at: position)
                && ground.completes(planned.pattern, at: position, trigger: trigger, activity: activity)
                && !isUndone(position, by: planned.undoneBy, before: planned.beforeCause ? trigger : .max)
        }
        if planned.isItself {
            guard ground.matches(planned.pattern, at: trigger, trigger: trigger, activity: activity),
                isCandidate(trigger)
            else { return }
            _ = body(trigger)
            return
        }
        let subject = plainSubject(planned.tie, of: trigger)
        if let subject, subject < 0 { return }
        for position in ground.positions(matching: planned.pattern) {
            if let subject, numbers[position] != subject { continue }
            if isCandidate(position), !body(position) { return }
        }
    }

    /// Whether a record comes after the cause; of a duty by quarter or year, after the period is over too.
    private func comesAfter(_ trigger: Int, _ position: Int) -> Bool {
        position > trigger && period?.isOver(before: ground.index.records[position]) ?? true
    }

    /// Whether a later record takes back the one at a position; with an end, one that stands before it.
    private func isUndone(_ position: Int, by patterns: PlannedPatterns, before end: Int = .max) -> Bool {
        guard patterns.typeSet.meets(ground.index.present) else { return false }
        return ground.positions(matching: patterns).contains { later in
            later > position && later < end && !isVoid(at: later)
                && ground.completes(patterns, at: later, trigger: position)
        }
    }

    /// What a record must be about to be tied to the cause, where a look at its number settles that; negative where no
    /// record is.
    private func plainSubject(_ tie: Tie, of trigger: Int) -> Int32? {
        guard tie == .sameSubject, per != .record, !ground.index.hasShared else { return nil }
        return numbers[trigger]
    }

    private func tied(_ position: Int, by tie: Tie, to trigger: Int) -> Bool {
        if let period, !period.holds(ground.index.records[position], at: position) { return false }
        switch tie {
        case .anywhere: return true
        case .itself: return position == trigger
        case .refers(let role): return ground.index.referred(role, from: position) == trigger
        case .named(let member):
            guard let name = ground.index.records[trigger].word(member) else { return false }
            return ground.index.document(at: position)?.id == name
        case .about:
            guard let about = ground.index.document(at: trigger)?.id, let fixed = ground.index.fixed(at: position)
            else {
                return false
            }
            return ground.index.records[fixed].word("about") == about
        case .same(.person):
            guard let person = person(at: trigger) else { return false }
            return self.person(at: position) == person
        case .same(let other):
            let subject = number(at: trigger, per: other)
            return subject >= 0
                && ground.isAbout(subject, at: position, per: other, ground.index.numbers(per: other))
        case .sameSubject:
            if per == .record { return position == trigger || ground.index.refers(position, to: trigger) }
            let subject = number(at: trigger, per: per)
            return subject >= 0 && isAbout(subject, at: position)
        }
    }

    /// The person that a record is about; where it names none, who recorded it.
    private func person(at position: Int) -> ThreadTag? {
        ground.index.thread(of: ground.index.records[position], kind: .person) ?? ground.index.records[position].actor
    }

    // MARK: documents

    /// Whether a document of the wanted kinds is tied to the cause.
    func isTied(_ fixed: Int, _ planned: PlannedDocument, trigger: Int) -> Bool {
        (!planned.wanted.afterCause || comesAfter(trigger, fixed)) && tied(fixed, by: planned.wanted.tie, to: trigger)
    }

    /// Whether a document of the wanted kinds is tied to the cause, and as it should be.
    func isWanted(_ fixed: Int, _ planned: PlannedDocument, trigger: Int) -> Bool {
        isTied(fixed, planned, trigger: trigger)
            && ground.holds(planned.conditions, at: fixed, trigger: trigger, activity: activity)
    }

    private func satisfy(
        _ planned: PlannedDocument, fixed: Int, trigger: Int, metAt: TimeSource
    ) -> Satisfaction? {
        guard isFilled(planned.fields, at: fixed, trigger: trigger) else { return nil }
        var result = Satisfaction(by: fixed, at: whenMet(metAt, at: fixed, trigger: trigger))
        for slot in planned.slots where ground.holds(slot.when, at: fixed, trigger: trigger, activity: activity) {
            let signatures = signatures(for: slot, fixed: fixed, trigger: trigger)
            let needed = needed(slot, fixed: fixed)
            guard signatures.count >= needed else { return nil }
            for position in signatures.prefix(needed) {
                result.join(position, at: whenMet(metAt, at: position, trigger: trigger))
            }
        }
        if planned.wanted.issued {
            guard let issued = ground.index.document(at: fixed)?.issued else { return nil }
            result.join(issued, at: whenMet(metAt, at: issued, trigger: trigger))
        }
        return result
    }

    /// How many signatures a slot asks of a document: of a repeated one as many as the form names people for it.
    func needed(_ slot: PlannedSlot, fixed: Int) -> Int {
        guard slot.isRepeated, let kind = ground.plan.kinds.kind(fixedBy: ground.index.records[fixed]) else {
            return slot.wanted.count
        }
        var needed = slot.wanted.count
        for name in slot.wanted.slots where name.hasSuffix("*") {
            guard let definition = kind.slots.first(where: { $0.repeats && name.dropLast() == $0.name }) else {
                continue
            }
            let fields = definition.growsWith.map { [$0] } ?? kind.fields.filter { $0.type == .persons }.map(\.name)
            for field in fields {
                needed = max(needed, ground.index.list(["data", field], at: fixed)?.count ?? 0)
            }
        }
        return min(needed, FieldType.personLimit)
    }

    /// The slots with each office (`@name`) replaced by the place that the bureau chose for it.
    func resolved(_ slot: PlannedSlot) -> SlotRequirement {
        guard slot.isOffice else { return slot.wanted }
        var result = slot.wanted
        result.slots = slot.wanted.slots.map { name in
            guard name.hasPrefix("@") else { return name }
            let office = String(name.dropFirst())
            return words.holder(of: office) ?? office
        }
        return result
    }

    /// The first signature of each slot that meets the requirement, in the order of the log.
    func signatures(for planned: PlannedSlot, fixed: Int, trigger: Int) -> [Int] {
        let slot = resolved(planned)
        var seen: [String] = []
        var result: [Int] = []
        for one in ground.index.document(at: fixed)?.signatures ?? [] {
            guard slot.covers(one.slot), !seen.contains(one.slot), slot.manners.contains(one.manner),
                slot.decisions.isEmpty || one.decision.map(slot.decisions.contains) == true,
                !slot.sealed || one.manner == .refused || one.isSealed,
                ground.holds(planned.conditions, at: one.position, trigger: trigger, activity: activity),
                hasOpinion(planned, at: one.position, fixed: fixed)
            else { continue }
            seen.append(one.slot)
            result.append(one.position)
        }
        return result
    }

    private func hasOpinion(_ slot: PlannedSlot, at position: Int, fixed: Int) -> Bool {
        guard let opinion = slot.opinion else { return true }
        if ground.holds(opinion, at: position, trigger: nil, activity: activity) { return true }
        guard let inForm = slot.opinionInForm else { return false }
        return ground.holds(inForm, at: fixed, trigger: nil, activity: activity)
    }

    // MARK: fields

    /// Whether every field that is asked here is filled.
    func isFilled(_ fields: [PlannedField], at position: Int, trigger: Int) -> Bool {
        for field in fields where isLacking(field, at: position, trigger: trigger) { return false }
        return true
    }

    private func isLacking(_ field: PlannedField, at position: Int, trigger: Int) -> Bool {
        ground.holds(field.when, at: position, trigger: trigger, activity: activity)
            && !isFilled(field, at: position, trigger: trigger)
    }

    /// Labels of fields that are asked here and not filled.
    func lacking(_ fields: [PlannedField], at position: Int, trigger: Int, kind: DocumentKind?) -> [String] {
        fields.filter { isLacking($0, at: position, trigger: trigger) }.map { field in
            if !field.wanted.label.isEmpty { return field.wanted.label }
            let name = field.wanted.path.members.last ?? ""
            return kind?.field(name)?.label ?? name
        }
    }

    private func isFilled(_ field: PlannedField, at position: Int, trigger: Int) -> Bool {
        if let filled = field.filled { return ground.holds(filled, at: position, trigger: trigger, activity: activity) }
        guard case .own = field.wanted.path.scope else { return false }
        guard let rows = ground.index.list(field.wanted.path.members, at: position) else {
            if case .withheld = ground.find(field.wanted.path, at: position, trigger: trigger, activity: activity) {
                return true
            }
            return false
        }
        return rows.count >= field.wanted.rows
            && rows.allSatisfy { row in field.wanted.columns.allSatisfy { row[$0].map { !$0.isBlank } ?? false } }
    }
}

extension SlotRequirement {
    /// Whether this slot will do; a name that ends in `*` means every slot that begins with it.
    func covers(_ slot: String) -> Bool {
        slots.contains { $0.hasSuffix("*") ? slot.hasPrefix($0.dropLast()) : $0 == slot }
    }
}

extension RecordIndex {
    /// The elements of a list member, in plain or in a field; nil if there is none or it was withheld.
    func list(_ members: [String], at position: Int) -> [JSON]? {
        guard let name = members.first else { return nil }
        for start in [records[position].plain[name], records[position].fields[name]] {
            guard var value = start else { continue }
            var reached = true
            for member in members.dropFirst() {
                guard let next = value[member] else {
                    reached = false
                    break
                }
                value = next
            }
            if reached, let elements = value.elements { return elements }
        }
        return nil
    }
}
