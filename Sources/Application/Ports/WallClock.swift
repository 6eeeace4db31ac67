import Kernel

/// The time of the server. Only a demonstration ledger accepts another clock than the system's.
public protocol WallClock: Sendable {
    /// Now, to the millisecond.
    func now() -> Instant
    /// Milliseconds of a clock that never goes back and counts while the machine sleeps, from any start.
    func monotonicMilliseconds() -> Int64
    /// Which run of the machine this is, and how long it has run; nil where nobody can say.
    ///
    /// By it the clock is compared over a new start of the program (`ClockTrace`). It comes from the kernel itself: what is
    /// laid between the program and its clocks does not reach it.
    func machineRun() -> MachineRun?
}

extension WallClock {
    /// Nobody can say.
    public func machineRun() -> MachineRun? { nil }
}

/// One run of the machine, from when it was switched on.
public struct MachineRun: Hashable, Sendable {
    /// The kernel's name for it, another one each time.
    public let id: String
    /// How long it has run, sleep included, in milliseconds.
    public let uptime: Int64

    /// A run of the machine.
    public init(id: String, uptime: Int64) {
        self.id = id
        self.uptime = uptime
    }
}
