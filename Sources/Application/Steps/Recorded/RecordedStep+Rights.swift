import Casework
import Kernel
import Ledger

/// Telling of rights (zhaoxian-2017:11), recusal, hearing (12(6); 行政处罚法第六十三至六十五条).
extension RecordedStep {
    static let rights: [RecordedStep] = [
        RecordedStep(
            "rights", .rightsNotified, "登记告知权利", "记录以什么方式向谁告知了陈述、申辩、申请回避、要求听证等权利。", in: .rights,
            inputs: [
                .words("rights"), .word("carrier"), .word("recipient"), .word("phase"), .line("name"), .line("way"),
                .text("matter"), .text("basis"), .at("notifiedAt"), .activity(need: .never),
                .document("rights-notice"),
            ]),
        RecordedStep(
            "recusal", .recusalRequested, "登记申请回避", "当事人申请执法人员回避的，登记对象和理由（行政处罚法第四十三条）。", in: .rights,
            inputs: [RecordedInput("officer", .person(.handlers)), .text("reason"), .happened("申请时间")]),
        RecordedStep(
            "recusal-decision", .recusalDecided, "决定是否回避", "回避由行政机关负责人决定，写明理由。", in: .rights, by: .agencyHead,
            signed: ["approvedBy"],
            inputs: [.answer(to: .recusalRequested, as: "request", "哪一次申请"), .word("decision"), .text("reason")]),
        RecordedStep(
            "silence", .statementRecorded, "登记逾期没有陈述申辩", "告知权利后，当事人在期限内没有陈述、申辩的，登记这一情况（行政处罚法第六十二条）。", in: .rights,
            given: ["manner": "silent", "speaker": "party"],
            // Whoever was not told keeps no silence.
            when: { $0.isGeneral && !$0.isDecided && !$0.isHeard && $0.toldAt != nil },
            inputs: [.line("name", "应当陈述申辩的当事人。"), .text("facts", "写明告知的时间和期限届满的日期。"), .happened("期限届满时间")]
        ).checked { fact, course in
            guard let told = course.tellings.last?.at, let end = fact.stated?.at, end < told else { return [] }
            return [.init(RecordedInput.happened, "期限届满的时间不能早于最近一次告知（\(told.chinese)）。")]
        },
    ]

    static let hearing: [RecordedStep] = [
        RecordedStep(
            "hearing-request", .hearingRequested, "登记要求听证", "当事人要求听证的，登记时间和要求的人；此后举行听证才能作出决定（行政处罚法第六十三条）。",
            in: .rights, when: { $0.isGeneral && !$0.isDecided && !$0.has(.hearingRequested) },
            inputs: [
                .line("name"), .at("requestedAt"),
                RecordedInput(
                    "document", .document(kinds: HearingRequest.kinds, issued: false, role: nil), label: "当事人签名的材料",
                    help: "书面要求的，是《当事人书面陈述（申辩、放弃）材料》，材料性质选“听证申请”；口头要求的，记入《陈述申辩笔录》。都由当事人签名。"),
            ]
        ).checked { HearingRequest.problems($0, $1) }.offering("document") { course in
            Set(
                course.work.documents.filter { HearingRequest.kinds.contains($0.kind) && HearingRequest.asks($0) }
                    .map(\.id.description))
        },
        RecordedStep(
            "hearing", .hearingHeld, "登记举行听证",
            "听证由没有参加本案调查的人员主持，除涉密外公开举行（行政处罚法第六十四条）。先登记听证活动，再登记举行情况；全程录音录像。", in: .rights,
            when: { $0.isGeneral && !$0.isDecided && $0.hadActivity("hearing") },
            inputs: [
                .activity("hearing"), RecordedInput("host", .person(.uninvolved)), .truth("isPublic"),
                .text("participants", "写明当事人、代理人、调查人员和其他参加人。"), .happened("听证时间"), .document("hearing-transcript"),
            ]),
    ]

    static let demandStatements: [RecordedStep] = [
        RecordedStep(
            "demand-statement", .statementRecorded, "登记催告后的陈述申辩", "催告后当事人陈述、申辩的，记录事实、理由和证据。",
            in: .execution, given: ["phase": "afterDemand"], when: { $0.isDecided && $0.hasDemand },
            inputs: [
                .word("manner", ["oral", "written"]), .word("speaker"), .line("name"), .text("facts"), .text("reasons"),
                .text("evidence", "没有提出的写“无”。"), .happened("陈述时间"), .document(),
            ]),
        RecordedStep(
            "demand-review", .statementReviewed, "复核催告后的陈述申辩", "对催告后的陈述申辩写明复核意见和处理意见；复核之前不能申请法院强制执行。",
            in: .execution, when: { $0.work.statements.contains { $0.phase == "afterDemand" && !$0.isReviewed } },
            inputs: [
                .answer(to: .statementRecorded, as: "statement", "哪一次陈述申辩"), .word("accepted"), .text("review"),
                .text("handling"), .text("reason"),
            ]),
    ]
}

extension CaseCourse {
    /// Whether the party was urged to perform, by document or record.
    var hasDemand: Bool { has(.demandMade) || hasDocument("demand-notice") }
}

/// The paper in which a party asks for a hearing (行政处罚法第六十四条第一项). A request ends the days that the party has for
/// it, so it is the party's own word, never a word of the officer alone.
private enum HearingRequest {
    /// Its own paper, or what it said written down.
    static let kinds = ["written-party-submission", "statement-defence-transcript"]

    /// Whether a paper of these kinds may ask for a hearing: what a party hands in says what it is.
    static func asks(_ paper: CaseDocument) -> Bool {
        paper.kind != "written-party-submission" || paper.data?["submissionKind"]?.string == "hearingRequest"
    }

    static func problems(_ fact: Fact, _ course: CaseCourse) -> [StepRefusal.FieldError] {
        let paper = fact.plain["document"]?.string.flatMap { DocumentID($0) }.flatMap(course.work.document)
        guard let paper else { return [] }
        guard paper.slots["party"].map({ ["screen", "paper"].contains($0.manner) }) == true else {
            return [.init("document", "这份材料还没有当事人的签名。请先由当事人签名，再登记要求听证。")]
        }
        guard asks(paper) else {
            return [.init("document", "这份材料不是听证申请。请选择材料性质为“听证申请”的材料，或者记有听证要求的《陈述申辩笔录》。")]
        }
        guard let at = fact.plain["requestedAt"]?.integer, let told = course.toldAt,
            at < told.milliseconds - 60_000
        else { return [] }
        return [.init("requestedAt", "要求听证的时间不能早于告知（\(told.chinese)）。")]
    }
}
