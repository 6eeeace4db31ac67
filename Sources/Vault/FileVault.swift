import Application
import Glibc
import Kernel
import NIOPosix
import Synchronization

/// The vault in a directory of the local file system (ext4, xfs). docs/formats-vault.md describes its files.
///
/// One process opens a vault at a time; the file `format` is locked while it is open.
public final class FileVault: EvidenceVault {
    /// What an operator may set.
    public struct Configuration: Sendable {
        /// Bytes of the file system that the vault leaves free for the ledger and the system.
        public var reserve: Int64 = 2 << 30
        /// How many senders may write at once.
        public var writers = 32
        /// Blocks of 1 MiB between senders and disk; at most this and one for each writer are ever in use.
        public var blocks = 32
        /// A long append is made durable this often, so that a power cut costs no more. One with a checksum, or of a length that
        /// nobody announced, is not: its bytes count only when all of them are right.
        public var stride: Int64 = 128 << 20
        /// Objects of so many bytes and more are written past the page cache: nobody reads a film again soon, and its pages
        /// would take the place of the database's.
        public var directFrom: Int64 = 16 << 20
        /// How many uploads one person may have on record.
        public var uploadsOfOnePerson = UploadDeclaration.mostOfOnePerson

        /// The defaults.
        public init() {}
    }

    let layout: Layout
    let keys: VaultKeys
    let configuration: Configuration
    let operations: any FileOperations
    let lanes = Lanes()
    let pool: BlockPool
    let openObjects: OpenObjects
    let uploadTable = UploadTable()
    /// Held while the vault is open; nil once it was closed.
    private let lockDescriptor: Mutex<Int32?>
    private let stopped = Mutex<VaultError?>(nil)
    private let promises = Mutex<Promises>(Promises())

    private struct Promises {
        var writers = 0
        var bytes: [ObjectID: Int64] = [:]
    }

    /// Makes an empty vault in `directory`, which may exist if it is empty.
    ///
    /// - Throws: `faulty` when the directory cannot be made, or holds a vault already.
    public static func create(at directory: String) async throws(VaultError) {
        try await create(at: directory, operations: LinuxFileOperations())
    }

    /// Opens the vault in `directory`, and removes what was on its way in and never acknowledged.
    ///
    /// - Throws: `notFound` when there is none, `locked` when a process has it open.
    public static func open(
        at directory: String, keys: VaultKeys, configuration: Configuration = Configuration()
    ) async throws(VaultError) -> FileVault {
        try await open(at: directory, keys: keys, configuration: configuration, operations: LinuxFileOperations())
    }

    init(
        layout: Layout, keys: VaultKeys, configuration: Configuration, operations: any FileOperations, lock: Int32
    ) {
        self.layout = layout
        self.keys = keys
        self.configuration = configuration
        self.operations = operations
        lockDescriptor = Mutex(lock)
        pool = BlockPool(limit: configuration.blocks)
        openObjects = OpenObjects(limit: 64)
    }

    /// Ends all work and releases the lock; a second call does nothing. Writers still at work lose what is not durable.
    public func close() async {
        await lanes.shutDown()
        openObjects.removeAll()
        // The number of a descriptor that was closed is another file's at once: it is closed by one caller alone.
        let held = lockDescriptor.withLock { held in
            defer { held = nil }
            return held
        }
        guard let held else { return }
        // A child that another thread is just starting holds a copy of the descriptor until it runs its program; the
        // lock would stay with that copy.
        _ = flock(held, LOCK_UN)
        operations.close(held)
    }

    /// Why recording stopped; nil while it goes on.
    public var stopCause: VaultError? { stopped.withLock { $0 } }

    /// What writers under way were promised.
    var promisedBytes: [ObjectID: Int64] { promises.withLock { $0.bytes } }

    public func room() async throws(VaultError) -> VaultRoom {
        try await lanes.disk.perform { [self] () throws(VaultError) in
            VaultRoom(
                free: try reads { () throws(SystemCallError) in try operations.freeBytes(at: layout.root) },
                promised: promises.withLock { $0.bytes.values.reduce(0, +) }, reserve: configuration.reserve)
        }
    }
}

// MARK: Faults and room

extension FileVault {
    func requireRecording() throws(VaultError) {
        if let cause = stopCause { throw cause }
    }

    /// What a fault while writing means.
    ///
    /// Governing rule: after a failed fsync nobody knows what the medium holds (the kernel marks the pages clean and
    /// forgets the error), and after a failed rename nobody knows which name holds. So both stop the vault until it is
    /// opened anew and reads what is there; so does everything else that a sound disk does not do. Only a full disk is
    /// an ordinary refusal, and only where the call that met it had promised nothing yet.
    func writing(_ error: SystemCallError) -> VaultError {
        let mayBeFull = ["pwrite", "fallocate", "open", "mkdir"].contains(error.call)
        if mayBeFull, [ENOSPC, EDQUOT].contains(error.code) {
            return VaultError(.full, "the disk is full; free space or add a disk", cause: "\(error)")
        }
        return stopped.withLock { stopped in
            let cause =
                stopped
                ?? VaultError(
                    .stopped,
                    "recording stopped after a fault of the disk; check the disk and the system log, then restart",
                    cause: "\(error)")
            stopped = cause
            return cause
        }
    }

    /// What a fault while reading means: this call failed, the next may not.
    func reading(_ error: SystemCallError) -> VaultError {
        VaultError(.faulty, "the disk refused to be read; check the disk and the system log", cause: "\(error)")
    }

    /// Runs calls that read.
    func reads<Value>(_ body: () throws(SystemCallError) -> Value) throws(VaultError) -> Value {
        do throws(SystemCallError) {
            return try body()
        } catch {
            throw reading(error)
        }
    }

    /// Runs calls that write.
    func writes<Value>(_ body: () throws(SystemCallError) -> Value) throws(VaultError) -> Value {
        do throws(SystemCallError) {
            return try body()
        } catch {
            throw writing(error)
        }
    }

    /// Admits a writer and promises it room, or refuses before a byte is taken.
    func admit(_ object: ObjectID, bytes: Int64) throws(VaultError) {
        try requireRecording()
        let free = try reads { () throws(SystemCallError) in try operations.freeBytes(at: layout.root) }
        try promises.withLock { promises throws(VaultError) in
            guard promises.writers < configuration.writers else {
                throw VaultError(.busy, "\(promises.writers) senders are writing already; try again in a minute")
            }
            let others = promises.bytes.values.reduce(0, +) - (promises.bytes[object] ?? 0)
            let available = free - others - configuration.reserve
            guard bytes <= available else {
                throw VaultError(
                    .full,
                    "\(bytes) bytes are needed and \(max(0, available)) are available "
                        + "(\(configuration.reserve) are kept in reserve); free space or add a disk")
            }
            promises.writers += 1
            promises.bytes[object] = bytes
        }
    }

    /// The writer has ended; what it was promised is on the disk or given up.
    func dismiss(_ object: ObjectID) {
        promises.withLock { promises in
            promises.writers -= 1
            promises.bytes[object] = nil
        }
    }
}
