import Application
import Casework
import Kernel

/// A step with a command of its own, as programs give it. What is not here and not in `TokenPower.steps` is a person's
/// own act: approving, signing, issuing, voiding, ending, filing, overriding.
struct PlainStep: Sendable {
    /// The step's own name.
    let name: String
    let title: String
    var lead = ""
    let fields: [APIField]
    let records: [EntryType]
    var words: [String: Set<String>] = [:]
    /// How far into the life of a case it lasts.
    var lasts = StepSpan.running
    /// Whether it begins where the case is.
    let isOffered: @Sendable (Case) -> Bool
    /// Makes the command of a request and carries it out.
    let perform:
        @Sendable (APICall, CommandID, (any CaseStep) async throws -> AppendReceipt) async throws -> AppendReceipt

    /// Every one, in the order of a case.
    static let all: [PlainStep] = [
        PlainStep(
            name: BeginActivity.name, title: "登记执法活动开始", lead: "活动编号由 Idempotency-Key 决定，在案件的 activities 里给出。",
            fields: [
                .init("kind", .words(ActivityChoices.offered.sorted()), "活动类型。"),
                .init("officers", .list(.id, 1...20, unique: true), "执法人员，不得少于两人。"),
                .init("startAt", .instant, "开始时间。"), .init("place", .text(1...200), "地点，写到楼层或者房间。"),
                .init("persons", .text(0...500), "在场人员。", required: false),
                .init("circumstances", circumstances, "影响适用条款的情形。", required: false),
            ], records: [.activityBegan], words: ["kind": ActivityChoices.offered], lasts: .contested,
            isOffered: { _ in true },
            perform: { call, command, run in
                try await run(
                    BeginActivity(
                        activity: command.unchecked(as: OfActivity.self), kind: call.text("kind"),
                        officers: call.threads("officers"), startAt: call.instant("startAt") ?? call.now,
                        place: call.text("place"), persons: call.optional("persons"),
                        circumstances: Dictionary(
                            (call.body["circumstances"]?.members ?? []).map { ($0.key, $0.value) },
                            uniquingKeysWith: { first, _ in first })))
            }),
        PlainStep(
            name: EndActivity.name, title: "登记执法活动结束",
            fields: [
                .init("activity", .id, "哪一次活动。"), .init("endAt", .instant, "结束时间。"),
                .init("note", .text(0...2000), "备注。", required: false),
            ], records: [.activityEnded], lasts: .contested, isOffered: { $0.activities.contains { $0.endAt == nil } },
            perform: { call, _, run in
                guard let activity = ActivityID(call.text("activity")) else { throw APIProblem.notFound }
                return try await run(
                    EndActivity(
                        activity: activity, endAt: call.instant("endAt") ?? call.now, note: call.optional("note")))
            }),
        PlainStep(
            name: RecordFinding.name, title: "登记检查结果", lead: "涉嫌违法的，登记后可以启动行政处罚程序。",
            fields: [
                .init("outcome", .words(Finding.Outcome.allCases.map(\.rawValue)), "检查结果。"),
                .init("summary", .text(1...2000), "检查结果说明。"),
                .init("recipient", .text(0...120), "移交其他机关的，写接收机关。", required: false),
            ], records: [.findingRecorded], isOffered: { $0.kind == .inspection && $0.finding == nil },
            perform: { call, _, run in
                guard let outcome = Finding.Outcome(rawValue: call.text("outcome")) else { throw APIProblem.notFound }
                return try await run(
                    RecordFinding(
                        outcome: outcome, summary: call.text("summary"), recipient: call.optional("recipient")))
            }),
        PlainStep(
            name: RecordStatement.name, title: "登记陈述申辩", lead: "当事人陈述、申辩的，如实记录；放弃的也要记录。",
            fields: [
                .init("manner", .words(["oral", "written", "waived"]), "口头、书面或者放弃。"),
                .init("speaker", .words(["party", "agent"]), "当事人或者委托代理人。"),
                .init("speakerName", .text(1...60), "陈述人姓名。"), .init("statedAt", .instant, "陈述时间。"),
                .init("facts", .text(0...2000), "陈述的事实；没有放弃的必填。", required: false),
                .init("reasons", .text(0...2000), "申辩的理由；没有放弃的必填。", required: false),
                .init("evidence", .text(0...2000), "提出的证据。", required: false),
                .init("document", .id, "当事人签名的凭据：陈述申辩笔录、书面材料或者口头放弃记录；一般程序必填。", required: false),
            ], records: [.statementRecorded],
            words: ["manner": ["oral", "written", "waived"], "speaker": ["party", "agent"]],
            isOffered: { $0.kind == .penalty },
            perform: { call, _, run in
                try await run(
                    RecordStatement(
                        manner: call.text("manner"), speaker: call.text("speaker"),
                        speakerName: call.text("speakerName"), facts: call.optional("facts"),
                        reasons: call.optional("reasons"), evidence: call.optional("evidence"),
                        statedAt: call.instant("statedAt") ?? call.now,
                        document: call.optional("document").flatMap { DocumentID($0) }))
            }),
        PlainStep(
            name: ReviewStatement.name, title: "复核陈述申辩", lead: "对当事人提出的事实、理由和证据进行复核；成立的应当采纳。",
            fields: [
                .init("statement", .integer(1...1_000_000_000), "那次陈述申辩的 seq。"),
                .init("accepted", .words(["yes", "partly", "no"]), "是否采纳。"),
                .init("review", .text(1...2000), "复核情况。"), .init("reason", .text(1...2000), "采纳或者不采纳的理由。"),
            ], records: [.statementReviewed], words: ["accepted": ["yes", "partly", "no"]],
            isOffered: { $0.statements.contains { !$0.isReviewed && $0.phase != "afterDemand" } },
            perform: { call, _, run in
                try await run(
                    ReviewStatement(
                        statement: Int(call.body["statement"]?.integer ?? 0), accepted: call.text("accepted"),
                        review: call.text("review"), reason: call.text("reason")))
            }),
        PlainStep(
            name: DraftDecision.name, title: "草拟处理意见", lead: "草拟之后由本人以外的人员登录审查、审批。",
            fields: [
                .init("outcome", .words(Drafting.Outcome.allCases.map(\.rawValue)), "拟作出的处理。"),
                .init("legalBasis", .text(1...2000), "法律依据。"), .init("evidence", .text(1...2000), "证据材料。"),
                .init("factors", .text(1...2000), "应考虑的有关因素。"), .init("draft", .text(1...5000), "拟作出的决定。"),
                .init("unitReviewer", .id, "承办机构审查人，不能是本案承办人；由其本人登录审查。"),
            ], records: [.decisionDrafted],
            isOffered: { $0.kind == .penalty && $0.procedure == .general && $0.decision == nil },
            perform: { call, _, run in
                guard let outcome = Drafting.Outcome(rawValue: call.text("outcome")),
                    let reviewer = ThreadTag(call.text("unitReviewer"))
                else { throw APIProblem.notFound }
                return try await run(
                    DraftDecision(
                        unitReviewer: reviewer, outcome: outcome, legalBasis: call.text("legalBasis"),
                        evidence: call.text("evidence"), factors: call.text("factors"), draft: call.text("draft")))
            }),
        PlainStep(
            name: RecordService.name, title: "登记送达", lead: "送达回证签收之后登记直接送达。",
            fields: [
                .init("document", .id, "送达的文书。"), .init("receipt", .id, "它的送达回证。"),
                .init("servedAt", .instant, "送达时间。"),
                .init("recipient", .text(1...120), "受送达人。"), .init("place", .text(1...200), "送达地点。"),
                .init("signatory", .text(0...60), "签收人；不是受送达人本人时写。", required: false),
                .init("relation", .text(0...60), "签收人与受送达人的关系。", required: false),
            ], records: [.documentServed], words: ["method": ["direct"]], lasts: .served,
            isOffered: { !StepForm.servable($0).isEmpty },
            perform: { call, _, run in
                guard let document = DocumentID(call.text("document")), let receipt = DocumentID(call.text("receipt"))
                else { throw APIProblem.notFound }
                return try await run(
                    RecordService(
                        document: document, receipt: receipt, servedAt: call.instant("servedAt") ?? call.now,
                        recipient: call.text("recipient"), signatory: call.optional("signatory"),
                        relation: call.optional("relation"), place: call.text("place")))
            }),
        PlainStep(
            name: RecordPerformance.name, title: "登记履行情况",
            fields: [
                .init("status", .words(["complete", "partly", "none"]), "履行情况。"),
                .init("obligation", .text(1...2000), "应履行的内容。"),
                .init("amount", .integer(0...100_000_000_000), "已缴金额，罚款和没收的款项一并计算，单位为分。", required: false),
                .init("performedAt", .instant, "履行时间；没有履行的不写。", required: false),
                .init("evidence", .text(0...2000), "履行凭证。", required: false),
                .init("taken", .text(0...2000), "没收的财物；决定书没收财物的写明。", required: false),
                .init("proofFile", .integer(1...1_000_000), "凭证：归入音像资料的那一条在本案的序号；已全部履行的写明。", required: false),
            ], records: [.performanceRecorded], words: ["status": ["complete", "partly", "none"]],
            lasts: .owed, isOffered: { $0.decision != nil },
            perform: { call, _, run in
                try await run(
                    RecordPerformance(
                        status: call.text("status"), performedAt: call.instant("performedAt"),
                        amount: call.body["amount"]?.integer, obligation: call.text("obligation"),
                        evidence: call.optional("evidence"), taken: call.optional("taken"),
                        proofFile: call.body["proofFile"]?.integer.map { Int($0) }))
            }),
    ]

    /// What a program may say of an activity, from the members of its record.
    private static let circumstances: APISchema = .object(
        ["method", "phase", "site", "secrecy", "isDisputeProne", "subjectTakesPart", "usesRecorder"].compactMap {
            name in
            switch EntryType.activityBegan.members[name] {
            case .words(let words):
                APIField(name, .words(words), EntryType.activityBegan.label(of: name) + "。", required: false)
            case .truth: APIField(name, .truth, EntryType.activityBegan.label(of: name) + "。", required: false)
            default: nil
            }
        })
}
