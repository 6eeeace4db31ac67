import Application
import Casework
import Kernel
import Ledger

extension DemoCase {
    /// What an inspection leaves behind for the next stage.
    public struct Inspected: Sendable {
        public let thread: ThreadTag
        public let firm: DemoFirm
    }

    /// An inspection with site record, video and finding.
    public func inspect(
        _ firm: DemoFirm, title: String, on day: CivilDay, video: [UInt8], outcome: Finding.Outcome, findings: String
    ) async throws -> Inspected {
        let thread = ThreadTag.random()
        let officer = people.officer1
        clock.set(to: Instant(day, hour: 8, minute: 40))
        _ = try await office.casebook.open(
            OpenInspection(
                title: title, source: .plan, handlers: [people.officer1.person.thread, people.officer2.person.thread],
                newSubject: firm.subject),
            as: thread, command: .random(), by: try await performer(officer))
        let activity = ActivityID.random()
        let start = Instant(day, hour: 9, minute: 5)
        clock.set(to: Instant(day, hour: 9, minute: 6))
        try await take(
            BeginActivity(
                activity: activity, kind: "siteInspection",
                officers: [people.officer1.person.thread, people.officer2.person.thread], startAt: start,
                place: firm.address, persons: "\(firm.representative)（负责人）"),
            in: thread, by: officer)
        let end = Instant(day, hour: 10, minute: 42)
        clock.set(to: Instant(day, hour: 10, minute: 45))
        let record = try await fix(
            "site-inspection-record",
            .object(
                firm.fields + [
                    .init("caseName", .string(title)), .init("place", .string(firm.address)),
                    .init("startAt", .string(start.description)), .init("endAt", .string(end.description)),
                    .init("officers", officers),
                    .init("certShown", .string("已出示统计执法证，\(start.chinese)")),
                    .init("presentPerson", .string(firm.representative)), .init("presentPersonRole", "负责人"),
                    .init("notice", "现依法对你单位进行统计执法检查。你有权陈述、申辩；认为检查人员与本案有直接利害关系的，有权申请回避。检查全程录音录像。"),
                    .init("noticeAnswer", "听清楚了，不申请回避。"), .init("findings", .string(findings)),
                    .init("recordings", "执法记录仪全程录音录像。"),
                ]),
            in: thread, activity: activity, by: officer)
        try await signOnPaper(record, "party", in: thread, by: officer, as: firm.representative)
        try await sign(record, "officer1", in: thread, by: people.officer1)
        try await sign(record, "officer2", in: thread, by: people.officer2)
        try await take(EndActivity(activity: activity, endAt: end, note: nil), in: thread, by: officer)
        clock.set(to: Instant(day, hour: 14, minute: 20))
        try await self.record(
            video, name: "现场检查 \(day).mp4", mediaType: "video/mp4", completedAt: end, activity: activity, in: thread,
            by: officer)
        clock.set(to: Instant(day, hour: 15))
        try await take(
            RecordFinding(outcome: outcome, summary: findings, recipient: nil), in: thread, by: officer)
        if outcome == .nothingFound {
            try await take(EndCase(ground: .nothingFound, reason: nil), in: thread, by: officer)
        }
        return Inspected(thread: thread, firm: firm)
    }

    /// A penalty case from an inspection, with the approval of its start.
    public func initiate(_ inspected: Inspected, title: String, on day: CivilDay) async throws -> ThreadTag {
        let thread = ThreadTag.random()
        clock.set(to: Instant(day, hour: 9))
        let seq = try await office.casebook.load(inspected.thread).work.entries
        _ = try await office.casebook.open(
            OpenPenalty(
                title: title, handlers: [people.officer1.person.thread, people.officer2.person.thread], isMajor: false,
                emergency: nil),
            as: thread, inspection: (inspected.thread, seq), command: .random(),
            by: try await performer(people.officer1))
        let form = try await fix(
            "procedure-initiation-approval",
            .object(
                inspected.firm.fields + [
                    .init("caseName", .string(title)), .init("source", "行政检查发现"),
                    .init(
                        "partyBasicInfo",
                        .string(
                            "\(inspected.firm.name)，负责人\(inspected.firm.representative)，住所\(inspected.firm.address)。")),
                    .init("startReason", "检查发现该单位上报的工业总产值与账面记载不符，涉嫌提供不真实的统计资料，依据《中华人民共和国统计法》有关规定，建议启动处罚程序。"),
                    .init("officers", officers), .init("isMajor", "no"), .init("isEmergency", "no"),
                    .init("handlerOpinion", "事实清楚，建议启动一般程序。"),
                ]),
            in: thread, by: people.officer1)
        try await sign(form, "handler", in: thread, by: people.officer1)
        clock.set(to: Instant(day, hour: 10))
        try await sign(form, "handlingUnit", in: thread, by: people.unitHead, decision: .agree, opinion: "同意启动。")
        clock.set(to: Instant(day, hour: 11, minute: 20))
        try await sign(form, "agencyHead", in: thread, by: people.head, decision: .agree, opinion: "同意启动一般程序。")
        return thread
    }

    /// Ends an inspection that led to a penalty case, and files it: the penalty case does not end it.
    public func conclude(_ inspected: Inspected, on day: CivilDay) async throws {
        clock.set(to: Instant(day, hour: 9))
        try await take(EndCase(ground: .ledOn, reason: nil), in: inspected.thread, by: people.officer1)
        try await file(inspected.thread, on: day)
    }

    /// The rights notice, the party's statement and its review.
    public func notify(_ thread: ThreadTag, firm: DemoFirm, title: String, on day: CivilDay) async throws {
        clock.set(to: Instant(day, hour: 9, minute: 30))
        let notice = try await fix(
            "rights-notice",
            .object(
                firm.fields + [
                    .init("caseName", .string(title)),
                    .init("facts", "你单位 2026 年 9 月上报工业总产值 1,280 万元，账面记载为 1,024 万元，多报 256 万元。"),
                    .init("reasons", "上述行为属于提供不真实的统计资料。"),
                    .init("legalBasis", "《中华人民共和国统计法》关于提供不真实统计资料的规定。"),
                    .init("content", ["给予警告", "处罚款人民币5,000元"]),
                    .init("rights", ["statement", "defence", "recusal"]), .init("method", "written"),
                    .init("notifiedAt", .string(Instant(day, hour: 9, minute: 20).description)),
                    .init("recipient", .string(firm.representative)), .init("officers", officers),
                    .init("defenceTerm", "收到本告知书之日起五个工作日内"),
                ]),
            in: thread, by: people.officer1)
        try await sign(notice, "party", in: thread, by: people.officer1, as: firm.representative)
        try await sign(notice, "officer1", in: thread, by: people.officer1)
        try await sign(notice, "officer2", in: thread, by: people.officer2)
        try await issue(notice, in: thread, by: people.officer1)
        clock.set(to: Instant(day, hour: 16))
        let stated = Instant(day, hour: 15, minute: 40)
        let submission = try await submission(in: thread, firm: firm, title: title, at: stated)
        try await take(
            RecordStatement(
                manner: "written", speaker: "party", speakerName: firm.representative,
                facts: "多报是会计把含税数当成不含税数填写。", reasons: "不是故意，已经改正，请求从轻。", evidence: "更正后的报表一份",
                statedAt: stated, document: submission),
            in: thread, by: people.officer1)
        let seq = try await office.casebook.load(thread).work.entries
        try await take(
            ReviewStatement(
                statement: seq, accepted: "partly", review: "经复核，多报系填报口径错误，当事人已主动改正。",
                reason: "对从轻的请求予以采纳，对不予处罚的意见不予采纳。"),
            in: thread, by: people.officer1)
    }

    /// The sheet under which the party's own paper was received, signed by both.
    private func submission(
        in thread: ThreadTag, firm: DemoFirm, title: String, at received: Instant
    ) async throws -> DocumentID {
        let sheet = try await fix(
            "written-party-submission",
            .object([
                .init("caseName", .string(title)), .init("subjectName", .string(firm.name)),
                .init("submissionKind", "defence"), .init("submitter", .string(firm.representative)),
                .init("receivedAt", .string(received.description)), .init("pages", 2),
                .init("receivedBy", .string(people.officer1.person.name)),
                .init("summary", "多报是会计把含税数当成不含税数填写，不是故意，已经改正，请求从轻。"), .init("originalPlace", "附后"),
            ]), in: thread, by: people.officer1)
        try await sign(sheet, "party", in: thread, by: people.officer1, as: firm.representative)
        try await sign(sheet, "officer", in: thread, by: people.officer1)
        return sheet
    }

    /// The draft of the decision.
    public func draft(_ thread: ThreadTag, on day: CivilDay) async throws {
        clock.set(to: Instant(day, hour: 9))
        try await take(
            DraftDecision(
                unitReviewer: people.unitHead.person.thread, outcome: .penalty,
                legalBasis: "《中华人民共和国统计法》关于提供不真实统计资料的法律责任条款。",
                evidence: "现场检查笔录、现场检查录像、陈述申辩记录。", factors: "主动改正，社会危害轻微，从轻处罚。",
                draft: "给予警告，并处罚款人民币5,000元。"),
            in: thread, by: people.officer1)
    }

    /// The review in the drafting unit, by the person whom the draft names.
    public func reviewDraft(_ thread: ThreadTag, on day: CivilDay) async throws {
        clock.set(to: Instant(day, hour: 9, minute: 20))
        try await take(
            ReviewDraft(isPassed: true, opinion: "事实、依据和裁量经核对无误，同意送法制审查。"), in: thread, by: people.unitHead)
    }

    /// The unit's and the legal review, and the head's approval.
    public func review(_ thread: ThreadTag, firm: DemoFirm, title: String, on day: CivilDay) async throws {
        try await reviewDraft(thread, on: day)
        clock.set(to: Instant(day, hour: 10))
        let review = try await fix(
            "legal-review-record",
            .object(
                firm.fields + [
                    .init("caseName", .string(title)), .init("submittedBy", "检查科"),
                    .init("submittedAt", .string(Instant(day, hour: 9, minute: 30).description)),
                    .init("materials", ["程序启动审批表", "现场检查笔录及录像", "权利告知书", "陈述申辩记录", "拟处罚意见"]),
                    .init("proposal", "给予警告，并处罚款人民币5,000元。"),
                    .init(
                        "points",
                        [
                            ["finding": "有管辖权，执法人员两名，持证。", "point": "主体和权限"],
                            ["finding": "事实清楚，证据能够相互印证。", "point": "事实和证据"],
                            ["finding": "程序合法，权利已告知，陈述申辩已复核。", "point": "程序"],
                            ["finding": "裁量适当。", "point": "法律适用和裁量"],
                        ]),
                    .init("reviewer", .string(people.reviewer.person.name)),
                    .init("opinion", "事实清楚，证据确凿，适用依据正确，程序合法。"), .init("suggestions", "送达时一并告知救济途径。"),
                    .init("result", "passed"),
                    .init("reviewedAt", .string(Instant(day, hour: 9, minute: 55).description)),
                ]),
            in: thread, by: people.reviewer)
        try await sign(review, "reviewer", in: thread, by: people.reviewer, decision: .passed, opinion: "审查通过。")
        clock.set(to: Instant(day, hour: 15))
        try await take(
            ApproveDecision(isApproved: true, opinion: "同意。"), in: thread, by: people.head)
    }

    /// The decision, its service, its performance and the end of the act.
    public func decideAndPerform(
        _ thread: ThreadTag, firm: DemoFirm, title: String, on day: CivilDay, performedOn: CivilDay
    ) async throws {
        clock.set(to: Instant(day, hour: 9))
        let decision = try await fix(
            "penalty-decision",
            .object(
                firm.fields + [
                    .init("caseName", .string(title)),
                    .init("facts", "2026 年 9 月，当事人上报工业总产值 1,280 万元，经核对账簿应为 1,024 万元，多报 256 万元，多报比例为 25%。"),
                    .init("evidence", ["现场检查笔录一份", "现场检查录像一段", "当事人陈述申辩记录一份"]),
                    .init("defence", "当事人陈述多报系填报口径错误并已改正，请求从轻。经复核，对从轻的请求予以采纳。当事人未要求听证。"),
                    .init("reasons", "当事人的行为属于提供不真实的统计资料。鉴于其主动改正，危害后果轻微，依法从轻处罚。"),
                    .init("legalBasis", "《中华人民共和国统计法》关于提供不真实统计资料的法律责任条款。"),
                    .init("content", ["给予警告", "处罚款人民币5,000元（伍仟元整）"]),
                    .init("performance", "自收到本决定书之日起十五日内，将罚款缴至指定银行。逾期不缴纳的，每日按罚款数额的百分之三加处罚款。"),
                    .init("remedies", "如不服本决定，可以自收到本决定书之日起六十日内申请行政复议，或者六个月内提起行政诉讼。"),
                ]),
            in: thread, by: people.officer1)
        try await look(at: decision, in: thread, by: people.head)
        try await sign(decision, "agencyHead", in: thread, by: people.head, isCompared: true)
        try await issue(decision, in: thread, by: people.officer1)
        clock.set(to: Instant(day, hour: 15, minute: 30))
        let number = try await office.casebook.load(thread).work.document(decision)?.issue?.numberText ?? ""
        let receipt = try await fix(
            "service-receipt",
            [
                "caseName": .string(title),
                "document": [["copies": "1份", "name": "行政处罚决定书", "number": .string(number)]],
                "method": "direct", "place": .string(firm.address), "recipient": .string(firm.name),
                "servedAt": .string(Instant(day, hour: 15, minute: 10).description),
                "server": [.string(people.officer1.person.name), .string(people.officer2.person.name)],
            ],
            in: thread, about: decision, by: people.officer1)
        try await sign(receipt, "recipient", in: thread, by: people.officer1, as: firm.representative)
        try await sign(receipt, "server1", in: thread, by: people.officer1)
        try await sign(receipt, "server2", in: thread, by: people.officer2)
        try await take(
            RecordService(
                document: decision, receipt: receipt, servedAt: Instant(day, hour: 15, minute: 10),
                recipient: firm.name, signatory: firm.representative, relation: "负责人", place: firm.address),
            in: thread, by: people.officer1)
        clock.set(to: Instant(performedOn, hour: 16))
        let voucher = try await recordVoucher(
            "银行缴款凭证.pdf", completedAt: Instant(performedOn, hour: 10, minute: 30), in: thread, by: people.officer1)
        try await take(
            RecordPerformance(
                status: "complete", performedAt: Instant(performedOn, hour: 10), amount: 500_000,
                obligation: "缴纳罚款人民币5,000元", evidence: "银行缴款凭证（演示）", proofFile: voucher),
            in: thread, by: people.officer1)
        try await confirmPerformance(in: thread, by: people.officer2)
        try await take(EndCase(ground: .performed, reason: nil), in: thread, by: people.officer1)
    }
}

extension DemoCase {
    /// The sheets of the case file and its filing.
    public func file(_ thread: ThreadTag, on day: CivilDay) async throws {
        clock.set(to: Instant(day, hour: 10))
        try await issueSigned(in: thread)
        for kind in FileCase.sheets {
            let view = try await office.casebook.load(thread)
            let custodian = try await performer(people.custodian)
            let sheets = CaseFileSheets(
                view: view, source: try await office.casebook.source(of: view.work),
                law: try await office.casebook.chambers.law(), archivist: custodian.person,
                persons: try await office.casebook.registers.persons(), losses: try await office.casebook.losses(),
                now: clock.now())
            guard let data = sheets.data(for: kind) else { continue }
            let sheet = try await fix(kind, data, in: thread, by: people.custodian)
            if kind == "closing-sheet" {
                try await sign(sheet, "archivist", in: thread, by: people.custodian)
                try await sign(sheet, "checker", in: thread, by: people.unitHead)
            }
            try await issue(sheet, in: thread, by: people.custodian)
        }
        try await take(FileCase(), in: thread, by: people.custodian)
    }

    /// Issues what is signed and was not issued yet, each by whoever made it.
    public func issueSigned(in thread: ThreadTag) async throws {
        let law = try await office.casebook.chambers.law()
        for document in FileCase.unprinted(in: try await office.casebook.load(thread).work, law: law) {
            guard let author = people.all.first(where: { $0.person.thread == document.author }) else { continue }
            try await issue(document.id, in: thread, by: author)
        }
        // Papers of an inspection without a volume of its own are pieces of this file.
        guard let source = try await office.casebook.source(of: try await office.casebook.load(thread).work) else {
            return
        }
        for document in FileCase.unprinted(in: source.work, law: law) where !source.work.isFiled {
            guard let author = people.all.first(where: { $0.person.thread == document.author }) else { continue }
            try await issue(document.id, in: source.work.thread, by: author)
        }
    }
}
