import Kernel

#if canImport(Glibc)
    import Glibc
#endif

/// The machine's clocks.
public struct SystemClock: WallClock {
    /// The machine's clocks.
    public init() {}

    public func now() -> Instant {
        Instant(milliseconds: SystemClock.milliseconds(of: CLOCK_REALTIME))
    }

    public func monotonicMilliseconds() -> Int64 {
        // CLOCK_BOOTTIME counts while the machine sleeps, CLOCK_MONOTONIC does not.
        SystemClock.milliseconds(of: CLOCK_BOOTTIME)
    }

    private static func milliseconds(of clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
