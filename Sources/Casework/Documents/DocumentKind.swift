/// A kind of document (文书) as data: what its form asks for, who signs, how it is numbered, kept and printed.
public struct DocumentKind: Hashable, Sendable {
    /// The folder's name, for example `site-inspection-record`.
    public var name: String
    /// The title in Chinese.
    public var title: String
    /// The row of obligations 3(a); from 901 on for papers that the law asks for and no text names.
    public var row: Int
    /// The stage of a case it belongs to.
    public var stage: Stage
    /// What sort of paper it is (zhaoxian-2017:3.p3 and the needs of duties).
    public var category: Category
    /// Whether it is a uniform standard form (zhaoxian-2017:3.p2).
    public var isStandard: Bool
    /// What the form asks for, in order.
    public var fields: [FieldDefinition]
    /// Who signs, in order of the printed page.
    public var slots: [SlotDefinition]
    /// How it is numbered (字号); nil for papers without number.
    public var numbering: Numbering?
    /// Whether it is issued in the bureau's name (以机关名义).
    public var inBureausName: Bool
    /// Which volume it is filed in.
    public var volume: Volume
    /// Word of the retention class.
    public var retention: RetentionClass
    /// The template's file name in the same folder; nil for a kind that is not drawn up on screen: rules, timelines and
    /// papers that came in may name it all the same.
    public var template: String?
    /// The record that a paper of this kind answers, which its entry names; nil where it answers none.
    public var answers: Answered?
    /// Which cases can have it.
    public var taken = Cases()
    /// When it is offered in front.
    public var offered: Offer
    /// What a lead must hold to have such a paper; none where no lead has one.
    public var leads: [LeadRecord]

    /// Sorts of paper.
    public enum Category: String, Hashable, Sendable, CaseIterable {
        /// 内部程序审批表
        case internalApproval = "internal-approval"
        /// 现场检查（勘验）笔录
        case siteRecord = "site-record"
        /// 调查（询问）笔录
        case interview
        /// 其他调查取证文书
        case evidence
        /// 向当事人出具的文书
        case notice
        /// 陈述申辩、听证笔录
        case hearing
        /// 申请、投诉举报的登记、受理文书
        case intake
        /// 当事人自己提交的材料
        case submission
        /// 鉴定意见
        case appraisalOpinion = "appraisal-opinion"
        /// 专家论证报告、意见、纪要
        case expertReport = "expert-report"
        /// 听证报告
        case hearingReport = "hearing-report"
        /// 其他专业意见
        case opinion
        /// 内部起草、送审、讨论的记录
        case internalRecord = "internal-record"
        /// 法制审查
        case review
        /// 行政执法决定书
        case decision
        /// 送达回证
        case service
        /// 履行、执行文书
        case execution
        /// 案卷
        case caseFile = "case-file"
    }

    /// The two volumes of a case file.
    public enum Volume: String, Hashable, Sendable, CaseIterable {
        /// 正卷
        case open
        /// 副卷
        case `internal`

        /// The word on pages.
        public var chinese: String { self == .open ? "正卷" : "副卷" }
    }

    /// How long it is kept, at least as long as its case file.
    public enum RetentionClass: String, Hashable, Sendable, CaseIterable {
        case permanent, years30, years10

        /// The word on pages.
        public var chinese: String {
            switch self {
            case .permanent: "永久"
            case .years30: "30年"
            case .years10: "10年"
            }
        }
    }

    /// A kind from its parts.
    public init(
        name: String, title: String, row: Int, stage: Stage, category: Category, isStandard: Bool = true,
        fields: [FieldDefinition], slots: [SlotDefinition] = [], numbering: Numbering? = nil,
        inBureausName: Bool = false, volume: Volume = .open, retention: RetentionClass = .years10,
        template: String? = "template.typ", answers: Answered? = nil, taken: Cases = Cases(), offered: Offer? = nil,
        leads: [LeadRecord] = []
    ) {
        self.leads = leads
        self.answers = answers
        self.name = name
        self.title = title
        self.row = row
        self.stage = stage
        self.category = category
        self.isStandard = isStandard
        self.fields = fields
        self.slots = slots
        self.numbering = numbering
        self.inBureausName = inBureausName
        self.volume = volume
        self.retention = retention
        self.template = template
        self.taken = taken
        self.offered = offered ?? Offer(kinds: taken.kinds, stages: [stage])
    }

    /// Whether others make its papers, and they come in on paper (外来文书): it has no template of ours.
    public var isOutside: Bool { template == nil }

    /// What a paper answers: the type of the record, and the role in which the paper's entry names it.
    public struct Answered: Hashable, Sendable {
        public var type: EntryType
        public var role: String

        /// An answer to a record of this type.
        public init(_ type: EntryType, as role: String) {
            self.type = type
            self.role = role
        }
    }

    /// A field by name.
    public func field(_ name: String) -> FieldDefinition? { fields.first { $0.name == name } }

    /// A slot by name; `officer2` is found under the repeated slot `officer`.
    public func slot(_ name: String) -> SlotDefinition? {
        slots.first { $0.name == name }
            ?? slots.first {
                $0.repeats && name.hasPrefix($0.name) && Int(name.dropFirst($0.name.count)).map { $0 > 0 } == true
            }
    }
}

/// How a kind is numbered (字号): `{mark}罚决〔{year}〕{number}号`, from 1 in each year.
public struct Numbering: Hashable, Sendable {
    /// With `{mark}` for the bureau's 机关代字, `{year}` and `{number}`.
    public var pattern: String

    /// A numbering.
    public init(pattern: String) { self.pattern = pattern }

    /// The number as it is printed.
    public func text(mark: String, year: Int, number: Int) -> String {
        var result = ""
        var rest = pattern[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            result += rest[..<open]
            switch rest[rest.index(after: open)..<close] {
            case "mark": result += mark
            case "year": result += String(year)
            case "number": result += String(number)
            default: result += rest[open...close]
            }
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }
}
