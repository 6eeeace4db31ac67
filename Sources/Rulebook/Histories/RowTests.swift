import Casework
import Dispatch
import Foundation
import Kernel
import Synchronization

/// What the histories of one row showed.
public struct RowResult: Hashable, Sendable, Codable {
    /// The row's id.
    public let row: String
    /// How many histories keep it, and how many of these passed.
    public var kept = 0
    public var keptPassed = 0
    /// How many histories break it, and how many of these passed.
    public var broken = 0
    public var brokenPassed = 0
    /// How many mutants were made.
    public var mutants = 0
    /// Mutants that no history noticed, in Chinese.
    public var survivors: [String] = []
    /// Expectations that failed, in Chinese.
    public var failures: [String] = []

    /// Whether there are histories that keep and that break it, and all passed.
    public var isTested: Bool {
        if HistoryJudge.isComparison(row) { return failures.isEmpty }
        return failures.isEmpty && kept > 0 && broken > 0 && kept == keptPassed && broken == brokenPassed
    }

    /// Whether every mutant was noticed.
    public var isCaught: Bool { HistoryJudge.isComparison(row) || mutants > 0 && survivors.isEmpty }

    init(row: String) { self.row = row }
}

/// Runs the histories of rows, and the mutants of each row against its own histories.
public struct RowTests: Sendable {
    private let base: RuleBase

    /// Tests over a library.
    public init(_ base: RuleBase) { self.base = base }

    /// Runs the histories of a row; with `mutating`, also against every mutant of it.
    public func run(_ histories: RowHistories, mutating: Bool) -> RowResult {
        var result = RowResult(row: histories.row)
        let judge = HistoryJudge(base)
        var passing: [RowHistory] = []
        result.failures = HistoryJudge.problems(of: histories)
        for history in histories.histories {
            let failures = judge.failures(of: history, row: histories.row)
            if history.keeps { result.kept += 1 } else { result.broken += 1 }
            if failures.isEmpty {
                passing.append(history)
                if history.keeps { result.keptPassed += 1 } else { result.brokenPassed += 1 }
            }
            result.failures += failures.map { "\(history.name)：\($0)" }
        }
        guard mutating, let text = base.library.newest(String(histories.row.prefix { $0 != ":" })) else {
            return result
        }
        // Only a history that passes without the change can notice it.
        for mutant in Mutant.all(of: histories.row, in: text.regulation) {
            result.mutants += 1
            let judge = HistoryJudge(base.replacing(mutant.text))
            let noticed = passing.contains { !judge.failures(of: $0, row: histories.row).isEmpty }
            if !noticed { result.survivors.append(mutant.what) }
        }
        return result
    }

    /// Runs many rows on all processors. Blocks: never call it on the cooperative pool.
    public func run(_ all: [RowHistories], mutating: Bool) -> [RowResult] {
        let results = Mutex<[String: RowResult]>([:])
        DispatchQueue.concurrentPerform(iterations: all.count) { index in
            let result = run(all[index], mutating: mutating)
            results.withLock { $0[result.row] = result }
        }
        return results.withLock { found in all.compactMap { found[$0.row] } }
    }
}
