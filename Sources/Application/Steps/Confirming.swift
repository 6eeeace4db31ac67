import Casework
import Kernel
import Ledger

/// What counts only when somebody else confirmed it (design section 5, Time): a service that a receipt from outside
/// proves, one by leaving the paper behind, a performance on which the case ends (ADR 0060), and, in a penalty case, times of acts, services and statements that were entered on a later day.
///
/// Terms in days run from the day that is said, and the day of a telling, an act or a service decides what may follow.
enum Confirming {
    /// How much later something is entered before anybody speaks of late: the pages mark it from there on.
    static let lateMark: Int64 = 15 * 60_000

    /// Whether a time was said on another day than it is entered.
    ///
    /// In the summary procedure all is entered when the officers are back, and a third person checks the file.
    static func isLate(_ at: Instant, in scene: Scene) -> Bool {
        scene.work.kind == .penalty && scene.work.procedure == .general && at.day < scene.now.day
            && scene.now.milliseconds(since: at) > lateMark
    }

    /// The fact, marked where it waits for somebody else.
    static func marked(_ fact: Fact, in scene: Scene) -> Fact {
        guard Confirmations.roles[fact.type] != nil, fact.plain["returned"]?.boolean != true else { return fact }
        // Silence is the end of a term, which the system reckons itself.
        guard fact.plain["manner"] != "silent" else { return fact }
        // Who refuses to take a paper signs nothing: that it was left behind rests on who says so, as mail does.
        let isProven =
            fact.type == .documentServed
            && (fact.plain["method"] == "lien" || fact.references.contains { $0.role == "proofFile" })
        guard isProven || fact.stated.map({ isLate($0.at, in: scene) }) == true else { return fact }
        var marked = fact
        marked.plain = .object((fact.plain.members ?? []) + [.init(Confirmations.member, true)])
        return marked
    }

    /// What stands against deciding or ending while something waits; nil where nothing does.
    static func refusal(in scene: Scene, before what: String) -> StepRefusal? {
        let waiting = scene.work.awaited.filter { $0.type != .recordingLinked }
        guard !waiting.isEmpty else { return KeptBack.refusal(in: [scene.view], before: what) }
        var refusal = StepRefusal(.gate, "\(what)以前，应当先由他人核对补录的时间和送达、履行的凭证。")
        refusal.reasons = waiting.map { one in
            .init(
                provisions: [],
                missing:
                    "“\(one.type.chinese)”（\(one.at.chinese)，\(one.recordedAt.chinese)登记）\(one.isTurnedDown ? "已经核对退回，更正还没有经批准" : "还没有经他人核对")",
                who: one.isTurnedDown ? "承办人" : one.proof == nil ? "承办机构负责人或者行政机关负责人" : "另一名承办人、承办机构负责人或者行政机关负责人")
        }
        return refusal
    }

    /// What is wrong with a confirmation, by question.
    static func problems(_ fact: Fact, in scene: Scene) -> [StepRefusal.FieldError] {
        guard fact.type == .approvalStepped,
            let role = fact.references.first(where: { Confirmations.roles.values.contains($0.role) })?.role,
            let seq = fact.references.first(where: { $0.role == role })?.seq,
            let one = scene.work.awaited.first(where: { $0.seq == seq })
        else { return [] }
        if one.isTurnedDown {
            return [.init(role, "这一条已经核对退回。请承办人申请更正，更正经批准以后不用再核对。")]
        }
        if one.by == scene.performer.tag {
            return [.init(role, "这一条是您自己登记的，由另一名承办人或者负责人核对。")]
        }
        guard let proof = one.proof else {
            guard !scene.work.handlers.contains(scene.performer.tag) else {
                return [
                    .init(
                        role,
                        one.type == .documentServed
                            ? "没有附凭证的送达，由没有承办本案的承办机构负责人或者行政机关负责人核对。" : "补录的时间由没有承办本案的承办机构负责人或者行政机关负责人核对。")
                ]
            }
            return []
        }
        guard fact.plain["result"] == "passed", !hasLooked(at: proof, in: scene) else { return [] }
        return [
            .init(
                role,
                "核对以前，请先打开\(what(one))看过：在案件页“音像资料”里打开\(scene.view.records.first { $0.seq == proof }.map { "\($0.recordedAt.chinese)归入的" } ?? "")那份资料，看完点“结束查看”，再回到这里。打开的时间留有记录，这里按记录核对。"
            )
        ]
    }

    private static func what(_ one: AwaitedRecord) -> String {
        switch one.type {
        case .performanceRecorded: "这次履行的凭证"
        case .recordingLinked: "这份资料"
        default: "这次送达的凭证"
        }
    }

    /// Whether whoever acts has opened the file of a link of the case, and read it (ADR 0052).
    private static func hasLooked(at link: Int, in scene: Scene) -> Bool {
        guard let recording = scene.view.records.first(where: { $0.seq == link })?.thread("recording") else {
            return false
        }
        let records = scene.history.filter { $0.thread == recording && $0.actor == scene.performer.tag }
        let sessions = records.filter { $0.type == .accessOpened }.compactMap { $0.word("session") }
        return records.contains { record in
            record.type == .accessClosed && record.word("session").map(sessions.contains) == true
                && record.plain["isRead"] == .boolean(true)
        }
    }
}

extension Scene {
    /// The case that this one was opened from; nil where it was opened from none.
    func source() async throws(StepRefusal) -> CaseView? {
        try await casebook?.source(of: work) ?? nil
    }

    /// Refuses a new piece in an inspection whose pieces lie in the filed volume of the case that it led to: its catalogue
    /// and closing sheet count them, and whoever signed those signed for no other (ADR 0069).
    func requireUnbound() async throws(StepRefusal) {
        guard work.kind == .inspection, !work.isFiled, let led = try await casebook?.led(from: work), led.isFiled else {
            return
        }
        throw StepRefusal(
            .outOfOrder, "本次检查的材料已经随由它立案的处罚案件归档，不能再增加。以后取得的材料，在处罚案件里登记，作为归档以后的补充。")
    }

    /// The first moment of what the case was opened from: nothing of the case itself was done before.
    func sourceBegan() async throws(StepRefusal) -> Instant? {
        try await source().map { source in
            ([source.work.openedAt, source.work.startedAt] + source.work.activities.map(\.startAt)).min()
                ?? source.work.openedAt
        }
    }
}

extension RecordedStep {
    /// Confirming what another recorded (`Confirming`).
    public static let confirmations: [RecordedStep] = [
        RecordedStep(
            "service-confirmation", .approvalStepped, "核对送达",
            "邮寄、传真、电子送达和留置送达的，由登记人以外的人打开凭证核对；留置送达没有附照片、录像的，或者送达时间是以后补登的，由没有承办本案的负责人核对。核对以后送达才算数，期限从送达的时间起算。",
            in: .service, by: .second,
            lasts: .contested,
            given: ["about": "service", "step": "reviewer"], signed: ["person"],
            when: { course in course.work.awaited.contains { $0.type == .documentServed } },
            inputs: [
                .answer(to: .documentServed, as: "service", "哪一次送达"),
                RecordedInput("result", .word(nil), label: "核对结果", help: "退回的不算送达，由承办人查明后重新登记。"), .text("opinion"),
            ]),
        RecordedStep(
            "performance-confirmation", .approvalStepped, "核对履行凭证",
            "登记已全部履行的，由登记人以外的人打开缴款凭证，与决定书的数额核对。核对以后才算履行，才能以“处罚决定履行完毕”终结。",
            in: .execution, by: .second,
            given: ["about": "execution", "step": "reviewer"], signed: ["person"],
            when: { course in course.work.awaited.contains { $0.type == .performanceRecorded } },
            inputs: [
                .answer(to: .performanceRecorded, as: "performed", "哪一次履行"),
                RecordedInput("result", .word(nil), label: "核对结果", help: "退回的不算履行，由承办人查明后重新登记。"), .text("opinion"),
            ]),
        RecordedStep(
            "secrecy-confirmation", .approvalStepped, "核对依法保密的资料",
            "承办人把资料归为涉及国家秘密、商业秘密或者个人隐私，或者归为投诉举报而举报不是由他人登记的，由没有承办本案的负责人打开核对。核对以后当事人和法院才拿不到；核对以前不能审批、终结、归档和导出案卷。",
            in: .internalChain, by: .head, lasts: .always,
            given: ["about": "other", "step": "reviewer"], signed: ["person"],
            when: { course in course.work.awaited.contains { $0.type == .recordingLinked && !$0.isTurnedDown } },
            inputs: [
                .answer(to: .recordingLinked, as: "veiled", "哪一份资料"),
                RecordedInput(
                    "result", .word(nil), label: "核对结果", help: "退回的，由承办人按正确的类别重新上传同一份资料；重新上传以前不能归档。"),
                .text("opinion"),
            ]),
        RecordedStep(
            "activity-confirmation", .approvalStepped, "核对执法活动的时间",
            "执法活动在以后的日子补登的，由没有承办本案的负责人核对开始时间；核对以前不能审批处罚决定，也不能终结。", in: .internalChain, by: .superior, lasts: .contested,
            given: ["about": "other", "step": "reviewer"], signed: ["person"],
            when: { course in course.work.awaited.contains { $0.type == .activityBegan } },
            inputs: [
                .answer(to: .activityBegan, as: "start", "哪一次执法活动"),
                RecordedInput("result", .word(nil), label: "核对结果", help: "退回的，由承办人申请更正。"), .text("opinion"),
            ]),
        RecordedStep(
            "statement-confirmation", .approvalStepped, "核对陈述申辩的时间",
            "陈述、申辩在以后的日子补登的，由没有承办本案的负责人核对时间；核对以前不能审批处罚决定，也不能终结。", in: .internalChain, by: .superior,
            given: ["about": "other", "step": "reviewer"], signed: ["person"],
            when: { course in course.work.awaited.contains { $0.type == .statementRecorded } },
            inputs: [
                .answer(to: .statementRecorded, as: "said", "哪一次陈述申辩"),
                RecordedInput("result", .word(nil), label: "核对结果", help: "退回的，由承办人申请更正。"), .text("opinion"),
            ]),
    ]
}
