/// What a duty or permission looks at: which new records can change its answer, and for which of its subjects.
struct DutyReach: Sendable {
    /// Records that concern the subject they are about.
    private(set) var types = TypeSet()
    /// Records that concern every subject.
    private(set) var everywhere = TypeSet()
    /// Steps and endings: about every subject where they are about nothing of that sort.
    private(set) var steps = TypeSet()
    /// Kinds of documents it asks for; their fixing, signing and issuing concern the subject they are about.
    private(set) var kinds: Set<String> = []
    /// The same where they concern every subject.
    private(set) var kindsEverywhere: Set<String> = []
    /// Whether it reads the activity that a record belongs to, apart from its own subject.
    private(set) var readsActivity = false
    /// Whether the answer changes with time alone.
    private(set) var isTimed = false
    /// Whether all of it is judged anew whenever anything touches it.
    private(set) var isWhole = false
    /// Whether recordings are among the records or steps it looks at.
    private(set) var seesRecordings = false
    let per: Matter.Per

    private static let documentTypes: [EntryType] = [.documentFixed, .documentSigned, .documentIssued]
    private static let termTypes: [EntryType] = [.termSuspended, .termResumed, .termExtended, .termRestarted]

    init(_ duty: Duty, per: Matter.Per) {
        self.per = per
        note(duty.trigger)
        note(duty.requirement)
        if let term = duty.timing.term {
            note(term)
            // What a term does not allow is noted too.
            everywhere.formUnion(DutyReach.termTypes)
        }
        if let reminder = duty.timing.reminder { note(reminder) }
        note(duty.metAt)
        for source in duty.metAtElse { note(source) }
        for pattern in duty.excuses { note(pattern) }
        for pattern in duty.timing.before + duty.gate.refuses {
            note(pattern)
            steps.formUnion(pattern.types)
        }
        for pattern in duty.lapses {
            note(pattern)
            // An ending is about every record.
            if per == .record { everywhere.formUnion(pattern.types) } else { steps.formUnion(pattern.types) }
        }
        if duty.gate.level != .hard, !duty.gate.overridableBy.isEmpty {
            everywhere.formUnion([.overrideGiven, .roleGranted, .roleWithdrawn])
        }
        if duty.recurrence != nil { isTimed = true }
        // One thing has several answers.
        if duty.recurrence != nil || duty.occurrence == .each { isWhole = true }
    }

    init(_ allowance: Allowance, per: Matter.Per) {
        self.per = per
        note(allowance.when)
    }

    // MARK: what is read

    private mutating func note(_ pattern: Pattern) {
        types.formUnion(pattern.types)
        if pattern.types.contains(where: { $0.home == .recording }) { seesRecordings = true }
        note(pattern.conditions)
    }

    private mutating func note(_ conditions: [Condition]) {
        for condition in conditions {
            note(condition.path)
            switch condition.test {
            case .notAmong(let paths), .among(let paths), .toldAmong(let paths): for path in paths { note(path) }
            case .amongOf(let paths, let whole): for path in paths + whole { note(path) }
            case .share(_, let path, let further):
                note(path)
                if let further { note(further) }
            case .notAfter(let path), .notBefore(let path), .notToldAfter(let path), .filledIn(let path): note(path)
            case .isOne, .isNone, .present, .absent, .includes, .count, .atLeast, .atMost, .within, .office, .penalties,
                .outside:
                break
            }
        }
    }

    private mutating func note(_ path: Path) {
        switch path.scope {
        case .all(let type, _): everywhere.insert(type)
        case .caseFile: everywhere.formUnion([.caseOpened, .caseHandlersChanged])
        case .activity: readsActivity = true
        // What these lead to is settled when the record comes, or `Mentions` says that it is not.
        // What stood before a record stays what stood before it.
        case .own, .trigger, .document, .recording, .reference, .first, .last: break
        }
    }

    private mutating func note(_ source: TimeSource) {
        if case .member(let path) = source { note(path) }
    }

    private mutating func note(_ term: Term) {
        for source in term.from { note(source) }
        if case .untilDay(let path) = term.length { note(path) }
        if !term.changes.isEmpty { everywhere.formUnion(DutyReach.termTypes) }
        // Who handles the case extends no term of it.
        if term.changes.contains(.extended) { everywhere.formUnion([.caseOpened, .caseHandlersChanged]) }
        if let found = term.extension { everywhere.insert(found.type) }
    }

    private mutating func note(_ requirement: Requirement) {
        switch requirement {
        case .record(let wanted):
            if wanted.tie != .itself { note(wanted.pattern) } else { note(wanted.pattern.conditions) }
            if !isLocal(wanted.tie) { everywhere.formUnion(wanted.pattern.types) }
            note(wanted.latestOf)
            note(wanted.together)
            if let unbroken = wanted.unbroken {
                note(unbroken.from)
                note(unbroken.to)
                for path in unbroken.between { note(path) }
                for pattern in unbroken.butFor { note(pattern) }
            }
            for pattern in wanted.undoneBy {
                note(pattern)
                everywhere.formUnion(pattern.types)
            }
            for field in wanted.fields { note(field) }
        case .document(let wanted):
            kinds.formUnion(wanted.kinds)
            if !isLocal(wanted.tie) { kindsEverywhere.formUnion(wanted.kinds) }
            note(wanted.conditions)
            for field in wanted.fields { note(field) }
            for slot in wanted.slots {
                note(slot.when)
                note(slot.conditions)
            }
        case .all(let parts), .any(let parts):
            for part in parts { note(part) }
        case .elapsed(let term):
            isTimed = true
            note(term)
        case .never: break
        }
    }

    private mutating func note(_ field: FieldRequirement) {
        note(field.path)
        note(field.when)
    }

    /// Whether what is tied so is about the subject itself.
    private mutating func isLocal(_ tie: Tie) -> Bool {
        switch tie {
        case .itself, .sameSubject: return true
        case .same(let other):
            if other == .activity { readsActivity = true }
            return false
        case .refers, .about, .named, .anywhere: return false
        }
    }

    // MARK: what a record touches

    /// What of a duty has to be judged anew.
    enum Touch {
        case nothing
        /// These subjects alone.
        case subjects([ObligationSubject])
        case everything
    }

    /// What the record at the end of an index touches.
    ///
    /// - Parameter triggers: types of records that cause the duty.
    func touch(by position: Int, in index: RecordIndex, triggers: TypeSet) -> Touch {
        let type = index.types[position]
        if everywhere.contains(type) { return .everything }
        var found = false
        if type == .recordingLinked || type == .activityEnded, readsActivity {
            if per != .activity || seesRecordings && type == .recordingLinked { return .everything }
            found = true
        }
        if type == .recordingLinked, per == .activity, seesRecordings {
            // A recording as a step concerned every activity as long as it belonged to none.
            if EntryType.ofRecordings.contains(where: steps.contains) { return .everything }
            found = true
        }
        if types.contains(type) {
            if steps.contains(type) {
                // A record that is about nothing of this sort is a step for every subject.
                if per == .record ? !triggers.contains(type) : index.subject(at: position, per: per) == nil {
                    return .everything
                }
            }
            found = true
        }
        if DutyReach.documentTypes.contains(type), !kinds.isEmpty,
            let kind = index.fixed(at: position).flatMap({ index.records[$0].word("kind") }), kinds.contains(kind)
        {
            if kindsEverywhere.contains(kind) { return .everything }
            found = true
        }
        guard found else { return .nothing }
        return isWhole ? .everything : .subjects(subjects(of: position, in: index))
    }

    /// What a record is about: itself and what it refers to, and the same of the document that it names.
    private func subjects(of position: Int, in index: RecordIndex) -> [ObligationSubject] {
        var places = [position]
        if let fixed = index.fixed(at: position), fixed != position {
            places.append(fixed)
        }
        var result: [ObligationSubject] = []
        for place in places {
            for subject in index.subjects(at: place, per: per) where !result.contains(subject) {
                result.append(subject)
            }
            guard per == .record else { continue }
            for reference in index.records[place].references {
                result.append(.record(RecordID(thread: reference.thread, seq: reference.seq)))
            }
        }
        return result
    }
}

extension EntryType {
    /// Types of records that stand in the thread of a recording.
    static let ofRecordings = allCases.filter { $0.home == .recording }
}
