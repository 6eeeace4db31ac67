import Application
import Kernel
import Synchronization

/// The clock of a demonstration: it can be set to days gone by, and runs on from there.
///
/// Only a ledger whose origin begins with `demo.liuhen.invalid/` is ever given one (design, invariant 11).
public final class DemoClock: WallClock {
    private let system: any WallClock
    private let offset: Mutex<Int64>

    /// A clock that shows what `system` shows until it is set.
    public init(system: any WallClock) {
        self.system = system
        offset = Mutex(0)
    }

    /// Sets the clock; it runs on at the pace of the system's.
    public func set(to instant: Instant) {
        let shift = instant.milliseconds - system.now().milliseconds
        offset.withLock { $0 = shift }
    }

    /// Shows the system's time again.
    public func release() {
        offset.withLock { $0 = 0 }
    }

    public func now() -> Instant {
        system.now().advanced(byMilliseconds: offset.withLock { $0 })
    }

    /// Of a day gone by the machine knows nothing.
    public func machineRun() -> MachineRun? {
        offset.withLock { $0 } == 0 ? system.machineRun() : nil
    }

    public func monotonicMilliseconds() -> Int64 {
        // A clock that is set by hand takes the elapsed time along, so that the clock rule sees no leap.
        system.monotonicMilliseconds() + offset.withLock { $0 }
    }
}
