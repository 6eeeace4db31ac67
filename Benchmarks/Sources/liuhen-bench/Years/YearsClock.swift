import Application
import Kernel
import Synchronization

/// The clock of years gone by: it stands where it was put, and the time that nobody can set goes with it. Only for a
/// ledger whose origin begins with `demo.liuhen.invalid/`.
final class YearsClock: WallClock {
    private let time: Mutex<Int64>

    init(_ start: Instant) {
        time = Mutex(start.milliseconds)
    }

    func set(to instant: Instant) { time.withLock { $0 = max($0, instant.milliseconds) } }
    func now() -> Instant { Instant(milliseconds: time.withLock { $0 }) }
    func monotonicMilliseconds() -> Int64 { time.withLock { $0 } }
}
