import Casework
import Kernel
import Ledger

/// Computes the rows of any thread from entries alone: for a rebuild, or for a restore, when there is no server to ask.
public struct ThreadRows: Sendable {
    private let projector: Projector

    /// - Parameter bureau: the entries of the bureau's own thread.
    /// - Throws: `StepRefusal` if it is no bureau's thread, or a file that was adopted is not there any more.
    public init(library: RuleLibrary, bureau: [LoggedEntry]) throws(StepRefusal) {
        var records: [Record] = []
        for logged in bureau { records.append(try Casebook.record(logged.entry)) }
        guard let profile = BureauProfile(records) else {
            throw StepRefusal(.fault, "这些记录不是从一个机关开始的。")
        }
        projector = Projector(law: try Law(library: library, bureau: profile, history: records))
    }

    /// Rows under a law that is at hand.
    init(law: Law) {
        projector = Projector(law: law)
    }

    /// The recordings that a case's records link.
    static func recordings(_ records: [Record]) -> [ThreadTag] {
        records.filter { $0.type == .recordingLinked }.compactMap { $0.thread("recording") }
    }

    /// The rows of a thread whose records are at hand, with those of the recordings that it links.
    func rows(_ own: [Record], linked: [Record]) -> [ProjectionRow] { projector.rows(thread: own, linked: linked) }

    /// The rows of a thread; entries of it and of recordings that it links come from `entries`.
    ///
    /// - Throws: `StepRefusal` for an entry that this program does not know; what `entries` throws.
    public func rows(
        of thread: ThreadTag, entries: (ThreadTag) throws -> [LoggedEntry]
    ) throws -> [ProjectionRow] {
        let own = try entries(thread).map { try Casebook.record($0.entry) }
        let linked = try ThreadRows.recordings(own).flatMap { try entries($0).map { try Casebook.record($0.entry) } }
        return rows(own, linked: linked)
    }
}
