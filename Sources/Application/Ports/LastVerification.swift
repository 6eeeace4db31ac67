import Kernel

/// What the last whole check of a ledger found (上次核验): kept beside the ledger, for pages to show. Lost, nothing is lost.
public struct LastVerification: Hashable, Sendable {
    public let at: Instant
    /// How many records there were.
    public let size: Int64
    public let isWhole: Bool
    /// Up to which record checkpoints from outside agreed; 0 without one.
    public let checkedSize: Int64

    /// What a check found.
    public init(at: Instant, size: Int64, isWhole: Bool, checkedSize: Int64) {
        self.at = at
        self.size = size
        self.isWhole = isWhole
        self.checkedSize = checkedSize
    }
}

extension LedgerStore {
    /// None is kept, unless the adapter says otherwise.
    public func lastVerification() -> LastVerification? { nil }
}
