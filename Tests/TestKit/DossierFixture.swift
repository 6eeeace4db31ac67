import Kernel
import Ledger

/// A made-up log with one case in it, ready to be handed out as a dossier.
public struct DossierFixture {
    /// How much the case holds.
    public enum Extent: Hashable, Sendable {
        /// Two entries of the case and one file: small enough to change every byte in turn.
        case tiny
        /// Some twenty entries, two documents in two renditions, one recording with a thread of its own.
        case usual
        /// A penalty and the inspection before it, with papers of every standing; `DossierLog.addPapers` says which.
        case papers
        /// Decisions that were served by hand, by post that waits to be compared, was turned down, and was then confirmed.
        case services
        /// So many entries of the case, six for each document; its two renditions of so many bytes each. No recording.
        case long(entries: Int, documentByteCount: Int)
    }

    /// The log's key.
    public let key: SigningKey
    /// What the dossier lists.
    public private(set) var manifest: DossierManifest
    /// The head it is proven under.
    public private(set) var head: VerifiedCheckpoint
    /// The entries it holds.
    public private(set) var entries: [DossierEntry] = []
    /// The files it holds.
    public private(set) var contents: [BagPath: [UInt8]] = [:]
    /// The root and size that were printed on the first document.
    public private(set) var printed: DossierManifest.Head
    /// Every leaf of the log.
    public private(set) var leaves: [[UInt8]] = []
    private var hashes = MemoryHashes()
    private var printedHeads: [DossierManifest.Head] = []

    /// Something is wrong with the fixture itself.
    public struct Failure: Error {}

    /// Makes the log and the list; the same arguments give the same bytes.
    ///
    /// - Parameters:
    ///   - hasSecondBranch: whether the bureau keeps a second entry at a place of the case.
    ///   - videoBytes: how long the recording is.
    ///   - wrongChunkRoot: whether the recording's entry names another chunk root than its bytes have.
    ///   - withholding: changes what is left out, and said to be.
    ///   - alter: what a bureau that means to deceive puts into its list before it records the export.
    public init(
        _ extent: Extent = .usual, mode: DossierMode = .compact, audience: DossierAudience = .court,
        seed: [UInt8] = [UInt8](repeating: 42, count: 32), origin: String = "demo.liuhen.invalid/log/test",
        hasSecondBranch: Bool = false,
        videoBytes: Int = 3000, wrongChunkRoot: Bool = false,
        withholding: (inout [DossierManifest.Withheld]) -> Void = { _ in },
        alter: (inout DossierManifest) -> Void = { _ in }
    ) throws {
        guard let key = SigningKey(name: origin, seed: seed), let bureau = BureauTag("test") else { throw Failure() }
        self.key = key
        var log = DossierLog(bureau: bureau, key: key)
        log.wrongChunkRoot = wrongChunkRoot
        log.videoBytes = videoBytes
        let bureauThread = log.thread()
        try log.add(bureauThread, "bureau.opened", plain: ["demo": true], fields: [.init("name", "示例县统计局", .officer)])
        let keyPlace = try log.add(
            bureauThread, "key.published", plain: ["keyId": .string(key.verifier.id.description), "use": "log"],
            fields: [.init("vkey", .string(key.verifier.description), .officer)])
        let caseThread = log.thread()
        var threads: [DossierManifest.WholeThread] = []
        switch extent {
        case .usual:
            try log.addUsualCase(caseThread)
            threads = log.otherThreads
        case .tiny:
            try log.add(
                caseThread, "case.opened", fields: [.init("title", "示例案", .party), .init("opinion", "内部", .internal)])
            try log.addDocument(caseThread, "案", printing: true)
        case .papers:
            try log.addPapers(caseThread)
            threads = log.otherThreads
        case .services: try log.addServices(caseThread)
        case .long(let count, let byteCount):
            try log.addLongCase(caseThread, entries: count, byteCount: byteCount)
        }
        printed = log.printed
        printedHeads = log.heads
        var withheld = log.withheld(audience)
        withholding(&withheld)
        manifest = DossierManifest(
            origin: origin, bureau: bureau, caseThread: caseThread, audience: audience, mode: mode,
            threads: threads + [.init(thread: caseThread, head: log.seq(of: caseThread) + 1)], entries: [keyPlace],
            logKey: FieldPlace(entry: keyPlace, field: "vkey"), files: log.files, withheld: withheld,
            heads: log.heads)
        alter(&manifest)
        if hasSecondBranch { try log.addSecondBranch(caseThread) }
        try log.add(
            caseThread, "dossier.exported",
            plain: [
                "audience": .string(audience.rawValue), "manifest": .string(manifest.digest.description),
                "mode": .string(mode.rawValue),
            ])
        if case .usual = extent { try log.addStranger() }
        hashes = log.hashes
        leaves = log.leaves
        contents = log.contents
        guard let checkpoint = Checkpoint(origin: origin, size: leaves.count, root: hashes.edge.root) else {
            throw Failure()
        }
        head = try VerifiedCheckpoint(note: try checkpoint.signed(by: key), key: key.verifier)
        let places = Set(manifest.places)
        let hidden = Set(withheld.filter { $0.what == .field }.map(\.place))
        entries = log.entries.filter { places.contains($0.place) }.map { logged in
            DossierEntry(
                index: logged.index,
                entry: Entry(
                    unchecked: logged.entry.skeleton, salt: logged.entry.salt, prev: logged.entry.prev,
                    openings: logged.entry.openings.filter {
                        !hidden.contains(FieldPlace(entry: logged.place, field: $0.name))
                    }))
        }
    }

    /// Writes the dossier.
    public func write<Sink: BagSink>(to sink: Sink, drain: (inout Sink) throws -> Void = { _ in }) throws -> Sink {
        var writer = try DossierWriter(sink, manifest: manifest, heads: [head])
        for entry in entries {
            let proof =
                manifest.mode == .compact
                ? try InclusionProof(of: entry.index, in: leaves.count, reader: hashes) : nil
            try writer.append(entry, proof: proof)
        }
        try writer.append(
            heads: printedHeads.map { try ConsistencyProof(from: $0.size, to: leaves.count, reader: hashes) })
        if manifest.mode == .complete {
            let tiles = TileWriter(hashes: hashes) { Array(leaves[$0]) }
            for tile in TileLayout.tiles(to: leaves.count) { try writer.append(tile, try tiles.bytes(of: tile)) }
        }
        for file in manifest.files {
            guard let bytes = contents[file.path] else { throw Failure() }
            try writer.begin(file)
            // In two pieces, as a stream would come.
            try bytes[..<(bytes.count / 2)].withUnsafeBytes { try writer.write($0) }
            try bytes[(bytes.count / 2)...].withUnsafeBytes { try writer.write($0) }
            try writer.end()
            try writer.withSink(drain)
        }
        try writer.finish()
        return try writer.withSink { sink in
            try drain(&sink)
            return sink
        }
    }

    /// The dossier in memory.
    public func bag() throws -> MemoryBag {
        try write(to: MemoryBag())
    }

    /// The dossier as a ZIP archive.
    public func archive(folder: String = "案卷-示例") throws -> [UInt8] {
        guard let zip = ZipWriter(folder: folder) else { throw Failure() }
        var bytes: [UInt8] = []
        _ = try write(to: zip) { bytes += $0.takeOutput() }
        return bytes
    }
}

/// Grows the log of the fixture.
struct DossierLog {
    let bureau: BureauTag
    let key: SigningKey
    var wrongChunkRoot = false
    var videoBytes = 3000
    var random = SeededRandom(2026)
    var entries: [DossierEntry] = []
    var leaves: [[UInt8]] = []
    var hashes = MemoryHashes()
    var files: [DossierManifest.File] = []
    var contents: [BagPath: [UInt8]] = [:]
    /// Whole threads beside the case's own.
    var otherThreads: [DossierManifest.WholeThread] = []
    /// The heads printed on documents.
    var heads: [DossierManifest.Head] = []

    init(bureau: BureauTag, key: SigningKey) {
        self.bureau = bureau
        self.key = key
    }

    /// The one printed last.
    var printed: DossierManifest.Head { heads.last ?? head }

    var head: DossierManifest.Head { DossierManifest.Head(size: leaves.count, root: hashes.edge.root) }

    mutating func thread() -> ThreadTag { ThreadTag(high: random.next(), low: random.next()) }

    func seq(of thread: ThreadTag) -> Int { entries.last { $0.place.thread == thread }?.place.seq ?? 0 }

    @discardableResult
    mutating func add(
        _ thread: ThreadTag, _ type: String, plain: JSON = .object([]), fields: [FieldValue] = [],
        references: [EntryReference] = []
    ) throws -> EntryPlace {
        let last = entries.last { $0.place.thread == thread }
        let content = Skeleton.Content(
            type: type, bureau: bureau, thread: thread, seq: (last?.place.seq ?? 0) + 1,
            recordedAt: Instant(milliseconds: 1_795_000_000_000 + Int64(leaves.count) * 61_000), actor: .system,
            command: CommandID(high: random.next(), low: random.next()), references: references, plain: plain)
        let entry = try Entry.seal(content, values: fields, prev: last?.entry.commitment ?? .zero, using: &random)
        let logged = DossierEntry(index: leaves.count, entry: entry)
        entries.append(logged)
        leaves.append(entry.leaf.bytes)
        hashes.append(leafHash: RFC6962.leafHash(entry.leaf.bytes))
        return logged.place
    }

    mutating func addFile(
        _ path: String, _ kind: DossierManifest.File.Kind, _ title: String, _ bytes: [UInt8], _ source: FieldPlace?
    ) throws {
        guard let path = BagPath(path) else { throw DossierFixture.Failure() }
        contents[path] = bytes
        files.append(
            .init(path: path, kind: kind, title: title, size: bytes.count, sha256: Digest.sha256(bytes), source: source)
        )
    }

    func digest(_ bytes: [UInt8]) -> JSON {
        // Of two chunks the second is short; the fixture computes the root by the plain recursion of RFC 6962.
        let chunks = stride(from: 0, to: bytes.count, by: 1 << 20).map {
            Digest.sha256(bytes[$0..<min($0 + 1 << 20, bytes.count)]).bytes
        }
        let root = wrongChunkRoot ? Digest.sha256([1]) : ReferenceTree.root(chunks[...])
        return [
            "chunkRoot": .string(root.description), "sha256": .string(Digest.sha256(bytes).description),
            "size": .integer(Int64(bytes.count)),
        ]
    }

    /// A document that is fixed, perhaps issued with the head printed on it.
    mutating func addDocument(
        _ thread: ThreadTag, _ title: String, printing: Bool, byteCount: Int = 0,
        between: (inout Self) throws -> Void = { _ in }
    ) throws {
        let shown = Array("%PDF-1.7 \(title) 甲".utf8) + random.bytes(byteCount)
        let fixed = try add(
            thread, "document.fixed",
            fields: [.init("data", ["title": .string(title)], .party), .init("digest", digest(shown), .party)])
        try addFile("data/文书/\(title)-甲.pdf", .document, title, shown, FieldPlace(entry: fixed, field: "digest"))
        guard printing else { return }
        try between(&self)
        heads.append(head)
        let issued = Array("%PDF-1.7 \(title) 乙 \(head.root)".utf8) + random.bytes(byteCount)
        let place = try add(
            thread, "document.issued",
            plain: ["printedRoot": .string(head.root.description), "printedSize": .integer(Int64(head.size))],
            fields: [.init("digest", digest(issued), .party)])
        try addFile("data/文书/\(title)-乙.pdf", .document, title, issued, FieldPlace(entry: place, field: "digest"))
    }

    mutating func addUsualCase(_ thread: ThreadTag) throws {
        try add(
            thread, "case.opened",
            fields: [.init("title", "示例商行迟报统计资料案", .party), .init("subjectName", "示例商行", .party)])
        try addStranger()
        let recording = self.thread()
        let video = (0..<videoBytes).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let imported = try add(
            recording, "recording.imported", plain: ["form": "video"],
            fields: [.init("digest", digest(video), .party), .init("fileName", "现场 001.mp4", .internal)])
        try addFile(
            "data/音像/现场-001.mp4", .recording, "现场录像", video, FieldPlace(entry: imported, field: "digest"))
        try add(thread, "recording.linked", plain: ["recording": .string(recording.description)])
        try add(
            recording, "recording.inspected", plain: ["result": "facts"],
            fields: [.init("facts", ["seconds": 3], .internal)])
        otherThreads = [.init(thread: recording, head: 2)]
        try addDocument(thread, "立案审批表", printing: false)
        for step in 1...6 {
            try add(thread, "statement.recorded", fields: [.init("facts", .string("陈述 \(step)"), .party)])
        }
        try add(thread, "statement.reviewed", fields: [.init("review", "内部意见", .internal)])
        try add(thread, "lead.reported", fields: [.init("reporter", "举报人甲", .reporter)])
        try addStranger()
        try addDocument(thread, "处罚决定书", printing: true)
        try add(thread, "document.served", fields: [.init("recipient", "示例商行", .party)])
        try add(thread, "case.ended", plain: ["ground": "performed"])
        try addFile("data/卷内目录.txt", .page, "卷内目录", Array("一、立案审批表\n二、处罚决定书\n".utf8), nil)
        try add(thread, "case.filed", plain: ["entries": .integer(Int64(seq(of: thread) + 1))])
    }

    /// Documents that are fixed, signed four times and issued, and statements up to the number.
    mutating func addLongCase(_ thread: ThreadTag, entries count: Int, byteCount: Int) throws {
        try add(thread, "case.opened", fields: [.init("title", "示例商行多次迟报统计资料案", .party)])
        var number = 0
        while seq(of: thread) + 6 < count {
            number += 1
            try addDocument(thread, "文书\(number)", printing: true, byteCount: byteCount) { log in
                for slot in 1...4 {
                    try log.add(
                        thread, "document.signed", plain: ["slot": .string("officer\(slot)")],
                        fields: [.init("name", "某甲", .officer), .init("opinion", "情况属实。", .party)])
                }
            }
            try addStranger()
        }
        while seq(of: thread) + 1 < count {
            try add(thread, "statement.recorded", fields: [.init("facts", .string("陈述 \(number)"), .party)])
        }
    }

    /// An entry of another case, of which the dossier says nothing.
    mutating func addStranger() throws {
        try add(thread(), "case.opened", fields: [.init("title", "另一案", .party)])
    }

    /// A second entry at the place of the thread's last one, with another content. It is in the log and not in `entries`.
    mutating func addSecondBranch(_ thread: ThreadTag) throws {
        let last = entries.last { $0.place.thread == thread }
        guard let index = entries.indices.last(where: { entries[$0].place.thread == thread }) else { return }
        entries.remove(at: index)
        try add(thread, "case.ended", plain: ["ground": "withdrawn"])
        entries.removeLast()
        if let last { entries.append(last) }
    }

    /// What a reader of this audience does not get.
    func withheld(_ audience: DossierAudience) -> [DossierManifest.Withheld] {
        guard audience != .archive else { return [] }
        return entries.flatMap { logged in
            logged.entry.openings.compactMap { opening -> DossierManifest.Withheld? in
                guard [.reporter, .internal].contains(opening.openingClass),
                    let ground = audience.ground(against: opening.openingClass)
                else { return nil }
                return .init(
                    place: FieldPlace(entry: logged.place, field: opening.name), what: .field, ground: ground)
            }
        }
    }
}
