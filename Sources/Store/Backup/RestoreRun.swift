import Application
import Casework
import GRDB
import GRDBSQLite
import Kernel
import Ledger

/// One restore: read and check the whole backup, and build the bureau in a directory beside its place.
struct RestoreRun {
    private let restore: Restore
    private let directory: String
    private let form: SealedForm
    private let manifest: BackupManifest
    private var report: Restore.Report

    init(restore: Restore) throws {
        self.restore = restore
        directory = "\(restore.medium)/\(restore.bureau)"
        guard let key = BackupKey(restore.key) else { throw BackupError.wrongKey }
        guard let (form, manifest) = try BackupManifest.read(in: directory, key: key) else {
            throw BackupError.none(directory)
        }
        guard manifest.bureau == restore.bureau else { throw BackupError.otherBureau(manifest.bureau.description) }
        guard let head = manifest.head else { throw BackupError.damaged(BackupManifest.name) }
        self.form = form
        self.manifest = manifest
        report = Restore.Report(head: head, madeAt: manifest.madeAt)
    }

    mutating func run(_ rows: ([LoggedEntry]) throws -> Restore.Rows) throws -> Restore.Prepared {
        guard let last = manifest.logs.last else { throw BackupError.damaged(BackupManifest.name) }
        let locked = LockedHead(log: last.number, size: last.size, root: last.root, note: last.note)
        try checkEmpty(locked)
        try checkProven(locked)
        report.note = last.note
        report.verifierKey = last.verifierKey
        report.entries = manifest.logs.reduce(0) { $0 + $1.size }

        // Disposals first: whatever they name is dropped while it is read, and never written here.
        let disposals = try Disposals(manifest, directory: directory, form: form)
        report.destroyedEntries = disposals.entries.count
        let records = try objectRecords()
        let installation = try manifest.installation.map { try whole($0) }
        try Directory.make(restore.place.data.path + "/bureaus")
        try removeRemains()
        try restore.disk.makeDirectory(restore.building)
        try buildRules()
        try buildVault(records, disposals)
        try buildLedger(records, disposals, rows)
        try restore.disk.synchronizeDirectory(restore.building)
        try restore.disk.synchronizeDirectory(restore.place.data.path + "/bureaus")
        for name in manifest.serverKeys.keys
        where KeyStore.Use(rawValue: name) == nil && KeyStore.log(named: name) == nil {
            throw BackupError.newerProgram("key \(name)")
        }
        // Media of before hold keys of logs that never began.
        let logs = Set(manifest.logs.map(\.number))
        let keys = manifest.serverKeys.filter { KeyStore.log(named: $0.key).map { logs.contains($0) } ?? true }
        return Restore.Prepared(
            restore: restore, head: locked, serverKeys: keys, installation: installation, report: report)
    }

    /// Nothing of a bureau may be where this one goes; only what an earlier try of this very restore left is.
    private func checkEmpty(_ head: LockedHead) throws {
        let bureau = restore.place.data.bureau(restore.bureau)
        guard try !FileSource.exists(bureau) else { throw BackupError.notEmpty(bureau) }
        switch try LockFile.read(restore.place.lockPath) {
        case .head(let there) where restore.opensNextLog && (there.log, there.size) > (head.log, head.size): break
        case .unreadable where restore.opensNextLog: break
        case .absent: break
        case .head(let there) where there == head: break
        case .head(let there) where (there.log, there.size) > (head.log, head.size):
            // The lock file outlived the data: it remembers records that this backup does not have.
            throw BackupError.older(
                BackupHead(log: there.log, size: there.size, root: there.root), here: report.head)
        case .head(let there) where (there.log, there.size) == (head.log, head.size):
            throw BackupError.forked(
                BackupHead(log: there.log, size: there.size, root: there.root), here: report.head)
        case .head(let there):
            throw BackupError.olderLock(
                restore.place.lockPath, BackupHead(log: there.log, size: there.size, root: there.root),
                here: report.head)
        case .unreadable: throw BackupError.lockDamaged(restore.place.lockPath)
        }
        let isNewest = try LockFile.read(restore.place.lockPath) == .head(head)
        for (name, bytes) in try restore.keys.files() where manifest.serverKeys[name] != bytes {
            // The key of a log of which this backup knows nothing: it was lost whole, or, where the lock file knows nothing of
            // it either, never began.
            if restore.opensNextLog || isNewest, let log = KeyStore.log(named: name), log > head.log { continue }
            throw BackupError.notEmpty(restore.keys.directory)
        }
    }

    /// A shorter log is never continued (design section 5), and a backup cannot know what came after it. So its log goes on
    /// only where the newest head that was ever answered for is at hand and is the backup's own.
    private func checkProven(_ head: LockedHead) throws {
        if restore.opensNextLog { return }
        if try LockFile.read(restore.place.lockPath) == .head(head) { return }
        // What a checkpoint says is looked at when the entries are there to be compared with.
        guard restore.outside != nil else { throw BackupError.unproven(report.head) }
    }

    private func removeRemains() throws {
        guard try FileSource.exists(restore.building) else { return }
        try FileTree.remove(restore.building)
    }

    // MARK: the ledger

    private mutating func buildLedger(
        _ records: [ObjectID: KeyRecord], _ disposals: Disposals, _ rows: ([LoggedEntry]) throws -> Restore.Rows
    ) throws {
        let pool = try DurablePool.open(restore.building + "/ledger.sqlite", LedgerSettings())
        defer { DurablePool.close(pool) }
        try LedgerSchema.migrator().migrate(pool)
        let connection = try DurablePool.writer(of: pool)
        defer { connection.finalizeStatements() }
        try pool.writeWithoutTransaction { _ in
            do {
                try connection.run("BEGIN IMMEDIATE")
                try fill(connection, records, disposals, rows)
                try connection.run("COMMIT")
            } catch {
                if sqlite3_get_autocommit(connection.handle) == 0 { try? connection.run("ROLLBACK") }
                throw error
            }
        }
    }

    private mutating func fill(
        _ connection: Connection, _ records: [ObjectID: KeyRecord], _ disposals: Disposals,
        _ rows: ([LoggedEntry]) throws -> Restore.Rows
    ) throws {
        var rebuilt = RebuiltLedger(connection: connection, manifest: manifest, disposals: disposals)
        for segment in manifest.segments {
            try rebuilt.take(segment, from: try SealedReader(segment.file.name, in: directory, form))
        }
        try rebuilt.finish()
        try checkOutside(connection)
        report.warnings += rebuilt.warnings(objects: records)
        report.thread = rebuilt.bureauThread
        let entries = EntryReader(connection: connection)
        guard let thread = rebuilt.bureauThread else { throw BackupError.ledger("no entry opens the bureau") }
        let compute = try rows(try entries.entries(of: thread, from: 1))
        let writer = ProjectionWriter(connection: connection)
        for thread in rebuilt.threads {
            for row in try compute(thread, { try entries.entries(of: $0, from: 1) }) { try writer.upsert(row) }
        }
    }

    /// A head that was kept outside must be one of this ledger's, and not newer than it.
    private func checkOutside(_ connection: Connection) throws {
        guard let note = restore.outside, let here = manifest.head else { return }
        guard
            let log = manifest.logs.first(where: { log in
                VerifierKey(log.verifierKey).map { (try? VerifiedCheckpoint(note: note, key: $0)) != nil } ?? false
            }), let key = VerifierKey(log.verifierKey)
        else {
            // Of a log that was lost whole; what it says is looked at when the later log begins.
            if restore.opensNextLog { return }
            throw BackupError.foreignCheckpoint
        }
        let checkpoint = try VerifiedCheckpoint(note: note, key: key).checkpoint
        let there = BackupHead(log: log.number, size: Int64(checkpoint.size), root: checkpoint.root)
        if there.size > log.size, restore.opensNextLog { return }
        guard there.size <= log.size else { throw BackupError.older(there, here: here) }
        guard try LedgerReading(connection: connection).root(log: log.number, size: there.size) == there.root else {
            throw BackupError.forked(there, here: here)
        }
        // An earlier head shows that the beginning is the same, and nothing of the end. The lock file would.
        if !restore.opensNextLog, there != here, try LockFile.read(restore.place.lockPath) == .absent {
            throw BackupError.unproven(here)
        }
    }

    // MARK: the rules

    /// Kept rule files stand beside the bureau until all of it is put in its place.
    private mutating func buildRules() throws {
        guard !manifest.ruleFiles.isEmpty else { return }
        try restore.disk.makeDirectory(restore.keptRules)
        for file in manifest.ruleFiles {
            try KeptFiles.read(file, from: try SealedReader(file.name, in: directory, form)) { [restore] name, bytes in
                try WholeFile.write(bytes, to: "\(restore.keptRules)/\(name)", restore.disk)
            }
        }
        try restore.disk.synchronizeDirectory(restore.keptRules)
    }

    // MARK: the vault

    private func objectRecords() throws -> [ObjectID: KeyRecord] {
        var records: [ObjectID: KeyRecord] = [:]
        for file in manifest.keyFiles {
            try KeyRecord.read(file, from: try SealedReader(file.name, in: directory, form), into: &records)
        }
        return records
    }

    private mutating func buildVault(_ records: [ObjectID: KeyRecord], _ disposals: Disposals) throws {
        let vault = VaultFiles(root: restore.building + "/vault")
        try vault.make(restore.disk)
        var folders: Set<String> = []
        for (object, record) in records.sorted(by: { $0.key < $1.key }) {
            let folder = VaultFiles.folder(of: object)
            folders.insert(folder)
            guard case .live(let key, let stamp) = record, !disposals.objects.contains(object) else {
                // Destroyed stays told apart from never there.
                try WholeFile.write(VaultFiles.gone, to: vault.key(object), restore.disk)
                report.destroyedObjects += 1
                continue
            }
            let name = "objects/\(folder)/\(object)"
            // The key comes back alone too: the bytes may be found on another medium.
            try WholeFile.write(key, to: vault.key(object), restore.disk)
            guard try FileSource.exists("\(directory)/\(name)") else {
                report.warnings.append("备份盘上缺少文件 \(name)。")
                continue
            }
            do {
                try WholeFile.copy(
                    "\(directory)/\(name)", to: vault.object(object), expecting: stamp, name: name, restore.disk)
            } catch BackupError.damaged(_) {
                // One damaged file takes nothing else along. What is left of it is on the medium.
                try restore.disk.unlink(vault.object(object) + ".new")
                report.warnings.append("备份盘上的文件 \(name) 已损坏，没有放回。")
                continue
            }
            report.objects += 1
        }
        for folder in folders.sorted() {
            try restore.disk.synchronizeDirectory("\(vault.root)/objects/\(folder)")
            try restore.disk.synchronizeDirectory("\(vault.root)/keys/\(folder)")
        }
    }

    /// A small file whole.
    private func whole(_ file: BackupManifest.File) throws -> [UInt8] {
        let reader = try SealedReader(file.name, in: directory, form)
        let bytes = try reader.takeAll()
        guard reader.stamp == file.stamp else { throw BackupError.damaged(file.name) }
        return bytes
    }
}
