import Application
import Crypto
import Kernel

/// What of an upload is durable: a file of records, appended to and never changed.
///
///     0    "liuhen/upload/v1" LF, zeros to 32
///     32   records, each: length of the box, big-endian, 4 bytes; box = nonce 12 ‖ ciphertext ‖ tag 16
///
/// Boxes are under the object's key and authenticated with bytes 0–31 ‖ object id ‖ record number. Record 0 is the
/// declaration as canonical JSON; each later one is
///
///     offset reached, 8 bytes ‖ number of chunks completed by it, 4 bytes ‖ their SHA-256 values ‖ tail
///
/// where the tail is the plain bytes since the later of the last offset and the last whole segment. A segment is
/// written to the data file when it is whole, and never written again once a record counts it; what is behind the last
/// whole one stands here. So no append touches a byte that was acknowledged, and a torn write can tear only itself.
///
/// A record that does not open ends the journal: it is the one that was being written when the power went.
struct UploadJournal: Sendable {
    let id: ObjectID
    let key: SymmetricKey
    /// Where the next record goes.
    private(set) var end: Int64
    /// The number of the next record.
    private(set) var number: UInt64
    /// Where the newest record stands.
    private(set) var lastRecord: Range<Int64> = 0..<0

    private static let preamble: [UInt8] = {
        let text = Array("liuhen/upload/v1\n".utf8)
        return text + [UInt8](repeating: 0, count: 32 - text.count)
    }()
    /// More than any record needs: 1 PiB of chunks is not appended in one call.
    private static let largestBox = 64 << 20

    /// The bytes of a new journal with its declaration, and the journal that goes on behind them.
    static func begin(
        id: ObjectID, key: SymmetricKey, declaration: UploadDeclaration
    ) throws(VaultError) -> (bytes: [UInt8], journal: UploadJournal) {
        var journal = UploadJournal(id: id, key: key, end: Int64(preamble.count), number: 0)
        let record = try journal.sealed(declaration.json.canonicalBytes)
        journal.advance(past: record)
        return (preamble + record, journal)
    }

    /// A record's bytes, to be written at `end`. The journal moves on with `advance` when they are durable.
    func record(
        offset: Int64, chunks: ArraySlice<Kernel.Digest>, tail: ArraySlice<UInt8>
    ) throws(VaultError) -> [UInt8] {
        var plain = bigEndian(UInt64(offset)) + bigEndian(UInt32(chunks.count))
        for chunk in chunks { plain += chunk.bytes }
        plain += tail
        return try sealed(plain)
    }

    mutating func advance(past record: [UInt8]) {
        lastRecord = end..<end + Int64(record.count)
        end = lastRecord.upperBound
        number += 1
    }

    private func sealed(_ plain: [UInt8]) throws(VaultError) -> [UInt8] {
        do {
            let box = try AES.GCM.seal(plain, using: key, authenticating: binding)
            let bytes = Array(box.nonce) + box.ciphertext + box.tag
            return bigEndian(UInt32(bytes.count)) + bytes
        } catch {
            throw VaultError(.faulty, "a journal record could not be sealed", cause: "\(error)")
        }
    }

    private var binding: [UInt8] { UploadJournal.preamble + id.bytes + bigEndian(number) }
}

extension UploadJournal {
    /// A journal read back.
    struct Replay: Sendable {
        let declaration: UploadDeclaration
        var journal: UploadJournal
        var offset: Int64 = 0
        var chunks: [Kernel.Digest] = []
        /// Plain bytes behind the last whole segment.
        var tail: [UInt8] = []
    }

    /// Reads a journal.
    ///
    /// - Parameter read: bytes at an offset, fewer than asked for only at the end of the file.
    /// - Throws: `damaged` when not even the declaration opens.
    static func replay<Failure: Error>(
        id: ObjectID, key: SymmetricKey, read: (Int64, Int) throws(Failure) -> [UInt8]
    ) throws(Failure) -> Replay? {
        guard try read(0, preamble.count) == preamble else { return nil }
        var journal = UploadJournal(id: id, key: key, end: Int64(preamble.count), number: 0)
        guard let first = try journal.next(read), let declaration = UploadDeclaration(json: first) else { return nil }
        var replay = Replay(declaration: declaration, journal: journal)
        while let plain = try journal.next(read), replay.apply(plain) { replay.journal = journal }
        return replay
    }

    private mutating func next<Failure: Error>(
        _ read: (Int64, Int) throws(Failure) -> [UInt8]
    ) throws(Failure) -> [UInt8]? {
        let length = try read(end, 4).reduce(0) { $0 << 8 | Int($1) }
        guard (SealedForm.overhead...UploadJournal.largestBox).contains(length) else { return nil }
        let box = try read(end + 4, length)
        guard box.count == length, let sealed = try? AES.GCM.SealedBox(combined: box),
            let plain = try? AES.GCM.open(sealed, using: key, authenticating: binding)
        else { return nil }
        lastRecord = end..<end + Int64(4 + length)
        end = lastRecord.upperBound
        number += 1
        return Array(plain)
    }
}

extension UploadJournal.Replay {
    /// Applies one record; false, and nothing changed, for one that does not fit what came before.
    fileprivate mutating func apply(_ plain: [UInt8]) -> Bool {
        guard plain.count >= 12 else { return false }
        let reached = plain[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let count = plain[8..<12].reduce(0) { $0 << 8 | Int($1) }
        guard reached > UInt64(offset), reached <= UInt64(declaration.byteCount),
            plain.count >= 12 + count * Kernel.Digest.byteCount
        else { return false }
        let new = Int64(reached)
        let unit = Int64(ObjectFacts.chunkByteCount)
        let fresh = (0..<count).compactMap { index in
            Kernel.Digest(plain[(12 + index * 32)..<(12 + (index + 1) * 32)])
        }
        let segment = UploadJournal.lastWholeSegmentEnd(before: new, of: declaration.byteCount)
        let delta = plain[(12 + count * 32)...]
        guard Int64(chunks.count + count) == new / unit, Int64(delta.count) == new - max(offset, segment) else {
            return false
        }
        tail = segment > offset ? Array(delta) : tail + delta
        // All bytes of the upload are in whole segments, the last one included, when it is complete.
        if new == declaration.byteCount { tail = [] }
        chunks += fresh
        offset = new
        return true
    }
}

extension UploadJournal {
    /// Where the segments end that are written to the data file when `offset` bytes are here. The last segment of the
    /// object is whole when the object is.
    static func lastWholeSegmentEnd(before offset: Int64, of byteCount: Int64) -> Int64 {
        let unit = Int64(SealedForm.segmentByteCount)
        return offset == byteCount ? offset : offset / unit * unit
    }
}

extension UploadDeclaration {
    var json: JSON {
        [
            "byteCount": .integer(byteCount), "created": .integer(created.milliseconds),
            "expires": .integer(expires.milliseconds), "metadata": .string(metadata.text),
            "owner": .string("\(owner)"),
        ]
    }

    init?(json bytes: [UInt8]) {
        guard let json = try? JSON(canonical: bytes), let byteCount = json["byteCount"]?.integer,
            (0...SealedForm.largest).contains(byteCount), let created = json["created"]?.integer,
            let expires = json["expires"]?.integer,
            let metadata = json["metadata"]?.string.flatMap(UploadMetadata.init),
            let owner = json["owner"]?.string.flatMap(ThreadTag.init)
        else { return nil }
        self.init(
            byteCount: byteCount, owner: owner, metadata: metadata, created: Instant(milliseconds: created),
            expires: Instant(milliseconds: expires))
    }
}
