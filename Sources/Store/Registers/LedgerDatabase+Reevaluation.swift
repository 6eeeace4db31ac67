import Application
import Casework
import Kernel
import Synchronization

extension LedgerDatabase: ReevaluationStore {
    public func reevaluation() async throws(StoreError) -> ReevaluationMark? {
        try await read { connection in
            let found = try connection.first(
                "SELECT law, phase, after, cases, changed, started_at, finished_at FROM reevaluation",
                row: { row -> ReevaluationMark? in
                    guard let phase = ReevaluationMark.Phase(rawValue: row.text(1)) else { return nil }
                    return ReevaluationMark(
                        law: Int(row.integer(0)), phase: phase, after: row.isNull(2) ? nil : row.id(2),
                        cases: Int(row.integer(3)), changed: Int(row.integer(4)),
                        startedAt: Instant(milliseconds: row.integer(5)), finishedAt: row.optionalInstant(6))
                })
            return found ?? nil
        }
    }

    public func casesToReevaluate(
        _ phase: ReevaluationMark.Phase, since: Instant, after: ThreadTag?, limit: Int
    ) async throws(StoreError) -> [ThreadTag] {
        let condition: String
        switch phase {
        case .open: condition = "state <> 'filed'"
        case .others: condition = "(state = 'filed' OR last_at >= ?)"
        case .done: return []
        }
        var values: [SQLValue] = [.blob(after?.bytes ?? [])]
        if phase == .others { values.append(.instant(since)) }
        let bound = values + [.number(min(max(limit, 1), 1000))]
        return try await read { connection in
            try connection.all(
                "SELECT thread FROM case_file WHERE thread > ? AND \(condition) ORDER BY thread LIMIT ?", bound,
                row: { row -> ThreadTag? in row.id(0) }
            ).compactMap { $0 }
        }
    }

    public func entries(ofAll threads: [ThreadTag]) throws(StoreError) -> [ThreadTag: [LoggedEntry]] {
        try readHere { connection in
            let reader = EntryReader(connection: connection)
            var result: [ThreadTag: [LoggedEntry]] = [:]
            for thread in threads { result[thread] = try reader.entries(of: thread, from: 1) }
            return result
        }
    }

    public func differences(
        from rows: [ThreadTag: [ProjectionRow]]
    ) throws(StoreError) -> [ThreadTag: [ProjectionDifference]] {
        try readHere { connection in
            let reader = ProjectionReader(connection: connection)
            var result: [ThreadTag: [ProjectionDifference]] = [:]
            for (thread, rows) in rows {
                let found = try reader.differences(from: rows, of: thread)
                if !found.isEmpty { result[thread] = found }
            }
            return result
        }
    }

    /// If we die before COMMIT, neither rows nor mark are there and the same cases are judged again; after it, the next
    /// round goes on behind them.
    public func refresh(
        _ cases: [RefreshedRows], mark: ReevaluationMark
    ) async throws(StoreError) -> [ThreadTag] {
        let moved = Mutex<[ThreadTag]>([])
        try await sequencer.maintain { connection in
            var left: [ThreadTag] = []
            try connection.run("BEGIN IMMEDIATE")
            let reader = EntryReader(connection: connection)
            let writer = ProjectionWriter(connection: connection)
            for one in cases {
                guard try reader.head(of: one.thread)?.seq == one.seq else {
                    left.append(one.thread)
                    continue
                }
                for key in one.removing { try writer.remove(key) }
                for row in one.upserting { try writer.put(row) }
            }
            if left.isEmpty {
                try connection.run(
                    "INSERT OR REPLACE INTO reevaluation VALUES (1, ?, ?, ?, ?, ?, ?, ?)",
                    .number(mark.law), .text(mark.phase.rawValue), mark.after.map { .id($0) } ?? .null,
                    .number(mark.cases), .number(mark.changed), .instant(mark.startedAt), .instant(mark.finishedAt))
            }
            try connection.run("COMMIT")
            moved.withLock { [left] in $0 = left }
        }
        return moved.withLock { $0 }
    }
}
