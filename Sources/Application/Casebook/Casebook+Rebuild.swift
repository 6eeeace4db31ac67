import Casework
import Kernel
import Ledger

extension Casebook {
    /// The rows of a thread computed from its entries alone, for a rebuild.
    public func projectedRows(of thread: ThreadTag, entries: [LoggedEntry]) async throws -> [ProjectionRow] {
        var known = [thread: entries]
        for recording in try ThreadRows.recordings(entries) {
            known[recording] = try await store.entries(of: recording, from: 1)
        }
        return try ThreadRows(law: try await chambers.law()).rows(of: thread) { known[$0] ?? [] }
    }
}
