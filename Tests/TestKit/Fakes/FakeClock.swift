import Application
import Kernel
import Synchronization

/// A clock that stands still until a test moves it.
public final class FakeClock: WallClock {
    private let state: Mutex<Instant>

    /// A clock at `start`.
    public init(_ start: Instant) {
        state = Mutex(start)
    }

    /// A clock at 09:00 on 20 November 2026, a Friday.
    public convenience init() {
        self.init(Instant(CivilDay(number: 20_777), hour: 9))
    }

    public func now() -> Instant { state.withLock { $0 } }

    public func monotonicMilliseconds() -> Int64 { state.withLock { $0.milliseconds } }

    /// Moves the clock, back when negative.
    public func advance(milliseconds: Int64) {
        state.withLock { $0 = $0.advanced(byMilliseconds: milliseconds) }
    }

    /// Moves the clock forward.
    public func advance(minutes: Int64) { advance(milliseconds: minutes * 60_000) }

    /// Sets the clock.
    public func set(_ instant: Instant) { state.withLock { $0 = instant } }
}
