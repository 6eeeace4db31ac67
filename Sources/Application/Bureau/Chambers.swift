import Casework
import Kernel
import Ledger

/// The bureau as its own thread tells it, kept in memory until the thread moves on.
public actor Chambers {
    private let store: any LedgerStore
    /// The bureau's threads, as far as their rows are what the log holds.
    public nonisolated let threads: ProvedThreads
    private let library: RuleLibrary
    /// The bureau's own thread.
    public nonisolated let thread: ThreadTag
    private var known: (seq: Int, profile: BureauProfile, law: Law, records: [Record])?

    /// Chambers over a bureau's ledger.
    ///
    /// - Parameter thread: the bureau's own thread.
    public init(store: any LedgerStore, library: RuleLibrary, thread: ThreadTag) {
        self.store = store
        threads = ProvedThreads(store: store, bureau: thread)
        self.library = library
        self.thread = thread
    }

    /// The bureau.
    public func profile() async throws(StepRefusal) -> BureauProfile {
        try await current().profile
    }

    /// The law in force.
    public func law() async throws(StepRefusal) -> Law {
        try await current().law
    }

    /// The law in force, and the entry that changed it last.
    public func lawAndChange() async throws(StepRefusal) -> (law: Law, change: LawChange) {
        let (_, law, records) = try await current()
        return (law, LawChange(records))
    }

    /// The records of the bureau's own thread, in order.
    public func records() async throws(StepRefusal) -> [Record] {
        try await current().records
    }

    /// How the bureau is looked after.
    public func upkeep() async throws(StepRefusal) -> BureauUpkeep {
        BureauUpkeep(try await current().records)
    }

    private func current() async throws(StepRefusal) -> (profile: BureauProfile, law: Law, records: [Record]) {
        do {
            let head = try await store.head(of: thread)
            if let known, known.seq == head?.seq { return (known.profile, known.law, known.records) }
            var records: [Record] = []
            for element in try await threads.entries(of: thread) {
                records.append(try Casebook.record(element.entry))
            }
            guard let profile = BureauProfile(records) else {
                throw StepRefusal(.fault, "这个目录里的记录不是从一个机关开始的，请核对数据目录。")
            }
            let law = try Law(library: library, bureau: profile, history: records)
            known = (records.count, profile, law, records)
            return (profile, law, records)
        } catch let error as StoreError {
            throw StepRefusal(error)
        } catch {
            throw (error as? StepRefusal) ?? StepRefusal(.fault, "系统出现故障：\(error)")
        }
    }
}

/// The entry of the bureau's thread that changed the law last.
public struct LawChange: Hashable, Sendable {
    /// Its place in the thread.
    public let seq: Int
    public let at: Instant

    /// What a bureau's thread tells.
    init(_ records: [Record]) {
        let last = records.last { LawChange.types.contains($0.type) }
        seq = last?.seq ?? 0
        at = last?.recordedAt ?? Instant(milliseconds: 0)
    }

    /// Types of entries by which cases can come to be judged otherwise.
    static let types: Set<EntryType> = [
        .regulationAdopted, .regulationRepaired, .regulationRepealed, .regulationConfirmed, .calendarAdopted,
        .bureauSettingsChanged, .ruleOverridden,
    ]
}
