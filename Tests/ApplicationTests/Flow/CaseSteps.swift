import Application
import Casework
import Demo
import Kernel
import Ledger
import Synchronization

/// The steps of a case one by one, as short as the forms allow; the clock moves a minute before each.
extension CaseWorld {
    static let title = "清禾县星河纸品厂提供不真实统计资料案"
    var handlers: [ThreadTag] { [people.officer1.person.thread, people.officer2.person.thread] }

    func minute(_ count: Int64 = 1) { clock.set(to: clock.now().advanced(byMilliseconds: count * 60_000)) }

    /// An inspection with its result but without a visit.
    func inspection(finding: Finding.Outcome? = .suspected) async throws -> ThreadTag {
        let thread = ThreadTag.random()
        minute()
        _ = try await office.casebook.open(
            OpenInspection(
                title: "统计执法检查", source: .plan, handlers: handlers, newSubject: DemoFirm.paperMill.subject),
            as: thread, command: .random(), by: try await performer(people.officer1))
        if let finding {
            try await take(
                RecordFinding(outcome: finding, summary: "核对了报表。", recipient: "邻水县市场监督管理局（演示）"), in: thread,
                by: people.officer1)
        }
        return thread
    }

    func open(
        _ step: OpenPenalty, from inspection: ThreadTag, as thread: ThreadTag = .random(), by performer: Performer
    ) async throws -> ThreadTag {
        let seq = try await load(inspection).work.entries
        _ = try await office.casebook.open(
            step, as: thread, inspection: (inspection, seq), command: .random(), by: performer)
        return thread
    }

    /// A penalty case from an inspection.
    ///
    /// - Parameter startedAgo: an emergency start, this many milliseconds before the case is opened.
    func penalty(startedAgo: Int64? = nil, isMajor: Bool = false) async throws -> ThreadTag {
        // What a case is started from has begun before it.
        let inspection = try await inspection()
        minute()
        if let startedAgo { clock.set(to: clock.now().advanced(byMilliseconds: startedAgo)) }
        let emergency = startedAgo.map { ago in
            (startedAt: clock.now().advanced(byMilliseconds: -ago), reason: "证据可能灭失。")
        }
        return try await open(
            OpenPenalty(title: CaseWorld.title, handlers: handlers, isMajor: isMajor, emergency: emergency),
            from: inspection, by: try await performer(people.officer1))
    }

    /// The values of a form that can be fixed.
    func form(_ kind: String, changing members: [JSON.Member] = []) -> JSON {
        let now = JSON.string(clock.now().description)
        let party: [JSON.Member] = [
            .init("caseName", .string(CaseWorld.title)), .init("subjectName", .string(DemoFirm.paperMill.name)),
        ]
        let own: [JSON.Member] =
            switch kind {
            case DocumentKindName.initiationApproval:
                party + [
                    .init("source", "行政检查发现"), .init("partyBasicInfo", "清禾县星河纸品厂。"), .init("startReason", "涉嫌多报。"),
                    .init("officers", demo.officers), .init("isMajor", "no"), .init("isEmergency", "no"),
                    .init("handlerOpinion", "内部意见甲：建议启动。"),
                ]
            case DocumentKindName.rightsNotice:
                party + [
                    .init("facts", "多报 256 万元。"), .init("reasons", "提供不真实的统计资料。"), .init("legalBasis", "统计法的规定。"),
                    .init("content", ["给予警告", "处罚款人民币5,000元"]),
                    .init("rights", ["statement", "defence", "recusal"]), .init("defenceTerm", "收到之日起五个工作日内"),
                    .init("method", "written"), .init("notifiedAt", now),
                    .init("recipient", .string(DemoFirm.paperMill.representative)), .init("officers", demo.officers),
                ]
            case DocumentKindName.enforcementDecision:
                party + [
                    .init("facts", "数据一时误填，已经改正。"), .init("reasons", "情节轻微。"), .init("legalBasis", "统计法的规定。"),
                    .init("content", ["本案不予行政处罚"]), .init("remedies", "六十日内可以申请行政复议。"),
                ]
            case DocumentKindName.legalReview:
                party + [
                    .init("submittedBy", "检查科"), .init("submittedAt", now), .init("proposal", "给予警告。"),
                    .init("reviewer", .string(people.reviewer.person.name)), .init("opinion", "程序合法。"),
                    .init("suggestions", "无。"), .init("result", "passed"), .init("reviewedAt", now),
                ]
            case DocumentKindName.penaltyDecision:
                party + [
                    .init("facts", "多报 256 万元。"), .init("evidence", ["账簿"]), .init("defence", "已复核。"),
                    .init("reasons", "主动改正。"), .init("legalBasis", "统计法的规定。"), .init("content", ["给予警告"]),
                    .init("performance", "十五日内。"), .init("remedies", "六十日内申请复议。"),
                ]
            case DocumentKindName.serviceReceipt:
                [
                    .init("caseName", .string(CaseWorld.title)), .init("recipient", .string(DemoFirm.paperMill.name)),
                    .init("document", [["copies": "1", "name": "行政处罚决定书", "number": "1"]]), .init("method", "direct"),
                    .init("place", "清禾县演示工业园"), .init("servedAt", now),
                    .init("server", [.string(people.officer1.person.name)]),
                ]
            case DocumentKindName.caseTransfer:
                party + [
                    .init("recipient", "邻水县市场监督管理局（演示）"), .init("facts", "检查发现涉嫌无照经营。"),
                    .init("reason", "不属于统计机构管辖。"), .init("legalBasis", "行政处罚法第二十二条。"),
                    .init("materials", [["name": "现场检查笔录", "pages": "3页"]]),
                ]
            case "case-file-catalogue":
                [
                    .init("caseNumber", "甲"), .init("caseName", .string(CaseWorld.title)), .init("volume", "open"),
                    .init("items", [["piece": "1", "title": "权利告知书"]]), .init("pieces", 1), .init("pages", 1),
                ]
            default: []
            }
        let changed = Set(members.map(\.key))
        return .object(own.filter { !changed.contains($0.key) } + members)
    }

    func fix(
        _ kind: String, in thread: ThreadTag, changing members: [JSON.Member] = [], about: DocumentID? = nil,
        by member: DemoPeople.Member? = nil
    ) async throws -> DocumentID {
        minute()
        return try await demo.fix(
            kind, form(kind, changing: members), in: thread, about: about, by: member ?? people.officer1)
    }

    func signature(
        _ document: DocumentID, _ slot: String, signer: String = "", decision: SigningDecision? = nil,
        opinion: String? = nil, at: Instant? = nil, capacity: SignerCapacity? = nil, authority: String? = nil
    ) -> SignSlot {
        let isHead = signer == DemoFirm.paperMill.representative
        let stated: SignerCapacity? = signer.isEmpty ? nil : isHead ? .representative : .employee
        return
            SignSlot(
                document: document, slot: slot, manner: .screen, decision: decision, signedAt: at ?? clock.now(),
                signer: signer, capacity: capacity ?? stated, authority: authority, opinion: opinion,
                drawing: signer.isEmpty ? nil : "M0 0L10 10", isCompared: true)
    }

    /// The head opens the fixed decision and signs it.
    func signAsHead(_ decision: DocumentID, in thread: ThreadTag) async throws {
        try await demo.look(at: decision, in: thread, by: people.head)
        try await take(signature(decision, "agencyHead"), in: thread, by: people.head)
    }

    // MARK: stages

    /// The form for the start, signed by the handler alone.
    func handInStart(in thread: ThreadTag, changing members: [JSON.Member] = []) async throws -> DocumentID {
        let form = try await fix(DocumentKindName.initiationApproval, in: thread, changing: members)
        try await take(signature(form, "handler"), in: thread, by: people.officer1)
        return form
    }

    func approveStart(in thread: ThreadTag) async throws {
        let form = try await handInStart(in: thread)
        minute()
        try await take(
            signature(form, "handlingUnit", decision: .agree, opinion: "内部意见乙：同意。"), in: thread, by: people.unitHead)
        try await take(
            signature(form, "agencyHead", decision: .agree, opinion: "内部意见丙：同意。"), in: thread, by: people.head)
    }

    /// The notice, fixed and signed, not issued.
    func signedNotice(in thread: ThreadTag, changing members: [JSON.Member] = []) async throws -> DocumentID {
        let notice = try await fix(DocumentKindName.rightsNotice, in: thread, changing: members)
        try await take(
            signature(notice, "party", signer: DemoFirm.paperMill.representative), in: thread, by: people.officer1)
        try await take(signature(notice, "officer1"), in: thread, by: people.officer1)
        try await take(signature(notice, "officer2"), in: thread, by: people.officer2)
        return notice
    }

    func statement(
        facts: String = "填错了。", at: Instant? = nil, with paper: DocumentID? = nil
    ) -> RecordStatement {
        RecordStatement(
            manner: "written", speaker: "party", speakerName: DemoFirm.paperMill.representative, facts: facts,
            reasons: "不是故意。", evidence: nil, statedAt: at ?? clock.now(), document: paper)
    }

    /// The party's own paper, received and signed.
    func submission(
        in thread: ThreadTag, of kind: String = "defence", isReceived: Bool = true
    ) async throws -> DocumentID {
        let paper = try await fix(
            "written-party-submission", in: thread,
            changing: [
                .init("caseName", .string(CaseWorld.title)), .init("subjectName", .string(DemoFirm.paperMill.name)),
                .init("submissionKind", .string(kind)), .init("submitter", .string(DemoFirm.paperMill.representative)),
                .init("receivedAt", .string(clock.now().description)), .init("pages", 1),
                .init("receivedBy", .string(people.officer1.person.name)), .init("originalPlace", "附后"),
            ])
        try await take(
            signature(paper, "party", signer: DemoFirm.paperMill.representative), in: thread, by: people.officer1)
        if isReceived { try await take(signature(paper, "officer"), in: thread, by: people.officer1) }
        return paper
    }

    /// The party states in a paper of its own.
    func state(in thread: ThreadTag) async throws {
        let paper = try await submission(in: thread)
        try await take(statement(with: paper), in: thread, by: people.officer1)
    }

    func review(of statement: Int) -> ReviewStatement {
        ReviewStatement(statement: statement, accepted: "partly", review: "已复核。", reason: "部分采纳。")
    }

    func drafting(_ outcome: Drafting.Outcome = .penalty) -> DraftDecision {
        DraftDecision(
            unitReviewer: people.unitHead.person.thread, outcome: outcome, legalBasis: "统计法。", evidence: "账簿。",
            factors: "主动改正。",
            draft: outcome == .penalty ? "给予警告。" : outcome == .withdraw ? "撤销案件。" : "不予行政处罚。")
    }

    /// Notice, statement and review: all that comes before the draft.
    func hear(in thread: ThreadTag) async throws {
        let notice = try await signedNotice(in: thread)
        try await demo.issue(notice, in: thread, by: people.officer1)
        minute()
        try await state(in: thread)
        try await take(review(of: try await load(thread).work.entries), in: thread, by: people.officer1)
    }

    /// A penalty case whose party was heard and whose decision is drafted.
    func drafted() async throws -> ThreadTag {
        let thread = try await penalty()
        try await approveStart(in: thread)
        try await hear(in: thread)
        try await take(drafting(), in: thread, by: people.officer1)
        return thread
    }

    /// The same, reviewed by unit and legal reviewer and approved by the head: what comes before the decision's paper.
    func approved() async throws -> ThreadTag {
        let thread = try await drafted()
        try await reviewLegality(in: thread)
        try await take(ApproveDecision(isApproved: true, opinion: "同意"), in: thread, by: people.head)
        return thread
    }

    /// The word of the reviewer whom the draft names.
    func reviewDraft(in thread: ThreadTag, isPassed: Bool = true) async throws {
        try await take(ReviewDraft(isPassed: isPassed, opinion: "经核对。"), in: thread, by: people.unitHead)
    }

    /// The review of the unit, where it is still to come, and the legal review.
    func reviewLegality(in thread: ThreadTag) async throws {
        if try await load(thread).work.awaitsUnitReview { try await reviewDraft(in: thread) }
        let record = try await fix(DocumentKindName.legalReview, in: thread, by: people.reviewer)
        try await take(
            signature(record, "reviewer", decision: .passed, opinion: "通过。"), in: thread, by: people.reviewer)
    }

    /// The decision, fixed and signed by the head, not issued.
    func signedDecision(in thread: ThreadTag, changing members: [JSON.Member] = []) async throws -> DocumentID {
        let decision = try await fix(DocumentKindName.penaltyDecision, in: thread, changing: members)
        try await signAsHead(decision, in: thread)
        return decision
    }

    /// The decision, issued and with its receipt signed, not yet recorded as served.
    func issueDecision(in thread: ThreadTag) async throws -> (decision: DocumentID, receipt: DocumentID) {
        let decision = try await signedDecision(in: thread)
        try await demo.issue(decision, in: thread, by: people.officer1)
        return (decision, try await receipt(of: decision, in: thread))
    }

    /// The receipt of a paper's service, signed.
    func receipt(
        of document: DocumentID, in thread: ThreadTag, to recipient: String = DemoFirm.paperMill.name
    ) async throws -> DocumentID {
        let receipt = try await fix(
            DocumentKindName.serviceReceipt, in: thread, changing: [.init("recipient", .string(recipient))],
            about: document)
        receiptTimes.withLock { $0[receipt] = clock.now() }
        let isParty = recipient == DemoFirm.paperMill.name
        try await take(
            isParty
                ? signature(receipt, "recipient", signer: DemoFirm.paperMill.representative)
                : signature(receipt, "recipient", signer: "收发员甲", capacity: .receiver), in: thread, by: people.officer1)
        try await take(signature(receipt, "server1"), in: thread, by: people.officer1)
        return receipt
    }

    func service(
        of decision: DocumentID, with receipt: DocumentID, at: Instant? = nil,
        to recipient: String = DemoFirm.paperMill.name
    ) -> RecordService {
        RecordService(
            document: decision, receipt: receipt,
            servedAt: at ?? receiptTimes.withLock { $0[receipt] } ?? clock.now(), recipient: recipient,
            signatory: nil, relation: nil, place: "清禾县演示工业园")
    }

    func visit(officers: [ThreadTag]? = nil, at: Instant? = nil, place: String = "清禾县演示工业园") -> BeginActivity {
        BeginActivity(
            activity: .random(), kind: "siteInspection", officers: officers ?? handlers, startAt: at ?? clock.now(),
            place: place, persons: nil)
    }

    /// The sheets of the case file, without the filing itself.
    func sheets(in thread: ThreadTag) async throws {
        try await demo.issueSigned(in: thread)
        for kind in FileCase.sheets {
            minute()
            let view = try await load(thread)
            let sheets = CaseFileSheets(
                view: view, source: try await office.casebook.source(of: view.work),
                law: try await office.casebook.chambers.law(),
                archivist: try await performer(people.custodian).person,
                persons: try await office.casebook.registers.persons(), now: clock.now())
            guard let data = sheets.data(for: kind) else { continue }
            let sheet = try await demo.fix(kind, data, in: thread, by: people.custodian)
            if kind == "closing-sheet" {
                try await demo.sign(sheet, "archivist", in: thread, by: people.custodian)
                try await demo.sign(sheet, "checker", in: thread, by: people.unitHead)
                if data["defects"] != nil { try await demo.sign(sheet, "agencyHead", in: thread, by: people.head) }
            }
            try await demo.issue(sheet, in: thread, by: people.custodian)
        }
    }
}
