import Kernel

/// A history by type, document, activity and recording, so that a duty looks only at records that can concern it.
///
/// Appending one record costs a few dictionary steps; positions are those of the log and never change.
struct RecordIndex {
    private(set) var records: [Record] = []
    private(set) var byType: [EntryType: [Int]] = [:]
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
    /// The activity that a recording was linked to.
    private(set) var recordingActivities: [ThreadTag: String] = [:]
    private(set) var positions: [RecordID: Int] = [:]
    /// Position of the first `case.opened`.
    private(set) var opened: Int?
    /// Position of each thread's first record.
    private(set) var firsts: [ThreadTag: Int] = [:]

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
    }

    mutating func append(_ record: Record) {
        let position = records.count
        records.append(record)
        byType[record.type, default: []].append(position)
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
            if let thread = record.thread("recording"), let activity = record.word("activity") {
                recordingActivities[thread] = activity
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
    func voided(_ record: Record) -> Int? {
        record.word("document").flatMap { documents[$0]?.voided }
    }

    /// What a record is about, seen as `per`; nil if it is about nothing of that sort.
    func subject(of record: Record, per: Matter.Per) -> ObligationSubject? {
        switch per {
        case .caseFile, .bureau: .whole
        case .activity: activity(of: record).map { .activity($0) }
        case .document: record.word("document").map { .document($0) }
        case .recording: recording(of: record).map { .recording($0) }
        case .record: .record(record.id)
        case .lead, .recorder, .request, .publication, .draw, .person:
            per.thread.flatMap { thread(of: record, kind: $0) }.map { .thread($0) }
        }
    }

    /// The activity of a record: its own, its document's, or its recording's.
    func activity(of record: Record) -> String? {
        if let own = record.word("activity") { return own }
        if let id = record.word("document"), let fixed = documents[id]?.fixed {
            return records[fixed].word("activity")
        }
        return recording(of: record).flatMap { recordingActivities[$0] }
    }

    /// The recording of a record.
    func recording(of record: Record) -> ThreadTag? {
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
