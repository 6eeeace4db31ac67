import Kernel

extension Ground {
    /// What provisions expressly allow of what was recorded, in the order of the log.
    func grants() -> [Grant] {
        var result: [PlacedGrant] = []
        for span in rules.spans {
            for provision in span.regulation.provisions {
                for allowance in provision.allows {
                    result += grants(
                        allowance, of: provision, span: span, at: index.positions(of: allowance.when.types))
                }
            }
        }
        return Ground.inOrder(result)
    }

    /// A grant with the position of the record that it covers.
    struct PlacedGrant {
        let position: Int
        let grant: Grant
    }

    /// Grants in the order of the log, then of provisions.
    static func inOrder(_ grants: [PlacedGrant]) -> [Grant] {
        grants.sorted { ($0.position, $0.grant.citation.provision) < ($1.position, $1.grant.citation.provision) }
            .map(\.grant)
    }

    /// What one permission covers among the records at these positions.
    func grants(
        _ allowance: Allowance, of provision: Provision, span: RulesInForce.Span, at positions: [Int]
    ) -> [PlacedGrant] {
        guard !positions.isEmpty else { return [] }
        let per = matter(allowance.matter, of: span).per
        let judgement = judgement(of: span, per: per)
        return positions.filter { position in
            judges(span, at: position) && index.voided(at: position) == nil
                && judgement.matches(allowance.when, at: position, trigger: position)
        }.map { position in
            let id = index.records[position].id
            let subject = index.subject(at: position, per: per) ?? .record(id)
            return PlacedGrant(
                position: position,
                grant: Grant(
                    key: ObligationKey(matter: allowance.matter, subject: subject),
                    citation: Citation(of: provision, in: span), what: allowance.what,
                    level: level(allowance.level, of: provision.id, at: position, judgement), record: id))
        }
    }

    /// A level, or the one that a higher rule puts in its place (`rule.overridden` with effect `medium`).
    private func level(_ level: AVLevel?, of provision: String, at position: Int, _ judgement: Judgement) -> AVLevel? {
        guard level != nil, let higher = judgement.overriding(provision, at: position),
            index.records[higher].word("effect") == "medium"
        else { return level }
        return index.records[higher].word("level").flatMap { AVLevel(rawValue: $0) } ?? level
    }

    /// How strictly audio-video of each thing is asked: the strictest of all duties and permissions about it.
    func media(_ judged: [JudgedPart], _ grants: [Grant]) -> [Medium] {
        Ground.media(
            judged.filter { $0.level != nil && $0.part.state != .notApplicable }
                .map { ($0.key.subject, $0.level, $0.part.citation) }
                + grants.map { ($0.key.subject, $0.level, $0.citation) })
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
    func figures(of obligations: [Obligation]) -> [FigureValue] {
        var result: [FigureValue] = []
        for span in rules.spans where span.covers(asOf.day) {
            for provision in span.regulation.provisions {
                for figure in provision.figures {
                    let judgement = judgement(of: span, per: .bureau)
                    result.append(
                        FigureValue(
                            name: figure.name, title: figure.title, citation: Citation(of: provision, in: span),
                            count: count(figure.counts, judgement, obligations),
                            outOf: figure.outOf.map { count($0, judgement, obligations) }))
                }
            }
        }
        return result
    }

    private func count(_ count: Figure.Count, _ judgement: Judgement, _ obligations: [Obligation]) -> Int {
        switch count {
        case .obligations(let matters, let standing):
            return obligations.count {
                matters.contains($0.key.matter) && (standing.isEmpty || standing.contains($0.state(at: asOf)))
            }
        case .records(let pattern, let distinct):
            let found = index.positions(of: pattern.types).filter {
                index.voided(at: $0) == nil && judgement.matches(pattern, at: $0, trigger: $0)
            }
            guard let distinct else { return found.count }
            var words: Set<String> = []
            for position in found {
                guard case .values(let values) = judgement.find(distinct, at: position, trigger: position) else {
                    continue
                }
                words.formUnion(values.compactMap(\.word))
            }
            return words.count
        }
    }
}

extension Citation {
    init(of provision: Provision, in span: RulesInForce.Span) {
        self.init(
            provision: provision.id, regulation: span.regulation.short, article: provision.article,
            digest: span.digest, isParentLaw: span.regulation.standing == .parentLaw)
    }
}
