import Application
import Casework
import Kernel

/// The register of documents with their cases.
extension RegisterQuery {
    /// One page of the register: the columns of a document, then title, party and kind of its file.
    static func documentRegister(
        _ filter: DocumentRegisterFilter, kinds: [String], hits: Hits = .none
    ) -> RegisterQuery {
        let columns = documentColumns
        let size = min(max(filter.pageSize, 1), 1000)
        var query = registerSelection(filter, kinds: kinds, hits: hits)
        query.sql =
            "SELECT \(columns), c.title, c.subject_name, c.kind FROM \(query.sql) ORDER BY \(query.order) LIMIT ? OFFSET ?"
        query.values += [.number(size), .number(size * (max(filter.page, 1) - 1))]
        return query
    }

    /// How many documents a filter finds, one more than `DocumentRegisterFilter.counted` at most. Without a person, a day,
    /// a number or a word it is read from the counters.
    static func countRegister(
        _ filter: DocumentRegisterFilter, kinds: [String], hits: Hits = .none
    ) -> RegisterQuery {
        if filter.handler == nil, filter.fixedFrom == nil, filter.fixedBefore == nil, filter.number == nil,
            hits == .none
        {
            var conditions = Conditions()
            conditions.add("kind = ?", filter.kind.map { .text($0) })
            conditions.add("state = ?", filter.state.map { .text($0.rawValue) })
            return RegisterQuery(
                sql: "SELECT ifnull(sum(n), 0) FROM document_count\(conditions.clause)", values: conditions.values)
        }
        var query = registerSelection(filter, kinds: kinds, hits: hits)
        query.sql = "SELECT count(*) FROM (SELECT 1 FROM \(query.sql) LIMIT ?)"
        query.values.append(.number(DocumentRegisterFilter.counted + 1))
        return query
    }

    /// The kinds that have ever been numbered: a number is looked up kind by kind, because the index begins with it.
    static let numberedKinds = """
        WITH RECURSIVE numbered (kind) AS (
            SELECT min(kind) FROM document WHERE number IS NOT NULL
            UNION ALL
            SELECT (SELECT min(kind) FROM document WHERE number IS NOT NULL AND kind > numbered.kind)
            FROM numbered WHERE numbered.kind IS NOT NULL)
        SELECT kind FROM numbered WHERE kind IS NOT NULL
        """

    /// The narrowest source stands first: a number, then few hits of words, then a person, then many hits, then the
    /// register itself. Only the last two indices of it are in the order of time; elsewhere documents come case by case.
    private static func registerSelection(
        _ filter: DocumentRegisterFilter, kinds: [String], hits: Hits
    ) -> RegisterQuery {
        var conditions = Conditions()
        conditions.add("d.kind = ?", filter.kind.map { .text($0) })
        conditions.add("d.state = ?", filter.state.map { .text($0.rawValue) })
        conditions.add("d.fixed_at >= ?", filter.fixedFrom.map { .instant($0) })
        conditions.add("d.fixed_at < ?", filter.fixedBefore.map { .instant($0) })
        if let number = filter.number {
            if filter.kind == nil {
                conditions.text.append("d.kind IN (\(kinds.map { _ in "?" }.joined(separator: ", ")))")
                conditions.values += kinds.map { .text($0) }
            }
            conditions.add("d.year = ?", .number(number.year))
            conditions.add("d.number = ?", .number(number.number))
            if !number.mark.isEmpty { conditions.add("instr(d.number_text, ?) > 0", .text(number.mark)) }
            conditions.add(handled, filter.handler.map { .id($0) })
            return RegisterQuery(
                sql: """
                    document AS d INDEXED BY document_by_number
                    CROSS JOIN case_file AS c ON c.thread = d.case_thread\(conditions.clause)
                    """, values: conditions.values, order: "d.fixed_at DESC, d.id DESC")
        }
        let search = Search(filter.text)
        let ofCase = "CROSS JOIN document AS d INDEXED BY document_by_case ON d.case_thread = c.thread"
        let byCase = "c.id DESC, d.fixed_at DESC, d.id DESC"
        if let search {
            conditions.text.append(search.exact)
            conditions.values += search.values
        }
        if let handler = filter.handler, hits != .few {
            conditions.add("h.person = ?", .id(handler))
            return RegisterQuery(
                sql: "case_handler AS h CROSS JOIN case_file AS c ON c.id = h.\"case\" \(ofCase)\(conditions.clause)",
                values: conditions.values, order: "h.\"case\" DESC, d.fixed_at DESC, d.id DESC")
        }
        if let search {
            // Of many hits the newest cases alone: whoever wants another one says more of it.
            let newest = hits == .few ? "" : " ORDER BY t.rowid DESC LIMIT \(CaseFilter.countedHits)"
            conditions.text.append("c.id IN (SELECT t.rowid FROM case_text AS t WHERE t.case_text MATCH ?\(newest))")
            conditions.values.append(.text(search.match))
            conditions.add(handled, filter.handler.map { .id($0) })
            return RegisterQuery(
                sql: "case_file AS c \(ofCase)\(conditions.clause)", values: conditions.values, order: byCase)
        }
        return RegisterQuery(
            sql: "document AS d CROSS JOIN case_file AS c ON c.thread = d.case_thread\(conditions.clause)",
            values: conditions.values, order: "d.fixed_at DESC, d.id DESC")
    }
}
