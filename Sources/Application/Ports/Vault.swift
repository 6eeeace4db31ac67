import Kernel

/// Evidence bytes: hashed, sealed, durable, readable by ranges. One vault belongs to one bureau (机关).
///
/// Contract for every adapter:
/// - *Durability.* What a call acknowledges survives a power cut. An offset that `upload(_:)` reports never exceeds the
///   durable bytes.
/// - *Secrecy.* Bytes and digests of an object stand on the medium only under the object's own key; `destroy(_:)`
///   makes them unreadable there for good.
/// - *Faults.* After a failed fsync nobody knows what the medium holds, so the vault stops recording
///   (``VaultError/Code/stopped``) until it is opened anew. It never tries the same fsync again. Reading goes on.
/// - *Concurrency.* Any call from any task. An unfinished upload has one writer at a time.
/// - *Retries* are the caller's.
public protocol EvidenceVault: Sendable {
    /// Begins to store one object whose size is known.
    ///
    /// - Throws: `full` before a byte is taken when the disk could not hold it, `busy`, `stopped`.
    func ingest(byteCount: Int64) async throws(VaultError) -> any Ingest

    /// What was measured when the object was stored, opened under its key.
    ///
    /// - Throws: `notFound`, `gone` after its key was destroyed, `damaged`, `wrongKey`.
    func facts(of object: ObjectID) async throws(VaultError) -> ObjectFacts

    /// Plain bytes of an object from `offset`, at most `count` of them, fewer only at its end, none behind it.
    ///
    /// Every segment touched is authenticated before a byte of it is returned. Memory is in proportion to `count`.
    ///
    /// - Throws: `notFound`, `gone`, `damaged`, `wrongKey`.
    func read(_ object: ObjectID, at offset: Int64, upTo count: Int) async throws(VaultError) -> [UInt8]

    /// Destroys the object's key, durably, then releases its sealed bytes (销毁). The same call again is no error.
    ///
    /// - Throws: `notFound`, `stopped`.
    func destroy(_ object: ObjectID) async throws(VaultError)

    /// Reads an object whole, authenticates every segment and compares its SHA-256 with the recorded one.
    ///
    /// - Parameter bytesPerSecond: a limit for background work; nil reads as fast as the disk gives.
    /// - Throws: `damaged` says where; `notFound`, `gone`, `wrongKey`.
    func scrub(_ object: ObjectID, bytesPerSecond: Int?) async throws(VaultError) -> ObjectFacts

    /// Every object whose sealed bytes are in the vault, in order of id. Destroyed ones are not among them.
    func objects() async throws(VaultError) -> [ObjectID]

    /// How much more can be stored.
    func room() async throws(VaultError) -> VaultRoom

    /// Opens an upload. Its id is also the id of the object that it becomes.
    ///
    /// - Throws: `full`, `stopped`; `tooMany` for the person who has ``UploadDeclaration/mostOfOnePerson`` on record, and
    ///   `overPromised` when what the person has announced and not sent, this one included, is more than there is room for.
    ///   Others are never kept out by an upload that nobody goes on with.
    func createUpload(_ declaration: UploadDeclaration) async throws(VaultError) -> UploadStatus

    /// The state of an upload; its offset is durable.
    ///
    /// - Throws: `notFound`.
    func upload(_ id: UploadID) async throws(VaultError) -> UploadStatus

    /// Every upload on record, finished ones too, until it is terminated. For work left over from before a restart.
    func uploads() async throws(VaultError) -> [UploadStatus]

    /// Begins to append to an upload, as its only writer.
    ///
    /// - Parameters:
    ///   - offset: must equal the upload's offset.
    ///   - byteCount: how many bytes are announced, if known; room for them is checked before the first. Where nobody knows,
    ///     nothing of them is durable before `commit()`: a sender that sends too many has sent none.
    ///   - checksum: if given, the bytes count only when it matches at `commit()`.
    /// - Throws: `notFound`, `wrongOffset`, `locked`, `tooLong`, `full`, `busy`, `stopped`.
    func append(
        to upload: UploadID, at offset: Int64, byteCount: Int64?, checksum: UploadChecksum?
    ) async throws(VaultError) -> any UploadAppend

    /// Turns a complete upload into an object. The same call again gives the same facts.
    ///
    /// After a restart in mid-upload the SHA-256 has to be taken by reading the whole upload back (about 1 s for
    /// 1.5 GB), so call this off the request path when ``UploadStatus/isDigestAtHand`` is false.
    ///
    /// - Throws: `notFound`, `incomplete`, `locked`, `damaged`, `stopped`.
    func finish(_ upload: UploadID) async throws(VaultError) -> ObjectFacts

    /// Ends an upload: an unfinished one loses key and bytes; of a finished one only the record goes, the object stays.
    ///
    /// - Throws: `notFound`, `locked`, `stopped`.
    func terminate(_ upload: UploadID) async throws(VaultError)

    /// Terminates the uploads whose life (``UploadDeclaration/end(countedFrom:)``) was over before `now`, complete or not;
    /// returns their ids. Of a finished one only the record goes: the object stays.
    ///
    /// - Parameters:
    ///   - now: by a clock that fits; the vault asks nobody.
    ///   - base: the last instant at which two persons had to confirm the clock; nil if they never had to.
    func removeExpiredUploads(at now: Instant, countedFrom base: Instant?) async throws(VaultError) -> [UploadID]
}

/// What is measured of an object when it is stored.
public struct ObjectFacts: Hashable, Sendable {
    /// The object.
    public let id: ObjectID
    /// The number of plain bytes.
    public let byteCount: Int64
    /// SHA-256 of the plain bytes.
    public let sha256: Digest
    /// RFC 6962 root over the SHA-256 values of its chunks of 1 MiB (the last may be shorter), each value a leaf
    /// input of 32 bytes: leaf hash = SHA-256(0x00 ‖ SHA-256(chunk)). No chunks, for no bytes: SHA-256 of nothing.
    public let chunkRoot: Digest

    /// Puts facts together, for adapters and fixtures.
    public init(id: ObjectID, byteCount: Int64, sha256: Digest, chunkRoot: Digest) {
        self.id = id
        self.byteCount = byteCount
        self.sha256 = sha256
        self.chunkRoot = chunkRoot
    }

    /// The size of a chunk, 1 MiB.
    public static let chunkByteCount = 1 << 20
}

/// Room in the vault, in bytes.
public struct VaultRoom: Hashable, Sendable {
    /// Free on the file system.
    public let free: Int64
    /// Of that, announced by ingests and uploads under way and not yet arrived.
    public let promised: Int64
    /// Of that, kept back for the ledger and the system; the vault never uses it.
    public let reserve: Int64

    /// Puts the numbers together.
    public init(free: Int64, promised: Int64, reserve: Int64) {
        self.free = free
        self.promised = promised
        self.reserve = reserve
    }

    /// The largest object that can be taken now; 0 when full.
    public var available: Int64 { max(0, free - promised - reserve) }
}
