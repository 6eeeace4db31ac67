import Kernel

/// How a bureau is looked after, as its own thread tells it: what waits, what was confirmed, what lies outside.
public struct BureauUpkeep: Hashable, Sendable {
    /// The newest verified backup.
    public private(set) var lastBackup: Kept?
    /// Media that hold backups, as they were last written, in the order in which they first were.
    public private(set) var media: [BackupMedium] = []
    /// The newest checkpoint that was given out to be kept outside.
    public private(set) var lastCheckpoint: Kept?
    /// When the recovery sheet was last read back.
    public private(set) var recoveryConfirmedAt: Instant?
    /// Changes of the rules that wait for the agency head, oldest first.
    public private(set) var proposals: [RuleProposal] = []
    /// Changes of roles that wait for a second person, oldest first.
    public private(set) var roleProposals: [RoleProposal] = []
    /// Settings and public holidays that wait for a second person, oldest first.
    public private(set) var settingProposals: [SettingProposal] = []
    /// Changes of what people are registered with that wait for a second person, oldest first.
    public private(set) var personProposals: [PersonProposal] = []
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
        public let kind: Kind
        /// Whom it is about.
        public let person: ThreadTag
        /// Who did it; nil for the server itself.
        public let by: ThreadTag?
        /// The place of the entry that it is about, where it names one.
        public let about: Int?
        public internal(set) var readBy: Set<ThreadTag> = []

        /// What happened.
        public enum Kind: String, Hashable, Sendable, CaseIterable {
            /// A secret was reset on the server itself.
            case accountReset
            /// An administrator reset a secret: told to its person and to the agency heads.
            case resetByAdmin
            /// Roles that decide were changed by one person, for want of a second; recorded by earlier versions only.
            case roleAlone
            /// What waits for a second person was confirmed on the server, where nobody of the bureau could.
            case secondOnServer
            /// The account of an agency head was closed.
            case headClosed
            /// The log went on without its lock file.
            case lockAdopted
            /// Settings by which cases are judged, or public holidays, came into force as they were prepared.
            case settingsChanged
            /// They were turned down or taken back: told to who prepared them and to those who could have confirmed.
            case settingsDeclined
            /// What a person is registered with shall change: told to its person, before anybody confirms it.
            case personProposed
            /// It changed, as it was prepared: told to its person and to the agency heads.
            case personChanged
            /// It was turned down or taken back: told to the same.
            case personDeclined

            /// A higher rule takes the place of a row of a text in force, or does so no more.
            case ruleOverridden
            /// A breach of the rules of recording was found, or its rectification ordered, checked or followed by liability: told
            /// to whom it is about and to the agency heads.
            case violation

            /// Whether everybody is told; else its person and the agency heads.
            public var isForAll: Bool {
                ![.resetByAdmin, .settingsDeclined, .personProposed, .personChanged, .personDeclined, .violation]
                    .contains(self)
            }
            /// Whether the agency heads are told of what is about somebody else. What waits for them they see among
            /// what waits.
            public var isForHeads: Bool { self != .personProposed }
        }
    }

    /// Whether the bureau works: its agency head stands by a text. Before that it is being set up, by one person.
    public var isFounded: Bool { approvals.values.contains { $0.by != nil } }

    /// Folds the records of the bureau's thread.
    public init(_ records: [Record]) {
        for record in records { apply(record) }
    }

    /// Notices that a person has not read. Nobody is told of what happened before they were registered.
    public func unread(by person: ThreadTag, roles: [Role] = [], since registered: Instant) -> [Notice] {
        notices.filter { notice in
            notice.at >= registered && !notice.readBy.contains(person)
                && (notice.kind.isForAll || notice.person == person
                    || (notice.kind.isForHeads && roles.contains(.agencyHead)))
        }
    }

    private mutating func apply(_ record: Record) {
        switch record.type {
        case .backupMade:
            lastBackup = BureauUpkeep.kept(record)
            guard let medium = BackupMedium(record) else { return }
            if let index = media.firstIndex(where: { $0.id == medium.id }) {
                media[index] = medium
            } else {
                media.append(medium)
            }
        case .mediumRetired: media.removeAll { $0.id == record.word("medium") }
        case .checkpointKept: lastCheckpoint = BureauUpkeep.kept(record)
        case .recoveryConfirmed: recoveryConfirmedAt = record.recordedAt
        case .ruleProposed:
            if let proposal = RuleProposal(record) { proposals.append(proposal) }
        case .ruleDeclined: settle(record)
        case .roleProposed:
            if let proposal = RoleProposal(record) { roleProposals.append(proposal) }
        case .roleConfirmed, .roleDeclined:
            let settled = record.references.filter { $0.role == "proposal" }.map(\.seq)
            roleProposals.removeAll { settled.contains($0.seq) }
        case .personProposed:
            if let proposal = PersonProposal(record) { personProposals.append(proposal) }
        case .personConfirmed, .personDeclined:
            let settled = record.references.filter { $0.role == "proposal" }.map(\.seq)
            personProposals.removeAll { settled.contains($0.seq) }
        case .settingsProposed, .calendarProposed:
            if let proposal = SettingProposal(record) { settingProposals.append(proposal) }
        case .bureauSettingsChanged, .calendarAdopted, .settingsDeclined:
            let settled = record.references.filter { $0.role == "proposal" }.map(\.seq)
            settingProposals.removeAll { settled.contains($0.seq) }
        case .regulationAdopted, .regulationRepaired, .regulationConfirmed:
            settle(record)
            approve(record)
        case .regulationRepealed, .ruleOverridden: settle(record)
        case .noticePosted:
            guard let person = record.thread("person") else { return }
            let kind = record.word("kind").flatMap(Notice.Kind.init(rawValue:)) ?? .accountReset
            notices.append(
                Notice(
                    seq: record.seq, at: record.recordedAt, kind: kind, person: person, by: record.actor,
                    about: record.references.first { $0.role == "proposal" }?.seq))
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
        record.number("size").map { Kept(at: BackupMedium.madeAt(record), size: $0, place: record.text("place") ?? "") }
    }
}
