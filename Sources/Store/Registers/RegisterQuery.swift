import Application
import Casework
import Kernel

/// The SQL of the registers, apart from its execution, so that a test can ask SQLite for the plan of each.
struct RegisterQuery {
    var sql: String
    var values: [SQLValue] = []

    static let persons = "SELECT \(PersonRow.columns) FROM person ORDER BY name, thread LIMIT 10000"
    static let person = "SELECT \(PersonRow.columns) FROM person WHERE thread = ?"
    static let personByAccount = "SELECT \(PersonRow.columns) FROM person WHERE account = ?"
    static let subject = "SELECT \(SubjectRow.columns) FROM subject WHERE thread = ?"
    static let caseFile = "SELECT \(CaseRow.columns) FROM case_file WHERE thread = ?"
    static let lastNumber = """
        SELECT number FROM document WHERE kind = ? AND year = ? AND number IS NOT NULL ORDER BY number DESC LIMIT 1
        """
    static let obligations = """
        SELECT \(ObligationRow.columns) FROM obligation WHERE case_thread = ? ORDER BY ifnull(due, \(never)), key
        """
    static let holder = "SELECT thread FROM claim WHERE kind = ? AND key = ?"
    static let recording = "SELECT \(RecordingRow.columns) FROM recording WHERE thread = ?"
    static let recordingsToInspect = """
        SELECT \(RecordingRow.columns) FROM recording WHERE inspected = 0 ORDER BY imported_at, thread LIMIT ?
        """

    /// Where a row without a term stands in the order of terms. The index has the same number in it.
    static let never = Int64.max

    /// The documents of a filter.
    static func documents(_ filter: DocumentFilter) -> RegisterQuery {
        var conditions = Conditions()
        conditions.add("case_thread = ?", filter.caseThread.map { .id($0) })
        conditions.add("kind = ?", filter.kind.map { .text($0) })
        conditions.add("state = ?", filter.state.map { .text($0.rawValue) })
        conditions.add("year = ?", filter.year.map { .integer(Int64($0)) })
        let size = min(max(filter.pageSize, 1), 100)
        return RegisterQuery(
            sql: """
                SELECT \(DocumentRow.columns) FROM document\(conditions.clause)
                ORDER BY fixed_at DESC, id DESC LIMIT ? OFFSET ?
                """,
            values: conditions.values + [.number(size), .number(size * (max(filter.page, 1) - 1))])
    }

    /// The open obligations of a filter, nearest term first, those without a term last.
    static func openObligations(_ filter: ObligationFilter) -> RegisterQuery {
        let columns = ObligationRow.columns.split(separator: ", ").map { "o.\($0)" }.joined(separator: ", ")
        var query = openSelection(filter)
        let size = min(max(filter.limit, 0), 1000)
        query.sql = """
            SELECT \(columns) FROM \(query.sql)
            ORDER BY ifnull(o.due, \(never)), o.case_thread, o.key LIMIT ? OFFSET ?
            """
        query.values += [.number(size), .number(size * (max(filter.page, 1) - 1))]
        return query
    }

    /// How many open obligations a filter finds.
    static func countOpen(_ filter: ObligationFilter) -> RegisterQuery {
        var query = openSelection(filter)
        query.sql = "SELECT count(*) FROM \(query.sql)"
        return query
    }

    private static func openSelection(_ filter: ObligationFilter) -> RegisterQuery {
        var conditions = Conditions()
        conditions.text.append("o.state = 'open'")
        if !filter.who.isEmpty {
            conditions.text.append("o.who IN (\(filter.who.map { _ in "?" }.joined(separator: ", ")))")
            conditions.values += filter.who.map { .text($0) }
        }
        if let lateAt = filter.lateAt {
            conditions.text.append("o.late_from IS NOT NULL")
            conditions.add("o.late_from <= ?", .instant(lateAt))
        }
        if filter.dueFrom != nil || filter.dueUntil != nil || filter.hasTerm == true {
            conditions.text.append("o.due IS NOT NULL")
        }
        conditions.add("ifnull(o.due, \(never)) >= ?", filter.dueFrom.map { .instant($0) })
        conditions.add("ifnull(o.due, \(never)) <= ?", filter.dueUntil.map { .instant($0) })
        if filter.hasTerm == false { conditions.text.append("o.due IS NULL") }
        var source = "obligation AS o"
        if let search = Search(filter.text, columns: ["c.title", "c.subject_name"]) {
            // Words find few cases; their obligations are found by case.
            source = """
                case_text AS t CROSS JOIN case_file AS c ON c.id = t.rowid
                CROSS JOIN obligation AS o ON o.case_thread = c.thread
                """
            conditions.text.append("t.case_text MATCH ?")
            conditions.values.append(.text(search.match))
            conditions.text.append(search.exact)
            conditions.values += search.values
            conditions.add(
                "EXISTS (SELECT 1 FROM case_handler AS h WHERE h.person = ? AND h.\"case\" = c.id)",
                filter.handler.map { .id($0) })
        } else if let handler = filter.handler {
            // The cases of one person are few; their obligations are found by case, whatever the planner thinks.
            source = """
                case_handler AS h CROSS JOIN case_file AS c ON c.id = h."case"
                CROSS JOIN obligation AS o ON o.case_thread = c.thread
                """
            conditions.add("h.person = ?", .id(handler))
        }
        return RegisterQuery(sql: "\(source)\(conditions.clause)", values: conditions.values)
    }

    /// How many obligations are open, and how many of them late, under each row of a text: of all cases, or of those that
    /// one person handles.
    static func openCounts(of regulation: String, handler: ThreadTag?, at: Instant) -> RegisterQuery {
        // Ids of rows begin with the text's and a colon; what follows the colon in ASCII ends the range.
        let range: [SQLValue] = [.text("\(regulation):"), .text("\(regulation);")]
        guard let handler else {
            return RegisterQuery(
                sql: """
                    SELECT provision, count(*), sum(late_from <= ?) FROM obligation_provision
                    WHERE provision >= ? AND provision < ? GROUP BY provision
                    """, values: [.instant(at)] + range)
        }
        return RegisterQuery(
            sql: """
                SELECT p.provision, count(*), sum(p.late_from <= ?)
                FROM case_handler AS h CROSS JOIN case_file AS c ON c.id = h."case"
                CROSS JOIN obligation_provision AS p ON p.case_thread = c.thread
                WHERE h.person = ? AND p.provision >= ? AND p.provision < ? GROUP BY p.provision
                """, values: [.instant(at), .id(handler)] + range)
    }

    /// Documents with one of these places open, those fixed first in front.
    static func documentsToSign(_ filter: SignatureFilter) -> RegisterQuery {
        let columns = DocumentRow.columns.split(separator: ", ").map { "d.\($0)" }.joined(separator: ", ")
        var query = signatureSelection(filter)
        let size = min(max(filter.limit, 0), 1000)
        query.sql = "SELECT \(columns) FROM \(query.sql) ORDER BY d.fixed_at, d.id LIMIT ? OFFSET ?"
        query.values += [.number(size), .number(size * (max(filter.page, 1) - 1))]
        return query
    }

    /// How many documents have one of these places open.
    static func countToSign(_ filter: SignatureFilter) -> RegisterQuery {
        var query = signatureSelection(filter)
        query.sql = "SELECT count(*) FROM \(query.sql)"
        return query
    }

    /// Documents that wait for signatures are few beside those that were made: they are found by their state.
    private static func signatureSelection(_ filter: SignatureFilter) -> RegisterQuery {
        var conditions = Conditions()
        conditions.text.append("d.state = 'fixed'")
        let places = filter.places.map { place in
            // Names stand in a JSON array, each between quotes; one that ends in `*` has only its beginning there.
            let isPrefix = place.slot.utf8.last == UInt8(ascii: "*")
            conditions.values += [
                .text(place.kind), .text(isPrefix ? "\"\(place.slot.dropLast())" : "\"\(place.slot)\""),
            ]
            return "d.kind = ? AND instr(d.open_slots, ?) > 0"
        }
        conditions.text.append(places.isEmpty ? "0" : "(\(places.joined(separator: " OR ")))")
        let handled =
            "EXISTS (SELECT 1 FROM case_file AS c JOIN case_handler AS h ON h.\"case\" = c.id "
            + "WHERE c.thread = d.case_thread AND h.person = ?)"
        conditions.add(handled, filter.handler.map { .id($0) })
        conditions.add("NOT \(handled)", filter.notHandledBy.map { .id($0) })
        // A filed case takes no signature any more.
        conditions.text.append(
            "EXISTS (SELECT 1 FROM case_file AS f WHERE f.thread = d.case_thread AND f.state <> 'filed')")
        return RegisterQuery(sql: "document AS d\(conditions.clause)", values: conditions.values)
    }

    /// Conditions joined by AND.
    struct Conditions {
        var text: [String] = []
        var values: [SQLValue] = []

        /// Adds a condition if it has a value.
        mutating func add(_ condition: String, _ value: SQLValue?) {
            guard let value else { return }
            text.append(condition)
            values.append(value)
        }

        var clause: String { text.isEmpty ? "" : " WHERE " + text.joined(separator: " AND ") }
    }
}
