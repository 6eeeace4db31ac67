import Kernel
import Ledger

/// A made-up bureau that lost the newest records of its log and went on in another: the dossier of a case across both.
public struct LossFixture {
    /// How the story is told; what is not set is told as it was.
    public struct Story: Sendable {
        /// How much of the logs the dossier carries.
        public var mode = DossierMode.compact
        /// From where the last known head is known.
        public var source = LogSuccession.Source.lock
        /// The number of the log that begins; 3 if the second was lost whole.
        public var number = 2
        /// Whether the case begins only after the loss.
        public var beginsAfter = false
        /// What the bureau says of the end of the surviving log.
        public var surviving: (@Sendable (LogSuccession.Head) -> LogSuccession.Head)?
        /// What it says of the last known head.
        public var previous: (@Sendable (LogSuccession.Head) -> LogSuccession.Head)?
        /// Who signs the last known head; the first log's key otherwise.
        public var noteSeed: UInt8?
        /// Whether the last known head is left out.
        public var hidesNote = false
        /// The type of the later log's first entry.
        public var openingType = DossierVocabulary.logOpened
        /// The origin that the first entry names.
        public var previousOrigin: String?
        /// Whether the later log also holds a second entry at the case's first place.
        public var hasSecondBranch = false

        /// The story as it was.
        public init() {}
    }

    /// Something is wrong with the fixture itself.
    public struct Failure: Error {}

    public let origin = "demo.liuhen.invalid/log/test"
    /// The keys of the first and the later log.
    public let keys: [SigningKey]
    /// What survived of the first log, and the later one.
    public private(set) var logs: [Log] = []
    /// Heads of the first log as they were signed before the loss, by size; those beyond what survived are lost.
    public private(set) var signed: [Int: [UInt8]] = [:]
    /// Their roots.
    public private(set) var roots: [Int: Digest] = [:]
    /// The last head before the loss.
    public let lastSize: Int
    public private(set) var manifest: DossierManifest
    private var entries: [DossierEntry] = []

    /// One log with its leaves.
    public struct Log {
        public let number: Int
        public let key: SigningKey
        public var leaves: [[UInt8]] = []
        public var hashes = MemoryHashes()

        init(number: Int, key: SigningKey) {
            self.number = number
            self.key = key
        }

        public var head: LogSuccession.Head {
            LogSuccession.Head(log: number, size: leaves.count, root: hashes.edge.root)
        }

        public func note() throws -> [UInt8] {
            guard let head = Checkpoint(origin: key.verifier.name, size: leaves.count, root: hashes.edge.root) else {
                throw Failure()
            }
            return try head.signed(by: key)
        }
    }

    private var random = SeededRandom(4711)
    private var heads: [ThreadTag: Entry] = [:]
    private var time: Int64 = 1_795_000_000_000

    /// Tells a story.
    public init(_ story: Story = Story()) throws {
        let later = LogSuccession.origin(of: story.number, first: origin)
        guard let first = SigningKey(name: origin, seed: [UInt8](repeating: 42, count: 32)),
            let second = SigningKey(name: later, seed: [UInt8](repeating: 43, count: 32)),
            let lostKey = SigningKey(name: "\(origin)/2", seed: [UInt8](repeating: 44, count: 32)),
            let bureauTag = BureauTag("test")
        else { throw Failure() }
        keys = [first, second]
        lastSize = 9
        manifest = DossierManifest(
            origin: origin, bureau: bureauTag, caseThread: ThreadTag(high: 0, low: 0), audience: .court,
            mode: story.mode, threads: [], entries: [],
            logKey: FieldPlace(entry: EntryPlace(thread: ThreadTag(high: 0, low: 0), seq: 1), field: "vkey"), files: [])
        let (bureau, person, thread) = (tag(), tag(), tag())
        var old = Log(number: 1, key: first)
        try add(bureau, "bureau.opened", plain: ["demo": true], to: &old)
        let oldKey = try add(
            bureau, "key.published", plain: ["use": "log"],
            fields: [.init("vkey", .string(first.verifier.description), .officer)], to: &old)
        let decider = try add(
            person, "person.registered", plain: ["kind": "officer"], fields: [.init("name", "甲某某", .officer)], to: &old)
        if !story.beginsAfter {
            try add(thread, "case.opened", fields: [.init("title", "示例案", .party)], to: &old)
        }
        let printed = old.head
        try add(tag(), "case.opened", fields: [.init("title", "另一案", .party)], to: &old)
        let surviving = old
        try note(old)

        // What was lost: a step of this case among it.
        let kept = (heads: heads, time: time)
        while old.leaves.count < lastSize {
            try add(thread, "statement.recorded", fields: [.init("facts", "丢失的陈述", .party)], to: &old)
            try note(old)
        }
        (heads, time) = kept
        time += 7_200_000
        let last = old.head
        for size in 1...surviving.leaves.count where signed[size] == nil {
            let root = try RightEdge(size: size, reader: surviving.hashes).root
            roots[size] = root
            signed[size] = try Checkpoint(origin: origin, size: size, root: root)?.signed(by: first)
        }

        var new = Log(number: story.number, key: second)
        let known: LogSuccession.Head =
            story.source == .nothing
            ? surviving.head
            : story.number == 2 ? last : LogSuccession.Head(log: 2, size: 4, root: RFC6962.leafHash([2]))
        let named = story.previous?(known) ?? known
        guard
            let succession = LogSuccession(
                log: story.number, surviving: story.surviving?(surviving.head) ?? surviving.head, previous: named,
                source: story.source, gapFrom: Instant(milliseconds: kept.time - 61_000))
        else { throw Failure() }
        let namedOrigin = LogSuccession.origin(of: named.log, first: origin)
        var fields: [FieldValue] = [
            .init("previousOrigin", .string(story.previousOrigin ?? namedOrigin), .officer),
            .init("reason", "硬盘损坏", .officer),
        ]
        if story.source != .nothing, !story.hidesNote {
            let signer = try story.noteSeed.map { seed in
                guard let key = SigningKey(name: namedOrigin, seed: [UInt8](repeating: seed, count: 32)) else {
                    throw Failure()
                }
                return key
            }
            let note = try Checkpoint(origin: namedOrigin, size: named.size, root: named.root)?
                .signed(by: signer ?? (named.log == 1 ? first : lostKey))
            fields.append(.init("previousCheckpoint", .string(String(decoding: note ?? [], as: UTF8.self)), .officer))
        }
        let decided: [JSON.Member] = [
            .init("confirmedBy", .string(tag().description)), .init("decidedBy", .string(person.description)),
        ]
        let opening = try add(
            bureau, story.openingType, plain: .object(succession.members + decided), fields: fields, to: &new)
        let newKey = try add(
            bureau, "key.published", plain: ["use": "log"],
            fields: [.init("vkey", .string(second.verifier.description), .officer)], to: &new)
        try add(thread, story.beginsAfter ? "case.opened" : "statement.recorded", to: &new)
        if story.hasSecondBranch {
            let held = heads
            heads[thread] = nil
            try add(thread, "case.opened", to: &new)
            heads = held
            entries.removeLast()
        }
        let head = (heads[thread]?.skeleton.content.seq ?? 0) + 1
        manifest = DossierManifest(
            origin: origin, bureau: bureauTag, caseThread: thread, audience: .court, mode: story.mode,
            threads: [.init(thread: thread, head: head)], entries: [oldKey, decider, opening, newKey],
            logKey: FieldPlace(entry: oldKey, field: "vkey"),
            laterLogs: [.init(number: story.number, origin: later, key: FieldPlace(entry: newKey, field: "vkey"))],
            files: [], heads: [.init(size: printed.size, root: printed.root)])
        try add(
            thread, "dossier.exported",
            plain: [
                "audience": "court", "manifest": .string(manifest.digest.description),
                "mode": .string(story.mode.rawValue),
            ], to: &new)
        logs = [surviving, new]
    }

    private mutating func tag() -> ThreadTag { ThreadTag(high: random.next(), low: random.next()) }

    private mutating func note(_ log: Log) throws {
        signed[log.leaves.count] = try log.note()
        roots[log.leaves.count] = log.hashes.edge.root
    }

    @discardableResult
    private mutating func add(
        _ thread: ThreadTag, _ type: String, plain: JSON = .object([]), fields: [FieldValue] = [], to log: inout Log
    ) throws -> EntryPlace {
        let last = heads[thread]
        let content = Skeleton.Content(
            type: type, bureau: manifest.bureau, thread: thread, seq: (last?.skeleton.content.seq ?? 0) + 1,
            recordedAt: Instant(milliseconds: time), actor: .system,
            command: CommandID(high: random.next(), low: random.next()), plain: plain)
        time += 61_000
        let entry = try Entry.seal(content, values: fields, prev: last?.commitment ?? .zero, using: &random)
        heads[thread] = entry
        entries.append(DossierEntry(log: log.number, index: log.leaves.count, entry: entry))
        log.leaves.append(entry.leaf.bytes)
        log.hashes.append(leafHash: RFC6962.leafHash(entry.leaf.bytes))
        return EntryPlace(thread: thread, seq: content.seq)
    }

    /// The dossier in memory.
    public func bag() throws -> MemoryBag {
        let checkpoints = try logs.map { try VerifiedCheckpoint(note: try $0.note(), key: $0.key.verifier) }
        var writer = try DossierWriter(MemoryBag(), manifest: manifest, heads: checkpoints)
        let places = Set(manifest.places)
        for entry in entries where places.contains(entry.place) {
            guard let log = logs.first(where: { $0.number == entry.log }), entry.index < log.leaves.count,
                log.leaves[entry.index] == entry.entry.leaf.bytes
            else { continue }
            let proof =
                manifest.mode == .compact
                ? try InclusionProof(of: entry.index, in: log.leaves.count, reader: log.hashes) : nil
            try writer.append(entry, proof: proof)
        }
        try writer.append(
            heads: try manifest.heads.map {
                try ConsistencyProof(from: $0.size, to: logs[0].leaves.count, reader: logs[0].hashes)
            })
        for log in manifest.mode == .complete ? logs : [] {
            let tiles = TileWriter(hashes: log.hashes) { Array(log.leaves[$0]) }
            for tile in TileLayout.tiles(to: log.leaves.count) {
                try writer.append(tile, of: log.number, try tiles.bytes(of: tile))
            }
        }
        try writer.finish()
        return writer.withSink { $0 }
    }
}
