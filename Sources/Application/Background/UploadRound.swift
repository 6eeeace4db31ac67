import Kernel

/// Removes uploads whose time is over, complete ones too: what nobody registered within their life is not evidence.
///
/// A complete upload that was registered is a record only, and loses nothing but that: the object stays.
public struct UploadRound: Sendable {
    private let vault: any EvidenceVault
    private let clock: any WallClock

    /// A round over one bureau's vault.
    public init(vault: any EvidenceVault, clock: any WallClock) {
        self.vault = vault
        self.clock = clock
    }

    /// - Returns: the uploads that were removed.
    @discardableResult
    public func run() async throws(VaultError) -> [UploadID] {
        try await vault.removeExpiredUploads(at: clock.now())
    }
}
