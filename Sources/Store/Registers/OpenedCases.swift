import Kernel

/// The cases that findings led to, as the log holds them (ADR 0072): the claim that only one may hold is a row that follows
/// from the opening, and whoever has the file can take rows away.
struct OpenedCases {
    let connection: Connection

    /// Words for words what the index `entry_by_finding` is made of. Without the index the query fails: a case is not
    /// opened rather than looked for through the whole log.
    static let openings = """
        SELECT thread, skeleton FROM entry INDEXED BY entry_by_finding
        WHERE type = 'case.opened'
            AND iif(json_valid(skeleton), json_extract(skeleton, '$.refs[0].thread'), NULL) = ?
            AND iif(json_valid(skeleton), json_extract(skeleton, '$.refs[0].seq'), NULL) = ?
        ORDER BY position LIMIT 1
        """

    /// The first case that was opened from this entry; nil if none was. An opening names what it came from first.
    func first(from finding: ThreadTag, seq: Int) throws -> ThreadTag? {
        try connection.first(
            Self.openings, .text(finding.description), .number(seq), row: { $0.id(0) as ThreadTag? }
        ).flatMap { $0 }
    }
}
