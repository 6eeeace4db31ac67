import Application
import Casework
import Kernel
import Ledger

/// The terms of one person as a calendar.
///
/// It leaves the bureau: a telephone keeps it, often a company's server. So it says what is to be done, when, under which
/// article and in what kind of case, and never a party, a title or a reporter.
struct CalendarFeed {
    let bureau: BureauServices
    let person: PersonRow
    /// `https://…` of the server as the reader addresses it; empty where it is not known.
    let origin: String
    let now: Instant

    /// Terms in one calendar at the most; the nearest are kept.
    static let limit = 2000

    func text() async throws -> [UInt8] {
        let law = try await bureau.casebook.chambers.law()
        let address = Address(bureau.tag)
        let rows = try await terms()
        let files = Dictionary(
            try await bureau.registers.caseFiles(Array(Set(rows.map(\.caseThread)))).map { ($0.thread, $0) }
        ) { first, _ in first }
        var calendar = CalendarText(name: "办案期限")
        for row in rows {
            guard let due = row.due else { continue }
            let file = files[row.caseThread]
            let isLate = row.lateFrom.map { $0 <= now } ?? false
            let sources = row.provisions.map {
                ObligationCard.Source(provision: $0, library: law.library, address: address).label
            }
            let path = file.map(address.file) ?? address.caseFile(row.caseThread)
            calendar.add(
                CalendarEvent(
                    id: Self.id(of: row), term: .init(due),
                    summary: (isLate ? "已逾期：" : row.lateFrom == nil ? "提醒：" : "") + row.title,
                    description: [file.map(Self.line), "依据：\(sources.joined(separator: "、"))"].compactMap(\.self)
                        .joined(separator: "\n"),
                    url: origin.isEmpty ? "" : origin + path), stamp: now)
        }
        return calendar.finished()
    }

    /// What the person has to meet and that has a term: in cases of their own, and what the articles lay on their office.
    private func terms() async throws -> [ObligationRow] {
        var filters: [ObligationFilter] = []
        if person.roles.contains(.officer) {
            var own = ObligationFilter()
            own.handler = person.thread
            own.who = DutyHolder.words(of: person)
            filters.append(own)
        }
        if person.roles.contains(where: { $0 != .officer }) {
            var office = ObligationFilter()
            office.who = person.roles.filter { $0 != .officer }.map(\.rawValue)
            filters.append(office)
        }
        var found: Set<ObligationRow> = []
        for var filter in filters {
            filter.hasTerm = true
            filter.limit = CalendarFeed.limit
            found.formUnion(try await bureau.registers.openObligations(filter))
        }
        return Array(
            found.sorted {
                ($0.due?.milliseconds ?? 0, $0.caseThread.description, $0.key)
                    < ($1.due?.milliseconds ?? 0, $1.caseThread.description, $1.key)
            }.prefix(CalendarFeed.limit))
    }

    /// An event's name tells nothing: the key of an obligation may hold ids.
    private static func id(of row: ObligationRow) -> String {
        "\(Digest.sha256(Array("liuhen/calendar/v1\n\(row.caseThread)\n\(row.key)".utf8)))@liuhen"
    }

    private static func line(_ file: CaseRow) -> String {
        let day = file.openedAt.day.parts
        let opened = "\(day.year)年\(day.month)月\(day.day)日"
        return switch file.kind {
        case CaseRow.leadKind: "线索，\(opened)登记"
        case CaseRow.requestKind: "查阅、复制申请，\(opened)登记"
        case CaseKind.inspection.rawValue: "行政检查，\(opened)开始"
        default: "行政处罚案件，\(opened)建立"
        }
    }
}
