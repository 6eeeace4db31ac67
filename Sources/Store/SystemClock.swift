import Application
import Glibc
import Kernel

/// The clock of this machine.
public struct SystemClock: WallClock {
    /// The system's clock.
    public init() {}

    public func now() -> Instant { Instant(milliseconds: SystemClock.read(CLOCK_REALTIME)) }

    public func monotonicMilliseconds() -> Int64 { SystemClock.read(CLOCK_BOOTTIME) }

    /// `/proc/sys/kernel/random/boot_id` and `/proc/uptime`.
    public func machineRun() -> MachineRun? {
        guard let id = SystemClock.text(of: "/proc/sys/kernel/random/boot_id"), !id.isEmpty,
            let uptime = SystemClock.text(of: "/proc/uptime").flatMap(Double.init), uptime < 1e12
        else { return nil }
        return MachineRun(id: id, uptime: Int64(uptime * 1000))
    }

    /// The first word of a file of the kernel's; nil where there is none.
    private static func text(of path: String) -> String? {
        guard let bytes = try? FileSource(path).read(100) else { return nil }
        return bytes.split(whereSeparator: { $0 == 0x20 || $0 == 0x0A }).first.map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
