import Kernel

/// A history by type, document, activity and recording, so that a duty looks only at records that can concern it.
///
/// What records are about is numbered: whoever judges compares numbers, never names. Appending one record costs a few
/// dictionary steps; positions are those of the log and never change.
///
/// It stands in one file although it is long: what is kept by position has to grow and shrink together, so that nothing outside
/// may write it, and who writes it is seen at a glance.
struct RecordIndex: Sendable {
    private(set) var records: [Record] = []
    private(set) var byType = TypePositions()
    /// The types of which there is a record.
    private(set) var present = TypeSet()
    /// By position: the type, which is asked for most.
    private(set) var types: [EntryType] = []
    /// The latest ordinary time at which anything was recorded; the beginning of time for an empty history.
    private(set) var newest = Instant(milliseconds: 0)
    private var hasNewest = false
    /// Position of `recording.imported` by thread.
    private(set) var imports: [ThreadTag: Int] = [:]
    /// The activities that a recording was linked to, in the order in which they were first named.
    private var recordingActivities: [ThreadTag: [Int32]] = [:]
    private var positions: [RecordID: Int] = [:]
    /// Position of the first `case.opened`.
    private(set) var opened: Int?
    /// Position of each thread's first record.
    private(set) var firsts: [ThreadTag: Int] = [:]

    /// Documents by id, and what is known of each.
    private var documentNumbers: [String: Int32] = [:]
    private var documents: [DocumentFacts] = []
    /// How many documents a `document.*` record named so far: the order in which they first appeared.
    private var documentCount = 0
    /// Activities by id, and what is known of each.
    private var activityNumbers: [String: Int32] = [:]
    private var activities: [ActivityFacts] = []

    /// By position: the document that the record names, as a number; -1 for none.
    private var documentOf: [Int32] = []
    /// By position: the activity and the recording that the record itself names.
    private var ownActivityOf: [Int32] = []
    private var named: [ThreadTag?] = []
    /// By position: the activity that the record belongs to. Known only at the end of the history, since a later record
    /// may say it; so are recordings, voids and what references lead to.
    private var activityOf: [Int32] = []
    /// By position: all activities of a record that belongs to several, `activityOf` holding the first of them.
    private var runs: [Int: [Int32]] = [:]
    private var recordings: [ThreadTag?] = []
    private var voids: [Int32] = []
    private var targets: [[Int32]] = []
    /// By position: the day of the act, as a number; `noDay` for none.
    private var actDays: [Int32] = []
    /// Documents that stand, by kind, each with its place among all and the position of its fixed entry.
    private var standing: [String: [(place: Int, fixed: Int)]] = [:]

    /// By position: the number of the record itself.
    private var recordNumbers: [Int32] = []
    /// Everything that records or obligations are about, by number.
    private(set) var subjects: [ObligationSubject] = [.whole]
    private var subjectNumbers: [ObligationSubject: Int32] = [:]
    /// By what is counted, then by position: the number of the subject; -1 for none. Only for what is asked.
    private var tables: [[Int32]] = []
    private let asked: [Matter.Per]
    private let askedThreads: [Matter.Per]
    private let asksRecords: Bool

    private static let noDay = Int32.min

    /// What is known of a document.
    struct DocumentFacts: Sendable {
        let id: String
        /// Its number among the subjects; -1 until somebody asked.
        var number: Int32 = -1
        /// Its place among the documents; nil until a `document.*` record names it.
        var place: Int?
        var fixed: Int?
        var signatures: [SignatureFacts] = []
        var issued: Int?
        var voided: Int?
    }

    /// A signature that met a place, in the words of `document.signed`; read once.
    struct SignatureFacts: Sendable {
        let position: Int
        let slot: String
        let manner: SigningManner
        let decision: SigningDecision?
        let isSealed: Bool

        init?(_ record: Record, at position: Int) {
            guard let slot = record.word("slot"),
                let manner = record.word("manner").flatMap({ SigningManner(rawValue: $0) })
            else { return nil }
            self.position = position
            self.slot = slot
            self.manner = manner
            decision = record.word("decision").flatMap { SigningDecision(rawValue: $0) }
            isSealed = record.plain["sealed"]?.boolean == true
        }
    }

    /// What is known of an activity.
    private struct ActivityFacts: Sendable {
        let id: String
        var number: Int32 = -1
        var began: Int?
        /// The last record of its end: who records it again corrects it.
        var ended: Int? { ends.last }
        var ends: [Int] = []
        /// Threads of the recordings that were linked to it.
        var recordings: [ThreadTag] = []
    }

    /// A history.
    ///
    /// - Parameter asked: what will be counted by: other subjects are not known.
    init(_ history: [Record], asked: [Matter.Per]) {
        self.asked = asked
        askedThreads = asked.filter { $0.thread != nil }
        asksRecords = asked.contains(.record)
        tables = Array(repeating: [], count: Matter.Per.allCases.count)
        // The history's own list, shared until a record is added.
        records = history
        reserve(history.count)
        for position in history.indices { note(history[position], at: position) }
        // Each list is made beside the index and put into it whole: nothing of the index is copied to be read meanwhile.
        recordings = history.indices.map { recording(of: history[$0], at: $0) }
        voids = history.indices.map { voiding(of: $0) }
        targets = history.map { targets(of: $0) }
        for position in history.indices { noteActivities(of: history[position], at: position) }
        for facts in documents.filter({ $0.place != nil }).sorted(by: { ($0.place ?? 0) < ($1.place ?? 0) }) {
            guard facts.voided == nil, let place = facts.place, let fixed = facts.fixed,
                let kind = records[fixed].word("kind")
            else { continue }
            standing[kind, default: []].append((place, fixed))
        }
        for per in asked where per.thread == nil {
            tables[per.ordinal].reserveCapacity(records.count)
            for position in records.indices { tables[per.ordinal].append(makeNumber(at: position, per: per)) }
        }
    }

    /// Adds a record at the end, so that the index is the one that `init` would make of the longer history.
    ///
    /// Only for records that say nothing new of earlier ones but to what activity a recording belongs: `Mentions`
    /// knows which those are.
    mutating func add(_ record: Record) {
        let position = records.count
        records.append(record)
        note(record, at: position)
        voids.append(voiding(of: position))
        recordings.append(recording(of: record, at: position))
        targets.append(targets(of: record))
        noteActivities(of: record, at: position)
        for per in asked where per.thread == nil {
            tables[per.ordinal].append(makeNumber(at: position, per: per))
        }
        if record.type == .recordingLinked, let linked = named[position] {
            for other in recordings.indices where recordings[other] == linked {
                noteActivities(of: records[other], at: other)
                if asked.contains(.activity) {
                    tables[Matter.Per.activity.ordinal][other] = makeNumber(at: other, per: .activity)
                }
            }
        }
        if record.type == .documentFixed, let facts = document(at: position), facts.fixed == position,
            facts.voided == nil, let place = facts.place, let kind = record.word("kind")
        {
            standing[kind, default: []].append((place, position))
        }
    }

    /// What an index was before records were added that are taken back again.
    struct Mark {
        fileprivate let records: Int
        fileprivate let subjects: Int
        fileprivate let documents: Int
        fileprivate let placedDocuments: Int
        fileprivate let activities: Int
        fileprivate let present: TypeSet
        fileprivate let newest: Instant
        fileprivate let hasNewest: Bool
        fileprivate let opened: Int?
    }

    /// Where the index stands.
    var mark: Mark {
        Mark(
            records: records.count, subjects: subjects.count, documents: documents.count,
            placedDocuments: documentCount, activities: activities.count, present: present, newest: newest,
            hasNewest: hasNewest, opened: opened)
    }

    /// Whether a record that is added can be taken back: links say something of records before them.
    static func canTakeBack(_ record: Record) -> Bool { record.type != .recordingLinked }

    /// Takes back what was added since, so that the index is the one that it was: an index of hundreds of records is not
    /// copied for each record that is only tried.
    ///
    /// Only for records that `canTakeBack` and `Mentions` let pass.
    mutating func takeBack(to mark: Mark) {
        while records.count > mark.records {
            let position = records.count - 1
            let record = records[position]
            byType.removeLast(of: record.type)
            positions[record.id] = nil
            if firsts[record.thread] == position { firsts[record.thread] = nil }
            if imports[record.thread] == position { imports[record.thread] = nil }
            if documentOf[position] >= 0 { takeBack(position, ofDocument: Int(documentOf[position]), to: mark) }
            let named = [ownActivityOf[position], activityOf[position]] + (runs.removeValue(forKey: position) ?? [])
            for activity in named where activity >= 0 { takeBack(position, ofActivity: Int(activity), to: mark) }
            if record.type == .documentFixed, let kind = record.word("kind"), standing[kind]?.last?.fixed == position {
                standing[kind]?.removeLast()
            }
            for per in asked { tables[per.ordinal].removeLast() }
            removeLast()
        }
        for subject in subjects[mark.subjects...] { subjectNumbers[subject] = nil }
        subjects.removeSubrange(mark.subjects...)
        for facts in documents[mark.documents...] { documentNumbers[facts.id] = nil }
        documents.removeSubrange(mark.documents...)
        for facts in activities[mark.activities...] { activityNumbers[facts.id] = nil }
        activities.removeSubrange(mark.activities...)
        documentCount = mark.placedDocuments
        (present, newest, hasNewest, opened) = (mark.present, mark.newest, mark.hasNewest, mark.opened)
    }

    /// The last record goes from all that is kept by position.
    private mutating func removeLast() {
        records.removeLast()
        types.removeLast()
        if asksRecords { recordNumbers.removeLast() }
        actDays.removeLast()
        documentOf.removeLast()
        ownActivityOf.removeLast()
        activityOf.removeLast()
        named.removeLast()
        voids.removeLast()
        recordings.removeLast()
        targets.removeLast()
    }

    private mutating func takeBack(_ position: Int, ofDocument number: Int, to mark: Mark) {
        if documents[number].fixed == position { documents[number].fixed = nil }
        if documents[number].issued == position { documents[number].issued = nil }
        if documents[number].voided == position { documents[number].voided = nil }
        if documents[number].signatures.last?.position == position { documents[number].signatures.removeLast() }
        if let place = documents[number].place, place >= mark.placedDocuments { documents[number].place = nil }
        if documents[number].number >= mark.subjects { documents[number].number = -1 }
    }

    private mutating func takeBack(_ position: Int, ofActivity number: Int, to mark: Mark) {
        if activities[number].began == position { activities[number].began = nil }
        if activities[number].ended == position { activities[number].ends.removeLast() }
        if activities[number].number >= mark.subjects { activities[number].number = -1 }
    }

    private mutating func reserve(_ count: Int) {
        positions.reserveCapacity(count)
        types.reserveCapacity(count)
        actDays.reserveCapacity(count)
        documentOf.reserveCapacity(count)
        ownActivityOf.reserveCapacity(count)
        activityOf.reserveCapacity(count)
        named.reserveCapacity(count)
    }

    /// Takes in what a record itself says.
    private mutating func note(_ record: Record, at position: Int) {
        types.append(record.type)
        byType.append(position, of: record.type)
        present.insert(record.type)
        if asksRecords {
            let before = positions.updateValue(position, forKey: record.id)
            recordNumbers.append(before.map { recordNumbers[$0] } ?? append(.record(record.id)))
        } else {
            positions[record.id] = position
        }
        // Most records stand in the thread of the one before.
        if position == 0 || records[position - 1].thread != record.thread, firsts[record.thread] == nil {
            firsts[record.thread] = position
        }
        if let recorded = record.recordedAt.ordinary, !hasNewest || newest < recorded {
            newest = recorded
            hasNewest = true
        }
        actDays.append(record.actDay?.number ?? RecordIndex.noDay)
        let names = RecordNames(record)
        let document = names.document.map { number(ofDocument: $0) } ?? -1
        documentOf.append(document)
        ownActivityOf.append(names.activity.map { number(ofActivity: $0) } ?? -1)
        activityOf.append(-1)
        named.append(names.recording)
        for per in askedThreads {
            note(names.thread(per) ?? (record.type.home == per.thread ? record.thread : nil), per)
        }
        switch record.type {
        case .caseOpened:
            if opened == nil { opened = position }
        case .activityBegan:
            let number = Int(ownActivityOf[position])
            if number >= 0, activities[number].began == nil { activities[number].began = position }
        case .activityEnded:
            let number = Int(ownActivityOf[position])
            if number >= 0 { activities[number].ends.append(position) }
        case .recordingImported:
            if imports[record.thread] == nil { imports[record.thread] = position }
        case .recordingLinked:
            guard let thread = names.recording else { break }
            for activity in record.linkedActivities.map({ number(ofActivity: $0) })
            where recordingActivities[thread]?.contains(activity) != true {
                recordingActivities[thread, default: []].append(activity)
                activities[Int(activity)].recordings.append(thread)
            }
        case .documentFixed, .documentSigned, .documentIssued, .documentVoided:
            guard document >= 0 else { break }
            note(record, of: Int(document), at: position)
        default: break
        }
    }

    private mutating func note(_ record: Record, of number: Int, at position: Int) {
        if documents[number].place == nil {
            documents[number].place = documentCount
            documentCount += 1
        }
        switch record.type {
        case .documentFixed: documents[number].fixed = documents[number].fixed ?? position
        case .documentSigned:
            if let facts = SignatureFacts(record, at: position) {
                documents[number].signatures.append(facts)
            }
        case .documentIssued: documents[number].issued = documents[number].issued ?? position
        case .documentVoided: documents[number].voided = documents[number].voided ?? position
        default: break
        }
    }

    private mutating func number(ofDocument id: String) -> Int32 {
        if let known = documentNumbers[id] { return known }
        let number = Int32(documents.count)
        documentNumbers[id] = number
        documents.append(DocumentFacts(id: id))
        return number
    }

    private mutating func number(ofActivity id: String) -> Int32 {
        if let known = activityNumbers[id] { return known }
        let number = Int32(activities.count)
        activityNumbers[id] = number
        activities.append(ActivityFacts(id: id))
        return number
    }

    // MARK: what a record names

    /// Positions of records of these types, in the order of the log.
    func positions(of types: [EntryType]) -> [Int] {
        // Of several types a history mostly has records of one.
        var result: [Int] = []
        var isSorted = true
        for type in types where present.contains(type) {
            guard let found = byType[type] else { continue }
            if result.isEmpty {
                result = found
            } else {
                result += found
                isSorted = false
            }
        }
        if !isSorted { result.sort() }
        return result
    }

    /// Where the document that this record belongs to was made void; nil if it stands or there is none.
    func voided(at position: Int) -> Int? { voids[position] < 0 ? nil : Int(voids[position]) }

    /// Whether the document that this record belongs to was made void.
    func isVoid(at position: Int) -> Bool { voids[position] >= 0 }

    /// The document that the record at a position names.
    func document(at position: Int) -> DocumentFacts? {
        documentOf[position] < 0 ? nil : documents[Int(documentOf[position])]
    }

    /// The position of the fixed entry of the document that the record at a position names.
    func fixed(at position: Int) -> Int? {
        documentOf[position] < 0 ? nil : documents[Int(documentOf[position])].fixed
    }

    /// Where the activity of the record at a position began and ended.
    ///
    /// - Parameter wanted: the number of a subject; where the record belongs to several activities this one if it is
    ///   among them, else the first.
    func activity(at position: Int, of wanted: Int32?) -> (began: Int?, ended: Int?)? {
        guard activityOf[position] >= 0 else { return nil }
        var activity = activityOf[position]
        if let wanted, let several = runs[position],
            let found = several.first(where: { activities[Int($0)].number == wanted })
        {
            activity = found
        }
        let facts = activities[Int(activity)]
        return (facts.began, facts.ended)
    }

    /// When the activity of the record at a position ended, if nobody stated it: with its last recording, and not later
    /// than its end was recorded. Nil where the end is stated, or not recorded yet.
    func unstatedEnd(at position: Int, of wanted: Int32?) -> Instant? {
        guard let (began, ended) = activity(at: position, of: wanted), let ended, records[ended].statedAt == nil,
            member(["endAt"], at: ended).isEmpty, began.map({ member(["endAt"], at: $0).isEmpty }) ?? true,
            let recorded = records[ended].recordedAt.ordinary
        else { return nil }
        let number = Int(ownActivityOf[ended])
        guard number >= 0 else { return recorded }
        let last = activities[number].recordings.compactMap { imports[$0] }
            .compactMap { member(["endAt"], at: $0).first?.stated }.max()
        return last.map { min($0, recorded) } ?? recorded
    }

    /// Whether any record belongs to several activities.
    var hasShared: Bool { !runs.isEmpty }

    /// Whether the record at a position belongs to several activities: a recording that shows each of them.
    func isShared(_ position: Int) -> Bool { !runs.isEmpty && runs[position] != nil }

    /// The day of the act of the record at a position.
    func actDay(at position: Int) -> CivilDay? {
        actDays[position] == RecordIndex.noDay ? nil : CivilDay(number: actDays[position])
    }

    /// Documents of these kinds that stand, in the order in which they first appeared: the positions of their fixed
    /// entries.
    func standing(of kinds: [String]) -> [Int] {
        if kinds.count == 1 { return standing[kinds[0]]?.map(\.fixed) ?? [] }
        return Set(kinds).flatMap { standing[$0] ?? [] }.sorted { $0.place < $1.place }.map(\.fixed)
    }

    /// Notes the activities of a record: its own, its document's, or all of its recording's.
    private mutating func noteActivities(of record: Record, at position: Int) {
        var found: Int32 = -1
        var several: [Int32] = []
        if record.type == .recordingLinked {
            several = record.linkedActivities.map { number(ofActivity: $0) }
        }
        if let first = several.first {
            found = first
        } else if ownActivityOf[position] >= 0 {
            found = ownActivityOf[position]
        } else if documentOf[position] >= 0, let fixed = documents[Int(documentOf[position])].fixed {
            found = ownActivityOf[fixed]
        } else if let thread = recordings[position] {
            several = recordingActivities[thread] ?? []
            found = several.first ?? -1
        }
        activityOf[position] = found
        if several.count > 1 { runs[position] = several } else if !runs.isEmpty { runs[position] = nil }
    }

    private func voiding(of position: Int) -> Int32 {
        guard documentOf[position] >= 0, let voided = documents[Int(documentOf[position])].voided else { return -1 }
        return Int32(voided)
    }

    /// The recording of the record at a position.
    func recording(at position: Int) -> ThreadTag? { recordings[position] }

    private func recording(of record: Record, at position: Int) -> ThreadTag? {
        if let named = named[position] { return named }
        guard record.type.home == .recording else { return nil }
        if imports[record.thread] != nil { return record.thread }
        // What befell a recording that nobody imported is about it all the same.
        return firsts[record.thread].map { types[$0].home == .recording } ?? false ? record.thread : nil
    }

    /// The thread of this kind that a record names or stands in.
    func thread(of record: Record, kind: ThreadKind) -> ThreadTag? {
        record.thread(kind.rawValue) ?? (record.type.home == kind ? record.thread : nil)
    }

    // MARK: references

    /// The position of the entry that a record refers to in a role.
    func referred(_ role: String, from position: Int) -> Int? {
        guard let place = records[position].references.firstIndex(where: { $0.role == role }) else { return nil }
        return targets[position][place] < 0 ? nil : Int(targets[position][place])
    }

    /// Whether the record at a position refers to the entry at another.
    func refers(_ position: Int, to other: Int) -> Bool {
        !targets[position].isEmpty && targets[position].contains(Int32(other))
    }

    private func targets(of record: Record) -> [Int32] {
        record.references.isEmpty
            ? []
            : record.references.map { reference in
                positions[RecordID(thread: reference.thread, seq: reference.seq)].map { Int32($0) } ?? -1
            }
    }

    // MARK: subjects

    /// By position: the number of what the record is about, seen as `per`; -1 if it is about nothing of that sort.
    func numbers(per: Matter.Per) -> [Int32] { tables[per.ordinal] }

    /// What the record at a position is about, seen as `per`; nil if it is about nothing of that sort.
    func subject(at position: Int, per: Matter.Per) -> ObligationSubject? {
        let number = tables[per.ordinal][position]
        return number < 0 ? nil : subjects[Int(number)]
    }

    /// All that the record at a position is about, seen as `per`: a recording that shows several activities is about each.
    func subjects(at position: Int, per: Matter.Per) -> [ObligationSubject] {
        if per == .activity, let several = runs[position] { return several.map { .activity(activities[Int($0)].id) } }
        return subject(at: position, per: per).map { [$0] } ?? []
    }

    /// The numbers of all activities of the record at a position that belongs to several; nil for any other.
    func sharedNumbers(at position: Int) -> [Int32]? {
        runs.isEmpty ? nil : runs[position]?.map { activities[Int($0)].number }
    }

    /// The number of a subject; nil if nothing is about it.
    func number(of subject: ObligationSubject) -> Int32? {
        switch subject {
        case .whole: 0
        case .record(let id):
            asksRecords ? positions[id].map { recordNumbers[$0] } : nil
        default: subjectNumbers[subject]
        }
    }

    private mutating func append(_ subject: ObligationSubject) -> Int32 {
        subjects.append(subject)
        return Int32(subjects.count - 1)
    }

    private mutating func makeNumber(of subject: ObligationSubject) -> Int32 {
        if let known = subjectNumbers[subject] { return known }
        let number = append(subject)
        subjectNumbers[subject] = number
        return number
    }

    private mutating func note(_ thread: ThreadTag?, _ per: Matter.Per) {
        tables[per.ordinal].append(thread.map { makeNumber(of: .thread($0)) } ?? -1)
    }

    private mutating func nameActivity(_ activity: Int) {
        guard activities[activity].number < 0 else { return }
        activities[activity].number = makeNumber(of: .activity(activities[activity].id))
    }

    private mutating func makeNumber(at position: Int, per: Matter.Per) -> Int32 {
        switch per {
        case .caseFile, .bureau: return 0
        case .activity:
            let activity = Int(activityOf[position])
            guard activity >= 0 else { return -1 }
            for other in runs[position] ?? [] { nameActivity(Int(other)) }
            nameActivity(activity)
            return activities[activity].number
        case .document:
            let document = Int(documentOf[position])
            guard document >= 0 else { return -1 }
            if documents[document].number < 0 {
                documents[document].number = makeNumber(of: .document(documents[document].id))
            }
            return documents[document].number
        case .recording: return recordings[position].map { makeNumber(of: .recording($0)) } ?? -1
        case .record: return recordNumbers[position]
        case .lead, .recorder, .request, .publication, .draw, .person: return -1
        }
    }
}

extension Matter.Per {
    /// Its place among the cases, from 0.
    var ordinal: Int { withUnsafeBytes(of: self) { Int($0[0]) } }
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
