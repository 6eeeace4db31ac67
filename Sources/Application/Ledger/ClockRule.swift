import Kernel

/// When the server's clock is fit to stamp records (design section 5, "Clock"). Pure: readings in, verdict out.
///
/// An entry's time must not lie before the entries already recorded, and a clock that leapt must not stamp anything
/// until two persons have looked at it. Two seconds are the room for time servers and for entries of different threads
/// that overtake each other between stamping and appending.
public enum ClockRule {
    /// How far the clock may have gone back: 2 s.
    public static let backTolerance: Int64 = 2_000
    /// How far it may stand ahead of the last entry at start: 36 h, a holiday without the server.
    public static let aheadTolerance: Int64 = 36 * 3_600_000
    /// How far it may run ahead of the monotonic clock within a day while the server runs: 2 min. That clock goes on while the machine
    /// sleeps, so nothing but a hand on the wall clock, or a time server that corrects a wrong one, explains more.
    public static let leapTolerance: Int64 = 120_000

    /// How old a pair of readings may be that the clock is measured from: a day, so that what time servers correct in months
    /// is not added up.
    public static let anchorAge: Int64 = 24 * 3_600_000

    /// Wall clock and monotonic clock, read together.
    public struct Reading: Hashable, Sendable {
        /// What the wall clock said.
        public let wall: Instant
        /// What the monotonic clock said, in milliseconds from any start.
        public let monotonic: Int64

        /// A pair of readings.
        public init(wall: Instant, monotonic: Int64) {
            self.wall = wall
            self.monotonic = monotonic
        }

        /// Reads both clocks.
        public init(_ clock: some WallClock) {
            self.init(wall: clock.now(), monotonic: clock.monotonicMilliseconds())
        }
    }

    /// What is to be said of the clock.
    public enum Verdict: Hashable, Sendable {
        /// It may stamp records.
        case fit
        /// It stands this many milliseconds, more than `backTolerance`, before where it must be.
        case back(Int64)
        /// It stands this many milliseconds, more than `aheadTolerance` or `leapTolerance`, after where it was expected.
        case ahead(Int64)
    }

    /// At start: against the last entry, nil in an empty ledger.
    public static func atStart(lastEntry: Instant?, now: Instant) -> Verdict {
        guard let lastEntry else { return .fit }
        let distance = now.milliseconds(since: lastEntry)
        if distance < -backTolerance { return .back(-distance) }
        if distance > aheadTolerance { return .ahead(distance) }
        return .fit
    }

    /// At start, on the machine's run in which `earlier` was taken: against how long the machine has run since. `monotonic` is
    /// the machine's, not the program's.
    ///
    /// What a running server may drift in a day it may for each day begun; nobody compares the clock while none runs.
    public static func overStart(earlier: Reading, now: Reading) -> Verdict {
        let ran = max(0, now.monotonic - earlier.monotonic)
        let drift = now.wall.milliseconds(since: earlier.wall) - ran
        let room = leapTolerance * (1 + ran / anchorAge)
        if drift < -room { return .back(-drift) }
        return drift > room ? .ahead(drift) : .fit
    }

    /// At start, after the machine was off: what the clock ran ahead meanwhile, together with what it ran ahead before and
    /// did not make good.
    ///
    /// How long a machine was off nobody can know but the clock itself. A bureau that switches it off each evening runs it
    /// in the day: twice the time that it ran makes good. Switched on and off again with a clock set ahead each time, a
    /// server reaches `aheadTolerance` at the second start.
    public static func owed(_ before: Int64, ran: Int64, off: Int64) -> Int64 {
        max(0, before - 2 * max(0, ran)) + max(0, off)
    }

    /// Before each commit: against the last entry, and against how far the monotonic clock ran since `earlier`.
    public static func beforeCommit(lastEntry: Instant?, earlier: Reading, now: Reading) -> Verdict {
        if let lastEntry {
            let distance = now.wall.milliseconds(since: lastEntry)
            if distance < -backTolerance { return .back(-distance) }
        }
        let drift = now.wall.milliseconds(since: earlier.wall) - (now.monotonic - earlier.monotonic)
        if drift < -backTolerance { return .back(-drift) }
        if drift > leapTolerance { return .ahead(drift) }
        return .fit
    }

    /// For one entry: its time against the last entry's and the clock's.
    public static func ofEntry(recordedAt: Instant, lastEntry: Instant?, now: Instant) -> Verdict {
        if let lastEntry, recordedAt.milliseconds(since: lastEntry) < -backTolerance {
            return .back(lastEntry.milliseconds(since: recordedAt))
        }
        let ahead = recordedAt.milliseconds(since: now)
        return ahead > backTolerance ? .ahead(ahead) : .fit
    }
}
