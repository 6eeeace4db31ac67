import Dispatch
import Foundation
import Glibc

/// A thread that lets others go first: for long work while pages are answered.
///
/// The scheduler gives it what nobody else wants. Work of the cooperative pool would not: it waits behind it.
enum QuietThread {
    /// How many work at a time: half of the processors, so that others find one that nobody has to leave for them.
    static let width = max(1, ProcessInfo.processInfo.activeProcessorCount / 2)
    /// Lower than all else of the program, above what is only done when a machine idles.
    private static let niceness: Int32 = 15

    /// Does work on such a thread, which ends with it.
    static func run<Result: Sendable>(
        _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread {
                // For the thread alone: to Linux each has a niceness of its own. Refused, the work is only less quiet.
                _ = setpriority(Int32(PRIO_PROCESS.rawValue), 0, niceness)
                continuation.resume(with: Swift.Result { try work() })
            }
            thread.name = "judging"
            thread.start()
        }
    }
}
