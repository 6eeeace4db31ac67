import Kernel

/// A case (案件) as its entries tell it: a value folded from records, holding nothing that they do not say.
public struct Case: Hashable, Sendable {
    /// Its thread.
    public let thread: ThreadTag
    /// Inspection or penalty.
    public let kind: CaseKind
    /// General or summary procedure.
    public let procedure: Procedure
    /// How it came about.
    public let source: CaseSource
    /// The party's thread.
    public let subject: ThreadTag
    /// `organisation` or `individual`; nil where an old entry does not say.
    public let subjectKind: String?
    /// Whether it was marked a major enforcement act (重大统计行政执法行为).
    public let isMajor: Bool
    /// Whether the procedure was started before its approval (zhaoxian-2017:8b).
    public let isEmergency: Bool
    /// When the procedure was started, for an emergency start; else when the case was opened.
    public let startedAt: Instant
    /// When the case was recorded.
    public let openedAt: Instant
    /// The title; nil once destroyed.
    public let title: String?
    /// The party's name as it was that day; nil once destroyed.
    public let subjectName: String?
    /// Its number by the province's numbering rule; nil if none was given, or once destroyed.
    public let caseNumber: String?
    /// The inspection case whose finding led to this one.
    public let foundBy: RecordReference?

    /// The officers who handle it now.
    public internal(set) var handlers: [ThreadTag]
    /// Officers who handled it before others took over.
    public internal(set) var formerHandlers: Set<ThreadTag> = []
    /// On-site sessions and acts, in order.
    public internal(set) var activities: [Activity] = []
    /// Documents in order of being fixed.
    public internal(set) var documents: [CaseDocument] = []
    /// Linked recordings, in order.
    public internal(set) var recordings: [LinkedRecording] = []
    /// The inspection's result.
    public internal(set) var finding: Finding?
    /// What the party stated, with its review.
    public internal(set) var statements: [Statement] = []
    /// The newest draft of the decision.
    public internal(set) var drafting: Drafting?
    /// The word of the drafting unit's reviewer on the newest draft.
    public internal(set) var unitReview: UnitReview?
    /// Legal reviews of the newest draft that were recorded without a document of their own.
    public internal(set) var recordedLegalWords: [LegalWord] = []
    /// The newest word of the person in charge on the newest draft.
    public internal(set) var approval: Approval?
    /// Services of documents.
    public internal(set) var services: [Service] = []
    /// Services that nobody confirmed yet: they count for nothing (`Confirmations`).
    public internal(set) var heldServices: [Service] = []
    /// What waits to be confirmed by somebody else than who recorded it, in order.
    public internal(set) var awaited: [AwaitedRecord] = []
    /// The newest record of performance that counts.
    public internal(set) var performance: Performance?
    /// Performances that nobody confirmed yet: they count for nothing (`Confirmations`).
    public internal(set) var heldPerformances: [Performance] = []
    /// How the act ended.
    public internal(set) var ending: Ending?
    /// Corrections of entries, in the order in which they were proposed.
    public internal(set) var corrections: [Correction] = []
    /// When it was filed.
    public internal(set) var filedAt: Instant?
    /// The entry that filed it.
    public internal(set) var filedSeq: Int?
    /// Whether a remedy, or a change of the decision, is on record (复议、诉讼、信访、异议，决定变更撤销).
    public internal(set) var isContested = false
    /// Whether the decision was taken back and no other one issued since.
    public internal(set) var isUndone = false
    /// Decisions that were taken back to be made anew (重新作出): they stay in the file, and nothing is done on them.
    public internal(set) var remade: Set<DocumentID> = []
    /// Documents and recordings that are marked as secret now, in the order in which they were marked.
    public internal(set) var secrecyMarks: [SecrecyMark] = []
    /// Persons who did something in this case, whatever they did.
    public internal(set) var participants: Set<ThreadTag> = []
    /// The number of entries of its own thread.
    public internal(set) var entries: Int
    /// When the newest entry was recorded.
    public internal(set) var lastAt: Instant

    /// Whether its file is closed: what comes now is a supplement (`Case.isSupplement`), and little may come.
    public var isFiled: Bool { filedAt != nil }
}

/// Kinds of case.
public enum CaseKind: String, Hashable, Sendable, CaseIterable {
    /// 行政检查
    case inspection
    /// 行政处罚
    case penalty

    /// The name on screens.
    public var chinese: String {
        switch self {
        case .inspection: "行政检查"
        case .penalty: "行政处罚"
        }
    }
}

/// Procedures of a penalty case.
public enum Procedure: String, Hashable, Sendable, CaseIterable {
    /// 一般程序
    case general
    /// 简易程序
    case summary

    /// The name on screens.
    public var chinese: String {
        switch self {
        case .general: "一般程序"
        case .summary: "简易程序"
        }
    }
}

/// How a case came about.
public enum CaseSource: String, Hashable, Sendable, CaseIterable {
    case plan, complaint, report, transfer, discovery, inspection, application

    /// The name on screens.
    public var chinese: String {
        switch self {
        case .plan: "计划检查"
        case .complaint: "投诉"
        case .report: "举报"
        case .transfer: "移送"
        case .discovery: "自行发现"
        case .inspection: "行政检查发现"
        case .application: "依申请"
        }
    }
}

/// An on-site session or act (执法活动).
public struct Activity: Hashable, Sendable {
    public let id: ActivityID
    /// `siteInspection`, `questioning`, … as the record says.
    public let kind: String
    public let officers: [ThreadTag]
    public let startAt: Instant
    public internal(set) var endAt: Instant?
    /// Where; nil once destroyed.
    public let place: String?
    /// The entry that declared it.
    public let seq: Int
    /// Whether an exemption from recording was approved.
    public internal(set) var isExempted = false
}

/// A recording that belongs to the case.
public struct LinkedRecording: Hashable, Sendable {
    public let recording: ThreadTag
    public let activity: ActivityID?
    public let linkedAt: Instant
    public let seq: Int
}

/// An inspection's result.
public struct Finding: Hashable, Sendable {
    public let outcome: Outcome
    public let seq: Int
    public let at: Instant

    /// What was found.
    public enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// 未发现违法行为
        case nothingFound
        /// 涉嫌违法，拟立案
        case suspected
        /// 移交其他机关
        case handedOn

        /// The name on screens.
        public var chinese: String {
            switch self {
            case .nothingFound: "未发现违法行为"
            case .suspected: "涉嫌违法，拟启动处罚程序"
            case .handedOn: "移交其他机关处理"
            }
        }
    }
}

/// What the party stated or waived (陈述申辩).
public struct Statement: Hashable, Sendable {
    /// `oral`, `written`, `waived` or `silent`.
    public let manner: String
    public let seq: Int
    public let at: Instant
    /// Whether the bureau reviewed it: a waiver and silence need no review.
    public internal(set) var isReviewed: Bool
    /// `beforeDecision` or `afterDemand`; nil where the record does not say.
    public var phase: String?
}

/// A draft of the decision (草拟记录).
public struct Drafting: Hashable, Sendable {
    public let drafter: ThreadTag
    public let unitReviewer: ThreadTag
    public let outcome: Outcome
    public let seq: Int
    public let at: Instant
    /// What is to be decided, and what it rests on, in the drafter's words; nil once destroyed.
    public var text: String?
    public var legalBasis: String?
    public var evidence: String?
    public var factors: String?

    /// What is to be decided.
    public enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// 给予行政处罚
        case penalty
        /// 不予行政处罚
        case noPenalty
        /// 撤销立案
        case withdraw
        /// 移送
        case transfer

        /// The name on screens.
        public var chinese: String {
            switch self {
            case .penalty: "给予行政处罚"
            case .noPenalty: "不予行政处罚"
            case .withdraw: "撤销案件"
            case .transfer: "移送其他机关"
            }
        }
    }
}

/// The word of the person in charge (负责人审批).
public struct Approval: Hashable, Sendable {
    public let isApproved: Bool
    public let by: ThreadTag?
    public let seq: Int
    public let at: Instant
}

/// The service of a document (送达).
public struct Service: Hashable, Sendable {
    public let document: DocumentID
    public let method: String
    public let servedAt: Instant
    public let receipt: DocumentID?
    public let seq: Int
    /// Whether the mail came back: such a service reached nobody (送达未成).
    public var isReturned = false
}

/// How the party performs the decision (履行情况).
public struct Performance: Hashable, Sendable {
    /// `complete`, `partly` or `none`.
    public let status: String
    public let seq: Int
    public let at: Instant
}

/// How the act ended (终结).
public struct Ending: Hashable, Sendable {
    public let ground: Ground
    public let seq: Int
    public let at: Instant

    /// Grounds of ending.
    public enum Ground: String, Hashable, Sendable, CaseIterable {
        case nothingFound, handedOn
        case ledOn = "led-on"
        case performed, noPenalty, withdrawn, transferred, terminated

        /// The name on screens.
        public var chinese: String {
            switch self {
            case .nothingFound: "未发现违法行为"
            case .handedOn: "已移交其他机关"
            case .ledOn: "已转入行政处罚程序"
            case .performed: "处罚决定履行完毕"
            case .noPenalty: "不予行政处罚"
            case .withdrawn: "撤销案件"
            case .transferred: "移送其他机关"
            case .terminated: "终止调查"
            }
        }

        /// Whether a case of this kind can end so.
        public func fits(_ kind: CaseKind) -> Bool {
            switch self {
            case .nothingFound, .handedOn, .ledOn: kind == .inspection
            case .performed, .noPenalty, .withdrawn, .transferred: kind == .penalty
            case .terminated: true
            }
        }
    }
}
