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
    static let personsWaiting = """
        SELECT \(PersonRow.columns) FROM person WHERE account_state = ? ORDER BY name, thread LIMIT 10000
        """
    static let names = "SELECT thread, name FROM person ORDER BY name, thread LIMIT 10000"
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
    static let claims = """
        SELECT \(ClaimRow.columns) FROM claim WHERE kind = ? AND key > ? AND key < ? AND instr(key, ?) = 0
        ORDER BY key LIMIT ?
        """
    static let document = "SELECT \(DocumentRow.columns) FROM document WHERE id = ?"
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

    /// Claims of case numbers by the cases that hold them.
    static func caseNumbers(of threads: [ThreadTag]) -> RegisterQuery {
        among("SELECT thread, key FROM claim WHERE kind = 'caseNumber' AND thread", threads)
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

    // Put together once, not for each query.
    static let caseColumns = columns(CaseRow.columns, of: "c")
    static let documentColumns = columns(DocumentRow.columns, of: "d")
    static let subjectColumns = columns(SubjectRow.columns, of: "s")

    /// The columns of a row, each with its table's short name before it.
    static func columns(_ columns: String, of table: String) -> String {
        columns.split { $0 == "," || $0.isWhitespace }.map { "\(table).\($0)" }.joined(separator: ", ")
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

    /// Documents with one of these places open, those fixed first in front.
    static func documentsToSign(_ filter: SignatureFilter) -> RegisterQuery {
        let columns = documentColumns
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
