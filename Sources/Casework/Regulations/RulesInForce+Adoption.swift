import Kernel

extension RulesInForce {
    /// Reads the bureau's thread: adoption, repair and repeal, in order.
    ///
    /// A new version of a text ends the one before on the day it begins. A repair (same legal text, wrong data) takes
    /// the place of the file it mends for all its days. Whom the bureau chose to approve and to keep goes with the text.
    public init(bureau history: [Record], library: RuleLibrary) throws(RulesError) {
        var spans: [Span] = []
        for record in history {
            switch record.type {
            case .regulationAdopted:
                let (id, digest, regulation) = try RulesInForce.named(by: record, in: library)
                guard let from = record.word("inForceFrom").flatMap({ CivilDay($0) }) else {
                    throw .unreadable(entry: record.type.rawValue, member: "inForceFrom")
                }
                var until: CivilDay?
                if let text = record.word("inForceUntil") {
                    guard let last = CivilDay(text) else {
                        throw .unreadable(entry: record.type.rawValue, member: "inForceUntil")
                    }
                    until = last.advanced(by: 1)
                }
                spans = spans.map { span in
                    guard span.regulation.id == id, span.from < from, span.covers(from) else { return span }
                    return span.ending(before: from)
                }
                spans.append(
                    Span(
                        regulation: regulation, digest: digest, from: from, until: until,
                        matters: try RulesInForce.matters(named: record, id, in: library),
                        chosen: AdoptedOffices(record)))
            case .regulationRepaired:
                let (id, digest, regulation) = try RulesInForce.named(by: record, in: library)
                guard let replaced = record.word("replaces"),
                    spans.contains(where: { $0.digest.description == replaced })
                else { throw .notAdopted(regulation: id) }
                let matters = try RulesInForce.matters(named: record, id, in: library)
                spans = spans.map { span in
                    guard span.digest.description == replaced else { return span }
                    return Span(
                        regulation: regulation, digest: digest, from: span.from, until: span.until, matters: matters,
                        chosen: AdoptedOffices(record).filled(from: span.chosen))
                }
            case .regulationConfirmed:
                // Stands by a text that the founding took into force, and chooses then.
                guard let digest = record.word("digest").flatMap({ Digest($0) }) else {
                    throw .unreadable(entry: record.type.rawValue, member: "digest")
                }
                spans = spans.map { span in
                    guard span.digest == digest else { return span }
                    return Span(
                        regulation: span.regulation, digest: digest, from: span.from, until: span.until,
                        matters: span.matters, chosen: AdoptedOffices(record).filled(from: span.chosen))
                }
            case .regulationRepealed:
                guard let id = record.word("regulation") else {
                    throw .unreadable(entry: record.type.rawValue, member: "regulation")
                }
                guard let last = record.word("lastDay").flatMap({ CivilDay($0) }) else {
                    throw .unreadable(entry: record.type.rawValue, member: "lastDay")
                }
                guard spans.contains(where: { $0.regulation.id == id && $0.covers(last) }) else {
                    throw .notAdopted(regulation: id)
                }
                spans = spans.compactMap { span in
                    guard span.regulation.id == id else { return span }
                    guard span.from <= last else { return nil }
                    guard span.covers(last) else { return span }
                    return span.ending(before: last.advanced(by: 1))
                }
            default: continue
            }
        }
        try self.init(
            spans: spans, matters: library.matters, kinds: library.kinds.mapValues(\.kind),
            keptKinds: library.keptKinds)
    }

    /// The matters of the edition that an entry names; nil where it names none.
    private static func matters(
        named record: Record, _ id: String, in library: RuleLibrary
    ) throws(RulesError) -> [String: Matter]? {
        guard let name = record.word("edition") else { return nil }
        guard let matters = Digest(name).flatMap({ library.mattersOfEditions[$0] }) else {
            throw .unknownEdition(regulation: id, digest: name)
        }
        return matters
    }

    private static func named(
        by record: Record, in library: RuleLibrary
    ) throws(RulesError) -> (id: String, digest: Digest, regulation: Regulation) {
        guard let id = record.word("regulation") else {
            throw .unreadable(entry: record.type.rawValue, member: "regulation")
        }
        guard let digest = record.word("digest").flatMap({ Digest($0) }) else {
            throw .unreadable(entry: record.type.rawValue, member: "digest")
        }
        guard let regulation = library.regulation(digest), regulation.id == id else {
            throw .unknownDigest(regulation: id, digest: digest.description)
        }
        return (id, digest, regulation)
    }
}
