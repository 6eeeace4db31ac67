import Application
import Casework
import Kernel

extension LedgerDatabase: Registers {
    public func persons() async throws(StoreError) -> [PersonRow] {
        try await read { try $0.all(RegisterQuery.persons, row: PersonRow.init) }
    }

    public func persons(in state: PersonRow.AccountState) async throws(StoreError) -> [PersonRow] {
        try await read { try $0.all(RegisterQuery.personsWaiting, .text(state.rawValue), row: PersonRow.init) }
    }

    public func names() async throws(StoreError) -> [ThreadTag: String] {
        try await read { try Self.names($0.all(RegisterQuery.names, row: { ($0.id(0) as ThreadTag?, $0.text(1)) })) }
    }

    private static func names(_ found: [(ThreadTag?, String)]) throws -> [ThreadTag: String] {
        var names: [ThreadTag: String] = [:]
        for (thread, name) in found {
            guard let thread else { throw StoreError.damaged("a row of person is malformed") }
            names[thread] = name
        }
        return names
    }

    public func person(_ thread: ThreadTag) async throws(StoreError) -> PersonRow? {
        try await read { try $0.first(RegisterQuery.person, .id(thread), row: PersonRow.init) }
    }

    public func person(account: String) async throws(StoreError) -> PersonRow? {
        try await read { try $0.first(RegisterQuery.personByAccount, .text(account), row: PersonRow.init) }
    }

    public func subject(_ thread: ThreadTag) async throws(StoreError) -> SubjectRow? {
        try await read { try $0.first(RegisterQuery.subject, .id(thread), row: SubjectRow.init) }
    }

    public func subjects(matching text: String, limit: Int) async throws(StoreError) -> [SubjectRow] {
        let query = RegisterQuery.subjects(matching: text, limit: min(max(limit, 0), 1000))
        return try await read { try $0.all(query.sql, query.values, row: SubjectRow.init) }
    }

    public func caseFile(_ thread: ThreadTag) async throws(StoreError) -> CaseRow? {
        try await read { try $0.first(RegisterQuery.caseFile, .id(thread), row: CaseRow.init) }
    }

    public func caseFiles(_ threads: [ThreadTag]) async throws(StoreError) -> [CaseRow] {
        guard !threads.isEmpty else { return [] }
        let query = RegisterQuery.caseFiles(threads)
        return try await read { try $0.all(query.sql, query.values, row: CaseRow.init) }
    }

    public func names(of threads: [ThreadTag]) async throws(StoreError) -> [ThreadTag: String] {
        guard !threads.isEmpty else { return [:] }
        let query = RegisterQuery.names(of: threads)
        return try await read { connection in
            try Self.names(connection.all(query.sql, query.values, row: { ($0.id(0) as ThreadTag?, $0.text(1)) }))
        }
    }

    public func caseNumbers(of threads: [ThreadTag]) async throws(StoreError) -> [ThreadTag: String] {
        guard !threads.isEmpty else { return [:] }
        let query = RegisterQuery.caseNumbers(of: threads)
        return try await read { connection in
            var numbers: [ThreadTag: [String]] = [:]
            for (thread, key) in try connection.all(
                query.sql, query.values, row: { ($0.id(0) as ThreadTag?, $0.text(1)) })
            {
                guard let thread else { throw StoreError.damaged("a row of claim is malformed") }
                numbers[thread, default: []].append(key)
            }
            return numbers.mapValues { $0.sorted().joined(separator: "、") }
        }
    }

    public func cases(_ filter: CaseFilter) async throws(StoreError) -> CasePage {
        try await read { connection in
            let hits = filter.number == nil ? try RegisterQuery.hits(of: filter.text, connection) : .none
            let limit = CaseFilter.countedHits
            let count = RegisterQuery.count(of: filter, hits: hits)
            let total = try connection.all(count.sql, count.values, row: { Int($0.integer(0)) }).first ?? 0
            guard total > 0 else { return CasePage(rows: [], total: 0) }
            let page = RegisterQuery.cases(filter, hits: hits)
            let rows = try connection.all(page.sql, page.values, row: CaseRow.init)
            let hasMore = hits != .none && total > limit
            return CasePage(rows: rows, total: hasMore ? limit : total, hasMore: hasMore)
        }
    }

    public func document(_ id: DocumentID) async throws(StoreError) -> DocumentRow? {
        try await read { try $0.first(RegisterQuery.document, .blob(id.bytes), row: DocumentRow.init) }
    }

    public func documents(_ filter: DocumentFilter) async throws(StoreError) -> [DocumentRow] {
        let query = RegisterQuery.documents(filter)
        return try await read { try $0.all(query.sql, query.values, row: DocumentRow.init) }
    }

    public func documentRegister(_ filter: DocumentRegisterFilter) async throws(StoreError) -> DocumentRegisterPage {
        try await read { connection in
            var kinds: [String] = []
            if filter.number != nil, filter.kind == nil {
                kinds = try connection.all(RegisterQuery.numberedKinds, [], row: { $0.text(0) })
            }
            let hits = filter.number == nil ? try RegisterQuery.hits(of: filter.text, connection) : .none
            let page = RegisterQuery.documentRegister(filter, kinds: kinds, hits: hits)
            let count = RegisterQuery.countRegister(filter, kinds: kinds, hits: hits)
            let total = try connection.all(count.sql, count.values, row: { Int($0.integer(0)) }).first ?? 0
            let lines = try connection.all(page.sql, page.values) { row throws(StoreError) in
                DocumentRegisterLine(
                    document: try DocumentRow(row), caseTitle: row.text(10), subjectName: row.text(11),
                    isOfLead: row.text(12) == CaseRow.leadKind)
            }
            let isWhole = total <= DocumentRegisterFilter.counted && hits != .many
            // The counters know every total exactly; whatever was counted row by row was counted up to the limit.
            let isNarrowed =
                filter.handler != nil || filter.fixedFrom != nil || filter.fixedBefore != nil || hits != .none
            return DocumentRegisterPage(
                lines: lines, total: isNarrowed ? min(total, DocumentRegisterFilter.counted) : total,
                hasMore: isNarrowed && !isWhole)
        }
    }

    public func lastNumber(kind: String, year: Int) async throws(StoreError) -> Int {
        try await read {
            try $0.first(RegisterQuery.lastNumber, .text(kind), .number(year), row: { Int($0.integer(0)) }) ?? 0
        }
    }

    public func freeNumber(kind: String, year: Int, from first: Int) async throws(StoreError) -> Int {
        try await read { connection in
            let last = try connection.first(
                RegisterQuery.lastNumber, .text(kind), .number(year), row: { Int($0.integer(0)) })
            return try IssuedNumbers(connection: connection).free(
                kind: kind, year: year, from: max(first, (last ?? 0) + 1))
        }
    }

    public func openedCase(from thread: ThreadTag, seq: Int) async throws(StoreError) -> ThreadTag? {
        try await read { connection in try OpenedCases(connection: connection).first(from: thread, seq: seq) }
    }

    public func openObligations(_ filter: ObligationFilter) async throws(StoreError) -> [ObligationRow] {
        try await read { connection in
            let query = RegisterQuery.openObligations(
                filter, hits: try RegisterQuery.hits(of: filter.text, connection))
            return try connection.all(query.sql, query.values, row: ObligationRow.init)
        }
    }

    public func countOpenObligations(_ filter: ObligationFilter) async throws(StoreError) -> Int {
        try await read { connection in
            let query = RegisterQuery.countOpen(filter, hits: try RegisterQuery.hits(of: filter.text, connection))
            return try connection.all(query.sql, query.values, row: { Int($0.integer(0)) }).first ?? 0
        }
    }

    public func duties(
        _ filter: ObligationFilter, own: [String], at now: Instant
    ) async throws(StoreError) -> DutyPage {
        try await read { connection in
            let hits = try RegisterQuery.hits(of: filter.text, connection)
            func count(_ filter: ObligationFilter) throws -> Int {
                let query = RegisterQuery.countOpen(filter, hits: hits)
                return try connection.all(query.sql, query.values, row: { Int($0.integer(0)) }).first ?? 0
            }
            var page = DutyPage()
            if filter.handler != nil, hits == .none {
                let query = RegisterQuery.countDuties(filter, own: own, at: now)
                page =
                    try connection.all(
                        query.sql, query.values,
                        row: { row in
                            DutyPage(
                                total: Int(row.integer(0)), own: Int(row.integer(1)), ownOpen: Int(row.integer(2)),
                                ownLate: Int(row.integer(3)))
                        }
                    ).first ?? page
            } else {
                let wanted = filter.counted(own: own, at: now)
                page.total = try count(filter)
                page.own = filter.who == own ? page.total : try count(wanted.own)
                page.ownOpen = wanted.open == filter ? page.total : try count(wanted.open)
                page.ownLate = try count(wanted.late)
            }
            guard page.total > 0 else { return page }
            let query = RegisterQuery.openObligations(filter, hits: hits)
            page.rows = try connection.all(query.sql, query.values, row: ObligationRow.init)
            return page
        }
    }

    public func openCounts(
        of regulation: String, handler: ThreadTag?, at: Instant
    ) async throws(StoreError) -> [String: OpenCount] {
        let query = RegisterQuery.openCounts(of: regulation, handler: handler, at: at)
        let rows = try await read { connection in
            try connection.all(
                query.sql, query.values,
                row: { ($0.text(0), OpenCount(open: Int($0.integer(1)), late: Int($0.integer(2)))) })
        }
        return Dictionary(rows) { first, _ in first }
    }

    public func standings(
        of matters: [String], at now: Instant
    ) async throws(StoreError) -> [String: [ObligationStanding: Int]] {
        guard !matters.isEmpty else { return [:] }
        let query = RegisterQuery.standings(of: Array(matters.prefix(100)), at: now)
        let rows = try await read { connection in
            try connection.all(query.sql, query.values, row: { ($0.text(0), $0.text(1), count: Int($0.integer(2))) })
        }
        var result: [String: [ObligationStanding: Int]] = [:]
        for (matter, word, count) in rows {
            guard let standing = ObligationStanding(rawValue: word) else {
                throw StoreError.damaged("an obligation stands as \(word)")
            }
            result[matter, default: [:]][standing] = count
        }
        return result
    }

    public func documentsToSign(_ filter: SignatureFilter) async throws(StoreError) -> [DocumentRow] {
        let query = RegisterQuery.documentsToSign(filter)
        return try await read { try $0.all(query.sql, query.values, row: DocumentRow.init) }
    }

    public func countDocumentsToSign(_ filter: SignatureFilter) async throws(StoreError) -> Int {
        let query = RegisterQuery.countToSign(filter)
        return try await read { try $0.all(query.sql, query.values, row: { Int($0.integer(0)) }).first ?? 0 }
    }

    public func holder(of kind: ClaimRow.Kind, key: String) async throws(StoreError) -> ThreadTag? {
        try await read { connection in
            try connection.first(
                RegisterQuery.holder, .text(kind.rawValue), .text(key), row: { $0.id(0) as ThreadTag? }) ?? nil
        }
    }

    public func holders(
        of kind: ClaimRow.Kind, under owner: ThreadTag, limit: Int
    ) async throws(StoreError) -> [ThreadTag] {
        try await read { connection in
            try connection.all(
                RegisterQuery.holders,
                [.text(kind.rawValue), .text("\(owner)/"), .text("\(owner)0"), .number(max(limit, 0))],
                row: { $0.id(0) as ThreadTag? }
            ).compactMap { $0 }
        }
    }

    public func claims(
        of kind: ClaimRow.Kind, under owner: String, without part: String, limit: Int
    ) async throws(StoreError) -> [ClaimRow] {
        try await read { connection in
            try connection.all(
                RegisterQuery.claims,
                [.text(kind.rawValue), .text("\(owner)/"), .text("\(owner)0"), .text(part), .number(max(limit, 0))],
                row: ClaimRow.init)
        }
    }

    public func obligations(of caseThread: ThreadTag) async throws(StoreError) -> [ObligationRow] {
        try await read { try $0.all(RegisterQuery.obligations, .id(caseThread), row: ObligationRow.init) }
    }

    public func recording(_ thread: ThreadTag) async throws(StoreError) -> RecordingRow? {
        try await read { try $0.first(RegisterQuery.recording, .id(thread), row: RecordingRow.init) }
    }

    public func recordingsToInspect(
        after mark: RecordingRow?, limit: Int
    ) async throws(StoreError) -> [RecordingRow] {
        let place: [SQLValue] = [
            .integer(mark?.importedAt.milliseconds ?? Int64.min), .blob(mark?.thread.bytes ?? []),
            .integer(Int64(min(max(limit, 0), 1000))),
        ]
        return try await read { try $0.all(RegisterQuery.recordingsToInspect, place, row: RecordingRow.init) }
    }
}

extension RegisterQuery {
    /// In how many files the words of a text are found: decides which way a search goes.
    static func hits(of text: String, _ connection: Connection) throws -> Hits {
        guard let search = Search(text) else { return .none }
        let query = hits(search)
        let count = try connection.all(query.sql, query.values, row: { Int($0.integer(0)) }).first ?? 0
        return count > CaseFilter.countedHits ? .many : .few
    }
}
