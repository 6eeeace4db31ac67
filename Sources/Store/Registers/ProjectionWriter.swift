import Application
import Casework
import Kernel

/// Writes projected rows. Runs inside the sequencer's transaction.
struct ProjectionWriter {
    let connection: Connection

    /// Puts a row in the place of the row with the same key.
    ///
    /// - Throws: `StoreError.taken` for a claim that exists, whoever holds it: a claim is made once.
    func upsert(_ row: ProjectionRow) throws { try upsert(row, values: row.values) }

    /// The same with the values of the row's columns at hand.
    func upsert(_ row: ProjectionRow, values: [SQLValue]) throws {
        switch row {
        case .person: try upsertPerson(values)
        case .subject(let row): try upsert(row, values: values)
        case .caseFile:
            // Asked before the row is taken apart: a dozen texts would be counted for nothing.
            if try grow(values) { return }
            if case .caseFile(let row) = row { try upsert(row, values: values) }
        case .document: try upsertDocument(values)
        case .obligation: try connection.run(Self.obligation, values)
        case .recording: try upsertRecording(values)
        case .claim(let row): try insert(row)
        }
    }

    /// Takes a row away; one that is not there is no error.
    func remove(_ key: ProjectionKey) throws {
        switch key.table {
        case .person: try connection.run("DELETE FROM person WHERE thread = ?", .id(key.owner))
        case .subject: try removeSubject(key.owner)
        case .caseFile: try removeCase(key.owner)
        case .document:
            guard let id = DocumentID(key.local) else { return }
            try connection.run("DELETE FROM document WHERE id = ?", .id(id))
        case .obligation:
            try connection.run(
                "DELETE FROM obligation WHERE case_thread = ? AND key = ?", .id(key.owner), .text(key.local))
        case .recording: try connection.run("DELETE FROM recording WHERE thread = ?", .id(key.owner))
        case .claim:
            let parts = key.local.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1)
            guard parts.count == 2 else { return }
            try connection.run(
                "DELETE FROM claim WHERE kind = ? AND key = ? AND thread = ?", .utf8(Array(parts[0])),
                .utf8(Array(parts[1])), .id(key.owner))
        }
    }

    /// Takes away all rows of a thread, also such as cannot be read. The search index is left as it is: whoever calls
    /// this makes it anew (`SearchIndex`).
    func purge(_ owner: ThreadTag) throws {
        try connection.run(
            "DELETE FROM case_handler WHERE \"case\" IN (SELECT id FROM case_file WHERE thread = ?)", .id(owner))
        for (table, column) in ProjectionReader.tables {
            try connection.run("DELETE FROM \(table) WHERE \(column) = ?", .id(owner))
        }
    }

    private func upsertPerson(_ values: [SQLValue]) throws {
        try connection.run(
            "INSERT OR REPLACE INTO person (\(PersonRow.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
    }

    private func upsertDocument(_ values: [SQLValue]) throws {
        // Not REPLACE, which fires no trigger for what it takes away: the counters follow by triggers.
        try connection.run(
            """
            INSERT INTO document (\(DocumentRow.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET case_thread = excluded.case_thread, kind = excluded.kind,
                state = excluded.state, fixed_at = excluded.fixed_at, issued_at = excluded.issued_at,
                year = excluded.year, number = excluded.number, number_text = excluded.number_text,
                open_slots = excluded.open_slots
            """,
            values)
    }

    // Not put together anew for each row.
    private static let obligation =
        "INSERT OR REPLACE INTO obligation (\(ObligationRow.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

    private func upsertRecording(_ values: [SQLValue]) throws {
        try connection.run(
            "INSERT OR REPLACE INTO recording (\(RecordingRow.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
    }

    /// Puts a row that was computed anew in its place, also over a claim that is held by the wrong thread.
    func put(_ row: ProjectionRow) throws {
        guard case .claim(let claim) = row else { return try upsert(row) }
        try connection.run("INSERT OR REPLACE INTO claim (\(ClaimRow.columns)) VALUES (?, ?, ?)", claim.values)
    }

    private func insert(_ row: ClaimRow) throws {
        let holder = try connection.first(
            "SELECT 1 FROM claim WHERE kind = ? AND key = ?", .text(row.kind.rawValue), .text(row.key),
            row: { _ in true })
        guard holder == nil else { throw StoreError.taken(row.kind, key: row.key) }
        try connection.run("INSERT INTO claim (\(ClaimRow.columns)) VALUES (?, ?, ?)", row.values)
    }
}
