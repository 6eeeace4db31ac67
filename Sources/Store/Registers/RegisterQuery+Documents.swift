import Application
import Casework
import Kernel

/// The register of documents with their cases.
extension RegisterQuery {
    /// One page of the register, newest first: the columns of a document, then title and party of its case.
    static func documentRegister(_ filter: DocumentRegisterFilter, kinds: [String]) -> RegisterQuery {
        let columns = DocumentRow.columns.split(separator: ", ").map { "d.\($0)" }.joined(separator: ", ")
        let size = min(max(filter.pageSize, 1), 1000)
        var query = registerSelection(filter, kinds: kinds)
        query.sql = """
            SELECT \(columns), c.title, c.subject_name FROM \(query.sql)
            ORDER BY d.fixed_at DESC, d.id DESC LIMIT ? OFFSET ?
            """
        query.values += [.number(size), .number(size * (max(filter.page, 1) - 1))]
        return query
    }

    /// How many documents a filter finds.
    static func countRegister(_ filter: DocumentRegisterFilter, kinds: [String]) -> RegisterQuery {
        var query = registerSelection(filter, kinds: kinds)
        query.sql = "SELECT count(*) FROM \(query.sql)"
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

    /// The narrowest source stands first: a number, then words, then a person, then the register itself.
    private static func registerSelection(_ filter: DocumentRegisterFilter, kinds: [String]) -> RegisterQuery {
        var conditions = Conditions()
        conditions.add("d.kind = ?", filter.kind.map { .text($0) })
        conditions.add("d.state = ?", filter.state.map { .text($0.rawValue) })
        conditions.add("d.fixed_at >= ?", filter.fixedFrom.map { .instant($0) })
        conditions.add("d.fixed_at < ?", filter.fixedBefore.map { .instant($0) })
        let handled = "EXISTS (SELECT 1 FROM case_handler AS h WHERE h.person = ? AND h.\"case\" = c.id)"
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
                    """, values: conditions.values)
        }
        if let search = Search(filter.text, columns: ["c.title", "c.subject_name"]) {
            conditions.text.append("t.case_text MATCH ?")
            conditions.values.append(.text(search.match))
            conditions.text.append(search.exact)
            conditions.values += search.values
            conditions.add(handled, filter.handler.map { .id($0) })
            return RegisterQuery(
                sql: """
                    case_text AS t CROSS JOIN case_file AS c ON c.id = t.rowid
                    CROSS JOIN document AS d ON d.case_thread = c.thread\(conditions.clause)
                    """, values: conditions.values)
        }
        if let handler = filter.handler {
            conditions.add("h.person = ?", .id(handler))
            return RegisterQuery(
                sql: """
                    case_handler AS h CROSS JOIN case_file AS c ON c.id = h."case"
                    CROSS JOIN document AS d ON d.case_thread = c.thread\(conditions.clause)
                    """, values: conditions.values)
        }
        return RegisterQuery(
            sql: "document AS d CROSS JOIN case_file AS c ON c.thread = d.case_thread\(conditions.clause)",
            values: conditions.values)
    }
}
