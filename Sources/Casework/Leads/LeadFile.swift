import Kernel

/// A lead (线索) as its entries tell it: a complaint, a report or an application before it is a case.
public struct LeadFile: Hashable, Sendable {
    /// Its thread.
    public let thread: ThreadTag
    /// What it is.
    public let kind: Kind
    /// Who registered it, and whoever took it up.
    public private(set) var handlers: [ThreadTag]
    /// When it was recorded.
    public let openedAt: Instant
    /// When it came in, in the world.
    public let receivedAt: Instant
    /// `telephone`, `letter`, … or the mode of an application.
    public let channel: String
    /// Whether somebody reports with their name; false for applications.
    public let isRealName: Bool
    /// Whom it is about, or what is applied for: what lists may show. Nil once destroyed, or where nobody is named.
    public let about: String?
    /// Who applies; nil for complaints, whose reporter stands in no list.
    public let applicant: String?
    /// The newest result of its review: `pursue`, `notPursued`, `transferred`.
    public private(set) var review: String?
    /// The case that was started from it.
    public private(set) var startedCase: ThreadTag?
    /// When nothing more was to be done about it.
    public private(set) var closedAt: Instant?
    /// The number of entries of its thread.
    public private(set) var entries = 0
    /// When the newest entry was recorded.
    public private(set) var lastAt: Instant
    /// Types of its records.
    public private(set) var types: Set<EntryType> = []
    /// Its papers (线索文书), in the order in which they were fixed.
    public private(set) var documents: [CaseDocument] = []

    /// Kinds of leads.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// 投诉举报
        case complaint
        /// 申请
        case application

        /// The name on screens.
        public var chinese: String { self == .complaint ? "投诉举报" : "申请" }
    }

    /// Folds the records of a lead's thread, in order.
    ///
    /// - Returns: nil if the first record neither receives a complaint nor registers an application.
    public init?(_ records: [Record]) {
        guard let first = records.first else { return nil }
        switch first.type {
        case .leadReceived:
            kind = .complaint
            channel = first.word("channel") ?? ""
            receivedAt = first.instant("receivedAt") ?? first.happenedAt
            isRealName = first.plain["isRealName"]?.boolean == true
            about = first.text("target")
            applicant = nil
        case .applicationRegistered:
            kind = .application
            channel = first.word("mode") ?? ""
            receivedAt = first.instant("registeredAt") ?? first.happenedAt
            isRealName = false
            about = first.text("matter")
            applicant = first.text("applicant")
        default: return nil
        }
        thread = first.thread
        openedAt = first.recordedAt
        lastAt = first.recordedAt
        handlers = first.actor.map { [$0] } ?? []
        for record in records { apply(record) }
    }

    private mutating func apply(_ record: Record) {
        entries = max(entries, record.seq)
        lastAt = max(lastAt, record.recordedAt)
        types.insert(record.type)
        switch record.type {
        case .leadAccepted, .leadVerified, .applicationDecided:
            if let actor = record.actor, !handlers.contains(actor) { handlers.append(actor) }
        case .leadHandedOver: handlers = record.threads("handlers")
        case .leadReviewed: review = record.word("result")
        case .leadStarted: startedCase = record.thread("case")
        case .leadClosed: closedAt = record.recordedAt
        case .documentFixed, .documentSigned, .documentIssued, .documentVoided: applyDocument(record)
        default: break
        }
    }

    private mutating func applyDocument(_ record: Record) {
        guard let id = record.word("document").flatMap({ DocumentID($0) }) else { return }
        if record.type == .documentFixed {
            documents.append(CaseDocument(id: id, fixed: record))
        } else if let index = documents.firstIndex(where: { $0.id == id }) {
            documents[index].apply(record)
        }
    }

    /// A paper of the lead; nil if it has none of this id.
    public func document(_ id: DocumentID) -> CaseDocument? { documents.first { $0.id == id } }

    /// The name in lists: what it is, by which way it came, and about whom. A reporter never stands in it.
    public var title: String {
        switch kind {
        case .complaint:
            let way = EntryType.leadReceived.chinese(channel, of: "channel")
            return "\(way)投诉举报：\(about.map { String($0.prefix(60)) } ?? "（未指明对象）")"
        case .application: return "申请：\(about.map { String($0.prefix(60)) } ?? "（内容已销毁）")"
        }
    }

    /// Whether nothing more can be recorded about it.
    public var isClosed: Bool { closedAt != nil }

    /// Where it stands, in one word.
    public var standing: Standing {
        if isClosed { return .closed }
        if startedCase != nil { return .started }
        if let review { return review == "pursue" ? .toStart : .toAnswer }
        return types.contains(.leadAccepted) || types.contains(.applicationDecided) ? .accepted : .received
    }

    /// Where a lead stands.
    public enum Standing: String, Hashable, Sendable, CaseIterable {
        case received, accepted, toStart, toAnswer, started, closed

        /// The word on screens.
        public var chinese: String {
            switch self {
            case .received: "待处理"
            case .accepted: "办理中"
            case .toStart: "待启动程序"
            case .toAnswer: "待告知、办结"
            case .started: "已启动程序"
            case .closed: "已办结"
            }
        }
    }
}
