import Application
import Casework
import Kernel

/// Reads the stored rows of one thread, to compare them with rows computed anew.
struct ProjectionReader {
    let connection: Connection

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
