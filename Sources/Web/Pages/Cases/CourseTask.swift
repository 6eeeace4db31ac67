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

    var work: Case { view.work }
    var thread: ThreadTag { work.thread }
    var isHandler: Bool { work.handlers.contains(person.thread) }

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
    var confirming: CourseTask? {
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
    var waiting: CourseTask? {
        let word = PendingWord.words(in: work, view.records).first {
            [.chainReview, .chainApproval, .returnedTime].contains($0.matter) && $0.isOpen(to: person)
        }
        return word.map { word in
            CourseTask(
                title: word.title, text: "\(word.since.chinese)起等您办理。",
                action: .init(label: word.label, href: word.href(address)))
        }
    }

    func handler(_ title: String, _ text: String, _ label: String, _ href: String) -> CourseTask {
        CourseTask(
            title: title, text: text, action: isHandler ? .init(label: label, href: href) : nil,
            waitsFor: isHandler ? "" : "承办人")
    }

    func role(_ role: Role, _ title: String, _ text: String, _ label: String, _ href: String) -> CourseTask {
        let mayAct = person.roles.contains(role) && !isHandler
        return CourseTask(
            title: title, text: text, action: mayAct ? .init(label: label, href: href) : nil,
            waitsFor: mayAct ? "" : role.chinese)
    }

    func step(_ name: String) -> String { address.step(name, in: thread) }

    var inspection: CourseTask? {
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
    var summary: CourseTask? {
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
        let own = handedOver ?? performing
        guard !course.isFiledWithAgency else { return own ?? end("处罚决定已经履行完毕，请办理终结。") }
        // The filing waits for its head; whoever handles the case goes on meanwhile, and waits when nothing else is left.
        if isHandler, var own, own.action != nil {
            own.text += "简易程序备案同时等\(Role.unitHead.chinese)登记。"
            return own
        }
        return role(
            .unitHead, "登记简易程序备案", "当场处罚决定报所属行政机关备案，由没有参加本案的负责人核对、登记。", "去登记", step("summary-filing"))
    }

    /// What is left to do until the party has a decision on the spot: one that signed for it there has it; one that did not is
    /// served. What is performed already need not be served any more.
    var handedOver: CourseTask? {
        guard work.performance?.status != "complete", work.heldPerformances.isEmpty, let decision = work.decision else {
            return nil
        }
        return serving(decision, "当场处罚决定书")
    }

    /// Whether a penalty case was opened from this inspection; told by the claim that only one case may hold.
    var isLed = false
    var isClosing = false

    init(view: CaseView, law: Law, person: PersonRow, address: Address, drafts: [Draft]) {
        self.view = view
        self.law = law
        self.person = person
        self.address = address
        self.drafts = drafts
    }

    var penalty: CourseTask? {
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

    var filing: CourseTask? {
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
    func document(_ kind: String, writer: Role, activity: ActivityID? = nil) -> CourseTask? {
        guard let document = work.document(ofKind: kind) else { return write(kind, writer: writer, activity: activity) }
        return task(of: document, writer: writer)
    }

    /// Papers that go out, are served, or make up the case file wait for their issue; internal forms and records can
    /// be issued at the end.
    func isIssuedAtOnce(_ name: String) -> Bool {
        guard let kind = law.library.kind(name) else { return false }
        return kind.inBureausName || kind.numbering != nil || [.caseFile, .service].contains(kind.category)
    }

    /// The first complete document that was not issued yet, before the act is ended and before the file is made up.
    var unissued: CourseTask? {
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

    func end(_ text: String) -> CourseTask {
        unissued ?? handler(work.kind == .inspection ? "终结本次检查" : "终结案件", text, "去终结", step(EndCase.name))
    }

    func title(_ kind: String) -> String { law.library.kind(kind)?.title ?? kind }

    func write(_ kind: String, writer: Role, activity: ActivityID?) -> CourseTask {
        let title = title(kind)
        let draft = drafts.first { $0.kind == kind }
        let href =
            draft.map { address.draft($0.id, in: thread) } ?? address.newDocument(kind, in: thread, activity: activity)
        let label = draft == nil ? "去填写" : "继续填写"
        let text = draft == nil ? "已知的内容会自动填好，核对无误后定稿。" : "草稿已保存，继续填写后核对定稿。"
        return writer == .officer
            ? handler("制作\(title)", text, label, href) : role(writer, "制作\(title)", text, label, href)
    }

    func task(of document: CaseDocument, writer: Role) -> CourseTask? {
        guard document.issue == nil else { return nil }
        let title = title(document.kind)
        let scene = DocumentScene(
            view: view, law: law, document: document, kind: law.library.kind(of: document) ?? .unknown, names: [:],
            sight: Sight())
        let open = Set(law.openSlots(of: document, in: work))
        let page = address.document(document.id, in: thread)
        guard !open.isEmpty else {
            // What others made is nobody's to issue.
            guard !document.isOutside, isIssuedAtOnce(document.kind) || isClosing else { return nil }
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
