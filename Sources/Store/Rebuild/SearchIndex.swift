import Application
import Casework
import Kernel

/// What hangs on the rows of cases, parties and obligations: search index, handlers, counters, open obligations by row of
/// the law. All of it follows from those rows.
struct SearchIndex {
    let connection: Connection

    /// What does not follow from the rows, in words.
    func faults() throws -> [String] {
        var faults: [String] = []
        for (table, text, columns) in [
            ("case_file", "case_text", ("title", "subject_name")), ("subject", "subject_text", ("name", "code")),
        ] {
            let rows = try connection.all(
                "SELECT id, \(columns.0), \(columns.1) FROM \(table)",
                row: { (id: $0.integer(0), first: $0.text(1), second: $0.text(2)) })
            let indexed = try connection.all("SELECT id FROM \(text)_docsize", row: { $0.integer(0) })
            if Set(indexed) != Set(rows.map(\.id)) { faults.append("\(text) is of other rows than \(table)") }
            for row in rows {
                for (column, value) in [(0, row.first), (1, row.second)] where !value.isEmpty {
                    let name =
                        column == 0 ? text == "case_text" ? "title" : "name" : text == "case_text" ? "party" : "code"
                    let found = try connection.first(
                        "SELECT 1 FROM \(text) WHERE \(text) MATCH ? AND rowid = ?",
                        .text("\(name) : ^ \"\(Bigrams.tokens(of: value))\""), .integer(row.id), row: { _ in true })
                    if found == nil { faults.append("\(text) does not find row \(row.id) by its \(name)") }
                }
            }
        }
        return try faults + handlerFaults() + countFaults() + openFaults() + ownFaults()
    }

    private func handlerFaults() throws -> [String] {
        let cases = try connection.all("SELECT id, handlers FROM case_file", row: { ($0.integer(0), $0.bytes(1)) })
        var pairs: Set<[UInt8]> = []
        for (id, handlers) in cases {
            for tag in (RowText.decode(handlers) ?? []).compactMap({ ThreadTag($0) }) {
                pairs.insert(tag.bytes + Array("\(id)".utf8))
            }
        }
        let stored = try connection.all(
            "SELECT person, \"case\" FROM case_handler", row: { $0.bytes(0) + Array("\($0.integer(1))".utf8) })
        return Set(stored) == pairs ? [] : ["case_handler says something else than case_file"]
    }

    private func countFaults() throws -> [String] {
        let wrong = try connection.first(
            """
            SELECT 1 FROM (
                SELECT kind, state, stage, count(*) AS n FROM case_file GROUP BY kind, state, stage
                EXCEPT SELECT kind, state, stage, n FROM case_count
            ) UNION ALL SELECT 1 FROM (
                SELECT kind, state, stage, n FROM case_count WHERE n <> 0
                EXCEPT SELECT kind, state, stage, count(*) FROM case_file GROUP BY kind, state, stage
            ) LIMIT 1
            """, row: { _ in true })
        let documents = try connection.first(
            """
            SELECT 1 FROM (
                SELECT kind, state, count(*) AS n FROM document GROUP BY kind, state
                EXCEPT SELECT kind, state, n FROM document_count
            ) UNION ALL SELECT 1 FROM (
                SELECT kind, state, n FROM document_count WHERE n <> 0
                EXCEPT SELECT kind, state, count(*) FROM document GROUP BY kind, state
            ) LIMIT 1
            """, row: { _ in true })
        return (wrong == nil ? [] : ["case_count says something else than case_file"])
            + (documents == nil ? [] : ["document_count says something else than document"])
    }

    /// What is open in the cases of each person.
    private static let own = """
        SELECT h.person, ifnull(o.due, 9223372036854775807), o.case_thread, o.key, o.who, o.late_from
        FROM obligation AS o CROSS JOIN case_file AS c ON c.thread = o.case_thread
        CROSS JOIN case_handler AS h ON h."case" = c.id WHERE o.state = 'open'
        """

    private func ownFaults() throws -> [String] {
        let stored = "SELECT person, due, case_thread, key, who, late_from FROM obligation_handler"
        let wrong = try connection.first(
            """
            SELECT 1 FROM (\(Self.own) EXCEPT \(stored))
            UNION ALL SELECT 1 FROM (\(stored) EXCEPT \(Self.own)) LIMIT 1
            """, row: { _ in true })
        return try (wrong == nil ? [] : ["obligation_handler says something else than obligation and case_handler"])
            + followerFaults("case_at_hand", Self.atHand) + followerFaults("document_waiting", Self.waiting)
            + followerFaults("obligation_count", Self.totals, "n <> 0")
    }

    /// Each person's cases.
    private static let atHand = """
        SELECT h.person, c.state, c.last_at, c.id, c.kind
        FROM case_handler AS h CROSS JOIN case_file AS c ON c.id = h."case"
        """

    /// Documents of cases with a place that is open.
    private static let waiting = """
        SELECT d.kind, d.fixed_at, d.id, d.case_thread, d.open_slots
        FROM document AS d CROSS JOIN case_file AS c ON c.thread = d.case_thread
        WHERE d.state = 'fixed'
        """

    /// How many obligations are open for whom, by days.
    private static let totals = """
        SELECT who, ifnull(due, 9223372036854775807) / 86400000, ifnull(late_from, 9223372036854775807) / 86400000, count(*)
        FROM obligation WHERE state = 'open' GROUP BY 1, 2, 3
        """

    /// - Parameter condition: what rows of the table say anything.
    private func followerFaults(_ table: String, _ wanted: String, _ condition: String = "1") throws -> [String] {
        let stored = "SELECT * FROM \(table) WHERE \(condition)"
        let wrong = try connection.first(
            """
            SELECT 1 FROM (\(wanted) EXCEPT \(stored)) UNION ALL SELECT 1 FROM (\(stored) EXCEPT \(wanted)) LIMIT 1
            """, row: { _ in true })
        return wrong == nil ? [] : ["\(table) says something else than the rows that it follows from"]
    }

    /// The open obligations, once under each of their rows.
    private static let open = """
        SELECT DISTINCT p.value, ifnull(o.late_from, 9223372036854775807), o.case_thread, o.key
        FROM obligation AS o, json_each(iif(json_valid(o.provisions), o.provisions, '[]')) AS p
        WHERE o.state = 'open'
        """

    private func openFaults() throws -> [String] {
        let stored = "SELECT provision, late_from, case_thread, key FROM obligation_provision"
        let wrong = try connection.first(
            """
            SELECT 1 FROM (\(Self.open) EXCEPT \(stored))
            UNION ALL SELECT 1 FROM (\(stored) EXCEPT \(Self.open)) LIMIT 1
            """, row: { _ in true })
        return wrong == nil ? [] : ["obligation_provision says something else than obligation"]
    }

    /// Makes all of it anew from the rows, in one transaction.
    func rebuild() throws {
        try connection.run("BEGIN IMMEDIATE")
        try connection.run("INSERT INTO case_text (case_text) VALUES ('delete-all')")
        try connection.run("INSERT INTO subject_text (subject_text) VALUES ('delete-all')")
        try connection.run("DELETE FROM case_handler")
        try connection.run("DELETE FROM case_count")
        try connection.run(
            "INSERT INTO case_count SELECT kind, state, stage, count(*) FROM case_file GROUP BY kind, state, stage")
        try connection.run("DELETE FROM document_count")
        try connection.run(
            "INSERT INTO document_count SELECT kind, state, count(*) FROM document GROUP BY kind, state")
        try connection.run("DELETE FROM obligation_provision")
        try connection.run("INSERT INTO obligation_provision \(Self.open)")
        let cases = try connection.all(
            "SELECT \(CaseRow.columns), id FROM case_file", row: { (try CaseRow($0), $0.integer(13)) })
        let subjects = try connection.all(
            "SELECT \(SubjectRow.columns), id FROM subject", row: { (try SubjectRow($0), $0.integer(4)) })
        let writer = ProjectionWriter(connection: connection)
        for (row, id) in cases {
            try writer.index(row, id: id)
            try writer.addHandlers(of: row, id: id)
        }
        for (row, id) in subjects { try writer.index(row, id: id) }
        // Handlers were taken away and put back above, and triggers followed: what they left over goes.
        try connection.run("DELETE FROM obligation_handler")
        try connection.run("INSERT INTO obligation_handler \(Self.own)")
        try connection.run("DELETE FROM case_at_hand")
        try connection.run("INSERT INTO case_at_hand \(Self.atHand)")
        try connection.run("DELETE FROM document_waiting")
        try connection.run("INSERT INTO document_waiting \(Self.waiting)")
        try connection.run("DELETE FROM obligation_count")
        try connection.run("INSERT INTO obligation_count \(Self.totals)")
        try connection.run("COMMIT")
    }
}
