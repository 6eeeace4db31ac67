import Application
import Casework
import Kernel

/// Claims the numbers of the cases that a ledger had before numbers were claimed.
///
/// Where two cases had one number already, the one that was opened first keeps it; both stay as they are.
enum CaseNumberClaims {
    static func make(on connection: Connection) throws {
        let reader = EntryReader(connection: connection)
        // A number stands in the opening of the case, or came by a correction.
        let threads = try connection.all(
            """
            SELECT thread FROM entry WHERE type = 'case.opened' AND (
                EXISTS (SELECT 1 FROM opening WHERE opening.position = entry.position AND name = 'caseNumber')
                OR EXISTS (
                    SELECT 1 FROM entry AS e WHERE e.thread = entry.thread AND e.type = 'entry.corrected'))
            ORDER BY position
            """, row: { row -> ThreadTag? in row.id(0) }
        ).compactMap { $0 }
        for thread in threads {
            let records = try reader.entries(of: thread, from: 1).compactMap { Record($0.entry) }
            guard let number = Case(records)?.caseNumber.map({ CaseNumber.key($0) }), !number.isEmpty else { continue }
            try connection.run(
                "INSERT OR IGNORE INTO claim (kind, key, thread) VALUES ('caseNumber', ?, ?)", .text(number),
                .id(thread))
        }
    }
}
