import Kernel

/// What the rules say of a history: every obligation, with its sources. The time of asking bounds only what comes with
/// time alone: duties that come again, times that must pass first, and figures.
public struct Evaluation: Hashable, Sendable {
    /// All obligations, in the order in which they arose.
    public var obligations: [Obligation]
    /// What provisions expressly allow of what was recorded.
    public var grants: [Grant]
    /// How strictly audio-video of each activity is asked.
    public var media: [Medium]
    /// Counts that provisions ask for.
    public var figures: [FigureValue]
    /// Years in which a term was counted without a published calendar: Monday to Friday were taken as working days.
    public var yearsWithoutCalendar: [Int]

    /// An evaluation.
    public init(
        obligations: [Obligation], grants: [Grant] = [], media: [Medium] = [], figures: [FigureValue] = [],
        yearsWithoutCalendar: [Int] = []
    ) {
        self.obligations = obligations
        self.grants = grants
        self.media = media
        self.figures = figures
        self.yearsWithoutCalendar = yearsWithoutCalendar
    }

    /// Obligations still to be met.
    public var open: [Obligation] { obligations.filter { $0.state == .open } }

    /// What was not met when the case was filed with the head's approval: printed in the closing sheet and counted.
    public var defects: [ObligationPart] {
        obligations.flatMap(\.parts).filter { $0.override?.step == .caseFiled }
    }

    /// The obligation of a matter, about one thing; nil if there is none.
    public func obligation(_ key: ObligationKey) -> Obligation? { obligations.first { $0.key == key } }

    /// Obligations of a matter.
    public func obligations(of matter: String) -> [Obligation] { obligations.filter { $0.key.matter == matter } }

    /// What one provision asks, wherever it does.
    public func parts(of provision: String) -> [ObligationPart] {
        obligations.flatMap(\.parts).filter { $0.citation.provision == provision }
    }
}

/// The name of an obligation: unique in a history, the same at every evaluation.
public struct ObligationKey: Hashable, Sendable, Comparable {
    /// The matter's id.
    public let matter: String
    /// What it is about.
    public let subject: ObligationSubject

    /// A key.
    public init(matter: String, subject: ObligationSubject) {
        self.matter = matter
        self.subject = subject
    }

    /// `matter` or `matter/subject`, ASCII.
    public var description: String {
        subject.description.isEmpty ? matter : "\(matter)/\(subject.description)"
    }

    /// Order of the texts.
    public static func < (left: ObligationKey, right: ObligationKey) -> Bool {
        left.description < right.description
    }
}

/// What an obligation is about.
public enum ObligationSubject: Hashable, Sendable {
    /// The case, or the bureau.
    case whole
    /// The id of an activity.
    case activity(String)
    /// The id of a document.
    case document(String)
    /// The thread of a recording.
    case recording(ThreadTag)
    /// An entry.
    case record(RecordID)
    /// A lead, recorder, request, publication, draw or person.
    case thread(ThreadTag)
    /// A quarter, a year, or the turn of a duty that comes again, by the day on which it began: `2026Q1`, `2026`,
    /// `2026-02-01`.
    case period(String)

    /// ASCII; empty for the whole.
    public var description: String {
        switch self {
        case .whole: ""
        case .activity(let id): "activity.\(id)"
        case .document(let id): "document.\(id)"
        case .recording(let thread): "recording.\(thread)"
        case .record(let id): "record.\(id.description)"
        case .thread(let tag): "thread.\(tag)"
        case .period(let name): "period.\(name)"
        }
    }
}

/// An entry by thread and place.
public struct RecordID: Hashable, Sendable {
    public let thread: ThreadTag
    public let seq: Int

    /// An entry's name.
    public init(thread: ThreadTag, seq: Int) {
        self.thread = thread
        self.seq = seq
    }

    /// `thread.seq`.
    public var description: String { "\(thread).\(seq)" }
}

extension Record {
    /// The record's name.
    public var id: RecordID { RecordID(thread: thread, seq: seq) }
}

/// A duty as it applies to one thing (待办义务): all duties of one matter about it, joined.
public struct Obligation: Hashable, Sendable {
    /// Its name.
    public let key: ObligationKey
    /// The matter's name on pages.
    public let title: String
    /// What each text asks, in the order of provision ids; never empty.
    public let parts: [ObligationPart]

    /// Joins what several duties of one matter ask about one thing. The order and repetition of parts do not matter.
    public init(key: ObligationKey, title: String, parts: [ObligationPart]) {
        self.key = key
        self.title = title
        guard parts.count > 1 else {
            self.parts = parts
            return
        }
        var once: [ObligationPart] = []
        for part in parts.sorted(by: { $0.precedes($1) })
        where !once.reversed().prefix(while: { !$0.precedes(part) }).contains(part) {
            once.append(part)
        }
        self.parts = once
    }

    /// The same of parts that are in order, each once.
    init(key: ObligationKey, title: String, ordered parts: [ObligationPart]) {
        self.key = key
        self.title = title
        self.parts = parts
    }
}

/// Which provision is meant, and by which data it was judged.
public struct Citation: Hashable, Sendable {
    /// The row's id.
    public let provision: String
    /// The text's short Chinese name.
    public let regulation: String
    /// Where it stands, as a Chinese reader cites it.
    public let article: String
    /// SHA-256 of the text's file.
    public let digest: Digest
    /// Whether it is parent law (上位法).
    public let isParentLaw: Bool

    /// A citation.
    public init(provision: String, regulation: String, article: String, digest: Digest, isParentLaw: Bool) {
        self.provision = provision
        self.regulation = regulation
        self.article = article
        self.digest = digest
        self.isParentLaw = isParentLaw
    }

    /// `《赵县办法》第八条第二款`; of parent law, which names the statute before its article, `上位法《行政处罚法》第六十条`.
    public var chinese: String {
        guard isParentLaw else { return "《\(regulation)》\(article)" }
        let statute = article.prefix { $0 != "第" && $0 != "（" }
        return "上位法《\(statute)》\(article[statute.endIndex...])"
    }
}

/// One thing that is missing.
public struct Missing: Hashable, Sendable {
    /// A Chinese sentence without full stop: `《程序启动审批表》缺少本部门负责人签名（同意）`.
    public let sentence: String
    /// Who can supply it.
    public let supplier: DutyHolder

    /// Something missing.
    public init(_ sentence: String, supplier: DutyHolder) {
        self.sentence = sentence
        self.supplier = supplier
    }
}
