import Application
import Casework
import Kernel

/// Reads the stored rows of one thread, to compare them with rows computed anew.
struct ProjectionReader {
    let connection: Connection

    /// The tables of projected rows with the column that names the owner.
    static let tables = [
        ("person", "thread"), ("subject", "thread"), ("case_file", "thread"), ("document", "case_thread"),
        ("obligation", "case_thread"), ("recording", "thread"), ("claim", "thread"),
    ]

    /// Threads in the order of their tags.
    func threads(after: ThreadTag?, limit: Int) throws -> [ThreadTag] {
        try connection.all(
            "SELECT tag FROM thread WHERE tag > ? ORDER BY tag LIMIT ?", .blob(after?.bytes ?? []), .number(limit),
            row: { row in
                guard let tag: ThreadTag = row.id(0) else { throw StoreError.damaged("a thread has a malformed tag") }
                return tag
            })
    }

    /// How many threads there are. Reads the whole index of threads: for work that reads them all anyway.
    func countThreads() throws -> Int {
        try connection.first("SELECT count(*) FROM thread", row: { Int($0.integer(0)) }) ?? 0
    }

    /// Owners of stored rows that are no threads.
    func orphans() throws -> [ThreadTag] {
        var orphans: Set<ThreadTag> = []
        for (table, column) in ProjectionReader.tables {
            let found = try connection.all(
                "SELECT DISTINCT \(column) FROM \(table) WHERE \(column) NOT IN (SELECT tag FROM thread)",
                row: { row -> ThreadTag? in row.id(0) })
            orphans.formUnion(found.compactMap { $0 })
        }
        return orphans.sorted()
    }

    /// Every stored row that is derived from one thread.
    func rows(of owner: ThreadTag) throws -> [ProjectionRow] {
        try ProjectionKey.Table.allCases.flatMap { try rows(in: $0, of: owner) }
    }

    private func rows(in table: ProjectionKey.Table, of owner: ThreadTag) throws -> [ProjectionRow] {
        func all(_ columns: String, _ source: String, _ row: (Statement) throws -> ProjectionRow) throws
            -> [ProjectionRow]
        {
            try connection.all("SELECT \(columns) FROM \(source) = ?", .id(owner), row: row)
        }
        return switch table {
        case .person: try all(PersonRow.columns, "person WHERE thread") { .person(try PersonRow($0)) }
        case .subject: try all(SubjectRow.columns, "subject WHERE thread") { .subject(try SubjectRow($0)) }
        case .caseFile: try all(CaseRow.columns, "case_file WHERE thread") { .caseFile(try CaseRow($0)) }
        case .document: try all(DocumentRow.columns, "document WHERE case_thread") { .document(try DocumentRow($0)) }
        case .obligation:
            try all(ObligationRow.columns, "obligation WHERE case_thread") { .obligation(try ObligationRow($0)) }
        case .recording: try all(RecordingRow.columns, "recording WHERE thread") { .recording(try RecordingRow($0)) }
        case .claim: try all(ClaimRow.columns, "claim WHERE thread") { .claim(try ClaimRow($0)) }
        }
    }

    /// What differs between the stored rows and those expected: missing, other, extra. In the order of the expected
    /// rows, then of the stored.
    func differences(from expected: [ProjectionRow], of owner: ThreadTag) throws -> [ProjectionDifference] {
        var stored: [ProjectionKey: ProjectionRow] = [:]
        let rows = try rows(of: owner)
        for row in rows { stored[row.key] = row }
        var differences: [ProjectionDifference] = []
        for row in expected {
            let found = stored.removeValue(forKey: row.key)
            if found?.values != row.values {
                differences.append(ProjectionDifference(key: row.key, expected: row, stored: found))
            }
        }
        for row in rows {
            guard let extra = stored[row.key] else { continue }
            differences.append(ProjectionDifference(key: row.key, expected: nil, stored: extra))
        }
        return differences
    }
}
