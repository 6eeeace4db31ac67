import Foundation
import Store
import Synchronization

/// Says on standard error how far a rebuild has come, how fast it goes and how long it will take; at most every five
/// seconds, so that a short one says nothing.
final class RebuildProgress: Sendable {
    private let start = ContinuousClock.now
    private let told = Mutex(ContinuousClock.now)

    func tell(_ progress: Rebuild.Progress) {
        let now = ContinuousClock.now
        let isDue = told.withLock { last in
            guard now - last >= .seconds(5) else { return false }
            last = now
            return true
        }
        guard isDue, progress.threads > 0, progress.allThreads > 0 else { return }
        let seconds = Self.seconds(now - start)
        let left = seconds * Double(max(0, progress.allThreads - progress.threads)) / Double(progress.threads)
        say(
            "已推算 \(progress.threads)／\(progress.allThreads) 条记录线（\(progress.threads * 100 / progress.allThreads)%），"
                + "每秒 \(Int(Double(progress.entries) / seconds)) 条记录，约剩 \(Int(left / 60)) 分 \(Int(left) % 60) 秒")
    }

    func end(_ report: Rebuild.Report) {
        let seconds = Self.seconds(ContinuousClock.now - start)
        guard seconds >= 5 else { return }
        say("读了 \(report.entries) 条记录，用时 \(Int(seconds)) 秒，每秒 \(Int(Double(report.entries) / seconds)) 条")
    }

    private func say(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }
}
