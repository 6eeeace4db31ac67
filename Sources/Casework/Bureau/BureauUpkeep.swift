import Kernel

/// How a bureau is looked after, as its own thread tells it: what waits, what was confirmed, what lies outside.
public struct BureauUpkeep: Hashable, Sendable {
    /// The newest verified backup.
    public private(set) var lastBackup: Kept?
    /// The newest checkpoint that was given out to be kept outside.
    public private(set) var lastCheckpoint: Kept?
    /// When the recovery sheet was last read back.
    public private(set) var recoveryConfirmedAt: Instant?
    /// Changes of the rules that wait for the agency head, oldest first.
    public private(set) var proposals: [RuleProposal] = []
    /// Who stands by each text in force, by the digest of its file.
    public private(set) var approvals: [Digest: Approval] = [:]
    /// What everybody is to know, newest last.
    public private(set) var notices: [Notice] = []

    /// A head of the log that is held outside.
    public struct Kept: Hashable, Sendable {
        public let at: Instant
        public let size: Int64
        /// Where it lies, as was said.
        public let place: String
    }

    /// A person's word for a text in force.
    public struct Approval: Hashable, Sendable {
        /// Nil where the founding itself took the text into force and nobody has confirmed it.
        public let by: ThreadTag?
        public let at: Instant
        /// Who approves where texts name different approvers; the bureau's own choice.
        public let approver: Role?
        /// Who keeps the records; the bureau's own choice.
        public let custodian: Role?
    }

    /// Something that everybody of the bureau is to know.
    public struct Notice: Hashable, Sendable {
        /// The entry's place in the bureau's thread.
        public let seq: Int
        public let at: Instant
        /// Whose account was reset on the server.
        public let person: ThreadTag
        public internal(set) var readBy: Set<ThreadTag> = []
    }

    /// Folds the records of the bureau's thread.
    public init(_ records: [Record]) {
        for record in records { apply(record) }
    }

    /// Notices that a person has not read. Nobody is told of what happened before they were registered.
    public func unread(by person: ThreadTag, since registered: Instant) -> [Notice] {
        notices.filter { $0.at >= registered && !$0.readBy.contains(person) }
    }

    private mutating func apply(_ record: Record) {
        switch record.type {
        case .backupMade: lastBackup = BureauUpkeep.kept(record)
        case .checkpointKept: lastCheckpoint = BureauUpkeep.kept(record)
        case .recoveryConfirmed: recoveryConfirmedAt = record.recordedAt
        case .ruleProposed:
            if let proposal = RuleProposal(record) { proposals.append(proposal) }
        case .ruleDeclined: settle(record)
        case .regulationAdopted, .regulationRepaired, .regulationConfirmed:
            settle(record)
            approve(record)
        case .regulationRepealed: settle(record)
        case .noticePosted:
            guard let person = record.thread("person") else { return }
            notices.append(Notice(seq: record.seq, at: record.recordedAt, person: person))
        case .noticeRead:
            guard let reader = record.actor else { return }
            for reference in record.references where reference.role == "notice" {
                guard let index = notices.firstIndex(where: { $0.seq == reference.seq }) else { continue }
                notices[index].readBy.insert(reader)
            }
        default: break
        }
    }

    private mutating func settle(_ record: Record) {
        let settled = record.references.filter { $0.role == "proposal" }.map(\.seq)
        proposals.removeAll { settled.contains($0.seq) }
    }

    private mutating func approve(_ record: Record) {
        guard let digest = record.word("digest").flatMap({ Digest($0) }) else { return }
        let before = record.word("replaces").flatMap { Digest($0) }.flatMap { approvals[$0] } ?? approvals[digest]
        approvals[digest] = Approval(
            by: record.actor, at: record.recordedAt,
            approver: record.word("approver").flatMap(Role.init(rawValue:)) ?? before?.approver,
            custodian: record.word("custodian").flatMap(Role.init(rawValue:)) ?? before?.custodian)
    }

    private static func kept(_ record: Record) -> Kept? {
        record.number("size").map { Kept(at: record.recordedAt, size: $0, place: record.text("place") ?? "") }
    }
}
