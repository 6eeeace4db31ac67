import Application
import Kernel
import Ledger

/// Reads what a backup takes from the ledger, and computes it anew: a damaged ledger must not replace a sound backup.
struct LedgerReading {
    let connection: Connection

    private static let batch = 512

    /// The bureau's logs with their newest heads.
    func logs() throws -> [BackupManifest.Log] {
        let reader = EntryReader(connection: connection)
        let rows = try connection.all(
            "SELECT n, origin, vkey, opened FROM log ORDER BY n",
            row: { (Int($0.integer(0)), $0.text(1), $0.text(2), Instant(milliseconds: $0.integer(3))) })
        return try rows.map { number, origin, verifierKey, opened in
            guard let head = try reader.head(of: number) else { throw BackupError.ledger("log \(number) has no head") }
            return BackupManifest.Log(
                number: number, origin: origin, verifierKey: verifierKey, opened: opened, size: head.size,
                root: head.root, note: head.note)
        }
    }

    /// The root of a log at a size; nil if it has no such size.
    func root(log: Int, size: Int64) throws -> Digest? {
        do {
            return try RightEdge(size: Int(size), reader: NodeReader(connection: connection, log: log)).root
        } catch is ProofError {
            return nil
        }
    }

    /// How many openings of a file's entries are still there.
    func openings(of segment: BackupManifest.Segment) throws -> Int64 {
        guard segment.count > 0 else { return 0 }
        return try connection.first(
            "SELECT count(*) FROM opening WHERE position BETWEEN ? AND ?", .position(segment.log, segment.first),
            .position(segment.log, segment.first + segment.count - 1), row: { $0.integer(0) }) ?? 0
    }

    /// Writes entries, heads and commands of a range.
    ///
    /// - Parameters:
    ///   - headsAfter: heads of larger size are written, up to the end of the range.
    ///   - root: what the tree must lead to; nil when the range is not at the end of the log.
    /// - Returns: the number of openings.
    /// - Throws: `BackupError.ledger` for an entry that does not lead to its commitment or leaf, or another root.
    func write(
        log: Int, first: Int64, count: Int64, headsAfter: Int64, root: Digest?, to writer: SealedWriter
    ) throws -> Int64 {
        let reader = EntryReader(connection: connection)
        var edge = try RightEdge(size: Int(first), reader: NodeReader(connection: connection, log: log))
        var openings: Int64 = 0
        var index = first
        while index < first + count {
            let limit = Int(min(Int64(LedgerReading.batch), first + count - index))
            let entries = try reader.entries(of: log, from: index, limit: limit)
            let leaves = try reader.leaves(of: log, from: index, limit: limit)
            guard entries.count == limit, leaves.count == limit else {
                throw BackupError.ledger("entries after \(index) of log \(log) are missing")
            }
            for (logged, leaf) in zip(entries, leaves) {
                let entry = logged.entry
                guard logged.index == index, entry.leaf == leaf, entry.mismatches.isEmpty else {
                    throw BackupError.ledger(log > 1 ? "第\(log)个账本序号 \(index) 的记录" : "序号 \(index) 的记录")
                }
                edge.append(RFC6962.leafHash(leaf.bytes))
                openings += Int64(entry.openings.count)
                try writer.put(
                    SegmentRecord.entry(
                        prev: entry.prev, salt: entry.salt.value, skeleton: entry.skeleton.bytes,
                        openings: entry.openings
                    ).bytes)
                index += 1
            }
        }
        guard root == nil || edge.root == root else {
            throw BackupError.ledger("the entries of log \(log) do not lead to its signed root")
        }
        try writeHeads(log: log, after: headsAfter, to: first + count, writer)
        try writeCommands(log: log, from: first, to: first + count, writer)
        return openings
    }

    private func writeHeads(log: Int, after: Int64, to end: Int64, _ writer: SealedWriter) throws {
        let heads = try connection.all(
            "SELECT position, root, note FROM head WHERE position BETWEEN ? AND ? ORDER BY position",
            .position(log, after + 1), .position(log, end),
            row: { row -> SignedHead in
                guard let root = row.digest(1) else { throw BackupError.ledger("a head without root") }
                return SignedHead(size: Position(value: row.integer(0)).number, root: root, note: row.bytes(2))
            })
        for head in heads { try writer.put(SegmentRecord.head(head).bytes) }
    }

    private func writeCommands(log: Int, from first: Int64, to end: Int64, _ writer: SealedWriter) throws {
        let commands = try connection.all(
            "SELECT id, first, entries, answer FROM command WHERE first >= ? AND first < ? ORDER BY first",
            .position(log, first), .position(log, end),
            row: { row -> SegmentRecord in
                guard let id: CommandID = row.id(0) else { throw BackupError.ledger("a command without id") }
                return .command(
                    id, first: Position(value: row.integer(1)).number, count: Int(row.integer(2)), answer: row.bytes(3))
            })
        for command in commands { try writer.put(command.bytes) }
    }
}
