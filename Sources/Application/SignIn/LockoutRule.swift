import Kernel

/// When tries at a secret are refused for a while. Pure.
public enum LockoutRule {
    /// Failed tries in a row that cost nothing but the try.
    public static let freeFailures = 4
    /// How long tries are refused after each further failure: 15 minutes.
    public static let duration: Int64 = 15 * 60_000

    /// Until when tries are refused after the n-th failure in a row; nil if they are not.
    public static func lockedUntil(failures: Int, at: Instant) -> Instant? {
        failures > freeFailures ? at.advanced(byMilliseconds: duration) : nil
    }
}
