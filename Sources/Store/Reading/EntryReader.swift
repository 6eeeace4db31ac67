import Application
import Casework
import Kernel
import Ledger

/// Reads entries, threads and commands on one connection.
struct EntryReader {
    let connection: Connection

    /// What a command answered; nil if it was not carried out.
    func receipt(of command: CommandID) throws -> AppendReceipt? {
        try connection.first(
            "SELECT first, entries, answer FROM command WHERE id = ?", .id(command),
            row: { row in
                let first = Position(value: row.integer(0)).number
                let size = first + row.integer(1)
                return AppendReceipt(
                    indices: Array(first..<size), size: size, answer: try JSON(canonical: row.bytes(2)),
                    repeated: true)
            })
    }

    /// The newest entry of a thread.
    func head(of thread: ThreadTag) throws -> ThreadHead? {
        try connection.first(
            "SELECT seq, commitment FROM thread WHERE tag = ?", .id(thread),
            row: { row in
                guard let commitment = row.digest(1) else {
                    throw StoreError.damaged("the head of thread \(thread) holds no commitment")
                }
                return ThreadHead(seq: Int(row.integer(0)), commitment: commitment)
            })
    }

    private static let columns = "position, prev, salt, skeleton"

    /// A thread from `seq` on.
    func entries(of thread: ThreadTag, from seq: Int) throws -> [LoggedEntry] {
        try connection.all(
            "SELECT \(EntryReader.columns) FROM entry WHERE thread = ? AND seq >= ? ORDER BY seq", .id(thread),
            .integer(Int64(seq)), row: { ($0.integer(0), $0.bytes(3), $0.digest(1), $0.digest(2)) }
        ).map { try entry(position: $0, skeleton: $1, prev: $2, salt: $3) }
    }

    /// Entries of one log by position.
    func entries(of log: Int, from index: Int64, limit: Int) throws -> [LoggedEntry] {
        try connection.all(
            "SELECT \(EntryReader.columns) FROM entry WHERE position BETWEEN ? AND ? ORDER BY position LIMIT ?",
            .position(log, index), .integer(Position.all(of: log).upperBound), .integer(Int64(limit)),
            row: { ($0.integer(0), $0.bytes(3), $0.digest(1), $0.digest(2)) }
        ).map { try entry(position: $0, skeleton: $1, prev: $2, salt: $3) }
    }

    private func entry(position: Int64, skeleton: [UInt8], prev: Digest?, salt: Digest?) throws -> LoggedEntry {
        let place = Position(value: position)
        guard let prev, let salt else { throw StoreError.damaged("entry \(place.number) holds no commitment or salt") }
        let openings = try connection.all(
            "SELECT name, class, salt, value FROM opening WHERE position = ? ORDER BY name", .integer(position),
            row: { row in
                guard let openingClass = OpeningClass(rawValue: row.text(1)), let salt = row.digest(2) else {
                    throw StoreError.damaged("opening \(row.text(0)) of entry \(place.number) has no class or salt")
                }
                return Opening(
                    name: row.text(0), openingClass: openingClass, salt: Salt(salt), value: row.bytes(3))
            })
        do throws(SkeletonError) {
            let entry = Entry(
                unchecked: try Skeleton(canonical: skeleton), salt: Salt(salt), prev: prev, openings: openings)
            return LoggedEntry(log: place.log, index: place.number, entry: entry)
        } catch {
            throw StoreError.damaged("entry \(place.number): \(error)")
        }
    }

    /// Leaves of one log by position.
    func leaves(of log: Int, from index: Int64, limit: Int) throws -> [Leaf] {
        try connection.all(
            "SELECT thread, seq, prev, commitment FROM entry WHERE position BETWEEN ? AND ? ORDER BY position LIMIT ?",
            .position(log, index), .integer(Position.all(of: log).upperBound), .integer(Int64(limit)),
            row: { row in
                guard let thread: ThreadTag = row.id(0), let prev = row.digest(2), let commitment = row.digest(3)
                else { throw StoreError.damaged("a leaf after \(index) is malformed") }
                return Leaf(thread: thread, seq: Int(row.integer(1)), prev: prev, commitment: commitment)
            })
    }

    /// The newest signed head of a log; nil if the log is not there.
    func head(of log: Int) throws -> SignedHead? {
        let range = Position.all(of: log)
        return try connection.first(
            "SELECT position, root, note FROM head WHERE position BETWEEN ? AND ? ORDER BY position DESC LIMIT 1",
            .integer(range.lowerBound), .integer(range.upperBound),
            row: { row in
                let size = Position(value: row.integer(0)).number
                guard let root = row.digest(1) else { throw StoreError.damaged("head \(size) holds no root") }
                return SignedHead(size: size, root: root, note: row.bytes(2))
            })
    }

    /// How many entries a log has, from the last position.
    func size(of log: Int) throws -> Int64 {
        let range = Position.all(of: log)
        return try connection.first(
            "SELECT position FROM entry WHERE position BETWEEN ? AND ? ORDER BY position DESC LIMIT 1",
            .integer(range.lowerBound), .integer(range.upperBound),
            row: { Position(value: $0.integer(0)).number + 1 }) ?? 0
    }

    /// When the last entry of all logs was recorded.
    func lastRecordedAt() throws -> Instant? {
        try connection.first(
            "SELECT recorded_at FROM entry ORDER BY position DESC LIMIT 1",
            row: { Instant(milliseconds: $0.integer(0)) })
    }

    /// What the first entry of each later log says of the loss before it, by the number of the log. One that says nothing
    /// that can be so is left out.
    func successions() throws -> [(log: Int, succession: LogSuccession)] {
        try logs().dropFirst().compactMap { row in
            guard let first = try entries(of: row.number, from: 0, limit: 1).first,
                first.entry.skeleton.content.type == EntryType.logOpened.rawValue,
                let succession = LogSuccession(plain: first.entry.skeleton.content.plain)
            else { return nil }
            return (row.number, succession)
        }
    }

    /// The logs of the bureau in order.
    func logs() throws -> [LogRow] {
        try connection.all(
            "SELECT n, origin, vkey FROM log ORDER BY n",
            row: { LogRow(number: Int($0.integer(0)), origin: $0.text(1), verifierKey: $0.text(2)) })
    }
}

/// One of the logs of a bureau.
struct LogRow: Hashable, Sendable {
    let number: Int
    let origin: String
    let verifierKey: String
}
