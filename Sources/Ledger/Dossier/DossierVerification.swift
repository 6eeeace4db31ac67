import Kernel

/// Checks a dossier: nothing in it is believed that was not proven, and every byte of it is accounted for.
///
/// Why no byte can change unseen. The bag's tags are made anew from the files. `dossier.json` is fixed by the entry of the
/// export; files and pages by `dossier.json`; entries, leaves, proofs and tiles by the checkpoint; the checkpoint by its
/// signature; the key by the entry that published it, which is under the checkpoint; the page of instructions is made
/// anew. Whoever changes anything and mends everything else needs another root and so another signature, and that is
/// what the trust root from outside is compared with.
public enum DossierVerification {
    /// Checks a dossier.
    ///
    /// - Throws: `DossierUnreadable` if it cannot be read; that is no verdict.
    public static func verify(
        _ source: some DossierSource, trust: DossierTrust = DossierTrust()
    ) throws(DossierUnreadable) -> DossierVerdict {
        var check = DossierCheck(source: source, trust: trust)
        try check.run()
        return check.verdict
    }
}

/// One run of the verifier: what has been found so far.
struct DossierCheck<Source: DossierSource> {
    let source: Source
    let trust: DossierTrust
    /// Every file with its digests.
    var files: [BagPath: FileDigests] = [:]
    /// The chunk root of every file under `data/`, from the same read.
    var chunkRoots: [BagPath: Digest] = [:]
    /// Files that a check has explained.
    var accounted: Set<BagPath> = []
    var reasons: [DossierReason] = []
    var seenReasons: Set<DossierReason> = []

    var manifest: DossierManifest?
    /// The logs in order, as far as they were proven; all or none have a head.
    var logs: [LogFindings] = []
    /// Entries whose commitment and inclusion were proven.
    var entries: [EntryPlace: DossierEntry] = [:]
    /// The losses after which the later logs began.
    var gaps: [DossierGap] = []
    var exportedAt: Instant?
    var fieldsMatching = 0
    var fieldsWithheld = 0
    var fieldsDestroyed = 0
    var laterEntries = 0

    init(source: Source, trust: DossierTrust) {
        self.source = source
        self.trust = trust
    }

    /// A file larger than this is no list and no entry.
    static var smallFileLimit: Int { DossierLayout.listLimit }

    mutating func run() throws(DossierUnreadable) {
        try hashFiles()
        try checkTags()
        guard try readManifest(), let manifest, try readHeads(manifest) else { return }
        if manifest.mode == .complete { for place in logs.indices { try checkLog(place) } }
        try checkEntries(manifest)
        checkChains(manifest)
        checkExport(manifest)
        for log in logs { checkKeyEntry(log) }
        checkSuccessions(manifest)
        for place in logs.indices { try checkHeads(manifest, place) }
        checkFields(manifest)
        checkGrounds(manifest)
        checkReferences()
        checkThreads(manifest)
        checkEvidence(manifest)
        try checkPages(manifest)
        for path in files.keys.sorted() where !accounted.contains(path) {
            refuse(.fileExtra, path.description)
        }
        checkTrust()
    }

    /// What was found of one log.
    func log(_ number: Int) -> LogFindings? { logs.first { $0.number == number } }

    mutating func refuse(_ code: DossierReason.Code, _ subject: String) {
        let reason = DossierReason(code, subject)
        if seenReasons.insert(reason).inserted { reasons.append(reason) }
    }

    /// The bytes of a small file that must be there; nil, with the reason noted, if it is not.
    mutating func read(_ path: BagPath) throws(DossierUnreadable) -> [UInt8]? {
        guard files[path] != nil else {
            refuse(.fileMissing, path.description)
            return nil
        }
        accounted.insert(path)
        return try source.read(path, limit: DossierCheck.smallFileLimit)
    }

    // MARK: the bag

    mutating func hashFiles() throws(DossierUnreadable) {
        let paths = try source.paths()
        guard paths.contains(DossierLayout.declaration) || paths.contains(DossierLayout.manifest)
        else { throw DossierUnreadable(.noBag, "所给的位置") }
        if let fault = source.containerFault { refuse(.container, fault) }
        let sizes = try sizes(of: paths)
        for path in paths {
            guard files[path] == nil else {
                refuse(.fileTwice, path.description)
                continue
            }
            if let unread = sizes[path] {
                files[path] = .unread(size: unread)
                continue
            }
            var hasher = FileDigests.Hasher()
            var chunks = path.hasPrefix("data/") && !path.hasPrefix("data/ledger/") ? ChunkRoot() : nil
            let fault = try source.stream(path) {
                hasher.update($0)
                chunks?.update($0)
            }
            if let fault { refuse(.container, fault) }
            files[path] = hasher.finalize()
            chunkRoots[path] = chunks?.finalize()
        }
    }

    /// Looks at every file's length before anything is read: a disk holds files of any length that have no bytes.
    ///
    /// - Returns: the length of each file that need not be read to be refused, with the reason noted.
    /// - Throws: `.tooLarge` for a file of the dossier's own form that is longer than one can be.
    private mutating func sizes(of paths: [BagPath]) throws(DossierUnreadable) -> [BagPath: Int] {
        var long: [BagPath: Int] = [:]
        for path in paths {
            let size = try source.size(path)
            guard size > DossierLayout.sizeLimit(of: path, among: paths.count) else { continue }
            guard DossierLayout.isNamedByList(path) else { throw DossierUnreadable(.tooLarge, path.description) }
            long[path] = size
        }
        guard !long.isEmpty else { return [:] }
        // Recordings may be of any length, as long as the list says.
        guard paths.contains(DossierLayout.manifest),
            let list = DossierManifest(try source.read(DossierLayout.manifest, limit: DossierLayout.listLimit))
        else { throw DossierUnreadable(.tooLarge, long.keys.min()?.description ?? "") }
        let stated = Dictionary(list.files.map { ($0.path, $0.size) }, uniquingKeysWith: { first, _ in first })
        long = long.filter { stated[$0.key] != $0.value }
        for path in long.keys.sorted() {
            refuse(stated[path] == nil ? .fileExtra : .evidenceChanged, path.description)
        }
        return long
    }

    mutating func checkTags() throws(DossierUnreadable) {
        let payload = files.filter { $0.key.hasPrefix("data/") }
        let tagPaths = [DossierLayout.declaration, DossierLayout.info] + DossierLayout.manifests
        if let bytes = try read(DossierLayout.declaration), bytes != BagTags.declaration {
            refuse(.bagForm, DossierLayout.declaration.description)
        }
        for (path, expected) in zip(DossierLayout.manifests, BagTags.manifests(payload)) {
            try compare(path, with: expected, listing: payload)
        }
        let tags = files.filter { tagPaths.contains($0.key) }
        for (path, expected) in zip(DossierLayout.tagManifests, BagTags.manifests(tags)) {
            try compare(path, with: expected, listing: tags)
        }
    }

    /// Compares a manifest with the one made anew and, where they differ, finds out which file it is about.
    private mutating func compare(
        _ path: BagPath, with expected: [UInt8], listing: [BagPath: FileDigests]
    ) throws(DossierUnreadable) {
        guard let bytes = try read(path), bytes != expected else { return }
        var listed: [BagPath: ArraySlice<UInt8>] = [:]
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let space = line.firstIndex(of: UInt8(ascii: " ")),
                let name = BagPath(line[space...].drop { $0 == UInt8(ascii: " ") })
            else { continue }
            listed[name] = line[..<space]
        }
        var isExplained = false
        for (file, digests) in listing.sorted(by: { $0.key < $1.key }) {
            guard let digest = listed.removeValue(forKey: file) else {
                isExplained = true
                refuse(.fileExtra, file.description)
                continue
            }
            guard !digest.elementsEqual(digests.sha256.description.utf8),
                !digest.elementsEqual(Hex.encode(digests.sha512).utf8)
            else { continue }
            isExplained = true
            refuse(.fileChanged, file.description)
        }
        for file in listed.keys.sorted() {
            isExplained = true
            refuse(.fileMissing, file.description)
        }
        if !isExplained { refuse(.bagForm, path.description) }
    }

    // MARK: the list and the head

    private mutating func readManifest() throws(DossierUnreadable) -> Bool {
        guard let bytes = try read(DossierLayout.manifest) else { return false }
        guard let manifest = DossierManifest(bytes) else {
            refuse(.manifestForm, DossierLayout.manifest.description)
            return false
        }
        self.manifest = manifest
        return true
    }

    /// Reads key and head of every log.
    ///
    /// - Returns: false, with the reason noted, if one is not what it should be.
    private mutating func readHeads(_ manifest: DossierManifest) throws(DossierUnreadable) -> Bool {
        var keys: [VerifierKey] = []
        for log in manifest.logs {
            guard let key = try readKey(of: log) else { return false }
            keys.append(key)
        }
        for trusted in trust.keys where !keys.contains(trusted) {
            let near = keys.first { $0.name.utf8.elementsEqual(trusted.name.utf8) } ?? keys.last ?? trusted
            refuse(.keyOther, "公钥编号 \(PaperText.grouped(near.id))，您给出的是 \(PaperText.grouped(trusted.id))")
        }
        var found: [LogFindings] = []
        for (log, key) in zip(manifest.logs, keys) {
            guard let head = try readHead(of: log, key: key) else { return false }
            found.append(LogFindings(number: log.number, key: log.key, head: head))
        }
        logs = found
        return true
    }

    private mutating func readKey(of log: DossierManifest.Log) throws(DossierUnreadable) -> VerifierKey? {
        let path = DossierLayout.key(of: log.number)
        guard let bytes = try read(path) else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self), text.utf8.last == UInt8(ascii: "\n"),
            let key = VerifierKey(String(decoding: bytes.dropLast(), as: UTF8.self))
        else {
            refuse(.keyForm, path.description)
            return nil
        }
        return key
    }

    private mutating func readHead(
        of log: DossierManifest.Log, key: VerifierKey
    ) throws(DossierUnreadable) -> VerifiedCheckpoint? {
        let path = DossierLayout.checkpoint(of: log.number)
        guard let note = try read(path) else { return nil }
        do throws(NoteError) {
            let head = try VerifiedCheckpoint(note: note, key: key, origin: log.origin)
            // A checkpoint has its three lines and one signature here. A line of an unknown key would be ignored by every
            // reader, and so would be a byte that nobody checks.
            guard try SignedNote(note).signatures.count == 1,
                try SignedNote(note).text == head.checkpoint.text
            else {
                refuse(.checkpointForm, path.description)
                return nil
            }
            return head
        } catch {
            switch error.code {
            case .badSignature, .unknownSigner: refuse(.signature, path.description)
            case .origin: refuse(.origin, path.description)
            default: refuse(.checkpointForm, path.description)
            }
            return nil
        }
    }
}

/// What was found of one log of a dossier.
struct LogFindings {
    let number: Int
    /// Where its key was published.
    let key: FieldPlace
    /// The head that everything in it is proven under.
    let head: VerifiedCheckpoint
    /// Its leaves, in complete dossiers.
    var allLeaves: [Leaf]?
    /// Heads that it was shown to grow from.
    var provenHeads: [DossierManifest.Head] = []

    init(number: Int, key: FieldPlace, head: VerifiedCheckpoint) {
        self.number = number
        self.key = key
        self.head = head
    }

    var size: Int { head.checkpoint.size }
    var root: Digest { head.checkpoint.root }
}
