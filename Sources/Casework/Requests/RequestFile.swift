import Kernel

/// A request to consult or copy records (查阅、复制申请) as the entries of its thread tell it (zhaoxian-2017:32).
public struct RequestFile: Hashable, Sendable {
    /// Its thread.
    public let thread: ThreadTag
    /// `consult`, `copy`, `view` or `release`.
    public let kind: String
    /// The class of applicant that the law tells apart: `party`, `outsideUnit`, ….
    public let applicantKind: String
    /// What the applicant is more closely: `self`, `lawyer`, `court`, …; empty where it was not said.
    public let capacity: String
    /// The case whose records are asked for.
    public let caseThread: ThreadTag?
    /// Who asks; nil once destroyed.
    public let applicant: String?
    /// The registered person who asks, where it is one of the bureau's own.
    public let applicantPerson: ThreadTag?
    /// Who registered it.
    public let registrar: ThreadTag?
    /// When it was recorded.
    public let openedAt: Instant
    /// When it was made, in the world.
    public let madeAt: Instant
    /// Documents and recordings that it names, in the order of the entry.
    public let wanted: [RequestItem]
    /// The newest secrecy check (保密审查).
    public private(set) var check: Check?
    /// The newest copy of each item from which what must stay secret was taken out (遮盖件).
    public private(set) var copies: [RequestItem: Copy] = [:]
    /// The newest word of the approver.
    public private(set) var decision: Decision?
    /// What was made ready to be handed out.
    public private(set) var release: Release?
    /// When the recipient acknowledged it, or was found not to.
    public private(set) var receiptedAt: Instant?
    /// When the applicant took it back.
    public private(set) var withdrawnAt: Instant?
    /// When nothing more was to be done about it.
    public private(set) var closedAt: Instant?
    /// The number of entries of its thread.
    public private(set) var entries = 0
    /// When the newest entry was recorded.
    public private(set) var lastAt: Instant
    /// Everybody who worked on it.
    public private(set) var handlers: [ThreadTag]

    /// What one person found must stay secret, item by item.
    public struct Check: Hashable, Sendable {
        /// Who checked.
        public let by: ThreadTag?
        /// The place of the entry.
        public let seq: Int
        /// Given as they are.
        public let cleared: [RequestItem]
        /// Given as a copy from which something was taken out.
        public let redacted: [RequestItem]
        /// Not given.
        public let withheld: [RequestItem]

        /// What is given, in whatever form.
        public var given: [RequestItem] { cleared + redacted }
    }

    /// A copy of an item without what must stay secret.
    public struct Copy: Hashable, Sendable {
        /// Its bytes.
        public let object: ObjectID
        /// The name of the file that was handed in.
        public let fileName: String
        /// The place of the entry.
        public let seq: Int
    }

    /// The approver's word.
    public struct Decision: Hashable, Sendable {
        /// Who decided.
        public let by: ThreadTag?
        /// In which role.
        public let role: Role?
        /// Whether it was approved.
        public let isApproved: Bool
        /// The last day of the release, where one was set.
        public let lastDay: CivilDay?
        /// The place of the entry.
        public let seq: Int
    }

    /// What is handed out.
    public struct Release: Hashable, Sendable {
        /// The files, in the order of their numbers from 1.
        public let files: [File]
        /// The printed sheet with the list of files and their digests; file 0.
        public let sheet: ObjectID?
        /// The SHA-256 of the sheet.
        public let sheetDigest: Digest?
        /// The end of the last day: from then on nothing is given out.
        public let until: Instant
        /// The place of the entry.
        public let seq: Int

        /// One file.
        public struct File: Hashable, Sendable {
            public let object: ObjectID
            public let sha256: Digest
            public let byteCount: Int64
            public let name: String

            /// A file.
            public init(object: ObjectID, sha256: Digest, byteCount: Int64, name: String) {
                self.object = object
                self.sha256 = sha256
                self.byteCount = byteCount
                self.name = name
            }
        }

        /// The line that says what a file is: its digest, its bytes, its name.
        public static func line(_ sha256: Digest, _ byteCount: Int64, _ name: String) -> String {
            "\(sha256)  \(byteCount)  \(name)"
        }

        /// The file that a line and an object's id tell; nil for any other text.
        static func file(_ line: Substring, _ object: String) -> File? {
            let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true)
            guard parts.count == 3, let sha256 = Digest(String(parts[0])), let object = ObjectID(object),
                let count = Decimal.strict(Array(parts[1].utf8))
            else { return nil }
            return File(
                object: object, sha256: sha256, byteCount: Int64(count),
                name: String(parts[2].drop { $0 == " " }))
        }
    }

    /// Folds the records of a request's thread, in order.
    ///
    /// - Returns: nil if the first record makes no request.
    public init?(_ records: [Record]) {
        guard let first = records.first, first.type == .requestMade else { return nil }
        thread = first.thread
        kind = first.word("kind") ?? ""
        applicantKind = first.word("applicantKind") ?? ""
        capacity = first.word("capacity") ?? ""
        caseThread = first.thread("case")
        applicant = first.text("applicant")
        applicantPerson = first.thread("applicantPerson")
        registrar = first.actor
        openedAt = first.recordedAt
        madeAt = first.happenedAt
        wanted = RequestItem.list(first.plain["documents"]) + RequestItem.list(first.plain["recordings"])
        lastAt = first.recordedAt
        handlers = []
        for record in records { apply(record) }
    }

    private mutating func apply(_ record: Record) {
        entries = max(entries, record.seq)
        lastAt = max(lastAt, record.recordedAt)
        if let actor = record.actor, ![.accessOpened, .accessClosed, .requestHandedOver].contains(record.type),
            !handlers.contains(actor)
        {
            handlers.append(actor)
        }
        switch record.type {
        case .requestChecked:
            check = Check(
                by: record.thread("checkedBy") ?? record.actor, seq: record.seq,
                cleared: RequestItem.list(record.plain["cleared"]),
                redacted: RequestItem.list(record.plain["redacted"]),
                withheld: RequestItem.list(record.plain["withheld"]))
        case .requestRedacted:
            guard let item = record.word("item").flatMap({ RequestItem($0) }),
                let object = record.word("object").flatMap({ ObjectID($0) })
            else { return }
            copies[item] = Copy(object: object, fileName: record.text("fileName") ?? "遮盖件", seq: record.seq)
        case .requestDecided:
            decision = Decision(
                by: record.thread("approvedBy") ?? record.actor,
                role: record.word("approverRole").flatMap { Role(rawValue: $0) },
                isApproved: record.word("decision") == "approve",
                lastDay: record.word("untilDay").flatMap { CivilDay($0) }, seq: record.seq)
        case .requestFulfilled: release = RequestFile.release(record)
        case .requestHandedOver:
            handlers = record.threads("handlers")
        case .requestReceipted: receiptedAt = record.recordedAt
        case .requestWithdrawn: withdrawnAt = record.recordedAt
        case .requestClosed: closedAt = record.recordedAt
        default: break
        }
    }

    private static func release(_ record: Record) -> Release {
        let objects = record.plain["objects"]?.elements?.compactMap(\.string) ?? []
        let lines = record.text("digests")?.split(separator: "\n") ?? []
        let day = record.word("untilDay").flatMap { CivilDay($0) } ?? record.recordedAt.day
        return Release(
            files: zip(lines, objects).compactMap { Release.file($0, $1) },
            sheet: record.word("receiptObject").flatMap { ObjectID($0) },
            sheetDigest: record.text("receiptDigest").flatMap { Digest($0) },
            until: Instant(startOf: day.advanced(by: 1)), seq: record.seq)
    }
}

/// A document or a recording of a case that somebody asks for: the document's id, or the recording's thread.
public struct RequestItem: Hashable, Sendable {
    /// 32 hexadecimal digits.
    public let id: String

    /// An item by its id in an entry; nil for any other text.
    public init?(_ text: String) {
        guard ThreadTag(text) != nil else { return nil }
        id = text
    }

    /// A document.
    public init(_ document: DocumentID) { id = document.description }
    /// A recording.
    public init(recording: ThreadTag) { id = recording.description }

    static func list(_ value: JSON?) -> [RequestItem] {
        (value?.elements?.compactMap(\.string) ?? value?.string.map { [$0] } ?? []).compactMap { RequestItem($0) }
    }
}
