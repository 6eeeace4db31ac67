import Casework
import Kernel
import Ledger

/// A step in a lead, described as data like the steps of a case.
public struct LeadStep: Sendable {
    /// The segment of addresses and the API.
    public let name: String
    /// What is recorded and asked.
    public let body: StepBody
    /// What the step does, with the article behind it.
    public let lead: String
    /// Who takes it, any of these.
    public let roles: [Role]
    /// Where a lead must be for the step to make sense.
    public let isOffered: @Sendable (LeadFile) -> Bool

    init(
        _ name: String, _ type: EntryType, _ title: String, _ lead: String, by roles: [Role] = LeadStep.workers,
        signed: [String] = [], when isOffered: @escaping @Sendable (LeadFile) -> Bool, inputs: [RecordedInput]
    ) {
        self.name = name
        body = StepBody(type: type, title: title, inputs: inputs, given: [:], signed: signed)
        self.lead = lead
        self.roles = roles
        self.isOffered = isOffered
    }

    /// Who works on leads.
    public static let workers: [Role] = [.officer, .unitHead]
    /// Who decides on them.
    public static let deciders: [Role] = [.unitHead, .departmentHead, .agencyHead]

    /// Whether this person could take the step now. The regulations may still refuse it.
    public func isOffered(_ file: LeadFile, to person: PersonRow) -> Bool {
        !file.isClosed && roles.contains(where: person.roles.contains) && isOffered(file)
    }

    /// The steps that begin a lead, by its kind.
    public static func beginning(_ kind: LeadFile.Kind) -> LeadStep { kind == .complaint ? receive : register }

    /// A step by its name.
    public static func named(_ name: String) -> LeadStep? { all.first { $0.name == name } }

    /// 收到投诉举报
    static let receive = LeadStep(
        "complaint", .leadReceived, "登记投诉举报", "接到投诉、举报，按来源渠道如实登记。投诉举报人的姓名和内容依法保密，查看须登记。",
        when: { _ in false },
        inputs: [
            .word("channel"), .truth("isRealName"), .at("receivedAt"),
            .line("complainant", "姓名、联系方式。", need: .when("isRealName", ["true"])),
            .text("content", "如实记录原话或者材料要点。"), .line("target", "不明的写“不明”。"),
        ])

    /// 登记申请
    static let register = LeadStep(
        "application", .applicationRegistered, "登记申请", "公民、法人或者其他组织申请办理事项的，登记申请人、事项和方式；口头申请的记录内容。",
        when: { _ in false },
        inputs: [
            .word("mode"), .at("registeredAt"), .line("applicant"), .line("matter"),
            .text("oralContent", need: .when("mode", ["oral"])),
        ])

    /// Every step of a lead, in the order of the procedure.
    public static let all: [LeadStep] = [
        receive, register,
        LeadStep(
            "accept", .leadAccepted, "登记是否受理", "审查是否属于本机关管辖、是否受理，写明理由。",
            when: { $0.kind == .complaint && !$0.types.contains(.leadAccepted) },
            inputs: [.word("outcome"), .text("reason", need: .when("outcome", ["notAccepted"]))]),
        LeadStep(
            "report", .leadReported, "登记报告", "按登记报告制度向负责人报告的，登记报告给谁。",
            when: { $0.kind == .complaint && !$0.types.contains(.leadReported) }, inputs: [.line("to")]),
        LeadStep(
            "verify", .leadVerified, "登记核实情况", "对投诉、举报进行核实的，登记结果和情况。",
            when: { $0.kind == .complaint && $0.review == nil },
            inputs: [.word("result"), .text("findings"), .happened("核实时间")]),
        LeadStep(
            "review", .leadReviewed, "审查投诉举报",
            "由负责人审查是否需要查处。需要查处的，及时启动执法程序；不予查处的写明法律依据和理由，实名的须告知。", by: LeadStep.deciders,
            when: { $0.kind == .complaint && $0.startedCase == nil },
            inputs: [
                .word("result"), .text("reason"),
                .line("legalBasis", need: .when("result", ["notPursued", "transferred"])),
            ]),
        LeadStep(
            "answer", .leadAnswered, "登记告知投诉举报人", "实名投诉、举报不予查处的，依法告知投诉举报人，并书面记录。", signed: ["notifiedBy"],
            when: { $0.kind == .complaint && $0.isRealName && $0.review != nil },
            inputs: [.word("method"), .at("notifiedAt"), .text("content")]),
        LeadStep(
            "correct", .applicationCorrected, "登记当场更正", "申请材料有错误、可以当场更正的，允许当场更正并记录。",
            when: { $0.kind == .application && !$0.types.contains(.applicationDecided) }, inputs: [.text("items")]),
        LeadStep(
            "supplement", .applicationSupplemented, "登记一次性告知补正", "材料不齐全的，一次告知需要补正的全部内容。告知只有一次。",
            when: {
                $0.kind == .application && $0.types.isDisjoint(with: [.applicationDecided, .applicationSupplemented])
            },
            inputs: [RecordedInput("itemCount", .number(1...100)), .text("items", "逐项列明。")]),
        LeadStep(
            "decide", .applicationDecided, "登记是否受理申请", "决定受理或者不予受理；不予受理的写明理由。",
            when: { $0.kind == .application && !$0.types.contains(.applicationDecided) },
            inputs: [.word("outcome"), .text("reason", need: .when("outcome", ["refused"]))]),
        LeadStep(
            "receipt", .applicationReceipted, "登记出具凭证回执", "向申请人出具书面凭证或者回执，登记编号。",
            when: { $0.kind == .application && !$0.types.contains(.applicationReceipted) },
            inputs: [.line("receiptNumber")]),
        LeadStep(
            "hand-over", .leadHandedOver, "移交线索", "经办人调离、停用账号或者另有任务的，由负责人移交给其他执法人员；此后由接手的人继续办理。",
            by: LeadStep.deciders, when: { $0.startedCase == nil },
            inputs: [RecordedInput("handlers", .persons(.successors), label: "今后由谁办理"), .text("reason")]),
        LeadStep(
            "close", .leadClosed, "办结线索", "办结之后不能再增加记录。实名投诉举报不予查处而没有告知的，不能办结。",
            when: { !$0.isClosed && ($0.kind == .application || $0.review != nil) }, inputs: [.text("reason")]),
    ]
}

/// A lead as loaded.
public struct LeadView: Sendable {
    /// The lead.
    public let file: LeadFile
    /// Its entries with positions.
    public let entries: [LoggedEntry]
    /// The same as records.
    public let records: [Record]

    /// With what right a person may see the lead at all; nil if with none. What a reporter said is looked at apart.
    public func viewRight(of person: PersonRow) -> String? { Self.viewRight(of: person, handledBy: file.handlers) }

    /// The same of a lead of which only its handlers are known.
    public static func viewRight(of person: PersonRow, handledBy handlers: [ThreadTag]) -> String? {
        if !LeadStep.deciders.allSatisfy({ !person.roles.contains($0) }) { return "head" }
        if person.roles.contains(.officer), handlers.contains(person.thread) { return "handler" }
        if person.roles.contains(.custodian) { return "custodian" }
        return nil
    }

    /// Whether this person has an open look at what the reporter said: recorded, and not over. A look at a paper is none:
    /// who opens the receipt of an application has not asked for anything else.
    public func isLooking(_ person: ThreadTag, at now: Instant) -> Bool {
        records.runningLooks(by: person, at: now).contains { $0.word("what") == "entry" }
    }
}
