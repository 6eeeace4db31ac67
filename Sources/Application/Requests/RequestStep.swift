import Casework
import Kernel

/// A step in a request to consult or copy, described as data like the steps of a lead.
public struct RequestStep: Sendable {
    /// The segment of addresses and the API.
    public let name: String
    /// What is recorded and asked.
    public let body: StepBody
    /// Members that the program fills: chosen item by item, counted, or told by who takes the step.
    public let made: [String]
    /// What the step does, with the article behind it.
    public let lead: String
    /// Who takes it, any of these.
    public let roles: [Role]
    /// Whether the person's secret is asked again: what it records is an approval (invariant 8).
    public let asksSecret: Bool
    private let isDue: @Sendable (RequestFile, Instant) -> Bool

    init(
        _ name: String, _ type: EntryType, _ title: String, _ lead: String, by roles: [Role], asksSecret: Bool = false,
        given: [String: String] = [:], signed: [String] = [], made: [String] = [],
        when isDue: @escaping @Sendable (RequestFile, Instant) -> Bool, inputs: [RecordedInput]
    ) {
        self.name = name
        body = StepBody(type: type, title: title, inputs: inputs, given: given, signed: signed)
        self.made = made
        self.lead = lead
        self.roles = roles
        self.asksSecret = asksSecret
        self.isDue = isDue
    }

    /// Who registers requests and hands out.
    public static let servers: [Role] = [.custodian, .officer]
    /// Who checks for secrets (保密审查).
    public static let checkers: [Role] = [.custodian, .legalReviewer, .unitHead]
    /// Who may decide, so far as the texts in force let each.
    public static let deciders: [Role] = [.unitHead, .departmentHead, .agencyHead]

    /// Whether the step makes sense now.
    public func isOffered(_ file: RequestFile, at now: Instant) -> Bool { !file.isClosed && isDue(file, now) }

    /// Whether this person could take it now. The regulations may still refuse it.
    public func isOffered(_ file: RequestFile, to person: PersonRow, at now: Instant) -> Bool {
        roles.contains(where: person.roles.contains) && isOffered(file, at: now)
            && refusal(of: person.thread, in: file) == nil
    }

    /// Why this very person may not, whatever their roles: one person checks and another decides, and nobody does either
    /// about a request of their own (design, invariant 8).
    func refusal(of person: ThreadTag, in file: RequestFile) -> String? {
        switch name {
        case RequestStep.check.name where person == file.applicantPerson:
            "这是您本人提出的申请，请由其他人员作保密审查。"
        case RequestStep.decide.name, RequestStep.extend.name:
            if person == file.applicantPerson {
                "这是您本人提出的申请，请由其他负责人审批。"
            } else if person == file.check?.by, name == RequestStep.decide.name {
                "保密审查是您作的，审批请由另一人办理。"
            } else {
                nil
            }
        default: nil
        }
    }

    /// A step of a request that stands, by its name.
    public static func named(_ name: String) -> RequestStep? { all.first { $0.name == name } }

    /// Every step of a request that stands, in the order of the procedure.
    public static let all: [RequestStep] = [
        check, redact, decide, extend, release, receipt, handOver, withdraw, close,
    ]

    /// 登记申请
    public static let make = RequestStep(
        "new", .requestMade, "登记查阅、复制申请",
        "当事人和其他单位、个人申请查阅、复制执法记录的，登记申请人、查验的证明、申请的材料和用途。经批准才能提供，依法应当保密的除外。",
        by: RequestStep.deciders + [.officer, .custodian, .legalReviewer],
        made: ["applicantKind", "applicantPerson", "case", "documents", "recordings", "forWhen"],
        when: { _, _ in false },
        inputs: [
            .word("capacity"), .word("kind"), .word("channel"),
            .words("papers", need: .when("capacity", RequestApplicant.outside)),
            .line("applicant", "个人写姓名；单位写名称和经办人。", need: .when("capacity", RequestApplicant.outside)),
            .line("identity", "身份证、执业证、介绍信的号码。", need: .when("capacity", RequestApplicant.outside)),
            .line("phone", need: .never), .text("items", "按申请人的说法写；下面再勾选具体的文书和音像资料。"), .text("purpose"),
            .text("reason", need: .when("capacity", ["colleague"])),
            .text("matter", need: .when("capacity", ["colleague"])), .happened("申请时间"),
        ])

    /// 保密审查
    public static let check = RequestStep(
        "check", .requestChecked, "作保密审查",
        "逐件审查申请的材料：可以提供的、遮盖以后提供的、不予提供的，后两种写明理由。依法应当保密的不得提供。审查和审批由两人分别办理。",
        by: RequestStep.checkers, signed: ["checkedBy"],
        made: ["result", "cleared", "redacted", "withheld", "grounds", "excluded"],
        when: { file, _ in [.toCheck, .toRedact, .toDecide].contains(file.standing) },
        inputs: [.text("findings", "写明审查了什么、结论是什么。")])

    /// 制作遮盖件
    public static let redact = RequestStep(
        "redact", .requestRedacted, "交来遮盖件", "需要遮盖后提供的，制作遮盖件并上传。提供的只是遮盖件，原件不提供。",
        by: RequestStep.checkers + [.officer], made: ["item", "object", "copyDigest", "fileName"],
        when: { file, _ in
            [.toRedact, .toDecide].contains(file.standing) && file.check?.redacted.isEmpty == false
        },
        inputs: [.text("note", "写明遮盖了哪些内容、用什么方法。")])

    /// 审批
    public static let decide = RequestStep(
        "decide", .requestDecided, "审批申请",
        "核对保密审查的结果，批准或者不批准。不批准的写明理由和依据；批准的写明提供到哪一天为止，过后不能再提供。由谁批准依照采用的制度。",
        by: RequestStep.deciders, asksSecret: true, signed: ["approvedBy"], made: ["approverRole"],
        when: { file, now in
            guard file.withdrawnAt == nil, file.receiptedAt == nil else { return false }
            if file.standing == .toDecide { return true }
            // An approval whose days are over can be given anew; nothing is handed out in between.
            return file.isApproved && file.decision?.lastDay.map { $0 < now.day } == true
        },
        inputs: [
            .word("decision"), .text("opinion", "这里的意见会印在审批表上。"),
            .line("legalBasis", "写明条款，例如“第三十二条：依法应当保密”。", need: .when("decision", ["refuse"])),
            RecordedInput(
                "untilDay", .day, help: "最多三十天。", need: .when("decision", ["approve"])),
        ])

    /// 延长答复期限
    public static let extend = RequestStep(
        "extend", .termExtended, "延长答复期限", "不能按期答复的，在期限届满前经负责人批准可以延长，并告知申请人（政府信息公开条例第三十三条）。",
        by: RequestStep.deciders, asksSecret: true, given: ["matter": "party-access"], signed: ["approvedBy"],
        when: { file, _ in
            file.decision == nil && file.withdrawnAt == nil && ["party", "public"].contains(file.applicantKind)
        },
        inputs: [RecordedInput("untilDay", .day), .text("reason"), .line("legalBasis")])

    /// 提供
    public static let release = RequestStep(
        "release", .requestFulfilled, "提供材料", "按批准的范围准备文件：逐件核对摘要，印出附有文件清单和摘要的审批表。之后可以下载交给申请人，直到批准的最后一天。",
        by: RequestStep.servers,
        made: [
            "kind", "recipientKind", "secrecy", "files", "objects", "receiptObject", "untilDay", "digests",
            "receiptDigest",
        ],
        when: { file, now in
            file.standing == .toRelease && file.decision?.lastDay.map { now.day <= $0 } ?? true
        }, inputs: [.line("receipt", "交给谁。")])

    /// 签收
    public static let receipt = RequestStep(
        "receipt", .requestReceipted, "登记签收", "领取人在审批表上签收；拒绝签收或者邮寄的，写明情况。签收页可以扫描上传。", by: RequestStep.servers,
        made: ["scan", "scanDigest"], when: { file, _ in file.standing == .released },
        inputs: [
            .word("manner"), .line("recipient"), .text("note", need: .when("manner", ["unsigned", "postedTo"])),
            .happened("签收时间"),
        ])

    /// 移交
    public static let handOver = RequestStep(
        "hand-over", .requestHandedOver, "移交申请", "经办人调离、停用账号或者另有任务的，由负责人移交给其他执法人员；此后由接手的人继续办理。",
        by: RequestStep.deciders,
        when: { file, _ in ![.withdrawn, .refused].contains(file.standing) },
        inputs: [RecordedInput("handlers", .persons(.successors), label: "今后由谁办理"), .text("reason")])

    /// 撤回
    public static let withdraw = RequestStep(
        "withdraw", .requestWithdrawn, "登记撤回申请", "申请人撤回申请的，登记时间和理由。撤回以后不再提供。",
        by: RequestStep.servers + RequestStep.deciders + [.legalReviewer],
        when: { file, _ in ![.withdrawn, .refused, .receipted].contains(file.standing) },
        inputs: [.text("reason"), .happened("撤回时间")])

    /// 办结
    public static let close = RequestStep(
        "close", .requestClosed, "办结申请", "已经签收、不予批准并且告知、撤回，或者批准后逾期没有领取的，办结。办结以后不能再增加记录，也不能再下载。",
        by: RequestStep.servers, made: ["outcome"],
        when: { file, now in RequestStep.outcome(of: file, at: now) != nil },
        inputs: [.word("toldBy"), .text("reason")])

    /// How a request ends that can end now; nil for one that cannot.
    static func outcome(of file: RequestFile, at now: Instant) -> String? {
        switch file.standing {
        case .receipted: "provided"
        case .refused: "declined"
        case .withdrawn: "takenBack"
        case .toRelease: file.decision?.lastDay.map { $0 < now.day } == true ? "lapsed" : nil
        case .released: file.release.map { $0.until <= now } == true ? "lapsed" : nil
        case .toCheck, .toRedact, .toDecide, .closed: nil
        }
    }
}
