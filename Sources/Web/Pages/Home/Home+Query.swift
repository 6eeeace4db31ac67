import Application
import Casework
import Hummingbird
import Kernel

extension Routes {
    /// The work list.
    func addHome(_ services: WebServices) {
        on(.get, "/b/{bureau}", .signedIn) { _, context in
            if context.identity.mustChangeSecret { throw WebRefusal.changeSecret(context.bureau.tag) }
            // Whoever only administers has no cases: the bureau's own tasks are the work list.
            if context.identity.person.roles == [.administrator] {
                return .seeOther(Address(context.bureau.tag).setup)
            }
            return services.answer(try await services.homePage(context).page, context)
        }
    }
}

extension WebServices {
    func homePage(_ context: SignedInContext) async throws -> HomePage {
        let identity = context.identity
        let address = Address(context.bureau.tag)
        let now = clock.now()
        var page = HomePage(
            name: identity.person.name, today: TermText.day(now.day, at: now), obligations: [], totalObligations: 0,
            cases: [], turns: [], address: address, opensCases: identity.has(anyOf: [.officer]),
            worksOnCases: Right.casework.roles.map { identity.has(anyOf: $0) } ?? false)
        guard page.worksOnCases else { return page }
        let registers = context.bureau.registers
        var filter = CaseFilter()
        filter.state = .open
        filter.sort = .lastChange
        if identity.isOnlyOfficer { filter.handler = identity.person.thread }
        filter.pageSize = 10
        let cases = try await registers.cases(filter)
        page.cases = try await rows(of: cases.rows, context)
        var wanted = ObligationFilter()
        // Handlers answer for the whole of their cases; an office answers for what its articles name.
        if identity.isOnlyOfficer {
            wanted.handler = identity.person.thread
        } else {
            wanted.who = identity.person.roles.map(\.rawValue)
        }
        let open = try await registers.openObligations(wanted)
        var titles: [ThreadTag: String] = [:]
        for row in open.prefix(Self.shownObligations) where titles[row.caseThread] == nil {
            titles[row.caseThread] = try await registers.caseFile(row.caseThread)?.title
        }
        page.totalObligations = open.count
        let law = try await context.bureau.casebook.chambers.law()
        page.obligations = open.prefix(Self.shownObligations).map { row in
            var card = ObligationCard(row, at: now, address: address, library: law.library)
            card.caseTitle = titles[row.caseThread]
            card.caseHref = address.caseFile(row.caseThread)
            card.detailHref = address.obligation(row.key, in: row.caseThread)
            card.action = .init(label: "打开案件", href: address.caseFile(row.caseThread))
            return card
        }
        page.turns = try await turns(context, law: law)
        return page
    }

    /// Looks through the cases that changed last for next steps that are this person's.
    private func turns(_ context: SignedInContext, law: Law) async throws -> [HomePage.Turn] {
        let person = context.identity.person
        let address = Address(context.bureau.tag)
        var turns: [HomePage.Turn] = []
        for state in [CaseRow.State.open, .ended] {
            var filter = CaseFilter()
            filter.state = state
            filter.sort = .lastChange
            filter.pageSize = Self.turnLimit
            if context.identity.isOnlyOfficer { filter.handler = person.thread }
            for row in try await context.bureau.registers.cases(filter).rows {
                let view = try await context.bureau.casebook.load(row.thread)
                var course = Course(
                    view: view, law: law, person: person, address: address,
                    drafts: try await installation.drafts(of: row.thread))
                course.isLed = try await isLed(view, context)
                guard let next = course.next, let action = next.action else { continue }
                turns.append(
                    HomePage.Turn(
                        caseTitle: row.title, caseHref: address.caseFile(row.thread), title: next.title, action: action)
                )
            }
        }
        return turns
    }

    /// Obligations shown on the work list, nearest term first.
    private static let shownObligations = 6
    /// Cases of each state that the work list looks into.
    private static let turnLimit = 12
}

extension Identity {
    /// Officers see the cases that they handle; heads, reviewers and custodians see every case of the bureau.
    var isOnlyOfficer: Bool {
        !has(anyOf: [.unitHead, .legalReviewer, .departmentHead, .agencyHead, .custodian])
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
                tag = row.gate == "close" ? "归档前必须" : row.gate == "none" ? "待办" : "下一步之前必须"
            }
        case .met: (tone, tag) = (.done, "✓ 已履行")
        case .metLate: (tone, tag) = (.late, "逾期履行")
        case .excused: (tone, tag) = (.quiet, "依规定免除")
        case .notApplicable: (tone, tag) = (.quiet, "不适用")
        }
        self.init(
            title: row.title, sources: row.provisions.map { Source(provision: $0, library: library, address: address) },
            tone: tone, tag: tag,
            due: row.state == .open ? row.due.map { TermText.due($0, at: now) } ?? "" : "")
    }
}
