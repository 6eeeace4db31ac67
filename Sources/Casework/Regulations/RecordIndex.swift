import Kernel

/// A history by type, document, activity and recording, so that a duty looks only at records that can concern it.
///
/// Appending one record costs a few dictionary steps; positions are those of the log and never change.
struct RecordIndex {
    private(set) var records: [Record] = []
    private(set) var byType = TypePositions()
    /// By position: the type, which is asked for most.
    private(set) var types: [EntryType] = []
    /// What is known of each document, by id.
    private(set) var documents: [String: DocumentFacts] = [:]
    /// Ids of documents in the order in which they first appeared.
    private(set) var documentOrder: [String] = []
    /// Position of `activity.began` by activity id.
    private(set) var activities: [String: Int] = [:]
    /// Position of `activity.ended` by activity id.
    private(set) var activityEnds: [String: Int] = [:]
    /// Position of `recording.imported` by thread.
    private(set) var imports: [ThreadTag: Int] = [:]
    /// The activities that a recording was linked to, in the order in which they were first named.
    private(set) var recordingActivities: [ThreadTag: [String]] = [:]
    private(set) var positions: [RecordID: Int] = [:]
    /// Position of the first `case.opened`.
    private(set) var opened: Int?
    /// Position of each thread's first record.
    private(set) var firsts: [ThreadTag: Int] = [:]

    /// By position: the document that the record names.
    private var documentIDs: [String?] = []
    /// By position: the activity that the record belongs to, and where its document was made void. Known only at the end
    /// of the history, since a later record may say either.
    private var activityIDs: [String?] = []
    /// By position: all activities of a record that belongs to several, `activityIDs` holding the first of them.
    private var runs: [Int: [String]] = [:]
    private var recordings: [ThreadTag?] = []
    private var voids: [Int?] = []
    /// Documents that stand, by kind, each with its place in `documentOrder` and the position of its fixed entry.
    private var standing: [String: [(place: Int, fixed: Int)]] = [:]

    /// Positions of a document's entries.
    struct DocumentFacts {
        var fixed: Int?
        var signatures: [Int] = []
        var issued: Int?
        var voided: Int?
    }

    init(_ history: [Record]) {
        records.reserveCapacity(history.count)
        for record in history { append(record) }
        voids = documentIDs.map { $0.flatMap { documents[$0]?.voided } }
        recordings = records.map { recording(of: $0) }
        activityIDs.reserveCapacity(records.count)
        for position in records.indices { noteActivities(of: position) }
        for (place, id) in documentOrder.enumerated() {
            guard let facts = documents[id], facts.voided == nil, let fixed = facts.fixed,
                let kind = records[fixed].word("kind")
            else { continue }
            standing[kind, default: []].append((place, fixed))
        }
    }

    /// Adds a record at the end, so that the index is the one that `init` would make of the longer history.
    ///
    /// Only for records that say nothing new of earlier ones but to what activity a recording belongs: `Mentions`
    /// knows which those are.
    mutating func add(_ record: Record) {
        append(record)
        let position = records.count - 1
        voids.append(documentIDs[position].flatMap { documents[$0]?.voided })
        recordings.append(recording(of: record))
        noteActivities(of: position)
        if record.type == .recordingLinked, let linked = record.thread("recording") {
            for other in recordings.indices where recordings[other] == linked { noteActivities(of: other) }
        }
        if record.type == .documentFixed, let id = documentIDs[position], let facts = documents[id],
            facts.fixed == position, facts.voided == nil, let kind = record.word("kind")
        {
            standing[kind, default: []].append((documentOrder.count - 1, position))
        }
    }

    private mutating func append(_ record: Record) {
        let position = records.count
        records.append(record)
        documentIDs.append(record.word("document"))
        byType.append(position, of: record.type)
        types.append(record.type)
        positions[record.id] = position
        if firsts[record.thread] == nil { firsts[record.thread] = position }
        switch record.type {
        case .caseOpened:
            if opened == nil { opened = position }
        case .activityBegan:
            if let id = record.word("activity"), activities[id] == nil { activities[id] = position }
        case .activityEnded:
            if let id = record.word("activity"), activityEnds[id] == nil { activityEnds[id] = position }
        case .recordingImported:
            if imports[record.thread] == nil { imports[record.thread] = position }
        case .recordingLinked:
            guard let thread = record.thread("recording") else { break }
            for activity in record.linkedActivities where recordingActivities[thread]?.contains(activity) != true {
                recordingActivities[thread, default: []].append(activity)
            }
        case .documentFixed, .documentSigned, .documentIssued, .documentVoided:
            note(record, at: position)
        default: break
        }
    }

    private mutating func note(_ record: Record, at position: Int) {
        guard let id = record.word("document") else { return }
        if documents[id] == nil { documentOrder.append(id) }
        var facts = documents[id] ?? DocumentFacts()
        switch record.type {
        case .documentFixed: facts.fixed = facts.fixed ?? position
        case .documentSigned: facts.signatures.append(position)
        case .documentIssued: facts.issued = facts.issued ?? position
        case .documentVoided: facts.voided = facts.voided ?? position
        default: break
        }
        documents[id] = facts
    }

    /// Positions of records of these types, in the order of the log.
    func positions(of types: [EntryType]) -> [Int] {
        types.count == 1 ? byType[types[0]] ?? [] : types.flatMap { byType[$0] ?? [] }.sorted()
    }

    /// Where the document that this record belongs to was made void; nil if it stands or there is none.
    func voided(at position: Int) -> Int? { voids[position] }

    /// The document that the record at a position names.
    func document(at position: Int) -> String? { documentIDs[position] }

    /// The activity of the record at a position; of several the first.
    func activity(at position: Int) -> String? { activityIDs[position] }

    /// The activity of the record at a position, where it belongs to several this one if it is among them.
    func activity(at position: Int, of wanted: String?) -> String? {
        if let wanted, runs[position]?.contains(wanted) == true { return wanted }
        return activityIDs[position]
    }

    /// All that the record at a position is about, seen as `per`: a recording that shows several activities is about each.
    func subjects(at position: Int, per: Matter.Per) -> [ObligationSubject] {
        if per == .activity, let several = runs[position] { return several.map { .activity($0) } }
        return subject(at: position, per: per).map { [$0] } ?? []
    }

    /// Whether the record at a position is about this.
    func isAbout(_ subject: ObligationSubject, at position: Int, per: Matter.Per) -> Bool {
        if per == .activity, let several = runs[position], case .activity(let one) = subject {
            return several.contains(one)
        }
        return self.subject(at: position, per: per) == subject
    }

    /// Documents of these kinds that stand, in the order in which they first appeared.
    func standing(of kinds: [String]) -> [(id: String, fixed: Int)] {
        var found = kinds.count == 1 ? standing[kinds[0]] ?? [] : Set(kinds).flatMap { standing[$0] ?? [] }
        if kinds.count > 1 { found.sort { $0.place < $1.place } }
        return found.map { (documentOrder[$0.place], $0.fixed) }
    }

    /// What the record at a position is about, seen as `per`; nil if it is about nothing of that sort.
    func subject(at position: Int, per: Matter.Per) -> ObligationSubject? {
        switch per {
        case .caseFile, .bureau: .whole
        case .activity: activityIDs[position].map { .activity($0) }
        case .document: documentIDs[position].map { .document($0) }
        case .recording: recordings[position].map { .recording($0) }
        case .record: .record(records[position].id)
        case .lead, .recorder, .request, .publication, .draw, .person:
            per.thread.flatMap { thread(of: records[position], kind: $0) }.map { .thread($0) }
        }
    }

    /// Notes the activities of a record: its own, its document's, or all of its recording's.
    private mutating func noteActivities(of position: Int) {
        let record = records[position]
        var found: String?
        var several: [String] = []
        let linked = record.type == .recordingLinked ? record.linkedActivities : []
        if !linked.isEmpty {
            several = linked
            found = several.first
        } else if let own = record.word("activity") {
            found = own
        } else if let id = documentIDs[position], let fixed = documents[id]?.fixed {
            found = records[fixed].word("activity")
        } else if let thread = recordings[position] {
            several = recordingActivities[thread] ?? []
            found = several.first
        }
        if position < activityIDs.count { activityIDs[position] = found } else { activityIDs.append(found) }
        runs[position] = several.count > 1 ? several : nil
    }

    /// The recording of the record at a position.
    func recording(at position: Int) -> ThreadTag? { recordings[position] }

    private func recording(of record: Record) -> ThreadTag? {
        if let named = record.thread("recording") { return named }
        return record.type.home == .recording && imports[record.thread] != nil ? record.thread : nil
    }

    /// The thread of this kind that a record names or stands in.
    func thread(of record: Record, kind: ThreadKind) -> ThreadTag? {
        record.thread(kind.rawValue) ?? (record.type.home == kind ? record.thread : nil)
    }

    /// The position of the entry that a record refers to in a role.
    func referred(_ role: String, from record: Record) -> Int? {
        record.references.first { $0.role == role }.flatMap { positions[RecordID(thread: $0.thread, seq: $0.seq)] }
    }
}

extension Record {
    /// The activities that a link of a recording names, `activity` and `activities`, each once.
    var linkedActivities: [String] {
        var result: [String] = []
        for member in ["activity", "activities"] {
            let words = plain[member].map { $0.elements ?? [$0] } ?? []
            for word in words.compactMap(\.string) where !result.contains(word) { result.append(word) }
        }
        return result
    }
}
