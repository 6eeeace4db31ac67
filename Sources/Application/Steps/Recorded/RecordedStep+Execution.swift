import Casework
import Kernel

/// Performance and correction (zhaoxian-2017:27), demand (28), court route (29), remedies, terms.
extension RecordedStep {
    /// What somebody outside decided, as a file of the case: the end of a penalty rests on it, and on nobody's word.
    private static func judgement(_ label: String, when other: String, _ words: [String]) -> RecordedInput {
        RecordedInput(
            "proofFile", .reference([.recordingLinked], once: false), label: label,
            help: "先由承办人在案件页“上传音像资料”（照片、扫描件也可以），再在这里选择。", need: .when(other, words))
    }

    static let execution: [RecordedStep] = [
        RecordedStep(
            "correction-order", .correctionOrdered, "登记责令改正", "责令当事人改正的，写明内容和期限；到期核查。", in: .execution,
            inputs: [
                .text("content"), RecordedInput("dueDay", .day), .happened("责令时间"), .document("correction-order"),
            ]),
        RecordedStep(
            "correction-check", .correctionChecked, "核查改正情况", "改正期限届满时核查，写明情况和结果。", in: .execution,
            lasts: .always,
            signed: ["checker"],
            inputs: [
                RecordedInput("order", .reference([.correctionOrdered], once: false), label: "哪一次责令改正"),
                .at("checkedAt"), .word("result"), .text("findings"), .activity("correctionCheck", need: .never),
            ]),
        RecordedStep(
            "talk", .talkHeld, "登记约谈", "每次约谈都要文字记录，并从头到尾录音录像。先登记约谈活动。", in: .execution,
            when: { $0.hadActivity("talk") },
            inputs: [
                .activity("talk"), .text("persons"), .line("topic"), .text("content"), .at("startAt"),
                RecordedInput("endAt", .instant(states: false)), .document("regulatory-talk-record"),
            ]),
        RecordedStep(
            "demand", .demandMade, "登记催告", "逾期不履行的，作出强制执行决定或者申请法院执行之前书面催告。", in: .execution,
            when: \.isServed,
            inputs: [
                .word("form"), .text("content", "写明金额和给付方式。"), RecordedInput("dueDay", .day), .text("rights"),
                .truth("isUrgent"), .happened("催告时间"), .document("demand-notice"),
            ]),
        RecordedStep(
            "execution-decision", .executionDecided, "登记强制执行决定", "法律授予强制执行权的机关才能作出，并须先经催告（行政强制法第三十七条）。", in: .execution,
            power: .ownExecution, when: \.hasDemand, inputs: [.text("content"), .happened("决定时间"), .document()]),
        RecordedStep(
            "execution", .executionTaken, "登记实施强制执行", "作出强制执行决定之后实施的，登记方式和经过。", in: .execution,
            power: .ownExecution, when: { $0.has(.executionDecided) },
            inputs: [
                .word("kind"), .text("details"), RecordedInput("amount", .money, need: .never),
                .line("account", need: .when("kind", ["transfer"])),
                .text("items", need: .when("kind", ["auction", "disposal"])),
                .line("performer", need: .when("kind", ["substitute"])), .happened("实施时间"), .activity(need: .never),
                .document(),
            ]),
        RecordedStep(
            "court", .courtApplied, "登记申请法院强制执行",
            "催告书送达满十个工作日仍不履行的，可以申请法院强制执行；归入申请文书（第二十八、二十九条；行政强制法第五十三至五十五条）。", in: .execution,
            when: { $0.isServed && !$0.has(.courtApplied) },
            inputs: [
                .line("court"), .text("documents", "申请书、决定书及依据、当事人意见及催告情况、标的情况等，逐项列明。"), .at("appliedAt"),
                .document("court-enforcement-application"),
            ]),
        RecordedStep(
            "court-ruling", .courtRuled, "登记法院裁定", "法院裁定准予或者不准予执行的，登记裁定内容。", in: .execution, lasts: .owed,
            inputs: [
                .answer(to: .courtApplied, as: "application", "哪一次申请"), .word("outcome"), .text("content"),
                .happened("裁定时间"),
            ]),
        RecordedStep(
            "court-end", .courtConcluded, "登记法院执行终结", "法院执行终结的，由没有承办本案的负责人核对法院的文书后，登记执行的经过和结果。", in: .execution,
            by: .head,
            lasts: .owed,
            when: { $0.has(.courtApplied) && !$0.has(.courtConcluded) },
            inputs: [
                RecordedInput("application", .reference([.courtApplied], once: false), label: "哪一次申请"),
                .word("outcome"), .text("course"), .text("findings"), .happened("终结时间"),
                judgement("法院的结案通知、终结裁定等的扫描件", when: "outcome", ["complete", "partly", "none", "closed"]),
            ]),
    ]

    static let remedies: [RecordedStep] = [
        RecordedStep(
            "remedy", .remedyOpened, "登记复议、诉讼、信访或者异议", "当事人申请复议、提起诉讼、信访或者提出异议的，登记机关、请求和是否停止执行。", in: .remedy,
            lasts: .always,
            inputs: [.word("kind"), .line("body"), .text("content"), .truth("stay"), .at("openedAt")]),
        RecordedStep(
            "remedy-result", .remedyConcluded, "登记复议诉讼结果", "复议、诉讼审结的，由没有承办本案的负责人核对决定书、判决书、裁定书后，登记结果。撤销、变更的，再登记决定变更。",
            in: .remedy,
            by: .head, lasts: .always,
            inputs: [
                .answer(to: .remedyOpened, as: "remedy", "哪一次"), .word("result"), .text("content"),
                .happened("审结时间"),
                judgement(
                    "复议决定书、判决书、裁定书等的扫描件", when: "result",
                    ["upheld", "changed", "revoked", "unlawful", "withdrawn", "other"]),
            ]),
    ]

    /// Terms change only by a head's own step, with reason and legal basis.
    static let terms: [RecordedStep] = [
        RecordedStep(
            "term-suspension", .termSuspended, "批准中止期限", "只用于法律允许中止的期限，例如复议、诉讼期间停止执行。期限停止计算，到恢复为止。", in: .terms,
            by: .head, lasts: .contested,
            inputs: [
                RecordedInput("matter", .term(.suspended)), .text("reason"), .line("legalBasis"), .happened("中止时间"),
            ]
        ).checked { fact, course in
            guard let matter = fact.plain["matter"]?.string, course.standingTerms.contains(matter) else { return [] }
            return [.init("matter", "这项期限已经中止，还没有恢复，不用再中止一次。")]
        },
        RecordedStep(
            "term-resumption", .termResumed, "恢复期限", "中止的原因消除之后，期限继续计算。", in: .terms, by: .head, lasts: .contested,
            when: { !$0.standingTerms.isEmpty },
            inputs: [RecordedInput("matter", .term(.suspended)), .text("reason"), .happened("恢复时间")]
        ).checked { fact, course in
            guard let matter = fact.plain["matter"]?.string, !course.standingTerms.contains(matter) else { return [] }
            return [.init("matter", "这项期限没有中止，不用恢复。请选择已经中止的期限。")]
        },
        RecordedStep(
            "term-extension", .termExtended, "批准延长期限", "在期限届满之前批准才有效，写明延长到哪一天和依据。", in: .terms, by: .agencyHead,
            lasts: .contested,
            signed: ["approvedBy"],
            inputs: [
                RecordedInput("matter", .term(.extended)), RecordedInput("untilDay", .day), .text("reason"),
                .line("legalBasis"),
            ]),
        RecordedStep(
            "term-restart", .termRestarted, "批准重新计算期限", "法律规定期限重新计算的，写明理由。", in: .terms, by: .head, lasts: .contested,
            inputs: [RecordedInput("matter", .term(.restarted)), .text("reason"), .happened("重新起算时间")]),
    ]
}

extension CaseCourse {
    /// The matters whose terms stand still now.
    public var standingTerms: Set<String> {
        var standing: Set<String> = []
        for record in records {
            guard let matter = record.word("matter") else { continue }
            switch record.type {
            case .termSuspended: standing.insert(matter)
            case .termResumed: standing.remove(matter)
            default: break
            }
        }
        return standing
    }
}
