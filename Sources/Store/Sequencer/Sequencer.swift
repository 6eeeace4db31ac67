import Application
import Foundation
import GRDB
import GRDBSQLite
import Kernel
import Synchronization

/// The one writer of a ledger: a thread that takes everything pending and carries it out as one group.
///
/// A lone request goes at once; while the disk syncs, others gather and go together, and who comes while a group is being
/// written goes with it. No timer holds anybody back.
///
/// Safe because `commit`, `lockFile`, `reading` and `anchor` are touched by the sequencer's thread alone once it runs,
/// and `stop` is behind a mutex.
final class Sequencer: @unchecked Sendable {
    /// One who waits for an answer.
    ///
    /// Safe because `request` is touched by the sequencer's thread alone once it is in the mailbox.
    private final class Waiting: @unchecked Sendable {
        /// Nil once it was carried out: the caller has it still, and gives its memory back where it was taken.
        private(set) var request: CheckedRequest?
        private let continuation: CheckedContinuation<GroupCommit.Outcome, Never>

        init(_ request: CheckedRequest, _ continuation: CheckedContinuation<GroupCommit.Outcome, Never>) {
            self.request = request
            self.continuation = continuation
        }

        func answer(_ outcome: GroupCommit.Outcome) {
            request = nil
            continuation.resume(returning: outcome)
        }
    }

    private enum Job {
        case append(Waiting)
        case appendTogether([CheckedRequest], CheckedContinuation<[GroupCommit.Outcome], Never>)
        case maintain(@Sendable (Connection) throws -> Void, CheckedContinuation<Result<Void, StoreError>, Never>)
        case checkClock(CheckedContinuation<Void, Never>)

        /// The one request of a lone caller; nil for other work.
        var waiting: Waiting? { if case .append(let waiting) = self { waiting } else { nil } }
    }

    private let pool: DatabasePool
    private let connection: Connection
    private let commit: GroupCommit
    /// Nil in a ledger that is only read.
    private let lockFile: LockFile?
    let checkpointer: Checkpointer
    private let log: Int
    private let clock: any WallClock
    private let directory: String
    private let reserve: UInt64
    private let mailbox = Mailbox<Job>()
    private let stop: Mutex<RecordingStop?>
    private let finished = DispatchSemaphore(value: 0)
    private var reading: ClockRule.Reading
    /// What the clock is measured from: the start, the last confirmation, or a day ago. Measured from the reading before
    /// alone, a clock could creep as far as somebody liked.
    private var anchor: ClockRule.Reading
    /// What is known of the clock over a new start; nil where the machine does not say how long it has run, and in a ledger
    /// that is only read.
    private var trace: ClockTrace?
    private var traceKeptAt: Int64
    private var groupsSinceCheckpoint = 0

    init(
        pool: DatabasePool, connection: Connection, commit: GroupCommit, lockFile: LockFile?, log: Int,
        clock: any WallClock, directory: String, settings: LedgerSettings, stopped: RecordingStop? = nil
    ) {
        self.pool = pool
        self.connection = connection
        self.commit = commit
        self.lockFile = lockFile
        self.log = log
        self.clock = clock
        self.directory = directory
        reserve = settings.reserve
        checkpointer = Checkpointer(path: pool.path, settings: settings)
        reading = ClockRule.Reading(wall: clock.now(), monotonic: clock.monotonicMilliseconds())
        anchor = reading
        traceKeptAt = reading.monotonic
        var verdict = ClockRule.atStart(lastEntry: commit.lastEntry, now: reading.wall)
        var stoppedAt: Instant? = reading.wall
        // What stopped the running clock goes before what it shows by now: two persons are to learn of it.
        if let mark = ClockStopMark(in: directory, log: log, size: commit.head.size), verdict == .fit || mark.at != nil
        {
            verdict = mark.verdict
            stoppedAt = mark.at
        }
        if stopped == nil, verdict == .fit, let run = clock.machineRun() {
            let known = lockFile?.newest?.clock?.started(run, wall: reading.wall)
            verdict = known?.verdict ?? .fit
            // The trace of a clock that does not fit stays as it was: set right again, the clock fits.
            if verdict == .fit {
                let kept = known?.next ?? ClockTrace(run, wall: reading.wall)
                let age = run.uptime - kept.anchor.monotonic
                anchor = ClockRule.Reading(wall: kept.anchor.wall, monotonic: reading.monotonic - age)
                trace = kept
            }
        }
        let isKept = trace != nil
        stop = Mutex(
            stopped ?? (verdict == .fit ? nil : .clock(verdict, lastEntry: commit.lastEntry, at: stoppedAt)))
        if isKept { lockTrace() }
    }

    /// Starts the thread.
    func start() {
        checkpointer.start()
        checkpointer.attach(to: connection)
        let thread = Thread { [self] in
            run()
            checkpointer.detach(from: connection)
            checkpointer.close()
            connection.finalizeStatements()
            finished.signal()
        }
        thread.name = "ledger sequencer"
        thread.start()
    }

    /// Why recording has stopped; nil while it goes on.
    var stopped: RecordingStop? { stop.withLock { $0 } }

    /// The readings that stopped recording, with the clock's newest; nil if it was not the clock.
    func clockStop() -> ClockStop? {
        guard case .clock(let verdict, let lastEntry?, let at) = stopped else { return nil }
        return ClockStop(verdict: verdict, lastEntry: lastEntry, stoppedAt: at, now: clock.now())
    }

    /// Compares the clock as before a group; returns when that is done, at once when the ledger is closed.
    func checkClockNow() async {
        await withCheckedContinuation { continuation in
            if !mailbox.put(.checkClock(continuation)) { continuation.resume() }
        }
    }

    /// Carries out a request, or refuses it; returns when the outcome is durable.
    func append(_ request: CheckedRequest) async -> GroupCommit.Outcome {
        let outcome = await withCheckedContinuation { continuation in
            if !mailbox.put(.append(Waiting(request, continuation))) {
                continuation.resume(returning: .failure(.stopped(RecordingStop.closed.chinese)))
            }
        }
        // The last reference goes here, so that the one thread does not free what others made.
        return withExtendedLifetime(request) { outcome }
    }

    /// Carries out requests as one group in this order; returns when their outcomes are durable.
    func append(together requests: [CheckedRequest]) async -> [GroupCommit.Outcome] {
        await withCheckedContinuation { continuation in
            if !mailbox.put(.appendTogether(requests, continuation)) {
                continuation.resume(
                    returning: requests.map { _ in .failure(.stopped(RecordingStop.closed.chinese)) })
            }
        }
    }

    /// Runs work on the writer's connection between two groups. The work brings its own transaction.
    func maintain(_ work: @escaping @Sendable (Connection) throws -> Void) async throws(StoreError) {
        let result: Result<Void, StoreError> = await withCheckedContinuation { continuation in
            if !mailbox.put(.maintain(work, continuation)) {
                continuation.resume(returning: .failure(.stopped(RecordingStop.closed.chinese)))
            }
        }
        try result.get()
    }

    /// Records nothing more in this log: a later one begins.
    func retire() {
        stop.withLock { $0 = $0 ?? .closed }
    }

    /// Takes nothing more, finishes what is pending, and returns when the thread has ended. Blocks.
    func close() {
        finish()
        finished.wait()
        finished.signal()
    }

    /// Takes nothing more; the thread ends when what is pending is done.
    func finish() {
        mailbox.close()
    }

    // MARK: the sequencer's thread

    private func run() {
        while true {
            switch mailbox.take(quietAfter: groupsSinceCheckpoint > 0 ? 100 : nil) {
            case .closed:
                if let now = fittingReading(), stopped == nil { keepTrace(now, atOnce: true) }
                return
            case .quiet: checkpoint()
            case .items(let jobs):
                carryOut(jobs)
                finishCheckpoint()
            }
        }
    }

    private func carryOut(_ jobs: [Job]) {
        var group: [Waiting] = []
        for job in jobs {
            switch job {
            case .append(let waiting): group.append(waiting)
            case .appendTogether(let requests, let continuation):
                append(group)
                group = []
                continuation.resume(returning: outcomes(of: requests))
            case .maintain(let work, let continuation):
                append(group)
                group = []
                continuation.resume(returning: maintainNow(work))
            case .checkClock(let continuation):
                append(group)
                group = []
                checkClock()
                continuation.resume()
            }
        }
        append(group, isLast: true)
    }

    /// Whether more than the reserve is free. A disk that cannot be asked has none.
    var hasRoom: Bool { (try? Directory.freeBytes(at: directory)).map { $0 >= reserve } ?? false }

    /// - Parameter isLast: whether nothing that came earlier waits behind this group, so that others may join it.
    private func append(_ group: [Waiting], isLast: Bool = false) {
        guard !group.isEmpty else { return }
        var group = group
        let outcomes = outcomes(of: group.compactMap(\.request)) {
            guard isLast else { return [] }
            let late = mailbox.takeNow(atMost: GroupCommit.most - group.count) { $0.waiting != nil }
                .compactMap(\.waiting)
            group += late
            return late.compactMap(\.request)
        }
        for (outcome, waiting) in zip(outcomes, group) { waiting.answer(outcome) }
    }

    /// - Parameter joining: takes those who have come since it was last asked.
    private func outcomes(
        of requests: [CheckedRequest], joining: () -> [CheckedRequest] = { [] }
    ) -> [GroupCommit.Outcome] {
        var requests = requests
        func all(_ error: StoreError) -> [GroupCommit.Outcome] { requests.map { _ in .failure(error) } }

        checkClock()
        if let stopped, !stopped.isClock { return all(.stopped(stopped.chinese)) }
        do {
            guard hasRoom else { return all(.full) }
            let before = commit.head
            let outcomes = try pool.writeWithoutTransaction { _ throws -> [GroupCommit.Outcome] in
                try commit.run(
                    requests, now: reading.wall, stopped: stopped,
                    joining: { () -> (requests: [CheckedRequest], now: Instant)? in
                        // Whoever joins was stamped after the group began. A clock that does not fit stops the next one.
                        guard self.stopped == nil, let now = self.fittingReading() else { return nil }
                        let late = joining()
                        requests += late
                        self.reading = now
                        return (late, now.wall)
                    })
            }
            guard commit.head != before else { return outcomes }
            groupsSinceCheckpoint += 1
            // If we die here, the database is ahead of the lock file by this group; the start writes it.
            try lockFile?.write(
                locked, clock: trace)
            // Only `clock.resumed` can have been appended while the clock had stopped recording.
            if stopped?.isClock == true {
                stop.withLock { $0 = nil }
                anchor = reading
                // If we die before this, the mark is of an earlier size and is spent.
                ClockStopMark.remove(in: directory)
                trace = clock.machineRun().map { ClockTrace($0, wall: reading.wall) }
                lockTrace()
            }
            return outcomes
        } catch {
            let cause = RecordingStop(error)
            stop.withLock { $0 = cause }
            return all(cause == .diskFull ? .full : .stopped(cause.chinese))
        }
    }

    /// The clock's reading now; nil if it does not fit the one before.
    private func fittingReading() -> ClockRule.Reading? {
        let now = ClockRule.Reading(wall: clock.now(), monotonic: clock.monotonicMilliseconds())
        return ClockRule.beforeCommit(lastEntry: commit.lastEntry, earlier: anchor, now: now) == .fit ? now : nil
    }

    /// Compares the clock before each group. A stop for another reason stays.
    private func checkClock() {
        let now = ClockRule.Reading(wall: clock.now(), monotonic: clock.monotonicMilliseconds())
        let verdict = ClockRule.beforeCommit(lastEntry: commit.lastEntry, earlier: anchor, now: now)
        reading = now
        guard verdict != .fit else {
            let isOld = now.monotonic - anchor.monotonic > ClockRule.anchorAge
            if isOld { anchor = now }
            keepTrace(now, anchored: isOld)
            return
        }
        let isNew = stop.withLock { stop in
            guard stop == nil else { return false }
            stop = .clock(verdict, lastEntry: commit.lastEntry, at: now.wall)
            return true
        }
        guard isNew else { return }
        // If we die before this, nobody was told of the stop, and nothing was recorded by the clock that leapt.
        try? ClockStopMark(log: log, size: commit.head.size, verdict: verdict, at: now.wall).write(in: directory)
    }

    /// Keeps what is known of the clock by a reading that fits: every ten minutes, or now.
    private func keepTrace(_ now: ClockRule.Reading, anchored: Bool = false, atOnce: Bool = false) {
        guard atOnce || anchored || now.monotonic - traceKeptAt >= ClockTrace.keepEvery else { return }
        traceKeptAt = now.monotonic
        guard trace != nil, let run = clock.machineRun() else { return }
        trace?.saw(run, wall: now.wall, anchored: anchored)
        lockTrace()
    }

    private var locked: LockedHead {
        LockedHead(log: log, size: commit.head.size, root: commit.head.root, note: commit.head.note)
    }

    /// Writes what is known of the clock beside the newest head. If we die within, the other slot holds what was known
    /// before; on a disk that takes nothing it does too.
    private func lockTrace() {
        if let trace { try? lockFile?.keep(trace) }
    }

    private func maintainNow(_ work: (Connection) throws -> Void) -> Result<Void, StoreError> {
        do {
            try pool.writeWithoutTransaction { _ in
                defer { if sqlite3_get_autocommit(connection.handle) == 0 { try? connection.run("ROLLBACK") } }
                try checkpointer.paused { try work(connection) }
            }
            return .success(())
        } catch {
            if let failure = SQLiteFailure(error), failure.stopsRecording {
                stop.withLock { $0 = $0 ?? RecordingStop(error) }
            }
            return .failure(StoreError(error))
        }
    }

    /// Moves the write-ahead log into the database while nobody waits.
    private func checkpoint() {
        groupsSinceCheckpoint = 0
        checkpointNow()
    }

    /// Moves the last pages of what the checkpointer has moved. Everybody has been answered.
    private func finishCheckpoint() {
        do {
            if try checkpointer.takeNearlyDone() { checkpointNow() }
        } catch {
            stop.withLock { $0 = $0 ?? RecordingStop(error) }
        }
    }

    private func checkpointNow() {
        do {
            try pool.writeWithoutTransaction { _ in
                // Busy readers only make it do less; anything else is a fault of the disk.
                let code = sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
                guard code == SQLITE_OK || code & 0xFF == SQLITE_BUSY else {
                    throw SQLiteFailure(connection.handle, statement: "wal_checkpoint")
                }
            }
        } catch {
            stop.withLock { $0 = $0 ?? RecordingStop(error) }
        }
    }
}

extension RecordingStop {
    /// The stop that follows from a fault in the writing of a group.
    fileprivate init(_ error: any Error) {
        self = SQLiteFailure(error)?.primaryCode == SQLITE_FULL ? .diskFull : .fault(String(describing: error))
    }
}
