import Kernel

/// Takes bytes in order from one task, at the pace of the disk.
///
/// The caller fills until `take` accepts less than it was given, then awaits `makeRoom()`: that wait is the back
/// pressure. Two calls instead of one `append`, so that network buffers are copied once and no pointer lives across a
/// suspension.
public protocol ByteSink: Sendable {
    /// Copies the first bytes of `bytes`; returns how many. Never blocks.
    func take(_ bytes: UnsafeRawBufferPointer) -> Int

    /// Returns when `take` will accept at least one byte.
    ///
    /// - Throws: `tooLong` when all announced bytes are in; what went wrong on the disk.
    func makeRoom() async throws(VaultError)
}

extension ByteSink {
    /// Takes all of `bytes`, waiting for room as needed.
    public func append(_ bytes: [UInt8]) async throws(VaultError) {
        var position = 0
        while position < bytes.count {
            position += bytes.withUnsafeBytes { take(UnsafeRawBufferPointer(rebasing: $0[position...])) }
            if position < bytes.count { try await makeRoom() }
        }
    }
}

/// One object on its way in. Exactly one of `finish()` and `abort()` ends it.
public protocol Ingest: ByteSink {
    /// The id that the object will have.
    var id: ObjectID { get }

    /// Makes the object durable; after this returns it survives a power cut.
    ///
    /// - Throws: `incomplete` when fewer bytes came than were announced; what went wrong on the disk. Nothing of the
    ///   object is left then.
    func finish() async throws(VaultError) -> ObjectFacts

    /// Drops what came so far.
    func abort() async
}

/// One writer of one upload. Exactly one of `commit()` and `discard()` ends it.
public protocol UploadAppend: ByteSink {
    /// Makes the bytes durable and returns the new offset. Also right after the sender was lost: what came is kept.
    ///
    /// - Throws: `checksumMismatch`, and the bytes are discarded; what went wrong on the disk, and the upload stands
    ///   at an offset that was durable.
    func commit() async throws(VaultError) -> Int64

    /// Drops the bytes since the last durable offset.
    func discard() async
}

extension EvidenceVault {
    /// Stores what `body` writes. Nothing is left if it throws.
    public func store(
        byteCount: Int64, _ body: (any Ingest) async throws -> Void
    ) async throws -> ObjectFacts {
        let ingest = try await ingest(byteCount: byteCount)
        do {
            try await body(ingest)
        } catch {
            await ingest.abort()
            throw error
        }
        return try await ingest.finish()
    }

    /// Stores bytes that are in memory, as a document just printed is.
    public func store(_ bytes: [UInt8]) async throws(VaultError) -> ObjectFacts {
        let ingest = try await ingest(byteCount: Int64(bytes.count))
        do {
            try await ingest.append(bytes)
        } catch {
            await ingest.abort()
            throw error
        }
        return try await ingest.finish()
    }

    /// An object's plain bytes in pieces of at most 1 MiB.
    public func pieces(of object: ObjectID, in range: Range<Int64>) -> ObjectPieces {
        ObjectPieces(vault: self, object: object, range: range)
    }
}

/// The plain bytes of a range of an object, read when asked for.
public struct ObjectPieces: AsyncSequence, Sendable {
    let vault: any EvidenceVault
    let object: ObjectID
    let range: Range<Int64>

    public func makeAsyncIterator() -> Iterator {
        Iterator(pieces: self, position: range.lowerBound)
    }

    /// Reads piece after piece; pieces after the first begin at whole MiB, so that no segment is opened twice.
    public struct Iterator: AsyncIteratorProtocol {
        let pieces: ObjectPieces
        var position: Int64

        public mutating func next() async throws(VaultError) -> [UInt8]? {
            guard position < pieces.range.upperBound else { return nil }
            let unit = Int64(ObjectFacts.chunkByteCount)
            let end = Swift.min(pieces.range.upperBound, (position / unit + 1) * unit)
            let bytes = try await pieces.vault.read(pieces.object, at: position, upTo: Int(end - position))
            guard !bytes.isEmpty else { return nil }
            position += Int64(bytes.count)
            return bytes
        }
    }
}
