import Application
import Casework
import GRDB
import Kernel
import Ledger

/// Puts a backup back into an empty place, having checked all of it (ADR 0009).
///
/// Governing rule: until `commit()` nothing is where a server would look for it. Everything is built in a directory
/// beside its place and renamed last, so that a restore that was cut off is begun again and leaves no half bureau.
public struct Restore: Sendable {
    let medium: String
    let bureau: BureauTag
    let key: [UInt8]
    let place: LedgerDatabase.Place
    let keys: KeyStore
    /// A checkpoint that was kept outside; a backup that is older, or of another history, is then refused.
    public var outside: [UInt8]?
    /// Only a checkpoint says that nothing followed: no lock file is written, and two persons adopt the end first.
    public var awaitsAdoption = false
    /// Later records were lost, and a later log will begin: what is known of them, in a lock file or a checkpoint, does
    /// not stand against the restore, and no lock file is written. Until the later log has begun, nothing is recorded.
    public var opensNextLog = false
    var disk: any BackupDisk = LinuxBackupDisk()

    /// Computes the rows of one thread: the records of any thread come from `entries`.
    public typealias Rows =
        @Sendable (_ thread: ThreadTag, _ entries: (ThreadTag) throws -> [LoggedEntry]) throws -> [ProjectionRow]

    /// A restore of a bureau from a medium.
    ///
    /// - Parameters:
    ///   - key: the 32 bytes of the recovery sheet.
    ///   - place: where the ledger and its lock file will be.
    ///   - keys: where the bureau's keys will be.
    public init(medium: String, bureau: BureauTag, key: [UInt8], place: LedgerDatabase.Place, keys: KeyStore) {
        self.medium = medium
        self.bureau = bureau
        self.key = key
        self.place = place
        self.keys = keys
    }

    /// The bureaus that a medium has backups of.
    public static func bureaus(on medium: String) throws(BackupError) -> [BureauTag] {
        do {
            return try FileSource.names(in: medium).filter {
                try FileSource.exists("\(medium)/\($0)/\(BackupManifest.name)")
            }.compactMap { BureauTag($0) }
        } catch {
            throw BackupError(error)
        }
    }

    /// Checks the whole backup and builds the bureau beside its place.
    ///
    /// Destroyed openings and keys are not among what is built: disposals are read before anything is written.
    @concurrent
    public func prepare(rows: @escaping @Sendable (_ bureau: [LoggedEntry]) throws -> Rows) async throws(BackupError)
        -> Prepared
    {
        do {
            return try await Blocking.run {
                var run = try RestoreRun(restore: self)
                return try run.run(rows)
            }
        } catch {
            throw BackupError(error)
        }
    }

    /// The directory that everything is built in. No bureau's tag has a dot in it, so no server takes it for one.
    var building: String { "\(place.data.path)/bureaus/\(bureau).restoring" }

    /// Where the kept rule files of the backup stand while the rows are computed: the texts that the bureau adopted may
    /// be among them and nowhere else.
    public var keptRules: String { building + "/rules" }

    /// Puts the kept rule files into their place, which all bureaus share. What is there under the same name is the same
    /// or damaged, and then replaced. If we die in between, the same restore goes on.
    func placeRules() throws {
        let names = try FileSource.names(in: keptRules)
        guard !names.isEmpty else { return }
        let target = place.data.rules
        try Directory.make(target)
        for name in names where KeptFiles.digest(named: name) != nil {
            if try FileSource.exists("\(target)/\(name)"), try KeptFiles.read(name, in: target) != nil { continue }
            guard let bytes = try KeptFiles.read(name, in: keptRules) else { throw BackupError.readBack(name) }
            try WholeFile.write(bytes, to: "\(target)/\(name)", disk)
        }
        try disk.synchronizeDirectory(target)
        try FileTree.remove(keptRules)
    }

    /// A bureau that is whole but not yet in its place.
    public struct Prepared: Sendable {
        let restore: Restore
        let head: LockedHead
        let serverKeys: [String: [UInt8]]
        let installation: [UInt8]?
        /// What was found and built.
        public let report: Report

        /// The directory of the vault, to be scrubbed with the key of use `vault` before `commit()`.
        public var vault: String { restore.building + "/vault" }

        /// The ledger that was built, to be asked for what it names before `commit()`.
        public var ledger: String { restore.building + "/ledger.sqlite" }

        /// The bytes of a secret key of the backup, for the check of the vault.
        public func secret(for use: KeyStore.Use) -> [UInt8]? {
            guard let bytes = serverKeys[use.rawValue], bytes.last == UInt8(ascii: "\n") else { return nil }
            return Hex.decode(bytes.dropLast())
        }

        /// Puts keys, sign-in data, lock file and, last, the bureau into their places. Blocks.
        ///
        /// If we die between the steps, the same restore again finds what it finds equal and goes on.
        public func commit(into installation: InstallationDatabase) throws(BackupError) {
            do {
                for (name, bytes) in serverKeys.sorted(by: { $0.key < $1.key }) {
                    try restore.keys.restore(bytes, named: name)
                }
                try restore.keys.restore(
                    Array((Hex.encode(restore.key) + "\n").utf8), named: KeyStore.Use.backup.rawValue)
                if let rows = self.installation {
                    // Without its session key nothing would open an account: a backup that has none is no whole one.
                    guard let key = secret(for: .session) else { throw BackupError.damaged("session.key") }
                    installation.hold(key, of: restore.bureau)
                    try installation.pool.write { db in
                        let connection = try Connection(db)
                        try InstallationCopy.write(rows, to: connection)
                        try installation.sealRestored(of: restore.bureau, connection)
                    }
                }
                try restore.placeRules()
                try Directory.make(restore.place.lockDirectory)
                // What a lock file remembers of lost records is needed when the later log begins; without one no server
                // starts, so nothing is recorded in between.
                // A checkpoint alone proves what is here, and nothing of what may have followed: two persons adopt it first,
                // and no server starts before.
                if !restore.opensNextLog, !restore.awaitsAdoption {
                    try LockFile(path: restore.place.lockPath).write(head)
                }
                try restore.disk.rename(restore.building, to: restore.place.data.bureau(restore.bureau))
                try restore.disk.synchronizeDirectory(restore.place.data.path + "/bureaus")
            } catch {
                throw BackupError(error)
            }
        }
    }

    /// What a restore found.
    public struct Report: Hashable, Sendable {
        /// The newest head.
        public var head: BackupHead
        /// The checkpoint of that head.
        public var note: [UInt8] = []
        /// The verifier key of the open log.
        public var verifierKey = ""
        /// When the backup was made.
        public var madeAt: Instant
        /// The bureau's own thread.
        public var thread: ThreadTag?
        /// Entries of all logs.
        public var entries: Int64 = 0
        /// Objects that are back.
        public var objects = 0
        /// Objects and entries whose content disposals had destroyed; it stays destroyed.
        public var destroyedObjects = 0
        public var destroyedEntries = 0
        /// What was not in order already when the backup was made; Chinese.
        public var warnings: [String] = []
    }
}
