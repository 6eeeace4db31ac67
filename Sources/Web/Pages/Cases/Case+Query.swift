import Application
import Casework
import Hummingbird
import Kernel

extension WebServices {
    /// The page of one case, as this person sees it now.
    func casePage(_ request: Request, _ context: SignedInContext) async throws -> CasePage {
        let view = try await context.bureau.visibleCase(context)
        let law = try await context.bureau.casebook.chambers.law()
        let now = clock.now()
        let address = Address(context.bureau.tag)
        let names = try await context.bureau.names()
        let person = context.identity.person
        let work = view.work
        let evaluation = context.bureau.casebook.evaluation(of: view, by: law)
        let cards = obligations(evaluation, view: view, law: law, person: person, now: now, address: address)
        let late = cards.count { $0.tone == .late && !$0.isSettled }
        let open = cards.count { !$0.isSettled }
        let drafts = try await installation.drafts(of: work.thread)
        var course = Course(view: view, law: law, person: person, address: address, drafts: drafts)
        let ledTo = try await context.bureau.casebook.penaltyCase(from: work)
        course.isLed = ledTo != nil
        let timeline = Timeline(
            view: view, names: names, address: address, now: now, library: law.library,
            token: context.visit.formToken, sight: Sight(view, by: person, at: now),
            corrects: work.handlers.contains(person.thread))
        let days = timeline.days
        let logs = try await context.bureau.store.logs()
        let last = ([view.entries] + view.recordings.values).compactMap(\.last)
            .max { ($0.log, $0.index) < ($1.log, $1.index) }
        let log = logs.first { $0.number == last?.log }
        let foresight = Foresight(view: view, law: law, person: person, now: now)
        let links = steps(
            view, isLed: ledTo != nil, law: law, person: person, persons: try await context.bureau.registers.persons(),
            address: address,
            now: now, foresight: foresight)
        let search = Form(query: request.uri.query).text("steps")
        let groups = self.groups(view, law: law, person: person, address: address, foresight: foresight)
        return CasePage(
            address: address,
            kind: work.kind == .penalty ? "\(work.kind.chinese) · \(work.procedure.chinese)" : work.kind.chinese,
            title: work.title ?? "（案由已销毁）", meta: meta(of: work, names: names, now: now),
            source: try await sourceLink(view, address, context), stages: stages(of: work, law.library, now: now),
            next: course.next.map(CasePage.NextStep.init),
            notice: done(Form(query: request.uri.query)["done"], view: view, person: person, now: now),
            steps: links.steps, groups: Self.matching(search, groups),
            stepSearch: groups.isEmpty ? nil : .init(action: address.caseFile(work.thread), text: search),
            papers: links.papers,
            drafts: drafts.map { draft in
                CasePage.StepLink(
                    label: law.library.kind(draft.kind)?.title ?? draft.kind,
                    href: address.draft(draft.id, in: work.thread),
                    hint: "\(names[draft.author] ?? "") \(draft.savedAt.chinese) 保存")
            }, days: days, entryCount: days.reduce(0) { $0 + $1.events.count }, obligations: cards,
            summary: "\(open) 项待办\(late > 0 ? " · \(late) 项逾期" : "")",
            anchor: last.flatMap { last in
                log.map { log in
                    CasePage.Anchor(
                        position: last.index + 1, size: log.head.size, key: log.origin,
                        checkpointHref: log.number == logs.last?.number
                            ? address.ledgerBook : "\(address.ledger)/log/\(log.number)/checkpoint")
                }
            })
    }

    /// Obligations: what is late first, then by term, then what is settled.
    private func obligations(
        _ evaluation: Evaluation, view: CaseView, law: Law, person: PersonRow, now: Instant, address: Address
    ) -> [ObligationCard] {
        let actions = DutyAction(law: law, view: view, person: person, address: address)
        let things = DutySubject(view: view, law: law, now: now)
        let far = Instant(milliseconds: .max)
        // What an obligation says of itself is put together from its parts: asked once for each, not for each comparison.
        let higher = law.higherRules
        let ranked = evaluation.obligations.indices.compactMap { place -> RankedObligation? in
            let obligation = evaluation.obligations[place]
            let state = obligation.state
            guard state != .notApplicable else { return nil }
            let governing = obligation.governing
            return RankedObligation(
                place: place, state: state, due: governing?.due ?? obligation.reminder?.due,
                lateFrom: governing?.lateFrom,
                key: obligation.key.description)
        }
        return ranked.sorted { $0.order(or: far) < $1.order(or: far) }
            .map { ranked in
                let obligation = evaluation.obligations[ranked.place]
                var card = ObligationCard(
                    ObligationRow(
                        caseThread: view.work.thread, key: ranked.key, matter: obligation.key.matter,
                        state: ranked.state,
                        title: obligation.demand + (obligation.isStandingStill ? ObligationRow.standingStill : ""),
                        provisions: obligation.citations.map(\.provision), gate: obligation.gate.rawValue,
                        who: obligation.who?.rawValue ?? "", due: ranked.due, lateFrom: ranked.lateFrom),
                    at: now, address: address, library: law.library)
                card.detailHref = address.obligation(ranked.key, in: view.work.thread)
                card.about = things.name(of: obligation.key.subject)
                card.higherRule = higher.governing(obligation, in: view.history)
                    .map { "按上位规定：\($0.override.higherRule) \($0.override.article)" }.joined(separator: "；")
                if ranked.state == .open {
                    card.action = actions.action(for: obligation)
                    card.who = card.action == nil ? obligation.who?.chinese ?? "" : ""
                }
                return card
            }
    }

    /// An obligation with what it is sorted by.
    private struct RankedObligation {
        /// Its place in the evaluation.
        let place: Int
        let state: ObligationRow.State
        let due: Instant?
        let lateFrom: Instant?
        let key: String

        func order(or far: Instant) -> (Int, Instant, String) { (state == .open ? 0 : 1, lateFrom ?? far, key) }
    }

    /// The inspection that led to a penalty case, or the lead that a case was started from, for whoever may see it.
    private func sourceLink(
        _ view: CaseView, _ address: Address, _ context: SignedInContext
    ) async throws -> CasePage.StepLink? {
        guard let source = view.work.foundBy else { return try await leadLink(view, address, context) }
        guard let row = try await context.bureau.registers.caseFile(source.thread) else { return nil }
        return .init(
            label: "来源", href: address.caseFile(source.thread),
            hint: row.state == .open ? "\(row.title)（还没有终结）" : row.title)
    }

    private func leadLink(
        _ view: CaseView, _ address: Address, _ context: SignedInContext
    ) async throws -> CasePage.StepLink? {
        guard let thread = view.records.first?.thread("lead"),
            let row = try await context.bureau.registers.caseFile(thread),
            LeadView.viewRight(of: context.identity.person, handledBy: row.handlers) != nil
        else { return nil }
        var filter = DocumentFilter()
        filter.caseThread = thread
        let papers = try await context.bureau.registers.documents(filter).filter { $0.state != .void }.count
        return .init(
            label: "来自线索", href: address.lead(thread), hint: papers == 0 ? row.title : "\(row.title)（文书\(papers)份）")
    }

    /// Says what was done, where this person's own entry of just now bears it out: an address alone proves nothing.
    private func done(_ name: String?, view: CaseView, person: PersonRow, now: Instant) -> Notice? {
        guard let name else { return nil }
        let type = RecordedStep.named(name)?.type ?? Self.traces[name]
        guard view.hasJustActed(person.thread, at: now, { type == nil || $0.type == type }) else { return nil }
        let titles = [OpenSummary.name: "已按简易程序立案", "penalty": "已立案", "inspection": "行政检查已开始", "recording": "音像资料已入库"]
        guard let title = StepForm.named(name).map({ "已办理：\($0.title)" }) ?? titles[name]
        else { return nil }
        let written = "已写入本单位的记录链，见下面的全过程。"
        let onward = name == OpenPenalty.name ? ["作为来源的行政检查不会自己了结，请在它的页面办理终结，然后归档。"] : []
        return Notice(title: title, paragraphs: [written] + onward, tone: .done)
    }

    /// The entry that each step of its own form leaves in the case.
    private static let traces: [String: EntryType] = [
        BeginActivity.name: .activityBegan, EndActivity.name: .activityEnded, RecordFinding.name: .findingRecorded,
        RecordStatement.name: .statementRecorded, ReviewStatement.name: .statementReviewed,
        DraftDecision.name: .decisionDrafted, ApproveDecision.name: .decisionApproved,
        RecordService.name: .documentServed, RecordPerformance.name: .performanceRecorded, EndCase.name: .caseEnded,
        FileCase.name: .caseFiled, VoidDocument.name: .documentVoided, IssueDocument.name: .documentIssued,
        ImportRecording.name: .recordingLinked, ChangeHandlers.name: .caseHandlersChanged,
    ]

    /// Steps described as data that this person could take now, by part; what the law still asks for stands with each.
    private func groups(_ view: CaseView, law: Law, person: PersonRow, address: Address, foresight: Foresight)
        -> [CasePage.StepGroup]
    {
        let course = CaseCourse(work: view.work, records: view.records)
        let today = foresight.day
        let offered = RecordedStep.all.filter { step in
            step.isOffered(in: course, to: person)
                && step.power.map { law.refusal(lacking: $0, for: step.title, on: today) == nil } ?? true
        }
        func link(_ step: RecordedStep) -> CasePage.StepLink {
            .init(
                label: step.title, href: address.step(step.name, in: view.work.thread),
                blocked: foresight.refusals(of: .recorded(step.name))
                    .map { RefusalView.Reason($0, library: law.library, address: address) })
        }
        // What still may come is little, and no part of a procedure any more.
        if view.work.isOver {
            return offered.isEmpty
                ? [] : [.init(title: view.work.isFiled ? "归档以后" : "终结以后", links: offered.map(link))]
        }
        return CasePart.allCases.compactMap { part in
            let links = offered.filter { $0.part == part }.map(link)
            return links.isEmpty ? nil : .init(title: part.chinese, links: links)
        }
    }

    /// The groups with the steps whose name contains a text; a part whose heading contains it comes whole.
    static func matching(_ text: String, _ groups: [CasePage.StepGroup]) -> [CasePage.StepGroup] {
        guard !text.isEmpty else { return groups }
        return groups.compactMap { group in
            if group.title.contains(text) { return group }
            let links = group.links.filter { $0.label.contains(text) }
            return links.isEmpty ? nil : .init(title: group.title, links: links)
        }
    }

    private func steps(
        _ view: CaseView, isLed: Bool, law: Law, person: PersonRow, persons: [PersonRow], address: Address,
        now: Instant,
        foresight: Foresight
    ) -> (steps: [CasePage.StepLink], papers: CasePage.Papers) {
        let work = view.work
        let lifted = foresight.liftable(among: persons)
        func reasons(_ step: Foresight.Step) -> [RefusalView.Reason] {
            foresight.refusals(of: step).map { refusal in
                let gate = lifted.first { $0.refusals.contains(refusal) }.map { StepForm.gate($0) }
                return .init(
                    refusal, library: law.library, address: address,
                    overrideHref: gate.map { address.step(GiveOverride.name, in: work.thread, about: ("gate", $0)) })
            }
        }
        var links = StepForm.all.filter { form in
            guard form.isOpen(in: work, to: person) else { return false }
            if form.name == GiveOverride.name { return !lifted.isEmpty }
            return form.name != AcceptDefect.name
                || !AcceptDefect.open(in: work, history: view.history, law: law, at: now).isEmpty
        }.map { form in
            CasePage.StepLink(
                label: form.title, href: address.step(form.name, in: work.thread),
                hint: form.name == GiveOverride.name ? "现有\(lifted.count)处关口挡住了下一步" : "",
                blocked: form.foreseen(nil).map(reasons) ?? [])
        }
        if person.roles.contains(.agencyHead) || work.isFiled && person.roles.contains(.custodian) {
            links.append(.init(label: "导出案卷", href: address.dossier(of: work.thread), hint: "供法院、当事人离线核验"))
        }
        if work.ending != nil, !work.documents.isEmpty {
            links.append(
                .init(label: "合订案卷", href: address.volume(of: work.thread), hint: "按卷内目录印成正卷、副卷，每页印上卷内页号"))
        }
        if law.library.scoreSheet != nil {
            links.append(.init(label: "案卷评查", href: address.score(of: work.thread), hint: "按评分表看今天的得分和还差什么"))
        }
        if work.isFiled, Right.retaining.fits(person) {
            links.append(
                .init(label: "案卷保管", href: address.retention(of: work.thread), hint: "保管期限哪一天满，能否销毁"))
        }
        if Supervision.watches(person) {
            links.append(
                .init(label: "登记记录违规", href: address.newViolation(in: work.thread), hint: "记录没有制作、不按要求制作或者被泄露、毁损"))
        }
        links.append(
            .init(label: "登记查阅、复制申请", href: address.newRequest(about: work.thread), hint: "当事人、律师、法院等申请本案材料"))
        guard StepSpan.decided.refusal(in: work) == nil || !work.isFiled else { return (links, .init()) }
        if work.handlers.contains(person.thread), StepSpan.decided.refusal(in: work) == nil {
            links.append(.init(label: "上传音像资料", href: address.newRecording(in: work.thread)))
        }
        if work.documents.contains(where: { FileScan.obstacle(to: person, filing: $0, in: work) == nil }) {
            links.append(.init(label: "扫描归件", href: address.scans, hint: "在纸上签好、盖好章的文书"))
            if work.documents.contains(where: \.isOnPaper) {
                links.append(
                    .init(label: "纸质件清单", href: address.paperList(of: work.thread), hint: "哪些只有纸质件，原件放在哪里"))
            }
        }
        if work.kind == .inspection, work.finding?.outcome == .suspected, !isLed, !work.isFiled,
            work.handlers.contains(person.thread)
        {
            links.append(.init(label: "启动行政处罚程序", href: address.penalty(of: work.thread)))
        }
        let shelf = PaperShelf(view: view, law: law, person: person, now: now)
        func link(_ kind: DocumentKind) -> CasePage.StepLink {
            .init(
                label: kind.title, href: address.newDocument(kind.name, in: work.thread),
                blocked: kind.category == .caseFile ? [] : reasons(.fixing(kind: kind.name)))
        }
        let outside = shelf.outside.map {
            CasePage.StepLink(
                label: $0.title, href: address.outsidePaper($0.name, in: work.thread),
                blocked: reasons(.fixing(kind: $0.name)))
        }
        return (links, .init(now: shelf.now.map(link), others: shelf.others.map(link), outside: outside))
    }

    private func meta(
        of work: Case, names: [ThreadTag: String], now: Instant
    ) -> [(label: String, value: String, note: String)] {
        var meta: [(label: String, value: String, note: String)] = [
            ("当事人", work.subjectName ?? "（已销毁）", ""),
            ("承办", work.handlers.compactMap { names[$0] }.joined(separator: "、"), ""),
            (work.kind == .penalty ? "立案" : "开始", TermText.short(work.startedAt.day, at: now), ""),
        ]
        if let number = work.caseNumber { meta.append(("案号", number, "")) }
        if work.isMajor { meta.append(("", "重大执法行为", "")) }
        if work.isEmergency { meta.append(("", "紧急情况先行启动", "")) }
        if let ending = work.ending { meta.append(("终结", ending.ground.chinese, "")) }
        if let filed = work.filedAt { meta.append(("归档", TermText.short(filed.day, at: now), "")) }
        return meta
    }

    private func stages(of work: Case, _ library: RuleLibrary, now: Instant) -> [CasePage.StageMark] {
        let all: [Stage] =
            work.kind == .inspection ? [.investigation, .filing] : Stage.allCases
        let current = all.firstIndex(of: work.stage) ?? 0
        return all.enumerated().map { index, stage in
            let isNow = index == current && !work.isFiled
            if index < current || work.isFiled, !work.held(stage, library) {
                return CasePage.StageMark(label: stage.chinese, note: "没有进行", place: .unheld)
            }
            return CasePage.StageMark(
                label: stage.chinese,
                note: isNow
                    ? "第 \(now.day.days(since: work.startedAt.day) + 1) 日"
                    : index == 0 ? TermText.short(work.startedAt.day, at: now) : "",
                place: work.isFiled || index < current ? .past : isNow ? .now : .ahead)
        }
    }
}

extension Case {
    /// Whether anything of a stage was done: a case that was broken off goes to its filing past stages that never were.
    func held(_ stage: Stage, _ library: RuleLibrary) -> Bool {
        if documents.contains(where: { library.kind(of: $0)?.stage == stage }) { return true }
        let decisions = documents.filter(\.isCaseDecision)
        switch stage {
        case .initiation: return true
        case .investigation:
            return !activities.isEmpty || !recordings.isEmpty || !statements.isEmpty || finding != nil
                || drafting != nil
                || !decisions.isEmpty
        case .decision: return drafting != nil || !decisions.isEmpty
        case .execution:
            // The summary decision is handed over as it is made.
            return procedure == .summary && !decisions.isEmpty || performance != nil || !heldPerformances.isEmpty
                || (services + heldServices).contains { service in decisions.contains { $0.id == service.document } }
        case .filing: return ending != nil || isFiled
        }
    }
}

extension CasePage.NextStep {
    /// The box of a task.
    init(_ task: CourseTask) {
        self.init(
            title: task.waitsFor.isEmpty ? "下一步：\(task.title)" : "等待\(task.waitsFor)：\(task.title)",
            text: task.waitsFor.isEmpty ? task.text : "\(task.text)这一步由\(task.waitsFor)办理。", action: task.action)
    }
}
