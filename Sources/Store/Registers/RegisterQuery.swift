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
        let columns = ObligationRow.columns.split(separator: ", ").map { "o.\($0)" }.joined(separator: ", ")
        var source = "obligation AS o"
        if let handler = filter.handler {
            // The cases of one person are few; their obligations are found by case, whatever the planner thinks.
            source = """
                case_handler AS h CROSS JOIN case_file AS c ON c.id = h."case"
                CROSS JOIN obligation AS o ON o.case_thread = c.thread
                """
            conditions.add("h.person = ?", .id(handler))
        }
        return RegisterQuery(
            sql: """
                SELECT \(columns) FROM \(source)\(conditions.clause)
                ORDER BY ifnull(o.due, \(never)), o.case_thread, o.key LIMIT ?
                """,
            values: conditions.values + [.number(min(max(filter.limit, 0), 1000))])
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
