import Casework
import Kernel
import Ledger

extension Casebook {
    /// The rows of a thread computed from its entries alone, for a rebuild.
    public func projectedRows(of thread: ThreadTag, entries: [LoggedEntry]) async throws -> [ProjectionRow] {
        var own: [Record] = []
        for element in entries { own.append(try Casebook.record(element.entry)) }
        var linked: [Record] = []
        for recording in own.filter({ $0.type == .recordingLinked }).compactMap({ $0.thread("recording") }) {
            for element in try await store.entries(of: recording, from: 1) {
                linked.append(try Casebook.record(element.entry))
            }
        }
        return Projector(law: try await chambers.law()).rows(thread: own, linked: linked)
    }
}
