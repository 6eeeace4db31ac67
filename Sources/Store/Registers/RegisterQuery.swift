import Application
import Casework
import Kernel

/// The SQL of the registers, apart from its execution, so that a test can ask SQLite for the plan of each.
struct RegisterQuery {
    var sql: String
    var values: [SQLValue] = []
    /// The order of the list; empty where the query has it already.
    var order = ""

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
    /// From `<owner>/` up to `<owner>0`, the character after the stroke.
    static let holders = "SELECT thread FROM claim WHERE kind = ? AND key > ? AND key < ? ORDER BY key LIMIT ?"
    static let recording = "SELECT \(RecordingRow.columns) FROM recording WHERE thread = ?"
    static let recordingsToInspect = """
        SELECT \(RecordingRow.columns) FROM recording WHERE inspected = 0 AND (imported_at, thread) > (?, ?)
        ORDER BY imported_at, thread LIMIT ?
        """

    /// Cases by thread.
    static func caseFiles(_ threads: [ThreadTag]) -> RegisterQuery {
        among("SELECT \(CaseRow.columns) FROM case_file WHERE thread", threads)
    }

    /// Names of persons by thread.
    static func names(of threads: [ThreadTag]) -> RegisterQuery {
        among("SELECT thread, name FROM person WHERE thread", threads)
    }

    /// Rows whose thread is one of these. The last is repeated, so that there are few statements to prepare.
    private static func among(_ sql: String, _ threads: [ThreadTag]) -> RegisterQuery {
        var values = threads.prefix(1000).map { SQLValue.id($0) }
        if let last = values.last {
            values += [SQLValue](repeating: last, count: (values.count + 24) / 25 * 25 - values.count)
        }
        return RegisterQuery(
            sql: "\(sql) IN (\(values.map { _ in "?" }.joined(separator: ", ")))", values: values)
    }

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
    static func openObligations(_ filter: ObligationFilter, hits: Hits = .none) -> RegisterQuery {
        let row = filter.handler != nil && hits != .few ? "w" : "o"
        let columns = ObligationRow.columns.split(separator: ", ").map { "\(row).\($0)" }.joined(separator: ", ")
        var query = openSelection(filter, hits: hits)
        let size = min(max(filter.limit, 0), 1000)
        query.sql = "SELECT \(columns) FROM \(query.sql) ORDER BY \(query.order) LIMIT ? OFFSET ?"
        query.values += [.number(size), .number(size * (max(filter.page, 1) - 1))]
        return query
    }

    /// How many open obligations a filter finds.
    static func countOpen(_ filter: ObligationFilter, hits: Hits = .none) -> RegisterQuery {
        var query = openSelection(filter, hits: hits, isCount: true)
        query.sql = "SELECT count(*) FROM \(query.sql)"
        return query
    }

    private static func openSelection(
        _ filter: ObligationFilter, hits: Hits, isCount: Bool = false
    ) -> RegisterQuery {
        var conditions = Conditions()
        let search = Search(filter.text)
        // What is open in one person's cases stands by that person, in the order of terms; `o` is then that row.
        let isOwn = filter.handler != nil && hits != .few
        let due = isOwn ? "o.due" : "ifnull(o.due, \(never))"
        if !isOwn { conditions.text.append("o.state = 'open'") }
        if isOwn { conditions.add("o.person = ?", filter.handler.map { .id($0) }) }
        if !filter.who.isEmpty {
            conditions.text.append("o.who IN (\(filter.who.map { _ in "?" }.joined(separator: ", ")))")
            conditions.values += filter.who.map { .text($0) }
        }
        if let lateAt = filter.lateAt {
            conditions.text.append("o.late_from IS NOT NULL")
            // A list is read in the order of terms, in which what is late comes first; a total by the index of lateness.
            conditions.add("\(isCount ? "" : "+")o.late_from <= ?", .instant(lateAt))
            // What is late has ended before: the list ends where the terms of the future begin.
            if !isCount { conditions.add("\(due) <= ?", .instant(lateAt)) }
        }
        if filter.dueFrom != nil || filter.dueUntil != nil || filter.hasTerm == true {
            conditions.text.append("\(due) < \(never)")
        }
        conditions.add("\(due) >= ?", filter.dueFrom.map { .instant($0) })
        conditions.add("\(due) <= ?", filter.dueUntil.map { .instant($0) })
        if filter.hasTerm == false { conditions.text.append("\(due) >= \(never)") }
        var source = isOwn ? "obligation_handler AS o" : "obligation AS o"
        if let search, hits == .few {
            // Words find few cases; their obligations are found by case.
            source =
                "case_file AS c CROSS JOIN obligation AS o INDEXED BY obligation_open_by_case ON o.case_thread = c.thread"
            conditions.text.append("c.id IN (SELECT t.rowid FROM case_text AS t WHERE t.case_text MATCH ?)")
            conditions.values.append(.text(search.match))
            conditions.add(handled, filter.handler.map { .id($0) })
        } else if search != nil {
            source += " CROSS JOIN case_file AS c ON c.thread = o.case_thread"
        }
        if let search {
            conditions.text.append(search.exact)
            conditions.values += search.values
        }
        if isOwn, !isCount {
            source += " CROSS JOIN obligation AS w ON w.case_thread = o.case_thread AND w.key = o.key"
        }
        return RegisterQuery(
            sql: "\(source)\(conditions.clause)", values: conditions.values, order: "\(due), o.case_thread, o.key")
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
        let query = signatureSelection(filter)
        let size = min(max(filter.limit, 0), 1000)
        return RegisterQuery(
            sql: """
                SELECT \(columns) FROM (SELECT w.id, w.fixed_at FROM \(query.sql)
                ORDER BY w.fixed_at, w.id LIMIT ? OFFSET ?) AS n CROSS JOIN document AS d ON d.id = n.id
                ORDER BY n.fixed_at, n.id
                """,
            values: query.values + [.number(size), .number(size * (max(filter.page, 1) - 1))])
    }

    /// How many documents have one of these places open.
    static func countToSign(_ filter: SignatureFilter) -> RegisterQuery {
        var query = signatureSelection(filter)
        query.sql = "SELECT count(*) FROM \(query.sql)"
        return query
    }

    /// Documents that wait for signatures are few beside those that were made: they stand in a table of their own, by
    /// kind. A person's are found by the cases that they have at hand.
    private static func signatureSelection(_ filter: SignatureFilter) -> RegisterQuery {
        var conditions = Conditions()
        var source = "document_waiting AS w"
        if let handler = filter.handler {
            source = """
                case_at_hand AS a CROSS JOIN case_file AS c ON c.id = a."case"
                CROSS JOIN document_waiting AS w INDEXED BY document_waiting_by_case ON w.case_thread = c.thread
                """
            conditions.add("a.person = ?", .id(handler))
            conditions.text.append("a.state IN ('open', 'ended')")
        } else {
            // Each kind is looked up in the index; which of its places are open is asked of its rows.
            let kinds = Set(filter.places.map(\.kind)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            conditions.text.append("w.kind IN (\(kinds.map { _ in "?" }.joined(separator: ", ")))")
            conditions.values += kinds.map { .text($0) }
        }
        let places = filter.places.map { place in
            // Names stand in a JSON array, each between quotes; one that ends in `*` has only its beginning there.
            let isPrefix = place.slot.utf8.last == UInt8(ascii: "*")
            conditions.values += [
                .text(place.kind), .text(isPrefix ? "\"\(place.slot.dropLast())" : "\"\(place.slot)\""),
            ]
            return "w.kind = ? AND instr(w.open_slots, ?) > 0"
        }
        conditions.text.append(places.isEmpty ? "0" : "(\(places.joined(separator: " OR ")))")
        conditions.add(
            "NOT EXISTS (SELECT 1 FROM case_file AS f JOIN case_handler AS h ON h.\"case\" = f.id "
                + "WHERE f.thread = w.case_thread AND h.person = ?)", filter.notHandledBy.map { .id($0) })
        return RegisterQuery(sql: "\(source)\(conditions.clause)", values: conditions.values)
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
