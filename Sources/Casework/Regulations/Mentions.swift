import Kernel

/// What the records of a history have named so far: a new record that was named before its time, or that changes what
/// was said of earlier ones, cannot be judged by itself.
struct Mentions: Sendable {
    private var documents: Set<String> = []
    private var fixedDocuments: Set<String> = []
    private var activities: Set<String> = []
    private var begunActivities: Set<String> = []
    private var recordings: Set<ThreadTag> = []
    private var importedRecordings: Set<ThreadTag> = []
    /// The activities that a recording was linked to.
    private var links: [ThreadTag: Set<String>] = [:]
    /// Threads that have a record.
    private var threads: Set<ThreadTag> = []
    /// Threads that a record names as lead, request, ….
    private var named: Set<ThreadTag> = []
    private var records: Set<RecordID> = []
    /// Entries that were referred to and are not there.
    private var awaited: Set<RecordID> = []
    private var hasCase = false
    private var isEmpty = true

    private static let kinds = Matter.Per.allCases.compactMap(\.thread)

    init(_ history: [Record]) {
        for record in history { note(record) }
    }

    /// Whether a record changes how earlier ones are read.
    func isUnforeseen(_ record: Record) -> Bool {
        let id = record.id
        if records.contains(id) || awaited.contains(id) { return true }
        if !threads.contains(record.thread), named.contains(record.thread) { return true }
        switch record.type {
        case .documentVoided, .ruleOverridden, .entryCorrected: return true
        case .caseOpened: return !hasCase && !isEmpty
        // The first of several counts, so only the first can say anything new of what came before it.
        case .documentFixed:
            return record.word("document").map { documents.contains($0) && !fixedDocuments.contains($0) } ?? false
        case .activityBegan:
            return record.word("activity").map { activities.contains($0) && !begunActivities.contains($0) } ?? false
        case .recordingImported:
            return !importedRecordings.contains(record.thread)
                && (threads.contains(record.thread) || recordings.contains(record.thread))
        case .recordingLinked:
            guard let before = record.thread("recording").flatMap({ links[$0] }) else { return false }
            return !before.isSuperset(of: record.linkedActivities)
        default: return false
        }
    }

    mutating func note(_ record: Record) {
        isEmpty = false
        if record.type == .caseOpened { hasCase = true }
        records.insert(record.id)
        awaited.remove(record.id)
        for reference in record.references {
            let id = RecordID(thread: reference.thread, seq: reference.seq)
            if !records.contains(id) { awaited.insert(id) }
        }
        threads.insert(record.thread)
        if let document = record.word("document") {
            documents.insert(document)
            if record.type == .documentFixed { fixedDocuments.insert(document) }
        }
        if let activity = record.word("activity") {
            activities.insert(activity)
            if record.type == .activityBegan { begunActivities.insert(activity) }
        }
        if record.type == .recordingLinked {
            let named = record.linkedActivities
            activities.formUnion(named)
            if let thread = record.thread("recording"), !named.isEmpty {
                links[thread, default: []].formUnion(named)
            }
        }
        if let recording = record.thread("recording") { recordings.insert(recording) }
        if record.type == .recordingImported { importedRecordings.insert(record.thread) }
        for kind in Mentions.kinds {
            if let thread = record.thread(kind.rawValue) { named.insert(thread) }
        }
    }
}
