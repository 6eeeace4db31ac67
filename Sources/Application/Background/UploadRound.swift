import Casework
import Kernel
import Ledger

/// Removes uploads whose time is over, complete ones too: what nobody registered within their life is not evidence.
///
/// A complete upload that was registered is a record only, and loses nothing but that: the object stays.
///
/// What is removed is gone, so the clock that says that a time is over must be one that may stamp records: the round does
/// nothing while recording has stopped, and looks at the clock itself, because nobody may have recorded since it leapt. No
/// time counts that lies before the last moment at which two persons had to confirm the clock: an upload that a wrong clock
/// stamped is as young as that. What a clock may be off without being found out (`ClockRule.aheadTolerance`) is left to
/// every upload on top.
public struct UploadRound: Sendable {
    private let store: any LedgerStore
    private let vault: any EvidenceVault
    private let clock: any WallClock
    private let thread: ThreadTag

    /// A round over one bureau's vault.
    ///
    /// - Parameter thread: the bureau's own thread, where it stands when its clock was confirmed.
    public init(store: any LedgerStore, vault: any EvidenceVault, clock: any WallClock, thread: ThreadTag) {
        self.store = store
        self.vault = vault
        self.clock = clock
        self.thread = thread
    }

    /// - Returns: the uploads that were removed.
    @discardableResult
    public func run() async throws -> [UploadID] {
        await store.checkClock()
        guard store.stopReason() == nil else { return [] }
        let confirmed = try await store.entries(of: thread, from: 1)
            .map(\.entry.skeleton.content).filter { $0.type == EntryType.clockResumed.rawValue }.last?.recordedAt
        let now = clock.now().advanced(byMilliseconds: -ClockRule.aheadTolerance)
        return try await vault.removeExpiredUploads(at: now, countedFrom: confirmed)
    }
}
