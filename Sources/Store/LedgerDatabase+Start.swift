import Application
import GRDB
import Glibc
import Kernel
import Ledger

extension LedgerDatabase {
    /// Makes an empty ledger with its first log and its head of size 0, and opens it. Blocks; for the start.
    ///
    /// - Parameter key: the log's key; its name is the log's origin.
    public static func create(
        at place: Place, key: SigningKey, clock: any WallClock, settings: LedgerSettings = LedgerSettings()
    ) throws(LedgerStartError) -> LedgerDatabase {
        try translating {
            guard access(place.path, F_OK) != 0 else { throw LedgerStartError.exists(place.path) }
            guard access(place.lockPath, F_OK) != 0 else { throw LedgerStartError.exists(place.lockPath) }
            try Directory.make(place.data.bureau(place.bureau))
            let holds = try holds(of: place)
            let pool = try DurablePool.open(place.path, settings)
            try LedgerSchema.migrator().migrate(pool)
            try pool.writeWithoutTransaction { db in
                let connection = try Connection(db)
                try connection.run("BEGIN IMMEDIATE")
                try LogOpening.open(number: 1, key: key, at: clock.now(), on: connection)
                try connection.run("COMMIT")
            }
            return try start(pool, at: place, key: key, clock: clock, settings: settings, holds: holds)
        }
    }

    /// Opens a ledger that is there. Blocks; for the start.
    ///
    /// - Throws: `LedgerStartError`, above all when the database holds less than the lock file remembers.
    public static func open(
        at place: Place, key: SigningKey, clock: any WallClock, settings: LedgerSettings = LedgerSettings()
    ) throws(LedgerStartError) -> LedgerDatabase {
        try translating {
            let holds = try holds(of: place)
            let pool = try existing(at: place, settings)
            return try start(pool, at: place, key: key, clock: clock, settings: settings, holds: holds)
        }
    }

    /// Opens a ledger that is there with the key of its open log. Blocks; for the start.
    public static func open(
        at place: Place, keys: KeyStore, clock: any WallClock, settings: LedgerSettings = LedgerSettings()
    ) throws(LedgerStartError) -> LedgerDatabase {
        try translating {
            let holds = try holds(of: place, keys: keys)
            let pool = try existing(at: place, settings)
            let ledger = try start(
                pool, at: place, key: try openLogKey(pool, keys), clock: clock, settings: settings, holds: holds)
            // Where a later log has begun, older ones are never signed again: their keys go.
            for log in 1..<ledger.log { try keys.retireLogKey(log) }
            return ledger
        }
    }

    /// The key of the open log. Each log has one of its own.
    static func openLogKey(_ pool: DatabasePool, _ keys: KeyStore) throws -> SigningKey {
        let log = try pool.read { try EntryReader(connection: Connection($0)).logs().last?.number }
        do {
            return try keys.logKey(log ?? 1)
        } catch {
            throw LedgerStartError.keys(error.chinese)
        }
    }

    /// Opens a ledger without a usable lock file, by a checkpoint that was kept outside and has exactly its size. The lock
    /// file gets its head with the first record that is appended, which has to be the two persons' decision to go on
    /// (`lock.adopted`): if we die before it, nothing has changed.
    ///
    /// A checkpoint proves the records up to its size. That none followed which is not here any more it cannot prove, not
    /// even one that was made of this very copy: that is for the two persons to know.
    ///
    /// - Parameter note: the signed checkpoint.
    /// - Throws: `LedgerStartError.checkpoint` if it is not signed by the log's key; `unproven` for one of the beginning
    ///   alone; `forked`, `behindLock` or `nothingLost` by what checkpoint and lock file say.
    public static func openAdopting(
        checkpoint note: [UInt8], at place: Place, keys: KeyStore, clock: any WallClock,
        settings: LedgerSettings = LedgerSettings()
    ) throws(LedgerStartError) -> LedgerDatabase {
        try translating {
            let holds = try holds(of: place, keys: keys)
            let pool = try existing(at: place, settings)
            let key = try openLogKey(pool, keys)
            return try start(
                pool, at: place, key: key, clock: clock, settings: settings, holds: holds, checkpoint: note)
        }
    }

    /// The same with the key at hand.
    static func openAdopting(
        checkpoint note: [UInt8], at place: Place, key: SigningKey, clock: any WallClock, settings: LedgerSettings
    ) throws(LedgerStartError) -> LedgerDatabase {
        try translating {
            let holds = try holds(of: place)
            let pool = try existing(at: place, settings)
            return try start(
                pool, at: place, key: key, clock: clock, settings: settings, holds: holds, checkpoint: note)
        }
    }

    /// Refuses a checkpoint that is not of the whole ledger, and one where a lock file is a better witness.
    private static func requireWhole(
        _ note: [UInt8], state: StoredState, lock: StartRule.Verdict, key: VerifierKey
    ) throws {
        switch lock {
        case .go, .writeLock: throw LedgerStartError.nothingLost(size: state.head.size)
        case .refuse(.noLock), .refuse(.lockDamaged): break
        case .refuse(let error): throw error
        }
        let checkpoint: Checkpoint
        do throws(NoteError) {
            checkpoint = try VerifiedCheckpoint(note: note, key: key).checkpoint
        } catch {
            throw LedgerStartError.checkpoint(LedgerStartError.chinese(error))
        }
        guard checkpoint.size <= state.head.size else {
            throw LedgerStartError.behindLock(ledger: state.head.size, lock: Int64(checkpoint.size))
        }
        guard try state.root(log: state.log, size: Int64(checkpoint.size)) == checkpoint.root else {
            throw LedgerStartError.forked(size: Int64(checkpoint.size))
        }
        // Whether a record followed that is not here any more, only a checkpoint of the whole ledger can leave to be
        // known (design section 5: a shorter log is never continued).
        guard checkpoint.size == state.head.size else {
            throw LedgerStartError.unproven(ledger: state.head.size, checkpoint: Int64(checkpoint.size))
        }
    }

    /// What else than the data directory one process has while it writes.
    static func holds(of place: Place, keys: KeyStore? = nil) throws -> [ProcessHold] {
        try Directory.make(place.lockDirectory)
        var holds = [try ProcessHold(place.lockPath + ".process", called: place.lockPath)]
        if let keys { holds.append(try ProcessHold(keys.directory, isDirectory: true)) }
        return holds
    }

    static func existing(at place: Place, _ settings: LedgerSettings) throws -> DatabasePool {
        guard access(place.path, F_OK) == 0 else { throw LedgerStartError.missing(place.path) }
        let pool = try DurablePool.open(place.path, settings)
        let migrator = LedgerSchema.migrator()
        if try pool.read({ try migrator.hasBeenSuperseded($0) }) {
            throw LedgerStartError.newerProgram("schema")
        }
        try migrator.migrate(pool)
        return pool
    }

    private static func start(
        _ pool: DatabasePool, at place: Place, key: SigningKey, clock: any WallClock, settings: LedgerSettings,
        holds: [ProcessHold], checkpoint: [UInt8]? = nil
    ) throws -> LedgerDatabase {
        let connection = try DurablePool.writer(of: pool)
        let state = try StoredState(connection, key: key.verifier)
        let stored = StoredHead(log: state.log, size: state.head.size, root: state.head.root)
        let lock = try LockFile.read(place.lockPath)
        let verdict = try StartRule.verdict(
            stored: stored, lock: lock, rootAt: state.root(log:size:), isNamedLost: state.isNamedLost)
        if let checkpoint {
            try requireWhole(checkpoint, state: state, lock: verdict, key: key.verifier)
        } else if case .refuse(let error) = verdict {
            throw error
        }

        try Directory.make(place.lockDirectory)
        let lockFile = try LockFile(path: place.lockPath, faults: settings.faults)
        if verdict == .writeLock { try lockFile.write(state.locked) }
        let commit = try GroupCommit(
            connection: connection, bureau: place.bureau, log: state.log, key: key, head: state.head,
            lastEntry: try EntryReader(connection: connection).lastRecordedAt(), faults: settings.faults)
        let sequencer = Sequencer(
            pool: pool, connection: connection, commit: commit, lockFile: lockFile, log: state.log, clock: clock,
            directory: place.data.bureau(place.bureau), settings: settings)
        sequencer.start()
        return LedgerDatabase(
            place: place, log: state.log, key: key, pool: pool, sequencer: sequencer, settings: settings,
            holds: holds)
    }

    static func translating<T>(_ body: () throws -> T) throws(LedgerStartError) -> T {
        do {
            return try body()
        } catch let error as LedgerStartError {
            throw error
        } catch StoreError.damaged(let what) {
            throw .damaged(what)
        } catch let error as SystemError {
            throw .system(error.chinese)
        } catch {
            guard let failure = SQLiteFailure(error) else { throw .system(String(describing: error)) }
            if failure.isDamage { throw .damaged(failure.description) }
            throw .system("账本文件不能打开或者读取（数据库错误码 \(failure.code)）。请检查磁盘和文件的权限。")
        }
    }
}
