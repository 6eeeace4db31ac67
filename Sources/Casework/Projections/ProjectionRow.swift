import Kernel

/// One row of a view that can be rebuilt from entries: what lists, work lists, registers and search read.
///
/// Rows are pure functions of entries. A row that is derived from one thread carries that thread as its owner;
/// a store keeps each kind in a table of its own and replaces a row by its key.
public enum ProjectionRow: Hashable, Sendable {
    case person(PersonRow)
    case subject(SubjectRow)
    case caseFile(CaseRow)
    case document(DocumentRow)
    case obligation(ObligationRow)
    case recording(RecordingRow)
    case claim(ClaimRow)

    /// Which row this is: two rows with one key are two states of one row.
    public var key: ProjectionKey {
        switch self {
        case .person(let row): .init(table: .person, owner: row.thread, local: "")
        case .subject(let row): .init(table: .subject, owner: row.thread, local: "")
        case .caseFile(let row): .init(table: .caseFile, owner: row.thread, local: "")
        case .document(let row): .init(table: .document, owner: row.caseThread, local: row.id.description)
        case .obligation(let row): .init(table: .obligation, owner: row.caseThread, local: row.key)
        case .recording(let row): .init(table: .recording, owner: row.thread, local: "")
        case .claim(let row): .init(table: .claim, owner: row.thread, local: "\(row.kind.rawValue) \(row.key)")
        }
    }
}

/// The key of a projected row.
public struct ProjectionKey: Hashable, Sendable {
    /// Which view.
    public let table: Table
    /// The thread it is derived from.
    public let owner: ThreadTag
    /// The row's name within its owner; empty where there is one row.
    public let local: String

    /// The views.
    public enum Table: String, Hashable, Sendable, CaseIterable {
        case person, subject, caseFile, document, obligation, recording, claim
    }

    /// A key from its parts.
    public init(table: Table, owner: ThreadTag, local: String) {
        self.table = table
        self.owner = owner
        self.local = local
    }

    /// Whether it is the claim of something that waits.
    public var isWaiting: Bool {
        table == .claim
            && local.split(separator: " ").first.flatMap { ClaimRow.Kind(rawValue: String($0)) }?.isWaiting == true
    }
}

/// A person as lists show them.
public struct PersonRow: Hashable, Sendable {
    public var thread: ThreadTag
    public var name: String
    public var section: String
    public var certificateNumber: String
    /// Last day of the certificate's validity.
    public var certificateUntil: CivilDay?
    public var roles: [Role]
    /// The sign-in name, if the person has an account.
    public var account: String?
    /// Whether the account may approve: a reset account may not until its person confirms it.
    public var accountState: AccountState

    /// What an account may do. One that waits reads, and approves nothing until a second person has vouched for it.
    public enum AccountState: String, Hashable, Sendable, CaseIterable { case none, open, reset, waiting, closed }

    /// A row from its parts.
    public init(
        thread: ThreadTag, name: String, section: String = "", certificateNumber: String = "",
        certificateUntil: CivilDay? = nil, roles: [Role] = [], account: String? = nil,
        accountState: AccountState = .none
    ) {
        self.thread = thread
        self.name = name
        self.section = section
        self.certificateNumber = certificateNumber
        self.certificateUntil = certificateUntil
        self.roles = roles
        self.account = account
        self.accountState = accountState
    }
}

/// A party as lists show it.
public struct SubjectRow: Hashable, Sendable {
    public var thread: ThreadTag
    /// `organisation` or `individual`.
    public var kind: String
    public var name: String
    public var code: String

    /// A row from its parts.
    public init(thread: ThreadTag, kind: String, name: String, code: String) {
        self.thread = thread
        self.kind = kind
        self.name = name
        self.code = code
    }
}

/// A case as lists show it.
public struct CaseRow: Hashable, Sendable {
    public var thread: ThreadTag
    /// `inspection` or `penalty`; `lead` and `request` for leads and requests, which the same register holds.
    public var kind: String
    public var title: String
    public var subject: ThreadTag
    public var subjectName: String
    public var handlers: [ThreadTag]
    public var stage: Stage
    public var state: State
    public var openedAt: Instant
    public var endedAt: Instant?
    public var filedAt: Instant?
    public var lastAt: Instant
    /// Entries of its own thread.
    public var entries: Int

    /// The kind of rows of leads (线索).
    public static let leadKind = "lead"
    /// The kind of rows of requests to consult or copy (查阅、复制申请).
    public static let requestKind = "request"
    /// Kinds of rows that are no cases: lists of cases leave them out.
    public static let otherKinds = [leadKind, requestKind]
    /// Whether the row is a case.
    public var isCase: Bool { !CaseRow.otherKinds.contains(kind) }

    /// Where a case is as a whole.
    public enum State: String, Hashable, Sendable, CaseIterable { case open, ended, filed }

    /// A row from its parts.
    public init(
        thread: ThreadTag, kind: String, title: String, subject: ThreadTag, subjectName: String,
        handlers: [ThreadTag], stage: Stage, state: State, openedAt: Instant, endedAt: Instant?, filedAt: Instant?,
        lastAt: Instant, entries: Int
    ) {
        self.thread = thread
        self.kind = kind
        self.title = title
        self.subject = subject
        self.subjectName = subjectName
        self.handlers = handlers
        self.stage = stage
        self.state = state
        self.openedAt = openedAt
        self.endedAt = endedAt
        self.filedAt = filedAt
        self.lastAt = lastAt
        self.entries = entries
    }
}

/// The five stages of zhaoxian-2017:3.
public enum Stage: String, Hashable, Sendable, CaseIterable {
    /// 程序启动
    case initiation
    /// 调查取证
    case investigation
    /// 审查决定
    case decision
    /// 送达执行
    case execution
    /// 归档管理
    case filing

    /// The name on screens.
    public var chinese: String {
        switch self {
        case .initiation: "程序启动"
        case .investigation: "调查取证"
        case .decision: "审查决定"
        case .execution: "送达执行"
        case .filing: "归档"
        }
    }
}

/// A document as registers show it.
public struct DocumentRow: Hashable, Sendable {
    public var id: DocumentID
    public var caseThread: ThreadTag
    /// The kind's folder name, for example `site-inspection-record`.
    public var kind: String
    public var state: State
    public var fixedAt: Instant
    public var issuedAt: Instant?
    public var year: Int?
    public var number: Int?
    public var numberText: String
    /// Slots that must still be met.
    public var openSlots: [String]

    /// Steps of a document.
    public enum State: String, Hashable, Sendable, CaseIterable {
        case fixed, signed, issued, void
        /// Issued and amended by a later document (补正).
        case corrected
        /// Issued and replaced by a later document (替代).
        case superseded
    }

    /// A row from its parts.
    public init(
        id: DocumentID, caseThread: ThreadTag, kind: String, state: State, fixedAt: Instant, issuedAt: Instant?,
        year: Int?, number: Int?, numberText: String, openSlots: [String]
    ) {
        self.id = id
        self.caseThread = caseThread
        self.kind = kind
        self.state = state
        self.fixedAt = fixedAt
        self.issuedAt = issuedAt
        self.year = year
        self.number = number
        self.numberText = numberText
        self.openSlots = openSlots
    }
}

/// An obligation (待办义务) as work lists show it. Overdue is a comparison with `lateFrom` in the query.
public struct ObligationRow: Hashable, Sendable {
    public var caseThread: ThreadTag
    /// The matter and what it is about; unique in the case.
    public var key: String
    public var matter: String
    public var state: State
    /// Plain Chinese: what is to be done.
    public var title: String
    /// Ids of all provisions it comes from.
    public var provisions: [String]
    public var gate: String
    /// Who has to act: a role or actor word of the regulation.
    public var who: String
    /// The last instant in time, if there is a term.
    public var due: Instant?
    /// From when it is late.
    public var lateFrom: Instant?

    /// What the title of a row ends with while its term stands still: lists say so without the case.
    public static let standingStill = "（期限中止）"
    /// Whether its term stands still (中止).
    public var isStandingStill: Bool { title.hasSuffix(Self.standingStill) }
    /// What is to be done, without the word that its term stands still.
    public var demand: String { isStandingStill ? String(title.dropLast(Self.standingStill.count)) : title }

    /// States that do not depend on the time of asking.
    public enum State: String, Hashable, Sendable, CaseIterable { case open, met, metLate, excused, notApplicable }

    /// A row from its parts.
    public init(
        caseThread: ThreadTag, key: String, matter: String, state: State, title: String, provisions: [String],
        gate: String, who: String, due: Instant?, lateFrom: Instant?
    ) {
        self.caseThread = caseThread
        self.key = key
        self.matter = matter
        self.state = state
        self.title = title
        self.provisions = provisions
        self.gate = gate
        self.who = who
        self.due = due
        self.lateFrom = lateFrom
    }
}

/// A recording as lists show it.
public struct RecordingRow: Hashable, Sendable {
    public var thread: ThreadTag
    public var object: ObjectID
    /// `video`, `audio`, `photo`, `screenshot`, `document`.
    public var form: String
    public var fileName: String
    public var mediaType: String
    public var byteCount: Int64
    public var importedAt: Instant
    public var inspected: Bool

    /// A row from its parts.
    public init(
        thread: ThreadTag, object: ObjectID, form: String, fileName: String, mediaType: String, byteCount: Int64,
        importedAt: Instant, inspected: Bool
    ) {
        self.thread = thread
        self.object = object
        self.form = form
        self.fileName = fileName
        self.mediaType = mediaType
        self.byteCount = byteCount
        self.importedAt = importedAt
        self.inspected = inspected
    }
}

/// A fact that crosses threads and may exist once: its key is unique in the bureau.
public struct ClaimRow: Hashable, Sendable {
    /// The thread that holds the claim.
    public var thread: ThreadTag
    public var kind: Kind
    public var key: String

    /// What can be claimed.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// 字号: `<kind>/<year>/<number>`; a void number stays claimed.
        case documentNumber
        /// 案号, as it is compared (`CaseNumber.key`): no two cases of a bureau have one.
        case caseNumber
        /// A sign-in name.
        case accountName
        /// A certificate number of an officer.
        case certificate
        /// One penalty case of one finding: thread/seq of the finding.
        case findingLed
        /// An object's one recording thread.
        case objectRecording
        /// Result of background work: `<what>/<object or entry>/<tool>`.
        case result
        /// A draft that waits for the reviewer whom it names: `<person>/<case>`. Given up with the reviewer's word.
        case unitReview
        /// What waits for a person's word and is no duty of a text, by the desk where it lies: `PendingWord` says how.
        case pendingWord

        /// Whether it says that something waits, and not that something is taken.
        public var isWaiting: Bool { self == .unitReview || self == .pendingWord }
    }

    /// A claim.
    public init(thread: ThreadTag, kind: Kind, key: String) {
        self.thread = thread
        self.kind = kind
        self.key = key
    }
}
