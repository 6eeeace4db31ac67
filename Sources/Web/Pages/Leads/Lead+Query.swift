import Application
import Casework
import Hummingbird
import Kernel

extension WebServices {
    /// The page of one lead, as this person sees it now.
    func leadPage(_ request: Request, _ context: SignedInContext) async throws -> LeadPage {
        let view = try await context.bureau.visibleLead(context)
        let file = view.file
        let person = context.identity.person
        let law = try await context.bureau.casebook.chambers.law()
        let address = Address(context.bureau.tag)
        let names = try await context.bureau.names()
        let now = clock.now()
        let isLooking = view.isLooking(person.thread, at: now)
        let offered = LeadStep.all.filter { $0.isOffered(file, to: person) }
        var started: CaseRow?
        if let thread = file.startedCase { started = try await context.bureau.registers.caseFile(thread) }
        return LeadPage(
            address: address, kind: file.kind.chinese, title: file.title, standing: file.standing.chinese,
            meta: meta(of: file, names: names, now: now),
            started: started.map { .init(label: "已启动程序", href: address.file($0), hint: $0.title) },
            startHref: mayStart(file, person) ? address.inspection(from: file.thread) : nil,
            notice: Form(query: request.uri.query)["done"].flatMap(LeadStep.named).map {
                Notice(title: "已办理：\($0.body.title)", paragraphs: ["已写入本单位的记录链，见下面的全过程。"], tone: .done)
            },
            look: hidesReporter(view) && !isLooking
                ? FormFrame(
                    action: address.leadLook(file.thread), token: context.visit.formToken, command: .random(), seq: nil)
                : nil,
            isLooking: isLooking,
            steps: offered.map {
                .init(label: $0.body.title, href: address.leadStep($0.name, in: file.thread))
            } + paperLinks(of: view, person: person, law: law, address: address),
            papers: file.documents.map { LeadPage.Paper($0, in: file, law: law, address: address) },
            days: days(
                of: view, law: law, names: names, address: address, sight: Sight(view, by: person.thread, at: now),
                now: now),
            entryCount: file.entries,
            obligations: cards(of: view, law: law, offered: offered, address: address, now: now))
    }

    /// The papers that the lead's records ask for, for whoever may make them.
    private func paperLinks(
        of view: LeadView, person: PersonRow, law: Law, address: Address
    ) -> [CasePage.StepLink] {
        guard LeadPapers.refusal(to: person, in: view) == nil else { return [] }
        return LeadPapers.kinds(of: view, law: law).map {
            .init(label: "制作\($0.title)", href: address.newLeadPaper($0.name, in: view.file.thread))
        }
    }

    /// An officer starts a case from what is to be pursued, or from an application that was accepted.
    private func mayStart(_ file: LeadFile, _ person: PersonRow) -> Bool {
        !file.isClosed && file.startedCase == nil && person.roles.contains(.officer)
            && (file.review == "pursue" || file.kind == .application && file.types.contains(.applicationDecided))
    }

    private func hidesReporter(_ view: LeadView) -> Bool {
        view.records.contains { record in
            record.fieldNames.contains { record.type.fieldClasses[$0] == .reporter }
        }
    }

    private func meta(
        of file: LeadFile, names: [ThreadTag: String], now: Instant
    ) -> [(label: String, value: String, note: String)] {
        var meta: [(label: String, value: String, note: String)] = [
            ("来件", file.receivedAt.chinese, ""),
            ("经办", file.handlers.compactMap { names[$0] }.joined(separator: "、"), ""),
        ]
        if file.kind == .complaint { meta.append(("", file.isRealName ? "实名" : "匿名", "")) }
        if let applicant = file.applicant { meta.append(("申请人", applicant, "")) }
        return meta
    }

    private func days(
        of view: LeadView, law: Law, names: [ThreadTag: String], address: Address, sight: Sight, now: Instant
    ) -> [CasePage.Day] {
        var groups: [(day: CivilDay, events: [CasePage.Event])] = []
        for (record, entry) in zip(view.records, view.entries).reversed() where record.type != .accessClosed {
            var text = EventText(
                record: record, work: nil, names: names, address: address, library: law.library, sight: sight)
            text.papers = view.file.documents
            guard var event = record.type == .accessOpened ? look(record, view, law) : text.event else { continue }
            event.position = entry.index + 1
            event.time = record.recordedAt.clock
            event.anchor = Address.anchor(of: record.id)
            event.who = record.actor.flatMap { names[$0] } ?? (record.actor == nil ? "系统" : "")
            if let stated = record.statedAt, record.recordedAt.milliseconds(since: stated) > Timeline.lateMark {
                event.late = "补录：事后 \(TermText.span(record.recordedAt.milliseconds(since: stated))) 录入"
            }
            if groups.last?.day == record.recordedAt.day {
                groups[groups.count - 1].events.append(event)
            } else {
                groups.append((record.recordedAt.day, [event]))
            }
        }
        return groups.map { CasePage.Day(label: TermText.day($0.day, at: now), events: $0.events) }
    }

    private func look(_ record: Record, _ view: LeadView, _ law: Law) -> CasePage.Event {
        guard let document = record.word("document").flatMap({ DocumentID($0) }) else {
            return CasePage.Event(time: "", title: "查看投诉举报的内容")
        }
        let kind = view.file.document(document).flatMap { law.library.kind(of: $0) }
        return CasePage.Event(time: "", title: "查看\(kind?.title ?? "文书")")
    }

    private func cards(
        of view: LeadView, law: Law, offered: [LeadStep], address: Address, now: Instant
    ) -> [ObligationCard] {
        ObligationCard.cards(
            of: law.evaluate(view.records), in: view.file.thread, law: law, address: address, now: now
        ) { wanted in
            offered.first { wanted.contains($0.body.type) }.map {
                .init(label: $0.body.title, href: address.leadStep($0.name, in: view.file.thread))
            }
        }
    }
}
