import Kernel

/// One log of an export, read and made anew from its leaves.
struct ExportLog {
    /// Which log, from 1.
    let number: Int
    /// What is wrong with its files.
    private(set) var reasons: [ExportReason] = []
    /// The head that the files lead to; nil where there is none to check by.
    private(set) var head: Checkpoint?
    /// The key that the head's signature fits; nil where none was given and none is in the files.
    private(set) var key: VerifierKey?
    /// Whether that key was given from outside.
    private(set) var isKeyGiven = false
    /// The newest leaf of each thread in this log.
    private(set) var threads: [ThreadTag: Leaf] = [:]
    /// What its first entry says, where that entry is in the export.
    private(set) var succession: LogSuccession?
    /// Sizes at which the log had one of the roots that were asked for.
    private(set) var sizes: [Digest: Int] = [:]
    /// The roots that the log had at the sizes that were asked for.
    private(set) var roots: [Int: Digest] = [:]
    private var entries: [[UInt8]] = []
    private var hashes = MemoryHashes()

    /// What is looked for on the way through the leaves.
    struct Wanted {
        var roots: Set<Digest> = []
        var sizes: Set<Int> = []
    }

    private static let smallLimit = 65_536
    private static let bundleLimit = Tile.fullWidth * (65_535 + 2)

    /// Reads and checks the files of one log.
    ///
    /// - Parameter before: the newest leaf of each thread in the logs before, where those are in the export too.
    init(
        _ part: ExportPart<some DossierSource>, keys: [VerifierKey], wanted: Wanted, before: [ThreadTag: Leaf]
    ) throws(DossierUnreadable) {
        number = part.number
        for name in part.doubled { refuse(.fileTwice, part.full(name)) }
        guard try readHead(part, keys), let head else { return }
        // A log that was really exported has its files here; do not go looking for the tiles of an invented size.
        guard head.size <= part.names.count * Tile.fullWidth else {
            refuse(.fileMissing, part.full("tile"))
            return
        }
        guard try readLeaves(head, part) else { return }
        if hashes.edge.root != head.root { refuse(.root, part.full(ExportVerification.checkpointFile)) }
        try compareFiles(head, part)
        checkChains(before)
        try readOpening(part)
        look(for: wanted)
    }

    private mutating func refuse(_ code: ExportReason.Code, _ subject: String) {
        reasons.append(ExportReason(code, subject))
    }

    /// Reads checkpoint and key; false where there is nothing to go on with.
    private mutating func readHead(
        _ part: ExportPart<some DossierSource>, _ keys: [VerifierKey]
    ) throws(DossierUnreadable) -> Bool {
        let name = part.full(ExportVerification.checkpointFile)
        guard let note = try part.read(ExportVerification.checkpointFile, limit: Self.smallLimit) else {
            refuse(.fileMissing, name)
            return false
        }
        if let bytes = try part.read(ExportVerification.keyFile, limit: Self.smallLimit) {
            guard bytes.last == UInt8(ascii: "\n"),
                let text = String(validating: bytes.dropLast(), as: UTF8.self), let own = VerifierKey(text),
                Array("\(own)\n".utf8) == bytes
            else {
                refuse(.keyForm, part.full(ExportVerification.keyFile))
                return false
            }
            key = own
        }
        do throws(NoteError) {
            let signed = try SignedNote(note)
            let found = try Checkpoint(text: signed.text)
            // One spelling: no extension line, one signature, so that no byte is left that nobody checks.
            guard signed.signatures.count == 1, found.text == signed.text else {
                refuse(.checkpointForm, name)
                return false
            }
            // Without a key file, the key from outside that names this log.
            if key == nil { key = keys.first { $0.name.utf8.elementsEqual(found.origin.utf8) } }
            if let key { head = try VerifiedCheckpoint(note: note, key: key).checkpoint } else { head = found }
            isKeyGiven = key.map { keys.contains($0) } ?? false
            return true
        } catch {
            switch error.code {
            case .badSignature, .unknownSigner, .origin: refuse(.signature, name)
            default: refuse(.checkpointForm, name)
            }
            return false
        }
    }

    /// Reads all leaves below the head and grows the tree.
    private mutating func readLeaves(
        _ head: Checkpoint, _ part: ExportPart<some DossierSource>
    ) throws(DossierUnreadable) -> Bool {
        entries.reserveCapacity(head.size)
        while entries.count < head.size {
            guard let tile = TileLayout.tile(.entries, n: entries.count / Tile.fullWidth, size: head.size) else {
                break
            }
            guard let bytes = try part.read(tile.description, limit: Self.bundleLimit) else {
                refuse(.fileMissing, part.full(tile.description))
                return false
            }
            guard let found = EntryBundle.decode(bytes), found.count == tile.width else {
                refuse(.tile, part.full(tile.description))
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
    private mutating func compareFiles(
        _ head: Checkpoint, _ part: ExportPart<some DossierSource>
    ) throws(DossierUnreadable) {
        let (leaves, hashes) = (entries, hashes)
        let writer = TileWriter(hashes: hashes) { Array(leaves[$0]) }
        for tile in TileLayout.tiles(to: head.size) where !part.names.contains(tile.description) {
            refuse(.fileMissing, part.full(tile.description))
        }
        let known = [
            ExportVerification.checkpointFile, ExportVerification.keyFile, ExportVerification.openedFile,
        ]
        for name in part.names.sorted() where !known.contains(name) {
            guard let tile = Tile(name), tile.description.utf8.elementsEqual(name.utf8) else {
                refuse(.fileExtra, part.full(name))
                continue
            }
            guard let count = TileLayout.count(tile.kind, size: head.size), tile.positions.upperBound <= count else {
                refuse(.fileBeyond, part.full(name))
                continue
            }
            let expected = try? writer.bytes(of: tile)
            if try part.read(name, limit: Self.bundleLimit) != expected { refuse(.tile, part.full(name)) }
        }
    }

    /// Every leaf has our one spelling, and each thread goes on where it stopped, also across logs. Where no earlier log is
    /// in the export, the first leaf of a thread may have a number of its own: the thread then began in one.
    private mutating func checkChains(_ before: [ThreadTag: Leaf]) {
        for (index, bytes) in entries.enumerated() {
            guard let leaf = Leaf(bytes), leaf.bytes == bytes else {
                refuse(.foreignLeaf, leafName(index))
                continue
            }
            let fits =
                if let last = threads[leaf.thread] ?? before[leaf.thread] {
                    leaf.seq == last.seq + 1 && leaf.prev == last.commitment
                } else {
                    (leaf.seq == 1) == (leaf.prev == .zero) && (number == 1 || leaf.seq == 1)
                }
            if !fits { refuse(.chain, "\(leafName(index))（记录线 \(leaf.thread) 第 \(leaf.seq) 条）") }
            threads[leaf.thread] = leaf
        }
    }

    private func leafName(_ index: Int) -> String {
        number == 1 ? "第 \(index) 号叶" : "第 \(number) 个账本第 \(index) 号叶"
    }

    /// The entry that begins a later log: its leaf is the first, so nobody can change afterwards what it says.
    private mutating func readOpening(_ part: ExportPart<some DossierSource>) throws(DossierUnreadable) {
        let name = part.full(ExportVerification.openedFile)
        guard let bytes = try part.read(ExportVerification.openedFile, limit: Self.smallLimit) else {
            if number > 1 { refuse(.fileMissing, name) }
            return
        }
        guard let leaf = entries.first.flatMap({ Leaf($0) }), let opening = DossierEntry(bytes, leaf: leaf),
            opening.index == 0, opening.entry.openings.isEmpty, opening.entry.leaf == leaf,
            opening.entry.skeleton.content.type == DossierVocabulary.logOpened,
            let said = LogSuccession(plain: opening.entry.skeleton.content.plain), said.log == opening.log,
            number == 1 || said.log == number
        else { return refuse(.opening, name) }
        succession = said
    }

    /// One pass through the leaves for every root and size from outside.
    private mutating func look(for wanted: Wanted) {
        guard !wanted.roots.isEmpty || !wanted.sizes.isEmpty else { return }
        var edge = RightEdge()
        note(edge, wanted)
        for entry in entries {
            edge.append(RFC6962.leafHash(entry))
            note(edge, wanted)
        }
    }

    private mutating func note(_ edge: RightEdge, _ wanted: Wanted) {
        let root = edge.root
        if wanted.roots.contains(root), sizes[root] == nil { sizes[root] = edge.size }
        if wanted.sizes.contains(edge.size) { roots[edge.size] = root }
    }
}
