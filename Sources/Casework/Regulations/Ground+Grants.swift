import Kernel

extension Ground {
    /// What provisions expressly allow of what was recorded, in the order of the log.
    func grants() -> [PlacedGrant] {
        var result: [PlacedGrant] = []
        for planned in plan.allowances where planned.when.typeSet.meets(index.present) {
            grants(planned, at: positions(matching: planned.when), into: &result)
        }
        return Ground.inOrder(result)
    }

    /// A grant with the position of the record that it covers.
    struct PlacedGrant: Sendable {
        let position: Int
        let grant: Grant
    }

    /// Grants in the order of the log, then of provisions.
    static func inOrder(_ grants: [PlacedGrant]) -> [PlacedGrant] {
        grants.sorted {
            $0.position == $1.position
                ? $0.grant.citation.provision < $1.grant.citation.provision : $0.position < $1.position
        }
    }

    /// What one permission covers among records that match what it says of the record alone.
    func grants(_ planned: PlannedAllowance, at positions: [Int], into result: inout [PlacedGrant]) {
        for position in positions {
            guard planned.days.judge(index.actDay(at: position)), !index.isVoid(at: position),
                completes(planned.when, at: position, trigger: position)
            else { continue }
            let id = index.records[position].id
            let subject = index.subject(at: position, per: planned.matter.per) ?? .record(id)
            result.append(
                PlacedGrant(
                    position: position,
                    grant: Grant(
                        key: ObligationKey(matter: planned.allowance.matter, subject: subject),
                        citation: planned.citation, what: planned.allowance.what,
                        level: level(planned.allowance.level, of: planned.provision.id, at: position), record: id)))
        }
    }

    /// A level, or the one that a higher rule puts in its place (`rule.overridden` with effect `medium`).
    private func level(_ level: AVLevel?, of provision: String, at position: Int) -> AVLevel? {
        guard level != nil, let higher = overriding(provision, at: position),
            index.records[higher].word("effect") == "medium"
        else { return level }
        return index.records[higher].word("level").flatMap { AVLevel(rawValue: $0) } ?? level
    }

    /// The strictest of what is asked of each thing, in the order in which the things come.
    static func media(_ all: [(subject: ObligationSubject, level: AVLevel?, citation: Citation)]) -> [Medium] {
        var order: [ObligationSubject] = []
        var asked: [ObligationSubject: [(level: AVLevel, citation: Citation)]] = [:]
        for (subject, level, citation) in all {
            guard let level else { continue }
            if asked[subject] == nil { order.append(subject) }
            asked[subject, default: []].append((level, citation))
        }
        return order.compactMap { subject in
            guard let all = asked[subject], let strictest = all.map(\.level).max() else { return nil }
            var citations: [Citation] = []
            for one in all where one.level == strictest && !citations.contains(one.citation) {
                citations.append(one.citation)
            }
            return Medium(
                subject: subject, level: strictest, citations: citations.sorted { $0.provision < $1.provision })
        }
    }

    /// The counts that provisions ask for.
    ///
    /// - Parameter matters: by obligation, the place of its matter.
    func figures(of obligations: [Obligation], matters: [Int]) -> [FigureValue] {
        var result: [FigureValue] = []
        var tally: [Int]?
        for planned in plan.figures where planned.span.covers(asOf.day) {
            result.append(
                FigureValue(
                    name: planned.figure.name, title: planned.figure.title, citation: planned.citation,
                    count: count(planned.counts, obligations, matters, &tally),
                    outOf: planned.outOf.map { count($0, obligations, matters, &tally) }))
        }
        return result
    }

    /// Finds the records that figures count.
    func findFigures() {
        for planned in plan.figures where planned.span.covers(asOf.day) {
            for case .records(let pattern, _)? in [planned.counts, planned.outOf] { _ = positions(matching: pattern) }
        }
    }

    /// - Parameter tally: how many obligations of each matter stand how, once somebody asked.
    private func count(
        _ count: PlannedFigure.Count, _ obligations: [Obligation], _ places: [Int],
        _ tally: inout [Int]?
    ) -> Int {
        switch count {
        case .obligations(let matters, let standing):
            let known = tally ?? standings(of: obligations, places)
            tally = known
            var result = 0
            for matter in matters {
                for (place, state) in ObligationStanding.allCases.enumerated()
                where standing.isEmpty || standing.contains(state) {
                    result += known[matter * ObligationStanding.allCases.count + place]
                }
            }
            return result
        case .records(let pattern, let distinct):
            let found = positions(matching: pattern).filter {
                !index.isVoid(at: $0) && completes(pattern, at: $0, trigger: $0)
            }
            guard let distinct else { return found.count }
            var words: Set<String> = []
            for position in found {
                guard let values = find(distinct, at: position, trigger: position).values else { continue }
                words.formUnion(values.compactMap(\.word))
            }
            return words.count
        }
    }

    /// By matter that figures count, then by standing: how many obligations.
    private func standings(of obligations: [Obligation], _ places: [Int]) -> [Int] {
        let all = ObligationStanding.allCases
        var result = [Int](repeating: 0, count: plan.countedCount * all.count)
        for (place, matter) in places.enumerated() where plan.counted[matter] >= 0 {
            guard let state = all.firstIndex(of: obligations[place].state(at: asOf)) else { continue }
            result[plan.counted[matter] * all.count + state] += 1
        }
        return result
    }
}

extension Citation {
    init(of provision: Provision, in span: RulesInForce.Span) {
        self.init(
            provision: provision.id, regulation: span.regulation.short, article: provision.article,
            digest: span.digest, isParentLaw: span.regulation.standing == .parentLaw)
    }
}
