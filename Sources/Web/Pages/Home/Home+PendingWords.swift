import Application
import Casework
import Kernel

extension WebServices {
    /// What waits for this person's word and is no duty of a text: found by the claims that such things make, so that no
    /// case is loaded for it. The oldest first.
    func pendingWords(_ address: Address, _ context: SignedInContext) async throws -> HomePage.Closing {
        let words = try await context.bureau.casebook.pendingWords(
            for: context.identity.person, limit: HomePage.listedPendingWords)
        let files = try await files(of: words.map(\.thread), context)
        let now = clock.now()
        return HomePage.Closing(
            id: "pending", title: "等您审核、批准和核对的事项", note: "别人提出或者登记以后，等您的一句话。等得最久的在前。",
            turns: words.compactMap { word in
                guard let file = files[word.thread] else { return nil }
                return HomePage.Turn(
                    caseTitle: file.marked(at: now), caseHref: address.file(file), title: word.title,
                    note: "\(TermText.short(word.since.day, at: now)) \(word.since.clock)起等候",
                    action: .init(label: word.label, href: word.href(address)))
            }, total: words.count, allHref: address.pendingWords)
    }

    /// A person's own leads that are not closed: nothing else brings back to mind what no text puts a term on.
    func ownLeads(
        _ address: Address, _ person: PersonRow, _ registers: any Registers
    ) async throws -> [HomePage.Closing] {
        guard LeadStep.workers.contains(where: person.roles.contains) else { return [] }
        var found: [HomePage.Closing] = []
        let now = clock.now()
        func add(_ id: String, _ title: String, _ note: String, _ label: String, _ state: CaseRow.State) async throws {
            var filter = CaseFilter()
            (filter.kind, filter.state, filter.handler) = (CaseRow.leadKind, state, person.thread)
            (filter.sort, filter.pageSize) = (.oldest, HomePage.shownSignatures)
            let leads = try await registers.cases(filter)
            found.append(
                .init(
                    id: id, title: title, note: note,
                    turns: leads.rows.map { row in
                        .init(
                            caseTitle: row.title, caseHref: address.lead(row.thread), title: label,
                            note: "\(TermText.short(row.openedAt.day, at: now)) \(row.openedAt.clock)登记",
                            action: .init(label: "打开线索", href: address.lead(row.thread)))
                    }, total: leads.total, allHref: address.leads(query: "state=\(state.rawValue)&sort=oldest")))
        }
        try await add("leads", "您经办的线索", "还没有启动程序，也没有办结。", "办理线索", .open)
        try await add("leads-started", "已启动程序、等办结的线索", "已经启动执法程序，线索本身还没有办结。", "办结线索", .ended)
        return found
    }
}

extension PendingWord {
    /// What is to be done, in words.
    var title: String {
        let isChain = matter == .chainReview || matter == .chainApproval
        return matter.chinese + (isChain ? "“\(EntryType.approvalStepped.chinese(about, of: "about"))”" : "")
    }

    /// What the button says.
    var label: String {
        switch matter {
        case .chainReview: "去审核"
        case .chainApproval: "去批准"
        case .correction: "去决定"
        case .service, .performance, .secrecy, .activity, .statement: "去核对"
        case .returnedTime: "去申请更正"
        case .returnedFile: "去重新上传"
        case .summaryFiling: "去登记"
        case .leadReview: "去审查"
        }
    }

    /// The form that does it, with what it is about chosen.
    func href(_ address: Address) -> String {
        switch matter {
        case .chainReview: address.step("chain-review", in: thread, about: ("about", about))
        case .chainApproval: address.step("chain-approval", in: thread, about: ("about", about))
        case .correction: address.step(DecideCorrection.name, in: thread, about: ("proposal", String(seq)))
        case .service: address.step("service-confirmation", in: thread, about: ("service", String(seq)))
        case .performance: address.step("performance-confirmation", in: thread, about: ("performed", String(seq)))
        case .secrecy: address.step("secrecy-confirmation", in: thread, about: ("veiled", String(seq)))
        case .returnedFile: address.newRecording(in: thread)
        case .activity: address.step("activity-confirmation", in: thread, about: ("start", String(seq)))
        case .statement: address.step("statement-confirmation", in: thread, about: ("said", String(seq)))
        case .returnedTime:
            EntryType(rawValue: about)?.correctable.first { $0.form == .instant }.map {
                address.correction(of: seq, member: $0.name, in: thread)
            } ?? address.caseFile(thread)
        case .summaryFiling: address.step("summary-filing", in: thread)
        case .leadReview: address.leadStep("review", in: thread)
        }
    }
}

extension HomePage {
    /// As many things that wait at one desk are listed.
    static let listedPendingWords = 100
}
