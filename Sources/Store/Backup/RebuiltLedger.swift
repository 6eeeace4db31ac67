import Application
import Casework
import Kernel
import Ledger

/// Writes the entries of a backup into an empty database and checks everything that an outsider could check: skeleton
/// and salt against the commitment, openings against the skeleton, the chain of each thread, and every signed head
/// against the tree.
struct RebuiltLedger {
    private let connection: Connection
    private let manifest: BackupManifest
    private let disposals: Disposals
    private var heads: [ThreadTag: (kind: String, head: ThreadHead)] = [:]
    private var edges: [Int: RightEdge] = [:]
    private var types: Set<EntryWriter.TypeVersion> = []
    private var missing: [String] = []
    private var named: Set<ObjectID> = []
    /// The thread of the very first entry.
    private(set) var bureauThread: ThreadTag?
    /// Threads in the order in which they began.
    private(set) var threads: [ThreadTag] = []

    init(connection: Connection, manifest: BackupManifest, disposals: Disposals) {
        self.connection = connection
        self.manifest = manifest
        self.disposals = disposals
    }

    /// Takes in one file.
    mutating func take(_ segment: BackupManifest.Segment, from reader: SealedReader) throws {
        guard let log = manifest.logs.first(where: { $0.number == segment.log }) else {
            throw BackupError.damaged(BackupManifest.name)
        }
        if edges[log.number] == nil { try begin(log) }
        guard let start = edges[log.number], Int64(start.size) == segment.first else {
            throw BackupError.ledger("the entries before \(segment.first) of log \(segment.log) are not there")
        }
        guard let key = VerifierKey(log.verifierKey) else { throw BackupError.damaged(BackupManifest.name) }
        // Heads follow the entries in a file, so the roots that they may name are kept for as long as the file.
        var roots: [Int64: Digest] = [Int64(start.size): start.root]
        while let record = try SegmentRecord(reader, file: segment.file.name) {
            switch record {
            case .entry(let prev, let salt, let bytes, let openings):
                try append(
                    Entry(unchecked: try skeleton(bytes), salt: Salt(salt), prev: prev, openings: openings), to: log)
                if let edge = edges[log.number] { roots[Int64(edge.size)] = edge.root }
            case .head(let head): try append(head, roots: roots, key: key, to: log)
            case .command(let id, let first, let count, let answer):
                try EntryWriter(connection: connection, log: log.number).add(
                    id, first: first, entries: count, answer: answer, digest: Digest.sha256(answer))
            }
        }
        guard reader.stamp == segment.file.stamp, let end = edges[log.number],
            Int64(end.size) == segment.first + segment.count
        else { throw BackupError.damaged(segment.file.name) }
    }

    /// Checks that every log is whole and writes the heads of the threads.
    func finish() throws {
        for log in manifest.logs {
            guard let edge = edges[log.number], Int64(edge.size) == log.size, edge.root == log.root,
                let stored = try EntryReader(connection: connection).head(of: log.number), stored.size == log.size,
                stored.root == log.root, stored.note == log.note
            else { throw BackupError.ledger("the entries of log \(log.number) do not lead to its signed root") }
        }
        let writer = EntryWriter(connection: connection, log: 1)
        for (thread, known) in heads { try writer.moveHead(of: thread, kind: known.kind, to: known.head) }
    }

    /// What was not in order already when the backup was made.
    func warnings(objects: [ObjectID: KeyRecord]) -> [String] {
        missing
            + named.subtracting(objects.keys).sorted().map { "记录提到的证据 \($0) 不在备份里（备份时已不在证据库）。" }
    }

    private mutating func begin(_ log: BackupManifest.Log) throws {
        try connection.run(
            "INSERT INTO log (n, origin, vkey, opened) VALUES (?, ?, ?, ?)", .integer(Int64(log.number)),
            .text(log.origin), .text(log.verifierKey), .instant(log.opened))
        edges[log.number] = RightEdge()
    }

    private func skeleton(_ bytes: [UInt8]) throws -> Skeleton {
        do { return try Skeleton(canonical: bytes) } catch { throw BackupError.ledger(error.description) }
    }

    private mutating func append(_ entry: Entry, to log: BackupManifest.Log) throws {
        let content = entry.skeleton.content
        let index = edges[log.number]?.size ?? 0
        func wrong(_ what: String) -> BackupError { .ledger("entry \(index) of log \(log.number): \(what)") }

        guard content.bureau == manifest.bureau else { throw wrong("of bureau \(content.bureau)") }
        guard let type = EntryType(rawValue: content.type), content.typeVersion <= type.version else {
            throw BackupError.newerProgram("\(content.type) \(content.typeVersion)")
        }
        let known = heads[content.thread]
        guard content.seq == (known?.head.seq ?? 0) + 1, entry.prev == known?.head.commitment ?? .zero else {
            throw wrong("it does not follow the entry before it in its thread")
        }
        guard entry.mismatches.isEmpty else { throw wrong("an opening does not fit its commitment") }
        let leaf = entry.leaf
        let isDestroyed = disposals.entries.contains(leaf.commitment)
        if !isDestroyed, entry.openings.count < content.fields.count {
            missing.append("第\(index)条记录缺少开启值（备份时已缺少）。")
        }
        if !isDestroyed { named.formUnion(Disposals.objects(of: entry.skeleton)) }
        for field in entry.misclassified {
            missing.append("第\(index)条记录的字段 \(field)：备份里的公开类别被改动，已按记录类型改正。")
        }
        let openings = entry.openings.map { opening in
            Opening(
                name: opening.name, openingClass: entry.openingClass(of: opening.name) ?? opening.openingClass,
                salt: opening.salt, value: opening.value)
        }
        let kept = Entry(
            unchecked: entry.skeleton, salt: entry.salt, prev: entry.prev, openings: isDestroyed ? [] : openings)
        var edge = edges[log.number] ?? RightEdge()
        let writer = EntryWriter(connection: connection, log: log.number)
        try writer.append(kept, leaf: leaf, hash: RFC6962.leafHash(leaf.bytes), to: &edge)
        let version = EntryWriter.TypeVersion(type: content.type, version: content.typeVersion)
        if types.insert(version).inserted { try writer.add(version) }
        edges[log.number] = edge
        if known == nil { threads.append(content.thread) }
        if bureauThread == nil { bureauThread = content.thread }
        let kind = known?.kind ?? String(decoding: content.type.utf8.prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self)
        heads[content.thread] = (kind, ThreadHead(seq: content.seq, commitment: leaf.commitment))
    }

    private func append(
        _ head: SignedHead, roots: [Int64: Digest], key: VerifierKey, to log: BackupManifest.Log
    ) throws {
        let checkpoint: Checkpoint
        do {
            checkpoint = try VerifiedCheckpoint(note: head.note, key: key, origin: log.origin).checkpoint
        } catch {
            throw BackupError.ledger("head \(head.size) of log \(log.number): \(error)")
        }
        guard Int64(checkpoint.size) == head.size, checkpoint.root == head.root, roots[head.size] == head.root else {
            throw BackupError.ledger("head \(head.size) of log \(log.number) is not that of the entries")
        }
        try EntryWriter(connection: connection, log: log.number).add(head)
    }
}
