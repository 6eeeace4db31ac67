import Application
import Casework
import Hummingbird
import Kernel

extension WebServices {
    /// The page of one request, as this person sees it now.
    func requestPage(_ request: Request, _ context: SignedInContext) async throws -> RequestPage {
        let view = try await context.bureau.visibleRequest(context)
        let file = view.file
        let person = context.identity.person
        let law = try await context.bureau.casebook.chambers.law()
        let address = Address(context.bureau.tag)
        let names = try await context.bureau.names()
        let now = clock.now()
        let offered = RequestStep.all.filter { $0.isOffered(file, to: person, at: now) }
        let done = Form(query: request.uri.query)["done"].flatMap { name in
            name == RequestStep.make.name ? RequestStep.make : RequestStep.named(name)
        }
        return RequestPage(
            address: address, title: file.title,
            standing: Tag(
                text: file.standing.chinese,
                tone: file.standing == .closed ? .done : file.standing == .refused ? .quiet : .wait),
            meta: meta(of: file, names: names),
            caseLink: .init(
                label: "案件", href: address.caseFile(view.source.work.thread),
                hint: view.source.work.title ?? "（案由已销毁）"),
            notice: done.map {
                Notice(title: "已办理：\($0.body.title)", paragraphs: ["已写入本单位的记录链，见下面的全过程。"], tone: .done)
            },
            next: next(of: view, offered: offered, law: law, address: address, now: now),
            items: items(of: view, law: law),
            release: release(of: view, person: person, address: address, token: context.visit.formToken, now: now),
            steps: offered.map { .init(label: $0.body.title, href: address.requestStep($0.name, in: file.thread)) },
            days: days(of: view, law: law, names: names, address: address, now: now), entryCount: file.entries,
            obligations: cards(of: view, law: law, offered: offered, address: address, now: now))
    }

    private func meta(of file: RequestFile, names: [ThreadTag: String]) -> [(label: String, value: String)] {
        let type = EntryType.requestMade
        return [
            ("申请人", file.applicant ?? "（已销毁）"), ("身份", type.chinese(file.capacity, of: "capacity")),
            ("申请", type.chinese(file.kind, of: "kind")), ("申请时间", file.madeAt.chinese),
            ("登记", file.registrar.flatMap { names[$0] } ?? ""),
        ]
    }

    /// What comes next, and who does it: the step itself for whoever may take it.
    private func next(
        of view: RequestView, offered: [RequestStep], law: Law, address: Address, now: Instant
    ) -> CasePage.NextStep? {
        let file = view.file
        let wanted: RequestStep
        var text = ""
        switch file.standing {
        case .toCheck: (wanted, text) = (.check, "由档案管理人员、法制审查人员或者承办机构负责人逐件审查。")
        case .toRedact: (wanted, text) = (.redact, "还有\(file.missingCopies.count)件需要遮盖后提供，没有遮盖件。")
        case .toDecide:
            let roles = view.approvers(law: law, now: now).map(\.chinese)
            (wanted, text) = (
                .decide,
                roles.isEmpty
                    ? "依照采用的制度，现在还没有人可以批准，见应办事项。" : "依照采用的制度，由\(roles.joined(separator: "或"))审批；作保密审查的人员不能审批。"
            )
        case .toRelease:
            let last = file.decision?.lastDay
            guard last.map({ now.day <= $0 }) ?? true else {
                return .init(
                    title: "批准的日期已过", text: "提供到\(last?.chinese ?? "")为止。可以重新审批，或者办结。", action: nil)
            }
            (wanted, text) = (.release, "准备文件，印出审批表，\(last.map { "在\($0.chinese)以前" } ?? "")交给申请人。")
        case .released: (wanted, text) = (.receipt, "领取人在审批表上签收。")
        case .receipted, .refused, .withdrawn: (wanted, text) = (.close, "答复申请人以后办结。")
        case .closed: return nil
        }
        let step = offered.first { $0.name == wanted.name }
        return .init(
            title: "下一步：\(wanted.body.title)", text: text,
            action: step.map { .init(label: "去办理", href: address.requestStep($0.name, in: file.thread)) })
    }

    private func items(of view: RequestView, law: Law) -> [RequestPage.Item] {
        let file = view.file
        let things = Dictionary(uniqueKeysWithValues: view.asked(law.library).map { ($0.item, $0) })
        return file.wanted.map { item in
            let thing = things[item]
            let tag: Tag
            if file.check?.cleared.contains(item) == true {
                tag = Tag(text: ItemVerdict.Outcome.cleared.chinese, tone: .done)
            } else if file.check?.redacted.contains(item) == true {
                tag = Tag(
                    text: file.copies[item] == nil ? "遮盖后提供，待交遮盖件" : "遮盖后提供",
                    tone: file.copies[item] == nil ? .soon : .done)
            } else if file.check?.withheld.contains(item) == true {
                tag = Tag(text: ItemVerdict.Outcome.withheld.chinese, tone: .quiet)
            } else {
                tag = Tag(text: "待审查", tone: .wait)
            }
            return .init(
                title: thing?.title ?? "（已作废或者不在案卷里）", tag: tag,
                note: thing.map { "\(ByteText.chinese($0.byteCount))\($0.mark.isEmpty ? "" : "，\($0.mark)")" } ?? "")
        }
    }

    private func release(
        of view: RequestView, person: PersonRow, address: Address, token: String, now: Instant
    ) -> RequestPage.ReleaseBox? {
        guard let release = view.file.running(at: now) else { return nil }
        let thread = view.file.thread
        var files: [RequestPage.ReleaseBox.File] = []
        if view.mayFetch(person) {
            files = release.files.enumerated().map { index, file in
                .init(
                    name: file.name, size: ByteText.chinese(file.byteCount), digest: file.sha256.description,
                    action: address.requestFile(index + 1, of: thread), command: .random())
            }
            if release.sheet != nil {
                files.append(
                    .init(
                        name: "审批表（交领取人签收）", size: "PDF", digest: release.sheetDigest?.description ?? "",
                        action: address.requestFile(0, of: thread), command: .random()))
            }
        }
        return .init(
            until: "\(release.files.count)件，提供到\(release.until.day.advanced(by: -1).chinese)为止", token: token,
            files: files)
    }

    private func days(
        of view: RequestView, law: Law, names: [ThreadTag: String], address: Address, now: Instant
    ) -> [CasePage.Day] {
        var groups: [(day: CivilDay, events: [CasePage.Event])] = []
        for (record, entry) in zip(view.records, view.entries).reversed() where record.type != .accessClosed {
            let text = EventText(
                record: record, work: view.source.work, names: names, address: address, library: law.library,
                sight: Sight())
            guard var event = record.type == .accessOpened ? look(record, view) : text.event else { continue }
            event.lines = event.lines.map { $0.split(separator: "\n").joined(separator: "；") }
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

    private func look(_ record: Record, _ view: RequestView) -> CasePage.Event {
        let object = record.word("object").flatMap { ObjectID($0) }
        let name = view.file.release?.files.first { $0.object == object }?.name
        return CasePage.Event(time: "", title: "下载提供的文件", lines: [name ?? "审批表"])
    }

    private func cards(
        of view: RequestView, law: Law, offered: [RequestStep], address: Address, now: Instant
    ) -> [ObligationCard] {
        ObligationCard.cards(
            of: law.evaluate(view.records), in: view.file.thread, law: law, address: address, now: now
        ) { wanted in
            offered.first { wanted.contains($0.body.type) }.map {
                .init(label: $0.body.title, href: address.requestStep($0.name, in: view.file.thread))
            }
        }
    }
}
