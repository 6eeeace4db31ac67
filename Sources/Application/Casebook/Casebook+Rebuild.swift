import Casework
import Kernel
import Ledger

extension Casebook {
    /// The rows of a thread computed from its entries alone, for a rebuild.
    public func projectedRows(of thread: ThreadTag, entries: [LoggedEntry]) async throws -> [ProjectionRow] {
        try await projectedRows(of: thread, entries: entries, law: try await chambers.law())
    }

    /// The same under a law that is at hand.
    func projectedRows(
        of thread: ThreadTag, entries: [LoggedEntry], law: Law
    ) async throws -> [ProjectionRow] {
        var known = [thread: entries]
        for recording in ThreadRows.recordings(try entries.map { try Casebook.record($0.entry) }) {
            known[recording] = try await store.entries(of: recording, from: 1)
        }
        return try ThreadRows(law: law).rows(of: thread) { known[$0] ?? [] }
    }
}
