import Application
import GRDB
import Kernel
import Ledger

/// One run of a backup, in the order in which it must happen.
///
/// Governing rule: no file that the old manifest names is changed or removed before the new manifest is on the medium
/// under its name, with every file that it names. So each moment of a crash leaves one whole backup, the old or the new.
struct BackupRun {
    let backup: Backup
    let extent: Backup.Extent
    private let directory: String
    private let form: SealedForm
    private let old: BackupManifest?
    private var manifest: BackupManifest
    private var report: Backup.Report
    private var touched: Set<String> = []
    private var ordinal = 0

    init(backup: Backup, extent: Backup.Extent) throws {
        self.backup = backup
        self.extent = extent
        directory = backup.directory
        guard let key = BackupKey(try backup.keys.secret(for: .backup)) else { throw BackupError.wrongKey }
        let now = backup.clock.now()
        if let (form, manifest) = try BackupManifest.read(in: directory, key: key) {
            self.form = form
            old = manifest
            self.manifest = manifest
        } else {
            form = SealedForm(backup: .random(), key: key)
            old = nil
            manifest = BackupManifest(bureau: backup.ledger.bureau, madeAt: now, generationBegan: now)
        }
        guard manifest.bureau == backup.ledger.bureau else {
            throw BackupError.otherBureau(manifest.bureau.description)
        }
        manifest.run += 1
        manifest.madeAt = now
        report = Backup.Report(head: BackupHead(log: 1, size: 0, root: .zero))
    }

    mutating func run() throws -> Backup.Report {
        let logs = try backup.ledger.pool.read { try LedgerReading(connection: Connection($0)).logs() }
        try compare(logs)
        try backup.disk.makeDirectory(backup.medium)
        try backup.disk.makeDirectory(directory)
        try backup.disk.synchronizeDirectory(backup.medium)
        try takeEntries(logs)
        if extent == .whole {
            try takeObjects()
            try takeInstallation()
            try takeRules()
            // A key that no log has is left from a change of keys that was cut off: nothing was ever signed with it.
            manifest.serverKeys = try backup.keys.files(ofLogs: Set(logs.map(\.number)))
        }
        try publish()
        report.head = manifest.head ?? report.head
        report.entries = manifest.logs.reduce(0) { $0 + $1.size }
        report.generation = manifest.generation
        report.generationBegan = manifest.generationBegan
        report.medium = form.backup.description
        return report
    }

    // MARK: entries

    /// Refuses a medium that holds more than this ledger, or something else.
    private func compare(_ logs: [BackupManifest.Log]) throws {
        guard let there = old?.head, let last = logs.last else { return }
        let here = BackupHead(log: last.number, size: last.size, root: last.root)
        guard (there.log, there.size) <= (here.log, here.size) else { throw BackupError.newerThere(there, here: here) }
        for log in old?.logs ?? [] {
            let root = try backup.ledger.pool.read { db in
                try LedgerReading(connection: Connection(db)).root(log: log.number, size: log.size)
            }
            let mine = logs.first { $0.number == log.number }
            if let mine, log.size > mine.size, mine.number < last.number {
                // A stated case, not an overwriting: the medium was written before records were lost here.
                throw BackupError.holdsLost(BackupHead(log: log.number, size: log.size, root: log.root), here: here)
            }
            let origin = mine?.origin
            guard root == log.root, origin == log.origin else { throw BackupError.forked(there, here: here) }
        }
    }

    private mutating func takeEntries(_ logs: [BackupManifest.Log]) throws {
        let known = manifest.logs
        manifest.logs = logs
        for log in logs {
            let isFirst = !manifest.segments.contains { $0.log == log.number }
            let first = known.first { $0.number == log.number }?.size ?? 0
            guard isFirst || log.size > first else { continue }
            manifest.segments.append(
                try write(log: log.number, first: first, count: log.size - first, isFirst: isFirst, root: log.root))
            report.newEntries += log.size - first
        }
    }

    /// Writes entries of one log into a new file, having computed everything anew from what is stored.
    private mutating func write(
        log: Int, first: Int64, count: Int64, isFirst: Bool, root: Digest?
    ) throws -> BackupManifest.Segment {
        // The head of size 0 belongs to the first file of a log.
        let headsAfter = isFirst ? -1 : first
        let name = fileName("ledger")
        let writer = try SealedWriter(name, in: directory, form, backup.disk)
        var openings: Int64 = 0
        try backup.ledger.pool.read { db in
            let reading = LedgerReading(connection: try Connection(db))
            openings = try reading.write(
                log: log, first: first, count: count, headsAfter: headsAfter, root: root, to: writer)
        }
        return .init(log: log, first: first, count: count, openings: openings, file: try finish(writer, name))
    }

    // MARK: objects

    private mutating func takeObjects() throws {
        var known: [ObjectID: KeyRecord] = [:]
        for file in manifest.keyFiles {
            try KeyRecord.read(file, from: try SealedReader(file.name, in: directory, form), into: &known)
        }
        let isDue =
            manifest.generation == 0
            // Begun by a clock that was ahead: nobody knows how old it is.
            || manifest.generationBegan > manifest.madeAt
            || manifest.madeAt.milliseconds(since: manifest.generationBegan) >= backup.generationLimit
        // Before the vault is looked at: bytes are there before an entry names them.
        let names = try backup.ledger.pool.read { try NamedObjects.read(Connection($0)) }
        let named = Dictionary(uniqueKeysWithValues: names.map { ($0.id, $0) })
        var changed: [(ObjectID, KeyRecord)] = []
        var all: [(ObjectID, KeyRecord)] = []
        var absent = named
        for (object, state) in try backup.vault.keys() {
            absent[object] = nil
            guard let record = try record(of: object, state, known: known[object], named: named[object]) else {
                continue
            }
            all.append((object, record))
            if known[object] != record { changed.append((object, record)) }
        }
        for object in names where absent[object.id] != nil {
            // A key file that was destroyed holds a mark. This one is lost, so what the medium has of it stays.
            note(.keyMissing, of: object.id, known: known[object.id], named: object)
            if let record = known[object.id] { all.append((object.id, record)) }
        }
        report.named = names.count
        report.objects = all.count { if case .live = $0.1 { true } else { false } }
        if isDue {
            // All that is still there, and nothing else: what was destroyed since the last generation ends with it.
            manifest.generation += 1
            manifest.generationBegan = manifest.madeAt
            manifest.keyFiles = [try write(keys: all)]
            report.beganGeneration = true
            try compact()
        } else if !changed.isEmpty {
            manifest.keyFiles.append(try write(keys: changed))
        }
    }

    /// What to note of one object, with its sealed file on the medium; nil for one that is only just arriving, or that
    /// cannot be read and of which the medium has nothing.
    ///
    /// Governing rule: what goes onto the medium was opened, and nothing that could be opened is replaced by what cannot.
    private mutating func record(
        of object: ObjectID, _ state: VaultFiles.KeyState, known: KeyRecord?, named: NamedObject?
    ) throws -> KeyRecord? {
        var (old, isSame) = (known, false)
        if case .live(let oldKey, _) = known, case .wrapped(let key) = state { isSame = oldKey == key }
        if case .gone = known { old = nil }
        // One that is on the medium was read whole when it went there; its key file may have been written anew since.
        let depth: InspectionDepth = old == nil ? .whole : .outside
        let key: [UInt8]
        switch state {
        case .gone:
            if named != nil { note(.keyDestroyed, of: object, known: nil, named: named) }
            return .gone
        case .unreadable:
            let flaw = backup.objects.flaw(of: object, .outside, expecting: nil) ?? .keyDamaged
            note(flaw, of: object, known: old, named: named)
            return known
        case .wrapped(let bytes): key = bytes
        }
        // Nobody names it yet: it may be on its way in.
        if named == nil, old == nil, try !FileSource.exists(backup.vault.object(object)) { return nil }
        if named != nil || !isSame,
            let flaw = backup.objects.flaw(of: object, depth, expecting: named?.sha256)
        {
            note(flaw, of: object, known: old, named: named)
            return old
        }
        if case .live(_, let stamp) = old { return .live(key: key, object: stamp) }
        let folder = "\(directory)/objects/\(VaultFiles.folder(of: object))"
        if touched.insert(folder).inserted {
            try backup.disk.makeDirectory("\(directory)/objects")
            try backup.disk.makeDirectory(folder)
        }
        let stamp = try WholeFile.copy(
            backup.vault.object(object), to: "\(folder)/\(object)", name: "objects/\(object)", backup.disk)
        report.newObjects += 1
        report.files += 1
        report.bytes += stamp.byteCount
        return .live(key: key, object: stamp)
    }

    private mutating func note(_ flaw: ObjectFlaw, of object: ObjectID, known: KeyRecord?, named: NamedObject?) {
        let isKept = if case .live = known { true } else { false }
        if let named {
            report.flaws.append(.init(object: named, flaw: flaw, isKept: isKept))
        } else {
            report.warnings.append(
                "没有记录提到的文件 \(object)：\(flaw.chinese)，" + (isKept ? "备份中原有的保留。" : "没有备份。"))
        }
    }

    private mutating func write(keys records: [(ObjectID, KeyRecord)]) throws -> BackupManifest.File {
        let name = fileName("keys")
        let writer = try SealedWriter(name, in: directory, form, backup.disk)
        for (object, record) in records { try writer.put(record.bytes(of: object)) }
        return try finish(writer, name)
    }

    /// Writes anew the files of entries that hold openings which the ledger no longer has, and joins small files that
    /// stand side by side: each night leaves one or two.
    private mutating func compact() throws {
        var groups: [[BackupManifest.Segment]] = []
        for segment in manifest.segments {
            if let last = groups.last, let before = last.last, before.log == segment.log,
                last.reduce(segment.count, { $0 + $1.count }) <= BackupRun.smallFile
            {
                groups[groups.count - 1].append(segment)
            } else {
                groups.append([segment])
            }
        }
        var segments: [BackupManifest.Segment] = []
        for group in groups {
            guard let first = group.first else { continue }
            let whole = BackupManifest.Segment(
                log: first.log, first: first.first, count: group.reduce(0) { $0 + $1.count },
                openings: group.reduce(0) { $0 + $1.openings }, file: first.file)
            let present = try backup.ledger.pool.read { db in
                try LedgerReading(connection: Connection(db)).openings(of: whole)
            }
            if group.count == 1, present == whole.openings {
                segments.append(first)
            } else {
                segments.append(
                    try write(
                        log: whole.log, first: whole.first, count: whole.count,
                        isFirst: !segments.contains { $0.log == whole.log }, root: nil))
            }
        }
        manifest.segments = segments
    }

    /// Entries up to which files are joined.
    private static let smallFile: Int64 = 4096

    // MARK: the rest

    private mutating func takeInstallation() throws {
        let bureau = backup.ledger.bureau
        let rows = try backup.installation.pool.read { try InstallationCopy.read(Connection($0), bureau: bureau) }
        let name = fileName("installation")
        let writer = try SealedWriter(name, in: directory, form, backup.disk)
        try writer.put(rows)
        manifest.installation = try finish(writer, name)
    }

    /// Takes kept rule files that no earlier run has taken. A kept file never changes and none is ever removed.
    private mutating func takeRules() throws {
        var known: Set<String> = []
        for file in manifest.ruleFiles {
            try KeptFiles.read(file, from: try SealedReader(file.name, in: directory, form)) { name, _ in
                known.insert(name)
            }
        }
        let rules = backup.ledger.data.rules
        var fresh: [(name: String, bytes: [UInt8])] = []
        for name in try FileSource.names(in: rules) where KeptFiles.digest(named: name) != nil && !known.contains(name)
        {
            guard let bytes = try KeptFiles.read(name, in: rules) else {
                report.warnings.append("留存的规则文件 \(name) 与其摘要不符，没有备份。请查明原因，从较早的备份恢复它。")
                continue
            }
            fresh.append((name, bytes))
        }
        guard !fresh.isEmpty else { return }
        let name = fileName("rules")
        let writer = try SealedWriter(name, in: directory, form, backup.disk)
        for file in fresh { try writer.put(KeptFiles.record(file.name, file.bytes)) }
        manifest.ruleFiles.append(try finish(writer, name))
    }

    private mutating func publish() throws {
        for folder in touched.sorted() { try backup.disk.synchronizeDirectory(folder) }
        if !touched.isEmpty { try backup.disk.synchronizeDirectory(directory + "/objects") }
        // If we die before this line the medium holds the old backup and files that nothing names.
        try backup.disk.synchronizeDirectory(directory)
        let writer = try SealedWriter(BackupManifest.name, in: directory, form, backup.disk)
        try writer.put(manifest.bytes)
        _ = try finish(writer, BackupManifest.name)
        try backup.disk.synchronizeDirectory(directory)
        // From here on the new backup is the one on the medium; what is left is to remove what it does not name.
        guard let (_, read) = try BackupManifest.read(in: directory, key: BackupKey(backup.keys.secret(for: .backup))),
            read == manifest
        else { throw BackupError.readBack(BackupManifest.name) }
        try sweep()
    }

    /// Removes what the manifest does not name: files of earlier states, of destroyed objects, of runs cut off.
    private func sweep() throws {
        let named = Set(manifest.files.map(\.name) + [BackupManifest.name, "objects"])
        for name in try FileSource.names(in: directory) where !named.contains(name) && isOurs(name) {
            try erase("\(directory)/\(name)")
        }
        if report.beganGeneration {
            var live: [ObjectID: KeyRecord] = [:]
            for file in manifest.keyFiles {
                try KeyRecord.read(file, from: try SealedReader(file.name, in: directory, form), into: &live)
            }
            for folder in VaultFiles.folders {
                for name in try FileSource.names(in: "\(directory)/objects/\(folder)") {
                    if let id = ObjectID(name), case .live = live[id] { continue }
                    try backup.disk.unlink("\(directory)/objects/\(folder)/\(name)")
                }
            }
        }
        try backup.disk.synchronizeDirectory(directory)
    }

    /// Whether a file is one that a run wrote; what else lies on the medium is left alone.
    private func isOurs(_ name: String) -> Bool {
        name.hasSuffix(".new") || ["ledger-", "keys-", "installation-", "rules-"].contains { name.hasPrefix($0) }
    }

    /// Overwrites a file in its own blocks before it goes: it may hold keys that must not live on.
    private func erase(_ path: String) throws {
        let byteCount = try FileSource.stamp(of: path).byteCount
        try backup.disk.overwrite(path, byteCount: byteCount)
        try backup.disk.unlink(path)
    }

    private mutating func fileName(_ kind: String) -> String {
        ordinal += 1
        return "\(kind)-\(Decimal.padded(manifest.run, to: 6))-\(ordinal)"
    }

    private mutating func finish(_ writer: SealedWriter, _ name: String) throws -> BackupManifest.File {
        let stamp = try writer.finish()
        report.files += 1
        report.bytes += stamp.byteCount
        return .init(name: name, stamp: stamp)
    }
}

extension BackupManifest {
    /// Reads the manifest of a backup.
    ///
    /// - Returns: nil if there is none.
    /// - Throws: `BackupError.wrongKey`, `damaged`, `newerProgram`.
    static func read(in directory: String, key: BackupKey?) throws -> (SealedForm, BackupManifest)? {
        guard try FileSource.exists("\(directory)/\(name)") else { return nil }
        guard let key else { throw BackupError.wrongKey }
        guard
            let (backup, keyID) = SealedForm.parse(
                head: try FileSource("\(directory)/\(name)").read(SealedForm.headByteCount))
        else { throw BackupError.damaged(name) }
        guard keyID == key.id else { throw BackupError.wrongKey }
        let form = SealedForm(backup: backup, key: key)
        return (form, try BackupManifest(SealedReader(name, in: directory, form).takeAll()))
    }
}
