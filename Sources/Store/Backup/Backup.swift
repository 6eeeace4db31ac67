import Application
import Casework
import Foundation
import Kernel
import Ledger

/// Makes a backup of one bureau on a medium, and later only what is new (ADR 0009, docs/formats-backup.md).
///
/// The ledger may go on being written: what came after the head that was the newest at the beginning is left for the
/// next run.
public struct Backup: Sendable {
    let ledger: LedgerDatabase
    let vault: VaultFiles
    let objects: any ObjectInspection
    let keys: KeyStore
    let installation: InstallationDatabase
    let medium: String
    let clock: any WallClock
    var disk: any BackupDisk = LinuxBackupDisk()
    /// Milliseconds after which a run begins a new generation of object keys. A week less than the 35 days after which a
    /// destroyed key may be in no backup, so that a run that was missed does not break the limit.
    var generationLimit = Int64(BackupMedium.generationDays) * 86_400_000

    /// A backup of a bureau onto `medium`, where it has a directory of its own.
    ///
    /// - Parameters:
    ///   - vault: the directory of the bureau's vault.
    ///   - objects: opens what lies there: sealed bytes can be copied without it, and nobody would know what is in them.
    ///   - keys: the bureau's keys; `backup` among them seals everything.
    public init(
        ledger: LedgerDatabase, vault: String, objects: any ObjectInspection, keys: KeyStore,
        installation: InstallationDatabase, medium: String, clock: any WallClock
    ) {
        self.ledger = ledger
        self.vault = VaultFiles(root: vault)
        self.objects = objects
        self.keys = keys
        self.installation = installation
        self.medium = medium
        self.clock = clock
    }

    /// How much of it a run covers.
    public enum Extent: Sendable {
        /// Everything.
        case whole
        /// New entries only: after the run was itself recorded.
        case entries
    }

    /// What a run did.
    public struct Report: Hashable, Sendable {
        /// The newest head that the backup now holds.
        public var head: BackupHead
        /// Entries in the backup, of all logs.
        public var entries: Int64 = 0
        /// Objects in the backup whose keys are there.
        public var objects = 0
        /// Entries, objects, files and bytes that this run wrote.
        public var newEntries: Int64 = 0
        public var newObjects = 0
        public var files = 0
        public var bytes: Int64 = 0
        /// The generation of object keys, from 1, and whether this run began it.
        public var generation = 0
        public var beganGeneration = false
        /// When it began.
        public var generationBegan = Instant(milliseconds: 0)
        /// The random id of the backup on this medium.
        public var medium = ""
        /// How many objects entries name that no disposal destroyed.
        public var named = 0
        /// Those of them that are not in the vault as they were stored.
        public var flaws: [Flaw] = []
        /// What else is not in order, though not with the backup; Chinese.
        public var warnings: [String] = []
    }

    /// An object that entries name and that could not be read in the vault.
    public struct Flaw: Hashable, Sendable {
        /// The object.
        public let object: NamedObject
        /// What is wrong with it.
        public let flaw: ObjectFlaw
        /// Whether the backup holds what an earlier run took of it when it was whole.
        public let isKept: Bool
    }

    /// Runs the backup on a thread of its own and returns when all of it is on the medium and was read back.
    ///
    /// If it fails or we die at any point, the backup that was there before is there unchanged.
    @concurrent
    public func run(_ extent: Extent = .whole) async throws(BackupError) -> Report {
        do {
            return try await Blocking.run {
                var run = try BackupRun(backup: self, extent: extent)
                return try run.run()
            }
        } catch {
            throw BackupError(error)
        }
    }

    /// The directory of the bureau on the medium.
    var directory: String { "\(medium)/\(ledger.bureau)" }
}

/// Runs what blocks on a thread of its own, never on the cooperative pool.
enum Blocking {
    static func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread { continuation.resume(with: Result { try body() }) }
            thread.name = "backup"
            thread.stackSize = 4 << 20
            thread.start()
        }
    }
}
