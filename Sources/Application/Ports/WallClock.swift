import Kernel

/// The time of the server. Only a demonstration ledger accepts another clock than the system's.
public protocol WallClock: Sendable {
    /// Now, to the millisecond.
    func now() -> Instant
    /// Milliseconds of a clock that never goes back and counts while the machine sleeps, from any start.
    func monotonicMilliseconds() -> Int64
}
