import Application
import Foundation
import GRDB
import Kernel
import Store

/// One writer, one entry at a time, each durable, signed and in the lock file before the next; beside single-row inserts
/// by GRDB that are synced as truly.
enum LoneEntries {
    static let rounds = 7
    static let byteCount = 600

    static func measure(_ options: Options) async throws {
        let directory = try options.text("directory")
        let count = try options.number("entries", or: 1000)
        let place = try Place(directory + "/ledger")
        var course = Course(bureau: place.bureau, byteCount: byteCount)
        _ = try await append(&course, to: place.ledger, count: 50)
        // Only entries: what the script counts the syncs of.
        if options.optional("only") != nil {
            _ = try await append(&course, to: place.ledger, count: count)
            return place.ledger.close()
        }
        let bare = try BareInserts(directory)
        _ = try await bare.insert(50)
        var rate = Samples(figure: "lone-rate")
        var slow = Samples(figure: "lone-p99")
        for _ in 0..<rounds {
            // In slices, in turn: a disk that is slow for a second is slow for both.
            var bareTimes: [Double] = []
            var times: [Double] = []
            for _ in 0..<20 {
                bareTimes += try await bare.insert(count / 20)
                times += try await append(&course, to: place.ledger, count: count / 20)
            }
            rate.baseline.append(1 / bareTimes.mean)
            rate.values.append(1 / times.mean)
            slow.values.append(times.quantile(0.99) * 1000)
        }
        place.ledger.close()
        rate.say(
            note:
                "entries of \(try course.next().byteCount) bytes; with the case's row; baseline: GRDB, one row of \(byteCount) bytes each"
        )
        slow.say()
    }

    /// Appends entries one after the other.
    ///
    /// - Returns: the seconds of each, sealing included.
    private static func append(
        _ course: inout Course, to ledger: LedgerDatabase, count: Int
    ) async throws -> [Double] {
        var times: [Double] = []
        for _ in 0..<count {
            let start = ContinuousClock.now
            _ = try await ledger.append(try course.next(withObligation: false).request)
            times.append((ContinuousClock.now - start).seconds)
        }
        return times
    }
}

/// Single rows into a table by GRDB, each in a transaction that is synced.
struct BareInserts {
    private let pool: DatabasePool
    private let body = Data(repeating: 7, count: LoneEntries.byteCount)

    init(_ directory: String) throws {
        pool = try DatabasePool(path: directory + "/bare.sqlite")
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, body BLOB NOT NULL)")
            try db.execute(sql: "PRAGMA synchronous = FULL")
            guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2 else {
                throw Failure("the baseline would not be synced")
            }
        }
    }

    func insert(_ count: Int) async throws -> [Double] {
        var times: [Double] = []
        for _ in 0..<count {
            let start = ContinuousClock.now
            try await pool.write { [body] db in
                try db.cachedStatement(sql: "INSERT INTO entry (body) VALUES (?)").execute(arguments: [body])
            }
            times.append((ContinuousClock.now - start).seconds)
        }
        return times
    }
}

extension [Double] {
    var mean: Double { reduce(0, +) / Double(count) }
}
