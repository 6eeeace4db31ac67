import Kernel

/// How a requirement was met.
struct Satisfaction {
    /// The position of the record that completed it.
    var position: Int
    /// When, as held against the term; nil if that instant is not stated.
    var at: Instant?
    /// All records it took, in order.
    var records: [Int]
    /// Whether it comes with time alone: what is earlier than `at` came too early, wherever it stands in the log.
    var isTimed = false

    /// Both together: complete when the later one is.
    func joined(with other: Satisfaction) -> Satisfaction {
        let at: Instant? = if let one = self.at, let two = other.at { max(one, two) } else { self.at ?? other.at }
        return Satisfaction(
            position: max(position, other.position), at: at, records: Set(records + other.records).sorted(),
            isTimed: isTimed || other.isTimed)
    }
}

extension Judgement {
    /// The earliest way in which the history meets a requirement; nil if it does not.
    func satisfy(_ requirement: Requirement, trigger: Int, metAt: TimeSource) -> Satisfaction? {
        switch requirement {
        case .record(let wanted):
            for position in candidates(for: wanted, trigger: trigger)
            where lacking(wanted.fields, at: position, trigger: trigger, kind: nil).isEmpty {
                return Satisfaction(
                    position: position, at: whenMet(metAt, at: position, trigger: trigger), records: [position])
            }
            return nil
        case .document(let wanted):
            return documents(for: wanted, trigger: trigger)
                .compactMap { satisfy(wanted, document: $0, trigger: trigger, metAt: metAt) }
                .min { $0.position < $1.position }
        case .all(let parts):
            var result: Satisfaction?
            for part in parts {
                guard let one = satisfy(part, trigger: trigger, metAt: metAt) else { return nil }
                result = result?.joined(with: one) ?? one
            }
            return result
        case .any(let parts):
            return parts.compactMap { satisfy($0, trigger: trigger, metAt: metAt) }.min { $0.position < $1.position }
        case .elapsed(let term):
            guard let end = passed(term, trigger: trigger), end <= asOf else { return nil }
            return Satisfaction(position: trigger, at: end, records: [], isTimed: true)
        case .never:
            return nil
        }
    }

    /// From when a term has passed; nil where its start is not stated.
    func passed(_ term: Term, trigger: Int) -> Instant? {
        var notes: [String] = []
        guard let sum = sum(of: term, matter: "", trigger: trigger, notes: &notes) else { return nil }
        return sum.lastDay == nil ? sum.due : sum.lateFrom
    }

    /// When a record met a duty, as held against its term. A record that could state the instant and does not is held to
    /// when it happened: what is left out never makes late in time.
    private func whenMet(_ source: TimeSource, at position: Int, trigger: Int) -> Instant? {
        if let found = instant(source, at: position, trigger: trigger) { return found }
        guard case .member(let path) = source, case .own = path.scope, path.members.count == 1,
            index.records[position].type.members[path.members[0]] != nil,
            case .values(let values) = find(path, at: position, trigger: trigger), values.allSatisfy(\.isBlank)
        else { return nil }
        return instant(.happened, at: position, trigger: trigger)
    }

    // MARK: records

    /// Records that match and are tied, in the order of the log; whether they hold enough is another question.
    func candidates(for wanted: RecordRequirement, trigger: Int) -> [Int] {
        let positions = wanted.tie == .itself ? [trigger] : index.positions(of: wanted.pattern.types)
        if wanted.latest {
            let stood = positions.last { position in
                position < trigger && tied(position, by: wanted.tie, to: trigger)
                    && index.voided(at: position) == nil
            }
            return stood.map { [$0] }?.filter { matches(wanted.pattern, at: $0, trigger: trigger) } ?? []
        }
        return positions.filter { position in
            tied(position, by: wanted.tie, to: trigger)
                && (!wanted.afterCause || position > trigger)
                && index.voided(at: position) == nil
                && matches(wanted.pattern, at: position, trigger: trigger)
        }
    }

    private func tied(_ position: Int, by tie: Tie, to trigger: Int) -> Bool {
        if let period, !period.holds(index.records[position], at: position) { return false }
        switch tie {
        case .anywhere: return true
        case .itself: return position == trigger
        case .refers(let role): return index.referred(role, from: index.records[position]) == trigger
        case .named(let member):
            guard let name = index.records[trigger].word(member) else { return false }
            return index.document(at: position) == name
        case .about:
            guard let about = index.document(at: trigger), let id = index.document(at: position),
                let fixed = index.documents[id]?.fixed
            else { return false }
            return index.records[fixed].word("about") == about
        case .same(.person):
            guard let person = person(at: trigger) else { return false }
            return self.person(at: position) == person
        case .same(let other):
            guard let subject = subject(at: trigger, per: other) else { return false }
            return index.isAbout(subject, at: position, per: other)
        case .sameSubject:
            if per == .record {
                return position == trigger
                    || index.records[position].references.contains {
                        index.positions[RecordID(thread: $0.thread, seq: $0.seq)] == trigger
                    }
            }
            guard let subject = subject(at: trigger, per: per) else { return false }
            return index.isAbout(subject, at: position, per: per)
        }
    }

    /// What a record is about; of several activities the one that is judged.
    private func subject(at position: Int, per: Matter.Per) -> ObligationSubject? {
        if per == .activity { return index.activity(at: position, of: activity).map { .activity($0) } }
        return index.subject(at: position, per: per)
    }

    /// The person that a record is about; where it names none, who recorded it.
    private func person(at position: Int) -> ThreadTag? {
        let record = index.records[position]
        return index.thread(of: record, kind: .person) ?? record.actor
    }

    // MARK: documents

    /// Documents of the wanted kinds that stand and are tied, in the order in which they were made.
    func documents(for wanted: DocumentRequirement, trigger: Int) -> [(id: String, fixed: Int)] {
        index.standing(of: wanted.kinds).filter { _, fixed in
            tied(fixed, by: wanted.tie, to: trigger) && (!wanted.afterCause || fixed > trigger)
                && holds(wanted.conditions, at: fixed, trigger: trigger)
        }
    }

    private func satisfy(
        _ wanted: DocumentRequirement, document: (id: String, fixed: Int), trigger: Int, metAt: TimeSource
    ) -> Satisfaction? {
        guard lacking(wanted.fields, at: document.fixed, trigger: trigger, kind: nil).isEmpty else { return nil }
        var result = Satisfaction(
            position: document.fixed, at: whenMet(metAt, at: document.fixed, trigger: trigger),
            records: [document.fixed])
        for slot in wanted.slots where holds(slot.when, at: document.fixed, trigger: trigger) {
            let signatures = signatures(for: slot, document: document, trigger: trigger)
            guard signatures.count >= slot.count else { return nil }
            for position in signatures.prefix(slot.count) {
                result = result.joined(
                    with: Satisfaction(
                        position: position, at: whenMet(metAt, at: position, trigger: trigger), records: [position]))
            }
        }
        if wanted.issued {
            guard let issued = index.documents[document.id]?.issued else { return nil }
            result = result.joined(
                with: Satisfaction(
                    position: issued, at: whenMet(metAt, at: issued, trigger: trigger), records: [issued]))
        }
        return result
    }

    /// The slots with each office (`@name`) replaced by the place that the bureau chose for it.
    func resolved(_ slot: SlotRequirement) -> SlotRequirement {
        guard slot.slots.contains(where: { $0.hasPrefix("@") }) else { return slot }
        var result = slot
        result.slots = slot.slots.map { name in
            guard name.hasPrefix("@") else { return name }
            let office = String(name.dropFirst())
            return settings.holder(of: office, declared: offices) ?? office
        }
        return result
    }

    /// The first signature of each slot that meets the requirement, in the order of the log.
    func signatures(for slot: SlotRequirement, document: (id: String, fixed: Int), trigger: Int) -> [Int] {
        let slot = resolved(slot)
        var seen: Set<String> = []
        return (index.documents[document.id]?.signatures ?? []).filter { position in
            let record = index.records[position]
            guard let name = record.word("slot"), slot.covers(name), !seen.contains(name),
                let manner = record.word("manner").flatMap({ SigningManner(rawValue: $0) }),
                slot.manners.contains(manner),
                slot.decisions.isEmpty
                    || record.word("decision").map({ word in slot.decisions.contains { $0.rawValue == word } }) == true,
                !slot.sealed || manner == .refused || record.plain["sealed"]?.boolean == true,
                holds(slot.conditions, at: position, trigger: trigger),
                hasOpinion(slot.opinion, at: position, document: document.fixed)
            else { return false }
            seen.insert(name)
            return true
        }
    }

    private func hasOpinion(_ opinion: SlotRequirement.Opinion?, at position: Int, document: Int) -> Bool {
        guard let opinion else { return true }
        if filled(Path(.own, ["opinion"]), at: position, trigger: nil) { return true }
        guard let field = opinion.orField else { return false }
        return filled(Path(.own, ["data", field]), at: document, trigger: nil)
    }

    // MARK: fields

    /// Labels of fields that are asked here and not filled.
    func lacking(_ fields: [FieldRequirement], at position: Int, trigger: Int, kind: DocumentKind?) -> [String] {
        fields.filter { field in
            holds(field.when, at: position, trigger: trigger) && !filled(field, at: position, trigger: trigger)
        }.map { field in
            if !field.label.isEmpty { return field.label }
            let name = field.path.members.last ?? ""
            return kind?.field(name)?.label ?? name
        }
    }

    private func filled(_ field: FieldRequirement, at position: Int, trigger: Int) -> Bool {
        guard field.columns.isEmpty else {
            let record = index.records[position]
            guard case .own = field.path.scope else { return false }
            guard let rows = RecordIndex.list(field.path.members, of: record) else {
                if case .withheld = find(field.path, at: position, trigger: trigger) { return true }
                return false
            }
            return !rows.isEmpty
                && rows.allSatisfy { row in field.columns.allSatisfy { row[$0].map { !$0.isBlank } ?? false } }
        }
        return filled(field.path, at: position, trigger: trigger)
    }

    private func filled(_ path: Path, at position: Int, trigger: Int?) -> Bool {
        switch find(path, at: position, trigger: trigger) {
        case .withheld: true
        case .values(let values): values.contains { !$0.isBlank }
        }
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
    static func list(_ members: [String], of record: Record) -> [JSON]? {
        guard let name = members.first else { return nil }
        for start in [record.plain[name], record.fields[name]] {
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
