import Application
import Casework
import Hummingbird
import Kernel

extension Routes {
    /// The work list.
    func addHome(_ services: WebServices) {
        on(.get, "/b/{bureau}", .signedIn) { request, context in
            if context.identity.mustChangeSecret { throw WebRefusal.changeSecret(context.bureau.tag) }
            // Whoever only administers has no cases: the bureau's own tasks are the work list.
            if context.identity.person.roles == [.administrator] {
                return .seeOther(Address(context.bureau.tag).setup)
            }
            return services.answer(
                try await services.homePage(Form(query: request.uri.query), context).page, context)
        }
    }
}

extension WebServices {
    /// The work list: read from the projections, a page at a time. No case is loaded for it.
    func homePage(_ query: Form, _ context: SignedInContext) async throws -> HomePage {
        let identity = context.identity
        let now = clock.now()
        var page = HomePage(
            name: identity.person.name, today: TermText.day(now.day, at: now), address: Address(context.bureau.tag),
            opensCases: identity.has(anyOf: [.officer]),
            worksOnCases: Right.casework.roles.map { identity.has(anyOf: $0) } ?? false)
        guard page.worksOnCases else { return page }
        page.search = query.text("q")
        page.term = query["term"].flatMap { HomePage.Term(rawValue: $0) } ?? .all
        page.scope = HomePage.Scope(asked: query["scope"], of: identity)
        page.hasScopes = HomePage.Scope.isChoice(of: identity)
        page.showsSignatures = query["list"] == HomePage.signatureList
        if query["list"] == HomePage.pendingList {
            page.pending = try await pendingWords(page.address, context)
            return page
        }
        page.number = query["page"].flatMap { Decimal.strict(Array($0.utf8)) }.map { min(max($0, 1), 1_000_000) } ?? 1
        let law = try await context.bureau.casebook.chambers.law()
        try await addSignatures(to: &page, law: law, context)
        if !page.showsSignatures {
            try await addDuties(to: &page, law: law, at: now, context)
            page.closings = try await closings(page.address, context)
        }
        var filter = CaseFilter()
        filter.state = .open
        filter.sort = .lastChange
        if identity.isOnlyOfficer { filter.handler = identity.person.thread }
        filter.pageSize = HomePage.shownCases
        let cases = try await context.bureau.registers.cases(filter)
        page.cases = try await rows(of: cases.rows, context)
        page.totalCases = cases.total
        return page
    }

    private func addDuties(
        to page: inout HomePage, law: Law, at now: Instant, _ context: SignedInContext
    ) async throws {
        let registers = context.bureau.registers
        var wanted = ObligationFilter()
        // Handlers answer for the whole of their cases; an office answers for what its articles name.
        switch page.scope {
        case .handled: wanted.handler = context.identity.person.thread
        case .office: wanted.who = context.identity.person.roles.map(\.rawValue)
        }
        wanted.text = page.search
        // What is another office's to do in the same cases is shown, and not counted as this person's.
        let own = page.scope == .handled ? DutyHolder.words(of: context.identity.person) : wanted.who
        switch page.term {
        case .all: break
        case .late: wanted.lateAt = now
        case .soon:
            wanted.dueFrom = now
            wanted.dueUntil = now.advanced(byMilliseconds: 3 * 86_400_000)
        case .dated: wanted.hasTerm = true
        case .undated: wanted.hasTerm = false
        }
        wanted.limit = HomePage.pageSize
        wanted.page = page.number
        let duties = try await registers.duties(wanted, own: own, at: now)
        (page.total, page.othersCount) = (duties.total, duties.total - duties.own)
        (page.ownCount, page.lateCount) = (duties.ownOpen, duties.ownLate)
        let files = try await files(of: duties.rows.map(\.caseThread), context)
        page.obligations = duties.rows.ordered(by: law.library.matters).map { row in
            var card = ObligationCard(row, at: now, address: page.address, library: law.library)
            let file = files[row.caseThread]
            let isCase = file?.isCase ?? true
            let href = file.map(page.address.file) ?? page.address.caseFile(row.caseThread)
            card.caseTitle = file.map { $0.marked(at: now) }
            card.caseHref = href
            card.detailHref = isCase ? page.address.obligation(row.key, in: row.caseThread) : href
            card.action = .init(
                label: isCase ? "打开案件" : file?.kind == CaseRow.leadKind ? "打开线索" : "打开申请", href: href)
            // Handlers see the whole of their cases: what is another's to do says whose.
            if page.scope == .handled, let holder = DutyHolder(rawValue: row.who), holder.role != nil,
                holder != .officer
            {
                card.who = holder.chinese
            }
            return card
        }
    }

    /// Cases that are over in fact and not yet on paper: inspections that led to a penalty case for who handles them,
    /// ended cases for who files them.
    private func closings(_ address: Address, _ context: SignedInContext) async throws -> [HomePage.Closing] {
        let person = context.identity.person
        let registers = context.bureau.registers
        var found: [HomePage.Closing] = []
        let waiting = try await waiting(for: person, at: context.bureau)
        let seconds = waiting.seconds
        if waiting.rules > 0 {
            found.append(
                .init(
                    id: "rules", title: "等您确认的制度事项", note: "采用的制度、系统管理员拟定的变更，由您确认。", turns: [], total: waiting.rules,
                    allHref: address.regulations))
        }
        if seconds > 0 {
            found.append(
                .init(
                    id: "seconds", title: "等您确认的人员、账号和设置", note: "系统管理员拟定的职责、设置和放假安排，新开通和重置过的账号，由您确认。", turns: [],
                    total: seconds, allHref: address.seconds))
        }
        found.append(try await draftReviews(address, person, registers))
        var pending = try await pendingWords(address, context)
        pending.turns = Array(pending.turns.prefix(HomePage.shownSignatures))
        found.append(pending)
        if person.roles.contains(.officer) {
            var filter = CaseFilter()
            (filter.kind, filter.state, filter.isLed) = (CaseKind.inspection.rawValue, .open, true)
            (filter.handler, filter.sort, filter.pageSize) = (person.thread, .oldest, HomePage.shownSignatures)
            let cases = try await registers.cases(filter)
            found.append(
                .init(
                    id: "led", title: "等您终结的检查", note: "已经转入行政处罚程序，检查本身还没有终结。",
                    turns: cases.rows.map { row in
                        .init(
                            caseTitle: row.marked(at: clock.now()), caseHref: address.caseFile(row.thread),
                            title: "办理终结",
                            action: .init(label: "去终结", href: address.step(EndCase.name, in: row.thread)))
                    }, total: cases.total, allHref: address.cases(query: "kind=inspection&state=open&sort=oldest")))
        }
        if person.roles.contains(.custodian) {
            var filter = CaseFilter()
            (filter.state, filter.sort, filter.pageSize) = (.ended, .oldest, HomePage.shownSignatures)
            let cases = try await registers.cases(filter)
            found.append(
                .init(
                    id: "ended", title: "等您归档的案件", note: "已经终结，制作案卷封面、目录和备考表以后归档。",
                    turns: cases.rows.map { row in
                        .init(
                            caseTitle: row.marked(at: clock.now()), caseHref: address.caseFile(row.thread),
                            title: "整理归档",
                            action: .init(label: "打开案件", href: address.caseFile(row.thread)))
                    }, total: cases.total, allHref: address.cases(query: "state=ended&sort=oldest")))
        }
        found += try await ownLeads(address, person, registers)
        found += try await requests(address, person, registers)
        found += try await violations(address, context)
        return found.filter { $0.total > 0 }
    }

    /// Documents that wait for this person's own signature.
    private func addSignatures(to page: inout HomePage, law: Law, _ context: SignedInContext) async throws {
        let person = context.identity.person
        let registers = context.bureau.registers
        var filter = SignatureFilter(places: law.places(signedBy: person.roles))
        filter.notHandledBy = person.thread
        if page.showsSignatures {
            filter.limit = HomePage.pageSize
            filter.page = page.number
        } else {
            filter.limit = HomePage.shownSignatures
        }
        // An officer signs for their own cases; whoever holds an office signs for those of others.
        if person.roles.allSatisfy({ $0 == .officer }) {
            filter.places = law.placesOfHandlers
            filter.notHandledBy = nil
            filter.handler = person.thread
        }
        page.totalSignatures = try await registers.countDocumentsToSign(filter)
        let rows = try await registers.documentsToSign(filter)
        let titles = try await files(of: rows.map(\.caseThread), context).mapValues { $0.marked(at: clock.now()) }
        page.signatures = rows.map { row in
            let title = law.library.kind(row.kind)?.title ?? row.kind
            return HomePage.Turn(
                caseTitle: titles[row.caseThread] ?? "", caseHref: page.address.caseFile(row.caseThread),
                title: "《\(title)》等待签名",
                action: .init(label: "去签名", href: page.address.document(row.id, in: row.caseThread)))
        }
    }

    func files(of threads: [ThreadTag], _ context: SignedInContext) async throws -> [ThreadTag: CaseRow] {
        let found = try await context.bureau.registers.caseFiles(Array(Set(threads)))
        return Dictionary(found.map { ($0.thread, $0) }) { first, _ in first }
    }
}

extension CaseRow {
    /// The title with what tells two cases of one party apart on a list: when it began. Case numbers are in no projection.
    func marked(at now: Instant) -> String {
        "\(title)（\(TermText.short(openedAt.day, at: now)) \(openedAt.clock)开始）"
    }
}

extension Law {
    /// Places that the holder of an office signs.
    func places(signedBy roles: [Role]) -> [SignatureFilter.Place] {
        places.filter { $0.who != .officer && $0.who.role.map(roles.contains) ?? false }.map(\.place)
    }

    /// Places that handlers sign in their own session.
    var placesOfHandlers: [SignatureFilter.Place] {
        places.filter { [.officer, .handler, .drafter, .server].contains($0.who) }.map(\.place)
    }
}

extension HomePage.Scope {
    /// What was asked for, as far as it is this person's to choose.
    init(asked: String?, of identity: Identity) {
        let usual: HomePage.Scope = identity.isOnlyOfficer ? .handled : .office
        self = HomePage.Scope.isChoice(of: identity) ? asked.flatMap { HomePage.Scope(rawValue: $0) } ?? usual : usual
    }

    /// Whether a person both handles cases and holds an office.
    static func isChoice(of identity: Identity) -> Bool {
        !identity.isOnlyOfficer && identity.has(anyOf: [.officer])
    }
}

extension Identity {
    /// Officers see the cases that they handle; heads, reviewers and custodians see every case of the bureau.
    var isOnlyOfficer: Bool {
        !has(anyOf: [.unitHead, .legalReviewer, .departmentHead, .deputyHead, .agencyHead, .custodian])
    }
}

extension DutyHolder {
    /// The words, as rows have them, of what a handler of cases has to meet or to see to: all but what other offices
    /// have to do. A row without a word names nobody: it is the handler's.
    static func words(of person: PersonRow) -> [String] {
        [""]
            + allCases.filter { holder in
                guard let role = holder.role else { return true }
                return role == .officer || person.roles.contains(role)
            }.map(\.rawValue)
    }
}

extension ObligationCard {
    /// The card of a row.
    init(_ row: ObligationRow, at now: Instant, address: Address, library: RuleLibrary) {
        let isLate = row.lateFrom.map { $0 <= now } ?? false
        let tone: Tag.Tone
        let tag: String
        switch row.state {
        case .open:
            if let lateFrom = row.lateFrom {
                tone = isLate ? .late : lateFrom.milliseconds(since: now) < 3 * 86_400_000 ? .soon : .wait
                tag = TermText.rest(until: lateFrom, at: now)
            } else {
                tone = .wait
                tag =
                    row.isStandingStill
                    ? "中止" : row.gate == "close" ? "归档前必须" : row.gate == "none" ? "待办" : "下一步之前必须"
            }
        case .met: (tone, tag) = (.done, "✓ 已履行")
        case .metLate: (tone, tag) = (.late, "逾期履行")
        case .excused: (tone, tag) = (.quiet, "依规定免除")
        case .notApplicable: (tone, tag) = (.quiet, "不适用")
        }
        self.init(
            title: row.demand,
            sources: row.provisions.map { Source(provision: $0, library: library, address: address) },
            tone: tone, tag: tag,
            due: row.state == .open
                ? row.due.map { TermText.due($0, isReminder: row.lateFrom == nil, at: now) } ?? "" : "")
    }
}
