import Casework
import Kernel
import Ledger

/// Expert argument (zhaoxian-2017:17), collective discussion (18), legal review as records, the internal chain (41).
extension RecordedStep {
    static let review: [RecordedStep] = [
        RecordedStep(
            "review-submission", .reviewSubmitted, "送交法制审核", "承办机构把材料送法制审核，对真实、完整负责。", in: .review,
            signed: ["declaredBy"],
            when: { $0.isGeneral && $0.work.drafting != nil && !$0.isDecided },
            inputs: [.text("materials", "逐项列明。"), .truth("declared"), .text("declaration", need: .never)]),
        RecordedStep(
            "review-result", .reviewCompleted, "登记法制审核意见", "由没有参加本案调查的法制审查人员写明意见和建议。", in: .review,
            by: .legalReviewer, signed: ["reviewer"], when: { !$0.isDecided },
            inputs: [
                .answer(to: .reviewSubmitted, as: "submission", "哪一次送审"), .word("result"), .text("opinion"),
                .text("suggestions", "没有的写“无”。"), .word("carrier"), .truth("signed"),
            ]),
        RecordedStep(
            "expert", .expertArgued, "登记专家论证", "组织专家论证的，制作会议纪要或者专家意见书，并对过程录音录像。先登记论证活动。", in: .review,
            when: { $0.hadActivity("expertArgument") },
            inputs: [
                .activity("expertArgument"), .word("form"), .text("experts", "写明姓名、单位、职称。"), .text("content"),
                .happened("论证时间"), .document("expert-review-minutes", "expert-opinion", "expert-argument-report"),
            ]),
    ]

    static let discussion: [RecordedStep] = [
        RecordedStep(
            "discussion-agenda", .discussionScheduled, "提交会议研究", "重大案件提交负责人集体讨论；法制审核应当先通过。", in: .review,
            when: { $0.isGeneral && $0.work.drafting != nil && !$0.isDecided }, inputs: [.text("agenda")]),
        RecordedStep(
            "discussion", .discussionHeld, "登记集体讨论",
            "负责人集体讨论的，写明参加人、各人意见和结论，并录音录像。先登记讨论活动，制作集体讨论记录或者会议纪要，由参加的负责人签名。", in: .review,
            when: { !$0.isDecided && $0.hadActivity("collectiveDiscussion") },
            inputs: [
                .activity("collectiveDiscussion"), RecordedInput("attendees", .persons(.heads)),
                .text("views", "逐人写明。"), .text("conclusion"), .happened("讨论时间"),
                .document("collective-discussion-record", "collective-discussion-minutes", need: .always),
            ]
        ).judged { fact, course, law in course.discussionProblems(of: fact, law: law) },
        RecordedStep(
            "decision-change", .decisionChanged, "登记决定变更撤销",
            "处罚决定被变更、撤销、确认违法或者无效、重新作出的，由行政机关负责人登记日期和理由；随后制作决定书，送达当事人。", in: .remedy, by: .agencyHead, lasts: .always,
            when: \.isDecided,
            inputs: [
                .word("change"), RecordedInput("document", .document(kinds: changeable, issued: true, role: "issued")),
                RecordedInput("changedDay", .day), .truth("isPenalty"), .text("reason"),
                RecordedInput(
                    "proofFile", .reference([.recordingLinked], once: false), label: "变更、撤销所依据的文书",
                    help: "判决书、复议决定书、局务会纪要等的扫描件，由承办人在案件页“上传音像资料”。重新作出的，本案终结、归档以后登记的，必须选择。",
                    need: .never),
            ]
        ).checked { fact, course in course.changeProblems(of: fact) },
    ]

    /// Kinds of decision that can be changed or taken back by who made them, or who is above.
    private static let changeable = [
        DocumentKindName.penaltyDecision, DocumentKindName.summaryDecision, DocumentKindName.enforcementDecision,
        "added-fine-decision", "compulsory-execution-decision", "disposal-decision", "freezing-document",
        "other-execution-document", "removal-restoration-decision", "sealing-seizure-decision",
        "substitute-performance-decision",
    ]

    /// Three persons, each in their own session: handler, reviewer, approver (zhaoxian-2017:41).
    static let internalChain: [RecordedStep] = [
        RecordedStep(
            "chain-opinion", .approvalStepped, "内部审批：提出意见", "承办人写明意见和理由，随后由审核人审核、批准人批准。", in: .internalChain,
            given: ["step": "handler"], signed: ["person"], inputs: [.word("about"), .text("opinion"), .text("reason")]),
        RecordedStep(
            "chain-review", .approvalStepped, "内部审批：审核", "审核人对承办人的意见进行审核。", in: .internalChain, by: .reviewer,
            given: ["step": "reviewer"], signed: ["person"], when: { $0.awaits("reviewer", after: "handler") },
            inputs: [.word("about"), .word("result"), .text("opinion"), .text("reason", need: .never)]
        ).checked { fact, course in course.chainProblems(of: fact, at: "reviewer", after: "handler", by: "承办人提出意见") }
            .offering("about") { $0.awaiting("reviewer", after: "handler") },
        RecordedStep(
            "chain-approval", .approvalStepped, "内部审批：批准", "批准人在审核之后批准，或者退回。须本人办理，并再次输入密码。", in: .internalChain,
            by: .head, given: ["step": "approver"], signed: ["person"],
            when: { $0.awaits("approver", after: "reviewer") },
            inputs: [
                .word("about"), RecordedInput("result", .word(nil), label: "批准结果", help: "退回的，由承办人重新提出意见。"),
                .text("opinion"), .text("reason", need: .never),
            ]
        ).checked { fact, course in course.chainProblems(of: fact, at: "approver", after: "reviewer", by: "审核人审核通过") }
            .offering("about") { $0.awaiting("approver", after: "reviewer") },
    ]
}

extension CaseCourse {
    /// Whether an approver approved something in the internal chain: what was not sent back.
    var hasApproval: Bool {
        records.contains { record in
            record.type == .approvalStepped && record.word("step") == "approver" && record.word("result") != "returned"
        }
    }

    /// Whether a matter of the internal chain stands at one step and has not had the next.
    func awaits(_ step: String, after before: String) -> Bool { !awaiting(step, after: before).isEmpty }

    /// A penalty decision is one, whatever the form is told: shorter terms of publication hang on it.
    func changeProblems(of fact: Fact) -> [StepRefusal.FieldError] {
        let document = fact.plain["document"]?.string.flatMap { DocumentID($0) }.flatMap(work.document)
        var errors: [StepRefusal.FieldError] = []
        if document?.kind == DocumentKindName.penaltyDecision, fact.plain["isPenalty"] == .boolean(false) {
            errors.append(.init("isPenalty", "这份文书是行政处罚决定书，请选“是”。"))
        }
        // An end stands on the decision: it is taken from under it by a paper, not by a form (ADR 0069).
        if !work.isOver, fact.plain["change"] == "remade", !fact.references.contains(where: { $0.role == "proofFile" })
        {
            errors.append(
                .init("proofFile", "重新作出决定，本案退回草拟，请选择责令或者决定重新作出的文书（复议决定书、判决书、局务会纪要等）的扫描件。还没有的，先由承办人在案件页“上传音像资料”。"))
        }
        if work.isOver, !fact.references.contains(where: { $0.role == "proofFile" }) {
            errors.append(
                .init("proofFile", "本案已经终结，请选择变更、撤销所依据的文书（判决书、复议决定书、局务会纪要等）的扫描件。还没有的，先由承办人在案件页“上传音像资料”。"))
        }
        return errors
    }

    /// A step is about a matter that stands before it: nobody passes what nobody proposed.
    func chainProblems(of fact: Fact, at step: String, after before: String, by done: String)
        -> [StepRefusal.FieldError]
    {
        let waiting = awaiting(step, after: before)
        guard let about = fact.plain["about"]?.string, !waiting.contains(about) else {
            return ownOpinion(fact, at: step, after: before)
        }
        let names = waiting.sorted().map { EntryType.approvalStepped.chinese($0, of: "about") }
        return [.init("about", "这一事项还没有由\(done)。现在等办理的是：\(names.joined(separator: "、"))。")]
    }

    /// Nobody reviews their own opinion, though they handle the case no more (invariant 8). Of an approval article 41 speaks.
    private func ownOpinion(_ fact: Fact, at step: String, after before: String) -> [StepRefusal.FieldError] {
        let isOwn = InternalChain(records).waiting(for: step, after: before).contains { one in
            one.word("about") == fact.plain["about"]?.string
                && one.stepper?.description == fact.plain["person"]?.string
        }
        return isOwn && step == "reviewer" ? [.init("about", "这一事项的意见是您自己提出的，由其他审核人审核。")] : []
    }

    /// The matters that stand at one step and have not had the next.
    func awaiting(_ step: String, after before: String) -> Set<String> {
        Set(InternalChain(records).waiting(for: step, after: before).compactMap { $0.word("about") })
    }
}
