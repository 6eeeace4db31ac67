import Application
import Kernel
import Ledger
import Synchronization

/// Evidence bytes in memory. Nothing is sealed or durable, and uploads are refused but for those that a test puts there
/// whole, or lets come in one piece: the real vault has tests of its own.
public final class FakeVault: EvidenceVault {
    private let objectsByID = Mutex<[ObjectID: [UInt8]]>([:])
    private let arrivals = Mutex<[UploadID: UploadStatus]>([:])

    /// Whether uploads may be begun; each is to come in one piece.
    public let takesUploads = Mutex(false)

    /// An empty vault.
    public init() {}

    public func ingest(byteCount: Int64) async throws(VaultError) -> any Ingest {
        FakeIngest(byteCount: Int(byteCount)) { [self] id, bytes in
            objectsByID.withLock { $0[id] = bytes }
            return Self.facts(id, bytes)
        }
    }

    public func facts(of object: ObjectID) async throws(VaultError) -> ObjectFacts {
        Self.facts(object, try bytes(of: object))
    }

    public func read(_ object: ObjectID, at offset: Int64, upTo count: Int) async throws(VaultError) -> [UInt8] {
        Array(try bytes(of: object).dropFirst(Int(offset)).prefix(count))
    }

    public func destroy(_ object: ObjectID) async throws(VaultError) {
        _ = try bytes(of: object)
        objectsByID.withLock { $0[object] = nil }
    }

    public func scrub(_ object: ObjectID, bytesPerSecond: Int?) async throws(VaultError) -> ObjectFacts {
        try await facts(of: object)
    }

    public func objects() async throws(VaultError) -> [ObjectID] {
        objectsByID.withLock { $0.keys.sorted() }
    }

    public func room() async throws(VaultError) -> VaultRoom {
        VaultRoom(free: 1 << 40, promised: 0, reserve: 0)
    }

    public func createUpload(_ declaration: UploadDeclaration) async throws(VaultError) -> UploadStatus {
        guard takesUploads.withLock({ $0 }) else { throw noUploads }
        let status = UploadStatus(
            id: .random(), declaration: declaration, offset: 0, facts: nil, isDigestAtHand: false)
        arrivals.withLock { $0[status.id] = status }
        return status
    }
    public func upload(_ id: UploadID) async throws(VaultError) -> UploadStatus {
        guard let status = arrivals.withLock({ $0[id] }) else { throw noUploads }
        return status
    }

    /// An upload whose bytes are all here.
    public func arrived(_ bytes: [UInt8], _ declaration: UploadDeclaration) -> UploadID {
        let id = UploadID.random()
        let object = id.unchecked(as: OfObject.self)
        objectsByID.withLock { $0[object] = bytes }
        let status = UploadStatus(
            id: id, declaration: declaration, offset: Int64(bytes.count), facts: Self.facts(object, bytes),
            isDigestAtHand: true)
        arrivals.withLock { $0[id] = status }
        return id
    }
    /// An upload of which only the first bytes are here.
    public func begun(_ bytes: [UInt8], _ declaration: UploadDeclaration) -> UploadID {
        let id = UploadID.random()
        let status = UploadStatus(
            id: id, declaration: declaration, offset: Int64(bytes.count), facts: nil, isDigestAtHand: false)
        arrivals.withLock { $0[id] = status }
        return id
    }
    public func uploads() async throws(VaultError) -> [UploadStatus] { [] }
    public func append(
        to upload: UploadID, at offset: Int64, byteCount: Int64?, checksum: UploadChecksum?
    ) async throws(VaultError) -> any UploadAppend {
        let declaration = try await self.upload(upload).declaration
        guard offset == 0, byteCount == declaration.byteCount else { throw noUploads }
        return FakeAppend { [self] bytes in
            let object = upload.unchecked(as: OfObject.self)
            let status = UploadStatus(
                id: upload, declaration: declaration, offset: Int64(bytes.count), facts: Self.facts(object, bytes),
                isDigestAtHand: true)
            objectsByID.withLock { $0[object] = bytes }
            arrivals.withLock { $0[upload] = status }
            return status
        }
    }
    public func finish(_ upload: UploadID) async throws(VaultError) -> ObjectFacts {
        guard let facts = try await self.upload(upload).facts else {
            throw VaultError(.incomplete, "the upload is not whole yet")
        }
        return facts
    }
    public func terminate(_ upload: UploadID) async throws(VaultError) {
        guard arrivals.withLock({ $0.removeValue(forKey: upload) }) != nil else { throw noUploads }
    }
    public func removeExpiredUploads(
        at now: Instant, countedFrom base: Instant?
    ) async throws(VaultError) -> [UploadID] { [] }

    private var noUploads: VaultError { VaultError(.notFound, "this fake takes no uploads") }

    private func bytes(of object: ObjectID) throws(VaultError) -> [UInt8] {
        guard let bytes = objectsByID.withLock({ $0[object] }) else {
            throw VaultError(.notFound, "there is no object \(object)")
        }
        return bytes
    }

    private static func facts(_ id: ObjectID, _ bytes: [UInt8]) -> ObjectFacts {
        let digest = Digest.sha256(bytes)
        return ObjectFacts(id: id, byteCount: Int64(bytes.count), sha256: digest, chunkRoot: digest)
    }
}

private final class FakeIngest: Ingest {
    let id = ObjectID.random()
    private let byteCount: Int
    private let keep: @Sendable (ObjectID, [UInt8]) -> ObjectFacts
    private let bytes = Mutex<[UInt8]>([])

    init(byteCount: Int, keep: @escaping @Sendable (ObjectID, [UInt8]) -> ObjectFacts) {
        self.byteCount = byteCount
        self.keep = keep
    }

    func take(_ more: UnsafeRawBufferPointer) -> Int {
        bytes.withLock { bytes in
            let count = min(more.count, byteCount - bytes.count)
            bytes.append(contentsOf: more.prefix(count))
            return count
        }
    }

    func makeRoom() async throws(VaultError) {
        if bytes.withLock({ $0.count }) >= byteCount { throw VaultError(.tooLong, "more bytes than announced") }
    }

    func finish() async throws(VaultError) -> ObjectFacts {
        let taken = bytes.withLock { $0 }
        guard taken.count == byteCount else { throw VaultError(.incomplete, "fewer bytes than announced") }
        return keep(id, taken)
    }

    func abort() async {}
}

private final class FakeAppend: UploadAppend {
    private let keep: @Sendable ([UInt8]) -> UploadStatus
    private let bytes = Mutex<[UInt8]>([])

    init(keep: @escaping @Sendable ([UInt8]) -> UploadStatus) { self.keep = keep }

    func take(_ more: UnsafeRawBufferPointer) -> Int {
        bytes.withLock { $0.append(contentsOf: more) }
        return more.count
    }

    func makeRoom() async throws(VaultError) {}
    func commit() async throws(VaultError) -> Int64 { keep(bytes.withLock { $0 }).offset }
    func discard() async { bytes.withLock { $0 = [] } }
}
