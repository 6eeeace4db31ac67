import Casework
import Kernel
import Ledger

/// Closes looks that were open when the server died (design, invariant 4): who looked at what stands in the log; how much
/// was read is known to nobody any more, and the closing entry says so by saying no number.
///
/// A look that outlived its server began within a session's length of the newest entry: the rounds close every other. So
/// only the end of the log is read, and all are closed by one append: if we die here, the next start finds all of them.
public struct LeftOpenLooks: Sendable {
    private let casebook: Casebook
    private let size: Int64

    /// - Parameter size: how many entries the open log had before this server recorded any; later looks are its own.
    public init(casebook: Casebook, before size: Int64) {
        self.casebook = casebook
        self.size = size
    }

    /// Closes them. Returns how many there were.
    @discardableResult
    public func close() async throws(StepRefusal) -> Int {
        let left: [Record]
        do { left = try await find() } catch { throw StepRefusal(error) }
        guard !left.isEmpty else { return 0 }
        let facts = left.compactMap { look in
            look.word("session").map { Fact(.accessClosed, in: look.thread, plain: ["session": .string($0)]) }
        }
        _ = try await casebook.record(facts, by: .system, command: .random())
        return facts.count
    }

    /// The openings without a closing, oldest first.
    private func find() async throws(StoreError) -> [Record] {
        let store = casebook.store
        var opened: [Record] = []
        var closed: Set<String> = []
        var since: Instant?
        for log in try await store.logs().reversed() {
            var end = log.number == store.log ? size : log.head.size
            while end > 0 {
                let start = max(0, end - Self.page)
                let entries = try await store.entries(from: start, limit: Int(end - start), log: log.number)
                for record in entries.reversed().compactMap({ Record($0.entry) }) {
                    let earliest = since ?? record.recordedAt.advanced(byMilliseconds: -Self.reach)
                    since = earliest
                    guard record.recordedAt >= earliest else { return opened.reversed() }
                    // A look at a lead's words is over by its time; no server ran it.
                    guard let session = record.word("session"), record.word("what") != "entry" else { continue }
                    if record.type == .accessClosed { closed.insert(session) }
                    if record.type == .accessOpened, !closed.contains(session) { opened.append(record) }
                }
                end = start
            }
        }
        return opened.reversed()
    }

    private static let page: Int64 = 500
    /// A session, and the minute in which a round closes it.
    private static let reach = ViewSessions.longest + 60_000
}
