import Application
import Casework
import Foundation
import Kernel
import Ledger

/// Computes every projected row anew from the entries and compares it with the stored one, both ways: nothing missing,
/// nothing else, nothing extra. `repair` puts the computed rows in their place.
///
/// It runs while the server does: a thread that moves meanwhile is read again.
public struct Rebuild: Sendable {
    private let ledger: LedgerDatabase

    /// Gives the rows of one thread from its entries. Rows of another thread must not be among them.
    public typealias Projector =
        @Sendable (_ thread: ThreadTag, _ entries: [LoggedEntry]) async throws -> [ProjectionRow]

    /// How far it has come.
    public struct Progress: Hashable, Sendable {
        /// Threads that were computed, and how many there were when it began.
        public var threads = 0
        public var allThreads = 0
        /// Entries that were read for them.
        public var entries = 0
    }

    /// Is told now and then how far it has come.
    public typealias Listener = @Sendable (Progress) -> Void

    /// Threads that are computed between two words of progress.
    private static let stretch = 1024

    /// Rebuilds the projections of a ledger.
    public init(_ ledger: LedgerDatabase) {
        self.ledger = ledger
    }

    /// What a comparison found.
    public struct Report: Hashable, Sendable {
        /// Threads that were computed.
        public var threads = 0
        /// Entries that were read for them.
        public var entries = 0
        /// Rows that were computed.
        public var rows = 0
        /// Rows that are missing, other, or extra.
        public var differences: [ProjectionDifference] = []
        /// Threads with stored rows that cannot be read.
        public var damaged: [ThreadTag] = []
        /// Openings whose class is not that of their field: entry and name of the field. A repair leaves them as they are.
        public var classes: [FieldFault] = []
        /// Openings that do not fit the commitment of their entry: what they say was never recorded. A thread with one is
        /// left as it is, so that no row is made of it.
        public var mismatches: [FieldFault] = []
        /// What is wrong with search index, handlers and counters; English.
        public var index: [String] = []

        /// Whether stored and computed rows are the same.
        public var isEqual: Bool { differences.isEmpty && damaged.isEmpty && index.isEmpty && areEntriesSound }

        /// Whether the entries themselves are as they were recorded; a repair of rows cannot mend them.
        public var areEntriesSound: Bool { classes.isEmpty && mismatches.isEmpty }
    }

    /// A field of an entry.
    public struct FieldFault: Hashable, Sendable {
        /// The entry's thread.
        public let thread: ThreadTag
        /// Its place there.
        public let seq: Int
        /// The field's name.
        public let field: String
    }

    /// Compares all rows; changes nothing.
    ///
    /// - Throws: what the projector throws; `StoreError`.
    public func compare(_ projector: @escaping Projector, telling listener: Listener? = nil) async throws -> Report {
        try await walk(projector, repairing: false, listener)
    }

    /// Compares all rows and replaces those of every thread that differs.
    ///
    /// - Returns: what was found before.
    /// - Throws: what the projector throws; `StoreError`.
    public func repair(_ projector: @escaping Projector, telling listener: Listener? = nil) async throws -> Report {
        let report = try await walk(projector, repairing: true, listener)
        if !report.isEqual { try await ledger.sequencer.maintain { try SearchIndex(connection: $0).rebuild() } }
        return report
    }

    private func walk(_ projector: @escaping Projector, repairing: Bool, _ listener: Listener?) async throws -> Report {
        var report = Report()
        var progress = Progress()
        progress.allThreads = try await ledger.read { try ProjectionReader(connection: $0).countThreads() }
        listener?(progress)
        report.index = try await ledger.read { try SearchIndex(connection: $0).faults() }
        var last: ThreadTag?
        while true {
            let after = last
            let tags = try await ledger.read {
                try ProjectionReader(connection: $0).threads(after: after, limit: Self.stretch)
            }
            guard let end = tags.last else { break }
            report.add(try await check(tags, projector, repairing: repairing))
            last = end
            (progress.threads, progress.entries) = (report.threads, report.entries)
            listener?(progress)
        }
        let orphans = try await ledger.read { try ProjectionReader(connection: $0).orphans() }
        report.add(try await check(orphans, projector, repairing: repairing))
        return report
    }

    /// Checks threads on as many tasks as there are processors, each a run of neighbours; what they find is put together
    /// in the order of the threads.
    private func check(
        _ threads: [ThreadTag], _ projector: @escaping Projector, repairing: Bool
    ) async throws -> Report {
        let lanes = max(1, ProcessInfo.processInfo.activeProcessorCount)
        let length = (threads.count + lanes - 1) / lanes
        return try await withThrowingTaskGroup(of: (Int, Report).self) { tasks in
            for start in stride(from: 0, to: threads.count, by: max(1, length)) {
                tasks.addTask { @concurrent in
                    var report = Report()
                    for thread in threads[start..<min(start + length, threads.count)] {
                        try await check(thread, projector, repairing: repairing, &report)
                    }
                    return (start, report)
                }
            }
            let parts = try await tasks.reduce(into: [:]) { $0[$1.0] = $1.1 }
            return parts.sorted { $0.key < $1.key }.reduce(into: Report()) { $0.add($1.value) }
        }
    }

    private func check(
        _ thread: ThreadTag, _ projector: Projector, repairing: Bool, _ report: inout Report
    ) async throws {
        while true {
            let entries = try await ledger.entries(of: thread, from: 1)
            let mismatches = entries.flatMap { logged in
                logged.entry.mismatches.map {
                    FieldFault(thread: thread, seq: logged.entry.skeleton.content.seq, field: $0)
                }
            }
            let rows = entries.isEmpty ? [] : try await projector(thread, entries)
            for row in rows where row.key.owner != thread {
                throw StoreError.failed("the projector gave thread \(thread) a row of \(row.key.owner)")
            }
            let found = try await ledger.read { connection -> [ProjectionDifference]?? in
                guard try EntryReader(connection: connection).head(of: thread)?.seq ?? 0 == entries.count else {
                    return .none
                }
                do {
                    return .some(try ProjectionReader(connection: connection).differences(from: rows, of: thread))
                } catch StoreError.damaged {
                    return .some(nil)
                }
            }
            // It moved between the two reads: once more.
            guard let found else { continue }
            if repairing, mismatches.isEmpty, found?.isEmpty != true {
                guard try await replace(rows, of: thread, at: entries.count) else { continue }
            }
            report.threads += entries.isEmpty ? 0 : 1
            report.entries += entries.count
            report.rows += rows.count
            report.mismatches += mismatches
            for entry in entries.map(\.entry) {
                report.classes += entry.misclassified.map {
                    FieldFault(thread: thread, seq: entry.skeleton.content.seq, field: $0)
                }
            }
            report.differences += found ?? []
            if found == nil { report.damaged.append(thread) }
            return
        }
    }

    /// Replaces all rows of a thread.
    ///
    /// - Returns: false if the thread has moved on; nothing was changed.
    private func replace(_ rows: [ProjectionRow], of thread: ThreadTag, at seq: Int) async throws -> Bool {
        do {
            try await ledger.sequencer.maintain { connection in
                try connection.run("BEGIN IMMEDIATE")
                guard try EntryReader(connection: connection).head(of: thread)?.seq ?? 0 == seq else {
                    throw StoreError.stale(thread: thread, expected: seq, actual: -1)
                }
                try ProjectionWriter(connection: connection).purge(thread)
                for row in rows { try ProjectionWriter(connection: connection).put(row) }
                try connection.run("COMMIT")
            }
            return true
        } catch StoreError.stale {
            return false
        }
    }
}

extension Rebuild.Report {
    /// Takes in what was found in other threads.
    fileprivate mutating func add(_ other: Rebuild.Report) {
        threads += other.threads
        entries += other.entries
        rows += other.rows
        differences += other.differences
        damaged += other.damaged
        classes += other.classes
        mismatches += other.mismatches
        index += other.index
    }
}
