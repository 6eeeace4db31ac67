import Kernel

extension Ground {
    /// The word that stands at a path of the plan, seen from a record.
    func word(ofPath place: Int, at position: Int) -> Int16 {
        let known = found.word(place, at: position)
        guard known == Findings.notAsked else { return known }
        let word = look(place, at: position)
        found.keep(word, ofPath: place, at: position)
        return word
    }

    /// What a path of another record's members leads to is that record's own, which is looked at once for all that lead
    /// there.
    private func look(_ place: Int, at position: Int) -> Int16 {
        let planned = plan.paths[place]
        switch planned.path.scope {
        case .own:
            if !planned.isPseudo, let word = index.word(planned.path.members, at: position, plan.vocabulary) {
                return word
            }
        case .recording:
            return word(planned, of: index.recording(at: position).flatMap { index.imports[$0] })
        case .reference(let role): return word(planned, of: index.referred(role, from: position))
        case .first(let kind):
            return word(planned, of: index.thread(of: index.records[position], kind: kind).flatMap { index.firsts[$0] })
        case .document:
            if !planned.asksKind { return word(planned, of: index.fixed(at: position)) }
        case .caseFile:
            if planned.path.members != ["handlers"] { return word(planned, of: index.opened) }
        case .activity:
            guard let (began, ended) = index.activity(at: position, of: nil) else { return Findings.nothing }
            let first = word(planned, of: began)
            guard first == Findings.nothing, let ended else { return first }
            let second = word(planned, of: ended)
            // An end that its record does not state is when it ended.
            if second != Findings.nothing || planned.path.members != ["endAt"] { return second }
        case .all, .last, .trigger: break
        }
        return word(of: find(planned.path, place: place, at: position, trigger: nil))
    }

    /// The word at the members of a path, read from the record itself that it leads to.
    private func word(_ planned: PlannedPath, of position: Int?) -> Int16 {
        position.map { word(ofPath: planned.own, at: $0) } ?? Findings.nothing
    }

    private func word(of found: Found) -> Int16 {
        switch found {
        case .none: Findings.nothing
        case .withheld: Findings.withheld
        case .many(let values):
            values.isEmpty ? Findings.nothing : values.allSatisfy(\.isBlank) ? Findings.blank : Findings.several
        case .one(let value): value.number(in: plan.vocabulary)
        }
    }
}

extension RecordIndex {
    /// The word of a record's member, plain or in its fields; nil where lists or objects have to be looked through.
    fileprivate func word(_ members: [String], at position: Int, _ vocabulary: Vocabulary) -> Int16? {
        guard let name = members.first else { return nil }
        if let plain = records[position].plain[name] {
            let told = plain.word(members, in: vocabulary)
            // What is not told in plain may be in a field.
            if told != Findings.nothing { return told }
        }
        // A record without fields is asked no further.
        guard !records[position].fieldNames.isEmpty || !records[position].fields.isEmpty else {
            return Findings.nothing
        }
        if let field = records[position].fields[name] { return field.word(members, in: vocabulary) }
        return records[position].fieldNames.contains(name) ? Findings.withheld : Findings.nothing
    }
}

extension JSON {
    /// The word that members within members lead to, the first of which led to this value; nil where it takes more than
    /// to follow them.
    fileprivate func word(_ members: [String], in vocabulary: Vocabulary) -> Int16? {
        var value = self
        for place in members.indices.dropFirst() {
            if case .array = value { return nil }
            guard let next = value[members[place]] else { return Findings.nothing }
            value = next
        }
        switch value {
        case .string, .integer, .boolean: return value.number(in: vocabulary)
        case .object, .array: return nil
        }
    }

    /// The number of the word that this value is.
    fileprivate func number(in vocabulary: Vocabulary) -> Int16 {
        if isBlank { return Findings.blank }
        return word.map { vocabulary[$0] ?? Findings.unknownWord } ?? Findings.several
    }
}
