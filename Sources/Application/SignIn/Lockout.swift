import Kernel

/// When tries of a secret are refused (暂停登录): from the fifth failure in a row on, for 15 minutes, and for twice as
/// long after each further failure, at most a day.
public struct Lockout: Hashable, Sendable {
    /// Failures in a row that are let pass.
    public var threshold: Int
    /// The first pause in milliseconds.
    public var firstPause: Int64
    /// The longest pause in milliseconds.
    public var longestPause: Int64

    /// A rule.
    public init(threshold: Int, firstPause: Int64, longestPause: Int64) {
        self.threshold = threshold
        self.firstPause = firstPause
        self.longestPause = longestPause
    }

    /// The rule in force.
    public static let standard = Lockout(threshold: 5, firstPause: 15 * 60_000, longestPause: 24 * 3_600_000)

    /// The pause after the `failures`th failure in a row, in milliseconds; 0 while tries are let pass.
    public func pause(after failures: Int) -> Int64 {
        guard failures >= threshold else { return 0 }
        var pause = firstPause
        for _ in 0..<(failures - threshold) {
            pause *= 2
            if pause >= longestPause { return longestPause }
        }
        return min(pause, longestPause)
    }

    /// Until when tries are refused after the `failures`th failure, which happened at `instant`; nil if they are not.
    public func until(after failures: Int, at instant: Instant) -> Instant? {
        let pause = pause(after: failures)
        return pause == 0 ? nil : instant.advanced(byMilliseconds: pause)
    }
}

extension Credential {
    /// Whether tries are refused at `instant`. The end of the pause is open again.
    public func isLocked(at instant: Instant) -> Bool {
        lockedUntil.map { instant < $0 } ?? false
    }
}
