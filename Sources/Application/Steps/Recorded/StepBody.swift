import Casework
import Kernel
import Ledger

/// What a step described as data records and asks, whatever thread it stands in.
public struct StepBody: Sendable {
    /// What it records.
    public let type: EntryType
    /// What is done, in plain Chinese.
    public let title: String
    /// What it asks, in the order of the form.
    public let inputs: [RecordedInput]
    /// Plain words that the step itself says.
    public let given: [String: String]
    /// Members that name the person who takes the step.
    public let signed: [String]

    /// The question of a name.
    public func input(_ name: String) -> RecordedInput? { inputs.first { $0.name == name } }
}

/// What answers are chosen from and checked against: the records of the thread, and the case where it is one.
public struct AnswerGround: Sendable {
    /// The thread that the record will stand in.
    public let thread: ThreadTag
    /// Its records, in order.
    public let records: [Record]
    /// The same as entries, which references need; empty where nothing is recorded, only shown.
    public let entries: [Entry]
    /// The case, where the thread is one.
    public let work: Case?

    /// A ground.
    public init(thread: ThreadTag, records: [Record], entries: [Entry], work: Case? = nil) {
        self.thread = thread
        self.records = records
        self.entries = entries
        self.work = work
    }

    /// The first day that a day in the case can be; nil where the thread is no case.
    ///
    /// A case of the summary procedure begins in the system after what was done on the spot (`IssueDay.onTheSpotDays`).
    var begins: CivilDay? {
        work.map { work in
            // An inspection is entered when the officers are back.
            let visits = work.kind == .inspection ? work.activities.map(\.startAt) : []
            let day = (visits + [work.startedAt, work.openedAt]).min()?.day ?? work.openedAt.day
            return work.procedure == .summary ? day.advanced(by: -IssueDay.onTheSpotDays) : day
        }
    }

    /// Names one of the thread's entries in a role.
    func reference(_ role: String, to seq: Int) throws(StepRefusal) -> EntryReference {
        guard entries.indices.contains(seq - 1) else {
            throw StepRefusal(.notFound, "这里没有第 \(seq) 条记录。")
        }
        return EntryReference(role, entries[seq - 1])
    }
}
