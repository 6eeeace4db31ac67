import Application
import Kernel
import Ledger

/// Checks the entries of one range of a log from storage, in order, on one connection.
///
/// It begins with the tree's edge as it is stored at the start of the range; that this edge is right is shown by the
/// check of the range before, which ends with it. A hash that differs is reported and then taken as stored, so that one
/// wrong byte does not make the whole rest wrong.
struct RangeCheck {
    let connection: Connection
    let log: Int
    let range: Range<Int64>
    let key: VerifierKey?
    let withContent: Bool

    /// What was found in the range.
    struct Result {
        var findings: [LedgerFinding] = []
        var openings = 0
        /// Fields without an opening: right only if a disposal names their entry.
        var absent: [Absent] = []
        /// Commitments of entries that disposals of this range name.
        var destroyed: Set<Digest> = []
        var heads = 0
        /// The edge that the range began with, as stored, and the one that it ends with.
        var firstEdge: [Digest] = []
        var lastEdge: [Digest] = []
        /// The links of each thread within the range.
        var chains: [ThreadTag: Chain] = [:]
        /// Heads that entries state.
        var claims: [Claim] = []
        /// Documents that were served.
        var served: Set<String> = []
        /// Documents that got a number.
        var numbered: [Numbered] = []
        /// The newest export of a dossier, which is part of what it exports.
        var lastDossier: Int64?
        /// The command of each entry, by place in the range; nil where it could not be read.
        var commands: [CommandID?] = []
        var types: Set<String> = []
    }

    /// A head that an entry says somebody outside holds.
    struct Claim {
        /// The position of the entry.
        let index: Int64
        /// The log of the head; nil for the entry's own.
        let log: Int?
        let size: Int64
        let root: Digest
        /// The document on which it is printed; nil where it was handed out by itself.
        let document: String?
    }

    /// A number that a document got when it was issued.
    struct Numbered {
        let year: Int64
        let number: Int64
        let place: LedgerFinding.Place
        /// Where in the same thread its text was fixed, which says of what kind it is.
        let fixed: Int64
    }

    /// A field without an opening.
    struct Absent {
        let index: Int64
        let thread: ThreadTag?
        let seq: Int64
        let name: String
        /// Of the entry.
        let commitment: Digest?
    }

    /// The first and the last link of a thread within a range.
    struct Chain {
        var firstIndex: Int64
        var firstSeq: Int64
        var firstPrev: Digest
        var lastSeq: Int64
        var lastCommitment: Digest
    }

    /// - Throws: `SQLiteFailure` where the database cannot be read.
    func run() throws -> Result {
        var result = Result()
        result.firstEdge = try storedEdge(at: range.lowerBound)
        var edge = result.firstEdge
        var leafText = LeafText()

        let bounds: [SQLValue] = [.position(log, range.lowerBound), .position(log, range.upperBound)]
        let content = withContent ? ", recorded_at, type, salt, skeleton" : ""
        let entries = try Cursor(
            connection,
            "SELECT position, thread, seq, prev, commitment\(content) FROM entry WHERE position >= ? AND position < ? "
                + "ORDER BY position", bounds)
        let nodes = try Cursor(
            connection, "SELECT position, hash FROM node WHERE position >= ? AND position < ? ORDER BY position",
            [
                .position(log, Int64(StoredHash.count(forSize: Int(range.lowerBound)))),
                .position(log, Int64(StoredHash.count(forSize: Int(range.upperBound)))),
            ])
        let openings = try Cursor(
            connection,
            "SELECT position, name, class, salt, value FROM opening WHERE position >= ? AND position < ? "
                + "ORDER BY position, name", bounds)
        let heads = try Cursor(
            connection, "SELECT position, root, note FROM head WHERE position > ? AND position <= ? ORDER BY position",
            bounds)
        defer { for cursor in [entries, nodes, openings, heads] { cursor.reset() } }

        for index in range {
            let position = Position(log: log, number: index).value
            var leaf: Digest?
            if try entries.move(to: position) {
                leaf = check(entries.row, index: index, &leafText, &result)
                if withContent { try check(entries.row, index: index, openings, &result) }
            } else {
                result.findings.append(.entry(log: log, index: index, thread: nil, seq: nil, .missing))
                if withContent { result.commands.append(nil) }
            }
            try grow(&edge, leaf: leaf, index: index, nodes, entries.row, &result)
            if try heads.move(to: position + 1) {
                check(heads.row, size: index + 1, root: RFC6962.root(ofSubtrees: edge), &result)
            }
        }
        result.lastEdge = edge
        return result
    }

    /// Checks leaf and chain of one entry; gives its leaf hash, nil if the row is malformed.
    private func check(_ row: Statement, index: Int64, _ text: inout LeafText, _ result: inout Result) -> Digest? {
        guard let thread: ThreadTag = row.id(1), let prev = row.digest(3), let commitment = row.digest(4) else {
            result.findings.append(.entry(log: log, index: index, thread: nil, seq: nil, .columns))
            return nil
        }
        let seq = row.integer(2)
        if var chain = result.chains[thread] {
            if seq != chain.lastSeq + 1 || prev != chain.lastCommitment {
                result.findings.append(.entry(log: log, index: index, thread: thread, seq: seq, .chain))
            }
            chain.lastSeq = seq
            chain.lastCommitment = commitment
            result.chains[thread] = chain
        } else {
            result.chains[thread] = Chain(
                firstIndex: index, firstSeq: seq, firstPrev: prev, lastSeq: seq, lastCommitment: commitment)
        }
        return row.withBytes(1) { thread in
            row.withBytes(3) { prev in
                row.withBytes(4) { text.hash(thread: thread, seq: seq, prev: prev, commitment: $0) }
            }
        }
    }

    /// Puts a leaf into the tree and compares every stored hash that it completes.
    private func grow(
        _ edge: inout [Digest], leaf: Digest?, index: Int64, _ nodes: Cursor, _ entry: Statement,
        _ result: inout Result
    ) throws {
        var number = StoredHash.index(level: 0, n: Int(index))
        var stored = try node(nodes, number)
        if let leaf, stored != leaf {
            let finding: LedgerFinding =
                stored == nil
                ? .node(log: log, level: 0, n: Int(index))
                : .entry(log: log, index: index, thread: entry.id(1), seq: entry.integer(2), .leaf)
            result.findings.append(finding)
        }
        var hash = stored ?? leaf ?? .zero
        for level in 1..<(1 + (~Int(index)).trailingZeroBitCount) {
            number += 1
            let computed = RFC6962.nodeHash(edge.removeLast(), hash)
            stored = try node(nodes, number)
            if stored != computed {
                result.findings.append(.node(log: log, level: level, n: Int(index) >> level))
            }
            hash = stored ?? computed
        }
        edge.append(hash)
    }

    private func node(_ nodes: Cursor, _ number: Int) throws -> Digest? {
        try nodes.move(to: Position(log: log, number: Int64(number)).value) ? nodes.row.digest(1) : nil
    }

    /// Checks one signed head against the root of the entries before it.
    private func check(_ row: Statement, size: Int64, root: Digest, _ result: inout Result) {
        result.heads += 1
        if let fault = HeadCheck.fault(size: size, root: row.digest(1), note: row.bytes(2), key: key, computed: root) {
            result.findings.append(.head(log: log, size: size, fault))
        }
    }

    private func storedEdge(at size: Int64) throws -> [Digest] {
        do {
            return try RightEdge(size: Int(size), reader: NodeReader(connection: connection, log: log)).hashes
        } catch is ProofError {
            // The hash that is missing is reported by the range that holds it.
            return [Digest](repeating: .zero, count: Int(size).nonzeroBitCount)
        }
    }
}

/// Checks signed heads.
enum HeadCheck {
    /// What is wrong with a head; nil if nothing is.
    static func fault(
        size: Int64, root: Digest?, note: [UInt8], key: VerifierKey?, computed: Digest
    ) -> LedgerFinding.HeadFault? {
        guard let key, let checkpoint = try? VerifiedCheckpoint(note: note, key: key).checkpoint,
            checkpoint.size == Int(size), checkpoint.root == root
        else { return .note }
        return root == computed ? nil : .root
    }
}

/// Rows in the order of their positions, met one by one.
final class Cursor {
    let row: Statement
    private var position: Int64?

    init(_ connection: Connection, _ sql: String, _ values: [SQLValue]) throws {
        row = try connection.statement(sql)
        try row.bind(values)
        try next()
    }

    /// Moves to the row at `wanted`, over rows before it.
    ///
    /// - Returns: false if there is none; the cursor then stands after it.
    func move(to wanted: Int64) throws -> Bool {
        while let position, position < wanted { try next() }
        return position == wanted
    }

    /// Moves to the next row, also if it has the same position.
    func next() throws {
        position = try row.step() ? row.integer(0) : nil
    }

    func reset() {
        row.reset()
    }
}
