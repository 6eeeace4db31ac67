import Kernel

/// Checks a log that lies as files: an export of ours, or a published tree of tiles (c2sp.org/tlog-tiles).
///
/// Why no byte can change unseen. Every leaf is read and the tree is made anew; every tile and bundle that lies there,
/// also a partial one from an earlier size, is compared with what the leaves give; the root is that of the checkpoint,
/// the checkpoint has one spelling and one signature, and the key is the one given or the one in the file `key`, whose
/// bytes the signature depends on. A file with any other name is refused. Without any key the signature is not covered,
/// and the answer is never *accepted*.
public enum ExportVerification {
    /// The log's verifier key and LF, beside the files that c2sp.org/tlog-tiles names.
    public static let keyFile = "key"
    /// The signed head.
    public static let checkpointFile = "checkpoint"

    /// Whether a directory looks like an export rather than a dossier.
    public static func isExport(_ source: some DossierSource) throws(DossierUnreadable) -> Bool {
        let paths = Set(try source.paths())
        return !paths.contains(DossierLayout.declaration) && !paths.contains(DossierLayout.manifest)
            && paths.contains { $0.hasPrefix("tile/") || $0.description == checkpointFile }
    }

    /// Checks an export.
    ///
    /// - Throws: `DossierUnreadable` if it cannot be read; that is no verdict.
    public static func verify(
        _ source: some DossierSource, trust: DossierTrust = DossierTrust()
    ) throws(DossierUnreadable) -> ExportVerdict {
        var check = ExportCheck(source: source, trust: trust)
        try check.run()
        return check.verdict
    }
}

/// One run.
private struct ExportCheck<Source: DossierSource> {
    let source: Source
    let trust: DossierTrust
    private var reasons: [ExportReason] = []
    private var head: Checkpoint?
    private var key: VerifierKey?
    private var entries: [[UInt8]] = []
    private var hashes = MemoryHashes()
    private var threads: [ThreadTag: Leaf] = [:]
    private var anchored: Int?

    init(source: Source, trust: DossierTrust) {
        self.source = source
        self.trust = trust
    }

    private static var smallLimit: Int { 65_536 }
    private static var bundleLimit: Int { Tile.fullWidth * (65_535 + 2) }

    private mutating func refuse(_ code: ExportReason.Code, _ subject: String) {
        reasons.append(ExportReason(code, subject))
    }

    mutating func run() throws(DossierUnreadable) {
        var paths: Set<BagPath> = []
        for path in try source.paths() where !paths.insert(path).inserted { refuse(.fileTwice, path.description) }
        guard try readHead(paths), let head else { return }
        // A log that was really exported has its files here; do not go looking for the tiles of an invented size.
        guard head.size <= paths.count * Tile.fullWidth else { return refuse(.fileMissing, "tile") }
        guard try readLeaves(head, paths) else { return }
        if hashes.edge.root != head.root { refuse(.root, ExportVerification.checkpointFile) }
        try compareFiles(head, paths)
        checkChains()
        checkTrust(head)
    }

    /// Reads checkpoint and key; false where there is nothing to go on with.
    private mutating func readHead(_ paths: Set<BagPath>) throws(DossierUnreadable) -> Bool {
        let (checkpointPath, keyPath) = (
            BagPath(unchecked: ExportVerification.checkpointFile), BagPath(unchecked: ExportVerification.keyFile)
        )
        guard paths.contains(checkpointPath) else {
            refuse(.fileMissing, ExportVerification.checkpointFile)
            return false
        }
        // Without a key file, the key from outside that names this log; which one that is says the checkpoint below.
        key = trust.keys.count == 1 ? trust.keys[0] : nil
        if paths.contains(keyPath) {
            let bytes = try source.read(keyPath, limit: Self.smallLimit)
            guard bytes.last == UInt8(ascii: "\n"),
                let text = String(validating: bytes.dropLast(), as: UTF8.self), let own = VerifierKey(text),
                Array("\(own)\n".utf8) == bytes
            else {
                refuse(.keyForm, ExportVerification.keyFile)
                return false
            }
            if !trust.keys.isEmpty, !trust.keys.contains(own) {
                refuse(.keyOther, ExportVerification.keyFile)
                return false
            }
            key = own
        }
        let note = try source.read(checkpointPath, limit: Self.smallLimit)
        do throws(NoteError) {
            let signed = try SignedNote(note)
            let found = try Checkpoint(text: signed.text)
            // One spelling: no extension line, one signature, so that no byte is left that nobody checks.
            guard signed.signatures.count == 1, found.text == signed.text else {
                refuse(.checkpointForm, ExportVerification.checkpointFile)
                return false
            }
            if key == nil, !trust.keys.isEmpty {
                guard let named = trust.keys.first(where: { $0.name.utf8.elementsEqual(found.origin.utf8) }) else {
                    refuse(.signature, ExportVerification.checkpointFile)
                    return false
                }
                key = named
            }
            if let key { head = try VerifiedCheckpoint(note: note, key: key).checkpoint } else { head = found }
            return true
        } catch {
            switch error.code {
            case .badSignature, .unknownSigner, .origin: refuse(.signature, ExportVerification.checkpointFile)
            default: refuse(.checkpointForm, ExportVerification.checkpointFile)
            }
            return false
        }
    }

    private func file(_ path: String, _ paths: Set<BagPath>) throws(DossierUnreadable) -> [UInt8]? {
        let path = BagPath(unchecked: path)
        return paths.contains(path) ? try source.read(path, limit: Self.bundleLimit) : nil
    }

    /// Reads all leaves below the head and grows the tree.
    private mutating func readLeaves(_ head: Checkpoint, _ paths: Set<BagPath>) throws(DossierUnreadable) -> Bool {
        entries.reserveCapacity(head.size)
        while entries.count < head.size {
            guard let tile = TileLayout.tile(.entries, n: entries.count / Tile.fullWidth, size: head.size) else {
                break
            }
            guard let bytes = try file(tile.description, paths) else {
                refuse(.fileMissing, tile.description)
                return false
            }
            guard let found = EntryBundle.decode(bytes), found.count == tile.width else {
                refuse(.tile, tile.description)
                return false
            }
            for entry in found {
                entries.append(entry)
                hashes.append(leafHash: RFC6962.leafHash(entry))
            }
        }
        return true
    }

    /// Compares every file with what the leaves give, and finds those that are missing, foreign or too new.
    private mutating func compareFiles(_ head: Checkpoint, _ paths: Set<BagPath>) throws(DossierUnreadable) {
        let (leaves, hashes) = (entries, hashes)
        let writer = TileWriter(hashes: hashes) { Array(leaves[$0]) }
        for tile in TileLayout.tiles(to: head.size) where !paths.contains(BagPath(unchecked: tile.description)) {
            refuse(.fileMissing, tile.description)
        }
        for path in paths.sorted() {
            let name = path.description
            if name == ExportVerification.checkpointFile || name == ExportVerification.keyFile { continue }
            guard let tile = Tile(name), tile.description.utf8.elementsEqual(path.bytes) else {
                refuse(.fileExtra, name)
                continue
            }
            guard let count = TileLayout.count(tile.kind, size: head.size), tile.positions.upperBound <= count else {
                refuse(.fileBeyond, name)
                continue
            }
            let expected = try? writer.bytes(of: tile)
            if try source.read(path, limit: Self.bundleLimit) != expected { refuse(.tile, name) }
        }
    }

    /// Every leaf has our one spelling, and each thread goes on where it stopped. The first leaf of a thread may have a
    /// number of its own: the thread then began in an earlier log.
    private mutating func checkChains() {
        for (index, bytes) in entries.enumerated() {
            guard let leaf = Leaf(bytes), leaf.bytes == bytes else {
                refuse(.foreignLeaf, "第 \(index) 号叶")
                continue
            }
            let fits =
                if let last = threads[leaf.thread] {
                    leaf.seq == last.seq + 1 && leaf.prev == last.commitment
                } else {
                    (leaf.seq == 1) == (leaf.prev == .zero)
                }
            if !fits { refuse(.chain, "第 \(index) 号叶（记录线 \(leaf.thread) 第 \(leaf.seq) 条）") }
            threads[leaf.thread] = leaf
        }
    }

    private mutating func checkTrust(_ head: Checkpoint) {
        let kept = keptCheckpoints(of: head)
        guard !trust.roots.isEmpty || !kept.isEmpty else { return }
        var missing = Set(trust.roots)
        var sizes = Set(kept.map(\.size))
        var edge = RightEdge()
        look(at: edge, &missing, &sizes, kept)
        for entry in entries {
            edge.append(RFC6962.leafHash(entry))
            look(at: edge, &missing, &sizes, kept)
        }
        for root in trust.roots where missing.contains(root) { refuse(.rootUnknown, PaperText.grouped(root)) }
        // A checkpoint of a later head than the export's: the export is older, or was cut.
        for size in sizes.sorted() { refuse(.rootUnknown, "第 \(size) 条时的检查点") }
    }

    /// One size of the log against what is known from outside.
    private mutating func look(
        at edge: RightEdge, _ missing: inout Set<Digest>, _ sizes: inout Set<Int>, _ kept: [Checkpoint]
    ) {
        if missing.remove(edge.root) != nil {
            if let size = trust.size, size != edge.size {
                refuse(.rootUnknown, "\(PaperText.grouped(edge.root))，第 \(size) 条")
            } else {
                anchored = max(anchored ?? 0, edge.size)
            }
        }
        guard sizes.remove(edge.size) != nil else { return }
        for checkpoint in kept where checkpoint.size == edge.size {
            if checkpoint.root == edge.root {
                anchored = max(anchored ?? 0, edge.size)
            } else {
                refuse(.rootUnknown, PaperText.grouped(checkpoint.root))
            }
        }
    }

    /// Checkpoints that were kept outside. One of another log, or none at all, is refused, as a dossier refuses it: who
    /// gives it believes that it was looked at.
    private mutating func keptCheckpoints(of head: Checkpoint) -> [Checkpoint] {
        var kept: [Checkpoint] = []
        for note in trust.checkpoints {
            guard let signed = try? SignedNote(note), let found = try? Checkpoint(text: signed.text) else {
                refuse(.checkpointForm, "保存在别处的检查点")
                continue
            }
            guard found.origin.utf8.elementsEqual(head.origin.utf8) else {
                refuse(.checkpointForeign, "\(found.origin) 第 \(found.size) 条")
                continue
            }
            guard let key, let checked = try? VerifiedCheckpoint(note: note, key: key) else {
                refuse(.signature, "保存在别处的检查点")
                continue
            }
            kept.append(checked.checkpoint)
        }
        return kept
    }

    var verdict: ExportVerdict {
        guard let head else { return ExportVerdict(outcome: .refused, reasons: reasons, facts: nil) }
        // A key from outside vouches for all. A root does for what it covers, and so for all if it is the head's own;
        // but without any key nobody looked at the signature.
        let isConfirmed = !trust.keys.isEmpty && key != nil || key != nil && anchored == head.size
        return ExportVerdict(
            outcome: !reasons.isEmpty ? .refused : isConfirmed ? .accepted : .unconfirmed, reasons: reasons,
            facts: .init(head: head, key: key, threads: threads.count, anchoredSize: anchored))
    }
}
