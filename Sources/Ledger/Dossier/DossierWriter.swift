import Kernel

/// Writes a dossier: the ledger's part, then the files, then the bag's tags. It refuses to write one that would not verify.
///
/// How to export. (1) Choose entries, openings and files and make the `DossierManifest`; its case thread's head is one
/// more than the thread has now. (2) Append the entry `dossier.exported` with `plain.manifest = manifest.digest` to the
/// case's thread at just that place. (3) Take a signed head of a size that covers it, and the proofs. (4) Write. If we
/// die in between, the ledger says that a dossier was to be handed out, and nobody has one: true and harmless.
public struct DossierWriter<Sink: BagSink> {
    private var bag: BagWriter<Sink>
    private let manifest: DossierManifest
    private let heads: [Int: VerifiedCheckpoint]
    private var missingEntries: Set<EntryPlace>
    private var missingFiles: Set<BagPath>
    private var missingTiles: Set<LogTile>
    private var exportedAt: Instant?
    private var hasHeads = false
    private var open: DossierManifest.File?

    /// Begins with the parts that everything else refers to.
    ///
    /// - Parameter heads: the signed head of each log of the manifest, in its order; that of a log that was not continued
    ///   is the surviving one which its successor names.
    /// - Throws: `BagWriteError.heads` if they are not as many.
    public init(_ sink: Sink, manifest: DossierManifest, heads: [VerifiedCheckpoint]) throws {
        let logs = manifest.logs
        guard heads.count == logs.count else { throw BagWriteError.heads }
        bag = BagWriter(sink)
        self.manifest = manifest
        self.heads = Dictionary(zip(logs.map(\.number), heads), uniquingKeysWith: { first, _ in first })
        missingEntries = Set(manifest.places)
        missingFiles = Set(manifest.files.map(\.path))
        missingTiles = []
        if manifest.mode == .complete {
            for (log, head) in zip(logs, heads) {
                let tiles = TileLayout.tiles(to: head.checkpoint.size)
                missingTiles.formUnion(tiles.map { LogTile(log: log.number, tile: $0) })
            }
        }
        try bag.append(DossierLayout.manifest, manifest.bytes)
        try bag.append(DossierLayout.instructions, VerifyPage.bytes(manifest, heads: heads))
        for (log, head) in zip(logs, heads) {
            try bag.append(DossierLayout.checkpoint(of: log.number), head.note)
            try bag.append(DossierLayout.key(of: log.number), Array("\(head.key)\n".utf8))
        }
    }

    /// Lets the caller take what the sink has ready, between calls.
    public mutating func withSink<Result>(_ body: (inout Sink) throws -> Result) rethrows -> Result {
        try bag.withSink(body)
    }

    /// Writes an entry that the manifest names, with the openings its reader may have.
    ///
    /// - Parameter proof: its inclusion under the checkpoint of its log, in compact dossiers and only there.
    public mutating func append(_ entry: DossierEntry, proof: InclusionProof?) throws {
        let place = entry.place
        guard missingEntries.remove(place) != nil, entry.entry.mismatches.isEmpty, let head = heads[entry.log] else {
            throw BagWriteError.entries
        }
        guard (proof != nil) == (manifest.mode == .compact) else { throw BagWriteError.mode }
        if place == manifest.exportPlace { exportedAt = entry.entry.skeleton.content.recordedAt }
        do {
            try bag.append(DossierLayout.entry(place.thread, place.seq), try entry.bytes)
        } catch is JSONError {
            throw BagWriteError.opening
        }
        let leaf = entry.entry.leaf.bytes
        try bag.append(DossierLayout.leaf(place.thread, place.seq), leaf)
        if let proof {
            try proof.verify(
                leafHash: RFC6962.leafHash(leaf), index: entry.index, size: head.checkpoint.size,
                root: head.checkpoint.root)
            try bag.append(
                DossierLayout.proof(place.thread, place.seq),
                LogProof(index: entry.index, inclusion: proof, checkpoint: head.note).bytes)
        }
    }

    /// Writes the proofs that the heads of the manifest, in its order, are older heads of the same log.
    public mutating func append(heads proofs: [ConsistencyProof]) throws {
        guard proofs.count == manifest.heads.count, !hasHeads else { throw BagWriteError.heads }
        hasHeads = true
        var lists: [Int: [ConsistencyProof]] = [:]
        for (older, proof) in zip(manifest.heads, proofs) {
            guard let head = heads[older.log] else { throw BagWriteError.heads }
            try proof.verify(
                old: older.size, oldRoot: older.root, new: head.checkpoint.size,
                newRoot: head.checkpoint.root)
            lists[older.log, default: []].append(proof)
        }
        for log in manifest.logs {
            try bag.append(DossierLayout.heads(of: log.number), HeadProofs(lists[log.number] ?? []).bytes)
        }
    }

    /// Writes a tile or bundle of a log, in complete dossiers; `TileWriter.publish(to:)` gives them all.
    public mutating func append(_ tile: Tile, of log: Int = 1, _ bytes: [UInt8]) throws {
        guard missingTiles.remove(LogTile(log: log, tile: tile)) != nil else { throw BagWriteError.mode }
        try bag.append(DossierLayout.tile(tile, of: log), bytes)
    }

    /// Begins a file that the manifest names; its bytes follow.
    public mutating func begin(_ file: DossierManifest.File) throws {
        guard open == nil, missingFiles.remove(file.path) != nil, manifest.files.contains(file)
        else { throw BagWriteError.notListed(file.path) }
        open = file
        try bag.begin(file.path, size: file.size)
    }

    /// Writes the next bytes of the file begun.
    public mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
        try bag.write(bytes)
    }

    /// Ends the file begun; refuses bytes that are not those which the manifest names.
    public mutating func end() throws {
        guard let file = open else { throw BagWriteError.nothingOpen }
        open = nil
        guard try bag.end() == file.sha256 else { throw BagWriteError.digest(file.path) }
    }

    /// Writes a small file whole.
    public mutating func append(_ file: DossierManifest.File, _ bytes: [UInt8]) throws {
        try begin(file)
        try bytes.withUnsafeBytes { try write($0) }
        try end()
    }

    /// Writes the bag's tags and ends it.
    ///
    /// - Throws: `BagWriteError` if something that the manifest names was not given.
    public mutating func finish() throws {
        guard missingEntries.isEmpty, let exportedAt else { throw BagWriteError.entries }
        guard hasHeads else { throw BagWriteError.heads }
        guard missingTiles.isEmpty else { throw BagWriteError.mode }
        if let path = missingFiles.min() { throw BagWriteError.notListed(path) }
        let manifest = manifest
        try bag.finish { BagTags.info(manifest, exportedAt: exportedAt, payload: $0) }
    }
}

/// A tile of one of the logs.
private struct LogTile: Hashable {
    let log: Int
    let tile: Tile
}
