import Application
import Casework
import GRDB
import Glibc
import Kernel
import Ledger
import Synchronization

/// What is known of records that this ledger has lost, before a later log begins.
public struct LogLoss: Hashable, Sendable {
    /// What the first entry of the later log will say.
    public let succession: LogSuccession
    /// The origin of the log of the last known head.
    public let previousOrigin: String
    /// That head as it was signed; nil if nothing later than what survived is known.
    public let previousNote: [UInt8]?
    /// The origin of the later log.
    public let origin: String
}

extension LedgerDatabase {
    /// Opens a ledger for reading although its lock file is ahead of it or is not there: so that people can sign in and
    /// decide. Nothing can be recorded in it. Blocks; for the start.
    public static func openSurviving(
        at place: Place, keys: KeyStore, clock: any WallClock, settings: LedgerSettings = LedgerSettings()
    ) throws(LedgerStartError) -> LedgerDatabase {
        try translating {
            let holds = try holds(of: place, keys: keys)
            let pool = try existing(at: place, settings)
            let key = try openLogKey(pool, keys)
            let connection = try DurablePool.writer(of: pool)
            let state = try StoredState(connection, key: key.verifier)
            let commit = try GroupCommit(
                connection: connection, bureau: place.bureau, log: state.log, key: key, head: state.head,
                lastEntry: try EntryReader(connection: connection).lastRecordedAt(), faults: settings.faults)
            let sequencer = Sequencer(
                pool: pool, connection: connection, commit: commit, lockFile: nil, log: state.log, clock: clock,
                directory: place.data.bureau(place.bureau), settings: settings, stopped: .surviving)
            sequencer.start()
            return LedgerDatabase(
                place: place, log: state.log, key: key, pool: pool, sequencer: sequencer, settings: settings,
                holds: holds)
        }
    }

    /// Compares the ledger with all that may know of later records: the lock file, and a checkpoint kept outside.
    ///
    /// - Throws: `LedgerStartError.nothingLost` if a lock file that can be read is not ahead and neither is the
    ///   checkpoint; `forked` if either is of another history; `checkpoint` if the note is of no log of this bureau.
    @concurrent
    public func loss(
        at place: Place, keys: KeyStore, checkpoint: [UInt8]?
    ) async throws(LedgerStartError) -> LogLoss {
        let lock: LockFile.State
        do { lock = try LockFile.read(place.lockPath) } catch { throw .system(error.chinese) }
        do {
            return try await pool.read { db in
                try LossFinding(connection: Connection(db)).loss(lock: lock, checkpoint: checkpoint, keys: keys)
            }
        } catch let error as LedgerStartError {
            throw error
        } catch {
            throw .system("\(error)")
        }
    }

    /// The end of the open log, for a next one that begins only to change the key: nothing is lost.
    ///
    /// - Throws: `LedgerStartError.noLock` unless the lock file has this very head: else nobody could say that it is the
    ///   newest.
    @concurrent
    public func closing(at place: Place) async throws(LedgerStartError) -> LogLoss {
        let lock: LockFile.State
        do { lock = try LockFile.read(place.lockPath) } catch { throw .system(error.chinese) }
        do {
            return try await pool.read { try LossFinding(connection: Connection($0)).closing(lock: lock) }
        } catch let error as LedgerStartError {
            throw error
        } catch {
            throw .system("\(error)")
        }
    }

    /// Begins a later log. Nothing of the shorter log is ever continued; this ledger records nothing more and is to be
    /// closed.
    ///
    /// The key is drawn in memory and kept when everything that can be refused was checked. What the world looks like if we
    /// die. After the key was kept: a key that has signed nothing, destroyed by the next try. Before the transaction is
    /// committed: nothing happened. After it, before the lock file: the start finds the lock file's head named by the new
    /// log's first entry and writes the new head. After the lock file, before the old key is destroyed: everything works,
    /// and the next start destroys it.
    ///
    /// - Parameter request: the decision, sealed as the first entry, and the entry that publishes the given key.
    /// - Returns: the new log's head.
    @concurrent
    public func beginNextLog(
        after loss: LogLoss, at place: Place, keys: KeyStore, clock: any WallClock,
        settings: LedgerSettings = LedgerSettings(),
        request: @Sendable (VerifierKey) async throws -> AppendRequest
    ) async throws -> SignedHead {
        let number = loss.succession.log
        guard let key = SigningKey(generating: loss.origin) else {
            throw StoreError.failed("no key for \(loss.origin)")
        }
        let request = try RequestCheck.check(try await request(key.verifier), bureau: bureau)
        let begun = Mutex<SignedHead?>(nil)
        let (faults, bureau) = (settings.faults, bureau)
        try await sequencer.maintain { [sequencer] connection in
            // From here on nobody records in the log that ends, whether or not this succeeds.
            sequencer.retire()
            let reader = EntryReader(connection: connection)
            let surviving = loss.succession.surviving
            func requireUnchanged() throws {
                guard let last = try reader.logs().last, last.number == surviving.log,
                    try reader.size(of: last.number) == Int64(surviving.size)
                else { throw StoreError.failed("the ledger is not what the decision was made about") }
            }
            // A commit that seemed to fail may have reached the disk: only the ledger says whether a key that lies there is
            // that of a log. Nobody else writes it from here on.
            try requireUnchanged()
            try keys.keepLogKey(key, of: number)
            let empty = SignedHead(size: 0, root: RFC6962.emptyRoot, note: [])
            let commit = try GroupCommit(
                connection: connection, bureau: bureau, log: number, key: key, head: empty,
                lastEntry: try reader.lastRecordedAt(), faults: faults)
            let now = clock.now()
            let outcomes = try commit.run([request], now: now, stopped: nil) {
                try requireUnchanged()
                try LogOpening.open(number: number, key: key, at: now, on: connection)
            }
            for outcome in outcomes { _ = try outcome.get() }
            begun.withLock { $0 = commit.head }
        }
        guard let head = begun.withLock({ $0 }) else { throw StoreError.failed("no log has begun") }
        try Directory.make(place.lockDirectory)
        // A lock file without a whole slot is written like a new one.
        try LockFile(path: place.lockPath, faults: faults).write(
            LockedHead(log: number, size: head.size, root: head.root, note: head.note))
        try keys.retireLogKey(loss.succession.surviving.log)
        return head
    }
}

/// Finds the last head that is known of a ledger which may have lost records.
private struct LossFinding {
    private struct Known {
        let head: LogSuccession.Head
        let note: [UInt8]
        let source: LogSuccession.Source
    }

    private let connection: Connection
    private let rows: [LogRow]
    private let surviving: LogSuccession.Head
    private let lastAt: Instant

    init(connection: Connection) throws {
        self.connection = connection
        let reader = EntryReader(connection: connection)
        rows = try reader.logs()
        guard let last = rows.last, let head = try reader.head(of: last.number), head.size > 0,
            let lastAt = try reader.lastRecordedAt()
        else { throw LedgerStartError.damaged("no log with a record in it") }
        surviving = LogSuccession.Head(log: last.number, size: Int(head.size), root: head.root)
        self.lastAt = lastAt
    }

    func loss(lock: LockFile.State, checkpoint: [UInt8]?, keys: KeyStore) throws -> LogLoss {
        var known: [Known] = []
        var lockAgrees = false
        if case .head(let head) = lock {
            let locked = LogSuccession.Head(log: head.log, size: Int(head.size), root: head.root)
            if try isLater(locked) {
                known.append(Known(head: locked, note: head.note, source: .lock))
            } else {
                lockAgrees = true
            }
        }
        if let checkpoint {
            let head = try open(checkpoint, keys: keys)
            if try isLater(head) { known.append(Known(head: head, note: checkpoint, source: .checkpoint)) }
        }
        let latest = known.max { ($0.head.log, $0.head.size) < ($1.head.log, $1.head.size) }
        if let latest, known.contains(where: { $0.head.size == latest.head.size && $0.head.root != latest.head.root }) {
            throw LedgerStartError.forked(size: Int64(latest.head.size))
        }
        if latest == nil, lockAgrees { throw LedgerStartError.nothingLost(size: Int64(surviving.size)) }
        let previous = latest?.head ?? surviving
        // The lock file is the better witness of the same head: nothing was answered for after it.
        let source = known.first { $0.head == previous }?.source ?? .nothing
        guard let first = rows.first,
            let succession = LogSuccession(
                log: previous.log + 1, surviving: surviving, previous: previous, source: source, gapFrom: lastAt)
        else { throw LedgerStartError.damaged("the last known head is before the surviving one") }
        return LogLoss(
            succession: succession,
            previousOrigin: LogSuccession.origin(of: previous.log, first: first.origin), previousNote: latest?.note,
            origin: LogSuccession.origin(of: succession.log, first: first.origin))
    }

    /// The end of the log as the lock file has it too.
    func closing(lock: LockFile.State) throws -> LogLoss {
        let newest = try EntryReader(connection: connection).head(of: surviving.log)
        guard case .head(let locked) = lock, let newest, locked.log == surviving.log,
            locked.size == newest.size, locked.root == newest.root
        else { throw LedgerStartError.noLock(ledger: Int64(surviving.size)) }
        guard let first = rows.first,
            let succession = LogSuccession(
                log: surviving.log + 1, surviving: surviving, previous: surviving, source: .rotation, gapFrom: lastAt)
        else { throw LedgerStartError.damaged("the log that is to be closed is empty") }
        return LogLoss(
            succession: succession,
            previousOrigin: LogSuccession.origin(of: surviving.log, first: first.origin), previousNote: newest.note,
            origin: LogSuccession.origin(of: succession.log, first: first.origin))
    }

    /// Whether a head is later than what survived.
    ///
    /// - Throws: `LedgerStartError.forked` if it is not, and is no head of this history either.
    private func isLater(_ head: LogSuccession.Head) throws -> Bool {
        if (head.log, head.size) > (surviving.log, surviving.size) { return true }
        guard try LedgerReading(connection: connection).root(log: head.log, size: Int64(head.size)) == head.root else {
            // One that an earlier later log has named as lost is known.
            let named = try EntryReader(connection: connection).successions().contains {
                $0.succession.previous == head
            }
            guard named else { throw LedgerStartError.forked(size: Int64(head.size)) }
            return false
        }
        return false
    }

    /// Opens a checkpoint with the key of the log that it names: one of the ledger, or one of which only the key is left.
    private func open(_ note: [UInt8], keys: KeyStore) throws -> LogSuccession.Head {
        var logs = rows.compactMap { row in VerifierKey(row.verifierKey).map { (row.number, $0) } }
        for name in try keys.files().keys {
            if let number = KeyStore.log(named: name), number > surviving.log {
                logs.append((number, try keys.logKey(number).verifier))
            }
        }
        for (number, key) in logs {
            if let found = try? VerifiedCheckpoint(note: note, key: key).checkpoint {
                return LogSuccession.Head(log: number, size: found.size, root: found.root)
            }
        }
        throw LedgerStartError.checkpoint("不是这个机关的账本签的。")
    }
}
