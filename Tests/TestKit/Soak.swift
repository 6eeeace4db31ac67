import Foundation

/// Long runs: with `LIUHEN_SOAK=1` sweeps take every byte where a test run takes some.
public enum Soak {
    /// Whether this is a long run.
    public static let isOn = ProcessInfo.processInfo.environment["LIUHEN_SOAK"] == "1"
}
