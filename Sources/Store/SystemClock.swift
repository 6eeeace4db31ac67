import Application
import Glibc
import Kernel

/// The clock of this machine.
public struct SystemClock: WallClock {
    /// The system's clock.
    public init() {}

    public func now() -> Instant { Instant(milliseconds: SystemClock.read(CLOCK_REALTIME)) }

    public func monotonicMilliseconds() -> Int64 { SystemClock.read(CLOCK_BOOTTIME) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
