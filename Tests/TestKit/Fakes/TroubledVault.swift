import Application
import Kernel
import Ledger
import Synchronization

/// A vault that takes nothing more when it is told so; reading goes on, as the contract says.
public final class TroubledVault: EvidenceVault {
    private let vault: any EvidenceVault
    private let failure = Mutex<VaultError?>(nil)
    private let losses = Mutex<[ObjectID: VaultError.Code]>([:])

    /// A vault over one that works.
    public init(_ vault: any EvidenceVault) {
        self.vault = vault
    }

    /// Makes every later attempt to store fail, or work again.
    public func fail(with error: VaultError?) { failure.withLock { $0 = error } }

    /// Makes every later read of an object fail, or work again: what lies on a disk was removed or overwritten.
    public func lose(_ object: ObjectID, as code: VaultError.Code?) { losses.withLock { $0[object] = code } }

    private func reading(_ object: ObjectID) throws(VaultError) {
        if let code = losses.withLock({ $0[object] }) { throw VaultError(code, "object \(object) was lost") }
    }

    private func writing() throws(VaultError) {
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    public func ingest(byteCount: Int64) async throws(VaultError) -> any Ingest {
        try writing()
        return try await vault.ingest(byteCount: byteCount)
    }

    public func facts(of object: ObjectID) async throws(VaultError) -> ObjectFacts {
        try reading(object)
        return try await vault.facts(of: object)
    }

    public func read(_ object: ObjectID, at offset: Int64, upTo count: Int) async throws(VaultError) -> [UInt8] {
        try reading(object)
        return try await vault.read(object, at: offset, upTo: count)
    }

    public func destroy(_ object: ObjectID) async throws(VaultError) {
        try writing()
        try await vault.destroy(object)
    }

    public func scrub(_ object: ObjectID, bytesPerSecond: Int?) async throws(VaultError) -> ObjectFacts {
        try reading(object)
        return try await vault.scrub(object, bytesPerSecond: bytesPerSecond)
    }

    /// None are there once every object that it holds was lost.
    public func objects() async throws(VaultError) -> [ObjectID] {
        let gone = losses.withLock { losses in Set(losses.filter { $0.value == .notFound }.keys) }
        return try await vault.objects().filter { !gone.contains($0) }
    }
    public func room() async throws(VaultError) -> VaultRoom { try await vault.room() }

    public func createUpload(_ declaration: UploadDeclaration) async throws(VaultError) -> UploadStatus {
        try writing()
        return try await vault.createUpload(declaration)
    }

    public func upload(_ id: UploadID) async throws(VaultError) -> UploadStatus { try await vault.upload(id) }
    public func uploads() async throws(VaultError) -> [UploadStatus] { try await vault.uploads() }

    public func append(
        to upload: UploadID, at offset: Int64, byteCount: Int64?, checksum: UploadChecksum?
    ) async throws(VaultError) -> any UploadAppend {
        try writing()
        return try await vault.append(to: upload, at: offset, byteCount: byteCount, checksum: checksum)
    }

    public func finish(_ upload: UploadID) async throws(VaultError) -> ObjectFacts {
        try writing()
        return try await vault.finish(upload)
    }

    public func terminate(_ upload: UploadID) async throws(VaultError) { try await vault.terminate(upload) }

    public func removeExpiredUploads(
        at now: Instant, countedFrom base: Instant?
    ) async throws(VaultError) -> [UploadID] {
        try await vault.removeExpiredUploads(at: now, countedFrom: base)
    }
}
