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
        return try faults + handlerFaults() + countFaults() + openFaults()
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
        return wrong == nil ? [] : ["case_count says something else than case_file"]
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
        try connection.run("COMMIT")
    }
}
