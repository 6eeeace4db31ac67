import Application
import Casework
import Kernel

/// What comes next in a case, in the order of the procedure: the one step that is shown on the case page.
///
/// This only leads: what may be done is judged by steps and regulations. Documents are tasks of three parts (write,
/// sign, issue), and whose turn it is follows from the open signature places.
struct CourseTask: Sendable {
    var title: String
    var text: String
    var action: ObligationCard.Action?
    /// Whose turn it is, when it is somebody else's.
    var waitsFor = ""
}

/// Finds the next task.
struct Course {
    let view: CaseView
    let law: Law
    let person: PersonRow
    let address: Address
    let drafts: [Draft]

    private var work: Case { view.work }
    private var thread: ThreadTag { work.thread }
    private var isHandler: Bool { work.handlers.contains(person.thread) }

    var next: CourseTask? {
        if StepForm.correctionDecision.isOffered(work, person) {
            return CourseTask(
                title: "决定更正申请", text: "承办人申请更正已登记的内容，须由负责人决定。",
                action: .init(label: "去决定", href: step(DecideCorrection.name)))
        }
        if work.isOver { return afterwards ?? (work.isFiled ? nil : filing) }
        if let task = confirming ?? waiting { return task }
        if work.kind == .inspection { return inspection }
        return work.procedure == .summary ? summary : penalty
    }

    /// What this person could confirm of what another recorded.
    private var confirming: CourseTask? {
        let course = CaseCourse(work: work, records: view.records)
        let steps = RecordedStep.confirmations.filter { $0.isOffered(in: course, to: person) }
        let mine = steps.first { step in
            work.awaited.contains { Confirmations.roles[$0.type] == step.inputs.first?.name && $0.by != person.thread }
                && (!isHandler || work.awaited.contains { $0.proof != nil && $0.by != person.thread })
        }
        return mine.map { mine in
            CourseTask(
                title: mine.title, text: "由登记人以外的人核对以后才算数。", action: .init(label: "去核对", href: step(mine.name)))
        }
    }

    /// What else waits for this person's word: the internal chain, and a time that was turned down.
    private var waiting: CourseTask? {
        let word = PendingWord.words(in: work, view.records).first {
            [.chainReview, .chainApproval, .returnedTime].contains($0.matter) && $0.isOpen(to: person)
        }
        return word.map { word in
            CourseTask(
                title: word.title, text: "\(word.since.chinese)起等您办理。",
                action: .init(label: word.label, href: word.href(address)))
        }
    }

    private func handler(_ title: String, _ text: String, _ label: String, _ href: String) -> CourseTask {
        CourseTask(
            title: title, text: text, action: isHandler ? .init(label: label, href: href) : nil,
            waitsFor: isHandler ? "" : "承办人")
    }

    private func role(_ role: Role, _ title: String, _ text: String, _ label: String, _ href: String) -> CourseTask {
        let mayAct = person.roles.contains(role) && !isHandler
        return CourseTask(
            title: title, text: text, action: mayAct ? .init(label: label, href: href) : nil,
            waitsFor: mayAct ? "" : role.chinese)
    }

    private func step(_ name: String) -> String { address.step(name, in: thread) }

    private var inspection: CourseTask? {
        guard let activity = work.activities.last(where: { $0.kind == "siteInspection" }) else {
            return handler("登记现场检查开始", "到达现场后先登记开始时间、地点和执法人员。", "去登记", step(BeginActivity.name))
        }
        if activity.endAt == nil, work.document(ofKind: DocumentKindName.siteInspection) == nil, work.recordings.isEmpty
        {
            return handler(
                "登记现场检查结束", "检查结束后登记结束时间，再制作笔录。", "去登记",
                address.step(EndActivity.name, in: thread, about: ("activity", activity.id.description)))
        }
        if let task = document(DocumentKindName.siteInspection, writer: .officer, activity: activity.id) { return task }
        if activity.endAt == nil {
            return handler(
                "登记现场检查结束", "笔录已经完成，请登记检查结束的时间。", "去登记",
                address.step(EndActivity.name, in: thread, about: ("activity", activity.id.description)))
        }
        if work.recordings.isEmpty, !activity.isExempted {
            return handler(
                "上传现场检查的音像资料", "把执法记录仪的录像传到系统里，归入这次检查。", "去上传", address.newRecording(in: thread, activity: activity.id))
        }
        guard let finding = work.finding else {
            return handler("登记检查结果", "涉嫌违法的，登记后启动行政处罚程序。", "去登记", step(RecordFinding.name))
        }
        if finding.outcome == .suspected, !isLed {
            return handler("启动行政处罚程序", "检查发现涉嫌违法，从本次检查转立行政处罚案件。", "去启动", address.penalty(of: thread))
        }
        if finding.outcome == .handedOn, let task = transfer { return task }
        return end(isLed ? "已经立为行政处罚案件，本次检查请以“已转入行政处罚程序”终结，然后归档。" : "检查结果已经登记，请办理终结。")
    }

    /// The summary procedure: act, seven items, decision on the spot, filing with the agency, performance.
    private var summary: CourseTask? {
        let course = CaseCourse(work: work, records: view.records)
        if work.activities.isEmpty {
            return handler(
                "登记当场执法开始", "先登记时间、地点和执法人员。", "去登记",
                address.step(BeginActivity.name, in: thread, about: ("kind", "summaryAct")))
        }
        if !course.has(.summaryRecorded), !course.hasDocument("summary-procedure-record") {
            return handler("记录简易程序", "七项内容一次填齐，当事人的陈述申辩如实记录。", "去填写", step("summary"))
        }
        guard work.decision != nil else {
            if law.library.kinds[DocumentKindName.summaryDecision]?.templateDigest != nil {
                return document(DocumentKindName.summaryDecision, writer: .officer)
            }
            return end("当场处罚决定书在纸上制作的，扫描入卷。")
        }
        if !course.has(.summaryFiled), !course.hasDocument("summary-decision-filing") {
            return role(
                .unitHead, "登记简易程序备案", "当场处罚决定报所属行政机关备案，由没有参加本案的负责人核对、登记。", "去登记", step("summary-filing"))
        }
        return performing ?? end("处罚决定已经履行完毕，请办理终结。")
    }

    /// Whether a penalty case was opened from this inspection; told by the claim that only one case may hold.
    var isLed = false
    private var isClosing = false

    init(view: CaseView, law: Law, person: PersonRow, address: Address, drafts: [Draft]) {
        self.view = view
        self.law = law
        self.person = person
        self.address = address
        self.drafts = drafts
    }

    private var penalty: CourseTask? {
        // The stages say so too: once a decision stands, what comes next is its service and performance.
        if work.decision != nil { return execution }
        if let task = document(DocumentKindName.initiationApproval, writer: .officer) { return task }
        // Whoever is not to be punished need not be told of a punishment.
        if work.drafting.map({ $0.outcome == .penalty }) ?? true, let task = hearingOfTheParty { return task }
        guard let drafting = work.drafting, work.approval?.isApproved != false else {
            return handler(
                work.drafting == nil ? "草拟处理意见" : "重新草拟处理意见",
                work.drafting == nil ? "调查完成后草拟处理意见，送承办机构审查、法制审查和负责人审批。" : "负责人没有同意，请修改后重新草拟。", "去草拟",
                step(DraftDecision.name))
        }
        return review(of: drafting)
    }

    /// What is left to do until the party was told and heard.
    private var hearingOfTheParty: CourseTask? {
        if let task = document(DocumentKindName.rightsNotice, writer: .officer) { return task }
        if let task = hearing { return task }
        if let task = untold { return task }
        if !CaseCourse(work: work, records: view.records).isHeard {
            return handler("登记陈述申辩", "当事人陈述、申辩或者放弃的，都要记录。", "去登记", step(RecordStatement.name))
        }
        if work.statements.contains(where: { !$0.isReviewed }) {
            return handler("复核陈述申辩", "对当事人提出的事实、理由和证据进行复核。", "去复核", step(ReviewStatement.name))
        }
        return nil
    }

    /// A notice that the party refused to sign, without a witness or a recording, told it nothing.
    private var untold: CourseTask? {
        let course = CaseCourse(work: work, records: view.records)
        guard course.isRefusalUnseen, let notice = work.document(ofKind: DocumentKindName.rightsNotice) else {
            return nil
        }
        return handler(
            "补足告知的证明", "《权利告知书》登记为拒绝签名，没有见证人，也没有当时的音像记录，不能算作已经告知。请补传那次活动的音像记录，或者依法送达，或者作废后重新告知。",
            "看权利告知书", address.document(notice.id, in: thread))
    }

    /// What is left to do until a hearing that the party asked for was held (行政处罚法第六十三条、第六十四条).
    private var hearing: CourseTask? {
        let course = CaseCourse(work: work, records: view.records)
        guard course.has(.hearingRequested), !course.has(.hearingHeld) else { return nil }
        let notice = work.document(ofKind: "hearing-notice")
        guard let notice else {
            return write("hearing-notice", writer: .officer, activity: nil)
        }
        if let task = task(of: notice, writer: .officer) ?? serving(notice, "听证通知书") { return task }
        guard course.hadActivity("hearing") else {
            return handler(
                "举行听证", "听证通知书已经送达。到通知的时间举行听证，开始时登记听证活动。", "去登记",
                address.step(BeginActivity.name, in: thread, about: ("kind", "hearing")))
        }
        if let task = document("hearing-transcript", writer: .officer) { return task }
        return handler("登记举行听证", "听证笔录已经制作，请登记主持人、参加人和听证情况。", "去登记", step("hearing"))
    }

    /// The way of a draft through the unit's review, the legal review and the head's approval, and what follows from it.
    private func review(of drafting: Drafting) -> CourseTask? {
        if work.approval == nil, work.unitReview?.isPassed == false {
            return handler("重新草拟处理意见", "承办机构审查人退回了草拟，请按其意见修改后重新草拟。", "去草拟", step(DraftDecision.name))
        }
        if work.awaitsUnitReview {
            let isMine = drafting.unitReviewer == person.thread
            return CourseTask(
                title: "审查草拟的处理意见", text: "由草拟时写明的承办机构审查人本人审查，通过以后送法制审查。",
                action: isMine ? .init(label: "去审查", href: step(ReviewDraft.name)) : nil,
                waitsFor: isMine ? "" : "承办机构审查人")
        }
        if !work.isReviewPassed, work.approval == nil {
            if let word = work.legalWords.last, word.document == nil {
                return handler("重新草拟处理意见", "法制审核没有通过，请按审核意见修改后重新草拟。", "去草拟", step(DraftDecision.name))
            }
            let review = work.document(ofKind: DocumentKindName.legalReview)
            if let review, review.fixedSeq > drafting.seq {
                if review.slots["reviewer"]?.decision == "returned" {
                    return handler("重新草拟处理意见", "法制审查退回，请按审查意见修改后重新草拟。", "去草拟", step(DraftDecision.name))
                }
                if let task = document(DocumentKindName.legalReview, writer: .legalReviewer) { return task }
            }
            return write(DocumentKindName.legalReview, writer: .legalReviewer, activity: nil)
        }
        if work.approval == nil {
            return role(.agencyHead, "审批处理意见", "审查已经通过，请负责人审批。", "去审批", step(ApproveDecision.name))
        }
        if drafting.outcome == .penalty { return execution }
        if drafting.outcome != .transfer { return closing(drafting.outcome) }
        return transfer ?? end("负责人已批准“\(drafting.outcome.chinese)”，移送函已经送达接收机关，请办理终结。")
    }

    /// What is left to do until who takes over has the letter.
    private var transfer: CourseTask? {
        guard let letter = work.document(ofKind: DocumentKindName.caseTransfer) else {
            return write(DocumentKindName.caseTransfer, writer: .officer, activity: nil)
        }
        return task(of: letter, writer: .officer) ?? serving(letter, "案件移送函")
    }

    /// No penalty, or a case withdrawn: decided in a paper of its own, issued and served before the end.
    private func closing(_ outcome: Drafting.Outcome) -> CourseTask? {
        let decision = work.documents.last {
            !$0.isVoid && CaseDocument.decidedOutcome(kind: $0.kind, data: $0.data ?? .object([])) == outcome
        }
        guard let decision else { return write(DocumentKindName.enforcementDecision, writer: .officer, activity: nil) }
        return task(of: decision, writer: .officer) ?? serving(decision, "决定书")
            ?? end("“\(outcome.chinese)”的决定已经送达，请办理终结。")
    }

    private var execution: CourseTask? {
        guard let decision = work.decision else {
            // A penalty may stand on the general form.
            let general = work.documents.last { document in
                document.kind == DocumentKindName.enforcementDecision && document.issue == nil && !document.isVoid
                    && CaseDocument.decidedOutcome(kind: document.kind, data: document.data ?? .object([])) == .penalty
            }
            return general.flatMap { task(of: $0, writer: .officer) }
                ?? document(DocumentKindName.penaltyDecision, writer: .officer)
        }
        if work.isUndone { return undone }
        if let task = serving(decision, "处罚决定书") { return task }
        if let task = changed { return task }
        return performing ?? end("处罚决定已经履行完毕，请办理终结。")
    }

    /// A decision that was undone is not performed: the party is told by a paper, and the head ends the case.
    private var undone: CourseTask? {
        if let task = telling(["revoked", "void", "remade"], "撤销决定的决定书") { return task }
        return role(.agencyHead, "终结案件", "撤销处罚决定的决定书已经送达，由行政机关负责人终结本案。", "去终结", step(EndCase.name))
    }

    /// What the party is still to be told of a change of its decision; nil when it was, or nothing was changed.
    private var changed: CourseTask? { telling(["changed"], "变更后的决定书") }

    /// The paper that tells the party of the last change of these kinds, until it is served; nil when it is, or where there was
    /// none.
    private func telling(_ changes: Set<String>, _ name: String) -> CourseTask? {
        let change = view.records.last {
            ($0.type == .decisionChanged || $0.type == .remedyConcluded)
                && ($0.word("change") ?? $0.word("result")).map(changes.contains) == true
        }
        guard let change else { return nil }
        let paper = work.documents.last {
            $0.kind == DocumentKindName.enforcementDecision && !$0.isVoid && !$0.isSuperseded
                && $0.fixedSeq > change.seq
        }
        guard let paper else {
            guard change.type == .decisionChanged else {
                return role(
                    .agencyHead, "登记决定变更撤销", "复议、诉讼的结果改变了处罚决定，请登记决定怎样变更、撤销。", "去登记", step("decision-change"))
            }
            return write(DocumentKindName.enforcementDecision, writer: .officer, activity: nil)
        }
        return task(of: paper, writer: .officer) ?? serving(paper, name)
    }

    /// What is left to do until a decision is performed; nil when it is.
    private var performing: CourseTask? {
        if !work.heldPerformances.isEmpty {
            return CourseTask(
                title: "核对履行凭证", text: "履行已经登记，由登记人以外的人打开凭证核对以后才算数。", action: nil, waitsFor: "另一名承办人或者负责人")
        }
        guard work.performance?.status != "complete" else { return nil }
        return handler(
            "登记履行情况", "当事人缴纳罚款、改正违法行为的，上传凭证，登记履行情况，由另一人核对。", "去登记", step(RecordPerformance.name))
    }

    /// What is left to do until a decision is served; nil when it is.
    private func serving(_ decision: CaseDocument, _ name: String) -> CourseTask? {
        if work.heldServices.contains(where: { $0.document == decision.id }) {
            return CourseTask(
                title: "核对\(name)的送达", text: "送达已经登记，由登记人以外的人打开凭证核对以后才算数。", action: nil,
                waitsFor: "另一名承办人或者负责人")
        }
        if !work.services.contains(where: { $0.document == decision.id && !$0.isReturned }) {
            let receipt = work.documents.last {
                $0.kind == DocumentKindName.serviceReceipt && !$0.isVoid && $0.about == decision.id
            }
            if work.services.contains(where: { $0.document == decision.id && $0.isReturned }) {
                return handler(
                    "改用其他方式送达", "邮寄送达被退回。可以直接送达、留置送达或者委托送达；都无法送达的，才能公告送达。", "选择送达方式",
                    "\(address.caseFile(thread))?steps=\(Percent.encode(CasePart.service.chinese))#more-steps")
            }
            if let receipt {
                if let task = task(of: receipt, writer: .officer) { return task }
                return registering(receipt)
            }
            return handler(
                "送达\(name)", "先制作送达回证，带去由受送达人签收。", "制作送达回证",
                address.newDocument(DocumentKindName.serviceReceipt, in: thread, about: decision.id))
        }
        return nil
    }

    /// The way that the receipt names is where the service is registered. What has to be shown on the spot is shown by a
    /// session, so that its recording counts (zhaoxian-2017:24, 26).
    private func registering(_ receipt: CaseDocument) -> CourseTask {
        let way = ServiceMethod(of: receipt)
        if ["lien", "public"].contains(way.word), !work.activities.contains(where: { $0.kind == "service" }) {
            return handler(
                "登记送达活动", "这种送达要有过程和现场的音像记录。先登记送达活动，上传照片、录像时归入这一次活动，再登记送达。", "去登记",
                address.step(BeginActivity.name, in: thread, about: ("kind", "service")))
        }
        return handler(
            way.title, "送达回证已经签好，请登记送达。", "去登记",
            address.step(way.step, in: thread, about: ("receipt", receipt.id.description)))
    }

    /// What a remedy leads to after the end: papers that were drawn up since are signed, issued and served, and a result that
    /// undoes or changes the decision is followed by what became of it.
    private var afterwards: CourseTask? {
        guard work.isContested else { return nil }
        if let task = confirming { return task }
        for document in work.documents
        where work.isAfterEnd(document.fixedSeq) && !document.isVoid
            && DocumentKindName.afterwards.contains(document.kind)
        {
            if let task = task(of: document, writer: .officer) { return task }
            if OtherDecision.isOne(document), document.isInForce, let task = serving(document, "决定书") { return task }
        }
        let changing: Set<String> = ["changed", "revoked", "unlawful"]
        let ordered = view.records.last {
            $0.type == .remedyConcluded && $0.word("result").map(changing.contains) == true
        }
        guard let ordered, !view.records.contains(where: { $0.type == .decisionChanged && $0.seq > ordered.seq }) else {
            return nil
        }
        return role(
            .agencyHead, "登记决定变更撤销", "复议、诉讼的结果改变了处罚决定，请登记决定怎样变更、撤销。", "去登记", step("decision-change"))
    }

    private var filing: CourseTask? {
        if !AcceptDefect.open(in: work, history: view.history, law: law, at: work.lastAt).isEmpty {
            return role(
                .agencyHead, "批准带缺陷归档", "归档之前应当具备的内容有缺少，终结之后不能再补办，须由负责人逐项批准。", "去办理",
                step(AcceptDefect.name))
        }
        if FileCase.unprinted(in: work, law: law).first != nil, let task = unissued { return task }
        for name in FileCase.sheets {
            if let task = document(name, writer: .custodian) { return task }
        }
        return role(.custodian, "归档", "案卷封面、目录和备考表已经制发，可以检查归档。", "去归档", step(FileCase.name))
    }

    /// What is left to do with the newest document of a kind; nil when it is issued.
    private func document(_ kind: String, writer: Role, activity: ActivityID? = nil) -> CourseTask? {
        guard let document = work.document(ofKind: kind) else { return write(kind, writer: writer, activity: activity) }
        return task(of: document, writer: writer)
    }

    /// Papers that go out, are served, or make up the case file wait for their issue; internal forms and records can
    /// be issued at the end.
    private func isIssuedAtOnce(_ name: String) -> Bool {
        guard let kind = law.library.kind(name) else { return false }
        return kind.inBureausName || kind.numbering != nil || [.caseFile, .service].contains(kind.category)
    }

    /// The first complete document that was not issued yet, before the act is ended and before the file is made up.
    private var unissued: CourseTask? {
        for document in work.documents
        where document.issue == nil && !document.isVoid && !document.isSuperseded
            && !FileCase.sheets.contains(document.kind)
        {
            var closing = self
            closing.isClosing = true
            let isReview = law.library.kind(of: document)?.category == .review
            if let task = closing.task(of: document, writer: isReview ? .legalReviewer : .officer) { return task }
        }
        return nil
    }

    private func end(_ text: String) -> CourseTask {
        unissued ?? handler(work.kind == .inspection ? "终结本次检查" : "终结案件", text, "去终结", step(EndCase.name))
    }

    private func title(_ kind: String) -> String { law.library.kind(kind)?.title ?? kind }

    private func write(_ kind: String, writer: Role, activity: ActivityID?) -> CourseTask {
        let title = title(kind)
        let draft = drafts.first { $0.kind == kind }
        let href =
            draft.map { address.draft($0.id, in: thread) } ?? address.newDocument(kind, in: thread, activity: activity)
        let label = draft == nil ? "去填写" : "继续填写"
        let text = draft == nil ? "已知的内容会自动填好，核对无误后定稿。" : "草稿已保存，继续填写后核对定稿。"
        return writer == .officer
            ? handler("制作\(title)", text, label, href) : role(writer, "制作\(title)", text, label, href)
    }

    private func task(of document: CaseDocument, writer: Role) -> CourseTask? {
        guard document.issue == nil else { return nil }
        let title = title(document.kind)
        let scene = DocumentScene(
            view: view, law: law, document: document, kind: law.library.kind(of: document) ?? .unknown, names: [:],
            sight: Sight())
        let open = Set(law.openSlots(of: document, in: work))
        let page = address.document(document.id, in: thread)
        guard !open.isEmpty else {
            guard isIssuedAtOnce(document.kind) || isClosing else { return nil }
            let href = address.step(IssueDocument.name, in: thread, about: ("document", document.id.description))
            return writer == .officer
                ? handler("制发\(title)", "签名已经齐备，制发后生成正式文书。", "去制发", href)
                : role(writer, "制发\(title)", "签名已经齐备，制发后生成正式文书。", "去制发", href)
        }
        let places = scene.places.filter { open.contains($0.name) }
        if let mine = places.first(where: { scene.mayMeet($0, person) }) {
            return CourseTask(
                title: "\(title)：办理“\(mine.slot.label)”签名", text: "还有\(places.count)个签名栏没有办理。",
                action: .init(
                    label: places.count > 1 ? "去办理" : "去签名",
                    href: places.count > 1 ? page : address.slot(mine.name, of: document.id, in: thread)))
        }
        var seen: [String] = []
        for place in places where !seen.contains(place.slot.who.chinese) { seen.append(place.slot.who.chinese) }
        return CourseTask(
            title: "\(title)：等待签名", text: "还有\(places.count)个签名栏没有办理。", action: nil,
            waitsFor: seen.joined(separator: "、"))
    }
}

extension DocumentKind {
    /// Stands in for a kind whose file is gone: nothing is asked and nobody signs.
    static let unknown = DocumentKind(
        name: "", title: "", row: 0, stage: .investigation, category: .evidence, fields: [])
}
