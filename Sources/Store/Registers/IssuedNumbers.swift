import Kernel

/// Numbers of documents as the log holds them (ADR 0070): rows of documents and claims follow from the entries, and whoever
/// has the file can take rows away.
struct IssuedNumbers {
    let connection: Connection

    /// Words for words what the index `entry_by_number` is made of, or SQLite does not know it again.
    private static let year = "iif(json_valid(skeleton), json_extract(skeleton, '$.plain.year'), NULL)"
    private static let number = "iif(json_valid(skeleton), json_extract(skeleton, '$.plain.number'), NULL)"

    /// Without its index the query fails: a number is not given rather than looked for through the whole log.
    static let bearers = """
        SELECT thread, skeleton FROM entry INDEXED BY entry_by_number
        WHERE type = 'document.issued' AND \(year) = ? AND \(number) = ?
        """
    static let skeleton = "SELECT skeleton FROM entry WHERE thread = ? AND seq = ?"

    /// The first number from `first` on that no issued document of the kind bears in the year.
    ///
    /// One look as long as register and log agree: at a number stand as many entries as there are kinds at most.
    func free(kind: String, year: Int, from first: Int) throws -> Int {
        var number = first
        while try isGiven(number, kind: kind, year: year) { number += 1 }
        return number
    }

    /// Whether an entry of the log gave the number. One whose kind cannot be read counts: a number that is passed over can
    /// be explained, one that stands on two papers cannot.
    private func isGiven(_ number: Int, kind: String, year: Int) throws -> Bool {
        let bearers = try connection.all(
            Self.bearers, .number(year), .number(number), row: { ($0.id(0) as ThreadTag?, $0.bytes(1)) })
        return try bearers.contains { thread, skeleton in
            guard let thread, let seq = (try? JSON(canonical: skeleton)).flatMap({ Self.fixed(of: $0) }) else {
                return true
            }
            return try self.kind(fixedIn: thread, seq).map { $0 == kind } ?? true
        }
    }

    /// The kind of a document by the entry that fixed its text; nil if there is none that says it.
    func kind(fixedIn thread: ThreadTag, _ seq: Int64) throws -> String? {
        let skeleton = try connection.first(Self.skeleton, .id(thread), .integer(seq), row: { $0.bytes(0) })
        return skeleton.flatMap { try? JSON(canonical: $0) }?["plain"]?["kind"]?.string
    }

    /// Where in its thread stands the text that an issue names.
    static func fixed(of issue: JSON) -> Int64? {
        issue["refs"]?.elements?.first { $0["as"]?.string == "fixed" }?["seq"]?.integer
    }
}
