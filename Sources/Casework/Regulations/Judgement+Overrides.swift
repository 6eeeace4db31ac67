import Kernel

extension Judgement {
    /// Overrides that stand: given before the step, for this provision and this step, with reason and legal basis, by
    /// somebody other than the person who takes the step and who may give it; each stands for the next such step only
    /// (invariant 5).
    func overrides(steps: [Int]) -> [Int: Int] {
        guard let all = ground.index.byType[.overrideGiven] else { return [:] }
        let provision = planned.facts.citation.provision
        var result: [Int: Int] = [:]
        var used: Set<Int> = []
        for step in steps {
            let type = ground.index.records[step].type
            let given = all.last { position in
                let record = ground.index.records[position]
                return position < step && !used.contains(position) && record.word("provision") == provision
                    && record.word("step") == type.rawValue && record.actor != ground.index.records[step].actor
                    && stands(position)
            }
            guard let given else { continue }
            used.insert(given)
            result[step] = given
        }
        return result
    }

    /// Whether an override says why and by what law, and who recorded it may give it: nobody who handled the case until
    /// then. Its `person` is who answers for what is missing.
    private func stands(_ position: Int) -> Bool {
        let record = ground.index.records[position]
        guard let actor = record.actor, isSaid("reason", at: position), isSaid("legalBasis", at: position),
            !handled(by: actor, before: position)
        else {
            return false
        }
        guard let roles = roles(of: actor, at: position) else { return true }
        return roles.contains { $0 == .agencyHead || planned.facts.gate.overridableBy.contains($0) }
    }

    /// Whether a person was named a handler of the case before a position. What is told later changes nothing of what stood.
    private func handled(by person: ThreadTag, before position: Int) -> Bool {
        ground.index.positions(of: [.caseOpened, .caseHandlersChanged]).contains { other in
            other < position
                && ground.index.member(["handlers"], at: other).values?.contains { $0.word == person.description }
                    ?? false
        }
    }

    /// Whether a field was recorded and not left blank; what was withheld was there.
    private func isSaid(_ name: String, at position: Int) -> Bool {
        let found = ground.index.member([name], at: position)
        return found.values?.contains { !$0.isBlank } ?? true
    }

    /// The roles that a person had when a record was made, as far as the history tells any of theirs; nil where it tells
    /// nothing of them: the threads of persons are no part of a case's history, and the step itself asked there.
    private func roles(of person: ThreadTag, at position: Int) -> Set<Role>? {
        guard let day = ground.index.records[position].recordedAt.ordinary?.day else { return nil }
        var roles: Set<Role>?
        for other in ground.index.positions(of: [.roleGranted, .roleWithdrawn]) {
            let record = ground.index.records[other]
            guard record.thread == person, let role = record.word("role").flatMap({ Role(rawValue: $0) }) else {
                continue
            }
            var known = roles ?? []
            defer { roles = known }
            guard other < position else { continue }
            switch record.type {
            case .roleGranted:
                let from = record.word("from").flatMap { CivilDay($0) }
                let until = record.word("until").flatMap { CivilDay($0) }
                if from.map({ $0 <= day }) ?? true, until.map({ day <= $0 }) ?? true { known.insert(role) }
            default: known.remove(role)
            }
        }
        return roles
    }
}
