import Application
import Casework
import Kernel

/// Parties and cases: their rows carry a search index and, for cases, the list of handlers.
///
/// The index keeps no text, so taking a row out of it needs the text that was put in: it is read before it changes.
extension ProjectionWriter {
    func upsert(_ row: SubjectRow, values: [SQLValue]) throws {
        let old = try connection.first(
            "SELECT \(SubjectRow.columns), id FROM subject WHERE thread = ?", .id(row.thread),
            row: { (id: $0.integer(4), row: try SubjectRow($0)) })
        guard let old else {
            try connection.run(
                "INSERT INTO subject (\(SubjectRow.columns)) VALUES (?, ?, ?, ?)", values)
            return try index(row, id: connection.lastRowID)
        }
        guard old.row.values != values else { return }
        try connection.run(
            "UPDATE subject SET kind = ?, name = ?, code = ? WHERE id = ?", .text(row.kind), .text(row.name),
            .text(row.code), .integer(old.id))
        try unindex(old.row, id: old.id)
        try index(row, id: old.id)
    }

    func removeSubject(_ thread: ThreadTag) throws {
        let old = try connection.first(
            "SELECT \(SubjectRow.columns), id FROM subject WHERE thread = ?", .id(thread),
            row: { (id: $0.integer(4), row: try SubjectRow($0)) })
        guard let old else { return }
        try unindex(old.row, id: old.id)
        try connection.run("DELETE FROM subject WHERE id = ?", .integer(old.id))
    }

    func index(_ row: SubjectRow, id: Int64) throws {
        try connection.run(
            "INSERT INTO subject_text (rowid, name, code) VALUES (?, ?, ?)", .integer(id),
            .text(Bigrams.tokens(of: row.name)), .text(Bigrams.tokens(of: row.code)))
    }

    private func unindex(_ row: SubjectRow, id: Int64) throws {
        try connection.run(
            "INSERT INTO subject_text (subject_text, rowid, name, code) VALUES ('delete', ?, ?, ?)", .integer(id),
            .text(Bigrams.tokens(of: row.name)), .text(Bigrams.tokens(of: row.code)))
    }

    /// Moves a case's last change, where that and the number of its entries is all that changes. Most steps change nothing
    /// else: then only the indices of the last change are touched, and nothing is read.
    ///
    /// - Parameter values: the columns of a row of `case_file`.
    /// - Returns: false if more changes, or there is no such row; nothing was written then.
    func grow(_ values: [SQLValue]) throws -> Bool {
        try connection.run(
            """
            UPDATE case_file SET last_at = ?12, entries = ?13 WHERE thread = ?1 AND kind = ?2 AND title = ?3
                AND subject = ?4 AND subject_name = ?5 AND handlers = ?6 AND stage = ?7 AND state = ?8
                AND opened_at = ?9 AND ended_at IS ?10 AND filed_at IS ?11
            """, values)
        return connection.changes == 1
    }

    /// Puts the row of a case of which more changes than `grow` says, or which is new.
    func upsert(_ row: CaseRow, values: [SQLValue]) throws {
        guard let old = try storedCase(row.thread) else {
            try connection.run(
                "INSERT INTO case_file (\(CaseRow.columns), id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values + [try freeNumber(of: row.thread).map { .integer($0) } ?? .null])
            let id = connection.lastRowID
            try index(row, id: id)
            return try addHandlers(of: row, id: id)
        }
        try connection.run(
            """
            UPDATE case_file SET thread = ?, kind = ?, title = ?, subject = ?, subject_name = ?, handlers = ?, stage = ?,
                state = ?, opened_at = ?, ended_at = ?, filed_at = ?, last_at = ?, entries = ? WHERE id = ?
            """,
            values + [.integer(old.id)])
        if !old.row.title.utf8.elementsEqual(row.title.utf8)
            || !old.row.subjectName.utf8.elementsEqual(row.subjectName.utf8)
        {
            try unindex(old.row, id: old.id)
            try index(row, id: old.id)
        }
        if old.row.handlers != row.handlers {
            try connection.run("DELETE FROM case_handler WHERE \"case\" = ?", .integer(old.id))
            try addHandlers(of: row, id: old.id)
        }
    }

    /// A case is numbered by the position of its first entry, so that a search can give cases in the order of their
    /// opening without sorting them, also after a rebuild. Nil if there is no entry, or an older program gave the number
    /// to another case: the next free number is taken then.
    private func freeNumber(of thread: ThreadTag) throws -> Int64? {
        try connection.first(
            """
            SELECT position + 1 FROM entry WHERE thread = ? AND seq = 1
            AND NOT EXISTS (SELECT 1 FROM case_file WHERE id = position + 1)
            """, .id(thread), row: { $0.integer(0) })
    }

    func removeCase(_ thread: ThreadTag) throws {
        guard let old = try storedCase(thread) else { return }
        try unindex(old.row, id: old.id)
        try connection.run("DELETE FROM case_handler WHERE \"case\" = ?", .integer(old.id))
        try connection.run("DELETE FROM case_file WHERE id = ?", .integer(old.id))
    }

    private func storedCase(_ thread: ThreadTag) throws -> (id: Int64, row: CaseRow)? {
        try connection.first(
            "SELECT \(CaseRow.columns), id FROM case_file WHERE thread = ?", .id(thread),
            row: { (id: $0.integer(13), row: try CaseRow($0)) })
    }

    func addHandlers(of row: CaseRow, id: Int64) throws {
        for handler in Set(row.handlers).sorted() {
            // Those of a row that was lost may still be there: the number of a case is always the same.
            try connection.run(
                "INSERT OR IGNORE INTO case_handler (person, \"case\") VALUES (?, ?)", .id(handler), .integer(id))
        }
    }

    func index(_ row: CaseRow, id: Int64) throws {
        try connection.run(
            "INSERT INTO case_text (rowid, title, party) VALUES (?, ?, ?)", .integer(id),
            .text(Bigrams.tokens(of: row.title)), .text(Bigrams.tokens(of: row.subjectName)))
    }

    private func unindex(_ row: CaseRow, id: Int64) throws {
        try connection.run(
            "INSERT INTO case_text (case_text, rowid, title, party) VALUES ('delete', ?, ?, ?)", .integer(id),
            .text(Bigrams.tokens(of: row.title)), .text(Bigrams.tokens(of: row.subjectName)))
    }
}
