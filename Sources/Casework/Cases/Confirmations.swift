import Kernel

/// What rests on the word of whoever recorded it until somebody else confirmed it (核对确认): a service of which only a
/// receipt from outside tells, a performance on which the case ends, and times that were entered on a later day.
public struct AwaitedRecord: Hashable, Sendable {
    /// What was recorded.
    public let type: EntryType
    /// Its place in the case's thread.
    public let seq: Int
    /// Who recorded it.
    public let by: ThreadTag?
    /// When it happened, as it was said.
    public let at: Instant
    public let recordedAt: Instant
    /// The file that proves it: the place of its link in the case's thread.
    public let proof: Int?
    /// Whether somebody compared it and did not confirm it: what was said has to be corrected.
    public internal(set) var isTurnedDown = false
}

/// Confirmations as later readers take them.
public enum Confirmations {
    /// The plain member of what waits to be confirmed.
    public static let member = "awaitsConfirmation"
    /// In which role a confirmation names what it confirms, by type.
    public static let roles: [EntryType: String] = [
        .documentServed: "service", .activityBegan: "start", .statementRecorded: "said",
        .performanceRecorded: "performed", .recordingLinked: "veiled",
    ]
    /// What counts for nothing until it is confirmed, and for nothing where it was turned down; it is entered anew then.
    static let held: Set<EntryType> = [.documentServed, .performanceRecorded]

    /// Whether a record waited, when it was recorded.
    public static func isAsked(of record: Record) -> Bool {
        roles[record.type] != nil && record.plain[member]?.boolean == true
    }

    /// What a record confirms or turns down: its place in the thread; nil for other records.
    public static func target(of record: Record) -> Int? {
        guard record.type == .approvalStepped else { return nil }
        return record.references.first { roles.values.contains($0.role) && $0.thread == record.thread }?.seq
    }

    /// What was turned down among these records.
    public static func turnedDown(in records: [Record]) -> Set<RecordID> {
        var result: Set<RecordID> = []
        for record in records {
            guard let seq = target(of: record) else { continue }
            let id = RecordID(thread: record.thread, seq: seq)
            if record.word("result") == "passed" { result.remove(id) } else { result.insert(id) }
        }
        return result
    }

    /// Records as the law reads them: a service that nobody confirmed starts no term and opens no gate, and a performance
    /// that nobody confirmed meets no duty. Each keeps its place; whoever records it is held to everything that is asked
    /// of it (`proposed`).
    ///
    /// - Parameter proposed: how many at the end are not recorded yet.
    static func reading(_ records: [Record], proposed: Int) -> [Record] {
        let waits = { (record: Record) in held.contains(record.type) && isAsked(of: record) }
        guard records.dropLast(proposed).contains(where: waits) else { return records }
        let passed = Set(
            records.compactMap { record -> RecordID? in
                guard let seq = target(of: record), record.word("result") == "passed" else { return nil }
                return RecordID(thread: record.thread, seq: seq)
            })
        return records.enumerated().map { place, record in
            guard place < records.count - proposed, waits(record), !passed.contains(record.id) else { return record }
            // It reads like a correction that somebody asked for: a word that waits for another's.
            return Record(
                thread: record.thread, seq: record.seq, type: .correctionProposed, recordedAt: record.recordedAt,
                actor: record.actor)
        }
    }
}

extension Case {
    mutating func applyAwaited(_ record: Record) {
        awaited.append(
            AwaitedRecord(
                type: record.type, seq: record.seq, by: record.actor, at: record.happenedAt,
                recordedAt: record.recordedAt,
                proof: record.type == .recordingLinked
                    ? record.seq : record.references.first { $0.role == "proofFile" }?.seq))
    }

    mutating func applyConfirmation(_ record: Record) {
        guard let seq = Confirmations.target(of: record) else { return }
        let isPassed = record.word("result") == "passed"
        if let index = heldPerformances.firstIndex(where: { $0.seq == seq }) {
            awaited.removeAll { $0.seq == seq }
            let performed = heldPerformances.remove(at: index)
            if isPassed { performance = performed }
            return
        }
        guard let index = heldServices.firstIndex(where: { $0.seq == seq }) else {
            // A time that was turned down waits until a correction of it is approved.
            if isPassed {
                awaited.removeAll { $0.seq == seq }
            } else if let index = awaited.firstIndex(where: { $0.seq == seq }) {
                awaited[index].isTurnedDown = true
            }
            return
        }
        awaited.removeAll { $0.seq == seq }
        let service = heldServices.remove(at: index)
        if isPassed { services.append(service) }
    }

    /// Whoever approves another time has looked at it; a service and a performance are compared all the same.
    mutating func applyCorrectedTime(_ record: Record) {
        guard record.type == .entryCorrected, record.plain["instant"] != nil,
            let target = record.references.first(where: { $0.role == "corrects" })?.seq
        else { return }
        awaited.removeAll { $0.seq == target && !Confirmations.held.contains($0.type) }
    }

    /// Activities whose time stands: said in time, or confirmed.
    public var settledActivities: [Activity] {
        let open = Set(awaited.filter { $0.type == .activityBegan }.map(\.seq))
        return activities.filter { !open.contains($0.seq) }
    }
}
